"""Makes a name that somebody sent safe to use as a relative path on any system.

It touches no disk: whether the path is free, and where it leads, is for the one who opens it.
"""

import re
import unicodedata
from pathlib import Path

_SEGMENT_BYTES = 200
_DEPTH = 24
_PATH_BYTES = 1_000
"""Well below what a system takes, for folders that come before it."""
_FORBIDDEN = re.compile(r'[<>:"|?*]')
_DRIVE = re.compile(r"^[A-Za-z]:(?=/)")
_RESERVED = re.compile(r"^(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\$|conout\$)(\..*)?$", re.IGNORECASE)


def clean_name(name: str) -> str:
    """Return *name* as a relative path that is safe on every system: ``a b/../évil.csv`` becomes ``a b/évil.csv``."""
    name = unicodedata.normalize("NFC", name).replace("\\", "/")
    segments = [_clean_segment(part) for part in _DRIVE.sub("", name).split("/")]
    kept = [segment for segment in segments if segment]
    kept = kept[-_DEPTH:]
    while len("/".join(kept).encode()) > _PATH_BYTES:  # a path as a whole is limited, too; its end says most
        del kept[0]
    return "/".join(kept) or "unnamed"


def _clean_segment(segment: str) -> str:
    """Return one path segment without what a file system refuses or misreads; empty when nothing is left."""
    visible = "".join(char for char in segment if unicodedata.category(char) not in ("Cc", "Cf", "Cs"))
    plain = _FORBIDDEN.sub("_", visible).strip().rstrip(". ")
    if plain in ("", ".", ".."):
        return ""
    if _RESERVED.match(plain):
        plain = f"_{plain}"
    return _shorten(plain)


def _shorten(segment: str) -> str:
    """Return *segment* cut to the bytes that a file name may have, its suffix kept."""
    if len(segment.encode()) <= _SEGMENT_BYTES:
        return segment
    suffix = Path(segment).suffix if len(Path(segment).suffix.encode()) <= 16 else ""
    stem = segment[: len(segment) - len(suffix)].encode()[: _SEGMENT_BYTES - len(suffix.encode())]
    return stem.decode(errors="ignore").rstrip(". ") + suffix
