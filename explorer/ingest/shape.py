"""Tells the shape of delimited text from its first lines: delimiter, quotation marks, titles, column names.

Of several readings the one wins that gives the most records of one width.  It reads no file: `delimited` does.
"""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from statistics import fmean, median

from explorer.ingest.columnnames import names_for, unique_names
from explorer.ingest.dialects import Asked, Dialect
from explorer.ingest.encodings import beginning
from explorer.ingest.likeness import is_asked, is_label, is_numbered_alike, is_sentence, is_sign, surely_values
from explorer.ingest.quoting import DELIMITERS, ONE_COLUMN, plain_dialect, quoted
from explorer.ingest.surveyheads import head_of
from explorer.ingest.textcolumn import LONGEST, NULLS, is_code, is_known_name
from explorer.types import NEVER_AN_ANSWER

RARE = ("::", "~", "^", "||", "¦", "§", "¬", "\x01")
"""Delimiters that are looked for where no common one parts the lines alike."""
MOST_TITLES = 30
"""Lines above the column names, at most."""
_HEADER_ROWS = 200
_ALIKE, _TRUSTED, _TITLED, _PAIR = 0.6, 0.9, 3, 2
"""Shares of records of one width: to be a table, to be one whatever stands above it; and how many records at least;
columns of the narrowest table."""
_MOST_TITLED = 0.5
"""Share of records as wide as the first one below which that may be a title, though it looks like names."""
_TITLE_SHARE = 0.7
"""Cells filled in a title, at most, as a share of those in a usual row."""
_SURELY = 4
"""Times as much that says what the first record is, at least, as that says it is the other."""
_ASKING = 0.5
"""Share of the values below a question from which on it is one of them, where a line above may be a title."""
_RECURS = 0.05
"""Share of the values below that are the same as one that is no name, at least."""
_TITLE_CHARS = 100_000
"""Of the first lines, that titles are looked for above."""
_NAME = re.compile(r"[^\W\d][\w .\-/()#]{0,40}")
_SIGNED = re.compile(r"[^\W\d][\w .\-/()#&%°€$£*+'’]{0,40}")
"""What a name is where nothing but titles is above it; a line of prose has the same signs."""
_DECIMAL_COMMA = re.compile(r"[-+]?(?:\d+|\d{1,3}(?:[. ]\d{3})+),\d+ ?\D{0,3}")
_WORDS = re.compile(r"[^\W\d_]+(?:[/_-][^\W\d_]+)*")
_NO_FIT = (0.0, 0)


def sniff(lines: Sequence[str], asked: Asked | None = None) -> Dialect:
    """Return the dialect that a file's first lines are written in."""
    lines, asked = [str(line) for line in lines], asked or Asked()
    if asked.names is not None and asked.names >= 0:
        return _below(lines, asked, asked.names)
    dialect = _plain(lines, asked.delimiter)
    if dialect.delimiter == ONE_COLUMN or asked.delimiter is not None or _share(lines, dialect) < _MOST_TITLED:
        dialect = _below_titles(lines, asked.delimiter) or dialect
    dialect = quoted(lines, dialect, asked)
    dialect = _below_blank(lines, _below_padded_titles(lines, dialect))
    return _named(lines[dialect.titles :], dialect, header=None if asked.names is None else False)


def _share(lines: list[str], dialect: Dialect) -> float:
    """Return the share of records that are as wide as the first one."""
    records = _sample(lines, dialect)
    return sum(len(record) == len(records[0]) for record in records) / len(records) if records else 0.0


def _below(lines: list[str], asked: Asked, titles: int) -> Dialect:
    """Return the reading in which the line with this number has the column names."""
    below = lines[titles:]
    dialect = replace(_plain(below, asked.delimiter), titles=titles)
    return _named(below, quoted(lines, dialect, asked), header=True)


def _plain(lines: list[str], delimiter: str | None) -> Dialect:
    """Return the reading in which the first line is one of the table's."""
    if delimiter is None:
        fits = {candidate: _fit(lines, candidate) for candidate in DELIMITERS}
        delimiter = max(DELIMITERS, key=fits.__getitem__)
        if delimiter == ",":
            delimiter = _around_decimals(lines, fits) or delimiter
        if fits[delimiter] == _NO_FIT:
            rare = {candidate: _fit(lines, candidate) for candidate in RARE}
            delimiter = max(RARE, key=rare.__getitem__)
            if rare[delimiter][0] <= _TRUSTED:
                delimiter = ONE_COLUMN
    return plain_dialect(lines, delimiter)


