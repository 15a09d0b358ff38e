"""Holds how near the names of all groups are to the rows of a sample, so that one may choose another name at once.

It chooses none: `titles` does.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from explorer.types import FloatArray


class Rivals:
    """How near the present name of each group is to each row of a sample, and which two are nearest to it.

    Each new name is looked at where it is, or was, one of these two: O(groups) for a few rows, not for all.
    """

    def __init__(self, groups: int, names: Mapping[int, FloatArray], rows: int) -> None:
        """Take how near the names of some groups are to all *rows*, float32 (rows,)."""
        self.near = np.full((groups, rows), -2.0, np.float32)
        for at, reach in names.items():
            self.near[at] = reach
        self._two = np.zeros((2, rows), np.int64)
        self._find(np.arange(rows))

    def put(self, at: int, reach: FloatArray) -> None:
        """Give a group another name, which is so near to the rows."""
        second = self.near[self._two[1], np.arange(len(reach))]
        self.near[at] = reach
        self._find(np.flatnonzero((self._two == at).any(axis=0) | (reach > second)))

    def besides(self, at: int) -> FloatArray:
        """Return how near the nearest name of another group is to each row, float32 (rows,)."""
        of = np.where(self._two[0] == at, self._two[1], self._two[0])
        return np.asarray(self.near[of, np.arange(len(of))])

    def _find(self, rows: NDArray[np.int64]) -> None:
        near = self.near[:, rows]
        self._two[0, rows] = near.argmax(axis=0)
        near[self._two[0, rows], np.arange(len(rows))] = -np.inf
        self._two[1, rows] = near.argmax(axis=0)
