"""Reads mailboxes (.mbox): many mails in one file, each read as a mail by itself is.

It decodes no mail: `mail` does, apart.
"""

from __future__ import annotations

import re
from array import array
from collections.abc import Iterator
from dataclasses import replace
from typing import IO, Any

from explorer.errors import UnreadableFile
from explorer.ingest.documents.decoding import the_decoder
from explorer.ingest.documents.mail import MAX_BYTES
from explorer.ingest.documents.mailing import MAIL, quoting_of
from explorer.ingest.documents.rows import DOCUMENT, NO_TEXT, Way, items_choice, rows_of, way_of
from explorer.ingest.reader import MAX_ROWS, Advance, Content, Source, check_size
from explorer.types import Item, Numbering, Rejected

_MARK = b"From "
_TIME, _HEADER = (
    re.compile(rb"From (?:\S{1,1000}\s[^\n]{0,100}\d:\d\d|[^\s@]{1,500}@\S{1,500}\s*$)"),
    re.compile(rb">?[!-9;-~]{1,100}[ \t]{0,9}:|>From "),
)
"""What the line before a mail has, from whom and when, or the one below it; a text may begin with "From here on"."""
_LINE = 2**20
"""Bytes of a line that are read at once; a longer one is read in pieces."""
_EVERY = 200


def read_mailbox(source: Source, advance: Advance, *, limit: int | None = None) -> Content:
    """Read the mails of a file one after the other, or until there are *limit* items.  Raises UnreadableFile."""
    way = way_of(source, items_choice(source))
    decoder, quoted = quoting_of(source)
    way = replace(way, choices=(*way.choices, quoted))
    made = Content([], choices=way.choices, records=array("q"), numbering=Numbering(MAIL))
    items, columns = list[Item](), dict[str, list[Any]]()
    with source.open() as file:
        for number, content in enumerate(_mails(file)):
            _take(source, made, items, columns, number, content, way, decoder)
            if number % _EVERY == 0:
                advance(file.tell())
                check_size(source.name, rows=len(items), columns=len(columns))
            if limit is not None and len(items) >= limit:
                break
    if not items and not made.rejected and source.size:
        raise UnreadableFile(
            f"{source.name} holds no mail: no line of it begins with “From ”. Export the mailbox anew."
        )
    check_size(source.name, rows=min(len(items), MAX_ROWS + 1), columns=len(columns))
    made.items, made.columns = items, columns
    return made


def _take(
    source: Source,
    made: Content,
    items: list[Item],
    columns: dict[str, list[Any]],
    number: int,
    content: bytes | None,
    way: Way,
    decoder: str,
) -> None:
    """Add a mail's items to those that there are, or why it cannot be read; what a mail lacks, its rows lack."""
    place = made.numbering.place(number)
    if content is None:
        reason = f"the mail has more than {MAX_BYTES // 2**20} MiB; that is the limit. Save it without its files"
        made.rejected.append(Rejected(source.name, number, reason, place, what=MAIL))
        return
    if not content.strip():  # there may be very many, and nothing of them is to be decoded
        made.rejected.append(Rejected(source.name, number, NO_TEXT, place))
        return
    try:
        document, passages = the_decoder().document(
            source, decoder, content, size=way.size, overlap=way.overlap, parts=way.parts
        )
    except UnreadableFile as exc:
        reason = str(exc).removeprefix(f"cannot read {source.name}: ")
        made.rejected.append(Rejected(source.name, number, reason, place, what=MAIL))
        return
    found = rows_of(source, document, way, passages)
    made.rejected += [replace(one, place=place) for one in found.rejected]
    before, count = len(items), len(found.items)
    for name in [name for name in found.columns if name not in columns]:
        columns[name] = [None] * before
    for name, values in columns.items():
        values += found.columns.get(name, [None] * count)
    columns[DOCUMENT][before:] = [f"{source.name}, {place}"] * count
    items += found.items
    made.records.extend([number] * count)  # type: ignore[union-attr]


def _mails(file: IO[bytes]) -> Iterator[bytes | None]:
    """Yield the mails of a mailbox; None for one that is too long.  What stands before the first is none."""
    lines: list[bytes] = []
    length, begun, blank, whole = 0, False, True, True
    line = file.readline(_LINE)
    while line:
        after = file.readline(_LINE)
        if whole and blank and line.startswith(_MARK) and _is_mark(line, after):
            if begun:
                yield b"".join(lines) if length <= MAX_BYTES else None
            lines, length, begun = [], 0, True
        elif begun:
            if whole and line.lstrip(b">").startswith(_MARK) and line.startswith(b">"):
                line = line[1:]
            length += len(line)
            if length <= MAX_BYTES:
                lines.append(line)
            else:
                lines.clear()
        blank, whole = not line.strip(), line.endswith(b"\n")
        line = after
    if begun:
        yield b"".join(lines) if length <= MAX_BYTES else None


def _is_mark(line: bytes, after: bytes) -> bool:
    """Whether a line that begins with “From ” is the one before a mail, by itself or by the line below it."""
    return bool(_TIME.match(line) or _HEADER.match(after))
