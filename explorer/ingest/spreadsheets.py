"""Reads spreadsheets (Excel, OpenDocument): one sheet becomes the table, its cells keep their types.

It is the sheet that holds most, or a chosen one.  Formulas are not computed: a cell has the value that its program
saved.  It chooses no text column: `loading` does.
"""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from statistics import median
from typing import IO, Any

from explorer.errors import UnreadableFile
from explorer.ingest.choosing import chosen
from explorer.ingest.columnnames import names_for, unique_names
from explorer.ingest.columns import from_values
from explorer.ingest.delimited import read_delimited
from explorer.ingest.documents.decoding import content_of
from explorer.ingest.documents.pagetables import table_of_page
from explorer.ingest.documents.pagetexts import as_utf8
from explorer.ingest.encodings import check_no_web_page, is_web_page, printable
from explorer.ingest.footing import below_all
from explorer.ingest.reader import (
    TABLE,
    Advance,
    FileReader,
    Source,
    Table,
    above_names,
    below_names,
    below_table,
    check_size,
    joined,
)
from explorer.ingest.repeating import SAID_AGAIN, are_names
from explorer.ingest.shape import looks_like_data
from explorer.ingest.surveyheads import are_ids, described, head_of
from explorer.ingest.workbooks import check_workbook
from explorer.ingest.workbooktexts import check_no_xml, checked, is_text, start_of
from explorer.types import ABOVE, AGAIN, BELOW, FOOT, ROW, SHEET, Choice, Numbering, Rejected, cut, in_words

_START_ROWS, _LOOKED_BELOW = 200, 200
_HEADER_SHARE = 0.5
"""Cells filled in the row of column names, at least, as a share of those in a usual row: a title has fewer."""
_FAR_MORE = 4
"""So many times the filled cells of any other sheet are enough to be sure which one is meant."""
HEADER, NO_NAMES = "header", "none"
_NAMES_OFFERED, _ROW_SHOWN = 12, 60
_EXACT = 2**53

Row = list[Any]


@dataclass(frozen=True)
class _Sheet:
    """A sheet's name and rows from its first filled one on; *first* is the number of that one, from 0.

    *size* are its filled rows and its filled cells; of one that is not read the rows are forgotten.
    """

    name: str
    hidden: bool
    first: int
    rows: list[Row]
    size: tuple[int, int]

    @property
    def label(self) -> str:
        """Its name, and how much is in it."""
        many = f"{self.size[0]:,} row{'s' * (self.size[0] != 1)}"
        return f"{self.name} ({many}, hidden)" if self.hidden else f"{self.name} ({many})"

    @property
    def weight(self) -> tuple[bool, bool, int]:
        """How much speaks for reading it: that it has something in it, that it is visible, how many cells."""
        return self.size[1] > 0, not self.hidden, self.size[1]


def read_spreadsheet(source: Source, advance: Advance, *, limit: int | None = None) -> Table:
    """Read the chosen sheet or the one with the most filled cells, or its first *limit* records.

    A hidden sheet is read only where it is chosen or no other has a cell.  What is left out – other sheets, rows above
    the column names – is rejected with its reason.  Raises UnreadableFile.
    """
    start = start_of(source)
    if is_text(start):
        return checked(read_delimited(source, advance, limit=limit), source)
    if is_web_page(start):
        table = table_of_page(source, as_utf8(content_of(source)), limit=limit, asked=True)
        if table is not None:
            return table
    with source.open_whole() as file:
        check_no_web_page(source, start)
        check_no_xml(source, start)
        check_workbook(source, file)
        file.seek(0)
        sheets = _sheets(source, file)
    advance(source.size)
    table = Table(source.name, {}, array("q"))
    if not sheets:
        return table
    choice = _choice(source, sheets)
    table.choices = (choice,)
    read = next(sheet for sheet in sheets if sheet.name == choice.value)
    left = [sheet for sheet in sheets if sheet is not read and sheet.size[1] and not sheet.hidden]
    table.rejected += [_left_out(source.name, sheet, read, chosen=choice.asked) for sheet in left]
    if read.size[1]:
        names = _names_choice(source, read)
        table.choices = (choice, names)
        _fill(table, read, names.value, limit)
    return table


def _choice(source: Source, sheets: Sequence[_Sheet]) -> Choice:
    """Return which sheet is read: the chosen one, else the one with the most filled cells."""
    fullest = max(sheets, key=lambda sheet: sheet.weight)
    options = tuple((sheet.name, sheet.label) for sheet in sheets)
    rivals = [sheet for sheet in sheets if sheet is not fullest and not sheet.hidden]
    sure = all(_FAR_MORE * sheet.size[1] < fullest.size[1] for sheet in rivals)
    why = "" if len(sheets) == 1 else "it has the most in it"
    return chosen(source, Choice("sheet", "Sheet", fullest.name, options, sure=sure, why=why))


