"""Reads text and Markdown files: their lines are items, or each is a document, by what the files look like.

Nothing here needs a decoder of its own; `text` reads the lines.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from explorer.errors import UnreadableFile
from explorer.ingest.accesslogs import are_requests, read_access_log
from explorer.ingest.chattexts import is_asked_otherwise, is_dated, items_of_chat, read_chat_text
from explorer.ingest.clippings import CLIPPINGS, are_clippings, read_clippings
from explorer.ingest.codepages import ENCODING
from explorer.ingest.delimited import read_delimited
from explorer.ingest.documents.decoding import the_decoder
from explorer.ingest.documents.document import MAX_CHARACTERS, Document, tidy
from explorer.ingest.documents.frontmatter import front_matter
from explorer.ingest.documents.headings import marked, unmarked
from explorer.ingest.documents.passages import divided, laid, placed
from explorer.ingest.documents.rows import CHOICES, ITEMS, LINES, PASSAGES, ROWS, items_choice, rows_of, way_of
from explorer.ingest.edge import DAMAGED
from explorer.ingest.encodings import decoded, detect, printable
from explorer.ingest.framing import has_table, is_mostly_table
from explorer.ingest.glossaries import with_terms
from explorer.ingest.loglines import ENTRIES, form_of_log, read_log
from explorer.ingest.paragraphs import PARAGRAPHS, WHY, are_listed
from explorer.ingest.reader import ITEMS as OF_ITEMS
from explorer.ingest.reader import Advance, Content, FileReader, Source, Table
from explorer.ingest.subtitles import CAPTIONS, SENTENCES, are_subtitles, read_subtitles
from explorer.ingest.text import AS, is_table, read_lines, table_read_as_such
from explorer.ingest.textpieces import beginning_of
from explorer.types import Choice

_LOOKED_AT, _START = 40, 2**15
"""Files of an upload that are looked at, and bytes of each."""
_LONG, _LETTERS = 100_000, 10
"""Characters of a text that is not divided here, and more than a word piece has."""
_WRAPPED_LINES, _WRAPPED_SHARE = 4, 0.5
_ENDED = re.compile(r"[.!?](?: |$)")
_NARROWEST, _WIDEST = 40, 200
"""Characters of a line of a text that was broken into lines."""
"""Lines that go on in the next with a small letter, at least, and as a share of those that another follows at once."""
_TABLES = (".csv.txt", ".tsv.txt")
"""Endings that say what a file is, which editors and mail programs lengthen."""
_TOGETHER = "passages of prose"


def read_text(source: Source, advance: Advance, *, limit: int | None = None) -> Content | Table:
    """Read a text file as lines, as a document or as a table, or the first *limit* items.  Raises UnreadableFile."""
    if source.choices.get(AS):
        return read_lines(source, advance, limit=limit)
    if source.choices.get(ITEMS, SENTENCES) in (SENTENCES, CAPTIONS) and are_subtitles(_beginning(source)):
        return read_subtitles(source, advance, limit=limit)
    chat = None if is_asked_otherwise(source) else items_of_chat(source, _beginning(source))
    said = None if chat is None else read_chat_text(source, advance, chat, limit=limit)
    if said is not None:
        return said
    if source.choices.get(ITEMS, CLIPPINGS) == CLIPPINGS and are_clippings(_beginning(source)):
        return read_clippings(source, advance, limit=limit)
    if source.choices.get(ITEMS, ENTRIES) == ENTRIES and are_requests(_beginning(source)):
        return read_access_log(source, advance, limit=limit)
    if not source.choices.get(ITEMS) and (source.name.lower().endswith(_TABLES) or is_table(_beginning(source))):
        return table_read_as_such(source, advance, limit=limit)
    form = form_of_log(_beginning(source)) if source.choices.get(ITEMS, ENTRIES) == ENTRIES else None
    if form is not None:
        return read_log(source, advance, form, limit=limit)
    items = _guessed(source)
    if items.value in (LINES, PARAGRAPHS):
        return _listed(source, advance, items, limit)
    document = Document([""])
    document.pages = [_whole(source, document)]
    advance(source.size)
    return _rows(source, document, items, limit)


def read_markdown(source: Source, advance: Advance, *, limit: int | None = None) -> Content | Table:
    """Read a Markdown file as a document, as it is written, or as lines; a chat as such.  Raises UnreadableFile."""
    start = _beginning(source)
    chat = items_of_chat(source, start) if not is_asked_otherwise(source) and is_dated(start) else None
    said = None if chat is None else read_chat_text(source, advance, chat, limit=limit)
    if said is not None:
        return said
    rows = is_mostly_table(start)
    why = "a table is nearly all of the file" if rows else ""
    value = ROWS if rows else PASSAGES
    items = items_choice(source, value, lines=True, tables=has_table(start), why=why)
    if items.value == ROWS:
        table = read_delimited(source, advance, limit=limit)
        table.choices = (items, *table.choices)
        return table
    if items.value in (LINES, PARAGRAPHS):
        return _listed(source, advance, items, limit)
    document = Document([""])
    text = _whole(source, document)
    fields, text = front_matter(text)
    known = {name.lower(): name for name in fields}
    told = {name: fields.pop(known[name]) for name in ("title", "author", "date") if name in known}
    document.title, document.author, document.date = (told.get(name, "") for name in ("title", "author", "date"))
    document.fields = fields
    document.title = document.title or _heading(text)[:1000]
    document.pages = [marked(text)]
    advance(source.size)
    return _rows(source, document, items, limit)


def _listed(source: Source, advance: Advance, items: Choice, limit: int | None) -> Content | Table:
    """Return the lines of a file, or its paragraphs."""
    content = read_lines(source, advance, limit=limit, by_paragraph=items.value == PARAGRAPHS)
    if isinstance(content, Content) and items.value == LINES:
        content = with_terms(content, source.name)
    return replace(content, choices=(*content.choices, items))


def _heading(text: str) -> str:
    """Return the first heading of the first level of a Markdown text: after a "#", or above a line of "="."""
    above = ""
    for line in map(str.strip, text.split("\n")):
        if line.startswith(("# ", "#\t")):
            return line[1:].strip().rstrip("#").rstrip()
        if above and line and not line.strip("="):
            return above
        above = line
    return ""


def _rows(source: Source, document: Document, items: Choice, limit: int | None) -> Content:
    """Return the items of a document; a long one is divided where others are decoded: it may take its time."""
    way, marks = way_of(source, items), document.pages[0]
    bare, found = unmarked(document.pages)
    [text] = bare
    if way.size and len(text) > _LONG:
        part = marks if limit is None else marks[: max(_LONG, limit * way.size * _LETTERS)]
        told, passages = the_decoder().document(source, "plain", part.encode(), size=way.size, overlap=way.overlap)
        document.headings = told.headings
    else:
        document.headings = laid([text], found)
        divides = way.size or way.parts
        spans = divided([text], way.size, way.overlap, headings=document.headings) if divides else []
        passages = placed([text], spans, headings=document.headings, wraps=True)
    document.pages = bare
    return rows_of(source, document, way, passages, limit=limit)


def _whole(source: Source, document: Document) -> str:
    """Return all text of a file; bytes that are none are replaced, and noted."""
    if not source.size:
        return ""
    encoding = detect(source)
    with source.open() as file, decoded(file, encoding, newline=None) as opened:
        text = beginning_of(opened, MAX_CHARACTERS)
    if len(text) > MAX_CHARACTERS:
        raise UnreadableFile(
            f"{source.name} has more than {MAX_CHARACTERS:,} characters; that is the limit of a document. "
            "Read its lines as items, or split it."
        )
    fault = encoding.fault(text)
    if fault:
        document.said.append(f"{fault}; what is not stands as “\ufffd” in its text. Save it as UTF-8")
    return tidy(printable(text))


def _guessed(source: Source) -> Choice:
    """Return what is an item of a text file: what its upload as a whole suggests, else what its beginning does."""
    if source.likely.get(_TOGETHER):
        return items_choice(source, PASSAGES, lines=True, sure=False, why=source.likely[_TOGETHER])
    if _is_wrapped(_beginning(source)):
        why = "its lines go on in the next one, as those of a letter or a book do"
        return items_choice(source, PASSAGES, lines=True, sure=False, why=why)
    if are_listed(_beginning(source)):
        return items_choice(source, PARAGRAPHS, lines=True, sure=False, why=WHY)
    return items_choice(source, LINES, lines=True)


def judged_texts(sources: Sequence[Source]) -> list[Source]:
    """Return the files of an upload, the text files among them marked as documents where most look like such.

    That is where several come together, and more have paragraphs, or lines that go on in the next, or one line only,
    than are lists of lines.
    """
    texts = [source for source in sources if source.format is TEXT_FILES]
    if len(texts) < 2:
        return list(sources)
    looked_at = texts[:: max(1, len(texts) // _LOOKED_AT)][:_LOOKED_AT]
    looks = [_look(_beginning(source)) for source in looked_at]
    prose, lists, single = looks.count("prose"), looks.count("lines"), looks.count("single")
    if not (prose > lists or (single and not lists)):
        return list(sources)
    why = f"{prose + single} of {len(looks)} text files that were looked at have paragraphs, or one line only"
    likely = {_TOGETHER: why}
    return [replace(source, likely=likely) if source.format is TEXT_FILES else source for source in sources]


def _beginning(source: Source) -> list[str]:
    """Return the first lines of a file, roughly decoded; none of one that cannot be opened."""
    try:
        with source.open() as file:
            start = file.read(_START)
    except (UnreadableFile, *DAMAGED):
        return []
    codec = "utf-16" if start[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    lines = start.decode(codec, "ignore").splitlines()
    return lines[:-1] if len(start) == _START and len(lines) > 1 else lines


def _look(lines: Sequence[str]) -> str:
    """Return whether the lines are "prose", "lines" of a list, a "single" one; empty for none."""
    filled = [line for line in lines if line.strip()]
    if len(filled) < 2:
        return "single" if filled else ""
    apart = sum(not line.strip() for line in lines[1:-1])
    return "prose" if apart >= max(1, len(filled) / 8) or _is_wrapped(lines) else "lines"


def _is_wrapped(lines: Sequence[str]) -> bool:
    """Whether lines go on in the next one.

    These begin with a small letter and a word that had no room before, and no sentence has ended there, as some have.
    """
    pairs = [(one.rstrip(), other.lstrip()) for one, other in pairwise(lines)]
    pairs = [(one, other) for one, other in pairs if one and other]
    width = max((len(one) for one, _ in pairs), default=0)
    if not _NARROWEST < width <= _WIDEST or not any(_ENDED.search(one) for one, _ in pairs):
        return False
    wrapped = sum(
        one[-1] not in ".!?:;" and other[0].islower() and len(one) + 1 + len(other.split(maxsplit=1)[0]) > width - 2
        for one, other in pairs
    )
    return wrapped >= max(_WRAPPED_LINES, _WRAPPED_SHARE * len(pairs))


TEXT_FILES = FileReader(
    name="text files",
    suffixes=(".txt", ".text", ".log", ".rpt", ".rst", ".adoc", ".org", ".tex"),
    summary="A line is an item, or a paragraph where most have several lines, as in pasted text; prose, and many files "
    "with paragraphs, are read as documents, "
    "chats of WhatsApp, Signal, Telegram and iMessage as their messages with time and author, and with the pictures "
    "beside them that they name; terms of a glossary become a column.",
    kind=OF_ITEMS,
    read=read_text,
    choices=(ENCODING, AS, *CHOICES),
    limits=f"lines: 10,000,000; as a document {MAX_CHARACTERS:,} characters",
)
MARKDOWN = FileReader(
    name="Markdown",
    suffixes=(".md", ".markdown"),
    summary="A short file is an item, a longer one is divided into passages; title, author, date and the "
    "other fields above its text become columns. No passage runs over a heading, and what stands under one can be an "
    "item. A chat is read as its messages.",
    kind=OF_ITEMS,
    read=read_markdown,
    choices=(ENCODING, AS, *CHOICES),
    limits=f"{MAX_CHARACTERS:,} characters",
)
