"""Reads lists of file names in the cells of a table: `["a.jpg", "b.jpg"]`, `a.jpg; b.jpg`.

It knows no files: who looks a name up is given.
"""

from __future__ import annotations

import json
import re
from array import array
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from explorer.ingest.columns import is_strings
from explorer.ingest.jsonlines import kind_of_json
from explorer.ingest.reader import Table

_APART = re.compile(r"[|;,\n]+")
_MOST, _SEVERAL = 0.5, 2
"""Share of the filled cells that name a file, at least; names in one cell that make it a list."""
_NONE = -1


@dataclass(frozen=True)
class Listed:
    """A table a row of which stands once for each file that its cell names: these names, and what was found.

    *found* int64 (rows,): below 0 for what is not there.
    """

    table: Table
    column: str
    values: list[str]
    found: NDArray[np.int64]

    @property
    def count(self) -> int:
        """How many files are found."""
        return int((self.found >= 0).sum())


def listed_in(table: Table, endings: tuple[str, ...], find: Callable[[str], int]) -> Listed | None:
    """Return the table by the column whose cells list most files; None where no cell lists several that are there.

    *endings* are those of names, *find* returns the number of the file that a name means, below 0 for none.
    """
    every = (one for name in table.columns if (one := _by(table, name, endings, find)) is not None)
    return max(every, key=lambda one: one.count, default=None)


def _by(table: Table, column: str, endings: tuple[str, ...], find: Callable[[str], int]) -> Listed | None:
    if not is_strings(table.columns[column]):
        return None
    rows, values, found = list[int](), list[str](), list[int]()
    filled = naming = several = 0
    for row, value in enumerate(table.columns[column].to_pylist()):
        told = [(name, find(name)) for name in _names(value or "", endings, find)]
        there = sum(at >= 0 for _, at in told)
        filled += bool(value)
        naming += there > 0
        several += there >= _SEVERAL
        for name, at in told or [("", _NONE)]:
            rows.append(row)
            values.append(name)
            found.append(at)
    if not several or naming < _MOST * filled:
        return None
    columns = {name: one.take(rows) for name, one in table.columns.items()}
    spread = Table(
        table.name,
        columns,
        array("q", (table.records[row] for row in rows)),
        recognise=table.recognise,
        numbering=table.numbering,
        described=table.described,
    )
    return Listed(spread, column, values, np.array(found, np.int64))


def _names(value: str, endings: tuple[str, ...], find: Callable[[str], int]) -> list[str]:
    """Return the names in a cell, each once; all of it where only that is one."""
    told = value.lower()
    if not any(ending in told for ending in endings):
        return []
    strings = _strings(value) if value.lstrip()[:1] in ("[", "{") else None
    pieces = dict.fromkeys(piece.strip() for piece in (_APART.split(value) if strings is None else strings))
    names = [piece for piece in pieces if piece.lower().endswith(endings)]
    several = sum(find(name) >= 0 for name in names) >= _SEVERAL  # else it may be one whose name has a comma
    return [value] if not several and find(value) >= 0 else names


def _strings(value: str) -> list[str] | None:
    """Return the strings in a cell that is JSON, however deep; None of another."""
    try:
        level: list[Any] = [json.loads(value)]
    except (ValueError, RecursionError):
        return None
    found = list[str]()
    while level:
        found += [one for one in level if kind_of_json(one) == "a string"]
        lists = [list(one.values()) if isinstance(one, dict) else one for one in level if isinstance(one, dict | list)]
        level = [inner for one in lists for inner in one]
    return found
