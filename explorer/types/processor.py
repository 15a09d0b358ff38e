"""Processes of our own: how one is started, and how long one may compute that decodes what others sent.

Any room may start such a one.
"""

from __future__ import annotations

import sys
from contextlib import suppress


def started_as(module: str, *words: str) -> list[str]:
    """Return the command that runs one of our modules in a process of its own.

    With -P nothing is imported from the folder that somebody is in: `python -m` alone would run the pandas.py that
    lies among what was downloaded.
    """
    return [sys.executable, "-P", "-m", module, *words]


def limit_seconds(seconds: int) -> None:
    """Have the system end this process after so many more seconds of the processor."""
    with suppress(ImportError, ValueError, OSError):
        import resource

        spent = resource.getrusage(resource.RUSAGE_SELF)
        hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
        resource.setrlimit(resource.RLIMIT_CPU, (int(spent.ru_utime + spent.ru_stime) + 1 + seconds, hard))
