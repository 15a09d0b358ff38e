import dataclasses
import io
import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import explorer.report.files as files
from explorer.errors import BadSetting
from explorer.report import render, write_report
from tests.report.small import small_run


def test_a_folder_gets_every_file_of_every_format(tmp_path: Path) -> None:
    written = write_report(small_run(), tmp_path / "out")
    assert sorted(p.name for p in written) == [
        "clusters.csv",
        "clusters.parquet",
        "faults.csv",
        "items.csv",
        "items.parquet",
        "report.html",
        "report.json",
        "vectors.npy",
    ]
    assert sorted(p.name for p in (tmp_path / "out").iterdir()) == sorted(p.name for p in written)


def test_a_folder_gets_every_file_of_one_format(tmp_path: Path) -> None:
    assert [p.name for p in write_report(small_run(), tmp_path / "out", format="csv")] == [
        "clusters.csv",
        "items.csv",
        "faults.csv",
    ]


def test_a_name_with_suffix_is_that_one_file_and_csv_means_the_items(tmp_path: Path) -> None:
    assert write_report(small_run(), tmp_path / "deep" / "mine.csv") == [tmp_path / "deep" / "mine.csv"]
    assert (tmp_path / "deep" / "mine.csv").read_text(encoding="utf-8").startswith("row,text,colour,")


def test_a_folder_that_exists_may_have_a_dot_in_its_name(tmp_path: Path) -> None:
    (tmp_path / "v1.2").mkdir()
    assert write_report(small_run(), tmp_path / "v1.2", format="json") == [tmp_path / "v1.2" / "report.json"]


def test_an_unknown_suffix_is_refused_with_those_that_there_are(tmp_path: Path) -> None:
    with pytest.raises(BadSetting, match=r"report\.docx ends in \.docx; a report ends in \.html, \.csv"):
        write_report(small_run(), tmp_path / "report.docx")


def test_a_suffix_and_another_format_are_refused(tmp_path: Path) -> None:
    with pytest.raises(BadSetting, match="give one of the two"):
        write_report(small_run(), tmp_path / "a.csv", format="json")


def test_an_unknown_format_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadSetting, match="no report format 'xlsx'"):
        write_report(small_run(), tmp_path, format="xlsx")
    with pytest.raises(BadSetting, match="no report format 'xlsx'"):
        render(small_run(), "xlsx")


def test_a_place_that_cannot_be_written_is_said_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("here")
    with pytest.raises(BadSetting, match=r"cannot write .*file: .*\. Choose a place"):
        write_report(small_run(), tmp_path / "file" / "report.html")


def test_a_write_that_fails_leaves_the_old_file_and_no_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place = tmp_path / "report.json"
    place.write_text("old")

    def full(self: Path, _target: Path) -> Path:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(files.Path, "replace", full)
    with pytest.raises(BadSetting, match="no space left"):
        write_report(small_run(), place)
    assert [p.name for p in tmp_path.iterdir()] == ["report.json"]
    assert place.read_text() == "old"


def test_vectors_are_the_arrays_of_the_run() -> None:
    run = small_run()
    assert np.array_equal(np.load(io.BytesIO(render(run, "npy"))), run.embeddings.vectors)


def test_the_record_holds_everything_and_no_nan() -> None:
    record = json.loads(render(small_run(timings={"embed": float("nan")}), "json"), parse_constant=pytest.fail)
    assert record["schema_version"] == 1
    assert record["run"] == "0123456789abcdef"
    assert record["data"]["rejected"] == [
        {"source": "things.csv", "row": 4, "reason": "the text is empty", "place": "", "what": ""}
    ]
    assert record["settings"]["n_neighbors"] == 15
    assert record["timings"] == {"embed": None}
    assert record["labels"] == [0, 0, 0, 1, 1, 1, -1, -1]
    assert record["noise"] == {"rows": [6, 7], "size": 2, "share": 0.25}
    assert record["encoder"]["failed"] == [7]
    assert record["quality"]["trustworthiness"] == 0.9125
    assert record["clusters"][0]["exemplars"] == [{"row": 0, "text": "red apple"}, {"row": 1, "text": "green apple"}]
    assert record["clusters"][0]["nearest"] == [{"label": 1, "similarity": 0.25}]
    assert record["clusters"][0]["enrichment"][0]["column"] == "colour"


def test_the_record_has_every_item_with_its_place_and_its_metadata() -> None:
    meta = {"when": [pd.Timestamp("2024-05-01"), *[pd.NaT] * 7], "n": [1, *[None] * 7], "x": ["<b>", *"abcdefg"]}
    items = json.loads(render(small_run(table=meta), "json"), parse_constant=pytest.fail)["items"]
    assert [item["row"] for item in items] == list(range(8))
    metadata = {"when": "2024-05-01T00:00:00", "n": 1.0, "x": "<b>"}
    assert items[0] == {
        "row": 0, "text": "red apple", "x": 0.0, "y": 1.0, "cluster": 0, "strength": 1.0, "metadata": metadata
    }  # fmt: skip
    assert items[7]["metadata"] == {"when": None, "n": None, "x": "g"}
    assert (items[7]["x"], items[7]["cluster"]) == (None, -1)
    bare = small_run()
    bare = dataclasses.replace(bare, dataset=dataclasses.replace(bare.dataset, table=pd.DataFrame(index=range(8))))
    assert json.loads(render(bare, "json"))["items"][3]["metadata"] == {}


def test_near_duplicates_follow_the_threshold() -> None:
    run = small_run()
    close = json.loads(render(run, "json", near_duplicate=0.994))["near_duplicates"]
    assert close == {"threshold": 0.994, "groups": [[0, 1, 2], [3, 4, 5]]}
    assert json.loads(render(run, "json", near_duplicate=0.999))["near_duplicates"]["groups"] == []
    with pytest.raises(BadSetting, match="near_duplicate is 0"):
        write_report(run, "nowhere", near_duplicate=0)
