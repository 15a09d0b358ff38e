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
RISE = 1.9
"""How far above the middle of all pairs of rows what counts as near begins, in distances from the middle down to the
least alike tenth.  Pairs of one theme are above the middle, so that a few large themes do not raise what is measured
below it.  `docs/defaults.md` has what searches for what is there, and for what is not, begin with."""
TALLER = 0.9
"""Of searches for many things, how many begin less near than what counts as near at most: rows of one theme only are
nearer to each other than any search is to them."""


WORDS = (
    "a car", "a dog", "music", "the weather", "money", "a house", "a letter", "bread", "a river", "a chair", "anger",
    "software", "a doctor", "the moon", "clothes", "a bridge", "a flower", "football", "law", "a mountain",
)  # fmt: skip
"""Words of many things, which say how near any words are to the pictures of a run."""
SHARE_OF_WORDS = 0.95
"""Of pairs of such words and a row: of 150 photos .21 and of 74 drawings .18, where searches for what is in them begin
with .29 to .42 and .22 to .43, and those for something else with .08 to .17 and .08 to .18."""
PHRASES = (
    "how do I bake bread", "the weather tomorrow", "my phone does not work", "who won the football match",
    "a song about love", "the price of a house", "a doctor for my child", "learning a language", "holiday by the sea",
    "the history of Rome", "stars and planets", "a new law", "my cat is ill", "train tickets", "a red dress",
    "fixing a car", "a good book", "war and peace", "computer program", "the king's palace",
)  # fmt: skip
"""What one might search for among texts of many kinds, as it is typed."""


def chance_of(run: Run, item: Item, words: FloatArray | None = None) -> float | None:
    """Return the cosine similarity below which rows of the item's kind have little to do with each other.

    For words it is no more than what searches for many things begin with, of which *words* are the vectors (m, d), as
    `measured_with` names them.  A picture is nearer to pictures than to any text: where there are too few rows of that
    kind, one in twenty pairs of *words* and rows say it; None where there are none.  O(4,000·m·d).
    """
    seen = _rows_of(run, kind_of(item))
    if len(seen) >= LEAST:
        apart = _apart(run.embeddings.vectors[_some(seen, SAMPLE)])
        if words is None or not len(words):
            return apart
        return min(apart, float(np.quantile((words @ run.embeddings.vectors[seen].T).max(axis=1), TALLER)))
    others = _some(_rows_of(run, None), SAMPLE)
    if words is None or not len(words) or len(others) < LEAST:
        return None
    return float(np.quantile(words @ run.embeddings.vectors[others].T, SHARE_OF_WORDS))


def _apart(vectors: FloatArray) -> float:
    """Return up to where (m, d) vectors that have nothing in common are alike, from their pairs in the lower half."""
    middle, low = np.quantile((vectors @ vectors.T)[np.triu_indices(len(vectors), 1)], (0.5, 0.1))
    return float(middle + RISE * (middle - low))


def measured_with(run: Run, item: Item) -> tuple[str, ...]:
    """Return the words whose vectors `chance_of` needs for an item; none for a picture, or where rows are too few."""
    kind = kind_of(item)
    if kind.words(item) is None or len(_rows_of(run, None)) < LEAST:
        return ()
    return WORDS + PHRASES if len(_rows_of(run, kind)) >= LEAST else WORDS


def _rows_of(run: Run, kind: Kind | None) -> list[int]:
    """Return some rows that have a vector, spread over the run: of one kind, or of any."""
    n, items = len(run.dataset), run.dataset.items
    looked = np.unique(np.linspace(0, n - 1, min(n, LOOKED_AT)).astype(np.int64))
    return [row for row in looked[run.embeddings.ok[looked]].tolist() if kind is None or kind_of(items[row]) is kind]


def _some(rows: list[int], most: int) -> list[int]:
    return [rows[at] for at in np.unique(np.linspace(0, len(rows) - 1, min(len(rows), most)).astype(int))]
