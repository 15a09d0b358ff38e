"""Finds groups in a graph of neighbours: Louvain's communities, joined from the finest to the fewest.

It lays nothing out and needs no points.  The communities of a step are made of whole communities of the step below, so
that broad ones hold fine ones; all steps are found at once, and any of them is then cut at once.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from explorer.clustering.labels import renumbered
from explorer.clustering.levels import broad_targets, finer_target, is_apart
from explorer.config import DEFAULT_DETAIL, MOST_DETAIL, ClusterConfig
from explorer.types import (
    NOISE,
    Clustering,
    FloatArray,
    IntArray,
    KnnGraph,
    Progress,
    Report,
    frozen,
    silent,
    sorted_unique,
)

LEAST_SIZE = 3
"""Fewer rows are no community."""

INSIDE = 0.6
"""A row belongs to a community that has at least this much of what rows of the step usually have of theirs, the median
share of a row's weight in the graph: near 1 at the default, less where communities are smaller than a row's neighbours.
Banking77 then has 4 % in no cluster, 2,000 of its rows 10 %, digits 5 % (HDBSCAN 10, 16 and 1 %)."""

_AT_DEFAULT, STEP, _ROWS_AT_MOST = 2.0, 1.6, 30
"""Louvain's resolution at DEFAULT_DETAIL, how many times as much it is one step finer, and how many rows there are at
least to one of resolution: with fewer most rows stay alone.  See docs/defaults.md."""

_SAME = 1e-6
"""Distance up to which rows count as copies of one thing, which is never split."""

_PRECISE = 1e-4
"""Gain of modularity below which Louvain stops; with its 1e-3 communities depend more on the seed."""


@dataclass(frozen=True)
class Ladder:
    """The communities of each step, and the graph that they were found in.

    *steps* int32 (MOST_DETAIL, n): the fewest first, labels from 0.  *edges*: scipy's CSR matrix (n, n); None for too
    few rows to have one.  *copies* int32 (n,): the same number for copies of a row.
    """

    steps: IntArray
    edges: Any
    copies: IntArray


def communities(knn: KnnGraph, edges: Any, *, seed: int | None, progress: Report = silent) -> Ladder:
    """Return the communities of n rows at every step, from *edges*, UMAP's graph of their neighbours *knn*.

    Louvain finds the finest; each broader step joins those of the step below.  Copies of a vector stay together.  The
    same rows in the same order give the same ones; with seed None every call differs.  O(edges): 3 s for 100,000 rows.
    Leiden, which refines each step, gives no better ones here (Banking77: adjusted Rand index to the intents .548 and
    .545, agreement of seeds .91 both), and the one of the library draws from C's rand(), so that calls differ.
    Source: Blondel et al. 2008, Fast unfolding of communities in large networks.
    """
    steps = np.zeros((MOST_DETAIL, len(knn.rows)), np.int32)
    steps[:] = copies = copies_of(knn)
    seed = int(np.random.default_rng().integers(2**32)) if seed is None else seed
    for detail, group in joining(edges, copies, seed=seed):
        progress(Progress("cluster", MOST_DETAIL - detail, MOST_DETAIL, note="small groups join into larger ones"))
        steps[detail - 1] = group
    return Ladder(frozen(steps), edges, frozen(copies))


def sampled(ladder: Ladder, rows: NDArray[np.int64], detail: int | None, *, seed: int) -> Ladder:
    """Return the communities at one detail in the graph of some rows alone, as a ladder of a single step."""
    wanted = detail or DEFAULT_DETAIL
    steps = sampled_steps(ladder, rows, seed=seed)
    return next((step for at, step in steps if at == wanted), _part(ladder, rows))


def sampled_steps(ladder: Ladder, rows: NDArray[np.int64], *, seed: int) -> Iterator[tuple[int, Ladder]]:
    """Yield each detail, the finest first, and the communities of some rows alone at it, as a ladder of that step."""
    part = _part(ladder, rows)
    for at, group in joining(part.edges, part.copies, seed=seed):
        yield at, Ladder(group[None], part.edges, part.copies)


def _part(ladder: Ladder, rows: NDArray[np.int64]) -> Ladder:
    """Return the graph of some rows, in which every row is alone with its copies."""
    copies = np.unique(ladder.copies[rows], return_inverse=True)[1].astype(np.int32)
    return Ladder(copies[None], ladder.edges[rows][:, rows] if ladder.edges is not None else None, copies)


def joining(edges: Any, copies: IntArray, *, seed: int) -> Iterator[tuple[int, IntArray]]:
    """Yield each detail, the finest first, and the community of each row; nothing where there is no graph."""
    if edges is None or not edges.nnz or int(copies.max(initial=0)) == 0:
        return
    graph, group = _joined(edges, copies), copies
    for detail in range(MOST_DETAIL, 0, -1):
        found = _louvain(graph, _resolution(detail, len(copies)), seed)
        graph, group = _joined(graph, found), found[group]
        yield detail, group


def cluster_by_communities(ladder: Ladder, config: ClusterConfig, *, progress: Report = silent) -> Clustering:
    """Return the communities at the config's detail as clusters, and the levels of their names.

    A row's strength is the share of its weight in the graph that lies inside its cluster; one with less than INSIDE of
    the usual share is in no cluster, belongs to the one with the largest share, and by that share.  Rows that are all
    copies of one are one cluster.  O(edges): 0.6 s for 100,000 rows.
    """
    n = ladder.steps.shape[1]
    progress(Progress("cluster", 0, n))
    at = (config.detail or DEFAULT_DETAIL) - 1
    if n > 1 and not ladder.steps[-1].any():
        made = Clustering(frozen(np.zeros(n, np.int32)), frozen(np.ones(n, np.float32)), "one place")
    elif ladder.edges is None:
        made = Clustering(
            frozen(np.full(n, NOISE, np.int32)), frozen(np.zeros(n, np.float32)), f"none: {n} rows are too few"
        )
    else:
        labels, shares = core(ladder, at)
        belongs, nearest = _nearest(labels, shares)
        strength = np.where(labels == NOISE, np.float32(0), belongs)
        levels = _levels(ladder, at, labels)
        made = Clustering(
            frozen(labels), frozen(strength), "louvain", frozen(belongs), frozen(nearest), levels=frozen(levels)
        )
    progress(Progress("cluster", n, n))
    return made


def core(ladder: Ladder, step: int) -> tuple[IntArray, Any]:
    """Return the labels at a step, by size, -1 for rows that fit nowhere, and each row's shares, CSR (n, clusters)."""
    found = np.asarray(ladder.steps[step])
    shares = _shares(ladder.edges, found)
    inside = _of(shares, found)
    labels = np.where(inside >= INSIDE * float(np.median(inside)), found, NOISE).astype(np.int32)
    sizes = np.bincount(labels[labels >= 0], minlength=int(found.max()) + 1)
    labels[(labels >= 0) & (sizes[labels] < LEAST_SIZE)] = NOISE
    kept, row = np.unique(labels, return_index=True)
    numbered = renumbered(labels)
    order = kept[np.argsort(numbered[row], kind="stable")]
    return numbered, shares[:, order[order >= 0]].tocsr()


