"""Computes one stage of a plan: reads what is before it, computes, and leaves its result in the workspace.

It does not decide which stage is due; `pipeline.walk` does.
"""

from __future__ import annotations

import dataclasses
import json
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from explorer.description import KeywordIndex, count_terms
from explorer.embedding import FAILED, REUSED, KnownVectors, VectorFile, by_content, embed, item_hashes
from explorer.errors import TooFewRows
from explorer.kinds import which
from explorer.projection import MIN_ROWS
from explorer.runs.plan import CLUSTER_DIMS, Plan, general_words, vocabulary_words
from explorer.runs.sketch import Sketch
from explorer.runs.stored import (
    clustering_from,
    embeddings_from,
    graph_from,
    ladder_arrays,
    ladder_from,
    phrases_from,
    terms_from,
)
from explorer.types import (
    NOISE,
    Clustering,
    Dataset,
    Embeddings,
    Encoder,
    FloatArray,
    KnnGraph,
    Progress,
    Projection,
    Report,
    Scores,
    silent,
)
from explorer.workspace import Frames, Stored, Workspace, alone, shown_rows, storing

EncoderSource = Callable[[str], Encoder]
Rows = NDArray[np.int32]
BYTES_A_NUMBER = 4
MOST_PHRASES = 4_000
"""Phrases with a vector: 3 s on two cores, and enough for the finest level of names (400 groups, ten each)."""
WORDS_AT_ONCE = 128
"""Words encoded between two looks at whether to stop: about half a second on two cores."""


def run_stage(
    workspace: Workspace, plan: Plan, stage: str, *, encoder: EncoderSource, progress: Report = silent
) -> dict[str, Any]:
    """Compute one stage from the results of the stages before it, keep it, and return what the run's record notes.

    Calls *progress* often; whatever that raises stops the stage, and what is finished stays.  Raises CannotWrite
    before the disk is full: some space is kept for records.
    """

    def guarded(p: Progress) -> None:
        workspace.check_room()
        progress(p)

    dataset = workspace.datasets.open(plan.dataset)
    with storing(workspace.path):
        return _STAGES[stage](workspace, plan, dataset, encoder, guarded) or {}


def _embed(ws: Workspace, plan: Plan, dataset: Dataset, encoder: EncoderSource, progress: Report) -> dict[str, Any]:
    progress(Progress("embed", 0, len(dataset), note="loading the encoder"))
    model = encoder(plan.config.embed.encoder)
    progress(Progress("embed", 0, len(dataset)))  # loading takes long: perhaps nobody wants it any more
    notes: dict[str, Any] = {"reused": len(dataset)}  # the words may be all that is missing
    if not ws.results.has("embed", plan.keys["embed"]):
        wait = Progress("embed", 0, len(dataset), note="another process computes these vectors; waiting for it")
        with _turn(ws, plan, wait, progress) as due:
            notes = _embed_items(ws, plan, dataset, model, progress) if due else {"reused": len(dataset)}
    if "words" in plan.keys and not ws.results.has("words", plan.keys["words"]):
        began, words = time.monotonic(), vocabulary_words(model.name)
        vectors = _encode_words(model, words, progress, "the words that pictures are described with")
        ws.results.save(
            "words", plan.keys["words"], {"vectors": vectors}, {"words": list(words), "seconds": _since(began)}
        )
    _keep_phrases(ws, plan, dataset, lambda: model, progress)
    return notes


def _keep_phrases(
    ws: Workspace, plan: Plan, dataset: Dataset, model: Callable[[], Encoder], progress: Report
) -> KeywordIndex | None:
    """Encode the phrases that groups of the texts may be named by, unless that is done; return the texts' words.

    It is done once for a dataset and an encoder, after its items, while the encoder is there: whatever is clustered
    anew is then named without it.  In the order of the alphabet, so that it depends on no row's place.
    """
    index = _keyword_index(ws, plan, dataset)
    if index is not None and not ws.results.has("phrases", plan.phrases):
        began, phrases = time.monotonic(), list(map(" ".join, index.frequent(MOST_PHRASES)))
        note = "the phrases that clusters are named by"
        encoder = model()
        vectors = _encode_words(encoder, phrases, progress, note) if phrases else np.zeros((0, encoder.dim), np.float32)
        record = {"phrases": phrases, "seconds": _since(began)}
        ws.results.save("phrases", plan.phrases, {"vectors": vectors}, record)
    return index


