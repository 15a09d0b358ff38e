"""Says what is wrong with a run's data: the faults of its dataset, and what only its vectors tell.

It finds no fault in columns or files: reading did.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from explorer.kinds import kind_of
from explorer.report.tables import as_csv
from explorer.types import Example, Fault, Run

if TYPE_CHECKING:
    import pandas as pd

MOST = 20
_SHOWN = 200
EMPTY = ("empty text", "null text")
"""The kinds of a dataset's faults that are nothing to read, and so were not unreadable."""


def faults_of(run: Run, groups: Sequence[Sequence[int]]) -> tuple[Fault, ...]:
    """Return all faults of a run; *groups* are its sets of near-duplicates, of which the first rows are none."""
    embeddings = run.embeddings
    unread = np.zeros(embeddings.n, np.bool_) if embeddings.unread is None else np.asarray(embeddings.unread)
    again = np.array(sorted(row for group in groups for row in group[1:]), np.int64)
    found = (
        ("could not be encoded", np.flatnonzero(~embeddings.ok)),
        ("longer than the encoder reads", np.flatnonzero(embeddings.truncated)),
        ("in letters that the encoder does not know", np.flatnonzero(unread)),
        ("nearly the same as another row", again),
    )
    return (*run.dataset.faults, *(_fault(run, kind, rows) for kind, rows in found if len(rows)))


def faults_table(faults: Sequence[Fault]) -> pd.DataFrame:
    """Return one line an example: kind, column, count, looked_at (empty: all rows), source, row, item, value.

    *row* is the record in its source, *item* the row of the map, both from 0; *place* says in words where that is for
    one who opens the source.
    """
    import pandas as pd

    names = ("kind", "column", "count", "looked_at", "source", "row", "item", "value", "place")
    lines = [
        (fault.kind, fault.column, fault.count, fault.of, one.source, one.row, one.item, one.value, one.where)
        for fault in faults
        for one in (fault.examples or (Example("", None, None, ""),))
    ]
    table = pd.DataFrame(lines, columns=list(names))
    whole = ("count", "looked_at", "row", "item")
    return table.astype(dict.fromkeys(whole, "Int64") | dict.fromkeys(set(names) - set(whole), "str"))


def csv_of_faults(faults: Iterable[Fault]) -> bytes:
    """Return `faults_table` as CSV."""
    return as_csv(faults_table(list(faults)))


def sentence(fault: Fault) -> str:
    """Return a fault in a line: its kind, its column, how many, and the first place and value."""
    column = f" in “{fault.column}”" if fault.column else ""
    looked = f" of {fault.of:,} looked at" if fault.of else ""
    first = next(iter(fault.examples), None)
    return f"{fault.kind}{column}: {fault.count:,}{looked}{f'; first: {place(first)}' if first else ''}"


def place(example: Example) -> str:
    """Return where an example stands, and its value."""
    words = ", ".join(filter(None, (example.source, example.where)))
    return f"{words}: {example.value}" if example.value else words


def _fault(run: Run, kind: str, rows: NDArray[np.int64]) -> Fault:
    some = []
    for row in rows[:MOST].tolist():
        item = run.dataset.items[row]
        some.append(Example(_source(run, row), None, row, _value(item), run.dataset.place(row)))
    return Fault(kind, len(rows), examples=tuple(some))


def _source(run: Run, row: int) -> str:
    item = run.dataset.items[row]
    return kind_of(item).path(item) or ""


def _value(item: Any) -> str:
    return (kind_of(item).text(item) or "")[:_SHOWN]
