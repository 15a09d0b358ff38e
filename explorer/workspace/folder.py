"""The folder that remembers datasets, stage results and runs; every write is complete or absent.

It does not compute anything: it holds the three together, so that what is deleted takes with it what nothing needs.

    DIR/datasets/  stages/  runs/      see `datasets`, `results`, `runrecords`
    DIR/frames/  thumbs/  uploads/  logs/  server.lock
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from explorer.errors import WorkspaceBusy, WorkspaceUnusable
from explorer.workspace.datasets import KeptDatasets
from explorer.workspace.files import NEW, remove_folder
from explorer.workspace.results import StageResults
from explorer.workspace.runrecords import RunRecords

_FOLDERS = ("datasets", "stages", "runs", "thumbs", "uploads", "logs")


class Workspace:
    """One workspace folder; safe to use from several threads, and for reading from several processes."""

    def __init__(self, path: Path | str) -> None:
        self.path = Path(path).expanduser().resolve()
        try:
            for folder in _FOLDERS:
                (self.path / folder).mkdir(parents=True, exist_ok=True)
        except OSError as exc:
            reason = exc.strerror or exc
            raise WorkspaceUnusable(
                f"{self.path} cannot hold a workspace: {reason}. Choose another folder with --workspace."
            ) from exc
        if not os.access(self.path, os.W_OK):
            raise WorkspaceUnusable(f"{self.path} is not writable. Choose another folder with --workspace.")
        self.datasets = KeptDatasets(self.path)
        self.runs = RunRecords(self.path)
        self.results = StageResults(self.path)

    @contextmanager
    def exclusive(self) -> Iterator[None]:
        """Hold the workspace as the one server that writes it; raises WorkspaceBusy when another one does."""
        from filelock import FileLock, Timeout

        lock = FileLock(self.path / "server.lock", timeout=0)
        try:
            lock.acquire()
        except Timeout as exc:
            raise WorkspaceBusy(
                f"another server already uses the workspace {self.path}. Open its page, stop it, "
                "or choose another folder with --workspace."
            ) from exc
        try:
            yield
        finally:
            lock.release()

    @property
    def frames(self) -> Path:
        """The folder of pictures of maps in the making; it may be deleted at any time."""
        return self.path / "frames"

    def delete_dataset(self, key: str) -> None:
        """Remove a dataset, its runs, and every stage result that no other run needs."""
        self.datasets.record(key)
        for record in self.runs.records():
            if record["dataset"] == key:
                self.runs.remove(record["run"])
        self.datasets.remove(key)
        self.sweep()

    def delete_run(self, key: str) -> None:
        """Remove a run and every stage result that no other run needs."""
        self.runs.record(key)
        self.runs.remove(key)
        self.sweep()

    def sweep(self) -> None:
        """Remove stage results and pictures that no run's record names, left-over temporary folders and old uploads."""
        needed = {name for record in self.runs.records() for name in record.get("results", ())}
        self.results.keep_only(needed)
        for folder in self.frames.glob("*"):
            if folder.name not in needed:
                remove_folder(folder)
        for left in self.path.glob(f"*/*{NEW}*"):
            if time.time() - left.stat().st_mtime > 3600:
                remove_folder(left)
