"""Takes the sheets of a workbook: their rows, as calamine has them, and which of them are read.

That is the fullest, or a chosen one, or all that have the same column names.  It makes no table: `spreadsheets` does.
"""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import combinations
from statistics import median
from typing import IO, Any

from explorer.errors import UnreadableFile
from explorer.ingest.cellforms import Shown, take_shown
from explorer.ingest.choosing import chosen
from explorer.ingest.firstrecord import looks_like_data
from explorer.ingest.numberforms import with_unit
from explorer.ingest.reader import Source, check_size
from explorer.ingest.shape import titles_of
from explorer.ingest.surveyheads import head_of
from explorer.ingest.textcolumn import rank
from explorer.types import SHEET, Choice, Rejected, cut

START_ROWS = 200
_HEADER_SHARE = 0.5
"""Cells filled in the row of column names, at least, as a share of those in a usual row: a title has fewer."""
_FAR_MORE = 4
"""So many times the filled cells of any other sheet are enough to be sure which one is meant."""
_FEWEST_NAMES, _COMPARED = 2, 50
"""Column names of sheets that are read together, at least; sheets of which it is looked whether one is a copy."""
_EXACT = 2**53
_EXPLAINS = re.compile(
    r"read.?me|code.?book|dictionary|legende?\b|glossar|instructions?|variables?\b|variablen|metadata|metadaten"
    r"|look.?ups?\b|anleitung|erläuterung|hinweise|notice|leyenda|légende|instrucciones|istruzioni|legenda",
    re.IGNORECASE,
)
"""What sheets are called that explain the others."""
ALL, HEADER = "(all)", "header"

Row = list[Any]


@dataclass(frozen=True)
class Sheet:
    """A sheet's name and rows from its first filled one on; *first* and *left* are where these begin, from 0.

    *size* are its filled rows and its filled cells, *names* its column names where it surely has some, *width* how many
    columns it has, *begins* what stands first in a single one; of one that
    is not read the rows are forgotten.  *merged* are the cells that are shown as one, *marks* tell its first records.
    """

    name: str
    hidden: bool
    first: int = 0
    left: int = 0
    rows: list[Row] = field(default_factory=list)
    size: tuple[int, int] = (0, 0)
    names: tuple[str, ...] = ()
    width: int = 0
    begins: str = ""
    merged: Sequence[Any] = ()
    marks: frozenset[int] = frozenset()
    shown: Shown = field(default_factory=Shown)
    is_data: bool = False
    """Whether it has a text beside other columns, and is not called as what explains a table is."""

    @property
    def label(self) -> str:
        """Its name, and how much is in it."""
        return f"{self.name} ({_many(self.size[0], 'row')}{', hidden' * self.hidden})"

    @property
    def has_rows(self) -> bool:
        """Whether it has more than a title or the names of columns."""
        return self.size[0] > 1

    @property
    def weight(self) -> tuple[bool, bool, bool, int]:
        """How much speaks for reading it: that it has rows, is visible, is data, how many cells."""
        return self.has_rows, not self.hidden, self.is_data, self.size[1]


@dataclass(frozen=True)
class Book:
    """The sheets of a workbook, which of them are *read*, with their rows, and the choice that says so."""

    sheets: Sequence[Sheet]
    read: Sequence[Sheet] = ()
    choice: Choice | None = None

    def left_out(self, source: str) -> list[Rejected]:
        """Return what is told of the sheets that have something in them and are not read, hidden ones too."""
        read = {sheet.name for sheet in self.read}
        left = [sheet for sheet in self.sheets if sheet.name not in read and sheet.size[1]]
        return [self._left_out(source, sheet) for sheet in left]

    def _left_out(self, source: str, sheet: Sheet) -> Rejected:
        assert self.choice is not None
        name, best = cut(sheet.name, 100), cut(self.read[0].name, 100)
        if sheet.hidden:
            size = _many(sheet.size[1], "filled cell")
            told = f"the sheet “{name}” ({size}) is hidden and not read; {_cure(name)}"
            return Rejected(source, None, told, what=SHEET)
        more = _more(self.read[0], sheet)
        either = ", or all together," if _have_same_columns(self.read[0], sheet) else ""
        other = f"“{best}” was chosen" if self.choice.asked else f"“{best}” {more}; choose this one{either} to read it"
        if not self.choice.asked and self.read[0].names == sheet.names and _are_copies(self.read[0], sheet):
            other = (
                f"it has the columns and most rows of “{best}”, as a copy has; choose it, or all together, to read it"
            )
        if len(self.read) > 1:
            other = "it has other columns than those that are read together; choose it to read it"
        told = f"the sheet “{name}” ({_many(sheet.size[1], 'filled cell')}) is not read, {other}"
        return Rejected(source, None, told, what=SHEET)