def _around_decimals(lines: list[str], fits: Mapping[str, tuple[float, int]]) -> str | None:
    """Return the delimiter that parts records alike into columns, one of which has numbers with decimal commas."""
    for delimiter in DELIMITERS[1:]:
        if fits[delimiter][0] > _TRUSTED:
            columns = _columns(_sample(lines, plain_dialect(lines, delimiter)))
            shares = [fmean(bool(_DECIMAL_COMMA.fullmatch(one)) for one in below) for _, below in columns if below]
            if max(shares, default=0.0) > _TRUSTED:
                return delimiter
    return None


def _below_titles(lines: list[str], delimiter: str | None) -> Dialect | None:
    """Return the reading of what stands below the fewest lines, where that is a table with names; or None."""
    lines = list(beginning(lines, _TITLE_CHARS))
    for titles in range(1, min(MOST_TITLES, len(lines) - _TITLED) + 1):
        below = lines[titles:]
        if not below[0].strip():
            continue
        fits = {candidate: _fit(below, candidate) for candidate in ([delimiter] if delimiter else DELIMITERS)}
        best = max(fits, key=fits.__getitem__)
        share, width = fits[best]
        if share <= _TRUSTED or width < _TITLED - (share == 1):
            continue
        dialect = replace(plain_dialect(below, best), titles=titles)
        records = _sample(below, dialect)
        names = _without_empty_ends(records[0]) if records else []
        if len(records) > _TITLED and _are_names(names, records):
            return dialect
    return None


def _are_names(names: Sequence[str], records: Sequence[list[str]]) -> bool:
    """Whether the first of records has *names*: what looks like one, asks what is answered below, or says to be one.

    Two need more than their looks, as two halves of a sentence have them.
    """
    columns = [(name.strip(), below) for name, (_, below) in zip(names, _columns(records), strict=False)]
    asked = [_asks(*column, most=_ASKING) for column in columns]
    told = [_verdict(*column, alone=False, questions=True) > 0 for column in columns]
    coded = any(one and below and all(map(is_code, below)) for one, (_, below) in zip(told, columns, strict=True))
    least = 2 if coded or any(asked) or any(map(is_known_name, names)) else _TITLED
    surely = 2 * sum(told) >= len(columns)  # then a question is one, whatever is answered
    return len(names) >= least and all(
        known or (surely and name.endswith("?")) or _NAME.fullmatch(name) or _SIGNED.fullmatch(name)
        for known, (name, _) in zip(map(max, asked, told), columns, strict=True)
    )


def _without_empty_ends(record: list[str]) -> list[str]:
    """Return the fields of a record to the last that is not empty: banks end each line with a delimiter."""
    last = max((at for at, cell in enumerate(record, 1) if cell.strip()), default=0)
    return record[:last]


def _below_padded_titles(lines: list[str], dialect: Dialect) -> Dialect:
    """Return the dialect with the titles that have as many delimiters as the table, as spreadsheets write them."""
    records = _sample(lines[dialect.titles :], dialect)[:_HEADER_ROWS]
    counts = [sum(bool(cell.strip()) for cell in record) for record in records]
    usual = median(counts) if counts else 0
    above = next((at for at, count in enumerate(counts) if count > _TITLE_SHARE * usual), 0)
    if usual < _PAIR or not 0 < above <= MOST_TITLES or len({len(record) for record in records[: above + 1]}) > 1:
        return dialect
    several = next((at for at in range(above) if counts[at] > 1 and head_of(records[at:])[1]), None)  # rows of names
    if several == 0:
        return dialect
    above = above if several is None else several
    left = all(
        not record[at].strip()
        for record, count in zip(records[:above], counts, strict=False)
        for at in range(count, len(record))
    )
    named = several is not None or _is_header(records[above:], apart=counts[above - 1] == 0)
    if not left or not (named or (usual < _TITLED and _is_titled(records, above))):
        return dialect
    return replace(dialect, titles=dialect.titles + _line_of(lines[dialect.titles :], dialect, above))


def _is_titled(records: Sequence[list[str]], above: int) -> bool:
    """Whether the first records are titles of a table of two columns, though nothing tells its names.

    A title is no name of a column and stands alone as no record below does, as the headings of sections would.
    """
    alone = [_without_empty_ends(record) for record in records]
    titles = [record[0].strip() for record in alone[:above] if record]
    return (
        all(len(record) > 1 for record in alone[above:])
        and any(len(title.split()) > 1 and not is_known_name(title) for title in titles)
        and min(_judged(records[above:]), default=-1) >= 0
    )


