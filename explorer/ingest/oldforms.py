"""Reads what the cells of an .xls sheet show beside their values.

Source: [MS-XLS], sections 2.4 (records) and 2.5.  It puts nothing into the sheet: `cellforms` does.
"""

from __future__ import annotations

from collections.abc import Iterator
from struct import unpack_from
from typing import IO

from explorer.ingest.compound import stream_of
from explorer.ingest.numberforms import Form
from explorer.ingest.toldcells import ERROR, ERRORS, FORM, Told, forms_of

_STREAMS = ("Workbook", "Book")
_BEGIN, _END, _SHEET, _FORMAT, _STYLE = (0x0809, 0x0409, 0x0209, 0x0009), 0x000A, 0x0085, (0x041E, 0x001E), 0x00E0
_NUMBER, _SHORT, _SHORTS, _FORMULA, _WRONG = 0x0203, 0x027E, 0x00BD, 0x0006, 0x0205
_NEW = 0x0600
"""The version of the files whose texts are in Unicode."""


def told_of(file: IO[bytes], name: str) -> Iterator[Told]:
    """Yield what the cells of the sheet of this name say of themselves, places counted from 0.

    Raises ValueError and what reading a torn record does.
    """
    book = stream_of(file, _STREAMS)
    if not book:
        return
    start, codes, styles, new = -1, dict[int, str](), list[int](), True
    for kind, body in _records(book, 0):
        if kind in _BEGIN:
            new = unpack_from("<H", body)[0] >= _NEW
        elif kind == _SHEET and _short_text(body, 6, 1, new=new) == name:
            (start,) = unpack_from("<I", body)
        elif kind in _FORMAT:
            codes[unpack_from("<H", body)[0]] = _short_text(body, 2, 2 if new else 1, new=new)
        elif kind == _STYLE:
            styles.append(unpack_from("<HH", body)[1])
    if start >= 0:
        yield from _cells(book, start, forms_of(styles, codes))


def _cells(book: bytes, start: int, forms: dict[int, Form]) -> Iterator[Told]:
    for kind, body in _records(book, start):
        if kind in (_NUMBER, _SHORT, _FORMULA):
            row, column, style = unpack_from("<HHH", body)
            if kind == _FORMULA and body[12:14] == b"\xff\xff":
                if body[6] == 2:
                    yield row, column, ERROR, ERRORS.get(body[8], "")
            elif style in forms:
                yield row, column, FORM, forms[style]
        elif kind == _SHORTS and forms:
            row, first = unpack_from("<HH", body)
            for number in range((len(body) - 6) // 6):
                (style,) = unpack_from("<H", body, 4 + 6 * number)
                if style in forms:
                    yield row, first + number, FORM, forms[style]
        elif kind == _WRONG and body[7]:
            row, column = unpack_from("<HH", body)
            yield row, column, ERROR, ERRORS.get(body[6], "")


def _records(book: bytes, at: int) -> Iterator[tuple[int, bytes]]:
    """Yield the records from there to the end of what begins there: their kind and what they hold."""
    depth = 0
    while at + 4 <= len(book):
        kind, size = unpack_from("<HH", book, at)
        yield kind, book[at + 4 : at + 4 + size]
        depth += (kind in _BEGIN) - (kind == _END)
        if depth <= 0:
            return
        at += 4 + size


def _short_text(body: bytes, at: int, counted: int, *, new: bool) -> str:
    """Return the text there whose length, in *counted* bytes, stands before it."""
    length = int.from_bytes(body[at : at + counted], "little")
    at += counted
    if not new:
        return body[at : at + length].decode("cp1252", "replace")
    wide = body[at] & 1
    return body[at + 1 : at + 1 + length * (1 + wide)].decode("utf-16-le" if wide else "latin-1", "replace")
