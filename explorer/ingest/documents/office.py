"""Reads Word files and slide shows: paragraphs, tables and notes in their order, deleted and doubled text left out.

Nothing that they link to is fetched, no macro is run.  It is run by `worker` alone.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import Any

from explorer.ingest.documents.comments import told
from explorer.ingest.documents.document import MAX_PAGES, Document, Refused, check_length, tidy
from explorer.ingest.documents.headings import MARK
from explorer.ingest.documents.officeparts import running_of, silent_of
from explorer.ingest.documents.symbols import UNKNOWN, letter_of
from explorer.ingest.documents.wordheads import headings_of
from explorer.ingest.documents.wordlists import lists_of
from explorer.ingest.xmlparts import parsed_xml

MAX_UNPACKED = 512 * 2**20
MAX_XML = 96 * 2**20
"""Bytes of the parts with text in all: parsed they take about ten times as much."""
MAX_PARTS = 20_000
_OLD = b"\xd0\xcf\x11\xe0"
_SAME = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"


@dataclass(frozen=True)
class _Words:
    """The names of elements in one family of XML: of texts, breaks, what ends a line or a cell, what is skipped."""

    text: frozenset[str]
    breaks: dict[str, str]
    line: frozenset[str]
    cell: str
    skipped: frozenset[str]


def _names(space: str, *names: str) -> frozenset[str]:
    return frozenset(f"{{{space}}}{name}" for name in names)


_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_RUN = f"{{{_W}}}r"
_M = "http://schemas.openxmlformats.org/officeDocument/2006/math"
_SIGN, _FIELD = f"{{{_W}}}sym", f"{{{_W}}}sdt"
_C = "http://schemas.openxmlformats.org/drawingml/2006/chart"
_A = "http://schemas.openxmlformats.org/drawingml/2006/main"
_WORD = _Words(
    _names(_W, "t") | _names(_M, "t"),
    {f"{{{_W}}}tab": "\t", f"{{{_W}}}br": "\n", f"{{{_W}}}cr": "\n", f"{{{_W}}}noBreakHyphen": "-"},
    _names(_W, "p", "tr"),
    f"{{{_W}}}tc",
    _names(_W, "moveFrom", "del", "pPr", "rPr", "rt") | {_SAME},
)
_SLIDE = _Words(
    _names(_A, "t") | _names(_M, "t"), {f"{{{_A}}}br": "\n"}, _names(_A, "p", "tr"), f"{{{_A}}}tc", frozenset({_SAME})
)  # fmt: skip


def read_word(content: bytes, _most: int) -> Document:
    """Return the text of a Word file, notes at its foot last.  Raises Refused."""
    check_package(content, "a Word document (.docx)")
    import docx
    from docx.opc.exceptions import OpcError

    try:
        opened = docx.Document(io.BytesIO(content))
        said = _said(opened.part.package)
        heads = headings_of(opened.styles.element, opened.element.body)
        lists = lists_of(next(_related(opened.part, "/numbering"), None), opened.styles.element)
        texts = [_flow(opened.element.body, _WORD, heads, lists.label), *_word_notes(opened)]
        notes = [*told(list(_comments(opened.part))), *_strange(texts)]
        notes += running_of(opened.part, partial(_flow, words=_WORD))
    except (OpcError, KeyError, ValueError, SyntaxError, zipfile.BadZipFile, AttributeError) as exc:
        if _is_strict(content):
            raise Refused("it is a “Strict Open XML Document”. Save it as a “Word Document”, or as PDF") from exc
        raise Refused("it is not a whole Word document. Save it again from its program, or as PDF") from exc
    return _document(["\n\n".join(filter(None, texts))], said, notes)


def _is_strict(content: bytes) -> bool:
    """Whether a package names its parts as the strict variant of the format does, which its libraries do not read."""
    with suppress(zipfile.BadZipFile, KeyError, ValueError), zipfile.ZipFile(io.BytesIO(content)) as package:
        return b"purl.oclc.org/ooxml" in package.read("_rels/.rels")
    return False


def _comments(part: Any) -> Iterator[tuple[str, str]]:
    """Yield what was noted on a document by those who looked it through, with their names."""
    for root in _related(part, "/comments"):
        for comment in root.iterfind(f"{{{_W}}}comment"):
            author = comment.get(f"{{{_W}}}author") or ""
            yield (f"of {author[:100]} " if author else ""), _flow(comment, _WORD)


def _strange(texts: Sequence[str]) -> list[str]:
    """Return what is said of the signs of symbol fonts that nobody knows."""
    lost = sum(text.count(UNKNOWN) for text in texts)
    return [f"{lost:,} of its signs are of a font of pictures and stand as {UNKNOWN}"] if lost else []


def _related(part: Any, *kinds: str) -> Iterator[Any]:
    """Yield the roots of the parts that a part is related to in such a way."""
    for relation in part.rels.values():
        if not relation.is_external and relation.reltype.endswith(kinds):
            yield parsed_xml(relation.target_part.blob)


def _word_notes(opened: Any) -> Iterator[str]:
    """Yield the texts of the notes at the foot of pages and at the end."""
    for root in _related(opened.part, "/footnotes", "/endnotes"):
        yield _flow(root, _WORD)
    yield from _drawn(opened.part)


def _drawn(part: Any) -> Iterator[str]:
    """Yield the words of the charts and diagrams of a part: titles, what is shown, and of what; no numbers."""
    for root in _related(part, "/chart", "/diagramData"):
        yield tidy("\n".join(_charted(root))) if root.tag == f"{{{_C}}}chartSpace" else _flow(root, _SLIDE)


def _charted(root: Any) -> Iterator[str]:
    """Yield the titles of a chart, then a line of its series and one of its categories."""
    for title in root.iter(f"{{{_C}}}title"):
        yield "".join(one.text or "" for one in title.iter(f"{{{_A}}}t"))
    for place in (f"{{{_C}}}tx", f"{{{_C}}}cat"):
        words = (one.text or "" for shown in root.iter(place) for one in shown.iter(f"{{{_C}}}v"))
        yield ", ".join(dict.fromkeys(filter(None, words)))


def _is_hidden(run: Any) -> bool:
    """Whether a run of letters is hidden, so that no reader sees it."""
    told = run.find(f"{{{_W}}}rPr/{{{_W}}}vanish")
    return told is not None and _value(told).lower() not in ("0", "false", "off")


def _is_unfilled(element: Any) -> bool:
    """Whether a field of a form has nothing but the words that ask to fill it."""
    return element.tag == _FIELD and element.find(f"{{{_W}}}sdtPr/{{{_W}}}showingPlcHdr") is not None


def _value(element: Any) -> str:
    return "" if element is None else element.get(f"{{{_W}}}val") or ""


def read_slides(content: bytes, _most: int) -> Document:
    """Return the text of a slide show, a slide a page with its speaker's notes.  Raises Refused."""
    check_package(content, "a slide show (.pptx)")
    import pptx
    from pptx.exc import PythonPptxError

    try:
        opened = pptx.Presentation(io.BytesIO(content))
        said = _said(opened.part.package)
        if len(opened.slides) > MAX_PAGES:
            raise Refused(f"it has {len(opened.slides):,} slides; the limit is {MAX_PAGES:,}. Split it into parts")
        pages = [_slide(slide) for slide in opened.slides]
    except (PythonPptxError, KeyError, ValueError, SyntaxError, zipfile.BadZipFile, AttributeError) as exc:
        raise Refused("it is not a whole slide show. Save it again from its program, or as PDF") from exc
    document = _document(pages, said, silent_of(pages))
    document.is_paged = document.is_apart = True
    return document


