"""Has a serving process compute with one thread an answer; the processes that it starts compute with all cores again.

It counts no threads of Python: how many answers are computed side by side, the server decides.
"""

from __future__ import annotations

import os
import sys

_NUMBA = "NUMBA_NUM_THREADS"
_NAMES = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS", _NUMBA)
"""What libraries read when they are loaded."""
_given: dict[str, str | None] = {}


def one_thread_an_answer() -> None:
    """Let every library of this process, loaded or to be loaded, compute with one thread.

    Forty who click at once would else start forty times as many threads as there are cores, which wait for each other
    spinning: 95 answers in 6 seconds on two cores instead of 2,400.
    """
    from threadpoolctl import threadpool_limits

    _given.update((name, os.environ.get(name)) for name in _NAMES if name not in _given)
    # numba reads its own again with every loop that it compiles, and fails when it has threads already: in a program
    # that made runs before it serves them.  The loops of an answer have one thread by themselves.
    names = [name for name in _NAMES if name != _NUMBA or "numba" not in sys.modules]
    os.environ.update(dict.fromkeys(names, "1"))
    threadpool_limits(1)


def environment() -> dict[str, str]:
    """Return the environment for a process of its own: as it was given to this one."""
    as_given = {**os.environ, **{name: value for name, value in _given.items() if value is not None}}
    return {name: value for name, value in as_given.items() if _given.get(name, value) is not None}
