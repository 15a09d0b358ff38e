"""Has a language model name the clusters of runs in the background: one run at a time, in a thread of this process.

It asks and keeps nothing itself (`naming` does) and needs none of the workers: an answer is waited for, not computed.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from explorer.description import Asking
from explorer.errors import Cancelled, ExplorerError, NotFound
from explorer.runs.endpoint import LOOK_SECONDS, Endpoint
from explorer.runs.naming import name_clusters
from explorer.types import Progress
from explorer.workspace import Workspace

log = logging.getLogger(__name__)
WORKING = ("queued", "running")


@dataclass
class _Naming:
    endpoint: Endpoint
    cancelled: threading.Event = field(default_factory=threading.Event)
    state: str = "queued"
    error: str = ""
    done: int = 0
    total: int = 0
    unusable: int = 0
    thread: threading.Thread | None = None


class Namings:
    """The names that a server has made."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._namings: dict[str, _Naming] = {}
        self._guard = threading.Lock()
        self._turn = threading.Lock()

    def start(self, run: str, endpoint: Endpoint, asking: Asking, *, again: bool, ended: Callable[[], object]) -> None:
        """Have a run's clusters named, unless somebody is at it; *ended* is called when it ends, however that is."""
        asking.check()
        with self._guard:
            before = self._namings.get(run)
            if before is not None and before.state in WORKING and not before.cancelled.is_set():
                return
            naming = self._namings[run] = _Naming(endpoint)
            naming.thread = threading.Thread(target=self._name, args=(run, naming, asking, again, ended), daemon=True)
            naming.thread.start()

    def state(self, run: str) -> dict[str, Any]:
        """Return how far the naming of a run is: *state* is none, queued, running, done, failed or cancelled.

        *unusable* groups got no usable answer and keep their names.
        """
        naming = self._namings.get(run)
        if naming is None:
            return {"state": "none", "done": 0, "total": 0, "unusable": 0, "error": ""}
        state = "cancelled" if naming.cancelled.is_set() and naming.state in WORKING else naming.state
        told = {"done": naming.done, "total": naming.total, "unusable": naming.unusable, "error": naming.error}
        return {"state": state, **told}

    def cancel(self, run: str, *, wait: float = 0.0) -> None:
        """Stop naming a run's clusters, those that are named stay; *wait* seconds for it to stop."""
        naming = self._namings.get(run)
        if naming is None:
            return
        naming.cancelled.set()
        if wait and naming.thread is not None:
            naming.thread.join(timeout=wait)

    def forget(self, run: str) -> None:
        """Let go of a run that is deleted: one of the same key begins anew."""
        self._namings.pop(run, None)

    def close(self) -> None:
        """Stop all of it."""
        for run in list(self._namings):
            self.cancel(run)

    def _name(self, run: str, naming: _Naming, asking: Asking, again: bool, ended: Callable[[], object]) -> None:
        def progress(told: Progress) -> None:
            if naming.cancelled.is_set():
                raise Cancelled("the naming was stopped.")
            naming.done, naming.total = told.done, told.total

        try:
            while not self._turn.acquire(timeout=LOOK_SECONDS):
                progress(Progress("name", 0, 0))
            try:
                naming.state = "running"
                told = name_clusters(self._workspace, run, naming.endpoint, asking, again=again, progress=progress)
            finally:
                self._turn.release()
            naming.unusable, state = told["unusable"], "done"
        except (Cancelled, NotFound):  # not found: deleted meanwhile
            state = "cancelled"
        except ExplorerError as exc:
            naming.error, state = str(exc), "failed"
        except Exception as exc:
            log.exception("naming the clusters of %s failed", run)
            naming.error, state = f"something unforeseen went wrong ({type(exc).__name__}).", "failed"
        ended()
        naming.state = state
