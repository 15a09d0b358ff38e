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
from explorer.ingest.firstrecord import ASKING, are_data, are_sure, asks, columns_of, comes_again, judged, verdict
from explorer.ingest.footing import is_note, without_notes
from explorer.ingest.proselines import commas_are_prose, fields_of, has_its_comma, prose_above
from explorer.ingest.quoting import DELIMITERS, ONE_COLUMN, plain_dialect, quoted
from explorer.ingest.surveyheads import head_of
from explorer.ingest.textcolumn import is_code, is_known_name
from explorer.ingest.tornnumbers import ROW_NAMES, are_row_names

RARE = ("::", "~", "^", "||", "¦", "§", "¬", "\x01")
"""Delimiters that are looked for where no common one parts the lines alike."""
MOST_TITLES = 30
"""Lines above the column names, at most."""
_MOST_FEET = 5
"""Lines below a table that have no delimiter, at most, where there are lines above it too."""
_HEADER_ROWS = 200
_ALIKE, _TRUSTED, _TITLED, _PAIR = 0.6, 0.9, 3, 2
"""Shares of records of one width: to be a table, to be one whatever stands above it; and how many records at least;
columns of the narrowest table."""
_MOST_TITLED = 0.5
"""Share of records as wide as the first one below which that may be a title, though it looks like names."""
_PARTED, _HALF = 0.3, 0.5
"""Shares of lines that a delimiter parts alike, from which they may be a table that is not found: wide or narrow."""
_PARTS_MANY = (
    "a delimiter parts many of the lines alike, though not all; choose it, and the line of the names, if they are "
    "columns"
)
_NAMES_ABOVE = (
    "the line above the records has several names, though not as many as these have fields; choose it if they are the "
    "columns', and write cells that have the delimiter in quotation marks"
)
_TITLE_SHARE = 0.7
"""Cells filled in a title, at most, as a share of those in a usual row."""
_TITLE_CHARS = 100_000
"""Of the first lines, that titles are looked for above."""
_NAME = re.compile(r"[^\W\d][\w .\-/()#]{0,40}")
_SIGNED = re.compile(r"[^\W\d][\w .\-/()#&%°€$£*+'’]{0,40}")
"""What a name is where nothing but titles is above it; a line of prose has the same signs."""
_NO_FIT = (0.0, 0)


def sniff(lines: Sequence[str], asked: Asked | None = None) -> Dialect:
    """Return the dialect that a file's first lines are written in."""
    lines, asked = [str(line) for line in lines], asked or Asked()
    lines = list(without_notes(lines, "".join(DELIMITERS) + " "))
    if asked.names is not None and asked.names >= 0:
        return _below(lines, asked, asked.names)
    dialect = _plain(lines, asked.delimiter)
    titled = dialect.delimiter == ONE_COLUMN or asked.delimiter is not None or _share(lines, dialect) < _MOST_TITLED
    if titled and not _are_one_wider(lines, dialect):
        loose = dialect.delimiter == ONE_COLUMN or _share(lines, dialect) < _MOST_TITLED
        dialect = _below_titles(lines, asked.delimiter, loose=loose) or dialect
    if prose := prose_above(_sample(below := lines[dialect.titles :], dialect)):
        titles = dialect.titles + _line_of(below, dialect, prose)
        dialect = replace(_plain(lines[titles:], asked.delimiter or dialect.delimiter), titles=titles)
    dialect = quoted(lines, dialect, asked)
    dialect = _below_blank(lines, _below_padded_titles(lines, dialect))
    named = _named(lines[dialect.titles :], dialect, header=None if asked.names is None else False)
    if asked.names is None and not named.has_header and _may_be_names_above(lines[: dialect.titles], dialect):
        return replace(named, sure=False, doubt=_NAMES_ABOVE)
    one_column = dialect.delimiter == ONE_COLUMN and asked.delimiter is None and asked.names is None
    return replace(named, sure=False, doubt=_PARTS_MANY) if one_column and _may_be_parted(lines) else named


def _may_be_names_above(titles: list[str], dialect: Dialect) -> bool:
    """Whether the last line above records without names has several fields that may be the names of columns."""
    filled = [line for line in titles if line.strip()]
    if not filled or dialect.delimiter == ONE_COLUMN:
        return False
    last = _without_empty_ends(next(iter(_sample(filled[-1:], dialect)), []))
    told = [name.strip() for name in last]
    return len(set(told)) == len(told) >= _PAIR and all(_SIGNED.fullmatch(name) for name in told)


