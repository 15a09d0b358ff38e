"""Exact nearest neighbours of one query among many rows, looked for in a byte a dimension first.

A quarter of the memory is read, which is what such a search takes; how far each row's bytes may be off is known, so
nothing that could be among the nearest is left out, and what is left is compared by the vectors themselves.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from explorer.neighbors.exact import best_of, unit
from explorer.types import BoolArray, Codes, FloatArray, Hits, frozen

CODED_FROM = 100_000
"""Rows from which the bytes are worth their disk: with fewer a click is answered in 10 ms without them."""

_HIGHEST = 127
_ROWS = 16_384
_ROUNDING = np.float32(1e-5)
"""More than a float32 product of two unit vectors is ever off."""


def codes_of(vectors: FloatArray) -> Codes:
    """Return the bytes of float32 (n, d) vectors: each row's own step, and how far they are from the row.  O(n·d)."""
    n, d = vectors.shape
    codes = np.empty((n, d), np.int8)
    steps, errors = np.empty(n, np.float32), np.empty(n, np.float32)
    for start in range(0, n, _ROWS):
        part = slice(start, min(start + _ROWS, n))
        block = np.asarray(vectors[part], np.float32)
        step = np.maximum(np.abs(block).max(axis=1), np.float32(1e-30)) / _HIGHEST
        rounded = np.rint(block / step[:, None])
        codes[part], steps[part] = rounded, step
        errors[part] = np.linalg.norm(block - rounded * step[:, None], axis=1)
    return Codes(codes, steps, errors)


def nearest_by_codes(
    vectors: FloatArray, codes: Codes, query: FloatArray, k: int, *, metric: str = "cosine", ok: BoolArray | None = None
) -> Hits:
    """Return the (1, k) nearest of float32 (n, d) unit vectors to one (d,) query: what `ExactIndex` returns, sooner.

    *codes* are those of the vectors.  O(n·d): 0.1 s for a million rows of 384 dimensions on one core.
    """
    asked = np.ascontiguousarray(query, np.float32)[None, :]
    asked = (unit(asked) if metric == "cosine" else asked)[0]
    rows, scores = np.full((1, k), -1, np.int64), np.full((1, k), np.nan, np.float32)
    found = min(k, len(vectors) if ok is None else int(np.count_nonzero(ok)))
    if found > 0 and np.isfinite(asked).all():
        candidates = _candidates(codes, asked, found, ok)
        rows[0, :found], scores[0, :found] = best_of(vectors, candidates, asked, found, metric=metric)
    return Hits(frozen(rows), frozen(scores))


def prepare_codes() -> None:
    """Import and compile what a search needs, so that the first one need not wait."""
    few = codes_of(np.eye(4, dtype=np.float32))
    _products(Codes(frozen(few.codes), frozen(few.steps), frozen(few.errors)), np.ones(4, np.float32))


def _candidates(codes: Codes, query: FloatArray, k: int, ok: BoolArray | None) -> NDArray[np.int64]:
    """Return the rows whose product with the query may be among the k greatest."""
    close = _products(codes, query)
    length = np.linalg.norm(query)
    reach = codes.errors * length + _ROUNDING * max(np.float32(1), length)
    if ok is not None:
        close[~ok] = -np.inf
    surely = close - reach
    worst = np.partition(surely, len(surely) - k)[len(surely) - k]
    return np.flatnonzero(close + reach >= worst)


def _products(codes: Codes, query: FloatArray) -> FloatArray:
    """Return float32 (n,) about the products of the rows with the query."""
    from explorer.neighbors.kernels import coded_products

    found: FloatArray = coded_products(codes.codes, codes.steps, query)
    return found
