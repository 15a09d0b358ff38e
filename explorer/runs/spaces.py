"""Makes the 3-D maps of finished runs: on demand, in the map worker, once for all runs that share one.

It computes nothing itself and shows nothing; a layout is a stage result like any other, named by the plan.
"""

from __future__ import annotations

import logging
import threading
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from explorer.errors import Cancelled, ExplorerError, NotReady, TooManyRows
from explorer.runs.plan import Plan, done
from explorer.runs.stored import projection_from
from explorer.runs.workers import WorkerProcess
from explorer.types import FloatArray, Projection
from explorer.workspace import Workspace

log = logging.getLogger(__name__)
MOST_ROWS = 200_000
"""A 3-D map is turned by drawing every row in every frame, without a sample; beyond this many that is no turning."""


@dataclass
class _Making:
    runs: set[str] = field(default_factory=set)
    cancelled: threading.Event = field(default_factory=threading.Event)
    progress: dict[str, Any] = field(default_factory=dict)
    waiting_for: str = ""
    state: str = "queued"
    error: str = ""
    thread: threading.Thread | None = None


class Spaces:
    """The 3-D maps that a server makes; *sentence* says of a worker's role and a run what is waited for."""

    def __init__(self, workspace: Workspace, worker: WorkerProcess, *, sentence: Callable[[str, str], str]) -> None:
        self._workspace, self._worker, self._sentence = workspace, worker, sentence
        self._makings: dict[str, _Making] = {}
        self._guard = threading.Lock()
        self._closing = False

    def start(self, run: str) -> dict[str, Any]:
        """Have the 3-D map of a run made unless it is there or on its way, and return its `state`.

        Raises NotFound, NotReady for a run without neighbours, and TooManyRows.
        """
        plan = self._plan(run)
        with self._guard:
            if self._workspace.results.has("project", plan.space):
                return self._state(run, plan)
            making = self._makings.get(plan.space)
            if making is None or making.thread is None or not making.thread.is_alive() or making.cancelled.is_set():
                before = making.thread if making else None
                self._workspace.runs.update(run, results=plan.results())  # those of earlier versions do not name it
                making = self._makings[plan.space] = _Making()
                making.thread = threading.Thread(target=self._make, args=(making, plan, before), daemon=True)
                making.thread.start()
            making.runs.add(run)
            return self._state(run, plan)

    def state(self, run: str) -> dict[str, Any]:
        """Return how far the 3-D map of a run is, and how faithful it is when it is there.

        *state* is none, queued, running, done, failed or cancelled.  Raises as `start` does.
        """
        return self._state(run, self._plan(run))

    def cancel(self, run: str, *, wait: float = 0.0) -> None:
        """Stop making a run's 3-D map, unless another run waits for the same one; *wait* seconds for it to stop."""
        plan = Plan.from_json(self._workspace.runs.record(run)["plan"])
        with self._guard:
            making = self._makings.get(plan.space)
            if making is None or run not in making.runs:
                return
            making.runs.discard(run)
            if making.runs:
                return
            making.cancelled.set()
        if wait and making.thread is not None:
            making.thread.join(timeout=wait)

    def forget(self, plan: Plan) -> None:
        """Let go of the making of a 3-D map whose last run is deleted."""
        with self._guard:
            making = self._makings.get(plan.space)
            if making is not None and not making.runs - {plan.run}:
                del self._makings[plan.space]

    def places(self, run: str) -> FloatArray:
        """Return float32 (n, 3) places, nan for rows without one; raises NotReady until they are there."""
        return self._projection(self._plan(run), run).xy

    def close(self) -> None:
        """Note that the worker is going to end; what was on its way is begun anew when it is asked for again."""
        self._closing = True

    def _plan(self, run: str) -> Plan:
        record = self._workspace.runs.record(run)
        plan = Plan.from_json(record["plan"])
        if not done(self._workspace, plan, "neighbors"):
            raise NotReady(f"run {run} is {record['state']} and has no neighbours yet; a 3-D map is made of them.")
        rows = self._workspace.datasets.record(plan.dataset)["rows"]
        if rows > MOST_ROWS:
            raise TooManyRows(
                f"this run has {rows:,} rows; a 3-D map can be turned with up to {MOST_ROWS:,}. Use the map, "
                "or explore a part of the data."
            )
        return plan

    def _projection(self, plan: Plan, run: str) -> Projection:
        if not self._workspace.results.has("project", plan.space):
            raise NotReady(f"run {run} has no 3-D map yet; POST /api/v1/runs/{run}/space makes it.")
        return projection_from(self._workspace.results.load("project", plan.space))

    def _state(self, run: str, plan: Plan) -> dict[str, Any]:
        if self._workspace.results.has("project", plan.space):
            made = self._projection(plan, run)
            seconds = self._workspace.results.load("project", plan.space).record["seconds"]
            faithful = {"trustworthiness": made.trustworthiness, "continuity": made.continuity}
            measured = {"trust_k": made.trust_k, "trust_rows": made.trust_rows}
            return {"run": run, "state": "done", "method": made.method, **faithful, **measured, "seconds": seconds}
        making = self._makings.get(plan.space) or _Making(state="none")
        told = {"progress": making.progress, "waiting_for": making.waiting_for, "error": making.error}
        return {"run": run, "state": making.state, **told}

    def _make(self, making: _Making, plan: Plan, before: threading.Thread | None) -> None:
        if before is not None:
            before.join()
        try:
            self._ask(making, plan)
            making.state = "done"
        except Cancelled:
            making.state = "cancelled"
        except ExplorerError as exc:
            making.state, making.error = ("none", "") if self._closing else ("failed", str(exc))
        except Exception as exc:
            log.exception("the 3-D map %s failed", plan.space)
            making.state = "failed"
            making.error = f"something unforeseen went wrong ({exc}); the log is in {self._workspace.path}/logs."

    def _ask(self, making: _Making, plan: Plan) -> None:
        """Have the worker run the stage `project` of the plan in three dimensions, when its turn comes."""

        def waiting(run: str) -> None:
            making.waiting_for = self._sentence("map", run) if run else ""

        def progress(told: dict[str, Any]) -> None:
            making.progress = told

        request = {"do": "stage", "plan": plan.in_space().to_json(), "stage": "project", "device": "cpu"}
        with self._worker.turn(f"space-{uuid.uuid4().hex}", waiting=waiting, cancelled=making.cancelled):
            making.state = "running"
            if not self._workspace.results.has("project", plan.space):
                self._worker.call(request, progress=progress, cancelled=making.cancelled)
