"""Says what is being deleted, so that nobody begins the very same at the same time.

It deletes nothing: `jobs` does.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

LET_GO_SECONDS = 120.0
"""How long a deletion is waited for."""


class Deletions:
    """The keys of runs and datasets that are being deleted; *guard* is held whenever something is begun."""

    def __init__(self, guard: threading.RLock) -> None:
        self._keys: Counter[str] = Counter()
        self._over = threading.Condition(guard)

    @contextmanager
    def of(self, key: str) -> Iterator[None]:
        """Let nobody begin a run of this key, or of the dataset of this key, within the block."""
        with self._over:
            self._keys[key] += 1
        try:
            yield
        finally:
            with self._over:
                self._keys -= Counter([key])
                self._over.notify_all()

    def wait(self, *keys: str) -> None:
        """Wait, where the guard is held, until none of the keys is being deleted."""
        self._over.wait_for(lambda: not any(self._keys[key] for key in keys), LET_GO_SECONDS)
