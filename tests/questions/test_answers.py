"""What is said about a run, on a run that is small enough to know by heart."""

import base64
import json
import re

import numpy as np
import pandas as pd
import pytest

from explorer.config import RunConfig
from explorer.errors import BadSetting, NotFound
from explorer.projection.coordinates import bounds
from explorer.questions import answers, columns, queries
from explorer.questions.selection import inside, rows_given, rows_in
from explorer.questions.surroundings import surroundings_of
from explorer.types import Clustering, ClusterSummary, Dataset, Embeddings, KnnGraph, Projection, Run

XY = np.array([[0, 0], [1, 0], [0, 1], [10, 10], [np.nan, np.nan], [11, 10]], np.float32)
VECTORS = np.array([[1, 0], [0.8, 0.6], [0.6, 0.8], [0, 1], [0, 0], [0, 1]], np.float32)


@pytest.fixture
def run():
    items = ["ant", "bee", "cat", "dog", "broken", "elk"]
    table = pd.DataFrame(
        {
            "legs": [6, 6, 4, 4, None, 4],
            "weight": [float(i) * 1.5 if i != 2 else np.nan for i in range(6)],
            "seen": pd.to_datetime(["2024-01-01", "2024-01-03", None, "2024-01-02", "2024-01-01", "2024-01-01"]),
            "kind": ["insect", "insect", None, "mammal", "x", "mammal"],
        }
    )
    labels = np.array([0, 0, -1, 1, -1, 1], np.int32)
    ok = np.array([1, 1, 1, 1, 0, 1], np.bool_)
    summaries = tuple(
        ClusterSummary(label, name, 2, 1 / 3, 0.9, (("w", 1.0),), (rows[0],), (rows[1],), ((1 - label, 0.5),))
        for label, name, rows in ((0, "insects", (0, 1)), (1, "mammals", (3, 5)))
    )
    return Run(
        key="run1",
        dataset=Dataset("d1", "animals", items, table),
        config=RunConfig(),
        embeddings=Embeddings("e", VECTORS, ok, "minilm", np.zeros(6, np.bool_), 2),
        knn=KnnGraph(np.zeros((6, 1), np.int32), np.zeros((6, 1), np.float32)),
        projection=Projection(XY, "umap", 0.75),
        clustering=Clustering(labels, np.ones(6, np.float32), "hdbscan"),
        summaries=summaries,
        name="animals",
    )


def test_points_are_eight_bytes_each_after_forty_of_header(run):
    body = answers.points(run)
    assert len(body) == 40 + 6 * 8
    assert body[:4] == b"EEP1"
    n, dims, _ = np.frombuffer(body, "<u4", 3, 4)
    x_low, x_high, y_low, y_high = np.frombuffer(body, "<f4", 4, 16)
    labels = np.frombuffer(body, "<i4", n, 40)
    x = np.frombuffer(body, "<u2", n, 40 + 4 * n)
    y = np.frombuffer(body, "<u2", n, 40 + 6 * n)
    assert dims == 2
    assert labels.tolist() == [0, 0, -1, 1, -1, 1]
    assert (x[4], y[4]) == (65535, 65535)
    there = [0, 1, 2, 3, 5]
    np.testing.assert_allclose(x_low + x[there] / 65534 * (x_high - x_low), XY[there, 0], atol=1e-3)
    np.testing.assert_allclose(y_low + y[there] / 65534 * (y_high - y_low), XY[there, 1], atol=1e-3)


def test_every_answer_is_json_without_nan(run):
    found = surroundings_of(run, 0, k=3)
    told = [
        answers.figures(run.outcome),
        answers.item(run, 2),
        answers.item(run, 4),
        answers.clusters(run),
        answers.neighbors(run, 0, found, metric="cosine"),
        *(columns.column(run, name) for name in run.dataset.table.columns),
    ]
    json.dumps(told, allow_nan=False)


def test_neighbors_leave_out_the_row_itself_and_rows_without_a_vector(run):
    answer = answers.neighbors(run, 0, surroundings_of(run, 0, k=100), metric="cosine")
    assert [n["row"] for n in answer["neighbors"]] == [1, 2, 3, 5]
    assert answer["neighbors"][0]["similarity"] == pytest.approx(0.8)
    assert answer["neighbors"][0]["cluster_name"] == "insects"


def test_euclidean_neighbors_score_minus_the_distance(run):
    assert queries.neighbors_of(run, 0, k=1, metric="euclidean").pairs() == [(1, pytest.approx(-np.sqrt(0.4)))]


@pytest.mark.parametrize(("row", "k", "metric"), [(0, 0, "cosine"), (0, 101, "cosine"), (0, 5, "hamming")])
def test_bad_questions_are_refused(run, row, k, metric):
    with pytest.raises(BadSetting):
        queries.neighbors_of(run, row, k=k, metric=metric)


@pytest.mark.parametrize("row", [-1, 6, 4])
def test_rows_that_do_not_exist_or_have_no_vector_are_not_found(run, row):
    with pytest.raises(NotFound):
        queries.neighbors_of(run, row)


def test_search_takes_the_vector_it_is_given(run):
    found = queries.search(run, "anything", k=2, encode=lambda _name, _item: np.array([0, 1], np.float32))
    assert found.pairs() == [(3, 1.0), (5, 1.0)]


def test_an_empty_search_says_what_to_do(run):
    with pytest.raises(BadSetting, match="type what"):
        queries.search(run, "  ")


