"""Surveys as their programs export them: which rows are the names of columns, and which are answers."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from pathlib import Path

import pytest

from explorer.ingest import load
from explorer.types import Dataset
from tests.spreadsheets import excel

SAID = (
    "The queue at the desk was far too long on Saturday.", "More books for teenagers please, and a quiet room.",
    "The heating does not work in the reading room.", "Nothing, all was fine as it was.",
)  # fmt: skip
PLACES = ("Library", "Swimming pool", "Park")
KNOWN = ["Respondent ID", "Collector ID", "Start Date", "Email Address"]
ASKED = "Which of these do you use? (tick all that apply)"


def answers(row: int) -> list[str]:
    return [str(12345678901 + row), "456", f"{row % 9 + 1}/3/2026", ""]


def ticked(row: int) -> list[str]:
    return [place if (row + at) % 2 else "" for at, place in enumerate(PLACES)]


def survey(path: Path, rows: Sequence[Sequence[str]]) -> Dataset:
    if path.suffix == ".csv":
        out = io.StringIO()
        csv.writer(out, quoting=csv.QUOTE_ALL).writerows(rows)
        path.write_text(out.getvalue(), encoding="utf-8-sig")
    else:
        path.write_bytes(excel({"Sheet": rows}))
    return load(path)


@pytest.mark.parametrize("suffix", [".csv", ".xlsx"])
def test_names_that_go_on_in_a_second_row_are_joined(tmp_path: Path, suffix: str) -> None:
    head = [*KNOWN, "How satisfied are you?", ASKED, "", "", "What should we improve?", "Would you recommend us?"]
    below = ["", "", "", "", "Response", *PLACES, "Open-Ended Response", "0-10"]
    rows = [[*answers(at), "Satisfied", *ticked(at), SAID[at % 4], str(at % 10)] for at in range(12)]
    found = survey(tmp_path / f"a{suffix}", [head, below, *rows])
    assert (found.text_column, len(found)) == ("What should we improve?", 12)
    named = [f"{ASKED} – {place}" for place in PLACES]
    assert list(found.table.columns) == [*KNOWN, "How satisfied are you?", *named, "Would you recommend us?"]
    assert found.table[named[0]].fillna("").tolist() == ["" if at % 2 == 0 else "Library" for at in range(12)]
    assert found.described == {"Would you recommend us?": "0-10"}
    assert ["it explains the column names" in fault.reason for fault in found.rejected] == [True]


@pytest.mark.parametrize("suffix", [".csv", ".xlsx"])
def test_a_row_that_says_one_answer_each_is_no_answer(tmp_path: Path, suffix: str) -> None:
    head = ["Name", "What did you like?", "What did you not like?"]
    rows = [["Ann", SAID[0], SAID[1]], ["Ben", SAID[2], SAID[3]], ["Cem", SAID[1], SAID[0]]]
    found = survey(tmp_path / f"a{suffix}", [head, ["", "Open-Ended Response", "Open-Ended Response"], *rows])
    assert len(found) == 3
    assert found.table["Name"].tolist() == ["Ann", "Ben", "Cem"]


@pytest.mark.parametrize("suffix", [".csv", ".xlsx"])
def test_questions_below_the_codes_are_told_of_them_without_ids_of_the_program_too(tmp_path: Path, suffix: str) -> None:
    head = ["StartDate", "EndDate", "IPAddress", "ResponseId", "Q1", "Q2"]
    below = ["Start Date", "End Date", "IP Address", "Response ID", "How satisfied are you?", "What should we improve?"]
    rows = [["2026-01-02", "2026-01-03", "10.0.0.1", f"R_{at}", str(at % 5), SAID[at % 4]] for at in range(12)]
    found = survey(tmp_path / f"a{suffix}", [head, below, *rows])
    assert (found.text_column, len(found)) == ("Q2", 12)
    assert found.described == {"Q1": "How satisfied are you?", "Q2": "What should we improve?"}


TYPEFORM = ["#", "How satisfied are you?", *PLACES, "What should we improve?", "Start Date (UTC)"]
LIME = [
    "Response ID",
    "Date submitted",
    *(f"Which do you use? [{place}]" for place in PLACES),
    "What should we improve?",
]
FORMS = ["ID", "Start time", "Email", "Which do you use?", "What should we improve?\n(optional)\xa0"]


@pytest.mark.parametrize("suffix", [".csv", ".xlsx"])
def test_surveys_of_one_row_of_names_lose_no_answer_to_it(tmp_path: Path, suffix: str) -> None:
    typeform = [
        [f"ea{at}b", str(at % 5), *(ticked(at) if at else PLACES), SAID[at % 4], "2026-01-02"] for at in range(12)
    ]
    lime = [[str(at + 1), "2026-01-02 10:00:00", "Yes", "No", "Yes", SAID[at % 4]] for at in range(12)]
    forms = [[str(at + 1), "2026-01-02", "anonymous", "Library;Park;", SAID[at % 4]] for at in range(12)]
    for name, head, rows in (("typeform", TYPEFORM, typeform), ("lime", LIME, lime), ("forms", FORMS, forms)):
        found = survey(tmp_path / f"{name}{suffix}", [head, *rows])
        assert (len(found), found.rejected) == (12, ()), name
        assert found.items[0] == SAID[0], name


def test_a_first_row_with_gaps_below_names_with_gaps_is_a_record(tmp_path: Path) -> None:
    rows = [
        ["id", "text", "", "shop"],
        ["", SAID[0], "ok", ""],
        *(["7", SAID[at % 4], "ok", "north"] for at in range(9)),
    ]
    (tmp_path / "a.csv").write_text("\n".join(",".join(f'"{cell}"' for cell in row) for row in rows))
    found = load(tmp_path / "a.csv")
    assert len(found) == 10
    indexed = [["", "text", "shop"], *([str(at), SAID[at % 4], "" if at == 0 else "north"] for at in range(9))]
    assert len(survey(tmp_path / "b.csv", indexed)) == 9


@pytest.mark.parametrize("suffix", [".csv", ".xlsx"])
def test_levels_of_names_as_pandas_writes_them_are_names(tmp_path: Path, suffix: str) -> None:
    rows = [[str(at), SAID[at % 4] + f" {at}", str(at / 2), f"Town {at % 3}"] for at in range(9)]
    levels = [["", "survey", "survey", "meta"], ["", "comment", "score", "city"], ["id", "", "", ""]]
    found = survey(tmp_path / f"a{suffix}", [*levels, *rows])
    assert (len(found), found.text_column) == (9, "survey – comment")
    assert found.columns[0] == "id"
    assert found.table["survey – score"].astype(float).tolist() == [at / 2 for at in range(9)]
    assert len(survey(tmp_path / f"b{suffix}", [*levels[:2], *rows])) == 9


@pytest.mark.parametrize("suffix", [".csv", ".xlsx"])
def test_labels_and_units_below_the_names_are_told_of_them(tmp_path: Path, suffix: str) -> None:
    labels = ["Respondent number", "What should be better in town?", "Age in years"]
    rows = [[str(at), SAID[at % 4] + f" {at}", str(20 + at)] for at in range(9)]
    found = survey(tmp_path / f"a{suffix}", [["v1", "v2", "v3"], labels, *rows])
    assert (len(found), found.text_column) == (9, "v2")
    assert found.described == dict(zip(["v1", "v2", "v3"], labels, strict=True))
    assert found.table["v3"].astype(int).tolist() == list(range(20, 29))
    for units in (["", "°C", "free text"], ["m", "°C", ""], ["[m]", "m/s", ""]):
        heights = [[str(at), str(at / 2), SAID[at % 4] + f" {at}"] for at in range(9)]
        found = survey(tmp_path / f"b{suffix}", [["height", "temp", "comment"], units, *heights])
        assert len(found) == 9, units
        assert found.table["temp"].astype(float).tolist() == [at / 2 for at in range(9)]


def test_a_first_answer_among_numbers_is_no_label(tmp_path: Path) -> None:
    rows = [[f"S{at}", str(at), SAID[at % 4] + f" {at}"] for at in range(9)]
    for first in (["S9", "unknown", SAID[0]], ["S9", "", SAID[0]], ["S9", "about ten", SAID[1]]):
        assert len(survey(tmp_path / "a.csv", [["site", "count", "comment"], first, *rows])) == 10, first


YEARS = [["Person", "Answer", "2024", "", "2025", ""], ["", "", "score", "weight", "score", "weight"]]


@pytest.mark.parametrize("suffix", [".csv", ".xlsx"])
def test_years_and_other_groups_above_columns_of_one_name_are_a_part_of_it(tmp_path: Path, suffix: str) -> None:
    rows = [[f"P{at}", f"{SAID[at % 4]} {at}", str(at), "1.5", str(at + 1), "2.5"] for at in range(9)]
    columns = ("Person", "Answer", "2024 – score", "2024 – weight", "2025 – score", "2025 – weight")
    found = survey(tmp_path / f"a{suffix}", [*YEARS, *rows])
    assert (len(found), found.columns) == (9, columns)
    filled = [YEARS[0], [*YEARS[0][:2], *YEARS[1][2:]]]  # as of cells that are merged
    assert survey(tmp_path / f"b{suffix}", [*filled, *rows]).columns == columns
    bare = [["", "", *YEARS[0][2:]], filled[1]]
    assert survey(tmp_path / f"c{suffix}", [*bare, *rows]).columns == columns
    whole = [[f"{row[1]} {row[0]}", row[2], row[4]] for row in rows]
    pandas = survey(tmp_path / f"d{suffix}", [["text", "num", "num"], ["comment", "a", "b"], *whole])
    assert pandas.columns == ("text – comment", "num – a", "num – b")
    indexed = [[str(at), *row] for at, row in enumerate(whole)]
    merged = survey(tmp_path / f"e{suffix}", [["", "text", "num", ""], ["", "comment", "a", "b"], *indexed])
    assert (len(merged), merged.columns[1:]) == (9, ("text – comment", "num – a", "num – b"))


@pytest.mark.parametrize("suffix", [".csv", ".xlsx"])
def test_two_rows_of_names_may_stand_below_a_title_and_above_words_alone(tmp_path: Path, suffix: str) -> None:
    rows = [[f"P{at}", f"{SAID[at % 4]} {at}", str(at), "1.5", str(at + 1), "2.5"] for at in range(9)]
    titled = survey(tmp_path / f"a{suffix}", [["Town survey 2025", *[""] * 5], *YEARS, *rows])
    assert (len(titled), titled.columns[2]) == (9, "2024 – score")
    names = [["ID", "What should be better?", "How do you rate these?", "", "", ""]]
    parts = ["", "Open-Ended Response", "Bus", "Pool", "Park", "Library"]
    words = [
        [str(at), f"{SAID[at % 4]} {at}", *(("good", "bad")[(at + one) % 2] for one in range(4))] for at in range(9)
    ]
    found = survey(tmp_path / f"b{suffix}", [*names, parts, *words])
    assert (len(found), found.text_column) == (9, "What should be better?")
    assert found.columns[2:4] == ("How do you rate these? – Bus", "How do you rate these? – Pool")
    kinds, german = ["(int)", "(text)", *["(1-5)", "(kg)"] * 2], ["Nr.", "Was ist?", *["1 bis 5", "kg"] * 2]
    for labels in (kinds, german):
        named = ["ID", "Answer", "score", "weight", "s2", "w2"]
        some = [[str(at), "Who knows?" if at == 4 else row[1], *row[2:]] for at, row in enumerate(rows)]
        assert len(survey(tmp_path / f"c{suffix}", [named, labels, *some])) == 9, labels


def test_a_first_row_of_words_is_no_second_row_of_names(tmp_path: Path) -> None:
    rows = [[f"S{at}", str(at), SAID[at % 4] + f" {at}", str(at)] for at in range(9)]
    for names in (["site", "", "comment", ""], ["site", "2024", "comment", "2024"]):
        for first in (["S9", "5", "good", "7"], ["S9", "none", SAID[1], "nil"], ["S9", "", "good", ""]):
            assert len(survey(tmp_path / "a.csv", [names, first, *rows])) == 10, (names, first)


def test_groups_above_the_names_are_a_part_of_them(tmp_path: Path) -> None:
    rows = [[str(at), f"Town {at % 3}", SAID[at % 4] + f" {at}", str(at / 2)] for at in range(9)]
    found = survey(tmp_path / "a.csv", [["Person", "", "Answer", ""], ["id", "town", "comment", "score"], *rows])
    assert (len(found), found.text_column) == (9, "Answer – comment")
    assert found.columns == ("Person – id", "Person – town", "Answer – comment", "Answer – score")
    pairs = [[row[2], row[1]] for row in rows]
    assert len(survey(tmp_path / "c.csv", [["Person", ""], ["comment", "ward"], *pairs])) == 9
    assert (
        survey(tmp_path / "d.csv", [["Person", "Place"], ["comment", "ward"], *pairs]).text_column == "Person – comment"
    )
    assert len(survey(tmp_path / "e.csv", [["Antwort", "Ort"], ["gut", "Leeds"], *pairs])) == 10
    gaps = [["id", "", "comment", ""], ["0", "Leeds", "good", "good"], *rows]  # two columns have no name
    assert len(survey(tmp_path / "b.csv", gaps)) == 10


@pytest.mark.parametrize("names", ["comment,tags", "Kommentar,Note", "id,what,mark"])
@pytest.mark.parametrize("value", ["bus", "keine", "5 (bad)", "not given"])
@pytest.mark.parametrize("below", ["3", "-"])
def test_a_first_row_that_asks_is_an_answer(tmp_path: Path, names: str, value: str, below: str) -> None:
    rows = [["Why was the bus so late again?", value], *([f"The pool number {at} was cold", below] for at in range(8))]
    rows = [[*[str(at)][: names.count(",") - 1], *row] for at, row in enumerate(rows)]
    (tmp_path / "a.csv").write_text("\n".join([names, *map(",".join, rows)]))
    found = load(tmp_path / "a.csv")
    assert (found.columns, list(found.items)) == (tuple(names.split(",")), [row[-2] for row in rows])
