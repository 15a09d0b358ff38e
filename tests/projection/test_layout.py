"""The layout: UMAP's forces, the same bytes on any number of threads, as faithful as umap-learn's own loop."""

from __future__ import annotations

import itertools
import os
import subprocess
import sys
from pathlib import Path

import numba
import numpy as np
import pytest
import scipy.sparse

from explorer.neighbors.graph import build_graph
from explorer.projection import layout
from explorer.projection.faithful import trustworthiness
from explorer.projection.forces import LOWEST_POWER, POWERS, STEP_BITS, forces
from explorer.projection.layout import epochs
from explorer.projection.layout_kernel import PLANE, move
from explorer.projection.maps import fuzzy_graph, pca_picture
from explorer.types import FloatArray

A, B = 1.577, 0.895  # UMAP's curve for a min_dist of 0.1


def laid_out(
    start: FloatArray, edges: scipy.sparse.csr_matrix, *, seed: int = 1, count: int = 100, turns: int = layout.TURNS
) -> FloatArray:
    *_, last = epochs(start, edges, a=A, b=B, count=count, seed=seed, turns=turns)
    return last().copy()


def ring(n: int) -> scipy.sparse.csr_matrix:
    """Return a ring of n rows, each tied to the next as strongly as can be."""
    one = scipy.sparse.csr_matrix((np.ones(n), (np.arange(n), (np.arange(n) + 1) % n)), (n, n))
    return (one + one.T).tocsr()


def scattered(n: int, dims: int = 2) -> FloatArray:
    return np.random.default_rng(0).normal(scale=5, size=(n, dims)).astype(np.float32)


@pytest.mark.parametrize("square", [1e-6, 0.01, 0.3, 1.0, 7.0, 400.0])
def test_the_tables_hold_umaps_forces(square: float) -> None:
    step = (int(np.float32(square).view(np.int32)) >> (23 - STEP_BITS)) - ((127 + LOWEST_POWER) << STEP_BITS)
    pulls, pushes = forces(A, B)
    assert len(pulls) == POWERS << STEP_BITS
    assert pulls[step] == pytest.approx(-2 * A * B * square ** (B - 1) / (A * square**B + 1), rel=0.02)
    assert pushes[step] == pytest.approx(2 * B / ((0.001 + square) * (A * square**B + 1)), rel=0.02)


def test_rows_tied_to_each_other_come_together_and_others_keep_away() -> None:
    n = 60
    pairs = scipy.sparse.csr_matrix((np.ones(n), (np.arange(n), np.arange(n) ^ 1)), (n, n))
    xy = laid_out(scattered(n), pairs)
    apart = np.linalg.norm(xy[:, None] - xy, axis=2)
    own = apart[np.arange(n), np.arange(n) ^ 1].copy()
    apart[np.arange(n), np.arange(n)] = apart[np.arange(n), np.arange(n) ^ 1] = np.inf
    assert np.median(own) < 0.5
    assert np.median(own) < np.median(apart.min(axis=1)) / 2


