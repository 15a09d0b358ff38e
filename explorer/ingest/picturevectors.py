"""Finds whose vectors a file is full of that lies beside pictures or sounds: in which order its rows are these.

It takes none by itself: somebody has to say so, since an array of numbers names nobody.  A table that names the
pictures, and has as many rows, gives a sure order; without one it can be that of their names.  A table's own columns of
vectors are of the pictures that its rows name, or in the order of their names where it names none.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from explorer.errors import BadChoice
from explorer.ingest.choosing import impossible
from explorer.ingest.reader import Table
from explorer.ingest.vectorcolumns import (
    MISSING,
    NO_COLUMN,
    VECTORS,
    fault_of,
    offered_of,
    stacked,
    usual_length,
    vectors_in,
)
from explorer.types import NOTE, Choice, FloatArray, Rejected, cut_middle, sorted_unique

BY_TABLE, BY_NAMES, BY_NUMBERS = "rows", "names", "numbers"
"""The orders: of the rows of a table, of the paths as they are sorted, of these with numbers in them as numbers."""
_DIGITS, _SHOWN = re.compile(r"(\d+)"), 60
_NOT_TAKEN = (
    "{} are not taken, though they can be: an encoder makes those of the {}s unless “Vectors” is chosen to be of this "
    "{} (on the command line --read {}={})"
)
_WHOLE = "its vectors", "file"


@dataclass(frozen=True)
class _Order:
    """One way in which rows are pictures: *rows* int64 (pictures,), the row of each, -1 for none; it in words."""

    value: str
    told: str
    rows: NDArray[np.int64]


@dataclass
class PictureVectors:
    """What the files of vectors beside pictures come to: a choice, what is said of them, and what is taken.

    *rows* int64 (pictures,): the row of the vector of each path, -1 for none; None where none are taken.
    """

    choices: list[Choice] = field(default_factory=list)
    rejected: list[Rejected] = field(default_factory=list)
    column: str = ""
    rows: NDArray[np.int64] | None = None
    numbers: FloatArray | None = None
    faults: dict[int, str] = field(default_factory=dict)
    """Why rows have no vector."""
    offered: set[tuple[str, str]] = field(default_factory=set)
    """The tables and columns whose vectors can be taken."""

    def of(self, pictures: Sequence[int]) -> tuple[list[int], FloatArray | None, list[str]]:
        """Return which of some pictures, by their places among them, have a usable vector; these, (m, d); faults.

        A fault for each of the pictures, "" where there is none.
        """
        if self.rows is None or self.numbers is None:
            return list(range(len(pictures))), None, [""] * len(pictures)
        rows, length = self.rows[list(pictures)], self.numbers.shape[1]
        given = self.numbers
        faults = [
            self.faults.get(row) or fault_of(given[row] if row >= 0 else MISSING, length) for row in rows.tolist()
        ]
        kept = [place for place, fault in enumerate(faults) if not fault]
        return kept, np.ascontiguousarray(self.numbers[rows[kept]], np.float32), faults


def most_rows(pictures: int) -> int:
    """Return how many rows a table may have, at most, that gives so many pictures their order."""
    return 2 * pictures + 100


@dataclass(frozen=True)
class Held:
    """A column of vectors of a table beside pictures: the cells as they are, one a row."""

    table: Table
    column: str
    cells: Any


def held_by(tables: Iterable[Table]) -> list[Held]:
    """Return the columns of vectors of tables, before they are `without_vectors`."""
    return [Held(table, name, table.columns[name]) for table in tables for name in offered_of(table)]


@dataclass(frozen=True)
class _Way:
    """One way to take vectors: its name among the options, in words, and where they are from."""

    order: _Order
    name: str
    told: str
    column: str
    numbers: Callable[[], tuple[FloatArray, dict[int, str]]]
    own: str = ""
    """The column of a table's own that they are in."""

    def not_taken(self, noun: str) -> Rejected:
        """Return the note that they are not taken, and how they are."""
        what, of = (f"the vectors of its column {cut_middle(self.own)}", "column") if self.own else _WHOLE
        told = _NOT_TAKEN.format(what, noun, of, VECTORS, shlex.quote(self.order.value))
        return Rejected(self.name, None, told, what=NOTE)


