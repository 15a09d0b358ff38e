"""Tells a glossary, a list of lines of a term and what it means, and gives its terms as a column.

It reads no file: `documents.plain` does.  The lines stay items as they are written.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from statistics import median

from explorer.ingest.reader import Content, above_names
from explorer.types import ABOVE, Item, Rejected

TERM = "term"
_LINE = re.compile(r"([^\W\d_][^:\n]{0,59}?)\s?: +(\S.*)")
_LOOKED_AT, _FEWEST, _SURE = 500, 10, 0.95
"""Lines that are looked at, and at least; the share of them that are such, and of terms that are different."""
_WORDS, _MEANING = 5, 3
"""Words that a term has at most, and words of a usual meaning at least."""


def with_terms(content: Content, name: str) -> Content:
    """Return the lines of a file of this *name*, those of a glossary with a column of their terms, its title listed."""
    title = _title(content)
    items = [str(item) for item in content.items[len(title) :]]
    if not _is_glossary(items[:_LOOKED_AT]):
        return content
    terms = [found[1] if (found := _split(line)) else None for line in items]
    told = [Rejected(name, None, above_names(words), what=ABOVE) for words in title]
    records = None if content.records is None else content.records[len(title) :]
    kept: Sequence[Item] = content.items[len(title) :]
    return replace(content, items=kept, columns={TERM: terms}, rejected=[*told, *content.rejected], records=records)


def _is_glossary(lines: Sequence[str]) -> bool:
    found = [one for line in lines if (one := _split(line))]
    if len(lines) < _FEWEST or len(found) < _SURE * len(lines):
        return False
    different = len({one[1].casefold() for one in found})
    return different >= _SURE * len(found) and median(len(one[2].split()) for one in found) >= _MEANING


def _split(line: str) -> re.Match[str] | None:
    found = _LINE.fullmatch(line.strip())
    return found if found and len(found[1].split()) <= _WORDS else None


def _title(content: Content) -> list[str]:
    """Return the first line, if it is no entry and an empty one parts it from the others."""
    if len(content.items) < 2 or content.records is None or _split(str(content.items[0])):
        return []
    first, second = (content.numbering.number(content.records[row]) for row in (0, 1))
    return [str(content.items[0])] if second > first + 1 else []
