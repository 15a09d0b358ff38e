"""The format of pictures: each gets its digest, its size, and a sign of what it looks like.

It keeps no pixels: `kinds.open_image` opens a picture again when somebody needs it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from explorer.ingest.media import MediaReader, Opened, ref_of
from explorer.ingest.reader import PICTURE, Source
from explorer.ingest.resembling import sign_of
from explorer.kinds import BITS, MAX_BYTES, ImageRef, decode, pages_of, size_of, told_by_camera

if TYPE_CHECKING:
    from PIL.Image import Image

LARGE_PIXELS = 16_000_000
"""Pictures of more are decoded one at a time: each takes four to sixteen bytes a pixel."""
_SHOWN = 160
"""The shorter side, at least, of a JPEG that is decoded at a fraction of its size: the longer one of a thumbnail."""
_JPEG = b"\xff\xd8"
FIRST_PAGE = "of its {:,} pages the first is read. Save each as a picture of its own"


def _is_large(content: bytes) -> bool:
    width, height = size_of(content)
    return width * height > LARGE_PIXELS


def _opened(source: Source, content: bytes) -> tuple[Opened, Callable[[], Image]]:
    """Decode a picture; its columns are its upright size in pixels, the bits of its greys, and what its
    camera wrote."""
    image, pages = decode(content, size=_SHOWN), pages_of(content)
    width, height = size_of(content) if content.startswith(_JPEG) else image.size
    columns = {"width": width, "height": height, BITS: image.info.get(BITS, 8), **told_by_camera(content)}
    note = FIRST_PAGE.format(pages) if pages > 1 else ""
    return Opened(ref_of(ImageRef, source, content), columns, sign_of(image), note), lambda: image


PICTURES = MediaReader(
    name="pictures",
    suffixes=(
        *(".jpg", ".jpeg", ".jpe", ".jfif", ".png", ".webp", ".gif", ".bmp", ".tif", ".tiff", ".avif"),
        *(".heic", ".heif", ".hif", ".mpo", ".apng", ".jp2", ".j2k", ".ppm", ".pgm", ".pbm", ".pnm"),
    ),
    summary="A picture an item, one by one, in folders or in a zip; its folder, tables that name it and what a camera "
    "wrote (when, where, which camera) become columns.",
    kind=PICTURE,
    opens=_opened,
    is_large=_is_large,
    huge="Scale it down",
    limits=f"{MAX_BYTES // 2**20} MiB and 100 megapixels each",
    cures=dict.fromkeys((".svg", ".psd", ".ico", ".raw", ".dng", ".cr2", ".nef", ".arw", ".jxl"), "save it as PNG"),
)
