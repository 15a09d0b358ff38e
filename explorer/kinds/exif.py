"""What a camera wrote into a picture's file: when it was taken, by which camera, where; the fields of EXIF.

It decodes no pixels, and turns nothing: orientation `picture` heeds.
"""

from __future__ import annotations

import io
import math
import re
from collections.abc import Mapping
from typing import Any

from explorer.kinds.jpegs import jpeg_head
from explorer.kinds.picture import DAMAGED, FORMATS, prepare

TAKEN, OFFSET, CAMERA, LATITUDE, LONGITUDE = "taken", "taken, time zone", "camera", "latitude", "longitude"
CAMERA_FIELDS = frozenset((TAKEN, OFFSET, CAMERA, LATITUDE, LONGITUDE))
_MARKS = (b"Exif", b"eXIf", b"EXIF", b"II*\0", b"MM\0*")
"""One of these stands in every file with such fields: of JPEG and HEIC, PNG, WebP, TIFF."""
_DATED = re.compile(r"(\d{4})[:/-](\d\d)[:/-](\d\d)(?:[ T](\d\d:\d\d(?::\d\d(?:\.\d+)?)?))?")
_LONGEST = 200
"""Characters of a field that are kept: names of cameras are shorter."""
_MAKE, _MODEL = 271, 272
_ORIGINAL, _DIGITIZED, _OFFSETS = 36867, 36868, (36881, 36882)
_EXIF_IFD, _GPS_IFD = 34665, 34853
_NORTH, _SOUTH = (1, 2, b"S", "S", 90), (3, 4, b"W", "W", 180)


def told_by_camera(content: bytes) -> dict[str, str | float]:
    """Return what the bytes of a picture's file say, those fields alone that it has; none of one that is damaged.

    A time is as the camera's clock had it, its day written with “-” as other dates are; places are in degrees, north
    and east positive, rounded to a centimetre.  Source: CIPA DC-008 (Exif 2.32), 4.6.
    """
    from PIL import Image

    head = jpeg_head(content)
    if (head is not None and not head.has_exif) or not any(mark in content for mark in _MARKS):
        return {}
    prepare()
    try:
        with Image.open(io.BytesIO(content), formats=FORMATS) as image:
            fields = image.getexif()
            own, place = fields.get_ifd(_EXIF_IFD), fields.get_ifd(_GPS_IFD)
        told: dict[str, str | float | None] = {
            TAKEN: _time(_words(own.get(_ORIGINAL)) or _words(own.get(_DIGITIZED))),
            OFFSET: next((words for tag in _OFFSETS if (words := _words(own.get(tag)))), ""),
            CAMERA: _camera(_words(fields.get(_MAKE)), _words(fields.get(_MODEL))),
            LATITUDE: _degrees(place, *_NORTH),
            LONGITUDE: _degrees(place, *_SOUTH),
        }
    except (*DAMAGED, Image.DecompressionBombError):
        return {}
    if told[LATITUDE] is None or told[LONGITUDE] is None:
        told |= {LATITUDE: None, LONGITUDE: None}
    return {name: value for name, value in told.items() if value is not None and value != ""}


def _words(value: Any) -> str:
    """Return a field as text, without what does not print."""
    said = value.decode("utf-8", "replace") if isinstance(value, bytes) else value if isinstance(value, str) else ""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in said).split())[:_LONGEST]


def _time(said: str) -> str:
    """Return a time as other files write one; "" where the clock was not set, anything else as it is written."""
    if not any(sign in "123456789" for sign in said):
        return "" if set(said) <= set("0:/- T.") else said
    found = _DATED.fullmatch(said)
    if found is None:
        return said
    year, month, day, clock = found.groups()
    return f"{year}-{month}-{day}" + (f" {clock}" if clock else "")


def _camera(make: str, model: str) -> str:
    """Return what a camera is called, its maker once: most models begin with it."""
    if not make or not model:
        return make or model
    first = make.split()[0].casefold()
    return model if model.casefold().startswith(first) else f"{make} {model}"


def _degrees(place: Mapping[int, Any], side: int, at: int, back: bytes, back_words: str, most: int) -> float | None:
    """Return an angle that is written as degrees, minutes and seconds; None where it is none."""
    parts = place.get(at)
    if not isinstance(parts, tuple | list) or not 1 <= len(parts) <= 3:
        return None
    numbers = [float(part) for part in parts]
    value = math.fsum(part / 60.0**power for power, part in enumerate(numbers))
    if not math.isfinite(value) or not 0 <= value <= most:
        return None
    sign = place.get(side)
    return round(-value if sign in (back, back_words) else value, 7)
