"""Trustworthiness: scikit-learn's number, on a sample, in bounded memory."""

from __future__ import annotations

import numpy as np
import pytest

from explorer.faithful import trustworthiness
from explorer.types import FloatArray


def unit(n: int, d: int = 16) -> FloatArray:
    vectors = np.random.default_rng(n).normal(size=(n, d))
    return (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)


def picture(n: int) -> FloatArray:
    return np.random.default_rng(1).normal(size=(n, 2)).astype(np.float32)


@pytest.mark.parametrize("metric", ["cosine", "euclidean"])
@pytest.mark.parametrize(("n", "k"), [(300, 15), (1_500, 15), (40, 15), (20, 9), (9, 4), (4, 1)])
def test_it_equals_scikit_learn_and_k_shrinks_with_the_rows(n: int, k: int, metric: str) -> None:
    from sklearn.manifold import trustworthiness as reference

    vectors = unit(n)
    xy = vectors[:, :2] * 3 if n > 30 else picture(n)
    score, used, measured = trustworthiness(vectors, xy, metric=metric)
    assert (used, measured) == (k, n)
    assert score == pytest.approx(reference(vectors.astype(np.float64), xy, n_neighbors=k, metric=metric), abs=1e-9)


def test_a_perfect_map_scores_one_and_a_random_one_about_a_half() -> None:
    angles = np.sort(np.random.default_rng(0).uniform(0, 3, 200))
    circle = np.stack([np.cos(angles), np.sin(angles)], axis=1).astype(np.float32)
    assert trustworthiness(circle, circle)[0] == 1.0
    score = trustworthiness(unit(400), picture(400))[0]
    assert score is not None
    assert 0.4 < score < 0.6


def test_a_seeded_sample_is_ranked_against_all_rows_and_repeats() -> None:
    vectors = unit(900)
    xy = vectors[:, :2]
    whole, _, _ = trustworthiness(vectors, xy)
    part, k, measured = trustworthiness(vectors, xy, rows=300)
    assert (k, measured) == (15, 300)
    assert part == trustworthiness(vectors, xy, rows=300)[0]
    assert part != whole
    assert part == pytest.approx(whole, abs=0.02)


def test_blocks_do_not_change_the_number(monkeypatch: pytest.MonkeyPatch) -> None:
    vectors = unit(500)
    before = trustworthiness(vectors, vectors[:, :2])
    monkeypatch.setattr("explorer.faithful._COLUMNS", 64)
    monkeypatch.setattr("explorer.faithful._BLOCK_BYTES", 64 * 4 * 7)
    assert trustworthiness(vectors, vectors[:, :2]) == before


def test_identical_rows_do_not_intrude_on_each_other() -> None:
    assert trustworthiness(np.repeat(unit(1), 50, axis=0), picture(50))[0] == 1.0
    copies = np.repeat(unit(10), 20, axis=0)
    places = np.repeat(10 * picture(10), 20, axis=0)
    assert trustworthiness(copies, places)[0] == 1.0


@pytest.mark.parametrize("n", [0, 1, 2, 3])
def test_too_few_rows_have_no_trustworthiness(n: int) -> None:
    assert trustworthiness(unit(n), picture(n))[0] is None
