"""A look at an upload: it tells what is there now, and goes with what it shows."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from explorer.config import Settings
from explorer.errors import NotFound
from explorer.server import Services, open_services
from explorer.server.early import told_of
from explorer.workspace import Workspace


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
