"""The commands that make a new version of a dataset: rows added, removed, edited, and where the new ones stand.

What they do stands in `runs`; which words there are in `main`.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from explorer.cli.asking import may_send
from explorer.cli.commands import find_dataset, find_run, workspace_of
from explorer.cli.printing import Bars, answer_alone, say, say_json
from explorer.config import RunConfig, Settings
from explorer.errors import BadSetting, NotFound
from explorer.workspace import Workspace

if TYPE_CHECKING:
    from explorer.ingest import Change
    from explorer.types import Run

_DIGITS = 8
NEWEST = ""
"""What --onto is without a run: the newest finished map of the dataset."""


def add_rows(arguments: argparse.Namespace) -> None:
    """Add the rows of files to a dataset, as a new version."""
    from explorer.cli.fetching import found
    from explorer.ingest import Change, parse_choices
    from explorer.server import check_rows

    workspace = workspace_of(arguments)
    key, most = find_dataset(workspace, arguments.dataset), Settings.from_env().max_upload_bytes
    with answer_alone(), Bars() as bars, found(arguments.paths, workspace, bars.show, most=most) as given:
        check_rows(given.paths)
        told = {"text": arguments.text, "choices": parse_choices(arguments.read), "progress": bars.reading}
        told |= {"keeps": bool(given.fetched), "bars": bars}
        made = _make(arguments, workspace, key, Change(), list(given.paths), **told)
    _print(made, as_json=arguments.json)


def remove_rows(arguments: argparse.Namespace) -> None:
    """Remove rows of a dataset, by their numbers or by the value of a column, as a new version."""
    from explorer.ingest import Change, rows_where

    workspace = workspace_of(arguments)
    key = find_dataset(workspace, arguments.dataset)
    rows = [row for given in arguments.rows for row in _numbers(given)]
    if arguments.where is not None:
        column, sign, value = arguments.where.partition("=")
        if not sign:
            raise BadSetting(f"--where is {arguments.where!r}; give COLUMN=VALUE, nothing after = for no value.")
        found = rows_where(workspace.datasets.open(key), column, value)
        if not found:
            raise NotFound(f"no row has {value!r} in the column {column!r}; nothing was removed.")
        rows += found
    with answer_alone(), Bars() as bars:
        made = _make(arguments, workspace, key, Change(tuple(rows), {}, arguments.rejected), bars=bars)
    _print(made, as_json=arguments.json)


def edit_rows(arguments: argparse.Namespace) -> None:
    """Give rows of a dataset other texts, as a new version."""
    from explorer.ingest import Change

    workspace = workspace_of(arguments)
    edited: dict[int, str] = {}
    for given in arguments.set:
        row, sign, text = given.partition("=")
        if not sign or not row.strip().isdecimal():
            raise BadSetting(f"--set is {given[:60]!r}; give ROW=TEXT, as 17=The battery died.")
        if int(row) in edited:
            raise BadSetting(f"--set gives row {int(row):,} two texts; choose one.")
        edited[int(row)] = text
    with answer_alone(), Bars() as bars:
        made = _make(arguments, workspace, find_dataset(workspace, arguments.dataset), Change((), edited), bars=bars)
    _print(made, as_json=arguments.json)


def _make(
    arguments: argparse.Namespace,
    workspace: Workspace,
    key: str,
    change: Change,
    paths: list[Path] | None = None,
    *,
    bars: Bars,
    **told: Any,
) -> tuple[dict[str, Any], Run | None]:
    """Make the version, have it mapped as asked, and return what came of it, and the map."""
    from explorer.runs import make_version, run, run_onto

    onto = None if arguments.onto is None else _onto(workspace, key, arguments.onto)
    made = make_version(workspace, key, change, paths or (), **told)
    dataset = workspace.datasets.open(made)
    assert dataset.version is not None
    answer = {"dataset": made, "name": dataset.name, "rows": len(dataset), "parent": key}
    answer |= {name: getattr(dataset.version, name) for name in ("added", "removed", "edited")}
    finished = None
    if onto is not None:
        used = str(workspace.runs.record(onto)["settings"]["encoder"])
        send = may_send(arguments, made, used, workspace)
        finished = run_onto(made, onto, workspace=workspace, progress=bars.show, send=send)
    elif arguments.anew:
        config = _settings(workspace, key)
        send = may_send(arguments, dataset, config.embed.encoder, workspace)
        finished = run(dataset, config, workspace=workspace, progress=bars.show, send=send)
    if finished is not None:
        answer |= {"run": finished.key, "onto": dict(finished.onto) if finished.onto else None}
    return answer, finished


def _print(made: tuple[dict[str, Any], Run | None], *, as_json: bool) -> None:
    """Print what came of a version."""
    answer, finished = made
    if as_json:
        say_json(answer)
        return
    say(f"dataset {answer['dataset']}: {answer['rows']:,} rows, {answer['name']}")
    if finished is None:
        return
    say(f"run {finished.key}: {finished.clustering.count} clusters, {finished.clustering.noise:.1%} noise")
    if finished.onto and finished.onto["strange"]:
        say(f"{finished.onto['strange']:,} new rows have hardly a neighbour on that map; --anew lays all rows out anew")
    say(f"embedding-explorer report {finished.key} --out report.html")


def _onto(workspace: Workspace, key: str, text: str) -> str:
    """Return the key of the run that *text* names, or of the newest finished one of a dataset."""
    if text != NEWEST:
        return find_run(workspace, text)
    done = [one for one in workspace.runs.records() if one["dataset"] == key and one["state"] == "done"]
    if not done:
        raise NotFound("there is no map of that dataset yet; --anew makes one of the new version.")
    return str(done[0]["run"])


def _settings(workspace: Workspace, key: str) -> RunConfig:
    """Return the settings of the newest map of a dataset; the defaults where there is none."""
    records = [one for one in workspace.runs.records() if one["dataset"] == key]
    return RunConfig.from_flat(records[0]["settings"]) if records else RunConfig()


def _numbers(given: str) -> list[int]:
    """Return the row numbers of a list such as 3,7,10-12.  Raises BadSetting."""
    rows: list[int] = []
    for part in given.split(","):
        first, dash, last = part.strip().partition("-")
        if not first.isdecimal() or (dash and not last.isdecimal()) or len(first) > _DIGITS or len(last) > _DIGITS:
            raise BadSetting(f"{given[:60]!r} are no row numbers; give them as 3,7,10-12, counted from 0.")
        if dash and int(last) < int(first):
            raise BadSetting(f"{part.strip()!r} runs backwards; give the smaller row number first.")
        rows += range(int(first), int(last or first) + 1) if dash else [int(first)]
    return rows
