"""Looking at a dataset takes little of the server, whatever its cells are: the first rows and a sample, cut."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from explorer.config import Settings
from explorer.server import datasets as served
from explorer.server import firstrows, open_services
from explorer.types import Dataset
from explorer.workspace import LOOK_CHARS, Workspace, looks


def made(rows: int = 40) -> Dataset:
    long = [f"{row} {'words ' * 60_000}" for row in range(rows)]
    same = ["s" * 50_000] * rows
    table = pd.DataFrame({"long": long, "n": range(rows), "same": same, "day": pd.Timestamp(2024, 1, 2)})
    return Dataset("d" * 16, "Long", [f"text {text}" for text in long], table, (), "i" * 16, ("text", *table), "text")


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    workspace = Workspace(tmp_path / "w")
    workspace.datasets.keep(made())
    return workspace


def test_a_look_has_the_first_rows_with_their_types_and_their_cells_cut(workspace: Workspace) -> None:
    whole, look = workspace.datasets.open("d" * 16), workspace.datasets.head("d" * 16, 30)
    assert whole.items == made().items
    pd.testing.assert_frame_equal(whole.table, made().table)
    assert (len(look), list(look.table.dtypes)) == (30, list(whole.table.dtypes))
    assert look.items[7] == f"{whole.items[7][: LOOK_CHARS - 1]}…"
    assert look.table["same"][0] == "s" * (LOOK_CHARS - 1) + "…"
    assert look.table["n"].tolist() == list(range(30))


def test_one_item_of_a_large_dataset_is_read_without_the_others(workspace: Workspace) -> None:
    datasets = Workspace(workspace.path).datasets
    assert [datasets.item("d" * 16, row) for row in (0, 25, 39)] == [made().items[row] for row in (0, 25, 39)]
    assert [datasets.item("d" * 16, row) for row in (-1, 40)] == [None, None]


def test_what_an_earlier_version_wrote_is_looked_at_without_holding_all_of_it(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = workspace.path / "datasets" / ("d" * 16)
    facts = workspace.datasets.columns("d" * 16)
    new = workspace.datasets.head("d" * 16, 30)
    for name in (looks.ITEMS, looks.TABLE, looks.COLUMNS_FILE):
        (folder / name).unlink()
    record = json.loads((folder / "dataset.json").read_text())
    del record["bytes"]
    (folder / "dataset.json").write_text(json.dumps(record))
    made().table.to_parquet(folder / "table.parquet", index=False)
    old = workspace.datasets.head("d" * 16, 30)
    assert old.items == new.items
    pd.testing.assert_frame_equal(old.table, new.table)
    assert workspace.datasets.columns("d" * 16) == facts
    monkeypatch.setattr(looks, "LOOK_BYTES", 2**10)
    assert workspace.datasets.head("d" * 16, 30).table["long"][0].startswith("(too long")


def test_a_wide_table_is_looked_at_by_its_first_columns_and_told_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(served, "PREVIEW_COLUMNS", 3)
    monkeypatch.setattr(firstrows, "PREVIEW_COLUMNS", 3)
    services = open_services(Workspace(tmp_path / "w"), Settings(tmp_path / "w"))
    services.workspace.datasets.keep(made(4))
    asked: list[Any] = []
    monkeypatch.setattr(services.readers, "columns", lambda key: asked.append(key) or [])
    shown = services.datasets.preview("d" * 16)
    assert (shown["columns"], shown["more_columns"]) == (["text", "long", "n", "same"], 1)
    assert [(one["column"], one["of"]) for one in services.datasets.looked_at("d" * 16)] == [
        ("long", 4),
        ("n", 4),
        ("same", 4),
    ]
    assert services.datasets.columns("d" * 16) == []
    assert asked == ["d" * 16]
