"""Which neighbours are far on the map and who is near on it alone, on rows of which every distance is known."""

import numpy as np
import pandas as pd
import pytest

from explorer.config import RunConfig
from explorer.errors import BadSetting, NotFound
from explorer.questions import answers
from explorer.questions.surroundings import near_ranks, surroundings_of
from explorer.types import Clustering, Dataset, Embeddings, KnnGraph, Projection, Run


def run_of(vectors: np.ndarray, xy: np.ndarray, ok: np.ndarray | None = None) -> Run:
    n = len(vectors)
    there = np.ones(n, np.bool_) if ok is None else ok
    return Run(
        key="run1",
        dataset=Dataset("d", "d", [f"row {i}" for i in range(n)], pd.DataFrame(index=pd.RangeIndex(n))),
        config=RunConfig(),
        embeddings=Embeddings("e", vectors.astype(np.float32), there, "minilm", np.zeros(n, np.bool_)),
        knn=KnnGraph(np.zeros((n, 1), np.int32), np.zeros((n, 1), np.float32)),
        projection=Projection(xy.astype(np.float32), "umap"),
        clustering=Clustering(np.zeros(n, np.int32), np.ones(n, np.float32), "hdbscan"),
        summaries=(),
    )


def on_a_circle(angles: np.ndarray) -> np.ndarray:
    return np.column_stack([np.cos(angles), np.sin(angles)])


@pytest.fixture
def torn() -> Run:
    """Twenty rows in a line, in truth and on the map; but there row 1 is at the far end and row 19 beside row 0."""
    x = np.arange(20.0)
    x[1], x[19] = 100, 0.4
    return run_of(on_a_circle(0.05 * np.arange(20)), np.column_stack([x, np.zeros(20)]))


@pytest.mark.parametrize(
    ("n", "k", "m"), [(20, 1, 2), (20, 10, 10), (600, 10, 60), (10_000, 10, 100), (10_000, 100, 1000), (9, 1, 1)]
)
def test_near_is_ten_times_k_but_no_more_than_a_tenth_of_the_rows_and_no_less_than_k(n: int, k: int, m: int) -> None:
    assert near_ranks(n, k) == m


def test_a_true_neighbour_far_on_the_map_and_a_stranger_near_on_it_are_told_apart(torn: Run) -> None:
    seen = surroundings_of(torn, 0, k=2)
    assert seen.near == 2
    assert seen.hits.rows.tolist() == [[1, 2]]
    assert seen.ranks.tolist() == [19, 2]
    assert seen.far.tolist() == [True, False]
    assert seen.only_on_map.pairs() == [(19, pytest.approx(np.cos(0.95), abs=1e-6))]


def test_the_answer_marks_both(torn: Run) -> None:
    told = answers.neighbors(torn, 0, surroundings_of(torn, 0, k=2), metric="cosine")
    assert (told["k"], told["near_ranks"]) == (2, 2)
    assert [(n["row"], n["map_rank"], n["far_on_map"]) for n in told["neighbors"]] == [(1, 19, True), (2, 2, False)]
    assert [(n["row"], n["text"]) for n in told["only_on_map"]] == [(19, "row 19")]
    assert told["only_on_map"][0]["similarity"] == pytest.approx(np.cos(0.95), abs=1e-5)


def test_another_map_of_the_run_has_marks_of_its_own(torn: Run) -> None:
    whole = np.column_stack([np.arange(20.0), np.zeros((20, 2))]).astype(np.float32)
    told = answers.neighbors(torn, 0, surroundings_of(torn, 0, k=2, places=whole), metric="cosine")
    assert told["map_dims"] == 3
    assert [(n["row"], n["map_rank"], n["far_on_map"]) for n in told["neighbors"]] == [(1, 1, False), (2, 2, False)]
    assert told["only_on_map"] == []
    assert answers.neighbors(torn, 0, surroundings_of(torn, 0, k=2), metric="cosine")["map_dims"] == 2


def test_euclidean_neighbours_are_marked_with_minus_distances(torn: Run) -> None:
    seen = surroundings_of(torn, 0, k=2, metric="euclidean")
    assert seen.far.tolist() == [True, False]
    assert seen.only_on_map.pairs() == [(19, pytest.approx(-2 * np.sin(0.475), abs=1e-6))]


def test_a_faithful_map_has_nothing_to_mark() -> None:
    angles = 0.01 * np.arange(50)
    seen = surroundings_of(run_of(on_a_circle(angles), on_a_circle(angles)), 20, k=7)
    assert not seen.far.any()
    assert seen.only_on_map.rows.shape == (1, 0)


def test_which_of_many_copies_are_nearest_is_chance_and_no_fault_of_the_map() -> None:
    angles = np.concatenate([np.zeros(40), 0.02 * np.arange(1, 61)])
    x = np.concatenate([-0.01 * np.arange(40)[::-1], np.arange(1.0, 61)])
    x[0] = 0.001  # its copy 1 is the farthest of the copies on the map, its copy 39 the nearest
    seen = surroundings_of(run_of(on_a_circle(angles), np.column_stack([x, 0 * x])), 0, k=1)
    assert (seen.hits.rows.tolist(), seen.near, seen.ranks.tolist()) == ([[1]], 10, [39])
    assert seen.far.tolist() == [False]
    assert seen.only_on_map.rows.shape == (1, 0)


def test_the_last_neighbour_of_few_is_marked_too() -> None:
    x = np.array([0.0, 9, 1, 2])
    seen = surroundings_of(run_of(on_a_circle(0.1 * np.arange(4)), np.column_stack([x, 0 * x])), 0, k=1)
    assert (seen.near, seen.ranks.tolist(), seen.far.tolist()) == (1, [3], [True])
    assert seen.only_on_map.rows.tolist() == [[2]]


def test_rows_without_a_vector_are_nobodys_neighbours() -> None:
    ok = np.array([1, 1, 0, 1], np.bool_)
    vectors, xy = on_a_circle(0.1 * np.arange(4)), np.column_stack([np.arange(4.0), np.zeros(4)])
    vectors[2], xy[2] = 0, np.nan
    run = run_of(vectors, xy, ok)
    seen = surroundings_of(run, 0, k=5)
    assert (seen.hits.rows.tolist(), seen.ranks.tolist(), seen.only_on_map.rows.tolist()) == ([[1, 3]], [1, 2], [[]])
    with pytest.raises(NotFound, match="no vector"):
        surroundings_of(run, 2)
    with pytest.raises(BadSetting):
        surroundings_of(run, 0, k=101)
