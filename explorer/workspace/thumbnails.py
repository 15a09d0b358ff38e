"""Small JPEG pictures, made once and kept by the content of the picture that they show; earlier ones are WebP.

It does not open items by itself: their kinds do, and ingest may hand over what it has open.
"""

from __future__ import annotations

import io
import math
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from explorer.errors import CannotWrite, UnreadableFile
from explorer.kinds import kind_of
from explorer.types import Item
from explorer.workspace.room import storing
from explorer.workspace.writer import Writer

if TYPE_CHECKING:
    from PIL.Image import Image

THUMBNAIL = 160
LARGE = 1024
QUALITY = 80
"""A thumbnail of a photo takes 5.4 kB; WebP of the same quality 5.0, and ten times as long to make."""
ENDINGS = (".jpg", ".webp")
"""Of the files, the first of those that are made now."""
_GAP = 2.0
"""Times as large as wanted a picture may be made at once before it is scaled with care."""


class Thumbnails:
    """The thumbnails of a workspace, in ``FOLDER/ab/abcdef….jpg``, at most 160 pixels wide and high."""

    def __init__(self, folder: Path, writer: Writer, *, small: Callable[[Item, int], bytes] | None = None) -> None:
        """Keep them in *folder*; those that are missing *small* makes, in place of `small_picture`."""
        self._folder, self._writer, self._small = folder, writer, small or small_picture

    def path(self, item: Item) -> Path:
        """Return where the thumbnail of an item is or will be."""
        name = kind_of(item).thumbnail(item)
        return self._folder / name[:2] / f"{name}{ENDINGS[0]}"

    def keep(self, item: Item, image: Image) -> None:
        """Make the thumbnail from a picture that is open; raises CannotWrite."""
        if self._kept(item) is None:
            self._write(item, jpeg(image, THUMBNAIL))

    def get(self, item: Item) -> bytes:
        """Return the thumbnail, made now if it is missing.  Raises UnreadableFile when the picture is gone."""
        kept = self._kept(item)
        try:
            if kept is not None:
                return kept.read_bytes()
        except FileNotFoundError:  # it went just now
            pass
        small = self._small(item, THUMBNAIL)
        with suppress(CannotWrite):  # it is made anew when it is asked for again
            self._write(item, small)
        return small

    def small(self, item: Item) -> bytes | None:
        """Return the thumbnail, None where it is missing and the picture cannot be opened any more."""
        try:
            return self.get(item)
        except UnreadableFile:
            return None

    def large(self, item: Item) -> bytes:
        """Return the picture as JPEG of at most 1,024 pixels a side; the thumbnail when the original is gone."""
        try:
            return self._small(item, LARGE)
        except UnreadableFile:
            kept = self._kept(item)
            if kept is None:
                raise
            return kept.read_bytes()

    def _kept(self, item: Item) -> Path | None:
        """Return where the thumbnail of an item is, None where there is none."""
        path = self.path(item)
        return next((one for one in map(path.with_suffix, ENDINGS) if one.exists()), None)

    def _write(self, item: Item, content: bytes) -> None:
        path = self.path(item)
        try:
            self._writer.write(path, content)
        except FileNotFoundError:  # the first one of its folder
            with storing(self._folder.parent):
                path.parent.mkdir(parents=True, exist_ok=True)
            self._writer.write(path, content)


def small_picture(item: Item, side: int) -> bytes:
    """Return an item as a JPEG of at most *side* pixels in width and height.  Raises UnreadableFile."""
    return jpeg(kind_of(item).picture(item, size=side), side)


def jpeg(image: Image, side: int) -> bytes:
    """Return a JPEG of at most *side* pixels in width and height; the picture itself is left as it is."""
    from PIL.Image import Resampling

    size = _within(image.width, image.height, side)
    small = image if size == image.size else image.resize(size, Resampling.HAMMING, reducing_gap=_GAP)
    out = io.BytesIO()
    small = small if small.mode == "RGB" else small.convert("RGB")
    small.save(out, "JPEG", quality=QUALITY)
    return out.getvalue()


def _within(width: int, height: int, side: int) -> tuple[int, int]:
    """Return the largest size within a square of this side in nearly the same shape; the same one where it fits."""
    if max(width, height) <= side:
        return width, height
    shape, exact = width / height, min(width, height) * side / max(width, height)
    some = {max(1, math.floor(exact)), max(1, math.ceil(exact))}
    if width >= height:
        return side, min(some, key=lambda pixels: abs(side / pixels - shape))
    return min(some, key=lambda pixels: abs(pixels / side - shape)), side
