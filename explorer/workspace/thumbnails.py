"""Small WebP pictures, made once and kept by the content of the picture that they show.

It does not decode uploads by itself: `kinds.picture` opens them, and ingest may hand over what it has open.
"""

from __future__ import annotations

import io
from pathlib import Path
from typing import TYPE_CHECKING

from explorer.errors import UnreadableFile
from explorer.types import ImageRef

if TYPE_CHECKING:
    from PIL.Image import Image

THUMBNAIL = 160
LARGE = 1024


class Thumbnails:
    """The thumbnails of a workspace, in ``FOLDER/ab/abcdef….webp``, at most 160 pixels wide and high."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def path(self, ref: ImageRef) -> Path:
        """Return where the thumbnail of a picture is or will be."""
        return self._folder / ref.sha256[:2] / f"{ref.sha256}.webp"

    def keep(self, ref: ImageRef, image: Image) -> None:
        """Make the thumbnail from a picture that is open."""
        path = self.path(ref)
        if path.exists():
            return
        path.parent.mkdir(parents=True, exist_ok=True)
        new = path.with_name(f"{path.name}.{id(image)}.new")
        new.write_bytes(webp(image, THUMBNAIL))
        new.replace(path)

    def get(self, ref: ImageRef) -> bytes:
        """Return the thumbnail, made now if it is missing.  Raises UnreadableFile when the picture is gone."""
        from explorer.kinds import open_image

        path = self.path(ref)
        if not path.exists():
            self.keep(ref, open_image(ref, size=THUMBNAIL))
        return path.read_bytes()

    def large(self, ref: ImageRef) -> bytes:
        """Return the picture as WebP of at most 1,024 pixels a side; the thumbnail when the original is gone."""
        from explorer.kinds import open_image

        try:
            return webp(open_image(ref, size=LARGE), LARGE)
        except UnreadableFile:
            if self.path(ref).exists():
                return self.path(ref).read_bytes()
            raise


def webp(image: Image, side: int) -> bytes:
    """Return a WebP of at most *side* pixels in width and height; the picture itself is left as it is."""
    small = image.copy()
    small.thumbnail((side, side))
    out = io.BytesIO()
    small.convert("RGB").save(out, "WEBP", quality=80, method=2)
    return out.getvalue()
