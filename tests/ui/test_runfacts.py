"""The line above the map: what it says is what the map shows."""

from __future__ import annotations

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