def _embed_items(ws: Workspace, plan: Plan, dataset: Dataset, model: Encoder, progress: Report) -> dict[str, Any]:
    began, key = time.monotonic(), plan.keys["embed"]
    hashes = item_hashes(dataset.items)
    others = [folder for folder in ws.results.folders("embed") if folder != ws.results.unfinished("embed", key)]
    known = KnownVectors(others, fingerprint=plan.fingerprint)
    folder = ws.results.unfinished("embed", key)
    if not folder.exists():
        ws.check_room(len(dataset) * model.dim * BYTES_A_NUMBER)
    checkpoint = VectorFile(folder, dim=model.dim, hashes=hashes, fingerprint=plan.fingerprint)
    earlier = json.loads(_text(folder / "seconds.json") or "0")
    sketch = Sketch(Frames(ws.frames, "embed", key), checkpoint)

    def report(p: Progress) -> None:
        progress(p)
        sketch.draw()
        (folder / "seconds.json").write_text(json.dumps(earlier + _since(began)), encoding="utf-8")

    embed(dataset.items, model, checkpoint, hashes=hashes, known=known, progress=report)
    sketch.draw(last=True)
    reused = int((checkpoint.state == REUSED).sum())
    failed = np.flatnonzero(checkpoint.state == FAILED).tolist()
    ws.results.finish("embed", key, {"seconds": earlier + _since(began), "failed": failed, "dim": model.dim})
    return {"reused": reused}


def _encode_words(model: Encoder, words: Sequence[str], progress: Report, note: str) -> FloatArray:
    parts = []
    for at in range(0, len(words), WORDS_AT_ONCE):
        progress(Progress("embed", at, len(words), note=note))
        parts.append(model.encode(list(words[at : at + WORDS_AT_ONCE])))
    return np.concatenate(parts)


def _neighbors(ws: Workspace, plan: Plan, dataset: Dataset, encoder: EncoderSource, progress: Report) -> None:
    from explorer.neighbors import build_graph

    began = time.monotonic()
    stored = ws.results.load("embed", plan.keys["embed"])
    embeddings = embeddings_from(plan, stored)
    at = _usable(stored)
    graph = build_graph(embeddings.vectors[at], plan.graph_k, metric=plan.config.project.metric, progress=progress)
    rows = np.full((embeddings.n, graph.k), -1, np.int32)
    distances = np.full((embeddings.n, graph.k), np.nan, np.float32)
    rows[at], distances[at] = at[graph.rows], graph.distances
    keep_codes(ws, plan, embeddings.vectors)
    record = {"metric": graph.metric, "exact": graph.exact, "recall": graph.recall, "seconds": _since(began)}
    ws.results.save("neighbors", plan.keys["neighbors"], {"rows": rows, "distances": distances}, record)


def keep_codes(ws: Workspace, plan: Plan, vectors: FloatArray) -> None:
    """Keep very many vectors in a byte a dimension too: a click or a search then reads a quarter of the memory."""
    from explorer.neighbors import CODED_FROM, codes_of

    if len(vectors) >= CODED_FROM:
        ws.results.save("codes", plan.keys["embed"], vars(codes_of(vectors)), {})


