"""Tells which quotation marks hold the fields of delimited text together, from its first lines.

A file that is well formed with ordinary marks is read with them, whatever other marks its texts have.  It finds no
delimiter by itself: `shape` does.
"""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import zip_longest

from explorer.ingest.dialects import Asked, Dialect
from explorer.ingest.textcolumn import NULLS, is_code

DELIMITERS = (",", ";", "\t", "|")
ONE_COLUMN = "\x1f"
"""Stands for "no delimiter": the unit separator does not occur in text."""
_TRUSTED, _WIDE = 0.9, 3
"""Share of records of one width that are a table; columns from which the width alone says so, and records at least."""
_OPEN, _CUT, _CUT_CHARS = 20, 300, 900_000
"""Lines that a last record may have which does not end, where there are so many lines, or characters, that its rest is
not among them."""
_LOST = 50
"""What it counts against marks, in records, that the last one that they open is never closed."""
_HALVES = 0.5
"""Share of halves from which lines are those of quoted cells: all are where these all have several."""
_RIVAL = 0.8
"""Share of the best reading's surplus from which another one may be right as well."""
_QUOTED_NAMES = re.compile(r'"[^"]*"(?: "[^"]*")+')


@dataclass(frozen=True)
class Reading:
    """What comes of lines that are read one way.

    *alike* records are as wide as the first one.  One is *torn* where something stands behind a mark that closes a
    field.  *halves* are records that begin or end within ordinary marks, though others hold some of their fields.
    """

    records: tuple[list[str], ...]
    alike: int
    torn: int
    halves: int
    complete: bool

    @property
    def is_whole(self) -> bool:
        """Whether no record breaks a rule."""
        return self.fits and self.halves < _HALVES * len(self.records)

    @property
    def fits(self) -> bool:
        """Whether no record breaks a rule, though each may be a line of a cell that others hold together."""
        return self.complete and self.torn == 0 and self.alike == len(self.records) > 0

    @property
    def is_table(self) -> bool:
        """Whether it is whole, and its records have several fields."""
        return self.is_whole and len(self.records[0]) > 1

    @property
    def surplus(self) -> int:
        """How many more records fit than do not."""
        return 2 * (self.alike - self.halves) - len(self.records) - self.torn - _LOST * (not self.complete)


def plain_dialect(lines: Sequence[str], delimiter: str, quote: str = '"', escaped: bool = False) -> Dialect:
    """Return the dialect of this delimiter and these marks, without names; blanks are skipped where most marks stand
    behind one.

    A blank within a quoted field is one of the text.
    """
    blanks = delimiter == " "
    if not blanks and any(f"{delimiter} " in line for line in lines):
        blank, close, _ = _openings(lines, delimiter, quote, escaped)
        blanks = blank > close
    return Dialect(delimiter, blanks, (), False, quote=quote, escaped=escaped)


def _openings(lines: Sequence[str], delimiter: str, quote: str, escaped: bool) -> tuple[int, int, int]:
    """Return how many marks open a field behind a delimiter and a blank, right behind one, and where a line begins."""
    if not quote:
        return 0, 0, 0
    found = Counter(one.lastgroup for one in _fields(delimiter, quote, escaped).finditer("".join(lines)))
    return found["blank"], found["close"], found["begun"]


@lru_cache(maxsize=64)
def _fields(delimiter: str, quote: str, escaped: bool) -> re.Pattern[str]:
    """Return what matches one quoted field after another, as a whole; its groups say what stands before each."""
    parting, mark = re.escape(delimiter), re.escape(quote)
    within = rf"[^{mark}\\]++|\\." if escaped else rf"[^{mark}]++|{mark}{mark}"
    field = rf"{mark}(?:{within})*+{mark}?"
    before = rf"(?P<close>{parting})|(?P<blank>{parting} ++)|(?P<begun>\A|[\r\n])"
    return re.compile(rf"(?:{before}){field}|[\s\S]", re.DOTALL)


