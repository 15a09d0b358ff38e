"""How a dataset lies in a folder: `dataset.json`, `items.parquet`, `table.parquet`, `places.parquet`, `rejected.jsonl`.

What is there to be looked at quickly, `looks` writes.  It does not read users' files (ingest does) and does not
choose the folder (the workspace does).
"""

from __future__ import annotations

import datetime as dt
import io
import json
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from explorer.columns import filled, longcells
from explorer.kinds import BUILT_IN, Move, by_kind, kind_named, kind_of
from explorer.types import Dataset, Item, spans
from explorer.workspace.files import as_json, read_json
from explorer.workspace.given import given_told, read_given, write_given
from explorer.workspace.looks import COLUMNS_FILE, LOOK_BYTES, read_first, write_look
from explorer.workspace.ondisk import ITEMS, TABLE, ItemsOnDisk, TableOnDisk, rows_in, write_rows
from explorer.workspace.rejections import read_rejected, write_rejected
from explorer.workspace.room import check_room
from explorer.workspace.signs import write_signs
from explorer.workspace.standing import read_places, write_places
from explorer.workspace.told import choice_from, columns_told, fault_from, read_as, version_from, version_told

NO_LANGUAGES: Mapping[str, float] = MappingProxyType({})
NOTHING_MORE: Mapping[str, Any] = MappingProxyType({})
RECORD, SOURCE = "dataset.json", "source"
CAME = "came.npy"
"""Of a new version: int32 (n,), the row of the parent that a row is, -1 for one that is new or edited."""
COLUMNS = tuple(column for kind in BUILT_IN for column in kind.columns)
"""What ``items.parquet`` always has, whatever the items are; other kinds add theirs."""
GROUP_ROWS = 10_000
GROUP_BYTES = 16 * 2**20
"""Rows, and about how many bytes of them, that are read together: the first rows are there without the others."""
READ_BYTES = 1024
"""Bytes of a text that an encoder reads at most, as far as estimates go: 256 word pieces of four."""
_PIECES = 50_000
"""Pieces of a file, a column of such a group each, at most: the file says something of each of them."""


def write_dataset(
    dataset: Dataset,
    folder: Path,
    *,
    source: Path | None,
    origin: tuple[str, ...],
    languages: Mapping[str, float] = NO_LANGUAGES,
    unread: Mapping[str, float] = NO_LANGUAGES,
    more: Mapping[str, Any] = NOTHING_MORE,
    came: NDArray[np.int32] | None = None,
) -> None:
    """Write a dataset into an empty folder; files under *source* are kept relative to ``source/``.

    *more* is what its record tells besides; *came* which row of its parent each row of a new version is.
    """
    import pyarrow as pa

    items = _items_table(dataset.items, partial(_relative, source=source.resolve() if source is not None else None))
    table = pa.Table.from_pandas(dataset.table, preserve_index=False)
    sizes = {"items": longcells.row_bytes(items), "table": longcells.row_bytes(table)}
    size, blank = int(sum(each.sum() for each in sizes.values())), _blank(dataset.table)
    for name, one in (("items", items), ("table", table)):
        _write(one, folder / f"{name}.parquet", sizes[name], small=size <= LOOK_BYTES)
    if size > LOOK_BYTES:
        write_look(folder, items, table, _facts(table, blank))
        write_rows(folder, {ITEMS: items, TABLE: table})
    write_places(folder, dataset.places)
    write_given(folder, dataset.given)
    write_signs(folder, dataset.signs)
    record = {
        "dataset": dataset.key,
        "name": dataset.name,
        "items_key": dataset.items_key,
        "rows": len(dataset),
        "modalities": sorted(dataset.modalities),
        "columns": list(dataset.columns),
        "text_column": dataset.text_column,
        "text_columns": list(dataset.text_columns),
        "text_beside": dataset.has_texts_beside,
        **columns_told(dataset),
        "candidates": list(dataset.candidates),
        **read_as(dataset),
        "languages": dict(languages),
        "unread": dict(unread),
        "faults": [asdict(fault) for fault in dataset.faults],
        "blank": blank,
        "bytes": size,
        "load": _load(items),
        "note": dataset.note,
        **given_told(dataset.given),
        **version_told(dataset.version),
        **write_rejected(folder, dataset.rejected),
        "origin": list(origin),
        "created": dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
        "wanted": time.time_ns(),
        **more,
    }
    if came is not None:
        (folder / CAME).write_bytes(as_npy(came))
    (folder / RECORD).write_bytes(as_json(record))


