"""Rows that stay on the disk are those that would be in memory."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from explorer.config import Settings
from explorer.errors import CannotWrite
from explorer.kinds import ImageRef, by_kind, kind_of, which
from explorer.questions import answers
from explorer.questions.exact import holding
from explorer.runs import open_run
from explorer.server import open_services
from explorer.types import Dataset, Item, KeptItems, items_of
from explorer.workspace import Workspace, datafiles, datasets, ondisk
from tests import synthetic

ROWS = 50


def dataset(items: list[Item]) -> Dataset:
    table = pd.DataFrame(
        {
            "n": range(ROWS),
            "half": np.arange(ROWS) / 2,
            "word": pd.Series([None if row % 7 == 0 else f"w{row}" for row in range(ROWS)], dtype="str"),
            "whole": pd.array([None, *range(ROWS - 1)], "Int64"),
            "day": pd.Timestamp("2024-01-02 03:04"),
            "kind": pd.Categorical(["a", "b"] * (ROWS // 2)),
            "flag": [True, None] * (ROWS // 2),
        }
    )
    return Dataset("d" * 16, "Some", items, table, (), "i" * 16, ("text", *table.columns), "text")


TEXTS: list[Item] = [f"text {row} ümlaut" for row in range(ROWS)]
MIXED: list[Item] = [
    ImageRef("/there/a.zip", f"{row:064x}", member=f"{row}.png", name=f"{row}.png") if row % 3 else f"text {row}"
    for row in range(ROWS)
]


@pytest.fixture(params=["texts", "mixed"])
def both(request: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Dataset, Dataset]:
    """A dataset in memory and on the disk."""
    monkeypatch.setattr(datafiles, "LOOK_BYTES", 100)
    monkeypatch.setattr(ondisk, "AT_ONCE", 7)
    workspace = Workspace(tmp_path / "w")
    key = workspace.datasets.keep(dataset(TEXTS if request.param == "texts" else MIXED))
    held, kept = workspace.datasets.open(key), workspace.datasets.open(key, on_disk=True)
    assert isinstance(kept.items, KeptItems)
    assert not isinstance(held.items, KeptItems)
    return held, kept


def test_items_are_the_same_by_number_in_slices_and_one_after_the_other(both: tuple[Dataset, Dataset]) -> None:
    held, kept = both
    assert list(kept.items) == list(held.items)
    assert [kept.items[row] for row in range(ROWS)] == list(held.items)
    assert kept.items[-1] == held.items[-1]
    for some in (slice(3, 20), slice(40, 99), slice(5, 2), slice(0, 30, 4), slice(None, None, -3)):
        assert list(kept.items[some]) == list(held.items[some])
    for rows in ([7, 3, 4, 5, 49, 0, 0], np.arange(2, 9), []):
        assert items_of(kept.items, rows) == items_of(held.items, rows) == [held.items[row] for row in rows]
    for beyond in (ROWS, -ROWS - 1):
        with pytest.raises(IndexError):
            kept.items[beyond]
    assert kept.modalities == held.modalities
    assert {name: list(at) for name, at in by_kind(kept.items).items()} == {
        name: list(at) for name, at in by_kind(held.items).items()
    }
    assert np.array_equal(which(kept.items, lambda k: k.has_picture), which(held.items, lambda k: k.has_picture))
    assert np.array_equal(holding(kept.items, ["1"]), holding(held.items, ["1"]))


def test_tables_have_the_same_columns_and_rows_of_the_same_types(both: tuple[Dataset, Dataset]) -> None:
    held, kept = both
    assert kept.table.shape == held.table.shape
    assert list(kept.table.columns) == list(held.table.columns)
    for name, column in kept.table.items():
        pd.testing.assert_series_equal(column, held.table[name])
    for row in (0, 1, ROWS - 1, -1, np.int64(8)):
        pd.testing.assert_series_equal(kept.table.iloc[row], held.table.iloc[row], check_names=False)
    for some in (slice(3, 20), slice(40, 99), slice(0, 0), [7, 3, 4, 5, 49, 0, 0], [0, 14], []):
        pd.testing.assert_frame_equal(
            kept.table.iloc[some].reset_index(drop=True),
            held.table.iloc[some].reset_index(drop=True),
            check_dtype=False,
        )
    assert kept.table["n"].iloc[[4, 2]].tolist() == [4, 2]
    assert kept.table.iloc[[4, 2]]["n"].tolist() == [4, 2]


def test_a_run_whose_rows_stay_on_the_disk_answers_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(datafiles, "LOOK_BYTES", 100)
    run = synthetic.write_run(tmp_path / "w", 200, dim=8, clusters=4)
    held, kept = (open_run(run, workspace=tmp_path / "w", on_disk=on_disk) for on_disk in (False, True))
    assert isinstance(kept.dataset.items, KeptItems)
    for row in (0, 77, 199):
        assert answers.item(kept, row) == answers.item(held, row)
    assert answers.pictures(kept) == answers.pictures(held)
    assert answers.clusters(kept) == answers.clusters(held)
    assert answers.cells(kept, [3, 1], ["kind", "day"]) == answers.cells(held, [3, 1], ["kind", "day"])


def test_what_a_run_amounts_to_is_told_without_opening_its_dataset(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever follows runs asks for this again and again; rows of all of them in memory would push out those in use."""
    key = synthetic.write_run(tmp_path, 60, dim=8, clusters=3)
    opened = open_run(key, workspace=tmp_path)
    services = open_services(Workspace(tmp_path), Settings(tmp_path))

    def read(*_: object, **__: object) -> None:
        raise AssertionError("the dataset was opened")

    monkeypatch.setattr(datafiles, "read_dataset", read)
    monkeypatch.setattr(datasets, "read_dataset", read)
    told = services.runs.status(key)
    figures = answers.figures(opened.outcome)
    assert told == told | figures
    assert (figures["rows"], figures["clusters"]) == (60, opened.clustering.count)


def test_without_room_and_with_an_earlier_version_rows_are_in_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def none_left(*_: object) -> None:
        raise CannotWrite("the disk is full")

    monkeypatch.setattr(datafiles, "LOOK_BYTES", 100)
    monkeypatch.setattr(ondisk, "check_room", none_left)
    workspace = Workspace(tmp_path / "w")
    key = workspace.datasets.keep(dataset(TEXTS))
    assert not list(workspace.datasets.folder(key).glob("rows-*"))
    kept = workspace.datasets.open(key, on_disk=True)
    assert [kind_of(item).name for item in kept.items] == ["text"] * ROWS


def test_a_deleted_dataset_does_not_stay_open(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(datafiles, "LOOK_BYTES", 100)
    workspace = Workspace(tmp_path / "w")
    key = workspace.datasets.keep(dataset(TEXTS))
    kept = workspace.datasets.open(key, on_disk=True)
    workspace.datasets.rename(key, "Another")
    assert workspace.datasets.open(key, on_disk=True).name == "Another"
    workspace.delete_dataset(key)
    assert not workspace.datasets.has(key)
    assert kept.items[3] == TEXTS[3]
