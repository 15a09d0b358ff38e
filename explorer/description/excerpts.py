"""What stands for a name where the texts of a group have no words that name anything: the texts themselves."""

from __future__ import annotations

import functools
import re
from collections import Counter
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from explorer.description.forms import closing_of, negations_of, own_languages
from explorer.kinds import each
from explorer.types import Item

_LONGEST = 40
"""Characters of a text that stand for a name."""
_OFTEN = 0.5
"""Texts stand for their group when they are so many of those that have no words."""
_NEARLY = 0.8
"""Texts say nothing when so many of them begin with the word for it."""
_FIRST = re.compile(r"[^\W\d_]+")
_ADDRESS = re.compile(r"(?:https?://|www\.)(?:www\.)?([^\s/?#]{1,80})\S*", re.IGNORECASE)
"""A text that is a link and nothing else."""


def beginning(item: Item) -> str:
    """Return the beginning of a text, or of a link where it leads; "" for what has no words."""
    text = _text(next(iter(each([item], lambda kind: kind.words))))
    if address := _ADDRESS.fullmatch(text):
        return f"links to {address[1]}"
    return text if len(text) <= _LONGEST else text[:_LONGEST].rsplit(" ", 1)[0] + "…"


def often_said(items: Sequence[Item], rows: NDArray[np.int64]) -> str:
    """Return the one or two texts that most of *rows* are, capitals aside: "No, nothing"; "" where they differ.

    One that goes on from the other, as "Thanks everyone, and you", says that again and is left out for it.
    """
    told = said_often(items, rows)
    if sum(times for _, times in told) < _OFTEN * len(rows):
        return ""
    texts = [text for text, _ in told]
    return ", ".join(text for text in texts if not any(_has(text, other) for other in texts))


def said_often(items: Sequence[Item], rows: NDArray[np.int64]) -> list[tuple[str, int]]:
    """Return the one or two short texts that rows are most often, more than once, and how often, capitals aside."""
    written: dict[str, Counter[str]] = {}
    for text in each([items[int(row)] for row in rows], lambda kind: kind.words):
        said = _text(text)
        written.setdefault(said.casefold(), Counter())[said] += 1
    often = sorted(written.items(), key=lambda one: (-one[1].total(), one[0]))[:2]
    return [
        (found.most_common(1)[0][0], found.total())
        for said, found in often
        if found.total() > 1 and 0 < len(said) <= _LONGEST
    ]


def nothing_said(items: Sequence[Item], rows: NDArray[np.int64]) -> str:
    """Return the "Nothing" that most texts of *rows* begin with, whatever they add, and some are; "" for none."""
    texts = [text for one in each([items[int(row)] for row in rows], lambda kind: kind.words) if (text := _text(one))]
    opening = Counter(found[0].casefold() for text in texts if (found := _FIRST.match(text)))
    word, times = opening.most_common(1)[0] if opening else ("", 0)
    if word not in _nothing() or times < _NEARLY * len(rows):
        return ""
    alone = Counter(text.rstrip(".!") for text in texts if text.rstrip(".!").casefold() == word)
    return alone.most_common(1)[0][0] if alone.total() > 1 else ""


def _has(text: str, other: str) -> bool:
    """Tell whether a text has all of a shorter *other* one in it, word for word."""
    many, few = ([word.strip(".,;:!?…") for word in one.casefold().split()] for one in (text, other))
    places = range(len(many) - len(few) + 1)
    return len(few) < len(many) and any(many[at : at + len(few)] == few for at in places)


@functools.cache
def _nothing() -> frozenset[str]:
    return frozenset().union(*(negations_of(code) & closing_of(code) for code in own_languages()))


def _text(words: str | None) -> str:
    return " ".join((words or "").split())
