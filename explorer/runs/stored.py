"""Turns stage results, as they lie in the workspace, into the nouns that every floor shares.

It computes nothing: arrays stay memory-mapped.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from explorer.clustering import Kinship, Ladder
from explorer.description import TermCounts, Vocabulary
from explorer.embedding import FAILED
from explorer.runs.facts import general_words
from explorer.runs.plan import Plan
from explorer.types import (
    Clustering,
    ClusterSummary,
    Codes,
    Embeddings,
    Enrichment,
    KnnGraph,
    NamedGroup,
    Projection,
    Scores,
    Sureness,
    unknown,
)
from explorer.workspace import Stored

_GRAPH = ("data", "indices", "indptr")


def embeddings_from(plan: Plan, stored: Stored, *, reused: int = 0, codes: Stored | None = None) -> Embeddings:
    """Return the vectors that `embed` left, rows that failed marked, and the *codes* that `neighbors` left of them."""
    arrays, encoder = stored.arrays, plan.config.embed.encoder
    ok = arrays["state"] != FAILED
    coded = Codes(**codes.arrays) if codes is not None else None
    told = (arrays["truncated"], reused, coded, arrays.get("unread"), arrays.get("raw"), plan.config.project.metric)
    return Embeddings(plan.keys["embed"], arrays["vectors"], ok, encoder, *told)


def graph_from(stored: Stored) -> KnnGraph:
    """Return the graph that `neighbors` left."""
    record = stored.record
    return KnnGraph(
        stored.arrays["rows"], stored.arrays["distances"], record["metric"], record["exact"], record["recall"]
    )


def projection_from(stored: Stored) -> Projection:
    """Return the map that `project` left."""
    record = stored.record
    return Projection(
        stored.arrays["xy"],
        record["method"],
        record["trustworthiness"],
        record["trust_k"],
        record["trust_rows"],
        record.get("continuity"),
        stored.arrays.get("preservation", unknown(0)),
    )


def scores_from(stored: Stored) -> Scores:
    """Return what `project` computed of each row; runs of earlier versions have nothing of it."""
    if "outlier" not in stored.arrays:
        return Scores.unknown(len(stored.arrays["xy"]))
    return Scores(stored.arrays["outlier"], stored.arrays["density"])


def clustering_from(stored: Stored) -> Clustering:
    """Return the groups that `cluster` left."""
    arrays = stored.arrays
    return Clustering(
        arrays["labels"],
        arrays["strength"],
        stored.record["method"],
        arrays.get("belongs"),
        arrays.get("nearest"),
        levels=arrays.get("levels"),
    )


def ladder_arrays(ladder: Ladder) -> dict[str, np.ndarray[Any, Any]]:
    """Return the arrays in which communities are kept, those that `ladder_from` reads."""
    graph = {name: getattr(ladder.edges, name) for name in _GRAPH} if ladder.edges is not None else {}
    return {"steps": ladder.steps, "copies": ladder.copies, **graph}


def ladder_from(stored: Stored) -> Ladder:
    """Return the communities that `cluster` left, and their graph."""
    from scipy.sparse import csr_array

    steps, arrays = stored.arrays["steps"], stored.arrays
    parts = tuple(np.asarray(arrays[name]) for name in _GRAPH) if "data" in arrays else None
    return Ladder(steps, csr_array(parts, shape=(steps.shape[1],) * 2) if parts else None, arrays["copies"])


def kinship_arrays(kin: Kinship | None) -> dict[str, np.ndarray[Any, Any]]:
    """Return the arrays in which it is kept how far apart neighbours are, those that `kinship_from` reads."""
    return {name: getattr(kin.apart, name) for name in _GRAPH} if kin is not None else {}


def kinship_from(stored: Stored) -> Kinship | None:
    """Return how far apart neighbours are; None where a tree was made of points, as of every run before."""
    from scipy.sparse import csr_array

    if "data" not in stored.arrays:
        return None
    n = len(stored.arrays["indptr"]) - 1
    return Kinship(csr_array(tuple(np.asarray(stored.arrays[name]) for name in _GRAPH), shape=(n, n)))


def sureness_from(stored: Stored) -> Sureness:
    """Return how often clusters and rows came back."""
    return Sureness(stored.arrays["clusters"], stored.arrays["rows"])


def terms_from(stored: Stored) -> TermCounts:
    """Return the words counted in the texts of a dataset."""
    terms = tuple(tuple(term.split(" ")) for term in stored.record["terms"])
    return TermCounts(terms, *(stored.arrays[name] for name in ("starts", "columns", "whole", "parts")))


def vocabulary_from(plan: Plan, stored: Stored) -> Vocabulary:
    """Return the words that pictures are described with."""
    words, general = tuple(stored.record["words"]), general_words(plan.config.embed.encoder)
    return Vocabulary(words, np.asarray(stored.arrays["vectors"]), general)


def phrases_from(stored: Stored) -> Vocabulary:
    """Return the phrases of a dataset's texts with their vectors."""
    return Vocabulary(tuple(stored.record["phrases"]), stored.arrays["vectors"])


def levels_from(record: Mapping[str, Any]) -> tuple[tuple[NamedGroup, ...], ...]:
    """Return the named groups of the map's levels that `describe` left."""
    return tuple(
        tuple(NamedGroup(**{**group, **_tuples(group, "clusters")}) for group in level)
        for level in record.get("levels", ())
    )


def _tuples(told: Mapping[str, Any], *names: str) -> dict[str, tuple[Any, ...]]:
    """Return lists of a json object as tuples, and those near its name, which one of an earlier release has not."""
    return {"near_name": tuple(told.get("near_name", ())), **{name: tuple(told[name]) for name in names}}


def summary_from(value: Mapping[str, Any]) -> ClusterSummary:
    """Return one cluster's summary from its json."""
    return ClusterSummary(
        **{
            **value,
            "keywords": tuple((word, score) for word, score in value["keywords"]),
            **_tuples(value, "exemplars", "odd"),
            "nearest": tuple((label, score) for label, score in value["nearest"]),
            "enrichment": tuple(Enrichment(**found) for found in value["enrichment"]),
        }
    )
