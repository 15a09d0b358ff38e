"""Takes in a dataset that was saved as one file: nothing of it is believed that can be looked at.

Sizes are judged before anything is unpacked, every entry is compared with its checksum, the dataset's key is made anew
from its content, pictures are compared with the digests that name them.  What is in the workspace already stays as it
is.  A run whose parts do not fit is left out, and why is told.
"""

from __future__ import annotations

import hashlib
import re
import zipfile
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np

from explorer.columns import parse_reading
from explorer.config import default_workspace
from explorer.errors import BadSetting, ExplorerError, UnreadableFile
from explorer.ingest import MOST_NUMBERS, check_size, dataset_keys
from explorer.kinds import by_kind, close_archives, kind_named, kind_of
from explorer.portable.manifest import FAULTS, Contents, contents, record_of, refused
from explorer.portable.taking import Place, take_run
from explorer.portable.told import check_size as check_told
from explorer.types import Choice, Dataset, Fault, Item, OwnVectors, Rejected, Version, digest, is_of
from explorer.workspace import Workspace, children, erase, read_dataset, storing

BLOCK = 2**20
Advance: TypeAlias = Callable[[int, int], None]
"""Called with the bytes that are done and those in all; what it raises stops the import."""
_LONGEST_NAME = 1_000
_VECTORS_AT_ONCE = 10_000
LOST = "lost"
"""The folder, which there is not, of files that were not what they should be."""
_KEPT = ("languages", "readings", "unread", "names", "renamed")
"""What a record tells of a dataset beside what it was read with."""


@dataclass(frozen=True)
class Imported:
    """What came of it: the key of the dataset, those of its runs, and why others were left out, a sentence each."""

    dataset: str
    runs: tuple[str, ...]
    left_out: tuple[str, ...]


def import_dataset(
    path: Path | str, *, workspace: Workspace | Path | str | None = None, progress: Advance | None = None
) -> Imported:
    """Take a dataset that `export_dataset` wrote into a workspace, with its runs; nothing is computed.

    The same file again changes nothing.  Raises UnreadableFile for one that is damaged or was tampered with,
    CannotWrite, and whatever *progress* raises.
    """
    path = Path(path).expanduser()
    if not isinstance(workspace, Workspace):
        workspace = Workspace(workspace or default_workspace())
    try:
        with zipfile.ZipFile(path) as archive, storing(workspace.path):
            return _Taking(workspace, contents(archive, path.name), path.name, progress).all()
    except FileNotFoundError as exc:
        raise UnreadableFile(f"{path} does not exist; give the file of a saved dataset.") from exc
    except (*FAULTS, RecursionError) as exc:
        raise refused(path.name, f"it is damaged ({str(exc)[:200] or type(exc).__name__})") from exc


