"""Totals and notes below a table are none of its rows."""

from __future__ import annotations

import csv
import random
from pathlib import Path
from typing import Any

import pytest

from explorer.ingest import load
from explorer.ingest.footing import feet
from tests.spreadsheets import excel

ROWS = [
    ["7 May", f"the {word} is broken again", str(at), "north"]
    for at, word in enumerate(("door", "lamp", "desk", "gate"))
]


@pytest.mark.parametrize(
    "below",
    [
        ["Total: 180", "", "", ""],
        ["Total", "", "180", ""],
        ["SUMME", "", "1.234,50 €", "12"],
        ["", "", "Σ 180", ""],
        ["Grand total", "", "6", ""],
        ["Gesamt:", "", "6", ""],
        ["合計", "", "6", ""],
        ["Source: the office's own count, 2025", "", "", ""],
        ["Quelle: eigene Erhebung", "", "", ""],
        ["* estimated", "", "", ""],
        ["", "Note: without branches", "", ""],
    ],
)
def test_a_total_or_a_note_is_below_the_table(below: list[str]) -> None:
    assert feet([*ROWS, below]) == 1
    assert feet([*ROWS, ["", "", "", ""], below, below]) == 2
    assert feet([*ROWS, below, ROWS[0]]) == 0


@pytest.mark.parametrize(
    "last",
    [
        ["Total recall", "the film was long", "5", "north"],
        ["7 May", "", "", ""],
        ["", "Total loss of water", "", ""],
        ["Source: a reader", "the text is here", "3", "north"],
        ["Total", "the total on the bill was wrong", "5", "north"],
        ["5 May", "Sum: they owe me", "3", ""],
    ],
)
def test_a_row_that_only_begins_like_one_is_a_row(last: list[str]) -> None:
    assert feet([*ROWS, last]) == 0
    assert feet([["Total", "5"], ["the other", "3"]]) == 0


def told(path: Path) -> tuple[int, list[tuple[str, str, str]], list[tuple[str, str]]]:
    dataset = load(path)
    rejected = [(one.noun, one.place, one.reason) for one in dataset.rejected]
    return len(dataset), rejected, [(one.kind, one.column) for one in dataset.faults if "copy" not in one.kind]


def test_csv_and_spreadsheets_list_them_as_titles_above(tmp_path: Path) -> None:
    lines = ["day,text,number,where", *map(",".join, ROWS), "", "Total,,6,", "Source: the office"]
    (tmp_path / "a.csv").write_text("\n".join(lines))
    reasons = ["it stands below the table: Source: the office", "it stands below the table: Total · 6"]
    rows, rejected, faults = told(tmp_path / "a.csv")
    assert (rows, sorted(one[2] for one in rejected)) == (4, reasons)
    assert {one[:2] for one in rejected} == {("line below the table", "line 7"), ("line below the table", "line 8")}
    assert faults == [("not part of the table", "")]
    below: list[list[Any]] = [["", "", "", ""], ["Total", "", 6, ""], ["Source: the office", "", "", ""]]
    typed = [[*row[:2], int(row[2]), row[3]] for row in ROWS]
    (tmp_path / "a.xlsx").write_bytes(excel({"S": [["day", "text", "number", "where"], *typed, *below]}))
    rows, rejected, faults = told(tmp_path / "a.xlsx")
    assert (rows, sorted(one[2] for one in rejected)) == (4, reasons)
    assert {one[1] for one in rejected} == {"row 7 of S", "row 8 of S"}
    assert faults == [("not part of the table", "")]


@pytest.mark.parametrize("names", [["Q1", "Q2"], ["Frage1", "Frage2"], ["v1", "v2", "v3"]])
@pytest.mark.parametrize("above", [[], ["Survey of the town, 2024"]])
@pytest.mark.parametrize(
    "below", [[], ["End of report"], ["", "Source: own survey"], ["Total: 12"], ["3 rows", "© 2024 City"]]
)
def test_what_is_below_a_table_takes_no_names(
    tmp_path: Path, names: list[str], above: list[str], below: list[str]
) -> None:
    width = len(names)
    rows = [[str(at % 5 + 1), f"the bus number {at} is late", str(at)][:width] for at in range(8)]
    table = [*([cell] for cell in above), names, *rows, *([cell] for cell in below)]
    padded = [[*row, *[""] * (width - len(row))] for row in table]
    (tmp_path / "a.csv").write_text(
        "\n".join(map(",".join, ([f'"{cell}"' if "," in cell else cell for cell in row] for row in padded)))
    )
    (tmp_path / "a.xlsx").write_bytes(
        excel({"S": [[int(cell) if cell.isdecimal() else cell for cell in row] for row in padded]})
    )
    for path in (tmp_path / "a.csv", tmp_path / "a.xlsx"):
        found = load(path)
        assert (found.columns, list(found.items)) == (tuple(names), [row[1] for row in rows])


