"""Reads the files of a dataset again in another way: another text column, other choices, each file by itself.

What people set of a dataset – types of columns, its name, a note – goes along; what cannot is said.  How a file is read
at all, `readers` and `reading` say.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from explorer.errors import BadSetting, ExplorerError, NotFound, NotReady, UnknownColumn
from explorer.ingest import JOINED_BY, SOURCE, changed, columns_asked, named_without
from explorer.server.readers import Readers
from explorer.server.reading import Reading
from explorer.server.uploads.became import Became
from explorer.types import capitalized, cut
from explorer.workspace import Workspace, erase, link, storing

_NAMES_SHOWN, _NAME_SHOWN = 6, 60
MOST_APART = 20
"""Files that are offered to be kept apart, at most: more are a collection."""


def read_again(
    workspace: Workspace, readers: Readers, key: str, text: str | Sequence[str] | None, choices: Mapping[str, str]
) -> tuple[str, list[str]]:
    """Read a dataset's files with what changes of how they were read.

    Return the key of the dataset that results, and a sentence for each thing that somebody had set and that is not in
    force any more.  It takes the place of the one before, unless that one has runs.  Raises what ingest raises,
    NotFound, and NotReady where the files are gone: the one before stays then.
    """
    files = workspace.datasets.source_files(key)
    record = workspace.datasets.record(key)
    if not files:
        raise NotReady(f"the file that “{record['name']}” was read from is gone; drop it again.")
    if record.get("version"):
        first = record["version"]["first"]
        raise BadSetting(f"“{record['name']}” is a version of “{first}”: read that in another way, and change it anew.")
    asked = changed(record.get("asked", {}), choices)
    if len(columns_asked(text)) == 1:
        asked = {name: value for name, value in asked.items() if name not in JOINED_BY}
    name = named_without(record["name"], record.get("choices", ()))
    with _linked(workspace, key, files, Reading((), text, name, choices=asked)) as reading:
        made = _read(readers, reading, record)
    forgotten = [*_choices_left(record, asked, choices), *_texts_left(workspace, record, made, text)]
    if made != key:
        forgotten += _carry(workspace, key, made)
        with suppress(_Used, NotFound):
            workspace.delete_dataset(key, check=partial(_check_unused, workspace, record))
    return made, forgotten


def _carry(workspace: Workspace, key: str, made: str) -> list[str]:
    """Give a dataset what somebody set of the one that was read in another way; say what has no place in it."""
    kept = workspace.datasets
    before, after = kept.record(key), kept.record(made)
    if before.get("renamed") and not after.get("renamed"):
        kept.rename(made, str(after["name"]))
    if before.get("note") and not after.get("note"):
        kept.describe(made, str(before["note"]))
    there, texts = _carry_types(workspace, before, made), {after["text_column"]}
    lost = [column for column in before.get("readings", {}) if column not in there or column in texts]
    if not lost:
        return []
    types = "the type that you set of it is" if len(lost) == 1 else "the types that you set of them are"
    gone, text = [one for one in lost if one not in there], [one for one in lost if one in there]
    named = [f"there is no column {_listed(gone)} now"] if gone else []
    named += [f"{_listed(text)} is the text now"] if text else []
    return [f"{capitalized(' and '.join(named))}: {types} not in use."]


def _carry_types(workspace: Workspace, before: Mapping[str, Any], made: str) -> set[str]:
    """Give a dataset the types that somebody set of columns that it has, too; return all its columns."""
    kept = workspace.datasets
    there = {*kept.record(made)["columns"], *kept.columns(made)}
    for column, read_as in before.get("readings", {}).items():
        if column in there:
            kept.set_reading(made, column, read_as)
    return there


def _choices_left(record: Mapping[str, Any], asked: Mapping[str, str], changes: Mapping[str, str]) -> list[str]:
    """Say which choices of how files are read hung on one that was changed, and are found anew."""
    labels = {one["name"]: str(one["label"]).lower() for one in record.get("choices", ())}
    left = [name for name in record.get("asked", {}) if name not in asked and name not in changes]
    left = [name for name in left if name not in JOINED_BY]  # it joins nothing any more, which is seen
    words = ", ".join(labels.get(name, name) for name in left)
    return [f"{capitalized(words)}: what you chose belonged to what was read before; it is found anew."] if left else []


def _texts_left(workspace: Workspace, record: Mapping[str, Any], made: str, text: object) -> list[str]:
    """Say that the columns that somebody chose for the text are not all there, so that others were found."""
    before, now = _chosen_before(record), workspace.datasets.record(made)
    if text is not None or not before or before in (now.get("text_columns"), [now["text_column"]]):
        return []
    columns, are = ("column", "is") if len(before) == 1 else ("columns", "are")
    found = f"; the text is {_listed([now['text_column']])} now" if now["text_column"] else ""
    return [f"The {columns} {_listed(before)} that you chose as text {are} not in it{found}."]


def _listed(columns: Sequence[str]) -> str:
    shown = ", ".join(f"“{cut(name, _NAME_SHOWN)}”" for name in columns[:_NAMES_SHOWN])
    return f"{shown} and {len(columns) - _NAMES_SHOWN:,} more" if len(columns) > _NAMES_SHOWN else shown


def read_apart(workspace: Workspace, readers: Readers, key: str) -> list[str]:
    """Read each of the files that a dataset was put together from by itself; return the keys of what results, in order.

    They take the place of the one together, unless that one has runs.  Raises what ingest raises, NotFound, NotReady
    where the files are gone, BadSetting where there is but one: the one together stays then, and so does what is read.
    """
    files, record = files_apart(workspace, key), workspace.datasets.record(key)
    if not files:
        name = record["name"]
        raise BadSetting(f"“{name}” was not put together from several files that are there still; it stays as it is.")
    made = []
    for file in files:
        with _linked(workspace, key, [file], Reading(())) as reading:
            made.append(readers.read(reading))
            _carry_types(workspace, record, made[-1])
    if key not in made:
        with suppress(_Used, NotFound):
            workspace.delete_dataset(key, check=partial(_check_unused, workspace, record))
    return made


def files_apart(workspace: Workspace, key: str) -> list[Path]:
    """Return the files of which a dataset is, one below the other, where each could be one by itself; else none."""
    record = workspace.datasets.record(key)
    files = workspace.datasets.source_files(key)
    several = 1 < len(files) <= MOST_APART and record.get("text_column") is not None and not record.get("version")
    below = any(name == SOURCE or name.startswith(f"{SOURCE}_") for name in record.get("columns", ()))
    beside = bool(record.get("given")) and any(file.suffix == ".npy" for file in files)  # vectors of rows, side by side
    return files if several and below and not beside else []


class _Used(ExplorerError):
    """There are maps of a dataset, or somebody has asked for it since."""


def _check_unused(workspace: Workspace, record: Mapping[str, Any]) -> None:
    key = record["dataset"]
    mapped = any(run["dataset"] == key for run in workspace.runs.records())
    if mapped or workspace.datasets.record(key).get("wanted") != record.get("wanted"):
        raise _Used(f"the dataset {key} is used.")


def _read(readers: Readers, reading: Reading, record: Mapping[str, Any]) -> str:
    """Read with the text column of before, if somebody chose it and it is there, where no other is asked for."""
    before = _chosen_before(record)
    if reading.text is None and before:
        with suppress(UnknownColumn):
            return readers.read(replace(reading, text=before))
    return readers.read(reading)


def _chosen_before(record: Mapping[str, Any]) -> list[str]:
    """Return the text columns that somebody chose; none where the text column was found."""
    joined, one = record.get("text_columns", []), record["text_column"]
    return joined or ([] if one is None or one in record.get("candidates", [one])[:1] else [one])


@contextmanager
def _linked(workspace: Workspace, key: str, files: Sequence[Path], reading: Reading) -> Iterator[Reading]:
    """Give how to read the files once more; uploaded ones get links of their own, so that each can be deleted."""
    if not workspace.datasets.keeps_source(key):
        paths = tuple(str(file) for file in files)
        yield replace(reading, paths=paths, origin=paths)
        return
    links = workspace.writer.temporary(workspace.path / "uploads" / "again")
    try:
        with storing(links.parent):
            for file in files:
                if file.is_dir():
                    shutil.copytree(file, links / file.name, copy_function=link)
                else:
                    links.mkdir(parents=True, exist_ok=True)
                    link(str(file), str(links / file.name))
        yield replace(reading, paths=tuple(str(links / file.name) for file in files), source=str(links))
    finally:
        erase(links)


class ReadSince:
    """Knows what datasets that are gone were read as since; in memory only, safe to use from several threads."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace, self._made = workspace, Became()

    def note(self, key: str, made: str) -> None:
        """Remember that a dataset was read in another way, and what that made."""
        self._made.note(key, made)

    def of(self, key: str) -> dict[str, Any] | None:
        """Return the record of what a dataset is read as now; None where that is not known."""
        seen = {key}
        while (made := self._made.dataset(key)) and made not in seen:
            if self._workspace.datasets.has(made):
                return self._workspace.datasets.record(made)
            seen.add(made)
            key = made
        return None
