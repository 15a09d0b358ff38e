"""Reads Parquet tables.

It chooses no text column and builds no items: `loading` does.
"""

from __future__ import annotations

import re
from array import array
from itertools import islice

from explorer.errors import UnreadableFile
from explorer.ingest.columns import flat
from explorer.ingest.reader import TABLE, Advance, FileReader, Source, Table, check_size
from explorer.ingest.shape import unique_names


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
            given = arrow.column_names
        except (pa.ArrowException, OSError, ValueError) as exc:
            why = str(exc).rstrip(". ")
            raise UnreadableFile(f"{source.name} is not a whole Parquet file: {why}. Write it again.") from exc
    advance(source.size)
    kept = [i for i, name in enumerate(given) if not re.fullmatch(r"__index_level_\d+__", name)]
    names = unique_names(given[i] for i in kept)
    plain = {name: flat(arrow.column(i)) for name, i in zip(names, kept, strict=True)}
    return Table(source.name, plain, array("q", range(arrow.num_rows)))


PARQUET = FileReader(
    name="Parquet",
    suffixes=(".parquet",),
    summary="A table: one column is the text, the others are kept with their types.",
    kind=TABLE,
    read=read_parquet,
)
