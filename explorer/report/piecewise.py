"""Makes the files that have a line for each item piece by piece, so that no large run is in memory as a whole.

The pieces together are what `tables` makes of all items at once.
"""

from __future__ import annotations

import io
import tempfile
from collections.abc import Callable, Iterable, Iterator
from typing import IO, TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from explorer.columns import longcells
from explorer.report import tables
from explorer.report.csvpieces import Framed, csv_of_lines
from explorer.report.long import Marks, is_large
from explorer.types import Dataset, Run, let_go, spans, through

if TYPE_CHECKING:
    import pandas as pd

_BYTES = 4 * 2**20
_HELD = 16 * 2**20
"""Packed bytes that wait in memory; more wait in a file that has no name."""
_CELLS = 100_000
"""Cells that pandas formats together: a date is written as its neighbours there are, so pieces end where those do."""


class _Taking(io.RawIOBase):
    """Takes what a writer writes, counts it, and gives it to whatever keeps it."""

    def __init__(self, keep: Callable[[Any], object]) -> None:
        super().__init__()
        self._keep, self._place = keep, 0

    def writable(self) -> bool:
        """Return that it may be written to."""
        return True

    def tell(self) -> int:
        """Return how many bytes came."""
        return self._place

    def write(self, content: Any) -> int:
        """Take some bytes."""
        count = memoryview(content).nbytes
        self._keep(content)
        self._place += count
        return count


class Sink(_Taking):
    """Takes what a writer writes, and hands it on."""

    def __init__(self) -> None:
        self._held = bytearray()
        super().__init__(lambda content: self._held.extend(content))

    def taken(self) -> bytes:
        """Return what came since it was last asked."""
        taken, self._held = bytes(self._held), bytearray()
        return taken


class Spooled(_Taking):
    """Takes what a writer writes into a temporary file, and hands it on block by block."""

    def __init__(self, file: IO[bytes]) -> None:
        super().__init__(file.write)
        self._file = file

    def taken(self) -> Iterator[bytes]:
        """Yield what came since it was last asked."""
        self._file.seek(0)
        while block := self._file.read(_BYTES):
            yield block
        self._file.seek(0)
        self._file.truncate()


def csv_of_items(run: Run, rows: NDArray[Any] | None = None) -> Iterator[bytes]:
    """Yield ``items.csv``, of these *rows*, ascending, alone if they are given."""
    shown = tables.texts_or_paths(run.dataset)
    return csv_of_lines(run.dataset, _framed(run, shown), _chunks(run, shown, rows))


