"""The rows of a large dataset as they lie on the disk, mapped into memory: what is asked for is read, and no more.

It stands in for the list of items and for the DataFrame beside it where these would fill a server's memory.

    DIR/datasets/KEY/   rows-items.arrow  rows-table.arrow (of a large one)
"""

from __future__ import annotations

import mmap
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any, overload

import numpy as np
from numpy.typing import NDArray

from explorer.columns import longcells
from explorer.errors import CannotWrite
from explorer.kinds import kind_named
from explorer.types import TEXT, Item, KeptItems, Look, spans
from explorer.workspace.room import check_room

if TYPE_CHECKING:
    import pandas as pd

ITEMS, TABLE = "rows-items.arrow", "rows-table.arrow"
AT_ONCE = 10_000
"""Rows that are turned into items together."""
_TEXT = kind_named(TEXT).columns[0]

Restored = Callable[[Any], list[Item]]
"""From an Arrow table of items to these."""


def write_rows(folder: Path, parts: Mapping[str, Any]) -> None:
    """Write Arrow tables, by the names of their files; without room for them a dataset does without."""
    import pyarrow as pa

    with suppress(CannotWrite):
        check_room(folder, sum(part.nbytes for part in parts.values()))
        for name, part in parts.items():
            with pa.OSFile(str(folder / name), "wb") as file, pa.ipc.new_file(file, part.schema) as writer:
                writer.write_table(part, max_chunksize=AT_ONCE)


@dataclass(frozen=True)
class Mapped:
    """The Arrow table of a file that `write_rows` wrote, none of it read yet, and the memory that it is mapped into."""

    table: Any
    memory: mmap.mmap

    def let_go(self) -> None:
        """Let go of what was read: it is read again when it is asked for."""
        if hasattr(mmap, "MADV_DONTNEED"):
            self.memory.madvise(mmap.MADV_DONTNEED)


def rows_in(folder: Path, name: str) -> Mapped:
    """Return the rows of a file that `write_rows` wrote.  Raises FileNotFoundError."""
    import pyarrow as pa

    with (folder / name).open("rb") as file:
        memory = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    return Mapped(pa.ipc.open_file(pa.py_buffer(memory)).read_all(), memory)


class ItemsOnDisk(KeptItems):
    """The items of an Arrow table, which *restored* makes of its rows; of these *kinds*."""

    def __init__(self, mapped: Mapped, kinds: Sequence[str], restored: Restored, look: Look | None = None) -> None:
        self.kinds = frozenset(kinds)
        self._mapped, self._table, self._restored, self._look = mapped, mapped.table, restored, look
        self.let_go = mapped.let_go

    def __len__(self) -> int:
        return len(self._table)

    @overload
    def __getitem__(self, at: int) -> Item: ...

    @overload
    def __getitem__(self, at: slice) -> list[Item]: ...

    def __getitem__(self, at: int | slice) -> Item | list[Item]:
        if isinstance(at, slice):
            start, end, step = at.indices(len(self))
            some = self._part(start, end) if step > 0 else []
            return some[::step] if step > 0 else [self[row] for row in range(start, end, step)]
        row = int(at) + len(self) if at < 0 else int(at)
        if not 0 <= row < len(self):
            raise IndexError(f"there is no item {at} of {len(self)}")
        return self._part(row, row + 1)[0]

    def __iter__(self) -> Iterator[Item]:
        for start, end in spans(np.arange(len(self)), self, most=AT_ONCE):
            yield from self[start:end]

    def some(self, rows: Sequence[int] | NDArray[Any]) -> list[Item]:
        """Return the items of these rows, read together."""
        return self._seen(_gathered(self._table, rows))

    def _part(self, start: int, end: int) -> list[Item]:
        return self._seen(self._table.slice(start, max(0, end - start)))

    def _seen(self, some: Any) -> list[Item]:
        if self._look is not None:  # other kinds' columns are names and places, which are short and needed whole
            at = some.column_names.index(_TEXT)
            some = some.set_column(at, some.schema.field(at), self._look(some.select([_TEXT])).column(0))
        return self._restored(some)

    def sizes(self, start: int, end: int) -> NDArray[np.int64]:
        """Return about how many bytes each of some items takes, int64 (end - start,)."""
        return longcells.row_bytes(self._table.slice(start, end - start))

    def through(self, look: Look) -> ItemsOnDisk:
        """Return the same items, their texts seen through a look."""
        return ItemsOnDisk(self._mapped, sorted(self.kinds), self._restored, look)

    def are(self, kind: str) -> NDArray[np.bool_]:
        """Return which items, bool (n,), are of a kind."""
        if self.kinds == {kind}:
            return np.ones(len(self), np.bool_)
        column = self._table.column(kind_named(kind).columns[0])
        return np.asarray(column.is_valid().to_numpy(), np.bool_)


