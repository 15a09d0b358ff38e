"""Reads delimited text (CSV, TSV): finds the delimiter and the header, keeps every fault with its row.

It infers no types and chooses no text column: `columns` and `textcolumn` do.
"""

from __future__ import annotations

import csv
import re
from array import array
from collections import Counter, deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from statistics import fmean
from typing import Any, NamedTuple

from explorer.ingest.columns import NUMBERS
from explorer.ingest.encodings import Encoding, LongLine, decoded, detect, lines_of, printable
from explorer.ingest.reader import BATCH, TABLE, Advance, FileReader, Source, Table, check_size, joined
from explorer.ingest.textcolumn import LONGEST, is_code, is_known_name
from explorer.types import Rejected

DELIMITERS = (",", ";", "\t", "|")
ONE_COLUMN = "\x1f"
"""Stands for "no delimiter": the unit separator does not occur in text."""

FIELD_LIMIT = 32 * 2**20
SNIFF_LINES = 400
_SNIFF_CHARS = 2**20
_HEADER_ROWS = 200
_STRAY_QUOTE_LINES = 50
_BATCH_CELLS = 2_000_000


class _Most(NamedTuple):
    """How many lines and characters a record of several lines may have."""

    lines: int
    chars: int


_LONG_RECORD, _SHORT_RECORD = _Most(200_000, FIELD_LIMIT), _Most(_STRAY_QUOTE_LINES, 20_000)
_AGAIN, _AGAIN_CHARS = 4, 2**20
"""So many times the characters that are done with, and so many more, may be read again before records must be short."""


@dataclass(frozen=True)
class Dialect:
    """How a file is written: its delimiter, whether blanks follow it, its column names, whether line 1 gave them."""

    delimiter: str
    skip_blanks: bool
    names: tuple[str, ...]
    has_header: bool


@dataclass(frozen=True)
class Fault:
    """A record that cannot be used, and why."""

    reason: str


class Records:
    """Iterates over the records of a file, each a list of as many fields as there are columns, or a `Fault`.

    Blank lines are no records, except between those of a table of one column, where one is an empty field.  A record
    whose quotation marks do not pair up is read literally when that gives the right number of fields; the lines that
    it swallowed are read again.
    """

    def __init__(self, lines: Iterable[str]) -> None:
        csv.field_size_limit(max(csv.field_size_limit(), FIELD_LIMIT))
        source = iter(lines)
        start = list(_sniffed(source))
        said = re.fullmatch(r'"?sep=(.)"?\s*', start[0], re.IGNORECASE) if start else None
        if said:
            start = start[1:]
        self.dialect = sniff(start, said[1] if said else None)
        self._feed = _Feed(chain(start, source))

    @property
    def raw(self) -> str:
        """The physical lines of the record that was yielded last."""
        return "".join(self._feed.taken)

    def __iter__(self) -> Iterator[list[str] | Fault]:
        records = self._all()
        if self.dialect.has_header:
            next(records, None)
        return records

    def _all(self) -> Iterator[list[str] | Fault]:
        feed, width = self._feed, len(self.dialect.names)
        reader = _reader(feed, self.dialect.delimiter, self.dialect.skip_blanks, strict=True)
        blank, started = 0, False
        while True:
            feed.begin()
            try:
                fields = next(reader)
            except StopIteration:
                return
            except csv.Error as exc:
                yield self._recovered(str(exc))
                continue
            if not fields:
                blank += width == 1 and started
                continue
            for _ in range(blank):
                yield [""]
            blank, started = 0, True
            yield fields if len(fields) == width else self._misfit(fields)

    def _misfit(self, fields: list[str]) -> list[str] | Fault:
        width, found = len(self.dialect.names), len(fields)
        if found > width and not any(field.strip() for field in fields[width:]):
            return fields[:width]
        if len(self._feed.taken) > 1 and (self._literal() or len(self._feed.taken) > _STRAY_QUOTE_LINES):
            return self._recovered("")
        origin = "the header has" if self.dialect.has_header else "the first record has"
        return Fault(f"the record has {found} field{'s' * (found != 1)} where {origin} {width}")

    def _recovered(self, error: str) -> list[str] | Fault:
        first = self._feed.taken[0]
        literal = self._literal()
        self._feed.push_back_all_but_first()
        if isinstance(first, LongLine):
            return Fault(first.reason)
        if literal:
            return literal
        if "field larger" in error:
            return Fault(f"a field is longer than {FIELD_LIMIT:,} characters")
        return Fault("its quotation marks do not pair up")

    def _literal(self) -> list[str] | None:
        line = self._feed.taken[0].rstrip("\r\n")
        fields = line.split(self.dialect.delimiter)
        return fields if len(fields) == len(self.dialect.names) else None


