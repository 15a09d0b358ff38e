"""Has the serving process give memory back that it no longer uses.

It bounds nothing: what untrusted content may take, `server.limits` says.
"""

from __future__ import annotations

import ctypes

_ARENAS, _TRIM, _MAPPED = -8, -1, -3
"""Options of glibc's `mallopt`: heaps that threads share, and from how many bytes memory is given back or mapped."""
_HEAPS, _BYTES = 2, 128 * 2**10


def give_memory_back() -> bool:
    """Tell glibc's allocator to give back what is freed, and whether it could be told; elsewhere nothing is done.

    By itself it takes a heap for each thread, and keeps more the larger what was freed: a server of which fifty people
    ask, and which takes 6 MB of text in every few minutes, grew from 248 to 310 MB in half an hour.
    """
    try:
        tell = ctypes.CDLL(None).mallopt
    except (AttributeError, OSError, TypeError):
        return False
    return all([tell(_ARENAS, _HEAPS), tell(_TRIM, _BYTES), tell(_MAPPED, _BYTES)])
