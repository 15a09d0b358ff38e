"""Names groups of pictures: by what is seen in them more often than elsewhere, and by what is true of most of them.

It opens no picture: their vectors and those of the words are all it knows.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import PurePosixPath
from typing import Any

import numpy as np
from numpy.typing import NDArray

from explorer.description.groupwords import spread
from explorer.description.telling import Seen
from explorer.description.titles import OF_PICTURES, OF_SEEN, SEEN, Group, Phrase, Title, written
from explorer.description.vocabulary import (
    Vocabulary,
    are_likely,
    are_true,
    likely_word,
    nearest_words,
    shares_of,
    true_of_most,
    words_for_most,
)
from explorer.kinds import kind_of
from explorer.types import BoolArray, FloatArray, Item

_CANDIDATES = 80
UNKNOWN = "pictures"
"""What pictures are called of which nothing is true that the encoder sees."""
_OPTIONS = 6
"""Names of a group of several parts that are compared."""
_SAMPLE, _MOST = 5_000, 400
"""Pictures looked at in all, and at most of each group."""

_SMALL = 64
"""Pixels of the shorter side below which a picture is enlarged so much for the encoder, 224 wide, that it takes one
thing for another: of 1,500 photos of ten kinds, 32 pixels wide, what it saw most was of the kind for one in six."""

Rows = NDArray[np.int64]


def too_small(table: Any) -> BoolArray | None:
    """Return which rows of a table are of pictures with too few pixels, bool (n,); None where it doesn't say."""
    import pandas as pd

    if table is None or not {"width", "height"} <= set(table.columns):
        return None
    sides = [np.asarray(pd.to_numeric(table[side], errors="coerce"), np.float64) for side in ("width", "height")]
    return np.asarray(np.fmin(*sides) < _SMALL)


