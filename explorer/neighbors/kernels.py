"""The loop of neighbour ranking, compiled by numba; a file of its own because importing it imports numba."""

from __future__ import annotations

from typing import Any

import numba
import numpy as np


@numba.njit(parallel=True, fastmath=True, cache=True, nogil=True)  # type: ignore[untyped-decorator]
def squared_distances(vectors: Any, candidates: Any, queries: Any) -> Any:
    """Return float32 (m, c): from each of (m, d) queries to the vectors of its candidate rows; -1 gives 0.

    From differences, so exactly 0 for equal vectors, unlike 2 - 2·cosine.
    """
    m, c = candidates.shape
    d = queries.shape[1]
    out = np.zeros((m, c), np.float32)
    for i in numba.prange(m):
        for j in range(c):
            row = candidates[i, j]
            if row < 0:
                continue
            square = np.float32(0)
            for t in range(d):
                away = vectors[row, t] - queries[i, t]
                square += away * away
            out[i, j] = square
    return out
