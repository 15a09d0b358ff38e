"""Writes a title as the texts of its group do, or what stands for one where it says little; tells how many say it.

It chooses no title: `titles` does.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from explorer.description.excerpts import nothing_said, often_said
from explorer.description.groupwords import spread
from explorer.description.keywords import KeywordIndex, Keywords, name_of
from explorer.description.spans import span_of
from explorer.description.spelling import Usage
from explorer.description.titles import Title, written
from explorer.description.wholetexts import begun_by_most
from explorer.kinds import each
from explorer.types import Item

SAYS_LITTLE = 0.5
"""A name says little that so few rows have the words of."""
_HERE, _THERE = 0.6, 0.2
"""What so many rows of one group say, and so few of another, tells these apart."""
_MOST = 400
"""Rows of a group that are looked at."""

Rows = NDArray[np.int64]


@dataclass(frozen=True)
class Wording:
    """How *items* are written, whose words *index* has, by a *sample* of their rows.  *words*: each is one word."""

    items: Sequence[Item]
    index: KeywordIndex | None
    sample: Rows
    words: bool = False

    def text(self, title: Title, rows: Rows, spare: Callable[[], Keywords] = list) -> str:
        """Return the name of a group as it is written; by its *spare* keywords where it has no title."""
        bare = np.zeros(0, np.int64) if self.index is None else rows[self.index.wordless(rows)]
        if 2 * len(bare) > len(rows) and (said := often_said(self.items, bare)):
            return said
        says_little = self.index is not None and (not title or self.told(title, rows) < SAYS_LITTLE)
        if says_little and (said := nothing_said(self.items, spread(rows, _MOST)) or begun_by_most(self.items, rows)):
            return said
        if title and self.index is not None and not self.words:
            words = [phrase.words for phrase in title]
            if all(self.index.knows(term) for term in words):
                names = self.index.spelled(words, rows, proper=self.proper, usage=self._usage)
                return span_of(names, self._texts(rows)) or ", ".join(names)
        if title and self.words and not any(map(str.isalpha, written(title))):
            return f"like {'row ' if self._numbered else ''}{' '.join(title[0].words)}"
        if title:
            return written(title)
        return name_of(spare(), taken=lambda name: False)

    def _texts(self, rows: Rows) -> list[str]:
        items = [self.items[row] for row in spread(rows, _MOST).tolist()]
        return [text for text in each(items, lambda kind: kind.words) if text]

    def told(self, title: Title, rows: Rows) -> float:
        """Return what share of *rows* has the words of one of the phrases of a title."""
        terms = [phrase.words for phrase in title if self.index is not None and self.index.knows(phrase.words)]
        if self.index is None or not terms or not len(rows):
            return 0.0
        return float(self.index.said(terms, spread(rows, _MOST)).max(axis=0).mean())

    def apart(self, rows: Rows, others: Rows) -> list[str]:
        """Return words that most of *rows* say and few of the *others*, which are called the same."""
        if self.index is None:
            return []
        found = [word for word, _ in self.index.of_rows(rows.tolist(), background_rows=others.tolist())]
        terms = {word: tuple(word.casefold().split()) for word in found}
        known = [word for word in found if self.index.knows(terms[word])]
        here, there = (self.index.said([terms[word] for word in known], own).mean(axis=1) for own in (rows, others))
        return [word for word, own, of in zip(known, here, there, strict=True) if own >= _HERE and of <= _THERE]

    @cached_property
    def _numbered(self) -> bool:
        """Whether items are called by the numbers of their rows: vectors that came without words."""
        rows = self.sample[:_MOST].tolist()
        return bool(rows) and all(str(self.items[row]) in (str(row), str(row + 1)) for row in rows)

    @cached_property
    def proper(self) -> frozenset[str]:
        """Which words are written as names of persons and places are."""
        return frozenset() if self.index is None else self.index.written.proper(self.sample)

    @cached_property
    def _usage(self) -> Usage | None:
        """How all texts write words."""
        return None if self.index is None else self.index.written.usage(self.sample)
