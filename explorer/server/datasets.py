"""What can be done with datasets: read uploads into them, preview them, read them again, rename and delete them.

It does not read files itself (`reading` and ingest do) and knows of runs only that they go with their dataset.
"""

from __future__ import annotations

import reprlib
import threading
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeAlias

from explorer.columns import parse_reading
from explorer.errors import BadChoice, BadSetting, CannotWrite, ExplorerError, NotFound, ReadingEnded, UnknownColumn
from explorer.ingest import NOTED, Change, pasted_as
from explorer.kinds import which
from explorer.questions import columns_of
from explorer.server.early import Early, tops_of
from explorer.server.firstrows import PREVIEW_COLUMNS, are_written, cells_of, first_rows
from explorer.server.once import Once
from explorer.server.readers import Readers
from explorer.server.reading import Reading, reading_of_pasted
from explorer.server.rereading import ReadSince, read_again
from explorer.server.runs import Runs, named
from explorer.server.uploads import Became, Uploads
from explorer.types import Dataset, Rejected, cut, lost
from explorer.workspace import Workspace, is_sample, is_small, nothing, storing

PREVIEW_ROWS = 10
LOOKED_AT = 20_000
"""Rows by which a preview judges what columns are."""
MOST_NOTE = 10_000
"""Characters of a note on a dataset."""
_NAMES_SHOWN, _NAME_SHOWN = 30, 100
_COLUMNS_KEPT = 16
_READ_AGAIN = (ReadingEnded, UnknownColumn, BadChoice, CannotWrite)
"""After these an upload is worth another try."""
Choices: TypeAlias = Mapping[str, str]
Texts: TypeAlias = str | Sequence[str] | None
"""The text column, several that are joined, or None for the one that is found."""
AS_FOUND: Choices = MappingProxyType({})
AS_IT_IS = Change()


def _read_pasted(readers: Readers, reading: Reading, *, chosen: bool) -> str:
    """Read a pasted text and return its key; what nobody *chose* is no reason to refuse it: it may be JSON."""
    try:
        return readers.read(reading)
    except BadChoice:
        if chosen or not reading.choices:
            raise
    return readers.read(replace(reading, choices={}, pasted=False))


