"""Few rows: what has nothing in common is no cluster, two themes are two."""

from __future__ import annotations

import numpy as np
import pytest

from explorer.clustering.labels import cluster
from explorer.clustering.likeness import distances_among, without_strangers
from explorer.config import ClusterConfig
from explorer.types import NOISE


def _themes(rng: np.random.Generator, sizes: list[int], alike: float) -> np.ndarray:
    """Rows about so many directions of their own, as unlike as texts are; *alike* 0: nothing in common."""
    middles = rng.normal(size=(len(sizes), 384))
    rows = np.concatenate([alike * m + rng.normal(size=(n, 384)) for m, n in zip(middles, sizes, strict=True)])
    return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), np.float32)


def _heaps(sizes: list[int]) -> np.ndarray:
    """Where a map may put them: heaps, whatever the rows are."""
    rng = np.random.default_rng(1)
    return np.concatenate([10 * at + rng.normal(size=(n, 2)) for at, n in enumerate(sizes)]).astype(np.float32)


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("metric", ["cosine", "euclidean"])
def test_heaps_of_rows_with_nothing_in_common_are_no_clusters(seed: int, metric: str) -> None:
    rng = np.random.default_rng(seed)
    sizes = [int(n) for n in rng.integers(3, 7, 2)]
    apart = distances_among(_themes(rng, sizes, 0.0), metric)
    config = ClusterConfig(3, 2, "map")
    assert cluster(_heaps(sizes), config).count == 2
    made = cluster(_heaps(sizes), config, apart=apart)
    assert made.labels.tolist() == [NOISE] * sum(sizes)
    assert made.count == 0
    assert not made.strength.any()


@pytest.mark.parametrize("seed", range(8))
def test_two_themes_of_few_rows_are_two_clusters_and_what_is_beside_them_is_none(seed: int) -> None:
    rng = np.random.default_rng(seed)
    sizes = [5, 4]
    vectors = _themes(rng, sizes, 1.5)
    config = ClusterConfig(3, 2, "map")
    both = cluster(_heaps(sizes), config, apart=distances_among(vectors, "cosine"))
    assert both.labels.tolist() == cluster(_heaps(sizes), config).labels.tolist()
    mixed = np.concatenate([vectors[:5], _themes(rng, [4], 0.0)])
    one = cluster(_heaps(sizes), config, apart=distances_among(mixed, "cosine"))
    assert sorted(set(one.labels.tolist())) == [NOISE, 0]
    assert one.labels[:5].max() == 0
    assert (one.labels[5:] == NOISE).all()
    assert one.levels is not None
    assert one.levels.tolist() == [one.labels.tolist()]


def test_what_all_rows_are_stays() -> None:
    labels = np.zeros(4, np.int32)
    assert without_strangers(labels, np.ones((4, 4)) - np.eye(4)).tolist() == [0] * 4
