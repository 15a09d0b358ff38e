"""UMAP's graph: how much neighbours belong together, 0…1, and the curve by which places on a map are near each other.

It lays nothing out (`layout` does).
Source: McInnes, Healy & Melville 2018, UMAP, sections 3.1 and 4.1.
"""

from __future__ import annotations

import functools
from typing import Any

import numpy as np
from numpy.typing import NDArray

from explorer.types import KnnGraph

MIN_UMAP_ROWS = 6
"""UMAP in three dimensions needs this many rows; fewer are laid out by PCA."""


def fuzzy_graph(knn: KnnGraph, n_neighbors: int | None = None) -> Any:
    """Return UMAP's graph of n rows, a symmetric scipy CSR matrix of memberships 0…1, from their neighbours.

    Both the map and the space for clusters are laid out from it.  None for fewer than MIN_UMAP_ROWS rows.
    """
    from scipy.sparse import coo_matrix

    from explorer.projection.fuzzy_kernel import memberships, widths_of

    n = len(knn.rows)
    if n < MIN_UMAP_ROWS:
        return None
    k = min(n_neighbors or knn.k, knn.k, n - 1)
    rows, distances = knn.rows[:, :k].astype(np.int32), knn.distances[:, :k].astype(np.float32)
    belongs = memberships(rows, distances, *widths_of(distances, float(k)))
    own = np.repeat(np.arange(n, dtype=np.int32), k)
    directed = coo_matrix((belongs.ravel(), (own, rows.ravel())), shape=(n, n))
    directed.eliminate_zeros()
    other = directed.transpose()
    either = directed + other - directed.multiply(other)
    either.eliminate_zeros()
    return either.tocsr()


@functools.lru_cache(maxsize=64)
def curve(min_dist: float) -> tuple[float, float]:
    """Return a and b of UMAP's curve of distances: 1 / (1 + a·x^2b) is 1 up to *min_dist*, and falls off beyond it."""
    from scipy.optimize import curve_fit

    def nearness(x: NDArray[np.float64], a: float, b: float) -> NDArray[np.float64]:
        return np.asarray(1.0 / (1.0 + a * x ** (2 * b)))

    apart = np.linspace(0, 3, 300)
    wanted = np.where(apart < min_dist, 1.0, np.exp(-(apart - min_dist)))
    a, b = curve_fit(nearness, apart, wanted)[0]
    return float(a), float(b)
