"""Reads the head of a JPEG file: how large it is and how often it goes over its pixels, without opening it.

It decodes nothing; what is odd about a head whoever decodes it says.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass

JPEG = b"\xff\xd8"
_MOST_SEGMENTS = 1_000
_FRAMES = frozenset({*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC})
_IN_ONE_PASS = (0xC0, 0xC1)
"""Frames of which a scan with all colours is the only one: decoders stop behind it."""
_SCAN, _EXIF, _FILL = 0xDA, 0xE1, 0xFF


@dataclass(frozen=True)
class JpegHead:
    """Width and height in pixels as they are stored, and whether an EXIF part may say how to turn them."""

    width: int
    height: int
    has_exif: bool
    is_gone_over_once: bool


def jpeg_head(content: bytes) -> JpegHead | None:
    """Return the head of a JPEG; None of another file, and of one whose head is not the usual.

    Source: ITU-T T.81, annex B.
    """
    if not content.startswith(JPEG):
        return None
    at, frame, has_exif = len(JPEG), (0, 0, 0, 0), False
    try:
        for _ in range(_MOST_SEGMENTS):
            start, kind, length = struct.unpack_from(">BBH", content, at)
            if start != _FILL or kind == _FILL:
                return None
            if kind == _SCAN:
                marker, width, height, colours = frame
                once = marker in _IN_ONE_PASS and content[at + 4] == colours
                return JpegHead(width, height, has_exif, once) if width and height else None
            if kind in _FRAMES:
                if frame[0]:
                    return None
                height, width, colours = struct.unpack_from(">xHHB", content, at + 4)
                frame = kind, width, height, colours
            has_exif = has_exif or kind == _EXIF
            at += 2 + length
    except (struct.error, IndexError):
        return None
    return None
