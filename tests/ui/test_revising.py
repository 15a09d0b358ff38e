"""What the page says of a map before it is made, and offers for a new version of a dataset."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

from explorer import ingest
from explorer.config import AUTO, GIVEN, Settings
from explorer.encoders import MULTILINGUAL
from explorer.server import open_services
from explorer.ui import apart, estimates, revising
from explorer.ui.encoderwords import encoder_options, encoder_words
from explorer.workspace import Workspace
from tests.ui.test_library import a_map


def test_the_estimate_is_that_of_the_encoder_that_is_chosen(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path / "w")
    key = workspace.datasets.keep(ingest.load_text("one thing\nanother thing", name="few"))
    services = open_services(workspace, Settings(workspace.path))
    record = services.datasets.one(key)
    usual, other = (estimates.told(services, record, name) for name in (AUTO, MULTILINGUAL))
    nothing = [estimates.told(services, record, name) for name in ("", "nobody:knows", "st:")]
    services.jobs.close()
    assert usual is not None
    assert other is not None
    assert usual["encoder"] == "minilm"
    assert usual["seconds"] < other["seconds"]  # it is loaded when the run begins
    assert "minilm" in str(estimates.line(services, record, usual))
    assert MULTILINGUAL in str(estimates.line(services, record, other))
    assert nothing == [None, None, None]
    own = str(estimates.line(services, record, {**usual, "encoder": GIVEN}))
    assert "by the vectors that came with the data" in own
    assert "Takes" not in own
    graph = {**record, "columns": ["node", "links to"], "given": {"column": "vectors", "dim": 8}}
    assert "by its edges" in str(estimates.line(services, graph, {**usual, "encoder": GIVEN}))
    assert [one["value"] for one in encoder_options(services.encoders(), graph) if "given" in one["value"]] == [GIVEN]
    assert "encoder made" not in str(encoder_words(AUTO, services.encoders(), graph))
    assert estimates.line(services, record, None) == estimates.beside(None) == []


def test_a_version_is_offered_a_place_on_each_map_of_what_it_was_made_of() -> None:
    version = {"parent": "d", "first": "reviews.csv", "number": 2, "added": 3, "removed": 0, "edited": 0, "hidden": 1}
    runs = [a_map("1"), a_map("2", min_cluster_size=25), a_map("3", "other"), {**a_map("4", seed=9), "state": "failed"}]
    runs = [{**one, "superseded": False} for one in runs]
    finished = [one for one in runs if one["run"] in "12"]
    services: Any = SimpleNamespace(
        runs=SimpleNamespace(all=lambda: runs), versions=SimpleNamespace(maps=lambda _key: finished)
    )
    shown = str(revising.choices(services, {"dataset": "v", "version": version}))
    assert "3 rows added, 1 row that could not be read no longer listed." in shown
    assert shown.count("place-rows") == 2
    assert "Place on “Map of 300 texts" in shown
    assert "3 clusters of 25 rows or more" in shown
    assert shown.index("Map of 300 texts") < shown.index("3 clusters of 25 rows or more")
    other = str(revising.choices(services, {"dataset": "v", "version": version}, "2"))
    assert "Place on “3 clusters of 25 rows or more" in other  # the map that was looked at
    services.versions.maps = lambda _key: []
    assert "place-rows" not in str(revising.choices(services, {"dataset": "v", "version": version}))
    assert revising.choices(services, {"dataset": "d"}) == []


def test_files_that_became_one_dataset_are_told_with_what_tells_them_apart() -> None:
    files = ["loans.xlsx", "survey.csv"]
    assert apart.said(files, ["age", "source", "text from column"]) == (
        "2 files became one dataset, row below row: “loans.xlsx” and “survey.csv”. The column “source” tells each "
        "row’s file and “text from column” what its text is called there."
    )
    assert apart.said([*files, "c.csv", "d.csv", "e.csv"], []).endswith(
        "“loans.xlsx”, “survey.csv”, “c.csv” and 2 more."
    )
