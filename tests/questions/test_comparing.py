"""Two runs compared: every figure is that of scikit-learn, or what comparing all pairs of rows gives."""

import json

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import adjusted_rand_score, normalized_mutual_info_score
from sklearn.neighbors import KNeighborsClassifier

from explorer.clustering import adjusted_rand
from explorer.config import RunConfig
from explorer.errors import BadSetting, NotFound
from explorer.neighbors import build_graph
from explorer.projection import laid_on
from explorer.questions import compare, differences
from explorer.questions.agreeing import mutual_information, voted
from explorer.questions.comparing import beats_guessing, kept_columns, most_moved
from explorer.questions.pairing import first_copies, pairs_of
from explorer.types import Clustering, ClusterSummary, Dataset, Embeddings, KnnGraph, Projection, Run

SEEDS = range(6)


def made(seed, key, *, n=160, graph_k=15, items=None, table=None, ok=None, dim=8, dataset="d"):
    """Return a run of random rows about a few centres; the same *items* may be read by another *seed*."""
    rng = np.random.default_rng(seed)
    items = [f"text {at}" for at in range(n)] if items is None else items
    n = len(items)
    centres = rng.normal(size=(5, dim))
    vectors = np.random.default_rng([seed, 1]).normal(size=(n, dim)) + 2 * centres[np.arange(n) % 5]
    vectors = (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)
    place = {text: at for at, text in reversed(list(enumerate(items)))}
    vectors = vectors[[place[text] for text in items]]  # copies have one vector
    ok = np.ones(n, np.bool_) if ok is None else ok
    at = np.flatnonzero(ok)
    graph = build_graph(vectors[at], graph_k)
    rows, distances = np.full((n, graph.k), -1, np.int32), np.full((n, graph.k), np.nan, np.float32)
    rows[at], distances[at] = at[graph.rows], graph.distances
    labels = np.where(rng.random(n) < 0.1, -1, np.arange(n) % 5 if seed % 2 else rng.integers(0, 4, n)).astype(np.int32)
    names = [f"cluster {label}" for label in range(int(labels.max()) + 1)]
    summaries = tuple(ClusterSummary(at, name, 1, 0.1, 0.5, (), (0,), (0,), ()) for at, name in enumerate(names))
    return Run(
        key=key,
        dataset=Dataset(dataset, "rows", items, pd.DataFrame(table or {}, index=range(n))),
        config=RunConfig(),
        embeddings=Embeddings(f"e{seed}", vectors, ok, f"encoder{seed}", np.zeros(n, np.bool_)),
        knn=KnnGraph(rows, distances),
        projection=Projection(rng.normal(size=(n, 2)).astype(np.float32), "umap", 0.9),
        clustering=Clustering(labels, np.ones(n, np.float32), "hdbscan"),
        summaries=summaries,
        name=key,
    )


def brute(run, rows, k):
    """Return the k nearest of *rows* among themselves as sets, every pair compared."""
    vectors = run.embeddings.vectors[rows].astype(np.float64)
    away = 1 - vectors @ vectors.T
    np.fill_diagonal(away, np.inf)
    return [set(np.asarray(rows)[np.lexsort((np.arange(len(rows)), line))[:k]].tolist()) for line in away]


def columns(seed, n, *, missing=0.0):
    rng = np.random.default_rng([seed, 2])
    values = np.array(["coast", "desert", "forest", "hill", "plain"], object)[np.arange(n) % 5]
    values[rng.random(n) < 0.3] = "hill"
    values[rng.random(n) < missing] = None
    return {"land": values}