def _sheets(source: Source, file: IO[bytes]) -> list[_Sheet]:
    """Return the sheets; only that which is to be read has its rows."""
    from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetTypeEnum, SheetVisibleEnum

    found: list[_Sheet] = []
    try:
        book = CalamineWorkbook.from_filelike(file)
        listed = [sheet for sheet in book.sheets_metadata if sheet.typ == SheetTypeEnum.WorkSheet]
        best: _Sheet | None = None
        for known in sorted(listed, key=lambda sheet: sheet.visible != SheetVisibleEnum.Visible):
            of_use = known.visible == SheetVisibleEnum.Visible or best is None or not best.size[1]
            sheet = _sheet(source, book.get_sheet_by_name(known.name), known, of_use=of_use)
            best = _better(best, sheet, source)
            found.append(sheet)
    except PasswordError as exc:
        raise UnreadableFile(f"{source.name} is locked with a password. Save it without one.") from exc
    except CalamineError as exc:
        why = str(exc).rstrip(". ")
        raise UnreadableFile(
            f"{source.name} is not a whole spreadsheet: {why}. Save it again from its program, or as CSV."
        ) from exc
    order = {sheet.name: at for at, sheet in enumerate(listed)}
    return sorted(found, key=lambda sheet: order[sheet.name])


def _better(best: _Sheet | None, sheet: _Sheet, source: Source) -> _Sheet:
    """Return the one of two sheets that is rather read, and forget the rows of the other."""

    def weight(sheet: _Sheet) -> tuple[bool, tuple[bool, bool, int]]:
        return sheet.name == source.choices.get("sheet"), sheet.weight

    if best is None:
        return sheet
    kept, left = (sheet, best) if weight(sheet) > weight(best) else (best, sheet)
    left.rows.clear()
    return kept


def _sheet(source: Source, sheet: Any, known: Any, *, of_use: bool) -> _Sheet:
    """Return a sheet with its rows; without them where it is too large, not *of_use* and not chosen."""
    from python_calamine import SheetVisibleEnum

    hidden = known.visible != SheetVisibleEnum.Visible
    if sheet.start is None:
        return _Sheet(known.name, hidden, 0, [], (0, 0))
    try:
        check_size(source.name, rows=sheet.height, columns=sheet.width)
    except UnreadableFile:
        if of_use or source.choices.get("sheet") == known.name:
            raise
        return _Sheet(known.name, hidden, 0, [], (sheet.height, 0))
    rows = sheet.to_python(skip_empty_area=True)
    _fill_down(rows, sheet.start, sheet.merged_cell_ranges or ())
    filled = [count for row in rows if (count := _filled(row))]
    return _Sheet(known.name, hidden, sheet.start[0], rows, (len(filled), sum(filled)))


def _fill_down(rows: list[Row], start: tuple[int, int], merged: Sequence[Any]) -> None:
    """Give each row that has something in it the value of a cell that was merged over several rows of one column.

    Only the first of such cells is stored with the value, and all show it.
    """
    filled, left = [_filled(row) > 0 for row in rows], sum(map(len, rows))
    for (top, column), (bottom, last) in merged:
        at = column - start[1]
        if column != last or top == bottom or not (0 <= top - start[0] < len(rows) and 0 <= at < len(rows[0])):
            continue
        value = rows[top - start[0]][at]
        for row in range(top - start[0] + 1, min(bottom - start[0] + 1, len(rows))):
            left -= 1
            if value == "" or left < 0:  # ranges that lie over one another are made to take long
                break
            if filled[row] and rows[row][at] == "":
                rows[row][at] = value


def _filled(row: Row) -> int:
    return sum(cell != "" for cell in row)


def _left_out(source: str, sheet: _Sheet, read: _Sheet, *, chosen: bool) -> Rejected:
    cells = sheet.size[1]
    many = f"{cells:,} filled cell{'s' * (cells != 1)}"
    name, best = cut(sheet.name, 100), cut(read.name, 100)
    other = f"“{best}” was chosen" if chosen else f"“{best}” has more in it; choose this one to read it"
    return Rejected(source, None, f"the sheet “{name}” ({many}) is not read, {other}", what=SHEET)


def _names_choice(source: Source, sheet: _Sheet) -> Choice:
    """Return which row of a sheet has the column names, as its program counts rows; or that there is none."""
    top = _top(sheet.rows)
    start = _said_rows(sheet.rows[top:])
    guess = NO_NAMES if not head_of(start)[1] and looks_like_data(start) else str(sheet.first + top + 1)
    filled = [at for at, row in enumerate(sheet.rows[:_START_ROWS]) if _filled(row)]
    shown = filled[:_NAMES_OFFERED] if top in filled[:_NAMES_OFFERED] else [*filled[: _NAMES_OFFERED - 1], top]
    if (asked := source.choices.get(HEADER, "")).isdecimal() and len(asked) < 9:
        shown += [at for at in filled if str(sheet.first + at + 1) == asked and at not in shown]
    options = [(str(sheet.first + at + 1), f"row {sheet.first + at + 1}: {_shown(sheet.rows[at])}") for at in shown]
    return chosen(source, Choice(HEADER, "Column names", guess, (*options, (NO_NAMES, "none: every row is a record"))))


