"""Judges a spreadsheet before it is opened: whether it fits into memory cannot be seen any later.

What opens it makes rectangles of sheets, a text of its own for each cell that refers to a shared one, and room for as
many shared texts as are said to be there.  It judges the packed XML of Excel's and OpenDocument's files, and returns
nothing of it.
"""

from __future__ import annotations

import re
import zipfile
from array import array
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from functools import reduce
from typing import IO

from explorer.errors import UnreadableFile
from explorer.ingest.edge import DAMAGED
from explorer.ingest.reader import MAX_CELLS, Source

MOST_TEXT = 2**28
"""Bytes of the texts of one sheet's cells, each counted where it is referred to: they are in memory three times."""
_PIECE = 2**20
_TAIL = 2**16
"""Bytes of a row's end that are sure to hold its last cell's place."""
_STRADDLE = 2**12
_PLACE = re.compile(rb'r="([A-Z]{1,3})(\d{1,7})"')
_FAR = re.compile(rb"""\sr\s{0,40}=\s{0,40}["'](?:([A-Z]{3})(\d{1,7})|([A-Z]{1,3})(\d{6,7}))["']""")
"""A place far out, however a file writes it; a sheet without one, 99,999 rows of 702 columns, is not too large."""
_FAR_BYTES = 128
_SHARED = "xl/sharedstrings.xml"
_CONTENT = "content.xml"
_CELL, _LONGEST_ROW = 32, 2**26
"""Bytes that a filled cell takes at least, and a row of OpenDocument's XML at most."""
_LEAST = len("<si/>")
"""Bytes that one shared text takes at least."""
_COUNTED = re.compile(rb"<(?:[\w.-]{1,40}:)?sst\s[^<>]{0,2000}>")
_COUNT = re.compile(rb"""uniqueCount\s{0,40}=\s{0,40}["']([^"']{0,400})""")
_TEXT_END = re.compile(rb"<(?:[\w.-]{1,40}:)?si\s{0,40}/>|</(?:[\w.-]{1,40}:)?si\s{0,40}>")
_TAG = re.compile(rb"<[^<>]*>?")
_REFERS = re.compile(rb"""t\s{0,40}=\s{0,40}["']s["']""")
_REFERENCE = re.compile(
    _REFERS.pattern + rb"""[^<>]{0,400}>\s{0,40}<(?:[\w.-]{1,40}:)?v\s{0,40}>\s{0,40}(\d{1,9})\s{0,40}<"""
)


def check_workbook(source: Source, file: IO[bytes]) -> None:
    """Raise UnreadableFile where a sheet is too large for memory, or more shared texts are counted than can be there.

    Whatever a part of the file is called, it may be a sheet.
    """
    if not zipfile.is_zipfile(file):
        return
    with zipfile.ZipFile(file) as book:
        parts = [(info, info.filename.replace("\\", "/").casefold()) for info in book.infolist()]
        sizes: array[int] = array("q")
        for info, name in parts:
            if name == _SHARED:
                sizes.extend(_shared(source, _pieces(book, info)))
        longest = max(sizes, default=0)
        for info, name in parts:
            if name == _SHARED:
                continue
            if name == _CONTENT:
                _check_texts(source, _repeated(_pieces(book, info)))
                continue
            rows, columns, references = _extent(_pieces(book, info))
            if rows * columns > MAX_CELLS:
                raise UnreadableFile(
                    f"{source.name} has a sheet of {rows:,} rows and {columns:,} columns; the limit is "
                    f"{MAX_CELLS:,} cells. Delete what lies far outside the table, and save it again."
                )
            if info.file_size + references * longest > MOST_TEXT:
                _check_texts(source, _texts(_pieces(book, info), sizes, longest))


def _pieces(book: zipfile.ZipFile, info: zipfile.ZipInfo) -> Iterator[bytes]:
    """Yield what a part holds; of a damaged one what can be unpacked: what opens it tells whether that matters."""
    try:
        with suppress(*DAMAGED, RuntimeError), book.open(info) as part:
            while piece := part.read(_PIECE):
                yield piece
    except ValueError as exc:  # of a directory that lies about where a part is
        raise UnreadableFile("the spreadsheet is damaged: its parts are not where it says. Save it again.") from exc


