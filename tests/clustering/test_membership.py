"""Soft membership of noise: hdbscan's chance of being in a cluster, without its matrices; and taking noise in."""

from __future__ import annotations

import hdbscan
import numpy as np
import pytest

from explorer.clustering.labels import cluster
from explorer.clustering.membership import percent_of, take_in
from explorer.config import ClusterConfig
from explorer.errors import BadSetting
from explorer.types import Clustering
from tests.clustering.test_labels import blobs

POINTS = blobs(60, 40, 90, spread=2.2)


def _made() -> Clustering:
    return cluster(POINTS, ClusterConfig(12, 5, "map"))


def test_members_belong_to_their_own_cluster_by_their_strength() -> None:
    made = _made()
    members = made.labels >= 0
    assert made.belongs is not None
    assert made.nearest is not None
    assert made.nearest[members].tolist() == made.labels[members].tolist()
    assert made.belongs[members].tolist() == made.strength[members].tolist()


def test_noise_belongs_to_the_cluster_of_the_member_nearest_to_it() -> None:
    made = _made()
    assert made.nearest is not None
    members = np.flatnonzero(made.labels >= 0)
    for row in np.flatnonzero(made.labels < 0):
        closest = members[np.argmin(((POINTS[members] - POINTS[row]) ** 2).sum(axis=1))]
        assert made.nearest[row] == made.labels[closest]


def test_how_far_noise_belongs_is_what_hdbscan_calls_the_chance_of_being_in_a_cluster() -> None:
    points = blobs(150, 100, 120, 80, spread=3)
    made = cluster(points, ClusterConfig(12, 5, "map"))
    fitted = hdbscan.HDBSCAN(min_cluster_size=12, min_samples=5, prediction_data=True, cluster_selection_epsilon=0.02)
    fitted.fit(points.astype(np.float64))
    chance = hdbscan.all_points_membership_vectors(fitted).sum(axis=1)
    noise = np.flatnonzero(made.labels < 0)
    tree = fitted.condensed_tree_.to_pandas()
    left = tree[tree.child_size == 1].set_index("child").lambda_val
    full = _full(fitted, made)
    assert len(noise) > 50
    assert made.belongs is not None
    assert made.nearest is not None
    # The cluster whose density is the measure: they take the first one below the point's branch, we the nearest by.
    shares = np.array([[left[row] / full[label] for label in range(made.count)] for row in noise])
    assert made.belongs[noise] == pytest.approx(shares[np.arange(len(noise)), made.nearest[noise]].clip(0, 1), rel=1e-5)
    assert np.abs(shares.clip(0, 1) - chance[noise][:, None]).min(axis=1).max() < 1e-6
    assert np.abs(made.belongs[noise] - chance[noise]).mean() < 0.05


def _full(fitted: hdbscan.HDBSCAN, made: Clustering) -> dict[int, float]:
    """Return the highest density of each cluster, which are all leaves of the tree here, by our labels."""
    tree = fitted.condensed_tree_.to_pandas()
    chosen = sorted(fitted.condensed_tree_._select_clusters())
    return {
        int(made.labels[fitted.labels_ == label][0]): tree[tree.parent == node].lambda_val.max()
        for label, node in enumerate(chosen)
    }


def test_a_stray_belongs_less_the_farther_it_is() -> None:
    strays = [[-14, 0], [0, -18], [-25, 25], [-60, -60]]
    points = np.concatenate([blobs(60, 60), np.array(strays)]).astype(np.float32)
    made = cluster(points, ClusterConfig(12, 1, "map"))
    assert made.belongs is not None
    assert made.nearest is not None
    assert made.labels[-4:].tolist() == [-1] * 4
    assert made.nearest[-4:].tolist() == [made.labels[0]] * 4
    far = made.belongs[-4:].tolist()
    assert far == sorted(far, reverse=True)
    assert 0 < far[-1] < far[-2] < 1


@pytest.mark.parametrize("points", [np.full((9, 2), 3.0), np.zeros((1, 2)), blobs(10, 10)])
def test_without_clusters_or_noise_nothing_can_be_taken_in(points: np.ndarray) -> None:
    made = cluster(points.astype(np.float32), ClusterConfig(30 if len(points) == 20 else 5, 5, "map"))
    view = take_in(made, 0.01)
    assert view.labels.tolist() == made.labels.tolist()
    assert view.taken is not None
    assert not view.taken.any()


def test_copies_have_a_finite_membership() -> None:
    few = np.random.default_rng(5).normal(size=(20, 2)) * 4
    made = cluster(
        np.concatenate([np.repeat(few, 8, axis=0), blobs(30, 30)]).astype(np.float32), ClusterConfig(6, 3, "map")
    )
    assert made.belongs is not None
    assert np.isfinite(made.belongs).all()
    assert 0 <= made.belongs.min() <= made.belongs.max() <= 1


def _small() -> Clustering:
    labels = np.array([0, 0, 1, -1, -1, -1, -1], np.int32)
    belongs = np.array([1, 0.2, 1, 0.5, 0.499, 0.29, 0], np.float32)
    nearest = np.array([0, 0, 1, 1, 0, 0, -1], np.int32)
    return Clustering(labels, np.array([1, 0.2, 1, 0, 0, 0, 0], np.float32), "hdbscan", belongs, nearest)


@pytest.mark.parametrize(
    ("least", "labels"),
    [
        (1.0, [0, 0, 1, -1, -1, -1, -1]),
        (0.5, [0, 0, 1, 1, -1, -1, -1]),
        (0.49, [0, 0, 1, 1, 0, -1, -1]),
        (0.29, [0, 0, 1, 1, 0, 0, -1]),
        (0.001, [0, 0, 1, 1, 0, 0, -1]),
    ],
)
def test_noise_from_a_membership_up_is_taken_in_and_marked(least: float, labels: list[int]) -> None:
    before = _small()
    view = take_in(before, least)
    assert view.taken is not None
    assert view.labels.tolist() == labels
    assert view.taken.tolist() == [now != then for now, then in zip(labels, before.labels.tolist(), strict=True)]
    assert view.strength is before.strength
    assert before.labels.tolist() == [0, 0, 1, -1, -1, -1, -1]


@pytest.mark.parametrize("least", [0, -0.1, 1.01, float("nan")])
def test_a_membership_outside_its_range_is_refused(least: float) -> None:
    with pytest.raises(BadSetting, match="above 0 and at most 1"):
        take_in(_small(), least)


def test_percent_are_whole_and_rounded_down() -> None:
    assert percent_of(np.array([0, 0.29, 0.299, 0.3, 0.999, 1], np.float32)).tolist() == [0, 29, 29, 30, 99, 100]
