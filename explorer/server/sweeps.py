"""What the sweep of a run holds: how many clusters each setting gives, and the rows of each, as they were kept.

It computes none of it: who asks for a sweep waits for the worker that does.
"""

from __future__ import annotations

from itertools import zip_longest
from typing import Any

import numpy as np

from explorer.config import COMMUNITIES
from explorer.errors import NotFound, NotReady
from explorer.runs import Plan, recut_key
from explorer.types import IntArray
from explorer.workspace import Workspace

NOTHING_TO_CUT = "There is nothing to cut into clusters: too few rows, or all in one place."


def swept(workspace: Workspace, key: str, stability: str) -> dict[str, Any]:
    """Return what the settings of a run's sweep give, with how much repeats agree with each, once that is measured."""
    record = workspace.runs.record(key)
    chosen, plan = record["settings"], Plan.from_json(record["plan"])
    by_size = chosen.get("method") != COMMUNITIES
    names = ("min_cluster_size", "min_samples") if by_size else ("method", "detail")
    kept = workspace.results.load("stability", stability).record
    known = workspace.results.has("agreement", plan.agreement)
    repeated = workspace.results.load("agreement", plan.agreement).record["agreement"] if known else ()
    settings = [{**setting, "repeated": value} for setting, value in zip_longest(kept["settings"], repeated)]
    return {
        "run": key,
        **{name: chosen[name] for name in names},
        **({"groups": chosen.get("groups"), "joined": kept["joined"]} if by_size else {}),
        "settings": settings,
        **({} if settings else {"note": NOTHING_TO_CUT}),
        "seconds": kept["seconds"],
    }


def cut_of(workspace: Workspace, key: str, stability: str, at: int) -> tuple[IntArray, str | None]:
    """Return the labels of a cut of a run, int32 (n,), and the finished run that has it.

    *at* is a smallest cluster or a detail, or below zero a number of groups.  Raises NotFound, NotReady.
    """
    plan = Plan.from_json(workspace.runs.record(key)["plan"])
    if not stability:
        raise NotReady(f"other cuts of the run {key} are not there yet; ask for its sweep first.")
    stored = workspace.results.load("stability", stability)
    settings = [setting[plan.coarseness] for setting in stored.record["settings"]]
    groups = [-one["groups"] for one in stored.record["joined"]]
    if at not in settings + groups:
        known = ", ".join(map(str, settings + groups)) or "none"
        raise NotFound(f"{plan.coarseness} {at} is no setting of the sweep; those are {known}.")
    other = recut_key(workspace, key, at)
    done = workspace.runs.has(other) and workspace.runs.record(other)["state"] == "done"
    rows = stored.arrays["labels"][settings.index(at)] if at > 0 else stored.arrays["joined"][groups.index(at)]
    return np.asarray(rows, np.int32), other if done else None
