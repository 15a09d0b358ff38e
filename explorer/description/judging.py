"""Tells of how many rows of a group a name, or a phrase of it, is true: by what they say and by what they mean.

It makes no names: `naming` does.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from explorer.description.groupwords import spread
from explorer.description.keywords import KeywordIndex
from explorer.description.titles import Meaning, Title, true_of, vector_of
from explorer.types import BoolArray, Embeddings, FloatArray, IntArray, sorted_unique

_SAMPLE = 5_000
"""Rows looked at in all."""
_SAID = 0.6
"""What so many more of a group's rows say than of all others names it …"""
_MEANT, _SOME = 0.7, 0.2
"""… and so does what is near to so many of them, if some say it …"""
_GOOD_PART, _NEAR = 0.4, 0.45
"""… and beside it what holds for a good part of them."""

Rows = NDArray[np.int64]


@dataclass(frozen=True)
class Held:
    """Of what share of a group's rows a phrase is true: they *say* its words, which so many others do *usually*, or
    are *near* to what it means."""

    say: float
    usual: float
    near: float

    @property
    def names(self) -> bool:
        """Whether the phrase names the group alone."""
        return self.say - self.usual >= _SAID or (self.near >= _MEANT and self.say >= _SOME)

    @property
    def adds(self) -> bool:
        """Whether the phrase holds for a good part of the group, beside one that names it."""
        return self.say - self.usual >= _GOOD_PART or self.near >= _NEAR


@dataclass(frozen=True)
class Truth:
    """What names are compared with: the vectors and words of all rows, which *are* pictures, bool (n,), and *meaning*,
    which encodes names as they are written, where there is an encoder."""

    embeddings: Embeddings
    index: KeywordIndex | None
    pictures: BoolArray
    meaning: Meaning | None = None
    words: bool = False
    """Whether each row is a word by itself, which no other row says."""

    def learn(self, phrases: Iterable[str]) -> None:
        """Have the encoder read *phrases*, which will be asked for one by one, at once."""
        new = sorted(set(phrases))
        if self.meaning is not None and new:
            self.meaning(new)

    def held(self, title: Title, rows: Rows) -> list[Held]:
        """Return of how many of *rows* each phrase of a title is true; nothing is held of what no text says."""
        if self.index is None or not title or self._are_pictures(rows):
            return [Held(0, 0, 0) for _ in title]
        terms = [phrase.words for phrase in title]
        none = np.zeros(len(terms), np.float32)
        unsaid = self.words or not all(map(self.index.knows, terms))
        said = none if unsaid else self.index.said(terms, spread(rows, _SAMPLE)).mean(axis=1)
        meant = np.stack([phrase.vector for phrase in title])
        if self.meaning is not None:
            meant = self.meaning([" ".join(words) for words in terms])
        near = true_of(meant @ self._sample(rows).T, meant @ self._outside(rows).T)
        told = zip(said, none if unsaid else self.index.usual(terms, rows), near, strict=True)
        return [Held(*map(float, of)) for of in told]

    def share(self, title: Title, rows: Rows, parts: IntArray | None) -> float:
        """Return of what share of *rows*, and of its *parts* on average, a name is true, the lesser of both."""
        if not title or parts is None or self._are_pictures(rows):
            return 0.0
        meant = vector_of(title)
        other = self._outside(rows) @ meant
        pieces = [rows[parts[rows] == part] for part in sorted_unique(parts[rows])]
        of_rows, *of_parts = (
            float(true_of((self._sample(piece) @ meant)[None], other[None])[0]) for piece in (rows, *pieces)
        )
        return round(min(of_rows, float(np.mean(of_parts))), 3)

    def _are_pictures(self, rows: Rows) -> bool:
        return 2 * int(self.pictures[rows].sum()) >= len(rows)

    def _outside(self, rows: Rows) -> FloatArray:
        """Return the vectors of some of all other rows."""
        outside = self.embeddings.ok.copy()
        outside[rows] = False
        return self._sample(np.flatnonzero(outside))

    def _sample(self, rows: Rows) -> FloatArray:
        """Return the vectors of some of the rows, evenly spread over them."""
        return np.asarray(self.embeddings.vectors[spread(rows, _SAMPLE)], np.float32)
