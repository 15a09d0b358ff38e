"""Ties a process to the one that started it: it ends when that one ends, however, even amid a call into C code.

It passes no messages.  A thread that waits for the end of the input is not enough: it needs Python's lock, which C
code such as HDBSCAN's may keep for as long as it computes.  Here the kernel sends the signal.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from contextlib import suppress
from io import FileIO
from pathlib import Path
from typing import Any

from explorer.runs.threads import environment

NONE = "none"
"""Stands for the pipe where the kernel sends no such signal (outside Linux); there the end of the input has to do."""


SCORE = 500
"""Added to what the kernel holds against a process, in thousandths of all memory."""


def start_tied(command: Sequence[str], **options: Any) -> tuple[subprocess.Popen[bytes], FileIO | None]:
    """Start *command* with one more argument, for `tie`; return the process and the line it hangs on.

    The process ends when the line is closed, by this process or by its end: keep it as long as the process is wanted.
    It computes with all cores, even where this one answers with one thread each.
    """
    options.setdefault("env", environment())
    if sys.platform != "linux":
        return subprocess.Popen([*command, NONE], **options), None
    theirs, ours = os.pipe()
    try:
        process = subprocess.Popen([*command, str(theirs)], pass_fds=(theirs,), **options)
    except OSError:
        os.close(ours)
        raise
    finally:
        os.close(theirs)
    return process, FileIO(ours, "wb")


def tie(line: str) -> None:
    """End this process as soon as the other end of *line*, the argument that `start_tied` added, is closed.

    Nothing is ever written to it, so that the only signal is the one at its end; SIGIO's default is to end a process.
    Source: fcntl(2), O_ASYNC; signal(7).
    """
    if line == NONE:
        return
    _end_before_others()
    import fcntl
    import select
    import signal

    pipe = int(line)
    signal.signal(signal.SIGIO, signal.SIG_DFL)
    fcntl.fcntl(pipe, fcntl.F_SETOWN, os.getpid())
    fcntl.fcntl(pipe, fcntl.F_SETFL, fcntl.fcntl(pipe, fcntl.F_GETFL) | os.O_ASYNC)
    if select.select([pipe], [], [], 0)[0]:  # it ended before we listened
        os._exit(0)


def _end_before_others() -> None:
    """Have the kernel, when memory runs out, end this process rather than the one that started it.

    Its work is kept and can be done again, the server's connections can not.  Source: proc(5), oom_score_adj.
    """
    with suppress(OSError, ValueError):
        score = Path("/proc/self/oom_score_adj")
        score.write_text(str(max(SCORE, int(score.read_text("ascii")))), "ascii")
