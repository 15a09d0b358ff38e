"""Makes new versions of the datasets of a workspace, which share what is the same: files by links, vectors by content.

How rows change, `ingest` says; where new ones stand on a map that is there, `placing`.  The dataset that a version is
made of stays, and either may be deleted without the other.
"""

from __future__ import annotations

import shutil
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from itertools import count
from pathlib import Path
from typing import Any

import numpy as np

from explorer import encoders, ingest
from explorer.columns import LINKS, LINKS_TO
from explorer.config import default_workspace
from explorer.errors import BadSetting, UnknownColumn
from explorer.ingest import Change, OnFile
from explorer.kinds import by_kind, kind_named
from explorer.types import Dataset, IntArray, Item
from explorer.workspace import NOTHING_MORE, Workspace, children, erase, link, names_of, storing

Advance = Callable[[int, int], None]


def add_rows(
    dataset: Dataset | str,
    source: str | Path | Sequence[str | Path] = (),
    *,
    removed: Sequence[int] = (),
    edited: Mapping[int, str] | None = None,
    hide_rejected: bool = False,
    text: str | Sequence[str] | None = None,
    choices: Mapping[str, str] | None = None,
    workspace: Workspace | Path | str | None = None,
) -> Dataset:
    """Return a new version of a dataset, or of the one of a key: rows of files after its own, others gone or edited.

    Its rows keep their order; `Dataset.version` tells what it was made of.  *text* and *choices* are those of `load`
    for the files, whose text column is the dataset's if they have it.  What is embedded already is not embedded again:
    `run` lays the version out anew, `run_onto` places its new rows on a map of the dataset that it was made of.
    Raises what `load` raises, NotFound, BadSetting, NothingUsable, CannotWrite.
    """
    if not isinstance(workspace, Workspace):
        workspace = Workspace(workspace or default_workspace())
    key = workspace.datasets.add(dataset).key if isinstance(dataset, Dataset) else dataset
    given = [source] if isinstance(source, str | Path) else list(source)
    made = make_version(
        workspace,
        key,
        Change(tuple(removed), dict(edited or {}), hide_rejected),
        [Path(path).expanduser() for path in given],
        text=text,
        choices=choices,
    )
    return workspace.datasets.open(made)


def make_version(
    workspace: Workspace,
    key: str,
    change: Change,
    paths: Sequence[Path] = (),
    *,
    keeps: bool = False,
    text: str | Sequence[str] | None = None,
    choices: Mapping[str, str] | None = None,
    progress: Advance | None = None,
    on_file: OnFile | None = None,
    without: Collection[str] = (),
    alone: Collection[str] = (),
    name: str = "",
    more: Mapping[str, Any] = NOTHING_MORE,
) -> str:
    """Keep a new version of a dataset, called *name* if that is given, and return its key; see `add_rows`.

    *keeps*: the files are the workspace's from now on, as uploaded ones, by links; others stay where they are.
    *more* is what its record tells besides.
    """
    parent = workspace.datasets.open(key)
    change = change.settled(parent)
    with _shared(workspace, key, paths if keeps else ()) as (source, links):
        files = links if keeps else list(paths)
        added = None
        if files:
            on_image = workspace.thumbnails.keep
            told = {"progress": progress, "on_file": on_file, "without": without, "alone": alone}
            added = _loaded(files, text, parent, choices, on_image=on_image, **told)
            _check_no_graph(parent, added)
        if source is not None:
            parent = replace(parent, items=_moved(parent.items, workspace.datasets.folder(key) / "source", source))
        origin = (*workspace.datasets.record(key)["origin"], *(() if keeps else (str(p.resolve()) for p in paths)))
        with workspace.numbering(lambda: None if progress is None else progress(0, 0)):
            made, came = _numbered(workspace, parent, change, added, named=bool(name))
            made = replace(
                made,
                name=name or made.name,
                faults=(*made.faults, *ingest.foreign_faults(made.items, ingest.where_in(made.places))),
            )
            return workspace.datasets.keep(
                made,
                source=source,
                origin=origin,
                languages=ingest.languages_of(made.items),
                unread=encoders.unread_shares(ingest.some_texts(made.items)),
                came=came,
                more=more,
            )


def _numbered(
    workspace: Workspace, parent: Dataset, change: Change, more: Dataset | None, *, named: bool
) -> tuple[Dataset, IntArray]:
    """Return the next version under the first number that no other has, and where its rows come from.

    A version that is there already, made of the same by the same change, is that one again.  One that is *named*
    otherwise takes no number from others.
    """
    number = ingest.next_number(parent)
    first = parent.name if parent.version is None else parent.version.first
    signs = workspace.datasets.signs(parent.key)
    taken = defaultdict[str, list[Mapping[str, Any]]](list)
    for record in () if named else workspace.datasets.records():
        for called in {str(record["name"]), *names_of(record)}:
            taken[called].append(record)
    for free in count(number):
        there = taken.get(ingest.version_name(first, free), [])
        if there and not any(_may_be(one, parent, change, more) for one in there):
            continue
        made, came = ingest.next_version(parent, change, more, signs, number=free)
        if not there or any(one["dataset"] == made.key for one in there):
            return made, came
    raise AssertionError("there is no last number")


