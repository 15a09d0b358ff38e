"""Joins clusters to a few broad groups, and splits them into many fine ones along HDBSCAN's tree.

It names nothing and places nothing; a level is a labelling of the rows, the broadest first, the clusters among them.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from explorer.clustering.agglomerating import merged, together
from explorer.clustering.linkage import Pruned, Tree, cut, prune
from explorer.types import NOISE, FloatArray, IntArray

BROADEST = 5
STEP = 3
"""Broad levels have about 5, 15, 45, … groups, each three times as many as the one before."""
FINEST = 400
LEAST_SIZE = 3
LEAST_JOINED = 3
LEAST_COUNT = 4
"""Fewer clusters need no broader names."""
_APART = 1.3
"""A level is worth having when it has so many times the groups of the one before."""


def joins_of(points: FloatArray, labels: IntArray, targets: Sequence[int], *, exactly: bool = True) -> list[IntArray]:
    """Return *labels*, numbered by size, joined into so many groups each, int32 (n,), numbered by size too.

    Those clusters are joined first that lose least by it: by Ward's method on the middles of the clusters among float32
    (n, m) points, each counting as much as it has rows.  Rows in none stay in none.  Not *exactly*: into fewer groups
    where these lie farther apart.
    Source: Ward 1963, Hierarchical grouping to optimize an objective function.
    """
    count = int(labels.max(initial=NOISE)) + 1
    if count < LEAST_JOINED:
        return [labels for _ in targets]
    merges = merged(*_middles(points, labels, count))
    costs = [cost for cost, _, _ in merges]
    found = []
    for target in targets:
        groups = target if exactly else _farthest_apart(costs, target)
        found.append(labels if groups >= count else _grouped(labels, together(merges, count, groups)))
    return found


def _middles(points: FloatArray, labels: IntArray, count: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the middles of the clusters, float64 (count, m), and how many rows each has."""
    member = labels >= 0
    sizes = np.bincount(labels[member], minlength=count).astype(np.float64)
    axes = [np.bincount(labels[member], weights=axis[member], minlength=count) for axis in points.T]
    return np.stack(axes, axis=1) / sizes[:, None], sizes


def _grouped(labels: IntArray, group: IntArray) -> IntArray:
    """Return the labels of clusters as those of their groups, numbered by size."""
    sizes = np.bincount(group, weights=np.bincount(labels[labels >= 0], minlength=len(group)))
    number = np.empty(len(sizes), np.int32)
    number[np.argsort(-sizes, kind="stable")] = np.arange(len(sizes), dtype=np.int32)
    return np.where(labels >= 0, number[group][labels], NOISE).astype(np.int32)


def _farthest_apart(costs: Sequence[float], target: int) -> int:
    """Return how many groups to make, from 0.6 of *target* to it: where joining two more costs most times as much.

    *costs* are those of all joins, ascending.
    """
    count = len(costs) + 1
    most = min(target, count)
    least = min(most, max(2, math.ceil(0.6 * target)))
    tiny = np.finfo(np.float64).tiny

    def jump(groups: int) -> float:
        before = costs[count - groups - 1] if groups < count else 0.0
        return costs[count - groups] / max(before, tiny)

    return max(range(least, most + 1), key=lambda groups: (jump(groups), groups))


def name_levels(
    points: FloatArray, tree: Tree, pruned: Pruned, labels: IntArray, *, epsilon: float, joined: IntArray | None = None
) -> IntArray:
    """Return int32 (levels, n): labels of each level's groups from 0, -1 for none, the broadest level first.

    One of the levels is *labels* themselves, which came from *pruned*, or what they were *joined* to; then these are
    the finer one.  Broader ones are the clusters joined to about so many groups, see `joins_of`.  A finer one has the
    leaves of HDBSCAN's tree pruned to a smaller size, about STEP times as many as there are clusters, at most FINEST.
    """
    shown = labels if joined is None else joined
    count = int(shown.max(initial=NOISE)) + 1
    if count == 0:
        return np.zeros((0, len(labels)), np.int32)
    levels: list[IntArray] = []
    if count >= LEAST_COUNT:
        for level in joins_of(points, labels, broad_targets(count), exactly=False):
            groups = _count([level])
            if is_apart(groups, count) and is_apart(_count(levels[-1:]), groups):
                levels.append(level)
    levels.append(shown)
    if joined is not None and is_apart(count, _count([labels])):
        return np.stack([*levels, labels])
    fine = _finer(tree, pruned, count, epsilon=epsilon)
    if fine is not None:
        levels.append(fine)
    return np.stack(levels)


def broad_targets(count: int) -> list[int]:
    """Return how many groups the levels broader than *count* clusters have: 5, 15, 45, … well below it."""
    targets = [min(BROADEST, count // 2)] if count >= LEAST_COUNT else []
    while targets and targets[-1] * STEP * _APART <= count:
        targets.append(targets[-1] * STEP)
    return [target for target in targets if target * _APART <= count]


def finer_target(count: int) -> int:
    """Return how many groups the level finer than *count* clusters may have."""
    return min(STEP * count, max(FINEST, round(count * _APART)))


def is_apart(broad: int, fine: int) -> bool:
    """Whether a level of *fine* groups is worth having beside one of *broad* groups."""
    return broad * _APART <= fine


def _count(levels: list[IntArray]) -> int:
    """Return how many groups the level has; 1, the whole, when there is none."""
    return int(levels[0].max(initial=NOISE)) + 1 if levels else 1


def _finer(tree: Tree, pruned: Pruned, count: int, *, epsilon: float) -> IntArray | None:
    """Return the labels of a level with about STEP times *count* groups, or None when the tree has no finer ones."""
    below = np.where(
        tree[:, :2] > len(tree), tree[np.clip(tree[:, :2].astype(np.int64) - len(tree) - 1, 0, None), 3], 1
    )
    size = max(LEAST_SIZE, _pruning(below.min(axis=1).astype(np.int64), finer_target(count)))
    size = min(size, pruned.size)
    labels = cut(prune(tree, size), epsilon=epsilon, leaves=True).labels.astype(np.int32)
    return labels if is_apart(count, int(labels.max(initial=NOISE)) + 1) else None


def _pruning(runts: list[int] | NDArray[np.int64], target: int) -> int:
    """Return the smallest size that, when smaller branches are pruned, leaves at most *target* leaves.

    A tree has a leaf more than it has splits; *runts* are the sizes of the smaller side of each.
    """
    descending = np.sort(np.asarray(runts, np.int64))[::-1]
    if len(descending) < target:
        return 1
    return int(descending[target - 1]) + 1
