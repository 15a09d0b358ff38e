"""Tells which terms are mere pieces of longer ones: "lane", where it is hardly ever said but in "mill lane".

It counts no texts: in how many each term is comes from the caller.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from explorer.types import BoolArray, IntArray

_CONTINUED, _HERE = 0.6, 0.9
"""A phrase stands for a shorter one when so many of the shorter one's texts have it, of all texts or of a group's."""

Columns = NDArray[np.int64]


@dataclass(frozen=True)
class Pieces:
    """Which terms begin or end a longer one that its texts end: *piece* and *of*, int64 (p,), ascending by piece."""

    piece: Columns
    of: Columns

    @classmethod
    def among(cls, at: Mapping[tuple[str, ...], int], ended: BoolArray) -> Pieces:
        """Return the pieces among terms with their columns; one of a term that its texts do not end is none."""
        found: list[tuple[int, int]] = []
        for term, place in at.items():
            if len(term) > 1 and ended[place]:
                parts = (piece for cut in range(1, len(term)) for piece in (term[cut:], term[:-cut]))
                found += [(at[part], place) for part in parts if part in at]
        piece, of = np.array(sorted(found) or np.zeros((0, 2)), np.int64).T
        return cls(piece, of)

    def continued(self, times: NDArray[np.int64]) -> Columns:
        """Return the terms for which a longer one stands, each of which is in so many of all texts as *times* tells."""
        return self.piece[times[self.of] >= _CONTINUED * times[self.piece]]

    def uncut(self, terms: Columns, times: NDArray[np.int64]) -> Columns:
        """Return those of *terms* for which none of the others stands in a group, in whose texts they are so often."""
        first, last = (np.searchsorted(self.piece, terms, side) for side in ("left", "right"))
        count = last - first
        which = np.repeat(np.arange(len(terms)), count)
        pairs = np.arange(int(count.sum())) - np.repeat(np.cumsum(count) - count, count) + np.repeat(first, count)
        of = self.of[pairs]
        stands = (times[of] >= _HERE * times[terms[which]]) & np.isin(of, terms)
        cut = np.zeros(len(terms), np.bool_)
        cut[which[stands]] = True
        return terms[~cut]


def begun_only(
    terms: Sequence[tuple[str, ...]], whole: BoolArray, led: IntArray, parts: IntArray, times: Columns
) -> BoolArray:
    """Return which terms stop half way: "bowl arrived", and "arrived", of "a bowl arrived with a scratch on one side".

    *led*, int32 (t,), is the column of the word that a term is always led on to, -1 for none.  One of a single word
    gives way to a longer one that begins there: "scratch on one side"; another one to the shorter one that lacks but
    its last word, where that one is in more texts, as *times* tells of each: "bowl".
    """
    found = np.zeros(len(terms), np.bool_)
    at = {term: place for place, term in enumerate(terms) if whole[place]}
    opens = {int(parts[place, 0]) for term, place in at.items() if len(term) > 1}
    for place in np.flatnonzero((led >= 0) & whole).tolist():
        own, length = parts[place], len(terms[place])
        if length == 1:
            found[place] = int(led[place]) in opens
        elif own[length - 1] >= 0 and (own[: length - 1] >= 0).any():
            said = int(np.flatnonzero(own[: length - 1] >= 0)[-1])
            shorter = at.get(terms[place][: said + 1])
            found[place] = shorter is not None and times[place] < _CONTINUED * times[shorter]
    return found
