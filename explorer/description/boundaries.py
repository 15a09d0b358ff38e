"""Tells phrases that are whole from those that their texts never end there: "hoard of bronze Roman" coins.

It knows no words: which tokens say something, open what follows or are numbers comes from the caller.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from explorer.types import BoolArray

_ENDS = 0.2
"""A phrase is whole when at least so many of its places end a thought: free texts go on in some of them …"""
_BEGINS = 0.2
"""… and when at least so many begin one, or another word is before them than the one that mostly is."""

Ids = NDArray[np.int64]


@dataclass(frozen=True)
class Boundaries:
    """All texts' tokens in one row, *ids* int (m,), 0 for whatever stands between two thoughts, a *number* among it.

    A thought goes on with a token that is *content*, or *opens* what is: "the", and the "up" of "top up".  What
    *asks* belongs to what follows: the "how" of "how long is the cable".
    """

    ids: NDArray[np.int32]
    content: BoolArray
    opens: BoolArray
    number: BoolArray
    asks: BoolArray

    def ended(self, last: Ids, which: Ids, count: int) -> BoolArray:
        """Return for each of *count* phrases whether its texts end it, bool (count,); *last* are their last tokens."""
        free = np.bincount(which, weights=self._free_after[last], minlength=count)
        return np.asarray(free >= _ENDS * np.bincount(which, minlength=count))

    def whole(self, places: Ids, which: Ids, count: int, length: int) -> BoolArray:
        """Return for each of *count* phrases of so many words at *places* whether it begins and ends with a thought.

        A single word is: what only goes with another is left out for the two.  Different words before a phrase are
        what it is said of ("Ewa / Rosa comes late"); one and the same is a piece of it, and so is a number.
        """
        if length == 1:
            return np.ones(count, np.bool_)
        before = np.maximum(places - 1, 0)
        bound = (self.content | self.number | self.asks)[before] & (places > 0)
        size = int(self.ids.max(initial=0)) + 1
        mixed, times = np.unique(which[bound] * size + self.ids[before[bound]], return_counts=True)
        most = np.zeros(count, np.int64)
        np.maximum.at(most, mixed // size, times)
        begun = most <= (1 - _BEGINS) * np.bincount(which, minlength=count)
        return begun & self.ended(places + length - 1, which, count)

    @cached_property
    def _free_after(self) -> BoolArray:
        """Whether a thought may end at each token: what comes next holds nothing."""
        return np.append(~(self.content | self.opens)[1:], True)
