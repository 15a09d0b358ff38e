"""Has documents decoded in a process apart, so that one that crashes a decoder, or keeps it busy, is one bad document.

It decodes nothing itself: `worker` is what runs there.
"""

from __future__ import annotations

import atexit
import json
import os
import signal
import subprocess
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from functools import lru_cache
from typing import Any

from explorer.errors import UnreadableFile
from explorer.ingest.documents.document import MAX_BYTES, MAX_CHARACTERS, Document
from explorer.ingest.documents.passages import Passage, placed
from explorer.ingest.reader import Source
from explorer.types import command_of

SECONDS, SECONDS_A_MIB = 20, 2
"""Seconds of the processor that one document may take, and those more for each MiB."""
WALL_FACTOR = 6
"""Seconds that may go by for each one of the processor."""
LOST_SECONDS = 150.0
"""So long by the clock, in all, a reading waits for documents that do not come to their end, each time half as long; of
those after that it reads none."""
IDLE_SECONDS = 20.0
"""How long the process waits for another document before it is ended."""
_LONGEST_ANSWER = 16 * MAX_CHARACTERS
_ENVIRONMENT = {"MALLOC_ARENA_MAX": "2"}


class Decoder:
    """One process that decodes, started when it is first asked, and anew after it ended; safe to use from threads."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._guard = threading.Lock()
        self._idle: threading.Timer | None = None
        self._ends, self._lost = 0, 0.0

    def begin(self) -> None:
        """Have as much patience as for the first document: another upload is read."""
        self._ends, self._lost = 0, 0.0

    def document(
        self,
        source: Source,
        decoder: str,
        content: bytes,
        *,
        size: int,
        overlap: int = 0,
        most: int = MAX_CHARACTERS,
        shared: Sequence[str] = (),
        parts: bool = False,
    ) -> tuple[Document, list[Passage]]:
        """Return what the decoder of this name makes of a file's content, and its passages of *size* word pieces.

        With a *size* of 0 it is not divided, or into whole *parts* below its headings; of about the first *most*
        characters if it is a long one.  Lines at the edges of a PDF's pages that other files *shared* with it are left
        out.
        Raises UnreadableFile.
        """
        if self._lost > LOST_SECONDS:
            raise UnreadableFile(
                f"cannot read {source.name}: documents before it took {self._lost:,.0f} seconds, and had no end. "
                "Load it by itself."
            )
        seconds = SECONDS + SECONDS_A_MIB * len(content) // 2**20
        seconds = max(min(seconds, 1), seconds >> self._ends)
        request: dict[str, Any] = {
            "decoder": decoder,
            "most": most,
            "seconds": seconds,
            "size": size,
            "overlap": overlap,
            "parts": parts,
        }
        request["shared"] = list(shared)
        with self._guard:
            answer = self._asked(source, request, content)
        if "refused" in answer:
            raise UnreadableFile(f"cannot read {source.name}: {answer['refused']}.")
        document = Document(**answer["document"])
        spans, headings = answer["spans"], document.headings
        return document, placed(document.pages, spans, headings=headings, wraps=document.wraps)

    def close(self) -> None:
        """End the process, if there is one."""
        with self._guard:
            self._end()

    def _asked(self, source: Source, request: dict[str, Any], content: bytes) -> dict[str, Any]:
        if self._idle is not None:
            self._idle.cancel()
        process = self._running()
        over = threading.Timer(WALL_FACTOR * request["seconds"], process.kill)
        over.start()
        began = time.monotonic()
        try:
            line = _exchanged(process, {**request, "bytes": len(content)}, content)
        finally:
            over.cancel()
        if not line.endswith(b"\n"):
            self._ends, self._lost = self._ends + 1, self._lost + time.monotonic() - began
            raise UnreadableFile(f"cannot read {source.name}: {self._ended(request['seconds'])}.")
        self._idle = threading.Timer(IDLE_SECONDS, self.close)
        self._idle.daemon = True
        self._idle.start()
        found: dict[str, Any] = json.loads(line)
        return found

    def _running(self) -> subprocess.Popen[bytes]:
        if self._process is None or self._process.poll() is not None:
            self._end()
            self._process = subprocess.Popen(
                command_of("explorer.ingest.documents.worker"),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                env={**os.environ, **_ENVIRONMENT},
            )
        return self._process

    def _ended(self, seconds: int) -> str:
        """Return why the process ended amid a document."""
        assert self._process is not None
        self._process.kill()
        status = self._process.wait()
        self._end()
        if status == -getattr(signal, "SIGXCPU", 0) or status == -getattr(signal, "SIGKILL", 0):
            return (
                f"reading it takes more than {seconds} seconds of the processor, or more memory than there is. Split it"
            )
        return f"it makes its decoder fail (exit status {status}). Write it again, or save its text as .txt"

    def _end(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        process.kill()
        process.wait()
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                with suppress(OSError):
                    pipe.close()


def _exchanged(process: subprocess.Popen[bytes], request: dict[str, Any], content: bytes) -> bytes:
    """Return the line that the process answers; one without an end when it ended."""
    assert process.stdin is not None
    assert process.stdout is not None
    with suppress(BrokenPipeError):
        process.stdin.write(json.dumps(request).encode() + b"\n")
        process.stdin.write(content)
        process.stdin.flush()
    return process.stdout.readline(_LONGEST_ANSWER)


@lru_cache(maxsize=1)
def the_decoder() -> Decoder:
    """Return the one process of this process; it is ended with it."""
    decoder = Decoder()
    atexit.register(decoder.close)
    return decoder


def content_of(source: Source) -> bytes:
    """Return what the file holds, unpacked.  Raises UnreadableFile where that is more than is read of a document."""
    with source.open() as file:
        content = file.read(MAX_BYTES + 1)
    if len(content) > MAX_BYTES:
        raise UnreadableFile(
            f"{source.name} has more than {MAX_BYTES // 2**20} MiB; that is the limit of a document. Split it."
        )
    return content
