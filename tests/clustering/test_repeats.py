"""How sure clusters are: those that are there come back, those that are chance do not."""

from __future__ import annotations

import time

import numpy as np
import pytest

from explorer.clustering.labels import cluster
from explorer.clustering.repeats import _best, agree_communities, repeat_communities, repeat_density, side_by_side
from explorer.clustering.stability import cuts_of_ladder
from explorer.config import MOST_DETAIL, ClusterConfig
from explorer.errors import Cancelled
from explorer.types import NOISE, REPEATS, Progress
from tests.clustering.test_communities import cut, ladder_of, themes
from tests.clustering.test_labels import blobs

BY_DENSITY = ClusterConfig(10, 5, "map")
BY_COMMUNITIES = ClusterConfig(method="communities", detail=12)


def test_dense_groups_come_back_and_a_cluster_that_is_no_group_does_not() -> None:
    points = blobs(60, 50, 40)
    found = cluster(points, BY_DENSITY).labels
    sure = repeat_density(points, found, BY_DENSITY, seed=1)
    assert (sure.clusters.dtype, sure.rows.dtype) == (np.int32, np.float32)
    assert sure.clusters.tolist() == [REPEATS] * 3
    assert sure.rows[found >= 0].mean() > 0.9
    torn = np.where(found == 0, np.arange(len(found)) % 3, found + 2)  # the largest, torn at random in three
    torn_sure = repeat_density(points, torn.astype(np.int32), BY_DENSITY, seed=1)
    assert torn_sure.clusters.tolist() == [0, 0, 0, REPEATS, REPEATS]


def test_joined_clusters_come_back_as_a_whole() -> None:
    points = blobs(80, 70, 30, 75)
    points[150:180] += points[80:150].mean(axis=0) - points[150:180].mean(axis=0) + (4, 0)  # beside the second
    config = ClusterConfig(10, 5, "map", groups=3)
    found = cluster(points, config).labels
    assert found.max() == 2
    assert len(set(found[80:180].tolist()) - {NOISE}) == 1
    assert repeat_density(points, found, config, seed=1).clusters.tolist() == [REPEATS] * 3


def test_communities_come_back_and_one_that_is_torn_at_random_does_not() -> None:
    vectors, _ = themes(30)
    ladder = ladder_of(vectors)
    labels = cut(ladder).labels
    sure = repeat_communities(ladder, labels, BY_COMMUNITIES, seed=1)
    assert np.mean(sure.clusters >= 8) > 0.7
    torn = np.where(labels == 0, np.arange(len(labels)) % 3, np.where(labels > 0, labels + 2, NOISE)).astype(np.int32)
    assert repeat_communities(ladder, torn, BY_COMMUNITIES, seed=1).clusters[:3].tolist() == [0, 0, 0]
    again = repeat_communities(ladder, labels, BY_COMMUNITIES, seed=1)
    np.testing.assert_array_equal(again.clusters, sure.clusters)
    np.testing.assert_array_equal(again.rows, sure.rows)


def test_the_best_is_the_group_with_most_rows_in_both_over_rows_in_either() -> None:
    own = np.array([0, 0, 0, 0, 1, 1, NOISE, 2], np.int32)
    found = np.array([5, 5, 5, 3, 3, 3, 3, NOISE])
    alike, best = _best(own, found, 3)
    assert alike == pytest.approx([3 / 4, 2 / 4, 0])
    assert best.tolist() == [5, 3, NOISE]


def test_no_cluster_has_nothing_to_come_back() -> None:
    labels = np.full(20, NOISE, np.int32)
    sure = repeat_density(blobs(20), labels, BY_DENSITY, seed=1)
    assert (len(sure.clusters), sure.rows.tolist()) == (0, [0.0] * 20)


@pytest.mark.parametrize("n", [2, 60])
def test_rows_that_are_all_the_same_come_back_as_one(n: int) -> None:
    ladder = ladder_of(np.tile(np.float32([[0.6, 0.8, 0, 0]]), (n, 1)))
    labels = np.zeros(n, np.int32)
    assert repeat_communities(ladder, labels, BY_COMMUNITIES, seed=1).clusters.tolist() == [REPEATS]
    assert repeat_density(np.zeros((n, 2), np.float32), labels, BY_DENSITY, seed=1).clusters.tolist() == [REPEATS]


def test_repeats_of_communities_agree_with_them_more_than_with_others() -> None:
    ladder = ladder_of(themes(30)[0])
    cuts = cuts_of_ladder(ladder)
    agreed = agree_communities(ladder, cuts, seed=1)
    assert agreed.shape == (MOST_DETAIL,)
    assert agreed.max() > 0.8
    mixed = np.random.default_rng(0).permuted(cuts, axis=1)
    assert np.abs(agree_communities(ladder, mixed, seed=1)).max() < 0.1
    np.testing.assert_array_equal(agree_communities(ladder, cuts, seed=1), agreed)


def test_what_stops_a_repeat_stops_the_others() -> None:
    begun: list[int] = []

    def stop(progress: Progress) -> None:
        if progress.done == 1:
            raise Cancelled("the run was cancelled.")

    with pytest.raises(Cancelled):
        list(side_by_side(lambda repeat: begun.append(repeat) or time.sleep(0.01), 500, stop))
    assert len(begun) < 400
