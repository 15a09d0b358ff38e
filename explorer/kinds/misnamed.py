"""Opens zip archives of which a member's name says that it is UTF-8 and is not, as `zipfile` refuses them whole.

It does not clean the names: `ingest.archives` does.
"""

from __future__ import annotations

import mmap
import re
import struct
import zipfile
from pathlib import Path
from typing import IO, cast

_HEADER = re.compile(rb"PK\x01\x02.{42}", re.DOTALL)
_END = b"PK\x05\x06"
_FLAGS, _NAME = 8, 46
_FIELDS = (("<H", _FLAGS), ("<H", 28), ("<I", 42))
"""Where flags, length of the name and place of the local header stand in a header of the central directory."""
_LOCAL, _LOCAL_FLAGS = b"PK\x03\x04", 6
_UTF8_NAME = 0x800


class _Mapped(mmap.mmap):
    """A file in memory, of which what is written here never reaches the disk."""

    def seekable(self) -> bool:
        """Whether `seek` works: `zipfile` asks, and Python before 3.13 has no answer."""
        return True


def named_by_bytes(path: str) -> IO[bytes]:
    """Return the archive as a file in which such names are code page 437, which any bytes are.

    Source: APPNOTE.TXT 6.3.10, sections 4.3.7, 4.3.12, 4.3.16 and 4.4.4.  Raises OSError and BadZipFile.
    """
    with Path(path).open("rb") as file:
        content = _Mapped(file.fileno(), 0, access=mmap.ACCESS_COPY)
    try:
        _rename(content)
    except struct.error as exc:
        raise zipfile.BadZipFile("its directory is damaged") from exc
    return cast(IO[bytes], content)


def _rename(content: _Mapped) -> None:
    end = content.rfind(_END)
    size, start = struct.unpack_from("<II", content, end + 12)
    before = max(0, end - size - start)  # what stands before the archive, as a program that unpacks it
    for header in _HEADER.finditer(content, before + start, end):
        at = header.start()
        flags, length, local = (struct.unpack_from(form, content, at + offset)[0] for form, offset in _FIELDS)
        if flags & _UTF8_NAME and not _is_utf8(content[at + _NAME : at + _NAME + length]):
            struct.pack_into("<H", content, at + _FLAGS, flags & ~_UTF8_NAME)
            if content[before + local : before + local + 4] == _LOCAL:
                struct.pack_into("<H", content, before + local + _LOCAL_FLAGS, flags & ~_UTF8_NAME)


def _is_utf8(name: bytes) -> bool:
    try:
        name.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True
