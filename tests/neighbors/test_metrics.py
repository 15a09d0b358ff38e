"""Vectors of different lengths by angle, distance and product: graph, look-up and copies against plain arithmetic."""

from __future__ import annotations

import numpy as np
import pytest

from explorer.neighbors import build_graph, local_density, near_duplicates, nearest_to, neighbors_of_row
from explorer.types import KnnGraph

N, DIM, K = 300, 6, 12


def scattered(n: int = N, *, seed: int = 0, offset: float = 0.0) -> np.ndarray:
    chance = np.random.default_rng(seed)
    return (chance.normal(size=(n, DIM)) * chance.gamma(2, 1, size=(n, 1)) + offset).astype(np.float32)


def truth(vectors: np.ndarray, metric: str) -> np.ndarray:
    """Return how near all pairs are in double precision, rows to themselves nearest."""
    v = vectors.astype(np.float64)
    near = v @ v.T if metric == "dot" else -np.linalg.norm(v[:, None] - v, axis=2)
    np.fill_diagonal(near, np.inf)
    return near


@pytest.mark.parametrize("metric", ["euclidean", "dot"])
@pytest.mark.parametrize(("exact_limit", "seed"), [(None, 0), (None, 1), (None, 2), (10, 0)])
def test_the_graph_has_the_nearest_by_the_lengths_too(metric: str, exact_limit: int | None, seed: int) -> None:
    n = N if exact_limit is None else 1_500
    vectors = scattered(n, seed=seed)
    graph = build_graph(vectors, K, metric=metric, exact_limit=exact_limit)
    near = truth(vectors, metric)
    true = np.argsort(-near, axis=1, kind="stable")[:, :K]
    shared = np.mean([len(set(a) & set(b)) for a, b in zip(true, graph.rows, strict=True)]) / K
    assert shared == 1 if exact_limit is None else shared > 0.9
    assert (graph.rows[:, 0] == np.arange(n)).all()
    assert (graph.distances[:, 0] == 0).all()
    assert (np.diff(graph.distances[:, 1:], axis=1) >= 0).all()
    assert (graph.distances[:, 1:] > 0).all()
    found = np.take_along_axis(near, graph.rows[:, 1:].astype(np.int64), 1)
    against = -graph.distances[:, 1:] if metric == "euclidean" else graph.distances[:, 1:] + found
    assert against == pytest.approx(found if metric == "euclidean" else against[0, 0], rel=1e-4)


def test_products_of_copies_rank_as_their_vectors_do() -> None:
    vectors = np.concatenate([scattered(60), scattered(60)[:20]])
    graph = build_graph(vectors, K, metric="dot")
    near = truth(vectors, "dot")
    for row in range(len(vectors)):
        assert graph.rows[row, 0] == row
        assert np.sort(near[row, graph.rows[row, 1:]]) == pytest.approx(np.sort(near[row])[-K:-1], rel=1e-5)


@pytest.mark.parametrize("metric", ["euclidean", "dot"])
@pytest.mark.parametrize("offset", [0.0, 3_000.0])
def test_a_look_up_has_the_very_nearest_however_far_from_zero_they_are(metric: str, offset: float) -> None:
    vectors = scattered(offset=offset)
    near = truth(vectors, metric)
    for row in range(0, N, 17):
        hits = neighbors_of_row(vectors, row, K, metric=metric)
        true = np.sort(near[row])[::-1][1 : K + 1]
        assert hits.scores[0] == pytest.approx(true, rel=1e-3 if metric == "euclidean" else 1e-5)
        assert near[row, hits.rows[0]] == pytest.approx(true, rel=1e-6)
    query = vectors[0] * 2
    best = nearest_to(vectors, query, 1, metric=metric).rows[0, 0]
    v = vectors.astype(np.float64)
    assert best == (v @ query if metric == "dot" else -np.linalg.norm(v - query, axis=1)).argmax()


def test_a_graph_by_distance_is_true_far_from_zero() -> None:
    near, far = scattered(), scattered(offset=3_000.0)
    graph = build_graph(far, K, metric="euclidean")
    assert (graph.rows == build_graph((far - 3_000).astype(np.float32), K, metric="euclidean").rows).mean() > 0.999
    assert graph.distances.max() < 4 * build_graph(near, K, metric="euclidean").distances.max()


def test_rows_of_one_direction_and_different_lengths_are_no_duplicates() -> None:
    vectors = scattered()
    vectors[1], vectors[2], vectors[3] = vectors[0] * 5, vectors[0] * 1.0001, vectors[0]
    ok = np.ones(N, np.bool_)
    groups = near_duplicates(vectors, build_graph(vectors, K, metric="euclidean"), ok=ok, threshold=0.9999)
    assert groups == ((0, 2, 3),)
    unit = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    by_angle = near_duplicates(unit, build_graph(unit, K), ok=ok, threshold=0.9999)
    assert by_angle == ((0, 1, 2, 3),)
    assert near_duplicates(unit, build_graph(unit, K, metric="dot"), ok=ok, threshold=0.9999) == by_angle


@pytest.mark.parametrize("metric", ["euclidean", "dot"])
def test_density_is_a_similarity_by_every_metric(metric: str) -> None:
    vectors = scattered()
    graph: KnnGraph = build_graph(vectors, 16, metric=metric)
    density = local_density(graph, vectors)
    v = vectors.astype(np.float64)
    near = truth(vectors, metric)
    pairs = np.take_along_axis(near, graph.rows[:, 1:].astype(np.int64), 1)
    size = v.var(axis=0).sum() if metric == "euclidean" else (v**2).sum(1).mean()
    similar = pairs / size if metric == "dot" else 1 - pairs**2 / (2 * size)
    assert density == pytest.approx(similar.mean(axis=1), rel=1e-3, abs=1e-3)
