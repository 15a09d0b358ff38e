"""The loop of `layout`, compiled by numba; a file of its own because numba wants to see its functions when imported."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numba
import numpy as np

from explorer.projection.forces import LOWEST_POWER, NEGATIVES, POWERS, STEP_BITS

_SHIFT = 23 - STEP_BITS
_FIRST = (127 + LOWEST_POWER) << STEP_BITS
_LAST = (POWERS << STEP_BITS) - 1
_CLIP = np.float32(4)
"""Longest move along an axis, as in umap-learn."""
_ROWS = 256
_FEW = 4 * _ROWS
"""Rows up to which one thread moves them: a turn is over before the others are awake.  120 rows, two dimensions and
five, processor seconds on two busy cores: 0.27 by both, 0.04 by one; 600 rows 0.6 and 0.35; 2,000 rows 1.1 and 0.8."""
PLANE = (0, 1)
ORDERLY = {"nnan", "ninf", "nsz"}
"""No sum is reordered or fused.  The process that compiles a parallel loop runs other code than those that find it on
disk: allowed to reorder, the first map after an installation differed from every later one.  It costs the plane a
sixth of its time and saves five dimensions a fifth."""
_U = np.uint64
_GOLDEN = np.uint64(0x9E3779B97F4A7C15)


@contextmanager
def threads_for(n: int) -> Iterator[None]:
    """Have `move` use one thread within the block where there are few rows; what it writes is the same."""
    before = numba.get_num_threads()
    numba.set_num_threads(1 if n <= _FEW else before)
    try:
        yield
    finally:
        numba.set_num_threads(before)


@numba.njit(fastmath=ORDERLY)  # type: ignore[untyped-decorator]
def _mixed(x: Any) -> Any:
    """Return 64 well-mixed bits.  Source: Steele, Lea & Flood 2014, SplitMix64."""
    x = (x ^ (x >> _U(30))) * _U(0xBF58476D1CE4E5B9)
    x = (x ^ (x >> _U(27))) * _U(0x94D049BB133111EB)
    return x ^ (x >> _U(31))


@numba.njit  # type: ignore[untyped-decorator]
def _step(square: Any) -> Any:
    """Return the place of a squared distance in the tables: its exponent and first binary digits."""
    return min(max((np.float32(square).view(np.int32) >> _SHIFT) - _FIRST, 0), _LAST)


@numba.njit(fastmath=ORDERLY)  # type: ignore[untyped-decorator]
def _force(table: Any, here: Any, places: Any, other: Any, dims: Any) -> Any:
    """Return the table's value at the squared distance, 0 where both places are the same."""
    square = np.float32(0)
    for c in range(dims):
        away = here[c] - places[other, c]
        square += away * away
    return table[_step(square)] if square > 0 else np.float32(0)


@numba.njit(fastmath=ORDERLY)  # type: ignore[untyped-decorator]
def _moved(here: Any, places: Any, other: Any, dims: Any, force: Any, rate: Any) -> None:
    for c in range(dims):
        here[c] += rate * min(max(force * (here[c] - places[other, c]), -_CLIP), _CLIP)


@numba.njit(fastmath=ORDERLY, inline="always")  # type: ignore[untyped-decorator]
def _block(
    block: Any,
    dims: Any,
    old: Any,
    new: Any,
    pool: Any,
    indptr: Any,
    indices: Any,
    weights: Any,
    pulls: Any,
    pushes: Any,
    rate: Any,
    epoch: Any,
    seed: Any,
    turn: Any,
    turns: Any,
) -> None:
    """Move a block of rows; *pool* holds the places that they are pushed away from, all of them or some."""
    n, drawn = len(old), len(pool)
    now, then, half = np.float32(epoch), np.float32(epoch + 1), np.float32(0.5)
    here = np.empty(dims, np.float32)
    for i in range(block * _ROWS, min(n, (block + 1) * _ROWS)):
        state = _mixed(_mixed(_U(seed) * _GOLDEN + _U(epoch * turns + turn)) + _U(i))
        for c in range(dims):
            here[c] = old[i, c]
        for e in range(indptr[i] + (turn + i) % turns, indptr[i + 1], turns):
            # An edge is drawn as often as it weighs, from its lower row on the beat and from the other off it.
            on = int(then * weights[e]) - int(now * weights[e])
            off = int(then * weights[e] + half) - int(now * weights[e] + half)
            other = indices[e]
            for _ in range(on + off):
                _moved(here, old, other, dims, _force(pulls, here, old, other, dims), rate)
            for _ in range(NEGATIVES * (on if i < other else off)):
                state += _GOLDEN
                far = np.int64(((_mixed(state) >> _U(32)) * _U(drawn)) >> _U(32))
                if far != i or drawn < n:
                    _moved(here, pool, far, dims, _force(pushes, here, pool, far, dims), rate)
        for c in range(dims):
            new[i, c] = here[c]


@numba.njit(parallel=True, fastmath=ORDERLY, cache=True, nogil=True)  # type: ignore[untyped-decorator]
def move(
    axes: Any,
    old: Any,
    new: Any,
    pool: Any,
    indptr: Any,
    indices: Any,
    weights: Any,
    pulls: Any,
    pushes: Any,
    rate: Any,
    epoch: Any,
    seed: Any,
    turn: Any,
    turns: Any,
) -> None:
    """Write to *new* where every row of *old* goes by every *turns*-th of its edges; see `layout.epochs`.

    *axes* is PLANE for places of two dimensions, None for those of any number: a tuple's length belongs to its
    type, and a number that the compiler knows saves a quarter of the time.
    """
    for block in numba.prange((len(old) + _ROWS - 1) // _ROWS):
        dims = old.shape[1] if axes is None else len(axes)
        _block(block, dims, old, new, pool, indptr, indices, weights, pulls, pushes, rate, epoch, seed, turn, turns)
