"""Tells values that are written alike: numbers of as many digits, moments, names with a number, sentences.

It decides nothing of a table: `shape` does.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from itertools import starmap

from explorer.ingest.moments import is_moment
from explorer.ingest.textcolumn import is_code, is_known_name

_DIGITS, _LETTERS = re.compile(r"\d"), re.compile(r"[^\W\d_]")
_SIGN, _SIGNS = 8, frozenset("#%‰")
_LABEL = re.compile(r"[^\W\d_]+[ _.-]?\d{1,4}(?:[ _.-]?[^\W\d_])?|[^\W\d_]\d{1,3}_\w{1,20}")
_WORD_AND_NUMBER = re.compile(r"(?=.*\d)(?=.*[^\W\d_])[\w .\-]+")
_ALIKE = 0.9
"""The share of values that are written like one for it to be another of them."""
_FEWEST, _LONG = 3, 6
"""Values below, at least; digits that no name has."""


_MOST_ASK = 1 / 3
"""Share of the values below a question from which on it is one of them."""
_ASKING = frozenset(
    {
        "what", "how", "why", "which", "who", "where", "when", "please", "would", "was", "wie", "warum", "welche",
        "welcher", "welches", "wo", "wer", "wann", "weshalb", "bitte", "que", "quel", "quelle", "quels", "quelles",
        "comment", "pourquoi", "combien", "qué", "cómo", "cuál", "cuáles", "por", "cosa", "come", "quale", "perché",
        "wat", "hoe", "waarom", "welke", "como", "qual", "co", "jak", "dlaczego", "что", "как", "почему",
    }
)  # fmt: skip
"""First words of questions and requests in the languages that surveys are asked in here."""


def is_sentence(value: str) -> bool:
    """Say whether a value has the length or the end of a sentence."""
    words = len(value.split())
    return words >= 5 or len(value) > 60 or (words >= 2 and value.endswith((".", "!", "?")))


def is_asked(cell: str, below: Sequence[str]) -> bool:
    """Say whether a cell asks for something, by its last sign or its first word, and few of the values below do."""
    if cell.endswith(("?", ":")):
        return sum(value.endswith(cell[-1]) for value in below) < _MOST_ASK * len(below)
    return _begins_to_ask(cell) and sum(map(_begins_to_ask, below)) < _MOST_ASK * len(below)


def _begins_to_ask(value: str) -> bool:
    return value.split(maxsplit=1)[0].lower().lstrip("\u00bf").rstrip(",") in _ASKING if value.strip() else False


def is_sign(cell: str) -> bool:
    """Say whether a cell is a sign that names something, such as “#”, “€” or a picture, and none for no value."""
    return 0 < len(cell) <= _SIGN and all(
        char in _SIGNS or unicodedata.category(char) in ("So", "Sc", "Mn", "Cf", "Sk") for char in cell
    )


def is_label(cell: str, below: Sequence[str]) -> bool:
    """Say whether a cell is what questions and variables are called, “Q2” or “v001”, and no value below is so.

    These are numbers, flags or addresses: a word with a number above words with numbers is one of them.
    """
    if not below or not _LABEL.fullmatch(cell):
        return False
    return all(is_code(value) and not _WORD_AND_NUMBER.fullmatch(value) for value in below)


def is_numbered_alike(cell: str, below: Sequence[str]) -> bool:
    """Say whether a cell is a word with a number, and the values below are that word with other numbers."""
    if len(below) < _FEWEST or not _DIGITS.search(cell) or not _LETTERS.search(cell):
        return False
    word = _DIGITS.sub("", cell)
    return len(set(below)) > 1 and _share(_DIGITS.sub("", value) == word for value in below) >= _ALIKE


def are_moments(cell: str, below: Sequence[str]) -> bool:
    """Say whether a cell is a moment, and so are the values below it: then it is one of them, and names nothing."""
    return bool(below) and is_moment(cell) and _share(map(is_moment, below)) >= _ALIKE


def surely_values(columns: Sequence[tuple[str, Sequence[str]]]) -> bool:
    """Say whether the cells above the values of columns are values, whatever else they are called.

    One is a moment above moments, where none is called as columns are; or a moment or an id of many digits, in the
    form of those below, and another one too, or a sentence above sentences; and they are not all numbers, as the names
    of a wide table may be.
    """
    if any(starmap(are_moments, columns)) and not any(is_known_name(cell) for cell, _ in columns):
        return True
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
