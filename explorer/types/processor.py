"""How long a process may compute that decodes what others sent; any room may start such a one."""

from __future__ import annotations

from contextlib import suppress


def limit_seconds(seconds: int) -> None:
    """Have the system end this process after so many more seconds of the processor."""
    with suppress(ImportError, ValueError, OSError):
        import resource

        spent = resource.getrusage(resource.RUSAGE_SELF)
        hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
        resource.setrlimit(resource.RLIMIT_CPU, (int(spent.ru_utime + spent.ru_stime) + 1 + seconds, hard))
