"""Tells what the cells of a sheet show beside their values: zeros in front, units, errors, missing results.

Their library gives the bare values: 1067 of a cell that shows 01067.  What is shown is taken where it is more than a
number, and told where it is a unit.  It opens no sheet for reading: `sheets` does.
"""

from __future__ import annotations

import re
import struct
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from typing import IO, Any

from explorer.ingest import binaryforms, excelforms, oldforms, openforms
from explorer.ingest.edge import DAMAGED
from explorer.ingest.excelnotes import Beside, beside
from explorer.ingest.numberforms import Form
from explorer.ingest.toldcells import ERROR, TEXT, UNRESOLVED, Told

_ERROR = re.compile(r"#[A-Z][A-Z_/0-9]{1,15}[!?]?|Err:\d{3}")
_EXACT = 2**53


@dataclass
class Shown:
    """What cells of a sheet show: the units of numbers by column, each with its rows; formulas without a result.

    Rows and columns are counted from 0 in the sheet.
    """

    units: dict[int, dict[str, list[int]]] = field(default_factory=dict)
    unresolved: dict[int, int] = field(default_factory=dict)
    beside: Beside = field(default_factory=Beside)


def take_shown(file: IO[bytes], name: str, rows: list[list[Any]], first: int, left: int) -> Shown:
    """Put into the rows of a sheet what its cells show where that is more than their numbers, and return the rest.

    *first* and *left* are where the rows begin.  Nothing is known of damaged files.
    """
    shown = Shown()
    with suppress(*DAMAGED, RuntimeError, LookupError, ValueError, SyntaxError, struct.error):
        for row, column, what, said in _told(file, name, first + len(rows)):
            at, place = row - first, column - left
            if 0 <= at < len(rows) and 0 <= place < len(rows[at]):
                _take(shown, rows[at], (at, place), what, said)
        shown.beside = _beside(file, name, rows)
    return shown


def _beside(file: IO[bytes], name: str, rows: list[list[Any]]) -> Beside:
    """Return what lies beside the cells of a sheet of Excel's newer files; of others nothing is known."""
    file.seek(0)
    if not zipfile.is_zipfile(file):
        return Beside()
    with zipfile.ZipFile(file) as book:
        if "xl/workbook.xml" not in book.namelist():
            return Beside()
        return beside(book, name, {cell for row in rows for cell in row if type(cell) is str})


def _told(file: IO[bytes], name: str, rows: int) -> Iterator[Told]:
    """Yield what cells say of themselves, of the first so many *rows* at least."""
    file.seek(0)
    if not zipfile.is_zipfile(file):
        yield from oldforms.told_of(file, name)
        return
    with zipfile.ZipFile(file) as book:
        parts = set(book.namelist())
        if "xl/workbook.xml" in parts:
            yield from excelforms.told_of(book, name)
        elif "xl/workbook.bin" in parts:
            yield from binaryforms.told_of(book, name)
        elif "content.xml" in parts:
            yield from openforms.told_of(book, name, rows)


def _take(shown: Shown, row: list[Any], at: tuple[int, int], what: str, said: Form | str) -> None:
    """Put into a cell what it shows, or note its unit or that it has no result."""
    number, place = at
    value = row[place]
    if isinstance(said, Form):
        if type(value) not in (int, float):
            return
        if said.is_text:
            if 0 <= value <= _EXACT and float(value).is_integer():
                row[place] = said.shown(int(value))
        elif said.unit:
            shown.units.setdefault(place, {}).setdefault(said.unit, []).append(number)
    elif what == UNRESOLVED:
        if value == "":
            shown.unresolved[place] = shown.unresolved.get(place, 0) + 1
    elif what == TEXT or (what == ERROR and value == "" and _ERROR.fullmatch(said)):
        row[place] = said
