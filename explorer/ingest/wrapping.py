"""Tells lines that are quoted as a whole, as a spreadsheet writes records that somebody had in one column.

It parts no record: `delimited` does.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Sequence

from explorer.ingest.likeness import is_sentence

_WHOLE = re.compile(r'"((?:[^"]++|"")*)"(\s*)')
_FEWEST, _WIDE, _ALIKE = 3, 3, 0.9
"""Lines, at least; columns from which no other sign is wanted; the share of records of one width."""
_NAME = 60
WRAPPED = (
    "each of its lines is quoted as a whole, as a spreadsheet writes records that are in one column; they are parted"
)


def are_wrapped(lines: Sequence[str]) -> bool:
    """Say whether lines are records that are quoted once more, each as a whole, below names; O(characters)."""
    if not lines or not lines[0].startswith('"'):
        return False
    found = [_WHOLE.fullmatch(line) for line in lines if line.strip()]
    if len(found) < _FEWEST or not all(found):
        return False
    told = [one[1].replace('""', '"') for one in found if one is not None]
    return any(_are_records(told, delimiter) for delimiter in ",;\t|")


def _are_records(lines: Sequence[str], delimiter: str) -> bool:
    if delimiter not in lines[0]:
        return False
    try:
        records = [next(csv.reader([line], delimiter=delimiter, strict=True), []) for line in lines]
    except csv.Error:
        return False
    names = records[0]
    alike = sum(len(record) == len(names) for record in records)
    quoted = any('"' in line for line in lines)
    named = all(name.strip() and len(name) <= _NAME and not is_sentence(name) for name in names)
    return named and alike >= _ALIKE * len(records) and (len(names) >= _WIDE or (len(names) > 1 and quoted))


def unwrapped(line: str) -> str:
    """Return a line without the quotation marks around it, those within once; another one as it is."""
    found = _WHOLE.fullmatch(line)
    return f"{found[1]}{found[2]}".replace('""', '"') if found else line
