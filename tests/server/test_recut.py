"""Runs that the slider of more or fewer clusters made: of each run the last one is told of, and nothing is lost."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from explorer import ingest
from explorer.config import RunConfig, Settings
from explorer.errors import BadSetting
from explorer.runs.facts import facts_of
from explorer.runs.pipeline import open_record
from explorer.runs.plan import Plan, make_plan
from explorer.server import Services, open_services
from explorer.workspace.folder import Workspace


@pytest.fixture
def services(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Services]:
    """Services whose runs are planned and recorded but not computed."""
    workspace = Workspace(tmp_path / "w")
    made = open_services(workspace, Settings(workspace.path))

    def start(plan: Plan, **_: str) -> str:
        open_record(workspace, plan)
        workspace.runs.update(plan.run, state="done")
        return plan.run

    monkeypatch.setattr(made.jobs, "start", start)
    yield made
    made.jobs.close()


def base(services: Services, **settings: str) -> str:
    dataset = services.workspace.datasets.add(ingest.load_text("one thing\nanother\n" * 40, name="things"))
    return services.runs.start(dataset.key, settings)


def told(services: Services) -> set[str]:
    return {one["run"] for one in services.runs.all() if not one["superseded"]}


@pytest.mark.parametrize("settings", [{}, {"method": "communities"}, {"space": "map"}])
def test_a_recut_is_the_run_that_its_settings_name(settings: dict[str, str], services: Services) -> None:
    record = services.workspace.runs.record(base(services, **settings))
    dataset = facts_of(services.workspace.datasets.record(record["dataset"]))
    plan = Plan.from_json(record["plan"])
    chosen = {name: value for name, value in record["settings"].items() if value is not None}
    assert plan.recut(7) == make_plan(dataset, RunConfig.from_flat({**chosen, plan.coarseness: 7}))
    assert plan.recut(int(chosen[plan.coarseness])) == plan
    with pytest.raises(BadSetting):
        plan.recut(0)


def test_a_map_with_its_cuts_is_one_that_the_last_cut_stands_for_and_has_one_name(services: Services) -> None:
    first = base(services)
    assert told(services) == {first}
    cuts = [services.runs.recut(first, at) for at in (8, 9)]
    cuts.append(services.runs.recut(cuts[-1], 10))  # from a cut: it is of the same map
    assert len({first, *cuts}) == 4
    assert told(services) == {cuts[-1]}
    services.runs.recut(cuts[-1], 8)
    assert told(services) == {cuts[0]}
    services.runs.rename(cuts[0], "that is it")
    assert {one["name"] for one in services.workspace.runs.records()} == {"that is it"}
    assert services.workspace.runs.record(services.runs.recut(cuts[0], 11))["name"] == "that is it"
    assert services.runs.recut(cuts[0], 4) == first  # its own setting: the map as it was at first stands for it again
    assert told(services) == {first}
    settings = services.workspace.runs.record(cuts[2])["settings"]
    services.runs.start(services.workspace.runs.record(first)["dataset"], settings)  # asked for by itself
    assert told(services) == {first, cuts[2]}
    services.runs.recut(first, settings["min_cluster_size"])
    assert told(services) == {first, cuts[2]}


def test_with_what_stands_for_a_map_go_its_cuts_and_one_that_does_not_goes_alone(services: Services) -> None:
    first = base(services)
    cuts = [services.runs.recut(first, at) for at in (8, 9, 10)]
    services.runs.delete(cuts[0])
    assert {one["run"] for one in services.workspace.runs.records()} == {first, *cuts[1:]}
    services.runs.delete(first)
    assert {one["run"] for one in services.workspace.runs.records()} == set(cuts[1:])
    assert told(services) == {cuts[-1]}
    services.runs.delete(cuts[-1])
    assert services.workspace.runs.records() == []


def test_a_deletion_that_waits_is_off_once_any_cut_of_the_map_is_asked_for(services: Services) -> None:
    first = base(services)
    cut = services.runs.recut(first, 8)
    services.workspace.runs.update(cut, state="cancelled")  # there are no results
    services.undoing.delete_later("run", cut)
    assert [key for _, key in services.undoing.waiting()] == [cut]
    services.workspace.runs.want(first)
    assert not services.undoing.waiting()
