"""The type of a column in words, and the field in the preview that sets it.

What sets it registers in `panels/upload`; assets/shell/types.mjs tells it what was chosen.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dash import html

from explorer.columns import UNTOLD

TYPE_NOTE = "column-note"
"""The type of the ids of what is said of a column, {"type": TYPE_NOTE, "name": …}."""
_KINDS = {"picture": "picture (a file's name)", "date:clock": "time, as 07:45"}
_FORMS = {
    "dmy": "day first",
    "mdy": "month first",
    "ymd": "year first",
    "s": "seconds since 1970",
    "ms": "milliseconds since 1970",
    "compact": "as 20240131",
    ".": "decimal point",
    ",": "decimal comma",
}


def type_words(read_as: str) -> str:
    """Return a type in words: "date:dmy" is "date, day first"."""
    kind, _, form = read_as.partition(":")
    if read_as in _KINDS:
        return _KINDS[read_as]
    return f"{_KINDS.get(kind, kind)}, {_FORMS[form]}" if form in _FORMS else _KINDS.get(kind, kind)


def type_field(name: str, held: Mapping[str, Any]) -> Any:
    """Return the choice of what a column holds: plain, since a table may have hundreds of them.

    The first is what was found; it says so, and takes back what was set.
    """
    given = str(held["read_as"]) if held["set"] else ""
    found = str(held["found"])
    others = [one for one in held["types"] if one != found]
    options = [
        _option(f"{type_words(found)} – found", "", given),
        *(_option(type_words(one), one, given) for one in others),
    ]
    return html.Select(
        options,
        className="column-type",
        **{"aria-label": f"Type of the column {name}", "data-column-type": name, "data-testid": "column-type"},
    )


def _option(words: str, value: str, given: str) -> Any:
    return html.Option(words, value=value, selected=value == given)


def to_color_by(dataset: Mapping[str, Any]) -> list[str]:
    """Return the columns of a dataset that are offered for colours: not its texts, nor what is set to be an id."""
    return [
        name
        for name in dataset["columns"]
        if name != dataset["text_column"] and dataset["readings"].get(name) not in UNTOLD
    ]
