"""How faithful a map is: scikit-learn's numbers, on a sample, in bounded memory; and of each row by hand."""

from __future__ import annotations

import numpy as np
import pytest

from explorer.neighbors.graph import build_graph
from explorer.projection.faithful import faithfulness, preservation, sampled, trustworthiness
from explorer.projection.mapneighbors import around_on_map, map_ranks
from explorer.types import FloatArray, KnnGraph


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
    monkeypatch.setattr("explorer.projection.faithful._COLUMNS", 64)
    monkeypatch.setattr("explorer.projection.faithful._BLOCK_BYTES", 64 * 4 * 7)
    assert trustworthiness(vectors, vectors[:, :2]) == before


def test_identical_rows_do_not_intrude_on_each_other() -> None:
    assert trustworthiness(np.repeat(unit(1), 50, axis=0), picture(50))[0] == 1.0
    copies = np.repeat(unit(10), 20, axis=0)
    places = np.repeat(10 * picture(10), 20, axis=0)
    assert trustworthiness(copies, places)[0] == 1.0


@pytest.mark.parametrize("n", [0, 1, 2, 3])
def test_too_few_rows_have_no_trustworthiness(n: int) -> None:
    assert trustworthiness(unit(n), picture(n))[0] is None


@pytest.mark.parametrize("dims", [2, 3])
@pytest.mark.parametrize(("n", "k"), [(400, 15), (40, 15), (20, 9), (4, 1)])
def test_both_figures_equal_scikit_learn_with_the_roles_swapped(n: int, k: int, dims: int) -> None:
    from sklearn.manifold import trustworthiness as reference

    vectors = unit(n)
    xy = np.random.default_rng(2).normal(size=(n, dims)).astype(np.float32) + vectors[:, :dims]
    seen = faithfulness(vectors, xy, build_graph(vectors, 16))
    exact, places = vectors.astype(np.float64), xy.astype(np.float64)
    assert (seen.k, seen.rows) == (k, n)
    assert seen.trustworthiness == pytest.approx(reference(exact, places, n_neighbors=k, metric="cosine"), abs=1e-9)
    assert seen.continuity == pytest.approx(reference(places, exact, n_neighbors=k), abs=1e-9)


def test_preservation_is_the_shared_part_of_two_neighbour_lists() -> None:
    from sklearn.neighbors import NearestNeighbors

    vectors, xy = unit(300), picture(300) + unit(300)[:, :2]
    kept = faithfulness(vectors, xy, build_graph(vectors, 16)).preservation
    lists = [NearestNeighbors(n_neighbors=15).fit(x).kneighbors(return_distance=False) for x in (vectors, xy)]
    assert kept == pytest.approx([len(set(a) & set(b)) / 15 for a, b in zip(*lists, strict=True)])
    assert 0.05 < kept.mean() < 0.95


def test_preservation_by_hand() -> None:
    rows = np.array([[0, 1, 2], [1, 0, 2], [2, 3, 1], [3, 2, 1], [4, 3, 2]], np.int32)
    graph = KnnGraph(rows, np.array([[0, 0.1, 0.2]] * 5, np.float32))
    near = np.array([[1, 2], [2, 3], [0, 4], [2, 1], [0, 3]], np.int32)
    assert preservation(graph, near).tolist() == [1.0, 0.5, 0.0, 1.0, 0.5]


def test_a_copy_stands_in_for_one_other_and_no_more() -> None:
    rows = np.array([[0, 1, 2], [1, 0, 2], [2, 0, 1], [3, 0, 1], [4, 3, 0]], np.int32)
    distances = np.array([[0, 0, 0]] * 3 + [[0, 0.5, 0.5], [0, 0.4, 0.5]], np.float32)
    near = np.array([[1, 2], [2, 0], [0, 1], [2, 4], [3, 1]], np.int32)
    assert preservation(KnnGraph(rows, distances), near).tolist() == [1.0, 1.0, 1.0, 0.5, 1.0]


def test_copies_stand_in_for_each_other() -> None:
    copies = np.repeat(unit(3), 60, axis=0)
    xy = np.repeat(10 * picture(3), 60, axis=0) + 0.01 * picture(180)
    seen = faithfulness(copies, xy, build_graph(copies, 16))
    assert (seen.trustworthiness, seen.continuity, seen.preservation.min()) == (1.0, 1.0, 1.0)


@pytest.mark.parametrize("n", [0, 1, 2, 3])
def test_too_few_rows_have_no_figures(n: int) -> None:
    seen = faithfulness(unit(n), picture(n), build_graph(unit(n), 16))
    assert (seen.trustworthiness, seen.continuity, seen.rows) == (None, None, 0)
    assert np.isnan(seen.preservation).all()
    assert len(seen.preservation) == n


def test_the_sample_shrinks_beyond_a_quarter_of_a_million_rows() -> None:
    assert [len(sampled(n, 2_000)) for n in (1_000, 250_000, 500_000, 1_000_000, 9_000_000)] == [
        1_000, 2_000, 1_000, 500, 500,
    ]  # fmt: skip


def test_ranks_on_the_map_count_the_nearer_rows() -> None:
    xy = np.array([[0, 0], [1, 0], [3, 0], [-2, 0], [np.nan, np.nan], [1, 0]], np.float32)
    others = np.array([2, 1, 5, 3, 4])
    assert map_ranks(xy, 0, others).tolist() == [4, 1, 1, 3, 0]
    assert [part.tolist() for part in around_on_map(xy, 0, 3, others)] == [[1, 5, 3], [4, 1, 1, 3, 0]]
    assert around_on_map(xy, 0, 99, others)[0].tolist() == [1, 5, 3, 2]
    assert around_on_map(xy, 4, 3, others)[0].tolist() == []
