"""A row is called by where it stands in its file, as one who opens that counts, and what is left out by what it is."""

import gzip
import json
import zipfile
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from explorer.errors import BadSetting
from explorer.ingest import Change, load, load_text, next_version, sampled
from explorer.portable import export_dataset, import_dataset
from explorer.report import render
from explorer.report.tables import items_table
from explorer.report.wording import texts_of
from explorer.types import Dataset, Example, Numbering, Rejected, left_out, lost, places_of, said_left_out, said_short
from explorer.workspace import Workspace
from tests.report.small import small_run
from tests.spreadsheets import excel


def where(dataset: Dataset) -> dict[str, str]:
    """Return the first word of each item, and where that stands."""
    return {str(item).split()[0]: dataset.place(row) for row, item in enumerate(dataset.items)}


def rejected(dataset: Dataset) -> list[str]:
    return [one.where for one in dataset.rejected]


CSV = 'Survey of 2025\n\nn,said,by\n1,"one is\nlong",a\n\n2,two is here,b\n3,,c\n4,four is here,d\n'


@pytest.mark.parametrize("name", ["a.csv", "a.csv.gz"])
def test_a_record_of_delimited_text_is_called_by_its_line(tmp_path: Path, name: str) -> None:
    content = CSV.encode()
    (tmp_path / name).write_bytes(gzip.compress(content) if name.endswith(".gz") else content)
    dataset = load(tmp_path / name, text="said")
    assert where(dataset) == {"one": "line 4", "two": "line 7", "four": "line 9"}
    assert rejected(dataset) == ["", "line 8"]
    empty = next(fault for fault in dataset.faults if fault.kind == "empty text")
    assert [example.where for example in empty.examples] == ["line 8"]


def test_lines_are_counted_through_blocks_of_plain_records_too(tmp_path: Path) -> None:
    plain = "".join(f"{n},text number {n}\n" for n in range(5_000))
    path = tmp_path / "a.csv"
    path.write_text(f'n,said\n{plain}x,"two\nlines"\n{plain}y,"a stray" mark\n{plain}z,the last\n')
    dataset = load(path, text="said")
    lines = path.read_text().split("\n")
    for row in (0, 4_999, 5_000, 5_001, 10_001, len(dataset) - 1):
        line = int(dataset.place(row).removeprefix("line ").replace(",", ""))
        first, *_ = str(dataset.items[row]).replace('"', "").split("\n")
        assert first in lines[line - 1].replace('"', "")


def test_a_row_of_a_sheet_is_called_as_its_program_calls_it(tmp_path: Path) -> None:
    rows = [["A title"], [], ["name", "said"], ["a", "one is here"], [], ["b", "two is here"], ["c", ""]]
    (tmp_path / "b.xlsx").write_bytes(excel({"Replies": rows, "Other": [["x"]]}))
    dataset = load(tmp_path / "b.xlsx", text="said")
    assert where(dataset) == {"one": "row 4 of Replies", "two": "row 6 of Replies"}
    assert left_out(dataset.rejected) == {"row": 1, "line above the column names": 1, "sheet": 1}
    assert rejected(dataset)[-1] == "row 7 of Replies"


def test_json_lines_text_lines_and_records_are_called_so(tmp_path: Path) -> None:
    records = [{"said": "one is here"}, {"said": ""}, {"said": "three is here"}]
    (tmp_path / "a.jsonl").write_text("\n\n".join(map(json.dumps, records)))
    assert where(load(tmp_path / "a.jsonl", text="said")) == {"one": "line 1", "three": "line 5"}
    (tmp_path / "a.json").write_text(json.dumps(records))
    assert where(load(tmp_path / "a.json", text="said")) == {"one": "record 1", "three": "record 3"}
    (tmp_path / "a.txt").write_text("one is here\n\nthree is here\n")
    assert where(load(tmp_path / "a.txt")) == {"one": "line 1", "three": "line 3"}
    assert rejected(load(tmp_path / "a.txt")) == []  # a blank line is nothing
    assert where(load_text("one\n\nthree")) == {"one": "line 1", "three": "line 3"}


