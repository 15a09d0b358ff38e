"""Turns columns as they were read into pandas columns that keep each value as the file has it.

It drops no rows and no columns, and takes no text for a date or an amount: `explorer.columns` does, when it is asked.
"""

from __future__ import annotations

import json
import re
import struct
import uuid
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import numpy as np

PLAIN, NUMBERS = 0, 1
"""What to take for a type in strings: nothing (JSON and Parquet have types), or numbers (CSV has none)."""

_EXACT = 2**53
_SHOWN_BYTES = 64
"""Bytes that are no text and are kept: keys and digests have so many, what has more is a file of its own."""
_WHOLE = r"^-?(0|[1-9]\d{0,17})$"
_DECIMAL = r"^-?(0|[1-9]\d{0,14})\.(\d*[1-9]|0)$"
_SHORT = r"^-?(0|[1-9]\d{0,9})\.(\d{0,4}[1-9]|0)$|^-?0\.\d{0,3}[1-9]\d{0,11}$"
"""Decimals of so few digits come back as they were written; of others that is tried."""
_CONTROLS = r"[\x00-\x08\x0e-\x1a\x1c-\x1f]"
_BARE_CONTROLS = re.compile(_CONTROLS.encode())
"""What no text has; DuckDB's spans of time are such bytes."""
_PER_SECOND = {"s": 1, "ms": 10**3, "us": 10**6, "ns": 10**9}
_CLOCKS = (-62_135_510_400, 253_402_214_400)
"""The second day of the year 1 and the last of 9999 in seconds since 1970: between, every zone's clock has a year."""


def is_strings(column: Any) -> bool:
    """Say whether an arrow column holds strings."""
    import pyarrow as pa

    return bool(pa.types.is_string(column.type) or pa.types.is_large_string(column.type))


def typed(column: Any, recognise: int) -> Any:
    """Return the arrow column as a pandas Series; where strings have no types, as in CSV, empty ones are missing.

    Numbers in strings become int64 (Int64 with missing ones) or float64 when every value comes back as it was written:
    "007", "1.10" and "n/a" stay text.  What else a string means, `explorer.columns` says of the text.
    """
    import pyarrow as pa
    import pyarrow.compute as pc

    if not is_strings(column):
        return _series(column)
    if recognise < NUMBERS:
        return column.to_pandas().reset_index(drop=True)
    kept = pc.if_else(pc.equal(column, ""), pa.scalar(None, column.type), column)
    found = _numbers(kept) if kept.null_count < len(kept) else None
    return kept.to_pandas().reset_index(drop=True) if found is None else _series(found)


class Written(float):
    """A number of JSON that Python would write in another way, such as 1.10 or 1E5, with how it is written."""

    __slots__ = ("text",)

    def __new__(cls, text: str) -> Written:
        """Make one of how it is written."""
        made = super().__new__(cls, text)
        made.text = text
        return made

    text: str

    @property
    def kind(self) -> type:
        """What it is among numbers: -0 is a whole one."""
        return int if self.text == "-0" else float


def from_values(values: Sequence[Any]) -> Any:
    """Return JSON values as an arrow array: nested ones as JSON text, mixed kinds as text, numbers as written there."""
    import pyarrow as pa

    kinds = {value.kind if type(value) is Written else type(value) for value in values} - {type(None)}
    try:
        if kinds <= {bool}:
            return pa.array(values, pa.bool_() if kinds else pa.large_string())
        if kinds == {int}:
            return pa.array([int(value) if type(value) is Written else value for value in values], pa.int64())
        if kinds == {float} or (
            kinds == {int, float} and max(abs(v) for v in [0, *values] if type(v) is int) <= _EXACT
        ):
            return pa.array([None if value is None else float(value) for value in values], pa.float64())
    except (OverflowError, pa.ArrowException):
        pass  # integers beyond 64 bits are ids: they stay text
    return pa.array([_text(value) for value in values], pa.large_string())


