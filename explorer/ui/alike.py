"""Hits that say the same count once: a list has as many different ones as were asked for, however often each is there.

It finds none of them; `questions.mark_same` says which say the same.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from typing import Any

Hit = Mapping[str, Any]


async def as_many(asked: Callable[[int], Awaitable[dict[str, Any]]], k: int, most: int) -> dict[str, Any]:
    """Return what *asked* answers with *k* hits that do not say the same, as far as there are so many among *most*."""
    answer = await asked(k)
    if k >= most or not any("same_as" in hit for hit in (*answer["hits"], *answer.get("by_name", ()))):
        return answer
    return different(await asked(most), k)


def different(answer: dict[str, Any], k: int) -> dict[str, Any]:
    """Return the answer with *k* hits that do not say the same and all that say the same as one of these.

    Of rows that are called so as many, and of the ends of a line half as many each.
    """
    hits = answer["hits"]
    if "axis" in answer:
        at = answer["axis"]["at_high"]
        high, low = _first(hits[:at], k // 2), _first(hits[at:], k // 2)
        return {**answer, "hits": [*high, *low], "axis": {**answer["axis"], "at_high": len(high)}}
    named = {"by_name": _first(answer["by_name"], k)} if "by_name" in answer else {}
    return {**answer, "hits": _first(hits, k), **named}


def how_many(hits: Iterable[Hit]) -> int:
    """Return how many hits there are that say something else than those before them."""
    return sum("same_as" not in hit for hit in hits)


def _first(hits: Sequence[Hit], k: int) -> list[Hit]:
    kept = {int(hit["row"]) for hit in [hit for hit in hits if "same_as" not in hit][:k]}
    return [hit for hit in hits if int(hit.get("same_as", hit["row"])) in kept]
