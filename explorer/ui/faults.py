"""Logs what fails on the server, in full at first and then shortly: no crowd of failures fills the log."""

from __future__ import annotations

import logging
import secrets
import threading
import time

from explorer.types import visible

SECONDS = 60.0
"""After which a failure is told in full again."""
MOST = 20
"""Short lines of one failure until then."""

_log = logging.getLogger(__name__)


class Faults:
    """What has failed of late; safe to use from several threads."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, str], tuple[float, int, str]] = {}
        self._guard = threading.Lock()

    def log(self, what: str, error: Exception) -> str:
        """Log a failure, and return the name under which the log tells of it."""
        key, now, name = (what, type(error).__name__), time.monotonic(), secrets.token_hex(4)
        with self._guard:
            since, count, last = self._known.get(key, (now - SECONDS, 0, name))
            full = now - since >= SECONDS
            if not full and count >= MOST:
                return last
            self._known[key] = (now, 1, name) if full else (since, count + 1, name)
        if full:
            _log.error("%s failed, under %s", what, name, exc_info=error)
        else:
            _log.error("%s failed again, under %s: %s", what, name, visible(f"{key[1]}: {error}"[:200]))
        return name
