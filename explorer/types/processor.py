"""How a process of the package's own is started, and how long it may compute; any room may start such a one."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from pathlib import Path

_ROOT = str(Path(__file__).resolve().parents[2])
_BEGIN = (
    "import runpy, sys; root = sys.argv.pop(1); root in sys.path or sys.path.insert(0, root); "
    "runpy.run_module(sys.argv.pop(1), run_name='__main__', alter_sys=True)"
)


def command_of(module: str, *words: str) -> list[str]:
    """Return the command that runs a module of the package with these words in a process of its own.

    Nothing is imported from the folder that it is started in: somebody else may have filled that.  Only a package that
    is not installed is found beside itself.
    """
    return [sys.executable, "-P", "-c", _BEGIN, _ROOT, module, *words]


def limit_seconds(seconds: int) -> None:
    """Have the system end this process after so many more seconds of the processor."""
    with suppress(ImportError, ValueError, OSError):
        import resource

        spent = resource.getrusage(resource.RUSAGE_SELF)
        hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
        resource.setrlimit(resource.RLIMIT_CPU, (int(spent.ru_utime + spent.ru_stime) + 1 + seconds, hard))


def seconds_spent(process: int) -> float:
    """Return the seconds of the processor that a process has taken; 0 where the system does not tell."""
    with suppress(OSError, ValueError, IndexError):
        told = Path(f"/proc/{process}/stat").read_text(encoding="ascii", errors="replace").rpartition(")")[2].split()
        return (int(told[11]) + int(told[12])) / os.sysconf("SC_CLK_TCK")
    return 0.0