def reading(lines: Sequence[str], dialect: Dialect) -> Reading:
    """Return what comes of lines that are read in a dialect; O(characters)."""
    records, torn, complete, read = [], 0, True, 0

    def counted() -> Iterator[str]:
        nonlocal read
        for read, line in enumerate(lines, 1):  # noqa: B007 - the record that is open at the end began behind it
            yield line

    reader = dialect.reader(counted(), strict=True)
    begun = 0
    while True:
        begun = read
        try:
            record = next(reader)
        except StopIteration:
            break
        except csv.Error as exc:
            if "end of data" in str(exc):
                cut = len(lines) >= _CUT or sum(map(len, lines)) >= _CUT_CHARS
                complete = cut and len(lines) - begun <= _OPEN
                break
            torn += 1
            continue
        if record:
            records.append(record)
    width = len(records[0]) if records else 0
    alike = [record for record in records if len(record) == width]
    halves = sum(map(_is_half, alike)) if dialect.quote == "'" else 0
    if halves and sum(_openings(lines, dialect.delimiter, "'", False)) == sum(map(len, records)):
        halves = 0  # marks surround each field there is: what is within are feet and inches
    return Reading(tuple(records), len(alike), torn, halves, complete)


def _is_half(record: list[str]) -> bool:
    """Whether a record begins or ends within ordinary marks, as the lines of a cell do that these held together."""
    first, last = record[0], record[-1]
    return (first[-1:] == '"' and first.count('"') % 2 > 0) or (last[:1] == '"' and last.count('"') % 2 > 0)


def quoted(lines: Sequence[str], dialect: Dialect, asked: Asked) -> Dialect:
    """Return the dialect with its quotation marks, and with another delimiter where others hold records together."""
    below = lines[dialect.titles :]
    usual = reading(below, dialect)
    other = _otherwise_marked(below, asked.quote) if asked.delimiter is None and not usual.is_table else None
    if other is not None:
        dialect = replace(other, titles=dialect.titles)
        usual = reading(below, dialect)
    if asked.quote is None:
        return _better_quoted(below, dialect, usual)
    return replace(dialect, quote=asked.quote[0], escaped=asked.quote[1])


def _better_quoted(below: Sequence[str], dialect: Dialect, usual: Reading) -> Dialect:
    """Return the dialect with the marks by which most lines *below* its titles fit; as it is where none is better.

    *usual* is the reading of these lines in the dialect.
    """
    singles = any("'" in line for line in below) and any(_openings(below, dialect.delimiter, "'", False))
    if usual.is_whole and singles and _are_surrounded(usual.records):
        return _with(below, dialect, "'", False)
    one_column = dialect.delimiter == ONE_COLUMN
    if not one_column and (shown := _shown(below, dialect)):
        return shown
    if usual.is_whole:
        return dialect
    bare = _with(below, dialect, "", False)
    literal = reading(below, bare)
    wrapped, loose = _marks_of(literal.records)
    seen = len(below) < _CUT  # behind many lines whose marks are of the text there may be others
    if seen and literal.is_table and loose > wrapped and not _are_surrounded(literal.records):
        return replace(bare, marked=not wrapped)
    ways = [("'", False)] if singles and not one_column else []
    ways += [('"', True)] if any('\\"' in line for line in below) else []
    tried = [(dialect, usual), *((one, reading(below, one)) for one in (_with(below, dialect, *way) for way in ways))]
    ranked = sorted(tried, key=lambda one: (-one[1].surplus, one[1].torn))
    best, told = ranked[0]
    rivals = [one for _, one in ranked[1:] if one.records != told.records and one.surplus >= _RIVAL * told.surplus]
    return replace(best, marked=told.is_whole or not (rivals or literal.is_table))


def _shown(lines: Sequence[str], dialect: Dialect) -> Dialect | None:
    """Return the dialect with other marks, if these show by what they do to themselves; or None."""
    for quote, escaped in (("'", False), ('"', True)):
        if shows := _shows(lines, dialect.delimiter, quote, escaped):
            other = _with(lines, dialect, quote, escaped)
            told = reading(lines, other)
            if told.fits and len(told.records[0]) > 1:
                return replace(other, marked=shows >= _WIDE)
    return None


def _shows(lines: Sequence[str], delimiter: str, quote: str, escaped: bool) -> int:
    """Return how often marks show by what they do to themselves.

    Single ones do where each stands around a field or doubled within one; ordinary ones behind a backslash where no
    other ordinary mark stands outside of marks, and no backslash before anything else.
    """
    text, sign = "".join(lines), '\\"' if escaped else 2 * quote
    if sign not in text:
        return 0
    within, outside = _parted(text, delimiter, quote, escaped)
    if not escaped:
        return 0 if quote in outside else sum(sign in field for field in within)
    left = re.sub(rf'\\["\\\r\n{re.escape(delimiter)}]', "", outside)
    return 0 if '"' in left or "\\" in left else int(sign in outside)


