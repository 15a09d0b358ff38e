"""The formats of documents that need a decoder, and how one is read: decoded apart, divided, given its columns.

It decodes nothing itself.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import replace
from functools import partial

from explorer.ingest.choosing import chosen
from explorer.ingest.documents.decoding import content_of, the_decoder
from explorer.ingest.documents.document import MAX_CHARACTERS, MAX_PAGES
from explorer.ingest.documents.mail import QUOTED
from explorer.ingest.documents.rows import CHOICES, items_choice, rows_of, way_of
from explorer.ingest.guessing import guessed
from explorer.ingest.reader import ITEMS, Advance, Content, FileReader, Source
from explorer.types import Choice

_CHARACTERS_A_ROW = 2000
"""So many are surely enough for a passage of the usual size; a preview reads no more of a long file."""
_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_CHARSET = re.compile(
    rb"""<(?:meta|\?xml)\b[^>]{0,300}?(?:charset|encoding)\s*=\s*["']?\s*([\w.:-]{2,40})""", re.IGNORECASE
)
_HEAD = 4096


def read_document(decoder: str, source: Source, advance: Advance, *, limit: int | None = None) -> Content:
    """Read a document by the decoder of this name, or its first *limit* passages.  Raises UnreadableFile."""
    way = way_of(source, items_choice(source))
    quoted = chosen(source, _QUOTED) if decoder == "mail" else None
    if quoted is not None and quoted.value == _KEPT:
        decoder = "whole mail"
    content = content_of(source)
    if not content:
        return Content([])
    if decoder == "page":
        content = as_utf8(content)
    most = MAX_CHARACTERS if limit is None else min(MAX_CHARACTERS, limit * _CHARACTERS_A_ROW)
    document, passages = the_decoder().document(source, decoder, content, size=way.size, overlap=way.overlap, most=most)
    advance(source.size)
    if quoted is not None and (quoted.asked or document.fields[QUOTED]):
        way = replace(way, choices=(*way.choices, quoted))
    return rows_of(source, document, way, passages, limit=limit)


def as_utf8(content: bytes) -> bytes:
    """Return a web page as UTF-8: from what its mark or itself says it is, else what it decodes as."""
    marked = next((codec for mark, codec in _MARKS if content.startswith(mark)), None)
    named = _CHARSET.search(content[:_HEAD])
    for codec in (marked, "utf-8", named[1].decode("ascii") if named else None):
        try:
            if codec is not None:
                return content.decode(codec).encode("utf-8", "replace")
        except (LookupError, UnicodeError, ValueError):
            continue
    guess = guessed(content.splitlines()[:2000])
    return content.decode(guess.codec if guess is not None else "cp1252", "replace").encode("utf-8")


_KEPT = "kept"
_QUOTED = Choice(
    QUOTED,
    "Quoted earlier mails",
    "beside",
    (("beside", "left out of the text"), (_KEPT, "part of the text")),
    why=f"they stand beside it, in the column “{QUOTED}”",
)
_LIMITS = f"{MAX_CHARACTERS:,} characters"
_PAGED = f"{MAX_PAGES:,} pages, {_LIMITS}"
_IS = "A short document is an item, a longer one is divided into passages, each with its document and place"
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
    summary=f"{_IS}; tables and notes are read, title, author and date become columns.",
    kind=ITEMS,
    read=partial(read_document, "word"),
    choices=CHOICES,
    limits=_LIMITS,
    cures=dict.fromkeys((".doc", ".odt", ".rtf", ".docm", ".pages"), "save it as .docx or PDF"),
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
    summary=f"{_IS}: the text as a reader sees it, without scripts, styles and hidden parts.",
    kind=ITEMS,
    read=partial(read_document, "page"),
    choices=CHOICES,
    limits=_LIMITS,
    cures=dict.fromkeys((".mhtml", ".mht", ".webarchive"), "save it as .html or PDF"),
)
MAIL = FileReader(
    name="mails",
    suffixes=(".eml",),
    summary=f"{_IS}; its subject belongs to it, what it quotes of earlier mails does not; subject, from, to, date and "
    "what is quoted become columns, attachments are listed as not read.",
    kind=ITEMS,
    read=partial(read_document, "mail"),
    choices=(*CHOICES, QUOTED),
    limits=_LIMITS,
    cures={".msg": "save it as .eml", ".mbox": "save its mails as .eml"},
)
DOCUMENTS = (PDF, WORD, SLIDES, PAGES, MAIL)
