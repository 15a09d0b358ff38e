"""Finds what the texts of a group say that others do not, and of how many of them it is true.

It knows no vectors: which of the phrases become a name, `titles` chooses.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from explorer.description.candidates import Candidate
from explorer.description.keywords import KeywordIndex
from explorer.description.words import is_unspaced
from explorer.types import BoolArray, FloatArray

_ALL, _DETAIL = 0.99, 0.25
"""Where one or two phrases are true of so many rows of a group, and of no others, what is true of fewer than a quarter
is a detail that names nothing."""
_MORE = 1.5
"""What is not so many times as usual in a group as outside names nothing: "photos in the folder", below all reports."""
_OF_ALL = 0.5
"""The name of a person or place names a group when so many of its texts have it."""
_PAIRED = 60
"""So many of the best phrases are looked at in pairs."""

Rows = NDArray[np.int64]


@dataclass(frozen=True)
class Sayings:
    """Phrases of a group, the best first; *said*, float32 (phrases, m) of 0 and 1, tells which of m rows have their
    words, and *usual*, float32 (phrases,), what share of all other rows has the rarest of them.

    *shared*: one or two of them are true of nearly all of the rows.
    """

    phrases: Sequence[Candidate]
    said: FloatArray
    usual: FloatArray
    shared: bool = False

    def only(self, stays: BoolArray) -> Sayings:
        """Return the phrases that stay, all where none does."""
        return self.first(np.flatnonzero(stays).tolist()) if stays.any() else self

    def first(self, places: Sequence[int]) -> Sayings:
        """Return the phrases at these places."""
        at = np.array(places, np.int64)
        return Sayings([self.phrases[i] for i in places], self.said[at], self.usual[at], self.shared)


def sayings_of(
    index: KeywordIndex, pieces: Sequence[Rows], rows: Rows, *, count: int, top: int, proper: frozenset[str]
) -> Sayings:
    """Return what a group of so many as *count* says, at most *top* phrases; *rows* of all its *pieces* are looked at.

    What all its rows share comes before a detail, and a word that is *proper* (a name) only where most have it.
    """
    found = index.phrases_of(pieces, class_words=index.class_words(count + 1), top=top)
    found = [phrase for phrase in found if not is_unspaced(phrase.words[0])]
    terms = [phrase.words for phrase in found]
    if not terms or not len(rows):
        return Sayings(found, np.zeros((len(found), len(rows)), np.float32), np.zeros(len(found), np.float32))
    said, usual = index.said(terms, rows), index.usual(terms, np.concatenate(list(pieces)))
    share = said.mean(axis=1)
    names = proper - {words[0] for words, of in zip(terms, share, strict=True) if len(words) == 1 and of >= _OF_ALL}
    shared = _best_two(said, usual) >= _ALL
    made = Sayings(found, said, usual, shared).only(share >= _MORE * usual)
    if shared:
        made = made.only(made.said.mean(axis=1) >= _DETAIL)
    common = made.said.mean(axis=1) >= _OF_ALL
    return made.only(common | np.array([names.isdisjoint(phrase.words) for phrase in made.phrases]))


def _best_two(said: FloatArray, usual: FloatArray) -> float:
    """Return of what share of a group's rows the best two phrases say something, less what they say of all others."""
    share = said.mean(axis=1)
    best = np.argsort(usual - share, kind="stable")[:_PAIRED]
    said, usual, share = said[best], usual[best], share[best]
    either = share[:, None] + share[None] - said @ said.T / said.shape[1]
    return float((either - np.maximum(usual[:, None], usual[None])).max())