class _Taking:
    """One file on its way into a workspace."""

    def __init__(self, workspace: Workspace, given: Contents, name: str, progress: Advance | None) -> None:
        self._workspace, self._given, self._name = workspace, given, name
        self._progress, self._done, self._lost = progress, 0, list[str]()

    def all(self) -> Imported:
        self._workspace.check_room(self._given.size)
        folder = self._workspace.writer.temporary(self._workspace.path / "uploads" / "import")
        try:
            (folder / "source").mkdir(parents=True)
            for name in self._given.entries:
                if name.startswith("dataset/"):
                    self.unpack(name, folder / name.removeprefix("dataset/"))
            dataset, record = self._read(folder)
            key = self._keep(dataset, record, folder)
        finally:
            close_archives()
            erase(folder)
        return self._take_runs(replace(dataset, key=key))

    def unpack(self, name: str, target: Path) -> None:
        """Write an entry to a file and compare it with its checksum.  Raises UnreadableFile."""
        info, sum_of = self._given.entries[name], hashlib.sha256()
        target.parent.mkdir(parents=True, exist_ok=True)
        with self._given.archive.open(info) as entry, target.open("xb") as out:
            while block := entry.read(BLOCK):
                sum_of.update(block)
                out.write(block)
                self._done += len(block)
                if self._progress is not None:
                    self._progress(min(self._done, self._given.size), self._given.size)
        if sum_of.hexdigest() != self._given.checksums[name]:
            raise refused(self._name, f"{name[:100]} is not what it was when it was saved")

    def _read(self, folder: Path) -> tuple[Dataset, dict[str, Any]]:
        """Return the dataset, its items within the folder, and its record."""
        record = record_of(self._given, "dataset/dataset.json")
        _check_record(record)
        rows = {_rows(folder / name, record) for name in ("items.parquet", "table.parquet")} - {None}
        if rows - {record["rows"]} or record["rows"] != self._given.told.get("rows"):
            raise refused(self._name, "its tables have other rows than it says")
        try:
            dataset = read_dataset(folder)
            faults = tuple(dataset.rejected)
            if not is_of(faults, tuple[Rejected, ...]):
                raise ValueError("what was rejected is told in another form")
        except ExplorerError:
            raise
        except MemoryError:
            raise
        except Exception as exc:
            raise refused(self._name, f"its rows cannot be read ({type(exc).__name__})") from exc
        if len(dataset) != record["rows"]:
            raise refused(self._name, "its tables have other rows than it says")
        dataset = replace(dataset, given=_true_vectors(dataset, self._name))
        _check_places(dataset, folder / "source", self._name)
        items = self._true_items(dataset, folder / "source")
        return replace(dataset, items=items, rejected=faults), record

    def _true_items(self, dataset: Dataset, source: Path) -> list[Item]:
        """Return the items; one whose file is not what it names has a file that is gone, and that is told.

        What is not there was gone when it was saved.
        """
        items = list(dataset.items)
        for at, item in enumerate(items) if any(kind_named(name).decodes_files for name in dataset.modalities) else ():
            true, kind = True, kind_of(item)
            with suppress(UnreadableFile):
                true = kind.is_true(item)
            if not true:
                lost = kind.stored([item], lambda _path: str(source / LOST / str(at)))  # noqa: B023 - called at once
                items[at] = kind.restored(lost, str)[0]
                named = f"the {kind.nouns[0]} {str(kind.path(item))[:100]!r}"
                self._lost.append(f"{named} is not the one that was mapped; it was left out.")
        return items

    def _keep(self, dataset: Dataset, record: Mapping[str, Any], folder: Path) -> str:
        """Keep the dataset under a key that is made from what is in it, and return that."""
        tops = [path.name for path in children(folder / "source")]
        key, items_key = self._key_of(dataset, tops)
        more = {name: record[name] for name in _KEPT if name in record}
        if not self._workspace.datasets.want(key):
            named = replace(dataset, key=key, items_key=items_key)
            self._workspace.datasets.keep(named, source=folder / "source", more=more)
        return key

    def _key_of(self, dataset: Dataset, tops: Sequence[str]) -> tuple[str, str]:
        """Return the dataset's own key where its content gives it, one of what was saved otherwise; and its items'."""
        parts = (dataset.items, dataset.table, dataset.rejected, dataset.columns, dataset.text_column)
        made = ("", "")
        for alone in dict.fromkeys([*(tops if len(tops) == 1 else ()), None, dataset.name]):
            made = dataset_keys(*parts, alone, dataset.given)
            if made[0] == dataset.key:
                return made
        kept, saved = self._workspace.datasets, digest("imported", dataset_keys(*parts, None, dataset.given)[0])
        if kept.has(dataset.key):
            here = kept.open(dataset.key)
            there = (here.items, here.table, tuple(here.rejected), here.columns, here.text_column)
            if digest("imported", dataset_keys(*there, None, here.given)[0]) == saved:
                return dataset.key, here.items_key
        return saved, made[1]

    def _take_runs(self, dataset: Dataset) -> Imported:
        place = Place(self._workspace, self._given, dataset, self.unpack)
        taken, left_out = dict[str, str](), list(self._lost)
        for name in self._given.entries:
            if name.startswith("runs/") and not name.endswith(".titles.json"):
                try:
                    old, new = take_run(place, name)
                    taken[old] = new
                except UnreadableFile as exc:
                    left_out.append(str(exc))
        told = {"runs": list(taken.values()), "left_out": left_out}
        if left_out or taken:
            self._workspace.datasets.note_import(dataset.key, told)
        return Imported(dataset.key, tuple(taken.values()), tuple(left_out))


@dataclass(frozen=True)
class _Given:
    """What it tells of the vectors that came with its items."""

    column: str
    key: str
    dim: int


