"""Walk a dataset through the stages embed, neighbors, project, cluster, describe; take what is there already.

It does not schedule anything: `run` walks in this process, `jobs` has the same `run_stage` called in workers.
A `Plan` is the list of keys of everything a run consists of; it is known before anything is computed.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from explorer.config import AUTO, RunConfig, default_workspace
from explorer.embed import FAILED, REUSED, embed, item_hashes
from explorer.errors import NotReady, TooFewRows
from explorer.keys import digest
from explorer.types import (
    IMAGE,
    NOISE,
    Clustering,
    ClusterSummary,
    Dataset,
    Embeddings,
    Encoder,
    Enrichment,
    FloatArray,
    KnnGraph,
    Progress,
    Projection,
    Report,
    Run,
    silent,
)
from explorer.vectors import KnownVectors, VectorFile
from explorer.workspace import Stored, Workspace

STAGES = ("embed", "neighbors", "project", "cluster", "describe")
STAGE_VERSION = {"embed": 1, "neighbors": 1, "project": 1, "reduce": 1, "cluster": 1, "describe": 2}
GRAPH_K = 16
"""Neighbours kept for every row, itself included; more when UMAP looks at more."""
CLUSTER_DIMS = 5

EncoderSource = Callable[[str], Encoder]


@dataclass(frozen=True)
class Plan:
    """The keys of a run and of each of its stage results; *config* has no open setting."""

    run: str
    dataset: str
    config: RunConfig
    fingerprint: str
    keys: Mapping[str, str]

    @property
    def graph_k(self) -> int:
        """Number of neighbours in the graph, the row itself included."""
        return max(GRAPH_K, int(self.config.project.n_neighbors or 0))

    def results(self) -> list[str]:
        """Return the folder names of the results."""
        return [f"{stage}-{key}" for stage, key in self.keys.items()]

    def to_json(self) -> dict[str, Any]:
        """Return plain values that `from_json` reads."""
        return {
            "run": self.run,
            "dataset": self.dataset,
            "settings": self.config.flat(),
            "fingerprint": self.fingerprint,
            "keys": dict(self.keys),
        }

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Plan:
        """Return the plan that `to_json` wrote."""
        config = RunConfig.from_flat(value["settings"])
        return cls(value["run"], value["dataset"], config, value["fingerprint"], value["keys"])


@dataclass(frozen=True)
class Facts:
    """What a plan needs to know of a dataset; `facts_of` reads it from a record, without opening the dataset."""

    key: str
    items_key: str
    rows: int
    kinds: frozenset[str]


def facts_of(dataset: Dataset | Mapping[str, Any]) -> Facts:
    """Return the facts of a dataset, or of its record in the workspace."""
    if isinstance(dataset, Dataset):
        return Facts(dataset.key, dataset.items_key, len(dataset), dataset.modalities)
    return Facts(dataset["dataset"], dataset["items_key"], dataset["rows"], frozenset(dataset["modalities"]))


def make_plan(dataset: Facts, config: RunConfig) -> Plan:
    """Return what a run of a dataset with *config* will consist of.

    Raises UnknownEncoder, WrongModality and BadSetting before anything is computed.
    """
    from explorer import encoders
    from explorer.errors import WrongModality

    config.check()
    kinds = dataset.kinds
    named = config.embed.encoder
    encoder = encoders.canonical(encoders.default_encoder(kinds) if named == AUTO else named)
    unread = kinds - encoders.modalities_of(encoder)
    if unread:
        raise WrongModality(f"the encoder {encoder} reads no {'s or '.join(sorted(unread))}s; choose conse or clip.")
    config = config.resolved(dataset.rows, encoder=encoder)
    fingerprint = encoders.fingerprint(encoder)
    version = STAGE_VERSION
    embedded = digest("embed", version["embed"], dataset.items_key, fingerprint)
    metric, n_neighbors = config.project.metric, config.project.n_neighbors
    graph_k = max(GRAPH_K, int(n_neighbors or 0))
    graph = digest("neighbors", version["neighbors"], embedded, graph_k, metric)
    projected = digest("project", version["project"], graph, config.project)
    reduced = digest("reduce", version["reduce"], graph, n_neighbors, config.project.seed, CLUSTER_DIMS)
    seen = reduced if config.cluster.space == "umap" else projected
    clustered = digest("cluster", version["cluster"], seen, config.cluster)
    words = _vocabulary_words(encoder) if IMAGE in kinds else ()
    described = digest("describe", version["describe"], dataset.key, embedded, clustered, words)
    keys = {"embed": embedded, "neighbors": graph, "project": projected, "cluster": clustered, "describe": described}
    if config.cluster.space == "umap":
        keys["reduce"] = reduced
    if IMAGE in kinds:
        keys["words"] = digest("words", fingerprint, words)
    return Plan(digest("run", dataset.key, config, *keys.values()), dataset.key, config, fingerprint, keys)


def done(workspace: Workspace, plan: Plan, stage: str) -> bool:
    """Whether everything that a stage has to leave behind is there."""
    parts = {"embed": ("embed", "words"), "project": ("project", "reduce")}.get(stage, (stage,))
    return all(workspace.has(part, plan.keys[part]) for part in parts if part in plan.keys)


def run_stage(
    workspace: Workspace, plan: Plan, stage: str, *, encoder: EncoderSource, progress: Report = silent
) -> dict[str, Any]:
    """Compute one stage from the results of the stages before it, keep it, and return what the run's record notes.

    Calls *progress* often; whatever that raises stops the stage, and what is finished stays.
    """
    dataset = workspace.dataset(plan.dataset)
    return _STAGES[stage](workspace, plan, dataset, encoder, progress) or {}


def run(
    dataset: Dataset,
    config: RunConfig | None = None,
    *,
    workspace: Workspace | Path | str | None = None,
    device: str = AUTO,
    progress: Report = silent,
    **settings: Any,
) -> Run:
    """Embed, map, cluster and describe a dataset in this process, and return the run.

    Settings are those of `RunConfig.from_flat`: ``encoder, n_neighbors, min_dist, metric, seed, min_cluster_size,
    min_samples, space``.  Results are kept in the workspace (the default one if None) and never computed twice.
    Raises ExplorerError.
    """
    if not isinstance(workspace, Workspace):
        workspace = Workspace(workspace or default_workspace())
    if config is None:
        config = RunConfig.from_flat(settings)
    plan = make_plan(facts_of(dataset), config)
    workspace.add_dataset(dataset)
    open_record(workspace, plan)
    workspace.update_run(plan.run, state="running", error="")

    def source(name: str) -> Encoder:
        return cached_encoder(name, device)

    state, error = "interrupted", ""
    try:
        walk(workspace, plan, lambda stage: run_stage(workspace, plan, stage, encoder=source, progress=progress))
        state = "done"
    except Exception as exc:
        state, error = "failed", str(exc)
        raise
    finally:
        workspace.update_run(plan.run, state=state, error=error)
    return open_run(plan.run, workspace=workspace)


@lru_cache(maxsize=2)
def cached_encoder(name: str, device: str) -> Encoder:
    """Return a loaded encoder; the last two stay loaded in this process."""
    from explorer import encoders

    encoder: Encoder = encoders.load_encoder(name, device=device)
    return encoder


def open_record(workspace: Workspace, plan: Plan, *, device: str = AUTO) -> dict[str, Any]:
    """Return the run's record, made now if it is new."""
    if (workspace.path / "runs" / f"{plan.run}.json").exists():
        return workspace.run_record(plan.run)
    record = {
        "run": plan.run,
        "name": workspace.dataset_record(plan.dataset)["name"],
        "dataset": plan.dataset,
        "settings": plan.config.flat(),
        "device": device,
        "plan": plan.to_json(),
        "results": plan.results(),
        "state": "queued",
        "error": "",
        "reused": 0,
        "created": dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
        "versions": versions(),
    }
    workspace.write_run(record)
    return record


