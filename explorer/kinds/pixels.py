"""What becomes of pixels: of every mode RGB, greys of many bits by their range; of a PNG what its pixels need.

It opens no files and names no items: `picture` does.
"""

from __future__ import annotations

import io
import struct
import sys
import zlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from PIL.Image import Image

_STARTS = ((b"\xff\xd8", "jpeg"), (b"RIFF", "webp"), (b"\x89PNG", "png"), (b"GIF8", "gif"))
BITS = "bits"
"""Where an image's `info` says of how many bits its greys or colours are, if not of 8."""
_BAND = 256
_PNG = b"\x89PNG\r\n\x1a\n"
_PIXELS = (b"IHDR", b"PLTE", b"IDAT", b"IEND")
_BESIDE = (b"tRNS", b"eXIf")
"""Chunks beside the pixels that say how to show them: transparency, orientation."""
_DEPTH, _RGB_16, _RGBA_16 = 24, b"\x10\x02", b"\x10\x06"
"""Where a PNG says how many bits its colours have and which kind it is, and what it says of such pictures."""
_NATIVE = "B" if sys.byteorder == "little" else "L"
_LOWER = {
    f"{mode};16{upper}": f"{mode};16{lower}"
    for mode in ("RGB", "RGBA", "RGBX")
    for upper, lower in (("B", "L"), ("L", "B"), ("N", _NATIVE))
}
"""Pillow's names for the upper bytes of two, and for what then is the lower one."""
_WORD = 16
_MOST_BITS = 14
"""Pictures of more are of 16: the upper eight are what is seen."""


def picture_type(encoded: bytes) -> str:
    """Return the media type of a picture for a browser, by its first bytes; what is not known passes for WebP."""
    return "image/" + next((name for start, name in _STARTS if encoded.startswith(start)), "webp")


def flat(image: Image) -> Image:
    """Return a picture of any mode as RGB: transparency on white, greys of more than 8 bits by their range."""
    from PIL import Image

    if image.mode.startswith("I"):
        return _from_integers(image)
    if image.mode == "F":
        return _from_floats(image)
    if image.has_transparency_data:
        above = image.convert("RGBA")
        below = Image.new("RGBA", above.size, "white")
        return Image.alpha_composite(below, above).convert("RGB")
    return image if image.mode == "RGB" else image.convert("RGB")


def _from_integers(image: Image) -> Image:
    """Return greys of up to 32 bits; convert("RGB") would clip them, and cameras write 12 bits into 16."""
    import numpy as np
    from PIL import Image

    grey = np.asarray(image)
    lowest = min(0, int(grey.min(initial=0)))
    bits = max(8, (int(grey.max(initial=0)) - lowest).bit_length())
    eight = np.empty(grey.shape, np.uint8)
    for row in range(0, len(grey), _BAND):  # in bands: the whole as 64-bit numbers would take gigabytes
        eight[row : row + _BAND] = (grey[row : row + _BAND].astype(np.int64) - lowest) >> (bits - 8)
    made = Image.fromarray(eight).convert("RGB")
    made.info[BITS] = bits
    return made


def _from_floats(image: Image) -> Image:
    """Return greys in broken numbers: from 0 to 1 or to 255 where they are within, else from the least to the most."""
    import numpy as np
    from PIL import Image

    grey = np.asarray(image)
    finite = np.isfinite(grey)
    least, most = float(grey.min(where=finite, initial=np.inf)), float(grey.max(where=finite, initial=-np.inf))
    if least >= 0 and most <= 255:
        least, most = 0.0, 1.0 if most <= 1 else 255.0
    eight = np.empty(grey.shape, np.uint8)
    for row in range(0, len(grey), _BAND):
        band = np.nan_to_num(grey[row : row + _BAND].astype(np.float64), nan=least, posinf=most, neginf=least)
        eight[row : row + _BAND] = np.rint((band - least) / max(most - least, 1e-300) * 255).clip(0, 255)
    made = Image.fromarray(eight).convert("RGB")
    made.info[BITS] = 32
    return made


