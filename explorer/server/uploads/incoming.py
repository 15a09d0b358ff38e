"""Keeps uploads on disk while they arrive in pieces, and says where to go on.

It does not read what is inside them (ingest does) and knows no HTTP (the API does).  An upload is a folder of
files named as the sender named them, made safe; all that it remembers is on disk, so that a restarted server
goes on where the last one stopped.  Not more than one block of a file is ever in memory.
"""

from __future__ import annotations

import asyncio
import threading
import time
import uuid
from collections.abc import AsyncIterable, AsyncIterator, Iterable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import NamedTuple

from explorer.errors import CannotWrite, NotReady, UploadRefused
from explorer.server.uploads import limits as most
from explorer.server.uploads.left import ID, ONCE, is_left, making_room, roots_in
from explorer.server.uploads.limits import KEEP_FREE, Limits, Planned, check_arrived, too_many_open
from explorer.server.uploads.names import OffsetMismatch, Upload, files_in, note_planned, read_upload, unknown_upload
from explorer.server.uploads.writer import Appending, appending
from explorer.workspace import Writer, remove, storing

KEPT_SECONDS = 24 * 3600
"""How long an upload that is not complete waits for its sender to go on."""
SWEPT_SECONDS = 3600
"""How often a server looks for uploads that nobody goes on with, when one is begun."""
PATIENCE_SECONDS = 60.0
"""Until the next bytes of a piece: a sender that went to sleep leaves its file to the request by which it goes on."""


class Stalled(UploadRefused):
    """Nothing more of a piece came; what did is kept."""

    status = 408


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
        self.limits = Limits(folder, limit_bytes, min(limit_bytes, file_limit_bytes or limit_bytes), keep_free)
        self._swept = time.monotonic()
        self._open: dict[str, Upload] = {}
        self._lock = threading.Lock()

    def create(self, *, once: bool = False, planned: Planned | None = None) -> str:
        """Begin an upload and return its id, 32 hexadecimal digits.

        One that comes at *once* cannot be gone on with: it belongs to this process and goes with it.  What is
        *planned* is judged now, and has to be here before the upload is `complete`.
        Raises CannotWrite, UploadRefused beyond a limit, ServerBusy while too many are open.
        """
        if planned is not None:
            self.limits.judge(planned)
        if not once:
            self._make_room()
        key = uuid.uuid4().hex
        with storing(self.folder.parent):
            (self.folder / key).mkdir(parents=True)
            if once:
                self._writes.temporary(self.folder / key / ONCE).touch()
            if planned is not None:
                note_planned(self.folder / key, planned)
            files_in(self.folder / key).mkdir()
        return key

    def append(self, key: str, name: str, *, offset: int, chunks: Iterable[bytes]) -> int:
        """Write *chunks* at the end of file *name* and return its new size.

        Raises NotFound, OffsetMismatch when the file does not end at *offset*, UploadRefused beyond a limit,
        CannotWrite on a full disk; what was written before an error stays, so that the sender can go on from there.
        """
        with self._writer(key, name, offset) as writer:
            for chunk in chunks:
                writer.write(chunk)
            return writer.sync()

    async def append_stream(self, key: str, name: str, *, offset: int, stream: AsyncIterable[bytes]) -> int:
        """Do as `append` with what an asynchronous *stream* yields, the disk touched only in threads.

        Raises Stalled when it yields nothing for a minute, and whatever it raises: what came before is kept.
        """
        with self._writer(key, name, offset) as writer:
            chunks = in_time(stream)
            while True:
                try:
                    chunk = await anext(chunks, None)
                except Exception:  # the sender broke off, or fell silent
                    await asyncio.to_thread(writer.sync)
                    raise
                if chunk is None:
                    return await asyncio.to_thread(writer.sync)
                if writer.takes(chunk):
                    await asyncio.to_thread(writer.write, chunk)

    def offset(self, key: str, name: str) -> int:
        """Return how many bytes of file *name* are here; 0 for one that was never begun."""
        upload = self._upload(key)
        with self._lock:
            relative = upload.names.get(name)
        return 0 if relative is None else upload.size_of(name) or 0

    def sizes(self, key: str) -> dict[str, int]:
        """Return how many bytes of each file are here, by the name that its sender gave it."""
        upload = self._upload(key)
        with self._lock:
            names = list(upload.names)
        return {name: size for name in names if (size := upload.size_of(name)) is not None}

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

        Raises NotFound, and where a file is still being sent, or not all that was planned is here, NotReady and
        Incomplete: half of it would become a dataset.
        """
        upload = self._upload(key)
        if upload.planned is not None:
            check_arrived(upload.planned, self.sizes(key))
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
        if not ID.fullmatch(key):
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
        idle = (root for root in roots_in(self.folder) if not _is_busy(self._open.get(root.name)))
        return [root for root in idle if is_left(root, older_than)]

    def _make_room(self) -> None:
        """Delete what nobody goes on with, now and then; raise ServerBusy while too many uploads are open."""
        due = time.monotonic() - self._swept >= SWEPT_SECONDS
        roots = roots_in(self.folder)
        if not due and len(roots) < most.MOST_OPEN:
            return
        idle = [root for root in roots if not _is_busy(self._open.get(root.name))]
        left = making_room(idle, KEPT_SECONDS, most=most.MOST_OPEN - len(roots) + len(idle))
        for root in left:
            self.remove(root.name)
        self._swept = time.monotonic() if due else self._swept
        if len(roots) - len(left) >= most.MOST_OPEN:
            raise too_many_open(len(roots) - len(left))

    def _upload(self, key: str) -> Upload:
        root = self.folder / key
        if not ID.fullmatch(key) or not root.is_dir():
            raise unknown_upload(key)
        with self._lock:
            if key not in self._open:
                self._open[key] = read_upload(root)
            return self._open[key]

    @contextmanager
    def _writer(self, key: str, name: str, offset: int) -> Iterator[Appending]:
        upload = self._upload(key)
        with self._lock:
            relative = upload.reserve(name)
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

    def _room(self, upload: Upload, name: str, size: int, more: int) -> None:
        """Count *more* bytes in for file *name* of *size* bytes, or raise what says which limit it hits."""
        self.limits.judge_file(name, size + more)
        self.limits.judge_room(name, more)
        with self._lock:
            self.limits.judge_all(upload.bytes + more)
            upload.bytes += more


def _is_busy(upload: Upload | None) -> bool:
    return upload is not None and (bool(upload.busy) or upload.read)


async def in_time(stream: AsyncIterable[bytes]) -> AsyncIterator[bytes]:
    """Yield what *stream* does; raise Stalled when it yields nothing for a minute."""
    chunks = aiter(stream)
    while True:
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                chunk = await anext(chunks)
        except StopAsyncIteration:
            return
        except TimeoutError as exc:
            raise Stalled(f"nothing came for {PATIENCE_SECONDS:.0f} seconds; go on with it, or send it again.") from exc
        yield chunk


def _inside(root: Path, relative: str) -> Path:
    """Return the path of *relative* below *root*; refuse one that leads out of it."""
    path = (root / relative).resolve()
    if not path.is_relative_to(root.resolve()):
        raise UploadRefused(f"{relative!r} leads out of the upload; give the file a plain name.")
    return path
