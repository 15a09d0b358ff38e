"""Remembers which dataset an upload became, for senders whose connection broke while it was read.

It is in memory only: a server that starts again knows none, and the datasets are there.
"""

from __future__ import annotations

import threading

KNOWN = 256


class Became:
    """The datasets of the last uploads that were read; safe to use from several threads."""

    def __init__(self) -> None:
        self._datasets: dict[str, str] = {}
        self._lock = threading.Lock()

    def note(self, upload: str, dataset: str) -> None:
        """Remember what an upload became, and forget what is oldest."""
        with self._lock:
            self._datasets[upload] = dataset
            while len(self._datasets) > KNOWN:
                del self._datasets[next(iter(self._datasets))]

    def dataset(self, upload: str) -> str | None:
        """Return the key of the dataset that an upload became; None where it is not known."""
        with self._lock:
            return self._datasets.get(upload)