def deep(content: bytes, image: Image) -> Image:
    """Return a picture as it is, or a PNG or TIFF of 16 bits a colour that uses few of them, by their range.

    Sensors give 10, 12 or 14 bits and programs write these into 16, of which Pillow keeps the upper eight: of 12 bits
    four, nearly black.  `info` then says of how many bits its colours are.
    """
    import numpy as np
    from PIL import Image

    kind = content[_DEPTH : _DEPTH + 2] if content.startswith(_PNG) else b""
    is_tiff = image.mode in ("RGB", "RGBA") and tiff_bits(content) == _WORD
    if kind not in (_RGB_16, _RGBA_16) and not is_tiff:
        return image
    upper = np.asarray(image)
    most = int(upper[..., :3].max(initial=0))
    if upper.ndim != len("xyc") or most >= 1 << (_MOST_BITS - 8):
        return image
    lower = _lower_bytes(content, "TIFF" if is_tiff else "PNG")
    if lower is None or lower.shape != upper.shape:
        return image
    darkest = most * 256 + int(lower[..., :3].max(initial=0, where=upper[..., :3] == most))
    bits = max(8, darkest.bit_length())
    made = upper.copy()
    for row in range(0, len(made), _BAND):  # in bands, as greys are
        part = slice(row, row + _BAND)
        whole = upper[part, :, :3].astype(np.uint16) * 256 + lower[part, :, :3]
        made[part, :, :3] = whole >> (bits - 8)
    shown = Image.fromarray(made)
    shown.info = {**image.info, BITS: bits}
    return shown


def _lower_bytes(content: bytes, kind: str) -> Any:
    """Return the lower bytes of colours of 16 bits each, uint8 (h, w, c); None where that is not sure."""
    import numpy as np
    from PIL import Image

    other = Image.open(io.BytesIO(content), formats=(kind,))
    tiles = []
    for tile in other.tile:
        mode, *more = tile.args if isinstance(tile.args, tuple) else [tile.args]
        if mode not in _LOWER:
            return None
        tiles.append(tile._replace(args=(_LOWER[mode], *more) if more else _LOWER[mode]))
    other.tile = tiles
    return np.asarray(other) if tiles else None


_BITS_PER_SAMPLE, _SHORT, _INSIDE = 258, 3, 2
"""Of a TIFF: a tag, the kind of its values, and how many of these stand beside it rather than elsewhere."""


def bare_png(content: bytes) -> bytes | None:
    """Return of a PNG its pixels and how to show them, without what else stands beside; None where that is all.

    Pixels keep their checksums; what is beside them and damaged goes.  Source: PNG (third edition), sections 5.2, 5.3.
    """
    if not content.startswith(_PNG):
        return None
    kept, place = [_PNG], len(_PNG)
    while place + 12 <= len(content):
        length, name = struct.unpack_from(">I4s", content, place)
        chunk = content[place : place + 12 + length]
        whole = name in _BESIDE and zlib.crc32(chunk[4:-4]) == int.from_bytes(chunk[-4:], "big")
        if name in _PIXELS or whole:
            kept.append(chunk)
        place += 12 + length
        if name == b"IEND":
            break
    bare = b"".join(kept)
    return bare if len(bare) < len(content) else None


def tiff_bits(content: bytes) -> int:
    """Return of how many bits the first colour of a TIFF is, as its first directory says; 0 of what is none."""
    order = {b"II*\0": "<", b"MM\0*": ">"}.get(content[:4])
    if order is None:
        return 0
    try:
        (place,) = struct.unpack_from(f"{order}I", content, 4)
        (count,) = struct.unpack_from(f"{order}H", content, place)
        for at in range(place + 2, place + 2 + 12 * count, 12):
            tag, kind, many = struct.unpack_from(f"{order}HHI", content, at)
            if tag == _BITS_PER_SAMPLE and kind == _SHORT:
                within = at + 8 if many <= _INSIDE else struct.unpack_from(f"{order}I", content, at + 8)[0]
                return int(struct.unpack_from(f"{order}H", content, within)[0])
    except struct.error:
        return 0
    return 0
