"""Tells what surveys have below their column names: questions, ids of a program, or the other half of the names.

It opens nothing and decides no dialect: `shape` and `spreadsheets` do.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from explorer.ingest.encodings import printable
from explorer.ingest.footing import above_feet
from explorer.ingest.headlevels import are_labels, is_rule, level_names, levels_of
from explorer.ingest.textcolumn import is_code
from explorer.types import cut_at_word

_IMPORTED = re.compile(r"""\{['"]+ImportId['"]+:""")
"""What Qualtrics writes below the names of its columns and the questions, in every column."""
_DESCRIBED = 1_000
"""Characters of what is said of a column, at most."""
_LOOKED_AT, _FEWEST, _FILLED = 20, 2, 0.9
"""Records below that are looked at, and at least; the share of them that have a value where none is above."""
_SHORT = 4
"""Words, at most, of what stands below a question that has one column."""
_REPEATED = 3
"""Columns that are called the same again, where a record repeats the names, but for blanks and capitals."""
_ANSWERS = frozenset(
    """response|open-ended response|antwort|offene antwort|antwort in freitext|beantwortung mit offenem ende|réponse
    |réponse ouverte|respuesta|respuesta abierta|risposta|risposta aperta|resposta|resposta aberta|antwoord
    |open antwoord|svar|öppet svar""".replace("\n", "").replace("    ", "").split("|")
)  # fmt: skip
"""What SurveyMonkey writes below a question that has one column."""


def head_of(records: Sequence[Sequence[str]]) -> tuple[list[str], int]:
    """Return the names of the columns, and how many records below the first say more of them, as a survey's do.

    Those to the last with Qualtrics' ids; one that repeats the names in other words; one with which they go on;
    one of labels or units; the levels of a table that pandas wrote.  What is below the table says nothing of them.
    """
    records = above_feet(records)
    names = list(records[0])
    found = [at for at, record in enumerate(records[:4]) if are_ids(record)]
    if found:
        return names, max(found[-1], 0)
    if len(records) > 1 and _goes_on(records):
        return _joined(names, records[1]), 1
    if len(records) > 1 and is_rule(records[1]):
        return names, 1
    levels = levels_of(records)
    if levels:
        return level_names(records, levels), levels - 1
    if are_labels(records):
        return names, 1
    return names, int(len(records) > _FEWEST and _repeats(records))


def are_ids(record: Sequence[str]) -> bool:
    """Say whether a record holds Qualtrics' ids of the columns."""
    return any(record) and all(map(_IMPORTED.match, filter(None, record)))


def described(names: Sequence[str], record: Sequence[str]) -> dict[str, str]:
    """Return what a record below the names says of the columns: nothing where it only repeats a name."""
    said = {
        name: cut_at_word(" ".join(printable(cell).split()), _DESCRIBED)
        for name, cell in zip(names, record, strict=False)
    }
    return {
        name: words
        for name, words in said.items()
        if words and words.casefold() not in _ANSWERS and not _bare(name).endswith(_bare(words))
    }


def _goes_on(records: Sequence[Sequence[str]]) -> bool:
    """Say whether the second record is the other half of the names, as SurveyMonkey writes them.

    It has nothing where its columns are the same for all questions, whose answers all have; elsewhere words: of a
    question's parts, which have no names above, or that there is one answer.
    """
    first, second, rest = records[0], records[1], records[2:_LOOKED_AT]
    rest = [record for record in rest if len(record) == len(first)]
    if len(rest) < _FEWEST or len(second) != len(first) or not any(cell.strip() for cell in second):
        return False
    if any(cell.strip() and is_code(cell.strip()) and not re.search(r"\d\D+\d", cell) for cell in second):
        return False
    halves = [at for at, cell in enumerate(second) if cell.strip() and not first[at].strip()]
    single = sum(cell.strip().casefold() in _ANSWERS for cell in second)
    if any(
        first[at].strip() and len(cell.split()) > _SHORT and not _has_parts(first, at) for at, cell in enumerate(second)
    ):
        return False
    below = [{record[at].strip() for record in rest} - {""} for at in range(len(first))]
    if any(cell.strip() in values and len(values) > 1 for cell, values in zip(second, below, strict=True)):
        return False  # it is one of the answers; where a part was ticked its name is the only one
    alone = [at for at, cell in enumerate(second) if not cell.strip() and first[at].strip()]
    full = [at for at in alone if sum(bool(record[at].strip()) for record in rest) >= _FILLED * len(rest)]
    if not (halves or single) or any(not any(cell.strip() for cell in first[:at]) for at in halves):
        return False
    return len(full) > 1 or (len(full) == 1 and single > 0)


def _has_parts(first: Sequence[str], at: int) -> bool:
    """Say whether the column behind one has no name: its question goes on there."""
    return at + 1 < len(first) and not first[at + 1].strip()


def _joined(first: Sequence[str], second: Sequence[str]) -> list[str]:
    """Return names of both halves: “question – part”, the question alone where it has one column."""
    names: list[str] = []
    question = ""
    for at, (above, below) in enumerate(zip(first, second, strict=True)):
        above, below = (" ".join(cell.split()) for cell in (above, below))
        question = above or question
        parts = not above or (_has_parts(first, at) and second[at + 1].strip())
        names.append(
            f"{question} – {below}" if below and parts and below.casefold() not in _ANSWERS else above or question
        )
    return names


def _repeats(records: Sequence[Sequence[str]]) -> bool:
    """Say whether the second record has the names of some columns once more, as values none has that is not one."""
    first, second = ([_bare(cell) for cell in record] for record in records[:2])
    again = [at for at, (one, other) in enumerate(zip(first, second, strict=False)) if one and one == other]
    values = [{_bare(record[at]) for record in records[2:_LOOKED_AT] if at < len(record)} for at in again]
    return sum(first[at] not in below for at, below in zip(again, values, strict=True)) >= _REPEATED


def _bare(words: str) -> str:
    return "".join(filter(str.isalnum, words)).casefold()
