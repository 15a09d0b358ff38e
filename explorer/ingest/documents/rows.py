"""Makes items of a document: one of the whole, or passages, each with its document, its page and its place.

It decodes nothing and divides nothing itself: `decoding` and `passages` do.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from explorer.errors import BadChoice
from explorer.ingest.choosing import chosen, chosen_of, impossible
from explorer.ingest.documents.document import Document
from explorer.ingest.documents.passages import OVERLAP, SIZE, Passage, whole
from explorer.ingest.paragraphs import PARAGRAPHS_ARE
from explorer.ingest.reader import Content, Source
from explorer.types import NOTE, PART, Choice, Rejected

DOCUMENT, PAGE, PLACE = "document", "page", "place"
"""Columns that say where an item stands."""
ITEMS, PASSAGE_SIZE, SHARED = "items", "passage size", "overlap"
"""Names of choices."""
PASSAGES, PARTS, DOCUMENTS, LINES, ROWS = "passages", "parts", "documents", "lines", "rows"
NO_TEXT = "the document has no text"
CHOICES = (ITEMS, PASSAGE_SIZE, SHARED)
_WAYS = ((PASSAGES, "a passage; a short document is one"), (DOCUMENTS, "a whole document"))
_PIECES = "most words are one piece, long ones are several"
_PARTS = (PARTS, "a part under a heading")
_LINES = (LINES, "a line")
_ROWS = (ROWS, "a row of its largest table")
_SMALLEST, _LARGEST = 20, 10_000


def items_choice(
    source: Source,
    value: str = PASSAGES,
    *,
    lines: bool = False,
    tables: bool = False,
    sure: bool = True,
    why: str = "",
) -> Choice:
    """Return what becomes an item of a document, *value* unless somebody asked for another.

    *lines*: these too, and the paragraphs that they make; *tables*: the rows of one, too.

    Raises BadChoice.
    """
    options = (_LINES, PARAGRAPHS_ARE, *_WAYS) if lines else _WAYS
    options = (*options[:-1], _PARTS, options[-1], *((_ROWS,) if tables else ()))
    return chosen(source, Choice(ITEMS, "An item is", value, options, sure=sure, why=why))


@dataclass(frozen=True)
class Way:
    """How a document is divided: into passages of *size* word pieces with an *overlap*, or whole *parts*, or not."""

    choices: tuple[Choice, ...]
    size: int = 0
    overlap: int = 0
    parts: bool = False

    def offered(self, document: Document) -> tuple[Choice, ...]:
        """Return the choices as they are offered: parts where there are headings, or that was asked for."""
        kept = bool(document.headings) or self.parts
        return tuple(
            replace(one, options=tuple(option for option in one.options if kept or option != _PARTS))
            for one in self.choices
        )


def way_of(source: Source, items: Choice) -> Way:
    """Return how somebody wants it divided.  Raises BadChoice."""
    if items.value == DOCUMENTS:
        return Way((items,))
    if items.value == PARTS:
        return Way((items,), parts=True)
    size, shared = lengths(source.name, source.choices)
    return Way((items, size, shared), int(size.value), int(shared.value))


def lengths(title: str, asked: Mapping[str, str]) -> tuple[Choice, Choice]:
    """Return how long a passage is at most, and how much it shares with the next one.  Raises BadChoice."""
    longest = Choice(PASSAGE_SIZE, "Longest passage, in pieces of words", str(SIZE), why=_PIECES)
    size = _number(title, asked, longest, _SMALLEST, _LARGEST)
    both = Choice(SHARED, "Pieces shared with the next passage", str(OVERLAP), why=_PIECES)
    return size, _number(title, asked, both, 0, int(size.value) // 2)


def rows_of(
    source: Source, document: Document, way: Way, passages: Sequence[Passage], *, limit: int | None = None
) -> Content:
    """Return the items of a document with their columns, or its first *limit* ones."""
    rejected = [Rejected(source.name, None, note, what=PART) for note in document.notes]
    rejected += [Rejected(source.name, None, note, what=NOTE) for note in document.said]
    if way.size or way.parts:
        passages = passages[:limit]
        texts, places = [passage.text for passage in passages], _places(passages, paged=document.is_paged)
    else:
        text = whole(document.pages)[0].strip()
        texts = [text] if text else []
        places = {"pages": [len(document.pages)] * len(texts)} if document.is_paged else {}
    if not texts and not rejected:
        rejected = [Rejected(source.name, None, NO_TEXT)]
    columns: dict[str, list[Any]] = {DOCUMENT: [source.name] * len(texts), **places}
    for name, value in document.columns().items():
        columns[name if name not in columns else f"{name}_2"] = [value] * len(texts)
    return Content(texts, rejected, columns, way.offered(document))


def _places(passages: Sequence[Passage], *, paged: bool) -> dict[str, list[Any]]:
    if not paged:
        return {PLACE: [passage.place for passage in passages]}
    characters = [
        f"pages {passage.page}–{passage.last}, " * (passage.last > passage.page)
        + f"characters {passage.start}–{passage.end}"
        for passage in passages
    ]
    return {PAGE: [passage.page for passage in passages], PLACE: characters}


def _number(title: str, asked: Mapping[str, str], choice: Choice, least: int, most: int) -> Choice:
    """Return the choice with the number that was asked for.  Raises BadChoice for one out of range, or none."""
    found = chosen_of(title, asked, choice)
    digits = found.value.strip()
    if not (digits.isascii() and digits.isdecimal() and len(digits) < 10 and least <= int(digits) <= most):
        raise BadChoice(impossible(title, choice.name, found.value, [f"numbers from {least} to {most:,}"]))
    return replace(found, value=str(int(digits)))
