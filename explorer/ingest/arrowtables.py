"""Makes a table of what Arrow read, from whichever file: plain columns under names of their own.

It opens no files: `parquet` and `arrowfiles` do.
"""

from __future__ import annotations

import re
from array import array
from collections.abc import Callable, Container
from dataclasses import dataclass, field, replace
from pathlib import PurePosixPath
from typing import Any

from explorer.ingest.columnnames import unique_names
from explorer.ingest.columns import flat, packed_spans, uuids
from explorer.ingest.hub import AS_PICTURES, PATH, choice_of, picture_column, told
from explorer.ingest.reader import Source, Table
from explorer.ingest.vectorcolumns import VECTORS, is_list_of_numbers
from explorer.kinds import MOST_INSIDE, member_of
from explorer.types import COLUMN, ROW, Choice, Numbering, Rejected

LOOKED_AT = 16
"""Rows by which is told whether a column holds pictures."""
_INDEX = re.compile(r"\A__index_level_(\d+)__\Z")


def table_of(
    source: Source, arrow: Any, *, rows: int | None = None, ids: Container[str] = (), spans: Container[str] = ()
) -> Table:
    """Return an Arrow table as the table of the file *source*.

    *ids* are columns of 16 bytes each that are UUIDs, *spans* those of 12 that are spans of time.

    *rows* is told where the table may have no columns, and so none.
    """
    given = arrow.column_names
    names = unique_names(_INDEX.sub(_index_name, one) for one in given)
    vectors = source.choices.get(VECTORS, "")
    plain = {
        called: column
        if called == vectors and is_list_of_numbers(column)
        else (uuids if own in ids else packed_spans if own in spans else flat)(column)
        for called, own, column in zip(names, given, arrow.columns, strict=True)
    }
    records = array("q", range(arrow.num_rows if rows is None else rows))
    return told(Table(source.name, plain, records, numbering=Numbering(ROW)), arrow.schema)


@dataclass
class Pictures:
    """The pictures in the rows of a file: their *column*, None where there are none, and what they are called."""

    source: Source
    column: str | None = None
    names: list[str | None] = field(default_factory=list)
    choices: tuple[Choice, ...] = ()
    fault: str = ""

    def look(self, schema: Any, first: Callable[[str], Any]) -> None:
        """Find their column, by the schema and the *first* rows of columns, unless the rows are to be the items."""
        column = picture_column(schema, first)
        if column is None:
            return
        if self.source.packed or (self.source.member and self.source.size > MOST_INSIDE):
            self.fault = f"the pictures in its column {column[:100]} are not read: unpack it, and load the file itself"
            return
        choice = choice_of(self.source, column)
        self.choices = (choice,)
        self.column = column if choice.value == AS_PICTURES else None

    def take(self, column: Any) -> None:
        """Note what the next pictures are called, by their column."""
        import pyarrow as pa

        paths = column.type.get_field_index(PATH) if pa.types.is_struct(column.type) else -1
        self.names += [None] * len(column) if paths < 0 else column.field(paths).to_pylist()

    def into(self, table: Table, limit: int | None) -> Table:
        """Tell the table of them."""
        table.choices = self.choices
        if self.fault:
            table.rejected.append(Rejected(table.name, None, self.fault, what=COLUMN))
        if self.column is not None:
            stem = PurePosixPath(table.name).stem
            named = [PurePosixPath(str(name).replace("\\", "/")).name if name else "" for name in self.names[:limit]]
            table.pictures = [
                replace(self.source, name=name or f"{stem}/{row}", size=0, member=self._called(row))
                for row, name in enumerate(named)
            ]
        return table

    def _called(self, row: int) -> str:
        return member_of(row, str(self.column), inside=self.source.member)


def _index_name(found: re.Match[str]) -> str:
    """Return what an index of pandas without a name is called; one that only counts is not in the file."""
    return "index" if found[1] == "0" else f"index {int(found[1]) + 1}"
