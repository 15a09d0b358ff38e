"""Lets those who want the same worker take turns, in the order in which they came.

It computes nothing and does not know what the turn is for.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from explorer import errors


class Turns:
    """A line of names, each of which is there once."""

    def __init__(self) -> None:
        self._turn = threading.Condition()
        self._line: list[str] = []

    @contextmanager
    def turn(self, name: str, *, waiting: Callable[[str], None], cancelled: threading.Event) -> Iterator[None]:
        """Wait in line for the worker, telling *waiting* who is before; raises Cancelled while waiting."""
        with self._turn:
            self._line.append(name)
            while self._line[0] != name:
                waiting(self._line[0])
                self._turn.wait(timeout=0.2)
                if cancelled.is_set():
                    self._line.remove(name)
                    raise errors.Cancelled("the run was cancelled.")
        waiting("")
        try:
            yield
        finally:
            with self._turn:
                self._line.remove(name)
                self._turn.notify_all()
