"""Reads Rich Text (.rtf): its text without its looks, pictures and what is hidden.

It is run by `worker` alone.
"""

from __future__ import annotations

import re

from explorer.ingest.documents.document import Document, Refused, check_length, tidy

MAX_BYTES = 64 * 2**20
_BEGINS = b"{\\rtf"
_DATA = re.compile(rb"\\bin\d{1,10} ?")
_HEX = re.compile(r"(?:[0-9a-fA-F]{2}\s{0,2}){200,}")
"""A picture, as it stands in the text in hexadecimal digits: it says nothing, and is most of many files."""
_SAID = re.compile(r"\{\\(title|author) ([^{}]{1,2000})\}")
_DATE = re.compile(r"\{\\creatim\\yr(\d{4})\\mo(\d{1,2})\\dy(\d{1,2})")


def read_rich_text(content: bytes, _most: int) -> Document:
    """Return the text of a Rich Text file.  Raises Refused."""
    from striprtf.striprtf import rtf_to_text

    if not content.lstrip()[:6].startswith(_BEGINS):
        raise Refused("it is not a Rich Text file. Save it again from its program, or as .docx")
    if len(content) > MAX_BYTES:
        raise Refused(
            f"it has {len(content) / 2**20:,.0f} MiB; the limit is {MAX_BYTES // 2**20}. Save it without pictures"
        )
    if _DATA.search(content):
        raise Refused("it holds pictures in a form that is not read. Save it as .docx or PDF")
    raw = _HEX.sub("", content.decode("latin-1"))
    said = {name: tidy(str(rtf_to_text(f"{{\\rtf1 {value}}}", errors="replace")))[:1000] for name, value in _found(raw)}
    text = tidy(str(rtf_to_text(raw, errors="replace")))
    check_length([text])
    made = _DATE.search(raw)
    date = f"{made[1]}-{int(made[2]):02}-{int(made[3]):02}" if made else ""
    return Document([text], said.get("title", ""), said.get("author", ""), date)


def _found(raw: str) -> list[tuple[str, str]]:
    return [(found[1], found[2]) for found in _SAID.finditer(raw[:100_000])]
