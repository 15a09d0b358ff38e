"""The process that reads large files: `python -m explorer.server.reader WORKSPACE LINE`.

It takes one json request, a line on its standard input, and prints one json answer.  The end of its input asks it to
stop.  It does not decide what is read apart (`reading` does).
"""

from __future__ import annotations

import json
import os
import sys
import threading

from explorer import errors
from explorer.runs import tie
from explorer.server.reading import Reading, read_here
from explorer.workspace import Workspace


def main() -> None:
    """Answer the request on standard input."""
    tie(sys.argv[2])
    out = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # what libraries print is no answer
    asked = json.loads(sys.stdin.readline())
    stop = threading.Event()
    threading.Thread(target=_set_at_end_of_input, args=(stop,), daemon=True).start()
    reading = Reading(**{**asked, "paths": tuple(asked["paths"]), "origin": tuple(asked["origin"])})
    try:
        answer = {"dataset": read_here(Workspace(sys.argv[1]), reading, stop)}
    except errors.ExplorerError as exc:
        answer = {"error": type(exc).__name__, "text": str(exc)}
    out.write(json.dumps(answer))
    out.flush()


def _set_at_end_of_input(stop: threading.Event) -> None:
    sys.stdin.read()
    stop.set()


if __name__ == "__main__":
    main()