@pytest.mark.parametrize("seed", SEEDS)
def test_overlap_is_that_of_all_pairs_of_rows_copies_and_unread_rows_left_out(seed):
    rng = np.random.default_rng(seed)
    items = [f"text {at}" for at in rng.integers(0, 110, 160)]
    ok = rng.random(160) > 0.05
    a, b = made(1, "a", items=items, ok=ok, graph_k=4 + 4 * seed), made(seed + 2, "b", items=items, graph_k=15)
    found = compare(a, b)
    read = np.flatnonzero(ok)
    firsts = [row for row in read if items[row] not in [items[other] for other in read[read < row]]]
    near = [brute(run, firsts, 10) for run in (a, b)]
    wanted = {items[row]: len(x & y) / 10 for row, x, y in zip(firsts, *near, strict=True)}
    told = found.overlap_of_rows()
    np.testing.assert_allclose(told[read], [wanted[items[row]] for row in read], atol=1e-6)
    assert np.isnan(told[~ok]).all()
    assert found.agreement == pytest.approx(np.mean(list(wanted.values())), abs=1e-6)
    assert found.chance == pytest.approx(10 / (len(firsts) - 1))


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("missing", [0.0, 0.3])
@pytest.mark.parametrize("different", [1000, 120])
def test_what_is_kept_of_a_column_is_what_scikit_learn_says(seed, missing, different):
    table = columns(seed, 160, missing=missing)
    items = [f"text {at % different}" for at in range(160)]
    a, b = made(seed, "a", items=items, table=table), made(seed + 7, "b", items=items, table=table)
    [kept] = kept_columns(compare(a, b))
    there = np.array([value is not None for value in table["land"]])
    once = [row for row in np.flatnonzero(there) if items[row] not in {items[at] for at in np.flatnonzero(there[:row])}]
    values = table["land"][once].astype(str)
    for run, accuracy, information in zip((a, b), kept.accuracy, kept.information, strict=True):
        vectors = run.embeddings.vectors[once].astype(np.float64)
        away = np.maximum(1 - vectors @ vectors.T, 0)
        classifier = KNeighborsClassifier(10, metric="precomputed").fit(away, values)
        guessed = classifier.predict(np.where(np.eye(len(away), dtype=bool), 9, away))  # each row left out itself
        assert accuracy == pytest.approx((guessed == values).mean(), abs=1e-9)
        every = normalized_mutual_info_score(table["land"][there].astype(str), run.clustering.labels[there])
        assert information == pytest.approx(every, abs=1e-9)
    assert kept.rows == len(once)
    assert kept.usual == pytest.approx(max(np.mean(values == one) for one in set(values)))


@pytest.mark.parametrize("seed", SEEDS)
def test_groupings_agree_as_scikit_learn_has_it(seed):
    rng = np.random.default_rng(seed)
    a, b = rng.integers(-1, 1 + seed, 90), rng.integers(-1, 4, 90)
    for x, y in ((a, b), (a, a), (a, a * 0), (a * 0, a * 0), (np.arange(90), np.arange(90)), (np.arange(90), a * 0)):
        assert adjusted_rand(x, y) == pytest.approx(adjusted_rand_score(x, y), abs=1e-12)
        assert mutual_information(x, y) == pytest.approx(normalized_mutual_info_score(x, y), abs=1e-12)


def test_of_as_many_votes_the_lowest_code_wins():
    codes = np.array([2, 1, 1, 2, 0], np.int32)
    near = np.array([[0, 1, 2, 3], [0, 3, 4, 1], [4, 4, 0, 0]], np.int32)
    assert voted(near, codes).tolist() == [1, 2, 0]


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("dims", [2, 3])
def test_a_map_that_was_turned_mirrored_scaled_and_shifted_lies_on_the_first_again(seed, dims):
    rng = np.random.default_rng(seed)
    xy = rng.normal(size=(40, dims))
    turn = np.linalg.qr(rng.normal(size=(dims, dims)))[0]  # of either sign: a reflection in half of the seeds
    moved = (3.5 * xy @ turn + rng.normal(size=dims)).astype(np.float32)
    moved[3] = np.nan
    laid = laid_on(moved, xy.astype(np.float32))
    assert np.isnan(laid[3]).all()
    there = np.arange(40) != 3
    np.testing.assert_allclose(laid[there], xy[there], atol=1e-5)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_turned_map_keeps_all_angles_and_no_other_turn_is_nearer(seed):
    rng = np.random.default_rng(seed)
    xy, onto = (rng.normal(size=(30, 2)).astype(np.float32) for _ in range(2))
    laid = laid_on(xy, onto).astype(np.float64)
    ratios = np.linalg.norm(np.diff(laid, axis=0), axis=1) / np.linalg.norm(np.diff(xy, axis=0), axis=1)
    np.testing.assert_allclose(ratios, ratios[0], rtol=1e-3)
    best = ((laid - onto) ** 2).sum()
    for step in (-0.05, 0.05):
        middle = laid - laid.mean(axis=0)
        turn = np.array([[np.cos(step), -np.sin(step)], [np.sin(step), np.cos(step)]])
        for other in (middle @ turn + laid.mean(axis=0), middle * (1 + step) + laid.mean(axis=0), laid + step):
            assert ((other - onto) ** 2).sum() > best


