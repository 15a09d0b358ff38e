"""The page of two maps: its frame, which addresses cannot break out of, and the links that lead to it."""

import json
import re
from types import SimpleNamespace

from explorer.errors import NotFound
from explorer.ui.beside import html_of
from explorer.ui.comparable import compare_with, others_of
from explorer.ui.markup import markup

RUNS = [
    {"run": key, "dataset": dataset, "dataset_name": "x.csv", "name": "x.csv", "state": state, "encoder": "minilm",
     "created": f"2026-01-0{at + 1}T00:00:00+00:00", "settings": {"encoder": "minilm"}, "rows": 9,
     "modalities": ["text"], **more}
    for at, (key, dataset, state, more) in enumerate(
        [("a", "d", "done", {}), ("b", "d", "done", {}), ("c", "d", "running", {}),
         ("e", "d", "done", {"superseded": True}), ("f", "other", "done", {}), ("g", "d", "done", {"deleted_in": 5.0})]
    )
]  # fmt: skip


def services(columns=("x", "text", "id")):
    dataset = {
        "dataset": "d",
        "columns": list(columns),
        "text_column": "text",
        "readings": {"id": "id"},
    }

    def status(run):
        if run != "a":
            raise NotFound("there is no such run.")
        return {"dataset": "d"}

    return SimpleNamespace(
        runs=SimpleNamespace(all=lambda: RUNS, status=status),
        datasets=SimpleNamespace(all=lambda: [dataset]),
        undoing=SimpleNamespace(told=lambda _kind, runs: runs),
    )


def given(page):
    return json.loads(re.search(r'id="beside-given">(.*?)</script>', page, re.DOTALL)[1])


def test_the_page_has_the_keys_and_the_columns_that_may_colour_it():
    told = given(html_of(services(), "a", "b", "assets/0"))
    assert (told["a"], told["b"], told["columns"]) == ("a", "b", ["x"])
    assert len(told["ramp"]["light"]) == len(told["ramp"]["dark"]) > 3


def test_a_run_that_is_not_there_has_a_page_that_says_so_later():
    assert given(html_of(services(), "nothing", "b", "assets/0"))["columns"] == []


def test_no_key_and_no_column_breaks_out_of_the_page():
    evil = '"><script>alert(1)</script>'
    page = html_of(services(("</script><b>",)), evil, "b", "assets/0")
    assert page.count("<script") == 3
    assert "<b>" not in page
    assert given(page)["a"] == evil
    assert given(html_of(services(("</script><b>",)), "a", "b", "assets/0"))["columns"] == ["</script><b>"]


def test_other_finished_maps_of_the_same_data_are_offered_and_no_others():
    others = others_of(services(), "a")
    assert [one["run"] for one in others] == ["b"]
    assert others_of(services(), "unknown") == []
    assert 'href="/compare/a/b"' in markup(compare_with("a", others))
    assert "no other map" in markup(compare_with("a", []))
