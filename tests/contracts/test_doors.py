"""Every format that is listed, by an example of each of its endings, through every door: Python, REST, command line.

The page sends what it is given to the same routes.  A format of which there is no example fails here.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from explorer.cli import main
from explorer.config import Settings
from explorer.ingest import list_formats, load
from explorer.ingest.reader import ARCHIVE
from explorer.server import open_services
from explorer.server.api import mount
from explorer.workspace import Workspace
from tests.contracts.test_readers import CSV, write
from tests.ingest.test_packing import PACKERS
from tests.ingest.test_pictures import zipped
from tests.ingest.test_tars import tarred

API = "/api/v1/uploads"
PACKINGS = {".tgz": ".gz", ".tbz2": ".bz2", ".tbz": ".bz2", ".txz": ".xz", ".tzst": ".zst"}
PACKED = {".tar": bytes, **{suffix: PACKERS[packing] for suffix, packing in PACKINGS.items()}}


def example(suffix: str, folder: Path, kind: str) -> Path:
    """Write an example of a format; raises KeyError for an archive that nobody here can pack."""
    path = folder / f"example{suffix}"
    if kind != ARCHIVE:
        write(suffix, path)
    elif suffix == ".zip":
        zipped(path, {"in/words.csv": CSV.encode()})
    else:
        path.write_bytes(PACKED[suffix](tarred({"in/words.csv": CSV.encode()})))
    return path


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    workspace = Workspace(tmp_path_factory.mktemp("doors"))
    app, services = FastAPI(), open_services(workspace, Settings(workspace.path))
    mount(app, services)
    yield TestClient(app, base_url="http://127.0.0.1:8050")
    services.jobs.close()


@pytest.mark.parametrize("told", list_formats(), ids=lambda told: told["name"])
def test_a_format_gives_the_same_rows_through_every_door(
    told: dict[str, object], client: TestClient, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    suffixes = told["suffixes"]
    assert isinstance(suffixes, list | tuple)
    for suffix in suffixes:
        path = example(suffix, tmp_path, str(told["kind"]))
        dataset = load(path)
        assert len(dataset) > 0

        upload = client.post(API).json()["upload"]
        client.put(f"{API}/{upload}/file?name={path.name}&offset=0", content=path.read_bytes())
        seen = client.get(f"{API}/{upload}/preview").json()
        made = client.post(f"{API}/{upload}/done").json()
        assert (made["rows"], made["columns"], made["text_column"]) == (
            len(dataset),
            list(dataset.columns),
            dataset.text_column,
        ), suffix
        assert made["dataset"] == dataset.key, suffix
        assert len(seen["rows"]) >= min(10, len(dataset)), suffix

        capsys.readouterr()
        assert main(["estimate", str(path), "--json", "--workspace", str(tmp_path / "ws")]) == 0
        told_there = json.loads(capsys.readouterr().out)["estimates"]
        assert {one["rows"] for one in told_there} == {len(dataset)}, suffix
