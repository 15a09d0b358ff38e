"""Reads what the cells of an .xlsx sheet show beside their values: how their numbers are written, errors, formulas.

It opens no sheet for its values: `sheets` does; and puts nothing into it: `cellforms` does.
"""

from __future__ import annotations

import posixpath
import re
import zipfile
from collections.abc import Iterator
from typing import Any

from explorer.ingest.numberforms import Form
from explorer.ingest.toldcells import ERROR, FORM, UNRESOLVED, Told, forms_of
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


def told_of(book: zipfile.ZipFile, name: str) -> Iterator[Told]:
    """Yield what the cells of the sheet of this name say of themselves, places counted from 0."""
    part = sheet_part(book, name)
    if part is None:
        return
    forms = _forms(book)
    for attributes, body in _cells(book, part, styled=bool(forms)):
        place = _PLACE.search(attributes)
        if place is None:
            continue
        row, column = int(place[2]) - 1, _number(place[1])
        if _IS_ERROR.search(attributes):
            said = _VALUE.search(body)
            yield row, column, ERROR, said[1].decode("ascii", "replace").strip() if said else ""
        elif (style := _STYLE.search(attributes)) and (form := forms.get(int(style[1]))):
            yield row, column, FORM, form
        if _FORMULA.search(body) and not _IS_TEXT.search(attributes) and not _VALUE.search(body):
            yield row, column, UNRESOLVED, ""


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


def sheet_part(book: zipfile.ZipFile, name: str) -> str | None:
    """Return the part of a workbook that is the sheet of this name; None where there is none."""
    root = _xml(book, "xl/workbook.xml")
    sheet = next((one for one in root.iter("{*}sheet") if one.get("name") == name), None)
    if sheet is None:
        return None
    known = next((value for key, value in sheet.attrib.items() if key.endswith("}id")), None)
    return related_part(book, "xl/_rels/workbook.xml.rels", known)


def related_part(book: zipfile.ZipFile, listing: str, known: str | None) -> str | None:
    """Return the part that a workbook's list of its parts knows by this name; None where there is none."""
    for related in _xml(book, listing).iter("{*}Relationship"):
        if related.get("Id") == known:
            target = related.get("Target") or ""
            return target.lstrip("/") if target.startswith("/") else posixpath.normpath(f"xl/{target}")
    return None


def _forms(book: zipfile.ZipFile) -> dict[int, Form]:
    """Return the forms that show more than a number, by the style of a cell."""
    if "xl/styles.xml" not in book.namelist():
        return {}
    root = _xml(book, "xl/styles.xml")
    codes = {_whole(one.get("numFmtId")): one.get("formatCode") or "" for one in root.iter("{*}numFmt")}
    cells = next(root.iter("{*}cellXfs"), None)
    return forms_of([_whole(one.get("numFmtId")) for one in cells.iter("{*}xf")] if cells is not None else [], codes)


def _whole(number: str | None) -> int:
    return int(number) if number and number.isdecimal() and len(number) < 7 else -1


def _xml(book: zipfile.ZipFile, part: str) -> Any:
    if book.getinfo(part).file_size > _MOST_PART:
        raise ValueError("it is too large")
    return parsed_xml(book.read(part))