def test_places_that_cannot_be_turned_stay_as_they_are():
    xy = np.zeros((4, 2), np.float32)
    assert (laid_on(xy, np.ones((4, 2), np.float32)) == xy).all()
    assert (laid_on(xy, np.ones((4, 3), np.float32)) == xy).all()


@pytest.mark.parametrize("seed", SEEDS)
def test_a_run_compared_with_itself_is_the_same_and_nothing_moved(seed):
    items = [f"text {at}" for at in np.random.default_rng(seed).integers(0, 80, 120)]
    run = made(seed, "a", items=items, table=columns(seed, 120))
    found = compare(run, run)
    assert found.agreement == 1
    assert found.rand == pytest.approx(1)
    assert len(most_moved(found)) == 0
    told = differences.compared(found)
    assert told["moved"] == []
    assert all(one["better"] is None for one in told["columns"])
    assert {one["became"] for one in told["clusters"]} == {"kept"}
    np.testing.assert_allclose(found.turned(), run.projection.xy, atol=1e-4)


def test_a_column_of_chance_is_kept_by_neither():
    claims = tries = 0
    for seed in range(40):
        table = {"district": np.random.default_rng([seed, 7]).choice(["north", "south", "west"], 160)}
        a, b = (made(seed + other, name, table=table) for other, name in ((0, "a"), (1, "b")))
        told = differences.compared(compare(a, b))
        claims += sum(one["better"] is not None for one in told["columns"])
        tries += len(told["columns"])
    assert tries == 40
    assert claims <= 2
    assert not beats_guessing(0.287, 0.35, 160)
    assert beats_guessing(0.9, 0.35, 160)


def test_versions_are_compared_by_the_rows_that_they_share():
    table = columns(1, 60)
    items = [f"text {at}" for at in range(60)]
    a = made(1, "a", items=items, table=table)
    b = made(2, "b", items=["new", *items[::-1][:40], "text 59"], dataset="d2")
    found = compare(a, b)
    assert found.rows_a.tolist() == list(range(20, 60))
    assert [b.dataset.items[row] for row in found.rows_b] == items[20:]
    near = [brute(run, rows, 10) for run, rows in ((a, found.rows_a), (b, found.rows_b))]
    number = dict(zip(found.rows_b.tolist(), found.rows_a.tolist(), strict=True))
    wanted = [len(x & {number[row] for row in y}) / 10 for x, y in zip(*near, strict=True)]
    np.testing.assert_allclose(found.overlap, wanted, atol=1e-6)
    assert "20 of the first map and 2 of the second are left out" in " ".join(differences.compared(found)["said"])


def test_of_several_that_hold_the_same_the_nth_of_a_version_is_the_nth_of_the_other():
    a = made(1, "a", items=["x", "y", "x", "z", "v"])
    b = made(2, "b", items=["x", "x", "y", "z", "w", "x"], dataset="d2")
    rows_a, rows_b = pairs_of(a, b)
    assert (rows_a.tolist(), rows_b.tolist()) == ([0, 1, 2, 3], [0, 2, 1, 3])


