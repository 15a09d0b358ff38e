"""Reads JSON lines: a record a line, each with its number, each bad one with its reason.

It chooses no text column and builds no items: `loading` does.
"""

from __future__ import annotations

import json
from array import array
from typing import Any

from explorer.ingest.columns import DATES, from_values
from explorer.ingest.delimited import unique_names
from explorer.ingest.encodings import Encoding, decoded, detect, lines_of
from explorer.ingest.reader import BATCH, TABLE, Advance, FileReader, Source, Table, joined
from explorer.types import Rejected


def read_json_lines(source: Source, advance: Advance, *, limit: int | None = None) -> Table:
    """Read the objects of a file, or its first *limit* ones, as a table of all their members."""
    encoding = detect(source, sample=limit is not None)
    table = Table(source.name, {}, array("q"), recognise=DATES)
    values: dict[str, list[Any]] = {}
    with source.open() as file, decoded(file, encoding, newline=None) as text:
        lines = (line for line in lines_of(text, encoding) if line.strip())
        for number, line in enumerate(lines):
            record, reason = _record(line, encoding)
            if record is None:
                table.rejected.append(Rejected(source.name, number, reason))
            else:
                _add(values, record, len(table))
                table.records.append(number)
            if number % BATCH == 0:
                advance(file.tell())
            if limit is not None and len(table) >= limit:
                break
    names = unique_names(values)
    table.columns = {
        name: joined([from_values(values.pop(key))]) for name, key in zip(names, list(values), strict=True)
    }
    return table


def _record(line: str, encoding: Encoding) -> tuple[dict[str, Any] | None, str]:
    reason = encoding.fault(line)
    if reason:
        return None, reason
    try:
        record = json.loads(line.lstrip("\ufeff"))
    except RecursionError:
        return None, "its JSON is nested too deeply"
    except ValueError as exc:
        return None, f"the line is not JSON: {exc}"
    if not isinstance(record, dict):
        return None, f"the line holds {_kind(record)}, not a JSON object"
    if r"\ud" in line or r"\uD" in line:
        record = json.loads(
            json.dumps(record, ensure_ascii=False).encode("utf-16", "surrogatepass").decode("utf-16", "replace")
        )
    return record, ""


def _kind(value: Any) -> str:
    if value is None:
        return "null"
    names = {list: "a list", str: "a string", bool: "true or false"}
    return names.get(type(value), "a number")


def _add(values: dict[str, list[Any]], record: dict[str, Any], row: int) -> None:
    for key, value in record.items():
        column = values.get(key)
        if column is None:
            column = values[key] = [None] * row
        column.append(value)
    if len(record) < len(values):
        for column in values.values():
            if len(column) == row:
                column.append(None)


JSON_LINES = FileReader(
    name="JSON lines",
    suffixes=(".jsonl", ".ndjson"),
    summary="An object a line: one member is the text, the others are kept.",
    kind=TABLE,
    read=read_json_lines,
    cures={".json": "save it as JSON lines (.jsonl), one object a line"},
)
