"""Lets those who want the same worker take turns, in the order in which they came; who can wait comes after the others.

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
        self._patient: set[str] = set()

    @contextmanager
    def turn(
        self, name: str, *, waiting: Callable[[str], None], cancelled: threading.Event, yields: bool = False
    ) -> Iterator[None]:
        """Wait in line for the worker, telling *waiting* who is before; raises Cancelled while waiting.

        Who *yields* lets all others pass who come while it waits; whose turn it is keeps it.
        """
        with self._turn:
            self._line_up(name, yields=yields)
            while self._line[0] != name:
                waiting(self._line[0])
                self._turn.wait(timeout=0.2)
                if cancelled.is_set():
                    self._step_out(name)
                    raise errors.Cancelled("the run was cancelled.")
        waiting("")
        try:
            yield
        finally:
            with self._turn:
                self._step_out(name)
                self._turn.notify_all()

    def _line_up(self, name: str, *, yields: bool) -> None:
        place = len(self._line)
        if yields:
            self._patient.add(name)
        else:
            place = next((at for at, one in enumerate(self._line) if at and one in self._patient), place)
        self._line.insert(place, name)

    def _step_out(self, name: str) -> None:
        self._line.remove(name)
        self._patient.discard(name)
