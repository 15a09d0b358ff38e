"""Tells where the headings of a document stand, the parts below them, and in words where a passage is.

Decoders mark headings, the text of a document has no marks.  It reads no file.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence

MARK = "\ufdd0"
"""Stands before a heading in what a decoder gives: no text has this character, which is none."""
_MARKED = re.compile(f"{MARK}+\\s*")
_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
_MARKDOWN = re.compile(r" {0,3}#{1,6}[ \t]+\S")
_UNDERLINED = re.compile(r" {0,3}(=+|-+)[ \t]*")
_WRAPPED = re.compile(r"[^\s.!?:;]\n(?=[^\W\d_A-Z])")
_FEW = 3
"""Lines that go on in the next one, at least, for paragraphs to be what stands between empty lines."""
WHOLE = "the whole document"
_SHOWN = 80
"""Characters of a heading that a place names."""
Span = tuple[int, int]


def unmarked(pages: Sequence[str]) -> tuple[list[str], list[list[Span]]]:
    """Return the pages without marks, and of each where its headings begin and end; O(length)."""
    bare: list[str] = []
    found: list[list[Span]] = []
    for page in pages:
        parts: list[str] = []
        starts: list[int] = []
        length, last = 0, 0
        for mark in _MARKED.finditer(page):
            parts.append(page[last : mark.start()])
            length, last = length + len(parts[-1]), mark.end()
            if not mark.start() or page[mark.start() - 1] == "\n":
                starts.append(length)
        text = "".join([*parts, page[last:]]).rstrip()
        ends = [end if (end := text.find("\n", start)) >= 0 else len(text) for start in starts]
        bare.append(text)
        found.append([(start, end) for start, end in zip(starts, ends, strict=True) if end > start])
    return bare, found


def marked(markdown: str) -> str:
    """Return a Markdown text with marks before its headings, those in blocks of code left out; O(length)."""
    lines = markdown.split("\n")
    fence = ""
    for at, line in enumerate(lines):
        opens = _FENCE.match(line)
        if opens and (not fence or (line.strip().startswith(fence) and not line.strip().strip(fence[0]))):
            fence = "" if fence else opens[1]
        elif fence:
            continue
        elif _MARKDOWN.match(line) or (line.strip() and _is_underlined(lines, at)):
            lines[at] = MARK + line
    return "\n".join(lines)


def _is_underlined(lines: Sequence[str], at: int) -> bool:
    """Whether a line by itself has a line of "=" or "-" below."""
    alone = at == 0 or not lines[at - 1].strip()
    below = lines[at + 1] if at + 1 < len(lines) else ""
    return alone and len(below.strip()) > 2 and bool(_UNDERLINED.fullmatch(below)) and not _UNDERLINED.match(lines[at])


def parts_of(text: str, headings: Sequence[Span]) -> list[tuple[int, int, int]]:
    """Return the parts of a text: where each begins, where its headings end, and where it ends.

    A heading right below another belongs to the same part; what stands above the first one is a part without any.
    """
    parts: list[tuple[int, int, int]] = []
    if not headings or text[: headings[0][0]].strip():
        parts.append((0, 0, len(text)))
    for start, end in headings:
        if parts and parts[-1][1] > parts[-1][0] and not text[parts[-1][1] : start].strip():
            parts[-1] = (parts[-1][0], end, len(text))
            continue
        if parts:
            parts[-1] = (*parts[-1][:2], start)
        parts.append((start if parts else 0, end, len(text)))
    return parts


def places(text: str, spans: Sequence[Sequence[int]], headings: Sequence[Span], *, wraps: bool = False) -> list[str]:
    """Return in words where spans of a text stand: “under “Budget”, paragraphs 2–3”; O(length).

    A paragraph is a line; of a text that *wraps* it may be what stands between empty lines.
    """
    parts = parts_of(text, headings)
    begins = [start for start, _, _ in parts]
    apart = wraps and _between_blank_lines(text)
    named = [_last_line(text[start:end]) for start, end, _ in parts]
    starts = [[start for start, _ in _paragraphs(text[head:end], head, apart)] for _, head, end in parts]
    ends = [trimmed(text, start, end) for start, _, end in parts]
    begun, ended = _blanks(text, 0, len(text)), trimmed(text, 0, len(text))
    said: list[str] = []
    for start, end in spans:
        if start <= begun and end >= ended:
            said.append(WHOLE)
            continue
        at = max(0, bisect_right(begins, start) - 1)
        is_whole = start <= parts[at][0] and end >= ends[at]
        first = max(1, bisect_right(starts[at], start + _blanks(text, start, end)))
        last = max(first, bisect_right(starts[at], end - 1))
        where = f"paragraph {first:,}" if first == last else f"paragraphs {first:,}–{last:,}"
        under = f"under “{named[at]}”" if named[at] else ""
        said.append(under if under and is_whole else ", ".join(filter(None, (under, where))))
    return _numbered(said)


def _numbered(said: Sequence[str]) -> list[str]:
    """Return places, those that are the same one after another told apart by their part."""
    told: list[str] = []
    again = 0
    for at, words in enumerate(said):
        again = again + 1 if at and said[at - 1] == words else 1
        several = again > 1 or (at + 1 < len(said) and said[at + 1] == words)
        told.append(f"{words}, part {again}" if several else words)
    return told


def _blanks(text: str, start: int, end: int) -> int:
    piece = text[start:end]
    return len(piece) - len(piece.lstrip())


def trimmed(text: str, start: int, end: int) -> int:
    """Return where a piece of a text ends, without the blanks at its end."""
    return start + len(text[start:end].rstrip())


def _last_line(text: str) -> str:
    """Return the last heading of some, without the marks of Markdown, short enough for a place."""
    line = next((line for line in reversed(text.strip().split("\n")) if line.strip("=- \t")), "")
    line = " ".join(line.strip().lstrip("#").rstrip("#").split())
    return line if len(line) <= _SHOWN else line[: _SHOWN - 1].rstrip() + "…"


def _between_blank_lines(text: str) -> bool:
    """Whether paragraphs are what stands between empty lines: where lines go on in the next one."""
    return "\n\n" in text and sum(1 for _ in _WRAPPED.finditer(text)) >= _FEW


def _paragraphs(text: str, offset: int, apart: bool) -> list[Span]:
    """Return where the paragraphs of a text begin and end: lines, or what stands *apart* between empty ones."""
    found = re.finditer(r"\S.*(?:\n(?!\s*\n).*)*" if apart else r"\S.*", text)
    return [(offset + one.start(), offset + one.end()) for one in found]
