"""The edge of one file: whatever goes wrong within it is that file's fault, and is told in a sentence.

It reads nothing.  What nobody expected is logged with its traceback; other files of the upload are read all the same.
"""

from __future__ import annotations

import logging
import lzma
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from explorer.errors import ExplorerError, ReadingEnded, UnreadableFile

log = logging.getLogger(__name__)

DAMAGED = (OSError, EOFError, UnicodeError, zipfile.BadZipFile, zlib.error, lzma.LZMAError, NotImplementedError)
"""What the files of an archive, and files on a disk, are known to raise."""


class Edge:
    """Tells what a caller raises to stop from what goes wrong: the one passes, the other is the file's fault."""

    def __init__(self) -> None:
        self._stops: list[BaseException] = []

    def passing(self, advance: Callable[[int], None]) -> Callable[[int], None]:
        """Return *advance*, whose own exceptions are to pass."""

        def heard(seen: int) -> None:
            try:
                advance(seen)
            except BaseException as exc:
                self._stops.append(exc)
                raise

        return heard

    @contextmanager
    def of(self, name: str, *, reader: str = "") -> Iterator[None]:
        """Raise UnreadableFile for whatever goes wrong with the file of this name; *reader* is one that was added."""
        try:
            yield
        except ExplorerError:
            raise
        except (KeyboardInterrupt, GeneratorExit):
            raise
        except BaseException as exc:  # a panic of a library in Rust is no Exception
            if any(exc is stop for stop in self._stops):
                raise
            raise _fault(name, exc, reader) from exc


def why(exc: BaseException) -> str:
    """Return what an exception says, without the path that the system's own name."""
    return str(getattr(exc, "strerror", None) or exc).strip().rstrip(". ") or type(exc).__name__


def _fault(name: str, exc: BaseException, reader: str) -> UnreadableFile:
    if isinstance(exc, MemoryError):
        return ReadingEnded(f"cannot read {name}: it takes more memory than it may. Load a part of it.")
    if isinstance(exc, DAMAGED):
        return UnreadableFile(f"cannot read {name}: {why(exc)}. Check the file and load it again.")
    log.error("reading %r failed", name, exc_info=exc)
    if reader:
        failed = f"the reader of {reader} failed ({type(exc).__name__}: {exc})"
        return UnreadableFile(f"cannot read {name}: {failed}. Check the file and that package.")
    return UnreadableFile(f"cannot read {name}: it is damaged ({type(exc).__name__}: {why(exc)}). Write it again.")