def test_runs_that_share_no_rows_are_refused():
    with pytest.raises(BadSetting, match="share 0 rows"):
        compare(made(1, "a"), made(2, "b", items=["x", "y", "z", "v"], dataset="d2"))


def test_the_rows_that_moved_most_come_first_and_their_neighbours_are_told_by_each():
    a, b = made(1, "a"), made(2, "b")
    found = compare(a, b)
    moved = most_moved(found, 12)
    overlap = found.overlap[moved]
    assert (np.diff(overlap) >= 0).all()
    assert overlap[-1] <= np.sort(found.overlap)[11]
    told = differences.compared(found, moved=12)
    json.dumps(told, allow_nan=False)
    first = told["moved"][0]
    assert len(first["near_a"]) == len(first["near_b"]) == 10
    both = [{one["row"] for one in first[side] if one["shared"]} for side in ("near_a", "near_b")]
    assert both[0] == both[1]
    assert first["overlap"] == pytest.approx(len(both[0]) / 10)
    with pytest.raises(NotFound):
        differences.row_compared(found, 10_000)


def test_of_rows_with_as_much_in_common_those_go_first_whose_neighbours_are_least_alike_by_the_other():
    a, b = made(1, "a"), made(2, "b")
    found = compare(a, b)
    similar = [run.embeddings.vectors @ run.embeddings.vectors.T for run in (a, b)]

    def lost(row):
        lists = found.near_a[row], found.near_b[row]
        sides = zip(similar, (lists, lists[::-1]), strict=True)
        return sum(float(alike[row, own].mean() - alike[row, other].mean()) for alike, (own, other) in sides)

    moved = most_moved(found, len(found.first)).tolist()
    wanted = sorted(moved, key=lambda row: (found.overlap[row], -lost(row)))
    assert [round(lost(row), 4) for row in moved] == [round(lost(row), 4) for row in wanted]


def test_clusters_are_told_by_what_became_of_them():
    a, b = made(1, "a", n=40), made(3, "b", n=40)
    groups = np.repeat([0, 1, 2, 3], 10).astype(np.int32)
    others = np.where(groups == 1, 0, groups).astype(np.int32)
    others[20:25] = 1
    others[30:] = 3
    object.__setattr__(a.clustering, "labels", groups)
    object.__setattr__(b.clustering, "labels", others)
    told = differences.cluster_changes(compare(a, b))
    assert [one["became"] for one in told] == ["merged", "merged", "split", "kept"]
    assert [part["share"] for part in told[2]["parts"]] == [0.5, 0.5]


def test_what_two_maps_are_drawn_from_is_in_its_bytes():
    ok = np.arange(30) != 4
    a, b = made(1, "a", n=30), made(2, "b", n=30, ok=ok)
    found = compare(a, b)
    told = differences.side_by_side(found)
    assert told[:4] == b"EEC1"
    n, m, _ = np.frombuffer(told, "<u4", 3, 4)
    assert (n, m) == (30, 30)
    assert len(told) == 16 + 8 * m + 5 * n
    np.testing.assert_allclose(np.frombuffer(told, "<f4", m, 16), found.turned()[:, 0])
    other = np.frombuffer(told, "<i4", n, 16 + 8 * m)
    percent = np.frombuffer(told, np.uint8, n, 16 + 8 * m + 4 * n)
    assert (other[4], percent[4]) == (-1, 255)
    assert percent[ok].tolist() == np.round(100 * found.overlap).astype(int).tolist()


def test_pictures_are_the_same_by_their_files_and_texts_by_what_they_say():
    from explorer.kinds import ImageRef

    items = ["a", ImageRef("x.png", "1" * 64), "b", "a", ImageRef("y.png", "1" * 64), ImageRef("z.png", "2" * 64)]
    assert first_copies(items, np.arange(6, dtype=np.int32)).tolist() == [0, 1, 2, 0, 1, 5]
