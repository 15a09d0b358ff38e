"""Holds the last few finished runs open, for all who ask them.

It reads them when they are first asked for and knows no question.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import dataclass, field
from typing import Protocol

from explorer.neighbors import prepare_codes
from explorer.questions import viewed
from explorer.runs import open_run
from explorer.types import Run
from explorer.workspace import Workspace

RUNS_IN_MEMORY = 4
PREPARE_SECONDS = 4
"""After which the compiled search of a run of very many rows is made ready, or the first click would wait for it; at
once it would take the processor from the page that opens."""


class Remembering(Protocol):
    """Remembers answers of runs or datasets."""

    def forget(self, first: str) -> None:
        """Let go of what is of this one."""


@dataclass(frozen=True)
class Opened:
    """The runs of a workspace that are open; safe to use from several threads."""

    workspace: Workspace
    _runs: OrderedDict[str, Run] = field(default_factory=OrderedDict)
    _guard: threading.Lock = field(default_factory=threading.Lock)
    _answers: list[Remembering] = field(default_factory=list)

    def also(self, *answers: Remembering) -> None:
        """Have answers let go of runs and datasets with it: their keys are, or begin with, those of these."""
        self._answers.extend(answers)

    def run(self, key: str, *, take_in: float | None = None) -> Run:
        """Return a finished run, as seen with noise taken in; the last few stay open.  Raises NotFound, NotReady."""
        return viewed(self._run(key), take_in)

    def forget(self, key: str | None = None) -> None:
        """Close a run, or all of them: what is known of it has changed.

        What was answered of a run or a dataset of this *key* is forgotten with it.
        """
        with self._guard:
            if key is None:
                self._runs.clear()
                return
            self._runs.pop(key, None)
        for answers in self._answers:
            answers.forget(key)

    def _run(self, key: str) -> Run:
        with self._guard:
            if key in self._runs:
                self._runs.move_to_end(key)
                return self._runs[key]
        run = open_run(key, workspace=self.workspace, on_disk=True)
        if run.embeddings.codes is not None:
            soon = threading.Timer(PREPARE_SECONDS, prepare_codes)
            soon.daemon = True
            soon.start()
        with self._guard:
            self._runs[key] = run
            while len(self._runs) > RUNS_IN_MEMORY:
                self._runs.popitem(last=False)
        if not self.workspace.runs.has(key):  # deleted while it was read: it does not stay open
            self.forget(key)
            self.workspace.runs.record(key)
        return run