def _cure(name: str) -> str:
    """Return how a sheet that nobody sees is chosen: on the page, on the command line, over REST."""
    asked = json.dumps({SHEET: name}, ensure_ascii=False)
    by_name = shlex.quote(f"{SHEET}={name}")
    return f"choose it under “Sheet” to read it (--read {by_name}; over REST choices: {asked})"


def read_sheets(source: Source, file: IO[bytes]) -> Book:
    """Return the sheets of a workbook, with the rows of those that are to be read.

    Raises UnreadableFile, BadChoice.
    """
    from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetTypeEnum, SheetVisibleEnum

    try:
        book = CalamineWorkbook.from_filelike(file)
        listed = [sheet for sheet in book.sheets_metadata if sheet.typ == SheetTypeEnum.WorkSheet]
        found: dict[str, Sheet] = {}
        best: Sheet | None = None
        for known in sorted(listed, key=lambda sheet: sheet.visible != SheetVisibleEnum.Visible):
            of_use = known.visible == SheetVisibleEnum.Visible or best is None or not best.has_rows
            sheet = _sheet(source, book, known, of_use=of_use)
            best = _better(best, sheet, source)
            found[known.name] = sheet
        sheets = [found[known.name] for known in listed]
        if not sheets:
            return Book(sheets)
        choice, names = _choice(source, sheets)
        whole = {known.name: known for known in listed}
        meant = [sheet for sheet in sheets if sheet.name in names]
        check_size(source.name, rows=sum(one.size[0] for one in meant), columns=max(len(one.names) for one in meant))
        read = [one if one.rows else _sheet(source, book, whole[one.name], of_use=True) for one in meant]
    except PasswordError as exc:
        raise UnreadableFile(f"{source.name} is locked with a password. Save it without one.") from exc
    except CalamineError as exc:
        why = str(exc).rstrip(". ")
        raise UnreadableFile(
            f"{source.name} is not a whole spreadsheet: {why}. Save it again from its program, or as CSV."
        ) from exc
    shown = [replace(one, shown=_shown(file, one)) for one in read]
    for one in shown:
        _fill_down(one)
    return Book(sheets, shown, choice)


def _shown(file: IO[bytes], sheet: Sheet) -> Shown:
    """Put into a sheet what its cells show beside numbers; where a column has several units, these too."""
    shown = take_shown(file, sheet.name, sheet.rows, sheet.first, sheet.left)
    for column, units in [*shown.units.items()]:
        if len(units) > 1:
            for unit, rows in units.items():
                for row in rows:
                    sheet.rows[row][column] = with_unit(sheet.rows[row][column], unit)
            del shown.units[column]
    return shown


