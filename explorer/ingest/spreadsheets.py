"""Reads spreadsheets (Excel, OpenDocument): the sheet that holds most becomes the table, its cells keep their types.

Formulas are not computed: a cell has the value that its program saved.  It chooses no text column: `loading` does.
"""

from __future__ import annotations

import re
import zipfile
from array import array
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import reduce
from itertools import islice
from statistics import median
from typing import IO, Any

from explorer.errors import UnreadableFile
from explorer.ingest.columns import from_values
from explorer.ingest.encodings import START, check_no_web_page
from explorer.ingest.reader import MAX_CELLS, TABLE, Advance, FileReader, Source, Table, above_names, check_size, joined
from explorer.ingest.shape import looks_like_data, names_for, unique_names
from explorer.types import Rejected

_START_ROWS = 200
_HEADER_SHARE = 0.5
"""Cells filled in the row of column names, at least, as a share of those in a usual row: a title has fewer."""
_EXACT = 2**53
_TAIL = 2**16
"""Bytes of a row's end that are sure to hold its last cell's place."""
_PLACE = re.compile(rb'r="([A-Z]{1,3})(\d{1,7})"')

Row = list[Any]


@dataclass(frozen=True)
class _Sheet:
    """A sheet's name and rows from its first filled one on; *first* is the number of that one, from 0."""

    name: str
    first: int
    rows: list[Row]

    @property
    def filled(self) -> int:
        return sum(_filled(row) for row in self.rows)


def read_spreadsheet(source: Source, advance: Advance, *, limit: int | None = None) -> Table:
    """Read the sheet with the most filled cells, or its first *limit* records.

    Hidden sheets are read only where no other has a cell.  What is left out – other sheets, rows above the column
    names – is rejected with its reason.  Raises UnreadableFile.
    """
    with source.open_whole() as file:
        check_no_web_page(source, file.read(START))
        file.seek(0)
        _check_extent(source, file)
        file.seek(0)
        sheets = _sheets(source, file)
    advance(source.size)
    table = Table(source.name, {}, array("q"))
    if not sheets:
        return table
    chosen = max(sheets, key=lambda sheet: sheet.filled)
    table.rejected += [_left_out(source.name, sheet, chosen) for sheet in sheets if sheet is not chosen]
    _fill(table, chosen, limit)
    return table


def _sheets(source: Source, file: IO[bytes]) -> list[_Sheet]:
    """Return the visible sheets that have a filled cell; without one, the hidden ones."""
    from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetTypeEnum, SheetVisibleEnum

    try:
        book = CalamineWorkbook.from_filelike(file)
        listed = [sheet for sheet in book.sheets_metadata if sheet.typ == SheetTypeEnum.WorkSheet]
        visible = [sheet.name for sheet in listed if sheet.visible == SheetVisibleEnum.Visible]
        hidden = [sheet.name for sheet in listed if sheet.name not in visible]
        return _filled_ones(source.name, visible, book.get_sheet_by_name) or _filled_ones(
            source.name, hidden, book.get_sheet_by_name
        )
    except PasswordError as exc:
        raise UnreadableFile(f"{source.name} is locked with a password. Save it without one.") from exc
    except CalamineError as exc:
        why = str(exc).rstrip(". ")
        raise UnreadableFile(
            f"{source.name} is not a whole spreadsheet: {why}. Save it again from its program, or as CSV."
        ) from exc


def _filled_ones(source: str, names: Sequence[str], of: Callable[[str], Any]) -> list[_Sheet]:
    found = []
    for name in names:
        sheet = of(name)
        if sheet.start is None:
            continue
        check_size(source, rows=sheet.height, columns=sheet.width)
        found.append(_Sheet(name, sheet.start[0], sheet.to_python(skip_empty_area=True)))
    return [sheet for sheet in found if sheet.filled]


def _filled(row: Row) -> int:
    return sum(cell != "" for cell in row)


def _left_out(source: str, sheet: _Sheet, chosen: _Sheet) -> Rejected:
    many = f"{sheet.filled:,} filled cell{'s' * (sheet.filled != 1)}"
    reason = (
        f"the sheet “{sheet.name}” ({many}) is not read, “{chosen.name}” has more in it; save it as a file to read it"
    )
    return Rejected(source, None, reason)


