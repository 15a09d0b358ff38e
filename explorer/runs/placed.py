"""The stages of a run whose new rows are placed on a map that is there: their places, their clusters, its names.

What of that map it takes, `onto` has kept as the result `base`; vectors and neighbours are computed as for any run.
"""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from explorer.runs.plan import Plan
from explorer.runs.rows import Rows, since
from explorer.runs.stored import levels_from
from explorer.types import NOISE, BoolArray, Clustering, FloatArray, KnnGraph, NamedGroup, Projection, Report
from explorer.workspace import Stored, Workspace


def place_rows(
    plan: Plan, base: Stored, vectors: FloatArray, graph: KnnGraph, edges: Any, at: Rows, progress: Report
) -> Projection:
    """Return the map of the usable rows *at*: those that were on it where they were, the others among them."""
    from explorer.projection import place

    project = plan.config.project
    held, xy = _held(base, at), np.asarray(base.arrays["xy"])[at]
    method = base.record["projection"]
    return place(vectors, xy, held, graph, edges, config=project, method=method, progress=progress)


def join_clusters(ws: Workspace, plan: Plan, graph: KnnGraph, edges: Any, at: Rows) -> None:
    """Keep the clusters of all rows: those of the map for the rows that were on it, by their neighbours for others."""
    from explorer.clustering import join
    from explorer.projection import weights_of

    began, base = time.monotonic(), base_of(ws, plan)
    held, before = _held(base, at), base.arrays
    levels = np.asarray(before["levels"])[:, at] if "levels" in before else None
    joined = join(graph, weights_of(graph, edges), held, np.asarray(before["labels"])[at], levels)
    new = at[~held]
    arrays = {name: np.array(before[name]) for name in ("labels", "strength", "belongs", "nearest") if name in before}
    arrays["labels"][new] = joined.labels
    arrays["strength"][new] = np.where(joined.labels == NOISE, 0, joined.belongs)
    if "belongs" in arrays:
        arrays["belongs"][new], arrays["nearest"][new] = joined.belongs, joined.nearest
    if levels is not None:
        arrays["levels"] = np.array(before["levels"])
        arrays["levels"][:, new] = joined.levels
    strange = int(np.count_nonzero(joined.strange))
    record = {"method": base.record["method"], "strange": strange, "seconds": since(began)}
    ws.results.save("cluster", plan.keys["cluster"], arrays, record)


def names_of_groups(base: Stored, clustering: Clustering) -> list[list[NamedGroup]]:
    """Return the groups of the map's levels under the names that they have, with all the rows that they have now."""
    if clustering.levels is None:
        return []
    named = []
    for level, labels in zip(levels_from(base.record), np.asarray(clustering.levels), strict=True):
        sizes = np.bincount(labels[labels >= 0], minlength=len(level))
        named.append([dataclasses.replace(group, size=int(size)) for group, size in zip(level, sizes, strict=True)])
    return named


def base_of(ws: Workspace, plan: Plan) -> Stored:
    """Return what a run stands on; raises NotFound."""
    return ws.results.load("base", plan.keys["base"])


def told_onto(base: Stored | None, cluster: Mapping[str, Any]) -> dict[str, Any] | None:
    """Return on which map rows were placed, how many, and how many of them are strange to it; None for no such run."""
    if base is None:
        return None
    held = np.asarray(base.arrays["held"])
    placed = int(np.count_nonzero(~held))
    return {**base.record["onto"], "placed": placed, "strange": int(cluster.get("strange", 0))}


def placed_rows(ws: Workspace, key: str) -> NDArray[np.int64]:
    """Return the rows of a run that were placed on the map of another one, ascending; none of a run of its own.

    Raises NotFound, BadSetting for a run of another version.
    """
    plan = Plan.from_json(ws.runs.record(key)["plan"])
    if not plan.is_placed:
        return np.empty(0, np.int64)
    return np.flatnonzero(~np.asarray(base_of(ws, plan).arrays["held"]))


def _held(base: Stored, at: Rows) -> BoolArray:
    """Return which of the rows *at* were on the map; one that had no vector then is new."""
    there = np.isfinite(np.asarray(base.arrays["xy"])[at]).all(axis=1)
    held: BoolArray = np.asarray(base.arrays["held"])[at] & there
    return held
