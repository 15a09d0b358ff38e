"""Keeps uploads on disk while they arrive in pieces, and says where to go on.

It does not read what is inside them (ingest does) and knows no HTTP (the API does).  An upload is a folder of
files named as the sender named them, made safe; all that it remembers is on disk, so that a restarted server
goes on where the last one stopped.  Not more than one block of a file is ever in memory.
"""

from __future__ import annotations

import asyncio
import re
import shutil
import threading
import time
import uuid
from collections.abc import AsyncIterable, Iterable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import NamedTuple

from explorer.errors import UploadRefused
from explorer.server.uploads.names import Upload, files_in, read_upload, unknown_upload
from explorer.server.uploads.writer import Writer, appending

KEEP_FREE = 256 * 2**20
"""Bytes of disk that an upload never takes."""
MAX_FILES = 200_000
_ID = re.compile(r"[0-9a-f]{32}")
_GONE = "gone-"


class OffsetMismatch(UploadRefused):
    """A piece does not begin where the file ends; ``offset`` is where to go on."""

    status = 409

    def __init__(self, message: str, offset: int) -> None:
        super().__init__(message)
        self.offset = offset


class UploadedFile(NamedTuple):
    """One file of an upload: where it is, and its safe relative name with forward slashes."""

    path: Path
    name: str


