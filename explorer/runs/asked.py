"""What the map worker computes of a finished run when somebody asks for it first: other sizes, how sure clusters are.

It computes nothing itself; a result is kept like any other, named by the plan.
"""

from __future__ import annotations

import threading
import uuid

from explorer.errors import NotReady
from explorer.runs.plan import Plan, done
from explorer.runs.workers import WorkerProcess
from explorer.workspace import Workspace


class Asked:
    """The results that a server has made on demand."""

    def __init__(self, workspace: Workspace, worker: WorkerProcess) -> None:
        self._workspace, self._worker = workspace, worker

    def sweep_sizes(self, run: str) -> str:
        """Have the map worker try coarser and finer clusters of a run, once, and return the key of the result.

        Waits its turn behind what the worker is at.  Raises NotFound, NotReady.
        """
        plan = self._with_tree(run)
        self._ask_once(plan, "stability", plan.stability)
        return plan.stability

    def measure_sureness(self, run: str) -> str:
        """Have the map worker cluster a run's rows again and again, once, and return the key of the result.

        Waits its turn behind what the worker is at.  Raises NotFound, NotReady.
        """
        plan = self._with_tree(run)
        self._ask_once(plan, "sureness", plan.sureness)
        return plan.sureness

    def measure_agreement(self, run: str) -> str:
        """Have the map worker find how much repeats agree with each setting of a run's sweep, once; return the key.

        Waits its turn behind what the worker is at.  Raises NotFound, NotReady.
        """
        plan = self._with_tree(run)
        self._ask_once(plan, "agreement", plan.agreement)
        return plan.agreement

    def _ask_once(self, plan: Plan, what: str, key: str) -> None:
        if self._workspace.results.has(what, key):
            return
        worker = self._worker
        self._workspace.runs.update(plan.run, results=plan.results())  # those of earlier versions do not name it
        with worker.turn(f"{what}-{uuid.uuid4().hex}", waiting=lambda _run: None, cancelled=threading.Event()):
            worker.call({"do": what, "plan": plan.to_json()})
        if not self._workspace.runs.has(plan.run):
            self._workspace.sweep()  # deleted meanwhile: nobody needs what came of it

    def swept(self, run: str) -> str:
        """Return the key of the result of `sweep_sizes`, "" while there is none.  Raises NotFound, NotReady."""
        plan = self._with_tree(run)
        return plan.stability if self._workspace.results.has("stability", plan.stability) else ""

    def _with_tree(self, run: str) -> Plan:
        """Return the plan of a run whose clusters can be cut anew; raises NotFound, NotReady, BadSetting."""
        plan = Plan.from_json(self._workspace.runs.record(run)["plan"])
        plan.check_cut()
        if not plan.stability or not done(self._workspace, plan, "cluster"):
            raise NotReady(f"the run {run} has no tree of clusters yet; wait for it, or explore the dataset again.")
        return plan
