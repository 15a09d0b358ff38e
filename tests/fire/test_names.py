"""Names that files choose – of columns, sheets, members – are cut to what records, lists and answers can hold."""

from __future__ import annotations

import gzip
import json
import sqlite3
import zipfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from explorer import ingest
from explorer.ingest.bounded import ALL_NAMES, LONGEST_NAME, SHORTEST_CUT, bounded_choice, short_names
from explorer.types import Choice, Dataset, Rejected
from explorer.types.cutting import NAME, REASON
from explorer.workspace import Workspace

LONG = 200_000


def delimited(path: Path) -> Path:
    file = path / "a.csv.gz"
    name = b"n" * LONG
    file.write_bytes(gzip.compress(b"text," + name + b"," + name + b"m\na few words here,1,2\nand more,3,4\n"))
    return file


def json_lines(path: Path) -> Path:
    file = path / "a.jsonl"
    rows = ({"text": f"a few words {row}", "n" * LONG: 1, "n" * LONG + "m": 2} for row in range(3))
    file.write_text("\n".join(map(json.dumps, rows)))
    return file


def parquet(path: Path) -> Path:
    import pyarrow as pa
    import pyarrow.parquet as pq

    file = path / "a.parquet"
    names = ("text", "n" * LONG, "n" * LONG + "m")
    pq.write_table(pa.table(dict(zip(names, (["a few words", "and more"], [1, 2], [3, 4]), strict=True))), file)
    return file


def database(path: Path) -> Path:
    file = path / "a.db"
    with closing(sqlite3.connect(file)) as opened, opened:
        opened.execute(f"CREATE TABLE t (text, {'n' * LONG}, {'n' * LONG}m)")
        opened.execute("INSERT INTO t VALUES ('a few words', 1, 2), ('and more words', 3, 4)")
    return file


@pytest.mark.parametrize("make", [delimited, json_lines, parquet, database])
def test_a_long_name_of_a_column_is_cut_and_told_once(make: Callable[[Path], Path], tmp_path: Path) -> None:
    made = ingest.load(make(tmp_path))
    assert made.columns == ("text", "n" * (LONGEST_NAME - 1) + "…", "n" * (LONGEST_NAME - 3) + "…_2")
    assert list(made.table.columns) == list(made.columns[1:])
    assert [fault.reason[:30] for fault in made.rejected] == ["the names of 2 columns are cut"]
    assert "n" * 100 + "…" in made.rejected[0].reason
    workspace = Workspace(tmp_path / "w")
    key = workspace.datasets.keep(made)
    assert set(workspace.datasets.columns(key)) == set(made.columns[1:])
    assert len(json.dumps(workspace.datasets.record(key))) < 20_000


def test_very_many_names_are_shorter_and_all_different() -> None:
    names = [f"{'long ' * 200}{number}" for number in range(10_000)] + ["short"]
    new = short_names(names)
    assert len(set(new.values())) == 10_000
    assert SHORTEST_CUT <= max(map(len, new.values())) <= ALL_NAMES / 10_000
    assert "short" not in new


def test_what_is_rejected_is_cut_where_it_is_made() -> None:
    one, other = (Rejected(f"{'d' * 60_000}{end}/a.csv", 1, "why " * 5_000) for end in ("x", "y"))
    assert len(one.source) == NAME
    assert len(one.reason) == REASON
    assert one.source.endswith("/a.csv")
    assert one.source != other.source
    assert Rejected("a.csv", None, "a reason") == Rejected("a.csv", None, "a reason")


def test_a_long_name_of_a_member_is_cut_wherever_it_is_told(tmp_path: Path) -> None:
    file = tmp_path / "a.zip"
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for letter in "de":
            rows = "".join(f"some words number {row}{letter}\n" if row % 2 else "a,b,c\n" for row in range(200))
            archive.writestr(f"{letter * 60_000}/a.csv", "text,n\n" + rows.replace("\n", ",1\n"))
        archive.writestr(f"{'f' * 60_000}/a.txt", "a line\nanother\n")
        archive.writestr(f"{'g' * 60_000}/a.zzz", "a line\nanother\n")
    made: Dataset = ingest.load(file)
    assert len(made) > 100
    assert len(made.rejected) > 100
    assert max(len(fault.source) + len(fault.reason) for fault in made.rejected) < NAME + REASON
    for column in made.table.columns:
        assert made.table[column].astype("string").str.len().max() <= NAME


def test_what_cannot_be_asked_for_is_no_choice() -> None:
    choice = Choice("sheet", "Sheet", "Data", (("Data", "d" * 5_000), ("x" * 100_000, "x")))
    assert bounded_choice(choice).options == (("Data", "d" * 199 + "…"),)
