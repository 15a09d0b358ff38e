"""Says whether the first record of a table has its column names or is one of the others.

It reads no records and knows no titles: `shape` does.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from statistics import fmean

from explorer.ingest.footing import above_feet
from explorer.ingest.likeness import (
    are_moments,
    is_asked,
    is_label,
    is_numbered_alike,
    is_sentence,
    is_sign,
    surely_values,
)
from explorer.ingest.moments import is_moment
from explorer.ingest.textcolumn import LONGEST, NULLS, is_code, is_known_name
from explorer.types import NEVER_AN_ANSWER

_LOOKED_AT, _TITLED = 200, 3
"""Records that are looked at, at most; at least, for a doubt."""
_SURELY = 4
"""Times as much that says what the first record is, at least, as that says it is the other."""
_RECURS = 0.05
"""Share of the values below that are the same as one that is no name, at least."""
ASKING = 0.5
"""Share of the values below a question from which on it is one of them, where a line above may be a title."""
_WORDS = re.compile(r"[^\W\d_]+(?:[/_-][^\W\d_]+)*")


def are_sure(verdicts: Sequence[int], records: int) -> bool:
    """Whether something says that the first record has the names or that it is one of the others, and little else."""
    names, values = sum(verdict > 0 for verdict in verdicts), sum(verdict < 0 for verdict in verdicts)
    if records < _TITLED:  # then nothing but these says so
        return not (names and values)
    return names != values and min(names, values) * _SURELY <= max(names, values)


def looks_like_data(records: Sequence[list[str]], *, titled: bool = False) -> bool:
    """Say whether the first record is an item like the others rather than a header.

    A header is the rule.  It is data only when some column says so and none objects: a number over numbers, a date
    or address, a sentence, or a value that comes again below say data; a word over numbers, a short name over
    sentences, or a usual column name say header.
    """
    return are_data(judged(records, titled=titled))


def judged(records: Sequence[list[str]], *, titled: bool = False) -> list[int]:
    """Return the verdicts, without the records that are the first one again where it then has names.

    Files that were put together have their names several times, reports once a page.  Below titles (*titled*) a
    question is no value where most of what is below it are none.  What is below the table is no value of it.
    """
    records = above_feet(records)
    verdicts = _first_judged(records)
    if not titled:
        return verdicts
    asked = [asks(*column, most=ASKING) for column in columns_of(records)]
    return [max(0, one) if question else one for one, question in zip(verdicts, asked, strict=True)]


def _first_judged(records: Sequence[list[str]]) -> list[int]:
    if any(record == records[0] for record in records[1:_LOOKED_AT]):
        verdicts = _verdicts([records[0], *(record for record in records[1:] if record != records[0])])
        if max(verdicts) > 0 and min(verdicts) >= 0:
            return verdicts
    return _verdicts(records)


def are_data(verdicts: Sequence[int]) -> bool:
    """Whether some verdict says that the first record is one of the others, and none that it has names."""
    return any(verdict < 0 for verdict in verdicts) and not any(verdict > 0 for verdict in verdicts)


def comes_again(records: Sequence[list[str]]) -> bool:
    """Whether a cell of the first record is a value below, too, though no name is: it may be a town among others.

    Records that are the first one again have its names once more.
    """
    columns = columns_of([records[0], *(record for record in records[1:] if record != records[0])])
    return not any(is_known_name(cell) for cell, _ in columns) and any(
        cell in below and not is_code(cell) for cell, below in columns if cell
    )


def _verdicts(records: Sequence[list[str]]) -> list[int]:
    columns = columns_of(records)
    questions = sum(asks(cell, below) for cell, below in columns) > 1
    verdicts = [verdict(cell, below, alone=len(columns) == 1, questions=questions) for cell, below in columns]
    return [min(verdict, 0) for verdict in verdicts] if surely_values(columns) else verdicts


def columns_of(records: Sequence[list[str]]) -> list[tuple[str, list[str]]]:
    """Return the cells of the first record, each with the values below it."""
    first, rest = records[0], [record for record in records[1:_LOOKED_AT] if len(record) == len(records[0])]
    return [
        (cell.strip()[:LONGEST], [cut for record in rest if (cut := record[position].strip()[:LONGEST])])
        for position, cell in enumerate(first)
    ]


def asks(cell: str, below: list[str], most: float = 0.25) -> bool:
    """Whether a cell is a question, perhaps with how to answer it, and of the values below fewer than *most* are."""
    asked, sign, how = cell.rpartition("?")
    is_question = bool(sign) and len(asked) > 1 and (not how.strip() or how.strip()[0] in "([*")
    return is_question and sum("?" in value for value in below) < most * len(below)


def verdict(cell: str, below: list[str], *, alone: bool, questions: bool) -> int:
    """Return 1 when the cell is a header over the values below it, -1 when it is one of them, 0 when unclear.

    Where the first record has *questions*, as a form's export has them, its sentences are no values.
    """
    if not cell:
        return 0
    if is_numbered_alike(cell, below) or are_moments(cell, below):
        return -1
    if is_known_name(cell):
        return -1 if _recurs(cell, below) else 1
    if is_moment(cell) and below and not any(map(is_moment, below)) and all(map(_is_numbered, below)):
        return 1  # "2020-01-22", as tables of counts are called by day
    codes = fmean(map(is_code, below)) if below else 0.0
    if _is_word(cell) and below and all(map(_is_numbered, below)):
        return 1  # "No" and "On" are flags elsewhere
    if is_sign(cell) and below and all(map(_is_numbered, below)):
        return 1
    if is_label(cell, below):
        return 1
    if is_code(cell):
        return -1 if codes > 0.8 and not re.fullmatch(r"(19|20)\d\d", cell) else 0
    if codes > 0.8:
        return 1
    if questions and is_sentence(cell):
        return 1 if asks(cell, below) else 0
    if is_sentence(cell):
        return 0 if is_asked(cell, below) and (not alone or not cell.endswith(":")) else -1
    if below and fmean(map(is_sentence, below)) > 0.5:
        return 1 if len(cell.split()) <= 2 else 0
    return -1 if _recurs(cell, below) and len(set(below)) < len(below) / 2 else 0


def _is_word(cell: str) -> bool:
    """Whether a cell is a word, or a few such as “Lat/Lon”, and does not stand for no value."""
    return (
        cell not in NULLS and bool(_WORDS.fullmatch(cell)) and (cell.isalpha() or cell.lower() not in NEVER_AN_ANSWER)
    )


def _is_numbered(value: str) -> bool:
    """Whether a value is a number, a date or an id with a number in it."""
    return any(map(str.isdigit, value)) and is_code(value)


def _recurs(cell: str, below: list[str]) -> bool:
    """Whether a cell comes again below, as a value does, and more often than in tables that were put together."""
    times = below.count(cell)
    return times >= 2 and times > _RECURS * len(below)
