"""The loops of neighbour ranking, compiled by numba; a file of their own because importing it imports numba."""

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


@numba.njit(parallel=True, fastmath=True, cache=True, nogil=True)  # type: ignore[untyped-decorator]
def dot_products(vectors: Any, candidates: Any, queries: Any) -> Any:
    """Return float32 (m, c): of each of (m, d) queries with the vectors of its candidate rows; -1 gives 0."""
    m, c = candidates.shape
    d = queries.shape[1]
    out = np.zeros((m, c), np.float32)
    for i in numba.prange(m):
        for j in range(c):
            row = candidates[i, j]
            if row < 0:
                continue
            total = np.float32(0)
            for t in range(d):
                total += vectors[row, t] * queries[i, t]
            out[i, j] = total
    return out


@numba.njit(fastmath=True, cache=True, nogil=True)  # type: ignore[untyped-decorator]
def coded_products(codes: Any, steps: Any, query: Any) -> Any:
    """Return float32 (n,): the products of a (d,) query with the rows that int8 (n, d) codes times their steps are.

    On one core, which reads memory as fast as two do; so that several who click share the cores.
    """
    n, d = codes.shape
    out = np.empty(n, np.float32)
    for i in range(n):
        total = np.float32(0)
        for t in range(d):
            total += query[t] * np.float32(codes[i, t])
        out[i] = total * steps[i]
    return out


_ROWS = 256


@numba.njit(parallel=True, fastmath=True, cache=True, nogil=True)  # type: ignore[untyped-decorator]
def among_neighbors_neighbors(vectors: Any, rows: Any, order: Any, joined: Any, size: Any) -> Any:
    """Return int32 (n, k) neighbours at least as near as *rows*, and their squared distances, float32 (n, k).

    Column 0 stays the row itself; the others are the nearest, ties by row, of the neighbours given and of the first
    *joined* neighbours of the first *joined* of them.  *order* has every row once: rows that are near each other in it
    share what is read.  *size*, a power of two, is at least twice k + joined².
    """
    n, k = rows.shape
    d = vectors.shape[1]
    found = np.empty((n, k), np.int32)
    squares = np.empty((n, k), np.float32)
    for block in numba.prange((n + _ROWS - 1) // _ROWS):
        seen = np.empty(size, np.int32)  # a hash table: each candidate is compared once
        for at in range(block * _ROWS, min(n, (block + 1) * _ROWS)):
            i = order[at]
            seen[:] = -1
            found[i, :] = i
            squares[i, :] = np.inf
            squares[i, 0] = 0
            for c in range(-1, joined):
                through = i if c < 0 else rows[i, c]
                for e in range(k if c < 0 else joined):
                    row = rows[through, e]
                    slot = (row * 40_503) & (size - 1)
                    while seen[slot] >= 0 and seen[slot] != row:
                        slot = (slot + 1) & (size - 1)
                    if seen[slot] == row or row == i:
                        continue
                    seen[slot] = row
                    square = np.float32(0)
                    for t in range(d):
                        away = vectors[row, t] - vectors[i, t]
                        square += away * away
                    place = k - 1
                    if square > squares[i, place] or (square == squares[i, place] and row > found[i, place]):
                        continue
                    while place > 1 and (
                        square < squares[i, place - 1]
                        or (square == squares[i, place - 1] and row < found[i, place - 1])
                    ):
                        squares[i, place], found[i, place] = squares[i, place - 1], found[i, place - 1]
                        place -= 1
                    squares[i, place], found[i, place] = square, row
    return found, squares
