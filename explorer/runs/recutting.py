"""Plans the run with more or fewer clusters of another one: what has the same rows in both keeps its name.

It cuts nothing and names nothing: it says which names there are already.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress

import numpy as np

from explorer.config import default_min_cluster_size
from explorer.description import Named, kept_names
from explorer.errors import BadSetting, ExplorerError
from explorer.runs.plan import Plan, done
from explorer.runs.stored import clustering_from, levels_from
from explorer.runs.titled import moved, titles_of
from explorer.types import IntArray
from explorer.workspace import Workspace

_MOST = 16
"""Runs whose names are kept at most: all rows are looked through for each."""


def plan_recut(workspace: Workspace, key: str, at: int) -> Plan:
    """Return the plan of the run that has more or fewer clusters than a finished one; see `Plan.recut`.

    One that is here already stays as it is.  Another one keeps the names of all that are cut from the same tree, so
    that a cluster has one name in all of them, whichever way one comes to it.  Raises NotFound, BadSetting.
    """
    before, plan = _recut(workspace, key, at)
    if workspace.runs.has(plan.run):
        return Plan.from_json(workspace.runs.record(plan.run)["plan"])
    return plan.named_after([before, *_beside(workspace, before)][:_MOST])


def recut_key(workspace: Workspace, key: str, at: int) -> str:
    """Return the key of that run, which the names that it keeps do not change.  Raises NotFound, BadSetting."""
    return _recut(workspace, key, at)[1].run


def _recut(workspace: Workspace, key: str, at: int) -> tuple[Plan, Plan]:
    before = Plan.from_json(workspace.runs.record(key)["plan"])
    return before, before.recut(at, usual=_usual(workspace, before) if at < 0 else None)


def _usual(workspace: Workspace, plan: Plan) -> int:
    """Return the smallest cluster that is usual for a run's rows.  Raises BadSetting where no tree joins clusters."""
    if "linkage" not in plan.keys:
        raise BadSetting("groups join clusters that are found by density; the clusters of this run are communities.")
    return default_min_cluster_size(workspace.results.load("linkage", plan.keys["linkage"]).record["rows"])


def _beside(workspace: Workspace, plan: Plan) -> Iterator[Plan]:
    """Yield the plans of the other finished runs that are cut from what a run is cut from, the oldest first."""
    for record in reversed(workspace.runs.records()):
        other = Plan.from_json(record["plan"])
        same = other.dataset == plan.dataset and other.stability == plan.stability
        if same and other.run != plan.run and record["state"] == "done" and done(workspace, other, "describe"):
            yield other


def names_known(workspace: Workspace, runs: Iterable[str]) -> list[Named]:
    """Return the clusters and the other groups of finished runs, one run after the other, with their names.

    A run that is gone is left out, and so is a name that is not true of most of its rows: it is "".
    """
    known: list[Named] = []
    for run in runs:
        with suppress(ExplorerError):
            plan = Plan.from_json(workspace.runs.record(run)["plan"])
            found = clustering_from(workspace.results.load("cluster", plan.keys["cluster"]))
            record = workspace.results.load("describe", plan.keys["describe"]).record
            known.append((np.asarray(found.labels), [one["name"] for one in record["summaries"]]))
            levels = [] if found.levels is None else list(np.asarray(found.levels))
            known += [
                (labels, [group.name if group.is_true else "" for group in groups])
                for labels, groups in zip(levels, levels_from(record), strict=True)
            ]
    return known


def names_beside(workspace: Workspace, key: str, at: int) -> list[Named]:
    """Return the names that clusters of a cut keep, beside those of the run that it is cut from; see `names_known`."""
    return names_known(workspace, plan_recut(workspace, key, at).names_from[1:])


def keep_titles(workspace: Workspace, plan: Plan, labels: IntArray) -> None:
    """Keep for a run what a language model called the same clusters of the run that it was cut from."""
    for run in plan.names_from[:1]:
        with suppress(ExplorerError):
            kept = titles_of(workspace, run)
            if kept.get("clusters") and not titles_of(workspace, plan.run):
                before = Plan.from_json(workspace.runs.record(run)["plan"])
                found = clustering_from(workspace.results.load("cluster", before.keys["cluster"]))
                named = kept_names(labels, [(np.asarray(found.labels), [str(at) for at in range(found.count)])])
                titles = moved(kept, {there: str(here) for here, there in named.items()})
                if titles["clusters"]:
                    workspace.runs.keep_titles(plan.run, titles)