def _project(ws: Workspace, plan: Plan, dataset: Dataset, encoder: EncoderSource, progress: Report) -> None:
    from explorer.projection import fuzzy_graph, project, reduce

    stored = ws.results.load("embed", plan.keys["embed"])
    embeddings = embeddings_from(plan, stored)
    at = _usable(stored)
    vectors, graph = _compact(embeddings, graph_from(ws.results.load("neighbors", plan.keys["neighbors"])), at)
    config, began = plan.config.project, time.monotonic()
    edges = fuzzy_graph(graph, config.n_neighbors)
    if not ws.results.has("project", plan.keys["project"]):
        wait = Progress("project", 0, 0, note="another process lays this map out; waiting for it")
        with _turn(ws, plan, wait, progress) as due:
            if due:
                frames = Frames(ws.frames, "project", plan.keys["project"])

                def watch(xy: FloatArray) -> None:
                    frames.add(_spread(xy, at, embeddings.n)[shown_rows(embeddings.n)], embeddings.n)

                made = project(vectors, graph, config, progress=progress, edges=edges, watch=watch)
                watch(made.xy)
                _keep_map(ws, plan, made, graph, at=at, n=embeddings.n, began=began)
        began = time.monotonic()
    if "reduce" in plan.keys and not ws.results.has("reduce", plan.keys["reduce"]):
        points = reduce(vectors, graph, config, dims=CLUSTER_DIMS, progress=progress, edges=edges)
        found = {"points": _spread(points, at, embeddings.n)}
        ws.results.save("reduce", plan.keys["reduce"], found, {"seconds": _since(began)})


def _keep_map(ws: Workspace, plan: Plan, made: Projection, graph: KnnGraph, *, at: Rows, n: int, began: float) -> None:
    """Keep a map of the usable rows *at* and what was computed of each as those of all n rows."""
    arrays = {"xy": made.xy, "preservation": made.preservation, **vars(_scores(graph))}
    record = {
        "method": made.method,
        "trustworthiness": made.trustworthiness,
        "continuity": made.continuity,
        "trust_k": made.trust_k,
        "trust_rows": made.trust_rows,
        "seconds": _since(began),
    }
    spread = {name: _spread(array, at, n) for name, array in arrays.items()}
    ws.results.save("project", plan.keys["project"], spread, record)


def _cluster(ws: Workspace, plan: Plan, dataset: Dataset, encoder: EncoderSource, progress: Report) -> None:
    by = _by_communities if "communities" in plan.keys else _by_density
    at = _usable(ws.results.load("embed", plan.keys["embed"]))
    progress(Progress("cluster", 0, len(at)))
    cut = by(ws, plan, at, progress)
    if ws.results.has("cluster", plan.keys["cluster"]):
        return
    began, made, n = time.monotonic(), cut(), len(dataset)
    arrays = {"labels": _all_rows(made.labels, at, n, NOISE), "strength": _all_rows(made.strength, at, n, 0)}
    if made.belongs is not None and made.nearest is not None:
        arrays |= {"belongs": _all_rows(made.belongs, at, n, 0), "nearest": _all_rows(made.nearest, at, n, NOISE)}
    if made.levels is not None:
        arrays["levels"] = _all_rows(made.levels, at, n, NOISE)
    ws.results.save("cluster", plan.keys["cluster"], arrays, {"method": made.method, "seconds": _since(began)})


def _by_density(ws: Workspace, plan: Plan, at: Rows, progress: Report) -> Callable[[], Clustering]:
    """Have the linkage tree of the rows *at* there, and return what cuts it."""
    from explorer.clustering import cluster, linkage_tree

    points = _points(ws, plan, at)
    if not ws.results.has("linkage", plan.keys["linkage"]):
        began = time.monotonic()
        tree = linkage_tree(points, int(plan.config.cluster.min_samples or 1), engine=plan.config.project.engine)
        ws.results.save("linkage", plan.keys["linkage"], {"tree": tree}, {"rows": len(at), "seconds": _since(began)})
    stored = ws.results.load("linkage", plan.keys["linkage"]).arrays["tree"]
    return lambda: cluster(points, plan.config.cluster, tree=np.asarray(stored), progress=progress)


def _points(ws: Workspace, plan: Plan, at: Rows) -> FloatArray:
    """Return the places among which HDBSCAN looks for the clusters of the rows *at*."""
    seen = "reduce" if plan.config.cluster.space == "umap" else "project"
    spread = ws.results.load(seen, plan.keys[seen]).arrays["points" if seen == "reduce" else "xy"]
    return np.asarray(spread[at])


