"""A look at an upload: it tells what is there now, and goes with what it shows."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from explorer.config import Settings
from explorer.errors import NotFound, UnreadableFile
from explorer.server import Services, open_services, reader
from explorer.server.api import mount
from explorer.server.crowd import PREVIEWS
from explorer.server.early import told_of
from explorer.workspace import Workspace
from tests.servers import until


@pytest.fixture
def services(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Services]:
    opened = open_services(Workspace(tmp_path / "w"), Settings(tmp_path / "w"))
    monkeypatch.setattr(opened.readers, "look", told_of)
    yield opened
    opened.readers.close()
    opened.jobs.close()


def sent(services: Services, name: str, *pieces: bytes, to: str = "") -> str:
    upload = to or services.uploads.create()
    for piece in pieces:
        services.uploads.append(upload, name, offset=services.uploads.offset(upload, name), chunks=[piece])
    return upload


def kept(services: Services) -> list[object]:
    return [*services.early._last, *services.early._looks._answers]


def test_a_look_is_new_when_more_has_come(services: Services) -> None:
    upload = sent(services, "a.csv", b"text,n\nsome words,1\n")
    assert services.early.look(upload)["bytes"] == 20
    sent(services, "a.csv", b"other words,2\n", to=upload)
    assert [row["text"] for row in services.early.look(upload)["rows"]] == ["some words", "other words"]
    sent(services, "b.csv", b"text,z\nmore words,3\n", to=upload)
    assert services.early.look(upload)["name"] == "a.csv and 1 more"


def test_a_look_is_gone_with_its_upload_and_with_the_dataset_that_became_of_it(services: Services) -> None:
    cancelled = sent(services, "a.csv", b"text,n\nsecret words,1\n")
    services.early.look(cancelled)
    services.datasets.cancel_upload(cancelled)
    assert kept(services) == []
    with pytest.raises(NotFound):
        services.early.look(cancelled)

    upload = sent(services, "a.csv", b"text,n\nsecret words,1\nmore of them,2\n")
    shown = services.early.look(upload)
    key = services.datasets.add_upload(upload)["dataset"]
    assert services.early.look(upload) == shown  # the page still shows it
    services.datasets.delete(key)
    assert kept(services) == []
    with pytest.raises(NotFound):
        services.early.look(upload)


def test_a_look_at_files_that_are_deleted_meanwhile_says_so_and_not_that_the_workspace_is_gone(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="look at the dataset"):
        reader._look([str(tmp_path / "gone" / "a.csv")])
    (tmp_path / "a.xlsx").write_bytes(b"no workbook")
    with pytest.raises(UnreadableFile):
        reader._look([str(tmp_path / "a.xlsx")])


def test_looks_that_last_long_keep_no_upload_from_being_read(
    services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    go_on, app, looked = threading.Event(), FastAPI(), []

    def look(upload: str) -> dict[str, str]:
        looked.append(upload)
        assert go_on.wait(20)
        return {"upload": upload}

    monkeypatch.setattr(services.early, "look", look)
    monkeypatch.setattr(type(services.datasets), "add_text", lambda *_given, **_told: {"dataset": "made"})
    mount(app, services)
    with TestClient(app, base_url="http://127.0.0.1:8050") as client, ThreadPoolExecutor(PREVIEWS.most) as crowd:
        asked = [crowd.submit(client.get, f"/api/v1/uploads/{at}/preview") for at in range(PREVIEWS.most)]
        try:
            until(lambda: PREVIEWS.threads == len(looked), 20, "the first looks")
            made = client.post("/api/v1/datasets/text", json={"text": "a line\nanother"})
            assert (made.status_code, go_on.is_set()) == (201, False)
        finally:
            go_on.set()
        assert {one.result().status_code for one in asked} == {200}
