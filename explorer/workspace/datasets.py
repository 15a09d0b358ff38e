"""The datasets of a workspace, each in a folder: its record, its items, its table and what was uploaded.

How one lies in its folder stands in `datafiles`.  Nothing is known of runs.

    DIR/datasets/KEY/   dataset.json  items.parquet  table.parquet  source/ (what was uploaded); see `looks`, `ondisk`
"""

from __future__ import annotations

import errno
import shutil
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from explorer.errors import CannotWrite, NotFound
from explorer.types import Dataset, Item, Rejected
from explorer.workspace.datafiles import (
    CAME,
    NO_LANGUAGES,
    NOTHING_MORE,
    RECORD,
    SOURCE,
    as_npy,
    columns_of,
    is_small,
    read_dataset,
    read_item,
    write_dataset,
)
from explorer.workspace.files import NEW, children, erase, is_whole, newest_first, read_json, remove, safe_key
from explorer.workspace.locks import OneWriter
from explorer.workspace.rejections import read_rejected, with_counts, write_rejected
from explorer.workspace.signs import read_signs
from explorer.workspace.told import read_as, version_told
from explorer.workspace.writer import Writer, owner_of, publish

DATASETS_IN_MEMORY = 4


class KeptDatasets:
    """The datasets of the workspace at *workspace*; the last few stay open."""

    def __init__(self, workspace: Path, writer: Writer, one: OneWriter) -> None:
        self._workspace, self._home, self._writer, self._one = workspace, workspace / "datasets", writer, one
        self._open = _Open()
        self._records = _Records()

    def add(self, dataset: Dataset, *, source: Path | None = None, origin: tuple[str, ...] = ()) -> Dataset:
        """Keep a dataset as `keep` does, and return it as kept."""
        return self.open(self.keep(dataset, source=source, origin=origin))

    def keep(
        self,
        dataset: Dataset,
        *,
        source: Path | None = None,
        origin: tuple[str, ...] = (),
        languages: Mapping[str, float] = NO_LANGUAGES,
        unread: Mapping[str, float] = NO_LANGUAGES,
        more: Mapping[str, Any] = NOTHING_MORE,
        came: NDArray[np.int32] | None = None,
    ) -> str:
        """Keep a dataset and return its key; one that is here already is left as it is, but for how it was read.

        It is called what it was called last, unless somebody renamed it; `names` in its record has all of them.
        *languages* are the shares of those its texts are in, *unread* of texts in letters that encoders do not know;
        *more* is what its record tells besides.
        *source* is a folder of uploaded files, which is moved in last: a folder that has it is whole, and `recover`
        goes on from there.  *origin* names files that stay where they are.  *came* int32 (n,) tells of a new version
        which row of its parent each of its rows is, -1 for none.  Raises CannotWrite.
        """
        home = self._home / dataset.key
        if not self.want(dataset.key):
            with self._writer.new_folder(home) as folder:
                told: dict[str, Any] = {"languages": languages, "unread": unread, "more": more, "came": came}
                write_dataset(dataset, folder, source=source, origin=origin, **told)
                if source is not None:
                    _publish_with(source, folder, home)
            return dataset.key
        if source is not None:
            erase(source)
        if came is not None:  # it was read from files, and is the very same; or it was made before
            if not (home / CAME).exists():
                self._writer.write(home / CAME, as_npy(came))
                self._change(dataset.key, lambda _record: version_told(dataset.version))
            return dataset.key
        told = read_as(dataset)
        if any(self.record(dataset.key).get(name) != told[name] for name in told):
            self._change(dataset.key, lambda _record: told)
        with suppress(CannotWrite):
            self._call(dataset)
        return dataset.key

    def _call(self, dataset: Dataset) -> None:
        """Note the name under which a dataset that is here was read again, and its faults, which bear it."""
        if dataset.name in names_of(self.record(dataset.key))[-1:]:
            return

        def changed(record: dict[str, Any]) -> dict[str, Any]:
            names = [*(name for name in names_of(record) if name != dataset.name), dataset.name]
            if record.get("renamed"):
                return {"names": names}
            return {"name": dataset.name, "names": names, **write_rejected(self._home / dataset.key, dataset.rejected)}

        self._change(dataset.key, changed)

    def recover(self, folder: Path) -> bool:
        """Publish what a killed process left, if uploaded files are in it: they are nowhere else.  False if not."""
        key = folder.name.split(NEW)[0]
        whole = owner_of(folder) and (folder / SOURCE).is_dir() and (folder / RECORD).exists()
        if not whole or self.has(key):
            return False
        publish(folder, self._home / key)
        return True

    def has(self, key: str) -> bool:
        """Whether a dataset is here."""
        return (self._home / safe_key(key) / RECORD).exists()

    def want(self, key: str) -> bool:
        """Note that somebody asks for it, so that a deletion that waits lets it stay; return whether it is here."""
        with suppress(CannotWrite, NotFound):
            self._change(key, lambda _record: {})
        return self.has(key)

    def open(self, key: str, *, on_disk: bool = False) -> Dataset:
        """Return the dataset, the rows of a large one left *on_disk* until they are asked for; raises NotFound."""
        known = self._open.get((key, on_disk))
        if known is not None:
            return known
        dataset = self._read(key, on_disk=on_disk)
        self._open.keep((key, on_disk), dataset)
        if not self.has(key):  # deleted while it was read: it does not stay open
            self._open.close(key)
            raise _missing(key, self._workspace)
        return dataset

    def head(self, key: str, rows: int) -> Dataset:
        """Return the first rows of a dataset as one of its own, without reading the others; raises NotFound."""
        return self._read(key, rows=rows)

    def item(self, key: str, row: int) -> Item | None:
        """Return the item of a row, None where there is none; of a large dataset the others are not read."""
        opened = self._open.get((key, True)) or self._open.get((key, False))
        if opened is None and not is_small(self.record(key)):
            try:
                return read_item(self._home / key, row)
            except FileNotFoundError:
                raise _missing(key, self._workspace) from None
        items = (opened or self.open(key)).items
        return items[row] if 0 <= row < len(items) else None

    def record(self, key: str) -> dict[str, Any]:
        """Return what is known of a dataset without opening it; raises NotFound."""
        record = self._records.of(self._home / safe_key(key) / RECORD)
        if record is None:
            raise _missing(key, self._workspace)
        return record

    def columns(self, key: str) -> dict[str, dict[str, Any]]:
        """Return what the columns beside the text hold, as `datafiles.columns_of`; raises NotFound."""
        self.record(key)
        try:
            return columns_of(self._home / safe_key(key))
        except FileNotFoundError:
            raise _missing(key, self._workspace) from None

    def records(self) -> list[dict[str, Any]]:
        """Return the records of all datasets, newest first."""
        return newest_first(self._records.of(path) for path in self._home.glob(f"*/{RECORD}") if is_whole(path.parent))

    def source_files(self, key: str) -> list[Path]:
        """Return the files that a dataset was read from, as far as they are still there."""
        record = self.record(key)
        kept = self._home / key / SOURCE
        top = [*(sorted(children(kept)) if kept.is_dir() else ()), *(Path(p) for p in record["origin"])]
        return [path for path in top if path.exists()]

    def keeps_source(self, key: str) -> bool:
        """Whether the files that a dataset was read from were uploaded and lie in the workspace."""
        return (self._home / safe_key(key) / SOURCE).is_dir()

    def signs(self, key: str) -> dict[bytes, bytes]:
        """Return what the pictures of a dataset look like, by their content, as far as that was kept."""
        return read_signs(self._home / safe_key(key))

    def folder(self, key: str) -> Path:
        """Return where a dataset is, or would be."""
        return self._home / safe_key(key)

    def note_import(self, key: str, told: Mapping[str, Any]) -> None:
        """Keep what came of taking in a saved dataset: "runs" and why others were "left_out"."""
        self._change(key, lambda _record: {"imported": dict(told)})

    def rename(self, key: str, name: str) -> None:
        """Give a dataset another name; raises NotFound, CannotWrite."""
        self._change(key, lambda record: {"name": name, "names": names_of(record), "renamed": True})

    def describe(self, key: str, note: str) -> None:
        """Keep what somebody wrote about a dataset, "" for nothing; raises NotFound, CannotWrite."""
        self._change(key, lambda _record: {"note": note})

    def set_reading(self, key: str, column: str, read_as: str | None) -> None:
        """Keep how a column is read, None to forget it; raises NotFound, CannotWrite."""

        def changed(record: dict[str, Any]) -> dict[str, Any]:
            given = {**record.get("readings", {}), column: read_as}
            return {"readings": {name: words for name, words in given.items() if words is not None}}

        self._change(key, changed)

    def _change(self, key: str, changes: Callable[[dict[str, Any]], dict[str, Any]]) -> None:
        with self._one.turn():
            self.record(key)
            record = read_json(path := self._home / safe_key(key) / RECORD) or {}
            self._writer.write_json(path, {**record, **changes(record), "wanted": time.time_ns()})
        self._open.close(key)

    def rejected(self, key: str) -> Sequence[Rejected]:
        """Return all that could not be read of a dataset's source; raises NotFound."""
        self.record(key)
        return read_rejected(self._home / key, read_json(self._home / key / RECORD) or {"rejected": ()})

    def remove(self, key: str) -> None:
        """Remove a dataset alone; `Workspace.delete_dataset` takes its runs with it."""
        self._open.close(key)
        self._records.forget(self._home / safe_key(key) / RECORD)
        remove(self._home / safe_key(key))

    def _read(self, key: str, *, rows: int | None = None, on_disk: bool = False) -> Dataset:
        self.record(key)
        try:
            return read_dataset(self._home / key, rows=rows, on_disk=on_disk)
        except FileNotFoundError:
            raise _missing(key, self._workspace) from None


