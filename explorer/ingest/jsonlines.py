"""Reads JSON lines: a record a line, each with its number, each bad one with its reason.

It chooses no text column and builds no items: `loading` does.
"""

from __future__ import annotations

import json
from array import array
from dataclasses import dataclass, field
from typing import Any

from explorer.errors import UnreadableFile
from explorer.ingest.columns import from_values
from explorer.ingest.delimited import unique_names
from explorer.ingest.encodings import Encoding, decoded, detect, lines_of
from explorer.ingest.reader import BATCH, MAX_COLUMNS, TABLE, Advance, FileReader, Source, Table, check_size, joined
from explorer.types import Rejected

MAX_DEPTH = 200
_SPARSE_CELLS, _CELLS_A_VALUE = 20_000_000, 20
"""Cells that a table may have however few of them hold a value, and otherwise for each one that does."""


def read_json_lines(source: Source, advance: Advance, *, limit: int | None = None) -> Table:
    """Read the objects of a file, or its first *limit* ones, as a table of all their members."""
    encoding = detect(source, sample=limit is not None)
    table = Table(source.name, {}, array("q"))
    members: dict[str, _Member] = {}
    with source.open() as file, decoded(file, encoding, newline=None) as text:
        lines = (line for line in lines_of(text, encoding) if line.strip())
        for number, line in enumerate(lines):
            record, reason = _record(line, encoding)
            if record is None:
                table.rejected.append(Rejected(source.name, number, reason))
            else:
                _add(members, record, len(table))
                table.records.append(number)
            if number % BATCH == 0:
                advance(file.tell())
                check_size(source.name, rows=number, columns=0)
            if len(members) > MAX_COLUMNS:
                break
            if limit is not None and len(table) >= limit:
                break
    _check_cells(source.name, members, len(table))
    names = unique_names(members)
    table.columns = {
        name: joined([_column(members.pop(key), len(table))]) for name, key in zip(names, list(members), strict=True)
    }
    return table


@dataclass
class _Member:
    """The values of one member, and the rows that have it, ascending."""

    rows: array[int] = field(default_factory=lambda: array("q"))
    values: list[Any] = field(default_factory=list)


def _add(members: dict[str, _Member], record: dict[str, Any], row: int) -> None:
    for key, value in record.items():
        member = members.get(key)
        if member is None:
            member = members[key] = _Member()
        member.rows.append(row)
        member.values.append(value)


def _check_cells(name: str, members: dict[str, _Member], rows: int) -> None:
    """Raise UnreadableFile when the table would be too large, or large and nearly empty."""
    check_size(name, rows=rows, columns=len(members))
    cells, filled = rows * len(members), sum(len(member.rows) for member in members.values())
    if cells > max(_SPARSE_CELLS, _CELLS_A_VALUE * filled):
        raise UnreadableFile(
            f"{name} has {len(members):,} different members, most of which are in few of its {rows:,} objects. "
            "Keep those that you need, or put the others into one list."
        )


def _column(member: _Member, rows: int) -> Any:
    """Return the values as an arrow array of so many rows, null where there is none."""
    import numpy as np
    import pyarrow as pa

    values = from_values(member.values)
    if len(values) == rows:
        return values
    places = np.full(rows, -1)
    places[np.frombuffer(member.rows, np.int64)] = np.arange(len(values))
    return values.take(pa.array(places, mask=places < 0))


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
    if line.count("[") + line.count("{") > MAX_DEPTH and _depth(record) > MAX_DEPTH:
        return None, "its JSON is nested too deeply"
    if not isinstance(record, dict):
        return None, f"the line holds {_kind(record)}, not a JSON object"
    if r"\ud" in line or r"\uD" in line:
        record = json.loads(
            json.dumps(record, ensure_ascii=False).encode("utf-16", "surrogatepass").decode("utf-16", "replace")
        )
    return record, ""


def _depth(value: Any) -> int:
    """Return how deep lists and objects lie in each other; O(size), without recursion."""
    depth, level = 0, [value]
    while level := [member for member in level if isinstance(member, dict | list)]:
        depth += 1
        level = [inner for member in level for inner in (member.values() if isinstance(member, dict) else member)]
    return depth


def _kind(value: Any) -> str:
    if value is None:
        return "null"
    names = {list: "a list", str: "a string", bool: "true or false"}
    return names.get(type(value), "a number")


JSON_LINES = FileReader(
    name="JSON lines",
    suffixes=(".jsonl", ".ndjson"),
    summary="An object a line: one member is the text, the others are kept.",
    kind=TABLE,
    read=read_json_lines,
    cures={".json": "save it as JSON lines (.jsonl), one object a line"},
)
