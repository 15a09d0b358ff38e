"""What is wrong with data is counted by kind, with its first examples by source, row and column."""

import io
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from pyarrow import parquet

from explorer.cli.printing import seen
from explorer.ingest import foreign_faults, load
from explorer.ingest.faults import LOOKED, MOST, kind_of_fault
from explorer.report import faults_of, render, sentence
from explorer.report.sections import data
from explorer.types import Dataset, Embeddings, Fault
from explorer.ui.panels.export import faults_link
from explorer.workspace.datafiles import read_dataset, write_dataset
from tests.report.small import TEXTS, small_run

TABLE = """id,text,stars,when,note
1,the battery died,5,2024-01-01,x
2,,4,2024-01-02,x
3,null,3,2024-01-03,x
4,works as described,,2024-01-04,
5,the battery died,five,2024-01-05,x
6,fine for the price,2,soon,x
7,good, but loud,1,2024-01-07,x
8,quick and quiet,5,2024-01-08,"  "
9,not what was shown,4,2024-01-09,x
10,the battery died,3,2024-01-10,x
11,nice to look at,5,2024-01-11,x
"""


def told(faults: tuple[Fault, ...]) -> list[tuple[str, str, int, list[tuple[str, int | None, int | None, str]]]]:
    return [
        (one.kind, one.column, one.count, [(at.source, at.row, at.item, at.value) for at in one.examples])
        for one in faults
    ]


@pytest.fixture
def dataset(tmp_path: Path) -> Dataset:
    (tmp_path / "a.csv").write_bytes(
        TABLE.encode() + b"12,caf\xe9 \x81,1,2024-01-12,x\n13,caf\xc3\xa9,1,2024-01-13,x\n"
    )
    return load(tmp_path / "a.csv", text="text")


def test_each_kind_is_counted_with_its_places(dataset: Dataset) -> None:
    assert told(dataset.faults) == [
        ("empty text", "", 1, [("a.csv", 1, None, "the text is empty")]),
        ("null text", "", 1, [("a.csv", 2, None, "there is no text: it only says “null”")]),
        ("broken record", "", 1, [("a.csv", 6, None, "the record has 6 fields where the header has 5")]),
        ("undecodable bytes", "", 1, [("a.csv", 11, None, "it cannot be decoded: byte 0xe9 is not valid UTF-8")]),
        ("no value", "stars", 1, [("a.csv", 3, 1, "")]),
        ("wrong type: no number", "stars", 1, [("a.csv", 4, 2, "five")]),
        ("wrong type: no date", "when", 1, [("a.csv", 5, 3, "soon")]),
        ("no value", "note", 1, [("a.csv", 3, 1, "")]),
        ("blank value", "note", 1, [("a.csv", 7, 4, "")]),
        ("copy of another row", "", 2, [("a.csv", 4, 2, "the battery died"), ("a.csv", 9, 6, "the battery died")]),
    ]


def test_they_are_kept_with_the_data_and_sound_data_has_none(dataset: Dataset, tmp_path: Path) -> None:
    (tmp_path / "kept").mkdir()
    write_dataset(dataset, tmp_path / "kept", source=None, origin=())
    assert read_dataset(tmp_path / "kept").faults == dataset.faults
    (tmp_path / "b.csv").write_text("text,n\nthe first one,1\nthe second one,2\n")
    assert load(tmp_path / "b.csv").faults == ()


def test_places_of_many_files_and_pictures_are_their_own(tmp_path: Path) -> None:
    for name in "ab":
        (tmp_path / f"{name}.csv").write_text("text,n\nthe very same one,1\n,2\nsomething of {name},x\n")
    copies = [fault for fault in load(tmp_path).faults if fault.kind == "copy of another row"]
    assert [(at.source, at.row, at.item) for at in copies[0].examples] == [("b.csv", 0, 2), ("b.csv", 2, 3)]


def test_a_few_texts_in_another_language_are_found_and_short_ones_are_not_judged() -> None:
    english = [
        f"The train to the coast was late again, and nobody could say why it was number {at}." for at in range(9)
    ]
    german = "Der Zug an die Küste war schon wieder zu spät, und niemand konnte sagen, warum das so war."
    (fault,) = foreign_faults([*english, german, "gut", "si"])
    assert (fault.kind, fault.count, fault.of) == ("another language than most", 1, 10)
    assert fault.examples[0].value.startswith("de: Der Zug")
    assert foreign_faults(english) == foreign_faults(["gut"] * 5) == ()