def _may_be_parted(lines: list[str]) -> bool:
    """Return whether a delimiter makes several columns of many lines alike, though not of most."""
    for delimiter in DELIMITERS:
        widths = Counter(
            len(record)
            for record in _sample(lines, plain_dialect(lines, delimiter))
            if len(record) >= _least(delimiter) and not any(cell[:1] == " " for cell in record)
        )
        share = max(widths.values(), default=0) / max(1, sum(bool(line.strip()) for line in lines))
        narrow = widths and widths.most_common(1)[0][0] < _TITLED
        if max(widths.values(), default=0) >= _TITLED and share >= (_HALF if narrow else _PARTED):
            return True
    return False


def _least(delimiter: str) -> int:
    """Return the fewest fields of a line that may be a record; prose has a comma in many lines."""
    return _TITLED if delimiter == "," else _PAIR


def _are_one_wider(lines: list[str], dialect: Dialect) -> bool:
    """Return whether all lines have one field more than usual names in the first one, so that this is no title."""
    records = _sample(lines, dialect)
    names, rest = records[:1], records[1:]
    if len(rest) <= _TITLED or len(names[0]) < _PAIR or {len(record) for record in rest} != {len(names[0]) + 1}:
        return False
    told = [any(map(is_known_name, record)) for record in (names[0], rest[0])]
    return told == [True, False] and all(_NAME.fullmatch(name.strip()) for name in names[0])


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
            tabs = fits["\t"][0] == 1 and commas_are_prose(lines)
            delimiter = "\t" if tabs else _around_commas(lines, fits) or delimiter
        if fits[delimiter] == _NO_FIT:
            rare = {candidate: _fit(lines, candidate) for candidate in RARE}
            delimiter = max(RARE, key=rare.__getitem__)
            if rare[delimiter][0] <= _TRUSTED:
                delimiter = ONE_COLUMN
    return plain_dialect(lines, delimiter)


def _around_commas(lines: list[str], fits: Mapping[str, tuple[float, int]]) -> str | None:
    """Return the delimiter that parts records alike into columns, one of which has commas of its own.

    They are those of decimals, or of days and times: "Mar 5, 2024".
    """
    for delimiter in DELIMITERS[1:]:
        if fits[delimiter][0] > _TRUSTED:
            columns = columns_of(_sample(lines, plain_dialect(lines, delimiter)))
            shares = [fmean(map(has_its_comma, below)) for _, below in columns if below]
            if max(shares, default=0.0) > _TRUSTED:
                return delimiter
    return None


def _below_titles(lines: list[str], delimiter: str | None, *, loose: bool) -> Dialect | None:
    """Return the reading of what stands below the fewest lines, where that is a table with names; or None.

    Where nothing tells its names, and what is above is surely none of it (*loose*), what is below all of one width.
    """
    lines = list(beginning(lines, _TITLE_CHARS))
    first: Dialect | None = None
    for titles in range(1, min(MOST_TITLES, len(lines) - _TITLED) + 1):
        if not lines[titles].strip():
            continue
        found = _table_in(lines[titles:], delimiter)
        if found is None:
            continue
        dialect, records, whole = replace(found[0], titles=titles), found[1], found[2]
        if _are_names(_without_empty_ends(records[0]), records) and (first is None or sum(judged(records)) > 0):
            return dialect
        above = max(map(fields_of, _sample(lines[:titles], dialect)), default=0)
        apart = above <= 1 or above < len(records[0]) - 1  # one less has the names of all but the rows' own column
        apart = apart and whole and not any(cell[:1] == " " for record in records for cell in record[1:])
        first = first or (dialect if loose and apart and 2 * titles < len(lines) else None)
    return first


def _table_in(lines: list[str], delimiter: str | None) -> tuple[Dialect, list[list[str]], bool] | None:
    """Return the reading of lines as a table, its records, and whether all are of one width; None where nearly no one
    of the delimiters makes records of one width.
    """
    best, found, share, width = "", lines, *_NO_FIT
    for candidate in [delimiter] if delimiter else DELIMITERS:
        some = _above_feet(lines, candidate)
        fit = _fit(some, candidate)
        if fit > (share, width):
            best, found, (share, width) = candidate, some, fit
    if share <= _TRUSTED or width < _TITLED - (share == 1):
        return None
    dialect = plain_dialect(found, best)
    records = _sample(found, dialect)
    return (dialect, records, share == 1) if len(records) > _TITLED else None


def _above_feet(lines: list[str], delimiter: str) -> list[str]:
    """Return the lines of the records to the last that is as wide as the first one, at least, and no note.

    All where more than a few, or most, stand below it: these are no notes below a table.
    """
    ends, records = [], []
    read = 0

    def counted() -> Iterator[str]:
        nonlocal read
        for read, line in enumerate(lines, 1):  # noqa: B007 - where the record ends
            yield line

    try:
        for record in plain_dialect(lines, delimiter).reader(counted(), strict=False):
            if record:
                records.append(record)
                ends.append(read)
    except csv.Error:
        return lines
    width = max(_PAIR, len(records[0])) if records else 0
    kept = len(records)
    while kept and (len(records[kept - 1]) < width or is_note(delimiter.join(records[kept - 1]).strip(delimiter))):
        kept -= 1
    return lines[: ends[kept - 1]] if kept and len(records) - kept <= min(_MOST_FEET, kept / 2) else lines