class TableOnDisk:
    """What is asked of a DataFrame with a RangeIndex, answered from an Arrow table: columns, and rows by number.

    A column by itself is asked for to tell its values apart: long ones are replaced by their beginning and a digest.
    """

    def __init__(self, mapped: Mapped, rows: int, look: Look | None = None) -> None:
        self._mapped, self._table, self._rows, self._look = mapped, mapped.table, rows, look
        self.let_go = mapped.let_go

    def __len__(self) -> int:
        return self._rows

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns."""
        return self._rows, self._table.num_columns

    @property
    def columns(self) -> list[str]:
        """The names of the columns."""
        return list(self._table.column_names)

    @property
    def iloc(self) -> _Rows:
        """Rows by their number, a slice of them, or a list."""
        return _Rows(self)

    def __getitem__(self, name: str) -> pd.Series[Any]:
        return longcells.values_told_apart(self._table.select([name])).to_pandas()[name]

    def items(self) -> Iterator[tuple[str, pd.Series[Any]]]:
        """Yield each column with its name."""
        return ((name, self[name]) for name in self.columns)

    def rows(self, start: int, end: int) -> pd.DataFrame:
        """Return some rows."""
        count = max(0, min(end, self._rows) - start)
        return self._seen(self._table.slice(start, max(0, end - start)), count)

    def some(self, rows: Sequence[int] | NDArray[Any]) -> pd.DataFrame:
        """Return these rows, read together."""
        return self._seen(_gathered(self._table, rows), len(rows))

    def _seen(self, some: Any, count: int) -> pd.DataFrame:
        """Return some rows of the table; a table without columns does not say how many."""
        import pandas as pd

        found: pd.DataFrame = (some if self._look is None else self._look(some)).to_pandas()
        return found if len(found.columns) else pd.DataFrame(index=pd.RangeIndex(count))

    def sizes(self, start: int, end: int) -> NDArray[np.int64]:
        """Return about how many bytes each of some rows takes, int64 (end - start,)."""
        return (
            longcells.row_bytes(self._table.slice(start, end - start))
            if self._table.num_columns
            else np.zeros(end - start, int)
        )

    def through(self, look: Look) -> TableOnDisk:
        """Return the same table, its rows seen through a look."""
        return TableOnDisk(self._mapped, self._rows, look)


class _Rows:
    """What stands behind `iloc`."""

    def __init__(self, table: TableOnDisk) -> None:
        self._table = table

    def __getitem__(self, at: int | slice | Sequence[int] | NDArray[Any]) -> Any:
        if isinstance(at, slice):
            start, end, step = at.indices(len(self._table))
            return self._table.rows(start, end).iloc[::step]
        if isinstance(at, int | np.integer):
            row = int(at) + len(self._table) if at < 0 else int(at)
            return self._table.rows(row, row + 1).iloc[0]
        return self._table.some(at)


def _gathered(table: Any, rows: Sequence[int] | NDArray[Any]) -> Any:
    """Return the rows of an Arrow table of these numbers, in their order; what follows each other is one slice."""
    import pyarrow as pa

    at = np.asarray(rows, np.int64)
    starts = np.flatnonzero(np.diff(at, prepend=at[0] - 2 if len(at) else 0) != 1).tolist()
    parts = [table.slice(int(at[start]), end - start) for start, end in pairwise([*starts, len(at)])]
    return pa.concat_tables(parts) if parts else table.slice(0, 0)