def test_spellings_that_differ_only_in_blanks_or_capitals_are_said(tmp_path: Path) -> None:
    branches = ["Harbour", "Harbour", "harbour ", "Harbour", "HARBOUR", "harbour ", "West", "West", "West", "West"]
    rows = [f'words of row {at},"{branch}"' for at, branch in enumerate(branches)]
    (tmp_path / "a.csv").write_text("text,branch\n" + "\n".join(rows))
    (fault,) = load(tmp_path / "a.csv").faults
    assert (fault.kind, fault.column, fault.count) == ("differs only in blanks or capitals", "branch", 3)
    assert [(one.value, one.place) for one in fault.examples] == [
        ("“harbour ” beside “Harbour”", "line 4"),
        ("“HARBOUR” beside “Harbour”", "line 6"),
        ("“harbour ” beside “Harbour”", "line 7"),
    ]


def test_many_are_counted_and_few_are_shown(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("text,n\n" + "the same words here,\n" * 100 + "other words here,1\n")
    (missing, copies) = load(tmp_path / "a.csv").faults
    assert (missing.count, copies.count, len(missing.examples), len(copies.examples)) == (100, 99, MOST, MOST)
    assert LOOKED >= 100_000
    assert kind_of_fault("cannot open a.csv: it is gone") == "unreadable"


def test_a_runs_faults_are_said_in_its_report_its_csv_and_a_line(dataset: Dataset) -> None:
    vectors = np.eye(8, 2, dtype=np.float32)
    flags = np.arange(8) == 3
    embeddings = Embeddings("e", vectors, ~(np.arange(8) == 7), "minilm", flags, unread=np.roll(flags, 1))
    run = replace(small_run(embeddings=embeddings), dataset=replace(small_run().dataset, faults=dataset.faults))
    found = faults_of(run, [(0, 1, 2)])
    assert [(one.kind, one.count) for one in found[len(dataset.faults) :]] == [
        ("could not be encoded", 1),
        ("longer than the encoder reads", 1),
        ("in letters that the encoder does not know", 1),
        ("nearly the same as another row", 2),
    ]
    assert sentence(found[5]) == "wrong type: no number in “stars”: 1; first: a.csv, line 6: five"
    assert sentence(found[-3]) == f"longer than the encoder reads: 1; first: item 4: {TEXTS[3]}"
    table = pd.read_csv(io.BytesIO(render(run, "faults.csv")), keep_default_na=False)
    line = table.iloc[5].astype(str).tolist()
    assert line == [
        "wrong type: no number",
        "stars",
        "1",
        "",
        "a.csv",
        "4",
        "2",
        "five",
        "line 6",
    ]
    said = data(run, [(0, 1, 2)])
    assert "2 rows are empty; rows count from 0" in said
    assert "<td>wrong type: no number</td><td>stars</td><td class='number'>1</td><td>a.csv, line 6: five</td>" in said
    assert "faults.csv" not in data(small_run())
    assert seen("a\x1b[31m\n b\u202e") == r"a\x1b[31m bU+202E"


def test_a_record_that_ends_before_its_text_is_said_to(tmp_path: Path) -> None:
    rows = [f"{at},x,words of row {at},y" for at in range(8)]
    rows[4] = "4,x"
    (tmp_path / "a.csv").write_text("id,a,text,b\n" + "\n".join(rows) + "\n")
    dataset = load(tmp_path / "a.csv", text="text")
    assert len(dataset) == 7
    reason = "the record has 2 fields where the header has 4: it ends before its text"
    fault = dataset.faults[0]
    assert (fault.kind, fault.examples[0].value) == ("broken record", reason)
    assert faults_link("k", 3, 1).children == "Download 2 kinds of faults and 1 remark on the data (CSV)"
    assert faults_link("k", 1, 1).children == "Download 1 remark on the data (CSV)"
    assert faults_link("k", 0) is None


def test_bytes_of_which_the_number_alone_is_kept_are_listed_by_their_column(tmp_path: Path) -> None:
    raw = [b"\xff\x00" * count for count in (1, 32, 33, 90)]
    texts = [f"The bus number {at} never came" for at in range(4)]
    parquet.write_table(pa.table({"text": texts, "raw": raw}), tmp_path / "a.parquet")
    found = load(tmp_path / "a.parquet")
    assert found.table["raw"].tolist() == [
        *(f"<{len(one)} bytes: {one.hex()}>" for one in raw[:2]),
        *(f"<{len(one)} bytes>" for one in raw[2:]),
    ]
    (fault,) = [one for one in found.faults if one.kind == "bytes that are not kept"]
    assert (fault.column, fault.count) == ("raw", 2)
    assert [example.item for example in fault.examples] == [2, 3]