def walk(workspace: Workspace, plan: Plan, do: Callable[[str], Mapping[str, Any]]) -> None:
    """Have *do* compute every stage that is not there yet, in order, and note what it says in the run's record."""
    rows = workspace.dataset_record(plan.dataset)["rows"]
    workspace.update_run(plan.run, reused=rows if done(workspace, plan, "embed") else 0)
    for stage in STAGES:
        if not done(workspace, plan, stage):
            notes = do(stage)
            if notes:
                workspace.update_run(plan.run, **notes)


def open_run(key: str, *, workspace: Workspace | Path | str | None = None) -> Run:
    """Return a finished run; arrays are memory-mapped.  Raises NotFound, NotReady."""
    if not isinstance(workspace, Workspace):
        workspace = Workspace(workspace or default_workspace())
    record = workspace.run_record(key)
    plan = Plan.from_json(record["plan"])
    if not all(done(workspace, plan, stage) for stage in STAGES):
        raise NotReady(f"run {key} is {record['state']}, its results are not there yet; wait for it or resume it.")
    stored = {stage: workspace.load(stage, plan.keys[stage]) for stage in plan.keys}
    summaries = tuple(_summary_from(value) for value in stored["describe"].record["summaries"])
    return Run(
        key=key,
        dataset=workspace.dataset(plan.dataset),
        config=plan.config,
        embeddings=_embeddings(plan, stored["embed"], reused=record["reused"]),
        knn=_graph(stored["neighbors"]),
        projection=_projection(stored["project"]),
        clustering=_clustering(stored["cluster"]),
        summaries=summaries,
        timings=timings(workspace, plan),
        created=record["created"],
        name=record["name"],
        versions=record["versions"],
    )


