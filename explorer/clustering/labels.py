"""Finds groups among points with HDBSCAN and numbers them by size, 0 the largest, -1 noise.

It neither chooses the space that it is given (the map, or one made of the graph of neighbours) nor names what it finds.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from explorer.clustering.levels import joins_of, name_levels
from explorer.clustering.likeness import without_strangers
from explorer.clustering.linkage import (
    LEAST_ROWS,
    Cut,
    Pruned,
    Tree,
    cut,
    labels_of,
    prune,
    single_linkage,
    without_clumps,
)
from explorer.clustering.membership import soft_membership
from explorer.config import CPU_ENGINE, ClusterConfig
from explorer.engines import engine_of
from explorer.types import NOISE, Clustering, FloatArray, IntArray, Progress, Report, frozen, silent

SAME_PLACE = 0.05
"""Extent below which all points lie in one place: maps and reduced spaces are several units wide."""

ONE_THING = 0.02
"""Distance below which nothing is split: copies of one vector lie closer, maps and their groups are coarser."""

FEW_CLUSTERS = 3
"""Fewer clusters than this, and noise: perhaps it is one thing with a few strays."""


def linkage_tree(points: FloatArray, min_samples: int, *, engine: str = CPU_ENGINE) -> Tree:
    """Return the tree that `cluster` cuts; empty when there is nothing to cut: few points, or all in one place."""
    if len(points) < LEAST_ROWS or in_one_place(points):
        return np.zeros((0, 4))
    join = single_linkage if engine == CPU_ENGINE else engine_of(engine).single_linkage
    return join(points, min_samples)


def cluster(
    points: FloatArray,
    config: ClusterConfig,
    *,
    tree: Tree | None = None,
    apart: FloatArray | None = None,
    progress: Report = silent,
) -> Clustering:
    """Return the groups of float32 (n, m) points; *config* is resolved, *tree* is their `linkage_tree`, if at hand.

    Of few rows *apart*, float64 (n, n), is how far apart they are in truth: groups of rows that have nothing in common
    are none; see `without_strangers`.

    Points all in one place are one cluster.  Fewer points than min_cluster_size hold no cluster of that size:
    they are all noise, and the method says so.  About O(n·log n): 5 s for 100,000 points, 1 s with the tree.
    """
    n = len(points)
    size = config.min_cluster_size or 5
    progress(Progress("cluster", 0, n))
    if n > 1 and in_one_place(points):
        made = Clustering(frozen(np.zeros(n, np.int32)), frozen(np.ones(n, np.float32)), "one place")
    elif n < size or n < LEAST_ROWS:
        method = f"none: {n} rows are fewer than a cluster's {size}"
        made = Clustering(frozen(np.full(n, NOISE, np.int32)), frozen(np.zeros(n, np.float32)), method)
    else:
        if tree is None:
            tree = single_linkage(points, config.min_samples or size)
        pruned = prune(tree, size)
        found = best_cut(pruned)
        own = renumbered(found.labels)
        labels = joined_labels(points, own, config.groups)
        belongs, nearest = soft_membership(points, labels, found)
        strength = np.nan_to_num(found.strength).astype(np.float32)
        levels = name_levels(points, tree, pruned, own, epsilon=ONE_THING, joined=None if labels is own else labels)
        made = Clustering(
            frozen(labels), frozen(strength), "hdbscan", frozen(belongs), frozen(nearest), levels=frozen(levels)
        )
        if apart is not None:
            made = _alike_only(made, points, found, apart)
    progress(Progress("cluster", n, n))
    return made


def _alike_only(made: Clustering, points: FloatArray, found: Cut, apart: FloatArray) -> Clustering:
    """Return a clustering without the groups of rows that have nothing in common."""
    labels = renumbered(without_strangers(made.labels, apart))
    if (labels == NOISE).sum() == (made.labels == NOISE).sum():
        return made
    strength = frozen(np.where(labels == NOISE, np.float32(0), made.strength))
    if not (labels >= 0).any():
        return Clustering(frozen(labels), strength, made.method)
    belongs, nearest = soft_membership(points, labels, found)
    return replace(
        made,
        labels=frozen(labels),
        strength=strength,
        belongs=frozen(belongs),
        nearest=frozen(nearest),
        levels=frozen(labels[None].copy()),
    )


def best_cut(pruned: Pruned) -> Cut:
    """Cut the tree; where that finds next to nothing, ask again whether most points are copies of one thing.

    By itself HDBSCAN never calls the whole a cluster, and tears such copies to shreds.  Allowed a single cluster, it
    keeps in it only what lies closer than ONE_THING.
    """
    first = cut(pruned, epsilon=ONE_THING)
    found = _whole_instead(pruned, first.labels) or first
    labels = without_clumps(pruned, found.labels, nearest=ONE_THING)
    return replace(found, labels=labels, strength=np.where(labels == NOISE, 0.0, found.strength))


def best_labels(pruned: Pruned) -> NDArray[np.int64]:
    """Return the labels of `best_cut` alone, in a fraction of its time."""
    first = labels_of(pruned, epsilon=ONE_THING)
    again = _whole_instead(pruned, first)
    return without_clumps(pruned, first if again is None else again.labels, nearest=ONE_THING)


def joined_labels(points: FloatArray, labels: IntArray, groups: int | None) -> IntArray:
    """Return *labels*, which are numbered by size, joined into so many *groups*; None: as they are."""
    return labels if groups is None else joins_of(points, labels, [groups])[0]


def _whole_instead(pruned: Pruned, labels: NDArray[np.int64]) -> Cut | None:
    """Return the cut that may call the whole a cluster, where *labels* are next to nothing and it finds more."""
    noise = np.count_nonzero(labels == NOISE)
    if noise == 0 or labels.max() + 1 >= FEW_CLUSTERS:
        return None
    again = cut(pruned, epsilon=ONE_THING, single=True)
    return again if np.count_nonzero(again.labels == NOISE) < noise else None


def in_one_place(points: FloatArray) -> bool:
    """Whether all points lie closer together than SAME_PLACE along every axis."""
    return float(np.ptp(points, axis=0).max(initial=0)) <= SAME_PLACE if len(points) else True


def renumbered(labels: NDArray[np.int_] | IntArray) -> IntArray:
    """Return int32 labels numbered by size, the largest 0; equal sizes by their first row; -1 stays."""
    names, first, sizes = np.unique(labels, return_index=True, return_counts=True)
    kept = names != NOISE
    names, first, sizes = names[kept], first[kept], sizes[kept]
    new = np.full(int(names.max(initial=NOISE)) + 2, NOISE, np.int32)
    new[names[np.lexsort((first, -sizes))]] = np.arange(len(names), dtype=np.int32)
    return np.asarray(new[labels], np.int32)


def warm_up() -> None:
    """Cluster a handful of points, so that the imports are behind us."""
    cluster(np.random.default_rng(0).normal(size=(40, 2)).astype(np.float32), ClusterConfig(5, 3, "map"))
