"""Opens tar archives so that each member can be read by itself; a packed one is unpacked once, into a nameless file.

It judges no names and follows no links: `ingest.archives` says which members are files of use.
"""

from __future__ import annotations

import bz2
import functools
import gzip
import io
import lzma
import shutil
import tarfile
import tempfile
import threading
import zlib
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, cast

from explorer.errors import UnreadableFile

TAR_SUFFIXES = (".tar", ".tgz", ".tbz2", ".tbz", ".txz", ".tzst")
_PACKED = (".gz", ".bz2", ".xz", ".zst")
MAX_MEMBERS = 200_000
MAX_UNPACKED = 64 * 2**30
MAX_RATIO, RATIO_MATTERS = 500, 2**30
ROOM_LEFT = 512 * 2**20
"""Bytes of the disk for temporary files that unpacking leaves free."""
_MAX_HEADER = 2**20
"""Bytes of a header that says more of a member, such as its long name: they are read at once."""
_HEADERS = (b"x", b"g", b"X", b"L", b"K")
_BLOCK, _PIECE = 512, 2**20
_TORN = (EOFError, OSError, tarfile.TarError, zlib.error, lzma.LZMAError, ValueError)


@dataclass(frozen=True)
class Member:
    """One entry: its *name*, the same *written* in the archive; *kind* is "file", "link", "sparse" or "other"."""

    name: str
    written: bytes
    size: int
    start: int
    kind: str


class Tar:
    """A tar archive: its `members` in their order, and their bytes; safe to read from many threads.

    *torn* says why what follows the last member cannot be read; empty for a whole archive.
    Raises UnreadableFile for a hostile archive, OSError for what is none.
    """

    def __init__(self, path: Path) -> None:
        stat = path.stat()
        plain = not _packing(path)
        self._held = _Held(path.open("rb")) if plain else _unpacked(str(path), stat.st_mtime_ns, stat.st_size)
        self.torn = self._held.torn
        with self._held.lock:
            self.members = list(self._listed(path.name, self._held.file))
        if not self.members and self.torn:
            raise OSError(self.torn)
        self._by_name = {member.name: member for member in self.members}

    def latest(self, member: Member) -> bool:
        """Whether no later member has the same name."""
        return self._by_name[member.name] is member

    def size_of(self, name: str) -> int:
        """Return the bytes of a member.  Raises KeyError."""
        return self._by_name[name].size

    def open(self, name: str) -> IO[bytes]:
        """Open a member.  Raises KeyError."""
        return io.BufferedReader(cast(io.RawIOBase, _Slice(self._held, self._by_name[name])))

    def read(self, name: str) -> bytes:
        """Return the bytes of a member.  Raises KeyError, and EOFError where the archive ends within it."""
        with self.open(name) as file:
            return file.read()

    def _listed(self, name: str, file: IO[bytes]) -> Iterator[Member]:
        _check_headers(name, file)
        file.seek(0)
        try:
            with tarfile.open(fileobj=file, mode="r:", encoding="utf-8", errors="surrogateescape") as archive:
                for number, info in enumerate(archive):
                    _check(number < MAX_MEMBERS, name, f"holds more than {MAX_MEMBERS:,} entries")
                    if not info.isdir():
                        yield _member(info)
                file.seek(archive.offset)  # where tarfile stopped: it takes a damaged header for the end
                if file.read(_BLOCK).strip(b"\0"):
                    self.torn = self.torn or "a header is damaged"
        except _TORN as exc:
            self.torn = self.torn or str(exc) or "its directory is damaged"


def is_tar(name: str) -> bool:
    """Whether a file of this name is a tar archive, packed or not."""
    low = name.lower()
    return low.endswith(TAR_SUFFIXES) or low.endswith(tuple(f".tar{packing}" for packing in _PACKED))


def _member(info: tarfile.TarInfo) -> Member:
    written = info.name.encode("utf-8", "surrogateescape")
    try:
        name = written.decode("utf-8")
    except UnicodeDecodeError:
        name = written.decode("latin-1")  # which any bytes are
    links = info.issym() or info.islnk()
    kind = "sparse" if info.issparse() else "link" if links else "file" if info.isreg() else "other"
    return Member(name, written, info.size, info.offset_data, kind)


