"""A run whose model could not be downloaded, made again with the one that is here."""

from pathlib import Path

import pytest

from explorer import ingest
from explorer.config import Settings
from explorer.runs.pipeline import open_record
from explorer.runs.plan import Plan
from explorer.server import lacks_model, open_services, start_here
from explorer.workspace.folder import Workspace


def test_what_asked_for_a_model_that_is_not_here_is_made_with_one_that_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace = Workspace(tmp_path / "w")
    services = open_services(workspace, Settings(workspace.path))

    def start(plan: Plan, **_: str) -> str:
        open_record(workspace, plan)
        return plan.run

    monkeypatch.setattr(services.jobs, "start", start)
    try:
        dataset = workspace.datasets.add(ingest.load_text("one thing\nanother\n" * 40, name="things"))
        run = services.runs.start(dataset.key, {"encoder": "st:nobody/has-this", "seed": 7})
        assert not lacks_model(services.runs, run)
        workspace.runs.update(run, state="failed")
        assert lacks_model(services.runs, run)
        other = workspace.runs.record(start_here(services.runs, run))["settings"]
        assert (other["encoder"], other["seed"]) == ("minilm", 7)
        workspace.runs.update(services.runs.start(dataset.key, {}), state="failed")
        assert not lacks_model(services.runs, services.runs.start(dataset.key, {}))
    finally:
        services.jobs.close()
