"""Finds rows of texts by a value of another column: an id, the number of an order, a kind.

Names of files, and what a table says beside these, `bynames` looks through.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import numpy as np

from explorer.questions.exact import unquoted
from explorer.types import BoolArray, Run

_NUMBER = re.compile(r"-?\d+(\.\d+)?")
_ROOM = 64
"""Bytes of a cell beyond those of what is wanted: blanks around it, letters that are longer in capitals."""


def rows_with_value(run: Run, query: str, among: BoolArray) -> dict[int, tuple[str, str]]:
    """Return the rows *among* bool (n,) of which a column has just the query, with the column and its value.

    Case does not matter; numbers are alike however they are written.  The texts themselves are no such column, nor is
    one in which all have it.  Of several columns the first counts.  O(n · columns).
    """
    wanted = unquoted(query).strip()
    found: dict[int, tuple[str, str]] = {}
    if not wanted or not among.any():
        return found
    for column, values in _columns(run):
        held = _having(values, wanted) & among
        if held.sum() < among.sum():
            told = values.iloc[int(np.flatnonzero(held)[0])] if held.any() else ""
            for row in np.flatnonzero(held).tolist():
                found.setdefault(row, (column, str(told)))
    return found


def strings_of(values: Any) -> Any:
    """Return a column of strings as an arrow array of strings; None for one of something else."""
    import pyarrow as pa

    try:
        return pa.array(values, from_pandas=True).cast(pa.string()) if _may_be_words(values) else None
    except (pa.ArrowInvalid, pa.ArrowTypeError, pa.ArrowNotImplementedError, UnicodeEncodeError):
        return None


def _may_be_words(values: Any) -> bool:
    return getattr(values.dtype, "kind", "O") == "O" or "str" in str(values.dtype)


def _columns(run: Run) -> Iterator[tuple[str, Any]]:
    table: Any = run.dataset.table
    for column in table.columns:
        if str(column) not in run.dataset.text_columns:
            yield str(column), table[column]


def _having(values: Any, wanted: str) -> BoolArray:
    """Return which values (n,) of a column are just what is *wanted*."""
    import pyarrow as pa
    import pyarrow.compute as pc

    same = np.zeros(len(values), np.bool_)
    said = strings_of(values)
    if said is not None:
        short = np.flatnonzero(pc.less(pc.binary_length(said), _ROOM + 4 * len(wanted)).fill_null(False))
        plain = pc.utf8_lower(pc.utf8_trim_whitespace(said.take(pa.array(short))))
        equal = pc.equal(plain, wanted.encode("utf-8", "replace").decode().lower())
        same[short] = equal.to_numpy(zero_copy_only=False)
    elif getattr(values.dtype, "kind", "O") in "iuf" and _NUMBER.fullmatch(wanted):
        same |= values.to_numpy(np.float64, na_value=np.nan) == float(wanted)
    return same