class _Held:
    """An open file that several read in turns, closed when nobody holds it any more; *torn* says why it ends early."""

    def __init__(self, file: IO[bytes], torn: str = "") -> None:
        self.file, self.torn, self.lock = file, torn, threading.Lock()

    def __del__(self) -> None:
        self.file.close()


class _Slice(io.RawIOBase):
    """The bytes of a member of an archive that others read too."""

    def __init__(self, held: _Held, member: Member) -> None:
        self._held, self._start, self._size = held, member.start, member.size
        self._at = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET, /) -> int:
        self._at = max(0, offset + {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._size}[whence])
        return self._at

    def readinto(self, buffer: Any, /) -> int:
        wanted = max(0, min(len(buffer), self._size - self._at))
        with self._held.lock:
            self._held.file.seek(self._start + self._at)
            piece = self._held.file.read(wanted)
        if len(piece) < wanted:
            raise EOFError("the archive ends within it")
        buffer[: len(piece)] = piece
        self._at += len(piece)
        return len(piece)


def _check(fits: bool, name: str, found: str) -> None:
    if not fits:
        raise UnreadableFile(f"{name} {found}; that is the limit. Unpack it and load the folder instead.")


def _check_headers(name: str, file: IO[bytes]) -> None:
    """Raise UnreadableFile where a header that is read at once is huge.  Source: POSIX.1-2017, pax, ustar format."""
    place = 0
    with suppress(tarfile.TarError, ValueError):
        while True:
            file.seek(place)
            block = file.read(_BLOCK)
            if len(block) < _BLOCK or not block.strip(b"\0"):
                return
            size = max(0, tarfile.TarInfo.frombuf(block, "utf-8", "surrogateescape").size)
            _check(block[156:157] not in _HEADERS or size <= _MAX_HEADER, name, f"has a header of {size:,} bytes")
            place += _BLOCK + (size + _BLOCK - 1) // _BLOCK * _BLOCK


def _packing(path: Path) -> str:
    with path.open("rb") as file:
        start = file.read(6)
    known = {b"\x1f\x8b": "gz", b"BZh": "bz2", b"\xfd7zXZ\0": "xz", b"\x28\xb5\x2f\xfd": "zst"}
    return next((packing for mark, packing in known.items() if start.startswith(mark)), "")


@functools.lru_cache(maxsize=1)
def _unpacked(path: str, _modified: int, size: int) -> _Held:
    """Return the unpacked archive as a file without a name: kept, for a process that opens its members again."""
    packed = Path(path)
    file: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115
    held, done = _Held(file), 0
    try:
        with _unpacker(packed) as unpacked:
            read = getattr(unpacked, "read1", unpacked.read)  # also what comes right before the damage
            while piece := read(_PIECE):
                done += len(piece)
                _check(done <= MAX_UNPACKED, packed.name, f"unpacks to more than {MAX_UNPACKED // 2**30} GiB")
                tight = done > RATIO_MATTERS and done > MAX_RATIO * max(size, 1)
                _check(not tight, packed.name, f"unpacks to more than {MAX_RATIO} times its size")
                if done % (64 * _PIECE) < len(piece) and shutil.disk_usage(tempfile.gettempdir()).free < ROOM_LEFT:
                    raise UnreadableFile(
                        f"there is no room to unpack {packed.name} for a while. Unpack it and load the folder instead."
                    )
                file.write(piece)
    except _TORN as exc:
        held.torn = f"it ends early or is damaged: {str(exc) or type(exc).__name__}"
    file.flush()
    return held


def _unpacker(path: Path) -> Any:
    packing = _packing(path)
    if packing == "gz":
        return gzip.open(path)
    if packing == "bz2":
        return bz2.open(path)
    if packing == "xz":
        return lzma.open(path)
    import pyarrow as pa

    return pa.CompressedInputStream(pa.OSFile(str(path)), "zstd")
