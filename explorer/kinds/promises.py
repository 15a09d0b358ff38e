"""Tells by a sound's file whether its end is missing: how long it says that it is, and how much of that is there.

It decodes nothing, and believes nothing: programs that write while they listen promise any length.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass

_UNSAID = 0x7FFFF000
"""Bytes from which a length is none: programs that do not know it write the largest one that they can."""
_SLACK = 0.01
"""Seconds that may be missing: a last odd byte."""
_LAST_PAGE = 2**17
"""Bytes at a file's end within which its last page begins: one has 65,307 at most."""
_ENDS = 4
_CHUNKS = 10_000


@dataclass(frozen=True)
class Promise:
    """That a file is cut off: seconds it *says* that it has and *there* are, None where its form does not tell."""

    says: float | None = None
    there: float | None = None


def cut_off(content: bytes) -> Promise | None:
    """Return what a file whose end is missing promised, None of one that is whole as far as its head can tell.

    WAV and AIFF say how many bytes of sound follow, Ogg marks its last page; FLAC and MP3 tell it when they are read.
    """
    try:
        if content[:4] in (b"RIFF", b"RF64"):
            return _of_wav(content)
        if content[:4] == b"FORM":
            return _of_aiff(content)
        return _of_ogg(content) if content[:4] == b"OggS" else None
    except struct.error:  # a head that ends early: whoever decodes it says so
        return None


def says_frames(content: bytes) -> bool:
    """Whether a file says exactly how many samples it has: FLAC always, MP3 where its program wrote it down."""
    start = 0
    if content[:3] == b"ID3":
        size = content[6:10]
        start = 10 + sum((byte & 127) << shift for byte, shift in zip(size, (21, 14, 7, 0), strict=False))
    first = content[start : start + 4096]
    return content.startswith(b"fLaC") or b"Xing" in first or b"Info" in first


def _chunks(content: bytes, order: str) -> Iterator[tuple[bytes, int, int]]:
    """Yield the name of each chunk, where its content begins, and how many bytes that has by its head."""
    at = 12
    for _ in range(_CHUNKS):
        if at + 8 > len(content):
            return
        name, size = content[at : at + 4], struct.unpack_from(f"{order}I", content, at + 4)[0]
        yield name, at + 8, size
        at += 8 + size + size % 2


def _of_wav(content: bytes) -> Promise | None:
    a_second = long = 0
    for name, at, size in _chunks(content, "<"):
        if name == b"ds64":
            long = struct.unpack_from("<Q", content, at + 8)[0]
        if name == b"fmt ":
            a_second = struct.unpack_from("<I", content, at + 8)[0]
        if name == b"data":
            size = long if long and size == 2**32 - 1 else size
            known = a_second and (size < _UNSAID or bool(long))
            return _missing(size / a_second, (len(content) - at) / a_second) if known else None
    return None


def _of_aiff(content: bytes) -> Promise | None:
    seconds = 0.0
    for name, at, size in _chunks(content, ">"):
        if name == b"COMM":
            frames, _, exponent, mantissa = struct.unpack_from(">IhHQ", content, at + 2)
            rate = mantissa * 2.0 ** ((exponent & 0x7FFF) - 16383 - 63)
            seconds = frames / rate if rate else 0.0
        if name == b"SSND" and size > 8:
            share = (len(content) - at - 8) / (size - 8)
            return _missing(seconds, seconds * share) if size < _UNSAID else None
    return None


def _missing(says: float, there: float) -> Promise | None:
    return Promise(says, there) if says - there > _SLACK else None


def _of_ogg(content: bytes) -> Promise | None:
    """Look whether the last page says that it is the last, and is whole."""
    at = content.rfind(b"OggS", max(0, len(content) - _LAST_PAGE))
    if at < 0 or at + 27 > len(content):
        return Promise()
    sizes = content[at + 27 : at + 27 + content[at + 26]]
    whole = len(sizes) == content[at + 26] and at + 27 + len(sizes) + sum(sizes) <= len(content)
    return None if whole and content[at + 5] & _ENDS else Promise()
