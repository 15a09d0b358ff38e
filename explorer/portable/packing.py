"""Packs a dataset with its finished runs as one zip, piece by piece: no more than a block of it is ever in memory.

Where the pieces go – into a file or over the network – is up to the caller.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import os
import shutil
import time
import uuid
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from typing import Any

from explorer.config import default_workspace
from explorer.errors import BadSetting, CannotWrite, NotFound
from explorer.portable.manifest import CHECKSUMS, FORMAT, ITEMS_CSV, MANIFEST, MOST_ENTRIES, SCHEMA, SOURCE, is_expected
from explorer.report import Sink, rows_as_csv
from explorer.runs import STAGES, Plan, done, titles_of, versions
from explorer.types import Dataset
from explorer.workspace import Workspace, children, moved_items

BLOCK = 2**20
CSV_ROWS = 10_000
ABANDONED_SECONDS = 60
_PLAIN = (".json", ".jsonl", ".csv", ".tsv", ".txt", ".md", ".html", ".xml")
"""Endings of what gets smaller when it is packed; vectors and pictures do not."""
_KEEP_FREE = 32 * 2**20


def export_dataset(
    dataset: Dataset | str, path: Path | str, *, workspace: Workspace | Path | str | None = None
) -> Path:
    """Write a dataset, or the one of a key, with its finished runs to *path*, a zip that is whole or not there.

    Returns its path.  Raises NotFound, CannotWrite where there is no room for it, BadSetting where nothing can be
    written.
    """
    if not isinstance(workspace, Workspace):
        workspace = Workspace(workspace or default_workspace())
    key = dataset.key if isinstance(dataset, Dataset) else dataset
    target = Path(path).expanduser()
    if target.is_dir():
        raise BadSetting(f"{target} is a folder; give the name of a file, such as {target / 'dataset.zip'}.")
    _remove_abandoned(target)
    new = target.with_name(f".{target.name}.{uuid.uuid4().hex[:8]}.tmp")
    packing = _Packing(workspace, key)
    _check_room(target.absolute().parent, packing.size)
    try:
        try:
            with new.open("xb") as out:
                for piece in packing.pieces():
                    out.write(piece)
                out.flush()
                os.fsync(out.fileno())
            new.replace(target)
        finally:
            new.unlink(missing_ok=True)
    except FileNotFoundError as exc:
        if workspace.datasets.has(key):
            raise _unwritable(target, exc) from exc
        raise NotFound(f"the dataset {key} was deleted while it was saved.") from exc
    except OSError as exc:
        raise _unwritable(target, exc) from exc
    return target


def packed(workspace: Workspace, key: str) -> Iterator[bytes]:
    """Return the pieces of the zip of a dataset, made while they are asked for.  Raises NotFound at once."""
    return _foreseen(_Packing(workspace, key))


def _foreseen(packing: _Packing) -> Iterator[bytes]:
    """Yield the pieces; raises NotFound where the dataset, or a run, is deleted meanwhile."""
    try:
        yield from packing.pieces()
    except FileNotFoundError as exc:
        raise NotFound(f"the dataset {packing.key}, or a map of it, was deleted while it was saved.") from exc


@dataclass
class _Packing:
    """One dataset on its way into a zip: what goes in is settled when it is made, and read when it is its turn."""

    workspace: Workspace
    key: str
    dataset: Dataset = field(init=False)
    files: dict[str, Path] = field(init=False)
    runs: list[dict[str, Any]] = field(init=False)
    unfinished: int = field(init=False)

    def __post_init__(self) -> None:
        record = self.workspace.datasets.record(self.key)
        self.dataset = self.workspace.datasets.open(self.key, on_disk=True)
        home = self.workspace.datasets.folder(self.key)
        names = ("dataset.json", "items.parquet", "table.parquet", "places.parquet", "rejected.jsonl", "vectors.npy")
        self.files = {f"dataset/{name}": home / name for name in names if (home / name).exists()}
        self.tops = _tops(home / "source", record, keeps=self.workspace.datasets.keeps_source(self.key))
        for top, path in self.tops.items():
            self.files.update(_below(f"{SOURCE}{top}", path))
        self.gone = sum(not path.exists() for path in self.tops.values())
        runs = [one for one in self.workspace.runs.records() if one["dataset"] == self.key]
        self.runs = [one for one in runs if _is_done(self.workspace, one)]
        self.unfinished = len(runs) - len(self.runs)
        for part in {name for one in self.runs for name in parts_of(self.workspace, one).values()}:
            stage, stage_key = part.split("-", 1)
            folder = self.workspace.results.folder(stage, stage_key)
            own = (file for file in children(folder) if is_expected(f"stages/{part}/{file.name}"))
            self.files.update({f"stages/{part}/{file.name}": file for file in own})
        if len(self.files) > MOST_ENTRIES - 2 * len(self.runs) - 3:
            cure = "put what it was read from into a zip file, and load that"
            raise BadSetting(f"“{self.dataset.name}” consists of more than {MOST_ENTRIES:,} files; {cure}.")

    @property
    def size(self) -> int:
        """Bytes that the zip takes at most, about."""
        sizes = sum(path.stat().st_size for path in self.files.values() if path.exists())
        rows = self.files["dataset/items.parquet"].stat().st_size + self.files["dataset/table.parquet"].stat().st_size
        return sizes + 4 * rows + 300 * len(self.files)

    def pieces(self) -> Iterator[bytes]:
        """Yield the zip."""
        sink, sums = Sink(), dict[str, str]()
        with zipfile.ZipFile(sink, "w") as archive:
            for name, blocks, size in self._entries():
                digest = hashlib.sha256()
                info = zipfile.ZipInfo(name, dt.datetime.now().timetuple()[:6])
                info.compress_type = zipfile.ZIP_DEFLATED if name.endswith(_PLAIN) else zipfile.ZIP_STORED
                with archive.open(info, "w", force_zip64=size is None or size > 2**30) as out:
                    for block in blocks:
                        digest.update(block)
                        out.write(block)
                        yield sink.taken()
                sums[name] = digest.hexdigest()
            listed = "".join(f"{digest}  {name}\n" for name, digest in sums.items()).encode()
            archive.writestr(CHECKSUMS, listed, zipfile.ZIP_DEFLATED)
            archive.writestr(MANIFEST, json.dumps(self._manifest(listed, len(sums)), ensure_ascii=False, indent=1))
            yield sink.taken()
        yield sink.taken()

    def _entries(self) -> Iterator[tuple[str, Iterable[bytes], int | None]]:
        """Yield names, blocks and sizes in bytes, None for one that is not known before."""
        moved = moved_items(self.dataset, self._moved)
        for name, path in self.files.items():
            if name == "dataset/items.parquet" and moved is not None:
                yield name, _as_parquet(moved), None
            elif path.exists() or not name.startswith(SOURCE):
                yield name, _blocks(path), path.stat().st_size
        yield ITEMS_CSV, rows_as_csv(self.dataset, CSV_ROWS), None
        for one in self.runs:
            told = {**one, "parts": parts_of(self.workspace, one)}
            titles = titles_of(self.workspace, one["run"])
            records = {f"runs/{one['run']}.json": told, f"runs/{one['run']}.titles.json": titles}
            for name, value in records.items():
                if value:
                    content = json.dumps(value, ensure_ascii=False).encode()
                    yield name, [content], len(content)

    def _manifest(self, listed: bytes, files: int) -> dict[str, Any]:
        return {
            "format": FORMAT,
            "schema": SCHEMA,
            "made_by": f"embedding-explorer {versions()['embedding-explorer']}",
            "created": dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
            "dataset": self.key,
            "name": self.dataset.name,
            "rows": len(self.dataset),
            "runs": [one["run"] for one in self.runs],
            "left_out": {"runs that are not finished": self.unfinished, "originals that are gone": self.gone},
            "files": files,
            "checksums": hashlib.sha256(listed).hexdigest(),
        }

    def _moved(self, path: str) -> str:
        """Return where a file that items lie in is within the archive's ``dataset/``."""
        for top, home in self.tops.items():
            if Path(path) == home or Path(path).is_relative_to(home):
                return (Path("source") / top / Path(path).relative_to(home)).as_posix()
        return (Path("source") / Path(path).name).as_posix()