class Datasets:
    """The datasets of a workspace and the uploads that become some; answers are plain values."""

    def __init__(self, workspace: Workspace, uploads: Uploads, runs: Runs, readers: Readers) -> None:
        self._workspace, self._uploads, self._runs, self._readers = workspace, uploads, runs, readers
        self._readings: dict[str, threading.Event] = {}
        self._became, self.since = Became(), ReadSince(workspace)
        self.early = Early(uploads, readers, self._lives)
        self._guard = threading.Lock()
        self._columns = Once(_COLUMNS_KEPT)
        runs.opened.also(self._columns, self.early)

    def all(self) -> list[dict[str, Any]]:
        """Return what there is to say of every dataset, newest first."""
        return [_told(record) for record in self._workspace.datasets.records()]

    def one(self, key: str) -> dict[str, Any]:
        """Return what there is to say of one dataset; raises NotFound."""
        return _told(self._workspace.datasets.record(key))

    def preview(self, key: str, limit: int = PREVIEW_ROWS) -> dict[str, Any]:
        """Return the first rows, the columns that could be the text, and what was rejected.

        Long cells are cut; *more_columns* are left out.  Of a version the *changed* rows, new or edited, come first.
        """
        dataset, shown, changed = first_rows(self._workspace, key, limit)
        rows, more = cells_of(dataset, written=are_written(self._workspace, key))
        pictures = shown[which(dataset.items, lambda kind: kind.has_picture)].tolist()
        return {
            **self.one(key),
            "columns": list(rows[0]) if rows else [],
            "more_columns": more,
            "rows": rows,
            "changed": changed,
            "count": self._workspace.datasets.record(key)["rows"],
            "candidates": _candidates(self._workspace, self._readers, key),
            "rejected": self.rejected(key),
            "choices": self.choices(key),
            "images": [f"/api/v1/datasets/{key}/thumbnails/{row}.jpg" for row in pictures],
        }

    def filled(self, key: str) -> dict[str, dict[str, Any]]:
        """Return what the columns beside the text hold: "type" in a word, and how many rows are "filled"."""
        return self._workspace.datasets.columns(key)

    def choices(self, key: str) -> list[dict[str, Any]]:
        """Return how a dataset's files were read, where they could be read in another way."""
        return list(map(_choice, self._workspace.datasets.record(key).get("choices", [])))

    def rejected(self, key: str) -> list[dict[str, Any]]:
        """Return what could not be read of a dataset's source, the first thousand of each kind of reason."""
        told = self._workspace.datasets.record(key)["rejected"]
        return [{**one, "place": Rejected(**one).where} for one in told]

    def rejected_kinds(self, key: str) -> list[dict[str, Any]]:
        """Return how many could not be read by kind of reason, each with its first reason; the most first."""
        return list(self._workspace.datasets.record(key)["rejected_kinds"])

    def faults(self, key: str) -> list[dict[str, Any]]:
        """Return the faults by kind; none for a dataset of an earlier version."""
        return list(self._workspace.datasets.record(key).get("faults", ()))

    def all_rejected(self, key: str, *, offset: int, limit: int) -> dict[str, Any]:
        """Return how many could not be read, how many by kind of reason, and some of them, by row."""
        record, faults = self._workspace.datasets.record(key), self._workspace.datasets.rejected(key)
        return _some_rejected(record, faults[offset : offset + limit])

    def read_again(self, key: str, *, text: Texts = None, choices: Mapping[str, str] | None = None) -> dict[str, Any]:
        """Read a dataset's source again in another way, and return the dataset that results.

        *choices* are what changes of how it was read, an empty value as it is found.  The result takes the place of the
        other, as `rereading.read_again` says; what was set goes along, and "forgotten" says what could not.
        """
        made, forgotten = read_again(self._workspace, self._readers, key, text, choices or {})
        if made != key:
            self._runs.opened.forget(key)
            self.since.note(key, made)
        return {**self.one(made), "forgotten": forgotten}

    def add_text(
        self, text: str, name: str, *, choices: Choices = AS_FOUND, to: str = "", change: Change = AS_IT_IS
    ) -> dict[str, Any]:
        """Make a dataset of pasted text: its lines, rows of a spreadsheet, or by *choices*; raises CannotWrite.

        *to* a dataset they are added, and what results is a new version of that, with a *change* of its other rows.
        """
        upload = self._uploads.create(once=True)
        try:
            file = self._uploads.home(upload) / "pasted.txt"
            with storing(self._workspace.path):
                file.write_bytes(text.encode("utf-8", "surrogatepass"))
            asked = choices or pasted_as(text, added=bool(to))
            reading = reading_of_pasted(file, name, asked, to=to).with_change(change)
            return self.one(_read_pasted(self._readers, reading, chosen=bool(choices)))
        finally:
            self._uploads.remove(upload)

    def add_path(self, path: Path, *, text: Texts = None, choices: Choices = AS_FOUND) -> dict[str, Any]:
        """Make a dataset of a file or folder that stays where it is."""
        place = str(path.resolve())
        return self.one(self._readers.read(Reading((place,), text, origin=(place,), choices=dict(choices))))

    def add_upload(
        self, upload: str, *, text: Texts = None, choices: Choices = AS_FOUND, to: str = "", change: Change = AS_IT_IS
    ) -> dict[str, Any]:
        """Make a dataset of what was uploaded; on an error the upload is removed and nothing else changes.

        *to* a dataset its rows are added, and what results is a new version of that, with a *change* of its other rows.

        Raises what ingest raises, and Cancelled after `cancel_upload`.  After ReadingEnded, UnknownColumn, BadChoice
        and CannotWrite the upload is still there, to be read again; after NotReady, while a file of it is being sent,
        too.  Asked again after an answer that was lost, it says once more what an upload became.
        """
        known = self._became.dataset(upload)
        if known is not None and self._workspace.datasets.has(known):
            made = self.one(known)
            if not to or made.get("version", {}).get("parent") == to:
                return made
        with self._uploads.complete(upload):
            home, tops = self._uploads.home(upload), tops_of(self._uploads, upload)
            reading = Reading(tops, text, source=str(home), choices=dict(choices), changes=to)
            return self._read_upload(upload, reading.with_change(change))

    def _read_upload(self, upload: str, reading: Reading) -> dict[str, Any]:
        with self._guard:
            stop = self._readings[upload] = threading.Event()
        key = ""
        try:
            key = self._readers.read(reading, stop=stop)
            self._became.note(upload, key)
            self._uploads.remove(upload)
        except BaseException as exc:
            if stop.is_set() or not isinstance(exc, _READ_AGAIN):
                self._uploads.remove(upload)
            raise
        finally:
            with self._guard:
                del self._readings[upload]
            self.early.sweep()
            if not key:
                self._workspace.sweep(thumbnails=True)  # those of pictures that were read before the error
        return self.one(key)

    def cancel_upload(self, upload: str) -> None:
        """Stop an upload, or the reading of it; what came is removed and nothing is added."""
        with self._guard:
            stop = self._readings.get(upload)
        if stop is not None:
            stop.set()  # the reader removes the files when it has stopped
        else:
            self._uploads.remove(upload)
            self.early.sweep()

    def columns(self, key: str) -> list[dict[str, Any]]:
        """Return how each column of the table is read, and how else it may be."""
        record = self._workspace.datasets.record(key)
        state = (key, tuple(sorted(record.get("readings", {}).items())))
        if is_small(record) and len(record["columns"]) <= PREVIEW_COLUMNS:
            return self._columns.get(state, lambda: columns_of(self._workspace.datasets.open(key)))
        return self._columns.get(state, lambda: self._judged(key))

    def _judged(self, key: str) -> list[dict[str, Any]]:
        """Return how columns are read by all rows, by the first ones where that takes too long: never tried again."""
        try:
            return self._readers.columns(key)
        except ReadingEnded:
            return self.looked_at(key)

    def looked_at(self, key: str) -> list[dict[str, Any]]:
        """Return how the first columns are read, judged by the first rows alone: in no time, whatever the size.

        *of* is how many rows that are: at most LOOKED_AT.
        """
        readings = self._workspace.datasets.record(key).get("readings", {})
        state = (key, LOOKED_AT, tuple(sorted(readings.items())))
        return self._columns.get(state, lambda: _looked_at(self._workspace.datasets.head(key, LOOKED_AT)))

    def set_reading(self, key: str, column: str, read_as: str | None) -> None:
        """Set how a column is read, None as it is recognised; raises NotFound, BadSetting, CannotWrite."""
        set_reading(self._workspace, key, column, read_as)
        self._runs.opened.forget()

    def rename(self, key: str, name: str | None, note: str | None = None) -> None:
        """Give a dataset another name, and its maps that bear its name; keep a *note* on it.  None: as it is."""
        if note is not None:
            describe(self._workspace, key, note)
            self._runs.opened.forget()
        if name is None:
            return
        _rename(self._workspace, key, named(name))
        self._runs.opened.forget()

    def delete(self, key: str, *, check: Callable[[], None] = nothing) -> None:
        """Remove a dataset and its runs, unless *check* raises something."""
        self._runs.delete_dataset(key, check=check)

    def _lives(self, upload: str) -> bool:
        """Whether the dataset that an upload became is here."""
        made = self._became.dataset(upload)
        return made is not None and self._workspace.datasets.has(made)


