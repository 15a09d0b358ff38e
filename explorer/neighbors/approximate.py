"""Approximate nearest neighbours with faiss' inverted lists, for more rows than exact search can pair up.

It never answers a click: those are exact.  The lists are the cells of a k-means; a query looks into the few whose
centres are nearest, at vectors kept in a byte a dimension, and what it finds is ranked again by the vectors themselves.
In a graph the neighbours' neighbours are looked at, too, which finds half of what was missed for next to nothing.
Unlike a graph built by several threads, the result is the same every time.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from explorer.neighbors.exact import ExactIndex, away_from, distances_of, ranked, scores_of
from explorer.types import DOT, EUCLIDEAN, FloatArray, Hits, Progress, Report, frozen, silent

PROBES = (4, 5, 6, 7, 9, 11, 13, 16, 20, 25, 30, 37, 45, 57, 70, 85, 100, 125, 150)
"""Lists that a query looks into: the first of these with which the recall on a sample reaches GOOD_RECALL."""
GOOD_RECALL, JOINED_RECALL = 0.97, 0.955
"""The latter where neighbours' neighbours are looked at afterwards, which makes it 0.97 to 0.98."""
RECALL_ROWS = 256

_LISTS_PER_ROOT = 2
_TRAINED_PER_LIST = 50
_ITERATIONS = 5
_SPARE = 8
"""Candidates beyond k, since a byte a dimension mistakes close ones."""
_BLOCK = 8_192
_JOINED = 32
"""Neighbours of a row whose neighbours are looked at, and how many of theirs."""


