"""Deletions that can be taken back: what is to go is told as such for a minute, and only then deleted.

What somebody asks for again meanwhile, by whichever way, or changes, stays: the records themselves say so.
It keeps nothing on disk: a server that is killed meanwhile has deleted nothing, one that is stopped deletes what waits.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, TypeAlias

from explorer.errors import ExplorerError, NotFound
from explorer.server.cuts import with_cuts
from explorer.server.datasets import Datasets
from explorer.server.runs import Runs

log = logging.getLogger(__name__)
UNDO_SECONDS = 60.0
"""For how long a deletion can be taken back."""
DATASET, RUN = "dataset", "run"
Deleted: TypeAlias = tuple[str, str]
"""DATASET or RUN, and its key."""
Asked: TypeAlias = dict[str, tuple[Any, Any]]
"""When something was asked for last, of a dataset all of its runs too, by key; nothing for what is not there."""


@dataclass(frozen=True)
class _Waiting:
    until: float
    """By `time.monotonic`."""
    asked: Asked
    """What it was when it was to go."""
    timer: threading.Timer

    def is_wanted(self, now: Asked) -> bool:
        """Whether somebody has asked for it since."""
        return not now.items() <= self.asked.items()


class _Wanted(ExplorerError):
    """Somebody has asked again for what was to be deleted."""


class Undoing:
    """What is to be deleted in a while, the datasets with their runs."""

    def __init__(self, datasets: Datasets, runs: Runs, seconds: float = UNDO_SECONDS) -> None:
        self._datasets, self._runs, self._seconds = datasets, runs, seconds
        self._waiting: dict[Deleted, _Waiting] = {}
        self._guard = threading.Lock()

    def waiting(self) -> dict[Deleted, float]:
        """Return what is to be deleted, and in how many seconds; what was asked for again stays."""
        with self._guard:
            waits = dict(self._waiting)
        now_asked = {deleted: self._asked(*deleted) for deleted in waits}
        stays = {
            deleted for deleted, one in waits.items() if not now_asked[deleted] or one.is_wanted(now_asked[deleted])
        }
        for deleted in stays:
            self._taken(*deleted)
        now = time.monotonic()
        return {deleted: max(0.0, one.until - now) for deleted, one in waits.items() if deleted not in stays}

    def told(self, kind: str, records: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
        """Return the records of a kind, of what is to go with `deleted_in`: in how many seconds."""
        waits = self.waiting()

        def with_time(record: Mapping[str, Any]) -> dict[str, Any]:
            of = [(kind, str(record[kind])), (DATASET, str(record["dataset"]))]
            left = [waits[deleted] for deleted in of if deleted in waits]
            return {**record, "deleted_in": round(min(left), 1)} if left else dict(record)

        return [with_time(record) for record in records]

    def delete_later(self, kind: str, key: str) -> None:
        """Delete something when its time is over; asked again it waits no longer than it did.  Raises NotFound."""
        (self._datasets.one if kind == DATASET else self._runs.status)(key)
        asked = self._asked(kind, key)
        with self._guard:
            before = self._waiting.get((kind, key))
            if before is not None and not before.is_wanted(asked):
                return
            if before is not None:
                before.timer.cancel()
            timer = threading.Timer(self._seconds, self._over, args=(kind, key))
            timer.daemon = True
            self._waiting[kind, key] = _Waiting(time.monotonic() + self._seconds, asked, timer)
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

    def _verb(self, kind: str) -> Callable[..., None]:
        return self._datasets.delete if kind == DATASET else self._runs.delete

    def _taken(self, kind: str, key: str) -> _Waiting | None:
        with self._guard:
            one = self._waiting.pop((kind, key), None)
        if one is not None:
            one.timer.cancel()
        return one

    def _over(self, kind: str, key: str) -> None:
        one = self._taken(kind, key)
        if one is None:
            return

        def check() -> None:
            if one.is_wanted(self._asked(kind, key)):
                raise _Wanted(f"the {kind} {key} was asked for again.")

        try:
            with suppress(NotFound, _Wanted):  # somebody else was first
                self._verb(kind)(key, check=check)
        except ExplorerError as exc:
            log.warning("the %s %s was not deleted: %s", kind, key, exc)

    def _asked(self, kind: str, key: str) -> Asked:
        workspace = self._runs.workspace
        try:
            record = (workspace.datasets if kind == DATASET else workspace.runs).record(key)
            records = workspace.runs.records()
            of_it = [run for run in records if run["dataset"] == key]
            with_it = of_it if kind == DATASET else with_cuts(records, record)
        except NotFound:
            return {}
        return {key: _last(record), **{run["run"]: _last(run) for run in with_it}}


def _last(record: Mapping[str, Any]) -> tuple[Any, Any]:
    return record.get("wanted"), record["created"]
