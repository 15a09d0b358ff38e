"""Makes the small pictures that a report carries inside itself.

It keeps nothing; a picture that cannot be opened any more is None, and the page says so in its place.
"""

from __future__ import annotations

import base64
import io
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeAlias

from explorer.errors import ExplorerError
from explorer.kinds import decode, kind_of, picture_type
from explorer.types import Item

if TYPE_CHECKING:
    from PIL.Image import Image

Thumbnail: TypeAlias = Callable[[Item], bytes | None]
"""Returns an encoded small picture (WebP, PNG or JPEG) of an item, or None for one that cannot be opened."""

SIZE = 112
QUALITY = 70
BUDGET = 5_000_000
"""Characters of pictures that one page may carry; later ones are named only."""
_LARGEST_GIVEN = 16_000


class Thumbnails:
    """Gives data URIs until the page's budget is spent."""

    def __init__(self, given: Thumbnail | None, *, size: int = SIZE, budget: int = BUDGET) -> None:
        self._given = given
        self._size = size
        self._left = budget

    @property
    def is_full(self) -> bool:
        """Whether the page has no room for another picture."""
        return self._left <= 0

    def uri(self, item: Item) -> str | None:
        """Return a small picture as a data URI, or None when it cannot be opened or there is no room left."""
        if self._left <= 0:
            return None
        encoded = self._given(item) if self._given else _opened(item, self._size)
        if encoded and len(encoded) > _LARGEST_GIVEN * self._size // SIZE:
            encoded = _encoded(decode(encoded, size=self._size), self._size)
        if not encoded:
            return None
        uri = f"data:{picture_type(encoded)};base64,{base64.b64encode(encoded).decode('ascii')}"
        self._left -= len(uri)
        return uri


def _opened(item: Item, size: int) -> bytes | None:
    try:
        return _encoded(kind_of(item).picture(item, size=size), size)
    except (ExplorerError, OSError, ValueError):
        return None


def _encoded(image: Image, size: int) -> bytes:
    image.thumbnail((2 * size, size))
    buffer = io.BytesIO()
    image.save(buffer, "WEBP", quality=QUALITY, method=4)
    return buffer.getvalue()
