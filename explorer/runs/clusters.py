"""Finds a run's clusters, by either method, and what is asked of them afterwards: other sizes, how sure they are.

It finds none by itself (`clustering` does), and names none.
"""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Callable
from typing import Any

import numpy as np

from explorer.clustering import Kinship
from explorer.config import CPU_ENGINE, default_min_cluster_size
from explorer.runs.plan import Plan
from explorer.runs.rows import Rows, all_rows, compact, since, spread_rows, usable
from explorer.runs.stored import (
    embeddings_from,
    graph_from,
    kinship_arrays,
    kinship_from,
    ladder_arrays,
    ladder_from,
)
from explorer.types import NOISE, Clustering, Dataset, FloatArray, IntArray, KnnGraph, Progress, Report, silent
from explorer.workspace import Workspace


def cluster_rows(ws: Workspace, plan: Plan, dataset: Dataset, progress: Report) -> None:
    """Find the clusters of a run's rows and keep them, and the tree that they are cut from."""
    by = _by_communities if "communities" in plan.keys else _by_density
    at = usable(ws.results.load("embed", plan.keys["embed"]))
    progress(Progress("cluster", 0, len(at)))
    cut = by(ws, plan, at, progress)
    if ws.results.has("cluster", plan.keys["cluster"]):
        return
    began, made, n = time.monotonic(), cut(), len(dataset)
    arrays = {"labels": all_rows(made.labels, at, n, NOISE), "strength": all_rows(made.strength, at, n, 0)}
    if made.belongs is not None and made.nearest is not None:
        arrays |= {"belongs": all_rows(made.belongs, at, n, 0), "nearest": all_rows(made.nearest, at, n, NOISE)}
    if made.levels is not None:
        arrays["levels"] = all_rows(made.levels, at, n, NOISE)
    ws.results.save("cluster", plan.keys["cluster"], arrays, {"method": made.method, "seconds": since(began)})


def _by_density(ws: Workspace, plan: Plan, at: Rows, progress: Report) -> Callable[[], Clustering]:
    """Have the linkage tree of the rows *at* there, and return what cuts it."""
    from explorer.clustering import cluster, in_one_place, linkage_tree

    points = _points(ws, plan, at)
    if not ws.results.has("linkage", plan.keys["linkage"]):
        began, caution, kin = time.monotonic(), int(plan.config.cluster.min_samples or 1), None
        if "reduce" in plan.keys and plan.config.project.engine == CPU_ENGINE and not in_one_place(points):
            kin = _kinship(ws, plan, at, progress)
        made = linkage_tree(points, caution, engine=plan.config.project.engine) if kin is None else kin.tree(caution)
        arrays = {"tree": made, **kinship_arrays(kin)}
        ws.results.save("linkage", plan.keys["linkage"], arrays, {"rows": len(at), "seconds": since(began)})
    stored = ws.results.load("linkage", plan.keys["linkage"]).arrays["tree"]
    apart = _apart(ws, plan, at) if len(at) <= (plan.config.project.n_neighbors or 0) else None
    return lambda: cluster(points, plan.config.cluster, tree=np.asarray(stored), apart=apart, progress=progress)


def _apart(ws: Workspace, plan: Plan, at: Rows) -> FloatArray:
    """Return how far apart few rows are, that are all each other's neighbours."""
    from explorer.clustering import distances_among

    embeddings = embeddings_from(plan, ws.results.load("embed", plan.keys["embed"]))
    return distances_among(np.asarray(embeddings.compared()[at]), plan.config.project.metric)


def _kinship(ws: Workspace, plan: Plan, at: Rows, progress: Report) -> Kinship | None:
    """Return how far apart neighbours among the rows *at* are; None for too few to have a graph."""
    from explorer.clustering import kinship

    graph, edges = neighbors_of(ws, plan, at)
    return None if edges is None else kinship(graph, edges, seed=plan.config.project.seed, progress=progress)


def neighbors_of(ws: Workspace, plan: Plan, at: Rows) -> tuple[KnnGraph, Any]:
    """Return the neighbours of the rows *at*, and UMAP's graph of them."""
    from explorer.projection import fuzzy_graph

    embeddings = embeddings_from(plan, ws.results.load("embed", plan.keys["embed"]))
    _, graph = compact(embeddings, graph_from(ws.results.load("neighbors", plan.keys["neighbors"])), at)
    return graph, fuzzy_graph(graph, plan.config.project.n_neighbors)


def _points(ws: Workspace, plan: Plan, at: Rows) -> FloatArray:
    """Return the places among which HDBSCAN looks for the clusters of the rows *at*."""
    seen = "reduce" if plan.config.cluster.space == "umap" else "project"
    spread = ws.results.load(seen, plan.keys[seen]).arrays["points" if seen == "reduce" else "xy"]
    return np.asarray(spread[at])


def _by_communities(ws: Workspace, plan: Plan, at: Rows, progress: Report) -> Callable[[], Clustering]:
    """Have the communities of the rows *at* there, at every step, and return what takes those of one."""
    from explorer.clustering import cluster_by_communities, communities

    key = plan.keys["communities"]
    if not ws.results.has("communities", key):
        began = time.monotonic()
        found = communities(*neighbors_of(ws, plan, at), seed=plan.config.project.seed, progress=progress)
        ws.results.save("communities", key, ladder_arrays(found), {"rows": len(at), "seconds": since(began)})
    ladder = ladder_from(ws.results.load("communities", key))
    return lambda: cluster_by_communities(ladder, plan.config.cluster, progress=progress)