def _may_be(record: Mapping[str, Any], parent: Dataset, change: Change, more: Dataset | None) -> bool:
    """Whether a dataset that is there may be the version that a change makes."""
    version = record.get("version") or {}
    counts = (0 if more is None else len(more), len(set(change.removed)), len(change.edited))
    told = tuple(version.get(name) for name in ("added", "removed", "edited"))
    return (version.get("parent"), *told) == (parent.key, *counts)


def make_sample(workspace: Workspace, key: str, n: int, *, by: str | None = None, seed: int = 0) -> str:
    """Keep n rows of a dataset, taken by chance as `ingest.sampled` does, as a version of it; return its key.

    Raises NotFound, UnknownColumn, and BadSetting for as many rows as there are.
    """
    parent = workspace.datasets.open(key)
    rows = ingest.sampled_rows(parent, n, by=by, seed=seed)
    if len(rows) == len(parent):
        raise BadSetting(f"{parent.name} has {len(parent):,} rows; a sample has fewer.")
    others = np.delete(np.arange(len(parent)), rows)
    name = ingest.sample_name(parent.name, len(rows), len(parent))
    return make_version(workspace, key, Change(tuple(others.tolist())), name=name)


def _loaded(
    files: Sequence[Path],
    text: str | Sequence[str] | None,
    parent: Dataset,
    choices: Mapping[str, str] | None,
    **told: object,
) -> Dataset:
    """Return what is added: its columns of text and vectors are the parent's, where no others are asked for."""
    usual = list(parent.text_columns) or parent.text_column
    told["choices"] = choices
    if parent.given is not None:  # where its rows stand, their vectors say
        taken = parent.asked.get(ingest.VECTORS) or parent.given.column  # pictures': by their order
        told["choices"] = {ingest.VECTORS: taken, **(choices or {})}
    if text is None and usual:
        with suppress(UnknownColumn):
            return ingest.load(files, text=usual, **told)  # type: ignore[arg-type]
    return ingest.load(files, text=text, **told)  # type: ignore[arg-type]


def _check_no_graph(parent: Dataset, added: Dataset) -> None:
    """Raise BadSetting where one of the two holds the nodes of a graph: their places come from all of its edges."""
    graph = next((one for one in (parent, added) if {LINKS, LINKS_TO} & set(one.table.columns) and one.given), None)
    if graph is not None:
        raise BadSetting(
            f"{graph.name} holds the nodes of a graph, whose places come from all of its edges: nothing can be added "
            "to it. Load the lists of edges together instead."
        )


@contextmanager
def _shared(workspace: Workspace, key: str, added: Sequence[Path]) -> Iterator[tuple[Path | None, list[Path]]]:
    """Give a folder of links to the files that a dataset was read from and those *added*, and where these are in it.

    None where no file belongs to the workspace.
    """
    own = workspace.datasets.folder(key) / "source"
    if not own.is_dir() and not added:
        yield None, []
        return
    folder = workspace.writer.temporary(workspace.path / "uploads" / "version")
    try:
        with storing(folder.parent):
            folder.mkdir(parents=True)
            for top in children(own) if own.is_dir() else ():
                _link_all(top, folder / top.name)
            links = [_link_all(path, _free(folder / path.name)) for path in added]
        yield folder, links
    finally:
        erase(folder)


def _link_all(path: Path, target: Path) -> Path:
    """Link a file, or all of a folder; return where it is then."""
    if path.is_dir():
        shutil.copytree(path, target, copy_function=link)
    else:
        link(str(path), str(target))
    return target


def _free(target: Path) -> Path:
    """Return the name, or the first one with a number that is not taken."""
    number, free = 2, target
    while free.exists():
        free, number = target.with_name(f"{target.stem} ({number}){target.suffix}"), number + 1
    return free


def _moved(items: Sequence[Item], here: Path, there: Path) -> list[Item]:
    """Return the items, those that refer to files below *here* to the same below *there*."""
    home, moved = here.resolve(), list(items)

    def move(path: str) -> str:
        whole = Path(path)
        return str(there / whole.relative_to(home)) if whole.is_relative_to(home) else path

    for name, places in by_kind(items).items():
        kind = kind_named(name)
        found = kind.restored(kind.stored([items[place] for place in places], move), str)
        for place, item in zip(places, found, strict=True):
            moved[place] = item
    return moved
