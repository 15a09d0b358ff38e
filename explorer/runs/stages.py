"""Computes one stage of a plan: reads what is before it, computes, and leaves its result in the workspace.

It does not decide which stage is due; `pipeline.walk` does.
"""

from __future__ import annotations

import dataclasses
import logging
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from typing import Any

import numpy as np

from explorer.config import CPU_ENGINE, GIVEN, ProjectConfig, is_given
from explorer.description import KeywordIndex, count_terms
from explorer.embedding import FAILED, REUSED, by_content, embed, item_hashes
from explorer.encoders import unread
from explorer.kinds import each, which
from explorer.projection import MIN_ROWS
from explorer.runs.begun import Spent, begin, known_elsewhere
from explorer.runs.clusters import cluster_rows, neighbors_of
from explorer.runs.drafting import draft_places, embed_draft
from explorer.runs.estimating import note_encoding
from explorer.runs.facts import vocabulary_words
from explorer.runs.given import take_given
from explorer.runs.placed import base_of, join_clusters, names_of_groups, place_rows
from explorer.runs.plan import CLUSTER_DIMS, Plan
from explorer.runs.recutting import keep_titles, names_known
from explorer.runs.remembering import remembering
from explorer.runs.rows import Rows, compact, since, spread_rows, usable
from explorer.runs.sending import MOST_PHRASES, check_agreed, is_agreed
from explorer.runs.sketch import Sketch
from explorer.runs.stored import (
    clustering_from,
    embeddings_from,
    graph_from,
    phrases_from,
    terms_from,
    vocabulary_from,
)
from explorer.runs.vouching import vouch
from explorer.runs.wording import Wording, WordingSource, encode_words, meaning_by
from explorer.types import (
    Dataset,
    Encoder,
    FloatArray,
    KnnGraph,
    Progress,
    Projection,
    Report,
    Scores,
    silent,
)
from explorer.workspace import Frames, Workspace, alone, shown_rows, storing

log = logging.getLogger(__name__)

EncoderSource = Callable[[str], Encoder]


def run_stage(
    workspace: Workspace,
    plan: Plan,
    stage: str,
    *,
    encoder: EncoderSource,
    wording: WordingSource | None = None,
    progress: Report = silent,
) -> dict[str, Any]:
    """Compute one stage from the results of the stages before it, keep it, and return what the run's record notes.

    Names are encoded by *wording*, by default the *encoder*.

    Calls *progress* often; whatever that raises stops the stage, and what is finished stays.  Raises CannotWrite
    before the disk is full: some space is kept for records.
    """

    def guarded(p: Progress) -> None:
        workspace.check_room()
        progress(p)

    def remembered(name: str) -> Encoder:
        return remembering(workspace, encoder(name))

    dataset = workspace.datasets.open(plan.dataset)
    with storing(workspace.path):
        if stage == "embed":
            return _embed(workspace, plan, dataset, remembered, guarded)
        _STAGES[stage](workspace, plan, dataset, wording or remembered, guarded)
        return {}


def _embed(ws: Workspace, plan: Plan, dataset: Dataset, encoder: EncoderSource, progress: Report) -> dict[str, Any]:
    if plan.config.embed.encoder == GIVEN:
        take_given(ws, plan, dataset, progress)
        return {"reused": len(dataset)}
    check_agreed(ws, plan)
    progress(Progress("embed", 0, len(dataset), note="getting ready to read"))
    model = encoder(plan.config.embed.encoder)
    progress(Progress("embed", 0, len(dataset)))  # loading takes long: perhaps nobody wants it any more
    notes: dict[str, Any] = {"reused": len(dataset)}  # the words may be all that is missing
    if is_given(plan.config.embed.encoder):
        vouch(ws, plan, dataset, model, progress)
        take_given(ws, plan, dataset, progress)
    elif plan.is_draft:
        also = partial(_keep_draft_phrases, ws, plan, dataset, progress)
        embed_draft(ws, plan, dataset, model, progress, also=also)
        notes = {"reused": 0}
    elif not ws.results.has("embed", plan.keys["embed"]):
        wait = Progress("embed", 0, len(dataset), note="somebody else's map reads the same rows now; waiting for it")
        with _turn(ws, plan, wait, progress) as due:
            notes = _embed_items(ws, plan, dataset, model, progress) if due else {"reused": len(dataset)}
    if "words" in plan.keys and not ws.results.has("words", plan.keys["words"]):
        began, words = time.monotonic(), vocabulary_words(model.name)
        vectors = encode_words(model, words, progress, "the words that pictures are described with")
        ws.results.save(
            "words", plan.keys["words"], {"vectors": vectors}, {"words": list(words), "seconds": since(began)}
        )
    _keep_phrases(ws, plan, dataset, lambda: model, progress)
    return notes


