"""Approximate nearest neighbours with faiss' HNSW graph, for more rows than exact search can pair up.

It never answers a click: those are exact.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from explorer.neighbors.exact import ExactIndex, ranked
from explorer.types import FloatArray, Hits, Progress, Report, frozen, silent

LINKS, EFFORT_BUILDING, EFFORT_SEARCHING = 16, 40, 32
"""HNSW's M, efConstruction and efSearch: recall 0.954 in 12.6 s for 100,000 x 384 on two cores."""

RECALL_ROWS = 256
_BLOCK = 8_192


class HnswIndex:
    """Finds most of the nearest of float32 (n, d) vectors, in about log n steps a query.

    Scores as `ExactIndex`.  *repeatable* builds on one thread, so that the same vectors give the same index.
    """

    def __init__(
        self, vectors: FloatArray, *, metric: str = "cosine", progress: Report = silent, repeatable: bool = True
    ) -> None:
        import faiss

        self.n, self.dim = vectors.shape
        self.metric = metric
        kind = faiss.METRIC_INNER_PRODUCT if metric == "cosine" else faiss.METRIC_L2
        self._index = faiss.IndexHNSWFlat(self.dim, LINKS, kind)
        self._index.hnsw.efConstruction = EFFORT_BUILDING
        threads = faiss.omp_get_max_threads()
        faiss.omp_set_num_threads(1 if repeatable else threads)
        try:
            for start in range(0, self.n, _BLOCK):
                progress(Progress("neighbors", start, self.n, note="building the index"))
                self._index.add(np.ascontiguousarray(vectors[start : start + _BLOCK], np.float32))
        finally:
            faiss.omp_set_num_threads(threads)

    def search(self, queries: FloatArray, k: int) -> Hits:
        """Return about the k nearest rows of each of (m, d) queries, best first, ties by row; missing: -1, nan."""
        queries = np.ascontiguousarray(queries, np.float32)
        rows = np.full((len(queries), k), -1, np.int64)
        scores = np.full((len(queries), k), np.nan, np.float32)
        found = min(k, self.n)
        if not len(queries) or not found:
            return Hits(frozen(rows), frozen(scores))
        self._index.hnsw.efSearch = max(EFFORT_SEARCHING, 2 * found)
        values, nearest = self._index.search(queries, found)
        values = values if self.metric == "cosine" else -np.sqrt(np.maximum(values, 0))
        values = np.where(nearest < 0, -np.inf, values)
        order = np.lexsort((nearest, -values), axis=1)
        nearest = np.take_along_axis(nearest, order, 1)
        rows[:, :found] = nearest
        scores[:, :found] = np.where(nearest < 0, np.nan, np.take_along_axis(values, order, 1))
        return Hits(frozen(rows), frozen(scores))


def approximate_graph(
    vectors: FloatArray, k: int, *, metric: str = "cosine", progress: Report = silent, repeatable: bool = True
) -> tuple[NDArray[np.int32], FloatArray, float]:
    """Return int32 (n, k) neighbours, column 0 the row itself, float32 distances, and the recall on a sample."""
    n = len(vectors)
    half = _half(progress)
    index = HnswIndex(vectors, metric=metric, progress=half, repeatable=repeatable)
    rows = np.empty((n, k), np.int32)
    distances = np.empty((n, k), np.float32)
    for start in range(0, n, _BLOCK):
        half(Progress("neighbors", n + start, n, note="searching"))
        stop = min(start + _BLOCK, n)
        hits = index.search(vectors[start:stop], k).rows
        candidates = _filled(hits, np.arange(start, stop), n)
        rows[start:stop], distances[start:stop] = ranked(vectors, candidates, start, k, metric=metric)
    return rows, distances, _recall(vectors, rows, metric=metric)


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
    if k < 2:
        return 1.0
    sample = np.sort(np.random.default_rng(0).choice(n, min(RECALL_ROWS, n), replace=False))
    truth = ExactIndex(vectors, metric=metric).search(vectors[sample], k).rows
    shared = [len(np.intersect1d(a, b)) - 1 for a, b in zip(truth, rows[sample], strict=True)]
    return float(np.mean(shared) / (k - 1))
