"""Reads Parquet tables.

It chooses no text column and builds no items: `loading` does.
"""

from __future__ import annotations

from itertools import islice
from typing import Any

from explorer.errors import UnreadableFile
from explorer.ingest.arrowtables import LOOKED_AT, Pictures, table_of
from explorer.ingest.hub import ITEMS, PATH
from explorer.ingest.reader import MAX_ROWS, TABLE, Advance, FileReader, Source, Table, check_size

_UUID_BYTES, _SPAN_BYTES = 16, 12


def read_parquet(source: Source, advance: Advance, *, limit: int | None = None) -> Table:
    """Read the whole table, or its first *limit* rows.  Raises UnreadableFile."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    with source.open_whole() as file:
        try:
            whole = pq.ParquetFile(file)
            check_size(source.name, rows=whole.metadata.num_rows, columns=whole.metadata.num_columns)
            pictures = _pictures(source, whole)
            columns = [name for name in whole.schema_arrow.names if name != pictures.column]
            if limit is None:
                arrow = whole.read(columns=columns)
            else:
                batches = list(islice(whole.iter_batches(batch_size=limit, columns=columns), 1))
                arrow = pa.Table.from_batches(batches, None if batches else whole.schema_arrow)
            arrow.validate(full=True)
        except MemoryError:  # an ArrowException too
            raise
        except (pa.ArrowException, OSError, ValueError) as exc:
            why = str(exc).rstrip(". ")
            raise UnreadableFile(f"{source.name} is not a whole Parquet file: {why}. Write it again.") from exc
    advance(source.size)
    rows = min(whole.metadata.num_rows, limit or MAX_ROWS)
    return pictures.into(
        table_of(source, arrow, rows=rows, ids=_uuids(whole.schema), spans=_spans(whole.schema)), limit
    )


def _pictures(source: Source, whole: Any) -> Pictures:
    """Return the pictures in the rows of an open file."""

    def first(name: str) -> Any:
        batch = next(whole.iter_batches(batch_size=LOOKED_AT, columns=[name]), None)
        return pa.nulls(0) if batch is None else batch.column(0)

    import pyarrow as pa

    pictures = Pictures(source)
    pictures.look(whole.schema_arrow, first)
    if pictures.column is not None:
        inner = f"{pictures.column}.{PATH}"
        has_paths = inner in {whole.schema.column(at).path for at in range(len(whole.schema))}
        if has_paths:
            pictures.take(whole.read(columns=[inner]).column(0).combine_chunks())
        else:
            pictures.names = [None] * whole.metadata.num_rows
    return pictures


def _uuids(schema: Any) -> set[str]:
    """Return the columns that the file says hold UUIDs; arrow may read them as plain bytes."""
    columns = [schema.column(i) for i in range(len(schema))]
    return {one.path for one in columns if one.logical_type.type == "UUID" and one.length == _UUID_BYTES}


def _spans(schema: Any) -> set[str]:
    """Return the columns that the file says hold spans of time, which arrow reads as plain bytes."""
    columns = [schema.column(i) for i in range(len(schema))]
    return {one.path for one in columns if one.converted_type == "INTERVAL" and one.length == _SPAN_BYTES}


PARQUET = FileReader(
    name="Parquet",
    suffixes=(".parquet",),
    summary="A table: one column is the text, the others are kept with their types.",
    kind=TABLE,
    read=read_parquet,
    choices=(ITEMS,),
    cures={
        **dict.fromkeys(
            (".pkl", ".pickle", ".joblib"), "it may run code when it is opened; save the table as .parquet"
        ),
        **dict.fromkeys((".dta", ".sav", ".rds", ".h5", ".hdf5", ".mat"), "save the table as .csv or .parquet"),
    },
)
