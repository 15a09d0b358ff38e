"""Joins the halves of numbers with decimal commas where these part some lines of a table, and others are whole.

Lines all of which have as many fields too many are `tornnumbers`' own.  It parts no record: `delimited` does.
"""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Callable, Sequence
from functools import partial
from itertools import combinations

from explorer.ingest.tornnumbers import (
    DOUBTED,
    LOOKED_AT,
    MOST_TORN,
    TORN,
    are_halves,
    fit,
    is_measured,
    joined_at,
    surely_decimals,
    ways,
    written,
)

_FEWEST, _MOSTLY, _SURELY = 3, 0.9, 3
"""Lines below the names, at least; the share of them that is whole or joined; torn ones from which it is no chance."""
_MANY = 20
"""Lines from which a single one that has more fields than all others is no rule."""
_OTHERS = ";\t|"
_PADDED = re.compile(r"0\d")
"""No number begins so; the decimals of one do."""
_PLAIN = re.compile(r"\s*(?:(?:[€$£] ?)?[-+−]?[\d.]*\d(?: ?(?:[%‰€$£°]C?|EUR|USD|GBP|CHF|[kmc]?m|k?g))?)?\s*")


def joining_some(lines: Sequence[str]) -> tuple[str, Callable[[str], str] | None] | None:
    """Return what is said of a table that begins so, and what joins the halves of numbers in a line; None of others.

    Some lines have more fields than there are names.  In those that have most, pairs side by side are halves, always of
    the same columns, and these hold bare numbers wherever a line is whole.  Of several such pairs those are that make
    the columns fit their names best; where no one way does, nothing is joined.
    """
    filled = [line for line in lines[:LOOKED_AT] if line.strip()]
    if len(filled) <= _FEWEST or any(line.count('"') % 2 for line in filled):
        return None
    if any(all(line.count(sign) == filled[0].count(sign) > 0 for line in filled) for sign in _OTHERS):
        return None
    try:
        records = [next(csv.reader([line]), []) for line in filled]
    except csv.Error:
        return None
    columns = _columns(records[0], records[1:])
    if not columns:
        return None
    names, rows = records[0], records[1:]
    torn = [row for row in rows if len(row) > len(names)]
    parted = [(row, way) for row in torn if (way := _way(row, len(names), columns)) is not None]
    if len(parted) < _MOSTLY * len(torn):
        return None
    said = all(
        any(
            surely_decimals(names[one], [row], way[columns.index(one)])
            for row, way in parted
            if len(way) == len(columns)
        )
        for one in columns
    )
    note = TORN if said or len(parted) >= _SURELY else DOUBTED
    return note, partial(_rewritten, width=len(names), columns=columns)


def _columns(names: Sequence[str], rows: Sequence[Sequence[str]]) -> tuple[int, ...]:
    """Return the columns whose numbers are torn in some lines; none where nothing tells them."""
    extra = Counter(len(row) - len(names) for row in rows)
    most = max(
        (more for more, count in extra.items() if more > 0 and (count > 1 or sum(extra.values()) < 20)), default=0
    )
    if len(names) < 2 or len(extra) < 2 or not 0 < most <= MOST_TORN:
        return ()
    told = sum(count for more, count in extra.items() if 0 <= more <= most)
    if told < _MOSTLY * len(rows):
        return ()
    torn = [row for row in rows if len(row) == len(names) + most]
    whole = [row for row in rows if len(row) == len(names)]
    found: dict[tuple[int, ...], tuple[int, int]] = {}
    for way in ways(names, torn):
        columns = tuple(at - before for before, at in enumerate(way))
        padded = any(_PADDED.match(row[at]) for row in torn for at in way)
        if not padded and all(_PLAIN.fullmatch(row[one]) for row in whole for one in columns):
            fits = fit(names, [*whole, *(joined_at(row, way) for row in torn)])
            found[columns] = (fits, sum(is_measured(names[one]) for one in columns))
    best = [columns for columns in found if found[columns] == max(found.values())]
    return best[0] if len(best) == 1 else ()


def _way(row: Sequence[str], width: int, columns: tuple[int, ...]) -> tuple[int, ...] | None:
    """Return the places of the first halves in a row with more fields than *width*; None where not one way is."""
    found = []
    for some in combinations(columns, len(row) - width) if len(row) > width else ():
        way = tuple(one + before for before, one in enumerate(some))
        joined = joined_at(row, way)
        rest = (one for one in columns if one not in some)
        if all(are_halves(row, at) for at in way) and all(_PLAIN.fullmatch(joined[one]) for one in rest):
            found.append(way)
    return found[0] if len(found) == 1 else None


def _rewritten(line: str, *, width: int, columns: tuple[int, ...]) -> str:
    if line.count(",") < width or line.count('"') % 2:
        return line
    try:
        row = next(csv.reader([line]), [])
    except csv.Error:
        return line
    way = _way(row, width, columns)
    return line if way is None else written(joined_at(row, way))
