"""Says which colours a run's clusters have because another map gave them: the one that it stands on, or was cut from.

It draws nothing; where clusters lie decides of all others (`description`).
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from typing import Any

import numpy as np

from explorer.description import anchors_of, chosen_colors, colors_after
from explorer.errors import ExplorerError
from explorer.runs.plan import Plan
from explorer.runs.stored import clustering_from, projection_from
from explorer.types import IntArray
from explorer.workspace import Workspace


def colors_given(ws: Workspace, record: Mapping[str, Any], labels: IntArray) -> tuple[int, ...] | None:
    """Return the number of a colour for each label of a run with these *labels* (n,); None where no map gave any."""
    labels, plan = np.asarray(labels), Plan.from_json(record["plan"])
    if plan.is_placed:
        with suppress(ExplorerError):
            found = ws.results.load("base", plan.keys["base"]).record.get("colors")
            return None if found is None else tuple(found)
        return None
    of = record.get("cut_of")
    return colors_of_cut(ws, str(of), labels) if of and of != record["run"] else None


def colors_of_cut(ws: Workspace, of: str, labels: IntArray) -> tuple[int, ...] | None:
    """Return the colours that *labels* (n,) have as a cut of the map of the run *of*; None where that is gone."""
    with suppress(ExplorerError):
        record = ws.runs.record(of)
        plan = Plan.from_json(record["plan"])
        before = np.asarray(clustering_from(ws.results.load("cluster", plan.keys["cluster"])).labels)
        xy = projection_from(ws.results.load("project", plan.keys["project"])).xy
        if len(before) != len(labels):
            return None
        places = anchors_of(xy, labels, int(np.max(labels, initial=-1)) + 1, densest=True)
        return colors_after(labels, places, before, colors_now(ws, record, before))
    return None


def colors_now(ws: Workspace, record: Mapping[str, Any], labels: IntArray) -> tuple[int, ...]:
    """Return the colours that a finished run's clusters have; *labels* (n,) are its own.  Raises NotFound."""
    given, count = colors_given(ws, record, labels), int(np.max(labels, initial=-1)) + 1
    if given is not None and len(given) == count:
        return given
    plan = Plan.from_json(record["plan"])
    xy = projection_from(ws.results.load("project", plan.keys["project"])).xy
    return chosen_colors(anchors_of(xy, labels, count, densest=True))
