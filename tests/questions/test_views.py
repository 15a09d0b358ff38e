"""A run seen with noise taken in: labels, sizes, cards, files and bytes agree, and the stored run stays as it is."""

from __future__ import annotations

import dataclasses
import io
import json
import zipfile

import numpy as np
import pandas as pd
import pytest

from explorer.description.places import anchors_of
from explorer.questions import answers
from explorer.questions.views import viewed
from explorer.report import render
from explorer.report.archive import bundle
from explorer.types import NamedGroup, Run
from tests.report.small import small_run


def _run() -> Run:
    run = small_run()
    belongs = np.array([1, 1, 1, 1, 1, 1, 0.41, 0], np.float32)
    nearest = np.array([0, 0, 0, 1, 1, 1, 1, -1], np.int32)
    levels = np.array([[0, 0, 0, 0, 0, 0, -1, -1], run.clustering.labels], np.int32)
    clustering = dataclasses.replace(run.clustering, belongs=belongs, nearest=nearest, levels=levels)
    names = ((NamedGroup("things", 6, (0, 1)),), (NamedGroup("apple", 3, (0,)), NamedGroup("car", 3, (1,))))
    return dataclasses.replace(run, clustering=clustering, levels=names)


def test_without_a_membership_the_run_is_as_it_is() -> None:
    run = _run()
    assert viewed(run, None) is run
    assert "taken_in" not in answers.briefs(run, [6])[0]
    assert b"taken_in" not in render(run, "csv")
    assert "nearest to them: " not in render(run, "html").decode()
    assert "taken_in" not in json.loads(render(run, "json"))


def test_what_is_taken_in_counts_in_its_cluster_and_is_marked() -> None:
    run = _run()
    view = viewed(run, 0.4)
    assert view.clustering.labels.tolist() == [0, 0, 0, 1, 1, 1, 1, -1]
    assert [(s.size, s.share) for s in view.summaries] == [(3, 3 / 8), (4, 4 / 8)]
    assert run.clustering.labels.tolist() == [0, 0, 0, 1, 1, 1, -1, -1]
    card = answers.briefs(view, [6])[0]
    assert (card["cluster"], card["cluster_name"], card["taken_in"]) == (1, "car", True)
    assert answers.briefs(view, [3])[0]["taken_in"] is False
    told = answers.clusters(view)
    assert [(c["size"], c["taken_in"]) for c in told["clusters"]] == [(3, 0), (4, 1)]
    assert told["noise"] == {"size": 1, "share": 0.125, "taken_in": 1}


def test_above_every_membership_nothing_is_taken_in() -> None:
    view = viewed(_run(), 0.42)
    assert view.clustering.labels.tolist() == _run().clustering.labels.tolist()
    assert [c["taken_in"] for c in answers.clusters(view)["clusters"]] == [0, 0]


def test_files_of_a_view_say_which_rows_were_taken_in() -> None:
    view = viewed(_run(), 0.4)
    items = pd.read_csv(io.BytesIO(render(view, "csv")))
    assert items["taken_in"].tolist() == [False] * 6 + [True, False]
    assert items["cluster"].tolist() == [0, 0, 0, 1, 1, 1, 1, -1]
    assert pd.read_csv(io.BytesIO(render(view, "clusters.csv")))["size"].tolist() == [3, 4]
    assert json.loads(render(view, "json"))["taken_in"] == {"membership": 0.4, "rows": [6]}
    page = render(view, "html").decode()
    assert "nearest to them: 1 text left in no cluster at first, because they belong to it by at least 40%" in page
    with zipfile.ZipFile(io.BytesIO(b"".join(bundle(view)))) as archive:
        assert b"taken_in" in archive.read("items.csv")


def test_a_metadata_column_called_taken_in_gets_another_name() -> None:
    run = dataclasses.replace(small_run(table={"taken_in": list("abcdefgh")}), clustering=_run().clustering)
    names = render(viewed(run, 0.4), "csv").decode().splitlines()[0].split(",")
    assert "meta_taken_in" in names
    assert names.count("taken_in") == 1
    assert "taken_in" in render(run, "csv").decode().splitlines()[0].split(",")


def test_membership_is_five_bytes_a_row_after_eight_of_header() -> None:
    body = answers.membership(_run())
    assert body[:4] == b"EEM1"
    assert np.frombuffer(body, "<u4", 1, 4).tolist() == [8]
    assert np.frombuffer(body, "<i4", 8, 8).tolist() == [0, 0, 0, 1, 1, 1, 1, -1]
    assert np.frombuffer(body, "u1", 8, 8 + 32).tolist() == [100] * 6 + [41, 0]
    assert len(body) == 8 + 8 * 5


def test_a_run_without_measured_membership_takes_nothing_in() -> None:
    run = small_run()
    assert np.frombuffer(answers.membership(run), "<i4", 8, 8).tolist() == [-1] * 8
    assert viewed(run, 0.01).clustering.labels.tolist() == run.clustering.labels.tolist()


def test_levels_have_names_sizes_and_places() -> None:
    broad, fine = answers.clusters(_run())["levels"]
    assert [(group["name"], group["size"], group["clusters"]) for group in broad] == [("things", 6, (0, 1))]
    assert [group["name"] for group in fine] == ["apple", "car"]
    assert (fine[0]["x"], fine[0]["y"]) == (2.0, 3.0)
    assert fine[0]["reach"] == pytest.approx(2 * np.sqrt(8 / 3), abs=1e-6)  # y is 1, 3 and 5


def test_an_item_of_noise_says_where_it_belongs() -> None:
    assert answers.item(_run(), 6)["belongs"] == {"cluster": 1, "name": "car", "membership": pytest.approx(0.41)}
    assert "belongs" not in answers.item(small_run(), 6)


def test_a_name_lies_where_most_of_a_group_is() -> None:
    rng = np.random.default_rng(0)
    big, small = rng.normal((0, 0), 1, (300, 2)), rng.normal((50, 0), 1, (200, 2))
    xy = np.concatenate([big, small, [[np.nan, np.nan]]])
    labels = np.array([0] * 500 + [1], np.int32)
    (x, y), nowhere = anchors_of(xy, labels, 2, densest=True)
    assert x == pytest.approx(0, abs=0.5)
    assert y == pytest.approx(0, abs=0.5)
    assert nowhere == (None, None)
    assert anchors_of(np.full((3, 2), 7.0), np.zeros(3, np.int32), 1, densest=True) == [(7.0, 7.0)]


@pytest.mark.parametrize("kept", [0, 1])
def test_a_name_lies_on_the_piece_of_a_group_that_it_is_true_of(kept: int) -> None:
    rng = np.random.default_rng(1)
    xy = np.concatenate([rng.normal((0, 0), 1, (300, 2)), rng.normal((50, 0), 1, (200, 2)), [[9.0, 9.0]]])
    labels = np.array([0] * 500 + [1], np.int32)
    said = [[*range(300, 340), 7, 500], []] if kept else [[*range(40), 301, 500], []]
    (x, _), other = anchors_of(xy, labels, 2, densest=True, near_name=said)
    assert x == pytest.approx(50 * kept, abs=0.5)  # a row of another group, 500, is none of its own
    assert other == (9.0, 9.0)


def test_a_group_of_a_level_is_told_without_the_rows_near_its_name() -> None:
    run = _run()
    levels = tuple(tuple(dataclasses.replace(group, near_name=(0,)) for group in level) for level in run.levels)
    told = answers.clusters(dataclasses.replace(run, levels=levels))["levels"]
    assert all("near_name" not in group for level in told for group in level)
