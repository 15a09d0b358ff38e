"""Has the serving process give memory back that it no longer uses.

It bounds nothing: what untrusted content may take, `server.limits` says.
"""

from __future__ import annotations

import ctypes
import threading

_ARENAS, _TRIM, _MAPPED = -8, -1, -3
"""Options of glibc's `mallopt`: heaps that threads share, and from how many bytes memory is given back or mapped."""
_HEAPS, _BYTES = 2, 16 * 2**20
"""What a question of a million rows takes at once is kept for the next one: to have it mapped anew, page by page, took
half of the time of a click."""
SECONDS = 30.0
"""Until what is not used in the midst of heaps, too, is given back."""


def give_memory_back(every: float = SECONDS) -> bool:
    """Tell glibc's allocator to give back what is freed, and whether it could be told; elsewhere nothing is done.

    By itself it takes a heap for each thread, and keeps more the larger what was freed: a server of which fifty people
    ask, and which takes 6 MB of text in every few minutes, grew from 248 to 310 MB in half an hour.  What still stays
    is given back *every* so many seconds.
    """
    try:
        library = ctypes.CDLL(None)
        tell, trim = library.mallopt, library.malloc_trim
    except (AttributeError, OSError, TypeError):
        return False
    told = all([tell(_ARENAS, _HEAPS), tell(_TRIM, _BYTES), tell(_MAPPED, _BYTES)])

    def trims() -> None:
        while not pause.wait(every):
            trim(0)

    pause = threading.Event()
    threading.Thread(target=trims, name="gives memory back", daemon=True).start()
    return told
