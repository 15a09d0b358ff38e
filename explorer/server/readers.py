"""The processes that read what others send, within limits of memory and time: one is kept ready, its libraries loaded.

Nothing is decoded here: `reader` is what runs in them.  One that is killed, or takes too much, harms nobody else.
"""

from __future__ import annotations

import base64
import dataclasses
import json
import os
import queue
import signal
import subprocess
import threading
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from explorer import errors
from explorer.ingest import is_mark
from explorer.kinds import kind_of, packed
from explorer.runs import start_tied
from explorer.server.reading import AT, Reading, cancelled, seconds_for
from explorer.types import Item, command_of, seconds_spent
from explorer.workspace import small_picture

AT_ONCE = 2
"""Uploads that are read at the same time; others wait."""
TRIES = 4
"""Processes that may end amid one of several files, which is spared the next; and as many amid several pictures, which
are then decoded one by one, and first."""
STOP_SECONDS = 1.5
"""How long a process has to stop by itself before it is ended."""
KEPT_BYTES = 500 * 2**20
"""A process that has become larger is not used again."""
PICTURE_SECONDS, COLUMNS_SECONDS, LOOK_SECONDS = 60, 120, 30
ONE_PICTURE = 60, 40
"""Seconds by the clock, and of the processor meanwhile, after which one picture is left out."""
STUCK_SECONDS = 20
"""How long a process has been at a file, at least, that is to blame where its time is over."""
WALL_FACTOR = 5
"""Seconds that may go by for each one of the processor."""
_LOOK_SECONDS = 0.1
_AT = json.dumps({AT: []})[:-3].encode()
_ENVIRONMENT = {
    "MALLOC_ARENA_MAX": "2",
    "ARROW_DEFAULT_MEMORY_POOL": "system",
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
}
"""What threads and allocators reserve would count against the limit of memory, or be free of it."""


class Readers:
    """Reads uploads and opens pictures for a server, apart from it; safe to use from several threads."""

    def __init__(self, workspace: Path, spare: Spare | None = None) -> None:
        self._workspace = workspace
        self._spare = spare or Spare()
        self._readings = threading.BoundedSemaphore(AT_ONCE)
        self._pictures, self._looks, self._columns = (threading.BoundedSemaphore(1) for _ in range(3))

    def warm(self) -> None:
        """Have a process ready from now on; it loads its libraries by itself."""
        self._spare.keep()

    def close(self) -> None:
        """End the process that is ready; there is none from now on."""
        self._spare.close()

    def read(self, reading: Reading, *, stop: threading.Event | None = None) -> str:
        """Read, keep and return the key of the dataset.

        One of several files at which a process ends is left out of the next try, a few times.  Raises what ingest
        raises, Cancelled once *stop* is set – nothing is kept then –, and ReadingEnded.
        """
        stop = stop or threading.Event()
        with _slot(self._readings, stop):
            return self._read(reading, stop)

    def _read(self, reading: Reading, stop: threading.Event) -> str:
        first: Exception | None = None
        falls = Counter[bool]()
        while max(falls.values(), default=0) < TRIES:
            request = {"ask": "read", "reading": dataclasses.asdict(reading)}
            try:
                return str(self._ask(request, seconds_for(reading.paths), stop))
            except (errors.UnreadableFile, errors.NothingUsable) as exc:
                first = first or exc  # what the others are without that file says less than that it ended
                at = getattr(exc, "at", ())
                if not at:
                    break
                falls[len(at) > 1] += 1
                if len(at) > 1:
                    reading = dataclasses.replace(reading, alone=(*reading.alone, *at))
                else:
                    reading = dataclasses.replace(reading, without=(*reading.without, *at))
        assert first is not None
        raise first

    def candidates(self, paths: Sequence[Path]) -> list[str]:
        """Return the columns that could be the text of these files, best first; raises what ingest raises."""
        request = {"ask": "candidates", "paths": list(map(str, paths))}
        stop = threading.Event()
        with _slot(self._readings, stop):
            return list(self._ask(request, seconds_for(()), stop))

    def look(self, paths: Sequence[str]) -> dict[str, Any]:
        """Return what `early.told_of` tells of files without reading all of them; raises what ingest raises."""
        stop = threading.Event()
        with self._looks:
            return dict(self._ask({"ask": "look", "paths": list(paths)}, LOOK_SECONDS, stop))

    def columns(self, key: str) -> list[dict[str, Any]]:
        """Return how each column of a dataset is read, judged by all of its rows; raises NotFound, ReadingEnded."""
        stop = threading.Event()
        with self._columns:
            return list(self._ask({"ask": "columns", "dataset": key}, COLUMNS_SECONDS, stop))

    def picture(self, item: Item, side: int) -> bytes:
        """Return an item as a WebP of at most *side* pixels in width and height; raises UnreadableFile."""
        if not kind_of(item).decodes_files:
            return small_picture(item, side)
        stop = threading.Event()
        with self._pictures:
            answer = self._ask({"ask": "picture", "item": packed(item), "side": side}, PICTURE_SECONDS, stop)
        return base64.b64decode(answer)

    def _ask(self, request: Mapping[str, Any], seconds: int, stop: threading.Event) -> Any:
        process = self._spare.taken()
        try:
            said = process.ask({**request, "workspace": str(self._workspace)}, seconds, stop)
        except BaseException:
            self._spare.put_away(process, of_use=False)
            raise
        self._spare.put_away(process, of_use=said["bytes"] < KEPT_BYTES and not stop.is_set())
        if "error" in said:
            raise getattr(errors, said["error"], errors.ExplorerError)(said["text"])
        return said["answer"]


