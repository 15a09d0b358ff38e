"""Finds phrases that say the opposite of what a part of their group says: "expensive watch", amid "a cheap watch".

It knows scales of judgement in some languages (`opposites.txt`) and negations; it finds no phrases: `sayings` does.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from explorer.description.forms import negations_of, own_languages, stop_words_of
from explorer.description.groupwords import spread
from explorer.description.words import is_contracted_not, words
from explorer.kinds import each
from explorer.types import BoolArray, FloatArray, Item

_SCALES = Path(__file__).with_name("opposites.txt")
_OPPOSED = 0.15
"""A phrase is not true of a group of which so many rows say the opposite."""
_FEWEST = 2
_ALL = 0.8
"""A phrase takes a side when so many of the rows that have it say one end of a scale."""
_REACH = 4
"""Words that a "not" before them turns round, in its sentence."""
_SPOKEN, _LOOKED_AT = 0.3, 500
"""A language is spoken here when so many of the stop words are its own that the first language has, by some texts."""

Rows = NDArray[np.int64]
Claim = tuple[str, bool]
"""Which end of a scale is said, or of what is done whether it is."""


@dataclass(frozen=True)
class Opposites:
    """What *items* judge, by the scales of the languages that a *sample* of their rows is in."""

    items: Sequence[Item]
    sample: Rows
    _said: dict[int, frozenset[Claim]] = field(default_factory=dict)

    def against(self, phrases: Sequence[Sequence[str]], rows: Rows, having: FloatArray | None = None) -> BoolArray:
        """Return of which *phrases* a good part of *rows* says the opposite, bool (phrases,).

        So it does of what only those say who say one end of a scale, of which others say the other: "costs a fortune".
        *having*, (phrases, rows), is 1 where a row has a phrase.  Rows are read only where a phrase judges.
        O(rows · words), once for each row.
        """
        claimed = [self._claims(phrase) for phrase in phrases]
        opposed = np.zeros(len(phrases), np.bool_)
        if not any(judged for judged, _ in claimed) or not len(rows):
            return opposed
        said = [self._of_row(row) for row in rows.tolist()]
        least = max(_FEWEST, _OPPOSED * len(rows))
        for at, (judged, beside) in enumerate(claimed):
            if judged:
                turned = {(scale, not end) for scale, end in judged}
                opposed[at] = (
                    sum(not turned.isdisjoint(of) and judged.isdisjoint(of) and beside <= of for of in said) >= least
                )
        scales = sorted(
            {scale for at in np.flatnonzero(opposed) for scale, _ in claimed[at][0] if scale in self._names}
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

    def _of_row(self, row: int) -> frozenset[Claim]:
        if row not in self._said:
            (text,) = each([self.items[row]], lambda kind: kind.words)
            self._said[row] = frozenset(self._all_claims(words(text or "")))
        return self._said[row]

    def _claims(self, phrase: Sequence[str]) -> tuple[frozenset[Claim], frozenset[Claim]]:
        """Return what a phrase claims that may be turned round, and what with it: "not collected", of the "bin".

        Nothing where it says both ends of a scale; of one word alone, as in "not transfer", nobody knows what it is of.
        """
        if not any(word in self._ends or word in self._negations for word in phrase):
            return frozenset(), frozenset()
        claims = frozenset(self._all_claims(phrase))
        judged = frozenset(one for one in claims if one[0] in self._names)
        denied = frozenset(one for one in claims - judged if not one[1])
        beside = claims - judged - denied if denied else frozenset()
        judged |= denied if beside else frozenset()
        both = any((scale, not end) in judged for scale, end in judged)
        return (frozenset(), frozenset()) if both else (judged, beside)

    def _all_claims(self, tokens: Iterable[str]) -> Iterator[Claim]:
        """Yield the ends of scales that tokens say, and each word with whether it is so: "good", "not collected"."""
        reach = 0
        for token in tokens:
            if token in self._negations or is_contracted_not(token):
                reach = _REACH
                continue
            if not token[:1].isalnum():
                reach = 0
                continue
            scales = self._ends.get(token)
            if scales is None:
                if token not in self._stops:
                    yield f" {token}", reach == 0
            else:
                yield from ((scale, end == (reach == 0)) for scale, end in scales)
            reach = max(0, reach - 1)

    @cached_property
    def _languages(self) -> list[str]:
        texts = each([self.items[row] for row in spread(self.sample, _LOOKED_AT).tolist()], lambda kind: kind.words)
        tokens = [token for text in texts if text for token in words(text)]
        times = {code: sum(token in stop_words_of(code) for token in tokens) for code in own_languages()}
        most = max(times.values(), default=0)
        return [code for code, often in times.items() if often and often >= _SPOKEN * most]

    @cached_property
    def _ends(self) -> dict[str, tuple[Claim, ...]]:
        """What each word that judges says."""
        found: dict[str, tuple[Claim, ...]] = {}
        for code in self._languages:
            for at, ends in enumerate(_scales().get(code, ())):
                for end, members in zip((True, False), ends, strict=True):
                    for word in members:
                        found[word] = (*found.get(word, ()), (f"{code}{at}", end))
        return found

    @cached_property
    def _names(self) -> frozenset[str]:
        return frozenset(scale for ends in self._ends.values() for scale, _ in ends)

    @cached_property
    def _negations(self) -> frozenset[str]:
        return frozenset().union(*(negations_of(code) for code in self._languages))

    @cached_property
    def _stops(self) -> frozenset[str]:
        return frozenset().union(*(stop_words_of(code) for code in self._languages))


@functools.cache
def _scales() -> dict[str, list[tuple[frozenset[str], frozenset[str]]]]:
    """Return the scales of each language, by its code: the words of either end."""
    found: dict[str, list[tuple[frozenset[str], frozenset[str]]]] = {}
    for line in _SCALES.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            code, _, members = line.partition(":")
            one, _, other = members.partition("|")
            found.setdefault(code, []).append((frozenset(one.split()), frozenset(other.split())))
    return found
