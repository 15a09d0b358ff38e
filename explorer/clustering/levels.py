"""Groups clusters into a few broad ones and splits them into many fine ones, along HDBSCAN's tree.

It names nothing and places nothing; a level is a labelling of the rows, the broadest first, the clusters among them.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from explorer.clustering.linkage import Pruned, Tree, cut, prune
from explorer.types import NOISE, FloatArray, IntArray

BROADEST = 5
STEP = 3
"""Broad levels have about 5, 15, 45, … groups, each three times as many as the one before."""
FINEST = 400
LEAST_SIZE = 3
LEAST_COUNT = 4
"""Fewer clusters need no broader names."""
_APART = 1.3
"""A level is worth having when it has so many times the groups of the one before."""


def name_levels(points: FloatArray, tree: Tree, pruned: Pruned, labels: IntArray, *, epsilon: float) -> IntArray:
    """Return int32 (levels, n): labels of each level's groups from 0, -1 for none, the broadest level first.

    One of the levels is *labels* themselves, which came from *pruned*.  Broader ones join clusters where HDBSCAN's
    condensed tree does: the k groups are its leaves when it is pruned until about k are left; a cluster in a branch
    too small for that joins the group that has the cluster nearest to it.  A finer one has the leaves of the tree
    pruned to a smaller size, about STEP times as many as there are clusters, at most FINEST.
    Source: Stuetzle 2003, Estimating the cluster tree of a density by analyzing the minimal spanning tree of a
    sample, section "runt pruning".
    """
    count = int(labels.max(initial=NOISE)) + 1
    if count == 0:
        return np.zeros((0, len(labels)), np.int32)
    levels: list[IntArray] = []
    if count >= LEAST_COUNT:
        branches, near = _Branches.of(pruned, labels, count), _distances(points, labels, count)
        for target in broad_targets(count):
            group = _all_joined(branches.joined(target), near, labels)
            groups = int(group.max()) + 1
            if is_apart(groups, count) and is_apart(_count(levels[-1:]), groups):
                levels.append(np.where(labels >= 0, group[labels], NOISE).astype(np.int32))
    levels.append(labels)
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


def _distances(points: FloatArray, labels: IntArray, count: int) -> FloatArray:
    """Return the distances between the middles of the clusters, float32 (count, count)."""
    member = labels >= 0
    sizes = np.bincount(labels[member], minlength=count)
    axes = [
        np.bincount(labels[member], weights=points[member, axis], minlength=count) for axis in range(points.shape[1])
    ]
    middles = np.stack(axes, axis=1) / sizes[:, None]
    return np.asarray(np.linalg.norm(middles[:, None] - middles[None], axis=2), np.float32)


def _all_joined(group: IntArray, near: FloatArray, labels: IntArray) -> IntArray:
    """Return the groups with the clusters of none in the group of the nearest one that has one; numbered by size."""
    joined = np.flatnonzero(group >= 0)
    full = group[joined[near[:, joined].argmin(axis=1)]]
    full[joined] = group[joined]
    sizes = np.bincount(full, weights=np.bincount(labels[labels >= 0], minlength=len(full)))
    number = np.empty(len(sizes), np.int32)
    number[np.argsort(-sizes, kind="stable")] = np.arange(len(sizes), dtype=np.int32)
    return np.asarray(number[full], np.int32)


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


def _largest_drop(runts: list[int], target: int) -> int:
    """Return how many groups to make, from 0.6 of *target* to it: where the sizes of splits, descending, drop most."""
    most = min(target, len(runts) + 1)
    least = min(most, max(2, math.ceil(0.6 * target)))
    following = [*runts, 1]
    drops = {groups: runts[groups - 2] / max(1, following[groups - 1]) for groups in range(least, most + 1)}
    return max(drops, key=lambda groups: (drops[groups], groups))


class _Branches:
    """The condensed tree above the clusters: each branch is a cluster or splits in two branches."""

    def __init__(
        self, splits: dict[int, list[int]], cluster: dict[int, int], weight: dict[int, int], root: int
    ) -> None:
        self._splits, self._cluster, self._weight, self._root = splits, cluster, weight, root

    @classmethod
    def of(cls, pruned: Pruned, labels: IntArray, count: int) -> _Branches:
        edges = pruned.edges
        root = int(edges["parent"].min())
        cluster = _clusters_of_branches(pruned, labels)
        inner = edges[edges["child"] >= root]
        splits: dict[int, list[int]] = {}
        for parent, child in zip(inner["parent"].tolist(), inner["child"].tolist(), strict=True):
            if parent not in cluster:
                splits.setdefault(parent, []).append(child)
        sizes = np.bincount(labels[labels >= 0], minlength=count)
        weight = {node: int(sizes[label]) for node, label in cluster.items()}
        for parent in sorted(splits, reverse=True):
            weight[parent] = sum(weight.get(child, 0) for child in splits[parent])
        return cls(splits, cluster, weight, root)

    def joined(self, target: int) -> IntArray:
        """Return each cluster's group, int32 (count,), for *target* groups at most; -1 for one too small for any."""
        largest_first = sorted(self._splits, key=lambda node: (-self._runt(node), node))  # of equals the one above
        kept = _largest_drop([self._runt(node) for node in largest_first], target) - 1
        group = np.full(max(self._cluster.values(), default=NOISE) + 1, NOISE, np.int32)
        for number, head in enumerate(self._heads(set(largest_first[:kept]))):
            group[self._below(head)] = number
        return group

    def _runt(self, node: int) -> int:
        sides = [self._weight.get(child, 0) for child in self._splits[node]]
        return min(sides) if len(sides) > 1 else 0

    def _heads(self, kept: set[int]) -> list[int]:
        """Return the leaves of the tree in which only the *kept* splits count; at others the lighter side falls off."""
        above = set(kept)
        for node in sorted(self._splits, reverse=True):
            if not above.isdisjoint(self._splits[node]):
                above.add(node)
        heads: list[int] = []
        waiting = [self._root]
        while waiting:
            node = waiting.pop()
            if node in kept:
                waiting += self._splits[node]
            elif node in above:
                waiting += [child for child in self._splits[node] if child in above]
            else:
                heads.append(node)
        return heads

    def _below(self, head: int) -> list[int]:
        """Return the clusters in a branch."""
        found: list[int] = []
        waiting = [head]
        while waiting:
            node = waiting.pop()
            if node in self._cluster:
                found.append(self._cluster[node])
            waiting += self._splits.get(node, ())
        return found


def _clusters_of_branches(pruned: Pruned, labels: IntArray) -> dict[int, int]:
    """Return the cluster of every branch of the condensed tree whose rows are all of one cluster."""
    edges = pruned.edges
    root = int(edges["parent"].min())
    branches = int(edges["parent"].max()) - root + 1
    rows = edges[edges["child"] < root]
    low = np.full(branches, np.iinfo(np.int64).max)
    high = np.full(branches, np.iinfo(np.int64).min)
    np.minimum.at(low, rows["parent"] - root, labels[rows["child"]])
    np.maximum.at(high, rows["parent"] - root, labels[rows["child"]])
    inner = edges[edges["child"] >= root]
    order = np.argsort(-inner["child"], kind="stable")  # children have higher numbers than their parents
    for parent, child in zip(
        (inner["parent"][order] - root).tolist(), (inner["child"][order] - root).tolist(), strict=True
    ):
        low[parent], high[parent] = min(low[parent], low[child]), max(high[parent], high[child])
    pure = np.flatnonzero((low == high) & (low >= 0))
    return {int(branch) + root: int(low[branch]) for branch in pure}
