"""What every neighbour index promises.

Not how fast it is.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from explorer.contracts.contract import Contract, checks_in, near, promised
from explorer.neighbors import IndexFamily, check_index_family
from explorer.types import FloatArray

METRICS = ("cosine", "euclidean")


def check_it_finds_what_brute_force_finds(family: IndexFamily) -> None:
    """It finds what brute force finds, as many of it as its recall says, and scores it by the vectors themselves."""
    vectors, queries = unit(500), unit(20, seed=1)
    for metric in METRICS:
        hits = family.make(vectors, metric=metric).search(queries, 10)
        share = shared(hits.rows, truth(vectors, queries, 10, metric))
        promised(share >= family.recall, f"a recall of {share:.3f} by {metric} distance, {family.recall} is owed")
        true = distances(vectors, queries, metric)
        scores = np.take_along_axis(1 - true if metric == "cosine" else -true, hits.rows, 1)
        promised(near(hits.scores, scores, within=2e-6), f"scores {hits.scores[0]} where {scores[0]} are true")


def check_shapes_types_and_order_are_the_same_for_all(family: IndexFamily) -> None:
    """Rows are int64 (m, k), scores float32 (m, k) and descending."""
    hits = family.make(unit(100), metric="cosine").search(unit(3, seed=2), 7)
    promised(hits.rows.shape == hits.scores.shape == (3, 7), f"shapes {hits.rows.shape} and {hits.scores.shape}")
    typed = hits.rows.dtype == np.int64 and hits.scores.dtype == np.float32
    promised(typed, f"{hits.rows.dtype}, {hits.scores.dtype}")
    promised((np.diff(hits.scores, axis=1) <= 0).all(), f"the scores are {hits.scores[0]}")


def check_more_hits_than_rows_are_filled_with_minus_one_and_nan(family: IndexFamily) -> None:
    """Where more hits are asked for than there are rows, the rest is -1 and nan."""
    hits = family.make(unit(3), metric="cosine").search(unit(2, seed=3), 5)
    promised((hits.rows[:, 3:] == -1).all(), f"the rows are {hits.rows.tolist()}")
    promised(np.isnan(hits.scores[:, 3:]).all(), f"the scores are {hits.scores.tolist()}")
    promised((np.sort(hits.rows[:, :3], axis=1) == [0, 1, 2]).all(), f"the rows are {hits.rows.tolist()}")


def check_no_rows_no_queries_and_no_hits_are_all_fine(family: IndexFamily) -> None:
    """No rows, no queries and no hits are all fine."""
    none = family.make(np.zeros((0, 4), np.float32), metric="cosine").search(unit(1, 4), 2).rows
    promised((none == -1).all(), f"among no rows it finds {none.tolist()}")
    unasked = family.make(unit(5), metric="cosine").search(unit(0), 2).rows.shape
    promised(unasked == (0, 2), f"the hits of no queries have the shape {unasked}")
    unwanted = family.make(unit(5), metric="cosine").search(unit(1), 0).rows.shape
    promised(unwanted == (1, 0), f"no hits of a query have the shape {unwanted}")


def check_copies_of_a_vector_are_found_with_similarity_one_lower_rows_first(family: IndexFamily) -> None:
    """Copies of a vector are found with similarity 1, lower rows first."""
    vectors = unit(40)
    vectors[[4, 11, 30]] = vectors[4]
    hits = family.make(vectors, metric="cosine").search(vectors[11:12], 3)
    promised(hits.rows.tolist() == [[4, 11, 30]], f"the rows are {hits.rows.tolist()}, not [[4, 11, 30]]")
    promised(near(hits.scores, np.ones((1, 3)), within=1e-6), f"the scores are {hits.scores.tolist()}")


def check_euclidean_search_takes_vectors_of_any_length(family: IndexFamily) -> None:
    """By Euclidean distance it takes vectors of any length."""
    vectors = unit(200) * np.linspace(0.2, 3, 200, dtype=np.float32)[:, None]
    hits = family.make(vectors, metric="euclidean").search(vectors[:20], 5)
    share = shared(hits.rows, truth(vectors, vectors[:20], 5, "euclidean"))
    promised(share >= family.recall, f"a recall of {share:.3f}, {family.recall} is owed")


def check_it_leaves_vectors_and_queries_as_they_are(family: IndexFamily) -> None:
    """It writes neither into the vectors nor into the queries, which may be read-only."""
    vectors, queries = unit(60), unit(4, seed=6)
    kept = vectors.copy(), queries.copy()
    vectors.flags.writeable = queries.flags.writeable = False
    family.make(vectors, metric="cosine").search(queries, 3)
    promised((vectors == kept[0]).all() and (queries == kept[1]).all(), "other values")


def unit(n: int, d: int = 24, *, seed: int = 0) -> FloatArray:
    """Return float32 (n, d) vectors of unit length, in a few groups."""
    rng = np.random.default_rng(seed)
    vectors = rng.normal(size=(8, d))[rng.integers(0, 8, n)] + rng.normal(size=(n, d))
    return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), np.float32)


def distances(vectors: FloatArray, queries: FloatArray, metric: str) -> NDArray[np.float64]:
    """Return float64 (m, n): how far each query is from each vector."""
    v, q = vectors.astype(np.float64), queries.astype(np.float64)
    return np.asarray(1 - q @ v.T if metric == "cosine" else np.linalg.norm(q[:, None] - v, axis=2))


def truth(vectors: FloatArray, queries: FloatArray, k: int, metric: str) -> NDArray[np.int64]:
    """Return int64 (m, k): the nearest rows, ties by row."""
    return np.argsort(distances(vectors, queries, metric), axis=1, kind="stable")[:, :k]


def shared(found: NDArray[Any], expected: NDArray[Any]) -> float:
    """Return the mean share of the expected rows that were found."""
    return float(np.mean([len(np.intersect1d(a, b)) / len(b) for a, b in zip(found, expected, strict=True)]))


def subjects(family: Any, _more: Sequence[str], _folder: Path) -> list[IndexFamily]:
    """Return the family itself."""
    check_index_family(family)
    return [family]


INDEX = Contract(subjects, checks_in(globals()))
