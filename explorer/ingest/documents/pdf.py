"""Reads PDF files by PDFium: the text of each page as a reader sees it, lines joined to paragraphs.

It recognises no letters in pictures.  It is run by `worker` alone.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import closing, suppress
from itertools import pairwise
from statistics import median
from typing import Any

from explorer.ingest.documents.comments import told
from explorer.ingest.documents.document import MAX_CHARACTERS, MAX_PAGES, Document, Refused, ranges, tidy
from explorer.ingest.documents.headings import MARK
from explorer.ingest.documents.pdfnotes import drawn, with_typed

_HYPHEN = re.compile("[\x02\ufffe]\\s*|\u00ad\r?\n")
"""What PDFium puts for a hyphen that parts a word at the end of a line."""
_DATE = re.compile(r"D:(\d{4})(\d\d)?(\d\d)?(\d\d)?(\d\d)?(\d\d)?(?:(Z)|([+-]\d\d)'?(\d\d)?)?")
_UNMAPPED = re.compile("[\ue000-\uf8ff\ufffd\x00-\x08\x0e-\x1f]")
_MOST_UNMAPPED = 0.3
"""Share of a text that may be signs without a meaning: fonts whose letters have no names give such."""
_SHARED_EDGE = 8
"""Lines at the top and at the foot of a page that may be those of other files, too: a letterhead has several."""
_EDGE = 2
"""Lines at the top and at the foot of a page that may come again on others."""
_RUNNING_SHARE, _RUNNING_PAGES, _RUNNING_LENGTH = 0.4, 3, 90
_FIRST_NUMBER = re.compile(r"[0-9]{1,4}(?![\w.,])")
_LAST_NUMBER = re.compile(r"(?<![\w.,])[0-9]{1,4}(?=(?:\s*(?:/|of|von|de|sur|di|из)\s*[0-9]{1,4})?$)")
_NUMBER, _WORD = re.compile(r"[0-9]+(?:[.,:/-][0-9]+)*"), re.compile(r"[^\W\d_]{3}")
_ANY = "#…"
"""Stands for a number, whichever it is."""
_LEADER = re.compile(r"(?:[ \t]?\.){4,}[ \t]?")
"""The dots of a table of contents."""
_ENDS = tuple('.!?:;…。！？"”»)')
_BULLET = re.compile(r"[•▪‣◦●■–*-]\s|\(?\d{1,3}[.)]\s|\(?[a-z][.)]\s")
_LINE = re.compile(r"[^\r\n]+")
_MOST_LINES = 400
_UPRIGHT = 0.7
"""Sine of the angle from which on a letter stands upright."""
_ONE_COLUMN = 6
"""How far lines of one column begin from each other at most, in heights of a letter."""
_DRAWN_FIRST = 4
"""Lines drawn before the others, or behind them, that may be a page's head and foot."""
_APART, _SHORT_PAGE = 3, 500
"""Pages, at least, and characters of most of them, at most, for each to be something by itself."""
_PAGE_WORDS = frozenset(
    "page pages seite blatt bl pag pagina página pág side sida strona str oldal sivu стр страница p s pp".split()  # noqa: SIM905
)
_NAMED_BY_NUMBER = re.compile(r"(?:[^\W\d_]+[.:#]?[ \t]+(?:[^\W\d_]+[.:#]?[ \t]+)?)[0-9]{1,4}")
"""What is called by its number: “Question 3”, “Slide title 3”."""
_DATED = re.compile(
    r"(?:[^\W\d_]+[.,]?[ \t]+){0,2}(?:[0-9]{1,2}(?:\.|st|nd|rd|th)?[ \t]+(?:de[ \t]+)?[^\W\d_]{3,}\.?,?"
    r"|[^\W\d_]{3,}\.?[ \t]+[0-9]{1,2},?)[ \t]+(?:de[ \t]+)?[0-9]{4}"
)
_WIDE = re.compile("[\u3000-\u30ff\u3400-\u9fff\uff00-\uffef]")