def parts_of(workspace: Workspace, record: Mapping[str, Any]) -> dict[str, str]:
    """Return the results that a run is carried over with, by what they are to it: {"embed": "embed-0123…"}."""
    plan = Plan.from_json(record["plan"])
    asked = {"terms": plan.terms, "phrases": plan.phrases, "codes": plan.keys["embed"], "sureness": plan.sureness}
    asked_too = {name: key for name, key in asked.items() if workspace.results.has(name, key)}
    space = {"space": f"project-{plan.space}"} if workspace.results.has("project", plan.space) else {}
    return {**{name: f"{name}-{key}" for name, key in {**plan.keys, **asked_too}.items()}, **space}


def _is_done(workspace: Workspace, record: Mapping[str, Any]) -> bool:
    plan = Plan.from_json(record["plan"])
    return record["state"] == "done" and all(done(workspace, plan, stage) for stage in STAGES)


def _tops(kept: Path, record: Mapping[str, Any], *, keeps: bool) -> dict[str, Path]:
    """Return the files and folders that a dataset was read from, each under a name of its own."""
    paths = [*(sorted(children(kept)) if keeps else ()), *(Path(path) for path in record.get("origin", ()))]
    tops: dict[str, Path] = {}
    for path in paths:
        name, number = path.name or "files", 2
        while name in tops:
            name, number = f"{path.stem} ({number}){path.suffix}", number + 1
        tops[name] = path
    return tops


def _below(name: str, path: Path) -> Iterator[tuple[str, Path]]:
    """Yield the files of a folder, or the file, under their names in the archive; no links and no hidden ones."""
    if path.is_dir():
        for child in sorted(children(path)):
            if not child.name.startswith(".") and not child.is_symlink():
                yield from _below(f"{name}/{child.name}", child)
    elif is_expected(name):
        yield name, path


def _as_parquet(groups: Iterator[Any]) -> Iterator[bytes]:
    """Yield the Parquet file of Arrow tables, a group of rows each."""
    import pyarrow.parquet as pq

    first, sink = next(groups), Sink()
    with pq.ParquetWriter(sink, first.schema) as writer:
        for group in chain([first], groups):
            writer.write_table(group, row_group_size=len(group))
            yield sink.taken()
    yield sink.taken()


def _blocks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            yield block


def _remove_abandoned(target: Path) -> None:
    """Remove what a killed export to this place left: one that goes on writes all the time."""
    for left in children(target.absolute().parent):
        if left.name.startswith(f".{target.name}.") and left.suffix == ".tmp":
            with suppress(OSError):
                if time.time() - left.stat().st_mtime > ABANDONED_SECONDS:
                    left.unlink()


def _check_room(folder: Path, size: int) -> None:
    if folder.is_dir() and shutil.disk_usage(folder).free - size < _KEEP_FREE:
        raise CannotWrite(
            f"there is no room for {size / 2**20:,.0f} MB in {folder}; free some space, or choose another."
        )


def _unwritable(place: Path, exc: OSError) -> BadSetting:
    return BadSetting(
        f"cannot write {place}: {(exc.strerror or str(exc)).lower()}. Choose a place that you may write to."
    )
