"""Finds out how a web page is written, by its mark, by what it says of itself, or by its letters.

It parses nothing.
"""

from __future__ import annotations

import codecs
import re

from explorer.ingest.documents.declared import text_as

_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_CHARSET = re.compile(
    rb"""<(?:meta|\?xml)\b[^>]{0,300}?(?:charset|encoding)\s*=\s*["']?\s*([\w.:-]{2,40})""", re.IGNORECASE
)
_HEAD = 4096


def as_utf8(content: bytes) -> bytes:
    """Return a web page as UTF-8: from what its mark or itself says it is, else what it decodes as."""
    marked = next((codec for mark, codec in _MARKS if content.startswith(mark)), None)
    named = _CHARSET.search(content[:_HEAD])
    try:
        if marked is not None:
            return content.decode(marked).encode("utf-8", "replace")
    except UnicodeError:
        pass
    said = named[1].decode("ascii") if named else "utf-8"
    said = "utf-8" if said.lower().startswith(("utf-16", "utf-32")) else said  # what it is said in shows that it is not
    return text_as(content, said).encode("utf-8", "replace")
