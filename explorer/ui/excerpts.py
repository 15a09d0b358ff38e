"""Finds in a long text the part that has the words of a search: a card shows it, and the point has them marked.

It searches nothing: which rows are found, others have said.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from typing import Any

from dash import html

from explorer.questions import sought_words, stem_of

_BEFORE = 60
"""Characters before the first word found that are shown with it."""
_SAME, _MOST_MARKS = 4, 400
"""Letters by which forms of a word are known as one, and words that are marked at most."""
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
    found = (one.span() for word in sought_words(query) for one in _pattern(word).finditer(text))
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
        inside = {text[a:b].casefold()[:_SAME] for a, b in spans[at:] if b <= start + room}
        if len(inside) > most:
            best, most = start, len(inside)
    return best


def _at_word(text: str, start: int) -> int:
    """Return where a word begins, at or shortly behind a place."""
    found = re.compile(r"(?<=\s)\S").search(text, max(0, start), start + _BEFORE)
    return found.start() if found else max(0, start)


@cache
def _pattern(word: str) -> re.Pattern[str]:
    """Return what finds a word: at the beginning of a word, or anywhere in a script that has no blanks."""
    stem = stem_of(word)
    if stem is None:
        return re.compile(re.escape(word))
    begins, more = stem
    return re.compile(rf"\b{re.escape(begins)}{_LETTERS}{{0,{more}}}\b", re.IGNORECASE)