def _below_blank(lines: list[str], dialect: Dialect) -> Dialect:
    """Return the dialect with what is above a blank line as titles, where usual names stand below it, and none above.

    That is so of a table of two columns below pairs, which are as wide.
    """
    some = lines[dialect.titles : dialect.titles + MOST_TITLES]
    blank = next((at for at, line in enumerate(some) if not line.replace(dialect.delimiter, "").strip()), 0)
    if not blank or dialect.delimiter == ONE_COLUMN:
        return dialect
    above, below = _sample(some[:blank], dialect), _sample(lines[dialect.titles + blank + 1 :], dialect)
    if not above or len(below) <= max(_TITLED, len(above)) or any(map(is_known_name, above[0])):
        return dialect
    names = below[0]
    alike = sum(len(record) == len(names) for record in below) > _TRUSTED * len(below)
    if alike and any(map(is_known_name, names)) and all(_NAME.fullmatch(name.strip()) for name in names):
        return replace(dialect, titles=dialect.titles + blank + 1)
    return dialect


def _line_of(lines: list[str], dialect: Dialect, number: int) -> int:
    """Return the line, from 0, in which the record with this number among those that are not empty begins."""
    read = 0

    def counted() -> Iterator[str]:
        nonlocal read
        for line in lines:
            read += 1
            yield line

    for record in dialect.reader(counted(), strict=False):
        number -= bool(record)
        if number == 0 and record:
            break
    rest = (at for at in range(read, len(lines)) if lines[at].strip())
    return next(rest, read)


def _is_header(records: Sequence[list[str]], *, apart: bool) -> bool:
    """Whether more says that the first record is one than that it is not; nothing need where it stands *apart*.

    Titles are above it that have next to nothing beside them, and their cells are none of the table.
    """
    verdicts = _judged(records)
    return sum(verdicts) > 0 or (apart and min(verdicts, default=-1) >= 0)


def _named(lines: list[str], dialect: Dialect, *, header: bool | None) -> Dialect:
    """Return the dialect with the names of its columns; *header* says whether the first line has them, if known."""
    records = _sample(lines, dialect)
    if not records:
        return replace(dialect, names=("text",))
    widths = Counter(len(record) for record in records[1:] or records)
    width = widths.most_common(1)[0][0]
    if header is None:
        verdicts = _judged(records)
        data, sure = _are_data(verdicts), _are_sure(verdicts, len(records))
    else:
        data, sure = not header, True
    row_names = width == len(records[0]) + 1 and widths[width] > _TRUSTED * (len(records) - 1) >= _TITLED * _TRUSTED
    if row_names and not any(record[-1].strip() for record in records[1:] if len(record) == width):
        row_names, width = False, width - 1  # a delimiter ends each line below the names
    if row_names and header is not False:
        halves = [cell for record in records[1:] for cell in record[-2:]]
        sure = dialect.delimiter != "," or not all(map(str.isdecimal, halves))  # of numbers with decimal commas
        return replace(dialect, names=unique_names(["row", *records[0]]), has_header=True, sure=sure)
    sure = sure and (header is not None or not _is_alone(records))
    names, explained = head_of(records)
    if header is False or (data and not explained):
        return replace(dialect, names=names_for(width), sure=sure)
    return replace(dialect, names=unique_names(names), has_header=True, explained=explained, sure=sure or explained > 0)


def _is_alone(records: Sequence[list[str]]) -> bool:
    """Whether the first record has one cell, the first, where most below have more: a title may be that, too."""
    above = len(_without_empty_ends(records[0]))
    below = [len(_without_empty_ends(record)) for record in records[1:_HEADER_ROWS]]
    return above == 1 < len(records[0]) and bool(below) and median(below) > 1


def _are_sure(verdicts: Sequence[int], records: int) -> bool:
    """Whether something says that the first record has the names or that it is one of the others, and little else."""
    names, values = sum(verdict > 0 for verdict in verdicts), sum(verdict < 0 for verdict in verdicts)
    return records < _TITLED or (names != values and min(names, values) * _SURELY <= max(names, values))


def looks_like_data(records: Sequence[list[str]]) -> bool:
    """Say whether the first record is an item like the others rather than a header.

    A header is the rule.  It is data only when some column says so and none objects: a number over numbers, a date
    or address, a sentence, or a value that comes again below say data; a word over numbers, a short name over
    sentences, or a usual column name say header.
    """
    return _are_data(_judged(records))


def _judged(records: Sequence[list[str]]) -> list[int]:
    """Return the verdicts, without the records that are the first one again where it then has names.

    Files that were put together have their names several times, reports once a page.
    """
    if any(record == records[0] for record in records[1:_HEADER_ROWS]):
        verdicts = _verdicts([records[0], *(record for record in records[1:] if record != records[0])])
        if max(verdicts) > 0 and min(verdicts) >= 0:
            return verdicts
    return _verdicts(records)