def _by_communities(ws: Workspace, plan: Plan, at: Rows, progress: Report) -> Callable[[], Clustering]:
    """Have the communities of the rows *at* there, at every step, and return what takes those of one."""
    from explorer.clustering import cluster_by_communities, communities
    from explorer.projection import fuzzy_graph

    key, config = plan.keys["communities"], plan.config.project
    if not ws.results.has("communities", key):
        began = time.monotonic()
        embeddings = embeddings_from(plan, ws.results.load("embed", plan.keys["embed"]))
        _, graph = _compact(embeddings, graph_from(ws.results.load("neighbors", plan.keys["neighbors"])), at)
        found = communities(graph, fuzzy_graph(graph, config.n_neighbors), seed=config.seed, progress=progress)
        ws.results.save("communities", key, ladder_arrays(found), {"rows": len(at), "seconds": _since(began)})
    ladder = ladder_from(ws.results.load("communities", key))
    return lambda: cluster_by_communities(ladder, plan.config.cluster, progress=progress)


def sweep_sizes(workspace: Workspace, plan: Plan, *, progress: Report = silent) -> None:
    """Sweep min_cluster_size over a run's linkage tree, or the detail of its communities, and keep what it gives."""
    from explorer.clustering import settings_for, sweep, sweep_details

    if workspace.results.has("stability", plan.stability):
        return
    began = time.monotonic()
    found: Sequence[Any]
    if "communities" in plan.keys:
        found = sweep_details(
            ladder_from(workspace.results.load("communities", plan.keys["communities"])), progress=progress
        )
    else:
        linked = workspace.results.load("linkage", plan.keys["linkage"])
        found = sweep(np.asarray(linked.arrays["tree"]), settings_for(linked.record["rows"]), progress=progress)
    record = {"settings": [dataclasses.asdict(setting) for setting in found], "seconds": _since(began)}
    workspace.results.save("stability", plan.stability, {}, record)


def measure_sureness(workspace: Workspace, plan: Plan, *, progress: Report = silent) -> None:
    """Cluster a run's rows again and again, and keep how often its clusters and rows come back."""
    from explorer.clustering import repeat_communities, repeat_density

    results, began = workspace.results, time.monotonic()
    if results.has("sureness", plan.sureness):
        return
    at = _usable(results.load("embed", plan.keys["embed"]))
    labels = np.asarray(results.load("cluster", plan.keys["cluster"]).arrays["labels"])
    config, seed = plan.config.cluster, plan.config.project.seed or 0
    if "communities" in plan.keys:
        ladder = ladder_from(results.load("communities", plan.keys["communities"]))
        made = repeat_communities(ladder, labels[at], config, seed=seed, progress=progress)
    else:
        made = repeat_density(_points(workspace, plan, at), labels[at], config, seed=seed, progress=progress)
    arrays = {"clusters": made.clusters, "rows": _spread(made.rows, at, len(labels))}
    results.save("sureness", plan.sureness, arrays, {"seconds": _since(began)})


def _describe(ws: Workspace, plan: Plan, dataset: Dataset, encoder: EncoderSource, progress: Report) -> None:
    from explorer.description import Vocabulary, describe, name_groups

    began = time.monotonic()
    embedded = ws.results.load("embed", plan.keys["embed"])
    embeddings = embeddings_from(plan, embedded)
    clustering = clustering_from(ws.results.load("cluster", plan.keys["cluster"]))
    vocabulary = None
    if "words" in plan.keys:
        words = ws.results.load("words", plan.keys["words"])
        general = general_words(plan.config.embed.encoder)
        vocabulary = Vocabulary(tuple(words.record["words"]), np.asarray(words.arrays["vectors"]), general)
    progress(Progress("describe", 0, clustering.count))
    known: dict[str, Any] = {"vocabulary": vocabulary, "order": by_content(np.asarray(embedded.arrays["hashes"]))}
    if clustering.count:
        index = _keep_phrases(ws, plan, dataset, lambda: encoder(plan.config.embed.encoder), progress)
        known["index"] = index
        if index is not None:
            known["phrases"] = phrases_from(ws.results.load("phrases", plan.phrases))
    made = describe(dataset.items, dataset.table, embeddings, clustering, progress=progress, **known)
    levels = name_groups(dataset.items, embeddings, clustering, made, **known)
    record = {
        "summaries": [dataclasses.asdict(summary) for summary in made],
        "levels": [[dataclasses.asdict(group) for group in level] for level in levels],
        "seconds": _since(began),
    }
    ws.results.save("describe", plan.keys["describe"], {}, record)


