"""How near rows are to each other by chance: what is no nearer to a query has little to do with it.

It searches nothing.
"""

from __future__ import annotations

import numpy as np

from explorer.kinds import Kind, kind_of
from explorer.types import FloatArray, Item, Run

LOOKED_AT, SAMPLE = 4_000, 400
"""Rows whose kind is looked at, and how many of the kind are compared."""
LEAST = 30
"""Rows of a kind, of which fewer say nothing about chance."""
SHARE = 0.9
"""Of pairs of rows, how many are less alike than what counts as near: of Banking77 .43, where good searches begin with
.75 to .97 and those for something else with .22 to .29."""


WORDS = (
    "a car", "a dog", "music", "the weather", "money", "a house", "a letter", "bread", "a river", "a chair", "anger",
    "software", "a doctor", "the moon", "clothes", "a bridge", "a flower", "football", "law", "a mountain",
)  # fmt: skip
"""Words of many things, which say how near any words are to the pictures of a run."""
SHARE_OF_WORDS = 0.95
"""Of pairs of such words and a row: of 150 photos .21 and of 74 drawings .18, where searches for what is in them begin
with .29 to .42 and .22 to .43, and those for something else with .08 to .17 and .08 to .18."""


def chance_of(run: Run, item: Item, words: FloatArray | None = None) -> float | None:
    """Return the cosine similarity that one in ten pairs of rows of the item's kind has or exceeds.

    A picture is nearer to pictures than to any text: where there are too few rows of that kind, *words*, the vectors
    (m, d) of what `measured_with` names, say it by one in twenty of their pairs with rows; None where there are none.
    """
    rows = _rows_of(run, kind_of(item))
    if len(rows) >= LEAST:
        vectors = run.embeddings.vectors[rows]
        return float(np.quantile((vectors @ vectors.T)[np.triu_indices(len(rows), 1)], SHARE))
    others = _rows_of(run, None)
    if words is None or not len(words) or len(others) < LEAST:
        return None
    return float(np.quantile(words @ run.embeddings.vectors[others].T, SHARE_OF_WORDS))


def measured_with(run: Run, item: Item) -> tuple[str, ...]:
    """Return the words whose vectors `chance_of` needs for an item; none where the run's own rows say it."""
    kind = kind_of(item)
    if kind.words(item) is None or len(_rows_of(run, kind)) >= LEAST or len(_rows_of(run, None)) < LEAST:
        return ()
    return WORDS


def _rows_of(run: Run, kind: Kind | None) -> list[int]:
    """Return some rows that have a vector, spread over the run: of one kind, or of any."""
    n, items = len(run.dataset), run.dataset.items
    looked = np.unique(np.linspace(0, n - 1, min(n, LOOKED_AT)).astype(np.int64))
    rows = [row for row in looked[run.embeddings.ok[looked]].tolist() if kind is None or kind_of(items[row]) is kind]
    return [rows[at] for at in np.unique(np.linspace(0, len(rows) - 1, min(len(rows), SAMPLE)).astype(int))]
