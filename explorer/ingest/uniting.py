"""Puts tables one below the other so that every value stays what it was, whatever the types of its column in each.

It reads no files and chooses no columns.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import accumulate
from typing import Any

from explorer.columns import in_full

_LEAST, _MOST = -(2**63), 2**63 - 1


def united(tables: Sequence[Any], names: Sequence[str]) -> Any:
    """Return one DataFrame of these columns, missing where a table lacks one.

    Columns of one family of types share the narrowest one of it that keeps every value; others become text.
    """
    import pandas as pd

    starts = [0, *accumulate(len(table) for table in tables)]
    parts: dict[str, list[tuple[int, Any]]] = {name: [] for name in names}
    for start, table in zip(starts, tables, strict=False):
        for name in table.columns:
            if name in parts:
                parts[name].append((start, table[name]))
    columns = {name: _column(given, starts[-1], len(tables)) for name, given in parts.items()}
    return pd.DataFrame(columns, index=pd.RangeIndex(starts[-1]))


def _column(parts: Sequence[tuple[int, Any]], rows: int, tables: int) -> Any:
    """Return a column of so many rows and tables of its parts, each with its first row; what else there is is missing.

    It takes time by its parts, and no more by the tables that lack it than their rows need.
    """
    import pandas as pd

    there = [(start, part) for start, part in parts if not part.isna().all()]
    gaps = len(there) < tables
    kind = _common([part for _, part in there], gaps)
    whole, end = [], 0
    for start, part in there:
        if start > end:
            whole.append(_missing(start - end, kind))
        whole.append(part.astype(kind) if kind != "str" else in_full(part).astype("str"))
        end = start + len(part)
    if rows > end or not whole:
        whole.append(_missing(rows - end, kind))
    return pd.concat(whole, ignore_index=True)


def _missing(rows: int, kind: Any) -> Any:
    import pandas as pd

    return pd.Series(None, index=pd.RangeIndex(rows), dtype=kind)


def _common(parts: Sequence[Any], gaps: bool) -> Any:
    """Return the pandas type that columns with values can share; *gaps*: it must know missing values."""
    import pandas as pd

    types = pd.api.types
    kinds = list(dict.fromkeys(part.dtype for part in parts))
    gaps = gaps or any(pd.api.types.is_extension_array_dtype(kind) for kind in kinds)

    def all_are(test: Callable[[Any], bool]) -> bool:
        return bool(kinds) and all(test(kind) for kind in kinds)

    if all_are(types.is_bool_dtype):
        return "boolean" if gaps else "bool"
    if all_are(types.is_integer_dtype):
        return _integers(parts, gaps)
    if len(kinds) == 1 and not types.is_object_dtype(kinds[0]):
        return kinds[0]
    if all_are(types.is_float_dtype):
        return "float64"
    if all_are(types.is_datetime64_any_dtype):
        return _moments(parts)
    return "str"


def _integers(parts: Sequence[Any], gaps: bool) -> str:
    least, most = min(int(part.min()) for part in parts), max(int(part.max()) for part in parts)
    if least < 0 and most > _MOST:
        return "str"
    name = "int64" if most <= _MOST else "uint64"
    return {"int64": "Int64", "uint64": "UInt64"}[name] if gaps else name


def _moments(parts: Sequence[Any]) -> Any:
    """Return the finest of the types of moments, text where zones differ or a value is beyond what it reaches."""
    import pandas as pd

    if len({str(part.dt.tz) for part in parts}) > 1:
        return "str"
    finest = max((part.dtype for part in parts), key=lambda kind: ("s", "ms", "us", "ns").index(_unit(kind)))
    try:
        for part in parts:
            part.dt.as_unit(_unit(finest))
    except pd.errors.OutOfBoundsDatetime:
        return "str"
    return finest


def _unit(kind: Any) -> str:
    import numpy as np

    return str(getattr(kind, "unit", None) or np.datetime_data(kind)[0])
