"""How columns are read: told and set over REST, by the command and in Python, while exports keep what the file had."""

import json
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

import explorer as ex
from explorer.cli import main
from explorer.config import Settings
from explorer.report.tables import as_csv, items_table
from explorer.runs import open_run
from explorer.server import open_services
from explorer.server.api import mount
from explorer.workspace import Workspace
from tests.synthetic import write_run

ROWS = 60
WHEN = ["01/02/2024", "03/04/2024", "05/06/2024"] * 20


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    return Workspace(tmp_path_factory.mktemp("columns"))


@pytest.fixture(scope="module")
def run(workspace: Workspace) -> str:
    key = write_run(workspace.path, ROWS, dim=8, seed=3)
    file = workspace.path / "datasets" / workspace.runs.record(key)["dataset"] / "table.parquet"
    table = pd.read_parquet(file)
    table["when"], table["price"] = WHEN, ["3,50 €", "1.234,00 €", "n/a", "7 €"] * 15
    table["a/b"] = [f"w{i}" for i in range(ROWS)]
    table.to_parquet(file, index=False)
    return key


@pytest.fixture(scope="module")
def client(workspace: Workspace) -> Iterator[TestClient]:
    app, services = FastAPI(), open_services(workspace, Settings(workspace.path))
    mount(app, services)
    yield TestClient(app, base_url="http://127.0.0.1:8050")
    services.jobs.close()


def test_how_a_column_is_read_is_told_and_set_and_what_the_file_had_stays(
    workspace: Workspace, client: TestClient, run: str, capsys: pytest.CaptureFixture[str]
) -> None:
    dataset = workspace.runs.record(run)["dataset"]
    api = "/api/v1"
    told = {one["column"]: one for one in client.get(f"{api}/datasets/{dataset}/columns").json()["columns"]}
    assert (told["when"]["read_as"], told["when"]["sure"], told["when"]["set"]) == ("date:dmy", False, False)
    assert (told["price"]["read_as"], told["price"]["missing"], told["price"]["unread"]) == ("number:,", 15, 0)

    column = f"{api}/runs/{run}/columns/when"
    assert client.get(column).json()["max"] == "2024-06-05"
    assert client.get(column, params={"read_as": "date:mdy"}).json()["max"] == "2024-05-06"
    assert client.get(column, params={"read_as": "category"}).json()["values"] == WHEN[:3]
    assert client.get(column, params={"read_as": "colour"}).status_code == 422

    answer = client.put(f"{api}/datasets/{dataset}/columns", json={"column": "when", "read_as": "date:mdy"})
    assert next(one for one in answer.json()["columns"] if one["column"] == "when")["set"] is True
    assert client.get(column).json()["max"] == "2024-05-06"
    client.put(f"{api}/datasets/{dataset}/columns", json={"column": "a/b", "read_as": "id"})
    told = {one["column"]: one for one in client.get(f"{api}/datasets/{dataset}/columns").json()["columns"]}
    assert (told["a/b"]["type"], told["a/b"]["found"], told["a/b"]["kind"]) == ("id", "id", "category")
    assert (told["when"]["type"], told["when"]["found"]) == ("date", "date:dmy")
    assert client.get(f"{api}/datasets/{dataset}").json()["readings"] == {"when": "date:mdy", "a/b": "id"}
    for wrong, status in (({"column": "when", "read_as": "x"}, 422), ({"column": "nosuch"}, 404)):
        assert client.put(f"{api}/datasets/{dataset}/columns", json=wrong).status_code == status

    words = ["columns", run, "--workspace", str(workspace.path)]
    assert main([*words, "--set", "when=", "--set", "a/b=", "--set", "price=category", "--json"]) == 0
    printed = {one["column"]: one for one in json.loads(capsys.readouterr().out)["columns"]}
    assert (printed["when"]["read_as"], printed["price"]["read_as"]) == ("date:dmy", "category")
    assert main(words) == 0
    assert {"id             a/b", "date:dmy       when (or category or date:mdy)"} <= set(
        capsys.readouterr().out.splitlines()
    )
    assert main([*words, "--set", "when=never"]) == 1
    assert "it can be read as category, number, date" in capsys.readouterr().err
    opened = Workspace(workspace.path).datasets.open(dataset)
    assert ex.columns_of(opened) == list(printed.values())

    finished = ex.open_run(run, workspace=workspace)
    assert finished.dataset.table["when"].tolist() == WHEN
    assert b"01/02/2024" in as_csv(items_table(finished))
    assert client.get(f"{api}/runs/{run}/items/1").json()["metadata"]["price"] == "1.234,00 €"


def test_values_are_found_by_what_they_contain_and_asked_for(client: TestClient, run: str) -> None:
    found = client.get(f"/api/v1/runs/{run}/values/a%2Fb", params={"q": "W5"}).json()
    assert found["count"] == 11
    assert {"value": "w5", "count": 1} in found["values"]
    asked = client.get(f"/api/v1/runs/{run}/columns/a%2Fb", params={"also": ["w59", "w58"]}).json()
    assert asked["values"][-3:] == ["38 others", "w59", "w58"]


def test_a_dataset_of_an_earlier_version_has_its_columns_read_too(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path)
    run = write_run(workspace.path, ROWS, dim=8, seed=4)
    told = {one["column"]: one["read_as"] for one in ex.columns_of(ex.open_run(run, workspace=workspace).dataset)}
    assert told == {"kind": "category", "score": "number", "day": "date"}


def test_statements_on_clusters_follow_the_types_that_are_set_at_once(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path)
    key = write_run(workspace.path, ROWS, dim=8, seed=3)
    labels = open_run(key, workspace=workspace).clustering.labels
    dataset = workspace.runs.record(key)["dataset"]
    file = workspace.path / "datasets" / dataset / "table.parquet"
    table = pd.read_parquet(file)
    table["code"] = [f"{max(0, label)}" for label in labels]
    table.to_parquet(file, index=False)
    app, services = FastAPI(), open_services(workspace, Settings(workspace.path))
    mount(app, services)
    client = TestClient(app, base_url="http://127.0.0.1:8050")

    def rich_in() -> set[str]:
        told = client.get(f"/api/v1/runs/{key}/clusters").json()["clusters"]
        return {fact["column"] for cluster in told for fact in cluster["enrichment"]}

    before = rich_in()
    client.put(f"/api/v1/datasets/{dataset}/columns", json={"column": "code", "read_as": "category"})
    assert "code" in rich_in()
    client.put(f"/api/v1/datasets/{dataset}/columns", json={"column": "code", "read_as": "id"})
    assert "code" not in rich_in()
    client.put(f"/api/v1/datasets/{dataset}/columns", json={"column": "code", "read_as": None})
    assert rich_in() == before
    services.jobs.close()
