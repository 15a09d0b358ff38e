"""Draws what is embedded so far, while it is being embedded: the principal components of the vectors that are there.

It keeps to a few hundredths of the time.  The map itself comes from `project`.
"""

from __future__ import annotations

import time

import numpy as np

from explorer.embedding import DONE, REUSED, VectorFile
from explorer.projection import pca_picture
from explorer.workspace import Frames, shown_rows

FEWEST_ROWS = 8
NUMBERS = 8_000_000
"""Rows times dimensions that a picture is made from at most: 0.1 s for 20,000 rows of 384 on two cores."""
GROWTH = 1.2
PAUSE_S, SHARE = 0.5, 0.02


class Sketch:
    """Adds a picture when there are more rows than in the last one, and not more often than is cheap."""

    def __init__(self, frames: Frames, checkpoint: VectorFile) -> None:
        self._frames, self._file = frames, checkpoint
        self._drawn, self._due = 0, 0.0

    def draw(self, *, last: bool = False) -> None:
        """Add a picture of the rows that have a vector, if one is due; the *last* one always is, if it shows more."""
        began = time.monotonic()
        if began < self._due and not last:
            return
        n = len(self._file.state)
        shown = shown_rows(n)
        ready = np.isin(self._file.state[shown], (DONE, REUSED))
        count = int(ready.sum())
        if count < FEWEST_ROWS or count <= self._drawn or (count < GROWTH * self._drawn and not last):
            return
        present = np.flatnonzero(ready)
        most = NUMBERS // self._file.vectors.shape[1]
        if len(present) > most:
            present = present[np.arange(most) * len(present) // most]
        places = np.full((len(shown), 2), np.nan, np.float32)
        places[present] = pca_picture(np.asarray(self._file.vectors[shown[present]]))
        self._frames.add(places, n)
        self._drawn = count
        now = time.monotonic()
        self._due = now + max(PAUSE_S, (now - began) / SHARE)