def _choice(source: Source, sheets: Sequence[Sheet]) -> tuple[Choice, list[str]]:
    """Return which sheets are read, and their names: chosen ones, those like the fullest one, or that alone.

    Several are read together where nobody chose and they have the same column names: parts of one table.  Not where
    one is a copy of another, as what somebody cleaned.
    """
    fullest = max(sheets, key=lambda sheet: sheet.weight)
    visible = [sheet for sheet in sheets if not sheet.hidden and sheet.size[1]]
    alike = [] if fullest.hidden else [sheet for sheet in visible if _have_same_columns(sheet, fullest)]
    copied = any(_are_copies(one, other) for one, other in combinations(alike[:_COMPARED], 2))
    options = [(sheet.name, sheet.label) for sheet in sheets]
    rivals = [sheet for sheet in sheets if sheet is not fullest and not sheet.hidden]
    sure = all(_FAR_MORE * sheet.size[1] < fullest.size[1] for sheet in rivals)
    most = all(sheet.size[1] <= fullest.size[1] for sheet in rivals)
    value, why = fullest.name, "it has the most in it" if most else "it has a text beside other columns"
    if any(sheet.weight == fullest.weight for sheet in rivals):
        why = "it is the first of those that have the most in them"
    if copied:
        why = "sheets with the same columns have the same rows, too, as copies have"
    why = "" if len(sheets) == 1 else why
    if fullest.hidden and len(sheets) > 1:
        sure, why = False, "it is hidden, but no sheet that is shown has more than one row"
    every = next((ALL + "*" * more for more in range(len(sheets)) if ALL + "*" * more not in dict(options)), ALL)
    if len(alike) > 1:
        columns = "the same columns" if fullest.names else "as many columns"
        options.append((every, f"the {len(alike):,} sheets with {columns}, together"))
        if (
            fullest.names and not source.choices.get(HEADER) and not copied
        ):  # what is said of names is said of one sheet
            value, why, sure = every, "they have the same columns", len(alike) == len(visible)
    choice = chosen(source, Choice("sheet", "Sheet", value, tuple(options), sure=sure, why=why))
    together = choice.value == every and len(alike) > 1
    return choice, [sheet.name for sheet in alike] if together else [choice.value]


def _more(read: Sheet, other: Sheet) -> str:
    """Return in words what speaks for the sheet that is read, and not for the other."""
    if read.is_data and not other.is_data:
        return "has a text beside other columns"
    return "has more in it" if read.size[1] > other.size[1] else "has as much in it and stands before it"


def _have_same_columns(one: Sheet, other: Sheet) -> bool:
    """Whether sheets have the same column names, or, where these are not sure, as many columns.

    Of single columns the first cell tells.
    """
    alike = one.width == other.width and (one.width > 1 or one.begins == other.begins)
    return one.names == other.names and (bool(one.names) or (alike and one.has_rows and other.has_rows))


def _are_copies(one: Sheet, other: Sheet) -> bool:
    """Whether of the first records of a sheet half or more are among those of another one."""
    fewer, more = sorted((one.marks, other.marks), key=len)
    return bool(fewer) and 2 * len(fewer & more) >= len(fewer)


def _better(best: Sheet | None, sheet: Sheet, source: Source) -> Sheet:
    """Return the one of two sheets that is rather read, and forget the rows of the other."""

    def weight(sheet: Sheet) -> tuple[bool, tuple[bool, bool, bool, int]]:
        return sheet.name == source.choices.get("sheet"), sheet.weight

    if best is None:
        return sheet
    kept, left = (sheet, best) if weight(sheet) > weight(best) else (best, sheet)
    left.rows.clear()
    return kept


def _sheet(source: Source, book: Any, known: Any, *, of_use: bool) -> Sheet:
    """Return a sheet with its rows; without them where it is too large, not *of_use* and not chosen."""
    from python_calamine import SheetVisibleEnum

    sheet = book.get_sheet_by_name(known.name)
    hidden = known.visible != SheetVisibleEnum.Visible
    if sheet.start is None:
        return Sheet(known.name, hidden)
    try:
        check_size(source.name, rows=sheet.height, columns=sheet.width)
    except UnreadableFile:
        if of_use or source.choices.get("sheet") == known.name:
            raise
        return Sheet(known.name, hidden, size=(sheet.height, 0))
    rows = sheet.to_python(skip_empty_area=True)
    counts = [count for row in rows if (count := filled(row))]
    merged, size = tuple(sheet.merged_cell_ranges or ()), (len(counts), sum(counts))
    first, left = sheet.start
    names = _names(rows) if counts else ()
    marks = frozenset(hash(tuple(row)) for row in rows[top_of(rows) + 1 :][:START_ROWS] if filled(row)) if names else ()
    is_data = _is_data(known.name, names, rows)
    width = max(map(len, rows), default=0)
    begins = said_cell(rows[0][0]) if width == 1 else ""
    made = Sheet(known.name, hidden, first, left, rows, size, names, merged=merged, marks=frozenset(marks))
    return replace(made, width=width, begins=begins, is_data=is_data)