def _slide(slide: Any) -> str:
    """Return the text of a slide and its notes, its first line marked: no passage runs over two slides."""
    shown = [_flow(slide.element, _SLIDE), *_drawn(slide.part)]
    frame = slide.notes_slide.notes_text_frame if slide.has_notes_slide else None
    text = "\n\n".join(filter(None, [*shown, tidy(frame.text) if frame is not None else ""]))
    return MARK + text if text else ""


def _said(package: Any) -> Any:
    """Return what the file says of itself; None where it has no part for it: libraries make one up."""
    from docx.opc.constants import RELATIONSHIP_TYPE

    try:
        package.part_related_by(RELATIONSHIP_TYPE.CORE_PROPERTIES)
    except KeyError:
        return None
    return package.core_properties


def _document(pages: list[str], said: Any, notes: Sequence[str] = ()) -> Document:
    check_length(pages)
    if said is None:
        return Document(pages, notes=list(notes))
    date = said.created or said.modified
    title, author = tidy(said.title or "")[:1000], tidy(said.author or "")[:1000]
    return Document(pages, title, author, date.isoformat() if date else "", notes=list(notes))


def _flow(
    root: Any,
    words: _Words,
    is_heading: Callable[[Any], bool] = lambda _one: False,
    label: Callable[[Any], str] = lambda _one: "",
) -> str:
    """Return the text below an element, a paragraph or a row of a table a line, cells apart by tabs; O(size).

    Headings are marked; before a paragraph stands its *label*, as the number that its list gives it.
    """
    from lxml import etree

    pieces: list[str] = []
    walk = etree.iterwalk(root, events=("start", "end"))
    for event, element in walk:
        name = element.tag
        if event == "start":
            if name in words.skipped or (name == _RUN and _is_hidden(element)) or _is_unfilled(element):
                walk.skip_subtree()
            elif name in words.text:
                pieces.append(element.text or "")
            elif name == _SIGN:
                pieces.append(letter_of(element.get(f"{{{_W}}}font") or "", element.get(f"{{{_W}}}char") or ""))
            elif name in words.breaks:
                pieces.append(words.breaks[name])
            elif name in words.line:
                if pieces[-1:] in ([], ["\n"]) and is_heading(element):
                    pieces.append(MARK)
                if number := label(element):
                    pieces.append(f"{number} ")
        elif name in words.line and pieces[-1:] == [MARK]:
            pieces.pop()
        elif name in words.line:
            pieces[-1:] = ["\n"] if pieces[-1:] == ["\t"] else [*pieces[-1:], "\n"]
        elif name == words.cell and pieces and pieces[-1] == "\n":
            pieces[-1] = "\t"
    return tidy("".join(pieces))


def check_package(content: bytes, what: str, *, texts: tuple[str, ...] = (".xml", ".rels")) -> None:
    """Raise Refused unless it is a package of parts that fit into memory; *texts* are the endings of those parsed."""
    if content.startswith(_OLD):
        raise Refused(f"it is locked with a password, or of an old format. Save it as {what} without a password")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            parts = package.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as exc:
        raise Refused(f"it is not {what}: {exc}. Save it again from its program, or as PDF") from exc
    xml = sum(part.file_size for part in parts if part.filename.lower().endswith(texts))
    whole = sum(part.file_size for part in parts)
    if xml > MAX_XML or whole > MAX_UNPACKED or len(parts) > MAX_PARTS:
        raise Refused(
            f"it unpacks to {whole / 2**20:,.0f} MiB in {len(parts):,} parts, {xml / 2**20:,.0f} MiB of it text; the "
            f"limits are {MAX_UNPACKED // 2**20}, {MAX_PARTS:,} and {MAX_XML // 2**20}. Save it as PDF, or split it"
        )
