"""Ask a finished run: a row's nearest neighbours, and what is near in meaning to a text or a picture.

It does not phrase the answer (answers does) and loads an encoder only when it is given none.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from explorer.config import AUTO, METRICS
from explorer.encoders import queries
from explorer.errors import BadSetting, UnreadableFile
from explorer.kinds import asked, kind_of
from explorer.questions.asking import check_limits, checked
from explorer.questions.exact import holding, phrases_of, unquoted
from explorer.types import FloatArray, Hits, IntArray, Item, Run

MAX_HITS = 1_000

Encode = Callable[[str, Item], FloatArray]
"""From an encoder's name and an item to its float32 (d,) vector."""


def neighbors_of(run: Run, row: int, *, k: int = 10, metric: str = "cosine") -> Hits:
    """Return the k rows whose vectors are nearest to a row's in the original space, exactly, without the row itself.

    *k* is 1 to 100; scores are cosine similarities, or minus the Euclidean distance.  O(n·d), 1 ms at 10,000 × 384.
    Raises NotFound for a row that does not exist or has no vector, BadSetting.
    """
    from explorer.neighbors import neighbors_of_row

    checked(run, row, k=k, metric=metric)
    known = run.embeddings
    return neighbors_of_row(known.vectors, row, k, metric=metric, ok=known.ok, codes=known.codes)


def search(run: Run, query: Item | Path, *, k: int = 10, encode: Encode | None = None) -> Hits:
    """Return the k rows nearest in meaning to a text or another item, or to the picture in a file (a Path), best first.

    *k* is 1 to 1,000; scores are cosine similarities.  Phrases in quotation marks have to be in the rows as they stand.
    Raises BadSetting for an empty query, WrongModality when the run's encoder does not read such a query,
    UnreadableFile for a picture that cannot be opened.
    """
    item = searched_with(query, k=k)
    return nearest_in_meaning(
        run, (encode or encode_here)(run.embeddings.encoder, item), k=k, among=rows_having(run, phrases_of(query))
    )


def searched_with(query: Item | Path, *, k: int) -> Item:
    """Return the item that a search for *k* rows asks with.  Raises BadSetting, UnreadableFile."""
    check_limits(k, MAX_HITS, METRICS[0])
    item = asked(query)
    words = kind_of(item).words(item)
    if words is not None and phrases_of(item):
        words = unquoted(words)
        item = asked(words)
    if words is not None and not words.strip():
        raise BadSetting("the query is empty; type what you are looking for.")
    return item


def rows_having(run: Run, phrases: Sequence[str]) -> IntArray | None:
    """Return the rows (m,) with a vector that have all *phrases* word for word; None when there are no phrases."""
    if not phrases:
        return None
    return np.flatnonzero(holding(run.dataset.items, phrases) & run.embeddings.ok).astype(np.int32)


def nearest_in_meaning(run: Run, vector: FloatArray, *, k: int, among: IntArray | None = None) -> Hits:
    """Return the k rows nearest to the float32 (d,) vector of a query, best first, *among* some rows (m,) or all."""
    from explorer.neighbors import nearest_to

    known = run.embeddings
    if among is not None:
        found = nearest_to(known.vectors[among], vector, k)
        return Hits(np.where(found.rows < 0, -1, among[found.rows] if len(among) else -1), found.scores)
    return nearest_to(known.vectors, vector, k, ok=known.ok, codes=known.codes)


def encode_here(encoder: str, item: Item) -> FloatArray:
    """Return the vector of a query, computed in this process."""
    from explorer.runs import cached_encoder

    vector: FloatArray = queries(cached_encoder(encoder, AUTO), [item])[0]
    if not np.isfinite(vector).all():
        kind = kind_of(item)
        raise UnreadableFile(f"{item} could not be opened as a {kind.nouns[0]}; {kind.cure}")
    return vector
