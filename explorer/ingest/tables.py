"""Reads tables: delimited text, JSON lines and Parquet, each record with its number, each bad record with its reason.

It chooses no text column and builds no items: `loading` does.
"""

from __future__ import annotations

import json
import re
import zipfile
import zlib
from array import array
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, TypeAlias

from explorer.errors import UnreadableFile
from explorer.ingest.columns import COMMA_NUMBERS, DATES, NUMBERS, PLAIN, flat, from_values, is_strings
from explorer.ingest.delimited import Fault, Records, unique_names
from explorer.ingest.encodings import Encoding, decoded, detect, lines_of
from explorer.ingest.sources import Source
from explorer.ingest.textcolumn import SAMPLE_ROWS
from explorer.types import Rejected

BATCH = 20_000

Advance: TypeAlias = Callable[[int], None]
"""Called with the bytes of the present file that have been read so far; may raise to stop."""


@dataclass
class Table:
    """Equally long arrow columns by name, the record number of each row, and what was rejected."""

    name: str
    columns: dict[str, Any]
    records: array[int]
    rejected: list[Rejected] = field(default_factory=list)
    recognise: int = PLAIN

    def __len__(self) -> int:
        return len(self.records)

    def sample(self) -> dict[str, list[str]]:
        """Return for each string column the values of the first rows that are not missing."""
        return {
            name: [value for value in column.slice(0, SAMPLE_ROWS).to_pylist() if value is not None]
            for name, column in self.columns.items()
            if is_strings(column)
        }


def read_table(source: Source, advance: Advance, *, limit: int | None = None) -> Table:
    """Read the table, or with *limit* about its first so many records.  Raises UnreadableFile."""
    readers = {".jsonl": _read_json_lines, ".ndjson": _read_json_lines, ".parquet": _read_parquet}
    try:
        return readers.get(source.suffix, _read_delimited)(source, advance, limit)
    except (OSError, EOFError, zipfile.BadZipFile, zlib.error) as exc:
        raise UnreadableFile(f"cannot read {source.name}: {exc}. Check the file and load it again.") from exc


def _read_delimited(source: Source, advance: Advance, limit: int | None) -> Table:
    encoding = detect(source, sample=limit is not None)
    with source.open() as file, decoded(file, encoding, newline="") as text:
        records = Records(lines_of(text, encoding))
        names = unique_names(records.dialect.names)
        recognise = NUMBERS if records.dialect.delimiter == "," else COMMA_NUMBERS
        table = Table(source.name, {}, array("q"), recognise=recognise)
        chunks: list[list[Any]] = [[] for _ in names]
        numbered = enumerate(records)
        while _batch(numbered, records, encoding, chunks, table, limit):
            advance(file.tell())
            if limit is not None and len(table) >= limit:
                break
    if len(table) or records.dialect.has_header:  # without either there are no columns, only a guess at their names
        table.columns = {name: _joined(parts) for name, parts in zip(names, chunks, strict=True)}
    return table


def _batch(
    numbered: enumerate[list[str] | Fault],
    records: Records,
    encoding: Encoding,
    chunks: list[list[Any]],
    table: Table,
    limit: int | None,
) -> bool:
    """Read the next records into the chunks; return whether there were any."""
    import pyarrow as pa

    rows: list[list[str]] = []
    some = False
    for number, record in islice(numbered, BATCH if limit is None else limit):
        some = True
        reason = encoding.fault(records.raw) if encoding.faulty else ""
        if isinstance(record, Fault) or reason:
            reason = reason or (record.reason if isinstance(record, Fault) else "")
            table.rejected.append(Rejected(table.name, number, reason))
        else:
            rows.append(record)
            table.records.append(number)
    for parts, values in zip(chunks, zip(*rows, strict=True), strict=False):
        parts.append(pa.array(values, pa.large_string()))
    return some


def _joined(parts: list[Any]) -> Any:
    import pyarrow as pa

    return pa.chunked_array(parts, type=None if parts else pa.large_string())


def _read_json_lines(source: Source, advance: Advance, limit: int | None) -> Table:
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
        name: _joined([from_values(values.pop(key))]) for name, key in zip(names, list(values), strict=True)
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


def _read_parquet(source: Source, advance: Advance, limit: int | None) -> Table:
    import io

    import pyarrow as pa
    import pyarrow.parquet as pq

    with source.open() as file:
        try:
            whole = pq.ParquetFile(io.BytesIO(file.read()) if source.member else file)
            if limit is None:
                arrow = whole.read()
            else:
                batches = islice(whole.iter_batches(batch_size=limit), 1)
                arrow = pa.Table.from_batches(batches, schema=whole.schema_arrow)
        except (pa.ArrowException, OSError, ValueError) as exc:
            why = str(exc).rstrip(". ")
            raise UnreadableFile(f"{source.name} is not a whole Parquet file: {why}. Write it again.") from exc
    advance(source.size)
    kept = [i for i, name in enumerate(arrow.column_names) if not re.fullmatch(r"__index_level_\d+__", name)]
    names = unique_names(arrow.column_names[i] for i in kept)
    plain = {name: flat(arrow.column(i)) for name, i in zip(names, kept, strict=True)}
    return Table(source.name, plain, array("q", range(arrow.num_rows)))