@pytest.fixture(params=[False, True], ids=["few rows", "many rows"])
def many(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> bool:
    """Lay out as for few rows, or as for so many that they are sorted and pushed away from a draw of them."""
    if request.param:
        monkeypatch.setattr("explorer.projection.layout.MANY", 30)
        monkeypatch.setattr("explorer.projection.layout.POOL", 25)
    return bool(request.param)


@pytest.mark.usefixtures("many")
def test_threads_do_not_change_a_single_byte() -> None:
    start, edges = scattered(1_500), ring(1_500)
    threads = numba.get_num_threads()
    try:
        numba.set_num_threads(1)
        alone = laid_out(start, edges)
    finally:
        numba.set_num_threads(threads)
    assert alone.tobytes() == laid_out(start, edges).tobytes()
    assert alone.tobytes() != laid_out(start, edges, seed=2).tobytes()


def test_the_loop_made_for_two_dimensions_is_the_general_one() -> None:
    places, edges = scattered(700), ring(700)
    ends = (edges.indptr.astype(np.int64), edges.indices.astype(np.int32), edges.data.astype(np.float32))
    both = []
    for axes in (None, PLANE):
        moved = np.empty_like(places)
        move(axes, places, moved, places, *ends, *forces(A, B), np.float32(0.5), 7, 1, 2, 4)
        both.append(moved.tobytes())
    assert both[0] == both[1] != places.tobytes()


@pytest.mark.usefixtures("many")
def test_every_epoch_can_be_looked_at_and_looking_changes_nothing() -> None:
    start, edges = scattered(200), ring(200)
    seen = [look().copy() for look in epochs(start, edges, a=A, b=B, count=30, seed=1)]
    assert len(seen) == 30
    assert seen[-1].tobytes() == laid_out(start, edges, count=30).tobytes()
    moves = [np.abs(after - before).max() for before, after in itertools.pairwise(seen)]
    assert moves[-1] < moves[0]


@pytest.mark.usefixtures("many")
@pytest.mark.parametrize("dims", [2, 3, 5])
def test_ties_too_weak_to_be_drawn_move_nothing(dims: int) -> None:
    edges = ring(50)
    start = scattered(50, dims)
    weak = edges.copy()
    weak.data[:] = 0.001
    weak[0, 1] = weak[1, 0] = 1
    moved = np.abs(laid_out(start, weak, count=20) - start).max(axis=1)
    assert (moved[:2] > 0).all()
    assert not moved[2:].any()


def test_many_rows_are_pushed_away_from_others_in_every_turn_and_come_back_in_their_order(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("explorer.projection.layout.MANY", 100)
    monkeypatch.setattr("explorer.projection.layout.POOL", 40)
    places = np.arange(600, dtype=np.float32).reshape(300, 2)
    drawn = [layout._pool(places, 1, turn)[:, 0] for turn in range(30)]
    assert all(len(pool) == 40 for pool in drawn)
    assert len(np.unique(np.concatenate(drawn))) > 280
    assert layout._pool(places[:100], 1, 0) is not None
    assert len(layout._pool(places[:100], 1, 0)) == 100
    mixed = np.random.default_rng(3).permutation(300)
    edges = ring(300)[mixed][:, mixed]
    order, back = layout._order(edges)
    assert np.array_equal(order[back], np.arange(300))
    lengths = [np.abs(np.subtract(*kept.nonzero())).mean() for kept in (edges, edges[order][:, order])]
    assert lengths[1] < lengths[0] / 20
    xy = laid_out(scattered(300), edges, count=200)
    apart = np.linalg.norm(xy - xy[:, None], axis=2)
    tied = edges.toarray() > 0
    assert np.median(apart[tied]) < np.median(apart[~tied]) / 4


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::UserWarning")
def test_it_is_as_faithful_as_umap_learns_own_layout(monkeypatch: pytest.MonkeyPatch) -> None:
    import umap
    from sklearn.datasets import load_digits

    digits = load_digits().data[:600]
    vectors = (digits / np.linalg.norm(digits, axis=1, keepdims=True)).astype(np.float32)
    graph = build_graph(vectors, 15)
    start = np.ascontiguousarray(10 * pca_picture(vectors), np.float32)
    seeds = range(6)  # a single layout's figure is off by some 0.003 either way, and differently on every processor
    edges = fuzzy_graph(graph)
    theirs = []
    for seed in seeds:
        known = (graph.rows.copy(), graph.distances.copy(), None)
        model = umap.UMAP(n_neighbors=15, init=start, n_epochs=200, random_state=seed, precomputed_knn=known)
        theirs.append(trustworthiness(vectors, np.asarray(model.fit_transform(start)))[0])
    for many, pool in ((layout.MANY, layout.POOL), (100, 100)):
        monkeypatch.setattr(layout, "MANY", many)
        monkeypatch.setattr(layout, "POOL", pool)
        maps = [laid_out(start, edges, seed=seed, count=200, turns=layout.FINE_TURNS) for seed in seeds]
        ours = [trustworthiness(vectors, xy)[0] for xy in maps]
        assert np.mean(ours) > np.mean(theirs) - 0.005


LAID_OUT = """
import hashlib
import numpy as np
from scipy import sparse
from explorer.projection.layout import epochs
n, k, rng = 3000, 15, np.random.default_rng(0)
start = rng.normal(size=(n, 2)).astype(np.float32)
ends = np.repeat(np.arange(n), k), rng.integers(0, n, n * k)
edges = sparse.coo_matrix((rng.random(n * k).astype(np.float32), ends), shape=(n, n)).tocsr()
for look in epochs(start, edges.maximum(edges.T).tocsr(), a=1.58, b=0.9, count=20, seed=42):
    places = look()
print(hashlib.sha256(places.tobytes()).hexdigest())
"""


def test_the_process_that_compiles_and_the_next_one_lay_out_to_the_same_bytes(tmp_path: Path) -> None:
    environment = {**os.environ, "NUMBA_CACHE_DIR": str(tmp_path)}
    command = [sys.executable, "-c", LAID_OUT]
    said = [subprocess.run(command, env=environment, capture_output=True, text=True, check=True) for _ in range(2)]
    assert said[0].stdout == said[1].stdout != ""
    assert list(tmp_path.rglob("*.nbc"))


def test_few_rows_are_moved_by_one_thread_and_the_others_are_given_back(monkeypatch: pytest.MonkeyPatch) -> None:
    from explorer.projection import layout_kernel

    used: list[int] = []

    def seen(*arguments: object) -> None:
        used.append(numba.get_num_threads())
        move(*arguments)

    monkeypatch.setattr(layout_kernel, "move", seen)
    before = numba.get_num_threads()
    for rows in (layout_kernel._FEW, layout_kernel._FEW + 1):
        start = np.zeros((rows, 2), np.float32)
        list(epochs(start, scipy.sparse.eye_array(rows, format="csr"), a=A, b=B, count=1, seed=0, turns=1))
        assert numba.get_num_threads() == before
    assert used == [1, before]
