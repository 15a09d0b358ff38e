"""What the library calls a map, and how its files and maps stand below each other."""

import json
import re
from typing import Any

from plotly.utils import PlotlyJSONEncoder

from explorer.config import RunConfig
from explorer.ui.maptitles import cut_name, file_title, map_titles, version_facts
from explorer.ui.markup import markup
from explorer.ui.panels.library import listing
from explorer.ui.shell import start_state


def a_map(run: str, dataset: str = "d", name: str = "reviews.csv", **settings: Any) -> dict[str, Any]:
    given = {**RunConfig.from_flat({"min_cluster_size": 10}).flat(), **settings}
    return {
        "run": run, "dataset": dataset, "name": name, "dataset_name": "reviews.csv", "settings": given, "state": "done",
        "created": f"2026-01-01T00:00:0{run}+00:00", "clusters": 3, "encoder": "minilm", "error": "",
        "rows": 300, "modalities": ["text"],
    }  # fmt: skip


def a_file(dataset: str, at: int, **more: Any) -> dict[str, Any]:
    created = f"2026-01-01T00:00:0{at}+00:00"
    return {"dataset": dataset, "name": f"{dataset}.csv", "rows": 9, "created": created, "sample": False, **more}


def test_a_map_is_called_by_how_it_differs_from_the_first_one_which_keeps_its_name() -> None:
    assert map_titles([a_map("1")]) == {"1": "Map of 300 texts"}
    pictures = {**a_map("1", dims=3), "rows": 1, "modalities": ["image"]}
    assert map_titles([pictures]) == {"1": "3-D map of 1 picture"}
    two = [a_map("2", min_cluster_size=25), a_map("1")]
    assert map_titles(two) == {"1": "Map of 300 texts", "2": "3 clusters of 25 rows or more"}
    communities = {"method": "communities", "detail": 8, "min_cluster_size": None, "min_samples": None, "space": None}
    assert map_titles([a_map("1"), a_map("2", **communities), a_map("3", dims=3), a_map("4", space="map")]) == {
        "1": "Map of 300 texts",
        "2": "clusters found by communities, detail 8",
        "3": "3-D",
        "4": "clusters looked for in the map",
    }
    assert map_titles([a_map("1", **communities), a_map("2")])["2"] == (
        "clusters found by density, 3 clusters of 10 rows or more"
    )
    assert map_titles([a_map("1", name="The one to show"), a_map("2", seed=7)])["1"] == "The one to show"
    assert len(set(map_titles([a_map(str(i), seed=i) for i in range(5)]).values())) == 5
    alike = [a_map("1", seed=None), a_map("2", seed=7), a_map("3", seed=None), a_map("4", seed=7, name="Mine")]
    told = map_titles(alike)
    assert (told["2"], told["4"]) == ("seed 7", "Mine")
    assert (told["1"], told["3"][:18]) == ("Map of 300 texts", "Map of 300 texts, ")
    assert len(set(told.values())) == 4


def test_the_first_map_is_the_oldest_that_is_there_as_old_as_what_its_clusters_were_cut_from() -> None:
    cut = {**a_map("9", min_cluster_size=4), "cut_of": "1"}
    runs = [cut, {**a_map("1"), "superseded": True}, a_map("2", seed=7)]
    assert map_titles([cut, runs[2]], runs)["9"] == "Map of 300 texts"
    failed = {**a_map("1", encoder="st:other"), "state": "failed"}
    assert map_titles([failed, a_map("2")]) == {"1": "st:other", "2": "Map of 300 texts"}


def test_a_file_stands_once_with_its_maps_beneath_it_the_newest_first() -> None:
    files = [a_file("old", 1), a_file("new", 4), a_file("sample", 2, sample=True)]
    maps = [a_map("5", "old"), a_map("3", "old", seed=1)]
    drawn = str(listing(files, maps, editing=None, run="3", chosen="new"))
    places = [drawn.index(f"'{key}'") for key in ("old", "new", "sample")]
    assert places == sorted(places)
    assert drawn.index("/api/v1/runs/5/map.svg") < drawn.index("/api/v1/runs/3/map.svg") < places[1]
    assert drawn.count("library-sample") == 1
    assert drawn.count("'aria-current': 'true'") + drawn.count("aria-current='true'") == 2


