"""Writes lines of items as CSV piece by piece: never more of them in memory than may be held together.

The pieces together are what `tables.as_csv` makes of all lines at once, however large a row is.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from explorer.report import tables
from explorer.report.long import Marks, Text, is_large
from explorer.types import Dataset, KeptItems, let_go, spans

if TYPE_CHECKING:
    import pandas as pd

Framed = Callable[[Dataset, int, int], "pd.DataFrame"]
"""From a dataset and a stretch of its rows to their lines."""
_NEEDS_QUOTES = re.compile(rb'[",\r\n]')


def rows_as_csv(dataset: Dataset, at_once: int) -> Iterator[bytes]:
    """Yield a dataset's rows as one CSV, at most *at_once* of them at a time: text or path, and the columns beside."""
    starts = range(0, len(dataset), at_once)
    chunks = (np.arange(start, min(start + at_once, len(dataset))) for start in starts)
    return csv_of_lines(dataset, partial(tables.rows_between, shown=tables.texts_or_paths(dataset)), chunks)


def csv_of_lines(dataset: Dataset, framed: Framed, chunks: Iterable[NDArray[np.int64]]) -> Iterator[bytes]:
    """Yield the lines of rows, ascending, as CSV, the names of the columns first.

    Of rows in one of the *chunks* dates are written alike, as pandas does.
    """
    header, marks = True, Marks()
    for rows in chunks:
        parts = list(spans(rows, dataset.items, dataset.table))
        if len(parts) <= 1 and not any(is_large(dataset, int(rows[at]), int(rows[end - 1]) + 1) for at, end in parts):
            yield tables.as_csv(_lines(dataset, framed, rows), header=header)
        elif not isinstance(dataset.items, KeptItems):
            yield tables.as_csv(_joined([_lines(dataset, framed, rows[at:end]) for at, end in parts]), header=header)
        else:
            dates = _dates(dataset, [rows[at:end] for at, end in parts])
            for at, end in parts:
                large = is_large(dataset, int(rows[at]), int(rows[end - 1]) + 1)
                lines = _lines(marks.seen(dataset) if large else dataset, framed, rows[at:end])
                written = tables.as_csv(_dated(lines, dates, at, end), header=header)
                yield from marks.spread(written, long_as_csv)
                let_go(dataset)
                header = False
        let_go(dataset)
        header = False


def long_as_csv(text: Text) -> Iterator[bytes]:
    """Yield a long text as a cell of CSV, as `tables.as_csv` writes it."""
    quote = b'"' if any(_NEEDS_QUOTES.search(stretch) for stretch in text.stretches()) else b""
    yield quote + (b"'" if tables.begins_a_formula(text.words()) else b"")
    for stretch in text.stretches():
        yield stretch.replace(b'"', b'""')
    yield quote


def _lines(dataset: Dataset, framed: Framed, rows: NDArray[np.int64]) -> pd.DataFrame:
    """Return the lines of some rows, ascending, of which all between the first and the last are read."""
    if not len(rows):
        return framed(dataset, 0, 0)
    first, last = int(rows[0]), int(rows[-1])
    lines = framed(dataset, first, last + 1)
    return lines if len(lines) == len(rows) else lines.iloc[rows - first]


def _joined(parts: list[pd.DataFrame]) -> pd.DataFrame:
    import pandas as pd

    return pd.concat(parts)


def _dates(dataset: Dataset, parts: list[NDArray[np.int64]]) -> list[list[str | None]]:
    """Return the columns of dates of some rows, in the order of the table, as pandas writes them together."""
    import pyarrow as pa

    def times(part: Any) -> Any:
        return part.select([field.name for field in part.schema if pa.types.is_timestamp(field.type)])

    table = dataset.table.through(times)
    found = _joined([table.iloc[int(rows[0]) : int(rows[-1]) + 1].iloc[rows - rows[0]] for rows in parts])
    columns = []
    for name in _of_dates(found):
        lines = found[[name]].to_csv(index=False, header=False, lineterminator="\n").splitlines()
        columns.append([None if gone else line for gone, line in zip(found[name].isna(), lines, strict=True)])
    return columns


def _dated(lines: pd.DataFrame, dates: list[list[str | None]], at: int, end: int) -> pd.DataFrame:
    """Return the lines with their dates as they are written; the columns of dates stand in the order of the table."""
    import pandas as pd

    for name, written in zip(_of_dates(lines), dates, strict=True):
        lines[name] = pd.Series(written[at:end], lines.index, dtype=object)
    return lines


def _of_dates(lines: pd.DataFrame) -> list[Any]:
    return [name for name, kind in lines.dtypes.items() if kind.kind == "M"]
