"""Names a dataset by its content: the same content has the same key wherever it lies and whatever it is called.

It reads no files: items bring along what they are known by.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from explorer.kinds import Kind, each, kind_named
from explorer.types import KEY_LENGTH, TEXT, Item, OwnVectors, Rejected, digest

_CHUNK, _ROWS = 4096, 100_000


def dataset_keys(
    items: Sequence[Item],
    table: Any,
    rejected: Sequence[Rejected],
    columns: tuple[str, ...],
    text_column: str | None,
    alone: str | None,
    given: OwnVectors | None = None,
) -> tuple[str, str]:
    """Return the key of everything in a dataset, and the key of its items' content alone.

    *alone* is the name of the only given file: as it is no content, rejections are told apart without it.
    """
    items_key = _items_key(items)
    faults = [("" if fault.source == alone else fault.source, fault.row, fault.reason) for fault in rejected]
    paths = each(items, lambda kind: kind.path)
    shown = [path for path in paths if path is not None and path != alone]
    own = () if given is None else (given.column, given.key)
    key = digest("dataset", items_key, _table_key(table), shown, faults, columns, text_column, *own)
    return key, items_key


def _items_key(items: Sequence[Item]) -> str:
    """Digest what every item is, with its length so that no two lists read alike; O(bytes)."""
    state = hashlib.blake2b(digest_size=KEY_LENGTH // 2)
    for start in range(0, len(items), _CHUNK):
        some = items[start : start + _CHUNK]
        state.update(_told_of_texts(some) or b"".join(each(some, _marked)))
    return state.hexdigest()


def _told_of_texts(items: Sequence[Item]) -> Any:
    """Return what `_marked` says of many texts, one after another, a buffer; None where not all are texts."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if len(items) < _CHUNK or set(map(type, items)) != {str}:
        return None
    kind = pa.large_binary()
    try:
        texts = pa.array(items, kind)
    except UnicodeEncodeError:  # half characters
        return None
    lengths = pc.binary_length(texts).cast(pa.large_string()).cast(kind)
    mark, colon, nothing = (pa.scalar(sign, kind) for sign in (kind_named(TEXT).mark, b":", b""))
    told = pc.binary_join_element_wise(mark, lengths, colon, texts, nothing)
    return told.buffers()[2]


def _marked(kind: Kind) -> Callable[[Any], bytes]:
    mark, content_of = kind.mark, kind.content

    def content(item: Any) -> bytes:
        content = content_of(item)
        return b"%b%d:%b" % (mark, len(content), content)

    return content


def _table_key(table: Any) -> str:
    import pandas as pd

    described = [f"{name}:{kind}" for name, kind in zip(table.columns, table.dtypes, strict=True)]
    if not described:
        return digest(len(table))
    # A part at a time: its distinct values are few enough to be found quickly.  Of objects, equal ones of several
    # types are hashed as the first of them, wherever that stands.
    rows = len(table) if any(kind.kind == "O" for kind in table.dtypes if isinstance(kind, np.dtype)) else _ROWS
    parts = [
        pd.util.hash_pandas_object(table.iloc[start : start + rows], index=False).to_numpy()
        for start in range(0, max(1, len(table)), max(1, rows))
    ]
    return digest(described, np.concatenate(parts))