def _fill(table: Table, sheet: _Sheet, names_in: str, limit: int | None) -> None:
    """Put the records of a sheet into the table; an empty row is none."""
    headless = names_in == NO_NAMES
    rows, top = sheet.rows, _top(sheet.rows) if headless else int(names_in) - sheet.first - 1
    above = [row for row in rows[:top] if _filled(row)]
    table.rejected += [Rejected(table.name, None, above_names(_said(row)), what=ABOVE) for row in above]
    start = _said_rows(rows[top:])
    width = len(rows[top])
    head, below_it = ([""] * width, 0) if headless else head_of(start)
    names = names_for(width) if headless else unique_names(head)
    numbered = ((number, row) for number, row in enumerate(rows[top + (not headless) :]) if _filled(row))
    whole = list(numbered)
    _explain(table, names, [row for _, row in whole[:below_it]])
    del whole[:below_it]
    whole = _without_repeats(table, sheet, whole, names, first=top + (not headless) + 1)
    below = _below(whole)
    for number, row in whole[len(whole) - below :]:
        place = in_words(ROW, sheet.first + top + (not headless) + 1 + number, printable(cut(sheet.name, 100)))
        table.rejected.append(Rejected(table.name, number, below_table(_said(row)), place, what=FOOT))
    records = whole[: len(whole) - below][:limit]
    table.records.extend(number for number, _ in records)
    table.numbering = Numbering(ROW, printable(cut(sheet.name, 100)))
    table.numbering.note(0, sheet.first + top + (not headless) + 1)
    columns = [_column([row[place] for _, row in records]) for place in range(width)]
    named = [
        (name, place)
        for place, name in enumerate(names)
        if head[place] or start[0][place] or columns[place].null_count < len(records)
    ]
    table.columns = {name: joined([columns[place]]) for name, place in named}


def _without_repeats(
    table: Table, sheet: _Sheet, whole: list[tuple[int, Row]], names: Sequence[str], *, first: int
) -> list[tuple[int, Row]]:
    """Return the rows without those that repeat the column names, which are listed; *first* is where rows begin."""
    named = next((at for at, name in enumerate(names) if name != f"column {at + 1}"), 0)
    some = [(number, row) for number, row in whole if type(row[named]) is str and row[named].strip() == names[named]]
    again = {number for number, row in some if are_names([_said_cell(cell) for cell in row], names)}
    for number in sorted(again):
        place = in_words(ROW, sheet.first + first + number, printable(cut(sheet.name, 100)))
        table.rejected.append(Rejected(table.name, number, SAID_AGAIN, place, what=AGAIN))
    return [(number, row) for number, row in whole if number not in again] if again else whole


def _below(whole: Sequence[tuple[int, Row]]) -> int:
    """Return how many of the last filled rows are below the table: notes, totals, other tables under a blank row."""
    last, rows = whole[-_LOOKED_BELOW:], list[list[str]]()
    before = last[0][0] if last else 0
    for number, row in last:
        if number > before + 1:
            rows.append([""] * len(row))
        rows.append([_said_cell(cell) for cell in row])
        before = number
    below = below_all(rows)
    return sum(any(row) for row in rows[len(rows) - below :])


def _explain(table: Table, names: Sequence[str], rows: Sequence[Row]) -> None:
    """Tell what rows below the column names, as surveys have them, say of the columns; they are no records."""
    for said in ([_said_cell(cell) for cell in row] for row in rows):
        if not table.described and not are_ids(said):
            table.described = described(names, said)
        text = " · ".join(filter(None, said))
        table.rejected.append(Rejected(table.name, None, below_names(text), what=BELOW))


def _said_rows(rows: Sequence[Row]) -> list[list[str]]:
    """Return the first rows that have something in them, as texts."""
    return [[_said_cell(cell) for cell in row] for row in rows[:_START_ROWS] if _filled(row)]


def _shown(row: Row) -> str:
    said = printable(_said(row))
    return said if len(said) <= _ROW_SHOWN else f"{said[:_ROW_SHOWN]}…"


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


SPREADSHEET = FileReader(
    name="spreadsheets",
    suffixes=(".xlsx", ".xls", ".xlsm", ".xlsb", ".ods"),
    choices=("sheet", HEADER),
    summary="A sheet, the fullest or a chosen one: one column is the text, the others are kept with their types.",
    kind=TABLE,
    read=read_spreadsheet,
)
