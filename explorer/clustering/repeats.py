"""Says how sure clusters are: how often each comes back, and each row stays with it, in ten repeats.

A repeat clusters 90 % of the rows again, drawn anew each time, and communities with another seed too.  The layout that
HDBSCAN looks at stays what it is: laying it out ten times would take minutes.  It changes no cluster.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from explorer.clustering.communities import Ladder, core, sampled, sampled_steps
from explorer.clustering.kinship import Kinship
from explorer.clustering.labels import best_labels, in_one_place, joined_labels, renumbered
from explorer.clustering.linkage import Tree, prune, single_linkage
from explorer.clustering.resampling import Surroundings
from explorer.clustering.stability import adjusted_rand
from explorer.config import ClusterConfig
from explorer.types import NOISE, REPEATS, FloatArray, IntArray, Progress, Report, Sureness, frozen, silent

KEPT = 0.9
"""Share of the rows that a repeat clusters."""
ALIKE = 0.6
"""Jaccard index from which a cluster counts as found again: rows in both, over rows in either."""

AGREEING = 4
"""Samples by which it is said how much repeats agree with a setting."""
EXACT_ROWS = 10_000
"""Up to so many points the trees of samples are built from the points, in 0.2 s each."""

Made = TypeVar("Made")
Again = Callable[[NDArray[np.int64], int], IntArray | NDArray[np.int64]]


def repeat_density(
    points: FloatArray,
    labels: IntArray,
    config: ClusterConfig,
    *,
    seed: int,
    tree: Tree | None = None,
    kin: Kinship | None = None,
    progress: Report = silent,
) -> Sureness:
    """Return how sure the clusters of float32 (n, m) points are, found again by HDBSCAN in samples of them.

    Those of *kin* are found again among what of it is in the sample.  Otherwise, with the *tree* of more than
    EXACT_ROWS points, those of samples are estimated from it.  O(n·log n) each.
    """
    size = max(2, round((config.min_cluster_size or 5) * KEPT))
    trees = sample_trees(points, config.min_samples or size, tree, kin)

    def again(rows: NDArray[np.int64], _seed: int) -> IntArray | NDArray[np.int64]:
        if in_one_place(points[rows]):
            return np.zeros(len(rows), np.int64)
        made = trees(rows)
        if not len(made):
            return np.full(len(rows), NOISE)
        found = best_labels(prune(made, size))
        return joined_labels(points[rows], renumbered(found), config.groups) if config.groups else found

    return _repeated(labels, again, seed, progress)


def sample_trees(
    points: FloatArray, min_samples: int, tree: Tree | None, kin: Kinship | None = None
) -> Callable[[NDArray[np.int64]], Tree]:
    """Return what builds the tree of a sample of rows."""
    if kin is not None:
        return kin.trees(min_samples)
    if tree is None or len(points) <= EXACT_ROWS or not len(tree):
        return lambda rows: single_linkage(points[rows], min_samples)
    around = Surroundings.of(points, min_samples, tree)
    return lambda rows: around.sampled(rows, min_samples)


def repeat_communities(
    ladder: Ladder, labels: IntArray, config: ClusterConfig, *, seed: int, progress: Report = silent
) -> Sureness:
    """Return how sure communities are, found again in the graph of a sample of its rows: 10 s for 100,000."""

    def again(rows: NDArray[np.int64], drawn: int) -> IntArray:
        if not ladder.copies.any():
            return np.zeros(len(rows), np.int32)
        return core(sampled(ladder, rows, config.detail, seed=drawn), 0)[0]

    return _repeated(labels, again, seed, progress)


def agree_density(
    points: FloatArray,
    cuts: IntArray,
    sizes: Sequence[int],
    min_samples: int,
    *,
    seed: int,
    tree: Tree | None = None,
    kin: Kinship | None = None,
    progress: Report = silent,
) -> NDArray[np.float64]:
    """Return how much repeats agree with each of the *cuts* (sizes, n) of a tree, float64 (sizes,).

    That is the mean adjusted Rand index over AGREEING samples, rows in no cluster a group.
    """
    trees = sample_trees(points, min_samples, tree, kin)

    def one(repeat: int) -> list[float]:
        rows, _ = sample_of(len(points), seed, repeat)
        made = trees(rows)
        found = [best_labels(prune(made, max(2, round(size * KEPT)))) for size in sizes]
        return [adjusted_rand(cut[rows], labels) for cut, labels in zip(cuts, found, strict=True)]

    return _mean(one, len(sizes), progress)


def agree_communities(ladder: Ladder, cuts: IntArray, *, seed: int, progress: Report = silent) -> NDArray[np.float64]:
    """Return the same of the *cuts* of communities, the fewest first; repeats have other seeds too."""

    def one(repeat: int) -> list[float]:
        rows, drawn = sample_of(ladder.steps.shape[1], seed, repeat)
        found = {at: core(step, 0)[0] for at, step in sampled_steps(ladder, rows, seed=drawn)}
        return [adjusted_rand(cut[rows], found[at]) for at, cut in enumerate(cuts, 1)]

    return _mean(one, len(cuts), progress)


def _mean(one: Callable[[int], list[float]], settings: int, progress: Report) -> NDArray[np.float64]:
    agreed = list(side_by_side(one, AGREEING if settings else 0, progress))
    return np.mean(agreed, axis=0) if agreed else np.zeros(0)


def _repeated(labels: IntArray, again: Again, seed: int, progress: Report) -> Sureness:
    """Return how often clusters and rows come back; *again* labels the given rows, with a seed.

    On all cores, as far as *again* lets go of Python's lock; what comes of it does not depend on their number.
    """
    n, count = len(labels), int(labels.max(initial=NOISE)) + 1
    back, stayed, drawn = np.zeros(count, np.int32), np.zeros(n), np.zeros(n)

    def one(repeat: int) -> tuple[NDArray[np.int64], NDArray[np.bool_], NDArray[np.bool_]]:
        rows, drawn_seed = sample_of(n, seed, repeat)
        found, own = again(rows, drawn_seed), labels[rows]
        alike, best = _best(own, found, count)
        stays = np.where(own == NOISE, found == NOISE, (found != NOISE) & (found == best[own]))
        return rows, alike >= ALIKE, stays

    for rows, came_back, stays in side_by_side(one, REPEATS if count else 0, progress):
        back += came_back
        drawn[rows] += 1
        stayed[rows] += stays
    rate = np.divide(stayed, drawn, out=np.zeros(n), where=drawn > 0)
    return Sureness(frozen(back), frozen(rate.astype(np.float32)))


def sample_of(n: int, seed: int, repeat: int) -> tuple[NDArray[np.int64], int]:
    """Return the rows of a repeat, ascending, and its seed."""
    rng = np.random.default_rng((seed, repeat))
    rows = np.sort(rng.permutation(n)[: max(1, round(KEPT * n))])
    return rows, int(rng.integers(2**31))


def side_by_side(one: Callable[[int], Made], repeats: int, progress: Report) -> Iterator[Made]:
    """Yield what *one* returns for each repeat, in their order; what *progress* raises stops it after those at work."""
    pool = ThreadPoolExecutor(os.cpu_count())
    try:
        waiting = [pool.submit(one, repeat) for repeat in range(repeats)]
        for repeat, made in enumerate(waiting):
            progress(Progress("sureness", repeat, repeats))
            yield made.result()
    finally:
        pool.shutdown(cancel_futures=True)


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
