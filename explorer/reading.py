"""Read files into a dataset of a workspace: small ones here, large ones in a process of their own.

It parses nothing itself (ingest does).  The process, `python -m explorer.reading`, takes one json request on its
standard input and prints one json answer, so that the memory that a large file takes goes when it ends.
"""

from __future__ import annotations

import dataclasses
import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from explorer import errors
from explorer.thumbnails import Thumbnails
from explorer.workspace import Workspace

APART_BYTES = 64 * 2**20
"""Files larger than this, together, are read in a process of their own."""


@dataclass(frozen=True)
class Reading:
    """What to read: paths, the text column if chosen, a name; *source* moves into the workspace, *origin* stays."""

    paths: tuple[str, ...]
    text: str | None = None
    name: str | None = None
    source: str | None = None
    origin: tuple[str, ...] = ()


def read(workspace: Workspace, reading: Reading) -> str:
    """Read, keep and return the key of the dataset.  Raises what ingest raises."""
    size = sum(_size(Path(path)) for path in reading.paths)
    return _read_apart(workspace, reading) if size > APART_BYTES else read_here(workspace, reading)


def read_here(workspace: Workspace, reading: Reading) -> str:
    """Read in this process."""
    from explorer import ingest

    thumbnails = Thumbnails(workspace.path / "thumbs")
    dataset = ingest.load(reading.paths, text=reading.text, name=reading.name, on_image=thumbnails.keep)
    source = Path(reading.source) if reading.source else None
    return workspace.keep_dataset(dataset, source=source, origin=reading.origin)


def _read_apart(workspace: Workspace, reading: Reading) -> str:
    ended = subprocess.run(
        [sys.executable, "-m", "explorer.reading", str(workspace.path)],
        input=json.dumps(dataclasses.asdict(reading)),
        stdout=subprocess.PIPE,
        text=True,
        check=False,
    )
    try:
        answer = json.loads(ended.stdout)
    except ValueError as exc:
        raise errors.UnreadableFile(
            f"reading ended unexpectedly (exit status {ended.returncode}), often for want of memory; "
            "split the file or free some memory."
        ) from exc
    if "error" in answer:
        raise getattr(errors, answer["error"], errors.ExplorerError)(answer["text"])
    return str(answer["dataset"])


def _size(path: Path) -> int:
    if path.is_dir():
        return sum(file.stat().st_size for file in path.rglob("*") if file.is_file())
    return path.stat().st_size if path.exists() else 0


def main() -> None:
    """Answer the request on standard input."""
    out = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # what libraries print is no answer
    asked = json.load(sys.stdin)
    reading = Reading(**{**asked, "paths": tuple(asked["paths"]), "origin": tuple(asked["origin"])})
    try:
        answer = {"dataset": read_here(Workspace(sys.argv[1]), reading)}
    except errors.ExplorerError as exc:
        answer = {"error": type(exc).__name__, "text": str(exc)}
    out.write(json.dumps(answer))
    out.flush()


if __name__ == "__main__":
    main()
