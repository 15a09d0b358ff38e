"""Tells what may be a table of its own beside that of a sheet: columns behind an empty one that end much earlier.

It takes nothing away: columns that somebody has filled for the first rows alone look the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import Any

from explorer.ingest.reader import listed

_FEWEST, _SHORTER = 2, 0.7
"""Columns and rows of such a table, at least; its rows as a share of the sheet's, at most."""


def told_beside(names: Sequence[str], named: Sequence[bool], rows: Sequence[Sequence[Any]]) -> list[str]:
    """Return what is said of each such table in the records of a sheet with these column names."""
    used = [bool(named[at]) or any(row[at] != "" for row in rows) for at in range(len(names))]
    blocks = [[at for at, _ in group] for is_used, group in groupby(enumerate(used), key=lambda one: one[1]) if is_used]
    sizes = [_rows_of(block, rows) for block in blocks]
    most = max((size for size, _ in sizes), default=0)
    return [
        f"the columns {listed([f'“{names[at]}”' for at in block])} stand beside the table, behind an empty column, and "
        f"end after {size:,} rows: they may be a table of its own. Put that on a sheet of its own"
        for block, (size, whole) in zip(blocks, sizes, strict=True)
        if whole and all(named[at] for at in block) and len(block) >= _FEWEST and _FEWEST <= size <= _SHORTER * most
    ]


def _rows_of(block: Sequence[int], rows: Sequence[Sequence[Any]]) -> tuple[int, bool]:
    """Return how many rows columns have, and whether these are the first ones, each filled."""
    counts = [sum(row[at] != "" for at in block) for row in rows]
    filled = sum(count > 0 for count in counts)
    return filled, all(count == len(block) for count in counts[:filled])
