"""Reads what the cells of an .xlsb sheet show beside their values.

Source: [MS-XLSB], sections 2.1.4 (records) and 2.4.  It puts nothing into the sheet: `cellforms` does.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from struct import unpack_from

from explorer.ingest.excelforms import related_part
from explorer.ingest.numberforms import Form
from explorer.ingest.toldcells import ERROR, ERRORS, FORM, Told, forms_of

_PIECE, _LARGEST = 2**20, 2**24
"""Bytes that are read at once, and of a record at most."""
_ROW, _NUMBERS, _WRONG = 0, (2, 5, 9), (3, 11)
"""The records of a row, of cells with numbers and of those with errors."""
_SHEET, _FORMAT, _STYLES, _STYLE, _STYLES_END = 156, 44, 617, 47, 618
_NONE = 2**32 - 1


def told_of(book: zipfile.ZipFile, name: str) -> Iterator[Told]:
    """Yield what the cells of the sheet of this name say of themselves, places counted from 0.

    Raises ValueError and what reading a torn record does.
    """
    part = _part_of(book, name)
    if part is None:
        return
    forms, row = _forms(book), 0
    for kind, body in _records(book, part):
        if kind == _ROW:
            (row,) = unpack_from("<I", body)
        elif kind in _NUMBERS and forms:
            column, style = unpack_from("<II", body)
            if form := forms.get(style & 0xFFFFFF):
                yield row, column, FORM, form
        elif kind in _WRONG:
            yield row, unpack_from("<I", body)[0], ERROR, ERRORS.get(body[8], "")


def _part_of(book: zipfile.ZipFile, name: str) -> str | None:
    for kind, body in _records(book, "xl/workbook.bin"):
        if kind == _SHEET:
            known, after = _text(body, 8)
            if _text(body, after)[0] == name:
                return related_part(book, "xl/_rels/workbook.bin.rels", known)
    return None


def _forms(book: zipfile.ZipFile) -> dict[int, Form]:
    if "xl/styles.bin" not in book.namelist():
        return {}
    codes, styles, within = dict[int, str](), list[int](), False
    for kind, body in _records(book, "xl/styles.bin"):
        if kind == _FORMAT:
            codes[unpack_from("<H", body)[0]] = _text(body, 2)[0]
        elif kind in (_STYLES, _STYLES_END):
            within = kind == _STYLES
        elif kind == _STYLE and within:
            styles.append(unpack_from("<HH", body)[1])
    return forms_of(styles, codes)


def _text(body: bytes, at: int) -> tuple[str, int]:
    """Return the text that begins there, and where it ends."""
    (length,) = unpack_from("<I", body, at)
    end = at + 4 + (0 if length == _NONE else 2 * length)
    return body[at + 4 : end].decode("utf-16-le", "replace"), end


def _records(book: zipfile.ZipFile, part: str) -> Iterator[tuple[int, bytes]]:
    """Yield the records of a part: their kind and what they hold; ends where one is torn."""
    with book.open(part) as file:
        there, at = file.read(_PIECE), 0
        while True:
            if len(there) - at < 6:
                there, at = there[at:] + file.read(_PIECE), 0
            kind, at = _number(there, at, 2)
            size, at = _number(there, at, 4)
            if at < 0 or size > _LARGEST:
                return
            if len(there) - at < size:
                there, at = there[at:] + file.read(max(size, _PIECE)), 0
            if len(there) - at < size:
                return
            yield kind, there[at : at + size]
            at += size


def _number(there: bytes, at: int, most: int) -> tuple[int, int]:
    """Return a number of seven bits a byte, of so many bytes at most, and where it ends; -1 where there is none."""
    number = 0
    for place in range(most):
        if not 0 <= at + place < len(there):
            return 0, -1
        sign = there[at + place]
        number |= (sign & 0x7F) << (7 * place)
        if sign < 0x80:
            return number, at + place + 1
    return number, at + most
