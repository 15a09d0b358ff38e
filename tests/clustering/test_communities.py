"""Communities: found in the graph of neighbours, nested from step to step, and what fits none left out."""

from __future__ import annotations

import sys
from itertools import pairwise

import numpy as np
import pytest

from explorer.clustering.communities import INSIDE, LEAST_SIZE, Ladder, cluster_by_communities, communities
from explorer.clustering.membership import take_in
from explorer.clustering.stability import sweep_details
from explorer.config import MOST_DETAIL, ClusterConfig
from explorer.errors import Cancelled
from explorer.neighbors.graph import build_graph
from explorer.projection.maps import fuzzy_graph
from explorer.types import NOISE, Clustering, FloatArray, Progress, Report, silent
from tests.bench.defaults import unit


def ladder_of(vectors: FloatArray, *, seed: int | None = 42, progress: Report = silent) -> Ladder:
    graph = build_graph(vectors, 16)
    return communities(graph, fuzzy_graph(graph, 15), seed=seed, progress=progress)


def cut(ladder: Ladder, detail: int | None = None) -> Clustering:
    return cluster_by_communities(ladder, ClusterConfig(method="communities", detail=detail))


def themes(rows: int = 40, *, strays: int = 0, seed: int = 0) -> tuple[FloatArray, np.ndarray]:
    """Return vectors of nine topics in three themes, and strays anywhere: each row's topic, -1 for a stray."""
    rng = np.random.default_rng(seed)
    broad = np.repeat(np.eye(3, 48) * 3, 3, axis=0)
    centres = broad + np.eye(9, 48, 3) * 1.5
    labels = np.r_[np.repeat(np.arange(9), rows), np.full(strays, NOISE)]
    own = np.where(labels[:, None] < 0, rng.normal(size=(len(labels), 48)), centres[labels])
    return unit(own + rng.normal(scale=0.15, size=own.shape)), labels


@pytest.fixture(scope="module")
def nine() -> tuple[Ladder, np.ndarray]:
    vectors, topics = themes(strays=25)
    return ladder_of(vectors), topics


def test_topics_are_found_and_numbered_by_size(nine: tuple[Ladder, np.ndarray]) -> None:
    ladder, topics = nine
    made = cut(ladder)
    assert (made.labels.dtype, made.strength.dtype, made.method) == (np.int32, np.float32, "louvain")
    for topic in range(9):
        own = made.labels[topics == topic]
        assert np.mean(own == np.bincount(own[own >= 0]).argmax()) > 0.9
    sizes = np.bincount(made.labels[made.labels >= 0])
    assert sizes.tolist() == sorted(sizes, reverse=True)
    assert sizes.min() >= LEAST_SIZE


def test_a_row_is_in_no_cluster_where_less_of_its_weight_lies_inside_and_can_be_taken_in(
    nine: tuple[Ladder, np.ndarray],
) -> None:
    ladder, topics = nine
    made = cut(ladder)
    assert made.belongs is not None
    assert made.nearest is not None
    graph, step = ladder.edges.toarray(), ladder.steps[11]
    shares = np.array([[row[step == one].sum() for one in range(step.max() + 1)] for row in graph])
    shares /= shares.sum(axis=1, keepdims=True)
    inside = shares[np.arange(len(step)), step]
    noise = made.labels == NOISE
    assert np.mean(noise[topics < 0]) > 3 * np.mean(noise[topics >= 0])
    np.testing.assert_array_equal(noise, inside < INSIDE * np.median(inside))
    np.testing.assert_allclose(made.strength, np.where(noise, 0, inside), atol=1e-6)
    np.testing.assert_allclose(made.belongs, np.where(noise, shares.max(axis=1), inside), atol=1e-6)
    for row in np.flatnonzero(noise):
        of = step[made.labels == made.nearest[row]]
        assert shares[row, of[0]] == pytest.approx(shares[row].max())
    taken = take_in(made, 0.3)
    assert taken.taken is not None
    np.testing.assert_array_equal(taken.labels[taken.taken], made.nearest[taken.taken])
    assert 0 < taken.taken.sum() <= noise.sum()