class _Feed:
    """Hands lines to the csv reader and remembers those of the record that is being read.

    A record may be long, but where lines had to be read again and again, only short ones are hoped for: what is
    handed out in all stays within a fixed multiple of the file.
    """

    def __init__(self, lines: Iterator[str]) -> None:
        self._lines = lines
        self._again: deque[str] = deque()
        self.taken: list[str] = []
        self._chars = 0
        self._done, self._old = 0, 0
        self._most = _LONG_RECORD

    def __iter__(self) -> _Feed:
        return self

    def __next__(self) -> str:
        line = self._again.popleft() if self._again else next(self._lines)
        self.taken.append(line)
        if type(line) is not str or len(self.taken) > 1:  # most records are one line: no more is done for them
            self._check(line)
        return line

    def begin(self) -> None:
        """Begin another record."""
        self._done += sum(map(len, self.taken))
        self.taken.clear()

    def push_back_all_but_first(self) -> None:
        """Have the lines after the first be handed out once more."""
        again = self.taken[1:]
        self._old += sum(map(len, again))
        self._again.extendleft(reversed(again))
        del self.taken[1:]

    def _check(self, line: str) -> None:
        """Raise csv.Error when the line, or the record that it goes on, is too long."""
        if isinstance(line, LongLine):
            raise csv.Error(line.reason)
        if len(self.taken) == 2:
            self._chars = len(self.taken[0])
            self._most = _LONG_RECORD if self._old <= _AGAIN * self._done + _AGAIN_CHARS else _SHORT_RECORD
        self._chars += len(line)
        if len(self.taken) > self._most.lines or self._chars > self._most.chars:
            raise csv.Error("the record is too long")


def sniff(lines: Sequence[str], delimiter: str | None = None) -> Dialect:
    """Return the dialect that a file's first lines are written in."""
    lines = [str(line) for line in lines]
    if delimiter is None:
        fits = {candidate: _fit(lines, candidate) for candidate in DELIMITERS}
        delimiter = max(DELIMITERS, key=fits.__getitem__)
        if fits[delimiter] == _NO_FIT:
            delimiter = ONE_COLUMN
    blanks = any(re.search(re.escape(delimiter) + ' +"', line) for line in lines)
    records = _sample(lines, delimiter, blanks)
    if not records:
        return Dialect(delimiter, blanks, ("text",), False)
    if looks_like_data(records):
        width = Counter(len(record) for record in records).most_common(1)[0][0]
        names = ("text",) if width == 1 else tuple(f"column {i + 1}" for i in range(width))
        return Dialect(delimiter, blanks, names, False)
    return Dialect(delimiter, blanks, unique_names(records[0]), True)


def unique_names(names: Iterable[str]) -> tuple[str, ...]:
    """Return the column names, blanks folded, an empty one named by its position, a repeated one numbered."""
    unique: dict[str, None] = {}
    following: dict[str, int] = {}
    for position, given in enumerate(names, start=1):
        base = " ".join(printable(given).replace("\ufeff", "").split()) or f"column {position}"
        name, number = base, following.get(base, 2)
        while name in unique:
            name, number = f"{base}_{number}", number + 1
        following[base] = number  # the numbers before it are taken for good: no name is tried twice
        unique[name] = None
    return tuple(unique)


def looks_like_data(records: Sequence[list[str]]) -> bool:
    """Say whether the first record is an item like the others rather than a header.

    A header is the rule.  It is data only when some column says so and none objects: a number over numbers, a date
    or address, a sentence, or a value that comes again below say data; a word over numbers, a short name over
    sentences, or a usual column name say header.
    """
    first, rest = records[0], [record for record in records[1:_HEADER_ROWS] if len(record) == len(records[0])]
    verdicts = []
    for position, cell in enumerate(first):
        below = [cut for record in rest if (cut := record[position].strip()[:LONGEST])]
        verdicts.append(_verdict(cell.strip()[:LONGEST], below, alone=len(first) == 1))
    return any(v < 0 for v in verdicts) and not any(v > 0 for v in verdicts)


