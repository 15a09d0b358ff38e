"""Tells, of few rows, which clusters hold rows that are like each other, and which only those that had nowhere to go.

Where all rows are each other's neighbours a graph of neighbours tells nobody who is far from all, so that a map of it
has heaps of rows with nothing in common.  It finds no clusters: `cluster` does.
"""

from __future__ import annotations

import numpy as np

from explorer.types import NOISE, BoolArray, FloatArray, IntArray

_NEARER = 0.2
"""How much nearer rows of a cluster are to each other than to all others, as a share of the farther: of 6 to 12 texts
that have nothing in common 0.16 at most, of two themes among as many mostly 0.3 to 0.75.  See docs/measurements.md."""


def distances_among(vectors: FloatArray, metric: str) -> FloatArray:
    """Return how far apart few rows are, float64 (n, n): 1 - cosine, or the square of what is Euclidean, like it.

    O(n²·d).
    """
    rows = np.asarray(vectors, np.float64)
    if metric != "cosine":
        return np.asarray(((rows[:, None] - rows[None]) ** 2).sum(axis=2))
    rows = rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-12)
    return np.asarray(1 - rows @ rows.T)


def without_strangers(labels: IntArray, apart: FloatArray) -> IntArray:
    """Return the labels without clusters whose rows, on average, are hardly nearer to each other than to all others.

    *apart* is float (n, n).  What all rows are stays.
    Source: Rousseeuw 1987, Silhouettes, doi:10.1016/0377-0427(87)90125-7, with all others as the other cluster.
    """
    kept = np.array(labels)
    for label in range(int(labels.max(initial=NOISE)) + 1):
        own = labels == label
        if not own.all() and _nearer(own, apart) < _NEARER:
            kept[own] = NOISE
    return kept


def _nearer(own: BoolArray, apart: FloatArray) -> float:
    inside = apart[own][:, own].sum(axis=1) / max(1, int(own.sum()) - 1)
    outside = apart[own][:, ~own].mean(axis=1)
    return float(np.mean((outside - inside) / np.maximum(np.maximum(outside, inside), 1e-12)))
