"""Reads the files of a dataset again in another way: another text column, other choices.

How a file is read at all, `readers` and `reading` say.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

from explorer.errors import BadSetting, NotReady, UnknownColumn
from explorer.ingest import JOINED_BY, changed, columns_asked, named_without
from explorer.server.readers import Readers
from explorer.server.reading import Reading
from explorer.workspace import Workspace, erase, link, storing


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
    if made != key and not any(run["dataset"] == key for run in workspace.runs.records()):
        workspace.delete_dataset(key)
    return made


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
            shutil.copytree(files[0].parent, links, copy_function=link)
        yield replace(reading, paths=tuple(str(links / file.name) for file in files), source=str(links))
    finally:
        erase(links)
