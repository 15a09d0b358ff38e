"""Reads books (.epub) and OpenDocument texts (.odt): packages of XML with the text in it.

Nothing that they link to is fetched, what is locked is refused.  It is run by `worker` alone.
"""

from __future__ import annotations

import io
import posixpath
import zipfile
from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote

from explorer.ingest.documents.comments import told
from explorer.ingest.documents.document import MAX_PAGES, Document, Refused, check_length, tidy
from explorer.ingest.documents.headings import MARK
from explorer.ingest.documents.office import check_package
from explorer.ingest.documents.pagetexts import as_utf8
from explorer.ingest.documents.webpage import text_of
from explorer.ingest.xmlparts import parsed_xml

_CONTAINER, _LOCKS, _MANIFEST = "META-INF/container.xml", "META-INF/encryption.xml", "META-INF/manifest.xml"
_ANY = "{*}"
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_LINES, _ROW, _CELL = frozenset((f"{_TEXT}p", f"{_TEXT}h")), f"{_TABLE}table-row", f"{_TABLE}table-cell"
_NOTE, _COMMENT, _SECTION = f"{_TEXT}note", f"{_OFFICE}annotation", f"{_TEXT}section"
_ASIDE = ("tracked-changes", "note-citation", "sequence-decls", "ruby-text", "page-number")
_SKIPPED = frozenset((_NOTE, _COMMENT, *(f"{_TEXT}{name}" for name in _ASIDE)))
"""What is no part of a text where it stands; notes come at the end."""
_HEADING = f"{_TEXT}h"
_MOST_SPACES = 100
_WHAT = (zipfile.BadZipFile, KeyError, ValueError, SyntaxError, RuntimeError, NotImplementedError, EOFError)


def read_epub(content: bytes, most: int) -> Document:
    """Return the text of a book, a chapter after the other, of the first ones when they have more than *most*.

    Raises Refused.
    """
    check_package(content, "a book (.epub)", texts=(".xml", ".opf", ".xhtml", ".html", ".htm"))
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            place = _xml(package, _CONTAINER).find(f".//{_ANY}rootfile").get("full-path")
            book = _xml(package, place)
            chapters = list(dict.fromkeys(_chapters(book, posixpath.dirname(place))))
            known = set(package.namelist())
            if len(chapters) > MAX_PAGES:
                raise Refused(f"it has {len(chapters):,} chapters; the limit is {MAX_PAGES:,}. Split it into parts")
            if _locked(package) & set(chapters):
                raise Refused("it is locked for the devices of who bought it. Load one without such a lock")
            pages, gone, length = list[str](), 0, 0
            for chapter in chapters:
                pages.append(_page(package, chapter))
                gone += not pages[-1] and chapter not in known
                length += len(pages[-1])
                if length > most:
                    break
    except (*_WHAT, AttributeError, TypeError) as exc:
        raise Refused("it is not a whole book. Get it anew, or save it as PDF") from exc
    check_length(pages)
    said = {name: tidy(_first(book, name))[:1000] for name in ("title", "date")}
    notes = [f"{gone:,} of its {len(pages):,} chapters missing in it. Get it anew"] if gone else []
    return Document(pages, said["title"], _authors(book), said["date"], notes=notes)


def _chapters(book: Any, folder: str) -> Iterator[str]:
    """Yield the names of the parts with a book's text, in the order in which it is read."""
    parts = {one.get("id"): one for one in book.iterfind(f".//{_ANY}manifest/{_ANY}item")}
    for step in book.iterfind(f".//{_ANY}spine/{_ANY}itemref"):
        part = parts.get(step.get("idref"))
        is_contents = part is not None and "nav" in (part.get("properties") or "").split()
        kind = "" if part is None else part.get("media-type") or ""
        if part is not None and not is_contents and ("html" in kind or "svg" in kind):
            yield posixpath.normpath(posixpath.join(folder, unquote(part.get("href") or "")))


def _page(package: zipfile.ZipFile, name: str) -> str:
    try:
        content = package.read(name)
    except KeyError:
        return ""
    if name.lower().endswith(".svg"):
        words = ("".join(one.itertext()) for one in _xml(package, name).iter(f"{_ANY}text"))
        return tidy("\n".join(words))
    return text_of(as_utf8(content).decode(), headings=True)


