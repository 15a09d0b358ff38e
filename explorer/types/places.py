"""Where rows stand in the files that they came from, as one who opens those counts: line 12, row 12 of a sheet.

It reads no files: readers say how the records of theirs are numbered.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

RECORD, LINE, ROW, ITEM = "record", "line", "row", "item"
Whole: TypeAlias = NDArray[np.int64]


@dataclass
class Numbering:
    """What a file's program calls its records, and their numbers there: 1, 2, … unless `note` says otherwise.

    *noun* is LINE, ROW or RECORD, *within* the sheet in which it counts; of several `enter` tells the next.
    """

    noun: str = RECORD
    within: str = ""
    _records: array[int] = field(default_factory=lambda: array("q", [0]))
    _ahead: array[int] = field(default_factory=lambda: array("q", [1]))
    _entered: list[tuple[int, str]] = field(default_factory=list)
    """The first record of each further sheet, and its name."""

    def note(self, record: int, number: int) -> None:
        """Say that a record, counted from 0, has this number, and those after it the next; records ascend."""
        if number - record == self._ahead[-1]:
            return
        if record == self._records[-1]:
            self._ahead[-1] = number - record
        else:
            self._records.append(record)
            self._ahead.append(number - record)

    def enter(self, record: int, within: str) -> None:
        """Say that this record and those after it stand in another sheet; records ascend."""
        self._entered.append((record, within))

    def sheets(self, records: Sequence[int]) -> list[tuple[str, int]]:
        """Return in which sheets ascending records stand, and how many in each; O(sheets · log n)."""
        named = [self.within, *(within for _, within in self._entered)]
        starts = [0, *(bisect_left(records, first) for first, _ in self._entered), len(records)]
        return [(name, end - start) for name, (start, end) in zip(named, pairwise(starts), strict=True)]

    def number(self, record: int) -> int:
        """Return the number of a record."""
        return record + self._ahead[bisect_right(self._records, record) - 1]

    def numbers(self, records: Sequence[int]) -> Whole:
        """Return the (n,) numbers of records."""
        asked = np.asarray(records, np.int64)
        found = np.searchsorted(np.asarray(self._records, np.int64), asked, "right") - 1
        return np.asarray(asked + np.asarray(self._ahead, np.int64)[found], np.int64)

    def place(self, record: int) -> str:
        """Return where a record stands, in words: “row 12 of Sheet1”."""
        entered = bisect_right(self._entered, record, key=lambda one: one[0])
        within = self._entered[entered - 1][1] if entered else self.within
        return in_words(self.noun, self.number(record), within)


def in_words(noun: str, number: int, within: str = "", source: str = "") -> str:
    """Return a place in words: “line 12”, “row 12 of Sheet1 in b.xlsx”."""
    of = f" of {within}" if within else ""
    return f"{noun} {number:,}{of}{f' in {source}' if source else ''}"


@dataclass(frozen=True)
class Places:
    """Where the rows of a dataset stand: from row ``starts[i]`` on they are number ``numbers[i]`` and the next ones.

    *starts* ascend from 0; *parts* says for each such stretch which of *ways* it is: (noun, within, source).  Rows of
    which nobody knows it have ITEM for a noun.  *of* is the `items_key` of the dataset: of other items it says nothing.
    """

    of: str
    starts: Whole
    numbers: Whole
    parts: Whole
    ways: tuple[tuple[str, str, str], ...]

    def words(self, row: int) -> str:
        """Return where a row stands; with its file where rows come from several."""
        at = int(np.searchsorted(self.starts, row, "right")) - 1
        noun, within, source = self.ways[int(self.parts[at])]
        number = int(self.numbers[at]) + row - int(self.starts[at])
        several = len({source for _, _, source in self.ways}) > 1
        return in_words(noun, number, within, source if several else "")

    def within(self, row: int) -> tuple[str, str]:
        """Return the source of a row and where in that it stands, in words; "" twice where nobody knows it."""
        at = int(np.searchsorted(self.starts, row, "right")) - 1
        noun, within, source = self.ways[int(self.parts[at])]
        number = int(self.numbers[at]) + row - int(self.starts[at])
        return ("", "") if noun == ITEM else (source, in_words(noun, number, within))

    def is_known(self, row: int) -> bool:
        """Whether it says where a row stands, and not only which item it is."""
        return self.ways[int(self.parts[int(np.searchsorted(self.starts, row, "right")) - 1])][0] != ITEM

    def between(self, start: int, end: int) -> list[str]:
        """Return where the rows from *start* to before *end* stand, each as `words` has it."""
        rows = np.arange(start, end)
        at = np.searchsorted(self.starts, rows, "right") - 1
        numbers = (self.numbers[at] + rows - self.starts[at]).tolist()
        several = len({source for _, _, source in self.ways}) > 1
        named = [(noun, within, source if several else "") for noun, within, source in self.ways]
        ways = [named[part] for part in self.parts[at].tolist()]
        return [in_words(noun, number, *of) for (noun, *of), number in zip(ways, numbers, strict=True)]

    @property
    def says_more(self) -> bool:
        """Whether it says of some row more than which item it is."""
        return any(noun != ITEM for noun, _, _ in self.ways)

    def taken(self, rows: Whole, of: str) -> Places:
        """Return the places of some rows, ascending, which are the items *of* another dataset."""
        at = np.searchsorted(self.starts, rows, "right") - 1
        items = np.array([noun == ITEM for noun, _, _ in self.ways], np.bool_)[self.parts[at]]
        numbers = np.where(items, np.arange(1, len(rows) + 1), self.numbers[at] + rows - self.starts[at])
        return _stretches(of, numbers, self.parts[at], self.ways)

    @staticmethod
    def joined(parts: Iterable[tuple[Places | None, int]], of: str) -> Places:
        """Return the places of the rows of datasets that come one after another, each with how many it has; O(n)."""
        ways: dict[tuple[str, str, str], int] = {}
        numbers: list[Whole] = []
        which: list[Whole] = []
        start = 0
        for places, count in parts:
            own = np.arange(count)
            stretch = np.zeros(count, np.int64) if places is None else np.searchsorted(places.starts, own, "right") - 1
            known = [(ITEM, "", "")] if places is None else list(places.ways)
            part = stretch if places is None else places.parts[stretch]
            told = own if places is None else places.numbers[stretch] + own - places.starts[stretch]
            items = np.array([noun == ITEM for noun, _, _ in known], np.bool_)[part]
            numbers.append(np.where(items, own + start + 1, told).astype(np.int64))
            which.append(np.array([ways.setdefault(way, len(ways)) for way in known], np.int64)[part])
            start += count
        if not start:
            return places_of((), of)
        return _stretches(of, np.concatenate(numbers), np.concatenate(which), tuple(ways))


Counted: TypeAlias = tuple[str, Numbering | None, Sequence[int] | None, int]
"""A part of a dataset: its source, how that counts, the records of its rows, and how many rows it has."""


def places_of(parts: Iterable[Counted], of: str) -> Places:
    """Return where the rows of parts that come one after another stand; O(n)."""
    ways: dict[tuple[str, str, str], int] = {}
    numbers: list[Whole] = []
    which: list[Whole] = []
    start = 0
    for source, numbering, records, count in parts:
        if numbering is None or records is None:
            told = [((ITEM, "", ""), count)]
            numbers.append(np.arange(start + 1, start + count + 1))
        else:
            told = [((numbering.noun, within, source), many) for within, many in numbering.sheets(records) if many]
            numbers.append(numbering.numbers(records))
        which += [np.full(many, ways.setdefault(way, len(ways)), np.int64) for way, many in told]
        start += count
    if not start:
        return Places(of, np.zeros(1, np.int64), np.ones(1, np.int64), np.zeros(1, np.int64), ((ITEM, "", ""),))
    return _stretches(of, np.concatenate(numbers), np.concatenate(which), tuple(ways))


def _stretches(of: str, numbers: Whole, parts: Whole, ways: tuple[tuple[str, str, str], ...]) -> Places:
    """Return the places of rows with these numbers, as few stretches as there are."""
    breaks = np.flatnonzero((np.diff(numbers) != 1) | (np.diff(parts) != 0)) + 1
    starts = np.concatenate([np.zeros(1, np.int64), breaks]).astype(np.int64)
    return Places(of, starts, np.asarray(numbers[starts], np.int64), np.asarray(parts[starts], np.int64), ways)
