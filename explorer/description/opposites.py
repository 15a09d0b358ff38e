"""Finds phrases that say the opposite of what a part of their group says: "expensive watch", amid "a cheap watch".

What a text claims `claims` reads; it finds no phrases: `sayings` does.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from explorer.description.claims import Claim, Claims
from explorer.description.forms import own_languages, stop_words_of
from explorer.description.groupwords import spread
from explorer.description.words import words
from explorer.kinds import each
from explorer.types import BoolArray, FloatArray, Item

_OPPOSED = 0.15
"""A phrase is not true of a group of which so many rows say the opposite."""
_DENIED = 0.3
"""Nor is one that judges nothing, of which so many deny a part."""
_FEWEST = 2
_ALL = 0.8
"""A phrase takes a side when so many of the rows that have it say one end of a scale."""
_SPOKEN, _LOOKED_AT = 0.3, 500
"""A language is spoken here when so many of the stop words are its own that the first language has, by some texts."""
_HEARD = 4000
"""Texts whose words are looked at for those that a syllable denies."""

Rows = NDArray[np.int64]


@dataclass(frozen=True)
class Opposites:
    """What *items* judge, by the scales of the languages that a *sample* of their rows is in."""

    items: Sequence[Item]
    sample: Rows
    _said: dict[int, tuple[Claim, ...]] = field(default_factory=dict)

    def against(self, phrases: Sequence[Sequence[str]], rows: Rows, having: FloatArray | None = None) -> BoolArray:
        """Return of which *phrases* a good part of *rows* says the opposite, bool (phrases,).

        So it does of what only those say who say one end of a scale, of which others say the other: "costs a fortune".
        *having*, (phrases, rows), is 1 where a row has a phrase.  Rows are read only where a phrase judges.
        O(rows · words), once for each row.
        """
        claimed = [self._claims(phrase) for phrase in phrases]
        told = [tuple(self._reads.said(phrase)) for phrase in phrases]
        opposed = np.zeros(len(phrases), np.bool_)
        if not len(rows) or not any(judged or len(of) > 1 for (judged, _), of in zip(claimed, told, strict=True)):
            return opposed
        spoken = [self._of_row(row) for row in rows.tolist()]
        said = [frozenset(of) for of in spoken]
        least = max(_FEWEST, _OPPOSED * len(rows))
        for at, (judged, beside) in enumerate(claimed):
            if judged:
                turned = {(scale, not end) for scale, end in judged}
                opposed[at] = (
                    sum(not turned.isdisjoint(of) and judged.isdisjoint(of) and beside <= of for of in said) >= least
                )
            opposed[at] |= _denied(told[at], spoken) >= max(_FEWEST, _DENIED * len(rows))
        scales = sorted(
            {scale for at in np.flatnonzero(opposed) for scale, _ in claimed[at][0] if scale in self._reads.names}
        )
        ends = [
            [((scale, end) in of) & ((scale, not end) not in of) for scale in scales for end in (True, False)]
            for of in said
        ]
        if having is not None and scales:
            says = np.array(ends, np.float32)
            split = (says.sum(axis=0).reshape(-1, 2) >= least).all(axis=1).repeat(2)
            times = having.sum(axis=1, keepdims=True)
            opposed |= (split & (having @ says >= _ALL * np.maximum(times, 1)) & (times > 0)).any(axis=1)
        return opposed

    def denied_by(self, name: str, rows: Rows) -> BoolArray:
        """Return which of *rows* say the opposite of a phrase of a *name*, and not the same beside it, bool (rows,)."""
        denied = np.zeros(len(rows), np.bool_)
        for phrase in name.split(", "):
            judged, beside = self._claims(words(phrase))
            turned = {(scale, not end) for scale, end in judged}
            if turned:
                said = [frozenset(self._of_row(row)) for row in rows.tolist()]
                denied |= [not turned.isdisjoint(of) and judged.isdisjoint(of) and beside <= of for of in said]
        return denied

    def _of_row(self, row: int) -> tuple[Claim, ...]:
        if row not in self._said:
            (text,) = each([self.items[row]], lambda kind: kind.words)
            self._said[row] = tuple(self._reads.said(words(text or "")))
        return self._said[row]

    def _claims(self, phrase: Sequence[str]) -> tuple[frozenset[Claim], frozenset[Claim]]:
        """Return what a phrase claims that may be turned round, and what with it: "not collected", of the "bin".

        Nothing where it says both ends of a scale; of one word alone, as in "not transfer", nobody knows what it is of.
        """
        if not any(self._reads.judges(word) or self._reads.negates(word) for word in phrase):
            return frozenset(), frozenset()
        claims = frozenset(self._reads.said(phrase))
        judged = frozenset(one for one in claims if one[0] in self._reads.names)
        denied = frozenset(one for one in claims - judged if not one[1])
        beside = claims - judged - denied if denied else frozenset()
        judged |= denied if beside else frozenset()
        both = any((scale, not end) in judged for scale, end in judged)
        return (frozenset(), frozenset()) if both else (judged, beside)

    @cached_property
    def _reads(self) -> Claims:
        heard = [token for of in self._tokens(_HEARD) for token in of if token[:1].isalpha()]
        return Claims(self._languages, frozenset(heard))

    def _tokens(self, most: int) -> list[list[str]]:
        texts = each([self.items[row] for row in spread(self.sample, most).tolist()], lambda kind: kind.words)
        return [words(text) for text in texts if text]

    @cached_property
    def _languages(self) -> list[str]:
        """The languages spoken here, the most spoken first."""
        tokens = [token for of in self._tokens(_LOOKED_AT) for token in of]
        times = {code: sum(token in stop_words_of(code) for token in tokens) for code in own_languages()}
        most = max(times.values(), default=0)
        spoken = [code for code, often in times.items() if often and often >= _SPOKEN * most]
        return sorted(spoken, key=lambda code: -times[code])


def _denied(phrase: tuple[Claim, ...], spoken: Sequence[tuple[Claim, ...]]) -> int:
    """Return how many rows say the words of a phrase that denies nothing with a "not" among them, and never without.

    A "not" before all of them counts only where others have it inside, so that a part of them is what is denied: of
    "parcel arrived", as in "no parcel arrived", but not of a "parking space" that nobody finds.
    """
    length = len(phrase)
    if length < 2 or not all(so for _, so in phrase):
        return 0
    stems = [stem for stem, _ in phrase]
    inside = before = 0
    for of in spoken:
        held = {(*(so for _, so in of[at : at + length]),)
                for at in range(len(of) - length + 1)
                if of[at][0] == stems[0] and [stem for stem, _ in of[at : at + length]] == stems}  # fmt: skip
        if held and not any(all(one) for one in held):
            inside += any(any(one) for one in held)
            before += not any(any(one) for one in held)
    return inside + before if inside >= _FEWEST else 0
