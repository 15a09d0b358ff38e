"""Keeps two processes from doing the same at once: computing a run, or changing the records of a workspace.

It does not guard a server's workspace (`Workspace.exclusive` does), and a lock ends with the process that held it.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from explorer.workspace.room import FULL, storing

LOOK_SECONDS = 0.5
TURN_SECONDS = 0.005


class OneWriter:
    """Lets one at a time change the records of a workspace, among all threads and processes that share it.

    Whoever reads a record to write it, or removes what no record names, does so within a `turn`: it may be long
    enough to read all records and to rename, and is not for computing or for removing large folders.
    """

    def __init__(self, lock: Path) -> None:
        self._lock = lock
        self._threads = threading.RLock()
        self._depth = 0

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Wait for the turn and have it within the block; one within another is the same.  Raises CannotWrite."""
        with self._threads:
            held = self._held() if self._depth == 0 else None
            self._depth += 1
            try:
                yield
            finally:
                self._depth -= 1
                if held is not None:
                    held.release()

    def _held(self) -> Any:
        """Hold the lock file, among processes; None where a full disk does not take it, for deleting has to go on."""
        from filelock import FileLock, Timeout

        held = FileLock(self._lock, timeout=0)
        with storing(self._lock.parent):
            while True:
                try:
                    held.acquire()
                    return held
                except Timeout:
                    time.sleep(TURN_SECONDS)
                except OSError as exc:
                    if exc.errno not in FULL:
                        raise
                    return None


@contextmanager
def alone(lock: Path, *, waiting: Callable[[], None]) -> Iterator[None]:
    """Hold the lock file; while another process holds it, call *waiting* twice a second, which may raise to give up.

    Raises CannotWrite.
    """
    from filelock import FileLock, Timeout

    held = FileLock(lock)
    while True:
        try:
            with storing(lock.parent):
                held.acquire(timeout=LOOK_SECONDS)
            if lock.exists():
                break
            held.release()  # a sweep was before us: the next one who comes would not see this lock
        except Timeout:
            waiting()
    try:
        yield
    finally:
        held.release()


def bury(lock: Path) -> None:
    """Remove a lock file unless somebody holds it."""
    from filelock import FileLock

    with suppress(OSError), FileLock(lock, timeout=0):  # a timeout is an OSError too
        lock.unlink()


def is_held(lock: Path) -> bool:
    """Whether a process holds the lock file now; in a workspace that may only be read nobody does."""
    from filelock import FileLock, Timeout

    if not lock.exists():
        return False
    try:
        with FileLock(lock, timeout=0):
            return False
    except Timeout:
        return True
    except OSError:
        return False
