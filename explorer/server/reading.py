"""What to read into a dataset of a workspace, how, and within which limits; it happens in a process of its own.

It parses nothing itself (ingest does), starts no process (`readers` does) and sets no limit (`limits` does).
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from explorer import errors
from explorer.portable import import_dataset, is_portable
from explorer.workspace import Workspace

if TYPE_CHECKING:
    from explorer.ingest import Change

AT = "at"
"""What a line of a reading process starts with that says which of several files is being read."""
Told: TypeAlias = Callable[[list[str]], None]
"""Takes the name of the file, or the marks of the pictures, that are being read."""
LEAST_SECONDS, SECONDS_A_MIB = 120, 2
"""Seconds of the processor that reading may take, and those more for each MiB of the files."""


@dataclass(frozen=True)
class Reading:
    """What to read: paths, the text column or columns if chosen, a name; *source* moves into the workspace.

    *origin* stays where it is.

    *pasted*: the one path is a pasted text.  *choices* are the ways to read the files that somebody asked for,
    *without* names files of several that are left out, and *alone* pictures that are decoded one by one.
    """

    paths: tuple[str, ...]
    text: str | Sequence[str] | None = None
    name: str | None = None
    source: str | None = None
    origin: tuple[str, ...] = ()
    pasted: bool = False
    choices: Mapping[str, str] = field(default_factory=dict)
    without: tuple[str, ...] = ()
    alone: tuple[str, ...] = ()
    changes: str = ""
    """The key of the dataset that gets a new version: the files' rows are added to it, or some go or are edited."""
    removed: tuple[int, ...] = ()
    edited: tuple[tuple[int, str], ...] = ()
    hide_rejected: bool = False
    where: tuple[str, str] | None = None
    """A column and a value: rows that have it go."""
    sample: int = 0
    """How many rows of that dataset make the new version, taken by chance; 0: it is no sample."""
    by: str | None = None

    def with_change(self, change: Change) -> Reading:
        """Return this with the rows that go and the texts that are other ones in the new version."""
        edited = tuple(change.edited.items())
        removed, hides = tuple(change.removed), change.hide_rejected
        return replace(self, removed=removed, edited=edited, hide_rejected=hides, where=change.where)


def reading_of_pasted(file: Path, name: str, choices: Mapping[str, str], *, to: str = "") -> Reading:
    """Return how to read a pasted text that lies in a file, the one of its folder; *to*: the dataset it is added to."""
    named = name or ("Pasted text" if choices else None)
    return Reading(
        (str(file),), name=named, source=str(file.parent), pasted=not choices, choices=dict(choices), changes=to
    )


def read_here(workspace: Workspace, reading: Reading, stop: threading.Event, on_file: Told | None = None) -> str:
    """Read in this process, keep and return the key of the dataset; *on_file* is told which of several files is read.

    Raises what ingest raises, and Cancelled once *stop* is set: nothing is kept then.
    """
    from explorer import encoders, ingest

    def progress(_done: int, _total: int) -> None:
        if stop.is_set():
            raise cancelled()

    if reading.changes:
        return _changed(workspace, reading, stop, {"progress": progress, "on_file": on_file})
    if len(reading.paths) == 1 and not reading.pasted and is_portable(Path(reading.paths[0])):
        return import_dataset(reading.paths[0], workspace=workspace, progress=progress).dataset
    if reading.pasted:
        pasted = Path(reading.paths[0]).read_bytes().decode("utf-8", "surrogatepass")
        dataset = ingest.load_text(pasted, name=reading.name or "Pasted text")
    else:
        keep = workspace.thumbnails.keep
        load = partial(ingest.load, reading.paths, on_image=keep, progress=progress, on_file=on_file)
        load = partial(load, without=reading.without, alone=reading.alone)
        dataset = load(text=reading.text, choices=reading.choices, name=reading.name)
    progress(0, 0)
    source = Path(reading.source) if reading.source else None
    known = workspace.datasets.has(dataset.key)
    languages = {} if known else ingest.languages_of(dataset.items)
    if not known:
        dataset = replace(
            dataset, faults=(*dataset.faults, *ingest.foreign_faults(dataset.items, ingest.where_in(dataset.places)))
        )
    unread = {} if known else encoders.unread_shares(ingest.some_texts(dataset.items))
    told: dict[str, Any] = {"origin": reading.origin, "languages": languages, "unread": unread}
    made = time.time_ns()
    key = workspace.datasets.keep(dataset, source=source, more={"wanted": made}, **told)
    _let_go_if(stop, workspace, key, made)
    return key


def _let_go_if(stop: threading.Event, workspace: Workspace, key: str, made: int) -> None:
    """Raise Cancelled once *stop* is set: what this reading *made* at that time goes, unless others ask for it too."""
    if not stop.is_set():
        return

    def check() -> None:
        if workspace.datasets.record(key).get("wanted") != made:
            raise cancelled()

    with suppress(errors.NotFound):
        workspace.delete_dataset(key, check=check)
    raise cancelled()


def _changed(workspace: Workspace, reading: Reading, stop: threading.Event, told: Mapping[str, Any]) -> str:
    """Keep the version of a dataset that a reading makes, and return its key."""
    from explorer.ingest import Change
    from explorer.runs import make_sample, make_version

    paths = [Path(path) for path in reading.paths]
    check_rows(paths)
    if reading.sample:
        return make_sample(workspace, reading.changes, reading.sample, by=reading.by)
    made = time.time_ns()
    change = Change(reading.removed, dict(reading.edited), reading.hide_rejected, reading.where)
    ways = {
        "text": reading.text,
        "choices": reading.choices,
        "without": reading.without,
        "alone": reading.alone,
        **told,
    }
    more = {"wanted": made}
    key = make_version(workspace, reading.changes, change, paths, keeps=bool(reading.source), more=more, **ways)
    _let_go_if(stop, workspace, key, made)
    return key


def check_rows(paths: Sequence[Path]) -> None:
    """Raise UnreadableFile for a saved dataset among files whose rows are to be added."""
    for path in paths:
        if is_portable(path):
            raise errors.UnreadableFile(
                f"{path.name} is a saved dataset with its maps, not rows to add. Open it by itself, or take its "
                "items.csv out of it and add that."
            )


def seconds_for(paths: Sequence[str]) -> int:
    """Return the seconds of the processor that reading these files may take."""
    return LEAST_SECONDS + SECONDS_A_MIB * sum(_size(Path(path)) for path in paths) // 2**20


def cancelled() -> errors.Cancelled:
    """Return the error that says that a reading was stopped."""
    return errors.Cancelled("reading was cancelled; nothing was added.")


def _size(path: Path) -> int:
    if path.is_dir():
        return sum(file.stat().st_size for file in path.rglob("*") if file.is_file())
    return path.stat().st_size if path.exists() else 0
