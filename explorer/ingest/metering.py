"""How far a loading has got, in bytes of all its files.  It reads nothing."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import TypeAlias

from explorer.errors import UnreadableFile
from explorer.ingest.decoding import ENDED, Decoding, OnFile
from explorer.ingest.edge import Edge

OnProgress: TypeAlias = Callable[[int, int], None]
"""Called with the bytes done and the bytes in all, now and then; may raise to stop the loading."""


class Meter:
    """Adds up the bytes of finished files and of the one being read; says which that is, and leaves out some."""

    def __init__(
        self,
        progress: OnProgress | None,
        total: int,
        *,
        on_file: OnFile | None = None,
        without: Collection[str] = (),
        alone: Collection[str] = (),
    ) -> None:
        self.decoding = Decoding(on_file, without=without, alone=alone)
        self._on_file, self._without = on_file, frozenset(without)
        self._progress, self._total, self._before = progress, total, 0
        self.edge = Edge()
        self._told = self.edge.passing(self._tell)

    def enter(self, name: str) -> None:
        """Tell which file comes, "" for none in particular; raises UnreadableFile for one to be left out."""
        if name in self._without:
            raise UnreadableFile(ENDED)
        if self._on_file is not None:
            self._on_file([name] if name else [])

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
