"""Divides the text of a document into passages that an encoder reads whole, each of which knows where it stands.

It reads no file.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from explorer.ingest.documents.headings import Span, parts_of, places, trimmed

SIZE, OVERLAP = 200, 0
"""Word pieces of a passage, and those that it shares with the next: neighbours that share text would be each other's
nearest on the map for that alone."""
_PIECES = re.compile(
    r"[\u3000-\u9fff\uac00-\ud7af\u0e00-\u0e7f\U00020000-\U0003ffff]|[A-Za-z\u00c0-\u024f]{1,6}|[^\W\d_]{1,2}|\d{1,2}|[^\w\s]|_"
)
_GOES_ON = re.compile(r"(?<=[^\s])\n(?=[^\W\d_A-Z])")
"""A break within a sentence, as wrapped texts have them: a passage had better not end there."""
_SCRAP = 0.25
"""A passage of less than this share of the size is small."""
_NEAR = 80
"""Characters before and behind a passage by which is told whether a sentence goes on."""
_STOPS = tuple('.!?:;…。！？"”»)')


@dataclass(frozen=True)
class Passage:
    """A piece of a document: its text, the pages on which it begins and ends (from 1), and where: characters, words."""

    text: str
    page: int
    last: int
    start: int
    end: int
    place: str = ""


def pieces_in(text: str) -> int:
    """Return about how many word pieces an encoder makes of a text; O(length).

    Six Latin letters, two others, two digits, a sign, or one letter of a script without blanks; how near that comes
    is in docs/measurements.md.
    """
    return sum(1 for _ in _PIECES.finditer(text))


def whole(pages: Sequence[str]) -> tuple[str, list[int]]:
    """Return the text of all pages as one, and where each begins; a sentence may go on on the next page."""
    parts: list[str] = []
    starts: list[int] = []
    length = 0
    for page in pages:
        between = ""
        if parts and page:
            last = next((part for part in reversed(parts) if part), "")
            between = " " if last and not last.endswith(_STOPS) and page[0].islower() else "\n\n" if last else ""
        length += len(between)
        starts.append(length)
        parts += [between, page] if between else [page]
        length += len(page)
    return "".join(parts), starts


def divided(
    pages: Sequence[str],
    size: int = SIZE,
    overlap: int = OVERLAP,
    *,
    headings: Sequence[Span] = (),
    apart: bool = False,
) -> list[tuple[int, int]]:
    """Return where passages of at most *size* word pieces begin and end; a short text is one.  About O(length).

    None has text of two parts below *headings*, and these stand with what follows them; where pages are *apart*, of two
    pages.  A *size* of 0: whole parts.
    """
    text, starts = whole(pages)
    if not text.strip():
        return []
    if size and not apart and pieces_in(text) <= size:
        return [(0, len(text))]
    parts = _pages_as_parts(pages, starts) if apart else parts_of(text, headings)
    if not size:
        return [(start, trimmed(text, start, end)) for start, _, end in parts]
    return [span for part in parts for span in _of_part(text, part, size, overlap)]


def _pages_as_parts(pages: Sequence[str], starts: Sequence[int]) -> list[tuple[int, int, int]]:
    """Return the pages that have text as parts without a heading: where each begins, twice, and where it ends."""
    return [(start, start, start + len(page)) for start, page in zip(starts, pages, strict=True) if page.strip()]


def _of_part(text: str, part: tuple[int, int, int], size: int, overlap: int) -> list[tuple[int, int]]:
    """Return the passages of a part, its headings with the first one."""
    start, head, end = part
    end = trimmed(text, start, end)
    if pieces_in(text[start:end]) <= size:
        return [(start, end)] if end > start else []
    above = pieces_in(text[start:head])
    body = head if above <= size // 2 else start
    spans = _of_text(text[body:end], size - above if body > start else size, overlap)
    found = [(body + one, body + other) for one, other in spans]
    return [(start, found[0][1]), *found[1:]] if found else [(start, end)]


def _of_text(text: str, size: int, overlap: int) -> list[tuple[int, int]]:
    """Return the passages of a text without headings."""
    if pieces_in(text) <= size:
        return [(0, len(text))]
    from semchunk import chunk

    flowing = _GOES_ON.sub(" ", text)
    _, places = chunk(flowing, size, pieces_in, memoize=False, offsets=True, overlap=overlap or None)
    return list(places) if overlap else _without_scraps(text, places, size)


def placed(
    pages: Sequence[str], spans: Sequence[Sequence[int]], *, headings: Sequence[Span] = (), wraps: bool = False
) -> list[Passage]:
    """Return the passages that begin and end there in the text of all pages; “…” stands where a sentence is cut."""
    text, starts = whole(pages)
    return [
        Passage(_cut_out(text, start, end), *_pages_of(starts, start, end), start, end, place)
        for (start, end), place in zip(spans, places(text, spans, headings, wraps=wraps), strict=True)
    ]


def _pages_of(starts: Sequence[int], start: int, end: int) -> tuple[int, int]:
    """Return on which page a piece of the text of all begins, and on which it ends, from 1."""
    first = max(1, bisect_right(starts, start))
    return first, max(first, bisect_right(starts, end - 1))


def laid(pages: Sequence[str], headings: Sequence[Sequence[Span]]) -> list[Span]:
    """Return where the headings of pages stand in the text of all."""
    starts = whole(pages)[1]
    return [(at + start, at + end) for at, own in zip(starts, headings, strict=True) for start, end in own]


def _cut_out(text: str, start: int, end: int) -> str:
    """Return a piece of a text, with “…” at an end where a sentence goes on."""
    before, after = text[max(0, start - _NEAR) : start], text[end : end + _NEAR]
    begun = before.strip() and "\n" not in before[len(before.rstrip()) :] and not before.rstrip().endswith(_STOPS)
    piece = text[start:end]
    rest = piece.rstrip()
    ended = rest.endswith(_STOPS) or "\n" in piece[len(rest) :] + after[: len(after) - len(after.lstrip())]
    return f"{'… ' if begun else ''}{piece}{' …' if after.strip() and not ended else ''}"


def _without_scraps(text: str, spans: Sequence[tuple[int, int]], size: int) -> list[tuple[int, int]]:
    """Return the spans, a small one as one with its neighbour where both are no longer than *size* together."""
    joined: list[tuple[int, int]] = []
    lengths: list[int] = []
    for start, end in spans:
        pieces = pieces_in(text[start:end])
        if joined and min(pieces, lengths[-1]) < size * _SCRAP and pieces + lengths[-1] <= size:
            joined[-1], lengths[-1] = (joined[-1][0], end), lengths[-1] + pieces
        else:
            joined.append((start, end))
            lengths.append(pieces)
    return joined
