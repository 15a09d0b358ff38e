"""Read files into a dataset of a workspace: small ones here, large ones in a process of their own.

It parses nothing itself (ingest does).  The process is `reader`: the memory that a large file takes goes when it ends.
"""

from __future__ import annotations

import dataclasses
import json
import subprocess
import sys
import threading
from contextlib import nullcontext, suppress
from dataclasses import dataclass
from pathlib import Path

from explorer import errors
from explorer.runs import start_tied
from explorer.workspace import Workspace

APART_BYTES = 64 * 2**20
"""Files larger than this, together, are read in a process of their own."""
STOP_SECONDS = 1.5
"""How long that process has to stop by itself before it is ended."""
_LOOK_SECONDS = 0.1


@dataclass(frozen=True)
class Reading:
    """What to read: paths, the text column if chosen, a name; *source* moves into the workspace, *origin* stays."""

    paths: tuple[str, ...]
    text: str | None = None
    name: str | None = None
    source: str | None = None
    origin: tuple[str, ...] = ()


def read(workspace: Workspace, reading: Reading, *, stop: threading.Event | None = None) -> str:
    """Read, keep and return the key of the dataset.

    Raises what ingest raises, and Cancelled once *stop* is set: nothing is kept then.
    """
    size = sum(_size(Path(path)) for path in reading.paths)
    how = _read_apart if size > APART_BYTES else read_here
    return how(workspace, reading, stop or threading.Event())


def read_here(workspace: Workspace, reading: Reading, stop: threading.Event) -> str:
    """Read in this process."""
    from explorer import ingest

    def progress(_done: int, _total: int) -> None:
        if stop.is_set():
            raise _cancelled()

    keep = workspace.thumbnails.keep
    dataset = ingest.load(reading.paths, text=reading.text, name=reading.name, on_image=keep, progress=progress)
    progress(0, 0)
    source = Path(reading.source) if reading.source else None
    known = workspace.datasets.has(dataset.key)
    key = workspace.datasets.keep(dataset, source=source, origin=reading.origin)
    if stop.is_set() and not known:
        workspace.delete_dataset(key)
        raise _cancelled()
    return key


def _read_apart(workspace: Workspace, reading: Reading, stop: threading.Event) -> str:
    process, line = start_tied(
        [sys.executable, "-m", "explorer.server.reader", str(workspace.path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    with process, line or nullcontext():
        try:
            said = _answer(process, json.dumps(dataclasses.asdict(reading)), stop)
        finally:
            process.kill()
    try:
        answer = json.loads(said)
    except ValueError as exc:
        if stop.is_set():
            raise _cancelled() from exc
        raise errors.UnreadableFile(
            f"reading ended unexpectedly (exit status {process.returncode}), often for want of memory; "
            "split the file or free some memory."
        ) from exc
    if "error" in answer:
        raise getattr(errors, answer["error"], errors.ExplorerError)(answer["text"])
    return str(answer["dataset"])


def _answer(process: subprocess.Popen[bytes], request: str, stop: threading.Event) -> bytes:
    """Return what the process prints; when *stop* is set, ask it to stop, and wait no longer than STOP_SECONDS."""
    assert process.stdin is not None
    assert process.stdout is not None
    with suppress(BrokenPipeError):
        process.stdin.write(request.encode() + b"\n")
        process.stdin.flush()
    while True:
        stopping = stop.is_set()
        if stopping:
            process.stdin.close()
        try:
            process.wait(STOP_SECONDS if stopping else _LOOK_SECONDS)
        except subprocess.TimeoutExpired:
            if stopping:
                return b""
            continue
        return process.stdout.read()  # a key or a sentence, which a pipe holds


def _cancelled() -> errors.Cancelled:
    return errors.Cancelled("reading was cancelled; nothing was added.")


def _size(path: Path) -> int:
    if path.is_dir():
        return sum(file.stat().st_size for file in path.rglob("*") if file.is_file())
    return path.stat().st_size if path.exists() else 0
