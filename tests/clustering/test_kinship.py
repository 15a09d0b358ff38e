"""How far apart neighbours are by the communities that they fall into, and the tree of that."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.cluster.hierarchy import linkage
from scipy.sparse import csr_array
from scipy.spatial.distance import squareform

from explorer.clustering import Kinship, cluster, kinship
from explorer.clustering.kinship import weights_of
from explorer.clustering.stability import adjusted_rand
from explorer.config import MOST_DETAIL, ClusterConfig
from explorer.neighbors import build_graph
from explorer.projection import fuzzy_graph, places_of_groups
from explorer.types import Clustering, FloatArray

GROUPS, EACH = 8, 60


def vectors(spread: float = 0.9, seed: int = 1) -> FloatArray:
    rng = np.random.default_rng(seed)
    centres = np.repeat(rng.normal(size=(GROUPS, 12)), EACH, axis=0)
    made = centres + rng.normal(scale=spread, size=centres.shape)
    return (made / np.linalg.norm(made, axis=1, keepdims=True)).astype(np.float32)


def clustered(rows: FloatArray, seed: int = 0) -> Clustering:
    config, graph = ClusterConfig().resolved(len(rows)), build_graph(rows, 16)
    edges = fuzzy_graph(graph, 15)
    tree = kinship(graph, edges, seed=seed).tree(config.min_samples or 1)
    return cluster(places_of_groups(rows, edges), config, tree=tree)


def test_groups_are_found_and_another_seed_or_a_sample_finds_the_same():
    rows, truth = vectors(0.6), np.repeat(np.arange(GROUPS), EACH)
    found = [clustered(rows, seed).labels for seed in (0, 1)]
    kept = np.sort(np.random.default_rng(0).permutation(len(rows))[: round(0.9 * len(rows))])
    assert adjusted_rand(found[0], truth) > 0.85
    assert adjusted_rand(found[0], found[1]) > 0.85
    assert adjusted_rand(found[0][kept], clustered(rows[kept]).labels) > 0.85


def test_the_same_rows_and_seed_give_the_same_to_the_bit():
    graph = build_graph(vectors(), 16)
    edges = fuzzy_graph(graph, 15)
    first, again = (kinship(graph, edges, seed=3).apart for _ in range(2))
    assert first.data.tobytes() == again.data.tobytes()
    assert (places_of_groups(vectors(), edges) == places_of_groups(vectors(), edges)).all()


def test_copies_of_one_text_are_one_cluster_beside_others():
    rows = np.concatenate([vectors(0.6), np.repeat(vectors(0.6, seed=5)[:1], 60, axis=0)])
    labels = clustered(rows).labels
    assert len(set(labels[-60:].tolist())) == 1
    assert labels[-1] >= 0
    assert (labels[:-60] != labels[-1]).mean() > 0.8


def test_most_rows_being_one_thing_is_one_cluster_and_the_strays_are_in_none():
    strays = np.random.default_rng(0).normal(size=(6, 12))
    rows = np.concatenate([np.repeat(np.ones((1, 12)), 80, axis=0), strays]).astype(np.float32)
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    found = clustered(rows)
    assert found.count == 1
    assert (found.labels[:80] == 0).all()


def apart(pairs: dict[tuple[int, int], float], n: int) -> Kinship:
    rows, columns = zip(*pairs, strict=True)
    return Kinship(csr_array((np.array(list(pairs.values()), np.float32), (rows, columns)), shape=(n, n)))


def test_the_tree_joins_by_mutual_reachability_and_unconnected_rows_last():
    kin = apart({(0, 1): 0.3, (1, 2): 0.5, (3, 4): 0.4}, 6)
    assert kin.tree(1)[:, 2] == pytest.approx([0.3, 0.4, 0.5, 2, 2])
    assert kin.tree(2)[:, 2] == pytest.approx([0.4, 0.5, 0.5, 2, 2])  # row 1's second neighbour is 0.5 away
    assert kin.tree(1)[-1, 3] == 6


def test_a_sample_keeps_the_distances_that_its_rows_had():
    trees = apart({(0, 1): 0.3, (1, 2): 0.5, (2, 4): 0.4}, 5).trees(1)
    assert trees(np.array([1, 2, 4]))[:, 2] == pytest.approx([0.4, 0.5])
    assert trees(np.array([0, 1])).shape == (0, 4)


@pytest.mark.parametrize("min_samples", [1, 5, 40])
def test_the_tree_of_a_sample_is_scipys_of_its_mutual_reachability(min_samples: int) -> None:
    graph = build_graph(vectors(), 16)
    kin = kinship(graph, fuzzy_graph(graph, 15), seed=1)
    rows = np.sort(np.random.default_rng(0).permutation(len(vectors()))[:400])
    near = kin.apart.toarray()[rows][:, rows]
    near = np.where(near + near.T > 0, near + near.T, np.inf)
    known = np.isfinite(near).sum(axis=1)
    core = np.sort(near, axis=1)[np.arange(400), np.minimum(min_samples, np.maximum(known, 1)) - 1]
    reach = np.minimum(np.maximum(near, np.maximum(core[:, None], core)), 2)
    expected = linkage(squareform(reach, checks=False), "single")
    assert kin.trees(min_samples)(rows)[:, 2] == pytest.approx(expected[:, 2])


def test_more_rows_have_a_finer_middle_and_a_row_more_changes_next_to_nothing():
    details = np.arange(MOST_DETAIL)
    middles = [float((weights_of(n) * details).sum()) for n in (100, 10_000, 100_000, 1_000_000)]
    assert middles == sorted(middles)
    assert middles[0] == middles[1] < middles[2]
    assert np.abs(weights_of(50_000) - weights_of(50_001)).max() < 1e-4
    assert weights_of(10**9).min() >= 0
