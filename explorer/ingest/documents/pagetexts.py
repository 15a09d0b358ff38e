"""Finds out how a web page is written, by its mark, by what it says of itself, or by its letters.

It parses nothing.
"""

from __future__ import annotations

import codecs
import re

from explorer.ingest.guessing import guessed

_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_CHARSET = re.compile(
    rb"""<(?:meta|\?xml)\b[^>]{0,300}?(?:charset|encoding)\s*=\s*["']?\s*([\w.:-]{2,40})""", re.IGNORECASE
)
_HEAD = 4096


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
