"""Measures how far a map can be trusted: whether neighbours on it are neighbours among the vectors, and vice versa.

It changes no map and draws no conclusion from the numbers.  All three figures look at k = 15 neighbours of a row.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from explorer.projection.mapneighbors import count_below, map_neighbors, map_ranks
from explorer.types import BoolArray, FloatArray, IntArray, KnnGraph, frozen, unknown

TRUST_K = 15
TRUST_ROWS = 2_000
MIN_ROWS = 4
SAMPLE_WHOLE, SAMPLE_LEAST = 250_000, 500
"""Rows up to which the sample is whole; beyond it it shrinks as n grows, never below SAMPLE_LEAST: the same cost."""

_BLOCK_BYTES = 64 * 2**20
_COLUMNS = 65_536
_MATCHED = 32_768
_DOUBLE_ROWS = 5_000
_TIE, _DOUBLE_TIE = 4e-7, 1e-12
"""Distances closer than rounding are one rank, so that identical rows do not intrude on each other."""


@dataclass(frozen=True)
class Faithfulness:
    """Trustworthiness and continuity 0…1 over *rows* rows at *k*, and float32 (n,) preservation 0…1 of every row.

    None, and nan, where there are too few rows to say.
    """

    trustworthiness: float | None
    continuity: float | None
    k: int
    rows: int
    preservation: FloatArray


def faithfulness(
    vectors: FloatArray, xy: FloatArray, knn: KnnGraph, *, rows: int = TRUST_ROWS, seed: int = 0
) -> Faithfulness:
    """Return how faithful a map without nan is to float32 (n, d) unit vectors, whose neighbours are in the graph.

    Neighbours on the map are found once for every row; trustworthiness and continuity are then measured on a seeded
    sample, which shrinks beyond a quarter of a million rows.  The figures by size are in docs/measurements.md.
    """
    n = len(vectors)
    k = _k_for(n, TRUST_K)
    if n < MIN_ROWS or k < 1:
        return Faithfulness(None, None, k, 0, unknown(n))
    near = map_neighbors(xy, k)
    sample = sampled(n, rows, seed=seed)
    trust = _trustworthiness(vectors, near[sample], sample, metric=knn.metric)
    lasting = continuity(xy, knn, near=near, sample=sample)
    return Faithfulness(trust, lasting, k, len(sample), preservation(knn, near))


def trustworthiness(
    vectors: FloatArray,
    xy: FloatArray,
    *,
    k: int = TRUST_K,
    rows: int = TRUST_ROWS,
    seed: int = 0,
    metric: str = "cosine",
) -> tuple[float | None, int, int]:
    """Return the map's trustworthiness 0…1 (None below MIN_ROWS rows), the k used and the rows measured.

    1, less a penalty for every row among the k nearest on the map that is not among the k nearest in truth: how far
    down the true list it is.  A seeded sample of *rows* rows (all when there are fewer) is ranked against all n unit
    vectors; k shrinks below n / 2.  On all rows it equals scikit-learn's.  O(rows·n·d); 150 MB at any n.
    Source: Venna & Kaski 2001, Neighborhood preservation in nonlinear projection methods.
    """
    n = len(vectors)
    k = _k_for(n, k)
    if n < MIN_ROWS or k < 1:
        return None, k, 0
    sample = sampled(n, rows, seed=seed)
    return _trustworthiness(vectors, map_neighbors(xy, k, rows=sample), sample, metric=metric), k, len(sample)


def continuity(xy: FloatArray, knn: KnnGraph, *, near: IntArray, sample: NDArray[np.int64]) -> float | None:
    """Return the map's continuity 0…1, None where the graph has no neighbours: trustworthiness with the roles swapped.

    1, less a penalty for every row among the k nearest in truth that is not among the k nearest on the map (*near*,
    int32 (n, k)): how far down the map's list it is.  Over all rows it equals scikit-learn's trustworthiness of the
    vectors as a picture of the map.  O(rows·n): 1 ms a row at a million rows.
    Source: Venna & Kaski 2001, Neighborhood preservation in nonlinear projection methods.
    """
    n, k = len(near), min(near.shape[1], knn.k - 1)
    if k < 1 or _worst(n, k) <= 0:
        return None
    true, first = knn.rows[sample, 1 : k + 1], knn.first_copies()
    lost = ~_matched(first[true], first[near[sample, :k]])
    places = xy.astype(np.float64) if n <= _DOUBLE_ROWS else xy
    penalty = 0
    for at in np.flatnonzero(lost.any(axis=1)):
        penalty += int(np.maximum(map_ranks(places, int(sample[at]), true[at][lost[at]]) - k, 0).sum())
    return 1 - penalty / (len(sample) * _worst(n, k))


def preservation(knn: KnnGraph, near: IntArray) -> FloatArray:
    """Return float32 (n,): the share of each row's k nearest in truth that are among its k nearest on the map, *near*.

    Copies of a vector stand in for each other, since it is chance which of a hundred are called the nearest.
    nan where the graph has no neighbours.  O(n·k²), 0.3 s for 100,000 rows.
    """
    n, k = len(near), min(near.shape[1], knn.k - 1)
    if k < 1:
        return unknown(n)
    first, kept = knn.first_copies(), np.empty(n, np.float32)
    for at in range(0, n, _MATCHED):
        part = slice(at, at + _MATCHED)
        kept[part] = _matched(first[knn.rows[part, 1 : k + 1]], first[near[part, :k]]).mean(axis=1)
    return frozen(kept)


def sampled(n: int, rows: int, *, seed: int = 0) -> NDArray[np.int64]:
    """Return the rows to measure on, ascending: all, or a seeded sample of *rows*, fewer as n passes SAMPLE_WHOLE."""
    measured = min(rows, n)
    if n > SAMPLE_WHOLE:
        measured = max(min(rows, SAMPLE_LEAST), rows * SAMPLE_WHOLE // n)
    if measured == n:
        return np.arange(n)
    return np.sort(np.random.default_rng(seed).choice(n, measured, replace=False))


def _k_for(n: int, k: int) -> int:
    return max(0, min(k, (n - 1) // 2))


def _worst(n: int, k: int) -> float:
    """Return the largest penalty that a row can have."""
    return k * (2 * n - 3 * k - 1) / 2


def _trustworthiness(vectors: FloatArray, near: IntArray, sample: NDArray[np.int64], *, metric: str) -> float:
    k = near.shape[1]
    step = max(1, _BLOCK_BYTES // (4 * min(len(vectors), _COLUMNS)))
    penalty = 0
    for at in range(0, len(sample), step):
        ranks = _ranks(vectors, sample[at : at + step], near[at : at + step], metric=metric)
        penalty += int(np.maximum(ranks - k, 0).sum())
    return 1 - penalty / (len(sample) * _worst(len(vectors), k))


def _matched(true: IntArray, near: IntArray) -> BoolArray:
    """Return bool (m, k): which of the true neighbours has a partner of its own on the map, both as first copies."""
    ours, theirs = np.sort(near, axis=1), np.sort(true, axis=1)
    order = np.argsort(np.argsort(true, axis=1, kind="stable"), axis=1)
    equal = (theirs[:, :, None] == ours[:, None, :]) & (_nth(theirs)[:, :, None] == _nth(ours)[:, None, :])
    return np.take_along_axis(equal.any(axis=2), order, axis=1)


def _nth(rising: IntArray) -> NDArray[np.int8]:
    """Return for each value of sorted lists how often it stands before it in its own list."""
    nth = np.zeros(rising.shape, np.int8)
    for j in range(1, rising.shape[1]):
        nth[:, j] = np.where(rising[:, j] == rising[:, j - 1], nth[:, j - 1] + 1, 0)
    return nth


def _ranks(vectors: FloatArray, sample: NDArray[np.int64], others: IntArray, *, metric: str) -> NDArray[np.int64]:
    """Return for each sampled row the rank from 1 of each of its *others* among all n - 1 rows."""
    kind, tie = (np.float64, _DOUBLE_TIE) if len(vectors) <= _DOUBLE_ROWS else (np.float32, _TIE)
    queries = vectors[sample].astype(kind)
    columns = [vectors[others[:, j]].astype(kind) for j in range(others.shape[1])]
    limits = np.stack([_near(queries, column, metric, paired=True) for column in columns], 1) + kind(tie)
    closer = np.zeros(limits.shape, np.int64)
    limits = -limits
    for start in range(0, len(vectors), _COLUMNS):
        block = _near(queries, vectors[start : start + _COLUMNS].astype(kind, copy=False), metric, paired=False)
        inside = np.flatnonzero((sample >= start) & (sample < start + _COLUMNS))
        block[inside, sample[inside] - start] = -np.inf
        np.negative(block, out=block)
        for at, values in enumerate(block):
            closer[at] += count_below(values, limits[at])
    return closer + 1


def _near(queries: NDArray[Any], others: NDArray[Any], metric: str, *, paired: bool) -> NDArray[Any]:
    """Return a value that falls with distance: cosine, or minus half the squared distance up to the query's own."""
    near = np.einsum("md,md->m", queries, others) if paired else queries @ others.T
    if metric == "euclidean":
        near = near - np.einsum("md,md->m", others, others) / 2
    return np.asarray(near)
