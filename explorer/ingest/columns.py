"""Turns columns as they were read into pandas columns: numbers and dates recognised, everything else left as it was.

It drops no rows and no columns.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import Any

PLAIN, DATES, NUMBERS, COMMA_NUMBERS = 0, 1, 2, 3
"""What to recognise in strings: nothing (Parquet has types), dates (JSON has numbers), numbers and dates (CSV), and
numbers with a decimal comma as well (CSV whose delimiter is not a comma)."""

_MISSING_NUMBER = ("NA", "N/A", "n/a", "#N/A", "NaN", "nan", "NULL", "null", "None", "none", "-")
_NUMBER = r"^-?(\d{1,18}|\d*\.\d+|\d+\.)([eE][+-]?\d{1,3})?$"
_COMMA_NUMBER = r"^-?\d{1,15}(,\d{1,2}|,\d{4,12})?$"
"""Three digits after a comma may be thousands."""
_LEADING_ZERO = r"^-?0\d"
_ISO = re.compile(r"\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2}([.,]\d+)?)?\s?(Z|UTC|[+-]\d{2}:?\d{2})?)?")
_DATE_FORMATS = (
    (re.compile(r"\d{4}/\d{1,2}/\d{1,2}"), ("%Y/%m/%d",)),
    (re.compile(r"\d{1,2}\.\d{1,2}\.\d{4}"), ("%d.%m.%Y",)),
    (re.compile(r"\d{1,2}/\d{1,2}/\d{4}"), ("%m/%d/%Y", "%d/%m/%Y")),
    (re.compile(r"\d{1,2}/\d{1,2}/\d{4} \d{1,2}:\d{2}"), ("%m/%d/%Y %H:%M", "%d/%m/%Y %H:%M")),
    (re.compile(r"\d{1,2} [A-Za-z]{3} \d{4}"), ("%d %b %Y",)),
    (re.compile(r"[A-Za-z]{3,9} \d{1,2}, \d{4}"), ("%B %d, %Y", "%b %d, %Y")),
)


def is_strings(column: Any) -> bool:
    """Say whether an arrow column holds strings."""
    import pyarrow as pa

    return bool(pa.types.is_string(column.type) or pa.types.is_large_string(column.type))


def typed(column: Any, recognise: int) -> Any:
    """Return the arrow column as a pandas Series; blank strings are missing.

    Numbers in strings become int64 (Int64 with missing ones) or float64 when every value is one, "NA" and its like
    counting as missing; "007" is an id and stays text.  Dates become datetime64 when all follow one unambiguous form.
    """
    import pyarrow as pa
    import pyarrow.compute as pc

    if not is_strings(column):
        return _series(column)
    trimmed = pc.utf8_trim_whitespace(column)
    blank = pc.equal(trimmed, "")
    nothing = pa.scalar(None, column.type)
    trimmed = pc.if_else(blank, nothing, trimmed)
    if trimmed.null_count < len(trimmed):
        found = _numbers(trimmed, commas=recognise == COMMA_NUMBERS) if recognise >= NUMBERS else None
        found = _dates(trimmed) if found is None and recognise >= DATES else found
        if found is not None:
            return found
    return pc.if_else(blank, nothing, column).to_pandas().reset_index(drop=True)


def from_values(values: Sequence[Any]) -> Any:
    """Return JSON values as an arrow array: nested ones as JSON text, mixed kinds as text."""
    import pyarrow as pa

    kinds = {type(value) for value in values} - {type(None)}
    try:
        if kinds <= {bool}:
            return pa.array(values, pa.bool_() if kinds else pa.large_string())
        if kinds == {int}:
            return pa.array(values, pa.int64())
        if kinds == {int, float} or kinds == {float}:
            return pa.array([None if value is None else float(value) for value in values], pa.float64())
    except (OverflowError, pa.ArrowException):
        pass  # integers beyond 64 bits are ids: they stay text
    return pa.array([_text(value) for value in values], pa.large_string())


def flat(column: Any) -> Any:
    """Return an arrow column of any type as one of a plain type: nested values as JSON text, bytes as text or size."""
    import pyarrow as pa

    kind = column.type
    if pa.types.is_dictionary(kind):
        return flat(column.cast(kind.value_type))
    if isinstance(kind, pa.BaseExtensionType):
        return flat(pa.chunked_array([chunk.storage for chunk in column.chunks], kind.storage_type))
    if pa.types.is_nested(kind):
        return pa.chunked_array([pa.array([_text(value) for value in column.to_pylist()], pa.large_string())])
    if pa.types.is_binary(kind) or pa.types.is_large_binary(kind) or pa.types.is_fixed_size_binary(kind):
        return _bytes(column)
    if pa.types.is_null(kind) or pa.types.is_time(kind) or pa.types.is_duration(kind) or _is_view(kind):
        return column.cast(pa.large_string()) if not pa.types.is_duration(kind) else _as_texts(column)
    if pa.types.is_decimal(kind) or pa.types.is_float16(kind):
        return column.cast(pa.float64())
    if pa.types.is_date(kind):
        return column.cast(pa.timestamp("ms"))
    if pa.types.is_timestamp(kind) and kind.tz and not _is_zone(kind.tz):
        return column.cast(pa.timestamp(kind.unit, "UTC"))
    return column


def _is_zone(name: str) -> bool:
    import pyarrow as pa

    try:
        return pa.lib.string_to_tzinfo(name) is not None
    except (pa.ArrowInvalid, ValueError, OSError, LookupError):
        return False


def texts(column: Any) -> list[str | None]:
    """Return the values of an arrow column as strings, None for missing ones."""
    values = column.to_pylist()
    return values if is_strings(column) else [None if value is None else _text(value) for value in values]


def _text(value: Any) -> str | None:
    if value is None or isinstance(value, str):
        return value
    return json.dumps(value, ensure_ascii=False, default=_json)


def _json(value: Any) -> Any:
    return f"<{len(value)} bytes>" if isinstance(value, bytes) else str(value)


def _is_view(kind: Any) -> bool:
    return str(kind) in ("string_view", "binary_view")


def _bytes(column: Any) -> Any:
    import pyarrow as pa

    try:
        return column.cast(pa.large_binary()).cast(pa.large_string())
    except pa.ArrowInvalid:
        sizes = [None if value is None else f"<{len(value)} bytes>" for value in column.to_pylist()]
        return pa.chunked_array([pa.array(sizes, pa.large_string())])


def _as_texts(column: Any) -> Any:
    import pyarrow as pa

    values = [None if value is None else str(value) for value in column.to_pylist()]
    return pa.chunked_array([pa.array(values, pa.large_string())])


def _series(column: Any) -> Any:
    import pyarrow as pa

    if column.null_count and pa.types.is_integer(column.type):
        # pandas would turn integers with gaps into floats.
        try:
            return column.cast(pa.int64()).to_pandas(types_mapper={pa.int64(): _nullable("Int64")}.get)
        except pa.ArrowInvalid:  # integers beyond 64 bits with a sign are ids: they become text
            return column.cast(pa.large_string()).to_pandas().reset_index(drop=True)
    series = column.to_pandas().reset_index(drop=True)
    if column.null_count and pa.types.is_boolean(column.type):
        return series.astype("boolean")
    return series


def _nullable(name: str) -> Any:
    import pandas as pd

    return pd.api.types.pandas_dtype(name)


def _numbers(trimmed: Any, *, commas: bool) -> Any:
    import pyarrow as pa
    import pyarrow.compute as pc

    values = pc.if_else(
        pc.is_in(trimmed, pa.array(_MISSING_NUMBER, trimmed.type)), pa.scalar(None, trimmed.type), trimmed
    )
    if values.null_count == len(values):
        return None
    if commas and _all_match(values, _COMMA_NUMBER):
        values = pc.replace_substring(values, ",", ".")
    if not _all_match(values, _NUMBER):
        return None
    if pc.any(pc.match_substring_regex(values, _LEADING_ZERO)).as_py():
        return None
    kind = pa.int64() if _all_match(values, r"^-?\d+$") else pa.float64()
    return _series(values.cast(kind))


def _all_match(values: Any, pattern: str) -> bool:
    import pyarrow.compute as pc

    start = pc.all(pc.match_substring_regex(values.slice(0, 1000), pattern)).as_py()
    return start is not False and bool(pc.all(pc.match_substring_regex(values, pattern)).as_py())


def _dates(trimmed: Any) -> Any:
    import pandas as pd

    first = next(value.as_py() for value in trimmed if value.is_valid)
    if _ISO.fullmatch(first):
        zoned = first.rstrip()[-1] in "ZC" or re.search(r":\d\d.*[+-]\d\d:?\d\d$", first) is not None
        return _parsed(trimmed, "ISO8601", utc=zoned)
    for shape, formats in _DATE_FORMATS:
        if shape.fullmatch(first):
            parsed = [found for form in formats if (found := _parsed(trimmed, form)) is not None]
            # 01/02/2024 throughout is two different dates: without evidence it stays text.
            if parsed and all(found.equals(parsed[0]) for found in parsed[1:]):
                series: pd.Series[Any] = parsed[0]
                return series
    return None


def _parsed(trimmed: Any, form: str, *, utc: bool = False) -> Any:
    import pandas as pd

    try:
        return pd.to_datetime(trimmed.to_pandas().reset_index(drop=True), format=form, utc=utc)
    except (ValueError, TypeError, OverflowError):
        return None