def _check_texts(source: Source, size: int) -> None:
    if size > MOST_TEXT:
        raise UnreadableFile(
            f"{source.name} has a sheet whose cells hold more than {MOST_TEXT / 1e6:,.0f} MB of text, one that they "
            "share or repeat counted for each of them. Keep the columns that you need, or save it as CSV."
        )


def _shared(source: Source, texts: Iterable[bytes]) -> array[int]:
    """Return the bytes of each shared text, with its tags; raise UnreadableFile where more are told than are there."""
    sizes: array[int] = array("q")
    told, begun, last, tail = 0, 0, 0, b""
    for piece in texts:
        there = tail + piece
        for tag in _COUNTED.findall(there):
            told = max([told, *(int(count) if count.isdigit() else 2**63 for count in _COUNT.findall(tag))])
        for end in _TEXT_END.finditer(there):
            sizes.append(begun + end.start() - last)
            last = begun + end.end()
        kept = max(len(there) - _STRADDLE, last - begun)
        tail, begun = there[kept:], begun + kept
    if told * _LEAST > begun + len(tail):
        raise UnreadableFile(
            f"{source.name} is damaged: it counts more shared texts than it can hold. Save it again from its program, "
            "or as CSV."
        )
    return sizes


def _texts(sheet: Iterable[bytes], sizes: Sequence[int], longest: int) -> int:
    """Return the bytes of the texts of a sheet; a reference that cannot be made out is one to the longest."""
    size, tail = 0, b""
    for piece in sheet:
        there = tail + piece
        cut = there.rfind(b"<c")
        if cut <= len(there) - _PIECE or len(piece) < _PIECE:
            cut = len(there)
        whole, tail = there[:cut], there[cut:]
        numbers = [int(number) for number in _REFERENCE.findall(whole)]
        size += sum(sizes[number] for number in numbers if number < len(sizes))
        size += (len(_REFERS.findall(whole)) - len(numbers)) * longest + len(_TAG.sub(b"", whole))
        if size > MOST_TEXT:
            return size
    return size + len(tail)


def _repeated(content: Iterable[bytes]) -> int:
    """Return the bytes of the texts that an OpenDocument sheet repeats, each as often as it does."""
    size, begun = 0, b""
    for piece in content:
        *rows, begun = (begun + piece).split(b"</table:table-row>")
        size += sum(_of_row(row) for row in rows if b"-repeated" in row)
        if size > MOST_TEXT or len(begun) > _LONGEST_ROW:
            return MOST_TEXT + 1
    return size


def _of_row(row: bytes) -> int:
    row = row[max(0, row.rfind(b"<table:table-row")) :]
    above, *cells = row.split(b"<table:table-cell")
    size = 0
    for cell in cells:
        head, _, inside = cell.partition(b">")
        filled = len(_TAG.sub(b"", inside))
        if filled or b"office:value" in head:
            size += max(filled, _CELL) * _times(b"columns", head)
    times = _times(b"rows", above)
    return size * times if times > 1 or size > len(row) + _CELL * len(cells) else 0


def _times(what: bytes, head: bytes) -> int:
    """Return how often a cell or a row stands there; what is no number is not read at all."""
    said = re.search(rb"""number-%s-repeated\s{0,40}=\s{0,40}["'](\d{1,9})["']""" % what, head)
    return int(said[1]) if said else 1


def _extent(sheet: Iterable[bytes]) -> tuple[int, int, int]:
    """Return the last row and column, both from 1, of a sheet's cells, and its references to texts.

    Of those that are not far out the last one of a row is looked at.
    """
    rows, columns, references, begun = b"0", b"", 0, b""
    for piece in sheet:
        for far, row, column, far_row in _FAR.findall(begun[-_FAR_BYTES:] + piece):
            rows, columns = max(rows, row or far_row, key=_longest), max(columns, far or column, key=_longest)
        *ended, begun = (begun[-_TAIL:] + piece).split(b"</row>")
        for row in ended:
            references += len(_REFERS.findall(row))
            last = _PLACE.match(row, row.rfind(b' r="') + 1)
            if last:
                rows, columns = max(rows, last[2], key=_longest), max(columns, last[1], key=_longest)
    references += len(_REFERS.findall(begun))
    return int(rows), reduce(lambda number, letter: 26 * number + letter - 64, columns, 0), references


def _longest(digits: bytes) -> tuple[int, bytes]:
    return len(digits), digits
