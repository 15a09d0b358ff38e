"""Appends to one open file of an upload, block by block, each counted against the limits before it is written.

Where the file is and whether somebody else writes it, `uploads` decides.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from io import FileIO
from pathlib import Path

from explorer.server.uploads.names import refused_by_disk, unknown_upload

BLOCK = 2**18
"""Bytes gathered before one write: fewer hops between threads, little memory also where a hundred files come."""


class Appending:
    """A file that is open for appending; safe to close while another thread writes."""

    def __init__(self, file: FileIO, name: str, *, size: int, room: Callable[[int, int], None]) -> None:
        """Append to *file*, known as *name*, of *size* bytes; *room* is asked before more bytes follow so many."""
        self._room, self._name = room, name
        self._file, self._size, self._held = file, size, bytearray()
        self._lock = threading.Lock()

    def takes(self, chunk: bytes) -> bool:
        """Keep *chunk* if it still fits the block; say True when it does not and has to be written."""
        if len(self._held) + len(chunk) > BLOCK:
            return True
        self._held += chunk
        return False

    def write(self, chunk: bytes) -> None:
        """Write what is held and *chunk*."""
        self.flush()
        for start in range(0, len(chunk), BLOCK):
            self._held += memoryview(chunk)[start : start + BLOCK]
            self.flush()

    def flush(self) -> int:
        """Write what is held and return the size of the file."""
        if self._held:
            self._room(self._size, len(self._held))
            with self._lock, memoryview(self._held) as view:
                _write_all(self._file, view, self._name)
            self._size += len(self._held)
            self._held.clear()
        return self._size

    def sync(self) -> int:
        """Write what is held, wait until the disk has it, and return the size of the file."""
        self.flush()
        with self._lock:
            try:
                os.fsync(self._file.fileno())
            except OSError as exc:
                raise refused_by_disk(self._name, exc) from exc
        return self._size

    def close(self) -> None:
        """Close the file, after the write that a cancelled request may have left running in its thread."""
        with self._lock:
            self._file.close()


def appending(key: str, name: str, path: Path) -> FileIO:
    """Open *path* for appending, its folders made where they are missing."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        return FileIO(path, "ab")
    except FileNotFoundError as exc:
        raise unknown_upload(key) from exc
    except OSError as exc:
        raise refused_by_disk(name, exc) from exc


def _write_all(file: FileIO, view: memoryview, name: str) -> None:
    try:
        written = 0
        while written < len(view):
            written += file.write(view[written:])
    except OSError as exc:
        raise refused_by_disk(name, exc) from exc
