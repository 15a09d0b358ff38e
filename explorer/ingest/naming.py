"""Names a dataset by its content: the same content has the same key wherever it lies and whatever it is called.

It reads no files: pictures bring their digests along.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any

from explorer.types import KEY_LENGTH, Item, Rejected, digest

_CHUNK = 4096


def dataset_keys(
    items: Sequence[Item],
    table: Any,
    rejected: Sequence[Rejected],
    columns: tuple[str, ...],
    text_column: str | None,
    alone: str | None,
) -> tuple[str, str]:
    """Return the key of everything in a dataset, and the key of its items' content alone.

    *alone* is the name of the only given file: as it is no content, rejections are told apart without it.
    """
    items_key = _items_key(items)
    faults = [("" if fault.source == alone else fault.source, fault.row, fault.reason) for fault in rejected]
    names = [None if isinstance(item, str) else item.name for item in items]
    shown = [name for name in names if name is not None and name != alone]
    key = digest("dataset", items_key, _table_key(table), shown, faults, columns, text_column)
    return key, items_key


def _items_key(items: Sequence[Item]) -> str:
    """Digest texts, with their lengths so that no two lists read alike, and pictures by their digests; O(bytes)."""
    state = hashlib.blake2b(digest_size=KEY_LENGTH // 2)
    for start in range(0, len(items), _CHUNK):
        pieces = []
        for item in items[start : start + _CHUNK]:
            content = item.encode("utf-8", "surrogatepass") if isinstance(item, str) else item.sha256.encode()
            pieces.append(b"%c%d:%b" % (b"t" if isinstance(item, str) else b"i", len(content), content))
        state.update(b"".join(pieces))
    return state.hexdigest()


def _table_key(table: Any) -> str:
    import pandas as pd

    described = [f"{name}:{kind}" for name, kind in zip(table.columns, table.dtypes, strict=True)]
    if not described:
        return digest(len(table))
    return digest(described, pd.util.hash_pandas_object(table, index=False).to_numpy())
