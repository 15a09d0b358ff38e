"""Joins of weighted points, against scipy's of points that come as often as they weigh."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.cluster.hierarchy import fcluster, linkage

from explorer.clustering.agglomerating import merged, together


def as_sets(group: np.ndarray) -> set[frozenset[int]]:
    return {frozenset(np.flatnonzero(group == one).tolist()) for one in set(group.tolist())}


@pytest.mark.parametrize("seed", range(5))
def test_joins_are_those_of_ward(seed: int) -> None:
    rng = np.random.default_rng(seed)
    points, weights = rng.normal(size=(30, 4)), rng.integers(1, 9, 30)
    expected = linkage(np.repeat(points, weights, axis=0), "ward")
    own = merged(points, weights.astype(np.float64))
    costs = [cost for cost, _, _ in own]
    assert costs == sorted(costs)
    np.testing.assert_allclose(costs, expected[-29:, 2] ** 2 / 2, rtol=1e-9)
    first = np.cumsum(weights) - weights
    for groups in (1, 2, 5, 12, 29, 30):
        theirs = fcluster(expected, groups, "maxclust")[first]
        assert as_sets(together(own, 30, groups)) == as_sets(theirs)


def test_points_in_one_place_are_joined_first_and_one_is_never_joined() -> None:
    points = np.array([[0.0, 0], [5, 5], [0, 0], [5, 5], [9, 0]])
    group = together(merged(points, np.ones(5)), 5, 3)
    assert as_sets(group) == {frozenset({0, 2}), frozenset({1, 3}), frozenset({4})}
    assert merged(points[:1], np.ones(1)) == []
    assert together([], 1, 1).tolist() == [0]


def test_many_groups_take_little_memory_and_time() -> None:
    rng = np.random.default_rng(1)
    joins = merged(rng.normal(size=(3_000, 10)), np.ones(3_000))
    assert len(joins) == 2_999
    assert len(set(together(joins, 3_000, 40).tolist())) == 40
