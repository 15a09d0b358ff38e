"""Deletions that can be taken back: nothing is gone before its time, and then it is, with all that belongs to it."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from explorer import ingest
from explorer.config import RunConfig, Settings
from explorer.errors import NotFound
from explorer.portable import export_dataset, import_dataset
from explorer.runs import Plan, facts_of, make_plan
from explorer.runs.pipeline import open_record
from explorer.server import DATASET, RUN, Services, open_services
from explorer.server.undoing import Undoing
from explorer.workspace import Workspace
from tests.portable.made import with_run
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


def test_who_asks_over_rest_is_told_what_is_to_go_and_when(services: Services) -> None:
    key, other = kept(services, "one thing\nanother"), kept(services, "a third\na fourth")
    records = [{"run": "r1", "dataset": key}, {"run": "r2", "dataset": other}, {"run": "r3", "dataset": other}]
    assert services.undoing.told(RUN, records) == records
    services.undoing.delete_later(DATASET, key)
    left = {one["dataset"]: one.get("deleted_in") for one in services.undoing.told(DATASET, services.datasets.all())}
    assert left[other] is None
    assert 0 < left[key] <= 60
    with_it = services.undoing.told(RUN, records)
    assert [one.get("deleted_in") is not None for one in with_it] == [True, False, False]
    services.undoing.take_back(DATASET, key)
    assert services.undoing.told(RUN, records) == records


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


def map_again(services: Services, key: str, run: str) -> None:
    open_record(services.workspace, plan_of_run(services, run))


def map_anew(services: Services, key: str, run: str) -> None:
    facts = facts_of(services.workspace.datasets.record(key))
    open_record(services.workspace, make_plan(facts, RunConfig.from_flat({"encoder": "minilm", "seed": 9})))


def delete_and_upload(services: Services, key: str, run: str) -> None:
    services.datasets.delete(key)
    kept(services, TEXT)


ASKED_AGAIN: dict[str, Callable[[Services, str, str], object]] = {
    "a file that is uploaded": lambda s, key, run: kept(s, TEXT),
    "its saved file": lambda s, key, run: import_dataset(s.workspace.path.parent / "saved.zip", workspace=s.workspace),
    "a map of before": map_again,
    "a new map at once": map_anew,
    "a note": lambda s, key, run: s.datasets.rename(key, None, "mine"),
    "another name": lambda s, key, run: s.datasets.rename(key, "mine"),
    "how a column is read": lambda s, key, run: s.workspace.datasets.set_reading(key, "a", "number"),
    "a file that is uploaded once more, after it was deleted by others": delete_and_upload,
}
TEXT = "one thing\nanother\nand a third"


def plan_of_run(services: Services, run: str) -> Plan:
    return Plan.from_json(services.workspace.runs.record(run)["plan"])


@pytest.mark.parametrize("what", ASKED_AGAIN)
def test_what_is_asked_for_again_meanwhile_by_whichever_way_stays(
    services: Services, tmp_path: Path, what: str
) -> None:
    run = with_run(services.workspace.path, ingest.load_text(TEXT, name="few"))
    (key,) = [one["dataset"] for one in services.workspace.datasets.records()]
    export_dataset(key, tmp_path / "saved.zip", workspace=services.workspace)
    other = kept(services, "nobody\nwants these")
    for one in (key, other):
        services.undoing.delete_later(DATASET, one)
    ASKED_AGAIN[what](services, key, run)
    assert set(services.undoing.waiting()) == {(DATASET, other)}
    services.undoing.delete_later(DATASET, key)
    ASKED_AGAIN[what](services, key, run)  # and nobody looks before its time is over
    services.undoing._over(DATASET, key)
    services.undoing.close()
    assert [one["dataset"] for one in services.workspace.datasets.records()] == [key]


def test_a_map_that_is_asked_for_again_meanwhile_stays_and_another_deletion_asks_for_nothing(
    services: Services,
) -> None:
    run = with_run(services.workspace.path, ingest.load_text(TEXT, name="few"))
    key, undoing = services.workspace.runs.record(run)["dataset"], services.undoing
    undoing.delete_later(RUN, run)
    open_record(services.workspace, plan_of_run(services, run))
    assert undoing.waiting() == {}
    undoing.delete_later(DATASET, key)
    undoing.delete_later(RUN, run)
    undoing._over(RUN, run)
    assert not services.workspace.runs.has(run)
    undoing.close()
    assert services.workspace.datasets.records() == []


def test_what_is_uploaded_again_while_its_deletion_begins_stays(
    services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another process reads: it finds the dataset there, and the deletion is past its first look."""
    key = kept(services, TEXT)
    services.undoing.delete_later(DATASET, key)
    deleted = services.workspace.delete_dataset
    monkeypatch.setattr(services.workspace, "delete_dataset", lambda *a, **k: (kept(services, TEXT), deleted(*a, **k)))
    services.undoing.close()
    assert services.workspace.datasets.has(key)