def _keep_draft_phrases(ws: Workspace, plan: Plan, dataset: Dataset, progress: Report, words: Wording) -> None:
    _keep_phrases(ws, plan, dataset, lambda: words, progress)


def _keep_phrases(
    ws: Workspace, plan: Plan, dataset: Dataset, model: Callable[[], Wording], progress: Report
) -> KeywordIndex | None:
    """Encode the phrases that groups of the texts may be named by, unless that is done; return the texts' words.

    It is done once for a dataset and an encoder, after its items, while the encoder is there: whatever is clustered
    anew can then be named without it.  In the order of the alphabet, so that it depends on no row's place.
    """
    index = _keyword_index(ws, plan, dataset)
    if plan.config.embed.encoder == GIVEN or not is_agreed(ws, plan):
        return index
    if index is not None and not ws.results.has("phrases", plan.phrases):
        began, phrases = time.monotonic(), list(map(" ".join, index.frequent(MOST_PHRASES)))
        note = "the phrases that clusters are named by"
        encoder = model()
        vectors = encode_words(encoder, phrases, progress, note) if phrases else np.zeros((0, encoder.dim), np.float32)
        record = {"phrases": phrases, "seconds": since(began)}
        ws.results.save("phrases", plan.phrases, {"vectors": vectors}, record)
    return index


def _embed_items(ws: Workspace, plan: Plan, dataset: Dataset, model: Encoder, progress: Report) -> dict[str, Any]:
    began, key = time.monotonic(), plan.keys["embed"]
    hashes = item_hashes(dataset.items)
    known, folder = known_elsewhere(ws, plan, key), ws.results.unfinished("embed", key)
    checkpoint = begin(ws, plan.dataset, key, dim=model.dim, hashes=hashes, fingerprint=plan.fingerprint)
    spent = Spent(folder, began)
    sketch = Sketch(Frames(ws.frames, "embed", key), checkpoint)

    def report(p: Progress) -> None:
        progress(p)
        sketch.draw()
        spent.keep()

    embed(dataset.items, model, checkpoint, hashes=hashes, known=known, progress=report)
    sketch.draw(last=True)
    checkpoint.close()
    np.save(folder / "unread.npy", unread(plan.config.embed.encoder, each(dataset.items, lambda kind: kind.words)))
    reused = int((checkpoint.state == REUSED).sum())
    if not spent.earlier:
        encoded = len(np.unique(hashes[checkpoint.state != REUSED], axis=0)) / len(hashes)
        record = ws.datasets.record(plan.dataset)
        note_encoding(ws, record, plan.config.embed.encoder, since(began), encoded)
    failed = np.flatnonzero(checkpoint.state == FAILED).tolist()
    ws.results.finish("embed", key, {"seconds": spent.total, "failed": failed, "dim": model.dim})
    return {"reused": reused}