def flat(column: Any) -> Any:
    """Return an arrow column of any type as one of a plain type: nested values as JSON text, bytes as text or size."""
    import pyarrow as pa

    kind = column.type
    if pa.types.is_dictionary(kind):
        if _is_view(kind.value_type):  # as Polars writes categories; Arrow cannot cast these
            plain = pa.large_string() if str(kind.value_type) == "string_view" else pa.large_binary()
            parts = [chunk.dictionary.cast(plain).take(chunk.indices) for chunk in column.chunks]
            return flat(pa.chunked_array(parts, plain))
        return flat(column.cast(kind.value_type))
    if isinstance(kind, pa.BaseExtensionType):
        return uuids(column) if kind.extension_name == "arrow.uuid" else flat(flat_storage(column))
    if pa.types.is_nested(kind):
        return pa.chunked_array([pa.array([_text(value) for value in _values(column)], pa.large_string())])
    if pa.types.is_binary(kind) or pa.types.is_large_binary(kind) or pa.types.is_fixed_size_binary(kind):
        return _bytes(column)
    if pa.types.is_interval(kind):
        return spans([None if value is None else tuple(value) for value in _values(column)])
    if pa.types.is_null(kind) or pa.types.is_time(kind) or pa.types.is_duration(kind) or _is_view(kind):
        return column.cast(pa.large_string()) if not pa.types.is_duration(kind) else _as_texts(column)
    if pa.types.is_decimal(kind):
        return column.cast(pa.large_string())  # 3.30, and more digits than a float keeps
    if pa.types.is_float16(kind):
        return column.cast(pa.float64())
    if pa.types.is_date(kind):
        return column.cast(pa.timestamp("ms"))
    if pa.types.is_timestamp(kind) and kind.tz:
        return _zoned(column)
    return column


def _zoned(column: Any) -> Any:
    """Return moments with a zone, in UTC where nobody knows it, as text where clocks there may show no year at all."""
    import pyarrow as pa
    import pyarrow.compute as pc

    kind = column.type
    known = column if _is_zone(kind.tz) else column.cast(pa.timestamp(kind.unit, "UTC"))
    counted, per_second = column.cast(pa.int64()), _PER_SECOND[kind.unit]
    least, most = pc.min_max(counted).as_py().values()
    if least is None or (least >= _CLOCKS[0] * per_second and most < _CLOCKS[1] * per_second):
        return known
    there = pc.fill_null(counted, 0).to_numpy().astype(f"datetime64[{kind.unit}]")
    texts = np.char.add(np.datetime_as_string(there), "Z").astype(object)
    return pa.chunked_array([pa.array(texts, pa.large_string(), mask=counted.is_null().to_numpy())])


def _is_zone(name: str) -> bool:
    import pyarrow as pa

    try:
        return pa.lib.string_to_tzinfo(name) is not None
    except (pa.ArrowInvalid, ValueError, OSError, LookupError):
        return False


def texts(column: Any) -> list[str | None]:
    """Return the values of an arrow column as strings, None for missing ones."""
    values = _values(column)
    return values if is_strings(column) else [None if value is None else _text(value) for value in values]


def _values(column: Any) -> list[Any]:
    """Return the values of an arrow column; a moment that no calendar of Python has as the number it is stored as."""
    column = _shortest(column)
    try:
        return list(column.to_pylist())
    except (OverflowError, ValueError):
        return [_value(scalar) for scalar in column]


def _shortest(column: Any) -> Any:
    """Return numbers of 32 bits, and lists of such, as the shortest decimals that mean them: 0.1, not 0.100000001."""
    import pyarrow as pa

    kind, types = column.type, pa.types
    if types.is_float32(kind):
        return column.cast(pa.string()).cast(pa.float64())
    if types.is_fixed_size_list(kind) and types.is_float32(kind.value_type):
        return column.cast(pa.list_(pa.string(), kind.list_size)).cast(pa.list_(pa.float64(), kind.list_size))
    for is_list, made in ((types.is_list, pa.list_), (types.is_large_list, pa.large_list)):
        if is_list(kind) and types.is_float32(kind.value_type):
            return column.cast(made(pa.string())).cast(made(pa.float64()))
    return column


def _value(scalar: Any) -> Any:
    try:
        return scalar.as_py()
    except (OverflowError, ValueError):
        return str(getattr(scalar, "value", f"<{scalar.type}>"))


def _text(value: Any) -> str | None:
    if value is None or isinstance(value, str):
        return value
    if type(value) is Written:
        return value.text
    return json.dumps(value, ensure_ascii=False, default=_json)


def _json(value: Any) -> Any:
    return sized(value) if isinstance(value, bytes) else str(value)


