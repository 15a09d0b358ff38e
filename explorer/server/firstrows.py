"""The rows of a dataset that its preview shows, and their cells, cut to what there is room for.

Of a new version those come first that are new or edited in it.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from explorer.kinds import LENGTH, kind_of
from explorer.questions import answers
from explorer.types import LINE, Dataset, IntArray, cut, items_of, values_of
from explorer.workspace import LOOK_CHARS, Workspace, is_small, nouns_in, read_came

PREVIEW_CHARS, PREVIEW_COLUMNS, PREVIEW_SIZE = LOOK_CHARS, 300, 2**20
"""Characters of a cell and columns that a preview shows at most, and about how many characters in all."""
_LEAST_CHARS, _WHOLE = 100, 2**53


def first_rows(workspace: Workspace, key: str, limit: int) -> tuple[Dataset, IntArray, int]:
    """Return the rows that a preview shows as a dataset, which ones they are, int32 (n,), and how many changed.

    Of one that is read from files they are its first ones and none changed.  Raises NotFound.
    """
    head = workspace.datasets.head(key, limit)
    first = np.arange(len(head), dtype=np.int32)
    record = workspace.datasets.record(key)
    came = read_came(workspace.datasets.folder(key)) if record.get("version") else None
    changed = np.zeros(0, np.int32) if came is None else np.flatnonzero(came < 0).astype(np.int32)
    rows = np.concatenate([changed[:limit], np.setdiff1d(first, changed)])[:limit]
    if not len(changed) or np.array_equal(rows, first):
        return head, first, len(changed)
    whole = workspace.datasets.open(key, on_disk=not is_small(record))
    items = items_of(whole.items, rows)
    table = whole.table.iloc[rows].reset_index(drop=True)
    return replace(head, items=items, table=table, places=None, given=None), rows, len(changed)


def are_written(workspace: Workspace, key: str) -> bool:
    """Whether all rows of a dataset stand in files as text."""
    return nouns_in(workspace.datasets.folder(key)) == {LINE}


def cells_of(dataset: Dataset, *, written: bool = False) -> tuple[list[dict[str, str]], int]:
    """Return the rows of a preview, and how many columns are left out of it.

    *written*: all rows stand in files as text, where fractions have their point and whole numbers none.
    """
    table = dataset.table.iloc[:, :PREVIEW_COLUMNS]
    count = max(1, len(table) * (table.shape[1] + 1))
    most = max(_LEAST_CHARS, min(PREVIEW_CHARS, PREVIEW_SIZE // count))
    renamed = {"text": dataset.text_column or "text"}
    rows = []
    bare = {str(name) for name, values in table.items() if not written and _are_whole(values)}
    cells = {str(name): [answers.plain(value) for value in values_of(values)] for name, values in table.items()}
    for row, item in enumerate(dataset.items):
        shown = {renamed.get(name, name): value for name, value in kind_of(item).card(item).items() if name != LENGTH}
        both = {**shown, **{name: values[row] for name, values in cells.items()}}
        told = {name: said(cell, bare=name in bare) for name, cell in both.items() if cell is not None}
        rows.append({name: cut(told.get(name, ""), most) for name in both})
    return rows, dataset.table.shape[1] - table.shape[1]


def said(cell: Any, *, bare: bool = False) -> str:
    """Return a cell as text, True as “true”; *bare*: a whole number without its “.0”, which no file has."""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    is_whole = isinstance(cell, float) and cell.is_integer() and abs(cell) < _WHOLE
    return str(int(cell)) if bare and is_whole else str(cell)


def _are_whole(values: Any) -> bool:
    """Whether a column of fractions has none: whole numbers, some of which are missing."""
    there = values.dropna()
    return values.dtype.kind == "f" and bool((there % 1 == 0).all())
