"""Takes a stream out of a compound file, as Office wrote its files before 2007.

Source: [MS-CFB].  It knows nothing of what the stream holds.
"""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from struct import unpack_from
from typing import IO

_MARK = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_LAST = 0xFFFFFFFA
"""Numbers of sectors from here on are signs: the end of a chain, a free sector."""
_ENTRY, _STREAM, _ROOT = 128, 2, 5
_MOST = 2**29


def stream_of(file: IO[bytes], names: Sequence[str]) -> bytes:
    """Return the first stream that has one of these names; nothing of a file that is none, or has none.

    Raises ValueError and struct.error for a damaged one.
    """
    file.seek(0)
    content = file.read(_MOST)
    if not content.startswith(_MARK):
        return b""
    shift, small = unpack_from("<HH", content, 30)
    if not 7 <= shift <= 16 or not 4 <= small <= shift:
        raise ValueError("its sectors have no size")
    table = _table(content, shift)
    first, _, least, first_small = unpack_from("<IIII", content, 48)
    entries = _chain(content, table, first, shift, head=1)
    found, root = _entries(entries, names)
    if found is None:
        return b""
    start, size = found
    if size >= least or root is None:
        return _chain(content, table, start, shift, head=1)[:size]
    links = _numbers(_chain(content, table, first_small, shift, head=1))
    return _chain(_chain(content, table, root[0], shift, head=1), links, start, small, head=0)[:size]


def _table(content: bytes, shift: int) -> array[int]:
    """Return which sector follows each."""
    listed = list(unpack_from("<109I", content, 76))
    (more,) = unpack_from("<I", content, 68)
    seen = set[int]()
    while more < _LAST and more not in seen:
        seen.add(more)
        sector = _numbers(_sector(content, more, shift, head=1))
        listed += sector[:-1]
        more = sector[-1] if sector else _LAST
    return _numbers(b"".join(_sector(content, one, shift, head=1) for one in listed if one < _LAST))


def _entries(entries: bytes, names: Sequence[str]) -> tuple[tuple[int, int] | None, tuple[int, int] | None]:
    """Return where the stream meant begins and its size, and the same of what holds the small ones."""
    found, root = dict[str, tuple[int, int]](), None
    for at in range(0, len(entries) - _ENTRY + 1, _ENTRY):
        length, kind = unpack_from("<HB", entries, at + 64)
        place = unpack_from("<II", entries, at + 116)
        if kind == _ROOT:
            root = place
        elif kind == _STREAM:
            found.setdefault(entries[at : at + max(0, length - 2)].decode("utf-16-le", "replace"), place)
    return next((found[name] for name in names if name in found), None), root


def _sector(content: bytes, number: int, shift: int, *, head: int) -> bytes:
    return content[(number + head) << shift : (number + head + 1) << shift]


def _chain(content: bytes, table: Sequence[int], start: int, shift: int, *, head: int) -> bytes:
    """Return what a chain of sectors holds; *head* of them stand before the first.  Raises ValueError for a loop."""
    parts, at = list[bytes](), start
    while at < _LAST and at < len(table):
        parts.append(_sector(content, at, shift, head=head))
        if len(parts) > len(table):
            raise ValueError("its sectors run in a circle")
        at = table[at]
    return b"".join(parts)


def _numbers(content: bytes) -> array[int]:
    numbers = array("I")
    numbers.frombytes(content[: len(content) // 4 * 4])
    return numbers