def placed(
    names: Sequence[str],
    noun: str,
    arrays: Sequence[Table],
    naming: Sequence[tuple[Table, NDArray[np.int64]]],
    asked: Mapping[str, str],
    unread: int = 0,
    held: Sequence[Held] = (),
) -> PictureVectors:
    """Return what becomes of *arrays*, tables of nothing but vectors, and of columns that are *held*, beside pictures.

    The pictures are those of these paths.  *naming*: tables with the picture that each row names, below 0 for none.
    Pictures that cannot be read, *unread*, are among the paths, and keep their places.  Raises BadChoice.
    """
    made = PictureVectors()
    ways, made.rejected = _of_files(names, noun, arrays, naming, unread)
    own = _of_columns(names, noun, held, naming)
    made.offered = {(one.name, one.column) for one in own}
    ways += own
    if not ways:
        return made
    wanted = asked.get(VECTORS) or NO_COLUMN
    options = ((NO_COLUMN, "made by an encoder"), *((one.order.value, one.told) for one in ways))
    if wanted not in dict(options):
        raise BadChoice(impossible(ways[0].name, VECTORS, wanted, list(dict(options))))
    chosen, first = bool(asked.get(VECTORS)), ways[0]
    why = "" if chosen else f"{cut_middle(first.name)} holds vectors, which can be taken: {first.order.told}"
    made.choices = [Choice(VECTORS, "Vectors", wanted, options, sure=chosen, why=why, asked=chosen)]
    if wanted == NO_COLUMN:
        if not chosen:
            firsts = {(one.name, one.own): one for one in reversed(ways)}
            made.rejected += [one.not_taken(noun) for one in reversed(firsts.values())]
        return made
    taken = next(one for one in ways if one.order.value == wanted)
    made.column, made.rows = taken.column, taken.order.rows
    made.numbers, made.faults = taken.numbers()
    return made


def _of_files(
    names: Sequence[str],
    noun: str,
    arrays: Sequence[Table],
    naming: Sequence[tuple[Table, NDArray[np.int64]]],
    unread: int,
) -> tuple[list[_Way], list[Rejected]]:
    """Return the ways in which the one file of vectors that fits can be taken, and why others are not."""
    orders = [_orders(array, names, noun, naming) for array in arrays]
    fitting = [at for at, found in enumerate(orders) if found]
    if len(fitting) != 1:
        several = f"{len(fitting)} files of vectors have as many rows as there are {noun}s" if fitting else ""
        return [], [_misfit(array, len(names), noun, unread, several) for array in arrays]
    (at,) = fitting
    file = arrays[at]
    column = file.name.rsplit("/", 1)[-1].rsplit(".", 1)[0] or VECTORS
    ways = [
        _Way(one, file.name, f"of the file {cut_middle(file.name)}, {one.told}", column, lambda: (_numbers(file), {}))
        for one in orders[at]
    ]
    return ways, [_misfit(one, len(names), noun, unread) for one in arrays if one is not file]


def _of_columns(
    names: Sequence[str], noun: str, held: Sequence[Held], naming: Sequence[tuple[Table, NDArray[np.int64]]]
) -> list[_Way]:
    """Return the ways in which columns of vectors can be taken: by the pictures named, else in the order of names."""
    ways, known = list[_Way](), {NO_COLUMN, BY_TABLE, BY_NAMES, BY_NUMBERS}
    for one in held:
        named = [owners for table, owners in naming if table is one.table]
        if named:
            orders = [_by_owners(named[0], names, noun)]
        elif len(one.table) == len(names) == len(set(names)):
            orders = _by_all_names(names, noun)
        else:
            continue
        value = next(free for n in range(len(known) + 1) if (free := one.column + "*" * n) not in known)
        for at, order in enumerate(orders):
            called = replace(order, value=f"{value} {order.value}" if at else value)
            known.add(called.value)
            told = f"of the column {cut_middle(one.column)} of {cut_middle(one.table.name)}, {order.told}"
            ways.append(_Way(called, one.table.name, told, one.column, partial(_of_cells, one.cells), one.column))
    return ways


def _by_owners(owners: NDArray[np.int64], names: Sequence[str], noun: str) -> _Order:
    """Return the order of a table's own rows: the first that names a picture is its."""
    rows = np.full(len(names), -1, np.int64)
    at = np.flatnonzero(owners >= 0)[::-1]
    rows[owners[at]] = at
    return _Order(BY_TABLE, f"each of the {noun} that its row names", rows)


