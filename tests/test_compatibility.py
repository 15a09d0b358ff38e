"""A workspace that the version before the rooms wrote: it opens, and says what it said then, to the byte or with more.

`data/workspace-before-rooms.zip` holds that workspace, made by commit 64f358e – twenty short reviews and eight drawn
shapes, a run of each with settings of its own –, and beside it the server's answers of the day.  The vectors of the
vocabulary of pictures, 12 MB that no answer reads, are zeros.
"""

import csv
import io
import json
import re
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

import explorer as ex
from explorer import encoders
from explorer.cli import main
from explorer.config import RunConfig, Settings
from explorer.runs import Plan, facts_of, make_plan
from explorer.server import open_services
from explorer.server.api import mount
from explorer.workspace import Workspace
from tests.description.spelling import SpellingEncoder

KEPT = Path(__file__).parent / "data" / "workspace-before-rooms.zip"
API = "/api/v1"
ANSWERS = {
    "status.json": "/runs/{run}",
    "clusters.json": "/runs/{run}/clusters",
    "clusters.csv": "/runs/{run}/clusters.csv",
    "sweep.json": "/runs/{run}/sweep",
    "scores.json": "/runs/{run}/scores",
    "points.bin": "/runs/{run}/points",
    "membership.bin": "/runs/{run}/membership",
    "pictures.bin": "/runs/{run}/pictures",
    "item.json": "/runs/{run}/items/3",
    "neighbors.json": "/runs/{run}/neighbors/3?k=4",
    "dataset.json": "/datasets/{dataset}",
    "report.html": "/runs/{run}/report.html",
    "report.json": "/runs/{run}/report.json",
    "items.csv": "/runs/{run}/report.csv",
}
ONLY = {"stars.bin": ("reviews", "/runs/{run}/columns/stars?read_as=category"), "thumbnail.webp": ("shapes", "/runs/{run}/thumbnails/1.webp")}  # fmt: skip # noqa: E501
SETS = ("reviews", "shapes")


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("before")
    with zipfile.ZipFile(KEPT) as kept:
        kept.extractall(folder)
    return folder


@pytest.fixture(scope="module")
def workspace(home: Path) -> Workspace:
    return Workspace(home / "workspace")


@pytest.fixture(scope="module")
def client(workspace: Workspace) -> Iterator[TestClient]:
    app, services = FastAPI(), open_services(workspace, Settings(workspace.path))
    mount(app, services)
    yield TestClient(app, base_url="http://127.0.0.1:8050")
    services.jobs.close()


def said(home: Path, name: str) -> dict[str, str]:
    """Return the keys of a data set and its run."""
    status = json.loads((home / "said" / name / "status.json").read_text())
    return {"run": status["run"], "dataset": status["dataset"]}


def asked(client: TestClient, path: str, keys: dict[str, str]) -> bytes:
    answer = client.get(API + path.format(**keys))
    assert answer.status_code == 200, answer.text
    return answer.content


def still_says(now: Any, then: Any) -> bool:
    """Whether an answer of today has all that an earlier one had, value by value; objects may say more.

    What is computed anew took other seconds.
    """
    if isinstance(then, dict):
        return isinstance(now, dict) and all(
            name in now and (name == "seconds" or still_says(now[name], then[name])) for name in then
        )
    if isinstance(then, list):
        return isinstance(now, list) and len(now) == len(then) and all(map(still_says, now, then))
    return type(now) is type(then) and bool(now == then)


def records_of(table: bytes) -> list[dict[str, str]]:
    """Return the lines of a CSV by column: a later version may have more of these."""
    return list(csv.DictReader(io.StringIO(table.decode(), newline="")))


def unstyled(page: bytes) -> str:
    """Return a report without its style sheet, which says nothing of the data, and its title.

    That was the file's name with a capital and without its ending; it is the name as it is written.
    """
    return re.sub("<style>.*?</style>|<title>.*?</title>|<h1>.*?</h1>", "", page.decode(), flags=re.DOTALL)


