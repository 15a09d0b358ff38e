"""Ask a finished run: a row's nearest neighbours, and what is near in meaning to a text or a picture.

It does not phrase the answer (answers does) and loads an encoder only when it is given none.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

import numpy as np

from explorer.config import AUTO, GIVEN, METRICS
from explorer.encoders import query_vectors, sends_to
from explorer.errors import BadSetting, NotAgreed, UnreadableFile
from explorer.kinds import asked, kind_of
from explorer.questions.asking import check_limits, checked, compared
from explorer.questions.exact import holding, phrases_of, unquoted
from explorer.questions.ofkind import of_kind
from explorer.questions.sums import (
    MARK,
    Axis,
    Term,
    axis_between,
    end_terms,
    is_sum,
    is_vector,
    nearest_to_sum,
    sum_of,
    terms_of,
)
from explorer.types import FloatArray, Hits, IntArray, Item, Run

MAX_HITS = 1_000

Encode = Callable[[str, Item], FloatArray]
"""From an encoder's name and an item to its float32 (d,) vector."""


def neighbors_of(run: Run, row: int, *, k: int = 10, metric: str | None = None, kind: str | None = None) -> Hits:
    """Return the k rows whose vectors are nearest to a row's in the original space, exactly, without the row itself.

    *k* is 1 to 100; scores are cosine similarities, minus the Euclidean distance, or dot products, by *metric*, None:
    as `Embeddings.usual_metric`.  With *kind*, "image" or "text", rows of that kind alone.  Vectors are of length 1,
    but for some that came with the data (`Embeddings.raw`).
    O(n·d), 1 ms at 10,000 × 384.
    Raises NotFound for a row that does not exist or has no vector, BadSetting.
    """
    from explorer.neighbors import neighbors_of_row

    run = of_kind(run, kind, row=row)
    known = run.embeddings
    metric = known.usual_metric if metric is None else metric
    checked(run, row, k=k, metric=metric)
    vectors, codes = compared(known, metric)
    return neighbors_of_row(vectors, row, k, metric=metric, ok=known.ok, codes=codes)


def search(run: Run, query: Item | Path, *, k: int = 10, encode: Encode | None = None, kind: str | None = None) -> Hits:
    """Return the k rows nearest in meaning to a text or another item, or to the picture in a file (a Path), best first.

    *k* is 1 to 1,000; scores are cosine similarities.  Phrases in quotation marks have to be in the rows as they stand.
    A query such as "= king - man + woman" or "= #17 + at night" is a sum of meanings, see `terms_of`; where the vectors
    came with the data any words are one, of an item that says just them.  So is a vector, "[0.1, …]".  With *kind*,
    "image" or "text", rows of that kind alone.  Raises
    BadSetting for an empty query, WrongModality when the run's encoder does not read such a query, UnreadableFile for a
    picture that cannot be opened.
    """
    run = of_kind(run, kind)
    meaning = partial(_meaning, run, encode or encode_here)
    if sums_up(run, query):
        terms = terms_for(run, str(query))
        vector = sum_of(run, terms, meaning)
        return nearest_to_sum(run, terms, vector, k=check_limits(k, MAX_HITS, METRICS[0]))
    item = searched_with(query, k=k)
    return nearest_in_meaning(run, meaning(item), k=k, among=rows_having(run, phrases_of(query)))


def _meaning(run: Run, encode: Encode, item: Item) -> FloatArray:
    """Return the vector of what is looked for.  Raises NotAgreed where the encoder is not to be asked."""
    check_agreed(run)
    return encode(run.embeddings.encoder, item)


def check_agreed(run: Run) -> None:
    """Raise NotAgreed for a search that would be sent, or run code, to which nobody agreed in this workspace."""
    if run.agreed:
        return
    encoder = run.embeddings.encoder
    to = "" if encoder.startswith("own:") else sends_to(encoder)
    what = f"what is searched for would be sent to {to}" if to else "a search would run code"
    raise NotAgreed(
        f"{what}, by the encoder {encoder} of this map, to which nobody agreed here. Make the map of these data with "
        "it anew to agree."
    )


def sums_up(run: Run, query: Item | Path) -> bool:
    """Whether a query is a sum of meanings, a vector, or names an item as where the vectors came with the data."""
    words = None if isinstance(query, Path) else kind_of(query).words(query)
    if words is None or not words.strip():
        return False
    known = run.embeddings
    return is_sum(query) or known.encoder == GIVEN or is_vector(words, known.dim)


def terms_for(run: Run, query: str) -> tuple[Term, ...]:
    """Return the terms of a query that `sums_up`.  Raises BadSetting."""
    if is_vector(query, run.embeddings.dim):
        query = MARK + query
    return terms_of(query) if is_sum(query) else (Term(1.0, query.strip().strip('"“”')),)


def axis(run: Run, low: str, high: str, *, encode: Encode | None = None) -> Axis:
    """Return the rows ordered between two meanings, such as "cheap" and "expensive": words, rows as #17, or sums.

    Raises BadSetting for ends that mean the same, NotFound for a row that does not exist, NoEncoder.
    """
    meaning = partial(_meaning, run, encode or encode_here)
    ends = (end_terms(low), end_terms(high))
    vectors = [sum_of(run, terms, meaning) for terms in ends]
    return axis_between(run, low, high, (vectors[0], vectors[1]))


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

    vector: FloatArray = query_vectors(cached_encoder(encoder, AUTO), [item])[0]
    if not np.isfinite(vector).all():
        kind = kind_of(item)
        raise UnreadableFile(f"{item} could not be opened as a {kind.nouns[0]}; {kind.cure}")
    return vector
