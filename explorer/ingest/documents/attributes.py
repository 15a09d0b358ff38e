"""Counts the attributes of a web page's tags before a parser, which compares each with those before it, is given them.

It parses nothing else: a tag is what begins like one outside of comments and scripts.
"""

from __future__ import annotations

import re

from explorer.ingest.documents.document import Refused

MOST = 2_000
"""Attributes of one tag: with so many a megabyte of such tags takes about a second."""
_BEGINS = re.compile(rb"<(?:!--|[a-zA-Z])")
_TAG = re.compile(rb"<([a-zA-Z][a-zA-Z0-9]*+)(?:[^>=]++|=\s*+(?:\"[^\"]*+\"|'[^']*+')?+)*+")
_VALUE = re.compile(rb"=\s*+(?:\"[^\"]*+\"|'[^']*+')")
_BETWEEN = re.compile(rb"[\s/]+")
_RAW = {name: re.compile(rb"</" + name, re.IGNORECASE) for name in (b"script", b"style")}


def check_attributes(content: bytes) -> None:
    """Raise Refused for a page of which a tag has more than MOST attributes; O(length)."""
    at = 0
    while found := _BEGINS.search(content, at):
        if found[0] == b"<!--":
            end = content.find(b"-->", found.end())
            at = len(content) if end < 0 else end + 3
            continue
        tag = _TAG.match(content, found.start())
        assert tag is not None
        at = tag.end()
        long = at - tag.start() > 2 * MOST
        if long and len(_BETWEEN.split(_VALUE.sub(b" ", tag[0]), maxsplit=MOST + 1)) > MOST:
            raise Refused(f"a tag of it has more than {MOST:,} attributes. Save it again from the browser, or as .txt")
        raw = _RAW.get(tag[1].lower())
        if raw is not None:
            closing = raw.search(content, at)
            at = len(content) if closing is None else closing.start() + 1
