"""A process that reads: `python -m explorer.server.reader LINE`.

It takes json requests, a line each on its standard input, and prints a json answer to each, before it which of several
files it is at.  The end of its input asks
it to stop.  A request names its workspace.  What it may take, `limits` says; who asks, `readers`.
"""

from __future__ import annotations

import base64
import io
import json
import os
import queue
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

from explorer import errors
from explorer.kinds import close_archives, unpacked
from explorer.runs import tie
from explorer.server.limits import limit_memory, memory_held
from explorer.server.reading import AT, Reading, Told, read_here
from explorer.types import limit_seconds
from explorer.workspace import Workspace, small_picture


def main() -> None:
    """Answer the requests on standard input."""
    tie(sys.argv[1])
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the server, which ends this process
    out = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # what libraries print is no answer
    stop = threading.Event()
    requests = _requests(stop)
    _load_libraries()

    def at(names: list[str]) -> None:
        out.write(json.dumps({AT: names}) + "\n")
        out.flush()

    for line in requests:
        request = json.loads(line)
        limit_memory()
        limit_seconds(request["seconds"])
        said = _said(request, stop, at)
        close_archives()
        out.write(json.dumps({**said, "bytes": memory_held()}) + "\n")
        out.flush()


def _said(request: dict[str, Any], stop: threading.Event, at: Told) -> dict[str, Any]:
    try:
        return {"answer": _answer(request, stop, at)}
    except errors.ExplorerError as exc:
        return {"error": type(exc).__name__, "text": str(exc)}
    except MemoryError:
        text = "reading takes more memory than it may; split the file, or keep fewer of its columns."
        return {"error": errors.ReadingEnded.__name__, "text": text}


def _answer(request: dict[str, Any], stop: threading.Event, at: Told) -> Any:
    if request["ask"] == "read":
        asked = request["reading"]
        lists = {name: tuple(asked[name]) for name in ("paths", "origin", "without", "alone", "removed")}
        edited = tuple((int(row), str(text)) for row, text in asked["edited"])
        where = None if asked["where"] is None else tuple(asked["where"])
        reading = Reading(**{**asked, **lists, "edited": edited, "where": where})
        return read_here(Workspace(request["workspace"]), reading, stop, at)
    if request["ask"] == "candidates":
        from explorer import ingest

        return list(ingest.preview(request["paths"]).candidates)
    if request["ask"] == "look":
        return _look(request["paths"])
    if request["ask"] == "columns":
        from explorer.questions import columns_of

        return columns_of(Workspace(request["workspace"]).datasets.open(request["dataset"]))
    return base64.b64encode(small_picture(unpacked(request["item"]), request["side"])).decode("ascii")


def _look(paths: list[str]) -> Any:
    from explorer.server.early import told_of

    try:
        return told_of(paths)
    except (OSError, errors.UnreadableFile) as exc:  # it was deleted, or read meanwhile and moved into the workspace
        if all(map(os.path.exists, paths)):
            raise
        raise errors.NotFound("these files are read or removed by now; look at the dataset.") from exc


def _requests(stop: threading.Event) -> Iterator[str]:
    """Yield the lines of the standard input; set *stop* at its end, even amid a request."""
    lines: queue.SimpleQueue[str] = queue.SimpleQueue()

    def listen() -> None:
        for line in sys.stdin:
            lines.put(line)
        stop.set()
        lines.put("")

    threading.Thread(target=listen, daemon=True).start()
    return iter(lines.get, "")


def _load_libraries() -> None:
    """Read a few texts, so that all that reading needs is loaded when the first request comes.

    They come with the package, and are written to memory: a process that is ended meanwhile leaves no file.
    """
    from PIL import Image

    from explorer import encoders, ingest

    Image.init()
    words = ["words enough to tell a language"]
    with suppress(errors.ExplorerError, OSError):
        ingest.languages_of(words)
        encoders.unread_shares(words)
        ingest.load(Path(__file__).with_name("warming.csv")).table.to_parquet(io.BytesIO())


if __name__ == "__main__":
    main()