def codes(answer):
    return list(base64.b64decode(answer["codes"]))


def test_categories_are_numbered_by_frequency_and_missing_is_255(run):
    answer = columns.column(run, "kind")
    assert answer["kind"] == "category"
    assert answer["missing"] == 1
    named = [answer["values"][code] if code != 255 else None for code in codes(answer)]
    assert named == ["insect", "insect", None, "mammal", "x", "mammal"]


def test_dates_and_many_numbers_are_scales(run):
    dates = columns.column(run, "seen")
    assert (dates["kind"], dates["min"], dates["max"]) == ("date", "2024-01-01", "2024-01-03")
    assert codes(dates) == [0, 254, 255, 127, 0, 0]
    numbers = pd.DataFrame({"n": np.arange(20.0)})
    wide = Run(**{**vars(run), "dataset": Dataset("d", "n", ["t"] * 20, numbers)})
    answer = columns.column(wide, "n")
    assert (answer["kind"], answer["min"], answer["max"], codes(answer)[-1]) == ("number", 0.0, 19.0, 254)


def test_a_few_numbers_are_categories_in_the_order_of_their_values(run):
    answer = columns.column(run, "weight", "category")
    assert (answer["kind"], answer["values"]) == ("category", ["0", "1.5", "4.5", "6", "7.5"])
    legs = columns.column(run, "legs")
    assert (legs["values"], legs["missing"]) == (["4", "6"], 1)
    assert list(base64.b64decode(legs["codes"])) == [1, 1, 0, 0, 255, 0]


def test_an_unknown_column_is_not_found(run):
    with pytest.raises(NotFound, match="legs, weight"):
        columns.column(run, "nosuch")


def test_a_box_and_a_lasso_hold_the_rows_inside_them(run):
    assert rows_in(run, {"box": [2, 2, -1, -1]}).tolist() == [0, 1, 2]
    assert rows_in(run, {"path": [[9, 9], [12, 9], [12, 12], [9, 12]]}).tolist() == [3, 5]


def test_rows_are_given_a_bit_each_the_first_the_lowest(run):
    assert rows_in(run, {"rows": base64.b64encode(bytes([0b100101])).decode()}).tolist() == [0, 2, 5]
    assert rows_in(run, {"rows": base64.b64encode(bytes(1)).decode()}).tolist() == []
    many = np.random.default_rng(0).random(1003) < 0.3
    packed = base64.b64encode(np.packbits(many, bitorder="little").tobytes()).decode()
    assert rows_given(packed, 1003).tolist() == np.flatnonzero(many).tolist()


@pytest.mark.parametrize(
    ("rows", "why"),
    [
        ("%%%%", "base64 of a bit a row, not '%%%%'"),
        ("ä", "base64 of a bit a row"),
        ([0, 1], "base64 of a bit a row"),
        (None, "base64 of a bit a row"),
        ("AAA=", "are 2 bytes; 6 rows take 1"),
        ("", "are 0 bytes; 6 rows take 1"),
        ("QA==", "names row 6; the rows are 0 to 5"),
    ],
)
def test_rows_that_are_none_are_refused_with_the_reason(run, rows, why):
    with pytest.raises(BadSetting, match=re.escape(why)):
        rows_in(run, {"rows": rows})


def test_a_lasso_round_a_hole_leaves_the_hole_out():
    u_shape = np.array([[0, 0], [3, 0], [3, 3], [2, 3], [2, 1], [1, 1], [1, 3], [0, 3]], float)
    assert inside(np.array([[0.5, 2.0], [1.5, 2.0], [2.5, 2.0]]), u_shape).tolist() == [True, False, True]


@pytest.mark.parametrize(
    "shape", [{}, {"box": [1, 2, 3]}, {"path": [[0, 0], [1, 1]]}, {"path": "x"}, {"box": [1, 2, 3, None]}]
)
def test_a_shape_that_is_none_is_refused(run, shape):
    with pytest.raises(BadSetting):
        rows_in(run, shape)


@pytest.mark.parametrize(
    ("xy", "low", "high"),
    [
        ([[3, 4]], [2.5, 3.5], [3.5, 4.5]),
        ([[0, 7], [4, 7]], [0, 5], [4, 9]),
        ([[0, 1], [4, 3], [np.nan, np.nan]], [0, 1], [4, 3]),
        ([[np.nan, np.nan]], [0, 0], [1, 1]),
    ],
)
def test_an_axis_on_which_all_points_agree_has_them_in_its_middle(xy, low, high):
    assert [side.tolist() for side in bounds(np.array(xy, np.float32))] == [low, high]


@pytest.mark.parametrize("seed", range(8))
def test_a_lasso_holds_what_the_even_odd_rule_says_edge_by_edge(seed):
    chance = np.random.default_rng(seed)
    places, corners = chance.normal(size=(200, 2)), chance.normal(size=(40, 2))
    if seed % 2:
        places, corners = places.round(1), corners.round(1)  # points level with corners, level edges, equal corners
    places[0] = np.nan
    odd = np.zeros(len(places), bool)
    for (x0, y0), (x1, y1) in zip(corners, np.roll(corners, -1, axis=0), strict=True):
        if y0 != y1:
            crosses = (y0 > places[:, 1]) != (y1 > places[:, 1])
            odd ^= crosses & (places[:, 0] < (x1 - x0) * (places[:, 1] - y0) / (y1 - y0) + x0)
    assert inside(places, corners).tolist() == odd.tolist()