def sweep_sizes(workspace: Workspace, plan: Plan, *, progress: Report = silent) -> None:
    """Cut a run's linkage tree at 20 smallest clusters, or its communities at every detail, and keep what that gives.

    And what joining the clusters of the usual size gives, which is how density has fewer.  The labels of
    every cut are kept too, all rows in the dataset's order, so that any of them is shown at once.
    """
    from explorer.clustering import (
        cuts_of_ladder,
        cuts_of_tree,
        joins_of_tree,
        settings_for,
        told_details,
        told_joins,
        told_sizes,
    )

    plan.check_cut()
    results = workspace.results
    if results.has("stability", plan.stability):
        return
    began, found, fewer = time.monotonic(), list[Any](), list[Any]()
    embedded = results.load("embed", plan.keys["embed"])
    joined = np.zeros((0, 0), np.int32)
    if "communities" in plan.keys:
        cuts = cuts_of_ladder(ladder_from(results.load("communities", plan.keys["communities"])), progress=progress)
        found += told_details(cuts)
    else:
        linked = results.load("linkage", plan.keys["linkage"])
        tree, usual = np.asarray(linked.arrays["tree"]), default_min_cluster_size(linked.record["rows"])
        sizes = settings_for(linked.record["rows"])
        cuts = cuts_of_tree(tree, sizes, progress=progress)
        found += told_sizes(sizes, cuts)
        groups, joined = joins_of_tree(tree, _points(workspace, plan, usable(embedded)), usual)
        fewer += [{**dataclasses.asdict(one), "min_cluster_size": usual} for one in told_joins(groups, joined)]
    n = len(embedded.arrays["state"])
    arrays = {
        name: all_rows(_small(made), usable(embedded), n, NOISE) if len(made) else np.zeros((0, n), np.int16)
        for name, made in (("labels", cuts), ("joined", joined))
    }
    settings = [dataclasses.asdict(setting) for setting in found]
    results.save("stability", plan.stability, arrays, {"settings": settings, "joined": fewer, "seconds": since(began)})


def measure_agreement(workspace: Workspace, plan: Plan, *, progress: Report = silent) -> None:
    """Cut samples of a run's rows at every setting of its sweep, and keep how much that agrees with all rows' cuts."""
    from explorer.clustering import agree_communities, agree_density

    plan.check_cut()
    results, began = workspace.results, time.monotonic()
    if results.has("agreement", plan.agreement):
        return
    sweep_sizes(workspace, plan, progress=progress)
    swept = results.load("stability", plan.stability)
    at, seed = usable(results.load("embed", plan.keys["embed"])), plan.config.project.seed or 0
    cuts = np.asarray(swept.arrays["labels"], np.int32)[:, at]
    settings = [setting[plan.coarseness] for setting in swept.record["settings"]]
    if "communities" in plan.keys:
        ladder = ladder_from(results.load("communities", plan.keys["communities"]))
        found = agree_communities(ladder, cuts, seed=seed, progress=progress)
    else:
        caution = int(plan.config.cluster.min_samples or 1)
        points, known = _points(workspace, plan, at), _joined(workspace, plan)
        found = agree_density(points, cuts, settings, caution, seed=seed, progress=progress, **known)
    agreement = [round(value, 6) for value in found.tolist()]
    results.save("agreement", plan.agreement, {}, {"agreement": agreement, "seconds": since(began)})


def _joined(workspace: Workspace, plan: Plan) -> dict[str, Any]:
    """Return the tree of a run, and what of it was made of."""
    linked = workspace.results.load("linkage", plan.keys["linkage"])
    return {"tree": np.asarray(linked.arrays["tree"]), "kin": kinship_from(linked)}


def _small(labels: IntArray) -> np.ndarray[Any, Any]:
    """Return labels in two bytes a row, where that is enough."""
    return labels.astype(np.int16) if labels.max(initial=0) <= np.iinfo(np.int16).max else labels


def measure_sureness(workspace: Workspace, plan: Plan, *, progress: Report = silent) -> None:
    """Cluster a run's rows again and again, and keep how often its clusters and rows come back."""
    from explorer.clustering import repeat_communities, repeat_density

    plan.check_cut()
    results, began = workspace.results, time.monotonic()
    if results.has("sureness", plan.sureness):
        return
    at = usable(results.load("embed", plan.keys["embed"]))
    labels = np.asarray(results.load("cluster", plan.keys["cluster"]).arrays["labels"])
    config, seed = plan.config.cluster, plan.config.project.seed or 0
    if "communities" in plan.keys:
        ladder = ladder_from(results.load("communities", plan.keys["communities"]))
        made = repeat_communities(ladder, labels[at], config, seed=seed, progress=progress)
    else:
        points, known = _points(workspace, plan, at), _joined(workspace, plan)
        made = repeat_density(points, labels[at], config, seed=seed, progress=progress, **known)
    arrays = {"clusters": made.clusters, "rows": spread_rows(made.rows, at, len(labels))}
    results.save("sureness", plan.sureness, arrays, {"seconds": since(began)})
