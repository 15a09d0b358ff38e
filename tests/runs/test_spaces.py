"""The 3-D map of a finished run: made when asked for, once, in the worker; a run of three dimensions shares it."""

import threading
from contextlib import closing

import numpy as np
import pytest

from explorer.config import RunConfig
from explorer.errors import NotFound, NotReady, TooManyRows
from explorer.questions import answers
from explorer.runs import spaces
from explorer.runs.facts import facts_of
from explorer.runs.jobs import Jobs
from explorer.runs.pipeline import open_run
from explorer.runs.plan import Plan, make_plan
from explorer.runs.stages import run_stage
from explorer.workspace.folder import Workspace
from tests.servers import until
from tests.synthetic import write_run

ROWS = 400


@pytest.fixture
def run(tmp_path):
    key = write_run(tmp_path, ROWS, dim=16, clusters=6)
    workspace = Workspace(tmp_path)
    plan = Plan.from_json(workspace.runs.record(key)["plan"])
    graph = workspace.path / "stages" / f"neighbors-{plan.keys['neighbors']}"
    for file in graph.iterdir():
        file.unlink()
    graph.rmdir()
    run_stage(workspace, plan, "neighbors", encoder=no_encoder)
    return key, workspace, plan


def no_encoder(name):
    raise AssertionError(f"the encoder {name} was asked for")


class Line:
    """A worker that computes in this process, when it is let."""

    def __init__(self, workspace, *, fail=None):
        self.workspace, self.asked, self.fail, self.go = workspace, [], fail, threading.Event()

    def turn(self, name, *, waiting, cancelled, yields=False):
        return closing(self)

    def close(self):
        pass

    def call(self, message, *, progress, cancelled):
        self.asked.append(message)
        assert self.go.wait(20)
        if self.fail is not None:
            raise self.fail
        plan = Plan.from_json(message["plan"])

        def told(p):
            if cancelled.is_set():
                from explorer.errors import Cancelled

                raise Cancelled("the run was cancelled.")
            progress(vars(p))

        run_stage(self.workspace, plan, message["stage"], encoder=no_encoder, progress=told)


def made_by(line):
    return spaces.Spaces(line.workspace, line, sentence=lambda role, run: role)


def ended(made, key):
    return until(lambda: (s := made.state(key))["state"] not in ("queued", "running") and s, 60, "the 3-D map")


def test_two_askers_are_one_computation_and_what_is_there_is_not_made_again(run):
    key, workspace, plan = run
    line = Line(workspace)
    made = made_by(line)
    assert made.state(key)["state"] == "none"
    before = set(workspace.results.folders("")), workspace.runs.record(key)["results"]
    assert {made.start(key)["state"], made.start(key)["state"]} <= {"queued", "running"}
    line.go.set()
    told = ended(made, key)
    assert (told["state"], told["method"]) == ("done", "umap")
    assert 0.5 < told["trustworthiness"] <= 1
    assert made.start(key)["state"] == "done"
    assert [message["stage"] for message in line.asked] == ["project"]
    places = made.places(key)
    assert places.shape == (ROWS, 3)
    assert np.isfinite(places).all()
    assert np.linalg.matrix_rank(places - places.mean(axis=0)) == 3
    new = set(workspace.results.folders("project")) - before[0]
    assert {folder.name for folder in new} >= {f"project-{plan.space}"}
    assert not workspace.results.has("reduce", Plan.from_json(line.asked[0]["plan"]).keys.get("reduce", "none"))


def test_the_key_is_that_of_a_run_in_three_dimensions(run):
    _, workspace, plan = run
    dataset = workspace.datasets.open(plan.dataset)
    deep = make_plan(facts_of(dataset), RunConfig.from_flat({"encoder": "minilm", "dims": 3}))
    assert plan.space == deep.keys["project"] == deep.space
    assert plan.keys["project"] != plan.space
    assert f"project-{plan.space}" in plan.results()
    other = make_plan(facts_of(dataset), RunConfig.from_flat({"encoder": "minilm", "min_dist": 0.3}))
    assert other.space != plan.space
    coarser = make_plan(facts_of(dataset), RunConfig.from_flat({"encoder": "minilm", "min_cluster_size": 40}))
    assert coarser.space == plan.space


def test_deleting_another_run_leaves_the_layout_even_for_records_of_earlier_versions(run):
    key, workspace, plan = run
    workspace.runs.update(key, results=[name for name in plan.results() if plan.space not in name])
    line = Line(workspace)
    line.go.set()
    made = made_by(line)
    made.start(key)
    ended(made, key)
    workspace.sweep()
    assert made.state(key)["state"] == "done"


def test_a_cancelled_one_is_made_anew_when_asked_again_and_a_failed_one_says_why(run):
    from explorer.errors import WorkerDied

    key, workspace, _ = run
    line = Line(workspace)
    made = made_by(line)
    made.start(key)
    made.cancel(key)
    line.go.set()
    assert ended(made, key)["state"] == "cancelled"
    with pytest.raises(NotReady, match="has no 3-D map yet"):
        made.places(key)
    line.fail = WorkerDied("the map worker ended.")
    made.start(key)
    told = ended(made, key)
    assert (told["state"], told["error"]) == ("failed", "the map worker ended.")
    line.fail = None
    made.start(key)
    assert ended(made, key)["state"] == "done"


def test_what_cannot_be_made_is_a_sentence(run, monkeypatch):
    key, workspace, _ = run
    made = made_by(Line(workspace))
    monkeypatch.setattr(spaces, "MOST_ROWS", ROWS - 1)
    with pytest.raises(TooManyRows, match="this run has 400 rows; a 3-D map can be turned with up to 399"):
        made.start(key)
    with pytest.raises(NotFound):
        made.start("0" * 16)


def test_a_killed_worker_leaves_nothing_half_and_the_next_one_makes_it(run, monkeypatch):
    key, workspace, plan = run
    with closing(Jobs(workspace)) as jobs:
        jobs.spaces.start(key)
        worker = jobs._workers["map"]
        process = until(lambda: worker._process, 30, "the worker")
        process.kill()
        told = ended(jobs.spaces, key)
        assert told["state"] == "failed"
        assert "worker" in told["error"]
        assert not workspace.results.has("project", plan.space)
        jobs.spaces.start(key)
        assert ended(jobs.spaces, key)["state"] == "done"


def test_points_in_three_dimensions_travel_with_the_labels_of_the_run(run):
    key, workspace, _ = run
    line = Line(workspace)
    line.go.set()
    made = made_by(line)
    made.start(key)
    ended(made, key)
    whole, places = open_run(key, workspace=workspace), made.places(key)
    body = answers.points(whole, places)
    n, dims = np.frombuffer(body, "<u4", 2, 4)
    sides = np.frombuffer(body, "<f4", 6, 16).reshape(3, 2)
    assert (n, dims, len(body)) == (ROWS, 3, 40 + 10 * ROWS)
    assert np.array_equal(np.frombuffer(body, "<i4", ROWS, 40), whole.clustering.labels)
    z = np.frombuffer(body, "<u2", ROWS, 40 + 8 * ROWS) / 65534 * (sides[2, 1] - sides[2, 0]) + sides[2, 0]
    assert z == pytest.approx(places[:, 2], abs=1e-3)
