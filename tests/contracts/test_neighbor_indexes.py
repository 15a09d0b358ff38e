"""What every neighbour index has to do, whatever it is built on."""

from __future__ import annotations

import sys
from typing import Any

import numpy as np
import pytest

from explorer.contracts import INDEX
from explorer.contracts.indexes import METRICS, distances, truth, unit
from explorer.errors import BadSetting
from explorer.neighbors import IndexFamily, list_indexes, make_index
from explorer.neighbors.approximate import approximate_graph
from explorer.neighbors.exact import exact_graph
from explorer.neighbors.graph import ExactIndex, IvfIndex, build_graph, codes_of, nearest_to, neighbors_of_row
from explorer.neighbors.kernels import among_neighbors_neighbors
from explorer.neighbors.picker import CPU, CUDA, CUDA_BLOCK, block_rows, cuda_block
from explorer.types import FloatArray, Progress
from tests.contracts.promises import each, hold


@pytest.mark.parametrize("family", list_indexes(), ids=lambda family: family.scheme)
@each(INDEX)
def test_every_index_keeps_its_promises(family: IndexFamily, check: Any) -> None:
    hold(family, check)


def test_an_index_is_made_by_its_name_or_its_scheme() -> None:
    vectors = unit(50)
    assert isinstance(make_index("exact", vectors, metric="cosine"), ExactIndex)
    assert isinstance(make_index("ivf://anywhere", vectors, metric="euclidean"), IvfIndex)
    with pytest.raises(BadSetting, match="there is no neighbour index 'hnsw'; choose exact, ivf"):
        make_index("hnsw", vectors)


def test_exact_search_of_many_copies_returns_the_lowest_rows() -> None:
    vectors = np.repeat(unit(2), 3_000, axis=0)
    assert ExactIndex(vectors).search(vectors[5_000:5_001], 3).rows.tolist() == [[3_000, 3_001, 3_002]]


def test_a_query_with_nan_finds_nothing() -> None:
    hits = ExactIndex(unit(5)).search(np.full((1, 24), np.nan, np.float32), 2)
    assert hits.rows.tolist() == [[-1, -1]]


def test_rows_that_are_not_ok_are_never_found() -> None:
    vectors, ok = unit(6), np.array([True, False, True, True, False, True])
    hits = ExactIndex(vectors, ok=ok).search(vectors[1:2], 6)
    assert sorted(hits.rows[0, :4].tolist()) == [0, 2, 3, 5]
    assert hits.rows[0, 4:].tolist() == [-1, -1]


def test_exact_search_reads_a_memory_mapped_file_block_by_block(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("explorer.neighbors.exact._ROWS", 7)
    np.save(tmp_path / "v.npy", unit(50))
    mapped = np.load(tmp_path / "v.npy", mmap_mode="r")
    hits = ExactIndex(mapped).search(unit(4, seed=5), 6)
    np.testing.assert_array_equal(hits.rows, truth(unit(50), unit(4, seed=5), 6, "cosine"))


def alike(n: int) -> FloatArray:
    """Return vectors of which a third are copies of a few, and a third differ from them by less than a byte can say."""
    vectors = unit(n)
    rng = np.random.default_rng(4)
    near, same = np.arange(1, n, 3), np.arange(2, n, 3)
    vectors[near] = vectors[near % 4] + rng.normal(scale=3e-4, size=(len(near), vectors.shape[1]))
    vectors[same] = vectors[same % 4]
    return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), np.float32)


@pytest.mark.parametrize("metric", METRICS)
@pytest.mark.parametrize("k", [1, 10, 101, 700])
def test_bytes_find_exactly_what_the_vectors_find(metric: str, k: int) -> None:
    vectors, ok = alike(600), np.arange(600) % 7 != 3
    coded = codes_of(vectors)
    assert (np.linalg.norm(vectors - coded.steps[:, None] * coded.codes, axis=1) <= coded.errors + 1e-6).all()
    for query in [*vectors[:5], *unit(3, seed=9), 2 * vectors[7], np.full(24, np.nan, np.float32)]:
        expected = ExactIndex(vectors, metric=metric, ok=ok).search(query[None], k)
        found = nearest_to(vectors, query, k, metric=metric, ok=ok, codes=coded)
        np.testing.assert_array_equal(found.rows, expected.rows)
        np.testing.assert_array_equal(found.scores, expected.scores)


def test_bytes_of_no_rows_and_of_rows_without_a_vector_find_nothing() -> None:
    nothing, lost = np.zeros((0, 4), np.float32), np.zeros((3, 4), np.float32)
    query = np.ones(4, np.float32) / 2
    assert nearest_to(nothing, query, 2, codes=codes_of(nothing)).rows.tolist() == [[-1, -1]]
    none = np.zeros(3, np.bool_)
    assert nearest_to(lost, query, 2, ok=none, codes=codes_of(lost)).rows.tolist() == [[-1, -1]]


