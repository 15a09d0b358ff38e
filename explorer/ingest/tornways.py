"""Tells in which ways the fields of a line that decimal commas part can be joined, and which of them its columns allow.

It chooses none of several: `partlytorn` does.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from itertools import combinations, pairwise
from typing import TypeAlias

from explorer.ingest.tornnumbers import MOST_TORN, are_halves

Way: TypeAlias = tuple[int, ...]
"""The places in a line of the first halves of numbers."""
_NUMBER, _PADDED, _WORDS = "number", "padded", "words"
_MOSTLY, _MOST_PLACES, _MOST_ROUNDS = 0.9, 12, 6
"""Share of the lines that can have a kind of value in a column, for others to be none of it; places where halves may
stand side by side; how often what columns have may rule out ways."""
_MOST_FIELDS = 20
"""Fields of a row in which a cell may be lacking anywhere."""
_BEGINS_PADDED = re.compile(r"\s*[-+−]?0\d")
"""No number begins so; the decimals of one do."""
_PLAIN = re.compile(r"(?:(?:[€$£] ?)?[-+−]?[\d.]*\d(?: ?(?:[%‰€$£°]C?|EUR|USD|GBP|CHF|[kmc]?m|k?g))?)?")


def ways_of(row: Sequence[str], width: int) -> list[Way]:
    """Return the ways to join a row to so many fields: one that joins nothing where it has no more."""
    torn = len(row) - width
    halves = [at for at in range(len(row) - 1) if are_halves(row, at) and not _BEGINS_PADDED.match(row[at])]
    if not 0 <= torn <= MOST_TORN or (torn and len(halves) > _MOST_PLACES):
        return []
    return [way for way in combinations(halves, torn) if all(two - one > 1 for one, two in pairwise(way))]


def columns_of(way: Way) -> tuple[int, ...]:
    """Return the columns whose numbers a way joins."""
    return tuple(at - before for before, at in enumerate(way))


def are_bare(rows: Sequence[Sequence[str]], at: int) -> bool:
    """Whether a column of rows that are whole has bare numbers alone, or nothing."""
    return all(_PLAIN.fullmatch(row[at].strip()) for row in rows)


def lacking(row: Sequence[str], width: int) -> list[tuple[list[str], Way]]:
    """Return the ways in which a row of so many fields, or more, lacks cells: it, filled up, and how it is joined.

    Some at its end, or else one anywhere.
    """
    if len(row) < width:
        return []
    filled = [[*row, *[""] * more] for more in range(1, MOST_TORN + 1)]
    if len(row) <= _MOST_FIELDS:
        filled += [[*row[:at], "", *row[at:]] for at in range(len(row))]
    return [(whole, way) for whole in filled for way in ways_of(whole, width)]


def allowed_in(
    rows: Sequence[Sequence[str]], known: Sequence[Sequence[Way]], width: int, *, may_lack: bool = False
) -> list[frozenset[str]]:
    """Return the kinds of values that each column has: those that nearly all rows can have there; all where none is.

    *known* are the ways of each row.  What one column has rules out ways, and so tells what others have.  Where rows
    *may lack* cells at their ends, one that may be torn and lack some tells nothing of a column that it has otherwise.
    """
    told = [
        [*(_kinds(row, way) for way in found), *(_kinds(*one) for one in (lacking(row, width) if may_lack else ()))]
        for row, found in zip(rows, known, strict=True)
    ]
    every = frozenset((_NUMBER, _PADDED, _WORDS))
    allowed = [every] * width
    for _ in range(_MOST_ROUNDS):
        left = [[kinds for kinds in found if _are_allowed(kinds, allowed)] for found in told]
        before, allowed = allowed, [_allowed([found for found in left if found], at) or every for at in range(width)]
        if allowed == before:
            break
    return allowed


def fitting(row: Sequence[str], known: Sequence[Way], allowed: Sequence[frozenset[str]]) -> list[Way]:
    """Return those of the ways of a row by which each column has a value of its kinds, or none."""
    return [way for way in known if _are_allowed(_kinds(row, way), allowed)]


def _allowed(rows: Sequence[Sequence[Sequence[str]]], at: int) -> frozenset[str]:
    """Return the kinds that nearly all of the rows that surely fill a column can have in it."""
    can = [{kinds[at] for kinds in found} for found in rows]
    filled = [kinds for kinds in can if "" not in kinds]
    counts = Counter(kind for kinds in filled for kind in kinds)
    return frozenset(kind for kind, count in counts.items() if count >= _MOSTLY * len(filled))


def _are_allowed(kinds: Sequence[str], allowed: Sequence[frozenset[str]]) -> bool:
    return all(not kind or kind in some for kind, some in zip(kinds, allowed, strict=True))


def _kinds(row: Sequence[str], way: Way) -> tuple[str, ...]:
    """Return the kind of value in each column by one way: "" where it has none."""
    kinds, at = [], 0
    while at < len(row):
        torn = at in way
        kinds.append(_NUMBER if torn else _kind(row[at]))
        at += 1 + torn
    return tuple(kinds)


def _kind(value: str) -> str:
    bare = value.strip()
    if not bare:
        return ""
    if _BEGINS_PADDED.match(value):
        return _PADDED if bare.isdecimal() else _WORDS
    return _NUMBER if _PLAIN.fullmatch(bare) else _WORDS
