"""Reads what the cells of an OpenDocument sheet show beside their values: the file has the words that are shown.

It puts nothing into the sheet: `cellforms` does.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from typing import Any

from explorer.ingest.numberforms import Form, form_shown
from explorer.ingest.toldcells import ERROR, FORM, TEXT, UNRESOLVED, Told
from explorer.ingest.xmlparts import streamed_xml

_SPACE = "{urn:oasis:names:tc:opendocument:xmlns:%s:1.0}"
_TABLE, _OFFICE, _TEXTS = _SPACE % "table", _SPACE % "office", _SPACE % "text"
_ANNOTATION = f"{_OFFICE}annotation"
_BLANKS = f"{_TEXTS}s"
_BREAK = f"{_TEXTS}line-break"
_CELL = f"{_TABLE}table-cell"
_COUNT = f"{_TEXTS}c"
_COVERED = f"{_TABLE}covered-table-cell"
_CURRENCY = f"{_OFFICE}currency"
_FORMULA = f"{_TABLE}formula"
_KIND = f"{_OFFICE}value-type"
_LINK = f"{_TEXTS}a"
_NAME = f"{_TABLE}name"
_PARAGRAPH = f"{_TEXTS}p"
_ROW = f"{_TABLE}table-row"
_SHEET = f"{_TABLE}table"
_SPAN = f"{_TEXTS}span"
_TAB = f"{_TEXTS}tab"
_VALUE = f"{_OFFICE}value"
_SAYING = (_PARAGRAPH, _SPAN, _LINK)
_ERRORS = re.compile(r"#[A-Z][A-Z/0-9]{1,8}[!?]?|Err:\d{3}")
_NUMBERS = ("float", "percentage", "currency")
_WIDEST = 10_000


def told_of(book: zipfile.ZipFile, name: str, rows: int) -> Iterator[Told]:
    """Yield what the cells of the sheet of this name say of themselves, places counted from 0, to so many *rows*."""
    row, mine = 0, False
    with book.open("content.xml") as content:
        for begins, element in streamed_xml(content, _SHEET, _ROW):
            if element.tag == _SHEET:
                if mine and not begins:
                    return
                mine = mine or (begins and element.get(_NAME) == name)
            elif not begins:
                if mine:
                    times = _times(element, "rows")
                    told = list(_of_row(element))
                    if told:  # a row that says something is not empty, and the sheet has all of those
                        for at in range(row, min(row + times, rows)):
                            yield from ((at, column, what, said) for column, what, said in told)
                    row += times
                    if row >= rows:
                        return
                element.clear()


def _of_row(row: Any) -> Iterator[tuple[int, str, Any]]:
    column = 0
    for cell in row:
        if cell.tag not in (_CELL, _COVERED):
            continue
        times = _times(cell, "columns")
        told = _of_cell(cell) if len(cell) or cell.get(_FORMULA) else None
        if told is not None:
            for at in range(column, min(column + times, _WIDEST)):
                yield at, *told
        column += times
        if column >= _WIDEST:
            return


def _of_cell(cell: Any) -> tuple[str, Any] | None:
    """Return what a cell says of itself: its error, how its number is shown, its text where that has broken lines."""
    kind = cell.get(_KIND)
    if kind in _NUMBERS:
        bare = len(cell) == 1 and cell[0].tag == _PARAGRAPH and not len(cell[0])
        said = (cell[0].text or "") if bare else "".join(cell.itertext(*_SAYING))
        if said == cell.get(_VALUE):
            return None
        if _ERRORS.fullmatch(said):
            return TEXT, said
        form = form_shown(said, cell.get(_VALUE) or "", kind, cell.get(_CURRENCY) or "")
        return (FORM, form) if isinstance(form, Form) else None if form is None else (TEXT, form)
    formula = cell.get(_FORMULA)
    if kind is None:
        return (UNRESOLVED, "") if formula and not len(cell) else None
    if kind == "string" and (formula or any(map(len, cell))):
        said = "\n".join(_paragraph(one) for one in cell if one.tag == _PARAGRAPH)
        if formula and _ERRORS.fullmatch(said):
            return ERROR, said
        if any(next(one.iter(_BREAK, _TAB), None) is not None for one in cell):
            return TEXT, said
    return None


def _paragraph(element: Any) -> str:
    """Return a paragraph's text, with its blanks, tabs and broken lines."""
    parts = [element.text or ""]
    for inner in element:
        if inner.tag == _BREAK:
            parts.append("\n")
        elif inner.tag == _TAB:
            parts.append("\t")
        elif inner.tag == _BLANKS:
            parts.append(" " * min(_number(inner.get(_COUNT)), _WIDEST))
        elif inner.tag != _ANNOTATION:
            parts.append(_paragraph(inner))
        parts.append(inner.tail or "")
    return "".join(parts)


def _times(element: Any, what: str) -> int:
    return _number(element.get(f"{_TABLE}number-{what}-repeated"))


def _number(said: str | None) -> int:
    return int(said) if said and said.isdecimal() and len(said) < 9 else 1
