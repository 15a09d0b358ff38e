"""The tree and its cuts: the same clusters, to the last label, as hdbscan fitted for every setting anew."""

from __future__ import annotations

import hdbscan
import numpy as np
import pytest

from explorer.clustering.labels import FEW_CLUSTERS, ONE_THING, best_cut, best_labels, cluster, linkage_tree, renumbered
from explorer.clustering.linkage import cut, labels_of, prune, row_density, single_linkage
from explorer.config import ClusterConfig
from explorer.types import NOISE, FloatArray
from tests.clustering.test_labels import blobs


def _mixture(n: int, groups: int, dims: int, *, seed: int = 3) -> FloatArray:
    rng = np.random.default_rng(seed)
    centres = rng.normal(size=(groups, dims)) * 6
    spread = rng.uniform(0.2, 1.5, groups)
    of = rng.integers(groups, size=n)
    return (centres[of] + rng.normal(size=(n, dims)) * spread[of, None]).astype(np.float32)


def _copies() -> FloatArray:
    few = np.random.default_rng(5).normal(size=(40, 3)) * 4
    return np.concatenate([np.repeat(few, 6, axis=0), _mixture(200, 4, 3)]).astype(np.float32)


def _disc(extra: FloatArray) -> FloatArray:
    disc = np.random.default_rng(1).uniform(-0.004, 0.004, (300, 2)) + 30
    return np.concatenate([extra, disc]).astype(np.float32)


SETS = {
    "blobs": blobs(60, 40, 90, 25, spread=1.5),
    "two groups": blobs(80, 50, spread=2),
    "even": np.random.default_rng(2).uniform(size=(400, 2)).astype(np.float32) * 10,
    "mixture": _mixture(900, 14, 5),
    "copies": _copies(),
    "one thing and groups": _disc(blobs(40, 40)),
    "one thing and strays": _disc(np.array([[38, 30], [30, 39], [23, 33]], np.float32)),
    "a dozen": blobs(4, 4, 4),
}


def _as_before(points: FloatArray, size: int, samples: int) -> tuple[list[int], list[float]]:
    """Fit hdbscan once for the setting, and once more for a single cluster where it finds next to nothing."""

    def fit(single: bool) -> hdbscan.HDBSCAN:
        return hdbscan.HDBSCAN(
            min_cluster_size=max(2, size),
            min_samples=min(samples, len(points) - 1),
            core_dist_n_jobs=1,
            allow_single_cluster=single,
            cluster_selection_epsilon=ONE_THING,
        ).fit(points.astype(np.float64))

    found = fit(False)
    noise = int((found.labels_ == -1).sum())
    if noise and found.labels_.max() + 1 < FEW_CLUSTERS:
        again = fit(True)
        found = again if int((again.labels_ == -1).sum()) < noise else found
    strength = np.nan_to_num(found.probabilities_).astype(np.float32)
    return renumbered(found.labels_).tolist(), strength.tolist()


@pytest.mark.parametrize("name", SETS)
@pytest.mark.parametrize(("size", "samples"), [(3, 2), (12, 5), (40, 5)])
def test_labels_and_strengths_are_those_of_hdbscan_fitted_anew(name: str, size: int, samples: int) -> None:
    points = SETS[name]
    if len(points) < size:
        pytest.skip("fewer rows than a cluster")
    made = cluster(points, ClusterConfig(size, samples, "map"), tree=linkage_tree(points, samples))
    labels, strength = (np.array(one, np.float32) for one in _as_before(points, size, samples))
    left = (labels != NOISE) & (made.labels == NOISE)
    assert not left.any() or name == "copies"
    assert (prune(linkage_tree(points, samples), size).clumps[left] != NOISE).all()
    assert made.labels.tolist() == renumbered(np.where(left, NOISE, labels).astype(np.int64)).tolist()
    assert made.strength.tolist() == np.where(left, 0, strength).tolist()


def _blob(at: tuple[float, float], n: int, spread: float, seed: int) -> FloatArray:
    return (np.array(at) + np.random.default_rng(seed).normal(size=(n, 2)) * spread).astype(np.float32)


@pytest.mark.parametrize("seed", range(4))
def test_a_group_too_small_for_a_cluster_is_none_of_the_cluster_beside_it(seed: int) -> None:
    """Seven answers on an island of their own were told as answers to another question; they are in no cluster."""
    parts = [_blob((0, 0), 30, 0.1, seed), _blob((40, 0), 30, 0.1, seed + 9), _blob((3, 0), 7, 0.1, seed + 18)]
    points = np.concatenate(parts)
    config = ClusterConfig(10, 4, "map")
    tree = linkage_tree(points, 4)
    assert set(renumbered(cut(prune(tree, 10), epsilon=ONE_THING).labels)[60:].tolist()) <= {0, 1}, "hdbscan's"
    made = cluster(points, config, tree=tree)
    assert made.labels[60:].tolist() == [NOISE] * 7
    assert made.strength[60:].tolist() == [0] * 7
    assert (made.labels[:30] == made.labels[0]).mean() > 0.8
    assert made.count == 2
    smaller = cluster(points, ClusterConfig(6, 4, "map"), tree=linkage_tree(points, 4))
    assert smaller.count == 3, "where it may be a cluster, it is one"


