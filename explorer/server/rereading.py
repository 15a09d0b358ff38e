"""Reads the files of a dataset again in another way: another text column, other choices, each file by itself.

How a file is read at all, `readers` and `reading` say.
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
from explorer.ingest import JOINED_BY, changed, columns_asked, named_without
from explorer.server.readers import Readers
from explorer.server.reading import Reading
from explorer.workspace import Workspace, erase, link, storing

MOST_APART = 20
"""Files that are offered to be kept apart, at most: more are a collection."""


def read_again(
    workspace: Workspace, readers: Readers, key: str, text: str | Sequence[str] | None, choices: Mapping[str, str]
) -> str:
    """Read a dataset's files with what changes of how they were read; return the key of the dataset that results.

    It takes the place of the one before, unless that one has runs.  Raises what ingest raises, NotFound, and NotReady
    where the files are gone: the one before stays then.
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
    if made != key:
        _take_along(workspace, record, made)
        with suppress(_Used, NotFound):
            workspace.delete_dataset(key, check=partial(_check_unused, workspace, record))
    return made


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
    if key not in made:
        with suppress(_Used, NotFound):
            workspace.delete_dataset(key, check=partial(_check_unused, workspace, record))
    return made


def files_apart(workspace: Workspace, key: str) -> list[Path]:
    """Return the files of which a dataset is, one below the other, where each could be one by itself; else none."""
    record = workspace.datasets.record(key)
    files = workspace.datasets.source_files(key)
    several = 1 < len(files) <= MOST_APART and record.get("text_column") is not None and not record.get("version")
    return files if several else []


class _Used(ExplorerError):
    """There are maps of a dataset, or somebody has asked for it since."""


def _check_unused(workspace: Workspace, record: Mapping[str, Any]) -> None:
    key = record["dataset"]
    mapped = any(run["dataset"] == key for run in workspace.runs.records())
    if mapped or workspace.datasets.record(key).get("wanted") != record.get("wanted"):
        raise _Used(f"the dataset {key} is used.")


def _take_along(workspace: Workspace, record: Mapping[str, Any], made: str) -> None:
    """Give the dataset that results what somebody set of the one before: how columns are read that it has, too, a note.

    Where something was set of it before, as when it was read in this way once already, that stays.
    """
    known, before = workspace.datasets.columns(made), workspace.datasets.record(made)
    for column, read_as in record.get("readings", {}).items():
        if column in known and column not in before.get("readings", {}):
            workspace.datasets.set_reading(made, column, read_as)
    if record.get("note") and not before.get("note"):
        workspace.datasets.describe(made, record["note"])


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