@pytest.mark.parametrize("name", SETS)
@pytest.mark.parametrize("file", ANSWERS)
def test_an_answer_is_what_it_was(home: Path, client: TestClient, name: str, file: str) -> None:
    # Thumbnails are JPEG since; their former addresses are still there (below).
    then = re.sub(rb"(thumbnails/\d+)\.webp", rb"\1.jpg", (home / "said" / name / file).read_bytes())
    now = asked(client, ANSWERS[file], said(home, name))
    read = {".json": json.loads, ".csv": records_of, ".html": unstyled}.get(Path(file).suffix)
    assert now == then or (read is not None and still_says(read(now), read(then)))


@pytest.mark.parametrize("file", ONLY)
def test_an_answer_that_one_kind_alone_has_is_what_it_was(home: Path, client: TestClient, file: str) -> None:
    name, path = ONLY[file]
    assert asked(client, path, said(home, name)) == (home / "said" / name / file).read_bytes()


@pytest.mark.parametrize("name", SETS)
def test_the_command_line_writes_the_same_report(home: Path, workspace: Workspace, tmp_path: Path, name: str) -> None:
    out = tmp_path / "report.html"
    run = said(home, name)["run"]
    assert main(["report", run, "--workspace", str(workspace.path), "--out", str(out)]) == 0
    then = unstyled((home / "said" / name / "report.html").read_bytes())
    assert unstyled(out.read_bytes()) == then
    assert len(then) > 10_000


@pytest.mark.parametrize("name", SETS)
def test_vectors_are_handed_out_as_they_lie_in_the_folder(
    home: Path, client: TestClient, workspace: Workspace, name: str
) -> None:
    keys = said(home, name)
    plan = Plan.from_json(workspace.runs.record(keys["run"])["plan"])
    vectors = np.load(io.BytesIO(asked(client, "/runs/{run}/vectors.npy", keys)))
    np.testing.assert_array_equal(vectors, workspace.results.load("embed", plan.keys["embed"]).arrays["vectors"])


class WordsOnly(SpellingEncoder):
    """Encodes what clusters are named by, which earlier versions did not, and no item of the dataset."""

    def __init__(self, dim: int, items: set[Any]) -> None:
        super().__init__(dim)
        self._items = items

    def encode(self, items: Sequence[Any]) -> Any:
        assert self._items.isdisjoint(items)
        return super().encode(items)


@pytest.mark.parametrize("name", SETS)
def test_vectors_are_not_computed_again(
    home: Path, workspace: Workspace, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    record = workspace.runs.record(said(home, name)["run"])
    plan = Plan.from_json(record["plan"])
    # Which releases of the libraries are here belongs to an encoder's fingerprint; that is not what is asked.
    monkeypatch.setattr(encoders, "fingerprint", lambda _name: plan.fingerprint)
    dataset = workspace.datasets.open(plan.dataset)
    dim = workspace.results.load("embed", plan.keys["embed"]).arrays["vectors"].shape[1]
    monkeypatch.setattr(encoders, "load_encoder", lambda *_, **__: WordsOnly(dim, set(dataset.items)))
    config = RunConfig.from_flat(record["settings"])
    # A map and its clusters are another result since they no longer depend on the order of the rows.
    assert make_plan(facts_of(dataset), config).keys["embed"] == plan.keys["embed"]
    again = ex.run(dataset, config, workspace=workspace)
    assert again.key != record["run"]
    assert ex.open_run(record["run"], workspace=workspace).projection.xy.shape == again.projection.xy.shape
    assert again.embeddings.reused == len(dataset)


def test_every_route_of_before_is_there(home: Path, client: TestClient) -> None:
    before = json.loads((home / "said" / "openapi.json").read_text())["paths"]
    now = client.get("/openapi.json").json()["paths"]
    lost = {(method, path) for path, found in before.items() for method in found if method not in now.get(path, {})}
    assert not lost