def test_each_step_is_made_of_whole_communities_of_the_next(nine: tuple[Ladder, np.ndarray]) -> None:
    ladder, _ = nine
    assert len(ladder.steps) == MOST_DETAIL
    counts = [len(np.unique(step)) for step in ladder.steps]
    assert counts == sorted(counts)
    assert counts[0] < 9 < counts[-1]
    for broad, fine in pairwise(ladder.steps):
        assert len(np.unique(np.stack([broad, fine]), axis=1).T) == len(np.unique(fine))


def test_levels_of_names_join_and_split_whole_clusters(nine: tuple[Ladder, np.ndarray]) -> None:
    made = cut(nine[0])
    assert made.levels is not None
    counts = [int(level.max()) + 1 for level in made.levels]
    assert counts == sorted(set(counts))
    own = counts.index(made.count)
    np.testing.assert_array_equal(made.levels[own], made.labels)
    assert own > 0
    for level in made.levels[:own]:
        np.testing.assert_array_equal(level == NOISE, made.labels == NOISE)
        pairs = np.unique(np.stack([level, made.labels])[:, made.labels >= 0], axis=1)
        assert len(pairs.T) == made.count


def test_every_detail_is_what_the_sweep_says_and_more_detail_is_more_clusters(nine: tuple[Ladder, np.ndarray]) -> None:
    told = sweep_details(nine[0])
    assert [one.detail for one in told] == list(range(1, MOST_DETAIL + 1))
    for one in told[::5]:
        made = cut(nine[0], one.detail)
        assert (made.count, made.noise) == (one.clusters, pytest.approx(one.noise))
    assert told[0].clusters < told[11].clusters < told[-1].clusters
    assert told[0].agreement is None


def test_the_same_rows_and_seed_give_the_same_communities_and_another_seed_may_not() -> None:
    vectors, _ = themes(strays=80)
    first = ladder_of(vectors)
    np.testing.assert_array_equal(first.steps, ladder_of(vectors).steps)
    assert any((ladder_of(vectors, seed=seed).steps != first.steps).any() for seed in (1, 2, 3))


@pytest.mark.parametrize("n", [2, 5, 60])
def test_equal_rows_are_one_cluster(n: int) -> None:
    made = cut(ladder_of(np.tile(np.float32([[0.6, 0.8, 0, 0]]), (n, 1))))
    assert (made.labels.tolist(), made.method) == ([0] * n, "one place")


def test_copies_of_a_row_are_never_split() -> None:
    vectors, _ = themes(20)
    copies = np.repeat(vectors[:1], 70, axis=0)
    for detail in (4, 12, MOST_DETAIL):
        labels = cut(ladder_of(np.concatenate([copies, vectors])), detail).labels
        assert len(set(labels[:71].tolist())) == 1


@pytest.mark.parametrize("n", [1, 2, 5])
def test_a_handful_of_rows_holds_no_community_and_the_method_says_so(n: int) -> None:
    made = cut(ladder_of(themes(1)[0][:n]))
    assert (made.labels.tolist(), made.method) == ([NOISE] * n, f"none: {n} rows are too few")


def test_three_small_groups_are_three_clusters() -> None:
    vectors = np.concatenate([themes(4)[0][at : at + 4] for at in (0, 12, 24)])
    assert cut(ladder_of(vectors)).labels.reshape(3, 4).std(axis=1).max() == 0


def test_progress_can_stop_it() -> None:
    def stop(progress: Progress) -> None:
        if progress.done == 2:
            raise Cancelled("the run was cancelled.")

    with pytest.raises(Cancelled):
        ladder_of(themes()[0], progress=stop)


@pytest.mark.parametrize("seed", range(4))
def test_the_compiled_loop_finds_what_the_library_finds_to_the_row(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    from sknetwork.clustering import Louvain

    from explorer.clustering.communities import joining

    ladder = ladder_of(themes(20)[0])
    compiled = dict(joining(ladder.edges, ladder.copies, seed=seed))
    monkeypatch.setattr(sys.modules[joining.__module__], "_compiled", lambda: Louvain)
    plain = dict(joining(ladder.edges, ladder.copies, seed=seed))
    assert list(plain) == list(compiled)
    for at, group in plain.items():
        np.testing.assert_array_equal(compiled[at], group)
