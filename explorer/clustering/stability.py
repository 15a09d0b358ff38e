"""Sweeps how coarse clusters are, over one tree: clusters, noise, how much changes in between.

It needs no points and recomputes no tree; min_samples is the tree's.  It recommends nothing: a person picks.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from explorer.clustering.communities import Ladder, core
from explorer.clustering.labels import best_labels, renumbered
from explorer.clustering.levels import LEAST_JOINED, joins_of
from explorer.clustering.linkage import Tree, prune
from explorer.config import MOST_DETAIL, default_min_cluster_size
from explorer.types import NOISE, FloatArray, IntArray, Progress, Report, silent

SETTINGS, JOINS = 20, 10
Labels: TypeAlias = NDArray[np.int64] | IntArray


@dataclass(frozen=True)
class Detail:
    """What one detail of communities gives, as `Setting` says of a min_cluster_size."""

    detail: int
    clusters: int
    noise: float
    agreement: float | None


@dataclass(frozen=True)
class Setting:
    """What one min_cluster_size gives: clusters, share of noise 0…1, adjusted Rand index to the setting before.

    *agreement* is None for the first; noise counts as one more group in it.
    """

    min_cluster_size: int
    clusters: int
    noise: float
    agreement: float | None


@dataclass(frozen=True)
class Joining:
    """What joining the usual clusters into at most so many *groups* gives."""

    groups: int
    clusters: int
    noise: float


def settings_for(n: int) -> list[int]:
    """Return up to 20 smallest-cluster sizes for *n* rows, ascending, evenly spread by ratio; the default is one.

    They reach from a tenth of the default to 20 times it, at most a tenth of the rows.
    """
    default = default_min_cluster_size(n)
    most = max(2, n // 2)
    low = max(2, default // 10)
    high = min(most, max(low + SETTINGS - 1, min(n // 10, 20 * default)))
    sizes: list[int] = []
    for wanted in np.geomspace(low, max(low, high), SETTINGS):
        sizes.append(max(round(float(wanted)), sizes[-1] + 1 if sizes else low))
    sizes = [size for size in sizes if size <= most]
    if default <= most and default not in sizes:
        sizes[int(np.argmin([abs(np.log(size / default)) for size in sizes]))] = default
    return sizes


def cuts_of_tree(tree: Tree, sizes: list[int], *, progress: Report = silent) -> IntArray:
    """Return the labels that each of *sizes*, ascending, gives, int32 (sizes, n): those of a run with that setting.

    O(sizes·n): 20 settings of 50,000 rows take 3 s.  An empty tree has none, (0, 0).
    """
    tried = sizes if len(tree) else []
    return _stacked([renumbered(best_labels(prune(tree, size))) for size in _told(tried, progress)])


def groups_for(count: int) -> list[int]:
    """Return into how many groups *count* clusters may be joined: up to ten numbers, ascending, spread by ratio."""
    if count < LEAST_JOINED:
        return []
    return sorted({round(float(wanted)) for wanted in np.geomspace(2, count - 1, JOINS)})


def joins_of_tree(tree: Tree, points: FloatArray, size: int) -> tuple[list[int], IntArray]:
    """Return into how many groups the clusters of at least *size* rows can be joined, and the labels of each.

    int32 (groups, n), the fewest first.  O(n) each, and the clusters squared.
    """
    if not len(tree):
        return [], np.zeros((0, 0), np.int32)
    labels = renumbered(best_labels(prune(tree, size)))
    groups = groups_for(int(labels.max(initial=NOISE)) + 1)
    return groups, _stacked(joins_of(points, labels, groups))


def cuts_of_ladder(ladder: Ladder, *, progress: Report = silent) -> IntArray:
    """Return the labels that each detail of communities gives, the fewest first, int32 (MOST_DETAIL, n).

    O(edges) each: 1.3 s for 100,000 rows.  Rows without a graph, or all in one place, have none, (0, 0).
    """
    whole = ladder.edges is None or not ladder.steps[-1].any()
    tried = [] if whole else list(range(MOST_DETAIL))
    return _stacked([core(ladder, step)[0] for step in _told(tried, progress)])


def _stacked(cuts: list[IntArray]) -> IntArray:
    return np.stack(cuts) if cuts else np.zeros((0, 0), np.int32)


def _told(tried: list[int], progress: Report) -> Iterator[int]:
    for done, setting in enumerate(tried):
        progress(Progress("sweep", done, len(tried)))
        yield setting


def sweep(tree: Tree, sizes: list[int], *, progress: Report = silent) -> list[Setting]:
    """Return what each of *sizes*, ascending, gives; an empty tree gives nothing."""
    return told_sizes(sizes, cuts_of_tree(tree, sizes, progress=progress))


def sweep_details(ladder: Ladder, *, progress: Report = silent) -> list[Detail]:
    """Return what each detail of communities gives, the fewest first; nothing where there is nothing to cut."""
    return told_details(cuts_of_ladder(ladder, progress=progress))


def told_sizes(sizes: list[int], cuts: IntArray) -> list[Setting]:
    """Return what there is to say of the labels that `cuts_of_tree` returned."""
    return [Setting(size, *facts) for size, facts in zip(sizes, _facts(cuts), strict=False)]


def told_joins(groups: list[int], cuts: IntArray) -> list[Joining]:
    """Return what there is to say of the labels that `joins_of_tree` returned."""
    facts = _facts(cuts)
    return [Joining(most, clusters, noise) for most, (clusters, noise, _) in zip(groups, facts, strict=True)]


def told_details(cuts: IntArray) -> list[Detail]:
    """Return what there is to say of the labels that `cuts_of_ladder` returned."""
    return [Detail(detail, *facts) for detail, facts in enumerate(_facts(cuts), 1)]


def _facts(cuts: IntArray) -> Iterator[tuple[int, float, float | None]]:
    """Yield of each setting its clusters, its share of noise and its agreement with the one before."""
    for at, labels in enumerate(cuts):
        agreement = adjusted_rand(cuts[at - 1], labels) if at else None
        yield int(labels.max(initial=NOISE)) + 1, float((labels == NOISE).mean()), agreement


def adjusted_rand(a: Labels, b: Labels) -> float:
    """Return the adjusted Rand index of two labellings of the same rows: 1 for the same groups, about 0 by chance.

    -1 is a group like any other.  Source: Hubert & Arabie 1985, Comparing partitions.
    """
    n = len(a)
    width = int(b.max(initial=NOISE)) + 2
    both = np.unique((a.astype(np.int64) + 1) * width + b + 1, return_counts=True)[1]
    of_a, of_b = np.bincount(a + 1), np.bincount(b + 1)
    pairs, in_a, in_b = _pairs(both), _pairs(of_a), _pairs(of_b)
    expected = in_a * in_b / max(n * (n - 1) / 2, 1)
    most = (in_a + in_b) / 2
    return 1.0 if most == expected else float((pairs - expected) / (most - expected))


def _pairs(counts: NDArray[np.int64]) -> float:
    return float((counts.astype(np.float64) * (counts - 1) / 2).sum())
