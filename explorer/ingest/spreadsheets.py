"""Reads spreadsheets (Excel, OpenDocument): one sheet becomes the table, its cells keep their types.

It is the sheet that holds most, or a chosen one, or those that have the same column names.  Formulas are not
computed: a cell has the value that its program saved.  It chooses no text column: `loading` does.
"""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from explorer.ingest.choosing import chosen
from explorer.ingest.columnnames import names_for, unique_names
from explorer.ingest.columns import from_values
from explorer.ingest.delimited import read_delimited
from explorer.ingest.documents.decoding import content_of
from explorer.ingest.documents.pagetables import table_of_page
from explorer.ingest.documents.pagetexts import as_utf8
from explorer.ingest.encodings import check_no_web_page, is_web_page, printable
from explorer.ingest.firstrecord import are_data, are_sure, judged
from explorer.ingest.footing import below_all
from explorer.ingest.numberforms import unit_in_words
from explorer.ingest.parts import free_name
from explorer.ingest.reader import (
    NO_RESULT,
    TABLE,
    Advance,
    FileReader,
    Source,
    Table,
    above_names,
    below_names,
    below_table,
    joined,
)
from explorer.ingest.repeating import SAID_AGAIN, are_names
from explorer.ingest.sheets import (
    HEADER,
    START_ROWS,
    Row,
    Sheet,
    filled,
    plain,
    read_sheets,
    said_cell,
    said_rows,
    top_of,
)
from explorer.ingest.sidetables import told_beside
from explorer.ingest.surveyheads import are_ids, described, head_of
from explorer.ingest.workbooks import check_workbook
from explorer.ingest.workbooktexts import check_no_xml, checked, is_text, start_of
from explorer.types import ABOVE, AGAIN, BELOW, FOOT, NOTE, PART, ROW, Choice, Numbering, Rejected, cut

_LOOKED_BELOW = 200
NO_NAMES = "none"
_NAMES_OFFERED, _ROW_SHOWN = 12, 60
SHEETS = "sheet"
"""What the column of the sheets is called, where several are read together."""


