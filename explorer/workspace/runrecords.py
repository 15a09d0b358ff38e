"""The records of a workspace's runs: what was asked for, how far it is, which results belong to it.

It does not know what a run computes; its results lie with those of the stages.

    DIR/runs/KEY.json  KEY.titles  KEY.lock
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from explorer.errors import CannotWrite, NotFound, WorkspaceUnusable
from explorer.workspace.files import is_whole, newest_first, read_json, safe_key
from explorer.workspace.locks import OneWriter
from explorer.workspace.room import storing
from explorer.workspace.writer import Writer

TITLES = ".titles"


class RunRecords:
    """The run records of the workspace at *workspace*."""

    def __init__(self, workspace: Path, writer: Writer, one: OneWriter) -> None:
        self._workspace, self._home = workspace, workspace / "runs"
        self._writer, self._one = writer, one

    def has(self, key: str) -> bool:
        """Whether a run is here."""
        return (self._home / f"{safe_key(key)}.json").exists()

    def record(self, key: str) -> dict[str, Any]:
        """Return what is known of a run; raises NotFound."""
        record = read_json(self._home / f"{safe_key(key)}.json")
        if record is None:
            gone = NotFound(
                f"there is no run {key!r} in {self._workspace}. List the runs with: embedding-explorer doctor"
            )
            gone.on_page = "This map is not here any more: it was deleted. Choose another one under “Maps”."
            raise gone
        return record

    def records(self) -> list[dict[str, Any]]:
        """Return the records of all runs, newest first."""
        return newest_first(read_json(path) for path in self._home.glob("*.json") if is_whole(path))

    def write(self, record: Mapping[str, Any]) -> None:
        """Keep a new run's record; raises CannotWrite."""
        self._writer.write_json(self._home / f"{safe_key(str(record['run']))}.json", record)

    def update(self, key: str, **changes: Any) -> dict[str, Any]:
        """Change fields of a run's record and return it; raises NotFound once it is removed, and CannotWrite."""
        with self._one.turn():
            record = {**self.record(key), **changes}
            self.write(record)
        return record

    def want(self, key: str) -> bool:
        """Note that somebody asks for a run, so that a deletion that waits lets it stay; return whether it is here."""
        with suppress(CannotWrite, NotFound):
            self.update(key, wanted=time.time_ns())
        return self.has(key)

    def titles(self, key: str) -> dict[str, Any]:
        """Return what a language model called a run's clusters, as it was kept; {}: nothing was."""
        try:
            return read_json(self._home / f"{safe_key(key)}{TITLES}") or {}
        except WorkspaceUnusable:  # a run is as good without
            return {}

    def keep_titles(self, key: str, titles: Mapping[str, Any]) -> None:
        """Keep what a language model called a run's clusters; raises NotFound once the run is gone, and CannotWrite."""
        with self._one.turn():
            self.record(key)
            self._writer.write_json(self._home / f"{safe_key(key)}{TITLES}", titles)

    def lock(self, key: str) -> Path:
        """Return the lock file that a process other than the server holds while it computes a run."""
        return self._home / f"{safe_key(key)}.lock"

    def remove(self, key: str) -> None:
        """Remove a record alone; `Workspace.delete_run` takes the results that only this run needs with it."""
        with self._one.turn(), storing(self._home):
            for ending in (".json", TITLES):
                (self._home / f"{safe_key(key)}{ending}").unlink(missing_ok=True)
