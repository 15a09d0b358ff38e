"""Reads a column as what it is: categories, numbers or dates; or as another type that somebody set.

The kind is judged by a sample, the form (decimal sign, order of day and month) by the whole column.
"""

from __future__ import annotations

from typing import Any

from explorer.columns.native import Moments, Numbers, Words
from explorer.columns.nouns import CATEGORY, WORDS, Column, Reading, Seen
from explorer.columns.strings import are_strings
from explorer.columns.written import Written


def read(values: Any, name: str = "", wanted: Reading | None = None, *, decimal: str = "") -> Seen:
    """Read a pandas Series (n,) as what it is, or as what is *wanted*; O(characters).

    *name* is the column's, which tells codes from amounts; *decimal* is the sign that other columns of its table have,
    used where the column itself does not say.
    """
    if wanted is not None and wanted.kind in WORDS:
        return Seen(wanted)
    column = _column(values, name, decimal)
    chosen = wanted or column.guess()
    return Seen(chosen) if chosen.kind == CATEGORY else column.seen(column.formed(chosen))


def readings(values: Any, name: str = "", *, decimal: str = "") -> tuple[Reading, ...]:
    """Return how a column may sensibly be read, its own reading first."""
    return _readings(_column(values, name, decimal))


def surveyed(
    values: Any, name: str = "", wanted: Reading | None = None, *, decimal: str = ""
) -> tuple[Seen, tuple[Reading, ...]]:
    """Return what `read` and `readings` do, for little more than one of them."""
    column = _column(values, name, decimal)
    found = _readings(column)
    chosen = column.formed(wanted or found[0])
    return (Seen(chosen) if chosen.kind in WORDS else column.seen(chosen)), found


def _readings(column: Column) -> tuple[Reading, ...]:
    kept: dict[str, Reading] = {}
    for one in (column.formed(column.guess()), Reading(CATEGORY), *column.offered()):
        kept.setdefault(str(one), one)
    return tuple(kept.values())


def _column(values: Any, name: str, decimal: str) -> Column:
    import pandas as pd

    types = pd.api.types
    values = values.reset_index(drop=True)
    if types.is_datetime64_any_dtype(values):
        return Moments(values)
    if types.is_bool_dtype(values):
        return Words()
    if types.is_numeric_dtype(values):
        return Numbers(values, name)
    if are_strings(values):
        return Written(values, name, decimal)
    return Words()
