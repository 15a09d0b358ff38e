"""Computes an answer once for all who ask for it at the same time, and remembers the last few.

It knows nothing of what is computed: the same key must always mean the same answer.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from concurrent.futures import Future
from typing import Any, TypeVar

Answer = TypeVar("Answer")


class Once:
    """The last *kept* answers; safe to use from several threads."""

    def __init__(self, kept: int) -> None:
        self._kept = kept
        self._answers: OrderedDict[Hashable, Future[Any]] = OrderedDict()
        self._guard = threading.Lock()

    def get(self, key: Hashable, compute: Callable[[], Answer]) -> Answer:
        """Return the answer to *key*, computed now unless it is known or somebody else computes it already.

        An error is raised to all who wait for it, and is not remembered.
        """
        with self._guard:
            known = self._answers.get(key)
            if known is None:
                mine: Future[Answer] = Future()
                self._answers[key] = mine
                while len(self._answers) > self._kept:
                    self._answers.popitem(last=False)
            else:
                self._answers.move_to_end(key)
        if known is not None:
            found: Answer = known.result()
            return found
        try:
            answer = compute()
        except BaseException as error:
            with self._guard:
                self._answers.pop(key, None)
            mine.set_exception(error)
            raise
        mine.set_result(answer)
        return answer

    def forget(self, first: str) -> None:
        """Let go of the answers to keys that are, or begin with, this one, those that are being computed too."""
        with self._guard:
            for key in [key for key in self._answers if key == first or (isinstance(key, tuple) and key[0] == first)]:
                del self._answers[key]
