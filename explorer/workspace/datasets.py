"""The datasets of a workspace, each in a folder: its record, its items, its table and what was uploaded.

How one lies in its folder stands in `datafiles`.  Nothing is known of runs.

    DIR/datasets/KEY/   dataset.json  items.parquet  table.parquet  source/ (what was uploaded)
"""

from __future__ import annotations

import shutil
import threading
from collections import OrderedDict
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from explorer.errors import NotFound
from explorer.types import Dataset, Rejected
from explorer.workspace.datafiles import read_dataset, write_dataset
from explorer.workspace.files import NEW, new_folder, newest_first, read_json, remove_folder, safe_key, write_json
from explorer.workspace.rejections import read_rejected, with_counts

DATASETS_IN_MEMORY = 4


class KeptDatasets:
    """The datasets of the workspace at *workspace*; the last few stay open."""

    def __init__(self, workspace: Path) -> None:
        self._workspace, self._home = workspace, workspace / "datasets"
        self._open: OrderedDict[str, Dataset] = OrderedDict()
        self._records: dict[Path, tuple[tuple[int, ...], dict[str, Any]]] = {}
        self._guard = threading.Lock()

    def add(self, dataset: Dataset, *, source: Path | None = None, origin: tuple[str, ...] = ()) -> Dataset:
        """Keep a dataset as `keep` does, and return it as kept."""
        return self.open(self.keep(dataset, source=source, origin=origin))

    def keep(self, dataset: Dataset, *, source: Path | None = None, origin: tuple[str, ...] = ()) -> str:
        """Keep a dataset and return its key; one that is here already is left as it is.

        *source* is a folder of uploaded files, which is moved in; *origin* names files that stay where they are.
        """
        home = self._home / dataset.key
        if not self.has(dataset.key):
            with new_folder(home) as folder:
                write_dataset(dataset, folder, source=source, origin=origin)
                if source is not None:
                    shutil.move(str(source), folder / "source")
        elif source is not None:
            shutil.rmtree(source, ignore_errors=True)
        return dataset.key

    def has(self, key: str) -> bool:
        """Whether a dataset is here."""
        return (self._home / safe_key(key) / "dataset.json").exists()

    def open(self, key: str) -> Dataset:
        """Return the dataset; raises NotFound."""
        with self._guard:
            if key in self._open:
                self._open.move_to_end(key)
                return self._open[key]
        self.record(key)
        dataset = read_dataset(self._home / key)
        with self._guard:
            self._open[key] = dataset
            while len(self._open) > DATASETS_IN_MEMORY:
                self._open.popitem(last=False)
        return dataset

    def head(self, key: str, rows: int) -> Dataset:
        """Return the first rows of a dataset as one of its own, without reading the others; raises NotFound."""
        self.record(key)
        return read_dataset(self._home / key, rows=rows)

    def record(self, key: str) -> dict[str, Any]:
        """Return what is known of a dataset without opening it; raises NotFound."""
        record = self._read(self._home / safe_key(key) / "dataset.json")
        if record is None:
            raise NotFound(f"there is no dataset {key!r} in {self._workspace}.")
        return record

    def records(self) -> list[dict[str, Any]]:
        """Return the records of all datasets, newest first."""
        return newest_first(self._read(path) for path in self._home.glob("*/dataset.json") if NEW not in str(path))

    def source_files(self, key: str) -> list[Path]:
        """Return the files that a dataset was read from, as far as they are still there."""
        record = self.record(key)
        kept = self._home / key / "source"
        top = sorted(kept.iterdir()) if kept.is_dir() else [Path(p) for p in record["origin"]]
        return [path for path in top if path.exists()]

    def keeps_source(self, key: str) -> bool:
        """Whether the files that a dataset was read from were uploaded and lie in the workspace."""
        return (self._home / safe_key(key) / "source").is_dir()

    def rename(self, key: str, name: str) -> None:
        """Give a dataset another name."""
        self.record(key)
        path = self._home / safe_key(key) / "dataset.json"
        write_json(path, {**(read_json(path) or {}), "name": name})
        with self._guard:
            self._open.pop(key, None)

    def rejected(self, key: str) -> Sequence[Rejected]:
        """Return all that could not be read of a dataset's source; raises NotFound."""
        self.record(key)
        return read_rejected(self._home / key, read_json(self._home / key / "dataset.json") or {"rejected": ()})

    def _read(self, path: Path) -> dict[str, Any] | None:
        """Return a record with the first rejections of each kind, as long as the file is the same from memory."""
        try:
            stat = path.stat()
        except OSError:
            return None
        state = (stat.st_mtime_ns, stat.st_size, stat.st_ino)
        known = self._records.get(path)
        if known is not None and known[0] == state:
            return dict(known[1])
        record = read_json(path)
        if record is None:
            return None
        self._records[path] = state, with_counts(record)
        return dict(self._records[path][1])

    def remove(self, key: str) -> None:
        """Remove a dataset alone; `Workspace.delete_dataset` takes its runs with it."""
        with self._guard:
            self._open.pop(key, None)
            self._records.pop(self._home / safe_key(key) / "dataset.json", None)
        remove_folder(self._home / key)
