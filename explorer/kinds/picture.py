"""Pictures: how one is opened, from the bytes of its file, as an upright RGB image.

Where it lies, `files` knows; which files are pictures, and what becomes of one that cannot be opened, the callers say.
"""

from __future__ import annotations

import functools
import io
import re
import struct
import warnings
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from explorer.errors import UnreadableFile
from explorer.kinds.files import FileKind, FileRef, cause, read_bytes
from explorer.kinds.jpegs import JPEG as _JPEG
from explorer.kinds.jpegs import jpeg_head
from explorer.kinds.pixels import BITS, bare_png, deep, flat, tiff_bits
from explorer.types import IMAGE, Item

if TYPE_CHECKING:
    from PIL.Image import Image

FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF", "AVIF", "HEIF", "JPEG2000", "PPM")
KNOWN = "JPEG, PNG, WebP, GIF, BMP, TIFF, AVIF or HEIC"
MAX_PIXELS = 100_000_000
MOST_SCANNED = 5_000_000_000
"""Pixels of a JPEG times how often it goes over them: ten times where it comes in steps, but files may say more."""
_SUBFILE, _OLD_SUBFILE, _REDUCED_OR_MASK, _OLD_REDUCED = 254, 255, 0b101, 2
"""Tags of a TIFF that say what a page is, and what they say of a copy in small, or of a mask."""
_MOST_PAGES = 1_000
DAMAGED = (
    OSError, SyntaxError, ValueError, EOFError, TypeError, LookupError, ArithmeticError, AttributeError, AssertionError,
    RuntimeError, struct.error, zlib.error,
)  # fmt: skip
"""What Pillow's parsers are known to raise on damaged files; PNG raises SyntaxError."""


@dataclass(frozen=True)
class ImageRef(FileRef):
    """Where one picture is: a file, or the entry *member* of the archive at *path*; opened late."""

    kind: ClassVar[str] = IMAGE

    def __str__(self) -> str:
        return self.path


class PictureKind(FileKind):
    """Pictures, known by the SHA-256 of their files."""

    name = IMAGE
    nouns = ("picture", "pictures")
    columns = ("path", "member", "sha256", "name")
    mark = b"i"
    has_picture = True
    decodes_files = True
    sent_as = "image"
    cure = f"use a {KNOWN} file."
    refers = ImageRef

    def picture(self, item: ImageRef, *, size: int | None = None) -> Image:
        """Return the picture; raises UnreadableFile when it is gone or damaged."""
        return open_image(item, size=size)

    def sent(self, path: Path) -> Item:
        """Return a reference to the file, whatever is in it: whoever opens it says when it is no picture."""
        return ImageRef(str(path), "")


def open_image(ref: ImageRef, *, size: int | None = None) -> Image:
    """Return the picture as RGB, turned by its EXIF orientation, transparency on white, an animation's first frame.

    With *size* a JPEG may come at a fraction of its resolution, its shorter side still at least *size* pixels:
    several times faster.  Raises UnreadableFile.
    """
    return decode(read_bytes(ref), size=size)