def read_pdf(content: bytes, most: int, shared: Collection[str] = ()) -> Document:
    """Return the text of the pages, of the first ones when they have more than *most* characters.  Raises Refused.

    Lines at their edges that other files *shared* with it are left out, unless nothing else is there.
    """
    import pypdfium2

    with closing(_opened(content, pypdfium2)) as pdf:
        count = len(pdf)
        if count > MAX_PAGES:
            raise Refused(f"it has {count:,} pages; the limit is {MAX_PAGES:,}. Split it into parts")
        if pdf.get_formtype():
            pdf.init_forms()
        comments: list[tuple[str, str]] = []
        pages, broken = _pages(pdf, count, most, comments, pypdfium2.PdfiumError)
        said = _metadata(pdf)
    document = Document(pages, said.get("Title", ""), said.get("Author", ""), _date(said.get("CreationDate", "")))
    document.is_paged = True
    _check_text(document, broken)
    document.pages = without_shared_lines(document.pages, shared)
    document.pages, running = without_running_lines(document.pages)
    document.pages = [tidy(paragraphs(page)) for page in document.pages]
    document.notes += [*running, *told(comments)]
    if len(pages) >= _APART and median(map(len, document.pages)) <= _SHORT_PAGE:  # slides, forms, receipts
        document.pages, document.apart = [MARK + page if page else page for page in document.pages], True
    return document


def read_edges(content: bytes, _most: int) -> Document:
    """Return the edges of the first and the last page: two parts each, of lines from the edge inwards.  Raises Refused.

    A line is the keys by which it is known, with tabs between.  Those without any of its numbers only where both pages
    have them.
    """
    import pypdfium2

    with closing(_opened(content, pypdfium2)) as pdf:
        looked: list[list[list[list[str]]]] = []
        for at in sorted({0, len(pdf) - 1}):
            with suppress(pypdfium2.PdfiumError):
                lines = _lines(_HYPHEN.sub("", _page(pdf, at, MAX_CHARACTERS)).replace("\r", "\n"))
                looked.append([[edge_keys(line, at) for line in side] for side in _sides(lines)])
    found = [{key for side in page for keys in side for key in keys} for page in looked]
    common = set.intersection(*found) if len(found) > 1 else set()
    told = [
        [[key for key in keys if _ANY not in key or key in common] for keys in side] for page in looked for side in page
    ]
    return Document(["\n".join("\t".join(keys) for keys in side) for side in told])


def without_shared_lines(pages: Sequence[str], shared: Collection[str]) -> list[str]:
    """Return the pages without what stands at their edges and in other files, too; all where none remains."""
    if not shared:
        return list(pages)
    known, kept = frozenset(shared), list[str]()
    for at, page in enumerate(pages):
        lines = _lines(page)
        above, below = (
            next((i for i, line in enumerate(side) if known.isdisjoint(edge_keys(line, at))), len(side))
            for side in _sides(lines)
        )
        kept.append("\n".join(lines[above : len(lines) - below]))
    return kept if any(kept) else list(pages)


def _lines(page: str) -> list[str]:
    return [line.strip() for line in page.split("\n") if line.strip()]


