"""Reads Arrow's own files (.arrow, .feather, .ipc: both of its formats) and ORC tables.

It chooses no text column and builds no items: `loading` does.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, Any

from explorer.errors import UnreadableFile
from explorer.ingest.arrowtables import LOOKED_AT, Pictures, table_of
from explorer.ingest.hub import ITEMS
from explorer.ingest.reader import TABLE, Advance, FileReader, Source, Table, check_size

_MAGIC, _FEATHER_1 = b"ARROW1", b"FEA1"


def read_arrow(source: Source, advance: Advance, *, limit: int | None = None) -> Table:
    """Read the batches of a file, or as many as have *limit* rows.  Raises UnreadableFile."""
    import pyarrow as pa

    with source.open_whole() as file, _sound(source.name, "Arrow"):
        schema, batches = _opened(source.name, file)
        pictures, kept, rows = Pictures(source), list[Any](), 0
        check_size(source.name, rows=0, columns=len(schema))
        for batch in batches:
            check_size(source.name, rows=rows + batch.num_rows, columns=len(schema))
            batch.validate(full=True)
            kept.append(_without_pictures(batch, pictures, first=not kept))
            rows += batch.num_rows
            advance(min(file.tell(), source.size))
            if limit is not None and rows >= limit:
                break
        arrow = pa.Table.from_batches(kept, kept[0].schema if kept else schema)
    advance(source.size)
    rows = rows if limit is None else min(rows, limit)
    return pictures.into(table_of(source, arrow.slice(0, rows), rows=rows), limit)


def _without_pictures(batch: Any, pictures: Pictures, *, first: bool) -> Any:
    """Return a batch without its pictures, which are read one by one later; *first*: they are still to be found."""
    if first:
        pictures.look(batch.schema, lambda name: batch.column(name).slice(0, LOOKED_AT))
    if pictures.column is None:
        return batch
    pictures.take(batch.column(pictures.column))
    return batch.drop_columns([pictures.column])


def read_orc(source: Source, advance: Advance, *, limit: int | None = None) -> Table:
    """Read the stripes of a file, or as many as have *limit* rows.  Raises UnreadableFile."""
    import pyarrow as pa
    from pyarrow import orc

    with source.open_whole() as file, _sound(source.name, "ORC"):
        whole = orc.ORCFile(file)
        check_size(source.name, rows=whole.nrows, columns=len(whole.schema))
        kept, rows = [], 0
        for stripe in range(whole.nstripes):
            batch = whole.read_stripe(stripe)
            batch.validate(full=True)
            kept.append(batch)
            rows += batch.num_rows
            advance(source.size * (stripe + 1) // whole.nstripes)
            if limit is not None and rows >= limit:
                break
        arrow = pa.Table.from_batches(kept, whole.schema)
    advance(source.size)
    return table_of(source, arrow if limit is None else arrow.slice(0, limit))


@contextmanager
def _sound(name: str, what: str) -> Iterator[None]:
    """Raise UnreadableFile for what Arrow raises of a file that is not whole."""
    import pyarrow as pa

    try:
        yield
    except MemoryError:  # an ArrowException too
        raise
    except (pa.ArrowException, OSError, ValueError) as exc:
        if "more than 64 bits" in str(exc):
            raise UnreadableFile(
                f"{name} has a column of integers of 128 bits, which Arrow does not read. Make it text (in Polars: "
                "cast(pl.String)) or Int64, and write it again."
            ) from exc
        raise UnreadableFile(f"{name} is not a whole {what} file: {_said(exc)}. Write it again.") from exc


def _opened(name: str, file: IO[bytes]) -> tuple[Any, Iterator[Any]]:
    """Return the schema and the batches of an open file, by its first bytes: Arrow's file format, or its stream."""
    import pyarrow as pa

    start = file.read(len(_MAGIC))
    file.seek(0)
    if start.startswith(_FEATHER_1):
        raise UnreadableFile(f"{name} is in Feather's first version, of 2016; write it again, or save it as Parquet.")
    if start != _MAGIC:
        stream = pa.ipc.open_stream(file)
        return stream.schema, iter(stream)
    whole = pa.ipc.open_file(file)
    return whole.schema, (whole.get_batch(number) for number in range(whole.num_record_batches))


def _said(exc: BaseException) -> str:
    return str(exc).splitlines()[0].rstrip(". ")[:300] if str(exc) else type(exc).__name__


ARROW = FileReader(
    name="Arrow and Feather",
    suffixes=(".arrow", ".feather", ".ipc"),
    summary="A table: one column is the text, the others are kept with their types.",
    kind=TABLE,
    read=read_arrow,
    choices=(ITEMS,),
)
ORC = FileReader(
    name="ORC",
    suffixes=(".orc",),
    summary="A table: one column is the text, the others are kept with their types.",
    kind=TABLE,
    read=read_orc,
)
