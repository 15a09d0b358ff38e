"""Reads the words and vectors of a file a piece at a time; what is no vector is told, and nothing else is lost by it.

How the file is written, `layout` tells.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import IO

import numpy as np

from explorer.kinds.wordvectors.layout import LONGEST_WORD, Layout, fits
from explorer.types import FloatArray

_NUMBERS = 9 * 2**20
"""Numbers of a piece: 36 MiB, so that its memory is given back at once (glibc keeps pieces of up to 32)."""
_READ = 2**20
_A_NUMBER = 40
"""Bytes of a number, at most."""
_SHOWN = 40


@dataclass
class Piece:
    """Some words, their vectors, float32 (m, d), and the numbers of their records, from 0; bad records with reasons.

    *blank*: the numbers of lines with nothing in them.  *torn*: how many of the words have bytes that are not UTF-8,
    which stand as U+FFFD; *ended*: why the file was not read to its end.
    """

    words: list[str] = field(default_factory=list)
    vectors: FloatArray = field(default_factory=lambda: np.zeros((0, 0), np.float32))
    records: list[int] = field(default_factory=list)
    faults: list[tuple[int, str]] = field(default_factory=list)
    blank: list[int] = field(default_factory=list)
    torn: int = 0
    ended: str = ""

    def take(self, word: bytes, record: int) -> None:
        """Take a word, whose vector is in its place."""
        try:
            self.words.append(word.decode())
        except UnicodeDecodeError:
            self.words.append(word.decode("utf-8", "replace"))
            self.torn += 1
        self.records.append(record)

    def done(self, vectors: FloatArray) -> Piece:
        """Return it with the first of *vectors*."""
        self.vectors = vectors[: len(self.words)]
        return self


def pieces(file: IO[bytes], layout: Layout) -> Iterator[Piece]:
    """Yield what stands in a file that is open at its start; a record is a line, of a binary file a word.

    Memory: one piece of 36 MiB, whatever the file.  100,000 words of 300 numbers as text take about 2 s.
    """
    return _binary(file, layout) if layout.is_binary else _text(file, layout)


def _text(file: IO[bytes], layout: Layout) -> Iterator[Piece]:
    numbers, record = layout.numbers, 0
    if layout.words >= 0:
        file.readline(LONGEST_WORD)
        record = 1
    longest = LONGEST_WORD + _A_NUMBER * numbers
    most = max(1, _NUMBERS // numbers)
    while True:
        piece, vectors = Piece(), np.empty((most, numbers), np.float32)
        with warnings.catch_warnings():
            warnings.simplefilter("error", DeprecationWarning)  # of numbers that NumPy cannot read to their end
            ended = False
            while len(piece.words) < most and len(piece.faults) < most and not ended:
                line = file.readline(longest)
                ended = not line
                if line and not (len(line) == longest and _skip(file, line, piece, record)):
                    _take_line(line, piece, record, vectors)
                record += 1
        yield piece.done(vectors)
        if ended:
            return


def _skip(file: IO[bytes], line: bytes, piece: Piece, record: int) -> bool:
    """Whether a line is too long to hold a word and its numbers; its rest is passed over then."""
    if line.endswith(b"\n"):
        return False
    while line and not line.endswith(b"\n"):
        line = file.readline(_READ)
    piece.faults.append((record, "the line is longer than a word and its numbers can be"))
    return True


def _take_line(line: bytes, piece: Piece, record: int, vectors: FloatArray) -> None:
    """Take a line into the piece, or why it cannot be; a blank one is nothing."""
    at, numbers = len(piece.words), vectors.shape[1]
    word, _, behind = line.partition(b" ")
    behind = behind.rstrip()
    if word and behind.count(b" ") == numbers - 1:
        try:
            vector = np.fromstring(behind, np.float32, sep=" ")
        except (DeprecationWarning, ValueError):
            vector = np.zeros(0, np.float32)
        if len(vector) == numbers:
            vectors[at] = vector
            piece.take(word, record)
            return
    _take_otherwise(line, piece, record, vectors)


def _take_otherwise(line: bytes, piece: Piece, record: int, vectors: FloatArray) -> None:
    """Take a line whose word has spaces, or whose signs between numbers are others than one space."""
    numbers = vectors.shape[1]
    parts = line.strip(b"\r\n").rsplit(None, numbers)
    if not b"".join(parts):
        piece.blank.append(record)
        return
    fields = line.split()
    if len(parts) <= numbers or (
        len(fields) > numbers + 1 and not fits(fields, numbers) and all(map(_is_number, fields[1:]))
    ):
        found = _count(fields)
        piece.faults.append((record, f"its vector has {found:,} number{'s' * (found != 1)}, most have {numbers:,}"))
        return
    try:
        vectors[len(piece.words)] = [float(part) for part in parts[1:]]
    except ValueError:
        bad = next(part for part in parts[1:] if not _is_number(part))
        piece.faults.append((record, f"“{bad[:_SHOWN].decode('utf-8', 'replace')}” in its vector is no number"))
        return
    piece.take(parts[0].strip(), record)


def _count(fields: list[bytes]) -> int:
    """Return how many numbers stand behind the first field."""
    return sum(map(_is_number, fields[1:]))


def _is_number(text: bytes) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def _binary(file: IO[bytes], layout: Layout) -> Iterator[Piece]:
    numbers, size = layout.numbers, 4 * layout.numbers
    most = max(1, _NUMBERS // numbers)
    file.read(layout.begins)
    held, at, record, ended = b"", 0, 0, False
    while not ended:
        piece, vectors = Piece(), np.empty((most, numbers), np.float32)
        while len(piece.words) < most and not ended:
            end = held.find(b" ", at, at + LONGEST_WORD + 2)
            if end < 0 or len(held) - end - 1 < size:
                more = file.read(max(_READ, size)) if end >= 0 or len(held) - at <= LONGEST_WORD else b""
                if more:
                    held, at = held[at:] + more, 0
                    continue
                ended = True
                piece.ended = _ended(held[at:], record, layout.words)
                break
            if record == layout.words:
                ended, piece.ended = True, f"more stands behind the {record:,} words that its first line tells of"
                break
            word = held[at:end].lstrip(b"\n")
            vectors[len(piece.words)] = np.frombuffer(held, "<f4", numbers, end + 1)
            piece.take(word, record)
            at, record = end + 1 + size, record + 1
        yield piece.done(vectors)


def _ended(rest: bytes, record: int, words: int) -> str:
    """Return what is wrong with the end of a binary file; "" where nothing is."""
    if rest.strip(b"\n"):
        return f"it breaks off, or is damaged, behind word {record:,} of {words:,}; get the file anew"
    return f"it ends behind {record:,} words, its first line tells of {words:,}" if record < words else ""