@dataclass(frozen=True)
class Pictured:
    """The pictures among n rows with *vectors* (n, d), bool (n,) *are*, and the words for them.

    *order* holds all rows in an order that does not depend on how they came.  *small*, bool (n,), are pictures with too
    few pixels for more than the most general words; None where nothing is known.
    """

    vectors: FloatArray
    are: BoolArray
    vocabulary: Vocabulary | None
    order: Rows
    small: BoolArray | None = None

    def general_names(self, joined: Mapping[int, Rows]) -> dict[int, dict[str, tuple[Title, float]]]:
        """Return for groups that are mostly pictures the names that are true of most of them, and of how many."""
        found: dict[int, dict[str, tuple[Title, float]]] = {}
        for at, rows in joined.items():
            own = rows[self.are[rows]]
            if self.vocabulary is None or 2 * len(own) < len(rows):
                continue
            others = np.setdiff1d(np.flatnonzero(self.are), own, assume_unique=True)
            compared = self._sample(own, _SAMPLE), self._sample(others, _SAMPLE)
            options = words_for_most(*compared, self.vocabulary, small=self.is_unsure(rows))
            if options:
                share = len(own) / len(rows)
                named = [(tuple(map(self._word, words)), round(true * share, 3)) for words, true in options[:_OPTIONS]]
                found[at] = {written(title): (title, true) for title, true in named}
        return found

    def _word(self, at: int, score: float = 1.0) -> Phrase:
        """Return a word of the vocabulary as a candidate."""
        assert self.vocabulary is not None
        return Phrase(tuple(self.vocabulary.words[at].split(" ")), score, self.vocabulary.vectors[at])

    def group(self, phrases: Sequence[Phrase], rows: Rows, centres: FloatArray, sample: FloatArray) -> Group:
        """Return what a group that is mostly pictures is named by: words that tell of them, or else that are near.

        Its name begins with what most of them are, unless the best word says that too ("hoofed animal").  Of small
        pictures that is all that is said.
        """
        own = rows[self.are[rows]]
        if self.is_unsure(rows) and not phrases:
            only = self._lead(rows) or Phrase((UNKNOWN,), 1.0, np.asarray(self.vectors[own].mean(axis=0), np.float32))
            return Group([only], centres, sample, caution=OF_SEEN)
        if self._seen is not None and len(own) and not phrases:
            found, tells = self._seen.telling(self._sample(own, _MOST), len(own))
            words, lead = [self._word(at, score) for at, score in found], self._lead(rows)
            if lead is not None and words and not set(lead.words) & set(words[0].words):
                return Group(words, centres, sample, lead, OF_SEEN, telling=SEEN, tells=np.pad(tells, (1, 0)))
            if words:
                return Group(words, centres, sample, caution=OF_SEEN, telling=SEEN, tells=tells)
        return Group([*phrases, *self._words_of(rows)], centres, sample, self._lead(rows), OF_PICTURES)

    def is_unsure(self, rows: Rows) -> bool:
        """Tell whether *rows* are mostly pictures in which an encoder that knows classes sees too little."""
        own = rows[self.are[rows]]
        if self._seen is None or not len(own) or 2 * len(own) < len(rows) or self.small is None:
            return False
        return 2 * int(self.small[own].sum()) > len(own)

    @cached_property
    def _seen(self) -> Seen | None:
        """What the encoder sees in all pictures; None where it knows no classes."""
        if self.vocabulary is None or not self.vocabulary.held[0] or not self.are.any():
            return None
        pictures = self.order[self.are[self.order]]
        return Seen.of(self._sample(pictures, _SAMPLE), len(pictures), self.vocabulary)

    def _lead(self, rows: Rows) -> Phrase | None:
        """Return what most of the pictures among *rows* are, where it can be said and most rows are pictures."""
        own = rows[self.are[rows]]
        if self.vocabulary is None or 2 * len(own) < len(rows):
            return None
        looked_at, usual = self._sample(own, _MOST), self._usual
        small = self.is_unsure(rows)
        if small and usual is not None:
            own_share, others = shares_of(looked_at, self.vocabulary), max(1, int(self.are.sum()) - len(own))
            usual = np.maximum(usual * (others + len(own)) - own_share * len(own), 0) / others
        at = true_of_most(looked_at, self.vocabulary, usual, small=small)
        return None if at is None else self._word(at)

    @cached_property
    def _usual(self) -> FloatArray | None:
        """Of what share of all pictures each general word is true."""
        if self.vocabulary is None or not self.vocabulary.held[0]:
            return None
        return shares_of(self._sample(self.order[self.are[self.order]], _SAMPLE), self.vocabulary)

    @cached_property
    def _mean_picture(self) -> FloatArray:
        return np.asarray(self.vectors[self.are].mean(axis=0))

    def _words_of(self, rows: Rows) -> list[Phrase]:
        """Return the words of the vocabulary that the pictures among *rows* are nearest to."""
        own = rows[self.are[rows]]
        if self.vocabulary is None or not len(own):
            return []
        found = nearest_words(self.vectors[own].mean(axis=0), self._mean_picture, self.vocabulary)
        share = len(own) / len(rows)
        return [self._word(at, score * share) for at, score in found[:_CANDIDATES]]

    def are_told(self, title: Title, rows: Rows) -> bool:
        """Tell whether a name is true of most of the pictures among *rows*, where they are most of them."""
        own = rows[self.are[rows]]
        if self.vocabulary is None or 2 * len(own) < len(rows):
            return True
        return are_true(self._sample(own, _MOST), [" ".join(one.words) for one in title], self.vocabulary)

    def honest(self, title: Title, rows: Rows) -> Title:
        """Return a name that is likely of the pictures that most of *rows* are: the *title*, or a more general word.

        None where none is, by an encoder that knows classes.  Of small pictures the most general kind was said already.
        """
        own = rows[self.are[rows]]
        if self._seen is None or self.vocabulary is None or not title or 2 * len(own) < len(rows):
            return title
        words = [" ".join(one.words) for one in title]
        if self.is_unsure(rows):
            return () if words == [UNKNOWN] else title
        looked_at = self._sample(own, _MOST)
        if are_likely(looked_at, words, self.vocabulary) or not all(word in self.vocabulary.place for word in words):
            return title
        at = likely_word(looked_at, self.vocabulary)
        return () if at is None else (self._word(at),)

    def honest_titles(self, titles: Sequence[Title], rows: Sequence[Rows], *, but: Collection[int]) -> list[Title]:
        """Return the titles of groups of *rows*, all *but* some as `honest` as they can be."""
        told = enumerate(zip(titles, rows, strict=True))
        return [title if at in but else self.honest(title, own) for at, (title, own) in told]

    def doubted(self, titles: Sequence[Title], rows: Sequence[Rows]) -> set[int]:
        """Return the groups, mostly of pictures, of which the words that are near to them may name none."""
        return {
            at
            for at, (title, own) in enumerate(zip(titles, rows, strict=True))
            if self.is_unsure(own) or (self._seen is not None and not title and 2 * self.are[own].sum() >= len(own))
        }

    def like(self, item: Item, said: str = "") -> str:
        """Return what is *said* of pictures, or nothing, by their central one: "pictures like IMG_17.jpg"."""
        name = PurePosixPath(kind_of(item).label(item).replace("\\", "/")).name
        return f"{said or kind_of(item).nouns[1]} like {name}" if self._seen is not None and name else ""

    def _sample(self, rows: Rows, most: int) -> FloatArray:
        """Return the vectors of *most* of the rows, evenly spread over them."""
        return np.asarray(self.vectors[spread(rows, most)], np.float32)
