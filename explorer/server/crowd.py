"""Lets many ask at once: answers are computed in as few threads as there are cores, the rest wait and hold none.

It knows no question.  Who would wait too long is turned away at once, and told when to come again.
"""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import TypeVar

import anyio
from anyio.lowlevel import RunVar

from explorer.errors import ServerBusy

Answer = TypeVar("Answer")
_SENT = 2**18
"""Bytes that are sent, and perhaps packed, at once: a few milliseconds of the event loop."""


def cores() -> int:
    """Return how many answers are computed side by side."""
    return max(2, len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1)


class Lane:
    """Work of one kind: *threads* compute it, at most *most* wait or are computed; the next is turned away.

    For coroutines of one event loop at a time.
    """

    def __init__(self, name: str, *, threads: int, most: int, retry_seconds: int = 2) -> None:
        self.name, self.threads, self.most, self.retry_seconds = name, threads, most, retry_seconds
        self._limiter: RunVar[anyio.CapacityLimiter] = RunVar(f"lane {name}")
        self._inside: RunVar[int] = RunVar(f"inside {name}", 0)

    async def run(self, function: Callable[..., Answer], /, *values: object, **named: object) -> Answer:
        """Return what *function* answers, computed in a thread when it is its turn.  Raises ServerBusy."""
        with self.inside():
            return await anyio.to_thread.run_sync(partial(function, *values, **named), limiter=self._threads())

    async def pieces(self, made: Iterator[bytes]) -> AsyncIterator[bytes]:
        """Yield what an iterator makes, each piece computed in a thread when it is its turn."""
        nothing: bytes | None = None
        while (piece := await anyio.to_thread.run_sync(next, made, nothing, limiter=self._threads())) is not None:
            for start in range(0, len(piece), _SENT):
                yield piece[start : start + _SENT]

    @contextmanager
    def inside(self) -> Iterator[None]:
        """Count for one of *most* within the block.  Raises ServerBusy."""
        inside = self._inside.get()
        if inside >= self.most:
            raise ServerBusy(
                f"the server has {inside} {self.name} to answer already; try again in a few seconds.",
                retry_seconds=self.retry_seconds,
            )
        self._inside.set(inside + 1)
        try:
            yield
        finally:
            self._inside.set(self._inside.get() - 1)

    def _threads(self) -> anyio.CapacityLimiter:
        try:
            return self._limiter.get()
        except LookupError:
            limiter = anyio.CapacityLimiter(self.threads)
            self._limiter.set(limiter)
            return limiter


ANSWERS = Lane("questions", threads=cores(), most=256)
"""What is answered in milliseconds, and waits for no other process."""
SEARCHES = Lane("searches", threads=1, most=64)
"""Searches that wait for the encoding worker; its threads are not used."""
SWEEPS = Lane("questions for other cluster sizes", threads=2, most=16, retry_seconds=10)
"""What waits in a thread for the map worker."""
LOOKS = Lane("questions about how columns are read", threads=2, most=16, retry_seconds=10)
"""What waits in a thread for a process that reads all rows of a large dataset."""
PICTURES = Lane("pictures", threads=8, most=256)
"""What waits in a thread for the process that decodes pictures, one after the other."""
REPORTS = Lane("reports", threads=1, most=16, retry_seconds=5)
"""What computes for seconds: one at a time, so that clicks come through beside it."""
PREVIEWS = Lane("looks at uploads", threads=2, most=16, retry_seconds=10)
"""What waits in a thread for a process that looks at the first rows of files, one after the other."""
READINGS = Lane("uploads", threads=8, most=64, retry_seconds=10)
"""What reads files into datasets, in minutes where they are large."""
FILES = Lane("deletions and starts", threads=8, most=64, retry_seconds=5)
"""What waits for the disk, or for a run that stops."""
