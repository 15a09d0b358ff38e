"""Unpacks single files that were packed by gzip, bzip2, xz or Zstandard, while they are read.

It knows no formats: a packed file is of the format that its name has before the packing's ending.
"""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
from collections.abc import Callable
from pathlib import PurePosixPath
from typing import IO, Any, TypeAlias, cast

PACKINGS = (".gz", ".bz2", ".xz", ".zst")
_MARKS = {b"\x1f\x8b\x08": ".gz", b"BZh": ".bz2", b"\xfd7zXZ\x00": ".xz", b"\x28\xb5\x2f\xfd": ".zst"}
MARK_BYTES = 6
_BUFFER = 2**18
_LONGEST = 16 * 2**20
"""Bytes of a line that are held until its end comes."""
_BEHIND, _LONG = "Not a gzipped file", "requires too much memory"
"""What Python says of bytes behind a whole gzip file, and Arrow of a Zstandard file with a very large window."""
BEHIND = "bytes stand behind its end"
"""What is told of a gzip file that is whole and goes on with something else; zeros are none."""
_CUT = "Truncated compressed stream"
"""What Arrow says of Zstandard whose end is missing; the others raise EOFError."""
OnTorn: TypeAlias = Callable[[str], None]


def packing_of(beginning: bytes) -> str:
    """Return the packing that a file's first bytes tell, "" for none: names are often wrong about it.

    Servers unpack what they send and keep the name, programs pack what they write and keep it too.
    """
    return next((packing for mark, packing in _MARKS.items() if beginning.startswith(mark)), "")


def suffix_of(name: str) -> str:
    """Return the ending of a file name, in lower case, with its dot."""
    return PurePosixPath(name).suffix.lower()


def is_packed(name: str) -> bool:
    """Whether a file of this name is packed, and its name says what it is besides: `a.csv.gz`, not `a.gz`."""
    return suffix_of(name) in PACKINGS and suffix_of(PurePosixPath(name).stem) != ""


def inner_suffix(name: str) -> str:
    """Return the ending that says what a file holds once it is unpacked."""
    return suffix_of(PurePosixPath(name).stem) if is_packed(name) else suffix_of(name)


def unpacked_file(packing: str, file: IO[bytes], on_torn: OnTorn | None = None) -> IO[bytes]:
    """Return what the file of this packing holds; closing it closes the file.

    Of one whose end is missing, *on_torn* is told so, and what holds ends with the last whole line before that; of gzip
    with other bytes behind its end it is told BEHIND.  Without it, where not a line can be read, or where bytes are
    wrong – then what comes before may be, too – what the packing's library raises goes through.
    """
    unpacker = _unpacker(packing, file)
    return _Unpacked(unpacker if on_torn is None else _UpToTheTear(unpacker, on_torn), file)


def _unpacker(packing: str, file: IO[bytes]) -> Any:
    if packing == ".gz":
        return gzip.GzipFile(fileobj=file, mode="rb")
    if packing == ".bz2":
        return bz2.BZ2File(file)
    if packing == ".xz":
        return lzma.LZMAFile(file)
    import pyarrow as pa

    return _Zstandard(pa.CompressedInputStream(file, "zstd"))


class _Zstandard(io.RawIOBase):
    """Arrow's stream, as Python's files are."""

    def __init__(self, stream: Any) -> None:
        self._stream = stream

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any, /) -> int:
        try:
            piece = self._stream.read(len(buffer))
        except OSError as exc:
            if _LONG not in str(exc):
                raise
            raise OSError("it is packed with --long, which is not read; unpack it first, by unzstd --long=31") from exc
        buffer[: len(piece)] = piece
        return len(piece)


class _UpToTheTear(io.RawIOBase):
    """The whole lines of what can be unpacked: one that is cut in two would look like one that is not."""

    def __init__(self, unpacker: Any, on_torn: OnTorn) -> None:
        self._unpacker, self._on_torn = unpacker, on_torn
        self._ready, self._at = b"", 0
        self._rest: list[bytes] = []
        self._waiting = 0
        self._given = self._ended = False

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any, /) -> int:
        while self._at == len(self._ready) and not self._ended:
            self._read_on(max(len(buffer), _BUFFER))
        piece = self._ready[self._at : self._at + len(buffer)]
        self._at += len(piece)
        buffer[: len(piece)] = piece
        self._given = self._given or bool(piece)
        return len(piece)

    def _read_on(self, size: int) -> None:
        try:
            read = getattr(self._unpacker, "read1", self._unpacker.read)  # what there is before what cannot be read
            more = read(size)
        except (EOFError, OSError) as exc:
            if isinstance(exc, gzip.BadGzipFile) and _BEHIND in str(exc) and (self._given or self._rest):
                self._ready, self._at = b"".join(self._rest), 0  # what stands behind a whole file is none of it
                self._ended, self._rest = True, []
                self._on_torn(BEHIND)
                return
            if not self._given or not (isinstance(exc, EOFError) or _CUT in str(exc)):
                raise
            self._on_torn(str(exc).strip().rstrip(".") or type(exc).__name__)
            self._ended, self._rest = True, []
            return
        self._ended = not more
        whole = len(more) if self._ended or self._waiting > _LONGEST else more.rfind(b"\n") + 1
        if whole or self._ended:
            self._ready, self._at = b"".join([*self._rest, more[:whole]]), 0
            self._rest, self._waiting = [], 0
        self._rest.append(more[whole:])
        self._waiting += len(more) - whole


class _Unpacked(io.BufferedReader):
    """What is in a packed file; how far one has got is told in bytes of that."""

    def __init__(self, unpacker: Any, packed: IO[bytes]) -> None:
        super().__init__(cast(io.RawIOBase, unpacker), _BUFFER)
        self._packed = packed

    def tell(self) -> int:
        return self._packed.tell() if not self._packed.closed else 0

    def seekable(self) -> bool:
        return False

    def close(self) -> None:
        super().close()
        self._packed.close()
