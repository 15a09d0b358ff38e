"""Sums of meanings and the order of rows between two, where a worker encodes the words.

How they are found stands in `questions.sums`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from explorer.questions import answers, axes, check_agreed, rows_in, sums, terms_for
from explorer.runs import QueryVectors
from explorer.server.crowd import ANSWERS, SEARCHES
from explorer.types import FloatArray, Run


async def summed(
    queries: QueryVectors, run: Run, query: str, *, k: int, selected: Mapping[str, Any] | None
) -> dict[str, Any]:
    """Return what is near to a sum, best first; *selected* is the shape of the selection that its word stands for."""
    rows = None if selected is None else (await ANSWERS.run(rows_in, run, selected)).tolist()
    terms = sums.with_selection(terms_for(run, query), rows)
    with SEARCHES.inside():
        known = await _meanings(queries, run, terms)

        def answered() -> dict[str, Any]:
            vector = sums.sum_of(run, terms, known.__getitem__)
            return answers.hits(run, query, sums.nearest_to_sum(run, terms, vector, k=k))

        return await ANSWERS.run(answered)


async def between(queries: QueryVectors, run: Run, low: str, high: str, *, k: int = 0) -> dict[str, Any]:
    """Return the rows between two meanings as `axes.told` has them, *k* of them as hits, half at either end."""
    ends = sums.end_terms(low), sums.end_terms(high)
    with SEARCHES.inside():
        known = await _meanings(queries, run, [term for end in ends for term in end])

        def answered() -> dict[str, Any]:
            one, other = (sums.sum_of(run, terms, known.__getitem__) for terms in ends)
            return axes.told(run, sums.axis_between(run, low, high, (one, other)), k=k)

        return await ANSWERS.run(answered)


async def _meanings(queries: QueryVectors, run: Run, terms: Sequence[sums.Term]) -> dict[str, FloatArray]:
    """Return the vectors of the texts in terms that have to be encoded."""
    texts = sums.texts_in(run, terms)
    if texts:
        check_agreed(run)
    return {text: await queries.encode(run.embeddings.encoder, text) for text in texts}
