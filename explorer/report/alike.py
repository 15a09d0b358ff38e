"""Finds the rows of a run that are all but the same.

Rows of which the encoder knows no letter have one vector whatever they say: they are alike only where they are equal.
"""

from __future__ import annotations

import numpy as np

from explorer.kinds import kind_of
from explorer.neighbors import build_graph, near_duplicates
from explorer.types import DOT, EUCLIDEAN, Run


def alike(run: Run, *, threshold: float) -> tuple[tuple[int, ...], ...]:
    """Return groups of rows with a similarity from *threshold* up, the largest first."""
    embeddings, items = run.embeddings, run.dataset.items
    unread = () if embeddings.unread is None else np.flatnonzero(embeddings.unread).tolist()
    known = {row: kind_of(items[row]).digest(items[row]) or kind_of(items[row]).content(items[row]) for row in unread}
    vectors, knn = embeddings.compared(), run.knn
    if embeddings.own_lengths and knn.metric == DOT:
        knn = build_graph(vectors, knn.k, metric=EUCLIDEAN)
    return near_duplicates(vectors, knn, ok=embeddings.ok, threshold=threshold, items=known)
