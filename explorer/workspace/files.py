"""Names of what is on its way, reading of records, and removal that is at once; refuses keys that lead elsewhere.

It writes nothing but links (`writer` does) and does not know what is in the files.

A name tells what a file or folder is:

    NAME                   complete, and belongs to what its folder says (see `sweeping`)
    NAME.new-WRITER-3      not complete yet: it belongs to the process that holds ``writers/WRITER.lock``
    NAME.gone-0123abcd     removed: it belongs to nobody, and whoever finds it may erase it
"""

from __future__ import annotations

import json
import os
import re
import reprlib
import shutil
import uuid
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any

from explorer.errors import NotFound, WorkspaceUnusable
from explorer.workspace.room import FULL, storing

LONGEST_KEY = 64
_KEY = re.compile(r"[A-Za-z0-9_-]+")
NEW = ".new-"
"""In the names of files and folders that are not complete."""
GONE = ".gone-"
"""In the names of files and folders that are removed."""


def as_json(value: Any, *, indent: int | None = 1) -> bytes:
    """Return a record as UTF-8; half characters, which that cannot hold, become question marks."""
    return json.dumps(value, ensure_ascii=False, indent=indent).encode("utf-8", "replace")


def link(source: str, target: str) -> None:
    """Link a file, or copy it where the disk knows no links."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)


def is_whole(path: Path) -> bool:
    """Whether a file or folder is complete and not removed, as its name tells."""
    return NEW not in path.name and GONE not in path.name


def children(folder: Path) -> list[Path]:
    """Return what lies in a folder; nothing of one that is gone, which `Path.glob` may stumble over."""
    with suppress(FileNotFoundError, NotADirectoryError):
        return list(folder.iterdir())
    return []


def remove(path: Path) -> None:
    """Remove a file or folder so that it is gone at once for every reader, whatever happens in between."""
    erase(set_aside(path))


def set_aside(path: Path) -> Path:
    """Rename a file or folder so that it is gone for every reader, and return what is to be erased.

    Raises CannotWrite where nothing can be renamed or removed.
    """
    gone = path.with_name(f"{path.name.split(NEW)[0].split(GONE)[0]}{GONE}{uuid.uuid4().hex[:8]}")
    with storing(path.parent), suppress(FileNotFoundError):
        try:
            path.rename(gone)
        except OSError as exc:
            if exc.errno not in FULL:
                raise
            return path  # not even a name more is taken: it is removed where it is
    return gone


def erase(path: Path) -> None:
    """Remove a file or folder that nobody looks at any more; what cannot be removed is left to a later sweep."""
    with suppress(OSError):
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)


def read_json(path: Path) -> dict[str, Any] | None:
    """Return a json file's record, None where there is none; raises WorkspaceUnusable when it is damaged."""
    try:
        value = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as exc:
        raise WorkspaceUnusable(f"{path} is damaged ({exc}); delete it and start the run again.") from exc
    return value if isinstance(value, dict) else None


def safe_key(key: str) -> str:
    """Return the key; one that could name another folder raises NotFound."""
    if not 0 < len(key) <= LONGEST_KEY or not _KEY.fullmatch(key):
        raise NotFound(f"{reprlib.repr(key)} is not a key; keys are 16 hexadecimal digits.")
    return key


def newest_first(records: Iterable[dict[str, Any] | None]) -> list[dict[str, Any]]:
    """Return the records that there are, by the time at which they were made."""
    return sorted((record for record in records if record), key=lambda record: str(record["created"]), reverse=True)
