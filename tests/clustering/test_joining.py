"""New rows beside clusters that are there: those of their kind join, single ones about something else do not."""

import numpy as np
import pytest

from explorer.clustering import join
from explorer.neighbors import build_graph
from explorer.projection import fuzzy_graph, weights_of
from explorer.types import NOISE


def unit(rows: np.ndarray) -> np.ndarray:
    return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), np.float32)


def groups(rng: np.random.Generator, each: int, count: int = 8, d: int = 32) -> tuple[np.ndarray, np.ndarray]:
    centres = np.random.default_rng(0).normal(size=(count, d))
    labels = np.repeat(np.arange(count, dtype=np.int32), each)
    return unit(centres[labels] + 0.35 * rng.normal(size=(len(labels), d))), labels


@pytest.mark.parametrize("seed", range(3))
def test_rows_of_the_same_kind_join_and_one_about_something_else_is_in_no_cluster(seed: int) -> None:
    rng = np.random.default_rng(seed)
    old, labels = groups(rng, 60)
    same, own = groups(rng, 10)
    odd = unit(rng.normal(size=(2, old.shape[1])))
    vectors = np.concatenate([old, same, odd])
    held = np.arange(len(vectors)) < len(old)
    knn = build_graph(vectors, 16)
    known = np.concatenate([labels, np.zeros(len(vectors) - len(old), np.int32)])
    joined = join(knn, weights_of(knn, fuzzy_graph(knn)), held, known)
    assert (joined.labels[: len(same)] == own).mean() > 0.9
    assert joined.labels[len(same) :].tolist() == [NOISE, NOISE]
    assert joined.belongs[len(same) :].tolist() == [0, 0]


def test_beside_copies_alone_a_row_that_is_none_still_joins() -> None:
    old = np.repeat(np.eye(4, dtype=np.float32), 20, axis=0)
    vectors = unit(np.concatenate([old, old[:1] + 0.05]))
    held = np.arange(len(vectors)) < len(old)
    knn = build_graph(vectors, 8)
    labels = np.append(np.repeat(np.arange(4, dtype=np.int32), 20), np.int32(0))
    assert join(knn, weights_of(knn, None), held, labels).labels.tolist() == [0]
