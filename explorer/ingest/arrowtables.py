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
from explorer.ingest.hub import AS_ROWS, PATH, choice_of, left_out, media_column, told
from explorer.ingest.images import PICTURES
from explorer.ingest.reader import SOUND, Format, Source, Table
from explorer.ingest.sounds import SOUNDS
from explorer.ingest.vectorcolumns import VECTORS, is_list_of_numbers
from explorer.kinds import MOST_INSIDE, member_of
from explorer.types import COLUMN, ROW, Choice, Numbering, Rejected

LOOKED_AT = 16
"""Rows by which is told whether a column holds pictures or sounds."""
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
    """The pictures or sounds in the rows of a file: their *column*, None where there are none, and their names."""

    source: Source
    column: str | None = None
    names: list[str | None] = field(default_factory=list)
    choices: tuple[Choice, ...] = ()
    fault: str = ""
    kind: str = ""
    schema: Any = None

    def look(self, schema: Any, first: Callable[[str], Any]) -> None:
        """Find their column, by the schema and the *first* rows of columns, unless the rows are to be the items."""
        self.schema, found = schema, media_column(schema, first)
        if found is None:
            return
        column, self.kind = found
        if self.source.packed or (self.source.member and self.source.size > MOST_INSIDE):
            self.fault = (
                f"the {self.kind}s in its column {column[:100]} are not read: unpack it, and load the file itself"
            )
            return
        choice = choice_of(self.source, column, self.kind)
        self.choices = (choice,)
        self.column = None if choice.value == AS_ROWS else column

    def take(self, column: Any) -> None:
        """Note what the next pictures are called, by their column."""
        import pyarrow as pa

        paths = column.type.get_field_index(PATH) if pa.types.is_struct(column.type) else -1
        self.names += [None] * len(column) if paths < 0 else column.field(paths).to_pylist()

    def into(self, table: Table, limit: int | None) -> Table:
        """Tell the table of them."""
        table.choices = self.choices
        if self.schema is not None:
            table.rejected += left_out(table, self.schema, self.column)
        if self.fault:
            table.rejected.append(Rejected(table.name, None, self.fault, what=COLUMN))
        if self.column is not None:
            stem = PurePosixPath(table.name).stem
            named = [PurePosixPath(str(name).replace("\\", "/")).name if name else "" for name in self.names[:limit]]
            table.pictures = [
                replace(
                    self.source, name=name or f"{stem}/{row}", size=0, member=self._called(row), format=self._format
                )
                for row, name in enumerate(named)
            ]
        return table

    @property
    def _format(self) -> Format:
        return SOUNDS if self.kind == SOUND else PICTURES

    def _called(self, row: int) -> str:
        return member_of(row, str(self.column), inside=self.source.member)


def _index_name(found: re.Match[str]) -> str:
    """Return what an index of pandas without a name is called; one that only counts is not in the file."""
    return "index" if found[1] == "0" else f"index {int(found[1]) + 1}"
