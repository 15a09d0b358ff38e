"""Tells what a file is whose name does not say so: by the ending before one that programs add, or by its first bytes.

It reads no file and knows no reader: `registry` does.
"""

from __future__ import annotations

import re
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE
from pathlib import PurePosixPath

from explorer.ingest.misnamed import meant
from explorer.ingest.unmarked import unmarked_codec
from explorer.types import cut_middle

_ADDED = re.compile(
    r"(?:\.(?:bak|backup|old|orig|original|copy|save|sav|new|tmp|\d{1,14}|\d{4}-\d\d-\d\d)|~| ?\(\d{1,4}\)| copy)\Z",
    re.IGNORECASE,
)
"""What programs put behind the ending of a file that they keep, turn over or fetch once more."""
_LONGEST, _TIMES = 20, 3
"""Characters of one such, and how many of them a name may have."""
_STARTS = (
    (b"%PDF-", ".pdf"),
    (b"PAR1", ".parquet"),
    (b"SQLite format 3\0", ".sqlite"),
    (b"{\\rtf", ".rtf"),
    (b"\x93NUMPY", ".npy"),
    (b"ARROW1\0\0", ".arrow"),
    (b"\x89PNG\r\n\x1a\n", ".png"),
    (b"\xff\xd8\xff", ".jpg"),
    (b"GIF8", ".gif"),
    (b"fLaC", ".flac"),
    (b"OggS", ".ogg"),
    (b"ID3", ".mp3"),
)
_RIFF = {b"WEBP": ".webp", b"WAVE": ".wav"}
_ZIPPED = ((b"word/", ".docx"), (b"xl/", ".xlsx"), (b"ppt/", ".pptx"), (b"mimetypeapplication/epub", ".epub"))
_ZIP = b"PK\x03\x04"
_PLAIN = frozenset(b"\t\n\r\x0c\x1b") | frozenset(range(0x20, 0x100)) - {0x7F}
_ODD = 0.01
"""The share of bytes that stand for no sign, at most, in what is text."""


def without_added(name: str) -> str:
    """Return a file's name without what programs add behind its ending, `a.csv` for `a.csv.1`; others as they are."""
    folder, slash, last = name.rpartition("/")
    for _ in range(_TIMES):
        found = _ADDED.search(last[-_LONGEST:])
        last = last[: len(last) - len(found[0])] if found else last
    return f"{folder}{slash}{last}" if "." in last[1:] else name


def ending_of(start: bytes) -> str:
    """Return the ending that a file with these first bytes should have; "" for bytes of which nobody knows that."""
    if start.startswith(_ZIP):
        return next((ending for mark, ending in _ZIPPED if mark in start), ".zip")
    if start.startswith(b"RIFF"):
        return _RIFF.get(start[8:12], "")
    known = next((ending for mark, ending in _STARTS if start.startswith(mark)), "")
    return known or meant(start) or (".txt" if _is_text(start) else "")


def called_wrongly(name: str, start: bytes) -> str:
    """Return what is wrong with a name that says another format than the first bytes do, and the cure; "" of others."""
    path, ending = PurePosixPath(name), ending_of(start)
    if not ending or ending == path.suffix.lower():
        return ""
    shown = cut_middle(path.with_suffix(ending).name)
    other = ", or .csv where it is a table," if ending == ".txt" else ""
    return f"its name says {path.suffix}, and what is in it {ending}; rename it to {shown}{other} and load it again"


def _is_text(start: bytes) -> bool:
    if start.startswith((BOM_UTF8, BOM_UTF16_LE, BOM_UTF16_BE)) or unmarked_codec(start):
        return True
    odd = sum(byte not in _PLAIN for byte in start)
    if not start.strip() or odd > _ODD * len(start):
        return False
    try:
        start.decode()
    except UnicodeDecodeError as exc:
        return exc.start >= len(start) - 4 or sum(byte < 0x80 for byte in start) > len(start) / 2
    return True