def _is_data(name: str, names: Sequence[str], rows: list[Row]) -> bool:
    """Whether a sheet with these column names has a text beside other columns; not one that explains the others."""
    if not names or _EXPLAINS.search(name):
        return False
    some = rows[top_of(rows) + 1 :][:START_ROWS]
    sample = {
        f"{at} {called}": [value for row in some if type(value := row[at]) is str and value]
        for at, called in enumerate(names)
    }
    return bool(rank({name: values for name, values in sample.items() if values}))


def _names(rows: list[Row]) -> tuple[str, ...]:
    """Return the column names of a sheet, where it surely has some, without what has none behind them."""
    top = top_of(rows)
    start = said_rows(rows[top:])
    names, below = head_of(start)
    if not below and looks_like_data(start, titled=top > 0):
        return ()
    named = [" ".join(name.split()) for name in names]
    while named and not named[-1]:
        named.pop()
    return tuple(named) if sum(map(bool, named)) >= _FEWEST_NAMES else ()


def _fill_down(sheet: Sheet) -> None:
    """Give each row that has something in it the value of a cell that was merged over several rows of one column.

    Only the first of such cells is stored with the value, and all show it.
    """
    rows, there = sheet.rows, [filled(row) > 0 for row in sheet.rows]
    left = sum(map(len, rows))
    for (top, column), (bottom, last) in sheet.merged:
        first, at = top - sheet.first, column - sheet.left
        if column != last or top == bottom or not (0 <= first < len(rows) and 0 <= at < len(rows[0])):
            continue
        value = rows[first][at]
        for row in range(first + 1, min(bottom - sheet.first + 1, len(rows))):
            left -= 1
            if value == "" or left < 0:  # ranges that lie over one another are made to take long
                break
            if there[row] and rows[row][at] == "":
                rows[row][at] = value


def filled(row: Row) -> int:
    """Return how many cells of a row have something in them."""
    return sum(cell != "" for cell in row)


def top_of(rows: Sequence[Row]) -> int:
    """Return the first row that is no title: it has over half of the filled cells that rows usually have.

    Or it has the names of groups of columns, right above their own.
    """
    counts = [filled(row) for row in rows[:START_ROWS]]
    usual = median(count for count in counts if count)
    top = next((at for at, count in enumerate(counts) if count > _HEADER_SHARE * usual), 0)
    top = top or titles_of([[said_cell(cell) for cell in row] for row in rows[:START_ROWS]])
    return top - 1 if top and counts[top - 1] > 1 and head_of(said_rows(rows[top - 1 :]))[1] else top


def said_rows(rows: Sequence[Row]) -> list[list[str]]:
    """Return the first rows that have something in them, as texts."""
    return [[said_cell(cell) for cell in row] for row in rows[:START_ROWS] if filled(row)]


def said_cell(cell: Any) -> str:
    """Return a cell as a text."""
    return str(plain(cell) if cell != "" else "")


def plain(cell: Any) -> Any:
    """Return a cell as it is meant: a spreadsheet has all its numbers as floats, and what is empty as a text."""
    if cell == "":
        return None
    if type(cell) is float and cell.is_integer() and abs(cell) <= _EXACT:
        return int(cell)
    return cell


def _many(count: int, noun: str) -> str:
    return f"{count:,} {noun}{'s' * (count != 1)}"
