"""Pictures: where one is, and how it is opened, from a file or an entry of an archive, as an upright RGB image.

It decides neither which files are pictures nor what becomes of one that cannot be opened: the callers do.
"""

from __future__ import annotations

import functools
import hashlib
import io
import lzma
import re
import struct
import threading
import warnings
import zipfile
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from explorer.errors import UnreadableFile
from explorer.kinds.jpegs import JPEG as _JPEG
from explorer.kinds.jpegs import jpeg_head
from explorer.kinds.kind import DIGEST_BYTES, Columns, Kind, Move
from explorer.kinds.misnamed import named_by_bytes
from explorer.kinds.pixels import BITS, bare_png, deep, flat, tiff_bits
from explorer.kinds.rowfiles import MOST_INSIDE, RowFile, has_rows, inner_file
from explorer.kinds.tars import Tar, is_tar
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
MAX_BYTES = 512 * 2**20
OPEN_ARCHIVES = 8

_UNREADABLE = (OSError, KeyError, RuntimeError, EOFError, ValueError, zipfile.BadZipFile, zlib.error, lzma.LZMAError)
_DAMAGED = (
    OSError, SyntaxError, ValueError, EOFError, TypeError, LookupError, ArithmeticError, AttributeError, AssertionError,
    RuntimeError, struct.error, zlib.error,
)  # fmt: skip
"""What Pillow's parsers are known to raise on damaged files; PNG raises SyntaxError."""


@dataclass(frozen=True)
class ImageRef:
    """Where one picture is: a file, or the entry *member* of the archive at *path*; opened late."""

    path: str
    sha256: str
    member: str = ""
    name: str = ""
    """The path inside the upload, as the user knows it."""
    kind: ClassVar[str] = IMAGE

    def __str__(self) -> str:
        return self.path


class PictureKind(Kind):
    """Pictures, known by the SHA-256 of their files."""

    name = IMAGE
    nouns = ("picture", "pictures")
    columns = ("path", "member", "sha256", "name")
    mark = b"i"
    has_picture = True
    decodes_files = True
    cure = f"use a {KNOWN} file."

    def content(self, item: ImageRef) -> bytes:
        """Return the digest of the file."""
        return item.sha256.encode()

    def digest(self, item: ImageRef) -> bytes:
        """Return half of the digest of the file; nothing for a picture that was sent to search with."""
        return bytes.fromhex(item.sha256)[:DIGEST_BYTES]

    def is_true(self, item: ImageRef) -> bool:
        """Return whether the file has the digest; one that cannot be read, or is huge, is another one."""
        if not Path(item.path).exists():
            raise UnreadableFile(f"{item.path} is gone. Load the data again.")
        try:
            return hashlib.sha256(read_bytes(item, limit=MAX_BYTES)).hexdigest() == item.sha256
        except UnreadableFile:
            return False

    def thumbnail(self, item: ImageRef) -> str:
        """Return the digest of the file."""
        return item.sha256

    def stored(self, items: Sequence[ImageRef], move: Move) -> Columns:
        """Return where the pictures are."""
        return {
            "path": [move(item.path) for item in items],
            "member": [item.member for item in items],
            "sha256": [item.sha256 for item in items],
            "name": [item.name for item in items],
        }

    def restored(self, columns: Columns, move: Move) -> list[Item]:
        """Return references to the pictures."""
        cells = zip(*(columns[name] for name in self.columns), strict=True)
        return [
            ImageRef(move(path or ""), digest or "", member or "", name or "") for path, member, digest, name in cells
        ]

    def path(self, item: ImageRef) -> str:
        """Return the path inside the upload, or the name of the file."""
        return item.name or item.member or item.path.replace("\\", "/").rsplit("/", 1)[-1]

    def card(self, item: ImageRef) -> dict[str, str]:
        """Return the same path, or that of the file."""
        return {"path": item.name or item.member or item.path}

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


def read_bytes(ref: ImageRef, *, limit: int | None = None) -> bytes:
    """Return the picture file as it is stored, of at most *limit* bytes.  Raises UnreadableFile."""
    try:
        if ref.member:
            container, member = _container_of(ref)
            _check_bytes(_size_in(container, member), limit)
            content = container.read(member)
            _check_bytes(len(content), limit)
            return content
        _check_bytes(Path(ref.path).stat().st_size, limit)
        return Path(ref.path).read_bytes()
    except _UNREADABLE as exc:
        where = f"{ref.member} in {ref.path}" if ref.member else ref.path
        raise UnreadableFile(f"cannot read {where}: {_cause(exc)}. Is it still there? Load the data again.") from exc


def _size_in(archive: zipfile.ZipFile | Tar | RowFile, member: str) -> int:
    if isinstance(archive, RowFile):
        return 0  # which only who reads it knows
    return archive.size_of(member) if isinstance(archive, Tar) else archive.getinfo(member).file_size


