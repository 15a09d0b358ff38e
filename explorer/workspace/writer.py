"""Writes files and folders that are complete or absent, and says by their names who is writing them.

It does not know what is in them.  What a process has begun is its own as long as it lives: it holds a lock file that
the kernel lets go of with it, however it ends.  A sweep leaves alone what belongs to a writer that lives.

    DIR/writers/WRITER.lock
"""

from __future__ import annotations

import itertools
import os
import re
import tempfile
import threading
import uuid
import weakref
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from explorer.errors import CannotWrite
from explorer.workspace.files import NEW, as_json, erase
from explorer.workspace.locks import is_held
from explorer.workspace.room import storing

WRITERS = "writers"
_OWNER = re.compile(re.escape(NEW) + r"([0-9a-f]{12})-\d+$")


class Writer:
    """Writes below the workspace at *workspace*; safe to use from several threads."""

    def __init__(self, workspace: Path) -> None:
        self._home = workspace / WRITERS
        self._guard = threading.Lock()
        self._numbers = itertools.count(1)
        self._name = ""

    def temporary(self, home: Path) -> Path:
        """Return a name beside *home* that tells that this process is at it; raises CannotWrite."""
        with self._guard, storing(self._home.parent):
            if not self._name:
                self._name = self._registered()
        return home.with_name(f"{home.name}{NEW}{self._name}-{next(self._numbers)}")

    @contextmanager
    def new_folder(self, home: Path) -> Iterator[Path]:
        """Give a folder to fill, which becomes *home* when the block ends well and vanishes otherwise.

        Raises CannotWrite when the disk does not take what the block writes.
        """
        folder = self.temporary(home)
        try:
            with storing(home.parent):
                folder.mkdir(parents=True)
                yield folder
                publish(folder, home)
        finally:
            erase(folder)

    def write(self, path: Path, content: bytes) -> None:
        """Write a file, complete or not at all; raises CannotWrite."""
        new = self.temporary(path)
        try:
            with storing(path.parent):
                new.write_bytes(content)
                new.replace(path)
        except BaseException:
            erase(new)
            raise

    def write_json(self, path: Path, value: Mapping[str, Any]) -> None:
        """Write a json file, complete or not at all; raises CannotWrite."""
        self.write(path, as_json(value))

    @contextmanager
    def lent(self, home: Path, content: bytes) -> Iterator[Path]:
        """Give a file with *content* within the block: beside *home*, or elsewhere where that cannot be written.

        Raises CannotWrite where there is no room in either place.
        """
        path = home
        try:
            try:
                path = self.temporary(home)
                with storing(home.parent):
                    path.write_bytes(content)
            except CannotWrite as full:
                erase(path)
                try:
                    number, name = tempfile.mkstemp()
                    path = Path(name)
                    with os.fdopen(number, "wb") as file:
                        file.write(content)
                except OSError:
                    raise full from None
            yield path
        finally:
            erase(path)

    def _registered(self) -> str:
        """Hold a lock file of a name of its own as long as this process lives, and return the name."""
        from filelock import FileLock, Timeout

        self._home.mkdir(parents=True, exist_ok=True)
        while True:
            name = uuid.uuid4().hex[:12]
            held = FileLock(self._home / f"{name}.lock", timeout=0, thread_local=False)
            with suppress(Timeout):
                held.acquire()
                if (self._home / f"{name}.lock").exists():  # else a sweep took it for that of a dead one: another name
                    weakref.finalize(self, _let_go, held, os.getpid())
                    return name
                held.release()


def _let_go(held: Any, process: int) -> None:
    if os.getpid() == process:  # a fork of the writer is not the writer
        erase(Path(held.lock_file))
        held.release()


def publish(folder: Path, home: Path) -> None:
    """Rename a filled folder to its final name; when another process was first, its result stands."""
    try:
        folder.rename(home)
    except OSError:
        if not home.is_dir():
            raise
        erase(folder)


def owner_of(path: Path) -> str:
    """Return the writer that a name tells, "" for one that tells none, as those of earlier versions."""
    found = _OWNER.search(path.name)
    return found[1] if found else ""


def lives(workspace: Path, writer: str) -> bool:
    """Whether a writer's process is still at it."""
    return is_held(workspace / WRITERS / f"{writer}.lock")
