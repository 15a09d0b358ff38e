"""Tells which pictures are being decoded, so that one at which the process ends is known, and leaves such out.

It decodes nothing: `images` does.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from typing import TypeAlias

from explorer.errors import UnreadableFile
from explorer.ingest.reader import Source

OnFile: TypeAlias = Callable[[list[str]], None]
"""Called with the name of a file of several before it is read, with the marks of the pictures that are being decoded,
and with nothing when none of them is."""
ENDED = "reading it took too long, or more memory than there is; load it by itself, or split it"

_WITHIN = "\0"


class Decoding:
    """What is being decoded now; safe to use from several threads.

    Those *without* which to read are refused, those *alone* are decoded one by one: one of them ended a process.
    """

    def __init__(
        self, on_file: OnFile | None = None, *, without: Collection[str] = (), alone: Collection[str] = ()
    ) -> None:
        self._on_file, self._without, self._alone = on_file, frozenset(without), frozenset(alone)
        self._now: list[str] = []
        self._guard = threading.Lock()

    def is_doubted(self, source: Source) -> bool:
        """Whether a picture may be the one that ended a process."""
        return bool(self._alone) and mark(source) in self._alone

    @contextmanager
    def of(self, source: Source) -> Iterator[None]:
        """Tell within the block that a picture is decoded; raises UnreadableFile for one to be left out."""
        if mark(source) in self._without:
            raise UnreadableFile(ENDED)
        self._change(self._now.append, source)
        try:
            yield
        finally:
            self._change(self._now.remove, source)

    def _change(self, change: Callable[[str], None], source: Source) -> None:
        if self._on_file is None:
            return
        with self._guard:
            change(mark(source))
            self._on_file(list(self._now))


def mark(source: Source) -> str:
    """Return what a picture is told by: no other has it, nor has a file its name."""
    return f"{source.path}{_WITHIN}{source.member}"


def is_mark(name: str) -> bool:
    """Whether something is told of as a picture is."""
    return _WITHIN in name