def _rename(workspace: Workspace, key: str, name: str) -> None:
    """Give a dataset, and its maps that bear its name, another one."""
    old = workspace.datasets.record(key)["name"]
    workspace.datasets.rename(key, name)
    for run in workspace.runs.records():
        if run["dataset"] == key and run["name"] == old:
            with suppress(NotFound):  # deleted meanwhile
                workspace.runs.update(run["run"], name=name)


def _candidates(workspace: Workspace, readers: Readers, key: str) -> list[str]:
    """Return the columns that could be the text, the one in use first."""
    record = workspace.datasets.record(key)
    chosen, found = record["text_column"], record.get("candidates")
    if chosen is None:
        return []
    if found is None:  # an earlier version wrote the record
        try:
            found = readers.candidates(workspace.datasets.source_files(key))
        except ExplorerError:
            found = []
    return [chosen, *(name for name in found if name != chosen)]


def _choice(told: Mapping[str, Any]) -> dict[str, Any]:
    return {**told, "options": [{"value": value, "label": label} for value, label in told["options"]]}


def _some_rejected(record: Mapping[str, Any], faults: Sequence[Rejected]) -> dict[str, Any]:
    return {
        "count": record["rejected_count"],
        "notes": record.get("notes", 0),
        "left_out": record.get("left_out", {}),
        "lost": lost(record.get("left_out", {}), record["rejected_count"]),
        "kinds": record["rejected_kinds"],
        "rejected": [{**asdict(fault), "place": fault.where} for fault in faults],
    }


