"""Says how sure clusters are: how often each comes back, and each row stays with it, in ten repeats.

A repeat clusters 90 % of the rows again, drawn anew each time, and communities with another seed too.  The layout that
HDBSCAN looks at stays what it is: laying it out ten times would take minutes.  It changes no cluster.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from explorer.clustering.communities import Ladder, core, sampled
from explorer.clustering.labels import best_cut, in_one_place
from explorer.clustering.linkage import prune, single_linkage
from explorer.config import ClusterConfig
from explorer.types import NOISE, REPEATS, FloatArray, IntArray, Progress, Report, Sureness, frozen, silent

KEPT = 0.9
"""Share of the rows that a repeat clusters."""
ALIKE = 0.6
"""Jaccard index from which a cluster counts as found again: rows in both, over rows in either."""

Again = Callable[[NDArray[np.int64], int], IntArray | NDArray[np.int64]]


def repeat_density(
    points: FloatArray, labels: IntArray, config: ClusterConfig, *, seed: int, progress: Report = silent
) -> Sureness:
    """Return how sure the clusters of float32 (n, m) points are, found again by HDBSCAN in samples of them.

    O(n·log n) each.
    """
    size = max(2, round((config.min_cluster_size or 5) * KEPT))

    def again(rows: NDArray[np.int64], _seed: int) -> NDArray[np.int64]:
        if in_one_place(points[rows]):
            return np.zeros(len(rows), np.int64)
        tree = single_linkage(points[rows], config.min_samples or size)
        return best_cut(prune(tree, size)).labels if len(tree) else np.full(len(rows), NOISE)

    return _repeated(labels, again, seed, progress)


def repeat_communities(
    ladder: Ladder, labels: IntArray, config: ClusterConfig, *, seed: int, progress: Report = silent
) -> Sureness:
    """Return how sure communities are, found again in the graph of a sample of its rows: 20 s for 100,000."""

    def again(rows: NDArray[np.int64], drawn: int) -> IntArray:
        if not ladder.copies.any():
            return np.zeros(len(rows), np.int32)
        return core(sampled(ladder, rows, config.detail, seed=drawn), 0)[0]

    return _repeated(labels, again, seed, progress)


def _repeated(labels: IntArray, again: Again, seed: int, progress: Report) -> Sureness:
    """Return how often clusters and rows come back; *again* labels the given rows, with a seed."""
    n, count = len(labels), int(labels.max(initial=NOISE)) + 1
    back, stayed, drawn = np.zeros(count, np.int32), np.zeros(n), np.zeros(n)
    for repeat in range(REPEATS if count else 0):
        progress(Progress("sureness", repeat, REPEATS))
        rng = np.random.default_rng((seed, repeat))
        rows = np.sort(rng.permutation(n)[: max(1, round(KEPT * n))])
        found, own = again(rows, int(rng.integers(2**31))), labels[rows]
        alike, best = _best(own, found, count)
        back += alike >= ALIKE
        drawn[rows] += 1
        stayed[rows] += np.where(own == NOISE, found == NOISE, (found != NOISE) & (found == best[own]))
    rate = np.divide(stayed, drawn, out=np.zeros(n), where=drawn > 0)
    return Sureness(frozen(back), frozen(rate.astype(np.float32)))


def _best(
    own: IntArray, found: IntArray | NDArray[np.int64], count: int
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Return the largest Jaccard index of each cluster with a group found, and that group, -1 for none."""
    width = int(found.max(initial=NOISE)) + 1
    alike, best = np.zeros(count), np.full(count, NOISE, np.int64)
    both = (own != NOISE) & (found != NOISE)
    if not width or not both.any():
        return alike, best
    pairs, shared = np.unique(own[both].astype(np.int64) * width + found[both], return_counts=True)
    cluster, group = pairs // width, pairs % width
    sizes = np.bincount(own[own != NOISE], minlength=count), np.bincount(found[found != NOISE], minlength=width)
    jaccard = shared / (sizes[0][cluster] + sizes[1][group] - shared)
    order = np.lexsort((-group, jaccard))  # of equal ones the larger group comes last
    alike[cluster[order]], best[cluster[order]] = jaccard[order], group[order]
    return alike, best
