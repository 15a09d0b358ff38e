"""The folder that remembers datasets, stage results and runs; every write is complete or absent.

It does not compute anything: it holds the three together, so that what is deleted takes with it what nothing needs.

    DIR/datasets/  stages/  runs/      see `datasets`, `results`, `runrecords`
    DIR/frames/  thumbs/  uploads/     see `frames`, `thumbnails`; `sweeping` says what belongs to what
    DIR/vectors/                       of maps that are deleted, see `vectorcache`
    DIR/logs/  writers/  server.lock  records.lock  workspace.json (see `schema`)  speeds.json (see `speeds`)
    DIR/damaged/                       what the doctor could not read
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from explorer.errors import CannotWrite, WorkspaceBusy, WorkspaceUnusable
from explorer.workspace import sweeping
from explorer.workspace.datasets import KeptDatasets
from explorer.workspace.files import GONE, erase, remove, set_aside
from explorer.workspace.locks import OneWriter, alone, bury
from explorer.workspace.results import StageResults
from explorer.workspace.room import cannot_write, check_room
from explorer.workspace.runrecords import RunRecords
from explorer.workspace.schema import migrate
from explorer.workspace.speeds import Speeds
from explorer.workspace.textvectors import FILE as TEXTS
from explorer.workspace.textvectors import TextVectors
from explorer.workspace.thumbnails import Thumbnails
from explorer.workspace.vectorcache import VectorCache, is_embedding
from explorer.workspace.writer import WRITERS, Writer

LOCK = ".lock"
_HELD = ("datasets", "stages", "runs")
_FOLDERS = (*_HELD, "thumbs", "uploads", "logs", WRITERS)


def nothing() -> None:
    """Let what is to be deleted go, whoever has asked for it since."""


class Workspace:
    """One workspace folder; safe to use from several threads and from several processes.

    One on a full disk, or that may only be read, opens too: what cannot be written then raises CannotWrite.
    """

    def __init__(self, path: Path | str) -> None:
        self.path = Path(path).expanduser().resolve()
        self._make_folders()
        self.writer = Writer(self.path)
        self._one = OneWriter(self.path / "records.lock")
        self.datasets = KeptDatasets(self.path, self.writer, self._one)
        self.runs = RunRecords(self.path, self.writer, self._one)
        self.results = StageResults(self.path, self.writer)
        self.speeds = Speeds(self.path, self.writer)
        self.vectors = VectorCache(self.path)
        self.texts = TextVectors(self.vectors.path / TEXTS)
        self.thumbnails = Thumbnails(self.path / "thumbs", self.writer)
        migrate(self.path, self.writer, self._one)

    def _make_folders(self) -> None:
        try:
            for folder in _FOLDERS:
                (self.path / folder).mkdir(parents=True, exist_ok=True)
        except OSError as exc:
            if all((self.path / folder).is_dir() for folder in _HELD) and cannot_write(exc, self.path):
                return
            reason = exc.strerror or exc
            raise WorkspaceUnusable(
                f"{self.path} cannot hold a workspace: {reason}. Choose another folder with --workspace."
            ) from exc

    @contextmanager
    def exclusive(self) -> Iterator[None]:
        """Hold the workspace as the one server that writes it; raises WorkspaceBusy when another one does.

        One that cannot be written needs not be held.
        """
        from filelock import FileLock, Timeout

        lock = FileLock(self.path / "server.lock", timeout=0)
        try:
            lock.acquire()
        except Timeout as exc:
            raise WorkspaceBusy(
                f"another server already uses the workspace {self.path}. Open its page, stop it, "
                "or choose another folder with --workspace."
            ) from exc
        except OSError as exc:
            if cannot_write(exc, self.path) is None:
                raise
        try:
            yield
        finally:
            lock.release()

    @property
    def frames(self) -> Path:
        """The folder of pictures of maps in the making; it may be deleted at any time."""
        return self.path / "frames"

    @property
    def writable(self) -> bool:
        """Whether the workspace may be written, be its disk full or not."""
        return os.access(self.path, os.W_OK)

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Have it to oneself to change records within the block; see `OneWriter`.  Raises CannotWrite."""
        with self._one.turn():
            yield

    @contextmanager
    def numbering(self, waiting: Callable[[], None]) -> Iterator[None]:
        """Have it to oneself to give a version of a dataset a number and keep it; *waiting* as in `alone`.

        Raises CannotWrite.
        """
        lock = self.path / WRITERS / "versions.lock"
        with alone(lock, waiting=waiting):
            yield
        bury(lock)

    def check_room(self, more: int = 0) -> None:
        """Raise CannotWrite when *more* bytes would take of the space that is kept free for records.

        Vectors that belong to no map go before that.
        """
        self.vectors.make_room(more)
        check_room(self.path, more)

    def delete_dataset(self, key: str, *, check: Callable[[], None] = nothing) -> None:
        """Remove a dataset, its runs, and every result and thumbnail that no other one needs.

        *check* is called when nobody else changes records; what it raises leaves all as it is.
        Raises NotFound, CannotWrite.
        """
        with self.turn():
            self.datasets.record(key)
            check()
            for record in self.runs.records():
                if record["dataset"] == key:
                    self.runs.remove(record["run"])
            self.datasets.remove(key)
        self.sweep(thumbnails=True)
        self.vectors.forget({str(record["dataset"]) for record in self.datasets.records()})

    def delete_run(self, key: str, *, check: Callable[[], None] = nothing) -> None:
        """Remove a run and every stage result that no other run needs; *check* as in `delete_dataset`.

        Raises NotFound, CannotWrite.
        """
        with self.turn():
            self.runs.record(key)
            check()
            self.runs.remove(key)
        self.sweep()

    def sweep(self, *, thumbnails: bool = False) -> None:
        """Remove what belongs to nobody (see `sweeping`); uploads that were complete become datasets.

        To know which *thumbnails* are shown takes a look at all pictures.  What cannot be removed is left.
        """
        with suppress(CannotWrite):
            for left in sweeping.unfinished(self.path):
                if not (left.parent.name == "datasets" and self.datasets.recover(left)):
                    remove(left)
            with self.turn():
                unneeded = self._unneeded()
                going = [set_aside(path) for path in unneeded if path.suffix != LOCK]
            for lock in (*(path for path in unneeded if path.suffix == LOCK), *sweeping.dead_writers(self.path)):
                bury(lock)
            for path in (*going, *(sweeping.unseen(self.path) if thumbnails else ())):
                if path.parent.name == "stages" and is_embedding(path.name.split(GONE)[0]):
                    self.vectors.retire(path)
                else:
                    erase(path)
            self.vectors.prune()

    def leftovers(self) -> list[Path]:
        """Return what a sweep would remove."""
        found = [*sweeping.unfinished(self.path), *self._unneeded(), *sweeping.dead_writers(self.path)]
        return [*found, *sweeping.unseen(self.path)]

    def _unneeded(self) -> list[Path]:
        """Return what no run needs; nothing while the record of one cannot be read."""
        try:
            records = self.runs.records()
        except WorkspaceUnusable:
            return []
        results = {name for record in records for name in record.get("results", ())}
        return list(sweeping.unneeded(self.path, results=results, runs={record["run"] for record in records}))