def _parted(text: str, delimiter: str, quote: str, escaped: bool) -> tuple[list[str], str]:
    """Return what stands within marks, field by field, and all that stands outside of them."""
    within, outside = [], []
    for one in _fields(delimiter, quote, escaped).finditer(text):
        if one.lastgroup is None:
            outside.append(one.group())
        else:
            _, mark, field = one.group().partition(quote)
            within.append(field.removesuffix(mark))
    return within, "".join(outside)


def _marks_of(records: Sequence[list[str]]) -> tuple[int, int]:
    """Return how many fields ordinary marks surround, and how many have one elsewhere: those are of the text."""
    having = [field for record in records for field in record if '"' in field]
    wrapped = sum(len(field) > 1 and field[0] == field[-1] == '"' for field in having)
    return wrapped, len(having) - wrapped


def _with(lines: Sequence[str], dialect: Dialect, quote: str, escaped: bool) -> Dialect:
    other = plain_dialect(lines, dialect.delimiter, quote, escaped)
    return replace(dialect, quote=quote, escaped=escaped, skip_blanks=other.skip_blanks)


def _are_surrounded(records: Sequence[list[str]]) -> bool:
    """Whether single marks surround all fields below the first record that are no numbers or the like."""
    found = 0
    for column in zip_longest(*records[1:], fillvalue=""):
        filled = [value for value in column if value.strip() and value not in NULLS]
        around = sum(_is_within(value) for value in filled)
        if around not in (0, len(filled)) or (not around and not all(map(is_code, filled))):
            return False
        found += around
    return found >= _WIDE


def _is_within(value: str) -> bool:
    return len(value) > 1 and value[0] == value[-1] == "'" and "'" not in value[1:-1].replace("''", "")


def _otherwise_marked(lines: Sequence[str], quote: tuple[str, bool] | None) -> Dialect | None:
    """Return the reading in which other quotation marks, or backslashes, hold records together; or None.

    That is where all records then are as wide as the first, or nearly all where each line begins with such a mark or
    some line ends with a backslash.
    """
    filled = [line.strip() for line in lines if line.strip()]
    if not filled:
        return None
    best: tuple[int, Dialect] | None = None
    for delimiter, marks, escaped, sure in _ways(filled, quote):
        dialect = plain_dialect(lines, delimiter, marks, escaped)
        told = reading(lines, dialect)
        records = told.records[delimiter == " " :]
        widths = Counter(map(len, records))
        width, count = widths.most_common(1)[0] if widths else (1, 0)
        alike = sure and count > _TRUSTED * len(records) and (width >= _WIDE or (width > 1 and marks == "'"))
        is_whole = told.is_whole or (told.fits and _shows(lines, delimiter, marks, escaped) >= _WIDE)
        whole = is_whole and len(records) > _WIDE and _hold(lines, dialect, width, len(records))
        if (alike or whole) and (best is None or count * width > best[0]):
            best = count * width, dialect
    return best[1] if best else None


def _ways(filled: Sequence[str], quote: tuple[str, bool] | None) -> Iterator[tuple[str, str, bool, bool]]:
    """Yield delimiters and marks to try, and whether the lines show these plainly."""
    ways = [(*quote, True)] if quote is not None else []
    if quote is None and any("'" in line for line in filled):
        ways.append(("'", False, sum(line.startswith("'") for line in filled) > _TRUSTED * len(filled)))
    if quote is None and any("\\" in line for line in filled):
        ways.append(('"', True, any(line.endswith("\\") for line in filled)))
    yield from ((delimiter, *way) for delimiter in DELIMITERS for way in ways)
    if _QUOTED_NAMES.fullmatch(filled[0]) and quote in (None, ('"', False)):
        yield " ", '"', False, True  # as R writes it where nothing else is asked for


def _hold(lines: Sequence[str], dialect: Dialect, width: int, records: int) -> bool:
    """Whether marks open fields, of narrow records in half of them, and hold something together that would be torn."""
    literal = reading(lines, _with(lines, dialect, "", False))
    wrapped, loose = _marks_of(literal.records)
    around = _are_surrounded(literal.records) if dialect.quote == "'" else wrapped >= _WIDE and not loose
    if literal.is_table and not around:
        return False
    opened = sum(_openings(lines, dialect.delimiter, dialect.quote, dialect.escaped))
    return opened > 0 and (width >= _WIDE or (width > 1 and opened >= records / 2))
