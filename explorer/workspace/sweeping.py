"""Finds what belongs to nobody in a workspace: what killed processes left, and what no record names any more.

It removes nothing (`Workspace.sweep` does).  What belongs to what:

    datasets/KEY  runs/KEY.json       to themselves: they are there until they are deleted
    *.new-WRITER-3                    to the process that writes it, as long as that lives (see `files`)
    *.gone-0123abcd                   to nobody
    stages/NAME[.part]  frames/NAME   to the runs whose records name NAME; the words of a vocabulary to all datasets
    stages/NAME.part                  to whoever holds NAME.lock, too: it is swept by the worker that computes it
    runs/KEY.lock  stages/NAME.lock   to the run or result, and to whoever holds it
    runs/KEY.titles                   to the run
    thumbs/ab/NAME.jpg                to the datasets with a picture of that name
    uploads/KEY                       to whoever sends it, for a day (the server sweeps them, see `Uploads`)
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path

from explorer.errors import ExplorerError
from explorer.workspace.datafiles import RECORD as DATASET
from explorer.workspace.datafiles import thumbnails_of
from explorer.workspace.files import GONE, NEW, children, is_whole
from explorer.workspace.locks import is_held
from explorer.workspace.results import RECORD as RESULT
from explorer.workspace.runrecords import TITLES
from explorer.workspace.thumbnails import ENDINGS
from explorer.workspace.writer import WRITERS, lives, owner_of

UNSIGNED_SECONDS = 3600
"""After which what an earlier version left, which did not sign what it wrote, counts as left."""
_UNSIGNED = re.compile(r"^(again|query)-\d+$|^gone-[0-9a-f]{32}$|\.new$")
_WORDS = "words-"


def unfinished(workspace: Path) -> Iterator[Path]:
    """Yield what is not complete and whose writer is dead, and what is removed but not erased."""
    alive: dict[str, bool] = {}
    for path in _everything(workspace):
        if GONE in path.name:
            yield path
        elif NEW in path.name or _UNSIGNED.search(path.name):
            writer = owner_of(path)
            if writer and writer not in alive:
                alive[writer] = lives(workspace, writer)
            if not alive[writer] if writer else _age(path) > UNSIGNED_SECONDS:
                yield path


def dead_writers(workspace: Path) -> Iterator[Path]:
    """Yield the lock files of writers that are dead."""
    for lock in children(workspace / WRITERS):
        if not lives(workspace, lock.stem):
            yield lock


def unneeded(workspace: Path, *, results: set[str], runs: set[str]) -> Iterator[Path]:
    """Yield what belongs to none of the *runs* (keys) and is none of their *results* (names).

    Locks that somebody holds are left out.  What is not whole, as after a removal that was cut short, belongs to
    nobody either.
    """
    datasets = [path for path in children(workspace / "datasets") if is_whole(path)]
    yield from (path for path in datasets if not (path / DATASET).exists())
    for path in children(workspace / "stages"):
        name = path.name.removesuffix(".part").removesuffix(".lock")
        needed = name in results or (name.startswith(_WORDS) and bool(datasets))
        broken = path.name == name and not (path / RESULT).exists()
        if is_whole(path) and (broken or not needed) and not _computed(path):
            yield path
    yield from (path for path in children(workspace / "frames") if path.name not in results)
    yield from (path for path in children(workspace / "runs") if _lonely(path, runs))


def _computed(path: Path) -> bool:
    """Whether it is the lock that somebody holds who computes a result, or what there is of the result."""
    return path.suffix in (".lock", ".part") and is_held(path.with_suffix(".lock"))


def _lonely(lock: Path, runs: set[str]) -> bool:
    """Whether a lock that nobody holds, or names, are of none of the *runs*."""
    if lock.stem in runs or lock.suffix not in (".lock", TITLES):
        return False
    return lock.suffix == TITLES or not is_held(lock)


def unseen(workspace: Path) -> list[Path]:
    """Return the thumbnails that show a picture of no dataset; none while a dataset cannot be read."""
    thumbs = (path for folder in children(workspace / "thumbs") for path in children(folder))
    found = [path for path in thumbs if path.suffix in ENDINGS and is_whole(path)]
    if not found:  # to know what is shown takes the reading of all pictures' names
        return []
    shown: set[str] = set()
    try:
        for dataset in children(workspace / "datasets"):
            if is_whole(dataset):
                with suppress(FileNotFoundError):
                    shown |= thumbnails_of(dataset)
    except (ExplorerError, OSError, ValueError, KeyError):
        return []
    return [path for path in found if path.stem not in shown]


def size_of(paths: Iterable[Path]) -> int:
    """Return the bytes of files and folders; those that go meanwhile count nothing."""
    size = 0
    for path in paths:
        with suppress(OSError):
            size += size_of(children(path)) if path.is_dir() else path.stat().st_size
    return size


def _everything(workspace: Path) -> Iterator[Path]:
    """Yield what lies in the folders of the workspace, and what is on its way in those of datasets and results."""
    for folder in ("datasets", "stages", "runs", "frames", "uploads"):
        yield from children(workspace / folder)
    for folder in ("datasets", "stages", "thumbs"):
        for whole in children(workspace / folder):
            yield from (path for path in children(whole) if not is_whole(path) or folder == "thumbs")


def _age(path: Path) -> float:
    try:
        return time.time() - path.stat().st_mtime
    except OSError:
        return 0.0
