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
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import NamedTuple

from explorer.errors import CannotWrite, NotReady, UploadRefused
from explorer.server.uploads.names import Upload, files_in, read_upload, unknown_upload
from explorer.server.uploads.writer import Appending, appending
from explorer.workspace import Writer, lives, owner_of, remove, storing

KEEP_FREE = 256 * 2**20
"""Bytes of disk that an upload never takes."""
KEPT_SECONDS = 7 * 24 * 3600
"""How long an upload that is not complete waits for its sender to go on."""
MAX_FILES = 200_000
_ID = re.compile(r"[0-9a-f]{32}")
_ONCE = "once"
"""The marker of an upload that only the request knows that brings it."""


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
        self,
        folder: Path,
        *,
        limit_bytes: int,
        file_limit_bytes: int | None = None,
        keep_free: int = KEEP_FREE,
        writer: Writer | None = None,
    ) -> None:
        self.folder = folder
        self._writes = writer or Writer(folder.parent)
        self.limit_bytes = limit_bytes
        self.file_limit_bytes = min(limit_bytes, file_limit_bytes or limit_bytes)
        self.keep_free = keep_free
        self._open: dict[str, Upload] = {}
        self._lock = threading.Lock()

    def create(self, *, once: bool = False) -> str:
        """Begin an upload and return its id, 32 hexadecimal digits; raises CannotWrite.

        One that comes at *once* cannot be gone on with: it belongs to this process and goes with it.
        """
        key = uuid.uuid4().hex
        with storing(self.folder.parent):
            if once:
                (self.folder / key).mkdir(parents=True)
                self._writes.temporary(self.folder / key / _ONCE).touch()
            files_in(self.folder / key).mkdir(parents=True)
        return key

    def append(self, key: str, name: str, *, offset: int, chunks: Iterable[bytes]) -> int:
        """Write *chunks* at the end of file *name* and return its new size.

        Raises NotFound, OffsetMismatch when the file does not end at *offset*, UploadRefused beyond a limit,
        CannotWrite on a full disk; what was written before an error stays, so that the sender can go on from there.
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

    @contextmanager
    def complete(self, key: str) -> Iterator[None]:
        """Take nothing more of an upload within the block, while it is read.

        Raises NotFound, and NotReady where a file is still being sent: half of it would become a dataset.
        """
        upload = self._upload(key)
        with self._lock:
            if upload.busy:
                raise NotReady(f"{min(upload.busy)!r} is still being sent; finish the upload when it is here.")
            if upload.read:
                raise NotReady(f"the upload {key} is being read already; wait for its dataset.")
            upload.read = True
        try:
            yield
        finally:
            with self._lock:
                upload.read = False

    def size(self, key: str) -> int:
        """Return how many bytes an upload holds."""
        return self._upload(key).bytes

    def remove(self, key: str) -> None:
        """Delete an upload and all its files; one that is already gone is no error.  Raises NotFound, CannotWrite."""
        if not _ID.fullmatch(key):
            raise unknown_upload(key)
        with self._lock:
            self._open.pop(key, None)
        remove(self.folder / key)

    def sweep(self, older_than: float) -> int:
        """Delete the uploads that are `abandoned`; return how many."""
        left = self.abandoned(older_than)
        with suppress(CannotWrite):
            for root in left:
                self.remove(root.name)
        return len(left)

    def abandoned(self, older_than: float) -> list[Path]:
        """Return the folders of uploads that nobody goes on with.

        Nothing was added to them for *older_than* seconds, or their files became a dataset, or only a request that
        has ended knew them.  Ask before requests are answered: one that just begins looks the same.
        """
        found = [root for root in self.folder.glob("*") if _ID.fullmatch(root.name) and not self._is_busy(root.name)]
        return [root for root in found if not files_in(root).is_dir() or _orphaned(root) or _idle(root) >= older_than]

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
    def _writer(self, key: str, name: str, offset: int) -> Iterator[Appending]:
        upload = self._upload(key)
        relative = self._reserve(upload, name)
        try:
            path = _inside(files_in(upload.root), relative)
            size = path.stat().st_size if path.is_file() else 0
            if offset != size:
                message = f"{name!r} has {size} bytes here, but a piece came for byte {offset}; send from {size}."
                raise OffsetMismatch(message, size)
            file = appending(key, name, path)
            writer = Appending(file, name, size=size, room=partial(self._room, upload, name))
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
            if upload.read:
                raise NotReady(f"the upload is being read, without {name!r}; send it in another upload.")
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
        """Count *more* bytes in for file *name* of *size* bytes, or raise what says which limit it hits."""
        if size + more > self.file_limit_bytes:
            raise UploadRefused(f"{name!r} is larger than {_human(self.file_limit_bytes)}, the most for one file here.")
        free = shutil.disk_usage(self.folder).free
        if free - more < self.keep_free:
            raise CannotWrite(
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


def _orphaned(root: Path) -> bool:
    """Whether an upload came at once, and the process that took it has ended."""
    return any(not lives(root.parents[1], owner_of(marker)) for marker in root.glob(f"{_ONCE}.*"))


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
