"""Finds what a crash left in a workspace that a sweep does not take, and mends it; nothing that can be read is removed.

A record that cannot be read is moved to ``damaged/``, with all that belongs to it; a result that cannot be read is
removed, since it is computed again, and its runs can be resumed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from explorer.errors import ExplorerError, WorkspaceUnusable
from explorer.runs import ACTIVE, STAGES, Plan, done
from explorer.workspace import Workspace, children, is_held, is_whole, read_json, remove, result_in, storing

DAMAGED = "damaged"


@dataclass(frozen=True)
class Fault:
    """Something that is not as it should be: what, what mending does, and what mends it."""

    what: str
    cure: str
    mend: Callable[[], Any]


def faults(workspace: Workspace) -> Iterator[Fault]:
    """Yield what is wrong with records and results; what is mended of one may be what is wrong with the next."""
    datasets = set[str]()
    for folder in filter(is_whole, children(workspace.path / "datasets")):
        why = _unreadable(folder / "dataset.json", ("dataset", "name", "rows", "rejected"))
        if why is None:
            datasets.add(folder.name)
        elif why:
            yield Fault(f"dataset {folder.name}: {why}", _MOVED, partial(_set_aside, workspace, folder))
    for file in children(workspace.path / "runs"):
        if file.suffix == ".json" and is_whole(file):
            yield from _of_run(workspace, file, datasets)


_MOVED = f"moved to {DAMAGED}/, its files are still there"


def _of_run(workspace: Workspace, file: Path, datasets: set[str]) -> Iterator[Fault]:
    why = _unreadable(file, ("run", "dataset", "state", "created", "results"))
    if why:
        yield Fault(f"run {file.stem}: {why}", _MOVED, partial(_set_aside, workspace, file))
        return
    record = read_json(file) or {}
    if record["dataset"] not in datasets:
        yield Fault(f"run {file.stem}: its dataset is not here", _MOVED, partial(_set_aside, workspace, file))
        return
    for folder in _damaged_results(workspace, record):
        yield Fault(f"result {folder.name}: it cannot be read", "removed; resume its runs", partial(remove, folder))
    interrupt = partial(workspace.runs.update, file.stem, state="interrupted")
    if is_abandoned(workspace, record):
        yield Fault(f"run {file.stem}: nobody works on it", "told to be interrupted; resume it", interrupt)
    elif record["state"] == "done" and not _is_complete(workspace, record):
        yield Fault(f"run {file.stem}: results are missing", "told to be interrupted; resume it", interrupt)


def is_abandoned(workspace: Workspace, record: Mapping[str, Any]) -> bool:
    """Whether a run is told to be queued or running, and nobody works on it."""
    return record["state"] in ACTIVE and not is_held(workspace.runs.lock(record["run"]))


def _unreadable(file: Path, names: tuple[str, ...]) -> str | None:
    """Return why a record cannot be used, "" where there is none, None for one that can."""
    try:
        record = read_json(file)
    except WorkspaceUnusable:
        return "its record is damaged"
    if record is None:
        return "" if not file.exists() else "its record is none"
    return None if all(name in record for name in names) else "its record is not whole"


def _is_complete(workspace: Workspace, record: dict[str, Any]) -> bool:
    try:
        plan = Plan.from_json(record["plan"])
        return all(done(workspace, plan, stage) for stage in STAGES)
    except (ExplorerError, KeyError, TypeError, AttributeError):
        return True  # of another version: it is not for us to say


def _damaged_results(workspace: Workspace, record: dict[str, Any]) -> Iterator[Path]:
    for name in record["results"]:
        folder = workspace.path / "stages" / str(name)
        if (folder / "record.json").exists():
            try:
                result_in(folder)
            except (OSError, ValueError, EOFError, WorkspaceUnusable):
                yield folder


def _set_aside(workspace: Workspace, path: Path) -> None:
    """Move what cannot be read out of the way; one of the same name that is there already stays."""
    home = workspace.path / DAMAGED
    with storing(workspace.path):
        home.mkdir(exist_ok=True)
        target, number = home / path.name, 2
        while target.exists():
            target, number = home / f"{path.name} ({number})", number + 1
        path.rename(target)