def _are_data(verdicts: Sequence[int]) -> bool:
    return any(verdict < 0 for verdict in verdicts) and not any(verdict > 0 for verdict in verdicts)


def _verdicts(records: Sequence[list[str]]) -> list[int]:
    columns = _columns(records)
    questions = sum(_asks(cell, below) for cell, below in columns) > 1
    verdicts = [_verdict(cell, below, alone=len(columns) == 1, questions=questions) for cell, below in columns]
    return [min(verdict, 0) for verdict in verdicts] if surely_values(columns) else verdicts


def _columns(records: Sequence[list[str]]) -> list[tuple[str, list[str]]]:
    """Return the cells of the first record, each with the values below it."""
    first, rest = records[0], [record for record in records[1:_HEADER_ROWS] if len(record) == len(records[0])]
    return [
        (cell.strip()[:LONGEST], [cut for record in rest if (cut := record[position].strip()[:LONGEST])])
        for position, cell in enumerate(first)
    ]


def _asks(cell: str, below: list[str], most: float = 0.25) -> bool:
    """Whether a cell is a question, perhaps with how to answer it, and of the values below fewer than *most* are."""
    asked, sign, how = cell.rpartition("?")
    is_question = bool(sign) and len(asked) > 1 and (not how.strip() or how.strip()[0] in "([*")
    return is_question and sum("?" in value for value in below) < most * len(below)


def _verdict(cell: str, below: list[str], *, alone: bool, questions: bool) -> int:
    """Return 1 when the cell is a header over the values below it, -1 when it is one of them, 0 when unclear.

    Where the first record has *questions*, as a form's export has them, its sentences are no values.
    """
    if not cell:
        return 0
    if is_numbered_alike(cell, below):
        return -1
    if is_known_name(cell):
        return -1 if _recurs(cell, below) else 1
    codes = fmean(map(is_code, below)) if below else 0.0
    if _is_word(cell) and below and all(map(_is_numbered, below)):
        return 1  # "No" and "On" are flags elsewhere
    if is_sign(cell) and below and all(map(_is_numbered, below)):
        return 1
    if is_label(cell, below):
        return 1
    if is_code(cell):
        return -1 if codes > 0.8 and not re.fullmatch(r"(19|20)\d\d", cell) else 0
    if codes > 0.8:
        return 1
    if questions and is_sentence(cell):
        return 1 if _asks(cell, below) else 0
    if is_sentence(cell):
        return 0 if is_asked(cell, below) and (not alone or not cell.endswith(":")) else -1
    if below and fmean(map(is_sentence, below)) > 0.5:
        return 1 if len(cell.split()) <= 2 else 0
    return -1 if _recurs(cell, below) and len(set(below)) < len(below) / 2 else 0


def _is_word(cell: str) -> bool:
    """Whether a cell is a word, or a few such as “Lat/Lon”, and does not stand for no value."""
    return (
        cell not in NULLS and bool(_WORDS.fullmatch(cell)) and (cell.isalpha() or cell.lower() not in NEVER_AN_ANSWER)
    )


def _is_numbered(value: str) -> bool:
    """Whether a value is a number, a date or an id with a number in it."""
    return any(map(str.isdigit, value)) and is_code(value)


def _recurs(cell: str, below: list[str]) -> bool:
    """Whether a cell comes again below, as a value does, and more often than in tables that were put together."""
    times = below.count(cell)
    return times >= 2 and times > _RECURS * len(below)


def _fit(lines: list[str], delimiter: str) -> tuple[float, int]:
    """Return how many of the first records have as many fields as the first one (share), and how many that is."""
    records = _sample(lines, plain_dialect(lines, delimiter))
    width = len(records[0]) if records else 0
    if width < 2:
        return _NO_FIT
    share = sum(len(record) == width for record in records) / len(records)
    names_alone = all(_NAME.fullmatch(field) for field in records[0])
    # A clean header line is trusted even above ragged records; one sentence with commas is not a header.
    return (share, width) if share > _ALIKE or names_alone else _NO_FIT


def records_of(lines: Sequence[str], delimiter: str) -> list[list[str]]:
    """Return the records of some lines as they are with this delimiter."""
    return _sample(lines, plain_dialect(lines, delimiter))


def _sample(lines: Sequence[str], dialect: Dialect) -> list[list[str]]:
    try:
        return [record for record in dialect.reader(lines, strict=False) if record]
    except csv.Error:
        return [line.rstrip("\r\n").split(dialect.delimiter) for line in lines if line.strip()]
