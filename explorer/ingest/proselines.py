"""Tells lines of prose above a table from its records: a blank stands behind each delimiter in them, and in no record.

It finds no names and no delimiter: `shape` does.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from explorer.ingest.likeness import is_sentence
from explorer.ingest.moments import is_moment
from explorer.ingest.textcolumn import is_known_name

_DECIMAL_COMMA = re.compile(r"[-+]?(?:\d+|\d{1,3}(?:[. ]\d{3})+),\d+ ?\D{0,3}")
_LOOKED_AT, _MOST, _FEWEST = 200, 30, 3
"""Records that are looked at; lines of prose above them, at most; records below these, at least."""
_NAME = re.compile(r"[^\W\d][\w .\-/()#&%°€$£*+'’]{0,40}")


def fields_of(record: Sequence[str]) -> int:
    """Return how many fields a line above a table has; one where a blank is behind each delimiter, as in prose."""
    return len(record) if any(cell[:1] != " " for cell in record[1:]) else 1


def commas_are_prose(lines: Sequence[str]) -> bool:
    """Say whether a blank is behind every comma of the lines, as in “March 8, 2024”."""
    return sum(line.count(",") for line in lines) == sum(line.count(", ") for line in lines)


def has_its_comma(cell: str) -> bool:
    """Say whether the comma in a cell belongs to a number, or to a day: “Mar 5, 2024”."""
    return "," in cell and (_DECIMAL_COMMA.fullmatch(cell) is not None or is_moment(cell))


def prose_above(records: Sequence[Sequence[str]]) -> int:
    """Return how many of the first records are lines of prose, though some have as many delimiters as those below.

    None of these, at least as many, has a blank behind a delimiter, and all are of one width.  The last line above may
    have the names of the columns, which have blanks behind delimiters, too.
    """
    some = records[:_LOOKED_AT]
    above = next((at for at, record in enumerate(some[: _MOST + 1]) if fields_of(record) > 1), 0)
    rest = some[above:]
    if not above or len(rest) < max(_FEWEST, above) or not any(len(record) > 1 for record in some[:above]):
        return 0
    if any(len(record) != len(rest[0]) or any(cell[:1] == " " for cell in record[1:]) for record in rest):
        return 0
    last = some[above - 1]
    return above if len(last) != len(rest[0]) or is_prose(last) else above - 1


def is_prose(record: Sequence[str]) -> bool:
    """Say whether a line that is parted so is prose, by its blanks, and surely has no names of columns."""
    told = [cell.strip() for cell in record]
    if fields_of(record) > 1 or any(map(is_known_name, told)):
        return False
    return record[0].startswith("#") or any(is_sentence(cell) or not _NAME.fullmatch(cell) for cell in told)