def sized(value: bytes) -> str:
    """Return bytes that are no text by their number, and what they are where these are few: “<3 bytes: 00ff01>”."""
    said = f": {value.hex()}" if 0 < len(value) <= _SHOWN_BYTES else ""
    return f"<{len(value)} bytes{said}>"


def _is_view(kind: Any) -> bool:
    return str(kind) in ("string_view", "binary_view")


def _bytes(column: Any) -> Any:
    """Return bytes as texts where they are UTF-8; where most are, the others by their size, else all of them."""
    import pyarrow as pa

    try:
        texts = column.cast(pa.large_binary()).cast(pa.large_string())
        if not _any_matches(texts, _CONTROLS):
            return texts
    except pa.ArrowInvalid:
        pass
    values = column.cast(pa.large_binary()).to_pylist()
    read = [None if value is None or _BARE_CONTROLS.search(value) else utf8(value) for value in values]
    known = sum(text is not None for text in read)
    if 2 * known <= len(values) - values.count(None):
        read = [None] * len(values)
    sizes = [None if value is None else sized(value) for value in values]
    texts = [size if text is None else text for text, size in zip(read, sizes, strict=True)]
    return pa.chunked_array([pa.array(texts, pa.large_string())])


def utf8(value: bytes) -> str | None:
    """Return the text of bytes that are UTF-8, None of others."""
    try:
        return value.decode("utf-8")
    except UnicodeDecodeError:
        return None


def uuids(column: Any) -> Any:
    """Return 16 bytes each as UUIDs are written."""
    import pyarrow as pa

    storage = flat_storage(column)
    texts = [None if value is None else str(uuid.UUID(bytes=value)) for value in storage.to_pylist()]
    return pa.chunked_array([pa.array(texts, pa.large_string())])


def packed_spans(column: Any) -> Any:
    """Return 12 bytes each, months, days and milliseconds, as spans of time are written."""
    values = flat_storage(column).to_pylist()
    told = [None if value is None else struct.unpack("<3I", value) for value in values]
    return spans([None if one is None else (one[0], one[1], one[2] * 1_000_000) for one in told])


def spans(values: Sequence[tuple[int, int, int] | None]) -> Any:
    """Return months, days and nanoseconds as ISO 8601 writes spans of time, such as P1M2DT3.5S."""
    import pyarrow as pa

    return pa.chunked_array([pa.array([None if one is None else _span(*one) for one in values], pa.large_string())])


def _span(months: int, days: int, nanos: int) -> str:
    years, months = divmod(abs(months), 12) if months >= 0 else (0, months)
    seconds = f"{Decimal(nanos).scaleb(-9).normalize():f}" if nanos else ""
    day = "".join(f"{count}{sign}" for count, sign in ((years, "Y"), (months, "M"), (days, "D")) if count)
    return f"P{day}{f'T{seconds}S' if seconds else ''}" if day or seconds else "PT0S"


def flat_storage(column: Any) -> Any:
    """Return an arrow column of an extension type as one of what it is stored as."""
    import pyarrow as pa

    if not isinstance(column.type, pa.BaseExtensionType):
        return column
    return pa.chunked_array([chunk.storage for chunk in column.chunks], column.type.storage_type)


def _as_texts(column: Any) -> Any:
    import pyarrow as pa

    values = [None if value is None else str(value) for value in _values(column)]
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


def _numbers(values: Any) -> Any:
    """Return strings as an arrow column of numbers; None where a value would not come back as it is."""
    import pyarrow as pa

    if _all_match(values, _WHOLE):
        return None if _any_matches(values, "^-0$") else values.cast(pa.int64())
    if not _all_match(values, _DECIMAL):
        return None
    numbers = values.cast(pa.float64())
    return numbers if _all_match(values, _SHORT) or _written_back(numbers) == values.to_pylist() else None


def _written_back(numbers: Any) -> list[str | None]:
    return [None if number is None else repr(number) for number in numbers.to_pylist()]


def _any_matches(values: Any, pattern: str) -> bool:
    import pyarrow.compute as pc

    return bool(pc.any(pc.match_substring_regex(values, pattern)).as_py())


def _all_match(values: Any, pattern: str) -> bool:
    import pyarrow.compute as pc

    start = pc.all(pc.match_substring_regex(values.slice(0, 1000), pattern)).as_py()
    return start is not False and bool(pc.all(pc.match_substring_regex(values, pattern)).as_py())
