"""The command in a process of its own that stays for the next command: what it loads takes longer than what it does.

What is the process's own – its exit status, its signals, its streams – is tried with `subprocess`.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_PROGRAM = """
import contextlib, io, json, os, runpy, sys, tempfile, traceback

answers = os.fdopen(os.dup(1), "w")
past = tempfile.TemporaryFile()  # what is printed past Python
os.dup2(past.fileno(), 1)
for line in sys.stdin:
    path = list(sys.path)
    sys.argv = ["explorer", *json.loads(line)]
    streams = [io.TextIOWrapper(io.BytesIO(), "utf-8", write_through=True) for _ in range(2)]
    with contextlib.redirect_stdout(streams[0]), contextlib.redirect_stderr(streams[1]):
        try:
            runpy.run_module("explorer", run_name="__main__", alter_sys=True)
            status = 0
        except SystemExit as exc:
            status = exc.code or 0
        except BaseException:
            traceback.print_exc()
            status = 1
    sys.path[:] = path
    said = [stream.buffer.getvalue().decode("utf-8", "replace") for stream in streams]
    past.seek(0)
    said[0] += past.read().decode("utf-8", "replace")
    past.truncate(0)
    print(json.dumps([status, *said]), file=answers, flush=True)
"""


class Commands:
    """A process that does one command after the other, each as `python -m explorer` would."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process

    def __call__(self, *words: object) -> "subprocess.CompletedProcess[str]":
        """Return what a command prints, and its exit status."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        said = [str(word) for word in words]
        print(json.dumps(said), file=self._process.stdin, flush=True)
        status, out, err = json.loads(self._process.stdout.readline())
        return subprocess.CompletedProcess(said, status, out, err)


@contextmanager
def commands(folder: Path, env: dict[str, str] | None = None) -> Iterator[Commands]:
    """Have a process for commands that are given in a folder, until the block ends."""
    process = subprocess.Popen(
        [sys.executable, "-c", _PROGRAM], stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=folder,
        env=env or dict(os.environ), text=True,
    )  # fmt: skip
    try:
        yield Commands(process)
    finally:
        process.communicate(timeout=60)