def _missing(key: str, workspace: Path) -> NotFound:
    gone = NotFound(f"there is no dataset {key!r} in {workspace}.")
    gone.on_page = "This data is not here any more: it was deleted, or read in another way since. Reload the page."
    return gone


class _Open:
    """The last few datasets that were opened, each by its key and whether its rows are on the disk."""

    def __init__(self) -> None:
        self._datasets: OrderedDict[tuple[str, bool], Dataset] = OrderedDict()
        self._guard = threading.Lock()

    def get(self, kept: tuple[str, bool]) -> Dataset | None:
        """Return a dataset that is open, None for one that is not."""
        with self._guard:
            if kept in self._datasets:
                self._datasets.move_to_end(kept)
            return self._datasets.get(kept)

    def keep(self, kept: tuple[str, bool], dataset: Dataset) -> None:
        """Hold a dataset, and let go of the one that was not asked for longest."""
        with self._guard:
            self._datasets[kept] = dataset
            while len(self._datasets) > DATASETS_IN_MEMORY:
                self._datasets.popitem(last=False)

    def close(self, key: str) -> None:
        """Let go of a dataset."""
        with self._guard:
            for on_disk in (False, True):
                self._datasets.pop((key, on_disk), None)


class _Records:
    """The records of datasets as their files have them now, read again only when they changed."""

    def __init__(self) -> None:
        self._known: dict[Path, tuple[tuple[int, ...], dict[str, Any]]] = {}

    def of(self, path: Path) -> dict[str, Any] | None:
        """Return a record with the first rejections of each kind, as long as the file is the same from memory."""
        try:
            stat = path.stat()
        except OSError:
            return None
        state = (stat.st_mtime_ns, stat.st_size, stat.st_ino)
        known = self._known.get(path)
        if known is not None and known[0] == state:
            return dict(known[1])
        record = read_json(path)
        if record is None:
            return None
        self._known[path] = state, with_counts(record)
        return dict(self._known[path][1])

    def forget(self, path: Path) -> None:
        """Let go of what was read of a file."""
        self._known.pop(path, None)


def names_of(record: Mapping[str, Any]) -> list[str]:
    """Return the names under which a dataset was read, the last one last."""
    return list(record.get("names") or [record["name"]])


def _publish_with(source: Path, folder: Path, home: Path) -> None:
    """Move uploaded files into a filled folder and publish it; they are back where they were when that fails."""
    _move(source, folder / SOURCE)
    try:
        publish(folder, home)
    except OSError:
        _move(folder / SOURCE, source)
        raise


def _move(source: Path, target: Path) -> None:
    """Move a folder, at once even where it comes from another disk."""
    try:
        source.rename(target)
    except OSError as exc:
        if exc.errno != errno.EXDEV:
            raise
        copied = target.with_name(f"{target.name}{NEW}")
        shutil.copytree(source, copied)
        copied.rename(target)
        erase(source)
