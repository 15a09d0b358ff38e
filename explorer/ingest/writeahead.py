"""Takes into a SQLite database what a program has written into the log beside it, and not yet into the file.

Nothing on the disk is changed: the database is taken into memory.  Source: SQLite, File Format, section 4 (the
write-ahead log).
"""

from __future__ import annotations

import struct
from collections.abc import Collection, Iterator
from pathlib import Path

from explorer.errors import UnreadableFile
from explorer.ingest.edge import DAMAGED
from explorer.ingest.reader import Source
from explorer.kinds import open_archive

BESIDE = ("-wal", "-shm", "-journal")
"""What files are called that SQLite keeps beside a database."""
LOG = "-wal"
_JOURNAL, _BY_LOG = slice(18, 20), b"\2\2"
"""Where the file says by what journal it is written, and what it says where that is a log."""
_MAGIC, _HEADER, _FRAME = (0x377F0682, 0x377F0683), 32, 24
_MASK = 0xFFFFFFFF
MOST = 2**30
"""Bytes of a database, with its log, that are taken into memory."""


def base_of(name: str) -> str:
    """Return the name of the database that SQLite keeps a file beside, "" of any other file."""
    return next((name.removesuffix(end) for end in BESIDE if name.endswith(end)), "")


def lies_beside(path: Path, paths: Collection[Path]) -> bool:
    """Say whether a file is read with one of *paths*, a database."""
    base = base_of(path.name)
    return bool(base) and path.with_name(base) in paths


def has_log(start: bytes) -> bool:
    """Say whether a database that begins so is written by a log beside it."""
    return start[_JOURNAL] == _BY_LOG


def log_of(source: Source) -> bytes:
    """Return the log beside a database, in its folder or its archive; nothing where there is none.

    Raises UnreadableFile where the two are too large for memory.
    """
    try:
        if source.member:
            with open_archive(source.path).open(source.member + LOG) as file:
                log = file.read(MOST + 1)
        else:
            with source.path.with_name(source.path.name + LOG).open("rb") as file:
                log = file.read(MOST + 1)
    except (OSError, KeyError, RuntimeError, *DAMAGED):
        return b""
    if log and source.size + len(log) > MOST:
        raise UnreadableFile(
            f"{source.name} has newer rows in the log beside it, and with that more than {MOST / 1e9:.0f} GB. "
            "Open it once in its program and close that: then all is in the one file."
        )
    return log


def with_log(content: bytes, log: bytes) -> bytes:
    """Return a database with what its log has to the end of its last whole change; O(size)."""
    pages: dict[int, bytes] = {}
    size = 0
    waiting: dict[int, bytes] = {}
    for number, whole, page in _frames(log):
        waiting[number] = page
        if whole:
            pages |= waiting
            waiting, size = {}, whole
    if not pages:
        return content
    page_size = len(next(iter(pages.values())))
    if size * page_size > MOST:  # a log may claim any size
        return content
    made = bytearray(content[: size * page_size])
    made += bytes(max(0, size * page_size - len(made)))
    for number, page in pages.items():
        if 0 < number <= size:
            made[(number - 1) * page_size : number * page_size] = page
    return bytes(made)


def _frames(log: bytes) -> Iterator[tuple[int, int, bytes]]:
    """Yield each page of a log with its number and, where a change ends, how many pages the database then has."""
    if len(log) < _HEADER:
        return
    magic, _version, page_size, _count, *salts = struct.unpack(">6I", log[:24])
    if magic not in _MAGIC or not 512 <= page_size <= 65_536 or page_size & (page_size - 1):
        return
    order = ">" if magic == _MAGIC[1] else "<"
    sums = _summed(log[:24], (0, 0), order)
    if sums != struct.unpack(">2I", log[24:_HEADER]):
        return
    for at in range(_HEADER, len(log) - _FRAME - page_size + 1, _FRAME + page_size):
        number, whole, *own = struct.unpack(">4I", log[at : at + 16])
        page = log[at + _FRAME : at + _FRAME + page_size]
        sums = _summed(page, _summed(log[at : at + 8], sums, order), order)
        if own != salts or sums != struct.unpack(">2I", log[at + 16 : at + _FRAME]):
            return  # of an earlier use of the file, or half written
        yield number, whole, page


def _summed(part: bytes, sums: tuple[int, int], order: str) -> tuple[int, int]:
    first, second = sums
    words = struct.unpack(f"{order}{len(part) // 4}I", part)
    for one, other in zip(words[::2], words[1::2], strict=True):
        first = (first + one + second) & _MASK
        second = (second + other + first) & _MASK
    return first, second