@pytest.mark.parametrize("seed", range(4))
def test_what_is_spread_about_a_cluster_stays_with_it(seed: int) -> None:
    """Rows that leave one by one, or as near to it as to each other, are its margin."""
    rng = np.random.default_rng(seed)
    points = np.concatenate(
        [_blob((0, 0), 60, 0.6, seed), _blob((40, 0), 60, 0.6, seed + 9), rng.normal(size=(9, 2)) + 3]
    )
    tree = linkage_tree(points.astype(np.float32), 4)
    made = cluster(points.astype(np.float32), ClusterConfig(12, 4, "map"), tree=tree)
    assert made.labels.tolist() == renumbered(cut(prune(tree, 12), epsilon=ONE_THING).labels).tolist()


def test_no_cluster_comes_below_its_size_by_what_leaves_it() -> None:
    for name, points in SETS.items():
        for size in (3, 12, 40):
            if len(points) >= size:
                labels = best_labels(prune(linkage_tree(points, 5), size)) if len(linkage_tree(points, 5)) else []
                assert all(count >= size for count in np.bincount(np.array(labels) + 1)[1:] if count), (name, size)


@pytest.mark.parametrize("dims", [2, 5])
def test_beyond_one_block_of_points_the_tree_is_that_of_hdbscan_on_any_number_of_cores(
    dims: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    points = _mixture(10_000, 40, dims)
    points[9_000:9_500] = points[:500]
    fitted = hdbscan.HDBSCAN(min_cluster_size=len(points), min_samples=5, core_dist_n_jobs=1)
    expected = fitted.fit(points.astype(np.float64)).single_linkage_tree_.to_numpy()
    for cores in (1, 3):
        monkeypatch.setattr("os.cpu_count", lambda cores=cores: cores)
        assert single_linkage(points, 5).tobytes() == expected.tobytes()


def test_the_sets_reach_the_rule_for_one_thing() -> None:
    counts = {
        name: cluster(points, ClusterConfig(12, 5, "map")).count for name, points in SETS.items() if name != "a dozen"
    }
    assert counts["one thing and strays"] == 1
    assert counts["mixture"] > 5
    first = cut(prune(single_linkage(SETS["one thing and strays"], 5), 12), epsilon=ONE_THING)
    assert first.labels.max() < 0 or (first.labels < 0).sum() > 3


def test_a_tree_joins_every_row_once_as_distances_grow() -> None:
    points = np.array([[0, 0], [1, 0], [10, 0], [12, 0]], np.float32)
    tree = single_linkage(points, 1)
    assert tree.shape == (3, 4)
    assert tree[:, 2].tolist() == [1, 2, 9]
    assert tree[-1, 3] == 4
    assert sorted(tree[:, :2].ravel().tolist()) == [0, 1, 2, 3, 4, 5]


@pytest.mark.parametrize("points", [np.zeros((0, 2)), np.zeros((2, 2)), np.full((9, 2), 4.0)])
def test_where_there_is_nothing_to_cut_the_tree_is_empty(points: FloatArray) -> None:
    assert linkage_tree(points.astype(np.float32), 5).shape == (0, 4)


def test_stability_is_that_of_hdbscan() -> None:
    from hdbscan._hdbscan_tree import compute_stability

    pruned = prune(single_linkage(SETS["mixture"], 5), 10)
    assert pruned.stability == compute_stability(pruned.edges)


@pytest.mark.parametrize("name", SETS)
@pytest.mark.parametrize("size", [2, 5, 12])
def test_labels_alone_are_those_of_the_cut(name: str, size: int) -> None:
    pruned = prune(single_linkage(SETS[name], 5), size)
    assert labels_of(pruned, epsilon=ONE_THING).tolist() == cut(pruned, epsilon=ONE_THING).labels.tolist()
    assert best_labels(pruned).tolist() == best_cut(pruned).labels.tolist()


def test_density_is_one_over_the_distance_at_which_a_row_leaves() -> None:
    points = np.array([[0, 0], [1, 0], [2, 0], [3, 0], [3.5, 0], [13, 0]], np.float32)
    density = row_density(prune(single_linkage(points, 1), 3))
    assert density[5] == pytest.approx(1 / 9.5)
    assert density[:3] == pytest.approx([1, 1, 1])


def test_leaves_are_at_least_as_fine_as_the_best_cut() -> None:
    pruned = prune(single_linkage(SETS["mixture"], 5), 8)
    assert cut(pruned, epsilon=ONE_THING, leaves=True).labels.max() >= best_cut(pruned).labels.max()
