"""Runs that the slider of more or fewer clusters made: of each run the last one is told of, and nothing is lost."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from explorer import ingest
from explorer.config import RunConfig, Settings
from explorer.errors import BadSetting
from explorer.runs.pipeline import open_record
from explorer.runs.plan import Plan, facts_of, make_plan
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
    monkeypatched = services.workspace.runs.records()
    from explorer.server.runs import last_cuts

    last = last_cuts(monkeypatched)
    return {one["run"] for one in monkeypatched if not one.get("cut_of") or one["run"] in last}


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


def test_of_the_cuts_of_a_run_the_last_is_told_and_naming_one_keeps_it(services: Services) -> None:
    first = base(services)
    cuts = [services.runs.recut(first, at) for at in (8, 9)]
    cuts.append(services.runs.recut(cuts[-1], 10))  # from a cut: it is of the same run
    assert len({first, *cuts}) == 4
    assert told(services) == {first, cuts[-1]}
    services.runs.recut(cuts[-1], 8)
    assert told(services) == {first, cuts[0]}
    services.runs.rename(cuts[1], "that is it")
    assert told(services) == {first, cuts[0], cuts[1]}
    assert services.runs.recut(cuts[0], 4) == first  # its own setting: it stays what it is
    assert told(services) == {first, cuts[0], cuts[1]}
    settings = services.workspace.runs.record(cuts[2])["settings"]
    services.runs.start(services.workspace.runs.record(first)["dataset"], settings)  # asked for by itself
    assert told(services) == {first, *cuts}


def test_deleting_what_is_told_deletes_what_is_not_and_the_last_cut_outlives_its_run(services: Services) -> None:
    first = base(services)
    cuts = [services.runs.recut(first, at) for at in (8, 9, 10)]
    services.runs.delete(first)
    assert {one["run"] for one in services.workspace.runs.records()} == {cuts[-1]} == told(services)
    more = [services.runs.recut(cuts[-1], at) for at in (11, 12)]
    services.runs.delete(more[-1])
    assert {one["run"] for one in services.workspace.runs.records()} == {cuts[-1]}
    again = [services.runs.recut(cuts[-1], at) for at in (11, 12)]
    services.runs.delete(again[0])
    assert {one["run"] for one in services.workspace.runs.records()} == {cuts[-1], again[1]}
