"""Deletions that can be taken back: nothing is gone before its time, and then it is, with all that belongs to it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from explorer import ingest
from explorer.config import Settings
from explorer.errors import NotFound
from explorer.server import DATASET, Services, open_services
from explorer.server.undoing import Undoing
from explorer.workspace import Workspace
from tests.servers import until


@pytest.fixture
def services(tmp_path: Path) -> Iterator[Services]:
    opened = open_services(Workspace(tmp_path / "w"), Settings(tmp_path / "w"))
    yield opened
    opened.jobs.close()


def kept(services: Services, text: str) -> str:
    return services.workspace.datasets.keep(ingest.load_text(text, name="few"))


def test_nothing_is_gone_until_its_time_is_over_and_what_is_taken_back_stays(services: Services) -> None:
    back, gone = kept(services, "one thing\nanother"), kept(services, "a third\na fourth")
    undoing = Undoing(services.datasets, services.runs, seconds=0.2)
    for key in (back, gone, gone):
        undoing.delete_later(DATASET, key)
    assert set(undoing.waiting()) == {(DATASET, back), (DATASET, gone)}
    assert all(0 < left <= 0.2 for left in undoing.waiting().values())
    assert undoing.take_back(DATASET, back)
    assert not undoing.take_back(DATASET, back)
    assert services.workspace.datasets.has(gone)
    until(lambda: not services.workspace.datasets.has(gone), 10, "the deletion")
    assert services.workspace.datasets.has(back)
    assert undoing.waiting() == {}
    with pytest.raises(NotFound):
        undoing.delete_later(DATASET, gone)


def test_now_and_the_end_of_the_server_delete_at_once(services: Services) -> None:
    now, late = kept(services, "one thing\nanother"), kept(services, "a third\na fourth")
    for key in (now, late):
        services.undoing.delete_later(DATASET, key)
    services.undoing.delete_now(DATASET, now)
    assert [services.workspace.datasets.has(key) for key in (now, late)] == [False, True]
    services.undoing.close()
    assert not services.workspace.datasets.has(late)


def test_what_was_mapped_since_stays(services: Services, monkeypatch: pytest.MonkeyPatch) -> None:
    key = kept(services, "one thing\nanother")
    services.undoing.delete_later(DATASET, key)
    late = {"run": "r", "dataset": key, "created": "2999-01-01T00:00:00+00:00"}
    monkeypatch.setattr(services.workspace.runs, "records", lambda: [late])
    services.undoing.close()
    assert services.workspace.datasets.has(key)