def _keyword_index(ws: Workspace, plan: Plan, dataset: Dataset) -> KeywordIndex | None:
    """Return the words of the dataset's texts, counted once for all its runs and selections; None for pictures."""
    if not which(dataset.items, lambda kind: kind.has_words).any():
        return None
    if not ws.results.has("terms", plan.terms):
        began = time.monotonic()
        counts = count_terms(dataset.items)
        arrays: dict[str, Any] = {"starts": counts.starts, "columns": counts.columns}
        ws.results.save(
            "terms", plan.terms, arrays, {"terms": list(map(" ".join, counts.terms)), "seconds": _since(began)}
        )
    return KeywordIndex(dataset.items, terms_from(ws.results.load("terms", plan.terms)))


_STAGES: Mapping[str, Callable[[Workspace, Plan, Dataset, EncoderSource, Report], dict[str, Any] | None]] = {
    "embed": _embed,
    "neighbors": _neighbors,
    "project": _project,
    "cluster": _cluster,
    "describe": _describe,
}


@contextmanager
def _turn(ws: Workspace, plan: Plan, wait: Progress, progress: Report) -> Iterator[bool]:
    """Hold a stage's lock and say whether its result is due still: another process may have made it meanwhile.

    While another process holds it, *wait* is reported, which names the stage.
    """
    key = plan.keys[wait.stage]
    with alone(ws.results.lock(wait.stage, key), waiting=lambda: progress(wait)):
        yield not ws.results.has(wait.stage, key)


def _usable(embedded: Stored) -> Rows:
    """Return the rows that have a vector, in an order made of what the items hold.

    Everything is computed in this order, so that a map and its clusters are the same in whatever order the rows came.
    """
    order = by_content(np.asarray(embedded.arrays["hashes"]))
    at: Rows = order[np.asarray(embedded.arrays["state"])[order] != FAILED].astype(np.int32)
    if not len(at):
        raise TooFewRows(f"none of the {len(order):,} items could be encoded; look at the list of faults.")
    return at


def _compact(embeddings: Embeddings, graph: KnnGraph, at: Rows) -> tuple[FloatArray, KnnGraph]:
    """Return the vectors and the graph of the usable rows alone, in their order and renumbered."""
    number = np.full(embeddings.n, -1, np.int32)
    number[at] = np.arange(len(at), dtype=np.int32)
    rows = number[graph.rows[at]]
    return embeddings.vectors[at], dataclasses.replace(graph, rows=rows, distances=graph.distances[at])


def _scores(graph: KnnGraph) -> Scores:
    """Return what is computed of each row from its neighbours."""
    from explorer.neighbors import local_density, local_outlier_factor

    if len(graph.rows) < MIN_ROWS:
        return Scores.unknown(len(graph.rows))
    return Scores(local_outlier_factor(graph), local_density(graph))


def _spread(points: FloatArray, at: Rows, n: int) -> FloatArray:
    """Return the points or values of the usable rows among those of all n, nan elsewhere."""
    spread = np.full((n, *points.shape[1:]), np.nan, np.float32)
    spread[at] = points
    return spread


def _all_rows(values: np.ndarray[Any, Any], at: Rows, n: int, rest: float) -> np.ndarray[Any, Any]:
    """Return the values (…, m) of the rows *at* spread over all n rows, *rest* elsewhere."""
    spread = np.full((*values.shape[:-1], n), rest, values.dtype)
    spread[..., at] = values
    return spread


def _since(began: float) -> float:
    return round(time.monotonic() - began, 3)


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8") if path.exists() else ""
