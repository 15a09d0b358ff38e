"""How long this machine takes for what runs consist of, kept in `speeds.json`, by which the next ones are estimated.

It times nothing itself (runs do) and may be deleted at any time.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from explorer.errors import CannotWrite, WorkspaceUnusable
from explorer.workspace.files import read_json
from explorer.workspace.writer import Writer

SPEEDS = "speeds.json"
_NEWEST = 0.5
"""How much the last time counts against all before it."""


class Speeds:
    """Times by name, in units of whoever notes them; each is the geometric mean of what was noted, the newest most."""

    def __init__(self, workspace: Path, writer: Writer) -> None:
        self._path, self._writer = workspace / SPEEDS, writer

    def all(self) -> Mapping[str, float]:
        """Return what is known, nothing where the file cannot be read."""
        known: Mapping[str, object] = {}
        with suppress(WorkspaceUnusable):  # a damaged one says nothing, and is written anew
            known = read_json(self._path) or {}
        return {name: value for name, value in known.items() if isinstance(value, float) and _is_time(value)}

    def note(self, name: str, time: float) -> None:
        """Take one more time into what is known; where the disk does not take it, it is forgotten."""
        if not _is_time(time):
            return
        known = dict(self.all())
        before = math.log(known.get(name, time))
        known[name] = math.exp(before + _NEWEST * (math.log(time) - before))
        with suppress(CannotWrite):
            self._writer.write_json(self._path, known)


def _is_time(value: float) -> bool:
    return math.isfinite(value) and value > 0