def _sides(lines: Sequence[str]) -> tuple[Sequence[str], Sequence[str]]:
    """Return the lines from the top of a page on, and from its foot, that may be of others too: less than half each."""
    most = min(_SHARED_EDGE, (len(lines) - 1) // 2)
    return lines[:most], lines[::-1][:most]


def edge_keys(line: str, page: int) -> list[str]:
    """Return by what a line is known where others like it are: as `_keys`, and where one of its numbers is that of the
    page, without any of them; cut.
    """
    line = line.replace("\t", " ")
    keys = _keys(line, page)
    own = _own_number(line, page)
    if own is not None and _WORD.search(line):
        before, after = (_NUMBER.sub(_ANY, part) for part in (line[: own.start()], line[own.end() :]))
        if _ANY in before + after:
            keys.append(f"{before}#1{after}")
    return list(dict.fromkeys(key[:_RUNNING_LENGTH] for key in keys))


def _opened(content: bytes, library: Any) -> Any:
    try:
        return library.PdfDocument(content)
    except library.PdfiumError as exc:
        if getattr(exc, "err_code", None) == library.raw.FPDF_ERR_PASSWORD:
            raise Refused("it is locked with a password. Save it without one") from exc
        raise Refused("it is not a whole PDF. Write it again, or save its text as .txt") from exc


def _pages(
    pdf: Any, count: int, most: int, comments: list[tuple[str, str]], error: type[Exception]
) -> tuple[list[str], list[int]]:
    """Return the texts of pages, and the numbers of those that cannot be read, from 1; *comments* get those on them."""
    pages: list[str] = []
    broken: list[int] = []
    length = 0
    for at in range(count):
        try:
            said, typed = drawn(pdf, at)
            comments += [(f"on page {at + 1} ", words) for words in said]
            text = with_typed(_page(pdf, at, MAX_CHARACTERS - length), typed)
        except error:
            broken.append(at + 1)
            text = ""
        pages.append(_HYPHEN.sub("", text).replace("\r\n", "\n").replace("\r", "\n"))
        length += len(text)
        if length > most:
            break
    return pages, broken


def _page(pdf: Any, at: int, most: int) -> str:
    """Return the text of a page."""
    with closing(pdf[at]) as page, closing(page.get_textpage()) as text:
        if text.count_chars() > most:
            raise Refused(f"it has more than {MAX_CHARACTERS:,} characters; that is the limit. Split it into parts")
        return _in_order(text) or str(text.get_text_bounded())


def _in_order(text: Any) -> str:
    """Return the text of a page whose lines stand upright, or were drawn in another order than they are read.

    That is, one below the other in a single column; "" for any other page, which is read as it was drawn.
    """
    import pypdfium2.raw as pdfium

    said = text.get_text_range()
    starts = [found.start() for found in _LINE.finditer(said)][: _MOST_LINES + 1]
    if not 1 < len(starts) <= _MOST_LINES or len(said) != text.count_chars():
        return ""
    angles = [pdfium.FPDFText_GetCharAngle(text, at) for at in starts]
    upright = sum(abs(math.sin(angle)) > _UPRIGHT for angle in angles)
    if upright > len(starts) / 2:
        return str(said)
    if upright:
        return ""
    boxes = [text.get_charbox(at) for at in starts]
    lefts, tops = [box[0] for box in boxes], [box[3] for box in boxes]
    high = sorted(top - box[1] for top, box in zip(tops, boxes, strict=True))[len(boxes) // 2]
    order = sorted(range(len(tops)), key=lambda at: -tops[at])
    apart = all(tops[one] - tops[other] > high / 2 for one, other in pairwise(order))
    goes_back = any(other - one > high for one, other in pairwise(tops))
    lines = [said[start:end].strip() for start, end in pairwise([*starts, len(said)])]
    if goes_back and apart and max(lefts) - min(lefts) <= _ONE_COLUMN * high:
        return "\n".join(lines[at] for at in order)
    placed = _edges_in_place(tops, high)
    return "\n".join(lines[at] for at in placed) if placed != list(range(len(tops))) else ""


def _edges_in_place(tops: Sequence[float], high: float) -> list[int]:
    """Return the order of lines, of which the first few may be the lowest of all, or the last ones the highest.

    Programs draw heads and feet before a page or behind it.  *tops* are where lines stand, *high* how high one is.
    """
    order = list(range(len(tops)))
    for _ in range(_EDGE):
        for at in order[:_DRAWN_FIRST]:
            rest = [tops[other] for other in order if other != at]
            if len(rest) > _DRAWN_FIRST and tops[at] + high < min(rest) and at != order[-1]:
                order.remove(at)
                order.append(at)
                break
        for at in order[-_DRAWN_FIRST:]:
            rest = [tops[other] for other in order if other != at]
            if len(rest) > _DRAWN_FIRST and tops[at] - high > max(rest) and at != order[0]:
                order.remove(at)
                order.insert(0, at)
                break
    return order


def _metadata(pdf: Any) -> dict[str, str]:
    with suppress(UnicodeError):
        return {name: tidy(value)[:1000] for name, value in pdf.get_metadata_dict().items()}
    return {}


def _date(said: str) -> str:
    """Return a PDF's date as ISO 8601 has it; empty where it is none."""
    found = _DATE.match(said)
    if not found:
        return ""
    year, month, day, hour, minute, second, utc, zone, minutes = found.groups()
    date = "-".join(part for part in (year, month, day) if part)
    if not hour:
        return date
    zone = "Z" if utc else f"{zone}:{minutes or '00'}" if zone else ""
    return f"{date}T{hour}:{minute or '00'}:{second or '00'}{zone}"


def _check_text(document: Document, broken: Sequence[int]) -> None:
    """Note the pages without text.  Raises Refused where none has any, or it is no text."""
    pages = document.pages
    if broken:
        document.notes.append(f"{_page_word(broken)} cannot be read: damaged. Write the PDF again")
    if len(broken) == len(pages):
        raise Refused("none of its pages can be read. Write it again")
    bare = [at for at, text in enumerate(pages, 1) if not text.strip() and at not in set(broken)]
    if len(bare) + len(broken) == len(pages):
        many = "its page is a picture" if len(pages) == 1 else f"its {len(pages):,} pages are pictures"
        raise Refused(f"it has no text: {many} or empty. Recognise the text first (OCR), and load it again")
    if bare:
        document.notes.append(
            f"{_page_word(bare)} without text: a picture or empty. Recognise the text (OCR) to read it"
        )
    whole = "".join(pages)
    if len(_UNMAPPED.findall(whole)) > _MOST_UNMAPPED * len(whole):
        raise Refused("its fonts do not say which letters they show. Recognise the text (OCR), or print it anew")


def _page_word(numbers: Sequence[int]) -> str:
    return f"page{'s' * (len(numbers) > 1)} {ranges(numbers)}"


def without_running_lines(pages: Sequence[str]) -> tuple[list[str], list[str]]:
    """Return the pages, of lines that come again at the edge of many only the first, and what is said of each.

    The line next to the edge counts where the one at the edge comes again.  One of their numbers may differ, by as
    many as the pages do: at the end or at the beginning of the line.
    """
    split = [_lines(page) for page in pages]
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
    return kept, [
        f"“{first}” stands at the edge of {running[key]:,} pages, but for their number; it is kept once"
        for key, first in seen.items()
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
    """Return the line with how far it is from that of the page in place of a number at its end, or its beginning.

    And where another number of it is that of the page, so in place of that one; then the line as it is.
    """
    if _is_called_by_number(line):
        return [line]
    found = _LAST_NUMBER.search(line) or _FIRST_NUMBER.match(line)
    own = _own_number(line, page)
    places = [] if found is None else [(found.start(), found.end(), int(found[0]) - page)]
    places += [] if own is None else [(own.start(), own.end(), 1)]
    return list(dict.fromkeys([f"{line[:start]}#{far}{line[end:]}" for start, end, far in places] + [line]))


def _is_called_by_number(line: str) -> bool:
    """Say whether the number of a line is no page's: of a date, or of what it names in a word or two."""
    if _DATED.fullmatch(line):
        return True
    words = [word.strip(".:#").casefold() for word in line.split()[:-1]]
    return bool(_NAMED_BY_NUMBER.fullmatch(line)) and _PAGE_WORDS.isdisjoint(words)


def _own_number(line: str, page: int) -> re.Match[str] | None:
    """Return where the number of the page stands in a line, the last time; None where it does not."""
    return next((found for found in reversed(list(_NUMBER.finditer(line))) if found[0] == str(page + 1)), None)


def paragraphs(page: str) -> str:
    """Return the lines of a page joined to paragraphs: where a line ends early or another begins anew, one ends."""
    lines = [line.strip() for line in page.split("\n") if line.strip()]
    if not lines:
        return ""
    width = sorted(map(len, lines))[len(lines) * 9 // 10]
    joined: list[str] = []
    for line, after in zip(lines, [*lines[1:], ""], strict=True):
        joined.append(line)
        if _ends(line, after, width):
            joined.append("\n")
        elif not (_WIDE.match(line[-1]) and _WIDE.match(after[0])):
            joined.append(" ")
    return _LEADER.sub(" … ", "".join(joined))


def _ends(line: str, after: str, width: int) -> bool:
    if not after or _BULLET.match(after):
        return True
    begins = not after[0].islower()
    return begins and (len(line) < width / 2 or (len(line) < 0.8 * width and line.endswith(_ENDS)))
