"""Reads PDF files by PDFium: the text of each page as a reader sees it, lines joined to paragraphs.

It recognises no letters in pictures.  It is run by `worker` alone.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from contextlib import closing, suppress
from itertools import pairwise
from typing import Any

from explorer.ingest.documents.comments import told
from explorer.ingest.documents.document import MAX_CHARACTERS, MAX_PAGES, Document, Refused, ranges, tidy
from explorer.ingest.documents.headings import MARK
from explorer.ingest.documents.passages import SIZE, pieces_in
from explorer.ingest.documents.pdflines import GAP, laid_out
from explorer.ingest.documents.pdfnotes import drawn, with_typed
from explorer.ingest.documents.running import (
    ANY,
    edge_keys,
    lines_in,
    sides,
    without_running_lines,
    without_shared_lines,
)

_HYPHEN = re.compile("(?:[\x02\ufffe]\\s*|\u00ad\r?\n)")
"""What PDFium puts for a hyphen that parts a word at the end of a line, or a soft one."""
_WORD_BEFORE, _WORD_AFTER = re.compile(r"(?<![^\W_])[^\W_]+$"), re.compile(r"[^\W_]+")
_LONGEST_WORD = 60
_WITH_HYPHEN = re.compile(r"(?<![^\W_])[^\W_]+-[^\W_]+")
_DATE = re.compile(r"D:(\d{4})(\d\d)?(\d\d)?(\d\d)?(\d\d)?(\d\d)?(?:(Z)|([+-]\d\d)'?(\d\d)?)?")
_UNMAPPED = re.compile("[\ue000-\uf8ff\ufffd\x00-\x08\x0e-\x1f]")
_MOST_UNMAPPED = 0.3
"""Share of a text that may be signs without a meaning: fonts whose letters have no names give such."""
_LEADER = re.compile(r"(?:[ \t]?\.){4,}[ \t]?")
"""The dots of a table of contents."""
_ENDS = tuple('.!?:;…。！？"”»)')
_BULLET = re.compile(r"[•▪‣◦●■–*-]\s|\(?\d{1,3}[.)]\s|\(?[a-z][.)]\s")
_SHEETS, _FEWEST_SHEETS = 20, 3
"""Pages that are looked at to tell whether each is by itself, and as many as there have to be at least."""
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
    document.said += running
    document.notes += told(comments)
    if _are_sheets(document.pages):
        document.is_apart = True
        document.pages = [MARK + page if page else page for page in document.pages]
    return document


def _are_sheets(pages: Sequence[str]) -> bool:
    """Whether each page is something by itself, as a slide or a receipt is: some pages of few words, none of which goes
    on in the next.
    """
    some = [page for page in pages if page][:_SHEETS]
    few = len(some) >= _FEWEST_SHEETS and all(pieces_in(page) <= SIZE for page in some)
    return few and not any(page[-1] not in _ENDS and after[0].islower() for page, after in pairwise(some))


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
                (page,) = _with_whole_words([_page(pdf, at, MAX_CHARACTERS)])
                looked.append([[edge_keys(line, at) for line in side] for side in sides(lines_in(page))])
    found = [{key for side in page for keys in side for key in keys} for page in looked]
    common = set.intersection(*found) if len(found) > 1 else set()
    told = [
        [[key for key in keys if ANY not in key or key in common] for keys in side] for page in looked for side in page
    ]
    return Document(["\n".join("\t".join(keys) for keys in side) for side in told])


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
        pages.append(text)
        length += len(text)
        if length > most:
            break
    return _with_whole_words(pages), broken


def _page(pdf: Any, at: int, most: int) -> str:
    """Return the text of a page."""
    with closing(pdf[at]) as page, closing(page.get_textpage()) as text:
        if text.count_chars() > most:
            raise Refused(f"it has more than {MAX_CHARACTERS:,} characters; that is the limit. Split it into parts")
        return laid_out(text)


def _with_whole_words(pages: Sequence[str]) -> list[str]:
    """Return pages with the words joined that are parted at the ends of lines, and line breaks of one kind.

    A hyphen stays that was not made for the line: beside a number or after one letter ("2024-/2025", "e-/mail"), before
    a capital after a small letter ("North-/South"), or of a word that has it elsewhere and nowhere is without.
    """
    found = [[(one.start(), one.end()) for one in _HYPHEN.finditer(page)] for page in pages]
    known: set[str] = set()
    if any(found):
        known = {one.lower() for page in pages for one in _WITH_HYPHEN.findall(page)}
        known -= {one for one in known if one.replace("-", "") in _plain_words(pages)} if known else set()
    return [
        _joined(page, places, known).replace("\r\n", "\n").replace("\r", "\n")
        for page, places in zip(pages, found, strict=True)
    ]


def _plain_words(pages: Sequence[str]) -> set[str]:
    return {word.lower() for page in pages for word in _WORD_AFTER.findall(page)}


def _joined(page: str, places: Sequence[tuple[int, int]], known: Collection[str]) -> str:
    parts: list[str] = []
    last = 0
    for start, end in places:
        before = _WORD_BEFORE.search(page, max(last, start - _LONGEST_WORD), start)
        after = _WORD_AFTER.match(page, end, end + _LONGEST_WORD)
        left, right = before[0] if before else "", after[0] if after else ""
        parts += [page[last:start], "-" if _keeps_its_hyphen(left, right, known) else ""]
        last = end
    return "".join([*parts, page[last:]])


def _keeps_its_hyphen(left: str, right: str, known: Collection[str]) -> bool:
    if not left or not right:
        return False
    beside_number = left[-1].isdigit() or right[0].isdigit()
    name = left[-1].islower() and right[0].isupper()
    return beside_number or name or len(left) == 1 or f"{left}-{right}".lower() in known


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


def paragraphs(page: str) -> str:
    """Return the lines of a page joined to paragraphs: where a line ends early or another begins anew, one ends."""
    lines = [line.replace(GAP, " ") for line in lines_in(page)]
    if not lines:
        return ""
    width = sorted(map(len, lines))[len(lines) * 9 // 10]
    joined: list[str] = []
    for line, after in zip(lines, [*lines[1:], ""], strict=True):
        joined.append(line)
        if _ends(line, after, width):
            joined.append("\n")
        elif not (_WIDE.match(line[-1]) and _WIDE.match(after[0])) and not _goes_on_in_number(line, after):
            joined.append(" ")
    return _LEADER.sub(" … ", "".join(joined))


def _goes_on_in_number(line: str, after: str) -> bool:
    return line[-1] in "-–" and line[-2:-1].isdigit() and after[0].isdigit()


def _ends(line: str, after: str, width: int) -> bool:
    if not after or _BULLET.match(after):
        return True
    begins = not after[0].islower()
    return begins and (len(line) < width / 2 or (len(line) < 0.8 * width and line.endswith(_ENDS)))
