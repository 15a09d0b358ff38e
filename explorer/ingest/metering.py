"""How far a loading has got, in bytes of all its files.  It reads nothing."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from explorer.ingest.edge import Edge

OnProgress: TypeAlias = Callable[[int, int], None]
"""Called with the bytes done and the bytes in all, now and then; may raise to stop the loading."""


class Meter:
    """Adds up the bytes of finished files and of the one being read."""

    def __init__(self, progress: OnProgress | None, total: int) -> None:
        self._progress, self._total, self._before = progress, total, 0
        self.edge = Edge()
        self._told = self.edge.passing(self._tell)

    def within(self, size: int, seen: int) -> None:
        """Report that *seen* of the present file's *size* bytes are read."""
        if self._progress is not None:
            self._told(self._before + min(seen, size))

    def _tell(self, done: int) -> None:
        if self._progress is not None:
            self._progress(done, self._total)

    def finish(self, size: int) -> None:
        """Report that a file of this size is done."""
        self._before += size
        self.within(0, 0)
