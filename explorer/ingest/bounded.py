"""Bounds what files choose the length of – the names of columns, what can be chosen – to what records can hold.

It reads nothing: whatever a reader returns goes through here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from explorer.ingest.reader import Content, Table
from explorer.types import COLUMN, Choice, Rejected, cut

LONGEST_NAME, SHORTEST_CUT, ALL_NAMES = 500, 60, 2**20
"""Characters of a column's name at most; of very many columns fewer, so that all names have about so many."""
_BEGINNING = 100
_OPTIONS, _OPTION, _LABEL = 1_000, 500, 200


def bounded(found: Table | Content, source: str) -> None:
    """Cut the names of columns that are too long, and say so once among what was rejected of this source."""
    new = short_names(found.columns)
    if not new:
        return
    found.columns = _renamed(found.columns, new)
    if isinstance(found, Table):
        found.text = new.get(found.text, found.text)
    found.rejected.append(Rejected(source, None, _said(new), what=COLUMN))


def short_names(names: Iterable[str]) -> dict[str, str]:
    """Return what the names that are too long are cut to, each different from all others."""
    names = list(names)
    most = max(SHORTEST_CUT, min(LONGEST_NAME, ALL_NAMES // max(1, len(names))))
    taken = {name for name in names if len(name) <= most}
    counts: dict[str, int] = {}
    new = {}
    for name in names:
        if len(name) <= most:
            continue
        short = candidate = cut(name, most)
        while candidate in taken:
            counts[short] = counts.get(short, 1) + 1
            end = f"…_{counts[short]}"
            candidate = f"{short[: most - len(end)]}{end}"
        taken.add(candidate)
        new[name] = candidate
    return new


def _renamed(columns: Mapping[str, Any], new: Mapping[str, str]) -> dict[str, Any]:
    return {new.get(name, name): values for name, values in columns.items()}


def _said(new: Mapping[str, str]) -> str:
    beginning = next(iter(new))[:_BEGINNING]
    if len(new) == 1:
        return f"the name of a column is cut, it is too long: {beginning}…"
    return f"the names of {len(new):,} columns are cut, they are too long; the first is {beginning}…"


def bounded_choice(choice: Choice) -> Choice:
    """Return what can be chosen without the options that are too long to be asked for, and beyond a thousand."""
    options = [(value, cut(label, _LABEL)) for value, label in choice.options if len(value) <= _OPTION][:_OPTIONS]
    if len(choice.value) <= _OPTION and tuple(options) == choice.options:
        return choice
    return replace(choice, value=cut(choice.value, _OPTION), options=tuple(options))