@pytest.mark.parametrize("metric", METRICS)
def test_neighbors_of_a_row_leave_the_row_itself_out(metric: str) -> None:
    vectors = unit(60)
    vectors[[3, 9]] = vectors[20]
    hits = neighbors_of_row(vectors, 9, 4, metric=metric)
    assert hits.rows.shape == (1, 4)
    assert hits.rows[0, :2].tolist() == [3, 20]
    assert 9 not in hits.rows


def test_neighbors_of_one_among_many_copies_are_the_lowest_other_copies() -> None:
    assert neighbors_of_row(np.repeat(unit(1), 9, axis=0), 8, 3).rows.tolist() == [[0, 1, 2]]
    assert neighbors_of_row(unit(3), 1, 5).rows[0, 2:].tolist() == [-1, -1, -1]


@pytest.mark.parametrize("metric", METRICS)
def test_the_graph_equals_brute_force_even_among_copies(metric: str) -> None:
    vectors = unit(300)
    vectors[10:40], vectors[[100, 200]], vectors[250] = vectors[3], vectors[50], vectors[299]
    graph = build_graph(vectors, 12, metric=metric)
    true = distances(vectors, vectors, metric)
    copies = (vectors[:, None] == vectors).all(axis=2)
    true[copies] = 0
    np.fill_diagonal(true, -1)
    expected = np.argsort(true.round(9), axis=1, kind="stable")[:, :12]
    np.testing.assert_array_equal(graph.rows, expected)
    np.testing.assert_allclose(graph.distances, np.maximum(np.take_along_axis(true, expected, 1), 0), atol=2e-6)
    assert (graph.distances[:, 0] == 0).all()
    assert (graph.rows.dtype, graph.distances.dtype, graph.exact, graph.recall) == (np.int32, np.float32, True, 1.0)


@pytest.mark.parametrize("metric", METRICS)
@pytest.mark.parametrize("device", [None, CPU, CUDA])
def test_every_device_finds_the_same_exact_graph(device: str | None, metric: str) -> None:
    import torch

    if device == CUDA and not torch.cuda.is_available():
        pytest.skip("there is no CUDA device")
    vectors = unit(1_200) if metric == "cosine" else unit(1_200) * np.linspace(0.2, 3, 1_200, dtype=np.float32)[:, None]
    rows, _ = exact_graph(vectors, 16, metric=metric, device=device)
    expected = truth(vectors, vectors, 16, metric)
    assert (rows == expected).mean() > 0.9995  # two may be closer to each other than float32 can say
    np.testing.assert_array_equal(rows[:, 0], np.arange(1_200))


def test_few_rows_are_paired_up_without_a_device(monkeypatch: pytest.MonkeyPatch) -> None:
    vectors = unit(60)
    few = exact_graph(vectors, 8)
    monkeypatch.setattr("explorer.neighbors.picker.FEW", 59)
    monkeypatch.setattr("explorer.neighbors.picker.cuda_block", lambda n, d: 0)
    many = exact_graph(vectors, 8)
    monkeypatch.setattr("explorer.neighbors.picker.FEW", 60)
    monkeypatch.setitem(sys.modules, "torch", None)  # to import it fails
    again = exact_graph(vectors, 8)
    for one, other in zip((*few, *few), (*many, *again), strict=True):
        np.testing.assert_array_equal(one, other)


def test_a_cuda_device_pairs_up_more_rows_if_it_holds_them(monkeypatch: pytest.MonkeyPatch) -> None:
    import torch

    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    for gigabytes, rows, block in ((80, 1_000_000, CUDA_BLOCK), (4, 100_000, 1.2e9), (1.5, 1_000_000, 0)):
        monkeypatch.setattr(torch.cuda, "mem_get_info", lambda free=int(gigabytes * 2**30): (free, 80 * 2**30))
        assert cuda_block(rows, 384) == pytest.approx(block, rel=0.1)
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    assert cuda_block(10, 4) == 0


