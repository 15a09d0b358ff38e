"""Divides the long texts of a table's column into passages, each of which knows its row and where in it it stands.

It reads no file and chooses no column: `loading` does.  How a text is divided, `documents` knows.
"""

from __future__ import annotations

from array import array
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from explorer.ingest.choosing import chosen_of
from explorer.ingest.documents import PASSAGES, PLACE, SIZE, divided, lengths, pieces_in, placed
from explorer.ingest.parts import free_name
from explorer.ingest.reader import Table, check_size
from explorer.types import Choice

TEXTS, WHOLE = "texts", "whole"
ONLY = "only the beginning"
"""Said in the choice's *why* where texts are longer than encoders read."""
PASSAGE = "passage"
_OPTIONS = ((WHOLE, "whole, one for each row"), (PASSAGES, "in passages; a short text is one"))
_LOOKED_AT, _JUDGED = 4_000, 300
"""Characters of a text, and texts, by which is told whether some are long."""
_READ = 256
"""Word pieces that `minilm`, which is taken by itself, reads of a text: what follows has no say."""


@dataclass(frozen=True)
class Dividing:
    """How the texts of tables are divided: into passages of at most *size* word pieces with an *overlap*; 0: not."""

    choices: tuple[Choice, ...]
    size: int = 0
    overlap: int = 0

    def of(self, table: Table, texts: list[str], rows: Sequence[int]) -> Cut:
        """Return the passages of a table's *texts*, which stand in its *rows*.  Raises UnreadableFile for too many."""
        made = Cut(table.numbering.noun)
        numbers = table.numbering.numbers(table.records).tolist()
        for text, row in zip(texts, rows, strict=True):
            spans = [(0, len(text))] if len(text) <= self.size else divided([text], self.size, self.overlap)
            several = len(spans) > 1
            found = placed([text], spans) if several else ()
            made.texts += [one.text for one in found] if several else [text]
            made.rows.extend([row] * len(spans))
            made.numbers.extend([numbers[row]] * len(spans))
            made.passages.extend(range(1, len(spans) + 1))
            made.places += [f"characters {one.start + 1}–{one.end}" for one in found] if several else [None]
            check_size(table.name, rows=len(made.texts), columns=0)
        return made


@dataclass
class Cut:
    """Passages: their texts, the row of the table that each is of, its number in the file, the how manieth it is.

    *noun* is what the file's program calls those numbers: a line, a row, a record.
    """

    noun: str
    texts: list[str] = field(default_factory=list)
    rows: array[int] = field(default_factory=lambda: array("q"))
    numbers: array[int] = field(default_factory=lambda: array("q"))
    passages: array[int] = field(default_factory=lambda: array("q"))
    places: list[str | None] = field(default_factory=list)

    def columns(self, taken: Sequence[str]) -> dict[str, Any]:
        """Return the columns that say where each passage is from, under names that none of those *taken* has."""
        import pandas as pd

        values: dict[str, Any] = {
            self.noun: pd.array(self.numbers, "int64"),
            PASSAGE: pd.array(self.passages, "int64"),
            PLACE: pd.Series(self.places, dtype="str"),
        }
        return {free_name(name, taken): column for name, column in values.items()}


def dividing(tables: Sequence[Table], columns: Sequence[str], asked: Mapping[str, str], title: str) -> Dividing:
    """Return how the texts in the *columns* of tables are divided: as *asked*, else not at all.

    That is offered where some of them are long and no vectors came with the rows.  Raises BadChoice.
    """
    if any(table.vectors for table in tables) or not tables:
        return Dividing(())
    why = _why(tables, columns)
    if not asked.get(TEXTS) and not why:
        return Dividing(())
    choice = chosen_of(title, asked, Choice(TEXTS, "Texts", WHOLE, _OPTIONS, why=why))
    if choice.value == WHOLE:
        return Dividing((choice,))
    size, shared = lengths(title, asked)
    return Dividing((choice, size, shared), int(size.value), int(shared.value))


def _why(tables: Sequence[Table], columns: Sequence[str]) -> str:
    """Return how many of the first texts are longer than encoders read, or nearly; "" where none is."""
    found = [_counted(table, columns) for table in tables]
    looked_at, long, beyond = (sum(counts) for counts in zip(*found, strict=True))
    if not long:
        return ""
    if not beyond:
        return "some are nearly as long as encoders read"
    first = "" if looked_at >= sum(len(table.records) for table in tables) else "the first "
    which = f"all {looked_at:,}" if not first and beyond == looked_at else f"{beyond:,} of {first}{looked_at:,}"
    are, whole = ("text is", "it") if beyond == 1 == looked_at else ("texts are", "each")
    return f"{which} {are} longer than encoders read: {ONLY} of {whole} counts"


def _counted(table: Table, columns: Sequence[str]) -> tuple[int, int, int]:
    """Return how many of a table's first texts were looked at, are longer than a passage, and than encoders read."""
    sample = table.sample()
    told = []
    for name in columns:
        texts = sample.get(name, ())[:_JUDGED]
        pieces = [pieces_in(text[:_LOOKED_AT]) for text in texts if len(text) > SIZE]
        told.append((len(texts), sum(count > SIZE for count in pieces), sum(count > _READ for count in pieces)))
    return max(told, key=lambda one: one[1], default=(0, 0, 0))