def test_a_map_with_its_cuts_is_one_row_and_what_is_done_with_it_is_done_with_all() -> None:
    runs = [
        {**a_map("7"), "cut_of": "3", "superseded": False, "clusters": 9},
        {**a_map("5"), "cut_of": "3", "superseded": True},
        {**a_map("3"), "cut_of": None, "superseded": True, "clusters": 5},
    ]
    for shown, clusters in (("7", "9 clusters"), ("3", "5 clusters"), (None, "9 clusters")):
        drawn = markup(listing([a_file("d", 1)], runs, editing=None, run=shown, chosen=None))
        assert drawn.count("library-picture") == 1
        assert clusters in drawn
        assert f"run={shown or 7}" in drawn
        assert re.findall(r'data-key="(.)"', drawn)[-2:] == ["7", "7"]  # Rename, Delete
        assert ('aria-current="true"' in drawn) == (shown is not None)


def test_files_of_one_name_are_told_apart_by_the_columns_that_they_were_read_from() -> None:
    alike = [
        a_file("a", 1, text_column="Description", text_columns=[]),
        a_file("b", 2, text_column="Description", text_columns=["Description", "Object"]),
        a_file("c", 3, text_column="Description", text_columns=[]),
    ]
    files = [{**one, "name": "store.csv"} for one in alike[:2]] + [alike[2]]
    shown = markup(listing(files, [], editing=None, run=None, chosen=None))
    assert shown.count("9 rows · texts: Description + Object · ") == 1
    assert shown.count("9 rows · texts: Description · ") == 1
    assert "texts: " not in markup(
        listing([{**one, "name": "s"} for one in alike[::2]], [], editing=None, run=None, chosen=None)
    )


def test_a_note_is_shown_short_as_text_and_changed_in_its_place() -> None:
    note = "<b>from</b> the attic\n" + "and more " * 40
    shown = str(listing([a_file("d", 1, note=note)], [], editing=None, run=None, chosen=None))
    assert "<b>from</b> the attic" in shown
    assert " …" in shown
    assert "/api/v1/datasets/d/dataset.zip" in shown
    edited = listing([a_file("d", 1, note=note)], [], editing={"kind": "dataset", "key": "d", "how": "describe"},
                     run=None, chosen=None)  # fmt: skip
    assert json.dumps(note)[1:-1] in json.dumps(edited, cls=PlotlyJSONEncoder)


def test_a_version_is_told_by_its_number_at_the_end_of_its_name_and_by_what_changed() -> None:
    counts = {"added": 3, "removed": 0, "edited": 1}
    first = "Town survey (Responses) - Form Responses 1.csv"
    record = {"name": f"{first}, version 3", "version": {"first": first, "number": 3, **counts}}
    assert version_facts(record) == "3 rows added, 1 row edited"
    assert file_title(record) == f"{first}, version 3: 3 rows added, 1 row edited"
    assert version_facts({**record, "name": "mine"}) == version_facts({"name": "a.csv"}) == ""
    for name, tail in (
        (record["name"], "1.csv, version 3"),
        (f"{'a_b_' * 9}.csv", "_a_b_a_b_.csv"[-10:]),
        ("mailbox of 2025.zip", "mailbox of 2025.zip"),
    ):
        shown = markup(cut_name(name))
        assert f'<span class="cut-tail">{tail}</span>' in shown
        assert f'<span class="cut-head">{name.removesuffix(tail)}</span>' in shown


def test_the_start_page_has_no_map_that_was_deleted_and_one_for_all_cuts_of_a_map() -> None:
    runs = [{**a_map(str(at)), "sample": False, "superseded": at == 2} for at in (1, 2, 3)]
    runs[2] |= {"deleted_in": 42.0}
    shown = markup(start_state(runs))
    assert re.findall(r'href="/\?run=(\d)"', shown) == ["1"]