def test_of_several_files_the_file_is_told_and_a_part_of_the_rows_keeps_its_places(tmp_path: Path) -> None:
    for name in "ab":
        (tmp_path / f"{name}.csv").write_text("said\n" + "\n".join(f"{name}{n}" for n in range(4)))
    dataset = load([tmp_path / "a.csv", tmp_path / "b.csv"], text="said")
    assert where(dataset)["b1"] == "line 3 in b.csv"
    part = sampled(dataset, 4, seed=1)
    assert where(part) == {item: where(dataset)[item] for item in part.items}


def test_where_rows_stand_is_kept_and_carried_along(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(CSV)
    dataset = load(tmp_path / "a.csv", text="said")
    here, there = Workspace(tmp_path / "here"), Workspace(tmp_path / "there")
    here.datasets.add(dataset)
    told = where(dataset)
    assert where(Workspace(tmp_path / "here").datasets.open(dataset.key)) == told
    taken = import_dataset(export_dataset(dataset, tmp_path / "one.zip", workspace=here), workspace=there)
    assert where(there.datasets.open(taken.dataset)) == told
    assert there.datasets.record(taken.dataset)["left_out"] == {"row": 1, "line above the column names": 1}


def test_the_table_of_items_says_where_each_stands_where_that_is_known() -> None:
    run = small_run()
    n = len(run.dataset)
    numbering = Numbering("row", "Data")
    numbering.note(1, 4)
    stand = places_of([("a.xlsx", numbering, range(n), n)], run.dataset.items_key)
    told = replace(run, dataset=replace(run.dataset, places=stand))
    found = items_table(told)["place_in_file"].tolist()
    assert found == [stand.words(row) for row in range(n)]
    assert found[:2] == ["row 1 of Data", "row 4 of Data"]
    unknown = places_of([("a.png", None, None, n)], run.dataset.items_key)
    for places in (None, unknown, replace(stand, of="others")):
        assert "place_in_file" not in items_table(replace(run, dataset=replace(run.dataset, places=places)))


def test_the_report_calls_rows_by_their_places_and_those_of_earlier_versions_by_their_numbers() -> None:
    run = small_run()
    known = {**vars(run.dataset), "places": None}
    assert (
        "<span class='row'>row 0</span>"
        in render(type(run)(**{**vars(run), "dataset": Dataset(**known)}), "html").decode()
    )
    counted = Numbering("line")
    counted.note(0, 7)
    places = places_of([("things.csv", counted, range(len(run.dataset)), len(run.dataset))], run.dataset.items_key)
    page = render(type(run)(**{**vars(run), "dataset": Dataset(**{**known, "places": places})}), "html").decode()
    assert "<span class='row'>line 7</span>" in page
    assert "rows count from 0" not in page


def test_places_are_of_the_items_that_they_were_made_with() -> None:
    places = places_of([("a", Numbering("line"), [4, 5, 9], 3), ("b", None, None, 2)], "these")
    assert [places.words(row) for row in range(5)] == [
        "line 5 in a", "line 6 in a", "line 10 in a", "item 4", "item 5"
    ]  # fmt: skip
    assert [places.taken(np.array([1, 2, 4]), "x").words(row) for row in range(3)] == [
        "line 6 in a", "line 10 in a", "item 3"
    ]  # fmt: skip
    run = small_run()
    other = Dataset(**{**vars(run.dataset), "places": places, "items_key": "others"})
    assert other.place(0) == "item 1"


def test_what_is_left_out_is_counted_by_what_it_is() -> None:
    some = [Rejected("a", 1, ""), Rejected("b", None, ""), Rejected("a", 2, ""), Rejected("c", None, "", what="sheet")]
    assert said_left_out(left_out(some), 4) == "2 rows and 1 file left out, and 1 sheet beside them"
    around = left_out(Rejected("a", None, "", what=one) for one in ("sheet", "line above the column names"))
    assert said_left_out({"row": 5, **around}, 7) == (
        "5 rows left out, and 1 line above the column names and 1 sheet beside them"
    )
    assert (lost({"row": 5, **around}, 7), lost(around, 2), lost({}, 12)) == (5, 0, 12)
    assert said_short({"row": 5, **around}, 7) == "5 left out"
    assert said_short(around, 2) == "1 line and 1 sheet left out"
    assert said_short({"line above the column names": 2, "line below the table": 1}, 3) == "3 lines left out"
    assert said_short({"sheet": 1, "line of the chat itself": 1, "link": 1}, 3) == "3 parts left out"
    assert said_left_out({}, 12) == "12 left out"
    assert [Rejected("a", 1, "").where, Rejected("a", None, "").where] == ["record 2", ""]
    assert [Example("a", 1, 0, "").where, Example("a", None, 0, "").where] == ["record 2", "item 1"]


def test_documents_and_a_table_tell_where_each_row_is_from_and_what_the_text_is(tmp_path: Path) -> None:
    long = "The committee met on Tuesday and discussed the budget for the coming year in some detail. "
    with zipfile.ZipFile(tmp_path / "all.zip", "w") as packed:
        packed.writestr("minutes/a.md", f"# March\n\n{long}")
        packed.writestr("letters/b.md", f"# April\n\n{long}")
        packed.writestr("c.xlsx", excel({"Replies": [["name", "said"], ["Ann", "more trees in our street, please"]]}))
    dataset = load(tmp_path / "all.zip")
    assert dataset.table["source"].tolist() == ["c.xlsx", "letters/b.md", "minutes/a.md"]
    assert dataset.table["folder"].tolist()[1:] == ["letters", "minutes"]
    assert dataset.text_column == "said"
    assert texts_of(dataset) == "The texts are documents and, of tables, the column “said”."
    workspace = Workspace(tmp_path / "kept")
    workspace.datasets.keep(dataset)
    assert workspace.datasets.record(dataset.key)["text_beside"]
    items = next(choice for choice in dataset.choices if choice.name == "items")
    assert (items.label, items.options[-1]) == ("An item is", ("documents", "a whole document"))


def test_a_new_version_says_of_each_row_where_it_stands_in_the_file_that_it_is_of(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("\n".join(["text,n", *(f"a line of words {n},{n}" for n in range(8))]))
    (tmp_path / "b.csv").write_text("\n".join(["text,n", *(f"other words there {n},{n}" for n in range(3))]))
    first, more = load(tmp_path / "a.csv"), load(tmp_path / "b.csv")
    made, came = next_version(first, Change(removed=(0, 4), edited={2: "words of mine"}), more)
    assert [made.place(row) for row in (0, 1, 2, 3, 6)] == [
        "line 3 in a.csv",
        "line 4 in a.csv",
        "line 5 in a.csv",
        "line 7 in a.csv",
        "line 2 in b.csv",
    ]
    again, _ = next_version(made, Change(removed=(6,)))
    assert again.place(6) == "line 3 in b.csv"
    unknown, _ = next_version(replace(first, places=None), Change(removed=(1,)), more)
    assert [unknown.place(row) for row in (0, 6, 7)] == ["item 1", "item 7", "line 2 in b.csv"]
    assert came.tolist() == [1, -1, 3, 5, 6, 7, -1, -1, -1]


@pytest.mark.parametrize(("text", "said"), [("a\0b", "has the character NUL"), (" \0 ", "is empty"), (" ", "is empty")])
def test_an_edited_text_that_cannot_be_one_is_refused_with_the_true_reason(
    tmp_path: Path, text: str, said: str
) -> None:
    (tmp_path / "a.txt").write_text("one line of words\nanother line of words\n")
    with pytest.raises(BadSetting, match=said):
        next_version(load(tmp_path / "a.txt"), Change(edited={1: text}), None)
