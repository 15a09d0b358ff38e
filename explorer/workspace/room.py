"""Says in one sentence why a workspace cannot be written, and keeps a floor of free space for its records.

It frees nothing: what is deleted does.
"""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from explorer.errors import CannotWrite

FLOOR_BYTES = 32 * 2**20
"""Free space that results leave for records, which take some kilobytes each; on a small disk a twentieth of it."""
FULL = (errno.ENOSPC, errno.EDQUOT)
REFUSED = (errno.EACCES, errno.EPERM)
_NOTHING = 2**16
"""Free bytes with which a write that failed without a number failed for want of space: numpy tells none."""


@contextmanager
def storing(place: Path) -> Iterator[None]:
    """Raise CannotWrite for what fails in the block because the disk of folder *place* is full or may only be read."""
    try:
        yield
    except OSError as exc:
        said = cannot_write(exc, place)
        if said is None:
            raise
        raise said from exc


def cannot_write(exc: OSError, place: Path) -> CannotWrite | None:
    """Return the error that says why the disk did not take something; None where it is not the disk's fault."""
    if exc.errno == errno.EROFS or (exc.errno in REFUSED and not os.access(place, os.W_OK)):
        return CannotWrite(
            "the workspace may only be read; make its folder writable, or choose another one with --workspace."
        )
    unsaid = exc.errno is None and not isinstance(exc, TimeoutError)
    if exc.errno in FULL or (unsaid and shutil.disk_usage(place).free < _NOTHING):
        return CannotWrite(
            "the disk of the workspace is full; delete data sets or runs, or free some space, and try again."
        )
    return None


def check_room(place: Path, more: int = 0) -> None:
    """Raise CannotWrite when *more* bytes would not leave the floor of free space."""
    usage = shutil.disk_usage(place)
    floor = min(FLOOR_BYTES, usage.total // 20)
    if usage.free - more < floor:
        needed = f" and {more / 2**20:,.1f} MB are needed" if more else ""
        raise CannotWrite(
            f"the disk of the workspace is almost full: {usage.free / 2**20:,.1f} MB are free, "
            f"{floor / 2**20:,.1f} MB are kept for records{needed}; "
            "delete data sets or runs, or free some space, and try again."
        )
