"""The folder that remembers datasets, stage results and runs; every write is complete or absent.

It does not compute anything and does not know what a stage means: results are named arrays with a record
beside them, kept under the stage's key.

    DIR/datasets/KEY/   dataset.json  items.parquet  table.parquet  source/ (what was uploaded)
    DIR/stages/STAGE-KEY/   record.json  *.npy
    DIR/stages/embed-KEY.part/   an embedding that is not finished: vectors, and which rows have one
    DIR/runs/KEY.json   DIR/thumbs/  DIR/uploads/  DIR/logs/  DIR/server.lock
"""

from __future__ import annotations

import json
import os
import reprlib
import shutil
import threading
import time
import uuid
from collections import OrderedDict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from explorer.errors import NotFound, WorkspaceBusy, WorkspaceUnusable
from explorer.types import Dataset
from explorer.workspace.datafiles import read_dataset, write_dataset

DATASETS_IN_MEMORY = 4
LONGEST_KEY = 64
_NEW = ".new-"
_FOLDERS = ("datasets", "stages", "runs", "thumbs", "uploads", "logs")


@dataclass(frozen=True)
class Stored:
    """A stage result as it lies in the folder: memory-mapped arrays and the record beside them."""

    arrays: Mapping[str, NDArray[Any]]
    record: Mapping[str, Any]


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
        self._datasets: OrderedDict[str, Dataset] = OrderedDict()
        self._guard = threading.Lock()

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

    # -- datasets ---------------------------------------------------------------------------------

    def add_dataset(self, dataset: Dataset, *, source: Path | None = None, origin: tuple[str, ...] = ()) -> Dataset:
        """Keep a dataset as `keep_dataset` does, and return it as kept."""
        return self.dataset(self.keep_dataset(dataset, source=source, origin=origin))

    def keep_dataset(self, dataset: Dataset, *, source: Path | None = None, origin: tuple[str, ...] = ()) -> str:
        """Keep a dataset and return its key; one that is here already is left as it is.

        *source* is a folder of uploaded files, which is moved in; *origin* names files that stay where they are.
        """
        home = self.path / "datasets" / dataset.key
        if not self.has_dataset(dataset.key):
            with self._new_folder(home) as folder:
                write_dataset(dataset, folder, source=source, origin=origin)
                if source is not None:
                    shutil.move(str(source), folder / "source")
        elif source is not None:
            shutil.rmtree(source, ignore_errors=True)
        return dataset.key

    def has_dataset(self, key: str) -> bool:
        """Whether a dataset is here."""
        return (self.path / "datasets" / _safe(key) / "dataset.json").exists()

    def dataset(self, key: str) -> Dataset:
        """Return the dataset; raises NotFound."""
        with self._guard:
            if key in self._datasets:
                self._datasets.move_to_end(key)
                return self._datasets[key]
        self.dataset_record(key)
        dataset = read_dataset(self.path / "datasets" / key)
        with self._guard:
            self._datasets[key] = dataset
            while len(self._datasets) > DATASETS_IN_MEMORY:
                self._datasets.popitem(last=False)
        return dataset

    def dataset_head(self, key: str, rows: int) -> Dataset:
        """Return the first rows of a dataset as one of its own, without reading the others; raises NotFound."""
        self.dataset_record(key)
        return read_dataset(self.path / "datasets" / key, rows=rows)

    def dataset_record(self, key: str) -> dict[str, Any]:
        """Return what is known of a dataset without opening it; raises NotFound."""
        record = _read_json(self.path / "datasets" / _safe(key) / "dataset.json")
        if record is None:
            raise NotFound(f"there is no dataset {key!r} in {self.path}.")
        return record

    def dataset_records(self) -> list[dict[str, Any]]:
        """Return the records of all datasets, newest first."""
        found = [_read_json(path) for path in (self.path / "datasets").glob("*/dataset.json") if _NEW not in str(path)]
        return sorted((r for r in found if r), key=lambda r: str(r["created"]), reverse=True)

    def source_files(self, key: str) -> list[Path]:
        """Return the files that a dataset was read from, as far as they are still there."""
        record = self.dataset_record(key)
        kept = self.path / "datasets" / key / "source"
        top = sorted(kept.iterdir()) if kept.is_dir() else [Path(p) for p in record["origin"]]
        return [path for path in top if path.exists()]

    def keeps_source(self, key: str) -> bool:
        """Whether the files that a dataset was read from were uploaded and lie in the workspace."""
        return (self.path / "datasets" / _safe(key) / "source").is_dir()

    def rename_dataset(self, key: str, name: str) -> None:
        """Give a dataset another name."""
        self.write_json(
            self.path / "datasets" / _safe(key) / "dataset.json", {**self.dataset_record(key), "name": name}
        )
        with self._guard:
            self._datasets.pop(key, None)

    def delete_dataset(self, key: str) -> None:
        """Remove a dataset, its runs, and every stage result that no other run needs."""
        self.dataset_record(key)
        for record in self.run_records():
            if record["dataset"] == key:
                (self.path / "runs" / f"{record['run']}.json").unlink(missing_ok=True)
        with self._guard:
            self._datasets.pop(key, None)
        _remove_folder(self.path / "datasets" / key)
        self.sweep()

    # -- runs -------------------------------------------------------------------------------------

    def run_record(self, key: str) -> dict[str, Any]:
        """Return what is known of a run; raises NotFound."""
        record = _read_json(self.path / "runs" / f"{_safe(key)}.json")
        if record is None:
            raise NotFound(f"there is no run {key!r} in {self.path}. List the runs with: embedding-explorer doctor")
        return record

    def run_records(self) -> list[dict[str, Any]]:
        """Return the records of all runs, newest first."""
        found = [_read_json(path) for path in (self.path / "runs").glob("*.json") if _NEW not in path.name]
        return sorted((r for r in found if r), key=lambda r: str(r["created"]), reverse=True)

    def write_run(self, record: Mapping[str, Any]) -> None:
        """Keep a run's record."""
        self.write_json(self.path / "runs" / f"{_safe(str(record['run']))}.json", record)

    def update_run(self, key: str, **changes: Any) -> dict[str, Any]:
        """Change fields of a run's record and return it; raises NotFound."""
        with self._guard:
            record = {**self.run_record(key), **changes}
            self.write_run(record)
        return record

    def run_lock(self, key: str) -> Path:
        """Return the lock file that a process other than the server holds while it computes a run."""
        return self.path / "runs" / f"{_safe(key)}.lock"

    def delete_run(self, key: str) -> None:
        """Remove a run and every stage result that no other run needs."""
        self.run_record(key)
        self.run_lock(key).unlink(missing_ok=True)
        (self.path / "runs" / f"{key}.json").unlink(missing_ok=True)
        self.sweep()

    # -- stage results ----------------------------------------------------------------------------

    def has(self, stage: str, key: str) -> bool:
        """Whether a stage's result is here."""
        return (self._stage(stage, key) / "record.json").exists()

    def save(self, stage: str, key: str, arrays: Mapping[str, NDArray[Any]], record: Mapping[str, Any]) -> None:
        """Keep a stage's result; one that is here already is left as it is."""
        home = self._stage(stage, key)
        if self.has(stage, key):
            return
        with self._new_folder(home) as folder:
            for name, array in arrays.items():
                np.save(folder / f"{name}.npy", array, allow_pickle=False)
            self.write_json(folder / "record.json", record)

    def load(self, stage: str, key: str) -> Stored:
        """Return a stage's result, its arrays memory-mapped and read-only; raises NotFound."""
        home = self._stage(stage, key)
        record = _read_json(home / "record.json")
        if record is None:
            raise NotFound(f"the result {stage}-{key} is not in {self.path}; start the run again.")
        arrays = {p.stem: np.load(p, mmap_mode="r", allow_pickle=False) for p in home.glob("*.npy")}
        return Stored(arrays, record)

    @property
    def frames(self) -> Path:
        """The folder of pictures of maps in the making; it may be deleted at any time."""
        return self.path / "frames"

    def unfinished(self, stage: str, key: str) -> Path:
        """Return the folder in which a stage keeps what it has so far."""
        return self.path / "stages" / f"{stage}-{_safe(key)}.part"

    def stage_lock(self, stage: str, key: str) -> Path:
        """Return the lock file of the unfinished folder of a stage."""
        return self.path / "stages" / f"{stage}-{_safe(key)}.lock"

    def finish(self, stage: str, key: str, record: Mapping[str, Any]) -> None:
        """Turn the unfinished folder of a stage into its result."""
        folder = self.unfinished(stage, key)
        self.write_json(folder / "record.json", record)
        _publish(folder, self._stage(stage, key))

    def folders(self, stage: str) -> list[Path]:
        """Return the folders of all results of a stage, finished and unfinished."""
        found = (self.path / "stages").glob(f"{stage}-*")
        return sorted(path for path in found if path.is_dir() and _NEW not in path.name)

    def sweep(self) -> None:
        """Remove stage results and pictures that no run's record names, left-over temporary folders and old uploads."""
        needed = {name for record in self.run_records() for name in record.get("results", ())}
        for folder in (self.path / "stages").iterdir():
            name = folder.name.removesuffix(".part").removesuffix(".lock")
            if name in needed or name.startswith("words-"):
                continue
            if folder.is_dir():
                _remove_folder(folder)
            else:
                folder.unlink(missing_ok=True)
        for folder in self.frames.glob("*"):
            if folder.name not in needed:
                _remove_folder(folder)
        for left in self.path.glob(f"*/*{_NEW}*"):
            if time.time() - left.stat().st_mtime > 3600:
                _remove_folder(left)

    def _stage(self, stage: str, key: str) -> Path:
        return self.path / "stages" / f"{stage}-{_safe(key)}"

    # -- files ------------------------------------------------------------------------------------

    @contextmanager
    def _new_folder(self, home: Path) -> Iterator[Path]:
        """Give a folder to fill, which becomes *home* when the block ends well and vanishes otherwise."""
        folder = home.with_name(f"{home.name}{_NEW}{uuid.uuid4().hex[:8]}")
        folder.mkdir(parents=True)
        try:
            yield folder
            _publish(folder, home)
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    @staticmethod
    def write_json(path: Path, value: Mapping[str, Any]) -> None:
        """Write a json file, complete or not at all."""
        new = path.with_name(f"{path.name}{_NEW}{uuid.uuid4().hex[:8]}")
        new.write_text(json.dumps(value, ensure_ascii=False, indent=1), encoding="utf-8")
        new.replace(path)


def _publish(folder: Path, home: Path) -> None:
    """Rename a filled folder to its final name; when another process was first, its result stands."""
    try:
        folder.rename(home)
    except OSError:
        if not home.is_dir():
            raise
        shutil.rmtree(folder, ignore_errors=True)


def _remove_folder(folder: Path) -> None:
    """Remove a folder so that it is gone at once for every reader, whatever happens in between."""
    gone = folder.with_name(f"{folder.name}{_NEW}{uuid.uuid4().hex[:8]}")
    with suppress(FileNotFoundError):
        folder.rename(gone)
    shutil.rmtree(gone, ignore_errors=True)


def _read_json(path: Path) -> dict[str, Any] | None:
    try:
        value = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as exc:
        raise WorkspaceUnusable(f"{path} is damaged ({exc}); delete it and start the run again.") from exc
    return value if isinstance(value, dict) else None


def _safe(key: str) -> str:
    """Return the key; one that could name another folder raises NotFound."""
    if not 0 < len(key) <= LONGEST_KEY or not all(c.isalnum() or c in "-_" for c in key):
        raise NotFound(f"{reprlib.repr(key)} is not a key; keys are 16 hexadecimal digits.")
    return key
