"""Measures how far a map can be trusted: whether neighbours on it are neighbours among the vectors.

It changes no map and draws no conclusion from the number.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from explorer.types import FloatArray

TRUST_K = 15
TRUST_ROWS = 2_000
MIN_ROWS = 4

_BLOCK_BYTES = 64 * 2**20
_COLUMNS = 65_536
_DOUBLE_ROWS = 5_000
_TIE, _DOUBLE_TIE = 4e-7, 1e-12
"""Distances closer than rounding are one rank, so that identical rows do not intrude on each other."""


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

    A seeded sample of *rows* rows (all when there are fewer) is ranked against all n unit vectors; k shrinks
    below n / 2.  On all rows it equals scikit-learn's.  O(rows·n·d); memory about 150 MB however large n is.
    Source: Venna & Kaski 2001, Neighborhood preservation in nonlinear projection methods.
    """
    n = len(vectors)
    k = min(k, (n - 1) // 2)
    if n < MIN_ROWS or k < 1:
        return None, max(k, 0), 0
    measured = min(rows, n)
    sample = np.arange(n)
    if measured < n:
        sample = np.sort(np.random.default_rng(seed).choice(n, measured, replace=False))
    intruders = _map_neighbors(xy, sample, k)
    worst = k * (2 * n - 3 * k - 1) / 2
    step = max(1, _BLOCK_BYTES // (4 * min(n, _COLUMNS)))
    penalty = 0
    for at in range(0, measured, step):
        part = slice(at, at + step)
        ranks = _ranks(vectors, sample[part], intruders[part], metric=metric)
        penalty += int(np.maximum(ranks - k, 0).sum())
    return 1 - penalty / (measured * worst), k, measured


def _map_neighbors(xy: FloatArray, sample: NDArray[np.int64], k: int) -> NDArray[np.int64]:
    """Return the k rows nearest to each sampled row on the map, itself left out."""
    from scipy.spatial import cKDTree

    _, near = cKDTree(xy).query(xy[sample], k + 1)
    own = near == sample[:, None]
    own[~own.any(axis=1), -1] = True
    return np.asarray(near[~own].reshape(len(sample), k), np.int64)


def _ranks(
    vectors: FloatArray, sample: NDArray[np.int64], others: NDArray[np.int64], *, metric: str
) -> NDArray[np.int64]:
    """Return for each sampled row the rank from 1 of each of its *others* among all n - 1 rows."""
    kind, tie = (np.float64, _DOUBLE_TIE) if len(vectors) <= _DOUBLE_ROWS else (np.float32, _TIE)
    queries = vectors[sample].astype(kind)
    columns = [vectors[others[:, j]].astype(kind) for j in range(others.shape[1])]
    limits = np.stack([_near(queries, column, metric, paired=True) for column in columns], 1) + kind(tie)
    closer = np.zeros(limits.shape, np.int64)
    for start in range(0, len(vectors), _COLUMNS):
        block = _near(queries, vectors[start : start + _COLUMNS].astype(kind, copy=False), metric, paired=False)
        inside = np.flatnonzero((sample >= start) & (sample < start + _COLUMNS))
        block[inside, sample[inside] - start] = -np.inf
        for j in range(limits.shape[1]):
            closer[:, j] += np.count_nonzero(block > limits[:, j, None], axis=1)
    return closer + 1


def _near(queries: NDArray[Any], others: NDArray[Any], metric: str, *, paired: bool) -> NDArray[Any]:
    """Return a value that falls with distance: cosine, or minus half the squared distance up to the query's own."""
    near = np.einsum("md,md->m", queries, others) if paired else queries @ others.T
    if metric == "euclidean":
        near = near - np.einsum("md,md->m", others, others) / 2
    return np.asarray(near)
