"""Tells what the cells of an Excel sheet show beside their values: zeros in front, units, errors, missing results.

Their library gives the bare values: 1067 of a cell that shows 01067.  What is shown is taken where it is more than a
number, and told where it is a unit.  It opens no sheet for reading: `sheets` does.
"""

from __future__ import annotations

import posixpath
import re
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import IO, Any

from explorer.ingest.edge import DAMAGED
from explorer.ingest.numberforms import Form, form_of
from explorer.ingest.xmlparts import parsed_xml

_PIECE, _LONGEST_ROW = 2**20, 2**24
_CELL = re.compile(rb"<(?:[\w.-]{1,40}:)?c(?=[\s/>])([^<>]{0,400})>")
"""How a cell begins; what it holds stands before the next one."""
_PLACE = re.compile(rb"\br=[\"']([A-Z]{1,3})(\d{1,7})[\"']")
_STYLE = re.compile(rb"\bs=[\"'](\d{1,6})[\"']")
_IS_ERROR = re.compile(rb"\bt=[\"']e[\"']")
_IS_TEXT = re.compile(rb"\bt=[\"'](?:str|s|inlineStr)[\"']")
_FORMULA = re.compile(rb"<(?:[\w.-]{1,40}:)?f[\s/>]")
_VALUE = re.compile(rb"<(?:[\w.-]{1,40}:)?v(?:\s[^<>]{0,100})?>([^<>]{1,100})<")
_MOST_PART = 2**26
_ERROR = re.compile(r"#[A-Z][A-Z_/0-9]{1,15}[!?]?")
_EXACT = 2**53


@dataclass
class Shown:
    """What cells of a sheet show: the units of numbers by column, each with its rows; formulas without a result.

    Rows and columns are counted from 0 in the sheet.
    """

    units: dict[int, dict[str, list[int]]] = field(default_factory=dict)
    unresolved: dict[int, int] = field(default_factory=dict)


def take_shown(file: IO[bytes], name: str, rows: list[list[Any]], first: int, left: int) -> Shown:
    """Put into the rows of a sheet what its cells show where that is more than their numbers, and return the rest.

    *first* and *left* are where the rows begin.  Nothing is known of sheets of other programs, nor of damaged ones.
    """
    shown = Shown()
    with suppress(*DAMAGED, RuntimeError, KeyError, ValueError, SyntaxError):
        file.seek(0)
        if not zipfile.is_zipfile(file):
            return shown
        with zipfile.ZipFile(file) as book:
            part = _part_of(book, name)
            if part is not None:
                _take(book, part, _forms(book), rows, (first, left), shown)
    return shown


def _take(
    book: zipfile.ZipFile,
    part: str,
    forms: Mapping[int, Form],
    rows: list[list[Any]],
    begins: tuple[int, int],
    shown: Shown,
) -> None:
    for attributes, body in _cells(book, part, styled=bool(forms)):
        place = _PLACE.search(attributes)
        if place is None:
            continue
        row, column = int(place[2]) - 1 - begins[0], _number(place[1]) - begins[1]
        if not (0 <= row < len(rows) and 0 <= column < len(rows[row])):
            continue
        value = rows[row][column]
        if _IS_ERROR.search(attributes):
            said = _VALUE.search(body)
            error = said[1].decode("ascii", "replace").strip() if said else ""
            if value == "" and _ERROR.fullmatch(error):
                rows[row][column] = error
        elif type(value) is float:
            style = _STYLE.search(attributes)
            form = forms.get(int(style[1])) if style else None
            if form is not None and form.is_text and 0 <= value <= _EXACT and value.is_integer():
                rows[row][column] = form.shown(int(value))
            elif form is not None and form.unit:
                shown.units.setdefault(column, {}).setdefault(form.unit, []).append(row)
        elif value == "" and _FORMULA.search(body) and not _IS_TEXT.search(attributes) and not _VALUE.search(body):
            shown.unresolved[column] = shown.unresolved.get(column, 0) + 1


def _cells(book: zipfile.ZipFile, part: str, *, styled: bool) -> Iterator[tuple[bytes, bytes]]:
    """Yield the attributes and the content of cells; only of rows that may have something to tell; O(size)."""
    begun = b""
    with book.open(part) as sheet:
        while piece := sheet.read(_PIECE):
            begun += piece
            cut = begun.rfind(b"</")
            cut = begun.rfind(b"row>", 0, cut + 40) if cut >= 0 else -1
            if cut < 0 and len(begun) < _LONGEST_ROW:
                continue
            whole, begun = begun[: cut + 4], begun[cut + 4 :]
            if cut < 0:
                return  # one row is too long
            if styled or b'="e"' in whole or b"='e'" in whole or _FORMULA.search(whole):
                yield from _parted(whole)


def _parted(row: bytes) -> Iterator[tuple[bytes, bytes]]:
    found = list(_CELL.finditer(row))
    for cell, end in zip(found, [*(one.start() for one in found[1:]), len(row)], strict=True):
        yield cell[1], b"" if cell[1].endswith(b"/") else row[cell.end() : end]


def _number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = 26 * number + letter - 64
    return number - 1


def _part_of(book: zipfile.ZipFile, name: str) -> str | None:
    """Return the part of a workbook that is the sheet of this name; None where there is none."""
    root = _xml(book, "xl/workbook.xml")
    sheet = next((one for one in root.iter("{*}sheet") if one.get("name") == name), None)
    if sheet is None:
        return None
    known = next((value for key, value in sheet.attrib.items() if key.endswith("}id")), None)
    for related in _xml(book, "xl/_rels/workbook.xml.rels").iter("{*}Relationship"):
        if related.get("Id") == known:
            target = related.get("Target") or ""
            return target.lstrip("/") if target.startswith("/") else posixpath.normpath(f"xl/{target}")
    return None


def _forms(book: zipfile.ZipFile) -> dict[int, Form]:
    """Return the forms that show more than a number, by the style of a cell."""
    if "xl/styles.xml" not in book.namelist():
        return {}
    root = _xml(book, "xl/styles.xml")
    codes = {one.get("numFmtId"): one.get("formatCode") or "" for one in root.iter("{*}numFmt")}
    cells = next(root.iter("{*}cellXfs"), None)
    styles = [one.get("numFmtId") for one in cells.iter("{*}xf")] if cells is not None else []
    forms = {number: form_of(codes.get(number, _BUILT_IN.get(number, ""))) for number in dict.fromkeys(styles)}
    return {at: form for at, number in enumerate(styles) if (form := forms[number]) is not None}


_BUILT_IN = {"9": "0%", "10": "0.00%"}
"""The forms without a code of their own that show a unit whichever the language is."""


def _xml(book: zipfile.ZipFile, part: str) -> Any:
    if book.getinfo(part).file_size > _MOST_PART:
        raise ValueError("it is too large")
    return parsed_xml(book.read(part))