def _neighbors(ws: Workspace, plan: Plan, dataset: Dataset, encoder: WordingSource, progress: Report) -> None:
    from explorer.neighbors import build_graph

    began = time.monotonic()
    stored = ws.results.load("embed", plan.keys["embed"])
    embeddings = embeddings_from(plan, stored)
    at = usable(stored)
    graph = build_graph(embeddings.compared()[at], plan.graph_k, metric=plan.config.project.metric, progress=progress)
    rows = np.full((embeddings.n, graph.k), -1, np.int32)
    distances = np.full((embeddings.n, graph.k), np.nan, np.float32)
    rows[at], distances[at] = at[graph.rows], graph.distances
    keep_codes(ws, plan, embeddings.vectors)
    record = {"metric": graph.metric, "exact": graph.exact, "recall": graph.recall, "seconds": since(began)}
    ws.results.save("neighbors", plan.keys["neighbors"], {"rows": rows, "distances": distances}, record)


def keep_codes(ws: Workspace, plan: Plan, vectors: FloatArray) -> None:
    """Keep very many vectors in a byte a dimension too: a click or a search then reads a quarter of the memory."""
    from explorer.neighbors import CODED_FROM, codes_of

    if len(vectors) >= CODED_FROM:
        ws.results.save("codes", plan.keys["embed"], vars(codes_of(vectors)), {})


def _project(ws: Workspace, plan: Plan, dataset: Dataset, encoder: WordingSource, progress: Report) -> None:
    from explorer.projection import fuzzy_graph, project

    stored = ws.results.load("embed", plan.keys["embed"])
    embeddings = embeddings_from(plan, stored)
    at = usable(stored)
    vectors, graph = compact(embeddings, graph_from(ws.results.load("neighbors", plan.keys["neighbors"])), at)
    config, began = plan.config.project, time.monotonic()
    edges = fuzzy_graph(graph, config.n_neighbors)
    if not ws.results.has("project", plan.keys["project"]):
        wait = Progress("project", 0, 0, note="the same map is being drawn already; waiting for it")
        with _turn(ws, plan, wait, progress) as due:
            if due:
                frames = Frames(ws.frames, "project", plan.keys["project"])

                def watch(xy: FloatArray) -> None:
                    frames.add(spread_rows(xy, at, embeddings.n)[shown_rows(embeddings.n)], embeddings.n)

                made = (
                    place_rows(plan, base_of(ws, plan), vectors, graph, edges, at, progress)
                    if plan.is_placed
                    else project(
                        vectors,
                        graph,
                        config,
                        progress=progress,
                        edges=edges,
                        watch=watch,
                        start=draft_places(ws, plan, at),
                    )
                )
                watch(made.xy)
                _keep_map(ws, plan, made, vectors, graph, at=at, n=embeddings.n, began=began)
        began = time.monotonic()
    if "reduce" in plan.keys and not ws.results.has("reduce", plan.keys["reduce"]):
        points = _space_of_clusters(vectors, graph, config, edges, progress)
        found = {"points": spread_rows(points, at, embeddings.n)}
        ws.results.save("reduce", plan.keys["reduce"], found, {"seconds": since(began)})


def _space_of_clusters(
    vectors: FloatArray, graph: KnnGraph, config: ProjectConfig, edges: Any, progress: Report
) -> FloatArray:
    """Return the places (n, m) of rows in which clusters are near each other; an engine's tree is made of them."""
    from explorer.projection import places_of_groups, reduce

    if config.engine == CPU_ENGINE:
        return places_of_groups(vectors, edges)
    return reduce(vectors, graph, config, dims=CLUSTER_DIMS, progress=progress, edges=edges)


def _keep_map(
    ws: Workspace,
    plan: Plan,
    made: Projection,
    vectors: FloatArray,
    graph: KnnGraph,
    *,
    at: Rows,
    n: int,
    began: float,
) -> None:
    """Keep a map of the usable rows *at* and what was computed of each as those of all n rows."""
    arrays = {"xy": made.xy, "preservation": made.preservation, **vars(_scores(graph, vectors))}
    record = {
        "method": made.method,
        "trustworthiness": made.trustworthiness,
        "continuity": made.continuity,
        "trust_k": made.trust_k,
        "trust_rows": made.trust_rows,
        "seconds": since(began),
    }
    spread = {name: spread_rows(array, at, n) for name, array in arrays.items()}
    ws.results.save("project", plan.keys["project"], spread, record)