def _are_names(names: Sequence[str], records: Sequence[list[str]]) -> bool:
    """Whether the first of records has *names*: what looks like one, asks what is answered below, or says to be one.

    Two need more than their looks, as two halves of a sentence have them.
    """
    columns = [(name.strip(), below) for name, (_, below) in zip(names, columns_of(records), strict=False)]
    asked = [asks(*column, most=ASKING) for column in columns]
    told = [verdict(*column, alone=False, questions=True) > 0 for column in columns]
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
    above = titles_of(_sample(lines[dialect.titles :], dialect)[:_HEADER_ROWS])
    if not above:
        return dialect
    return replace(dialect, titles=dialect.titles + _line_of(lines[dialect.titles :], dialect, above))


def titles_of(records: Sequence[list[str]]) -> int:
    """Return how many of the first records, which are of one width, are titles above the column names."""
    counts = [sum(bool(cell.strip()) for cell in record) for record in records]
    wide = [count for count in counts if count > 1]  # of few records most may be titles and notes
    usual = median(wide) if len(wide) >= _TITLED else median(counts) if counts else 0
    above = next((at for at, count in enumerate(counts) if count > _TITLE_SHARE * usual), 0)
    if usual < _PAIR or not 0 < above <= MOST_TITLES or len({len(record) for record in records[: above + 1]}) > 1:
        return 0
    several = next((at for at in range(above) if counts[at] > 1 and head_of(records[at:])[1]), None)  # rows of names
    if several == 0:
        return 0
    above = above if several is None else several
    left = all(
        not record[at].strip()
        for record, count in zip(records[:above], counts, strict=False)
        for at in range(count, len(record))
    )
    named = several is not None or _is_header(records[above:], apart=counts[above - 1] == 0)
    return above if left and (named or (usual < _TITLED and _is_titled(records, above))) else 0


def _is_titled(records: Sequence[list[str]], above: int) -> bool:
    """Whether the first records are titles of a table of two columns, though nothing tells its names.

    A title is no name of a column and stands alone as no record below does, as the headings of sections would.
    """
    alone = [_without_empty_ends(record) for record in records]
    titles = [record[0].strip() for record in alone[:above] if record]
    asked = [asks(*column, most=ASKING) for column in columns_of(records[above:])]
    whole = any(asked) and all(map(str.strip, records[above]))
    return (
        (whole or all(len(record) > 1 for record in alone[above:]))
        and any(len(title.split()) > 1 and not is_known_name(title) for title in titles)
        and min(judged(records[above:], titled=True), default=-1) >= 0
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
    verdicts = judged(records)
    return sum(verdicts) > 0 or (apart and min(verdicts, default=-1) >= 0)


def _named(lines: list[str], dialect: Dialect, *, header: bool | None) -> Dialect:
    """Return the dialect with the names of its columns; *header* says whether the first line has them, if known."""
    records = _sample(lines, dialect)
    if not records:
        return replace(dialect, names=("text",))
    widths = Counter(len(record) for record in records[1:] or records)
    width = widths.most_common(1)[0][0]
    if header is None:
        verdicts = judged(records, titled=dialect.titles > 0)
        data, sure = are_data(verdicts), are_sure(verdicts, len(records))
    else:
        data, sure = not header, True
    row_names = width == len(records[0]) + 1 and widths[width] > _TRUSTED * (len(records) - 1) >= _TITLED * _TRUSTED
    if row_names and not any(record[-1].strip() for record in records[1:] if len(record) == width):
        row_names, width = False, width - 1  # a delimiter ends each line below the names
    if row_names and header is not False:
        sure = are_row_names(records, commas=dialect.delimiter == ",")
        doubt = "" if sure else ROW_NAMES
        return replace(dialect, names=unique_names(["row", *records[0]]), has_header=True, sure=sure, doubt=doubt)
    sure = sure and (header is not None or not (_is_alone(records) or (not data and comes_again(records))))
    names, explained = head_of(records)
    if header is False or (data and not explained):
        return replace(dialect, names=names_for(width), sure=sure)
    return replace(dialect, names=unique_names(names), has_header=True, explained=explained, sure=sure or explained > 0)


def _is_alone(records: Sequence[list[str]]) -> bool:
    """Whether the first record has one cell, the first, where most below have more: a title may be that, too."""
    above = len(_without_empty_ends(records[0]))
    below = [len(_without_empty_ends(record)) for record in records[1:_HEADER_ROWS]]
    return above == 1 < len(records[0]) and bool(below) and median(below) > 1


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
