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
            behind = self._held_behind(last, which, count, self.trails)
            held = np.maximum(self._most_before(places, which, count, length), behind)
            held = np.maximum(held, self._fixed_before(places, which, count))
            return np.asarray((held < _ALWAYS * times) | (times < _LEAST))
        begun = self._most_before(places, which, count, length) <= (1 - _BEGINS) * times
        joined = (
            np.bincount(which, weights=self._joined[last] | ~self._all_joined(places, length), minlength=count) == 0
        )
        joined &= self._held_behind(last, which, count, self._trailed) < _ALWAYS * times
        return np.asarray(begun & (joined | self.ended(last, which, count)))

    def leads_to(self, last: Ids, which: Ids, count: int) -> Ids:
        """Return for each of *count* phrases a place of the one word that it nearly always goes on to, or -1.

        Over stop words, as "bowl arrived" does, of "the bowl arrived with a scratch": it stops half way.
        """
        times, to = np.bincount(which, minlength=count), self._leads_to[last]
        there = to >= 0
        place = np.full(count, -1, np.int64)
        often = (self._most(which[there], self.ids[to[there]], count) >= _ALWAYS * times) & (times >= _LEAST)
        place[which[there]] = to[there]
        return np.where(often, place, -1)

    def _fixed_before(self, places: Ids, which: Ids, count: int) -> Ids:
        """Return at how many of its places each word has those two stop words before it that it has most often.

        The last one opens nothing: "date" is a piece of "out of date", but "sea" none of "by the sea".
        """
        if not len(places):
            return np.zeros(count, np.int64)
        one, two = np.maximum(places - 1, 0), np.maximum(places - 2, 0)
        stops = self.inner & ~self.content & ~self.number & ~self.asks & (self.ids > 0)
        fixed = (places > 1) & stops[one] & stops[two] & ~self.opens[one] & ~self.opens[two]
        pair = self.ids[two].astype(np.int64) * (int(self.ids.max(initial=0)) + 1) + self.ids[one]
        _, pair = np.unique(pair, return_inverse=True)
        return self._most(which[fixed], pair[fixed].astype(np.int32), count)

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

    def _held_behind(self, last: Ids, which: Ids, count: int, trails: BoolArray) -> Ids:
        """Return at how many of its places each phrase goes on with the word that mostly follows, or an article.

        What follows says something or *trails*, bool (m,).
        """
        behind = np.minimum(last + 1, len(self.ids) - 1)
        bound = (self.content | trails)[behind]
        opened = np.bincount(which, weights=self.opens[behind], minlength=count).astype(np.int64)
        return opened + self._most(which[bound], self.ids[behind[bound]], count)

    @staticmethod
    def _most(which: Ids, beside: NDArray[np.int32], count: int) -> Ids:
        size = int(beside.max(initial=0)) + 1  # pairs of words are more than words
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
    def _leads_to(self) -> Ids:
        """The place of the word that says something behind the stop words behind each token; -1 where there is none."""
        at = np.arange(len(self.ids))
        never = len(at)
        following = np.append(np.minimum.accumulate(np.where(self.content, at, never)[::-1])[::-1], never)[1:]
        stopped = self.content | ~(self.inner | self.opens) | self.trails  # a lone "a" opens, and is no token
        ends = np.append(np.minimum.accumulate(np.where(stopped, at, never)[::-1])[::-1], never)[1:]
        return np.where((following == ends) & (following > at + 1) & (following < never), following, -1)

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
    def _trailed(self) -> BoolArray:
        """Whether each token trails what is before it, or one stop word before one that does: "logging me out"."""
        stops = (self.ids > 0) & ~self.content & ~self.opens & ~self.number
        return np.asarray(self.trails | (stops & np.append(self.trails[1:], False)))

    @cached_property
    def _free_after(self) -> BoolArray:
        """Whether a thought may end at each token: what comes next holds nothing."""
        return np.append(~(self.content | self.opens | self._trailed)[1:], True)