def _levels(ladder: Ladder, at: int, labels: IntArray) -> IntArray:
    """Return the levels of names, int32 (levels, n), the broadest first: other steps, the clusters among them."""
    count = int(labels.max(initial=NOISE)) + 1
    levels: list[IntArray] = []
    rows = np.unique(labels[labels >= 0], return_index=True)[1]
    member = np.flatnonzero(labels >= 0)[rows]  # a row of each cluster tells where the whole of it goes
    groups = [len(sorted_unique(ladder.steps[step][member])) for step in range(at)] if count else []
    for target in broad_targets(count):
        step = min(range(at), key=lambda step: (abs(np.log(groups[step] / target)), step), default=None)
        if step is not None and is_apart(groups[step], count) and is_apart(_count(levels), groups[step]):
            joined = np.asarray(ladder.steps[step])[member]
            levels.append(renumbered(np.where(labels >= 0, joined[labels], NOISE).astype(np.int32)))
    levels.append(labels)
    finest = finer_target(count)
    for step in reversed(range(at + 1, MOST_DETAIL)) if count else ():
        fine = core(ladder, step)[0] if int(ladder.steps[step].max()) < 2 * finest else None
        if fine is not None and is_apart(count, int(fine.max()) + 1) and int(fine.max()) < finest:
            levels.append(fine)
            break
    return np.stack(levels)


def _count(levels: list[IntArray]) -> int:
    return int(levels[-1].max(initial=NOISE)) + 1 if levels else 1


