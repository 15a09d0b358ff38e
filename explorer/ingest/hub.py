"""What Hugging Face's `datasets` writes: pictures or sounds in columns, names of labels, splits, records of its own.

It reads no files: the readers of Arrow and Parquet ask it about their schemas.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from pathlib import PurePosixPath
from typing import Any

from explorer.ingest.encodings import printable
from explorer.ingest.reader import PICTURE, SOUND, Source, Table
from explorer.kinds import BYTES, is_sound, size_of
from explorer.types import COLUMN, Choice, Rejected

PATH, SPLIT = "path", "split"
ITEMS = "items"
AS_ROWS = "rows"
_SHARD = re.compile(r"(?:^|/)(?:([\w.-]+?)/data|([\w.-]+?))-\d{5}-of-\d{5}\.(?:arrow|parquet)$")
_RECORDS = frozenset({"dataset_info.json", "state.json", "dataset_dict.json"})
_ROWS = (AS_ROWS, "The rows: one column is the text")


def without_records(sources: Sequence[Source]) -> list[Source]:
    """Return the files without those in which `datasets` keeps notes about the Arrow files beside or below them."""
    arrows = [PurePosixPath(source.name).parents for source in sources if source.suffix == ".arrow"]
    noted = {folder for parents in arrows for folder in list(parents)[:2]}
    return [
        one for one in sources if (path := PurePosixPath(one.name)).name not in _RECORDS or path.parent not in noted
    ]


def features_of(schema: Any) -> dict[str, dict[str, Any]]:
    """Return what `datasets` says of the columns of an Arrow schema; nothing where it does not."""
    try:
        told = json.loads((schema.metadata or {}).get(b"huggingface", b"{}"))["info"]["features"]
    except (ValueError, KeyError, TypeError, RecursionError):
        return {}
    return {name: of for name, of in told.items() if isinstance(of, dict)} if isinstance(told, dict) else {}


def file_columns(schema: Any) -> list[str]:
    """Return the columns that may hold files: of bytes, or of objects with bytes and a path."""
    import pyarrow as pa

    kinds = pa.types

    def is_bytes(kind: Any) -> bool:
        return bool(kinds.is_binary(kind) or kinds.is_large_binary(kind))

    def is_file(kind: Any) -> bool:
        named = {kind.field(at).name: kind.field(at).type for at in range(kind.num_fields)}
        return set(named) == {BYTES, PATH} and is_bytes(named[BYTES])

    return [one.name for one in schema if is_bytes(one.type) or (kinds.is_struct(one.type) and is_file(one.type))]


def media_column(schema: Any, first: Callable[[str], Any]) -> tuple[str, str] | None:
    """Return the first column whose files are pictures, or else sounds, and which of the two they are.

    *first* gives the first rows of a column as an arrow array.
    """
    sounds = None
    for name in file_columns(schema):
        if schema.names.count(name) > 1:
            continue
        files = (_file(value) for value in first(name).to_pylist())
        known = next((content for content in files if content), b"")
        if known and is_sound(known):
            sounds = sounds or (name, SOUND)
        elif known and all(size_of(known)):
            return name, PICTURE
    return sounds


def _file(value: Any) -> bytes | None:
    content = value.get(BYTES) if isinstance(value, dict) else value
    return content if isinstance(content, bytes) else None


def choice_of(source: Source, column: str, kind: str) -> Choice:
    """Return the choice between what a column holds, pictures or sounds, and rows as items."""
    held = f"{kind}s"
    asked = source.choices.get(ITEMS, "")
    value = asked if asked in (held, AS_ROWS) else held
    options = ((held, f"The {held}"), _ROWS)
    return Choice(ITEMS, "Items", value, options, sure=True, why=f"{column[:100]} holds {held}", asked=bool(asked))


def told(table: Table, schema: Any) -> Table:
    """Put what `datasets` says of a file's columns into its table: the names of labels, the split."""
    import pyarrow as pa

    for name, feature in features_of(schema).items():
        names, kind = feature.get("names"), feature.get("_type")
        if name in table.columns and kind == "ClassLabel" and isinstance(names, list):
            table.columns[name] = _named(table.columns[name], [printable(str(one)) for one in names])
    shard = _SHARD.search(table.name)
    if shard is not None and SPLIT not in table.columns and table.columns:
        split = pa.array([shard[1] or shard[2]] * len(table), pa.large_string())
        table.columns[SPLIT] = pa.chunked_array([split])
    return table


def left_out(table: Table, schema: Any, taken: str | None) -> list[Rejected]:
    """Return what is said of columns of sounds that are not *taken*: they are no items, and no values either."""
    sounds = [name for name, feature in features_of(schema).items() if feature.get("_type") == "Audio"]
    reason = "the column {} holds sounds, which are left out, as they are not the items"
    return [
        Rejected(table.name, None, reason.format(name[:100]), what=COLUMN)
        for name in sounds
        if name != taken and name in schema.names
    ]


def _named(column: Any, names: Sequence[str]) -> Any:
    """Return labels by their names; -1 is none, a number without a name stays."""
    import pyarrow as pa

    values = [
        None if value is None or value == -1 else names[value] if 0 <= value < len(names) else str(value)
        for value in column.to_pylist()
        if value is None or isinstance(value, int)
    ]
    return pa.chunked_array([pa.array(values, pa.large_string())]) if len(values) == len(column) else column
