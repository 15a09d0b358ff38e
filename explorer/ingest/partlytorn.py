"""Joins the halves of numbers with decimal commas where these part some lines of a table, and others are whole.

Lines all of which have one field too many are `tornnumbers`' own.  It parts no record: `delimited` does.
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Callable, Sequence
from functools import partial
from itertools import combinations

from explorer.ingest.likeness import is_sentence
from explorer.ingest.proselines import is_prose
from explorer.ingest.tornnumbers import (
    AMBIGUOUS,
    DOUBTED,
    ENDED,
    LOOKED_AT,
    MOST_TORN,
    TORN,
    fit,
    is_measured,
    joined_at,
    surely_decimals,
    ways,
    written,
)
from explorer.ingest.tornways import Way, allowed_in, are_bare, columns_of, fitting, lacking, ways_of

_FEWEST, _MOSTLY, _SURELY = 3, 0.9, 3
"""Lines below the names, at least; the share of them that is whole or joined; torn ones from which it is no chance."""
_MANY, _TOLD = 20, 12
"""Lines from which a single one that has more fields than all others is no rule; torn ones by which it is told which
columns are torn, as more would have shown in one of them."""
_FEW = 0.2
"""Share of the rows that may lack cells at their ends."""
_OTHERS = ";\t|"

_Columns = tuple[int, ...]


def joining_some(lines: Sequence[str]) -> tuple[str, Callable[[str], str] | None] | None:
    """Return what is said of a table that begins so, and what joins the halves of numbers in a line; None of others.

    Some lines have more fields than there are names.  Of the fewest columns that explain these lines as such with
    halves side by side, several sets may: then those are that fit their names best, and it is said not to be sure.  A
    line that can be read in two ways by them is left as it is, so that it is listed.  Nothing is joined where all that
    the lines have too many is empty.
    """
    records = _records(lines)
    if records is None or not _are_names(records[0]):
        return None
    names, width = records[0], len(records[0])
    extra = Counter(len(row) - width for row in records[1:])
    most = max((more for more, count in extra.items() if more > 0 and (count > 1 or len(records) <= _MANY)), default=0)
    alike = len(extra) < 2
    if not 0 < most <= MOST_TORN or (alike and most == 1 and ways(names, records[1:])):
        return None
    rows = [row for row in records[1:] if 0 <= len(row) - width <= most]
    if len(rows) < _MOSTLY * (len(records) - 1):
        return None
    known = [ways_of(row, width) for row in rows]
    allowed, odd = _allowed(rows, known, width)
    filled, known = _filled(rows, known, allowed, width)
    torn = [(row, found) for row, found in zip(filled, known, strict=True) if len(row) > width]
    read = [(row, found) for row, found in torn if found]
    if len(read) < _MOSTLY * len(torn) or not (known[0] or len(filled[0]) == width):
        return None
    whole = [row for row in filled if len(row) == width]
    explaining = _explaining([found for _, found in read], [at for at in range(width) if are_bare(whole, at)], most)
    if not explaining:
        return None
    if not any(one.strip() for row, _ in read for one in row[width:]):
        return None if alike else (ENDED, None)
    best = _best(names, filled, known, explaining)
    told = (
        not (alike and most == 1)
        and len(best) == len(explaining)
        and (len(read) >= _TOLD or _are_one(read, explaining))
    )
    sure = told and (_are_decimals(names, read, best) or (not alike and len(read) >= _SURELY))
    joined = any(len(_readings(row, found, best)) == 1 for row, found in read)
    note = AMBIGUOUS if not joined else TORN if sure and not odd else DOUBTED
    return note, partial(_rewritten, width=width, allowed=allowed, best=best)


def _allowed(
    rows: Sequence[Sequence[str]], known: Sequence[Sequence[Way]], width: int
) -> tuple[list[frozenset[str]], bool]:
    """Return the kinds of values that each column has, and whether some rows are whole only if it has others, too.

    Those are torn and lack their ends, if they are few.
    """
    plain = allowed_in(rows, known, width)
    strict = allowed_in(rows, known, width, may_lack=True)
    odd = sum(
        bool(fitting(row, found, plain)) and not fitting(row, found, strict)
        for row, found in zip(rows, known, strict=True)
    )
    return strict if odd <= max(1, _FEW * len(rows)) else plain, odd > 0


def _filled(
    rows: Sequence[Sequence[str]], known: Sequence[Sequence[Way]], allowed: Sequence[frozenset[str]], width: int
) -> tuple[list[Sequence[str]], list[list[Way]]]:
    """Return the rows and their ways that fit; those that none does are filled up at their ends where one then does."""
    filled, ways = list[Sequence[str]](), list[list[Way]]()
    for row, found in zip(rows, known, strict=True):
        fit = fitting(row, found, allowed)
        others = [] if fit else [one for one in lacking(row, width) if fitting(one[0], [one[1]], allowed)]
        whole = others[0][0] if others else row
        filled.append(whole)
        ways.append(fit or [way for one, way in others if one == whole])
    return filled, ways


def _records(lines: Sequence[str]) -> list[list[str]] | None:
    """Return the fields of each line of a table that commas part, a line a record; None of another."""
    filled = [line for line in lines[:LOOKED_AT] if line.strip()]
    if len(filled) <= _FEWEST or any(line.count('"') % 2 for line in filled):
        return None
    if any(all(line.count(sign) == filled[0].count(sign) > 0 for line in filled) for sign in _OTHERS):
        return None
    try:
        return [next(csv.reader([line]), []) for line in filled]
    except csv.Error:
        return None


def _are_names(names: Sequence[str]) -> bool:
    told = [name.strip() for name in names]
    bare = len(told) > 1 and all(any(map(str.isalpha, one)) and not is_sentence(one) for one in told)
    return bare and len(set(told)) == len(told) and not is_prose(names)


def _explaining(known: Sequence[Sequence[Way]], bare: Sequence[int], most: int) -> list[_Columns]:
    """Return the smallest sets of *bare* columns in which the halves of all lines can be, by one of their ways."""
    lines = {frozenset(frozenset(columns_of(way)) for way in found) for found in known}
    halved = sorted({at for line in lines for way in line for at in way} & set(bare))
    for size in range(most, min(len(halved), MOST_TORN) + 1):
        found = [
            some for some in combinations(halved, size) if all(any(way <= {*some} for way in one) for one in lines)
        ]
        if found:
            return found
    return []


def _best(
    names: Sequence[str], rows: Sequence[Sequence[str]], known: Sequence[Sequence[Way]], explaining: list[_Columns]
) -> list[_Columns]:
    """Return those of several sets of columns that fit their names best."""
    if len(explaining) == 1:
        return explaining
    fits = {}
    for some in explaining:
        read = [_readings(row, found, [some]) for row, found in zip(rows, known, strict=True)]
        fits[some] = fit(names, [one[0] for one in read if one]), sum(is_measured(names[at]) for at in some)
    return [some for some in explaining if fits[some] == max(fits.values())]


def _are_one(read: Sequence[tuple[Sequence[str], Sequence[Way]]], explaining: Sequence[_Columns]) -> bool:
    """Whether each line that is joined could not be read in another way, whatever columns are torn."""
    return all(len(found) == 1 for row, found in read if len(_readings(row, found, explaining)) == 1)


def _are_decimals(
    names: Sequence[str], read: Sequence[tuple[Sequence[str], Sequence[Way]]], best: Sequence[_Columns]
) -> bool:
    """Whether each column that is torn surely has decimals: its name says so, or a half that is no whole number."""
    return all(
        any(
            surely_decimals(names[one], [row], way[columns_of(way).index(one)])
            for row, found in read
            for way in found
            if one in columns_of(way) and {*columns_of(way)} <= {*columns}
        )
        for columns in best
        for one in columns
    )


def _readings(row: Sequence[str], known: Sequence[Way], sets: Sequence[_Columns]) -> list[list[str]]:
    """Return the fields of a row by each of the ways that joins within one of the sets of columns."""
    return [joined_at(row, way) for way in known if any({*columns_of(way)} <= {*some} for some in sets)]


def _rewritten(line: str, *, width: int, allowed: Sequence[frozenset[str]], best: Sequence[_Columns]) -> str:
    if line.count(",") < width - 1 or line.count('"') % 2:
        return line
    try:
        row = next(csv.reader([line]), [])
    except csv.Error:
        return line
    if not 0 <= len(row) - width <= MOST_TORN:
        return line
    ways = fitting(row, ways_of(row, width), allowed)
    if not ways:
        return _shifted(line, row, width, allowed, best)
    found = _readings(row, ways, best)
    return written(found[0]) if len(row) > width and len(found) == 1 else line


def _shifted(
    line: str, row: Sequence[str], width: int, allowed: Sequence[frozenset[str]], best: Sequence[_Columns]
) -> str:
    """Return a line that lacks as many cells at its end as its numbers are torn, so that none of its values fits.

    Joined where one way to do so fits the columns; where several do, with one field too many, so that it is listed.
    """
    at_end, within = list[list[str]](), list[list[str]]()
    for whole, way in lacking(row, width):
        read = _readings(whole, fitting(whole, [way], allowed), best)
        if whole[: len(row)] == row:
            at_end += read
        else:
            within += read
    found = at_end or within
    if not found:
        return line
    return written(found[0] if len(found) == 1 else [*row, ""])
