"""Tells what is called a spreadsheet and is text: web systems write tables so, for Excel to open them.

It reads no table: `delimited` does.
"""

from __future__ import annotations

import re

from explorer.errors import UnreadableFile
from explorer.ingest.encodings import START
from explorer.ingest.reader import Source, Table

_SIGNATURES = (b"PK", b"\xd0\xcf\x11\xe0")
_MARKS = (b"\xff\xfe", b"\xfe\xff")
_BINARY = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
"""What no text has; the escape of terminals is no sign."""
_XML = b"urn:schemas-microsoft-com:office:spreadsheet"


def start_of(source: Source) -> bytes:
    """Return the beginning of a file."""
    with source.open() as file:
        return file.read(START)


def is_text(start: bytes) -> bool:
    """Say whether a file that begins so is lines of text, and neither markup nor packed."""
    text = start.decode("utf-16", "ignore").encode() if start.startswith(_MARKS) else start
    first = text.lstrip(b"\xef\xbb\xbf \r\n\t")[:1]
    return first not in (b"", b"<") and not start.startswith(_SIGNATURES) and not _BINARY.search(text)


def checked(table: Table, source: Source) -> Table:
    """Return the table of such a file.  Raises UnreadableFile where it has one column: then it is no table."""
    if len(table.columns) > 1:
        return table
    raise UnreadableFile(
        f"{source.name} is lines of text, though its name says {source.suffix}. Rename it to .txt to read its lines."
    )


def check_no_xml(source: Source, start: bytes) -> None:
    """Raise UnreadableFile for a spreadsheet of Excel 2003 that is one file of XML."""
    if _XML in start:
        raise UnreadableFile(
            f"{source.name} is a spreadsheet of Excel 2003 as XML, which is not read. Save it from Excel as .xlsx."
        )
