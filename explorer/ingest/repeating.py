"""Takes off a table what only its form has: lines that repeat the column names, last columns without name and value.

Files that were put together have their column names several times, reports that were printed once a page; some
programs end each line with a delimiter.  It reads nothing: `delimited` and `spreadsheets` do.
"""

from __future__ import annotations

from array import array
from collections.abc import Mapping, Sequence
from typing import Any

from explorer.ingest.columnnames import unique_names
from explorer.ingest.dialects import Dialect
from explorer.ingest.reader import Table
from explorer.types import AGAIN, Rejected

_MARK = "\ufeff"
_FEWEST = 2
"""Columns that have names, at least: one may have its name among its values."""
SAID_AGAIN = "it repeats the column names"


def are_names(row: Sequence[str], names: Sequence[str]) -> bool:
    """Say whether a row has the column names once more."""
    named = sum(name != _numbered(at) for at, name in enumerate(names, 1))
    return named >= _FEWEST and len(row) == len(names) and unique_names(row) == tuple(names)


def cut_repeats(table: Table, chunks: Sequence[list[Any]], dialect: Dialect) -> None:
    """Take the rows that repeat the column names off the columns, large strings in as many chunks each; O(n)."""
    import pyarrow as pa
    import pyarrow.compute as pc

    named = [at for at, name in enumerate(dialect.names) if name != _numbered(at + 1)]
    if not dialect.has_header or len(named) < _FEWEST or not chunks[named[0]]:
        return
    again: list[int] = []
    start = 0
    for number, part in enumerate(chunks[named[0]]):
        found = pc.equal(part, pa.scalar(dialect.names[named[0]], part.type))
        if named[0] == 0:  # files that were put together bring the marks at their beginnings
            found = pc.or_(found, pc.equal(part, pa.scalar(f"{_MARK}{dialect.names[0]}", part.type)))
        for at in pc.indices_nonzero(pc.fill_null(found, False)).to_pylist():
            said = [str(parts[number][at].as_py() or "") for parts in chunks]
            if are_names([said[0].removeprefix(_MARK), *said[1:]], dialect.names):
                again.append(start + at)
        start += len(part)
    if not again:
        return
    for row in again:
        place = table.numbering.place(table.records[row])
        table.rejected.append(Rejected(table.name, table.records[row], SAID_AGAIN, place, what=AGAIN))
    gone = set(again)
    kept = [row for row in range(len(table.records)) if row not in gone]
    table.records = array("q", (table.records[row] for row in kept))
    for parts in chunks:
        parts[:] = [pa.chunked_array(parts).combine_chunks().take(pa.array(kept, pa.int64()))]


def without_empty_ends(columns: Mapping[str, Any]) -> dict[str, Any]:
    """Return the columns without those that have neither a name nor a value; the first and the last ones may be such.

    Programs write a delimiter before and behind each line, as Markdown does.
    """
    import pyarrow.compute as pc

    kept, order = dict(columns), list(enumerate(columns, 1))
    for side in (order[::-1], order):
        for at, name in side:
            if len(kept) < _FEWEST or name not in kept or name != _numbered(at):
                break
            if pc.any(pc.not_equal(columns[name], "")).as_py():
                break
            del kept[name]
    return kept


def _numbered(position: int) -> str:
    return f"column {position}"
