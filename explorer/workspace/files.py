"""Writes files and folders that are complete or absent, reads records, and refuses keys that lead elsewhere.

It does not know what is in them.
"""

from __future__ import annotations

import json
import re
import reprlib
import shutil
import uuid
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from explorer.errors import NotFound, WorkspaceUnusable

LONGEST_KEY = 64
_KEY = re.compile(r"[A-Za-z0-9_-]+")
NEW = ".new-"
"""In the names of files and folders that are not complete."""


@contextmanager
def new_folder(home: Path) -> Iterator[Path]:
    """Give a folder to fill, which becomes *home* when the block ends well and vanishes otherwise."""
    folder = home.with_name(f"{home.name}{NEW}{uuid.uuid4().hex[:8]}")
    folder.mkdir(parents=True)
    try:
        yield folder
        publish(folder, home)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def publish(folder: Path, home: Path) -> None:
    """Rename a filled folder to its final name; when another process was first, its result stands."""
    try:
        folder.rename(home)
    except OSError:
        if not home.is_dir():
            raise
        shutil.rmtree(folder, ignore_errors=True)


def remove_folder(folder: Path) -> None:
    """Remove a folder so that it is gone at once for every reader, whatever happens in between."""
    gone = folder.with_name(f"{folder.name}{NEW}{uuid.uuid4().hex[:8]}")
    with suppress(FileNotFoundError):
        folder.rename(gone)
    shutil.rmtree(gone, ignore_errors=True)


def write_json(path: Path, value: Mapping[str, Any]) -> None:
    """Write a json file, complete or not at all."""
    new = path.with_name(f"{path.name}{NEW}{uuid.uuid4().hex[:8]}")
    new.write_text(json.dumps(value, ensure_ascii=False, indent=1), encoding="utf-8")
    new.replace(path)


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