def _nearest(labels: IntArray, shares: Any) -> tuple[FloatArray, IntArray]:
    """Return how far each row belongs, float32 (n,), and to which cluster, -1 where it knows none: its own, if any."""
    n = len(labels)
    belongs, nearest = np.zeros(n, np.float32), np.full(n, NOISE, np.int32)
    row = np.repeat(np.arange(n), np.diff(shares.indptr))
    order = np.lexsort((-shares.indices, shares.data, row))  # of equal shares the larger cluster comes last
    belongs[row[order]], nearest[row[order]] = shares.data[order], shares.indices[order]
    member = np.flatnonzero(labels >= 0)
    nearest[member], belongs[member] = labels[member], _of(shares[member], labels[member])
    return np.minimum(belongs, 1).astype(np.float32), nearest


def _shares(edges: Any, labels: IntArray) -> Any:
    """Return the share of each row's weight that lies in each community, CSR (n, communities)."""
    from scipy.sparse import diags_array

    weight = np.asarray(edges.sum(axis=1)).ravel()
    return (diags_array(1 / np.maximum(weight, 1e-12)) @ (edges @ _one_hot(labels))).tocsr()


def _of(shares: Any, labels: IntArray) -> NDArray[np.float64]:
    """Return each row's share in the community of its label."""
    return np.asarray(shares.multiply(_one_hot(labels, shares.shape[1])).sum(axis=1), np.float64).ravel()


def _one_hot(labels: IntArray, width: int | None = None) -> Any:
    from scipy.sparse import csr_array

    n = len(labels)
    width = int(labels.max(initial=NOISE)) + 1 if width is None else width
    return csr_array((np.ones(n), labels.astype(np.int32), np.arange(n + 1, dtype=np.int32)), shape=(n, width))


def _joined(graph: Any, groups: IntArray) -> Any:
    """Return the graph of the groups: the weights between their rows added up, those inside as loops."""
    of = _one_hot(groups)
    return (of.T.tocsr() @ graph @ of).tocsr()


def _resolution(detail: int, n: int) -> float:
    """Return Louvain's resolution at a detail of *n* rows."""
    finer = MOST_DETAIL - DEFAULT_DETAIL
    finest = min(max(_AT_DEFAULT, n / _ROWS_AT_MOST), _AT_DEFAULT * STEP**finer)
    step = STEP if detail <= DEFAULT_DETAIL else (finest / _AT_DEFAULT) ** (1 / finer)
    return float(_AT_DEFAULT * step ** (detail - DEFAULT_DETAIL))


def _louvain(graph: Any, resolution: float, seed: int) -> IntArray:
    from scipy.sparse import csr_matrix

    louvain = _compiled()(
        resolution=resolution,
        modularity="newman",
        tol_optimization=_PRECISE,
        tol_aggregation=_PRECISE,
        shuffle_nodes=True,
        return_probs=False,
        return_aggregate=False,
        random_state=seed,
    )
    return np.asarray(louvain.fit_predict(csr_matrix(graph)), np.int32)


@cache
def _compiled() -> Any:
    """Return scikit-network's Louvain with its inner loop compiled by numba, which lets other threads work."""
    from sknetwork.clustering import Louvain

    from explorer.clustering.kernels import move_rows

    class Compiled(Louvain):  # type: ignore[misc]
        """Louvain for undirected graphs."""

        def _optimize(self, labels: Any, adjacency: Any, out_weights: Any, in_weights: Any) -> Any:
            labels, weights = labels.astype(np.int64), out_weights.astype(np.float32)
            graph = adjacency.indices, adjacency.indptr, adjacency.data.astype(np.float32)
            loops = adjacency.diagonal().astype(np.float32)
            limits = np.float32(self.resolution), np.float32(self.tol_optimization)
            return labels, move_rows(labels, graph, weights, weights.copy(), loops, *limits)

    return Compiled


def copies_of(knn: KnnGraph) -> IntArray:
    """Return the same number for rows that are copies of each other, int32 (n,), from 0 by their first row."""
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import connected_components

    row, at = np.nonzero(knn.distances <= _SAME)
    near = csr_array((np.ones(len(row)), (row, knn.rows[row, at])), shape=(len(knn.rows), len(knn.rows)))
    return np.asarray(connected_components(near, directed=False)[1], np.int32)
