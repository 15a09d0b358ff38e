"""Hands the lines of delimited text to what reads records, many at once where that is sure, and some again.

It makes nothing of them but records: `delimited` says which of these can be used.
"""

from __future__ import annotations

import csv
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from itertools import chain
from typing import NamedTuple

from explorer.ingest.dialects import Dialect
from explorer.ingest.encodings import Lines, LongLine
from explorer.ingest.plainrows import plain_rows

FIELD_LIMIT = 32 * 2**20
STRAY_QUOTE_LINES = 50


class _Most(NamedTuple):
    """How many lines and characters a record of several lines may have."""

    lines: int
    chars: int


_LONG_RECORD, _SHORT_RECORD = _Most(200_000, FIELD_LIMIT), _Most(STRAY_QUOTE_LINES, 20_000)
_PLAIN_LINES, _PLAIN_CHARS = 2_000, 2**20
"""Lines, and their characters, that are tried at once as records of one line each."""
_AGAIN, _AGAIN_CHARS = 4, 2**20
"""So many times the characters that are done with, and so many more, may be read again before records must be short."""


class Feed:
    """Hands lines to the csv reader and remembers those of the record that is being read.

    A record may be long, but where lines had to be read again and again, only short ones are hoped for: what is
    handed out in all stays within a fixed multiple of the file.
    """

    def __init__(
        self, first: Sequence[str], lines: Iterator[str], fault: Callable[[str], str] | None, *, line: int
    ) -> None:
        """Hand out the *first* lines, then the others; *line* is the number of the first."""
        self._blocks = lines if isinstance(lines, Lines) else None
        if self._blocks is not None:
            self._blocks.put_back(first)
        self._lines = lines if self._blocks is not None else chain(first, lines)
        self._fault = fault
        self._again: deque[str] = deque()
        self.taken: list[str] = []
        self.line, self._next = line, line
        self._chars = 0
        self._done, self._old = 0, 0
        self._most = _LONG_RECORD

    def __iter__(self) -> Feed:
        return self

    def __next__(self) -> str:
        line = self._again.popleft() if self._again else next(self._lines)
        self.taken.append(line)
        if type(line) is not str or len(self.taken) > 1:  # most records are one line: no more is done for them
            self._check(line)
        return line

    def plain(self, dialect: Dialect, width: int) -> Sequence[list[str]]:
        """Return the records of the next lines where each is one of *width* fields; else none, and the lines wait."""
        if self._again:
            return []
        block = "" if self._blocks is None else self._blocks.block()
        if block and self._blocks is not None:
            rows = None if self._fault is not None and self._fault(block) else plain_rows(block, dialect, width)
            if rows is not None:
                self._passed(len(rows), len(block))
                return rows
            self._blocks.put_back_block(block)
        lines, chars = [], 0
        for line in self._lines if self._blocks is None else self._blocks.waiting():
            lines.append(line)
            chars += len(line)
            if chars > _PLAIN_CHARS or len(lines) == _PLAIN_LINES:
                break
        records = self._plain_records(lines, dialect, width)
        if records:
            self._passed(len(lines), chars)
        else:
            self._again.extend(lines)
        return records

    def _passed(self, lines: int, chars: int) -> None:
        self.begin()
        self._done += chars
        self._next += lines

    def _plain_records(self, lines: list[str], dialect: Dialect, width: int) -> list[list[str]]:
        if set(map(type, lines)) != {str} or (self._fault is not None and self._fault("".join(lines))):
            return []
        try:
            records = list(dialect.reader(lines, strict=True))
        except csv.Error:
            return []
        return records if len(records) == len(lines) and set(map(len, records)) == {width} else []

    def following(self, dialect: Dialect) -> int:
        """Return how many fields the next line has by itself; 0 at the end."""
        line = self._again.popleft() if self._again else next(self._lines, None)
        if line is None:
            return 0
        self._again.appendleft(line)
        return len(next(dialect.reader([line], strict=False), []))

    def begin(self) -> None:
        """Begin another record."""
        self._done += sum(map(len, self.taken))
        self._next += len(self.taken)
        self.line = self._next
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
