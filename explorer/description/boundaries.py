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

_ALWAYS, _LEAST = 0.8, 3
"""A word goes with another when so many of its places are beside it, and there are so many at least."""

Ids = NDArray[np.int64]


@dataclass(frozen=True)
class Boundaries:
    """All texts' tokens in one row, *ids* int (m,), 0 for whatever stands between two thoughts, a *number* among it.

    A thought goes on with a token that is *content*, or *opens* what is ("the", "too"), or *trails* ("top up").  What
    *asks* belongs to what follows: the "how" of "how long is the cable", the "first" of "first aid".  What is *inner*
    may stand in a phrase.
    """

    ids: NDArray[np.int32]
    content: BoolArray
    opens: BoolArray
    trails: BoolArray
    number: BoolArray
    asks: BoolArray
    inner: BoolArray

    def ended(self, last: Ids, which: Ids, count: int) -> BoolArray:
        """Return for each of *count* phrases whether its texts end it, bool (count,); *last* are their last tokens."""
        free = np.bincount(which, weights=self._free_after[last], minlength=count)
        return np.asarray(free >= _ENDS * np.bincount(which, minlength=count))

    def whole(self, places: Ids, which: Ids, count: int, length: int) -> BoolArray:
        """Return for each of *count* phrases of so many words at *places* whether it begins and ends with a thought.

        A single word does unless it goes with one other, with numbers or with what it is said of: "council" tax, ten
        "minutes", "answers" the phone.  Different words before a phrase are what it is said of ("Ewa / Rosa comes
        late"); one and the same is a piece of it, and so is a number.  What goes with the next word is one word with
        it, which different ones may follow: "council tax" line, bill.
        """
        last = places + length - 1
        times = np.bincount(which, minlength=count)
        if length == 1:
            held = np.maximum(self._most_before(places, which, count, length), self._held_behind(last, which, count))
            return np.asarray((held < _ALWAYS * times) | (times < _LEAST))
        begun = self._most_before(places, which, count, length) <= (1 - _BEGINS) * times
        joined = (
            np.bincount(which, weights=self._joined[last] | ~self._all_joined(places, length), minlength=count) == 0
        )
        joined &= self._held_behind(last, which, count) < _ALWAYS * times
        return np.asarray(begun & (joined | self.ended(last, which, count)))

    def _most_before(self, places: Ids, which: Ids, count: int, length: int) -> Ids:
        """Return at how many of its places each phrase has that word before it, or a number, that it has most often.

        What goes on over a stop word is a piece, too, where it goes on over one itself: receipts of "the scouts to the
        treasurer".
        """
        before = np.maximum(places - 1, 0)
        bound = (self.content | self.number | self.asks)[before] & (places > 0)
        chained = np.zeros(len(places), np.bool_)
        for step in range(1, length - 1):
            chained |= ~self.content[places + step]
        over = self._binds[before]
        before, bound = np.where(chained, over, before), np.where(chained, (over >= 0) & (places > 0), bound)
        return self._most(which[bound], self.ids[before[bound]], count)

    def _held_behind(self, last: Ids, which: Ids, count: int) -> Ids:
        """Return at how many of its places each phrase goes on with the word that mostly follows, or an article."""
        behind = np.minimum(last + 1, len(self.ids) - 1)
        bound = (self.content | self.trails)[behind]
        opened = np.bincount(which, weights=self.opens[behind], minlength=count).astype(np.int64)
        return opened + self._most(which[bound], self.ids[behind[bound]], count)

    def _most(self, which: Ids, beside: NDArray[np.int32], count: int) -> Ids:
        size = int(self.ids.max(initial=0)) + 1
        mixed, times = np.unique(which * size + beside, return_counts=True)
        most = np.zeros(count, np.int64)
        np.maximum.at(most, mixed // size, times)
        return most

    def _all_joined(self, places: Ids, length: int) -> BoolArray:
        joined = np.ones(len(places), np.bool_)
        for step in range(length - 1):
            joined &= self._joined[places + step]
        return joined

    @cached_property
    def _binds(self) -> Ids:
        """The place of what each token goes on from: itself, or "receipts" for the "the" of "receipts of the camp"."""
        at = np.arange(len(self.ids))
        binds = self.content | self.number | self.asks
        last = np.maximum.accumulate(np.where(binds, at, -1))
        stop = np.maximum.accumulate(np.where(binds | self.inner, -1, at))
        return np.where(last > stop, last, -1)

    @cached_property
    def _joined(self) -> BoolArray:
        """Whether each token's word is hardly ever said but before the one that is behind it here."""
        size = int(self.ids.max(initial=0)) + 1
        times = np.bincount(self.ids, minlength=size)
        at = np.flatnonzero(self.content[:-1] & self.content[1:])
        mixed, which, pairs = np.unique(
            self.ids[at].astype(np.int64) * size + self.ids[at + 1], return_inverse=True, return_counts=True
        )
        always = (pairs >= _ALWAYS * times[mixed // size]) & (pairs >= _LEAST)
        joined = np.zeros(len(self.ids), np.bool_)
        joined[at] = always[which]
        return joined

    @cached_property
    def _free_after(self) -> BoolArray:
        """Whether a thought may end at each token: what comes next holds nothing."""
        return np.append(~(self.content | self.opens | self.trails)[1:], True)