def _verdict(cell: str, below: list[str], *, alone: bool) -> int:
    """Return 1 when the cell is a header over the values below it, -1 when it is one of them, 0 when unclear."""
    if not cell:
        return 0
    if is_known_name(cell):
        return 1
    codes = fmean(map(is_code, below)) if below else 0.0
    if is_code(cell):
        return -1 if codes > 0.8 and not re.fullmatch(r"(19|20)\d\d", cell) else 0
    if codes > 0.8:
        return 1
    if _is_sentence(cell):
        asked = cell.endswith(("?", ":")) and sum(value.endswith(cell[-1]) for value in below) < 0.1 * len(below)
        return 0 if asked and not alone else -1
    if below and fmean(map(_is_sentence, below)) > 0.5:
        return 1 if len(cell.split()) <= 2 else 0
    return -1 if below.count(cell) >= 2 and len(set(below)) < len(below) / 2 else 0


def _is_sentence(value: str) -> bool:
    words = len(value.split())
    return words >= 5 or len(value) > 60 or (words >= 2 and value.endswith((".", "!", "?")))


_NO_FIT = (0.0, 0)


def _fit(lines: list[str], delimiter: str) -> tuple[float, int]:
    """Return how many of the first records have as many fields as the first one (share), and how many that is."""
    records = _sample(lines, delimiter, any(f'{delimiter} "' in line for line in lines))
    width = len(records[0]) if records else 0
    if width < 2:
        return _NO_FIT
    share = sum(len(record) == width for record in records) / len(records)
    names_alone = all(re.fullmatch(r"[^\W\d][\w .\-/()#]{0,40}", field) for field in records[0])
    # A clean header line is trusted even above ragged records; one sentence with commas is not a header.
    return (share, width) if share > 0.6 or names_alone else _NO_FIT


def _sample(lines: list[str], delimiter: str, skip_blanks: bool) -> list[list[str]]:
    try:
        return [record for record in _reader(lines, delimiter, skip_blanks, strict=False) if record]
    except csv.Error:
        return [line.rstrip("\r\n").split(delimiter) for line in lines if line.strip()]


def _reader(lines: Iterable[str], delimiter: str, skip_blanks: bool, *, strict: bool) -> Iterator[list[str]]:
    return csv.reader(lines, delimiter=delimiter, skipinitialspace=skip_blanks, strict=strict)


def _sniffed(lines: Iterator[str]) -> Iterator[str]:
    seen = 0
    for line in islice(lines, SNIFF_LINES):
        yield line
        seen += len(line)
        if seen > _SNIFF_CHARS:
            return


def read_delimited(source: Source, advance: Advance, *, limit: int | None = None) -> Table:
    """Read the records of a file, or about its first *limit* ones, as a table of strings."""
    encoding = detect(source, sample=limit is not None)
    with source.open() as file, decoded(file, encoding, newline="") as text:
        records = Records(lines_of(text, encoding))
        check_size(source.name, rows=0, columns=len(records.dialect.names))
        names = unique_names(records.dialect.names)
        table = Table(source.name, {}, array("q"), recognise=NUMBERS)
        chunks: list[list[Any]] = [[] for _ in names]
        numbered = enumerate(records)
        while _batch(numbered, records, encoding, chunks, table, limit):
            advance(file.tell())
            check_size(source.name, rows=len(table) + len(table.rejected), columns=len(names))
            if limit is not None and len(table) >= limit:
                break
    if len(table) or records.dialect.has_header:  # without either there are no columns, only a guess at their names
        table.columns = {name: joined(parts) for name, parts in zip(names, chunks, strict=True)}
    return table


def _batch(
    numbered: enumerate[list[str] | Fault],
    records: Records,
    encoding: Encoding,
    chunks: list[list[Any]],
    table: Table,
    limit: int | None,
) -> bool:
    """Read the next records into the chunks; return whether there were any."""
    import pyarrow as pa

    rows: list[list[str]] = []
    some = False
    for number, record in islice(numbered, _batch_rows(len(chunks)) if limit is None else limit):
        some = True
        reason = encoding.fault(records.raw) if encoding.faulty else ""
        if isinstance(record, Fault) or reason:
            reason = reason or (record.reason if isinstance(record, Fault) else "")
            table.rejected.append(Rejected(table.name, number, reason))
        else:
            rows.append(record)
            table.records.append(number)
    for parts, values in zip(chunks, zip(*rows, strict=True), strict=False):
        parts.append(pa.array(values, pa.large_string()))
    return some


def _batch_rows(columns: int) -> int:
    return max(1, min(BATCH, _BATCH_CELLS // max(1, columns)))


DELIMITED = FileReader(
    name="CSV, TSV",
    suffixes=(".csv", ".tsv"),
    summary="A table, its columns parted by commas, semicolons, tabs or bars: one is the text, the others are kept.",
    kind=TABLE,
    read=read_delimited,
)
