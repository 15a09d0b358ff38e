"""Reads JSON as people write it by hand, with comments and a comma behind the last member, which JSON has not.

It reads no file: `jsondocuments` does, where a document is not JSON.
"""

from __future__ import annotations

import re
from typing import Any

from explorer.ingest.jsonlines import parsed
from explorer.ingest.jsonrepeats import Again

_TOKEN = re.compile(r'"(?:[^"\\\n]++|\\.)*"?|//|/\*|#|,')
_LAST = re.compile(r"\s*+[}\]]")
NOTE = "its comments, and commas behind the last member, are left out: JSON has none"


def relaxed(text: str, twice: list[Again] | None = None) -> tuple[Any, list[str]]:
    """Return what a text says without what is no JSON of it, and that so; None and nothing where it says nothing.

    *twice* is `parsed`'s.
    """
    bare = without_asides(text)
    if bare == text:
        return None, []
    try:
        return parsed(bare, twice), [NOTE]
    except ValueError:
        return None, []


def without_asides(text: str) -> str:
    """Return a text without comments, and commas that stand before a closing bracket, outside strings; O(n)."""
    pieces, done, at = list[str](), 0, 0
    while token := _TOKEN.search(text, at):
        at = token.end()
        sign = token[0]
        if sign in ("//", "#", "/*"):
            end = text.find("*/" if sign == "/*" else "\n", at)
            end = len(text) if end < 0 else end + 2 * (sign == "/*")
            pieces.append(text[done : token.start()])
            done = at = end
    bare = "".join([*pieces, text[done:]])
    pieces, done = [], 0
    for token in _TOKEN.finditer(bare):
        if token[0] == "," and _LAST.match(bare, token.end()):
            pieces.append(bare[done : token.start()])
            done = token.end()
    return "".join([*pieces, bare[done:]])
