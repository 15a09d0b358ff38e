"""The sweep over min_cluster_size: each setting as a run with it would be, each beside the one before."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from sklearn.metrics import adjusted_rand_score

from explorer.clustering.labels import cluster, linkage_tree
from explorer.clustering.stability import (
    SETTINGS,
    adjusted_rand,
    cuts_of_tree,
    joins_of_tree,
    settings_for,
    sweep,
)
from explorer.config import ClusterConfig, default_min_cluster_size
from explorer.errors import Cancelled
from explorer.types import NOISE, Progress
from tests.clustering.test_labels import blobs

POINTS = blobs(60, 40, 90, 25, 30, spread=2.5)


def test_every_setting_is_what_a_run_with_it_gives() -> None:
    sizes = [3, 6, 12, 24, 60]
    found = sweep(linkage_tree(POINTS, 5), sizes)
    runs = [cluster(POINTS, ClusterConfig(size, 5, "map")) for size in sizes]
    for labels, run in zip(cuts_of_tree(linkage_tree(POINTS, 5), sizes), runs, strict=True):
        np.testing.assert_array_equal(labels, run.labels)
    assert [f.min_cluster_size for f in found] == sizes
    assert [f.clusters for f in found] == [run.count for run in runs]
    assert [f.noise for f in found] == pytest.approx([run.noise for run in runs])
    assert found[0].agreement is None
    pairs = pairwise(runs)
    expected = [adjusted_rand_score(a.labels, b.labels) for a, b in pairs]
    assert [f.agreement for f in found[1:]] == pytest.approx(expected)
    assert len({f.clusters for f in found}) > 2


def test_fewer_clusters_are_joined_ones_and_each_is_what_a_run_with_it_gives() -> None:
    points = blobs(*[20 + 3 * at for at in range(14)], spread=1.8)
    tree = linkage_tree(points, 5)
    usual = cluster(points, ClusterConfig(10, 5, "map"), tree=tree)
    groups, cuts = joins_of_tree(tree, points, 10)
    counts = [int(labels.max()) + 1 for labels in cuts]
    assert counts == sorted(set(counts))
    assert 2 <= counts[0] < counts[-1] < usual.count
    assert all(count <= most for count, most in zip(counts, groups, strict=True))
    for most, labels in zip(groups, cuts, strict=True):
        run = cluster(points, ClusterConfig(10, 5, "map", groups=most), tree=tree)
        np.testing.assert_array_equal(labels, run.labels)
        np.testing.assert_array_equal(labels == NOISE, usual.labels == NOISE)
        parts = {(of, whole) for of, whole in zip(usual.labels.tolist(), labels.tolist(), strict=True)}
        assert len(parts) == len(set(usual.labels.tolist()))  # every cluster is in one group as a whole
        sizes = np.bincount(labels[labels >= 0])
        assert sizes.tolist() == sorted(sizes.tolist(), reverse=True)
        levels = [int(level.max()) + 1 for level in run.levels]
        assert int(labels.max()) + 1 in levels
        assert levels == sorted(levels)


def test_two_clusters_and_none_are_joined_to_nothing() -> None:
    points = blobs(40, 40)
    assert joins_of_tree(linkage_tree(points, 5), points, 10)[0] == []
    assert joins_of_tree(np.zeros((0, 4)), points, 10)[0] == []
    alone = cluster(points, ClusterConfig(10, 5, "map", groups=2))
    np.testing.assert_array_equal(alone.labels, cluster(points, ClusterConfig(10, 5, "map")).labels)


@pytest.mark.parametrize("seed", range(4))
def test_agreement_is_the_adjusted_rand_index(seed: int) -> None:
    rng = np.random.default_rng(seed)
    a = rng.integers(-1, 6, 200)
    b = np.where(rng.random(200) < 0.6, a, rng.integers(-1, 3, 200))
    assert adjusted_rand(a, b) == pytest.approx(adjusted_rand_score(a, b))


def test_agreement_of_one_group_with_itself_is_one() -> None:
    alone = np.zeros(9, np.int64)
    assert adjusted_rand(alone, alone) == 1.0
    assert adjusted_rand(np.arange(9), np.arange(9)) == 1.0


@pytest.mark.parametrize("n", [60, 645, 10_003, 50_000, 1_000_000])
def test_twenty_settings_span_the_default(n: int) -> None:
    sizes = settings_for(n)
    assert (len(sizes), len(set(sizes))) == (SETTINGS, SETTINGS)
    assert sizes == sorted(sizes)
    assert default_min_cluster_size(n) in sizes
    assert 2 <= sizes[0] < sizes[-1] <= n // 2


def test_settings_for_ten_thousand_rows() -> None:
    expected = [5, 7, 9, 12, 15, 20, 27, 35, 50, 62, 81, 107, 142, 188, 248, 328, 433, 573, 757, 1000]
    assert settings_for(10_000) == expected


@pytest.mark.parametrize(("n", "sizes"), [(0, [2]), (1, [2]), (3, [2]), (12, [2, 3, 4, 5, 6])])
def test_few_rows_have_few_settings(n: int, sizes: list[int]) -> None:
    assert settings_for(n) == sizes


def test_nothing_to_cut_gives_nothing() -> None:
    assert sweep(np.zeros((0, 4)), [2, 3]) == []


def test_progress_can_stop_it() -> None:
    def stop(progress: Progress) -> None:
        if progress.done == 1:
            raise Cancelled("the run was cancelled.")

    with pytest.raises(Cancelled):
        sweep(linkage_tree(POINTS, 5), [3, 6, 12], progress=stop)
