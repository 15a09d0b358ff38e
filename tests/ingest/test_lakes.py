"""Folders in which tables are kept with a log of what is valid, and by partitions."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from pyarrow import parquet

from explorer.ingest import load
from explorer.ingest.lakes import REPLACED
from explorer.types import Dataset
from tests.ingest.test_pictures import zipped

WISHES = [f"More benches for the park, wish number {at}" for at in range(6)]


def part(path: Path, said: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    parquet.write_table(pa.table({"wish": [f"{wish} ({said})" for wish in WISHES], "n": list(range(6))}), path)


def log(folder: Path, version: int, actions: Sequence[Mapping[str, Any]]) -> None:
    (folder / "_delta_log").mkdir(exist_ok=True)
    lines = "\n".join(map(json.dumps, [{"commitInfo": {"operation": "WRITE"}}, *actions]))
    (folder / "_delta_log" / f"{version:020}.json").write_text(lines)


def add(path: str, **more: object) -> dict[str, Any]:
    return {"add": {"path": path, "size": 1, "dataChange": True, **more}}


@pytest.fixture
def lake(tmp_path: Path) -> Path:
    folder = tmp_path / "lake"
    for name in ("a", "b", "c d"):
        part(folder / f"{name}.parquet", name)
    log(folder, 0, [{"protocol": {}}, {"metaData": {"format": {"provider": "parquet"}}}, add("a.parquet")])
    log(folder, 1, [{"remove": {"path": "a.parquet"}}, add("b.parquet"), add("c%20d.parquet")])
    return folder


def said(dataset: Dataset) -> list[tuple[str, str]]:
    return [(fault.source, fault.reason[:30]) for fault in dataset.rejected]


def test_what_the_log_of_a_table_says_was_replaced_is_listed_and_not_read(lake: Path) -> None:
    files = {f"t/{path.relative_to(lake).as_posix()}": path.read_bytes() for path in lake.rglob("*.*")}
    for given, name in ((lake, "a.parquet"), (zipped(lake.parent / "z.zip", files), "t/a.parquet")):
        found = load(given)
        assert sorted(found.items) == sorted(f"{wish} ({said})" for said in ("b", "c d") for wish in WISHES)
        assert said(found) == [(name, REPLACED[:30])]


def test_of_a_log_without_its_beginning_it_is_told_unless_it_was_put_together(lake: Path) -> None:
    (lake / "_delta_log" / f"{0:020}.json").unlink()
    found = load(lake)
    assert len(found) == 18
    assert said(found) == [("_delta_log", "it is kept by Delta Lake, whos")]
    point = pa.table({"add": pa.array([None, {"path": "a.parquet", "size": 1}])})
    parquet.write_table(point, lake / "_delta_log" / f"{0:020}.checkpoint.parquet")
    assert said(load(lake)) == [("a.parquet", REPLACED[:30])]
    log(lake, 2, [add("gone.parquet"), {"remove": {"path": "b.parquet"}}, add("b.parquet", deletionVector={"a": 1})])
    assert said(load(lake))[1:] == [
        ("b.parquet", "some of its rows are deleted, "),
        ("gone.parquet", "its table has it, by the log b"),
    ]


def test_the_log_of_another_kind_of_table_is_no_data_and_told(tmp_path: Path) -> None:
    part(tmp_path / "ice" / "data" / "a.parquet", "a")
    (tmp_path / "ice" / "metadata").mkdir()
    (tmp_path / "ice" / "metadata" / "v1.metadata.json").write_text(json.dumps({"location": "here"}))
    found = load(tmp_path / "ice")
    assert (len(found), said(found)) == (6, [("metadata", "it is kept by Iceberg: rows th")])


def test_folders_that_are_columns_are_columns(tmp_path: Path) -> None:
    for ward in ("North", "S%20W", "__HIVE_DEFAULT_PARTITION__"):
        part(tmp_path / "t" / f"ward={ward}" / "year=2024" / "data_0.parquet", ward)
    found = load(tmp_path / "t")
    assert sorted({str(one) for one in found.table["ward"].dropna()}) == ["North", "S W"]
    assert found.table["ward"].isna().sum() == 6
    assert set(found.table["year"].astype("str")) == {"2024"}