class Uploads:
    """The uploads under *folder*; one may hold *limit_bytes* in all and *file_limit_bytes* (default: the same) a file.

    Safe to call from several threads; two writers of one file never mix.
    """

    def __init__(
        self, folder: Path, *, limit_bytes: int, file_limit_bytes: int | None = None, keep_free: int = KEEP_FREE
    ) -> None:
        self.folder = folder
        self.limit_bytes = limit_bytes
        self.file_limit_bytes = min(limit_bytes, file_limit_bytes or limit_bytes)
        self.keep_free = keep_free
        self._open: dict[str, Upload] = {}
        self._lock = threading.Lock()

    def create(self) -> str:
        """Begin an upload and return its id, 32 hexadecimal digits."""
        key = uuid.uuid4().hex
        files_in(self.folder / key).mkdir(parents=True)
        return key

    def append(self, key: str, name: str, *, offset: int, chunks: Iterable[bytes]) -> int:
        """Write *chunks* at the end of file *name* and return its new size.

        Raises NotFound, OffsetMismatch when the file does not end at *offset*, UploadRefused beyond a limit; what
        was written before an error stays, so that the sender can go on from there.
        """
        with self._writer(key, name, offset) as writer:
            for chunk in chunks:
                writer.write(chunk)
            return writer.flush()

    async def append_stream(self, key: str, name: str, *, offset: int, stream: AsyncIterable[bytes]) -> int:
        """Do as `append` with what an asynchronous *stream* yields, the disk touched only in threads."""
        with self._writer(key, name, offset) as writer:
            async for chunk in stream:
                if writer.takes(chunk):
                    await asyncio.to_thread(writer.write, chunk)
            return await asyncio.to_thread(writer.flush)

    def offset(self, key: str, name: str) -> int:
        """Return how many bytes of file *name* are here; 0 for one that was never begun."""
        upload = self._upload(key)
        with self._lock:
            relative = upload.names.get(name)
        path = None if relative is None else files_in(upload.root) / relative
        return path.stat().st_size if path is not None and path.is_file() else 0

    def files(self, key: str) -> list[UploadedFile]:
        """Return the files of an upload, ordered by name: the same files in any order of arrival are the same list."""
        upload = self._upload(key)
        with self._lock:
            names = sorted(upload.names.values())
        found = [UploadedFile(files_in(upload.root) / name, name) for name in names]
        return [file for file in found if file.path.is_file()]

    def home(self, key: str) -> Path:
        """Return the folder that the files of an upload are in, under their names."""
        return files_in(self._upload(key).root)

    def size(self, key: str) -> int:
        """Return how many bytes an upload holds."""
        return self._upload(key).bytes

    def remove(self, key: str) -> None:
        """Delete an upload and all its files; one that is already gone is no error."""
        if not _ID.fullmatch(key):
            raise unknown_upload(key)
        with self._lock:
            self._open.pop(key, None)
        gone = self.folder / f"{_GONE}{key}"
        try:
            (self.folder / key).rename(gone)
        except FileNotFoundError:
            return
        shutil.rmtree(gone, ignore_errors=True)

    def sweep(self, older_than: float) -> int:
        """Delete the uploads that nothing was added to for *older_than* seconds; return how many."""
        swept = 0
        for root in self.folder.iterdir() if self.folder.is_dir() else ():
            if root.name.startswith(_GONE):
                shutil.rmtree(root, ignore_errors=True)
            elif _ID.fullmatch(root.name) and not self._is_busy(root.name) and _idle(root) >= older_than:
                self.remove(root.name)
                swept += 1
        return swept

    def _is_busy(self, key: str) -> bool:
        with self._lock:
            return key in self._open and bool(self._open[key].busy)

    def _upload(self, key: str) -> Upload:
        root = self.folder / key
        if not _ID.fullmatch(key) or not root.is_dir():
            raise unknown_upload(key)
        with self._lock:
            if key not in self._open:
                self._open[key] = read_upload(root)
            return self._open[key]

    @contextmanager
    def _writer(self, key: str, name: str, offset: int) -> Iterator[Writer]:
        upload = self._upload(key)
        relative = self._reserve(upload, name)
        try:
            path = _inside(files_in(upload.root), relative)
            size = path.stat().st_size if path.is_file() else 0
            if offset != size:
                message = f"{name!r} has {size} bytes here, but a piece came for byte {offset}; send from {size}."
                raise OffsetMismatch(message, size)
            file = appending(key, name, path)
            writer = Writer(file, name, size=size, room=partial(self._room, upload, name))
            try:
                yield writer
            finally:
                writer.close()
        finally:
            with self._lock:
                upload.busy.discard(name)

    def _reserve(self, upload: Upload, name: str) -> str:
        """Return the relative name for *name*, noted on disk at first contact, and mark it as being written."""
        with self._lock:
            if name in upload.busy:
                kept = upload.path_of(name)
                size = kept.stat().st_size if kept.is_file() else 0
                raise OffsetMismatch(f"{name!r} is still being written by an earlier request; wait and go on.", size)
            if name not in upload.names:
                if len(upload.names) >= MAX_FILES:
                    raise UploadRefused(f"more than {MAX_FILES:,} files in one upload; put them in a zip file instead.")
                upload.note(name)
            upload.busy.add(name)
            return upload.names[name]

    def _room(self, upload: Upload, name: str, size: int, more: int) -> None:
        """Count *more* bytes in for file *name* of *size* bytes, or raise UploadRefused with the limit that it hits."""
        if size + more > self.file_limit_bytes:
            raise UploadRefused(f"{name!r} is larger than {_human(self.file_limit_bytes)}, the most for one file here.")
        free = shutil.disk_usage(self.folder).free
        if free - more < self.keep_free:
            raise UploadRefused(
                f"the server's disk has only {_human(free)} left, too little for {name!r}; free some space and go on."
            )
        with self._lock:
            if upload.bytes + more > self.limit_bytes:
                raise UploadRefused(f"this upload is larger than {_human(self.limit_bytes)}, the most for one upload.")
            upload.bytes += more


def _inside(root: Path, relative: str) -> Path:
    """Return the path of *relative* below *root*; refuse one that leads out of it."""
    path = (root / relative).resolve()
    if not path.is_relative_to(root.resolve()):
        raise UploadRefused(f"{relative!r} leads out of the upload; give the file a plain name.")
    return path


def _idle(root: Path) -> float:
    """Return the seconds since anything in *root* changed."""
    try:
        newest = max(path.stat().st_mtime for path in (root, *root.rglob("*")))
    except FileNotFoundError:
        return 0.0  # something is just being changed
    return time.time() - newest


def _human(size: int) -> str:
    """Return *size* in the largest unit that leaves at least 1: ``20 GB``."""
    for unit, scale in (("GB", 2**30), ("MB", 2**20), ("KB", 2**10)):
        if size >= scale:
            return f"{size / scale:.3g} {unit}"
    return f"{size} bytes"
