"""Start, watch, cancel and resume runs in the background, on two warm workers: encoding, and map.

It does not compute anything itself; it walks a plan as `pipeline.walk` does and has the workers do the stages.
A run's record in the workspace tells its state; what is written there outlives this process.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from explorer.errors import Cancelled, ExplorerError, NotFound, NotReady
from explorer.runs.asked import Asked
from explorer.runs.deletions import Deletions
from explorer.runs.namings import Namings
from explorer.runs.pipeline import ENCODERS_IN_MEMORY, open_record, walk
from explorer.runs.plan import STAGES, Plan, done
from explorer.runs.queryvectors import Check, QueryVectors, any_encoder
from explorer.runs.sending import agree, asks_first, check_agreed
from explorer.runs.spaces import Spaces
from explorer.runs.states import States
from explorer.runs.workers import WorkerProcess
from explorer.workspace import Workspace, is_held, is_sample, nothing

log = logging.getLogger(__name__)
ACTIVE = ("queued", "running")
DRAFT_SECONDS = 0.2
"""How often it is looked whether a draft is there."""
STOP_SECONDS = 60.0
"""How long what is deleted is waited for to stop."""


@dataclass
class _Job:
    plan: Plan
    device: str
    cancelled: threading.Event = field(default_factory=threading.Event)
    progress: dict[str, Any] = field(default_factory=dict)
    waiting_for: str = ""
    thread: threading.Thread | None = None

    def tell(self, progress: dict[str, Any]) -> None:
        """Take how far it is."""
        self.progress = progress


class Jobs:
    """The runs that this server works on; make one for each workspace, inside `Workspace.exclusive`."""

    def __init__(self, workspace: Workspace, *, device: str = "auto", check: Check = any_encoder) -> None:
        self.workspace, self._check = workspace, check
        self._workers = {
            "encode": WorkerProcess(
                "encode", workspace.path, device=device, likely=partial(_likely_encoders, workspace)
            ),
            "map": WorkerProcess("map", workspace.path, device=device),
        }
        self.spaces = Spaces(workspace, self._workers["map"], sentence=partial(_sentence, workspace))
        self.asked = Asked(workspace, self._workers["map"])
        self.namings = Namings(workspace)
        self.queries = QueryVectors(self._workers["encode"], check=check)
        self._device = device
        self._jobs: dict[str, _Job] = {}
        self._guard = threading.RLock()
        self._deletions = Deletions(self._guard)
        self._closing = False
        self._states = States(workspace)
        for record in workspace.runs.records():
            self.settled(record)

    def warm(self) -> None:
        """Start both workers and have them load what they will need; returns at once."""
        for worker in self._workers.values():
            threading.Thread(target=worker.warm, daemon=True).start()

    def start(self, plan: Plan, *, device: str | None = None, agreed: bool = False) -> str:
        """Start a run, or resume it; one that is running, here or in another process, or done is left alone.

        *agreed*: its encoder may have the items.  Returns its key.  Raises NotFound, NotAgreed, and CannotWrite.
        """
        self._check(plan.config.embed.encoder)
        if not agreed:
            check_agreed(self.workspace, plan)
        with self._guard:
            self._deletions.wait(plan.run, plan.dataset)
            if not self.workspace.runs.has(plan.run):
                self.workspace.check_room()
            record = open_record(self.workspace, plan, device=device or self._device)
            plan = Plan.from_json(record["plan"])  # of one that is here: it may keep names of others
            if agreed:
                agree(self.workspace, plan)
            before = self._jobs.get(plan.run)
            if before is not None and not before.cancelled.is_set() and before.thread and before.thread.is_alive():
                return plan.run
            whole = record["state"] == "done" and all(done(self.workspace, plan, stage) for stage in STAGES)
            if whole or is_held(self.workspace.runs.lock(plan.run)):
                return plan.run
            self.workspace.check_room()
            self._states.tell(plan.run, state="queued", error="")
            job = _Job(plan, device or record["device"])
            job.thread = threading.Thread(target=self._work, args=(job, before), daemon=True)
            self._jobs[plan.run] = job
            job.thread.start()
        return plan.run

    def resume(self, run: str) -> str:
        """Start a run again that was interrupted, cancelled or failed; raises NotFound."""
        plan = Plan.from_json(self.workspace.runs.record(run)["plan"])
        with self._guard:
            self._deletions.wait(plan.run, plan.dataset)
            self.workspace.runs.record(run)  # else it would come back
            return self.start(plan)

    def cancel(self, run: str) -> None:
        """Stop a run; what is finished stays. One that is not active is left alone.

        Raises NotFound, and NotReady for a run that another process computes.
        """
        with self._guard:
            record = self._states.told(self.workspace.runs.record(run))
            job = self._jobs.get(run)
            if job is not None and record["state"] in ACTIVE:
                job.cancelled.set()
                self._states.tell(run, state="cancelled")
            elif is_held(self.workspace.runs.lock(run)):
                raise NotReady(f"“{record['name']}” is computed by another command; stop it where it was started.")

    def settled(self, record: dict[str, Any]) -> dict[str, Any]:
        """Return a run's record, told to be interrupted when nobody works on it: not this server, no other process.

        Where that cannot be written it is told all the same.
        """
        run = record["run"]
        with self._guard:
            record = self._states.told(record)
            job = self._jobs.get(run)
            ours = job is not None and job.thread is not None and job.thread.is_alive()
            if record["state"] not in ACTIVE or ours or is_held(self.workspace.runs.lock(run)):
                return record
            record = self.workspace.runs.record(run)  # again: whoever held the lock has told how it ended
            return self._states.tell(run, state="interrupted") if record["state"] in ACTIVE else record

    def live(self, run: str) -> tuple[dict[str, Any], str]:
        """Return the progress of a run that this server works on, and what it waits for ("" for nothing)."""
        job = self._jobs.get(run)
        return (job.progress, job.waiting_for) if job is not None else ({}, "")

    def delete(self, run: str, *, check: Callable[[], None] = nothing) -> None:
        """Stop a run, wait until it has stopped, and remove it, unless *check* raises something.

        Raises NotFound, NotReady, CannotWrite.
        """
        with self._deletions.of(run):
            check()
            self._stop(run)
            self.workspace.delete_run(run, check=check)

    def delete_dataset(self, key: str, *, check: Callable[[], None] = nothing) -> list[str]:
        """Stop and remove all runs of a dataset, and the dataset, unless *check* raises something.

        Returns the keys of the runs.  Raises NotFound, NotReady, CannotWrite.
        """
        with self._deletions.of(key):
            check()
            runs = [str(record["run"]) for record in self.workspace.runs.records() if record["dataset"] == key]
            for run in runs:
                with suppress(NotFound):  # somebody else was first
                    self._stop(run)
            self.workspace.delete_dataset(key, check=check)
        return runs

    def _stop(self, run: str) -> None:
        """Stop whatever is computed of a run, and wait for that."""
        self.cancel(run)
        with self._guard:
            job = self._jobs.pop(run, None)
        if job is not None and job.thread is not None:
            job.thread.join(timeout=STOP_SECONDS)
        self.spaces.cancel(run, wait=STOP_SECONDS)
        self.spaces.forget(Plan.from_json(self.workspace.runs.record(run)["plan"]))
        self.namings.cancel(run, wait=STOP_SECONDS)
        self.namings.forget(run)
        self._states.forget(run)

    def close(self) -> None:
        """End the workers; runs that were active are left to be resumed."""
        self._closing = True
        self.spaces.close()
        self.namings.close()
        for worker in self._workers.values():
            worker.close()
        for job in list(self._jobs.values()):
            if job.thread is not None:
                job.thread.join(timeout=5)

    def _work(self, job: _Job, before: _Job | None) -> None:
        if before is not None and before.thread is not None:
            before.thread.join()
        state, error = "done", ""
        try:
            if job.cancelled.is_set():
                raise Cancelled("the run was cancelled.")
            walk(self.workspace, job.plan, lambda stage: self._stage(job, stage))
        except Cancelled:
            state = "cancelled"
        except NotFound as exc:
            state, error = "failed", str(exc)
        except ExplorerError as exc:
            state, error = ("interrupted", "") if self._closing else ("failed", str(exc))
        except Exception as exc:
            log.exception("run %s failed", job.plan.run)
            state, error = "failed", f"something unforeseen went wrong ({exc}); the server's log says more."
        self._note(job, state, error)

    def _note(self, job: _Job, state: str, error: str) -> None:
        with self._guard:
            if self._jobs.get(job.plan.run) not in (job, None):
                return  # resumed in the meantime: the newer job tells the state
            try:
                self._states.tell(job.plan.run, state=state, error=error)
                return
            except NotFound:
                log.info("run %s was deleted while it ran", job.plan.run)
        self.workspace.sweep()

    def _stage(self, job: _Job, stage: str) -> dict[str, Any]:
        worker = self._workers["encode" if stage == "embed" else "map"]
        patient = stage == "embed" and _is_here(job.plan.config.embed.encoder)  # no download is waited for
        job.progress = {"stage": stage, "done": 0, "total": 0, "rate": None, "eta_s": None, "note": ""}

        def waiting(run: str) -> None:
            job.waiting_for = _sentence(self.workspace, worker.role, run) if run else ""

        _await_draft(self, job, stage)
        asked = partial(_encoded, self._workers["encode"], self._check, job.cancelled)
        yields = _is_of_sample(self.workspace, job.plan.dataset)
        with worker.turn(job.plan.run, waiting=waiting, cancelled=job.cancelled, yields=yields):
            if done(self.workspace, job.plan, stage):  # a run that shares it was before us in the line
                rows = self.workspace.datasets.record(job.plan.dataset)["rows"]
                return {"reused": rows} if stage == "embed" else {}
            with self._guard:
                if not job.cancelled.is_set():
                    self._states.tell(job.plan.run, state="running")
            request = {"do": "stage", "plan": job.plan.to_json(), "stage": stage, "device": job.device}
            return worker.call(request, progress=job.tell, asked=asked, cancelled=job.cancelled, patient=patient)


def _await_draft(jobs: Jobs, job: _Job, stage: str) -> None:
    """Have the draft made that a run begins with: the encoder goes on while it is drawn, the map waits for it.

    Raises Cancelled, and NotReady where it came to nothing.
    """
    draft = job.plan.draft
    if draft is None or stage not in ("embed", "project"):
        return
    needed = STAGES[:1] if stage == "embed" else STAGES
    jobs.start(draft, device=job.device)
    while not all(done(jobs.workspace, draft, one) for one in needed):
        job.waiting_for = "the draft map, which comes first"
        if job.cancelled.wait(DRAFT_SECONDS):
            raise Cancelled("the run was cancelled.")
        record = jobs.settled(jobs.workspace.runs.record(draft.run))
        if record["state"] not in (*ACTIVE, "done"):
            raise NotReady(" ".join(filter(None, (f"its draft was {record['state']}.", record["error"], "Resume it."))))
    job.waiting_for = ""


def _encoded(
    worker: WorkerProcess, check: Check, cancelled: threading.Event, question: dict[str, Any]
) -> dict[str, Any]:
    """Have the worker that holds encoders answer what another one asks, unless the encoder is not to be asked."""
    check(question["encoder"])
    return worker.call({"do": "encode", **question}, cancelled=cancelled)


def _likely_encoders(workspace: Workspace) -> list[str]:
    """Return what the next search or run will need: the encoders of the newest finished runs, if they are here."""
    from explorer import encoders

    records = workspace.runs.records()
    used = [record["settings"]["encoder"] for record in records if record["state"] == "done"]
    named = dict.fromkeys([*used, encoders.default_encoder(())])
    return [name for name in named if not asks_first(name) and encoders.is_here(name)][:ENCODERS_IN_MEMORY]


def _is_here(encoder: str) -> bool:
    from explorer import encoders

    return encoders.is_here(encoder)


def _is_of_sample(workspace: Workspace, dataset: str) -> bool:
    """Whether a dataset came with the program: nobody waits for its map who has data of their own."""
    try:
        return is_sample(workspace.datasets.record(dataset))
    except NotFound:  # deleted meanwhile
        return False


def _sentence(workspace: Workspace, role: str, run: str) -> str:
    """Say what is waited for: a worker, and the run that it is busy with."""
    what = "part that reads" if role == "encode" else "part that draws maps"
    try:
        return f"the {what}, which is busy with “{workspace.runs.record(run)['name']}”"
    except NotFound:
        return f"the {what}"
