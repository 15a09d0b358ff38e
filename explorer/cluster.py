"""Finds groups among points with HDBSCAN and numbers them by size, 0 the largest, -1 noise.

It neither chooses the space that it is given (the map or a UMAP of its own) nor names what it finds.
"""

from __future__ import annotations

import warnings

import numpy as np
from numpy.typing import NDArray

from explorer.config import ClusterConfig
from explorer.types import NOISE, Clustering, FloatArray, IntArray, Progress, Report, frozen, silent

SAME_PLACE = 0.05
"""Extent below which all points lie in one place: maps and reduced spaces are several units wide."""

ONE_THING = 0.02
"""Distance below which nothing is split: copies of one vector lie closer, maps and their groups are coarser."""

FEW_CLUSTERS = 3
"""Fewer clusters than this, and noise: perhaps it is one thing with a few strays."""


def cluster(points: FloatArray, config: ClusterConfig, *, progress: Report = silent) -> Clustering:
    """Return the groups of float32 (n, m) points; *config* is resolved.  About O(n·log n), 5 s for 100,000 points.

    Points all in one place are one cluster.  Fewer points than min_cluster_size hold no cluster of that size:
    they are all noise, and the method says so.
    """
    n = len(points)
    size = config.min_cluster_size or 5
    progress(Progress("cluster", 0, n))
    if n > 1 and float(np.ptp(points, axis=0).max(initial=0)) <= SAME_PLACE:
        labels, strength, method = np.zeros(n, np.int32), np.ones(n, np.float32), "one place"
    elif n < size or n < 3:
        labels, strength = np.full(n, NOISE, np.int32), np.zeros(n, np.float32)
        method = f"none: {n} rows are fewer than a cluster's {size}"
    else:
        labels, strength = _grouped(points, size, min(config.min_samples or size, n - 1))
        method = "hdbscan"
    progress(Progress("cluster", n, n))
    labels = renumbered(labels)
    return Clustering(frozen(labels), frozen(strength), method)


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


def _grouped(points: FloatArray, size: int, samples: int) -> tuple[IntArray, FloatArray]:
    """Run HDBSCAN; where it finds next to nothing, ask again whether most points are copies of one thing.

    By itself it never calls the whole a cluster, and tears such copies to shreds.  Allowed a single cluster, it
    keeps in it only what lies closer than ONE_THING.
    """
    labels, strength = _hdbscan(points, size, samples)
    noise = np.count_nonzero(labels == NOISE)
    if noise == 0 or labels.max() + 1 >= FEW_CLUSTERS:
        return labels, strength
    again = _hdbscan(points, size, samples, single=True)
    return again if np.count_nonzero(again[0] == NOISE) < noise else (labels, strength)


def _hdbscan(
    points: FloatArray, size: int, samples: int, *, method: str = "eom", single: bool = False
) -> tuple[IntArray, FloatArray]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SyntaxWarning)
        import hdbscan
    found = hdbscan.HDBSCAN(
        min_cluster_size=max(2, size),
        min_samples=samples,
        core_dist_n_jobs=1,
        cluster_selection_method=method,
        allow_single_cluster=single,
        cluster_selection_epsilon=ONE_THING,
    ).fit(points.astype(np.float64))
    return found.labels_.astype(np.int32), np.nan_to_num(found.probabilities_).astype(np.float32)
