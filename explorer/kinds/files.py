"""Items that are files: where one lies – a file, or an entry of an archive –, its bytes, and what names it.

It decodes nothing: the kinds do.
"""

from __future__ import annotations

import functools
import hashlib
import lzma
import threading
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from explorer.errors import UnreadableFile
from explorer.kinds.kind import DIGEST_BYTES, Columns, Kind, Media, Move
from explorer.kinds.misnamed import named_by_bytes
from explorer.kinds.rowfiles import MOST_INSIDE, RowFile, has_rows, inner_file
from explorer.kinds.tars import Tar, is_tar
from explorer.types import Item

MAX_BYTES = 512 * 2**20
OPEN_ARCHIVES = 8
_HEAD, _PIECE = 64, 2**18

_UNREADABLE = (OSError, KeyError, RuntimeError, EOFError, ValueError, zipfile.BadZipFile, zlib.error, lzma.LZMAError)


@dataclass(frozen=True)
class FileRef:
    """Where one file is: a file, or the entry *member* of the archive at *path*; opened late."""

    path: str
    sha256: str
    member: str = ""
    name: str = ""
    """The path inside the upload, as the user knows it."""
    kind: ClassVar[str]

    def __str__(self) -> str:
        return self.path


class FileKind(Kind):
    """A kind whose items are files, known by the SHA-256 of these; its *columns* are path, member, sha256 and name."""

    refers: type[FileRef]
    """The class of its items."""

    def content(self, item: FileRef) -> bytes:
        """Return the digest of the file."""
        return item.sha256.encode()

    def digest(self, item: FileRef) -> bytes:
        """Return half of the digest of the file; nothing for a file that was sent to search with."""
        return bytes.fromhex(item.sha256)[:DIGEST_BYTES]

    def is_true(self, item: FileRef) -> bool:
        """Return whether the file has the digest; one that cannot be read, or is huge, is another one."""
        if not Path(item.path).exists():
            raise UnreadableFile(f"{item.path} is gone. Load the data again.")
        try:
            return hashlib.sha256(read_bytes(item, limit=MAX_BYTES)).hexdigest() == item.sha256
        except UnreadableFile:
            return False

    def thumbnail(self, item: FileRef) -> str:
        """Return the digest of the file."""
        return item.sha256

    def stored(self, items: Sequence[FileRef], move: Move) -> Columns:
        """Return where the files are."""
        parts = (
            [move(item.path) for item in items],
            [item.member for item in items],
            [item.sha256 for item in items],
            [item.name for item in items],
        )
        return dict(zip(self.columns, parts, strict=False))

    def restored(self, columns: Columns, move: Move) -> list[Item]:
        """Return references to the files."""
        cells = zip(*(columns[name] for name in self.columns[:4]), strict=True)
        return [
            self.refers(move(path or ""), digest or "", member or "", name or "")
            for path, member, digest, name in cells
        ]

    def path(self, item: FileRef) -> str:
        """Return the path inside the upload, or the name of the file."""
        return item.name or item.member or item.path.replace("\\", "/").rsplit("/", 1)[-1]

    def card(self, item: FileRef) -> dict[str, str]:
        """Return the same path, or that of the file."""
        return {"path": item.name or item.member or item.path}


def read_bytes(ref: FileRef, *, limit: int | None = None) -> bytes:
    """Return the file as it is stored, of at most *limit* bytes.  Raises UnreadableFile."""
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
        raise UnreadableFile(f"cannot read {where}: {cause(exc)}. Is it still there? Load the data again.") from exc


def media_of(ref: FileRef, form_of: Callable[[bytes], str]) -> Media:
    """Return a file to be played; *form_of* says its type by its beginning.  Raises UnreadableFile.

    Of a file by itself no more is read than is asked for; one in an archive is in memory while it is sent.
    """
    if ref.member:
        content = read_bytes(ref)
        return Media(form_of(content[:_HEAD]), len(content), lambda start, end: iter((content[start:end],)))
    path = Path(ref.path)
    try:
        with path.open("rb") as file:
            return Media(form_of(file.read(_HEAD)), path.stat().st_size, lambda start, end: _pieces(path, start, end))
    except OSError as exc:
        raise UnreadableFile(f"cannot read {path}: {cause(exc)}. Is it still there? Load the data again.") from exc


def _pieces(path: Path, start: int, end: int) -> Iterator[bytes]:
    with path.open("rb") as file:
        file.seek(start)
        while start < end and (piece := file.read(min(_PIECE, end - start))):
            start += len(piece)
            yield piece


def _size_in(archive: zipfile.ZipFile | Tar | RowFile, member: str) -> int:
    if isinstance(archive, RowFile):
        return 0  # which only who reads it knows
    return archive.size_of(member) if isinstance(archive, Tar) else archive.getinfo(member).file_size


def _check_bytes(size: int, limit: int | None) -> None:
    if limit is not None and size > limit:
        raise UnreadableFile(f"it is huge: {size / 2**20:,.0f} MiB; the limit is {limit // 2**20}")


def open_archive(path: Path) -> zipfile.ZipFile | Tar:
    """Return the zip or tar archive at *path*, as `open_container` does."""
    opened = open_container(path)
    assert not isinstance(opened, RowFile)
    return opened


def open_container(path: Path) -> zipfile.ZipFile | Tar | RowFile:
    """Return what holds files, opened once and kept while its file does not change; safe to use in many threads."""
    stat = path.stat()
    return _archive(str(path), stat.st_mtime_ns, stat.st_size)


def close_archives() -> None:
    """Let go of every archive that is kept open, so that its file can be deleted on any platform."""
    _archive.cache_clear()
    _rows_inside.cache_clear()


def _container_of(ref: FileRef) -> tuple[zipfile.ZipFile | Tar | RowFile, str]:
    """Return what holds a file, and what it is called there."""
    inner, name = inner_file(ref.member)
    if not inner:
        return open_container(Path(ref.path)), ref.member
    stat = Path(ref.path).stat()
    with _one_inside:  # else each of several threads would hold the file once
        return _rows_inside(ref.path, stat.st_mtime_ns, stat.st_size, inner), name


_one_inside = threading.Lock()


@functools.lru_cache(maxsize=1)
def _rows_inside(path: str, _modified: int, _size: int, inner: str) -> RowFile:
    """Return a file with files in its rows that lies in an archive; the last one is held."""
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


def cause(exc: BaseException) -> str:
    """Return what an exception says, in a few words."""
    if isinstance(exc, FileNotFoundError):
        return "no such file"
    if isinstance(exc, KeyError):
        return "no such entry"
    return str(getattr(exc, "strerror", None) or exc).strip().rstrip(".") or type(exc).__name__
