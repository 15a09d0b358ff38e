"""Keeps two processes from computing the same at once: a command beside a server, or two commands.

It does not guard a server's workspace (`Workspace.exclusive` does), and a lock ends with the process that held it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

LOOK_SECONDS = 0.5


@contextmanager
def alone(lock: Path, *, waiting: Callable[[], None]) -> Iterator[None]:
    """Hold the lock file; while another process holds it, call *waiting* twice a second, which may raise to give up."""
    from filelock import FileLock, Timeout

    held = FileLock(lock)
    while True:
        try:
            held.acquire(timeout=LOOK_SECONDS)
            break
        except Timeout:
            waiting()
    try:
        yield
    finally:
        held.release()


def is_held(lock: Path) -> bool:
    """Whether a process holds the lock file now."""
    from filelock import FileLock, Timeout

    if not lock.exists():
        return False
    try:
        with FileLock(lock, timeout=0):
            return False
    except Timeout:
        return True
