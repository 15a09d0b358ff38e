"""Rows that a search found by what they are called: listed before and apart from what is near in meaning.

It finds none of them: `questions.by_name` does.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dash import html

from explorer.questions import NAME, OWN_NAMES
from explorer.ui import ids
from explorer.ui.cards import count_of, folded, heading, item_link, whole
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


def named_list(
    hits: dict[str, Any], asked: str, named: Sequence[dict[str, Any]], place: Place, ways: Any = None
) -> Any:
    """Return the list of rows whose names have the words, with how many there are and which names say so.

    Those that say the same lie folded below the first of them; *ways* are the buttons above the list.
    """
    count = int(hits.get("by_name_in_all") or len(named))
    called, is_so = _called(asked, named, one=count == 1)
    first = f"{count_of(count, 'row')} {called}" + (f", the first {whole(len(named))}" if count > len(named) else "")
    whose = " and ".join(dict.fromkeys(f"by {one['named_by']}" for one in named if not one.get("in_column")))
    whose = whose if is_so or {one["named_by"] for one in named} != {NAME} else ""
    told = [
        one if one["named_by"] in OWN_NAMES else {**one, "values": {one["named_by"]: one["named"]}} for one in named
    ]
    lines = [(one, item_link(one, place, testid=ids.TESTID_NAMED)) for one in told]
    return [
        heading(first, whose if len(whose) < _A_LINE else "by their names"),
        ways,
        html.Div(folded(lines), className="cards"),
    ]


def _called(asked: str, named: Sequence[dict[str, Any]], *, one: bool) -> tuple[str, bool]:
    """Return how rows are called by what was *asked* for, and whether all are called just so.

    Of others it says that their names have it, as it stands or the words of it.  A text that came with its vector is
    what it says, and no name.
    """
    wanted = asked.casefold()
    if all(told.get("in_column") for told in named):
        columns = list(dict.fromkeys(f"“{told['named_by']}”" for told in named))
        return f"with “{asked}” in the column{'s' if len(columns) > 1 else ''} {' and '.join(columns)}", True
    if all(told.get("just_so") or str(told["named"]).strip().casefold() == wanted for told in named):
        return f"named “{asked}”", True
    words = f"“{asked}”" if all(wanted in str(told["named"]).casefold() for told in named) else f"the words “{asked}”"
    if all(told["named_by"] == NAME for told in named):
        return f"with {words}", False
    return f"with {words} in {'its name' if one else 'their names'}", False


def examples_of(clusters: list[dict[str, Any]]) -> list[str]:
    """Return what typical items of the first clusters say, where that is short: names that may be searched for."""
    said = (str(one.get("text") or "").strip() for c in clusters for one in list(c.get("exemplars", ()))[:1])
    return [text for text in said if 0 < len(text) <= _A_NAME and "\n" not in text][:_FEW]
