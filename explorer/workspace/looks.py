"""A look at a dataset: its first rows, their cells cut, and what its columns hold – small, whatever the dataset is.

It is written with the dataset, by the process that has it in memory; a server that shows a dataset reads nothing else
of one that is large.

    DIR/datasets/KEY/   look-items.parquet  look-table.parquet  columns.json (of a large one)
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from explorer.columns import longcells
from explorer.workspace.files import as_json

LOOK_ROWS, LOOK_CHARS, LOOK_BYTES = 20_000, 2_000, 8 * 2**20
"""Rows, characters of a cell, and bytes of all cells that a look has at most; a dataset of fewer bytes needs none."""
FEW_ROWS = 10
"""Rows that every look has, if its cells have to be cut to less for it."""
ITEMS, TABLE, COLUMNS_FILE = "look-items.parquet", "look-table.parquet", "columns.json"
_LEAST_CHARS = 20
_MORE = "…"
_TOO_LONG = "(too long to be shown)"
_CELL = 8


def write_look(folder: Path, items: Any, table: Any, facts: Mapping[str, Any]) -> None:
    """Write the look at a dataset from the Arrow tables of its items and of its columns, and *facts* of these."""
    import pyarrow.parquet as pq

    (folder / COLUMNS_FILE).write_bytes(as_json(facts, indent=None))
    wide = items.num_columns + table.num_columns
    chars = max(_LEAST_CHARS, min(LOOK_CHARS, LOOK_BYTES // (FEW_ROWS * wide)))
    items, table = items.slice(0, LOOK_ROWS), table.slice(0, LOOK_ROWS)
    sizes = sum(
        np.minimum(longcells.cell_bytes(column), chars if longcells.are_texts(column) else _CELL)
        for part in (items, table)
        for column in part.columns
    )
    rows = max(FEW_ROWS, int(np.searchsorted(np.cumsum(sizes), LOOK_BYTES, "right")))
    for part, name in ((items, ITEMS), (table, TABLE)):
        pq.write_table(shortened(part.slice(0, rows), chars), folder / name, write_statistics=False)


def shortened(table: Any, chars: int = LOOK_CHARS) -> Any:
    """Return an Arrow table with its strings cut to so many characters, an ellipsis where something is left out."""
    import pyarrow as pa

    columns = [
        _shortened(column, chars).cast(field.type) if longcells.are_texts(column) else column
        for field, column in zip(table.schema, table.columns, strict=True)
    ]
    return pa.Table.from_arrays(columns, schema=table.schema) if columns else table


def read_first(file: Path, look: Path, rows: int, *, small: bool) -> Any:
    """Return an Arrow table of a dataset's first rows from its *look*, if it has one; of a *small* one as they are.

    A dataset of an earlier version may be of any size: of it no more is held than what its file has, packed by value.
    """
    import pyarrow.parquet as pq

    if look.exists():
        return pq.read_table(look).slice(0, rows)
    return _first(file, rows) if small else _first_of_old(file, rows)


def _first(file: Path, rows: int) -> Any:
    import pyarrow as pa
    import pyarrow.parquet as pq

    with pq.ParquetFile(file) as stored:
        first = next(stored.iter_batches(batch_size=rows), None)
        return pa.Table.from_batches([first] if first is not None else [], stored.schema_arrow)


def _first_of_old(file: Path, rows: int) -> Any:
    """Return the first rows, their strings cut: values that come again are held once until they are."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    with pq.ParquetFile(file) as stored:
        schema, facts = stored.schema_arrow, stored.metadata
        names = [field.name for field in schema if pa.types.is_string(field.type) or _is_large(field.type)]
    with pq.ParquetFile(file, read_dictionary=names) as stored:
        parts: list[Any] = []
        held = 0
        for group in range(facts.num_row_groups):
            if held >= rows or (parts and sum(part.nbytes for part in parts) > LOOK_BYTES):
                break
            parts.append(_of_group(stored, group, schema, rows - held))
            held += len(parts[-1])
    return pa.concat_tables(parts) if parts else schema.empty_table()


def _of_group(stored: Any, group: int, schema: Any, rows: int) -> Any:
    import pyarrow as pa

    names = [field.name for field in schema if pa.types.is_string(field.type) or _is_large(field.type)]
    facts = stored.metadata.row_group(group)
    rows = min(rows, facts.num_rows)
    columns = []
    for at, field in enumerate(schema):
        if facts.column(at).total_uncompressed_size > 4 * LOOK_BYTES:
            said = [_TOO_LONG if field.name in names else None] * rows
            columns.append(pa.array(said).cast(field.type))
            continue
        column = stored.read_row_group(group, columns=[field.name]).column(0).slice(0, rows)
        columns.append((_shortened(column, LOOK_CHARS) if longcells.are_texts(column) else column).cast(field.type))
    return pa.table(columns, schema=schema)


def _is_large(kind: Any) -> bool:
    import pyarrow as pa

    return bool(pa.types.is_large_string(kind))


def _shortened(column: Any, chars: int) -> Any:
    import pyarrow as pa
    import pyarrow.compute as pc

    if pa.types.is_dictionary(column.type):
        parts = [_shortened(chunk.dictionary, chars).take(chunk.indices) for chunk in column.chunks]
        return pa.chunked_array(parts, None if parts else pa.large_string())
    column = column.cast(pa.large_string())
    more, nothing = (pa.scalar(text, pa.large_string()) for text in (_MORE, ""))
    cut = pc.binary_join_element_wise(pc.utf8_slice_codeunits(column, 0, chars - 1), more, nothing)
    return pc.if_else(pc.greater(pc.utf8_length(column), chars), cut, column)
