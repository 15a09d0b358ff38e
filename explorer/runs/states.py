"""Tells the state of a run in its record, or from memory where a full disk does not take it.

It does not decide which state a run is in: `jobs` does.
"""

from __future__ import annotations

from typing import Any

from explorer.errors import CannotWrite
from explorer.workspace import Workspace


class States:
    """The states of the runs of a workspace; safe to use from several threads."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._unwritten: dict[str, dict[str, Any]] = {}

    def tell(self, run: str, **changes: Any) -> dict[str, Any]:
        """Change fields of a run's record and return it, though it cannot be written; raises NotFound."""
        changes = {**self._unwritten.pop(run, {}), **changes}
        try:
            return self._workspace.runs.update(run, **changes)
        except CannotWrite:
            self._unwritten[run] = changes
            return {**self._workspace.runs.record(run), **changes}

    def forget(self, run: str) -> None:
        """Let go of a run that is deleted: one of the same key begins anew."""
        self._unwritten.pop(run, None)

    def told(self, record: dict[str, Any]) -> dict[str, Any]:
        """Return a run's record with what could not be written of it, which is tried again."""
        return self.tell(record["run"]) if record["run"] in self._unwritten else record
