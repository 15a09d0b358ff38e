"""How much memory a process that reads may take, by what the machine has free."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

from explorer.config import READING_MEMORY, gigabytes

LEAST_MEMORY = 2**30
_GROUPS = {"": ("memory.max", "memory.current"), "memory": ("memory.limit_in_bytes", "memory.usage_in_bytes")}
"""Files that say what a control group may hold and what it holds, in the unified hierarchy and in that of memory."""


def limit_memory() -> None:
    """Have allocations of this process fail beyond what it has now and what reading may take; Linux keeps to it.

    To be called before each reading: what is free changes.
    """
    allowed = memory_allowed()
    with suppress(ImportError, ValueError, OSError):
        import resource

        most = max(_pages(0), _pages(1) + allowed)  # libraries reserve what they may never use
        hard = resource.getrlimit(resource.RLIMIT_AS)[1]
        resource.setrlimit(resource.RLIMIT_AS, (most if hard < 0 else min(most, hard), hard))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def memory_allowed() -> int:
    """Return the bytes that reading may take: what is asked for, or half of what is free, as two may read at once.

    It is a GiB at least; where nobody tells what is free, half of what there is.  Raises BadSetting.
    """
    asked = gigabytes(READING_MEMORY)
    if asked:
        return asked
    free = memory_free()
    if free is None:
        free = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    return max(LEAST_MEMORY, free // 2)


def memory_free(root: Path = Path("/")) -> int | None:
    """Return the bytes that this machine, or the container that this process is in, has left; None if nobody tells."""
    free: list[int] = []
    with suppress(OSError, ValueError):
        lines = (root / "proc/meminfo").read_text(encoding="ascii").splitlines()
        free += [int(line.split()[1]) * 1024 for line in lines if line.startswith("MemAvailable:")]
    with suppress(OSError):
        for line in (root / "proc/self/cgroup").read_text(encoding="utf-8").splitlines():
            _, kinds, path = line.split(":", 2)
            for kind in {"", "memory"} & set(kinds.split(",")):
                free += _left_to(root / "sys/fs/cgroup" / kind, path.strip("/"), *_GROUPS[kind])
    return min(free, default=None)


def _left_to(hierarchy: Path, path: str, limit: str, held: str) -> list[int]:
    """Return what each group that holds a group has left; a container sees its own as the hierarchy's first."""
    groups = [hierarchy / path, *(hierarchy / path).parents]
    return [
        left for group in groups if group.is_relative_to(hierarchy) and (left := _left(group, limit, held)) is not None
    ]


def _left(group: Path, limit: str, held: str) -> int | None:
    """Return the bytes that a group may still take; files that are cached for it make room when it does."""
    try:
        most, now = (int((group / name).read_text(encoding="ascii")) for name in (limit, held))
        counts = dict(line.split() for line in (group / "memory.stat").read_text(encoding="ascii").splitlines())
    except (OSError, ValueError):  # there is no such group here, or it may take any ("max")
        return None
    return max(0, most - now + int(counts.get("total_inactive_file", counts.get("inactive_file", 0))))


def memory_held() -> int:
    """Return the bytes that this process has in memory; 0 where the system does not tell."""
    return _pages(1)


def _pages(which: int) -> int:
    """Return the bytes of this process: 0 for all that it has mapped, 1 for what is in memory."""
    try:
        counts = Path("/proc/self/statm").read_text(encoding="ascii").split()
    except OSError:
        return 0
    return int(counts[which]) * os.sysconf("SC_PAGE_SIZE")
