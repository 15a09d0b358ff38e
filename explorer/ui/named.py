"""Rows that a search found by what they are called: listed before and apart from what is near in meaning.

It finds none of them: `questions.by_name` does.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dash import html

from explorer.questions import NAME, OWN_NAMES
from explorer.ui import ids
from explorer.ui.cards import count_of, heading, item_link
from explorer.ui.stores import Place

_A_NAME, _FEW = 40, 4
"""Letters of a name that may be searched for, and how many of them are suggested."""
_A_LINE = 40
"""Characters that find room beside a heading."""


def with_named(answer: dict[str, Any]) -> dict[str, Any]:
    """Return the answer with the rows that are called so before its hits, each row once: the map marks all of them."""
    named = {one["row"]: {**one, "score": 1.0, "weak": False} for one in answer.get("by_name", ())}
    if not named:
        return answer
    others = [hit for hit in answer["hits"] if hit["row"] not in named]
    alone = [{name: of for name, of in hit.items() if name != "same_as" or of not in named} for hit in others]
    return {**answer, "hits": [*named.values(), *alone], "by_name": len(named)}


def named_list(hits: dict[str, Any], asked: str, named: Sequence[dict[str, Any]], place: Place) -> Any:
    """Return the list of rows whose names have the words, with how many there are and which names say so."""
    count = int(hits.get("by_name_in_all") or len(named))
    texts = 2 * sum(one["named_by"] == NAME and len(one["named"]) > _A_NAME for one in named) > len(named)
    called = f"with the words “{asked}”" if texts else f"named “{asked}”"
    first = f"{count_of(count, 'row')} {called}" + (f", the first {len(named)}" if count > len(named) else "")
    whose = "" if texts else " and ".join(dict.fromkeys(f"by {one['named_by']}" for one in named))
    told = [
        one if one["named_by"] in OWN_NAMES else {**one, "values": {one["named_by"]: one["named"]}} for one in named
    ]
    return [
        heading(first, whose if len(whose) < _A_LINE else "by their names"),
        html.Div([item_link(one, place, testid=ids.TESTID_NAMED) for one in told], className="cards"),
    ]


def examples_of(clusters: list[dict[str, Any]]) -> list[str]:
    """Return what typical items of the first clusters say, where that is short: names that may be searched for."""
    said = (str(one.get("text") or "").strip() for c in clusters for one in list(c.get("exemplars", ()))[:1])
    return [text for text in said if 0 < len(text) <= _A_NAME and "\n" not in text][:_FEW]
