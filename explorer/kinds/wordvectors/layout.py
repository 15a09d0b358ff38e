"""Tells by its beginning whether a file holds word vectors, and how they are written.

It reads no file: `piecewise` does.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

WORD2VEC, WORD2VEC_BINARY, GLOVE = "word2vec text", "word2vec binary", "GloVe text"
"""The ways in which word vectors are written; fastText's .vec is the first."""
MOST_NUMBERS = 65_536
LONGEST_WORD = 2_000
"""Bytes of a word, at most: what is longer is none, and the file damaged."""
NO_VECTORS = (
    "it is no file of word vectors: it begins neither with “WORDS NUMBERS” as those of word2vec and fastText do, nor "
    "with a word and its numbers as GloVe's do"
)
FASTTEXT_MODEL = (
    "it is a model of fastText, not its vectors; write these as text, a word and its numbers a line, below a line with "
    "how many words and numbers there are (fastText saves them beside the model, as .vec)"
)
_FASTTEXT_MODEL = struct.pack("<i", 793_712_314)
_HEAD = re.compile(rb"(?:\xef\xbb\xbf)?(\d{1,10})[ \t](\d{1,5})[ \t]*\r?\n")
_NUMBER = re.compile(rb"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?\Z")
_BROKEN = re.compile(rb"[.eE]")
_FEWEST, _ALONE = 8, 64
"""Numbers behind a word, at least, where no line tells how many there are; and where but one line is seen."""
_WORDY, _LARGEST = 0.9, 1e6
_CUT_WORDS = 4
"""Numbers of a line whose end was not seen that tell it, at least."""


@dataclass(frozen=True)
class Layout:
    """How word vectors are written: *way*, how many *numbers* each word has, and *words* there are, -1: unsaid."""

    way: str
    numbers: int
    words: int = -1
    begins: int = 0
    """Bytes before the first word."""

    @property
    def is_binary(self) -> bool:
        """Whether numbers stand as they are in memory, not as text."""
        return self.way == WORD2VEC_BINARY


def layout_of(head: bytes) -> Layout | None:
    """Return how a file that begins so has its word vectors; None where it holds none, as far as can be seen.

    *head* is its beginning, or all of it.  Prose, tables with names of columns and tables of numbers are none: a line
    has to be a word with numbers behind it, as many as the first line says, or, without such a line, at least eight
    that have a decimal point.
    """
    told = _HEAD.match(head)
    if told is None:
        return _without_head(head)
    words, numbers = int(told[1]), int(told[2])
    if not words or not 2 <= numbers <= MOST_NUMBERS:
        return None
    rest = head[told.end() :]
    if _is_text(rest, numbers):
        return Layout(WORD2VEC, numbers, words, told.end())
    return Layout(WORD2VEC_BINARY, numbers, words, told.end()) if _is_binary(rest, numbers) else None


def fault_of(head: bytes) -> str:
    """Return why a file that begins so, and is called one of word vectors, holds none."""
    return FASTTEXT_MODEL if head.startswith(_FASTTEXT_MODEL) else NO_VECTORS


def _lines(head: bytes) -> tuple[list[list[bytes]], list[bytes]]:
    """Return the whole lines' fields, and those of the one that the end of the head cuts, without its last one."""
    lines = head.split(b"\n")
    cut = lines.pop()
    return [fields for line in lines if (fields := line.split())], cut.split()[:-1]


def _numbers_behind(fields: Sequence[bytes]) -> int:
    """Return how many numbers stand at the end of a line."""
    count = 0
    for field in reversed(fields):
        if not _NUMBER.match(field):
            break
        count += 1
    return count


def _is_text(rest: bytes, numbers: int) -> bool:
    whole, cut = _lines(rest)
    fits = sum(numbers <= _numbers_behind(fields) and len(fields) > numbers for fields in whole)
    if whole:
        return 2 * fits > len(whole)
    behind = _numbers_behind(cut)
    return min(_CUT_WORDS, numbers) <= behind <= numbers and behind >= len(cut) - 1


def _is_binary(rest: bytes, numbers: int) -> bool:
    """Whether a word and then numbers follow that are neither endless nor huge."""
    word = rest.lstrip(b"\n")[: LONGEST_WORD + 1]
    end = word.find(b" ")
    if end < 1:
        return False
    begins = rest.find(word) + end + 1
    there = min(numbers, (len(rest) - begins) // 4)
    vector = np.frombuffer(rest, "<f4", there, begins)
    sizes = np.abs(vector[np.isfinite(vector)])
    tiny = (sizes > 0) & (sizes < 1e-30)  # bytes of text read as numbers are huge or next to nothing
    return there >= min(_CUT_WORDS, numbers) and 2 * int((sizes < _LARGEST).sum()) > there and 2 * tiny.sum() < there


def _without_head(head: bytes) -> Layout | None:
    if b"\0" in head:
        return None
    whole, cut = _lines(head.removeprefix(b"\xef\xbb\xbf"))
    if not whole:
        seen = len(cut) - 1
        return Layout(GLOVE, 0) if seen >= _ALONE and _is_word(cut, seen) else None
    widths = [len(fields) - 1 for fields in whole]
    numbers = max(set(widths), key=widths.count)
    if numbers < _FEWEST or numbers > MOST_NUMBERS:
        return None
    if len(whole) == 1 and numbers < _ALONE and not (cut and _is_word(cut, len(cut) - 1)):
        return None
    words = sum(_is_word(fields, numbers) for fields in whole)
    return Layout(GLOVE, numbers) if words >= _WORDY * len(whole) else None


def _is_word(fields: Sequence[bytes], numbers: int) -> bool:
    """Whether a line is a word that is no number, and so many that nearly all have a decimal point."""
    if len(fields) <= numbers or _NUMBER.match(fields[0]):
        return False
    behind = fields[len(fields) - numbers :]
    broken = sum(_BROKEN.search(field) is not None for field in behind)
    return all(map(_NUMBER.match, behind)) and broken >= _WORDY * numbers
