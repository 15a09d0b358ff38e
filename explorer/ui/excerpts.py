"""Finds in a long text the part that has the words of a search: a card shows it, and the point has them marked.

It searches nothing: which rows are found, others have said.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from typing import Any

from dash import html

from explorer.description import stop_words

_BEFORE = 60
"""Characters before the first word found that are shown with it."""
_ENDING, _LEAST_STEM = 3, 4
"""Letters that a word may have more, or, of longer ones, less, than the one that was searched for."""
_MOST_WORDS, _MOST_MARKS = 40, 400
_LETTERS = r"[^\W\d_]"

Span = tuple[int, int]


def excerpt_about(text: str, query: str, length: int) -> str:
    """Return *text*, or at most so many characters of it that have most of the query's words, with … where it is cut.

    Of parts that have as many the first; the beginning where that has them all, or none has any.
    """
    if len(text) <= length:
        return text
    first = _best(text, spans_of(text, query), length)
    start = 0 if first < length - _BEFORE else _at_word(text, first - _BEFORE)
    end = start + length
    return f"{'… ' if start else ''}{text[start:end].rstrip()}{'…' if end < len(text) else ''}"


def marked(text: str, query: str | None, *, about: int) -> Any:
    """Return the text with the query's words in strong letters, the first of the best part of so many characters told.

    That is where `assets/shell/found.mjs` scrolls to.  The text alone where it has none of the words.
    """
    spans = spans_of(text, query or "")[:_MOST_MARKS]
    if not spans:
        return text
    best, at = _best(text, spans, about), 0
    parts: list[Any] = []
    for start, end in spans:
        told = {"data-found-first": "1"} if start == best else {}
        parts += [text[at:start], html.Strong(text[start:end], className="found", **told)]
        at = end
    return [*parts, text[at:]]


def spans_of(text: str, query: str) -> list[Span]:
    """Return where words of a query stand in a text, whatever their case and ending; words that say little never."""
    found = (one.span() for word in _sought(query) for one in _pattern(word).finditer(text))
    spans: list[Span] = []
    for start, end in sorted(set(found)):
        if not spans or start >= spans[-1][1]:
            spans.append((start, end))
    return spans


def _best(text: str, spans: Sequence[Span], length: int) -> int:
    """Return where the first word stands of those that stand in the best part of a text: that with most of them."""
    best, most = 0, 0
    room = length - _BEFORE
    for at, (start, _) in enumerate(spans):
        inside = {text[a:b].casefold()[:_LEAST_STEM] for a, b in spans[at:] if b <= start + room}
        if len(inside) > most:
            best, most = start, len(inside)
    return best


def _at_word(text: str, start: int) -> int:
    """Return where a word begins, at or shortly behind a place."""
    found = re.compile(r"(?<=\s)\S").search(text, max(0, start), start + _BEFORE)
    return found.start() if found else max(0, start)


def _sought(query: str) -> list[str]:
    """Return the words of a query that say something; all of them where none does."""
    words = list(dict.fromkeys(re.findall(rf"{_LETTERS}+|\d+", query.casefold())))[:_MOST_WORDS]
    telling = [word for word in words if word not in _little()]
    return telling or words


@cache
def _pattern(word: str) -> re.Pattern[str]:
    """Return what finds a word: at the beginning of a word, or anywhere in a script that has no blanks."""
    if not re.search(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]", word):
        stem = word[:-2] if len(word) > _LEAST_STEM + 3 else word[:-1] if len(word) > _LEAST_STEM else word
        more = _ENDING if len(word) >= _LEAST_STEM else 0
        return re.compile(rf"\b{re.escape(stem)}{_LETTERS}{{0,{more}}}\b", re.IGNORECASE)
    return re.compile(re.escape(word))


@cache
def _little() -> frozenset[str]:
    return frozenset().union(*(words for code, words in stop_words().items() if len(code) == 2))
