"""Makes the files that have a line for each item piece by piece, so that no large run is in memory as a whole.

The pieces together are what `tables` makes of all items at once.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from explorer.report import tables
from explorer.types import Run

if TYPE_CHECKING:
    import pandas as pd

_BYTES = 4 * 2**20
_CELLS = 100_000
"""Cells that pandas formats together: a date is written as its neighbours there are, so pieces end where those do."""


class Sink(io.RawIOBase):
    """Takes what a writer writes, and hands it on."""

    def __init__(self) -> None:
        super().__init__()
        self._held, self._place = bytearray(), 0

    def writable(self) -> bool:
        """Return that it may be written to."""
        return True

    def tell(self) -> int:
        """Return how many bytes came."""
        return self._place

    def write(self, content: Any) -> int:
        """Take some bytes."""
        count = memoryview(content).nbytes
        self._held += content
        self._place += count
        return count

    def taken(self) -> bytes:
        """Return what came since it was last asked."""
        taken, self._held = bytes(self._held), bytearray()
        return taken


def csv_of_items(run: Run, rows: NDArray[Any] | None = None) -> Iterator[bytes]:
    """Yield ``items.csv``, of these *rows*, ascending, alone if they are given."""
    for number, frame in enumerate(_frames(run, rows)):
        yield tables.as_csv(frame, header=number == 0)


def parquet_of_items(run: Run) -> Iterator[bytes]:
    """Yield ``items.parquet``."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    shown = tables.texts_or_paths(run.dataset)
    schema = _schema(run, shown)
    sink = Sink()
    with pq.ParquetWriter(sink, schema, compression="zstd") as writer:
        for frame in _frames(run, shown=shown):
            columns = [_of_type(frame[name], field.type) for name, field in zip(frame.columns, schema, strict=True)]
            writer.write_table(pa.table(columns, schema=schema), row_group_size=max(1, len(frame)))
            yield sink.taken()
    yield sink.taken()


def npy_of_vectors(run: Run) -> Iterator[bytes]:
    """Yield ``vectors.npy``."""
    vectors = run.embeddings.vectors
    head, shape = io.BytesIO(), vectors.shape
    told = {"descr": np.lib.format.dtype_to_descr(vectors.dtype), "fortran_order": False, "shape": shape}
    np.lib.format.write_array_header_1_0(head, told)
    yield head.getvalue()
    at_once = max(1, _BYTES // max(1, vectors.dtype.itemsize * shape[1]))
    for start in range(0, shape[0], at_once):
        yield np.ascontiguousarray(vectors[start : start + at_once]).tobytes()


def _frames(
    run: Run, rows: NDArray[Any] | None = None, *, shown: tuple[bool, bool] | None = None
) -> Iterator[pd.DataFrame]:
    """Yield the lines of the table of items, at least one piece, each of so many as pandas formats together."""
    shown = shown or tables.texts_or_paths(run.dataset)
    first = tables.items_between(run, 0, 0, shown=shown)
    most = max(1, _CELLS // len(first.columns))
    n = len(run.dataset) if rows is None else len(rows)
    if not n:
        yield first
    for start in range(0, n, most):
        end = min(start + most, n)
        yield (
            tables.items_between(run, start, end, shown=shown) if rows is None else _chosen(run, rows[start:end], shown)
        )


def _chosen(run: Run, rows: NDArray[Any], shown: tuple[bool, bool]) -> pd.DataFrame:
    """Return the lines of some rows, read a stretch at a time."""
    import pandas as pd

    cuts = np.flatnonzero(np.diff(rows // tables.LOOKED_AT)) + 1
    parts = []
    for some in np.split(rows, cuts):
        first = int(some[0])
        parts.append(tables.items_between(run, first, int(some[-1]) + 1, shown=shown).iloc[some - first])
    return parts[0] if len(parts) == 1 else pd.concat(parts)


def _schema(run: Run, shown: tuple[bool, bool]) -> Any:
    """Return the Arrow types of the columns: those of all pieces, and of all values together where pieces differ."""
    import pyarrow as pa

    found: dict[str, set[Any]] = {}
    for frame in _frames(run, shown=shown):
        for name in frame.columns:
            found.setdefault(str(name), set()).add(tables.arrow(frame[name]).type)
    return pa.schema([(name, _united(run, name, kinds, shown)) for name, kinds in found.items()])


def _united(run: Run, name: str, kinds: Iterable[Any], shown: tuple[bool, bool]) -> Any:
    import pandas as pd
    import pyarrow as pa

    some = {kind for kind in kinds if not pa.types.is_null(kind)} or {pa.null()}
    if len(some) == 1:
        return some.pop()
    return tables.arrow(pd.concat([frame[name] for frame in _frames(run, shown=shown)])).type


def _of_type(column: pd.Series[Any], kind: Any) -> Any:
    """Return a column as an Arrow array of a type, as text where it is of another one."""
    import pyarrow as pa

    array = tables.arrow(column)
    if array.type == kind:
        return array
    if pa.types.is_null(array.type) or not pa.types.is_string(kind):
        return array.cast(kind)
    missing, cells = column.isna().tolist(), column.astype(object)
    return pa.array([None if no else tables.clean(str(one)) for no, one in zip(missing, cells, strict=True)], kind)