def _cluster(ws: Workspace, plan: Plan, dataset: Dataset, encoder: WordingSource, progress: Report) -> None:
    if plan.is_placed:
        at = usable(ws.results.load("embed", plan.keys["embed"]))
        join_clusters(ws, plan, *neighbors_of(ws, plan, at), at)
        return
    cluster_rows(ws, plan, dataset, progress)


def _describe(ws: Workspace, plan: Plan, dataset: Dataset, encoder: WordingSource, progress: Report) -> None:
    from explorer.description import describe, name_groups

    began = time.monotonic()
    embedded = ws.results.load("embed", plan.keys["embed"])
    embeddings = embeddings_from(plan, embedded)
    clustering = clustering_from(ws.results.load("cluster", plan.keys["cluster"]))
    vocabulary = None
    if "words" in plan.keys:
        vocabulary = vocabulary_from(plan, ws.results.load("words", plan.keys["words"]))
    progress(Progress("describe", 0, clustering.count))
    known: dict[str, Any] = {"vocabulary": vocabulary, "order": by_content(np.asarray(embedded.arrays["hashes"]))}
    known["known"] = names_known(ws, plan.names_from)
    if clustering.count:
        index = _keep_phrases(ws, plan, dataset, lambda: encoder(plan.config.embed.encoder), progress)
        known["index"] = index
        encodes = plan.config.embed.encoder != GIVEN and is_agreed(ws, plan)
        if encodes and not plan.is_placed and not plan.is_draft:
            known["meaning"] = meaning_by(encoder, plan.config.embed.encoder)
        if encodes and index is not None and ws.results.has("phrases", plan.phrases):
            known["phrases"] = phrases_from(ws.results.load("phrases", plan.phrases))
    base = base_of(ws, plan) if plan.is_placed else None
    made = describe(
        dataset.items,
        dataset.table,
        embeddings,
        clustering,
        progress=progress,
        named=None if base is None else base.record,
        readings=plan.readings,
        **known,
    )
    levels = (
        name_groups(dataset.items, embeddings, clustering, made, table=dataset.table, readings=plan.readings, **known)
        if base is None
        else names_of_groups(base, clustering)
    )
    record = {
        "summaries": [dataclasses.asdict(summary) for summary in made],
        "levels": [[dataclasses.asdict(group) for group in level] for level in levels],
        "seconds": since(began),
    }
    ws.results.save("describe", plan.keys["describe"], {}, record)
    keep_titles(ws, plan, clustering.labels)


def _keyword_index(ws: Workspace, plan: Plan, dataset: Dataset) -> KeywordIndex | None:
    """Return the words of the dataset's texts, counted once for all its runs and selections; None for pictures."""
    if not which(dataset.items, lambda kind: kind.has_words).any():
        return None
    if not ws.results.has("terms", plan.terms):
        began = time.monotonic()
        counts = count_terms(dataset.items)
        arrays = {name: getattr(counts, name) for name in ("starts", "columns", "whole", "parts")}
        ws.results.save(
            "terms", plan.terms, arrays, {"terms": list(map(" ".join, counts.terms)), "seconds": since(began)}
        )
    return KeywordIndex(dataset.items, terms_from(ws.results.load("terms", plan.terms)))


_STAGES: Mapping[str, Callable[[Workspace, Plan, Dataset, WordingSource, Report], None]] = {
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


def _scores(graph: KnnGraph, vectors: FloatArray) -> Scores:
    """Return what is computed of each row from its neighbours among the vectors that were compared."""
    from explorer.neighbors import local_density, local_outlier_factor

    if len(graph.rows) < MIN_ROWS:
        return Scores.unknown(len(graph.rows))
    return Scores(local_outlier_factor(graph), local_density(graph, vectors))
