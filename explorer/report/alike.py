"""Finds the rows of a run that are all but the same.

Rows of which the encoder knows no letter have one vector whatever they say: they are alike only where they are equal.
"""

from __future__ import annotations

import numpy as np

from explorer.kinds import kind_of
from explorer.neighbors import near_duplicates
from explorer.types import Run


def alike(run: Run, *, threshold: float) -> tuple[tuple[int, ...], ...]:
    """Return groups of rows with a cosine from *threshold* up, the largest first."""
    embeddings, items = run.embeddings, run.dataset.items
    unread = () if embeddings.unread is None else np.flatnonzero(embeddings.unread).tolist()
    known = {row: kind_of(items[row]).digest(items[row]) or kind_of(items[row]).content(items[row]) for row in unread}
    return near_duplicates(embeddings.vectors, run.knn, ok=embeddings.ok, threshold=threshold, items=known)