def parquet_of_items(run: Run) -> Iterator[bytes]:
    """Yield ``items.parquet``; of a row that is too large to be held what is packed of it waits in a temporary file."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    shown = tables.texts_or_paths(run.dataset)
    schema, framed, marks = _schema(run, shown), _framed(run, shown), Marks()
    with tempfile.SpooledTemporaryFile(max_size=_HELD) as packed:
        sink = Spooled(packed)
        # Of large values the writer would keep copies: as words of a dictionary, as the least and the greatest.
        gathered = {"use_dictionary": False, "write_statistics": False} if _any_large(run.dataset) else {}
        with pq.ParquetWriter(sink, schema, compression="zstd", **gathered) as writer:
            for start, end in _parts(run, shown):
                large = is_large(run.dataset, start, end)
                frame = framed(marks.seen(run.dataset) if large else run.dataset, start, end)
                names = zip(frame.columns, schema, strict=True)
                columns = [_of_type(frame[name], field.type, marks) for name, field in names]
                writer.write_table(pa.table(columns, schema=schema), row_group_size=max(1, len(frame)))
                marks.forget()
                let_go(run.dataset)
                yield from sink.taken()
        yield from sink.taken()


def npy_of_vectors(run: Run) -> Iterator[bytes]:
    """Yield ``vectors.npy``: of length 1, or as they came with the data."""
    vectors = run.embeddings.vectors if run.embeddings.raw is None else run.embeddings.raw
    head, shape = io.BytesIO(), vectors.shape
    told = {"descr": np.lib.format.dtype_to_descr(vectors.dtype), "fortran_order": False, "shape": shape}
    np.lib.format.write_array_header_1_0(head, told)
    yield head.getvalue()
    at_once = max(1, _BYTES // max(1, vectors.dtype.itemsize * shape[1]))
    for start in range(0, shape[0], at_once):
        yield np.ascontiguousarray(vectors[start : start + at_once]).tobytes()


def _framed(run: Run, shown: tuple[bool, bool]) -> Framed:
    return lambda dataset, start, end: tables.items_between(run, start, end, shown=shown, dataset=dataset)


def _chunks(run: Run, shown: tuple[bool, bool], rows: NDArray[Any] | None = None) -> Iterator[NDArray[Any]]:
    """Yield the rows, at least one piece, each of so many as pandas formats together."""
    rows = np.arange(len(run.dataset)) if rows is None else rows
    most = max(1, _CELLS // len(tables.items_between(run, 0, 0, shown=shown).columns))
    return (rows[start : start + most] for start in range(0, max(1, len(rows)), most))


def _parts(run: Run, shown: tuple[bool, bool]) -> Iterator[tuple[int, int]]:
    """Yield from where to where rows are held together."""
    for rows in _chunks(run, shown):
        if not len(rows):
            yield 0, 0
        for at, end in spans(rows, run.dataset.items, run.dataset.table):
            yield int(rows[at]), int(rows[end - 1]) + 1


def _any_large(dataset: Dataset) -> bool:
    """Whether some row is too large to be held; then no values are gathered before they are written."""
    found = spans(np.arange(len(dataset)), dataset.items, dataset.table)
    return any(is_large(dataset, at, end) for at, end in found)


def _short_frames(run: Run, shown: tuple[bool, bool]) -> Iterator[pd.DataFrame]:
    """Yield the lines of all items, their texts cut short: their columns are of the same types."""
    short, framed = through(run.dataset, longcells.first_letters), _framed(run, shown)
    for rows in _chunks(run, shown):
        yield framed(short, int(rows[0]) if len(rows) else 0, int(rows[-1]) + 1 if len(rows) else 0)


def _schema(run: Run, shown: tuple[bool, bool]) -> Any:
    """Return the Arrow types of the columns: those of all pieces, and of all values together where pieces differ."""
    import pyarrow as pa

    found: dict[str, set[Any]] = {}
    for frame in _short_frames(run, shown):
        for name in frame.columns:
            found.setdefault(str(name), set()).add(tables.arrow(frame[name]).type)
    return pa.schema([(name, _united(run, name, kinds, shown)) for name, kinds in found.items()])


def _united(run: Run, name: str, kinds: Iterable[Any], shown: tuple[bool, bool]) -> Any:
    import pandas as pd
    import pyarrow as pa

    some = {kind for kind in kinds if not pa.types.is_null(kind)} or {pa.null()}
    if len(some) == 1:
        return some.pop()
    return tables.arrow(pd.concat([frame[name] for frame in _short_frames(run, shown)])).type


def _of_type(column: pd.Series[Any], kind: Any, marks: Marks) -> Any:
    """Return a column as an Arrow array of a type, as text where it is of another one; a marked text where it lies."""
    import pyarrow as pa

    text = marks.text(column.iloc[0]) if len(column) == 1 else None
    if text is not None:
        ends = np.array([0, text.buffer.size], np.int64 if pa.types.is_large_string(kind) else np.int32)
        return pa.Array.from_buffers(kind, 1, [None, pa.py_buffer(ends), text.buffer])
    array = tables.arrow(column)
    if array.type == kind:
        return array
    if pa.types.is_null(array.type) or not pa.types.is_string(kind):
        return array.cast(kind)
    missing, cells = column.isna().tolist(), column.astype(object)
    return pa.array([None if no else tables.clean(str(one)) for no, one in zip(missing, cells, strict=True)], kind)
