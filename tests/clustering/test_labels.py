"""Clusters: numbered by size, noise -1, and a sensible answer for the smallest and dullest data."""

from __future__ import annotations

import numpy as np
import pytest

from explorer.clustering.labels import cluster, renumbered
from explorer.config import ClusterConfig, RunConfig, default_min_cluster_size
from explorer.types import FloatArray, Progress


def blobs(*sizes: int, spread: float = 0.3) -> FloatArray:
    rng = np.random.default_rng(0)
    centres = [(10 * i, 7 * (i % 2)) for i in range(len(sizes))]
    return np.concatenate([rng.normal(c, spread, (n, 2)) for c, n in zip(centres, sizes, strict=True)]).astype(
        np.float32
    )


def config(size: int = 5, samples: int = 5) -> ClusterConfig:
    return ClusterConfig(size, samples, "umap")


def test_clusters_are_numbered_by_size_and_strays_are_noise() -> None:
    points = np.concatenate([blobs(20, 50, 30), [[100, 100]]]).astype(np.float32)
    found = cluster(points, config(10))
    labels = found.labels
    assert (labels.dtype, found.strength.dtype, found.count) == (np.int32, np.float32, 3)
    assert [int(np.median(part)) for part in np.split(labels, [20, 70, 100])] == [2, 0, 1, -1]
    assert found.strength[labels == -1].tolist() == [0.0] * int((labels == -1).sum())
    assert 0 < found.strength[labels >= 0].min() <= found.strength.max() <= 1


def test_equal_sizes_are_numbered_by_their_first_row() -> None:
    assert renumbered(np.array([7, 7, -1, 3, 3, 0, 5, 5, 5])).tolist() == [1, 1, -1, 2, 2, 3, 0, 0, 0]
    assert renumbered(np.array([-1, -1])).tolist() == [-1, -1]
    assert renumbered(np.array([], np.int32)).tolist() == []


def test_the_same_points_give_the_same_clusters() -> None:
    points = blobs(60, 60, 60, spread=2)
    np.testing.assert_array_equal(cluster(points, config()).labels, cluster(points, config()).labels)


@pytest.mark.parametrize("n", [2, 3, 50])
def test_rows_in_one_place_are_one_cluster(n: int) -> None:
    found = cluster(np.full((n, 2), 3, np.float32), config(5))
    assert (found.labels.tolist(), found.method) == ([0] * n, "one place")


@pytest.mark.parametrize("n", [0, 1])
def test_nothing_and_a_single_row_hold_no_cluster(n: int) -> None:
    found = cluster(np.zeros((n, 2), np.float32), config())
    assert found.labels.tolist() == [-1] * n


def test_fewer_rows_than_a_cluster_are_noise_and_the_method_says_why() -> None:
    found = cluster(blobs(10, 10), config(30))
    assert found.labels.tolist() == [-1] * 20
    assert found.method == "none: 20 rows are fewer than a cluster's 30"


def test_more_samples_than_rows_are_lowered() -> None:
    assert cluster(blobs(8, 8), config(3, samples=200)).labels.shape == (16,)


def test_one_group_with_a_few_strays_is_one_cluster() -> None:
    disc = np.random.default_rng(1).uniform(-0.004, 0.004, (300, 2))
    points = np.concatenate([disc, [[8, 0], [0, 9], [-7, 3]]]).astype(np.float32)
    labels = cluster(points, config()).labels
    assert labels.tolist() == [0] * 300 + [-1] * 3


def test_copies_of_a_vector_are_never_split() -> None:
    disc = np.random.default_rng(1).uniform(-0.004, 0.004, (300, 2)) + 30
    labels = cluster(np.concatenate([blobs(40, 40), disc]).astype(np.float32), config()).labels
    assert labels[80:].tolist() == [0] * 300


def test_progress_is_reported_and_can_stop_it() -> None:
    seen: list[Progress] = []
    cluster(blobs(10, 10), config(), progress=seen.append)
    assert [(p.stage, p.done, p.total) for p in seen] == [("cluster", 0, 20), ("cluster", 20, 20)]


def test_defaults_grow_with_the_data_and_suit_a_handful_of_rows() -> None:
    assert [default_min_cluster_size(n) for n in (1, 12, 600, 10_000, 1_000_000)] == [3, 3, 12, 50, 200]
    settled = RunConfig().resolved(12, encoder="x").cluster
    assert (settled.min_cluster_size, settled.min_samples, settled.space) == (3, 2, "umap")
    assert RunConfig().resolved(600, encoder="x").cluster.min_samples == 5
    assert cluster(blobs(4, 4, 4), settled).labels.tolist() == [0] * 4 + [1] * 4 + [2] * 4
