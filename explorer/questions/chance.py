"""How near rows are to each other by chance: what is no nearer to a query has little to do with it.

It searches nothing.
"""

from __future__ import annotations

import numpy as np

from explorer.kinds import kind_of
from explorer.types import Item, Run

LOOKED_AT, SAMPLE = 4_000, 400
"""Rows whose kind is looked at, and how many of the kind are compared."""
LEAST = 30
"""Rows of a kind, of which fewer say nothing about chance."""
SHARE = 0.9
"""Of pairs of rows, how many are less alike than what counts as near: of Banking77 .43, where good searches begin with
.75 to .97 and those for something else with .22 to .29."""


def chance_of(run: Run, item: Item) -> float | None:
    """Return the cosine similarity that one in ten pairs of rows of the item's kind has or exceeds.

    None where there are too few rows of that kind to say: a picture is nearer to pictures than to any text.
    """
    n = len(run.dataset)
    looked = np.unique(np.linspace(0, n - 1, min(n, LOOKED_AT)).astype(np.int64))
    kind, items = kind_of(item), run.dataset.items
    alike = [row for row in looked[run.embeddings.ok[looked]].tolist() if kind_of(items[row]) is kind]
    if len(alike) < LEAST:
        return None
    rows = [alike[at] for at in np.unique(np.linspace(0, len(alike) - 1, min(len(alike), SAMPLE)).astype(int))]
    vectors = run.embeddings.vectors[rows]
    return float(np.quantile((vectors @ vectors.T)[np.triu_indices(len(rows), 1)], SHARE))
