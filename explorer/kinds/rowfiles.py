"""Reads pictures out of the rows of a Parquet or Arrow file, one by one, as they lie in it; of an archive, too.

It makes no tables: `ingest` reads what stands beside them.
"""

from __future__ import annotations

import threading
from bisect import bisect_right
from collections import OrderedDict
from collections.abc import Iterator
from itertools import accumulate
from pathlib import Path
from typing import Any

ROW_SUFFIXES = (".parquet", ".arrow", ".feather", ".ipc")
BYTES = "bytes"
"""The member of a column of objects that holds the files."""
_INSIDE = "\0"
"""Between a file in an archive and a picture in its rows: no name in an archive has it."""
MOST_INSIDE = 256 * 2**20
"""Bytes of such a file in an archive: it is held whole while its pictures are read."""
_AT_ONCE = 64
_KEPT = 6
"""Batches of rows in memory."""


def has_rows(name: str) -> bool:
    """Whether a file of this name may hold pictures in its rows."""
    return name.lower().endswith(ROW_SUFFIXES)


def member_of(row: int, column: str, *, inside: str = "") -> str:
    """Return what a picture in such a file is called; *inside* is the file's own name in the archive that it is in."""
    return f"{inside}{_INSIDE if inside else ''}{row}/{column}"


def inner_file(member: str) -> tuple[str, str]:
    """Return the file in an archive that a picture is in the rows of, "" for none, and what it is called there."""
    inner, _, name = member.rpartition(_INSIDE)
    return inner, name


class RowFile:
    """A file whose rows hold pictures; safe to read from many threads.  Raises OSError for a damaged one.

    *content* is what it holds where it lies in an archive and *path* is its name there.
    """

    def __init__(self, path: Path, content: bytes | None = None) -> None:
        import pyarrow as pa

        self._lock = threading.Lock()
        self._kept: OrderedDict[tuple[str, int], Any] = OrderedDict()
        try:
            file = pa.OSFile(str(path)) if content is None else pa.BufferReader(content)
            self._file = _Parquet(file) if path.suffix.lower() == ".parquet" else _Arrow(file)
        except (pa.ArrowException, ValueError) as exc:
            raise OSError(str(exc)) from exc

    def read(self, name: str) -> bytes:
        """Return the bytes of a picture.  Raises EOFError where the row has none, OSError."""
        import pyarrow as pa

        row, _, column = name.partition("/")
        with self._lock:
            try:
                batch, at = self._batch(column, int(row))
                cell = batch.column(column)[at]
                value = cell.get(BYTES) if pa.types.is_struct(cell.type) and cell.is_valid else cell
                content = value.as_py() if value is not None else None
            except (pa.ArrowException, ValueError, IndexError) as exc:
                raise OSError(str(exc)) from exc
        if content is None:
            raise EOFError("the row has no picture")
        return bytes(content)

    def _batch(self, column: str, row: int) -> tuple[Any, int]:
        """Return the batch that a row lies in, and where."""
        while True:
            for (of, start), batch in reversed(self._kept.items()):
                if of == column and start <= row < start + batch.num_rows:
                    return batch, row - start
            start, batch = self._file.next_batch(column, row)
            self._kept[column, start] = batch
            while len(self._kept) > _KEPT:
                self._kept.popitem(last=False)


class _Parquet:
    """Walks through a row group, so that no more than a few rows of it are in memory."""

    def __init__(self, file: Any) -> None:
        import pyarrow.parquet as pq

        self._file = pq.ParquetFile(file)
        facts = self._file.metadata
        rows = (facts.row_group(group).num_rows for group in range(facts.num_row_groups))
        self._starts = [0, *accumulate(rows)]
        self._walk: tuple[str, int, Iterator[Any]] | None = None
        self._next = 0

    def next_batch(self, column: str, row: int) -> tuple[int, Any]:
        """Return the next rows on the way to *row*, and the number of the first.  Raises IndexError."""
        group = bisect_right(self._starts, row) - 1
        if not 0 <= group < len(self._starts) - 1:
            raise IndexError(f"there is no row {row}")
        if self._walk is None or self._walk[:2] != (column, group) or self._next > row:
            batches = self._file.iter_batches(batch_size=_AT_ONCE, row_groups=[group], columns=[column])
            self._walk, self._next = (column, group, batches), self._starts[group]
        start, batch = self._next, next(self._walk[2], None)
        if batch is None or not batch.num_rows:
            self._walk = None
            raise IndexError(f"there is no row {row}")
        self._next += batch.num_rows
        return start, batch


class _Arrow:
    """Knows where the batches of a file or stream lie."""

    def __init__(self, file: Any) -> None:
        import pyarrow as pa

        self._file = file
        stream = self._file.read(6) != b"ARROW1"
        self._file.seek(0)
        self._whole: Any = None if stream else pa.ipc.open_file(self._file)
        self._places: list[int] = []
        self._schema = self._whole.schema if self._whole is not None else pa.ipc.read_schema(self._file)
        counts = self._streamed() if stream else self._counted()
        self._starts = [0, *accumulate(counts)]

    def _counted(self) -> Iterator[int]:
        for number in range(self._whole.num_record_batches):
            yield self._whole.get_batch(number).num_rows

    def _streamed(self) -> Iterator[int]:
        import pyarrow as pa

        while True:
            place = self._file.tell()
            try:
                message = pa.ipc.read_message(self._file)
            except EOFError:
                return
            if message.type == "record batch":
                self._places.append(place)
                yield pa.ipc.read_record_batch(message, self._schema).num_rows

    def next_batch(self, _column: str, row: int) -> tuple[int, Any]:
        """Return the batch with *row*, and the number of its first row.  Raises IndexError."""
        import pyarrow as pa

        at = bisect_right(self._starts, row) - 1
        if not 0 <= at < len(self._starts) - 1:
            raise IndexError(f"there is no row {row}")
        if self._whole is not None:
            return self._starts[at], self._whole.get_batch(at)
        self._file.seek(self._places[at])
        return self._starts[at], pa.ipc.read_record_batch(pa.ipc.read_message(self._file), self._schema)