@dataclass(frozen=True)
class _Record:
    """What a dataset's record tells of it, as far as that is read; more may stand there."""

    dataset: str
    name: str
    items_key: str
    rows: int
    modalities: list[str]
    columns: list[str]
    text_column: str | None
    candidates: list[str] = field(default_factory=list)
    text_columns: list[str] = field(default_factory=list)
    text_beside: bool = False
    names: list[str] = field(default_factory=list)
    choices: list[Choice] = field(default_factory=list)
    asked: dict[str, str] = field(default_factory=dict)
    languages: dict[str, float] = field(default_factory=dict)
    readings: dict[str, str] = field(default_factory=dict)
    described: dict[str, str] = field(default_factory=dict)
    unread: dict[str, float] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    renamed: bool = False
    note: str = ""
    version: Version | None = None
    given: _Given | None = None


_KEY = re.compile(r"[A-Za-z0-9_-]{1,64}")
_READ = {known.name for known in fields(_Record)}


def _true_vectors(dataset: Dataset, name: str) -> OwnVectors | None:
    """Return the vectors that came with the items, if they are such, under the key that their content gives."""
    given = dataset.given
    if given is None:
        return None
    array = given.array
    sound = array.dtype == np.float32 and array.ndim == 2 and array.flags.c_contiguous
    if not sound or not 0 < array.shape[1] <= MOST_NUMBERS or len(array) != len(dataset):
        raise refused(name, f"its vectors are {array.dtype} {array.shape}")
    for start in range(0, len(array), _VECTORS_AT_ONCE):
        some = array[start : start + _VECTORS_AT_ONCE]
        if not np.isfinite(some).all() or not some.any(axis=1).all():
            raise refused(name, "some of its vectors are none")
    return OwnVectors(given.column, digest(array), array)


def _check_record(record: Mapping[str, Any]) -> None:
    """Raise ValueError for a record that is not one of a dataset, whatever stands where in it."""
    read = {name: value for name, value in record.items() if name in _READ}
    check_told(read)
    if not is_of(read, _Record) or not record["rows"] or len(record["name"]) > _LONGEST_NAME:
        raise ValueError("its record is none of a dataset")
    if read.get("version") and not _KEY.fullmatch(read["version"]["parent"]):
        raise ValueError("it is a version of nothing")
    try:
        for words in read.get("readings", {}).values():
            parse_reading(words)
    except BadSetting as exc:
        raise ValueError("a column of it is read in no known way") from exc


def _rows(file: Path, record: Mapping[str, Any]) -> int | None:
    """Return the rows of a parquet file, None for a table without columns; raises UnreadableFile for too many."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        with pq.ParquetFile(file) as table:
            facts, schema = table.metadata, table.schema_arrow
            check_size(str(record["name"]), rows=max(facts.num_rows, record["rows"]), columns=facts.num_columns)
            texts_alone = file.name == "items.parquet"
            if len(set(schema.names)) < len(schema) or not all(_is_read(one.type, texts_alone) for one in schema):
                raise ValueError(f"{file.name} has columns that no dataset has")
            for some in table.iter_batches():
                some.validate(full=True)  # texts that are none would be found by whoever reads them
    except (pa.ArrowException, OSError) as exc:
        raise ValueError(f"{file.name} is no table") from exc
    return facts.num_rows if facts.num_columns else None


def _is_read(kind: Any, text_alone: bool) -> bool:
    """Whether a column of a dataset may be of this kind of Arrow's: what is in files besides, readers make texts of."""
    from pyarrow import types

    if types.is_dictionary(kind):
        kind = kind.value_type
    if types.is_string(kind) or types.is_large_string(kind) or types.is_null(kind):
        return True
    numbers = types.is_boolean(kind) or types.is_integer(kind) or types.is_floating(kind) or types.is_decimal(kind)
    return not text_alone and (numbers or types.is_temporal(kind))


def _check_places(dataset: Dataset, source: Path, name: str) -> None:
    """Raise UnreadableFile for an item that refers to a file outside of the dataset's own."""
    home, known = source.resolve(), dict[str, bool]()

    def looked_at(path: str) -> str:
        if path not in known:
            known[path] = Path(path).resolve().is_relative_to(home) and Path(path).resolve() != home
        if not known[path]:
            raise refused(name, "an item refers to a file that is not in it")
        return path

    for kind, places in by_kind(dataset.items).items():
        kind_named(kind).stored([dataset.items[place] for place in places], looked_at)
