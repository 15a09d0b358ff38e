"""Tells what a file is that is called text or a table and is something else: JSON, a mail, a web page.

It looks at a file's beginning and reads nothing.
"""

from __future__ import annotations

import json
import re
from email.utils import parsedate_to_datetime

from explorer.ingest.encodings import is_web_page

JSON, MAIL, PAGE = ".json", ".eml", ".html"
"""By the ending that a file should have."""
NAMES = {JSON: "JSON", MAIL: "a mail", PAGE: "a web page"}
_MARK = b"\xef\xbb\xbf"
_RECORD = re.compile(r'\s*(?:\[\s*)?(?=\{\s*"(?:[^"\\\n]|\\.){0,200}"\s*:)')
_HEADERS = re.compile(r"(?:(?!\s)[!-9;-~]{1,40}:[^\n]{0,2000}\n(?:[ \t][^\n]{0,2000}\n){0,20}){3,60}", re.ASCII)
_HEADER = re.compile(r"^([!-9;-~]{1,40}):[ \t]*(.*)$", re.MULTILINE | re.ASCII)
_MORE = frozenset({"subject", "to", "message-id", "received", "mime-version"})
_CUT = 8
"""Characters before the end of what was looked at, within which a record may be cut in two."""


def meant(start: bytes) -> str:
    """Return the ending that a file with such a beginning should have; "" where nothing speaks for another one."""
    if is_web_page(start):
        return PAGE
    text = start.removeprefix(_MARK).decode("utf-8", "replace").replace("\r\n", "\n")
    if _begins_a_record(text):
        return JSON
    return MAIL if _is_mail(text) else ""


def _begins_a_record(text: str) -> bool:
    begins = _RECORD.match(text)
    if begins is None:
        return False
    try:
        json.JSONDecoder().raw_decode(text, begins.end())
    except json.JSONDecodeError as exc:
        return exc.pos >= len(text) - _CUT or exc.msg.startswith("Unterminated string")
    except RecursionError:
        return False
    return True


def _is_mail(text: str) -> bool:
    """Whether a text begins with who wrote it when, as mails that are saved do."""
    head = _HEADERS.match(text)
    if head is None:
        return False
    said = {name.lower(): value for name, value in _HEADER.findall(head[0])}
    try:
        dated = parsedate_to_datetime(said.get("date", "")) is not None
    except (ValueError, TypeError, IndexError, OverflowError):
        return False
    return dated and "@" in said.get("from", "") and not _MORE.isdisjoint(said)
