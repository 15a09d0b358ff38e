"""Reads what web servers log: a request is an item, with its time, status, path and the rest as columns.

Apache's and nginx's common and combined forms, with what people add before and behind; W3C's extended form, whose line
of “#Fields” has the names (IIS, CloudFront).  What programs log otherwise, `loglines` reads.
"""

from __future__ import annotations

import re
from array import array
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import TypeAlias

from explorer.ingest.choosing import chosen
from explorer.ingest.columns import NUMBERS
from explorer.ingest.encodings import decoded, detect, lines_of
from explorer.ingest.loglines import ENTRIES, ITEMS, TEXT, TIME
from explorer.ingest.reader import BATCH, Advance, Source, Table, above_names, check_size
from explorer.ingest.rowwise import TextColumns
from explorer.ingest.soundlines import sound_lines
from explorer.types import ABOVE, LINE, Choice, Numbering, Rejected

_OPTIONS = ((ENTRIES, "a request, with its time and status"), ("lines", "a line"))
_QUOTED = r'"(?P<{}>(?:[^"\\]|\\.)*+)"'
_REQUEST = re.compile(
    r"(?P<before>[^\[\"]{1,400}?) \[(?P<time>\d{2}/[A-Z][a-z]{2}/\d{4}:\d{2}:\d{2}:\d{2}(?:\.\d+)?(?: [+-]\d{4})?"
    r"|\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?(?:Z|[+-]\d{2}:?\d{2})?)\] "
    rf"{_QUOTED.format('request')} (?P<status>\d{{3}}|-)(?: (?P<bytes>\d+|-))?"
    rf"(?: {_QUOTED.format('referrer')}(?: {_QUOTED.format('agent')})?)?(?P<more>(?: .*)?)"
)
_ASKED = re.compile(r"(?P<method>[A-Z][A-Z_-]{1,30}) (?P<path>\S.*?)(?: (?P<protocol>[A-Z]+/[\d.]+))?")
_BEFORE = (("client",), ("client", "user"), ("client", "ident", "user"), ("host", "client", "ident", "user"))
"""What stands before the time, by how many words these are."""
_DIRECTIVE = re.compile(r"#(?:Version|Software|Date|Fields|Start-Date|End-Date|Remark|GMT-Offset):\s*(?P<said>.*)")
_FIELDS = "#Fields:"
_CELL = re.compile(r'"(?P<quoted>(?:[^"]|"")*+)"(?=\s|$)|(?P<plain>\S+)')
_METHODS, _PATHS, _QUERIES = ("cs-method",), ("cs-uri-stem", "cs-uri"), ("cs-uri-query",)
_FEWEST, _SHARE, _LOOKED_AT, _NARROWEST = 2, 0.8, 200, 3
"""Requests at least, and as a share of the first lines that are looked at; fields of one."""
_NOTHING = "-"
Row: TypeAlias = dict[str, str | None]


def are_requests(lines: Sequence[str]) -> bool:
    """Say whether lines are what a web server logs, by the first ones."""
    form, rows, known = _Form(), 0, 0
    for line in islice((line for line in lines if line.strip()), _LOOKED_AT):
        if not form.directs(line):
            rows += 1
            known += form.row(line) is not None
    return known >= max(_FEWEST, _SHARE * rows)


def read_access_log(source: Source, advance: Advance, *, limit: int | None = None) -> Table:
    """Read the requests of a web server's log, or the first *limit* ones; a line of another form is an item as it is.

    Raises UnreadableFile, BadChoice.
    """
    encoding = detect(source, sample=limit is not None)
    items = chosen(source, Choice(ITEMS, "An item is", ENTRIES, _OPTIONS, why="its lines are requests of a web server"))
    choices = (*encoding.choices, items)
    table = Table(source.name, {}, array("q"), choices=choices, text=TEXT, numbering=Numbering(LINE), recognise=NUMBERS)
    rows = TextColumns()
    with source.open() as file, decoded(file, encoding, newline=None) as text:
        found = _rows(table, sound_lines(table, lines_of(text, encoding), encoding))
        for number, (at, row) in enumerate(islice(found, limit)):
            if number % BATCH == 0:
                advance(file.tell())
                check_size(source.name, rows=number, columns=len(row))
            rows.add(row)
            table.records.append(number)
            table.numbering.note(number, at + 1)
        advance(file.tell())
    table.columns = rows.columns(TEXT)
    return table


def _rows(table: Table, lines: Iterator[str]) -> Iterator[tuple[int, Row]]:
    """Yield the number of each line from 0, and its row; lines that explain the others are told."""
    form = _Form()
    for at, line in enumerate(lines):
        line = line.strip()
        if not line:
            continue
        if form.directs(line):
            table.rejected.append(Rejected(table.name, None, above_names(line), what=ABOVE))
        else:
            yield at, form.row(line) or {TEXT: line}


class _Form:
    """How the lines of a log are written, as far as it has said so."""

    def __init__(self) -> None:
        self._names: list[str] = []

    def directs(self, line: str) -> bool:
        """Take a line that says how those behind it are written; return whether it is one."""
        found = _DIRECTIVE.match(line)
        if found is None:
            return False
        if line.startswith(_FIELDS):
            names = found["said"].split()
            self._names = names if len(names) >= _NARROWEST else []
        return True

    def row(self, line: str) -> Row | None:
        """Return the row of a request; None of a line that is none."""
        return self._of_fields(line.strip()) if self._names else _of_request(line.strip())

    def _of_fields(self, line: str) -> Row | None:
        by_tabs = "\t" in line
        cells = line.split("\t") if by_tabs else [_cell(found) for found in _CELL.finditer(line)]
        if len(cells) != len(self._names):
            return None
        row: Row = {name: _told(cell) for name, cell in zip(self._names, cells, strict=True)}
        method, path, query = (next((row[name] for name in names if row.get(name)), None) for names in _WHAT)
        asked = f"{path}?{query}" if path and query else path
        return {TEXT: " ".join(filter(None, (method, asked))) or line, **row}


_WHAT = (_METHODS, _PATHS, _QUERIES)


def _cell(found: re.Match[str]) -> str:
    return found["plain"] if found["quoted"] is None else found["quoted"].replace('""', '"')


def _told(cell: str | None) -> str | None:
    """Return what a field says; None where a web server writes that there is nothing."""
    return None if cell in (None, "", _NOTHING) else cell


def _before(words: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Yield the names of the words before the time, and these; a user's name may have blanks.

    Nobody's clients say who asks, so that a dash tells whether the host stands before the client.
    """
    with_host = len(words) >= len(_BEFORE) and words[1] != _NOTHING
    names = _BEFORE[-1] if with_host else _BEFORE[min(len(words), len(_BEFORE) - 1) - 1]
    yield from zip(names, [*words[: len(names) - 1], " ".join(words[len(names) - 1 :])], strict=True)


def _of_request(line: str) -> Row | None:
    found = _REQUEST.fullmatch(line)
    if found is None:
        return None
    row: Row = {name: _told(word) for name, word in _before(found["before"].split(" "))}
    asked = _ASKED.fullmatch(found["request"])
    said = _told(found["request"])
    text = f"{asked['method']} {asked['path']}" if asked else said or line
    parts = asked.groupdict() if asked else {"method": None, "path": None, "protocol": None}
    rest = {name: _told(found[name]) for name in ("status", "bytes", "referrer", "agent")}
    return {TEXT: text, TIME: found["time"], **parts, **rest, **row, "more": found["more"].strip() or None}