@pytest.mark.parametrize("last", ["Page 1 of 1", "Seite 2 von 3", "page 1/2", "Página 1 de 1"])
@pytest.mark.parametrize("rows", [2, 5])
def test_feet_above_the_number_of_the_page_are_feet(tmp_path: Path, last: str, rows: int) -> None:
    texts = [f"the bus number {at} is late" for at in range(rows)]
    below = ["", "5 rows", "© 2024 City of X", last]
    lines = ["text,price", *(f"{text},{at}.50" for at, text in enumerate(texts)), *(f"{one}," for one in below)]
    (tmp_path / "a.csv").write_text("\n".join(lines))
    found = load(tmp_path / "a.csv")
    assert (found.columns, list(found.items)) == (("text", "price"), texts)


BELOW = ("Source: city of X", "* provisional", "End of report", "Total: 60", "© 2024 City", "Quelle: Stadt", "3 rows")
CELLS = ("id", "price", "when", "place", "text")


@pytest.mark.parametrize("seed", range(60))
def test_a_table_without_names_is_read_above_its_foot_as_it_is_without_one(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    kinds = chance.sample(CELLS[:-1], chance.randint(1, 4))
    kinds.insert(chance.randint(0, len(kinds)), "text")

    def cell(kind: str, at: int) -> str:
        made = {
            "id": str(at + 1),
            "price": f"{chance.randint(0, 99)}.{chance.randint(10, 99)}",
            "when": f"2024-03-{chance.randint(10, 28)}",
            "place": chance.choice(("Rome", "Berlin", "New York")),
            "text": " ".join(chance.choices(("bus", "late", "rain", "again", "cold"), k=chance.randint(4, 9))) + ".",
        }
        return made[kind]

    rows = [[cell(kind, at) for kind in kinds] for at in range(chance.choice((3, 3, 4, 8)))]
    notes = [[one, *[""] * chance.choice((0, len(kinds) - 1))] for one in chance.sample(BELOW, chance.randint(1, 2))]
    found = []
    for below in ([], [*([[]] if chance.random() < 0.5 else []), *notes]):
        with (tmp_path / "a.csv").open("w", newline="") as file:
            csv.writer(file, delimiter=chance.choice(",;\t|")).writerows([*rows, *below])
        dataset = load(tmp_path / "a.csv")
        found.append(([(one.value, one.sure) for one in dataset.choices if one.name == "header"], list(dataset.items)))
        assert {one.noun for one in dataset.rejected} <= {"line below the table"}
        assert len(dataset.rejected) == (len(notes) if below else 0)
    assert found[0] == found[1]
    assert found[0] == ([("none", True)], [row[kinds.index("text")] for row in rows])


@pytest.mark.parametrize(
    "note", ["Source: own survey, 2024", "Note: made by hand, in a hurry, in March", "© City, 2024"]
)
@pytest.mark.parametrize("blank", ["", "\n"])
def test_a_note_below_quoted_rows_is_one_line_though_it_has_commas(tmp_path, note, blank):
    rows = [f'"{n}","the bus number {n} was late again","{3 * n}"' for n in range(6)]
    (tmp_path / "a.csv").write_text("\n".join(["id,said,n", *rows]) + f"\n{blank}{note}\n")
    found = load(tmp_path / "a.csv")
    assert (len(found), len(found.rejected)) == (6, 1)
    assert all(part in found.rejected[0].reason for part in note.split(","))


def test_texts_with_a_blank_behind_the_delimiter_are_rows(tmp_path):
    rows = [f"{n}, note: the bus number {n} was late" for n in range(6)]
    (tmp_path / "a.csv").write_text("\n".join(["id, said", *rows]) + "\n")
    assert len(load(tmp_path / "a.csv")) == 6