def _fill(table: Table, sheet: _Sheet, limit: int | None) -> None:
    """Put the records of a sheet into the table; an empty row is none."""
    rows, top = sheet.rows, _top(sheet.rows)
    above = [row for row in rows[:top] if _filled(row)]
    table.rejected += [Rejected(table.name, None, above_names(_said(row))) for row in above]
    start = [[_said_cell(cell) for cell in row] for row in rows[top : top + _START_ROWS] if _filled(row)]
    headless = looks_like_data(start)
    width = len(rows[top])
    names = names_for(width) if headless else unique_names(start[0])
    numbered = ((number, row) for number, row in enumerate(rows[top + (not headless) :]) if _filled(row))
    records = list(islice(numbered, limit))
    table.records.extend(number for number, _ in records)
    columns = [_column([row[place] for _, row in records]) for place in range(width)]
    named = [
        (name, place) for place, name in enumerate(names) if start[0][place] or columns[place].null_count < len(records)
    ]
    table.columns = {name: joined([columns[place]]) for name, place in named}


def _top(rows: Sequence[Row]) -> int:
    """Return the first row that is no title: it has over half of the filled cells that rows usually have."""
    counts = [_filled(row) for row in rows[:_START_ROWS]]
    usual = median(count for count in counts if count)
    return next((at for at, count in enumerate(counts) if count > _HEADER_SHARE * usual), 0)


def _said(row: Row) -> str:
    return " · ".join(_said_cell(cell) for cell in row if cell != "")


def _said_cell(cell: Any) -> str:
    return str(_plain(cell) if cell != "" else "")


def _plain(cell: Any) -> Any:
    """Return a cell as it is meant: a spreadsheet has all its numbers as floats, and what is empty as a text."""
    if cell == "":
        return None
    if type(cell) is float and cell.is_integer() and abs(cell) <= _EXACT:
        return int(cell)
    return cell


def _column(cells: Sequence[Any]) -> Any:
    """Return cells as an arrow array: numbers, flags and dates where all are such, else texts."""
    import pyarrow as pa

    values = [_plain(cell) for cell in cells]
    kinds = {type(value) for value in values} - {type(None)}
    if kinds == {date}:
        return pa.array(values, pa.date32()).cast(pa.timestamp("ms"))
    if kinds and kinds <= {date, datetime}:
        return pa.array(
            [datetime(*value.timetuple()[:6]) if type(value) is date else value for value in values], pa.timestamp("us")
        )
    if kinds <= {str} or kinds <= {int, float} or kinds <= {bool}:
        return from_values(values)
    return pa.array([None if value is None else str(value) for value in values], pa.large_string())


def _check_extent(source: Source, file: IO[bytes]) -> None:
    """Raise UnreadableFile where a cell of an Excel sheet lies so far out that the rectangle to it holds too many.

    Sheets are read as rectangles, and two cells at opposite ends of one take all memory.
    """
    if not zipfile.is_zipfile(file):
        return
    with zipfile.ZipFile(file) as book:
        for info in book.infolist():
            if not re.fullmatch(r"xl/worksheets/[^/]*\.xml", info.filename):
                continue
            with book.open(info) as sheet:
                rows, columns = _extent(sheet)
            if rows * columns > MAX_CELLS:
                raise UnreadableFile(
                    f"{source.name} has a sheet of {rows:,} rows and {columns:,} columns; the limit is "
                    f"{MAX_CELLS:,} cells. Delete what lies far outside the table, and save it again."
                )


def _extent(sheet: IO[bytes]) -> tuple[int, int]:
    """Return the last row and the last column, both from 1, of the last cells of the rows in a sheet's XML."""
    rows, columns, begun = b"0", b"", b""
    while piece := sheet.read(2**20):
        *ended, begun = (begun[-_TAIL:] + piece).split(b"</row>")
        for row in ended:
            last = _PLACE.match(row, row.rfind(b' r="') + 1)
            if last:
                rows, columns = max(rows, last[2], key=_longest), max(columns, last[1], key=_longest)
    return int(rows), reduce(lambda number, letter: 26 * number + letter - 64, columns, 0)


def _longest(digits: bytes) -> tuple[int, bytes]:
    return len(digits), digits


SPREADSHEET = FileReader(
    name="spreadsheets",
    suffixes=(".xlsx", ".xls", ".xlsm", ".xlsb", ".ods"),
    summary="The sheet that holds most: one column is the text, the others are kept with their types.",
    kind=TABLE,
    read=read_spreadsheet,
)
