"""How unlike its surroundings each row is, and how many rows are like it, from the one graph of neighbours.

It calls nothing an outlier and looks at no map.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from explorer.neighbors.alikeness import Alikeness
from explorer.types import FloatArray, KnnGraph, frozen, unknown

SCORE_K = 15
"""Neighbours that the scores look at, the row itself left out; fewer where the graph has fewer."""

_TINY = np.float32(1e-10)
_BLOCK = 131_072


def local_outlier_factor(knn: KnnGraph, *, k: int = SCORE_K) -> FloatArray:
    """Return float32 (n,) local outlier factors: about 1 amid rows as dense as oneself, larger where it is emptier.

    The mean local reachability density of a row's k neighbours over its own.  Copies of a vector count once, as in the
    authors' k-distinct-distance, or everything beside a heap of copies would be an outlier; a row of which all k
    neighbours are copies has factor 1.  Without copies it equals scikit-learn's.  nan without neighbours.
    O(n·k): half a second for a million rows.
    Source: Breunig, Kriegel, Ng & Sander 2000, LOF: Identifying Density-Based Local Outliers.
    """
    n, k = len(knn.rows), min(k, knn.k - 1)
    if k < 1:
        return unknown(n)
    first = knn.first_copies()
    reach_of = np.empty(n, np.float32)  # the k-distinct-distance
    for part, rows, distances in _blocks(knn, k):
        counted = _distinct(first, part, rows)
        reach_of[part] = np.where(counted, distances, -np.inf).max(axis=1)
    density = np.empty(n, np.float32)
    for part, rows, distances in _blocks(knn, k):
        counted = _distinct(first, part, rows)
        reach = np.where(counted, np.maximum(distances, reach_of[rows]), 0)
        some = counted.sum(axis=1)
        density[part] = np.where(some > 0, 1 / (reach.sum(axis=1) / np.maximum(some, 1) + _TINY), np.nan)
    known = np.isfinite(density)
    usual = np.float32(np.median(density[known])) if known.any() else np.float32(1)
    factor = np.ones(n, np.float32)
    for part, rows, _ in _blocks(knn, k):
        counted = _distinct(first, part, rows)
        around = np.where(np.isfinite(density[rows]), density[rows], usual)
        some = np.maximum(counted.sum(axis=1), 1)
        own = density[part]
        factor[part] = np.where(np.isfinite(own), np.where(counted, around, 0).sum(axis=1) / some / own, 1)
    factor[knn.rows[:, 0] < 0] = np.nan
    return frozen(factor)


def local_density(knn: KnnGraph, vectors: FloatArray, *, k: int = SCORE_K) -> FloatArray:
    """Return float32 (n,): the mean similarity of each row to its k nearest others among (n, d) *vectors* compared.

    Cosine similarity; see `Alikeness` for vectors of different lengths.  High where many rows are alike, 1 among
    copies; nan without neighbours.  It orders rows as the mean distance to the
    k nearest does, a k-nearest-neighbour density estimate.
    Source: Loftsgaarden & Quesenberry 1965, A nonparametric estimate of a multivariate density function.
    """
    n, k = len(knn.rows), min(k, knn.k - 1)
    if k < 1:
        return unknown(n)
    density, alike = np.empty(n, np.float32), Alikeness.of(knn, vectors)
    for part, _, distances in _blocks(knn, k):
        density[part] = alike(distances).mean(axis=1)
    density[knn.rows[:, 0] < 0] = np.nan
    return frozen(density)


def _distinct(first: NDArray[np.int32], part: NDArray[np.int64], rows: NDArray[np.int32]) -> NDArray[np.bool_]:
    """Return bool (m, k): which neighbours are neither copies of the row nor of a neighbour before them."""
    vectors = first[rows]
    counted = vectors != first[part][:, None]
    counted[:, 1:] &= vectors[:, 1:] != vectors[:, :-1]
    return np.asarray(counted)


def _blocks(knn: KnnGraph, k: int) -> Iterator[tuple[NDArray[np.int64], NDArray[np.int32], FloatArray]]:
    """Yield the numbers of some rows, their k neighbours and the distances; a row without any is its own neighbour."""
    for at in range(0, len(knn.rows), _BLOCK):
        rows = np.asarray(knn.rows[at : at + _BLOCK, 1 : k + 1])
        part = np.arange(at, at + len(rows))
        missing = rows < 0
        if missing.any():
            rows = np.where(missing, part[:, None], rows).astype(np.int32)
        yield part, rows, np.nan_to_num(knn.distances[at : at + _BLOCK, 1 : k + 1])
