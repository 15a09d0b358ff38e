"""Columns of texts that grow row by row, as what is no table gives them: a batch of rows is held, the rest is Arrow's.

It reads nothing: readers of logs do.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from explorer.ingest.columns import from_values
from explorer.ingest.reader import BATCH, joined


class TextColumns:
    """Takes rows of texts by name; a name may come late, and a row may lack some."""

    def __init__(self) -> None:
        self._parts: dict[str, list[Any]] = {}
        self._rows: list[Mapping[str, str | None]] = []
        self._done = 0

    def add(self, row: Mapping[str, str | None]) -> None:
        """Take a row."""
        self._rows.append(row)
        if len(self._rows) == BATCH:
            self._pack()

    def columns(self, *always: str) -> dict[str, Any]:
        """Return the columns as chunked arrays of large strings; those with nothing in them only if *always* kept."""
        self._pack()
        found = {name: joined(parts) for name, parts in self._parts.items()}
        return {name: column for name, column in found.items() if name in always or column.null_count < len(column)}

    def _pack(self) -> None:
        import pyarrow as pa

        kind = pa.large_string()
        for name in dict.fromkeys(name for row in self._rows for name in row):
            if name not in self._parts:
                self._parts[name] = [pa.nulls(self._done, kind)]
        for name, parts in self._parts.items():
            parts.append(from_values([row.get(name) for row in self._rows]))
        self._done += len(self._rows)
        self._rows = []
