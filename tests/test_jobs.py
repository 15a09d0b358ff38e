"""What is decided about runs before a worker is asked."""

import threading
from contextlib import ExitStack

import numpy as np
import pytest

from explorer import ingest
from explorer.alone import alone
from explorer.config import RunConfig
from explorer.errors import Cancelled, NotReady, WorkerDied
from explorer.jobs import Jobs
from explorer.pipeline import open_record
from explorer.plan import facts_of, make_plan
from explorer.stages import run_stage
from explorer.workers import WorkerProcess
from explorer.workspace import Workspace


@pytest.fixture
def workspace(tmp_path):
    return Workspace(tmp_path / "w")


def record(workspace, encoder, state, created):
    dataset = workspace.add_dataset(ingest.load_text("one thing\nanother thing\n", name=encoder))
    plan = make_plan(facts_of(dataset), RunConfig.from_flat({"encoder": encoder}))
    open_record(workspace, plan)
    workspace.update_run(plan.run, state=state, created=created)


def test_the_encoders_of_the_newest_finished_runs_are_loaded_before_anybody_asks(workspace):
    assert Jobs(workspace)._likely_encoders() == ["minilm"]
    record(workspace, "conse", "done", "2026-01-02")
    assert Jobs(workspace)._likely_encoders() == ["conse", "minilm"]
    record(workspace, "clip", "done", "2026-01-03")  # its weights are not here: nothing is downloaded for a guess
    record(workspace, "st:nobody/nothing", "done", "2026-01-03")
    assert Jobs(workspace)._likely_encoders() == ["conse", "minilm"]
    record(workspace, "minilm", "failed", "2026-01-04")
    assert Jobs(workspace)._likely_encoders() == ["conse", "minilm"]
    record(workspace, "minilm", "done", "2026-01-04")
    assert Jobs(workspace)._likely_encoders() == ["minilm", "conse"]


def test_a_run_that_another_process_works_on_is_left_to_it_and_interrupted_when_that_ends(workspace):
    record(workspace, "minilm", "running", "2026-01-01")
    (run,) = [one["run"] for one in workspace.run_records()]
    with alone(workspace.run_lock(run), waiting=pytest.fail):
        jobs = Jobs(workspace)
        assert jobs.settled(workspace.run_record(run))["state"] == "running"
        assert jobs.resume(run) == run
        with pytest.raises(NotReady, match="another command"):
            jobs.delete(run)
        assert jobs.live(run) == ({}, "")
    assert jobs.settled(workspace.run_record(run))["state"] == "interrupted"
    workspace.update_run(run, state="done")
    assert jobs.settled({**workspace.run_record(run), "state": "running"})["state"] == "done"


class Lengths:
    """An encoder for tests: a text's vector tells its length."""

    dim, batch_size, modalities = 2, 8, frozenset({"text"})

    def __init__(self, name):
        self.name = self.fingerprint = name

    def encode(self, items):
        angles = np.array([len(item) for item in items], np.float32)
        return np.stack([np.cos(angles), np.sin(angles)], axis=1)

    def truncates(self, items):
        return np.zeros(len(items), np.bool_)


def test_vectors_that_another_process_computes_are_waited_for(workspace):
    dataset = workspace.add_dataset(ingest.load_text("one thing\nanother thing\n", name="two"))
    plan = make_plan(facts_of(dataset), RunConfig())
    notes = []
    with ExitStack() as other:
        other.enter_context(alone(workspace.stage_lock("embed", plan.keys["embed"]), waiting=pytest.fail))

        def progress(p):
            notes.append(p.note)
            if "another process" in p.note:
                other.close()

        run_stage(workspace, plan, "embed", encoder=Lengths, progress=progress)
    assert any("another process" in note for note in notes)
    assert workspace.has("embed", plan.keys["embed"])
    workspace.sweep()
    assert list((workspace.path / "stages").iterdir()) == []


def test_what_an_ended_process_was_asked_fails_though_a_newer_one_runs(workspace, monkeypatch):
    worker = WorkerProcess("encode", workspace.path, device="cpu")
    monkeypatch.setattr(WorkerProcess, "_read", lambda *_: None)  # the news of an end comes late
    _, asked = worker._send({"do": "encode", "encoder": "minilm", "text": "one"})
    old = worker._process
    old.kill()
    old.wait()
    _, newer = worker._send({"do": "encode", "encoder": "minilm", "text": "two"})
    assert worker._process is not old
    monkeypatch.undo()
    worker._read(old)
    assert asked.get(timeout=5)["error"]["kind"] == WorkerDied.__name__
    assert newer.empty()
    worker.close()


def test_who_waits_in_line_is_told_for_whom_and_can_leave_it(workspace):
    worker = WorkerProcess("map", workspace.path, device="cpu")
    cancelled, waits = threading.Event(), []

    def told(run):
        waits.append(run)
        cancelled.set()

    with worker.turn("first", waiting=waits.append, cancelled=threading.Event()):
        with pytest.raises(Cancelled), worker.turn("second", waiting=told, cancelled=cancelled):
            pass
        assert waits == ["", "first"]
    with worker.turn("third", waiting=waits.append, cancelled=threading.Event()):
        assert waits[-1] == ""
