"""The line above the map: what it says is what the map shows."""

from __future__ import annotations

from explorer.ui.panels.progress import card
from explorer.ui.runfacts import run_facts, run_title

STATUS = {"run": "r", "dataset": "d", "state": "done", "rows": 3_000, "clusters": 32, "noise": 0.401}


def test_the_share_in_no_cluster_follows_what_is_taken_in() -> None:
    assert "40 % in no cluster" in str(run_facts(STATUS))
    nothing = {"share": 0.401, "size": 1_203}
    assert "40 % in no cluster" in str(run_facts(STATUS, noise=nothing))
    taken = str(run_facts(STATUS, noise={"share": 29 / 3_000, "size": 29, "taken_in": 1_174}))
    assert "1.0 % in no cluster, 39 % taken in" in taken
    assert run_facts({**STATUS, "state": "running"}) is None


def test_what_was_left_out_is_a_number_where_its_words_have_no_room() -> None:
    def shown(**left_out: int) -> str:
        return str(run_facts({**STATUS, "rejected": sum(left_out.values()), "left_out": left_out}))

    assert "'2 rows left out'" in shown(row=2)
    many = shown(row=5, picture=1_200)
    assert "'1,205 left out'" in many
    assert "5 rows and 1,200 pictures left out – show" in many  # its title


def test_texts_of_which_only_the_beginning_counted_are_told_above_the_map() -> None:
    assert "cut short" not in str(run_facts({**STATUS, "truncated": 0}))
    told = run_facts({**STATUS, "truncated": 120})[-1]
    assert "120 texts" in str(told)
    assert "dataset=d" in told.href  # where they can be read as passages
    assert "only the beginning counted" in told.title


def test_a_title_that_is_cut_has_all_of_it_where_one_points_at_it() -> None:
    name = "embeddings of all the tickets of a year and of the houses.csv"
    assert run_title({**STATUS, "name": name, "title": "spacing 0.5"}).title == f"{name} – spacing 0.5"
    assert run_title({**STATUS, "name": name}).title == name
    assert run_title(None) is None


def test_a_draft_map_says_so_beside_its_rows_and_its_report_tells_more() -> None:
    draft = {"read": 4096, "rows": 100_000, "recall": 0.62, "among": 1024}
    status = {**STATUS, "rows": 100_000, "draft": draft}
    told = str(run_facts(status))
    assert "draft: 62 % true neighbours" in told
    assert "the encoder read 4,096 of 100,000 texts" in told
    assert "measured among 1,024 texts that the draft had not seen" in told
    few = str(run_facts({**status, "draft": {**draft, "recall": None}}))
    assert "was not measured" in few
    assert "draft" not in str(run_facts(STATUS))


def test_whoever_waits_for_a_map_that_begins_with_a_draft_is_led_to_it_once_it_is_there() -> None:
    def shown(state: str, draft: str) -> str:
        return str(card({"run": "ab", "state": state, "draft_run": {"run": "cd34", "state": draft}}))

    assert "open-draft" not in shown("running", "running")
    assert "run=cd34" in shown("running", "done")
    assert "good enough" in shown("running", "done")
    assert "run=cd34" in shown("cancelled", "done")
    assert "good enough" not in shown("cancelled", "done")