class Spare:
    """The one process that is kept ready for the next question, of whichever workspace."""

    def __init__(self) -> None:
        self._ready: Process | None = None
        self._keeps, self._closed = False, False
        self._guard = threading.Lock()

    def keep(self) -> None:
        """Have one ready from now on."""
        self._keeps = True
        with self._guard:
            if self._ready is None and not self._closed:
                self._ready = Process()

    def close(self) -> None:
        """End the one that is ready; none is kept from now on."""
        self._closed = True
        self.end()

    def end(self) -> None:
        """End the one that is ready."""
        with self._guard:
            ready, self._ready = self._ready, None
        if ready is not None:
            ready.end()

    def taken(self) -> Process:
        """Return the one that is ready, else another; give it to `put_away` afterwards."""
        with self._guard:
            ready, self._ready = self._ready, None
        if ready is not None and ready.lives():
            return ready
        return Process()

    def put_away(self, process: Process, *, of_use: bool) -> None:
        """Keep it ready, or end it when it is not *of_use* or another is ready."""
        with self._guard:
            if of_use and self._keeps and self._ready is None and not self._closed:
                self._ready = process
                return
        process.end()
        if self._keeps:
            self.keep()


class Process:
    """One process that reads; it does what it is asked one by one."""

    def __init__(self) -> None:
        self._popen, self._line = start_tied(
            command_of("explorer.server.reader"),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**os.environ, **_ENVIRONMENT},
        )
        self._answers: queue.SimpleQueue[bytes] = queue.SimpleQueue()
        self._at: dict[str, tuple[float, float]] = {}
        threading.Thread(target=self._listen, daemon=True, name="reader").start()

    def lives(self) -> bool:
        """Whether it has not ended."""
        return self._popen.poll() is None

    def ask(self, request: Mapping[str, Any], seconds: int, stop: threading.Event) -> dict[str, Any]:
        """Return its answer; raises ReadingEnded, and Cancelled when it does not answer after *stop* was set."""
        assert self._popen.stdin is not None
        self._at = {}
        with suppress(BrokenPipeError):
            self._popen.stdin.write(json.dumps({**request, "seconds": seconds}).encode() + b"\n")
            self._popen.stdin.flush()
        end = time.monotonic() + WALL_FACTOR * seconds
        while not stop.is_set():
            with suppress(queue.Empty):
                return self._understood(self._answers.get(timeout=_LOOK_SECONDS), seconds)
            if time.monotonic() > end:
                over = f"reading took more than {WALL_FACTOR * seconds:,} seconds; split the file."
                raise _ended(over, self._stuck(STUCK_SECONDS))
            if slow := [mark for mark in self._stuck(*ONE_PICTURE) if is_mark(mark)]:
                raise _ended("one of the pictures takes too long to decode; leave it out.", slow)
        self._popen.stdin.close()
        with suppress(queue.Empty):
            said = self._answers.get(timeout=STOP_SECONDS)
            if said:
                return self._understood(said, seconds)
        raise cancelled()

    def end(self) -> None:
        """End it, whatever it does."""
        self._popen.kill()
        self._popen.wait()
        for pipe in (self._popen.stdin, self._line):
            if pipe is not None:
                with suppress(OSError):
                    pipe.close()

    def _listen(self) -> None:
        assert self._popen.stdout is not None
        with self._popen.stdout as lines:
            for line in lines:
                if line.startswith(_AT):
                    now = time.monotonic(), seconds_spent(self._popen.pid)
                    self._at = {name: self._at.get(name, now) for name in json.loads(line)[AT]}
                else:
                    self._answers.put(line)
        self._answers.put(b"")

    def _understood(self, said: bytes, seconds: int) -> dict[str, Any]:
        if said:
            answer: dict[str, Any] = json.loads(said)
            return answer
        status = self._popen.wait()
        if status == -getattr(signal, "SIGXCPU", 0):
            raise _ended(
                f"reading took more than {seconds:,} seconds of the processor; split the file.",
                self._stuck(STUCK_SECONDS),
            )
        raise _ended(
            f"reading ended unexpectedly (exit status {status}), often for want of memory; "
            "split the file or free some memory.",
            self._at,
        )

    def _stuck(self, least: float, spent: float = 0.0) -> list[str]:
        """Return what it has been at for so many seconds by the clock, and of the processor where that is known."""
        now, of_it = time.monotonic(), seconds_spent(self._popen.pid)
        at = self._at.items()
        return [name for name, (since, then) in at if now - since > least and (of_it - then >= spent or not of_it)]


def _ended(text: str, at: Iterable[str]) -> errors.ReadingEnded:
    ended = errors.ReadingEnded(text)
    ended.at = tuple(at)
    return ended


@contextmanager
def _slot(slots: threading.BoundedSemaphore, stop: threading.Event) -> Iterator[None]:
    while not slots.acquire(timeout=_LOOK_SECONDS):
        if stop.is_set():
            raise cancelled()
    try:
        yield
    finally:
        slots.release()