def timings(workspace: Workspace, plan: Plan) -> dict[str, float]:
    """Return the seconds that each stage took when it was computed; stages that are not there are left out."""
    seconds: dict[str, float] = {}
    for part, key in plan.keys.items():
        if workspace.has(part, key):
            stage = {"words": "embed", "reduce": "project"}.get(part, part)
            seconds[stage] = seconds.get(stage, 0.0) + float(workspace.load(part, key).record["seconds"])
    return {stage: round(seconds[stage], 3) for stage in STAGES if stage in seconds}


def versions() -> dict[str, str]:
    """Return the versions of Python and of the packages that decide a result."""
    import platform
    from importlib.metadata import version

    names = ("embedding-explorer", "umap-learn", "hdbscan", "torch", "sentence-transformers", "open_clip_torch",
             "timm", "scikit-learn", "numpy")  # fmt: skip
    return {"python": platform.python_version(), **{name: version(name) for name in names}}


# -- the stages: each reads what is before it, computes, and leaves its result in the workspace -----------------------


def _embed(ws: Workspace, plan: Plan, dataset: Dataset, encoder: EncoderSource, progress: Report) -> dict[str, Any]:
    progress(Progress("embed", 0, len(dataset), note="loading the encoder"))
    model = encoder(plan.config.embed.encoder)
    notes = {}
    if not ws.has("embed", plan.keys["embed"]):
        notes = _embed_items(ws, plan, dataset, model, progress)
    if "words" in plan.keys and not ws.has("words", plan.keys["words"]):
        began, words = time.monotonic(), _vocabulary_words(model.name)
        vectors = model.encode(list(words))
        ws.save("words", plan.keys["words"], {"vectors": vectors}, {"words": list(words), "seconds": _since(began)})
    return notes


def _embed_items(ws: Workspace, plan: Plan, dataset: Dataset, model: Encoder, progress: Report) -> dict[str, Any]:
    began, key = time.monotonic(), plan.keys["embed"]
    hashes = item_hashes(dataset.items)
    others = [folder for folder in ws.folders("embed") if folder != ws.unfinished("embed", key)]
    known = KnownVectors(others, fingerprint=plan.fingerprint)
    folder = ws.unfinished("embed", key)
    checkpoint = VectorFile(folder, dim=model.dim, hashes=hashes, fingerprint=plan.fingerprint)
    earlier = json.loads(_text(folder / "seconds.json") or "0")

    def report(p: Progress) -> None:
        (folder / "seconds.json").write_text(json.dumps(earlier + _since(began)), encoding="utf-8")
        progress(p)

    embed(dataset.items, model, checkpoint, hashes=hashes, known=known, progress=report)
    reused = int((checkpoint.state == REUSED).sum())
    failed = np.flatnonzero(checkpoint.state == FAILED).tolist()
    ws.finish("embed", key, {"seconds": earlier + _since(began), "failed": failed, "dim": model.dim})
    return {"reused": reused}


