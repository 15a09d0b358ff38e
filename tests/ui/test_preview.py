"""What the preview of a dataset leads to."""

from __future__ import annotations

from explorer.ui.panels.choices import long_line
from explorer.ui.preview import maps_of, pictures_named


def test_a_map_in_the_making_is_told_and_led_to_before_the_finished_ones() -> None:
    run = {"dataset": "d", "name": "Map", "dataset_name": "f.csv", "settings": {}, "superseded": False}
    run["created"] = "2026-01-01T00:00:00"
    done = {**run, "run": "old", "state": "done"}
    assert maps_of([done], "another") == []
    assert "being made" not in str(maps_of([done], "d"))
    told = str(maps_of([{**run, "run": "new", "state": "running"}, done], "d"))
    assert told.index("A map of it is being made.") < told.index("run=new") < told.index("run=old")
    assert "2 maps of it are being made." in str(maps_of([{**run, "run": k, "state": "queued"} for k in "ab"], "d"))
    assert maps_of([{**run, "run": "new", "state": "failed"}], "d") == []


def test_a_table_that_names_pictures_says_how_to_have_them() -> None:
    columns = {"Filename": {"found": "picture"}, "Caption": {"found": "text"}}
    (said,) = pictures_named({"modalities": ["text"]}, columns)
    assert str(said.children).startswith("“Filename” names pictures, which are not here: drop them together")
    assert pictures_named({"modalities": ["image"]}, columns) == []
    assert pictures_named({"modalities": ["text"]}, {"Caption": {"found": "text"}, "empty": {}}) == []


def test_texts_longer_than_encoders_read_are_told_before_the_table_until_somebody_chose() -> None:
    why = "all 120 texts are longer than encoders read: only the beginning of each counts"
    choice = {"name": "texts", "value": "whole", "asked": False, "why": why}
    assert long_line([choice]) == f"A{why[1:]}. In passages, all that they say counts."
    for other in ({"value": "passages"}, {"asked": True}, {"why": "some are nearly as long as encoders read"}):
        assert long_line([{**choice, **other}]) is None
    assert long_line([{**choice, "name": "items"}]) is None
