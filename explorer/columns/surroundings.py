"""What the other columns of a table tell of one: which sign their decimals have.

It reads a few values of each and decides nothing.
"""

from __future__ import annotations

from itertools import islice
from typing import Any

from explorer.columns.numbers import COMMA, POINT, taken_apart
from explorer.columns.strings import are_strings, spread, trimmed

_COLUMNS, _VALUES = 60, 200


def decimal_of(table: Any) -> str:
    """Return the decimal sign that columns of a DataFrame surely have; "" where none says, or they differ."""
    found = set()
    for name in islice((name for name in table.columns if are_strings(table[name])), _COLUMNS):
        texts = spread(trimmed(table[name].dropna().head(_VALUES * 5)).drop_null(), _VALUES)
        parts = taken_apart(texts)
        with_point, with_comma = (float(parts.valid(sign).sum()) / max(1, len(texts)) for sign in (POINT, COMMA))
        apart = abs(with_point - with_comma)
        if apart > 0.1 * (max(with_point, with_comma) < 1) and max(with_point, with_comma) > 0.9:
            found.add(POINT if with_point > with_comma else COMMA)
    return found.pop() if len(found) == 1 else ""
