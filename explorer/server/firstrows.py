"""The rows of a dataset that its preview shows, and their cells, cut to what there is room for.

Of a new version those come first that are new or edited in it.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from explorer.kinds import kind_of
from explorer.questions import answers
from explorer.types import Dataset, IntArray, cut
from explorer.workspace import LOOK_CHARS, Workspace, is_small, read_came

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
    items = [whole.items[row] for row in rows.tolist()]
    table = whole.table.iloc[rows].reset_index(drop=True)
    return replace(head, items=items, table=table, places=None, given=None), rows, len(changed)


def cells_of(dataset: Dataset) -> tuple[list[dict[str, str]], int]:
    """Return the rows of a preview, and how many columns are left out of it."""
    table = dataset.table.iloc[:, :PREVIEW_COLUMNS]
    cells = max(1, len(table) * (table.shape[1] + 1))
    most = max(_LEAST_CHARS, min(PREVIEW_CHARS, PREVIEW_SIZE // cells))
    renamed = {"text": dataset.text_column or "text"}
    rows = []
    for row, item in enumerate(dataset.items):
        shown = {renamed.get(name, name): value for name, value in kind_of(item).card(item).items()}
        both = {**shown, **{str(name): answers.plain(value) for name, value in table.iloc[row].items()}}
        rows.append({name: "" if cell is None else cut(said(cell), most) for name, cell in both.items()})
    return rows, dataset.table.shape[1] - table.shape[1]


def said(cell: Any) -> str:
    """Return a cell as text, a whole number without its “.0”, as JavaScript shows it everywhere else."""
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() and abs(cell) < _WHOLE else str(cell)
