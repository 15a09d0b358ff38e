"""Finds the lines that come again at the edges of pages – headers, footers, page numbers – and leaves them out.

A number counts as that of a page by how it stands in its line: a date, a question's or a bill's number is content,
also where it goes up with the pages.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence

from explorer.ingest.documents.pdflines import EDGE_LINES, GAP, LONGEST

_EDGE = 2
"""Lines at the top and at the foot of a page that may come again on others."""
_RUNNING_SHARE, _RUNNING_PAGES, _RUNNING_LENGTH = 0.4, 3, 90
_PAGE_NUMBER = re.compile(r"(?<![\w.,:/])(?<![0-9]-)[0-9]{1,4}(?!\w|[.,:][0-9])")
_TOTAL = re.compile(r"\s*(?:/|of|von|de|sur|di|из|van|av|af|z|ze)\s*[0-9]{1,4}(?![\w.,:/])", re.IGNORECASE)
_PAGE_BEFORE = re.compile(
    r"(?:^|[\s(\[|–—-])(?:pages?|pag|pág|página|pagina|pp?|pg|seite|s|side|sida|sivu|strana|strona|str|стр|страница"
    r"|sayfa|trang|halaman|blatt|bl|folio|fol|第)\.?\s*$",
    re.IGNORECASE,
)
_PAGE_AFTER = re.compile(r"\s*(?:\.\s*(?:oldal|sayfa)|页|頁|ページ|쪽)", re.IGNORECASE)
_APART_BEFORE = re.compile(rf"(?:^|\s)[|·•–—\-/\\~*]+\s*$|{GAP}\s*$")
_APART_AFTER = re.compile(rf"\s*[|·•–—\-/\\~*]+(?:\s|$)|\s*{GAP}")
_TITLE = 4
_ROMAN = re.compile(r"\W*([ivxlc]{1,7}|[IVXLC]{1,7})\W*")
_VALUES = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100}
_NUMBER, _WORD = re.compile(r"[0-9]+(?:[.,:/-][0-9]+)*"), re.compile(r"[^\W\d_]{3}")
ANY = "#…"
"""Stands for a number, whichever it is."""


def lines_in(page: str) -> list[str]:
    """Return the lines of a page that are not empty."""
    return [line.strip() for line in page.split("\n") if line.strip()]


def sides(lines: Sequence[str]) -> tuple[Sequence[str], Sequence[str]]:
    """Return the lines from the top of a page on, and from its foot, that may be of others too: less than half each."""
    most = min(EDGE_LINES, (len(lines) - 1) // 2)
    return lines[:most], lines[::-1][:most]


def without_shared_lines(pages: Sequence[str], shared: Collection[str]) -> list[str]:
    """Return the pages without what stands at their edges and in other files, too; all where none remains."""
    if not shared:
        return list(pages)
    known, kept = frozenset(shared), list[str]()
    for at, page in enumerate(pages):
        lines = lines_in(page)
        above, below = (
            next((i for i, line in enumerate(side) if known.isdisjoint(edge_keys(line, at))), len(side))
            for side in sides(lines)
        )
        kept.append("\n".join(lines[above : len(lines) - below]))
    return kept if any(kept) else list(pages)


def edge_keys(line: str, page: int) -> list[str]:
    """Return by what a line is known where others like it are: as `_keys`, and where one of its numbers is that of the
    page, without any of them; cut.
    """
    line = line.replace("\t", " ")
    keys = _keys(line, page)
    own = next((found for found in _page_numbers(line) if found[2] == page + 1), None)
    if own is not None and _WORD.search(line):
        before, after = (_NUMBER.sub(ANY, part) for part in (line[: own[0]], line[own[1] :]))
        if ANY in before + after:
            keys.append(f"{before}#1{after}")
    return list(dict.fromkeys(key[:_RUNNING_LENGTH] for key in keys))


def without_running_lines(pages: Sequence[str]) -> tuple[list[str], list[str]]:
    """Return the pages, of lines that come again at the edge of many only the first, and what is said of each.

    The line next to the edge counts where the one at the edge comes again.  The number of the page may differ, by as
    many as the pages do.
    """
    split = [lines_in(page) for page in pages]
    least = max(_RUNNING_PAGES, _RUNNING_SHARE * len(pages))
    running: dict[str, int] = {}
    for deep in range(_EDGE):
        keys = (
            k for at, lines in enumerate(split) for k in {k for i in _edges(lines, deep) for k in _keys(lines[i], at)}
        )
        counts = Counter(key for key in keys if len(key) <= _RUNNING_LENGTH)
        now = {key: count for key, count in counts.items() if count >= least}
        running |= now
        if not now:
            break
    seen: dict[str, str] = {}
    kept = ["\n".join(_kept(lines, at, running, seen)) for at, lines in enumerate(split)]
    told = {first.replace(GAP, " "): running[key] for key, first in seen.items()}
    return kept, [
        f"“{first}” stands at the top or bottom of {count:,} pages, whatever their page number: a running head or "
        "foot, kept on the first of them and left out of the others"
        for first, count in told.items()
    ]


def _kept(lines: Sequence[str], page: int, running: Mapping[str, int], seen: dict[str, str]) -> Iterator[str]:
    edges = {at for deep in range(_EDGE) for at in _edges(lines, deep)}
    for at, line in enumerate(lines):
        key = next((key for key in _keys(line, page) if key in running), "") if at in edges else ""
        if not key:
            yield line
        elif key not in seen:
            seen[key] = line
            yield line


def _edges(lines: Sequence[str], deep: int) -> tuple[int, ...]:
    """Return the places of the lines so far from the edges of a page; none where little would be left of it."""
    return (deep, len(lines) - 1 - deep) if len(lines) > 2 * (deep + 1) else ()


def _keys(line: str, page: int) -> list[str]:
    """Return the line, with how far it is from that of the page in place of each number that may be one of a page."""
    found = [f"{line[:start]}#{number - page}{line[end:]}" for start, end, number in _page_numbers(line)]
    return list(dict.fromkeys(found)) or [line]


def _page_numbers(line: str) -> Iterator[tuple[int, int, int]]:
    """Yield where numbers stand in a line as those of pages do, and which they are, the last one first.

    That is alone, beside a word for a page, at an end of the line and apart from its words by a gap or a sign, or
    behind as many as a title has: what is called by its number has fewer.  "of 12" and the like may follow.
    """
    if len(line) > LONGEST:
        return
    roman = _ROMAN.fullmatch(line)
    if roman:
        yield *roman.span(1), _value(roman[1].lower())
    for found in reversed(list(_PAGE_NUMBER.finditer(line))):
        before, after = line[: found.start()], line[found.end() :]
        total = _TOTAL.match(after)
        rest = after[total.end() :] if total else after
        is_last, is_first = not rest.strip(" .)]–—-"), not before.strip(" ([–—-")
        ends = is_last and (is_first or _APART_BEFORE.search(before) or len(before.split()) >= _TITLE)
        apart = ends or (is_first and _APART_AFTER.match(rest))
        if apart or _PAGE_BEFORE.search(before) or _PAGE_AFTER.match(after):
            yield *found.span(), int(found[0])


def _value(roman: str) -> int:
    values = [_VALUES[letter] for letter in roman]
    return sum(-one if one < after else one for one, after in zip(values, [*values[1:], 0], strict=True))
