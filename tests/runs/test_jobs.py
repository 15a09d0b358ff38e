"""What is decided about runs before a worker is asked."""

import io
import json
import queue
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from types import SimpleNamespace

import numpy as np
import pytest

from explorer import ingest
from explorer.config import RunConfig
from explorer.errors import Cancelled, NotReady, WorkerDied
from explorer.kinds import packed
from explorer.runs import workers
from explorer.runs.elsewhere import packed_vectors
from explorer.runs.facts import facts_of
from explorer.runs.jobs import Jobs, _likely_encoders
from explorer.runs.lifeline import start_tied
from explorer.runs.pipeline import open_record
from explorer.runs.plan import make_plan
from explorer.runs.stages import run_stage
from explorer.runs.worker import Worker
from explorer.runs.workers import WorkerProcess
from explorer.workspace.folder import Workspace
from explorer.workspace.locks import alone
from tests.servers import until


@pytest.fixture
def workspace(tmp_path):
    return Workspace(tmp_path / "w")


def record(workspace, encoder, state, created):
    dataset = workspace.datasets.add(ingest.load_text("one thing\nanother thing\n", name=encoder))
    plan = make_plan(facts_of(dataset), RunConfig.from_flat({"encoder": encoder}))
    open_record(workspace, plan)
    workspace.runs.update(plan.run, state=state, created=created)


def test_the_encoders_of_the_newest_finished_runs_are_loaded_before_anybody_asks(workspace):
    assert _likely_encoders(workspace) == ["minilm"]
    record(workspace, "conse", "done", "2026-01-02")
    assert _likely_encoders(workspace) == ["conse", "minilm"]
    record(workspace, "clip", "done", "2026-01-03")  # its weights are not here: nothing is downloaded for a guess
    record(workspace, "st:nobody/nothing", "done", "2026-01-03")
    assert _likely_encoders(workspace) == ["conse", "minilm"]
    record(workspace, "minilm", "failed", "2026-01-04")
    assert _likely_encoders(workspace) == ["conse", "minilm"]
    record(workspace, "minilm", "done", "2026-01-04")
    assert _likely_encoders(workspace) == ["minilm", "conse"]


def test_a_run_that_another_process_works_on_is_left_to_it_and_interrupted_when_that_ends(workspace):
    record(workspace, "minilm", "running", "2026-01-01")
    (run,) = [one["run"] for one in workspace.runs.records()]
    with alone(workspace.runs.lock(run), waiting=pytest.fail):
        jobs = Jobs(workspace)
        assert jobs.settled(workspace.runs.record(run))["state"] == "running"
        assert jobs.resume(run) == run
        with pytest.raises(NotReady, match="another command"):
            jobs.delete(run)
        assert jobs.live(run) == ({}, "")
    assert jobs.settled(workspace.runs.record(run))["state"] == "interrupted"
    workspace.runs.update(run, state="done")
    assert jobs.settled({**workspace.runs.record(run), "state": "running"})["state"] == "done"


class Lengths:
    """An encoder for tests: a text's vector tells its length."""

    dim, modalities = 2, frozenset({"text"})

    def __init__(self, name):
        self.name = self.fingerprint = name

    def batch_size(self, item):
        return 8

    def encode(self, items):
        angles = np.array([len(item) for item in items], np.float32)
        return np.stack([np.cos(angles), np.sin(angles)], axis=1)

    def truncates(self, items):
        return np.zeros(len(items), np.bool_)


def test_vectors_that_another_process_computes_are_waited_for(workspace):
    dataset = workspace.datasets.add(ingest.load_text("one thing\nanother thing\n", name="two"))
    plan = make_plan(facts_of(dataset), RunConfig())
    notes = []
    with ExitStack() as other:
        other.enter_context(alone(workspace.results.lock("embed", plan.keys["embed"]), waiting=pytest.fail))

        def progress(p):
            notes.append(p.note)
            if "waiting" in p.note:
                other.close()

        run_stage(workspace, plan, "embed", encoder=Lengths, progress=progress)
    assert any("waiting" in note for note in notes)
    assert workspace.results.has("embed", plan.keys["embed"])
    workspace.sweep()
    assert list((workspace.path / "stages").iterdir()) == []


def test_what_an_ended_process_was_asked_fails_though_a_newer_one_runs(workspace, monkeypatch):
    worker = WorkerProcess("encode", workspace.path, device="cpu")
    monkeypatch.setattr(WorkerProcess, "_read", lambda *_: None)  # the news of an end comes late
    asked, newer = queue.Queue(), queue.Queue()
    worker._send({"do": "encode", "encoder": "minilm", "item": packed("one")}, asked)
    old = worker._process
    old.kill()
    old.wait()
    worker._send({"do": "encode", "encoder": "minilm", "item": packed("two")}, newer)
    assert worker._process is not old
    monkeypatch.undo()
    worker._read(old, queue.SimpleQueue())
    assert "died" in asked.get(timeout=5)
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


