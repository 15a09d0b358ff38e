"""A map with the cuts of its clusters that were made of it by the slider: which of them stands for all, and their name.

It plans, computes and deletes no run.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from typing import Any

from explorer.workspace import Workspace


def map_of(record: Mapping[str, Any]) -> str:
    """Return the run that a run was cut from by the slider, or the run itself."""
    return str(record.get("cut_of") or record["run"])


def with_cuts(records: Sequence[Mapping[str, Any]], record: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Return the run with all others that are cuts of the same map, or that map itself."""
    return [one for one in records if map_of(one) == map_of(record)]


def superseded(records: Sequence[Mapping[str, Any]]) -> set[str]:
    """Return the runs that another cut of the same map stands for: the one that was made or chosen last."""
    last: dict[str, Mapping[str, Any]] = {}
    for one in records:
        known = last.setdefault(map_of(one), one)
        if _chosen(one) > _chosen(known):
            last[map_of(one)] = one
    standing = {one["run"] for one in last.values()}
    return {one["run"] for one in records} - standing


def _chosen(record: Mapping[str, Any]) -> float:
    return float(record.get("cut_at") or 0.0)


def keep_cut(workspace: Workspace, before: Mapping[str, Any], run: str, *, is_new: bool) -> None:
    """Note that *run* was made of the run *before* by the slider, or chosen again, and stands for the map now.

    It bears the map's name.  A run that somebody has asked for by itself is a map of its own, and stays one.
    """
    now, after = time.time(), workspace.runs.record(run)
    if map_of(after) == map_of(before):
        workspace.runs.update(run, cut_at=now, name=before["name"])
    elif is_new:
        workspace.runs.update(run, cut_of=map_of(before), cut_at=now, name=before["name"])
