"""Reads pictures: each is decoded once to be sure that it can be, and gets its digest and its size.

It keeps no pixels: `kinds.open_image` opens a picture again when somebody needs it.
"""

from __future__ import annotations

import hashlib
import os
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, TypeAlias

from explorer.errors import UnreadableFile
from explorer.ingest.decoding import Decoding, mark
from explorer.ingest.edge import Edge, why
from explorer.ingest.reader import PICTURE, Advance, Content, FileReader, Source
from explorer.ingest.resembling import sign_of
from explorer.kinds import BITS, ImageRef, decode, kind_of, pages_of, read_bytes, size_of
from explorer.types import PART, Rejected

if TYPE_CHECKING:
    from PIL.Image import Image


MAX_BYTES = 512 * 2**20
LARGE_PIXELS = 16_000_000
"""Pictures of more are decoded one at a time: each takes four to sixteen bytes a pixel."""
_one_large = threading.Lock()
_THREADS = 4
_SHOWN = 160
"""The shorter side, at least, of a JPEG that is decoded at a fraction of its size: the longer one of a thumbnail."""
_JPEG = b"\xff\xd8"
_AHEAD = 64
FIRST_PAGE = "of its {:,} pages the first is read. Save each as a picture of its own"

OnImage: TypeAlias = Callable[[ImageRef, "Image"], None]
"""Called with each good picture, a large JPEG at a fraction of its size, from several threads at once."""


@dataclass(frozen=True)
class Picture:
    """A picture that can be opened, its upright size in pixels, the bits of its greys, and what it looks like."""

    ref: ImageRef
    width: int
    height: int
    bits: int = 8
    sign: bytes = b""
    """What it looks like, see `resembling`."""
    pages: int = 1
    """How many its file has; it is the first."""

    @property
    def content(self) -> bytes:
        """What its kind knows it by."""
        return kind_of(self.ref).content(self.ref)


def read_pictures(
    sources: Sequence[Source],
    on_image: OnImage | None,
    advance: Callable[[int], None],
    decoding: Decoding | None = None,
) -> tuple[list[Picture], list[Rejected]]:
    """Decode every picture, in a few threads; results keep the order of *sources*.

    *advance* is called with the size of each file that is done and may raise to stop the rest; *decoding* is told
    what is decoded.
    """
    pictures: list[Picture] = []
    rejected: list[Rejected] = []
    for source, seen in _looked_at(sources, on_image, decoding or Decoding()):
        if isinstance(seen, Picture):
            pictures.append(seen)
            if seen.pages > 1:
                rejected.append(Rejected(source.name, None, FIRST_PAGE.format(seen.pages), what=PART))
        else:
            rejected.append(seen)
        advance(source.size)
    return pictures, rejected


def folders(names: Sequence[str]) -> list[str | None]:
    """Return the folder of each path inside one upload, None at its top.

    A top folder that holds everything is left out, unless it is the only one there is.
    """
    parents = [PurePosixPath(name).parts[:-1] for name in names]
    if len({parts[:1] for parts in parents}) == 1 and any(len(parts) > 1 for parts in parents):
        parents = [parts[1:] for parts in parents]
    return ["/".join(parts) or None for parts in parents]


def _looked_at(
    sources: Sequence[Source], on_image: OnImage | None, decoding: Decoding
) -> Iterator[tuple[Source, Picture | Rejected]]:
    alone = {mark(one): _look(one, on_image, decoding) for one in sources if decoding.is_doubted(one)}

    def look(source: Source) -> Picture | Rejected:
        return alone.pop(mark(source), None) or _look(source, on_image, decoding)

    pool = ThreadPoolExecutor(min(_THREADS, os.cpu_count() or 1), thread_name_prefix="pictures")
    try:
        # A window at a time: nothing is queued for long when the caller stops.
        for start in range(0, len(sources), _AHEAD):
            window = sources[start : start + _AHEAD]
            yield from zip(window, pool.map(look, window), strict=True)
    finally:
        pool.shutdown(cancel_futures=True)


def _look(source: Source, on_image: OnImage | None, decoding: Decoding) -> Picture | Rejected:
    try:
        if source.size > MAX_BYTES:
            size, limit = source.size / 2**20, MAX_BYTES // 2**20
            raise UnreadableFile(f"the picture is huge: {size:,.0f} MiB; the limit is {limit}. Scale it down")
        with decoding.of(source):
            with Edge().of(source.name):
                content = _content(source)
                width, height = size_of(content)
                turn = _one_large if width * height > LARGE_PIXELS else nullcontext()
            with turn:
                return _seen(source, content, (width, height), on_image)
    except UnreadableFile as exc:
        return Rejected(source.name, None, str(exc), what=PICTURE)


def _seen(source: Source, content: bytes, size: tuple[int, int], on_image: OnImage | None) -> Picture:
    with Edge().of(source.name):
        image = decode(content, size=_SHOWN)
        if not content.startswith(_JPEG):
            size = image.size
    digest = hashlib.sha256(content).hexdigest()
    ref = ImageRef(str(source.path.absolute()), digest, member=source.member, name=source.name)
    if on_image is not None:
        on_image(ref, image)
    return Picture(ref, *size, bits=image.info.get(BITS, 8), sign=sign_of(image), pages=pages_of(content))


def _content(source: Source) -> bytes:
    try:
        return read_bytes(ImageRef(str(source.path), "", member=source.member))
    except UnreadableFile as exc:
        raise UnreadableFile(f"it cannot be read: {why(exc.__cause__ or exc)}") from exc


def read_picture(source: Source, advance: Advance, *, limit: int | None = None) -> Content:
    """Read one picture by itself; there is no less of it than all."""
    pictures, rejected = read_pictures([source], None, advance)
    return Content([p.ref for p in pictures], rejected, sizes(pictures))


def sizes(pictures: Sequence[Picture]) -> dict[str, list[int]]:
    """Return the columns that pictures come with; the bits of greys where some have more than are shown, 8."""
    columns = {"width": [p.width for p in pictures], "height": [p.height for p in pictures]}
    return {**columns, BITS: [p.bits for p in pictures]} if any(p.bits != 8 for p in pictures) else columns


PICTURES = FileReader(
    name="pictures",
    suffixes=(
        *(".jpg", ".jpeg", ".jpe", ".jfif", ".png", ".webp", ".gif", ".bmp", ".tif", ".tiff", ".avif"),
        *(".heic", ".heif", ".hif", ".mpo", ".apng", ".jp2", ".j2k", ".ppm", ".pgm", ".pbm", ".pnm"),
    ),
    summary="A picture an item, one by one, in folders or in a zip; its folder and tables that name it become columns.",
    kind=PICTURE,
    read=read_picture,
    limits=f"{MAX_BYTES // 2**20} MiB and 100 megapixels each",
    cures=dict.fromkeys((".svg", ".psd", ".ico", ".raw", ".dng", ".cr2", ".nef", ".arw", ".jxl"), "save it as PNG"),
)