class IvfIndex:
    """Finds most of the nearest of float32 (n, d) vectors, in about √n comparisons a query.

    Scores as `ExactIndex`, from the vectors themselves.  n·(d + 8) bytes.
    """

    def __init__(
        self,
        vectors: FloatArray,
        *,
        metric: str = "cosine",
        recall: float = GOOD_RECALL,
        progress: Report = silent,
    ) -> None:
        import faiss

        self.n, self.dim = vectors.shape
        self.metric = metric
        self._vectors = vectors
        self.lists = max(1, min(round(_LISTS_PER_ROOT * self.n**0.5), self.n // 40))
        kind = faiss.METRIC_L2 if metric == EUCLIDEAN else faiss.METRIC_INNER_PRODUCT
        self._centres = faiss.IndexFlat(self.dim, kind)
        self._index = faiss.IndexIVFScalarQuantizer(
            self._centres, self.dim, self.lists, faiss.ScalarQuantizer.QT_8bit, kind
        )
        if not self.n:
            return
        self._index.cp.niter, self._index.cp.min_points_per_centroid = _ITERATIONS, 1
        progress(Progress("neighbors", 0, self.n, note="sorting the rows, to find neighbours fast"))
        self._index.train(_every(vectors, self.lists * _TRAINED_PER_LIST))
        for start in range(0, self.n, _BLOCK):
            progress(Progress("neighbors", start, self.n, note="sorting the rows, to find neighbours fast"))
            self._index.add(np.ascontiguousarray(vectors[start : start + _BLOCK], np.float32))
        self.probes = self._enough_probes(recall)

    def search(self, queries: FloatArray, k: int, *, probes: int | None = None) -> Hits:
        """Return about the k nearest rows of each of (m, d) queries, best first, ties by row; missing: -1, nan."""
        queries = np.ascontiguousarray(queries, np.float32)
        rows = np.full((len(queries), k), -1, np.int64)
        scores = np.full((len(queries), k), np.nan, np.float32)
        found = min(k, self.n)
        if len(queries) and found:
            candidates = self.candidates(queries, min(found + _SPARE, self.n), probes=probes)
            away = self._away(queries, candidates)
            order = np.lexsort((candidates, away), axis=1)[:, :found]
            rows[:, :found] = np.take_along_axis(candidates, order, 1)
            scores[:, :found] = scores_of(np.take_along_axis(away, order, 1), self.metric)
            scores[rows < 0] = np.nan
        return Hits(frozen(rows), frozen(scores))

    def candidates(self, queries: FloatArray, count: int, *, probes: int | None = None) -> NDArray[np.int64]:
        """Return int64 (m, count) rows that are probably among the nearest, -1 where the lists had too few."""
        self._index.nprobe = min(probes or self.probes, self.lists)
        found: NDArray[np.int64] = self._index.search(queries, count)[1]
        return found

    def rows_by_list(self) -> NDArray[np.int64]:
        """Return every row, those of one list together: searched in this order, a list is read while still at hand."""
        import faiss

        lists: Any = self._index.invlists
        ids = (faiss.rev_swig_ptr(lists.get_ids(i), lists.list_size(i)) for i in range(self.lists))
        return np.concatenate([np.array(part, np.int64) for part in ids])

    def _away(self, queries: FloatArray, candidates: NDArray[np.int64]) -> FloatArray:
        return np.asarray(
            np.where(candidates < 0, np.inf, away_from(self._vectors, candidates, queries, self.metric)), np.float32
        )

    def _enough_probes(self, recall: float) -> int:
        """Return how many lists give a *recall*, tried on a sample that is not the one that recall is told from."""
        sample = np.sort(np.random.default_rng(1).choice(self.n, min(RECALL_ROWS, self.n), replace=False))
        queries, k = np.ascontiguousarray(self._vectors[sample], np.float32), min(16, self.n)
        truth = ExactIndex(self._vectors, metric=self.metric).search(queries, k).rows
        for probes in PROBES:
            found = self.search(queries, k, probes=probes).rows
            if probes >= self.lists or shared(truth, found) >= recall:
                return probes
        return PROBES[-1]


def approximate_graph(
    vectors: FloatArray, k: int, *, metric: str = "cosine", progress: Report = silent
) -> tuple[NDArray[np.int32], FloatArray, float]:
    """Return int32 (n, k) neighbours, column 0 the row itself, float32 distances, and the recall on a sample."""
    from explorer.neighbors.kernels import among_neighbors_neighbors

    n = len(vectors)
    half = _half(progress)
    joins = k <= _JOINED and metric != DOT  # which is no distance: neighbours of neighbours need not be near
    index = IvfIndex(vectors, metric=metric, recall=JOINED_RECALL if joins else GOOD_RECALL, progress=half)
    rows, distances = np.empty((n, k), np.int32), np.empty((n, k), np.float32)
    order = index.rows_by_list()
    for start in range(0, n, _BLOCK):
        half(Progress("neighbors", n + start, n, note="searching"))
        own = order[start : start + _BLOCK]
        found = index.candidates(np.ascontiguousarray(vectors[own], np.float32), min(k + _SPARE, n))
        rows[own], distances[own] = ranked(vectors, _filled(found, own, n), own, k, metric=metric)
    if metric == DOT:
        return rows, distances, _recall(vectors, rows, metric=metric)
    joined = min(k, _JOINED)
    table = 1 << int(2 * (k + joined**2)).bit_length()
    rows, squares = among_neighbors_neighbors(vectors, rows, order, joined, table)
    return rows, distances_of(squares, metric), _recall(vectors, rows, metric=metric)


def shared(truth: NDArray[Any], found: NDArray[Any]) -> float:
    """Return the mean share of the true neighbours (m, k), the row itself left out, that were found."""
    both = [len(np.intersect1d(a, b)) - 1 for a, b in zip(truth, found, strict=True)]
    return float(np.mean(both) / (truth.shape[1] - 1)) if truth.shape[1] > 1 else 1.0


def _every(vectors: FloatArray, count: int) -> FloatArray:
    """Return about *count* of the vectors, evenly spread over the rows."""
    return np.ascontiguousarray(vectors[:: max(1, len(vectors) // max(1, count))], np.float32)


def _half(progress: Report) -> Report:
    """Report building as the first half of the rows and searching as the second."""

    def report(seen: Progress) -> None:
        progress(Progress("neighbors", seen.done // 2, seen.total, note=seen.note))

    return report


def _filled(hits: NDArray[Any], own: NDArray[Any], n: int) -> NDArray[np.int64]:
    """Return the hits with the row itself among them and no gap: rows after it stand in for what was not found."""
    hits = hits.copy()
    for at in np.flatnonzero((hits != own[:, None]).all(1) | (hits < 0).any(1)):
        found = hits[at][(hits[at] >= 0) & (hits[at] != own[at])][: hits.shape[1] - 1]
        spare = (own[at] + 1 + np.arange(2 * hits.shape[1])) % n
        spare = spare[~np.isin(spare, found) & (spare != own[at])]
        hits[at] = np.concatenate([[own[at]], found, spare])[: hits.shape[1]]
    return hits


def _recall(vectors: FloatArray, rows: NDArray[np.int32], *, metric: str) -> float:
    """Return the share of true neighbours, the row itself left out, over a seeded sample of rows."""
    n, k = rows.shape
    sample = np.sort(np.random.default_rng(0).choice(n, min(RECALL_ROWS, n), replace=False))
    truth = ExactIndex(vectors, metric=metric).search(vectors[sample], k).rows
    return shared(truth, rows[sample])