@pytest.mark.parametrize(("room", "exact"), [(CUDA_BLOCK, True), (0, False)])
def test_the_graph_is_exact_beyond_the_limit_where_cuda_holds_it(
    room: int, exact: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("explorer.neighbors.graph.EXACT_LIMIT", 100)
    monkeypatch.setattr("explorer.neighbors.graph.cuda_block", lambda n, d: room)
    assert build_graph(unit(400), 10).exact is exact


def test_a_block_of_scores_keeps_to_its_memory() -> None:
    assert [block_rows(n, CPU, 2**26) for n in (100, 100_000, 10_000_000)] == [1024, 167, 16]
    assert [block_rows(n, CUDA, CUDA_BLOCK) for n in (100, 1_000_000)] == [8192, 536]


def test_a_euclidean_graph_takes_vectors_of_any_length() -> None:
    vectors = unit(200) * np.linspace(0.2, 3, 200, dtype=np.float32)[:, None]
    graph = build_graph(vectors, 6, metric="euclidean")
    np.testing.assert_array_equal(graph.rows, truth(vectors, vectors, 6, "euclidean"))


def test_a_row_is_first_even_beside_one_closer_than_numbers_can_say() -> None:
    vectors = np.array([[1, 0], [1, 1e-30], [0, 1]], np.float32)
    assert build_graph(vectors, 2).rows.tolist() == [[0, 1], [1, 0], [2, 0]]


def test_all_rows_identical_still_have_themselves_first() -> None:
    graph = build_graph(np.repeat(unit(1), 50, axis=0), 4)
    assert graph.rows[:, 0].tolist() == list(range(50))
    assert graph.rows[49].tolist() == [49, 0, 1, 2]
    assert not graph.distances.any()


@pytest.mark.parametrize(("n", "k", "columns"), [(0, 5, 0), (1, 5, 1), (3, 15, 3), (20, 15, 15)])
def test_k_counts_the_row_itself_and_is_clipped_to_the_rows(n: int, k: int, columns: int) -> None:
    assert build_graph(unit(n), k).rows.shape == (n, columns)


def test_beyond_the_limit_the_graph_is_approximate_and_says_how_good() -> None:
    vectors = unit(400)
    vectors[7] = vectors[300]
    graph = build_graph(vectors, 10, exact_limit=100)
    assert not graph.exact
    assert 0.9 <= graph.recall <= 1
    assert graph.rows[:, 0].tolist() == list(range(400))
    assert graph.rows[300, 1] == 7
    assert (np.diff(graph.distances, axis=1) >= 0).all()
    again = build_graph(vectors, 10, exact_limit=100)
    np.testing.assert_array_equal(graph.rows, again.rows)


def test_lists_are_looked_into_until_the_recall_is_good() -> None:
    easy, hard = unit(4_000), np.random.default_rng(0).normal(size=(4_000, 24)).astype(np.float32)
    hard /= np.linalg.norm(hard, axis=1, keepdims=True)
    assert IvfIndex(easy).probes < IvfIndex(hard).probes
    assert approximate_graph(hard, 16)[2] > 0.95


def test_an_approximate_graph_measures_a_recall_that_can_be_low(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("explorer.neighbors.approximate.PROBES", (1,))
    rows, _, recall = approximate_graph(unit(2_000), 10)
    assert recall < 0.9
    assert all(len(set(row)) == 10 for row in rows.tolist())


@pytest.mark.parametrize(("k", "metric"), [(10, "cosine"), (40, "euclidean")])
def test_neighbours_of_neighbours_are_the_nearest_of_those_and_of_the_ones_before(k: int, metric: str) -> None:
    vectors, joined = unit(300), min(k, 32)
    given = exact_graph(vectors, k, metric=metric)[0]
    given[:, k // 2 :] = (given[:, :1] + 1 + np.arange(k - k // 2)) % 300  # most are not among the nearest
    rows, squares = among_neighbors_neighbors(vectors, given, np.arange(300)[::-1], joined, 4_096)
    for i in range(0, 300, 37):
        candidates = {*given[i].tolist(), *given[given[i, :joined], :joined].ravel().tolist()} - {i}
        apart = {row: float(((vectors[row] - vectors[i]) ** 2).sum()) for row in candidates}
        expected = sorted(candidates, key=lambda row: (round(apart[row], 5), row))[: k - 1]
        assert rows[i].tolist()[0] == i
        assert squares[i, 0] == 0
        np.testing.assert_allclose(squares[i, 1:], [apart[row] for row in expected], atol=1e-5)
        assert len(set(rows[i].tolist())) == k


def test_neighbours_of_neighbours_find_what_the_lists_missed(monkeypatch: pytest.MonkeyPatch) -> None:
    hard = np.random.default_rng(0).normal(size=(4_000, 24)).astype(np.float32)
    hard /= np.linalg.norm(hard, axis=1, keepdims=True)
    joined = approximate_graph(hard, 16)[2]
    monkeypatch.setattr("explorer.neighbors.kernels.among_neighbors_neighbors", _as_they_are)
    assert approximate_graph(hard, 16)[2] < joined - 0.01


def _as_they_are(vectors: FloatArray, rows: Any, *_: Any) -> tuple[Any, Any]:
    return rows, ((vectors[rows] - vectors[:, None]) ** 2).sum(axis=2)


def test_threads_do_not_change_an_approximate_graph() -> None:
    import faiss
    import numba

    threads = faiss.omp_get_max_threads(), numba.get_num_threads()
    both = []
    for count in (1, threads[1]):
        faiss.omp_set_num_threads(count)
        numba.set_num_threads(count)
        both.append(approximate_graph(unit(3_000), 10))
    faiss.omp_set_num_threads(threads[0])
    numba.set_num_threads(threads[1])
    for one, other in zip(*both, strict=True):
        np.testing.assert_array_equal(one, other)


def test_the_graph_reports_rows_done_of_all_rows() -> None:
    seen: list[Progress] = []
    build_graph(np.repeat(unit(1_500), 2, axis=0), 5, progress=seen.append)
    assert {p.stage for p in seen} == {"neighbors"}
    assert [p.total for p in seen] == [3_000] * len(seen)
    assert [p.done for p in seen] == sorted(p.done for p in seen)
    assert seen[-1].done == 3_000