def _neighbors(ws: Workspace, plan: Plan, dataset: Dataset, encoder: EncoderSource, progress: Report) -> None:
    from explorer.neighbors import build_graph

    began = time.monotonic()
    embeddings = _embeddings(plan, ws.load("embed", plan.keys["embed"]))
    at = _usable(embeddings)
    vectors = embeddings.vectors if len(at) == embeddings.n else embeddings.vectors[at]
    graph = build_graph(vectors, plan.graph_k, metric=plan.config.project.metric, progress=progress)
    rows = np.full((embeddings.n, graph.k), -1, np.int32)
    distances = np.full((embeddings.n, graph.k), np.nan, np.float32)
    rows[at], distances[at] = at[graph.rows], graph.distances
    record = {"metric": graph.metric, "exact": graph.exact, "recall": graph.recall, "seconds": _since(began)}
    ws.save("neighbors", plan.keys["neighbors"], {"rows": rows, "distances": distances}, record)


def _project(ws: Workspace, plan: Plan, dataset: Dataset, encoder: EncoderSource, progress: Report) -> None:
    from explorer.project import project, reduce

    embeddings = _embeddings(plan, ws.load("embed", plan.keys["embed"]))
    at = _usable(embeddings)
    vectors, graph = _compact(embeddings, _graph(ws.load("neighbors", plan.keys["neighbors"])), at)
    if not ws.has("project", plan.keys["project"]):
        began = time.monotonic()
        made = project(vectors, graph, plan.config.project, progress=progress)
        record = {
            "method": made.method,
            "trustworthiness": made.trustworthiness,
            "trust_k": made.trust_k,
            "trust_rows": made.trust_rows,
            "seconds": _since(began),
        }
        ws.save("project", plan.keys["project"], {"xy": _spread(made.xy, at, embeddings.n)}, record)
    if "reduce" in plan.keys and not ws.has("reduce", plan.keys["reduce"]):
        began = time.monotonic()
        points = reduce(vectors, graph, plan.config.project, dims=CLUSTER_DIMS, progress=progress)
        ws.save(
            "reduce", plan.keys["reduce"], {"points": _spread(points, at, embeddings.n)}, {"seconds": _since(began)}
        )


def _cluster(ws: Workspace, plan: Plan, dataset: Dataset, encoder: EncoderSource, progress: Report) -> None:
    from explorer.cluster import cluster

    began = time.monotonic()
    seen = "reduce" if plan.config.cluster.space == "umap" else "project"
    points = ws.load(seen, plan.keys[seen]).arrays["points" if seen == "reduce" else "xy"]
    at = np.flatnonzero(np.isfinite(points).all(axis=1))
    progress(Progress("cluster", 0, len(at)))
    made = cluster(np.asarray(points[at]), plan.config.cluster, progress=progress)
    labels, strength = np.full(len(points), NOISE, np.int32), np.zeros(len(points), np.float32)
    labels[at], strength[at] = made.labels, made.strength
    record = {"method": made.method, "seconds": _since(began)}
    ws.save("cluster", plan.keys["cluster"], {"labels": labels, "strength": strength}, record)


