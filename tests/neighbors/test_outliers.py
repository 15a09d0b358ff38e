"""Outlier score and density from the graph: scikit-learn's factor, a planted stranger, copies that count once."""

from __future__ import annotations

import numpy as np
import pytest

from explorer.neighbors.graph import build_graph
from explorer.neighbors.outliers import local_density, local_outlier_factor
from explorer.types import FloatArray


def bundle(n: int, *, spread: float = 0.1, seed: int = 0) -> FloatArray:
    """Return n unit vectors about one direction."""
    vectors = np.eye(1, 12) + spread * np.random.default_rng(seed).normal(size=(n, 12))
    return (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)


@pytest.mark.parametrize("metric", ["cosine", "euclidean"])
def test_without_copies_the_factor_is_scikit_learns(metric: str) -> None:
    from sklearn.neighbors import LocalOutlierFactor

    vectors = np.concatenate([bundle(150), -bundle(60, spread=0.3)])
    reference = LocalOutlierFactor(n_neighbors=15, metric=metric, algorithm="brute").fit(vectors.astype(np.float64))
    factor = local_outlier_factor(build_graph(vectors, 16, metric=metric))
    assert factor == pytest.approx(-reference.negative_outlier_factor_, rel=1e-3)


def test_a_planted_stranger_has_the_highest_factor_and_the_lowest_density() -> None:
    stranger = np.eye(12, dtype=np.float32)[5:6]
    vectors = np.concatenate([bundle(100), stranger])
    graph = build_graph(vectors, 16)
    factor, density = local_outlier_factor(graph), local_density(graph, vectors)
    assert factor.argmax() == density.argmin() == 100
    assert factor[100] > 5
    assert np.median(factor) == pytest.approx(1, abs=0.1)


def test_what_lies_beside_a_heap_of_copies_is_no_outlier() -> None:
    one = bundle(1)
    vectors = np.concatenate([bundle(200), np.repeat(one, 80, axis=0)])
    factor = local_outlier_factor(build_graph(vectors, 16))
    assert np.isfinite(factor).all()
    assert (factor[200:] == 1).all()
    assert factor.max() < 3


def test_density_is_the_mean_similarity_to_the_neighbours() -> None:
    vectors = bundle(60)
    similar = np.sort(vectors @ vectors.T, axis=1)[:, ::-1][:, 1:16].mean(axis=1)
    for metric in ("cosine", "euclidean"):
        assert local_density(build_graph(vectors, 16, metric=metric), vectors) == pytest.approx(similar, abs=1e-5)
    copies = np.repeat(bundle(1), 30, axis=0)
    assert local_density(build_graph(copies, 16), copies) == pytest.approx(1)


def test_a_row_alone_has_no_score() -> None:
    graph = build_graph(bundle(1), 16)
    assert np.isnan(local_outlier_factor(graph)).all()
    assert np.isnan(local_density(graph, bundle(1))).all()
