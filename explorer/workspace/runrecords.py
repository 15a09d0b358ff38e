"""The records of a workspace's runs: what was asked for, how far it is, which results belong to it.

It does not know what a run computes; its results lie with those of the stages.

    DIR/runs/KEY.json  KEY.lock
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from explorer.errors import NotFound
from explorer.workspace.files import NEW, newest_first, read_json, safe_key, write_json


class RunRecords:
    """The run records of the workspace at *workspace*."""

    def __init__(self, workspace: Path) -> None:
        self._workspace, self._home = workspace, workspace / "runs"
        self._guard = threading.Lock()

    def record(self, key: str) -> dict[str, Any]:
        """Return what is known of a run; raises NotFound."""
        record = read_json(self._home / f"{safe_key(key)}.json")
        if record is None:
            raise NotFound(
                f"there is no run {key!r} in {self._workspace}. List the runs with: embedding-explorer doctor"
            )
        return record

    def records(self) -> list[dict[str, Any]]:
        """Return the records of all runs, newest first."""
        return newest_first(read_json(path) for path in self._home.glob("*.json") if NEW not in path.name)

    def write(self, record: Mapping[str, Any]) -> None:
        """Keep a run's record."""
        write_json(self._home / f"{safe_key(str(record['run']))}.json", record)

    def update(self, key: str, **changes: Any) -> dict[str, Any]:
        """Change fields of a run's record and return it; raises NotFound."""
        with self._guard:
            record = {**self.record(key), **changes}
            self.write(record)
        return record

    def lock(self, key: str) -> Path:
        """Return the lock file that a process other than the server holds while it computes a run."""
        return self._home / f"{safe_key(key)}.lock"

    def remove(self, key: str) -> None:
        """Remove a record alone; `Workspace.delete_run` takes the results that only this run needs with it."""
        self.lock(key).unlink(missing_ok=True)
        (self._home / f"{key}.json").unlink(missing_ok=True)
