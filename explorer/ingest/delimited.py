"""Reads delimited text (CSV, TSV): finds the delimiter and the header, keeps every fault with its row.

It infers no types and chooses no text column: `columns` and `textcolumn` do.
"""

from __future__ import annotations

import csv
from array import array
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain, islice
from typing import Any

from explorer.ingest.codepages import ENCODING
from explorer.ingest.columnnames import unique_names
from explorer.ingest.columns import NUMBERS
from explorer.ingest.dialects import Dialect
from explorer.ingest.encodings import Encoding, Lines, LongLine, beginning, decoded, detect, printable
from explorer.ingest.feeding import FIELD_LIMIT, STRAY_QUOTE_LINES, Feed
from explorer.ingest.footing import cut_feet, is_foot
from explorer.ingest.plainrows import Rows
from explorer.ingest.reader import (
    BATCH,
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
from explorer.ingest.repeating import cut_repeats, without_empty_ends
from explorer.ingest.restyling import restyled, said_in
from explorer.ingest.shape import sniff
from explorer.ingest.shaping import DELIMITER, HEADER, QUOTE, asked_shape, shape_choices
from explorer.ingest.surveyheads import are_ids, described
from explorer.ingest.textcolumn import is_code
from explorer.ingest.tornnumbers import HALVED, HAVE_TORN, UNSURE, are_halved
from explorer.types import ABOVE, BELOW, FOOT, LINE, NOTE, Numbering, Rejected

SNIFF_LINES = 400
_SNIFF_CHARS = 2**20
_BATCH_CELLS = 2_000_000
_PAIR, _ALONE, _ALONE_SHARE, _WHOLE = 2, 3, 0.02, 0.9
"""Fields of a record of which the first may stand alone; how many such there are, at least, and as a share of the first
lines; and which share of these they are with the whole ones."""
_TOLD_WIDTH = 3
"""Columns from which lines that have each as many fields are taken for records."""


class Short(list[str]):
    """A record that ended early, filled up with empty fields."""


@dataclass(frozen=True)
class Fault:
    """A record that cannot be used, and why."""

    reason: str


class Records:
    """Iterates over the records of a file, each a list of as many fields as there are columns, or a `Fault`.

    Blank lines are no records, except between those of a table of one column, where one is an empty field.  A record
    whose quotation marks do not pair up is read literally when that gives the right number of fields; the lines that
    it swallowed are read again.

    *choices* say how to read them where somebody did; *name* is the file's in the sentence about what cannot be.
    """

    def __init__(
        self,
        lines: Iterable[str],
        *,
        name: str = "",
        choices: Mapping[str, str] | None = None,
        fault: Callable[[str], str] | None = None,
    ) -> None:
        """Read records from *lines*; those of which *fault* says something are handed out one by one, `raw` beside."""
        csv.field_size_limit(max(csv.field_size_limit(), FIELD_LIMIT))
        source: Iterator[str] = iter(lines)
        start: list[str] = list(beginning(islice(source, SNIFF_LINES), _SNIFF_CHARS))
        parted = bool((choices or {}).get(DELIMITER))
        self.note, bare = restyled(start, parted=parted)
        if bare is not None:
            start, source = list(map(bare, start)), map(bare, source)
        asked = asked_shape(name, choices or {}, start, *said_in(start))
        torn = self.note in HAVE_TORN
        if torn and asked.names is None and _are_wider(start):
            asked = replace(asked, names=next(at for at, line in enumerate(start) if line.strip()), delimiter=",")
        self.dialect = sniff(start, asked)
        doubt = self.note if self.note in UNSURE else ""
        self.choices = shape_choices(self.dialect, start, choices or {}, doubt)
        below = start[self.dialect.titles :]
        self._ends_early = _end_early(below, self.dialect)
        self._coded = _coded(below, self.dialect)
        self._halved = torn or (not parted and _are_halved(below, self.dialect))
        self.titles = [printable(line.strip()) for line in start[: self.dialect.titles] if line.strip()]
        self.explained: list[str] = []
        self.described: dict[str, str] = {}
        self._feed = Feed(below, source, fault, line=self.dialect.titles + 1)
        self._half = (0, 0)
        """Of a record that ended early and may go on: the line behind it, and how many fields the rest then has."""
        self.line = self._feed.line
        """The line of the file, from 1, in which the record that was yielded last begins; of a block the first."""

    @property
    def raw(self) -> str:
        """The physical lines of the record that was yielded last."""
        return "".join(self._feed.taken)

    def __iter__(self) -> Iterator[list[str] | Fault]:
        return chain.from_iterable(self.blocks())

    def blocks(self) -> Iterator[Sequence[list[str] | Fault]]:
        """Yield the records in blocks, those that need no look at each of them many at a time."""
        feed, width = self._feed, len(self.dialect.names)
        one_by_one = self._one_by_one()
        if self.dialect.has_header:
            next(one_by_one, None)
            for _ in range(self.dialect.explained):
                said = next(one_by_one, None)
                if said is not None:
                    self.explained.append(printable(" ".join(self.raw.split())))
                    if isinstance(said, list) and not self.described and not are_ids(said):
                        self.described = described(self.dialect.names, said)
        while True:
            block = feed.plain(self.dialect, width) if width > 1 else []
            if block:
                self.line = feed.line
                yield block
                continue
            record = next(one_by_one, None)
            if record is None:
                return
            yield [record]

    def _one_by_one(self) -> Iterator[list[str] | Fault]:
        feed, width = self._feed, len(self.dialect.names)
        reader = self.dialect.reader(feed, strict=True)
        blank, started = 0, False
        while True:
            feed.begin()
            try:
                fields = next(reader)
            except StopIteration:
                return
            except csv.Error as exc:
                self.line = feed.line
                yield self._recovered(str(exc))
                continue
            if not fields:
                blank += width == 1 and started
                continue
            for before in range(blank, 0, -1):
                self.line = feed.line - before
                yield [""]
            self.line = feed.line
            blank, started = 0, True
            if len(fields) != width:
                yield self._misfit(fields)
            else:
                yield self._recovered("") if len(feed.taken) > 1 and self._swallowed() else fields

    def _misfit(self, fields: list[str]) -> list[str] | Fault:
        width, found = len(self.dialect.names), len(fields)
        halved = self._halved and are_halved(fields)  # then nothing says where its values belong
        if found > width and not halved and not any(field.strip() for field in fields[width:]):
            return fields[:width]
        if found == 1 < width and self._ends_early and len(self._feed.taken) == 1:
            return Short([*fields, *[""] * (width - 1)])
        if 2 <= found < width and len(self._feed.taken) == 1 and not halved:
            rest = width + 1 - found
            if self._feed.following(self.dialect) != rest and self._half != (self.line, found):
                return Short([*fields, *[""] * (width - found)])  # its last cells are missing; it is no half line
            self._half = (self.line + 1, rest)
        if len(self._feed.taken) > 1 and (self._literal() or len(self._feed.taken) > STRAY_QUOTE_LINES):
            return self._recovered("")
        return Fault(self.misfits(found) + HALVED * halved)

    def misfits(self, found: int) -> str:
        """Return how many fields a record has, and how many others have."""
        origin = "the header has" if self.dialect.has_header else "the first record has"
        return f"the record has {found} field{'s' * (found != 1)} where {origin} {len(self.dialect.names)}"

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
        fields = self._feed.taken[0].rstrip("\r\n").split(self.dialect.delimiter)
        return fields if len(fields) == len(self.dialect.names) else None

    def _swallowed(self) -> bool:
        """Whether each line of the record is one by itself: stray quotation marks have joined them.

        By its marks it is one record; it is several where only these have numbers and the like where all others do.
        """
        width, delimiter = len(self.dialect.names), self.dialect.delimiter
        told = width >= _TOLD_WIDTH or delimiter == "\t"  # a line of prose may well have one comma
        if not told or not self._coded or any(line.count(delimiter) != width - 1 for line in self._feed.taken):
            return False
        lines = [line.rstrip("\r\n").split(delimiter) for line in self._feed.taken]
        return all(is_code(line[at].strip()) for line in lines for at in self._coded)


def _coded(lines: Sequence[str], dialect: Dialect) -> list[int]:
    """Return the columns that have a number, a date or an id in nearly all records that are surely a line each."""
    width = len(dialect.names)
    plain = [line for line in lines if type(line) is str and not (dialect.quote and dialect.quote in line)]
    told = [next(dialect.reader([line], strict=False), []) for line in plain if line.strip()]
    whole = [fields for fields in told[dialect.has_header :] if len(fields) == width]
    least = _WHOLE * len(whole)
    return [at for at in range(width) if whole and sum(is_code(fields[at].strip()) for fields in whole) >= least]


def _are_wider(lines: Sequence[str]) -> bool:
    """Whether most lines have more fields than the first, the names', so that these might be taken for a title."""
    counts = [len(next(csv.reader([line]), [])) for line in lines if line.strip()]
    return 2 * sum(count > counts[0] for count in counts) > len(counts)


def _are_halved(lines: Sequence[str], dialect: Dialect) -> bool:
    """Whether some line has more fields than there are columns, and so because commas part its numbers, maybe."""
    width = len(dialect.names)
    if dialect.delimiter != "," or width < _PAIR:
        return False
    told = (next(dialect.reader([line], strict=False), []) for line in lines if type(line) is str)
    return any(any(map(str.strip, fields[width:])) and are_halved(fields) for fields in told)


def _end_early(lines: Sequence[str], dialect: Dialect) -> bool:
    """Whether records end after their first field again and again, and none is followed by a small letter."""
    width = len(dialect.names)
    if width < _PAIR or any(type(line) is not str for line in lines):
        return False
    told = [next(dialect.reader([line], strict=False), []) for line in lines if line.strip()]
    alone = [at for at, fields in enumerate(told) if len(fields) == 1 and fields[0].strip()]
    whole = sum(len(fields) == width for fields in told)
    if len(alone) < max(_ALONE, _ALONE_SHARE * len(told)) or len(alone) + whole < _WHOLE * len(told):
        return False
    return not any(told[at + 1][0][:1].islower() for at in alone if at + 1 < len(told) and told[at + 1])


def read_delimited(source: Source, advance: Advance, *, limit: int | None = None) -> Table:
    """Read the records of a file, or about its first *limit* ones, as a table of strings."""
    encoding = detect(source, sample=limit is not None)
    with source.open() as file, decoded(file, encoding, newline="") as text:
        fault = encoding.fault if encoding.faulty else None
        records = Records(Lines(text, encoding), name=source.name, choices=source.choices, fault=fault)
        check_size(source.name, rows=0, columns=len(records.dialect.names))
        names = unique_names(records.dialect.names)
        choices = (*encoding.choices, *records.choices)
        table = Table(source.name, {}, array("q"), recognise=NUMBERS, choices=choices)
        table.numbering = Numbering(LINE)
        table.rejected += [Rejected(source.name, None, above_names(title), what=ABOVE) for title in records.titles]
        chunks: list[list[Any]] = [[] for _ in names]
        rows: list[list[str]] = []
        number, kept = 0, 0
        for block in records.blocks():
            block = block if limit is None else block[: limit - len(table)]
            table.numbering.note(number, records.line)
            if isinstance(block, Rows):
                _keep(rows, chunks)
                _keep_columns(block, chunks)
            _take(block, number, records, encoding, rows, table)
            number += len(block)
            if number - kept >= _batch_rows(len(names)):
                kept = number
                _keep(rows, chunks)
                advance(file.tell())
                check_size(source.name, rows=number, columns=len(names))
            if limit is not None and len(table) >= limit:
                break
        _keep(rows, chunks)
        advance(file.tell())
        check_size(source.name, rows=number, columns=len(names))
    table.described = records.described
    if records.note:
        table.rejected.append(Rejected(source.name, None, records.note, what=NOTE))
    table.rejected += [Rejected(source.name, None, below_names(said), what=BELOW) for said in records.explained]
    if limit is None or len(table) < limit:
        cut_feet(table, chunks)
    cut_repeats(table, chunks, records.dialect)
    if len(table) or records.dialect.has_header:  # without either there are no columns, only a guess at their names
        columns = {name: joined(parts) for name, parts in zip(names, chunks, strict=True)}
        table.columns = without_empty_ends(columns) if records.dialect.has_header else columns
    return table


def _take(
    block: Sequence[list[str] | Fault],
    number: int,
    records: Records,
    encoding: Encoding,
    rows: list[list[str]],
    table: Table,
) -> None:
    """Take a block of records, the first of them the *number*-th, into the rows or the rejected ones."""
    if isinstance(block, Rows) or len(block) > 1:  # none of them is a fault
        rows += [] if isinstance(block, Rows) else block  # type: ignore[arg-type]
        table.records.extend(range(number, number + len(block)))
        return
    for record in block:
        reason = encoding.fault(records.raw) if encoding.faulty else ""
        if isinstance(record, Fault) or reason:
            reason = reason or (record.reason if isinstance(record, Fault) else "")
            said = [cell for cell in records.raw.split(records.dialect.delimiter) if cell.strip()]
            foot = len(said) == 1 and len(records.dialect.names) > 1 and is_foot(said, len(records.dialect.names))
            reason = below_table(said[0].strip()) if foot else reason
            table.rejected.append(Rejected(table.name, number, reason, what=FOOT if foot else ""))
        else:
            if isinstance(record, Short):
                found = len(next(records.dialect.reader([records.raw], strict=False), []))
                table.short[number] = records.misfits(found)
            rows.append(record)
            table.records.append(number)


def _keep(rows: list[list[str]], chunks: list[list[Any]]) -> None:
    """Move the rows into the columns' chunks."""
    import pyarrow as pa

    for position, parts in enumerate(chunks if rows else ()):
        parts.append(pa.array([row[position] for row in rows], pa.large_string()))
    rows.clear()


def _keep_columns(rows: Rows, chunks: list[list[Any]]) -> None:
    for parts, column in zip(chunks, rows.columns, strict=True):
        parts.append(column)


def decodable(line: bytes, codec: str) -> str | None:
    """Return the text of a line; None for one that does not decode."""
    try:
        return line.decode(codec)
    except UnicodeDecodeError:
        return None


def _batch_rows(columns: int) -> int:
    return max(1, min(BATCH, _BATCH_CELLS // max(1, columns)))


DELIMITED = FileReader(
    name="CSV, TSV",
    suffixes=(".csv", ".tsv", ".tab", ".psv"),
    summary="A table, its columns parted by commas, semicolons, tabs or bars: one is the text, the others are kept.",
    kind=TABLE,
    read=read_delimited,
    choices=(ENCODING, DELIMITER, QUOTE, HEADER),
)
