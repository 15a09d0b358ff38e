"""Deletions that can be taken back: what is to go is told as such for a minute, and only then deleted.

It keeps nothing on disk: a server that is killed meanwhile has deleted nothing, one that is stopped deletes what waits.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TypeAlias

from explorer.errors import ExplorerError, NotFound
from explorer.server.datasets import Datasets
from explorer.server.runs import Runs

log = logging.getLogger(__name__)
UNDO_SECONDS = 60.0
"""For how long a deletion can be taken back."""
DATASET, RUN = "dataset", "run"
Deleted: TypeAlias = tuple[str, str]
"""DATASET or RUN, and its key."""


@dataclass(frozen=True)
class _Waiting:
    until: float
    """By `time.monotonic`."""
    asked: datetime
    timer: threading.Timer


class Undoing:
    """What is to be deleted in a while, the datasets with their runs."""

    def __init__(self, datasets: Datasets, runs: Runs, seconds: float = UNDO_SECONDS) -> None:
        self._datasets, self._runs, self._seconds = datasets, runs, seconds
        self._waiting: dict[Deleted, _Waiting] = {}
        self._guard = threading.Lock()

    def waiting(self) -> dict[Deleted, float]:
        """Return what is to be deleted, and in how many seconds."""
        now = time.monotonic()
        with self._guard:
            return {deleted: max(0.0, one.until - now) for deleted, one in self._waiting.items()}

    def delete_later(self, kind: str, key: str) -> None:
        """Delete something when its time is over; asked again it waits no longer than it did.  Raises NotFound."""
        (self._datasets.one if kind == DATASET else self._runs.status)(key)
        with self._guard:
            if (kind, key) in self._waiting:
                return
            timer = threading.Timer(self._seconds, self._over, args=(kind, key))
            timer.daemon = True
            self._waiting[kind, key] = _Waiting(time.monotonic() + self._seconds, datetime.now(UTC), timer)
            timer.start()

    def take_back(self, kind: str, key: str) -> bool:
        """Have something stay after all; return whether it was to go."""
        return self._taken(kind, key) is not None

    def delete_now(self, kind: str, key: str) -> None:
        """Delete something that waits, or does not.  Raises NotFound."""
        self._taken(kind, key)
        self._verb(kind)(key)

    def close(self) -> None:
        """Delete what waits: whoever has stopped the server finds nothing there again that was deleted."""
        for kind, key in self.waiting():
            self._over(kind, key)

    def _verb(self, kind: str) -> Callable[[str], None]:
        return self._datasets.delete if kind == DATASET else self._runs.delete

    def _taken(self, kind: str, key: str) -> _Waiting | None:
        with self._guard:
            one = self._waiting.pop((kind, key), None)
        if one is not None:
            one.timer.cancel()
        return one

    def _over(self, kind: str, key: str) -> None:
        one = self._taken(kind, key)
        if one is None or (kind == DATASET and self._is_used(key, one.asked)):
            return
        try:
            with suppress(NotFound):  # somebody else was first
                self._verb(kind)(key)
        except ExplorerError as exc:
            log.warning("the %s %s was not deleted: %s", kind, key, exc)

    def _is_used(self, dataset: str, since: datetime) -> bool:
        """Whether somebody has mapped a dataset since it was to go."""
        runs = [run for run in self._runs.workspace.runs.records() if run["dataset"] == dataset]
        return any(datetime.fromisoformat(str(run["created"])) > since for run in runs)