def _told(record: Mapping[str, Any]) -> dict[str, Any]:
    names = ("dataset", "name", "rows", "modalities", "columns", "text_column", "created")
    known = {**{name: record[name] for name in names}, "sample": is_sample(record)}
    known |= {"version": record["version"]} if "version" in record else {}
    known |= {"note": record.get("note", ""), "text_columns": record.get("text_columns", [])}
    known |= {"imported": record["imported"]} if "imported" in record else {}
    known |= {name: record.get(name, {}) for name in ("languages", "unread", "readings", "described")}
    known |= {"left_out": record.get("left_out", {}), "text_beside": record.get("text_beside", False)}
    known |= {"given": record["given"]} if "given" in record else {}
    kinds = [fault["kind"] for fault in record.get("faults", ())]
    counts = {"faults": len(kinds), "noted": sum(kind in NOTED for kind in kinds)}
    known["lost"] = lost(known["left_out"], record["rejected_count"])
    return {**known, "rejected": record["rejected_count"], "notes": record.get("notes", 0), **counts}


def describe(workspace: Workspace, key: str, note: str) -> None:
    """Keep a note on a dataset, "" for none: plain text; raises NotFound, BadSetting, CannotWrite."""
    lines = note.replace("\r\n", "\n").replace("\r", "\n")
    kept = "".join(c for c in lines if c in "\n\t" or unicodedata.category(c) not in ("Cc", "Cs")).strip()
    if len(kept) > MOST_NOTE:
        raise BadSetting(f"the note has {len(kept):,} characters; it may have {MOST_NOTE:,}. Shorten it.")
    workspace.datasets.describe(key, kept)


def _looked_at(dataset: Dataset) -> list[dict[str, Any]]:
    found = columns_of(replace(dataset, table=dataset.table.iloc[:, :PREVIEW_COLUMNS]))
    return [{**one, "of": len(dataset)} for one in found]


def set_reading(workspace: Workspace, key: str, column: str, read_as: str | None) -> None:
    """Set how a column of a dataset is read, None as it is recognised; raises NotFound, BadSetting, CannotWrite."""
    known = workspace.datasets.columns(key)
    if column not in known:
        raise NotFound(f"there is no column {reprlib.repr(column)}; the columns are {_listed(list(known))}.")
    if read_as is not None:
        parse_reading(read_as)
    workspace.datasets.set_reading(key, column, read_as)


def _listed(names: Sequence[str]) -> str:
    shown = ", ".join(cut(name, _NAME_SHOWN) for name in names[:_NAMES_SHOWN]) or "none"
    return f"{shown} and {len(names) - _NAMES_SHOWN:,} more" if len(names) > _NAMES_SHOWN else shown
