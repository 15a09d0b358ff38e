"""Tells values that are written alike: numbers of as many digits, dates in one form, names with a number, sentences.

It decides nothing of a table: `shape` does.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

_DIGITS, _LETTERS = re.compile(r"\d"), re.compile(r"[^\W\d_]")
_ALIKE = 0.9
"""The share of values that are written like one for it to be another of them."""
_FEWEST, _LONG = 3, 6
"""Values below, at least; digits that no name has."""


def is_sentence(value: str) -> bool:
    """Say whether a value has the length or the end of a sentence."""
    words = len(value.split())
    return words >= 5 or len(value) > 60 or (words >= 2 and value.endswith((".", "!", "?")))


def is_numbered_alike(cell: str, below: Sequence[str]) -> bool:
    """Say whether a cell is a word with a number, and the values below are that word with other numbers."""
    if len(below) < _FEWEST or not _DIGITS.search(cell) or not _LETTERS.search(cell):
        return False
    word = _DIGITS.sub("", cell)
    return len(set(below)) > 1 and _share(_DIGITS.sub("", value) == word for value in below) >= _ALIKE


def surely_values(columns: Sequence[tuple[str, Sequence[str]]]) -> bool:
    """Say whether the cells above the values of columns are values, whatever else they are called.

    One is a moment or an id of many digits, in the form of those below, and another one too, or a sentence above
    sentences; and they are not all numbers, as the names of a wide table may be.
    """
    formed = [cell for cell, below in columns if _is_formed_alike(cell, below)]
    said = any(
        is_sentence(cell) and not cell.endswith(("?", ":")) and below and _share(map(is_sentence, below)) > 1 / 2
        for cell, below in columns
    )
    return bool(formed) and (said or (len(formed) > 1 and not all(map(str.isdecimal, formed))))


def _is_formed_alike(cell: str, below: Sequence[str]) -> bool:
    if len(below) < _FEWEST or len(_DIGITS.findall(cell)) < _LONG:
        return False
    form = _form(cell)
    return len(set(below)) > 1 and _share(_form(value) == form for value in below) >= _ALIKE


def _form(value: str) -> str:
    return _LETTERS.sub("a", _DIGITS.sub("0", value))


def _share(claims: Iterable[bool]) -> float:
    told = list(claims)
    return sum(told) / len(told) if told else 0.0
