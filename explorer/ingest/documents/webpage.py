"""Reads web pages: their text as a reader sees it, without scripts, styles and what is hidden.

Nothing that a page names is fetched, no script is run.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from explorer.ingest.documents.attributes import check_attributes
from explorer.ingest.documents.document import Document, Refused, check_length, tidy
from explorer.ingest.documents.headings import MARK

_SKIPPED = frozenset(
    "script style noscript template head svg math iframe object embed audio video canvas select datalist".split()  # noqa: SIM905
)
_BLOCKS = frozenset(
    """address article aside blockquote body caption dd details dialog div dl dt fieldset figcaption figure footer form
    h1 h2 h3 h4 h5 h6 header hr li main nav ol p pre section summary table tbody tfoot thead tr ul""".split()  # noqa: SIM905
)
_PARAGRAPHS = frozenset("p h1 h2 h3 h4 h5 h6 ul ol table blockquote pre section article".split())  # noqa: SIM905
_HEADINGS = frozenset("h1 h2 h3 h4 h5 h6".split())  # noqa: SIM905
_CELLS = frozenset(("td", "th"))
_HIDDEN = re.compile(r"(?:display\s*:\s*none|visibility\s*:\s*hidden)", re.IGNORECASE)
_DECLARED = re.compile(rb"<!DOCTYPE[^<>\[\]]{0,500}\[[^\]]{0,60000}\]\s{0,9}>", re.IGNORECASE)
"""A document type with declarations of its own, as XML has them: parsed as HTML their end were text."""
_BLANKS = re.compile(r"[^\S\u00a0]+")
_AUTHORS = ("author", "dc.creator", "dcterms.creator", "article:author")
_DATES = ("article:published_time", "date", "dc.date", "dcterms.date", "dcterms.created", "article:modified_time")


def read_page(content: bytes, _most: int) -> Document:
    """Return the text of a web page that is UTF-8.  Raises Refused."""
    notes: list[str] = []
    root = _parsed(content, notes)
    if root is None:
        return Document([""])
    text = tidy(_text(root, headings=True))
    check_length([text])
    said = _said(root)
    title = next((tidy(_BLANKS.sub(" ", "".join(found.itertext()))) for found in root.iter("title")), "")
    return Document([text], title[:1000], _first(said, _AUTHORS), _first(said, _DATES), notes=notes)


def text_of(html: str, *, quoting: bool = False, headings: bool = False) -> str:
    """Return the text of a piece of HTML as a reader sees it, *quoting* with "> " before lines quoted; O(length).

    With marks before its *headings*, if that is asked for.
    """
    root = _parsed(html.encode("utf-8", "replace"))
    return "" if root is None else tidy(_text(root, quoting=quoting, headings=headings))


def parsed_page(content: bytes) -> Any:
    """Return the root of a page that is UTF-8, None of one without content.  Raises Refused."""
    return _parsed(content)


def text_within(element: Any) -> str:
    """Return the text of an element of a page as a reader sees it."""
    return _text(element)


def _parsed(content: bytes, notes: list[str] | None = None) -> Any:
    """Return the root of a page; None of one without content.  What is not read of it goes into *notes*."""
    from lxml import etree

    check_attributes(content)
    content = _DECLARED.sub(b"", content, count=1)
    parser = etree.HTMLParser(encoding="utf-8", no_network=True, huge_tree=True, remove_comments=True, remove_pis=True)
    try:
        root = etree.fromstring(content, parser)
        if notes is not None and any(fault.level == etree.ErrorLevels.FATAL for fault in parser.error_log):
            notes.append("its elements lie too deeply in each other: from there on it is not read. Save it as .txt")
        return root
    except etree.XMLSyntaxError as exc:
        if not content.strip():
            return None
        raise Refused("it is not a web page that can be read. Save it again from the browser, or as .txt") from exc


def _text(root: Any, *, quoting: bool = False, headings: bool = False) -> str:
    from lxml import etree

    pieces: list[str] = []
    verbatim, skips = 0, False
    quotes: list[int] = []
    walk = etree.iterwalk(root, events=("start", "end"))
    for event, element in walk:
        name = element.tag
        if event == "end":
            if name in _HEADINGS and pieces[-1:] == [MARK]:
                pieces.pop()
            _close(pieces, name)
            if not skips:
                verbatim -= name in ("pre", "textarea")
                if quoting and name == "blockquote":
                    _end_quote(pieces, quotes)
            skips = False
            _add(pieces, element.tail if element is not root else "", verbatim)
        elif name in _SKIPPED or _is_hidden(element):
            walk.skip_subtree()
            skips = True  # until it ends, which is what comes next
        else:
            _open(pieces, name)
            if headings and name in _HEADINGS:
                pieces.append(MARK)
            if quoting and name == "blockquote":
                quotes.append(len(pieces))
            verbatim += name in ("pre", "textarea")
            _add(pieces, element.text, verbatim)
    return "".join(pieces)


def _open(pieces: list[str], name: str) -> None:
    if name == "br":
        pieces.append("\n")
    elif name == "li":
        _break(pieces, 1)
        pieces.append("• ")
    elif name in _BLOCKS:
        _break(pieces, 1 + (name in _PARAGRAPHS))


def _close(pieces: list[str], name: str) -> None:
    if name in _CELLS:
        pieces.append("\t")
    elif name in _BLOCKS:
        _break(pieces, 1 + (name in _PARAGRAPHS))


def _end_quote(pieces: list[str], quotes: list[int]) -> None:
    """Mark the lines of a quotation that ends, unless it is within another one."""
    start = quotes.pop()
    if quotes:
        return
    said = "".join(pieces[start:]).strip()
    pieces[start:] = ["\n".join(f"> {line}" for line in said.split("\n")), "\n\n"] if said else []


def _break(pieces: list[str], lines: int) -> None:
    """End the line, unless there is none yet, and leave so many breaks."""
    while pieces and not pieces[-1].strip(" \t\n"):
        if pieces[-1].startswith("\n"):
            lines = max(lines, min(2, pieces[-1].count("\n")))
        pieces.pop()
    if pieces:
        pieces.append("\n" * lines)


def _add(pieces: list[str], text: str | None, verbatim: int) -> None:
    if not text:
        return
    if not verbatim:
        text = _BLANKS.sub(" ", text)
        if not pieces or pieces[-1].endswith((" ", "\n", "\t")):
            text = text.lstrip(" ")
    if text:
        pieces.append(text)


def _is_hidden(element: Any) -> bool:
    return "hidden" in element.attrib or bool(_HIDDEN.search(element.get("style", "")))


def _said(root: Any) -> dict[str, str]:
    """Return what the page's `meta` elements say, by name."""
    said: dict[str, str] = {}
    for element in root.iter("meta"):
        name = (element.get("name") or element.get("property") or "").lower()
        if name and element.get("content"):
            said.setdefault(name, tidy(element.get("content"))[:1000])
    return said


def _first(said: dict[str, str], names: Iterable[str]) -> str:
    return next((said[name] for name in names if name in said), "")