FAKE_WORKER = """
import json, os, signal, sys
for line in sys.stdin:
    asked = json.loads(line)
    if asked["do"] == "stage":
        for said in ("begun", "progress"):
            print(json.dumps({"id": asked["id"], said: {}}), flush=True)
        signal.pause()
    elif asked["do"] == "encode":
        print(json.dumps({"id": asked["id"], "done": {"process": os.getpid()}}), flush=True)
    elif asked["do"] == "names":
        print(json.dumps({"id": asked["id"], "ask": {"texts": ["lost card"]}}), flush=True)
    elif asked["do"] == "told":
        print(json.dumps({"id": asked["id"], "done": asked}), flush=True)
"""
"""Begins a stage and never ends it; answers a search with its process id; asks for names' vectors and says them."""


@pytest.fixture
def worker(workspace, monkeypatch):
    def start(command, **options):
        return start_tied([sys.executable, "-c", FAKE_WORKER], **options)

    monkeypatch.setattr(workers, "start_tied", start)
    monkeypatch.setattr(workers, "CANCEL_GRACE", 0.0)
    worker = WorkerProcess("encode", workspace.path, device="cpu")
    yield worker
    worker.close()


@pytest.fixture
def search(worker):
    """A search in a thread of its own: call it to have it wait in the worker's line."""
    with ThreadPoolExecutor(1) as pool:

        def ask():
            waiting = len(worker._replies)
            future = pool.submit(worker.call, {"do": "encode"})
            until(lambda: len(worker._replies) > waiting, 20, "the search to be sent")
            return future

        yield ask
        worker.close()


def test_a_cancelled_stage_ends_its_worker_and_the_search_behind_it_is_asked_again(worker, search):
    cancelled, searches, ended = threading.Event(), [], []

    def progress(_):
        ended.append(worker._process)
        searches.append((worker._process.pid, search()))
        cancelled.set()

    with pytest.raises(Cancelled):
        worker.call({"do": "stage"}, progress=progress, cancelled=cancelled)
    ((before, answer),) = searches
    assert answer.result(timeout=20)["process"] == worker._process.pid != before
    until(lambda: ended[0].stdin.closed and ended[0].stdout.closed, 20, "the pipes of the ended worker to be closed")


def test_a_worker_that_loads_a_model_is_left_when_cancelled_and_ended_only_if_it_holds_others_up(
    worker, search, monkeypatch
):
    cancelled = threading.Event()
    with pytest.raises(Cancelled):
        worker.call({"do": "stage"}, progress=lambda _: cancelled.set(), cancelled=cancelled, patient=True)
    before = worker._process.pid
    assert worker._process.poll() is None
    answer = search()
    assert worker._process.pid == before
    monkeypatch.setattr(workers, "LEFT_GRACE", 0.0)
    assert answer.result(timeout=20)["process"] == worker._process.pid != before


def test_a_stage_cancelled_before_its_turn_in_the_process_leaves_what_is_before_it_alone(worker):
    begun, cancelled = threading.Event(), threading.Event()
    with ThreadPoolExecutor(1) as pool, closing(worker):
        first = pool.submit(worker.call, {"do": "stage"}, progress=lambda _: begun.set())
        assert begun.wait(20)
        before = worker._process.pid
        cancelled.set()
        with pytest.raises(Cancelled):
            worker.call({"do": "stage"}, cancelled=cancelled)
        assert not first.done()
        assert worker._process.pid == before
    assert isinstance(first.exception(timeout=20), WorkerDied)


def test_what_a_worker_asks_in_between_is_answered_or_it_is_told_why_not(worker):
    told = worker.call({"do": "names"}, asked=lambda question: {"vectors": question["texts"]})
    assert told["vectors"] == ["lost card"]

    def dead(question):
        raise WorkerDied("the encode worker ended")

    assert worker.call({"do": "names"}, asked=dead)["error"] == "the encode worker ended"


def test_a_stage_takes_the_vectors_that_it_asked_for_and_no_others(workspace):
    inbox, out = SimpleNamespace(told=queue.Queue(), cancelled=set()), io.BytesIO()
    asking = Worker(workspace, "cpu", inbox, out)
    vectors = np.arange(6, dtype=np.float32).reshape(2, 3)
    inbox.told.put({"id": 3, **packed_vectors(-vectors)})  # came too late for a request that was cancelled
    inbox.told.put({"id": 7, **packed_vectors(vectors)})
    assert (asking._asked(7, "minilm", ["a", "b"]) == vectors).all()
    assert json.loads(out.getvalue()) == {"id": 7, "ask": {"encoder": "minilm", "texts": ["a", "b"]}}
    inbox.told.put({"id": 8, "error": "it ended"})
    with pytest.raises(WorkerDied, match="it ended"):
        asking._asked(8, "minilm", ["a"])
    inbox.cancelled.add(9)
    with pytest.raises(Cancelled):
        asking._asked(9, "minilm", ["a"])