def read_spreadsheet(source: Source, advance: Advance, *, limit: int | None = None) -> Table:
    """Read the chosen sheet or the one with the most filled cells, or its first *limit* records.

    Sheets with its column names are read with it, below one another, unless one was chosen.  A hidden sheet is read
    only where it is chosen or no other has a cell.  What is left out – other sheets, rows above the column names – is
    rejected with its reason.  Raises UnreadableFile.
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
        book = read_sheets(source, file)
    advance(source.size)
    table = Table(source.name, {}, array("q"))
    if book.choice is None:
        return table
    table.choices = (book.choice,)
    table.rejected += book.left_out(source.name)
    if len(book.read) > 1:
        _fill_together(table, book.read, replace(source, choices={}), limit)
    elif book.read[0].size[1]:
        names = _names_choice(source, book.read[0])
        table.choices = (book.choice, names)
        told = _records(table, book.read[0], names.value, 0, limit)
        table.columns = {name: joined([_column(told.cells(name))]) for name in told.names if told.is_told(name)}
    return table


def _names_choice(source: Source, sheet: Sheet) -> Choice:
    """Return which row of a sheet has the column names, as its program counts rows; or that there is none."""
    top = top_of(sheet.rows)
    start = said_rows(sheet.rows[top:])
    explained, verdicts = head_of(start)[1], judged(start, titled=top > 0)
    headless = not explained and are_data(verdicts)
    sure = explained > 0 or are_sure(verdicts, len(start))
    guess = NO_NAMES if headless else str(sheet.first + top + 1)
    there = [at for at, row in enumerate(sheet.rows[:START_ROWS]) if filled(row)]
    shown = there[:_NAMES_OFFERED] if top in there[:_NAMES_OFFERED] else [*there[: _NAMES_OFFERED - 1], top]
    if (asked := source.choices.get(HEADER, "")).isdecimal() and len(asked) < 9:
        shown += [at for at in there if str(sheet.first + at + 1) == asked and at not in shown]
    options = [(str(sheet.first + at + 1), f"row {sheet.first + at + 1}: {_shown(sheet.rows[at])}") for at in shown]
    why = "" if sure else "nothing tells the first row from those below it"
    offered = (*options, (NO_NAMES, "none: every row is a record"))
    return chosen(source, Choice(HEADER, "Column names", guess, offered, sure=sure, why=why))


@dataclass(frozen=True)
class _Told:
    """The records of a sheet and its column names; *named* is what the file itself says above each."""

    names: Sequence[str]
    named: Sequence[bool]
    records: Sequence[Row]

    def cells(self, name: str) -> list[Any]:
        """Return the cells of a column; of one that is not there as many empty ones."""
        if name not in self.names:
            return [""] * len(self.records)
        at = self.names.index(name)
        return [row[at] for row in self.records]

    def is_told(self, name: str) -> bool:
        """Whether a column has a name or a value."""
        at = self.names.index(name)
        return self.named[at] or any(row[at] != "" for row in self.records)


def _fill_together(table: Table, sheets: Sequence[Sheet], as_found: Source, limit: int | None) -> None:
    """Put the records of sheets with the same columns one below the other, with a column of the sheets.

    Of such whose names are not sure, each has its first row as these or not, as in the file *as_found*.
    """
    told = []
    for sheet in sheets:
        left = None if limit is None else limit - len(table)
        if left == 0:
            break
        named = str(sheet.first + top_of(sheet.rows) + 1) if sheet.names else _names_choice(as_found, sheet).value
        told.append(_records(table, sheet, named, _next_record(table), left))
    names = dict.fromkeys(name for one in told for name in one.names if one.is_told(name))
    table.columns = {name: joined([_column([cell for one in told for cell in one.cells(name)])]) for name in names}
    of = [sheet.name for sheet, one in zip(sheets, told, strict=False) for _ in one.records]
    table.columns[free_name(SHEETS, names)] = joined([_column(list(map(printable, of)))])


def _next_record(table: Table) -> int:
    """Return a number that no record of the table has, nor what was rejected of it."""
    last = max((one.row for one in table.rejected if one.row is not None), default=-1)
    return max(last, table.records[-1] if table.records else -1) + 1


def _records(table: Table, sheet: Sheet, names_in: str, base: int, limit: int | None) -> _Told:
    """Put the records of a sheet into the table, numbered from *base* on, and return them; an empty row is none."""
    headless = names_in == NO_NAMES
    rows, top = sheet.rows, top_of(sheet.rows) if headless else int(names_in) - sheet.first - 1
    above = [row for row in rows[:top] if filled(row)]
    table.rejected += [Rejected(table.name, None, above_names(_said(row)), what=ABOVE) for row in above]
    start = said_rows(rows[top:])
    width = len(rows[top])
    head, below_it = ([""] * width, 0) if headless else head_of(start)
    names = names_for(width) if headless else unique_names(head)
    first = top + (not headless)
    whole = [(base + number, row) for number, row in enumerate(rows[first:]) if filled(row)]
    _number(table, sheet, base, sheet.first + first + 1)
    _explain(table, names, [row for _, row in whole[:below_it]])
    del whole[:below_it]
    whole = _without_repeats(table, whole, names)
    below = _below(whole)
    for number, row in whole[len(whole) - below :]:
        place = table.numbering.place(number)
        table.rejected.append(Rejected(table.name, number, below_table(_said(row)), place, what=FOOT))
    records = whole[: len(whole) - below][:limit]
    table.records.extend(number for number, _ in records)
    _tell_shown(table, sheet, names)
    named = [bool(one or other) for one, other in zip(head, start[0], strict=False)]
    named += [False] * (width - len(named))
    rows = [row for _, row in records]
    if limit is None:
        told = told_beside(names, named, rows)
        table.rejected += [Rejected(table.name, None, reason, what=NOTE) for reason in told]
    return _Told(names, named, rows)


def _tell_shown(table: Table, sheet: Sheet, names: Sequence[str]) -> None:
    """Tell the units that the numbers of columns are shown in, and of formulas that nobody computed."""
    for column, units in sheet.shown.units.items():
        if column < len(names):
            told = {names[column]: unit_in_words(next(iter(units)))}
            table.described = told | dict(table.described)
    table.rejected += [Rejected(table.name, None, said, what=NOTE) for said in sheet.shown.beside.told()]
    for column, count in sorted(sheet.shown.unresolved.items()):
        if column < len(names):
            name, many = cut(names[column], 100), f"{count:,} formula{'s' * (count != 1)}"
            table.rejected.append(Rejected(table.name, None, f"{many} of “{name}” {NO_RESULT}", what=PART))


def _number(table: Table, sheet: Sheet, base: int, first: int) -> None:
    """Say that records from *base* on stand in this sheet, the first of them in that row."""
    within = printable(cut(sheet.name, 100))
    if base:
        table.numbering.enter(base, within)
    else:
        table.numbering = Numbering(ROW, within)
    table.numbering.note(base, first)


def _without_repeats(table: Table, whole: list[tuple[int, Row]], names: Sequence[str]) -> list[tuple[int, Row]]:
    """Return the rows without those that repeat the column names, which are listed."""
    named = next((at for at, name in enumerate(names) if name != f"column {at + 1}"), 0)
    some = [(number, row) for number, row in whole if type(row[named]) is str and row[named].strip() == names[named]]
    again = {number for number, row in some if are_names([said_cell(cell) for cell in row], names)}
    for number in sorted(again):
        place = table.numbering.place(number)
        table.rejected.append(Rejected(table.name, number, SAID_AGAIN, place, what=AGAIN))
    return [(number, row) for number, row in whole if number not in again] if again else whole


def _below(whole: Sequence[tuple[int, Row]]) -> int:
    """Return how many of the last filled rows are below the table: notes, totals, other tables under a blank row."""
    last, rows = whole[-_LOOKED_BELOW:], list[list[str]]()
    before = last[0][0] if last else 0
    for number, row in last:
        if number > before + 1:
            rows.append([""] * len(row))
        rows.append([said_cell(cell) for cell in row])
        before = number
    below = below_all(rows)
    return sum(any(row) for row in rows[len(rows) - below :])


def _explain(table: Table, names: Sequence[str], rows: Sequence[Row]) -> None:
    """Tell what rows below the column names, as surveys have them, say of the columns; they are no records."""
    for said in ([said_cell(cell) for cell in row] for row in rows):
        if not table.described and not are_ids(said):
            table.described = described(names, said)
        text = " · ".join(filter(None, said))
        table.rejected.append(Rejected(table.name, None, below_names(text), what=BELOW))


def _shown(row: Row) -> str:
    said = printable(_said(row))
    return said if len(said) <= _ROW_SHOWN else f"{said[:_ROW_SHOWN]}…"


def _said(row: Row) -> str:
    return " · ".join(said_cell(cell) for cell in row if cell != "")


def _column(cells: Sequence[Any]) -> Any:
    """Return cells as an arrow array: numbers, flags and dates where all are such, else texts."""
    import pyarrow as pa

    values = [plain(cell) for cell in cells]
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
    summary="A sheet, the fullest or a chosen one, or all with its columns: one column is the text, others keep types.",
    kind=TABLE,
    read=read_spreadsheet,
)
