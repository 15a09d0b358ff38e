"""Deleting what is computed, and asking for the very same again at once: a deletion takes nothing of the new one."""

import random
import threading
from contextlib import closing

import pytest

from explorer.config import RunConfig
from explorer.errors import Cancelled, NotFound
from explorer.runs import facts_of, make_plan
from explorer.runs.jobs import ACTIVE, Jobs
from explorer.runs.namings import _Naming
from explorer.runs.spaces import _Making
from explorer.runs.stages import run_stage
from explorer.server.once import Once
from explorer.server.opened import Opened
from explorer.workspace import Workspace
from explorer.workspace.locks import alone
from tests.fire.test_deleted import Drawn, Hands
from tests.servers import until
from tests.workspace.test_folder import dataset

ROUNDS = 5


class Slow(Hands):
    """A worker that encodes, slowly, and has the other stages done by saying so."""

    def __init__(self, workspace: Workspace) -> None:
        super().__init__(workspace)
        self.begun, self.go_on = threading.Event(), threading.Event()

    def call(self, message, *, cancelled, **_):
        if message["stage"] != "embed":
            return {}
        self.begun.set()
        assert self.go_on.wait(20)
        if cancelled.is_set():
            raise Cancelled("the run was cancelled.")
        return super().call(message)


@pytest.fixture
def jobs(tmp_path):
    workspace = Workspace(tmp_path / "w")
    with closing(Jobs(workspace)) as made:
        made.hands = Slow(workspace)
        made._workers.update(encode=made.hands, map=made.hands)
        yield made
        made.hands.go_on.set()


def add(workspace: Workspace):
    workspace.datasets.add(dataset(items=[f"text {n}" for n in range(40)]))
    return make_plan(facts_of(workspace.datasets.record("k1")), RunConfig.from_flat({"encoder": "minilm"}))


def ended(jobs: Jobs, run: str) -> dict:
    def look():
        told = jobs.settled(jobs.workspace.runs.record(run))
        return told if told["state"] not in ACTIVE else None

    return until(look, 20, "the run to end")


@pytest.mark.parametrize("again", ["start", "resume"])
def test_a_run_that_is_asked_for_while_it_is_deleted_waits_and_is_not_there(jobs, again):
    plan, said = add(jobs.workspace), []
    jobs.start(plan)
    assert jobs.hands.begun.wait(20)

    def ask() -> None:
        try:
            said.append(jobs.start(plan) if again == "start" else jobs.resume(plan.run))
        except NotFound as exc:
            said.append(exc)

    deleting = threading.Thread(target=jobs.delete_dataset, args=("k1",))
    deleting.start()
    until(lambda: jobs._deletions._keys["k1"], 5, "the deletion to begin")
    asking = threading.Thread(target=ask)
    asking.start()
    asking.join(0.2)
    assert said == []
    jobs.hands.go_on.set()
    deleting.join()
    asking.join()
    assert isinstance(said[0], NotFound)
    assert jobs.workspace.runs.records() == [] == list((jobs.workspace.path / "stages").glob("*.part"))
    assert ended(jobs, jobs.start(add(jobs.workspace)))["state"] == "done"


def test_a_crowd_deletes_and_begins_the_same_run_and_none_fails(jobs):
    jobs.hands.go_on.set()
    wrong = []

    def go_on(number: int) -> None:
        chance = random.Random(number)
        for _ in range(ROUNDS):
            try:
                told = ended(jobs, jobs.start(add(jobs.workspace)))
                wrong.extend([told["error"]] if told["state"] == "failed" else [])
                if chance.random() < 0.5:
                    jobs.delete_dataset("k1")
            except NotFound:  # somebody else deleted it
                pass
            except Exception as exc:  # noqa: BLE001
                wrong.append(exc)

    threads = [threading.Thread(target=go_on, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
    jobs.workspace.sweep()
    assert ended(jobs, jobs.start(add(jobs.workspace)))["state"] == "done"


def test_what_a_worker_computes_is_swept_when_it_lets_go_of_it(tmp_path):
    workspace = Workspace(tmp_path)
    plan = add(workspace)
    folder = workspace.results.unfinished("embed", plan.keys["embed"])

    def progress(told) -> None:
        if told.done:
            workspace.sweep()  # no record names it: its run is deleted
            assert (folder / "vectors.npy").exists()

    run_stage(workspace, plan, "embed", encoder=Drawn, progress=progress)
    folder.mkdir()
    with alone(workspace.results.lock("embed", plan.keys["embed"]), waiting=pytest.fail):
        workspace.sweep()
        assert folder.exists()
    workspace.sweep()
    assert list((workspace.path / "stages").iterdir()) == []


def test_what_is_known_of_a_deleted_run_is_forgotten_with_it(jobs):
    plan = add(jobs.workspace)
    jobs.hands.go_on.set()
    ended(jobs, jobs.start(plan))
    jobs._states._unwritten[plan.run] = {"state": "cancelled"}
    jobs.namings._namings[plan.run] = _Naming(None, state="failed", error="that of before")
    jobs.spaces._makings[plan.space] = _Making({plan.run}, state="done")
    jobs.delete_dataset("k1")
    again = add(jobs.workspace)
    assert again.run == plan.run
    assert ended(jobs, jobs.start(again))["state"] == "done"
    assert (jobs.namings.state(plan.run)["state"], jobs.spaces._state(plan.run, plan)["state"]) == ("none", "none")


def test_answers_about_a_run_or_a_dataset_are_forgotten_with_it(tmp_path):
    opened, answers = Opened(Workspace(tmp_path)), Once(8)
    opened.also(answers)
    for key in (("r", 1), ("r", 2), ("other", 1), "r"):
        answers.get(key, lambda key=key: key)
    opened.forget("r")
    assert [answers.get(key, lambda: "anew") for key in (("r", 1), "r", ("other", 1))] == ["anew", "anew", ("other", 1)]
