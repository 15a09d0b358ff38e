"""The formats of documents that need a decoder, and how one is read: decoded apart, divided, given its columns.

It decodes nothing itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from explorer.ingest.chatgroups import with_groups
from explorer.ingest.documents.decoding import content_of, the_decoder
from explorer.ingest.documents.document import MAX_CHARACTERS, MAX_PAGES
from explorer.ingest.documents.letterheads import shared_with, told_of, with_shared_edges
from explorer.ingest.documents.mail import QUOTED
from explorer.ingest.documents.mailbox import read_mailbox
from explorer.ingest.documents.mailing import MAIL, quoting_of
from explorer.ingest.documents.pagetables import table_of_page
from explorer.ingest.documents.pagetexts import as_utf8
from explorer.ingest.documents.plain import judged_texts
from explorer.ingest.documents.rows import CHOICES, ROWS, Way, items_choice, rows_of, way_of
from explorer.ingest.documents.rows import ITEMS as ITEM
from explorer.ingest.reader import ITEMS, MAX_ROWS, Advance, Content, FileReader, Source, Table
from explorer.ingest.slack import with_people
from explorer.types import Choice

_CHARACTERS_A_ROW = 2000
"""So many are surely enough for a passage of the usual size; a preview reads no more of a long file."""


def read_web_page(source: Source, advance: Advance, *, limit: int | None = None) -> Content | Table:
    """Read a web page as a document, or where a table is nearly all of it, row by row.  Raises UnreadableFile."""
    content = as_utf8(content_of(source))
    asked = source.choices.get(ITEM, "")
    if asked in ("", ROWS):
        table = table_of_page(source, content, limit=limit, asked=bool(asked))
        if table is not None:
            why = "" if asked else "a table is nearly all of the page"
            table.choices = (items_choice(source, ROWS, tables=True, why=why),)
            advance(source.size)
            return table
    way = way_of(source, items_choice(source, tables=asked != ROWS and _has_rows(content)))
    return _read("page", source, content, way, advance, limit)


def _has_rows(content: bytes) -> bool:
    return content.lower().count(b"<tr") > 1


def read_document(decoder: str, source: Source, advance: Advance, *, limit: int | None = None) -> Content:
    """Read a document by the decoder of this name, or its first *limit* passages.  Raises UnreadableFile."""
    way = way_of(source, items_choice(source))
    quoted = None
    if decoder == MAIL:
        decoder, quoted = quoting_of(source)
    content = content_of(source)
    return _read(decoder, source, content, way, advance, limit, quoted)


def _read(
    decoder: str,
    source: Source,
    content: bytes,
    way: Way,
    advance: Advance,
    limit: int | None,
    quoted: Choice | None = None,
) -> Content:
    if not content:
        return Content([])
    most = MAX_CHARACTERS if limit is None else min(MAX_CHARACTERS, limit * _CHARACTERS_A_ROW)
    document, passages = the_decoder().document(
        source,
        decoder,
        content,
        size=way.size,
        overlap=way.overlap,
        most=most,
        shared=shared_with(source),
        parts=way.parts,
    )
    document.notes += told_of(source.likely)
    advance(source.size)
    if quoted is not None and (quoted.asked or document.fields[QUOTED]):
        way = replace(way, choices=(*way.choices, quoted))
    return rows_of(source, document, way, passages, limit=limit)


def judged(sources: Sequence[Source]) -> list[Source]:
    """Return the files of an upload, each told what is likely of it as they come together."""
    return with_shared_edges(judged_texts(with_people(with_groups(sources))))


_LIMITS = f"{MAX_CHARACTERS:,} characters"
_PAGED = f"{MAX_PAGES:,} pages, {_LIMITS}"
_IS = "A short document is an item, a longer one is divided into passages, each with its document and place"
_HEADED = ". No passage runs over a heading, and what stands under one can be an item"
PDF = FileReader(
    name="PDF",
    suffixes=(".pdf",),
    summary=f"{_IS}, with its page; title, author and date become columns.",
    kind=ITEMS,
    read=partial(read_document, "pdf"),
    choices=CHOICES,
    limits=_PAGED,
    cures={".ps": "save it as PDF"},
)
WORD = FileReader(
    name="Word documents",
    suffixes=(".docx",),
    summary=f"{_IS}; tables and notes are read, title, author and date become columns{_HEADED}.",
    kind=ITEMS,
    read=partial(read_document, "word"),
    choices=CHOICES,
    limits=_LIMITS,
    cures=dict.fromkeys((".doc", ".docm", ".pages"), "save it as .docx or PDF"),
)
SLIDES = FileReader(
    name="slide shows",
    suffixes=(".pptx",),
    summary=f"{_IS}, with its slide as page; the speaker's notes are read.",
    kind=ITEMS,
    read=partial(read_document, "slides"),
    choices=CHOICES,
    limits=_PAGED.replace("pages", "slides"),
    cures=dict.fromkeys((".ppt", ".odp", ".key", ".pptm"), "save it as .pptx or PDF"),
)
PAGES = FileReader(
    name="web pages",
    suffixes=(".html", ".htm", ".xhtml"),
    summary=f"{_IS}: the text as a reader sees it, without scripts, styles and hidden parts{_HEADED}.",
    kind=ITEMS,
    read=read_web_page,
    choices=CHOICES,
    limits=_LIMITS,
    cures=dict.fromkeys((".mhtml", ".mht", ".webarchive"), "save it as .html or PDF"),
)
MAILS = FileReader(
    name="mails",
    suffixes=(".eml",),
    summary=f"{_IS}; its subject belongs to it, what it quotes of earlier mails does not; subject, from, to, date and "
    "what is quoted become columns, attachments are listed as not read.",
    kind=ITEMS,
    read=partial(read_document, MAIL),
    choices=(*CHOICES, QUOTED),
    limits=_LIMITS,
    cures={".msg": "save it as .eml", ".pst": "export it as .mbox"},
)
MAILBOX = FileReader(
    name="mailboxes",
    suffixes=(".mbox",),
    summary="Many mails in one file, each read as one by itself is: a short one is an item, a longer one is divided.",
    kind=ITEMS,
    read=read_mailbox,
    choices=(*CHOICES, QUOTED),
    limits=f"{MAX_ROWS:,} passages; each mail 64 MiB",
)
BOOKS = FileReader(
    name="books",
    suffixes=(".epub",),
    summary=f"{_IS}; title, author and date become columns{_HEADED}.",
    kind=ITEMS,
    read=partial(read_document, "book"),
    choices=CHOICES,
    limits=f"{MAX_PAGES:,} chapters, {_LIMITS}",
    cures=dict.fromkeys((".mobi", ".azw", ".azw3"), "convert it to .epub"),
)
OPEN_TEXT = FileReader(
    name="OpenDocument texts",
    suffixes=(".odt",),
    summary=f"{_IS}; tables and notes are read, title, author and date become columns{_HEADED}.",
    kind=ITEMS,
    read=partial(read_document, "opentext"),
    choices=CHOICES,
    limits=_LIMITS,
)
RICH_TEXT = FileReader(
    name="Rich Text",
    suffixes=(".rtf",),
    summary=f"{_IS}; title, author and date become columns.",
    kind=ITEMS,
    read=partial(read_document, "richtext"),
    choices=CHOICES,
    limits=f"64 MiB, {_LIMITS}",
)
DOCUMENTS = (PDF, WORD, SLIDES, PAGES, MAILS, MAILBOX, BOOKS, OPEN_TEXT, RICH_TEXT)