def _of_cells(column: Any) -> tuple[FloatArray, dict[int, str]]:
    """Return the vectors of a column, (rows, d), and why some rows have none that can be used."""
    cells = vectors_in(column)
    length = usual_length([cells])
    faults = {row: fault for row, cell in enumerate(cells) if (fault := fault_of(cell, length))}
    blank: FloatArray = np.zeros(length, np.float32)
    return stacked([blank if row in faults else cell for row, cell in enumerate(cells)], length), faults


def _orders(
    array: Table, names: Sequence[str], noun: str, naming: Sequence[tuple[Table, NDArray[np.int64]]]
) -> list[_Order]:
    """Return the ways in which the rows of an array can be the pictures, the surest first; none where it cannot be."""
    sure = [one for table, owners in naming if (one := _by_table(array, table, owners, names)) is not None]
    found = sure if len(sure) == 1 else []
    return [*found, *(_by_all_names(names, noun) if len(array) == len(names) == len(set(names)) else [])]


def _by_all_names(names: Sequence[str], noun: str) -> list[_Order]:
    """Return the order of the pictures' names, and that with numbers as numbers where it is another one."""
    by_names = sorted(range(len(names)), key=lambda at: names[at])
    by_numbers = sorted(range(len(names)), key=lambda at: _key(names[at]))
    apart = next((at for at, (a, b) in enumerate(zip(by_names, by_numbers, strict=True)) if a != b), 0)
    found = [_by(BY_NAMES, f"in the order of the {noun}s' names", by_names, apart, names)]
    if apart:
        told = f"in the order of the {noun}s' names, numbers by their size"
        found.append(_by(BY_NUMBERS, told, by_numbers, apart, names))
    return found


def _by_table(array: Table, table: Table, owners: NDArray[np.int64], names: Sequence[str]) -> _Order | None:
    """Return the order that a table gives that names each picture once at most; None where it gives none."""
    known = owners[owners >= 0]
    if not len(known) or len(table) > most_rows(len(names)) or len(sorted_unique(known)) < len(known):
        return None
    if len(array) not in (len(table), table.records[-1] + 1):
        return None
    places = np.arange(len(table)) if len(array) == len(table) else np.asarray(table.records, np.int64)
    rows = np.full(len(names), -1, np.int64)
    rows[known] = places[owners >= 0]
    order = np.argsort(np.where(rows < 0, len(array), rows), kind="stable")[: len(known)]
    told = f"in the order of the rows of {cut_middle(table.name)}: {_ends([int(at) for at in order], 0, names, rows)}"
    return _Order(BY_TABLE, told, rows)


def _by(value: str, told: str, order: Sequence[int], apart: int, names: Sequence[str]) -> _Order:
    rows = np.empty(len(names), np.int64)
    rows[list(order)] = np.arange(len(names))
    return _Order(value, f"{told}: {_ends(order, apart, names, rows)}", rows)


def _ends(order: Sequence[int], apart: int, names: Sequence[str], rows: NDArray[np.int64]) -> str:
    """Return which picture is of the first row, of the one where two orders part, and of the last."""
    told = list(dict.fromkeys([order[0], order[apart], order[-1]]))
    said = [f"row {rows[at] + 1:,} for {cut_middle(names[at], _SHOWN)}" for at in told]
    return said[0] if len(said) == 1 else f"{', '.join(said[:-1])} … {said[-1]}"


def _key(name: str) -> tuple[list[tuple[int, int, str]], str]:
    """Return what sorts a path with the numbers in it as numbers, and by itself where that is the same."""
    pieces = [piece for piece in _DIGITS.split(name) if piece]
    return [(0, int(one), "") if one.isdecimal() else (1, 0, one) for one in pieces], name


def _misfit(array: Table, pictures: int, noun: str, unread: int, several: str = "") -> Rejected:
    there = f"{'there is' if pictures == 1 else 'there are'} {pictures:,} {noun}{'s' * (pictures != 1)}"
    broken = f", {unread:,} of which cannot be read" if unread else ""
    why = several or f"it has {len(array):,} vector{'s' * (len(array) != 1)}, and {there}{broken}"
    cure = f"Load one that has a row for each {noun}, or the vectors with their table by themselves."
    return Rejected(array.name, None, f"{why}: nothing says which vector is of which {noun}. {cure}")


def _numbers(array: Table) -> FloatArray:
    inner = array.columns[VECTORS].combine_chunks().flatten()
    return np.asarray(inner.to_numpy(zero_copy_only=False), np.float32).reshape(len(array), -1)
