"""Very many rejected rows: the record stays small and quick, and all of them can still be had."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from explorer.config import Settings
from explorer.errors import CannotWrite
from explorer.server import Services, open_services
from explorer.server.api import mount
from explorer.types import Dataset, Rejected
from explorer.ui.preview import look
from explorer.workspace import Workspace
from explorer.workspace import datasets as stored
from explorer.workspace.rejections import KEPT_OF_A_KIND, MOST_KINDS, kind_of_reason

MANY = 5_000


def rejections() -> tuple[Rejected, ...]:
    fields = (f"the record has {row} fields where the header has 2" for row in range(3, MANY + 3))
    return (
        Rejected("b.csv", None, "the file is empty"),
        *(Rejected("a.csv", row, reason) for row, reason in enumerate(fields)),
        Rejected("a.csv", MANY, "the text is empty"),
    )


def dataset(rejected: tuple[Rejected, ...]) -> Dataset:
    table = pd.DataFrame({"n": [1, 2]})
    return Dataset("d" * 16, "Many", ["first text", "second text"], table, rejected, "i" * 16, ("text", "n"), "text")


@pytest.fixture
def services(tmp_path: Path) -> Services:
    return open_services(Workspace(tmp_path / "w"), Settings(tmp_path / "w"))


@pytest.fixture
def client(services: Services) -> TestClient:
    app = FastAPI()
    mount(app, services)
    return TestClient(app, base_url="http://localhost")


def test_the_record_has_counts_by_kind_and_the_first_of_each_kind(services: Services) -> None:
    workspace = services.workspace
    key = workspace.datasets.keep(dataset(rejections()))
    record = workspace.datasets.record(key)
    assert record["rejected_count"] == MANY + 2
    assert [(kind["count"], kind_of_reason(kind["reason"])) for kind in record["rejected_kinds"]] == [
        (MANY, "the record has … fields where the header has …"),
        (1, "the file is empty"),
        (1, "the text is empty"),
    ]
    assert len(record["rejected"]) == KEPT_OF_A_KIND + 2
    told = {"source": "a.csv", "row": MANY, "reason": "the text is empty"}
    assert record["rejected"][-1] == {**told, "place": "", "what": ""}
    assert record["left_out"] == {"row": MANY + 1, "file": 1}
    back = workspace.datasets.open(key).rejected
    assert tuple(back) == rejections()
    assert (len(back), back[1], back[-1], back[3:5]) == (
        MANY + 2,
        *(rejections()[at] for at in (1, -1)),
        rejections()[3:5],
    )


def test_few_are_all_in_the_record_as_they_were_before(services: Services) -> None:
    few = rejections()[:5]
    key = services.workspace.datasets.keep(dataset(few))
    folder = services.workspace.path / "datasets" / key
    assert [fault["reason"] for fault in json.loads((folder / "dataset.json").read_text())["rejected"]] == [
        fault.reason for fault in few
    ]
    assert not (folder / "rejected.jsonl").exists()
    assert services.workspace.datasets.open(key).rejected == few


def test_reasons_that_are_all_different_are_few_kinds(services: Services) -> None:
    odd = tuple(Rejected("a.csv", row, "a" * (row % 150 + 1)) for row in range(40_000))
    key = services.workspace.datasets.keep(dataset(odd))
    record = services.workspace.datasets.record(key)
    assert len(record["rejected_kinds"]) == MOST_KINDS + 1
    assert sum(kind["count"] for kind in record["rejected_kinds"]) == 40_000
    assert len(record["rejected"]) <= KEPT_OF_A_KIND * (MOST_KINDS + 1)


def test_rest_gives_all_of_them_and_the_page_tells_how_many_of_each_kind(
    services: Services, client: TestClient
) -> None:
    key = services.workspace.datasets.keep(dataset(rejections()))
    told = client.get(f"/api/v1/datasets/{key}").json()
    assert len(told["rejected"]) == KEPT_OF_A_KIND + 2
    seen: list[dict[str, Any]] = []
    while len(seen) < MANY + 2:
        answer = client.get(f"/api/v1/datasets/{key}/rejected", params={"offset": len(seen), "limit": 2_000}).json()
        assert answer["count"] == MANY + 2
        seen += answer["rejected"]
    assert [(one["source"], one["row"], one["reason"]) for one in seen] == [
        (one.source, one.row, one.reason) for one in rejections()
    ]
    listed = str(
        look(services.datasets.one(key), services.datasets.preview(key), services.datasets.rejected_kinds(key))
    )
    assert "5,000 × the record has 3 fields where the header has 2" in listed
    assert "The first 200 of 5,002" in listed


def test_a_record_of_an_earlier_version_opens_and_loses_nothing_when_it_is_renamed(services: Services) -> None:
    datasets = services.workspace.datasets
    key = datasets.keep(dataset(rejections()))
    folder = services.workspace.path / "datasets" / key
    record = json.loads((folder / "dataset.json").read_text())
    for name in ("rejected_count", "rejected_kinds", "candidates"):
        del record[name]
    record["rejected"] = [{"source": one.source, "row": one.row, "reason": one.reason} for one in rejections()]
    (folder / "dataset.json").write_text(json.dumps(record))
    (folder / "rejected.jsonl").unlink()
    for _ in range(2):
        assert services.datasets.one(key)["rejected"] == MANY + 2
        assert len(datasets.record(key)["rejected"]) == KEPT_OF_A_KIND + 2
        assert tuple(datasets.rejected(key)) == tuple(datasets.open(key).rejected) == rejections()
        services.datasets.rename(key, "Another name")
    assert services.datasets.one(key)["name"] == "Another name"


def test_listing_runs_reads_no_dataset_twice(
    services: Services, client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[Path] = []
    read_json = stored.read_json
    monkeypatch.setattr(stored, "read_json", lambda path: (read.append(path), read_json(path))[1])
    key = services.workspace.datasets.keep(dataset(rejections()))
    for _ in range(5):
        assert client.get("/api/v1/runs").json() == {"runs": []}
        assert client.get("/api/v1/datasets").json()["datasets"][0]["rejected"] == MANY + 2
    assert len(read) == 1
    services.datasets.rename(key, "Another name")
    assert client.get("/api/v1/datasets").json()["datasets"][0]["name"] == "Another name"


def test_record_and_file_are_bounded_and_what_does_not_fit_is_counted(
    services: Services, client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("explorer.workspace.rejections.KEPT_CHARS", 10_000)
    monkeypatch.setattr("explorer.workspace.rejections.KEPT_IN_FILE", 100_000)
    key = services.workspace.datasets.keep(dataset(rejections()))
    record = services.workspace.datasets.record(key)
    assert (record["rejected_count"], sum(kind["count"] for kind in record["rejected_kinds"])) == (MANY + 2, MANY + 2)
    assert len(json.dumps(record["rejected"])) < 30_000
    assert (services.workspace.path / "datasets" / key / "rejected.jsonl").stat().st_size <= 100_000
    kept = services.workspace.datasets.rejected(key)
    assert tuple(kept) == rejections()[: len(kept)]
    assert 0 < len(kept) < MANY
    told = client.get(f"/api/v1/datasets/{key}/rejected", params={"offset": len(kept) - 1}).json()
    assert (told["count"], len(told["rejected"])) == (MANY + 2, 1)


def test_very_many_rejections_leave_the_room_that_is_kept_for_records(
    services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked: list[Path] = []

    def full(place: Path, more: int = 0) -> None:
        looked.append(place)
        if len(looked) > 1:
            raise CannotWrite("the disk of the workspace is almost full")

    monkeypatch.setattr("explorer.workspace.rejections.check_room", full)
    monkeypatch.setattr("explorer.workspace.rejections._CHECKED", 1_000)
    with pytest.raises(CannotWrite, match="almost full"):
        services.workspace.datasets.keep(dataset(rejections()))
    assert services.datasets.all() == []
    assert list((services.workspace.path / "datasets").iterdir()) == []
