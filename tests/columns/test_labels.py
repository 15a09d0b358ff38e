"""What is one category for people is one, and scores, months and weekdays stand in their order."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from explorer.columns import as_labels, as_said, as_written, in_order, spellings
from explorer.columns.scales import _levels
from explorer.ingest import load
from explorer.report.tables import as_csv


def labels(*values: object) -> list[str | None]:
    return [None if pd.isna(one) else str(one) for one in as_labels(pd.Series(list(values), dtype="str"))]


def test_lists_are_sets_and_empty_ones_are_missing() -> None:
    assert labels('["return", "gift"]', '["gift","return"]', "[]", '["gift"]', None) == [
        "gift, return", "gift, return", None, "gift", None
    ]  # fmt: skip
    assert labels("[0.5, 1, 2]", "[sic] as it stood", '[{"a": 1}]', "[") == [
        "[0.5, 1, 2]",
        "[sic] as it stood",
        '[{"a": 1}]',
        "[",
    ]


def test_blanks_and_capitals_make_no_other_category() -> None:
    given = ["Harbour", "harbour ", "Harbour", " HARBOUR", "Old  town", "Old town", "Old town"]
    assert labels(*given) == ["Harbour"] * 4 + ["Old town"] * 3
    assert spellings(pd.Series(given)) == {
        "Harbour": ("Harbour", " HARBOUR", "harbour "), "Old town": ("Old town", "Old  town")
    }  # fmt: skip
    assert labels("aa", "Aa", "aa ", "10", "10 ") == ["aa", "Aa", "aa", "10", "10"]  # genotypes stay apart


def test_numbers_and_flags_are_as_they_are_written() -> None:
    assert as_labels(pd.Series([1.0, 2.5, None])).tolist()[:2] == ["1", "2.5"]
    assert spellings(pd.Series([1, 2])) == {}


@pytest.mark.parametrize(
    "ordered",
    [
        ["1", "2", "10"],
        ["0 - not at all", "5", "10 - very likely"],
        ["<1 year", "1–3 years", "4-10 years", "> 10 years"],
        ["18-24", "25-34", "65+"],
        ["Jan", "Feb", "Mar", "Dec"],
        ["März", "Mai", "Oktober"],
        ["Mon", "Wed", "Sun"],
        ["lundi", "mercredi", "dimanche"],
        ["Terça-feira", "Sexta-feira", "Domingo"],
        ["Strongly disagree", "Disagree", "Neither agree nor disagree", "Agree", "Strongly agree"],
        ["stimme gar nicht zu", "stimme eher nicht zu", "teils/teils", "stimme zu", "stimme voll und ganz zu"],
        ["Pas du tout d’accord", "Plutôt pas d’accord", "Plutôt d’accord", "Tout à fait d’accord"],
        ["Muy en desacuerdo", "En desacuerdo", "De acuerdo", "Muy de acuerdo"],
        ["Per niente d'accordo", "Poco d'accordo", "Molto d'accordo"],
        ["helemaal mee oneens", "mee oneens", "neutraal", "mee eens", "helemaal mee eens"],
        ["Never", "Rarely", "Sometimes", "Often", "Always"],
        ["Less than once a month", "Monthly", "Weekly", "Daily"],
        ["nie", "selten", "manchmal", "oft", "immer"],
        ["jamais", "parfois", "toujours"],
        ["low", "medium", "high", "critical"],
        ["niedrig", "mittel", "hoch"],
        ["Poor", "Fair", "Good", "Very good", "Excellent"],
        ["sehr unzufrieden", "unzufrieden", "zufrieden", "sehr zufrieden"],
        ["negative", "neutral", "positive"],
        ["one star", "two stars", "five stars"],
        ["★☆☆", "★★☆", "★★★"],
        ["XXS", "S", "M", "L", "XL", "XXL", "3XL"],
        ["no", "maybe", "yes"],
        ["Disagree", "Agree", "Don't know"],
        ["stimme nicht zu", "stimme zu", "keine Angabe"],
    ],
)
def test_what_has_an_order_of_its_own_stands_in_it(ordered: list[str]) -> None:
    assert in_order(sorted(ordered, key=lambda label: label[::-1])) == ordered
    assert in_order([*ordered, "other"]) is None


@pytest.mark.parametrize(
    "labels", [["yes", "no"], ["M", "F"], ["M", "S"], ["bus", "tram"], ["don't know"], ["low", "bus"]]
)
def test_what_is_no_scale_has_no_order(labels: list[str]) -> None:
    assert in_order(labels) is None


def test_scales_that_share_words_agree_on_their_order() -> None:
    for one in _levels():
        for other in _levels():
            shared = set(one) & set(other)
            pairs = [(a, b) for a in shared for b in shared if one[a] < one[b] and other[a] > other[b]]
            assert not pairs


def test_answers_of_which_several_may_be_ticked_are_in_one_order_where_they_come_in_several() -> None:
    values = ["Library, Swimming pool", "Swimming pool, Library", "Bus, Library", "Bus", "Bus, Swimming pool", None]
    ticked = pd.Series(values)
    assert as_labels(ticked).dropna().tolist() == [
        "Library, Swimming pool", "Library, Swimming pool", "Bus, Library", "Bus", "Bus, Swimming pool",
    ]  # fmt: skip
    assert as_labels(pd.Series(["a; b", "b; a", "a;b"])).tolist() == ["a; b"] * 3
    places = ["Paris, France", "Lyon, France", "Oslo, Norway", "Bergen, Norway"]
    assert as_labels(pd.Series(places)).tolist() == places
    said = ["we came late, and left", "and left, we came late", "the rest of it, as always, was fine"]
    assert as_labels(pd.Series(said)).tolist() == said


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ('["gift","return"]', "gift, return"),
        ('["b", "a", "b"]', "b, a, b"),
        ("[]", ""),
        ("[1, 2.5, 3]", "[1, 2.5, 3]"),
        ('[{"a": 1}]', '[{"a": 1}]'),
        ("[see below]", "[see below]"),
        ("plain", "plain"),
        ("[" * 900, "[" * 900),
    ],
)
def test_a_list_is_said_as_a_person_would_write_it(value: str, words: str) -> None:
    assert as_said(value) == words


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ('[{"id": "7b", "name": "Children", "color": "orange"}, {"id": "7c", "name": "Bus"}]', "Children, Bus"),
        ('[{"code": "30213100"}, {"code": "30213200"}]', "30213100, 30213200"),
        ('{"id": 3, "title": "Sprint 4"}', "Sprint 4"),
        ('[{"id": "7b", "name": "", "color": "red"}]', "red"),
        ('[{"id": 4}]', '[{"id": 4}]'),
        ('[{"user": {"name": "Ann"}}, {"user": {"name": "Bob"}}]', "Ann, Bob"),
        ('[{"x": 1, "y": 2}]', '[{"x": 1, "y": 2}]'),
        ('[{"name": "a"}, [1]]', '[{"name": "a"}, [1]]'),
        ("[0.1, 0.2, 0.3]", "[0.1, 0.2, 0.3]"),
        ("[see below]", "[see below]"), ("{}", "{}"), ("[", "["),
    ],
)  # fmt: skip
def test_objects_in_json_are_said_by_their_names(value: str, said: str) -> None:
    assert as_said(value) == said


def test_lists_of_objects_are_categories_by_their_names() -> None:
    bus, road = '{"id": "7b00000001", "name": "Bus", "color": "red"}', '{"id": "7b00000002", "name": "Road"}'
    found = as_labels(pd.Series([f"[{bus}]", f"[{road}, {bus}]", f"[{bus}, {road}]", "[]"], dtype="str"))
    assert found.tolist()[:3] == ["Bus", "Bus, Road", "Bus, Road"]
    assert found.isna().tolist() == [False, False, False, True]


def test_truths_are_written_as_json_has_them_and_words_of_csv_stay(tmp_path: Path) -> None:
    table = pa.table({"wish": ["more buses", "a lamp", "a bench"], "done": pa.array([True, None, False])})
    pq.write_table(table, tmp_path / "a.parquet")
    rows = [{"wish": "more buses", "done": True}, {"wish": "a lamp"}, {"wish": "a bench", "done": False}]
    (tmp_path / "a.json").write_text(json.dumps(rows))
    (tmp_path / "mixed.json").write_text(json.dumps([{**rows[0], "done": "yes"}, *rows[1:]]))
    (tmp_path / "a.csv").write_text("wish,done\nmore buses,TRUE\na lamp,\na bench,False\n")
    told = {"a.parquet": ["true", "", "false"], "a.json": ["true", "", "false"], "mixed.json": ["yes", "", "false"]}
    for name, values in {**told, "a.csv": ["TRUE", "", "False"]}.items():
        done = load(tmp_path / name).table["done"]
        assert as_written(done).fillna("").tolist() == values, name
        lines = as_csv(pd.DataFrame({"row": range(3), "done": done})).decode().split()
        assert lines == ["row,done", *(f"{row},{value}" for row, value in enumerate(values))]
