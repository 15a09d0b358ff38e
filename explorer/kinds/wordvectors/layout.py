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
_FEWEST_SURE, _FEWEST_TOLD, _FEWEST_WORDS = 10, 5, 20
"""Numbers of a word, at least, in a file that is not called one of word vectors, and where its first line tells how
many; and words there."""
_UNLIKE, _MEASURED, _CENTRED, _DECIMALS = 0.98, 0.2, 0.8, 3
"""Different words as a share of all, dates and numbers among them at most; columns with numbers on both sides of zero;
decimals of a number."""
_MEASURE = re.compile(
    rb"[-+]?[\d.,:/_-]*\d[\d.,:/_-]*(?:[tT][\d:.]+)?(?:[zZ]|[-+][\d:]+)?"
    rb"|(?:\d{1,4}[-./ ]?)?(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|mai|okt|dez)[a-z]{0,6}[-./ ]?\d{1,4}"
    rb"(?:[-./ ]\d{1,4})?"
    rb"|[a-z]{1,12}[-_#]?\d{1,9}",
    re.IGNORECASE,
)
"""Dates, times and numbers; days and months by name; what is numbered, such as “sensor_12”, “S3” and “Q4”."""
_LOOKED_AT, _NOT_UTF8 = 4096, 0.1
"""Bytes by which text is told from numbers as they are in memory; and which share of these is no text at all."""
_ODD = re.compile(rb"[\0-\x08\x0b\x0c\x0e-\x1f]")
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
    has to be a word with numbers behind it, as many as the first line says, or, without such a line or below one that
    does not fit, at least eight that have a decimal point.
    """
    told = _HEAD.match(head)
    words, numbers = (int(told[1]), int(told[2])) if told else (0, 0)
    if told is None or not words or not 2 <= numbers <= MOST_NUMBERS:
        return _without_head(head)
    rest = head[told.end() :]
    if _is_text(rest, numbers):
        return Layout(WORD2VEC, numbers, words, told.end())
    if _is_binary(rest, numbers):
        return Layout(WORD2VEC_BINARY, numbers, words, told.end())
    return _without_head(head)


def are_words(head: bytes, layout: Layout) -> bool:
    """Whether a text that is laid out so, but is not called so, surely holds word vectors, and no table of measures.

    Words differ, with many decimal numbers behind each.  Where no line above tells how many, they are neither dates nor
    numbers, and nearly all columns have numbers above and below zero, of three decimals or more: measures seldom have.
    Names of columns make a table.
    """
    if layout.is_binary:
        return True
    whole, cut = _lines(head[layout.begins :].removeprefix(b"\xef\xbb\xbf"))
    n = layout.numbers
    if not n:
        return _are_centred([cut[1:]])
    if layout.words < 0 and whole and _are_names(whole[0], n):
        return False
    good = [fields for fields in whole if fits(fields, n) and all(map(_NUMBER.match, fields[-n:]))]
    words = [b" ".join(fields[:-n]) for fields in good]
    if 2 * len(good) <= len(whole) or n < (_FEWEST_TOLD if layout.words >= 0 else _FEWEST_SURE):
        return False
    if len(set(words)) < _UNLIKE * len(words) or sum(_has_decimals(fields, n) for fields in good) < _WORDY * len(good):
        return False
    are_named = sum(map(_is_measured, words)) <= _MEASURED * len(words)
    if layout.words >= 0 and are_named:
        return True
    enough = len(good) >= _FEWEST_WORDS or n >= _ALONE
    return (are_named or layout.words >= 0) and enough and _are_centred([fields[-n:] for fields in good])


def _are_names(fields: Sequence[bytes], numbers: int) -> bool:
    """Whether the first line names columns: as many words as the others have fields, or as they have numbers."""
    return len(fields) in (numbers, numbers + 1) and not any(map(_NUMBER.match, fields[1:]))


def fits(fields: Sequence[bytes], numbers: int) -> bool:
    """Whether a line has a word and so many numbers, before which no further number of the vector stands."""
    if len(fields) <= numbers or _numbers_behind(fields) < numbers:
        return False
    return len(fields) == numbers + 1 or not _is_decimal(fields[-numbers - 1])


def _is_decimal(field: bytes) -> bool:
    return _NUMBER.match(field) is not None and _BROKEN.search(field) is not None


def _has_decimals(fields: Sequence[bytes], numbers: int) -> bool:
    return sum(_BROKEN.search(field) is not None for field in fields[-numbers:]) >= _WORDY * numbers


def _is_measured(word: bytes) -> bool:
    """Whether what stands for a word is a date, a time, a number or a place in a row, and so labels a measure."""
    return _MEASURE.fullmatch(word.strip(b"\"',;:")) is not None


def _are_centred(vectors: Sequence[Sequence[bytes]]) -> bool:
    """Whether numbers lie about zero in nearly all columns, or of few rows in each of these, and have many decimals."""
    numbers = np.array([[float(field) for field in vector] for vector in vectors], np.float64)
    if not numbers.size:
        return False
    along = 0 if len(numbers) >= _FEWEST_WORDS else 1
    both = (numbers > 0).any(axis=along) & (numbers < 0).any(axis=along)
    decimals = [len(field.partition(b".")[2]) for vector in vectors[:_FEWEST_WORDS] for field in vector]
    return bool(both.mean() >= _CENTRED) and float(np.median(decimals)) >= _DECIMALS


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
    if whole:
        good = sum(fits(fields, numbers) for fields in whole)
        return 2 * good > len(whole) or (good > 0 and numbers >= _FEWEST_TOLD and _ODD.search(rest) is None)
    behind = _numbers_behind(cut)
    return min(_CUT_WORDS, numbers) <= behind <= numbers and behind >= len(cut) - 1


def _is_binary(rest: bytes, numbers: int) -> bool:
    """Whether a word and then numbers follow that are neither endless nor huge, and whose bytes are no text."""
    if not _is_no_text(rest[:_LOOKED_AT]):
        return False
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


def _is_no_text(some: bytes) -> bool:
    """Whether there are bytes that no text has, or many that are not UTF-8."""
    if _ODD.search(some):
        return True
    wrong = some.decode("utf-8", "replace").count("\ufffd")
    return wrong > _NOT_UTF8 * len(some)


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
    return Layout(GLOVE, numbers) if words >= _WORDY * (len(whole) - 1) else None  # a head that does not fit is none


def _is_word(fields: Sequence[bytes], numbers: int) -> bool:
    """Whether a line is a word that is no number, and so many that nearly all have a decimal point."""
    if len(fields) <= numbers or _NUMBER.match(fields[0]):
        return False
    behind = fields[len(fields) - numbers :]
    broken = sum(_BROKEN.search(field) is not None for field in behind)
    return all(map(_NUMBER.match, behind)) and broken >= _WORDY * numbers
