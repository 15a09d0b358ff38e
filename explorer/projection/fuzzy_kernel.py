"""The loops of `fuzzy`, compiled by numba; a file of their own because importing it imports numba.

To the bit what `smooth_knn_dist` and `compute_membership_strengths` of umap-learn do, whose package takes a third of a
second of the processor to import beside what it calls, and as much again for what it compiles.
Source: umap-learn 0.5.12, Copyright (c) 2017, Leland McInnes, BSD 3-Clause License.
"""

from __future__ import annotations

from typing import Any

import numba
import numpy as np

_ROUNDS = 64
_NEAR_ENOUGH, _LEAST_SHARE = 1e-5, 1e-3
_LARGEST: Any = np.finfo(np.float32).max
_SINGLE = numba.types.float32


@numba.njit(  # type: ignore[untyped-decorator]
    locals={"total": _SINGLE, "low": _SINGLE, "width": _SINGLE, "high": _SINGLE}, parallel=True, cache=True
)
def widths_of(distances: Any, k: Any) -> Any:
    """Return how wide each row's neighbourhood is, and how far its nearest other row is, float32 (n,) twice.

    *distances* float32 (n, k), ascending.  The width is found by halving: the memberships of a row then sum to log2 k.
    """
    n = len(distances)
    target = np.log2(k)
    nearest = np.zeros(n, np.float32)
    widths = np.zeros(n, np.float32)
    mean = np.mean(distances)
    for i in numba.prange(n):
        low, high, width = 0.0, _LARGEST, 1.0
        own = distances[i]
        apart = own[own > 0.0]
        if len(apart):
            nearest[i] = apart[0]
        for _ in range(_ROUNDS):
            total = 0.0
            for j in range(1, distances.shape[1]):
                further = distances[i, j] - nearest[i]
                total += np.exp(-(further / width)) if further > 0 else 1.0
            if np.fabs(total - target) < _NEAR_ENOUGH:
                break
            if total > target:
                high = width
                width = (low + high) / 2.0
            else:
                low = width
                width = width * 2 if high >= _LARGEST else (low + high) / 2.0
        least = _LEAST_SHARE * (np.mean(own) if nearest[i] > 0.0 else mean)
        widths[i] = least if width < least else width
    return widths, nearest


@numba.njit(cache=True)  # type: ignore[untyped-decorator]
def memberships(rows: Any, distances: Any, widths: Any, nearest: Any) -> Any:
    """Return how much each neighbour belongs to the row's neighbourhood, float32 (n, k), 0…1; the row itself not."""
    n, k = rows.shape
    belongs = np.zeros((n, k), np.float32)
    for i in range(n):
        for j in range(k):
            if rows[i, j] == i:
                continue
            further = distances[i, j] - nearest[i]
            if further <= 0.0 or widths[i] == 0.0:
                belongs[i, j] = 1.0
            else:
                belongs[i, j] = np.exp(-(further / widths[i]))
    return belongs