def _load(items: Any) -> dict[str, int]:
    """Return what encoders will have to read: "texts", their "read" bytes, and "pictures", which all others are."""
    import pyarrow.compute as pc

    texts = items["text"]
    count = len(texts) - texts.null_count
    read = pc.sum(pc.min_element_wise(pc.binary_length(texts), READ_BYTES, skip_nulls=False)).as_py() or 0
    return {"texts": count, "read": int(read), "pictures": len(items) - count}


def as_npy(array: NDArray[Any]) -> bytes:
    """Return the bytes of a .npy file."""
    out = io.BytesIO()
    np.save(out, array, allow_pickle=False)
    return out.getvalue()


def read_came(folder: Path) -> NDArray[np.int32] | None:
    """Return which row of its parent each row of a new version is, int32 (n,), -1 for none; None for no version."""
    try:
        return np.asarray(np.load(folder / CAME, allow_pickle=False), np.int32)
    except FileNotFoundError:
        return None


def _write(table: Any, file: Path, sizes: NDArray[np.int64], *, small: bool) -> None:
    """Write an Arrow table of rows of these *sizes* group by group, as long as there is room; raises CannotWrite.

    Of a *small* one the file says what its columns hold, of another one the look does: least values may be long.
    """
    import pyarrow.parquet as pq

    ends = np.cumsum(sizes)
    most = max(GROUP_BYTES, int(sizes.sum()) * table.num_columns // _PIECES)
    with pq.ParquetWriter(file, table.schema, write_statistics=small) as writer:
        start = 0
        while start < len(table):
            before = ends[start - 1] if start else 0
            end = max(start + 1, min(start + GROUP_ROWS, int(np.searchsorted(ends, before + most, "right"))))
            check_room(file.parent)
            writer.write_table(table.slice(start, end - start), row_group_size=end - start)
            start = end


def read_dataset(folder: Path, *, rows: int | None = None, on_disk: bool = False) -> Dataset:
    """Return the dataset that `write_dataset` wrote, or a look at its first *rows* rows alone, perhaps fewer.

    The rows of one that is to stay *on_disk* are read when they are asked for, if it is large; that one can do.
    """
    record: dict[str, Any] = json.loads((folder / RECORD).read_text(encoding="utf-8"))
    if on_disk and (folder / TABLE).exists():
        kept = rows_in(folder, ITEMS)
        items = ItemsOnDisk(kept, record["modalities"], lambda some: _items(some, record["modalities"], folder))
        return _dataset(folder, record, items, TableOnDisk(rows_in(folder, TABLE), len(items)))
    return _dataset(folder, record, *_held(folder, record, rows), whole=rows is None)


def _held(folder: Path, record: Mapping[str, Any], rows: int | None) -> tuple[list[Item], Any]:
    """Return the items and the table of a dataset, or of its first *rows* rows, in memory."""
    import pandas as pd

    small = is_small(record)
    first, table = _read(folder, "items", rows, small=small), _read(folder, "table", rows, small=small)
    if rows is not None and table.num_columns:
        first = first.slice(0, len(table))
        table = table.slice(0, len(first))
    items = _items(first, record["modalities"], folder)
    table = table.to_pandas()
    if len(table) != len(items):  # a table without columns forgets how many rows it has
        table = pd.DataFrame(index=pd.RangeIndex(len(items)))
    return items, table


def _dataset(
    folder: Path, record: Mapping[str, Any], items: Sequence[Item], table: Any, *, whole: bool = True
) -> Dataset:
    return Dataset(
        key=record["dataset"],
        name=record["name"],
        items=items,
        table=table,
        rejected=read_rejected(folder, record),
        items_key=record["items_key"],
        columns=tuple(record["columns"]),
        text_column=record["text_column"],
        candidates=tuple(record.get("candidates", ())),
        readings=dict(record.get("readings", {})),
        described=dict(record.get("described", {})),
        text_columns=tuple(record.get("text_columns", ())),
        faults=tuple(map(fault_from, record.get("faults", ()))),
        choices=tuple(map(choice_from, record.get("choices", ()))),
        asked=dict(record.get("asked", {})),
        note=record.get("note", ""),
        version=version_from(record),
        places=read_places(folder) if whole else None,
        given=read_given(folder, record, len(items)),
    )


def columns_of(folder: Path) -> dict[str, dict[str, Any]]:
    """Return of every column of the table its "type" in a word and how many rows are "filled".

    Only what the file says of itself is read, so that it takes the same time for a million rows.
    """
    import pyarrow.parquet as pq

    known = read_json(folder / COLUMNS_FILE)
    if known is not None:
        return known
    blank = json.loads((folder / RECORD).read_text(encoding="utf-8")).get("blank", {})
    with pq.ParquetFile(folder / "table.parquet") as stored:
        facts = stored.metadata
        groups = [facts.row_group(place) for place in range(facts.num_row_groups)]
        places = {facts.schema.column(at).path: at for at in range(facts.num_columns)}  # none for one of lists
        columns = {}
        for field in stored.schema_arrow:
            at = places.get(field.name)
            empty = 0 if at is None else sum(_nulls(group.column(at).statistics) for group in groups)
            there = facts.num_rows - empty - blank.get(field.name, 0)
            columns[field.name] = {"type": _type_word(field.type), "filled": there}
    return columns


def _facts(table: Any, blank: Mapping[str, int]) -> dict[str, dict[str, Any]]:
    return {
        field.name: {
            "type": _type_word(field.type),
            "filled": len(table) - table.column(at).null_count - blank.get(field.name, 0),
        }
        for at, field in enumerate(table.schema)
    }


def is_small(record: Mapping[str, Any]) -> bool:
    """Whether all of a dataset may be held at any time; of one of an earlier version nobody knows."""
    return int(record.get("bytes", LOOK_BYTES + 1)) <= LOOK_BYTES


def _blank(table: Any) -> dict[str, int]:
    """Return how many values of each column are blank strings, of those that have any."""
    counts = {str(name): int((filled(column).isna() & column.notna()).sum()) for name, column in table.items()}
    return {name: count for name, count in counts.items() if count}


def _nulls(statistics: Any) -> int:
    return statistics.null_count if statistics is not None and statistics.has_null_count else 0


def _type_word(arrow: Any) -> str:
    import pyarrow.types as kinds

    if kinds.is_boolean(arrow):
        return "yes or no"
    if kinds.is_integer(arrow) or kinds.is_floating(arrow) or kinds.is_decimal(arrow):
        return "number"
    return "date" if kinds.is_temporal(arrow) else "text"


def thumbnails_of(folder: Path) -> set[str]:
    """Return the names of the thumbnails of a dataset's pictures.  Raises UnknownKind."""
    record: dict[str, Any] = json.loads((folder / RECORD).read_text(encoding="utf-8"))
    if not any(kind_named(name).has_picture for name in record["modalities"]):
        return set()
    items = _items(_read(folder, "items", None, small=True), record["modalities"], folder)
    return {kind_of(item).thumbnail(item) for item in items if kind_of(item).has_picture}


def _read(folder: Path, name: str, rows: int | None, *, small: bool) -> Any:
    """Return an Arrow table of the rows of items or table, or of its first ones without reading the others."""
    import pyarrow.parquet as pq

    file = folder / f"{name}.parquet"
    return pq.read_table(file) if rows is None else read_first(file, folder / f"look-{name}.parquet", rows, small=small)


def moved_items(dataset: Dataset, move: Move) -> Iterator[Any] | None:
    """Return the Arrow tables of ``items.parquet``, a group of rows each, with the paths that *move* gives.

    None where no item refers to a file.
    """
    moved = False

    def look(path: str) -> str:
        nonlocal moved
        moved = True
        return move(path)

    for name, places in by_kind(dataset.items).items():
        kind_named(name).stored([dataset.items[places[0]]], look)
    if not moved:
        return None
    groups = spans(np.arange(len(dataset)), dataset.items, most=GROUP_ROWS)
    return (_items_table(dataset.items[start:end], move) for start, end in groups)


def read_item(folder: Path, row: int) -> Item | None:
    """Return the item of one row, of which no more is read than is read together; None where there is none."""
    import pyarrow.parquet as pq

    record: dict[str, Any] = json.loads((folder / RECORD).read_text(encoding="utf-8"))
    with pq.ParquetFile(folder / "items.parquet") as stored:
        for group in range(stored.metadata.num_row_groups if row >= 0 else 0):
            rows = stored.metadata.row_group(group).num_rows
            if row < rows:
                one = stored.read_row_group(group).slice(row, 1)
                return _items(one, record["modalities"], folder)[0]
            row -= rows
    return None


def _items_table(items: Sequence[Item], move: Move) -> Any:
    """Return the items as an Arrow table of texts: columns that a kind does not use are null for its items."""
    import pyarrow as pa

    columns: dict[str, Sequence[str | None]] = {}
    for name, places in by_kind(items).items():
        whole = len(places) == len(items)
        members = items if whole else [items[place] for place in places]
        for column, cells in kind_named(name).stored(members, move).items():
            columns[column] = cells if whole else _filled(columns.get(column, [None] * len(items)), places, cells)
    names = dict.fromkeys((*COLUMNS, *columns))
    strings = pa.large_string()
    return pa.table({c: _strings(columns[c]) if c in columns else pa.nulls(len(items), strings) for c in names})


def _strings(cells: Sequence[str | None]) -> Any:
    """Return strings as an Arrow column, some of them at a time: none of its parts has to grow in memory for long."""
    import pyarrow as pa

    strings = pa.large_string()
    starts = range(0, len(cells), GROUP_ROWS)
    return pa.chunked_array([pa.array(cells[start : start + GROUP_ROWS], strings) for start in starts], strings)


def _filled(column: Sequence[str | None], places: Sequence[int], cells: Sequence[str | None]) -> list[str | None]:
    column = list(column)
    for place, cell in zip(places, cells, strict=True):
        column[place] = cell
    return column


def _items(table: Any, kinds: Sequence[str], folder: Path) -> list[Item]:
    """Return the items of a table that `_items_table` made, of these *kinds*.  Raises UnknownKind."""
    items: list[Item] = [""] * len(table)
    for kind in map(kind_named, kinds):
        places = np.flatnonzero(table[kind.columns[0]].is_valid().to_numpy())
        whole = len(places) == len(table)
        there = [name for name in kind.columns if name in table.column_names]
        own = table.select(there) if whole else table.select(there).take(places)
        members = kind.restored(own.to_pydict(), partial(_absolute, folder=folder))
        if whole:
            return members
        for place, member in zip(places.tolist(), members, strict=True):
            items[place] = member
    return items


def _relative(path: str, *, source: Path | None) -> str:
    whole = Path(path).resolve()
    if source is not None and whole.is_relative_to(source):
        return (Path(SOURCE) / whole.relative_to(source)).as_posix()
    return str(whole)


def _absolute(path: str, *, folder: Path) -> str:
    return path if Path(path).is_absolute() else str(folder / path)
