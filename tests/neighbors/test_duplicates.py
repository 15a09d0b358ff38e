import numpy as np
import pytest

from explorer.neighbors.duplicates import near_duplicates
from explorer.types import KnnGraph


def _at(degrees: list[float]) -> np.ndarray:
    angle = np.radians(np.array(degrees))
    return np.stack([np.cos(angle), np.sin(angle)], axis=1).astype(np.float32)


def _graph(vectors: np.ndarray, k: int, *, metric: str = "cosine") -> KnnGraph:
    distances = (1 - vectors @ vectors.T).clip(0)
    np.fill_diagonal(distances, -1)
    rows = np.argsort(distances, axis=1, kind="stable")[:, :k]
    np.fill_diagonal(distances, 0)
    near = np.take_along_axis(distances, rows, axis=1)
    near = np.sqrt(2 * near) if metric == "euclidean" else near
    return KnnGraph(rows.astype(np.int32), near.astype(np.float32), metric)


def _groups(vectors: np.ndarray, k: int, *, threshold: float = 0.98, metric: str = "cosine") -> object:
    ok = np.ones(len(vectors), np.bool_)
    return near_duplicates(vectors, _graph(vectors, k, metric=metric), ok=ok, threshold=threshold)


@pytest.mark.parametrize("metric", ["cosine", "euclidean"])
def test_close_rows_are_grouped_and_the_largest_group_comes_first(metric: str) -> None:
    vectors = _at([0, 90, 92, 180, 182, 184, 270])
    assert _groups(vectors, 4, metric=metric) == ((3, 4, 5), (1, 2))


def test_rows_are_connected_through_others() -> None:
    assert _groups(_at([0, 10, 20, 30]), 3) == ((0, 1, 2, 3),)


def test_the_threshold_is_a_cosine() -> None:
    vectors = _at([0, 30])
    assert _groups(vectors, 2, threshold=0.9) == ()
    assert _groups(vectors, 2, threshold=0.86) == ((0, 1),)


def test_equal_rows_are_near_duplicates_even_at_threshold_one() -> None:
    vectors = np.random.default_rng(0).normal(size=(6, 50)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    vectors[4] = vectors[1]
    assert _groups(vectors, 3, threshold=1.0) == ((1, 4),)


def test_a_group_larger_than_the_graph_reaches_is_whole() -> None:
    rng = np.random.default_rng(0)
    centre = np.array([1.0] + [0.0] * 19)
    vectors = (centre + rng.normal(scale=0.01, size=(300, 20))).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    assert _groups(vectors, 4) == (tuple(range(300)),)


def test_two_tight_knots_that_the_graph_keeps_apart_are_joined_by_exact_search() -> None:
    degrees = [i * 0.001 for i in range(10)] + [9 + i * 0.001 for i in range(10)]
    assert _groups(_at(degrees), 3) == (tuple(range(20)),)


def test_a_crowd_of_equal_rows_is_one_group() -> None:
    vectors = np.vstack([np.tile(_at([40]), (5_000, 1)), _at([200])])
    rows = np.tile(np.arange(3, dtype=np.int32), (5_001, 1))
    rows[:, 0] = np.arange(5_001)
    rows[:3] = [[0, 1, 2], [1, 0, 2], [2, 0, 1]]
    distances = np.zeros((5_001, 3), np.float32)
    distances[-1, 1:] = 1.9
    groups = near_duplicates(vectors, KnnGraph(rows, distances), ok=np.ones(5_001, np.bool_))
    assert groups == (tuple(range(5_000)),)


def test_rows_without_a_vector_are_in_no_group() -> None:
    vectors = np.vstack([_at([0, 1]), np.zeros((3, 2), np.float32)])
    ok = np.array([True, True, False, False, False])
    assert near_duplicates(vectors, _graph(vectors, 3), ok=ok) == ((0, 1),)


def test_missing_neighbours_are_passed_over() -> None:
    graph = KnnGraph(np.array([[0, -1], [1, -1]], np.int32), np.array([[0, np.nan], [0, np.nan]], np.float32))
    assert near_duplicates(_at([0, 90]), graph, ok=np.ones(2, np.bool_)) == ()


def test_one_row_has_no_double() -> None:
    assert _groups(_at([0]), 1) == ()
