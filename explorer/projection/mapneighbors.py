"""Who is next to whom on the map: the rows nearest to each row, and how far down that list another row is.

It knows nothing of the vectors; rows without a place (nan) are next to nobody.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from explorer.types import FloatArray, IntArray

_BLOCK = 65_536


def map_neighbors(xy: FloatArray, k: int, *, rows: NDArray[Any] | None = None) -> IntArray:
    """Return int32 (m, k): the rows nearest on a map without nan to each of *rows* (None: all), itself left out.

    k is at most n - 1.  About 3 s on two cores for a million rows and k = 15; 30 MB beside the result and the tree.
    """
    from scipy.spatial import cKDTree

    asked = np.arange(len(xy)) if rows is None else np.asarray(rows)
    found = np.empty((len(asked), k), np.int32)
    tree = cKDTree(xy)
    for at in range(0, len(asked), _BLOCK):
        part = asked[at : at + _BLOCK]
        _, near = tree.query(xy[part], k + 1, workers=-1)
        own = near == part[:, None]
        own[~own.any(axis=1), -1] = True
        found[at : at + _BLOCK] = near[~own].reshape(len(part), k)
    return found


def around_on_map(
    xy: FloatArray, row: int, k: int, others: NDArray[Any]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the at most k rows nearest to one row on the map, and the `map_ranks` of *others*.

    Nearest first, ties by row; none if it has no place.  O(n), with nothing built or kept beforehand.
    """
    squares = _squares(xy, row)
    ranks = _ranks(squares, row, others)
    placed = int(np.count_nonzero(np.isfinite(squares)))
    k = min(k, placed)
    if k < 1:
        return np.empty(0, np.int64), ranks
    farthest = np.partition(squares, k - 1)[k - 1]
    near = np.flatnonzero(squares <= farthest)
    return near[np.lexsort((near, squares[near]))][:k], ranks


def map_ranks(xy: NDArray[Any], row: int, others: NDArray[Any]) -> NDArray[np.int64]:
    """Return int64 (m,): 1 + how many rows are nearer to *row* on the map than each of the *others*.

    0 for another, or a row, without a place.  Exact; O(n), and no more for many *others* than for one.
    """
    return _ranks(_squares(xy, row), row, others)


def count_below(values: NDArray[Any], limits: NDArray[Any]) -> NDArray[np.int64]:
    """Return int64 (m,): how many of the (n,) values are smaller than each of the (m,) limits; nan is never smaller."""
    order = np.argsort(limits)
    rising = limits[order]
    there = np.isfinite(rising)
    counts = np.zeros(len(limits), np.int64)
    if not there.any():
        return counts
    rising = rising[there]
    below = values[values < rising[-1]]
    first_above = np.searchsorted(rising, below, side="right")
    counts[order[there]] = np.cumsum(np.bincount(first_above, minlength=len(rising))[: len(rising)])
    return counts


def _squares(xy: NDArray[Any], row: int) -> NDArray[Any]:
    """Return (n,) squared distances to a row on the map."""
    squares = np.zeros(len(xy), xy.dtype)
    for axis in range(xy.shape[1]):
        difference = xy[:, axis] - xy[row, axis]
        squares += difference * difference
    return squares


def _ranks(squares: NDArray[Any], row: int, others: NDArray[Any]) -> NDArray[np.int64]:
    """Return the `map_ranks` by the squared distances to a row, which is then nearest to nobody: its own are nan."""
    limits = squares[others]
    squares[row] = np.nan
    return np.where(np.isfinite(limits), count_below(squares, limits) + 1, 0)
