"""Writes rows that are too large to be held: their long texts are passed on from the disk, a stretch at a time.

It knows no format but how JSON spells a text.  Whatever formats a row sees a mark in place of each long text, and what
it made is spread out: every mark in it becomes the stretches of its text, as the format writes them.
"""

from __future__ import annotations

import codecs
import json
import re
import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from explorer.columns import longcells
from explorer.types import TOGETHER, Dataset, through

LONG = 1024
"""Bytes of a text from which a mark stands for it, in a row that is too large."""
STRETCH = 2**20
Spelled = Callable[["Text"], Iterator[bytes]]


@dataclass(frozen=True)
class Text:
    """A long text, as UTF-8 that lies where the disk has it."""

    buffer: Any

    def stretches(self) -> Iterator[bytes]:
        """Yield it stretch by stretch; a character may be in two of them."""
        view = memoryview(self.buffer)
        for start in range(0, len(view), STRETCH):
            yield bytes(view[start : start + STRETCH])

    def words(self) -> Iterator[str]:
        """Yield it stretch by stretch, characters whole."""
        decoder = codecs.getincrementaldecoder("utf-8")("replace")
        for stretch in self.stretches():
            yield decoder.decode(stretch)
        yield decoder.decode(b"", final=True)


@dataclass
class Marks:
    """Stand for the long texts of a row until it is written; nobody can guess one, so that no text is taken for it."""

    _secret: str = field(default_factory=lambda: f"a{secrets.token_hex(16)}")
    _texts: dict[str, Text] = field(default_factory=dict)

    def seen(self, dataset: Dataset) -> Dataset:
        """Return a dataset with marks in place of its long texts, for one row after the other."""
        return through(dataset, lambda part: longcells.replaced(part, LONG, self._mark))

    def text(self, cell: Any) -> Text | None:
        """Return the text that a cell is a mark of; None for any other cell."""
        return self._texts.get(cell) if isinstance(cell, str) else None

    def spread(self, written: bytes, spelled: Spelled) -> Iterator[bytes]:
        """Yield what was written of a row, with its texts for the marks; these are forgotten then."""
        if not self._texts:
            yield written
            return
        parts = re.split(f"({self._secret}[0-9]+z)".encode(), written)
        for plain, mark in zip(parts[::2], [*parts[1::2], b""], strict=True):
            yield plain
            if mark:
                yield from spelled(self._texts[mark.decode()])
        self.forget()

    def forget(self) -> None:
        """Let go of the texts of the row that is written."""
        self._texts.clear()

    def _mark(self, buffer: Any) -> str:
        mark = f"{self._secret}{len(self._texts)}z"
        self._texts[mark] = Text(buffer)
        return mark


def is_large(dataset: Dataset, start: int, end: int) -> bool:
    """Whether a row that is by itself takes more than may be held as a whole."""
    table: Any = dataset.table
    kept = [part for part in (dataset.items, table) if hasattr(part, "sizes")]
    return end - start == 1 and sum(int(part.sizes(start, end)[0]) for part in kept) > TOGETHER


def as_json(text: Text) -> Iterator[bytes]:
    """Yield a text as it stands within the quotation marks of JSON."""
    for words in text.words():
        yield json.dumps(words, ensure_ascii=False)[1:-1].encode()
