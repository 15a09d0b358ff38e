"""Reads the highlights and notes that an e-reader keeps as text: each with its book, its author, its place and time.

What is a highlight in one place and a note in another are two items.
"""

from __future__ import annotations

import re
from array import array
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from explorer.ingest.choosing import chosen
from explorer.ingest.columns import from_values
from explorer.ingest.encodings import decoded, detect, lines_of
from explorer.ingest.paragraphs import PARAGRAPHS_ARE
from explorer.ingest.reader import BATCH, Advance, Source, Table, check_size, joined
from explorer.ingest.soundlines import sound_lines
from explorer.types import LINE, Choice, Numbering, Rejected

ITEMS, CLIPPINGS = "items", "clippings"
_OPTIONS = ((CLIPPINGS, "a highlight or a note"), ("lines", "a line"), PARAGRAPHS_ARE)

_RULE = "=========="
_HEAD = re.compile(r"- [^|\n]{2,200}(?:\|[^|\n]{1,200}){1,3}")
_FEWEST, _LINES = 2, 4
"""Rules among the first lines, at least; lines between two of them, at least."""
TEXT, BOOK, AUTHOR, PLACE, ADDED = "text", "book", "author", "place", "added"
_SHOWN = 200
_NO_WORDS = "it is a bookmark: it has no words"


def are_clippings(lines: Sequence[str]) -> bool:
    """Say whether lines are such: between rules a title, a line of where and when, an empty one, and words."""
    rules = [at for at, line in enumerate(lines) if line.strip() == _RULE]
    begins = [0, *(at + 1 for at in rules)]
    whole = [at for at, end in zip(begins, rules, strict=False) if end - at >= _LINES - 1]
    return len(rules) >= _FEWEST and len(whole) == len(rules) and all(_HEAD.fullmatch(lines[at + 1]) for at in whole)


def read_clippings(source: Source, advance: Advance, *, limit: int | None = None) -> Table:
    """Read the clippings of a file as a table, or the first *limit* ones; O(characters).  Raises UnreadableFile."""
    encoding = detect(source, sample=limit is not None)
    items = chosen(source, Choice(ITEMS, "An item is", CLIPPINGS, _OPTIONS, why="its lines are those of an e-reader"))
    choices = (*encoding.choices, items)
    table = Table(source.name, {}, array("q"), choices=choices, text=TEXT, numbering=Numbering(LINE))
    with source.open() as file, decoded(file, encoding, newline=None) as text:
        rows = []
        for number, (begin, part) in enumerate(
            islice(_parts(sound_lines(table, lines_of(text, encoding), encoding)), limit)
        ):
            if number % BATCH == 0:
                advance(file.tell())
            check_size(source.name, rows=number, columns=5)
            row = _row(part)
            if row[0]:
                table.records.append(number)
                table.numbering.note(number, begin + 1)
                rows.append(row)
            else:
                said, place = " · ".join(part)[:_SHOWN], f"{LINE} {begin + 1:,}"
                table.rejected.append(Rejected(source.name, number, f"{_NO_WORDS}: {said}", place))
        advance(file.tell())
    names = (TEXT, BOOK, AUTHOR, PLACE, ADDED)
    table.columns = {one: joined([from_values([row[at] for row in rows])]) for at, one in enumerate(names)}
    return table


def _row(part: Sequence[str]) -> tuple[str | None, ...]:
    """Return the words of a clipping, its book, the author, the place in it and when it was made."""
    words = "\n".join(part[2:]).strip()
    book, opens, author = part[0].replace("\ufeff", "").strip().rpartition(" (")
    if not opens or not author.endswith(")"):
        book, author = part[0].replace("\ufeff", "").strip(), ""
    where, _, when = part[1].removeprefix("- ").rpartition("|") if len(part) > 1 else ("", "", "")
    return words, book, author.removesuffix(")") or None, where.strip(), when.strip()


def _parts(lines: Iterable[str]) -> Iterator[tuple[int, list[str]]]:
    """Yield what stands between two rules, with the number of its first line, from 0."""
    begin, part = 0, list[str]()
    for number, line in enumerate(lines):
        bare = line.rstrip("\r\n")
        if bare.strip() == _RULE:
            if any(map(str.strip, part)):
                yield begin, part
            begin, part = number + 1, []
        else:
            part.append(bare)
    if any(map(str.strip, part)):
        yield begin, part
