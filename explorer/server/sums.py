"""Sums of meanings and the order of rows between two, where a worker encodes the words.

How they are found stands in `questions.sums`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from explorer.config import GIVEN
from explorer.questions import (
    LOOKED_THROUGH,
    NO_LIMITS,
    Limits,
    answers,
    axes,
    check_agreed,
    limits_of_sum,
    measured_with,
    middle_of,
    rows_in,
    sums,
    terms_for,
)
from explorer.runs import QueryVectors
from explorer.server.crowd import ANSWERS, SEARCHES
from explorer.types import FloatArray, Item, Run

Measured = Callable[[Item, FloatArray | None], Limits]
"""From an item and the vectors of searches for many things to what is near to it."""


@dataclass(frozen=True)
class Summing:
    """What sums of a run are computed with: who encodes words, in which languages its texts are, how limits are had."""

    queries: QueryVectors
    run: Run
    languages: Mapping[str, float]
    measured: Measured

    async def summed(self, query: str, *, k: int, selected: Mapping[str, Any] | None) -> dict[str, Any]:
        """Return what is near to a sum, best first; *selected* is the shape of what its word stands for."""
        run = self.run
        rows = None if selected is None else (await ANSWERS.run(rows_in, run, selected)).tolist()
        terms = sums.with_selection(terms_for(run, query), rows)
        with SEARCHES.inside():
            known = await self._meanings(terms)
            limits = await self._limits(terms)

            def answered() -> dict[str, Any]:
                vector = sums.sum_of(run, terms, known.__getitem__)
                several = sum(term.weight != 0 for term in terms) > 1
                near = limits_of_sum(run, vector, limits) if several and run.embeddings.encoder == GIVEN else limits
                found = sums.nearest_to_sum(run, terms, vector, k=max(k, LOOKED_THROUGH))
                return answers.hits(run, query, found, limits=near, most=k)

            return await ANSWERS.run(answered)

    async def between(self, low: str, high: str, *, k: int = 0) -> dict[str, Any]:
        """Return the rows between two meanings as `axes.told` has them, *k* of them as hits, half at either end."""
        ends = sums.end_terms(low), sums.end_terms(high)
        with SEARCHES.inside():
            known = await self._meanings([term for end in ends for term in end])
            limits = [await self._limits(end) for end in ends]

            def answered() -> dict[str, Any]:
                one, other = (sums.sum_of(self.run, terms, known.__getitem__) for terms in ends)
                far = [
                    axes.is_far(self.run, end, vector, by)
                    for end, vector, by in zip((low, high), (one, other), limits, strict=True)
                ]
                axis = sums.axis_between(self.run, low, high, (one, other))
                near = axes.near_to(self.run, one, limits[0]), axes.near_to(self.run, other, limits[1])
                return axes.told(self.run, axis, k=k, far=(far[0], far[1]), near=near)

            return await ANSWERS.run(answered)

    async def _meanings(self, terms: Sequence[sums.Term]) -> dict[str, FloatArray]:
        """Return the vectors of the texts in terms that have to be encoded."""
        texts = sums.texts_in(self.run, terms)
        if texts:
            check_agreed(self.run)
        return {text: await self.queries.encode(self.run.embeddings.encoder, text) for text in texts}

    async def _limits(self, terms: Sequence[sums.Term]) -> Limits:
        """Return from where on rows are near to a sum: as to words, or as rows are to each other."""
        item, as_words = await ANSWERS.run(sums.measured_as, self.run, terms)
        if item is None:
            return NO_LIMITS
        measures = await ANSWERS.run(measured_with, self.run, item, self.languages) if as_words else ()
        many = await self.queries.encode_words(self.run.embeddings.encoder, measures) if measures else None
        limits: Limits = await ANSWERS.run(self.measured, item, many)
        return limits if as_words or limits.chance is not None else await ANSWERS.run(middle_of, self.run)
