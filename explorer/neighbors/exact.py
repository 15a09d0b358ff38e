"""Exact nearest neighbours by blocked matrix products: the reference that every other index is measured by.

It approximates nothing and keeps no copy of the vectors: they may be a memory-mapped file.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from explorer.neighbors.picker import picker_of
from explorer.types import COSINE, DOT, EUCLIDEAN, BoolArray, FloatArray, Hits, Progress, Report, frozen, silent

BLOCK_BYTES = 64 * 2**20
"""Memory that one block of scores may take."""

_ROWS = 16_384
_SPARE = 8
"""Candidates beyond k that are ranked again exactly: a float32 product is off by a few 1e-7."""
_SLACK = np.float32(2e-6)


class ExactIndex:
    """Finds the nearest of float32 (n, d) vectors by comparing with all of them; O(n·d) a query.

    *ok* False leaves a row out.  With metric "cosine" the vectors are of unit length and scores are cosines;
    with "euclidean" scores are minus the distance, with "dot" dot products; then vectors may be of any length.
    """

    def __init__(self, vectors: FloatArray, *, metric: str = "cosine", ok: BoolArray | None = None) -> None:
        self.n, self.dim = vectors.shape
        self.metric = metric
        self._vectors = vectors
        self._excluded = None if ok is None or ok.all() else ~ok
        self._usable = self.n if self._excluded is None else int(np.count_nonzero(~self._excluded))
        self._half_squares = _half_squares(vectors) if metric != COSINE else None
        most = 0.0 if self._half_squares is None or not self.n else float(self._half_squares.max())
        self._longest = (2 * most) ** 0.5

    def search(self, queries: FloatArray, k: int) -> Hits:
        """Return the k nearest rows of each of (m, d) queries, best first, ties by row; missing: -1 and nan.

        A query with nan in it finds nothing.
        """
        queries = np.ascontiguousarray(queries, np.float32)
        if self.metric == COSINE:
            queries = unit(queries)
        rows = np.full((len(queries), k), -1, np.int64)
        scores = np.full((len(queries), k), np.nan, np.float32)
        found = min(k, self._usable)
        usable = np.flatnonzero(np.isfinite(queries).all(axis=1)) if found > 0 else np.empty(0, np.int64)
        step = max(1, BLOCK_BYTES // (4 * max(1, self.n)))
        for start in range(0, len(usable), step):
            block = usable[start : start + step]
            closeness = self._closeness(queries[block])
            for query, close in zip(block, closeness, strict=True):
                rows[query, :found], scores[query, :found] = self._best(queries[query], close, found)
        return Hits(frozen(rows), frozen(scores))

    def _closeness(self, queries: FloatArray) -> FloatArray:
        """Return (m, n) values that order the rows by nearness, up to rounding; -inf for excluded rows."""
        out = np.empty((len(queries), self.n), np.float32)
        if len(queries) == 1 and self._vectors.dtype == np.float32:
            # A click: one matrix-vector product takes 0.4 of the time of blocked ones (0.15 s of CPU at 1M × 384).
            np.dot(np.asarray(self._vectors), queries[0], out=out[0])
        else:
            for start in range(0, self.n, _ROWS):
                stop = min(start + _ROWS, self.n)
                block = np.asarray(self._vectors[start:stop], np.float32)
                np.matmul(queries, block.T, out=out[:, start:stop])
        if self._half_squares is not None and self.metric == EUCLIDEAN:
            out -= self._half_squares
        if self._excluded is not None:
            out[:, self._excluded] = -np.inf
        return out

    def _best(self, query: FloatArray, close: FloatArray, k: int) -> tuple[NDArray[np.int64], FloatArray]:
        """Return the k best rows: all that rounding could have put among them, ranked again exactly."""
        worst = np.partition(close, self.n - k)[self.n - k]
        sizes = (1.0, abs(float(worst)), self._longest * float(np.linalg.norm(query)), self._longest**2)
        slack = _SLACK * np.float32(max(sizes))
        return best_of(self._vectors, np.flatnonzero(close >= worst - slack), query, k, metric=self.metric)


def best_of(
    vectors: FloatArray, candidates: NDArray[np.int64], query: FloatArray, k: int, *, metric: str
) -> tuple[NDArray[np.int64], FloatArray]:
    """Return the k candidate rows nearest to a (d,) query by their own vectors, ties by row, and their scores."""
    away = _products if metric == DOT else _squares
    parts = (candidates[at : at + _ROWS] for at in range(0, len(candidates), _ROWS))
    distances = np.concatenate([away(np.asarray(vectors[part], np.float32), query) for part in parts])
    best = np.lexsort((candidates, distances))[:k]
    return candidates[best], scores_of(distances[best], metric)


def similarities(vectors: FloatArray, row: int, others: NDArray[Any], *, metric: str = "cosine") -> FloatArray:
    """Return float32 (m,) scores of the *others* to a row, the very ones that `ExactIndex` gives them."""
    away = _products if metric == DOT else _squares
    return scores_of(away(np.asarray(vectors[others], np.float32), np.asarray(vectors[row], np.float32)), metric)


def exact_graph(
    vectors: FloatArray, k: int, *, metric: str = "cosine", progress: Report = silent, device: str | None = None
) -> tuple[NDArray[np.int32], FloatArray]:
    """Return int32 (n, k) neighbours, column 0 the row itself, and their float32 distances, ascending from column 1 on.

    By "dot" distances are minus the products.  The vectors are distinct.  O(n²·d) time; memory: a block of scores
    (`picker`) beside the result, and the vectors on the *device*, which `picker_of` chooses if None.
    """
    n = len(vectors)
    rows = np.empty((n, k), np.int32)
    distances = np.empty((n, k), np.float32)
    picker = picker_of(vectors, metric=metric, device=device)
    for start in range(0, n, picker.block):
        progress(Progress("neighbors", start, n))
        stop = min(start + picker.block, n)
        candidates = picker.pick(start, stop, min(k + _SPARE, n))
        rows[start:stop], distances[start:stop] = ranked(vectors, candidates, np.arange(start, stop), k, metric=metric)
    return rows, distances


def ranked(
    vectors: FloatArray, candidates: NDArray[Any], own: NDArray[Any], k: int, *, metric: str
) -> tuple[NDArray[np.int32], FloatArray]:
    """Rank (m, c) candidates of the rows *own* exactly: the row itself first, then by distance, then row."""
    squares = away_from(vectors, candidates, np.ascontiguousarray(vectors[own], np.float32), metric)
    first = np.where(candidates == own[:, None], -np.inf, squares)
    order = np.lexsort((candidates, first), axis=1)[:, :k]
    rows = np.take_along_axis(candidates, order, 1).astype(np.int32)
    return rows, distances_of(np.take_along_axis(squares, order, 1), metric)


def away_from(vectors: FloatArray, candidates: NDArray[Any], queries: FloatArray, metric: str) -> FloatArray:
    """Return float32 (m, c): squared distances from (m, d) queries to candidate rows, or minus the products."""
    from explorer.neighbors.kernels import dot_products, squared_distances

    if metric == DOT:
        return -np.asarray(dot_products(vectors, candidates, queries))
    return np.asarray(squared_distances(vectors, candidates, queries))


def distances_of(squares: FloatArray, metric: str) -> FloatArray:
    """Return squared distances, or minus the products, as a graph has them."""
    if metric == DOT:
        return np.asarray(squares, np.float32)
    return np.asarray(squares / 2 if metric == COSINE else np.sqrt(squares), np.float32)


def scores_of(squares: FloatArray, metric: str) -> FloatArray:
    """Return what squared distances, or minus the products, are as scores: cosines, minus the distance, products."""
    if metric == DOT:
        return np.asarray(-squares, np.float32)
    return np.asarray(1 - squares / 2 if metric == COSINE else -np.sqrt(squares), np.float32)


def _products(rows: FloatArray, query: FloatArray) -> FloatArray:
    """Return minus the dot products of (m, d) rows with a query: the less, the nearer."""
    return np.asarray(-np.einsum("nd,d->n", rows, query, dtype=np.float64), np.float64)


def _squares(rows: FloatArray, others: FloatArray) -> FloatArray:
    """Return the squared distances along the last axis: exactly 0 for equal vectors, unlike 2 - 2·cosine."""
    difference = rows - others
    return np.asarray(np.einsum("...d,...d->...", difference, difference))


def _half_squares(vectors: FloatArray) -> FloatArray:
    """Return half of each row's squared length."""
    out = np.empty(len(vectors), np.float32)
    for start in range(0, len(vectors), _ROWS):
        block = np.asarray(vectors[start : start + _ROWS], np.float32)
        out[start : start + _ROWS] = np.einsum("nd,nd->n", block, block) / 2
    return out


def unit(queries: FloatArray) -> FloatArray:
    """Return (m, d) queries at unit length; those that have it already are left as they are."""
    length = np.linalg.norm(queries, axis=1, keepdims=True)
    return np.where(np.abs(length - 1) > 1e-6, queries / np.maximum(length, np.float32(1e-12)), queries)
