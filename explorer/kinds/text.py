"""Texts: a `str` is one, without the blanks around it; what its file had around it, a `Padded` one knows.

It reads no files and splits nothing into words.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from explorer.kinds.kind import DIGEST_BYTES, Columns, Kind, Move
from explorer.types import TEXT, Item

_BETWEEN = "|"
"""What stands between the blanks before and behind a text where they are kept."""


class Padded(str):
    """A text with blanks *around* it in its file, those before and those behind it apart by a `|`.

    It is read, compared and shown without them.
    """

    __slots__ = ("around",)

    around: str

    def __new__(cls, text: str, around: str) -> Padded:
        """Make one."""
        made = super().__new__(cls, text)
        made.around = around
        return made

    def __reduce__(self) -> tuple[type[Padded], tuple[str, str]]:
        """Return what makes it anew elsewhere."""
        return Padded, (str(self), self.around)

    @property
    def exact(self) -> str:
        """The text as its file has it."""
        before, _, behind = self.around.partition(_BETWEEN)
        return f"{before}{self}{behind}"


def padded(exact: str) -> str:
    """Return a text without the blanks around it, which it knows where there are any."""
    text = exact.strip()
    if len(text) == len(exact) or not text:
        return text
    before = len(exact) - len(exact.lstrip())
    return Padded(text, f"{exact[:before]}{_BETWEEN}{exact[before + len(text) :]}")


class TextKind(Kind):
    """Texts, of any length."""

    name = TEXT
    nouns = ("text", "texts")
    columns = ("text", "around")
    mark = b"t"
    has_words = True

    def content(self, item: str) -> bytes:
        """Return the text's bytes, as its file has it."""
        return self.exact(item).encode("utf-8", "surrogatepass")

    def digest(self, item: str) -> bytes:
        """Return a digest of the text alone: vectors that are kept already go by it."""
        return hashlib.blake2b(item.encode("utf-8", "surrogatepass"), digest_size=DIGEST_BYTES).digest()

    def stored(self, items: Sequence[str], move: Move) -> Columns:
        """Return the texts, and the blanks around those that have some."""
        return {"text": items, "around": [getattr(item, "around", None) for item in items]}

    def restored(self, columns: Columns, move: Move) -> list[Item]:
        """Return the texts; those of before have no blanks around them."""
        texts, around = columns["text"], columns.get("around", ())
        if not any(around):
            return list(texts)  # type: ignore[arg-type]
        pairs = zip(texts, around, strict=True)
        return [str(text) if blanks is None else Padded(str(text), blanks) for text, blanks in pairs]

    def text(self, item: str) -> str:
        """Return the text."""
        return item

    def exact(self, item: str) -> str:
        """Return the text as its file has it."""
        return item.exact if isinstance(item, Padded) else item

    def words(self, item: str) -> str:
        """Return the text."""
        return item

    def record(self, item: str) -> dict[str, str]:
        """Return the text as its file has it."""
        return {"text": self.exact(item)}

    def card(self, item: str) -> dict[str, str]:
        """Return the text."""
        return {"text": item}
