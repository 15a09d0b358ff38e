"""Tells what a file is that is called text or a table and is something else: JSON, a mail, a web page.

It looks at a file's beginning and reads nothing.
"""

from __future__ import annotations

import json
import re
from email.utils import parsedate_to_datetime

from explorer.ingest.encodings import is_web_page

JSON, MAIL, PAGE, WORD, RICH, PDF = ".json", ".eml", ".html", ".docx", ".rtf", ".pdf"
"""By the ending that a file should have."""
NAMES = {
    JSON: "JSON", MAIL: "a mail", PAGE: "a web page", WORD: "a Word document", RICH: "rich text", PDF: "a PDF",
    ".xlsx": "a workbook", ".pptx": "a presentation", ".epub": "a book", ".odt": "a text of OpenDocument",
    ".zip": "a zip archive",
}  # fmt: skip
OLD_WORD = (".doc", ".dot", ".wps")
"""Endings of formats that are not read, by which programs call others."""
_STARTS = ((b"PK\x03\x04", WORD), (b"{\\rtf", RICH), (b"%PDF-", PDF))
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


def meant_of_old_word(start: bytes) -> str:
    """Return the ending that a file called as Word's old ones are should have; "" of one that is such, or unknown."""
    return PAGE if is_web_page(start) else next((ending for mark, ending in _STARTS if start.startswith(mark)), "")


def _begins_a_record(text: str) -> bool:
    begins = _RECORD.match(text)
    if begins is None:
        return False
    try:
        end = json.JSONDecoder().raw_decode(text, begins.end())[1]
    except json.JSONDecodeError as exc:
        return exc.pos >= len(text) - _CUT or exc.msg.startswith("Unterminated string")
    except RecursionError:
        return False
    behind = text[end:].lstrip()
    return not behind or behind[0] in ",]{"  # words behind it make a note of it


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
