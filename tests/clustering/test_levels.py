"""Levels of names: few broad groups, the clusters, many fine ones, along one tree; and what they are called."""

from __future__ import annotations

import numpy as np
import pytest

from explorer.clustering.labels import cluster
from explorer.clustering.levels import broad_targets
from explorer.config import ClusterConfig
from explorer.description.keywords import KeywordIndex
from explorer.description.levels import name_groups
from explorer.types import Clustering, ClusterSummary, Embeddings, FloatArray, NamedGroup


def _towns() -> FloatArray:
    """Four far-apart regions of three towns each; each town is two streets of 30 houses."""
    rng = np.random.default_rng(4)
    regions = [(0, 0), (100, 0), (0, 100), (100, 100)]
    towns = [(0, 0), (14, 0), (0, 14)]
    streets = [(-1.6, 0), (1.6, 0)]
    spots = [np.add(np.add(r, t), s) for r in regions for t in towns for s in streets]
    return np.concatenate([rng.normal(spot, 0.35, (30, 2)) for spot in spots]).astype(np.float32)


def _levels(points: FloatArray, size: int) -> tuple[Clustering, list[np.ndarray]]:
    made = cluster(points, ClusterConfig(size, 5, "map"))
    assert made.levels is not None
    return made, list(made.levels)


def test_regions_towns_and_streets_are_three_levels() -> None:
    made, levels = _levels(_towns(), 40)
    assert made.count == 12
    assert [int(level.max()) + 1 for level in levels[:2]] == [4, 12]
    regions, towns, streets = levels
    np.testing.assert_array_equal(towns, made.labels)
    for level, rows in ((regions, 180), (towns, 60)):
        parts = level.reshape(-1, rows)
        assert all(len(set(part[part >= 0].tolist())) == 1 for part in parts)
        assert (level >= 0).mean() > 0.9
        assert len({int(part.max()) for part in parts}) == len(parts)
    assert 24 <= streets.max() + 1 <= 36
    assert all(len(set((np.flatnonzero(streets == street) // 30).tolist())) == 1 for street in range(streets.max() + 1))


def test_no_cluster_is_without_a_broad_group() -> None:
    rng = np.random.default_rng(8)
    centres = rng.normal(size=(30, 3)) * 8
    points = (centres[rng.integers(30, size=1500)] + rng.normal(size=(1500, 3)) * 0.5).astype(np.float32)
    made, levels = _levels(points, 10)
    counts = [int(level.max()) + 1 for level in levels]
    assert len(counts) >= 3
    assert counts == sorted(counts)
    at = counts.index(made.count)
    for broad in levels[:at]:
        np.testing.assert_array_equal(broad >= 0, made.labels >= 0)
        pairs = set(zip(made.labels.tolist(), broad.tolist(), strict=True))
        assert len(pairs) == len(set(made.labels.tolist()))
        sizes = np.bincount(broad[broad >= 0])
        assert sizes.tolist() == sorted(sizes.tolist(), reverse=True)


@pytest.mark.parametrize(
    ("count", "targets"),
    [(0, []), (3, []), (4, [2]), (6, [3]), (12, [5]), (20, [5, 15]), (69, [5, 15, 45]), (150, [5, 15, 45])],
)
def test_broad_levels_are_well_below_the_clusters(count: int, targets: list[int]) -> None:
    assert broad_targets(count) == targets


def test_a_single_cluster_has_no_broader_name_and_noise_none_at_all() -> None:
    disc = np.random.default_rng(1).uniform(-0.004, 0.004, (300, 2))
    points = np.concatenate([disc, [[8, 0], [0, 9], [-7, 3]]]).astype(np.float32)
    made, levels = _levels(points, 5)
    assert made.count == 1
    np.testing.assert_array_equal(levels[0], made.labels)
    few = cluster(points[:20], ClusterConfig(30, 5, "map"))
    assert few.levels is None
    even = np.stack(np.meshgrid(np.arange(12.0), np.arange(12.0)), axis=-1).reshape(-1, 2).astype(np.float32)
    nothing, levels = _levels(even, 100)
    assert (nothing.count, levels) == (0, [])
    assert nothing.levels is not None
    assert nothing.levels.shape == (0, 144)


def _named(texts: list[str], labels: list[int], levels: list[list[int]]) -> tuple[tuple[NamedGroup, ...], ...]:
    n = len(texts)
    at = np.array(labels, np.int32)
    made = Clustering(at, np.ones(n, np.float32), "hdbscan", levels=np.array(levels, np.int32))
    spelled = sorted({word for text in texts for word in text.split()})
    counts = np.array([[text.split().count(word) for word in spelled] for text in texts], np.float32)
    vectors = counts / np.linalg.norm(counts, axis=1, keepdims=True)
    embeddings = Embeddings("e", vectors, np.ones(n, np.bool_), "fake", np.zeros(n, np.bool_))
    summaries = [
        ClusterSummary(label, name, labels.count(label), 0.1, 1.0, (), (), (), ())
        for label, name in zip(range(max(labels) + 1), ("apples", "pears", "cars"), strict=False)
    ]
    return name_groups(texts, embeddings, made, summaries, index=KeywordIndex(texts))


TEXTS = ["sweet apple juice"] * 6 + ["sour apple cake"] * 6 + ["green pear tart"] * 6 + ["old car engine"] * 6
LABELS = [0] * 12 + [1] * 6 + [2] * 6


def test_every_level_names_its_groups_differently() -> None:
    fruit = [0] * 18 + [1] * 6
    parts = [0] * 6 + [1] * 6 + [2] * 6 + [3] * 6
    broad, clusters, fine = _named(TEXTS, LABELS, [fruit, LABELS, parts])
    assert [(group.size, group.clusters) for group in broad] == [(18, (0, 1)), (6, (2,))]
    assert broad[1].name == "cars"
    assert "apple" in broad[0].name
    assert [group.name for group in clusters] == ["apples", "pears", "cars"]
    assert [(group.size, group.clusters) for group in fine] == [(6, (0,)), (6, (0,)), (6, (1,)), (6, (2,))]
    assert [group.name for group in fine[2:]] == ["pears", "cars"]
    assert {"sweet", "juice"} & set(fine[0].name.replace(",", "").split())
    assert {"sour", "cake"} & set(fine[1].name.replace(",", "").split())
    for level in (broad, clusters, fine):
        assert len({group.name.casefold() for group in level}) == len(level)


def test_groups_with_the_same_words_still_differ() -> None:
    (level,) = _named(["same words here"] * 12, [0] * 12, [[0] * 4 + [1] * 4 + [2] * 4])
    assert len({group.name for group in level}) == 3


def test_a_group_of_noise_belongs_to_no_cluster() -> None:
    labels = [0] * 12 + [-1] * 6 + [1] * 6
    (level,) = _named(TEXTS, labels, [[0] * 12 + [1] * 6 + [2] * 6])
    assert [group.clusters for group in level] == [(0,), (), (1,)]
    assert "pear" in level[1].name


def test_groups_of_equal_size_are_told_apart_where_the_tree_splits_first() -> None:
    rng = np.random.default_rng(2)
    spots = [(0, 0), (10, 0), (24, 0), (60, 0)]
    points = np.concatenate([rng.normal(spot, 0.4, (40, 2)) for spot in spots]).astype(np.float32)
    made, levels = _levels(points, 12)
    assert made.count == 4
    broad = levels[0].reshape(4, 40)
    assert [int(np.median(part)) for part in broad] == [0, 0, 0, 1]
