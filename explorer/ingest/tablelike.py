"""Tells whether lines are a table where nobody says so: in a text file, or pasted.

Lines with tabs, as spreadsheets copy them, `text` tells by itself; how a table is written `shape` finds out.
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Sequence

from explorer.ingest.dialects import Dialect
from explorer.ingest.likeness import is_sentence
from explorer.ingest.shape import ONE_COLUMN, sniff
from explorer.ingest.textcolumn import is_code, is_known_name

_LOOKED_AT, _FEWEST, _FEW_COLUMNS = 200, 3, 3
"""Lines that are looked at; records, at least; columns from which any names will do."""
_ALIKE, _SURELY = 0.8, 0.95
"""Shares of records of one width: in what may be a table, and in what is one."""


def columns_of_table(lines: Sequence[str]) -> int:
    """Return how many columns lines have that are a table for sure; 1 where they are none.

    Nearly all records are as wide, below names, and one column is of numbers, dates or ids alone; two columns are
    called as columns often are.  Or they are parted by a sign that no text has.
    """
    some = [line for line in lines[:_LOOKED_AT] if line.strip()]
    if len(some) <= _FEWEST:
        return 1
    dialect = sniff(some)
    width, records = len(dialect.names), _records(some, dialect)
    if dialect.delimiter == ONE_COLUMN or len(records) <= _FEWEST:
        return 1
    rest = [
        record[:width] for record in records[1:] if len(record) >= width and not any(map(str.strip, record[width:]))
    ]
    if len(rest) < (_SURELY if width >= _FEW_COLUMNS else 1) * (len(records) - 1):
        return 1
    if not dialect.delimiter.isprintable() and dialect.delimiter != "\t":
        return width
    codes = any(all(is_code(value) for record in rest if (value := record[at].strip())) for at in range(width))
    return width if codes and dialect.has_header and dialect.sure and _are_names(records[0]) else 1


def columns_by_sign(lines: Sequence[str]) -> int:
    """Return how many columns lines have that a usual delimiter parts alike, as prose seldom has it; 1: none."""
    some = [line for line in lines[:_LOOKED_AT] if line.strip()]
    if len(some) < _FEWEST:
        return 1
    widths = (Counter(line.count(sign) + 1 for line in some).most_common(1)[0] for sign in (";", "|", ","))
    return max((width for width, count in widths if width >= _FEW_COLUMNS and count >= _ALIKE * len(some)), default=1)


def _are_names(record: Sequence[str]) -> bool:
    told = [cell.strip() for cell in record]
    if not all(told) or len(set(told)) < len(told) or any(map(is_sentence, told)):
        return False
    if any(is_code(cell) and not cell.isalpha() for cell in told):  # "n" and "no" are names among others
        return False
    if any(map(is_code, told)) and not any(map(is_known_name, told)):
        return False
    return len(told) >= _FEW_COLUMNS or all(map(is_known_name, told))


def _records(lines: Sequence[str], dialect: Dialect) -> list[list[str]]:
    try:
        return [record for record in dialect.reader(lines[dialect.titles :], strict=False) if record]
    except csv.Error:
        return []
