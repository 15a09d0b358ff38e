"""Names a dataset by its content: the same content has the same key wherever it lies and whatever it is called.

It reads no files: items bring along what they are known by.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from typing import Any

from explorer.kinds import Kind, each
from explorer.types import KEY_LENGTH, Item, OwnVectors, Rejected, digest

_CHUNK = 4096


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
        state.update(b"".join(each(items[start : start + _CHUNK], _marked)))
    return state.hexdigest()


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
    return digest(described, pd.util.hash_pandas_object(table, index=False).to_numpy())