def _describe(ws: Workspace, plan: Plan, dataset: Dataset, encoder: EncoderSource, progress: Report) -> None:
    from explorer.describe import Vocabulary, describe

    began = time.monotonic()
    embeddings = _embeddings(plan, ws.load("embed", plan.keys["embed"]))
    clustering = _clustering(ws.load("cluster", plan.keys["cluster"]))
    vocabulary = None
    if "words" in plan.keys:
        words = ws.load("words", plan.keys["words"])
        vocabulary = Vocabulary(tuple(words.record["words"]), np.asarray(words.arrays["vectors"]))
    progress(Progress("describe", 0, clustering.count))
    made = describe(dataset.items, dataset.table, embeddings, clustering, vocabulary=vocabulary, progress=progress)
    record = {"summaries": [dataclasses.asdict(summary) for summary in made], "seconds": _since(began)}
    ws.save("describe", plan.keys["describe"], {}, record)


_STAGES: Mapping[str, Callable[[Workspace, Plan, Dataset, EncoderSource, Report], dict[str, Any] | None]] = {
    "embed": _embed,
    "neighbors": _neighbors,
    "project": _project,
    "cluster": _cluster,
    "describe": _describe,
}


# -- from stored arrays to the nouns ----------------------------------------------------------------------------------


def _embeddings(plan: Plan, stored: Stored, *, reused: int = 0) -> Embeddings:
    arrays = stored.arrays
    ok = arrays["state"] != FAILED
    return Embeddings(plan.keys["embed"], arrays["vectors"], ok, plan.config.embed.encoder, arrays["truncated"], reused)


def _graph(stored: Stored) -> KnnGraph:
    record = stored.record
    return KnnGraph(
        stored.arrays["rows"], stored.arrays["distances"], record["metric"], record["exact"], record["recall"]
    )


def _projection(stored: Stored) -> Projection:
    record = stored.record
    return Projection(
        stored.arrays["xy"], record["method"], record["trustworthiness"], record["trust_k"], record["trust_rows"]
    )


def _clustering(stored: Stored) -> Clustering:
    return Clustering(stored.arrays["labels"], stored.arrays["strength"], stored.record["method"])


def _summary_from(value: Mapping[str, Any]) -> ClusterSummary:
    return ClusterSummary(
        **{
            **value,
            "keywords": tuple((word, score) for word, score in value["keywords"]),
            "exemplars": tuple(value["exemplars"]),
            "odd": tuple(value["odd"]),
            "nearest": tuple((label, score) for label, score in value["nearest"]),
            "enrichment": tuple(Enrichment(**found) for found in value["enrichment"]),
        }
    )


def _usable(embeddings: Embeddings) -> np.ndarray[Any, np.dtype[np.int32]]:
    at = np.flatnonzero(embeddings.ok).astype(np.int32)
    if not len(at):
        raise TooFewRows(f"none of the {embeddings.n:,} items could be encoded; look at the list of faults.")
    return at


def _compact(embeddings: Embeddings, graph: KnnGraph, at: np.ndarray[Any, Any]) -> tuple[FloatArray, KnnGraph]:
    """Return the vectors and the graph of the usable rows alone, renumbered."""
    if len(at) == embeddings.n:
        return embeddings.vectors, graph
    number = np.full(embeddings.n, -1, np.int32)
    number[at] = np.arange(len(at), dtype=np.int32)
    rows = number[graph.rows[at]]
    return embeddings.vectors[at], dataclasses.replace(graph, rows=rows, distances=graph.distances[at])


def _spread(points: FloatArray, at: np.ndarray[Any, Any], n: int) -> FloatArray:
    if len(at) == n:
        return points
    spread = np.full((n, points.shape[1]), np.nan, np.float32)
    spread[at] = points
    return spread


def _vocabulary_words(encoder: str) -> tuple[str, ...]:
    """Return the words that pictures may be described with: everyday ones and, for conse, what its network can name.

    On the 444 sample pictures the first word then names the subject of 32 of 35 clusters, 27 without the latter.
    """
    from explorer.describe import load_vocabulary
    from explorer.encoders.imagenet import class_names

    return tuple(dict.fromkeys([*load_vocabulary(), *(class_names() if encoder == "conse" else ())]))


def _since(began: float) -> float:
    return round(time.monotonic() - began, 3)


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8") if path.exists() else ""