def _locked(package: zipfile.ZipFile) -> set[str]:
    """Return the names of the parts that are encrypted."""
    if _LOCKS not in package.namelist():
        return set()
    return {unquote(one.get("URI") or "") for one in _xml(package, _LOCKS).iterfind(f".//{_ANY}CipherReference")}


def _authors(book: Any) -> str:
    """Return who wrote a book, several apart by semicolons."""
    told = ["".join(one.itertext()) for one in book.iterfind(f".//{_ANY}metadata/{_ANY}creator")]
    return tidy("; ".join(dict.fromkeys(" ".join(name.split()) for name in told if name.strip())))[:1000]


def _first(root: Any, name: str) -> str:
    found = root.find(f".//{_ANY}metadata/{_ANY}{name}")
    return "" if found is None else "".join(found.itertext())


def read_opentext(content: bytes, _most: int) -> Document:
    """Return the text of an OpenDocument text, its notes where they stand.  Raises Refused."""
    check_package(content, "an OpenDocument text (.odt)")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            if _MANIFEST in package.namelist() and b"encryption-data" in package.read(_MANIFEST):
                raise Refused("it is locked with a password. Save it without one")
            body = _xml(package, "content.xml").find(f"{_ANY}body/{_ANY}text")
            if body is None:
                raise Refused("it holds no text: it is another kind of document. Save it as PDF")
            notes = [_flow(one) for note in body.iter(_NOTE) for one in note.iterfind(f"{_TEXT}note-body")]
            text = "\n\n".join(filter(None, [_flow(body), *notes]))
            comments = [(_of(one), _flow(one)) for one in body.iter(_COMMENT)]
            meta = _xml(package, "meta.xml") if "meta.xml" in package.namelist() else None
    except _WHAT as exc:
        raise Refused("it is not a whole OpenDocument text. Save it again from its program, or as PDF") from exc
    check_length([text])
    said = {name: _meta(meta, name) for name in ("title", "creator", "initial-creator", "creation-date", "date")}
    author, date = said["initial-creator"] or said["creator"], said["creation-date"] or said["date"]
    return Document([text], said["title"], author, date, notes=told(comments))


def _of(comment: Any) -> str:
    """Return by whom a comment is."""
    author = comment.find(f"{_ANY}creator")
    return f"of {author.text.strip()[:100]} " if author is not None and (author.text or "").strip() else ""


def _meta(root: Any, name: str) -> str:
    found = None if root is None else root.find(f".//{_ANY}{name}")
    return "" if found is None else tidy("".join(found.itertext()))[:1000]


def _flow(root: Any) -> str:
    """Return the text below an element, a paragraph a line, cells of a table apart by tabs; O(size)."""
    from lxml import etree

    pieces: list[str] = []
    within, skipped = 0, False
    walk = etree.iterwalk(root, events=("start", "end"))
    for event, element in walk:
        name, said = element.tag, ""
        if event == "start" and element is not root and (name in _SKIPPED or _is_hidden(element)):
            walk.skip_subtree()
            skipped = True  # until it ends, which is what comes next
        elif event == "start":
            within += name in _LINES
            said = (MARK if name == _HEADING else "") + _stands_for(element) + ((element.text or "") if within else "")
        else:
            within -= name in _LINES and not skipped
            skipped, name = False, "" if skipped else name
            if name == _HEADING and pieces[-1:] == [MARK]:
                pieces.pop()
            elif name in _LINES or name == _ROW:
                pieces[-1:] = ["\n"] if pieces[-1:] == ["\t"] else [*pieces[-1:], "\n"]
            elif name == _CELL and pieces[-1:] == ["\n"]:
                pieces[-1] = "\t"
            said = (element.tail or "") if within and element is not root else ""
        if said.strip() or (said and within):
            pieces.append(said)
    return tidy("".join(pieces))


def _is_hidden(element: Any) -> bool:
    """Whether a part of a text is hidden."""
    return element.tag == _SECTION and element.get(f"{_TEXT}display") in ("none", "condition")


def _stands_for(element: Any) -> str:
    if element.tag == f"{_TEXT}s":
        count = element.get(f"{_TEXT}c") or "1"
        return " " * min(_MOST_SPACES, int(count) if count.isdecimal() and len(count) < 9 else 1)
    return {f"{_TEXT}tab": "\t", f"{_TEXT}line-break": "\n"}.get(element.tag, "")


def _xml(package: zipfile.ZipFile, name: str) -> Any:
    return parsed_xml(package.read(name))
