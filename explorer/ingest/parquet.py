"""Reads Parquet tables.

It chooses no text column and builds no items: `loading` does.
"""

from __future__ import annotations

from itertools import islice
from typing import Any

from explorer.errors import UnreadableFile
from explorer.ingest.arrowtables import table_of
from explorer.ingest.reader import TABLE, Advance, FileReader, Source, Table, check_size

_UUID_BYTES = 16


def read_parquet(source: Source, advance: Advance, *, limit: int | None = None) -> Table:
    """Read the whole table, or its first *limit* rows.  Raises UnreadableFile."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    with source.open_whole() as file:
        try:
            whole = pq.ParquetFile(file)
            check_size(source.name, rows=whole.metadata.num_rows, columns=whole.metadata.num_columns)
            if limit is None:
                arrow = whole.read()
            else:
                batches = islice(whole.iter_batches(batch_size=limit), 1)
                arrow = pa.Table.from_batches(batches, schema=whole.schema_arrow)
            arrow.validate(full=True)
        except MemoryError:  # an ArrowException too
            raise
        except (pa.ArrowException, OSError, ValueError) as exc:
            why = str(exc).rstrip(". ")
            raise UnreadableFile(f"{source.name} is not a whole Parquet file: {why}. Write it again.") from exc
    advance(source.size)
    return table_of(source.name, arrow, ids=_uuid_columns(whole.schema))


def _uuid_columns(schema: Any) -> set[str]:
    """Return the columns that the file says hold UUIDs; arrow may read them as plain bytes."""
    columns = [schema.column(i) for i in range(len(schema))]
    return {one.path for one in columns if one.logical_type.type == "UUID" and one.length == _UUID_BYTES}


PARQUET = FileReader(
    name="Parquet",
    suffixes=(".parquet",),
    summary="A table: one column is the text, the others are kept with their types.",
    kind=TABLE,
    read=read_parquet,
)
