"""Texts: a `str` is one.

It reads no files and splits nothing into words.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from explorer.kinds.kind import DIGEST_BYTES, Columns, Kind, Move
from explorer.types import TEXT, Item


class TextKind(Kind):
    """Texts, of any length."""

    name = TEXT
    nouns = ("text", "texts")
    columns = ("text",)
    mark = b"t"
    has_words = True

    def content(self, item: str) -> bytes:
        """Return the text's bytes."""
        return item.encode("utf-8", "surrogatepass")

    def digest(self, item: str) -> bytes:
        """Return a digest of the text alone: vectors that are kept already go by it."""
        return hashlib.blake2b(item.encode("utf-8", "surrogatepass"), digest_size=DIGEST_BYTES).digest()

    def stored(self, items: Sequence[str], move: Move) -> Columns:
        """Return the texts."""
        return {"text": items}

    def restored(self, columns: Columns, move: Move) -> list[Item]:
        """Return the texts."""
        return list(columns["text"])  # type: ignore[arg-type]

    def text(self, item: str) -> str:
        """Return the text."""
        return item

    def words(self, item: str) -> str:
        """Return the text."""
        return item

    def record(self, item: str) -> dict[str, str]:
        """Return the text."""
        return {"text": item}
