"""Tells which rows of a cluster may stand for it beside its name: those that say it, and none that says the opposite.

It makes no names and orders no rows: `summaries` does.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from explorer.description.keywords import KeywordIndex
from explorer.description.opposites import Opposites
from explorer.description.words import meaning, words
from explorer.types import BoolArray

_MOST = 0.5
"""Where so many rows say a phrase of their cluster's name, those that do are typical of it."""

Rows = NDArray[np.int64]


@dataclass(frozen=True)
class Typical:
    """What items say, which *opposites* reads, and whose words *index* has, None where they have none."""

    opposites: Opposites
    index: KeywordIndex | None

    def of(self, name: str, rows: Rows) -> BoolArray:
        """Return which of *rows* are typical of what a *name* says, bool (rows,); all where it says nothing of them."""
        if self.index is None:
            return np.ones(len(rows), np.bool_)
        denied = self.opposites.denied_by(name, rows)
        fits = self._saying(self.index, name, rows)
        fits = fits if len(fits) and fits.mean() >= _MOST else np.ones(len(rows), np.bool_)
        fits &= ~denied
        return fits if fits.any() else np.ones(len(rows), np.bool_)

    def _saying(self, index: KeywordIndex, name: str, rows: Rows) -> BoolArray:
        """Return which of *rows* have all words that say something of a phrase of a *name*."""
        found = np.zeros(len(rows), np.bool_)
        for phrase in name.split(", "):
            terms = [term for word in words(phrase) if index.knows(term := (meaning(word),))]
            if terms:
                found |= index.said(terms, rows).all(axis=0)
        return found