_SCAN = b"\xff\xda"
_TIFF = (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+")
_LYING = (5, 6, 7, 8)
"""Orientations in which what is stored as the width is the height."""


def decode(content: bytes, *, size: int | None = None) -> Image:
    """Decode a picture file's bytes whole, as `open_image` describes.  Raises UnreadableFile with the bare reason."""
    from PIL import Image, UnidentifiedImageError

    prepare()
    if not content:
        raise UnreadableFile("the file is empty")
    try:
        try:
            return _decoded(content, size)
        except DAMAGED:
            bare = bare_png(content)  # what stands beside the picture may be what is wrong
            if bare is None:
                raise
            return _decoded(bare, size)
    except UnidentifiedImageError as exc:
        bits = tiff_bits(content)
        if bits not in (0, 8, 16):
            told = f"a TIFF of {bits} bits a colour, in a form that is not read; save it with 8 or 16 bits, or as PNG"
            raise UnreadableFile(f"the picture is {told}") from exc
        raise UnreadableFile(f"the content is not a {KNOWN} picture, or its start is damaged") from exc
    except Image.DecompressionBombError as exc:
        pixels = re.search(r"\((\d+) pixels\)", str(exc))
        raise UnreadableFile(_huge(int(pixels[1]) if pixels else 2 * MAX_PIXELS)) from exc
    except MemoryError as exc:
        raise UnreadableFile("there is not enough memory to decode the picture") from exc
    except DAMAGED as exc:
        raise UnreadableFile(f"the picture is damaged: {cause(exc)}") from exc


def _decoded(content: bytes, size: int | None) -> Image:
    from PIL import Image, ImageOps

    image: Image.Image = Image.open(io.BytesIO(content), formats=FORMATS)
    check_pixels(*image.size)
    head = jpeg_head(content)
    if content.startswith(_JPEG) and not (head and head.is_gone_over_once):
        check_scans(content, image.width * image.height)
    if size is not None:
        image.draft(None, (size, size))
    image.load()
    image = deep(content, image)
    made = flat(image if head and not head.has_exif else ImageOps.exif_transpose(image))
    if BITS in image.info:
        made.info[BITS] = image.info[BITS]
    return made


def size_of(content: bytes) -> tuple[int, int]:
    """Return the width and height of a picture file by what its beginning says; 0, 0 for one that cannot be opened.

    A JPEG's are those that it has upright.
    """
    from PIL import ExifTags, Image

    head = jpeg_head(content)
    if head is not None and not head.has_exif:
        return head.width, head.height
    prepare()
    try:
        with Image.open(io.BytesIO(content), formats=FORMATS) as image:
            lies = content.startswith(_JPEG) and image.getexif().get(ExifTags.Base.Orientation) in _LYING
            return (image.height, image.width) if lies else image.size
    except (*DAMAGED, Image.DecompressionBombError):
        return 0, 0


def pages_of(content: bytes) -> int:
    """Return how many pages a picture file has: those of a TIFF, as scanners write it; 1 for any other.

    Copies of one in small, and masks, are none.
    """
    from PIL import Image

    if not content.startswith(_TIFF):
        return 1
    prepare()
    try:
        with Image.open(io.BytesIO(content), formats=("TIFF",)) as image:
            pages = int(getattr(image, "n_frames", 1))
            return max(1, pages - sum(_is_reduced(image, at) for at in range(min(pages, _MOST_PAGES))))
    except (*DAMAGED, Image.DecompressionBombError):
        return 1


def _is_reduced(image: Image, at: int) -> bool:
    """Say whether a page of a TIFF is a copy of another in small, or a mask."""
    image.seek(at)
    tags = getattr(image, "tag_v2", {})
    return bool(int(tags.get(_SUBFILE, 0)) & _REDUCED_OR_MASK) or int(tags.get(_OLD_SUBFILE, 0)) == _OLD_REDUCED


@functools.lru_cache(maxsize=1)
def prepare() -> None:
    """Teach Pillow HEIC, and keep it from warning: of large pictures, which `check_pixels` rejects with the reason, and
    of each tag that lies, of which a small file may have 65,000."""
    from pillow_heif import register_heif_opener

    register_heif_opener(thumbnails=False, depth_images=False, aux_images=False)
    # Once and for all threads: warnings.catch_warnings is not safe to use in several.
    warnings.filterwarnings("ignore", module=r"PIL(\..*)?\Z")


def check_pixels(width: int, height: int) -> None:
    """Raise UnreadableFile when a picture of this size is too large to decode, or has no area."""
    if width * height > MAX_PIXELS:
        raise UnreadableFile(_huge(width * height, f"{width} × {height}, "))
    if width * height == 0:
        raise UnreadableFile("the picture has no pixels")


def check_scans(content: bytes, pixels: int) -> None:
    """Raise UnreadableFile for a JPEG that goes over its pixels so often that it would take minutes."""
    scans = content.count(_SCAN)
    if scans * pixels > MOST_SCANNED:
        raise UnreadableFile(f"the picture is stored in {scans:,} steps, which takes too long; save it as a usual JPEG")


def _huge(pixels: int, sides: str = "") -> str:
    return (
        f"the picture is huge: {sides}{pixels / 1e6:.0f} megapixels; the limit is {MAX_PIXELS / 1e6:.0f}. Scale it down"
    )
