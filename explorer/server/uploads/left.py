"""Tells which uploads nobody goes on with, by what lies in their folders.

It removes none of them: `incoming` does.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterable
from pathlib import Path

from explorer.server.uploads.names import files_in
from explorer.workspace import lives, owner_of

ID = re.compile(r"[0-9a-f]{32}")
"""What uploads are called."""
ONCE = "once"
"""The marker of an upload that only the request knows that brings it."""
EMPTY_SECONDS, IDLE_SECONDS = 60, 3600
"""After which an upload without a byte, and the one that is idle for longest, make room where too many are open."""


def roots_in(folder: Path) -> list[Path]:
    """Return the folders of the uploads in *folder*."""
    return [root for root in folder.glob("*") if ID.fullmatch(root.name)]


def is_left(root: Path, older_than: float) -> bool:
    """Whether an upload is idle for *older_than* seconds, became a dataset, or only an ended request knew it."""
    return not files_in(root).is_dir() or _orphaned(root) or _idle(root) >= older_than


def removable(roots: Iterable[Path], older_than: float) -> list[Path]:
    """Return those that are idle for *older_than* seconds, or for a minute without a byte of any file.

    Unlike with `is_left`, uploads may be begun meanwhile; those that come at once are their requests'.
    """
    found = []
    for root in roots:
        seconds = 0.0 if any(root.glob(f"{ONCE}.*")) else _idle(root)
        if seconds >= older_than or (seconds >= EMPTY_SECONDS and _is_empty(root)):
            found.append(root)
    return found


def longest_idle(roots: Iterable[Path]) -> list[Path]:
    """Return the one that is idle for longest, if that is an hour or more; those that come at once are not asked."""
    seconds = {root: _idle(root) for root in roots if not any(root.glob(f"{ONCE}.*"))}
    found = max(seconds, key=lambda root: seconds[root], default=None)
    return [found] if found is not None and seconds[found] >= IDLE_SECONDS else []


def _is_empty(root: Path) -> bool:
    return not any(path.is_file() and path.stat().st_size for path in files_in(root).rglob("*"))


def _orphaned(root: Path) -> bool:
    """Whether an upload came at once, and the process that took it has ended."""
    return any(not lives(root.parents[1], owner_of(marker)) for marker in root.glob(f"{ONCE}.*"))


def _idle(root: Path) -> float:
    """Return the seconds since anything in *root* changed."""
    try:
        newest = max(path.stat().st_mtime for path in (root, *root.rglob("*")))
    except FileNotFoundError:
        return 0.0  # something is just being changed
    return time.time() - newest