def _check_bytes(size: int, limit: int | None) -> None:
    if limit is not None and size > limit:
        raise UnreadableFile(
            f"the picture is huge: {size / 2**20:,.0f} MiB; the limit is {limit // 2**20}. Scale it down"
        )


def open_archive(path: Path) -> zipfile.ZipFile | Tar:
    """Return the zip or tar archive at *path*, as `open_container` does."""
    opened = open_container(path)
    assert not isinstance(opened, RowFile)
    return opened


def open_container(path: Path) -> zipfile.ZipFile | Tar | RowFile:
    """Return what holds pictures, opened once and kept while its file does not change; safe to use in many threads."""
    stat = path.stat()
    return _archive(str(path), stat.st_mtime_ns, stat.st_size)


def close_archives() -> None:
    """Let go of every archive that is kept open, so that its file can be deleted on any platform."""
    _archive.cache_clear()
    _rows_inside.cache_clear()


def _container_of(ref: ImageRef) -> tuple[zipfile.ZipFile | Tar | RowFile, str]:
    """Return what holds a picture, and what it is called there."""
    inner, name = inner_file(ref.member)
    if not inner:
        return open_container(Path(ref.path)), ref.member
    stat = Path(ref.path).stat()
    with _one_inside:  # else each of several threads would hold the file once
        return _rows_inside(ref.path, stat.st_mtime_ns, stat.st_size, inner), name


_one_inside = threading.Lock()


@functools.lru_cache(maxsize=1)
def _rows_inside(path: str, _modified: int, _size: int, inner: str) -> RowFile:
    """Return a file with pictures in its rows that lies in an archive; the last one is held."""
    archive = open_archive(Path(path))
    size = _size_in(archive, inner)
    if size > MOST_INSIDE:
        raise OSError(f"it is too large ({size / 2**20:,.0f} MiB) to be read inside an archive")
    return RowFile(Path(inner), archive.read(inner))


@functools.lru_cache(maxsize=OPEN_ARCHIVES)
def _archive(path: str, _modified: int, _size: int) -> zipfile.ZipFile | Tar | RowFile:
    if has_rows(path):
        return RowFile(Path(path))
    if is_tar(path):
        return Tar(Path(path))
    # Not closed on eviction: another thread may be reading.  ZipFile closes itself when nobody holds it.
    try:
        return zipfile.ZipFile(path)
    except UnicodeDecodeError:  # of one name; the others have done nothing
        return zipfile.ZipFile(named_by_bytes(path))


_SCAN = b"\xff\xda"
_TIFF = (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+")
_LYING = (5, 6, 7, 8)
"""Orientations in which what is stored as the width is the height."""


def decode(content: bytes, *, size: int | None = None) -> Image:
    """Decode a picture file's bytes whole, as `open_image` describes.  Raises UnreadableFile with the bare reason."""
    from PIL import Image, UnidentifiedImageError

    _prepare()
    if not content:
        raise UnreadableFile("the file is empty")
    try:
        try:
            return _decoded(content, size)
        except _DAMAGED:
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
    except _DAMAGED as exc:
        raise UnreadableFile(f"the picture is damaged: {_cause(exc)}") from exc


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
    _prepare()
    try:
        with Image.open(io.BytesIO(content), formats=FORMATS) as image:
            lies = content.startswith(_JPEG) and image.getexif().get(ExifTags.Base.Orientation) in _LYING
            return (image.height, image.width) if lies else image.size
    except (*_DAMAGED, Image.DecompressionBombError):
        return 0, 0


def pages_of(content: bytes) -> int:
    """Return how many pages a picture file has: those of a TIFF, as scanners write it; 1 for any other.

    Copies of one in small, and masks, are none.
    """
    from PIL import Image

    if not content.startswith(_TIFF):
        return 1
    _prepare()
    try:
        with Image.open(io.BytesIO(content), formats=("TIFF",)) as image:
            pages = int(getattr(image, "n_frames", 1))
            return max(1, pages - sum(_is_reduced(image, at) for at in range(min(pages, _MOST_PAGES))))
    except (*_DAMAGED, Image.DecompressionBombError):
        return 1


def _is_reduced(image: Image, at: int) -> bool:
    """Say whether a page of a TIFF is a copy of another in small, or a mask."""
    image.seek(at)
    tags = getattr(image, "tag_v2", {})
    return bool(int(tags.get(_SUBFILE, 0)) & _REDUCED_OR_MASK) or int(tags.get(_OLD_SUBFILE, 0)) == _OLD_REDUCED


@functools.lru_cache(maxsize=1)
def _prepare() -> None:
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


def _cause(exc: BaseException) -> str:
    if isinstance(exc, FileNotFoundError):
        return "no such file"
    if isinstance(exc, KeyError):
        return "no such entry"
    return str(getattr(exc, "strerror", None) or exc).strip().rstrip(".") or type(exc).__name__
