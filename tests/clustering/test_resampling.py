"""The tree of a sample, estimated from all points: close to the tree of the sample's points, and of the same shape."""

from __future__ import annotations

import numpy as np
import pytest

from explorer.clustering import repeats
from explorer.clustering.labels import best_cut, cluster
from explorer.clustering.linkage import prune, single_linkage
from explorer.clustering.repeats import agree_density, repeat_density
from explorer.clustering.resampling import Surroundings
from explorer.clustering.stability import adjusted_rand, cuts_of_tree
from explorer.config import ClusterConfig
from explorer.types import FloatArray
from tests.clustering.test_labels import blobs

SAMPLES = 5
CONFIG = ClusterConfig(10, SAMPLES, "map")


def crowded(seed: int) -> FloatArray:
    """Return 900 points in unequal groups that run into each other, a tenth of them anywhere."""
    rng = np.random.default_rng(seed)
    middles = rng.uniform(0, 24, (14, 3))
    of = rng.choice(14, 810, p=rng.dirichlet(np.full(14, 2.0)))
    near = middles[of] + rng.normal(size=(810, 3)) * rng.uniform(0.4, 1.4, 14)[of, None]
    return np.concatenate([near, rng.uniform(-2, 26, (90, 3))]).astype(np.float32)


@pytest.mark.parametrize("seed", range(3))
def test_of_all_rows_it_is_the_tree_and_of_a_sample_nearly_that_of_its_points(seed: int) -> None:
    points = crowded(seed)
    tree = single_linkage(points, SAMPLES)
    around = Surroundings.of(points, SAMPLES, tree)
    whole = around.sampled(np.arange(len(points)), SAMPLES)
    assert (whole[:, 2] <= tree[:, 2] * (1 + 1e-9)).all()  # hdbscan's own is near the least, not the least
    assert np.median(np.abs(whole[:, 2] / tree[:, 2] - 1)) < 1e-3
    assert whole[-1, 3] == len(points)
    rows = np.sort(np.random.default_rng(seed).permutation(len(points))[:810])
    true, made = single_linkage(points[rows], SAMPLES), around.sampled(rows, SAMPLES)
    assert (made.shape, made[-1, 3]) == (true.shape, 810)
    assert (np.diff(made[:, 2]) >= 0).all()
    apart = np.abs(made[:, 2] / true[:, 2] - 1)
    assert np.median(apart) < 0.02
    assert np.quantile(apart, 0.95) < 0.1


def test_copies_and_few_points_have_trees_too() -> None:
    points = np.repeat(blobs(6, 6), 9, axis=0)
    around = Surroundings.of(points, 2, single_linkage(points, 2))
    made = around.sampled(np.arange(0, len(points), 2), 2)
    assert made[-1, 3] == len(points) / 2
    assert np.isfinite(made).all()
    assert best_cut(prune(made, 12)).labels.max() == 1
    assert around.sampled(np.arange(2), 2).shape == (0, 4)


def test_how_sure_clusters_are_is_the_same_by_the_estimate(monkeypatch: pytest.MonkeyPatch) -> None:
    found = []
    for seed in range(3):
        points = crowded(seed)
        tree = single_linkage(points, SAMPLES)
        labels = cluster(points, CONFIG, tree=tree).labels
        for most in (10_000, 0):
            monkeypatch.setattr(repeats, "EXACT_ROWS", most)
            found.append(repeat_density(points, labels, CONFIG, seed=1, tree=tree).clusters)
    exact, estimated = np.concatenate(found[::2]), np.concatenate(found[1::2])
    assert np.abs(exact - estimated).mean() < 1
    assert np.mean((exact < 5) == (estimated < 5)) > 0.85


def test_a_setting_that_is_there_agrees_with_repeats_and_one_at_random_does_not() -> None:
    points = blobs(60, 50, 40)
    tree, sizes = single_linkage(points, SAMPLES), [10, 20]
    cuts = cuts_of_tree(tree, sizes)
    agreed = agree_density(points, cuts, sizes, SAMPLES, seed=1, tree=tree)
    assert agreed.shape == (2,)
    assert agreed.min() > 0.9
    mixed = np.random.default_rng(0).permuted(cuts, axis=1)
    assert agree_density(points, mixed, sizes, SAMPLES, seed=1, tree=tree).max() < 0.1
    assert adjusted_rand(cuts[0], cuts[0]) == 1
    assert agree_density(points, np.zeros((0, 150), np.int32), [], SAMPLES, seed=1).shape == (0,)
