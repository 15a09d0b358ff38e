"""Start a worker process, talk to it, and end it: the other side of `worker`.

It does not know what the requests mean, and starts a new process when the old one has died.
"""

from __future__ import annotations

import itertools
import json
import os
import queue
import subprocess
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from contextlib import suppress
from io import FileIO
from pathlib import Path
from typing import IO, Any, Protocol

from explorer import errors
from explorer.runs.lifeline import start_tied
from explorer.runs.turns import Turns
from explorer.types import command_of

CANCEL_GRACE = 1.5
"""Seconds a worker has to stop by itself; then it is ended, or left to come to a stop while others line up behind."""
LEFT_GRACE = 30.0
"""Seconds a worker that was left has to come to a stop, once somebody waits for it, before it is ended after all."""

Message = dict[str, Any]


class _Waiting(Protocol):
    """Who waits for what a worker says to a request."""

    def put(self, reply: Message, /) -> None:
        """Take what it says, from whatever thread hears it."""


class WorkerProcess(Turns):
    """One warm process with a role ("encode" or "map"); stages take turns on it, queries slip in between.

    *likely* names the encoders to have loaded before anybody asks, the most likely first.
    """

    def __init__(
        self, role: str, workspace: Path, *, device: str, likely: Callable[[], Sequence[str]] = tuple[str, ...]
    ) -> None:
        super().__init__()
        self.role, self._workspace, self._device, self._likely = role, workspace, device, likely
        self._numbers = itertools.count(1)
        self._guard = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._lifeline: FileIO | None = None
        self._replies: dict[int, tuple[subprocess.Popen[bytes], _Waiting]] = {}
        self._outbox: queue.SimpleQueue[Message | None] = queue.SimpleQueue()
        self._left: dict[int, float] = {}
        self._given_up: subprocess.Popen[bytes] | None = None
        self._closed = False

    def call(
        self,
        message: Message,
        *,
        progress: Callable[[Message], None] | None = None,
        asked: Callable[[Message], Message] | None = None,
        cancelled: threading.Event | None = None,
        patient: bool = False,
    ) -> Message:
        """Send a request and wait for its answer; raises the ExplorerError it answers with, or WorkerDied.

        What the worker asks in between is answered by *asked*, or the worker is told why not.
        Once *cancelled* is set it raises Cancelled within CANCEL_GRACE.  A worker that has not stopped by then is
        ended, unless it is still busy with something earlier or *patient* says that what it holds is worth keeping.
        """
        replies: queue.Queue[Message] = queue.Queue()
        number = self._send(message, replies)
        stopping, begun = None, False
        try:
            while True:
                if cancelled is not None and cancelled.is_set():
                    stopping = stopping or self._ask_to_stop(number)
                    if time.monotonic() - stopping > CANCEL_GRACE:
                        self._leave(number, keep=patient or not begun)
                        raise errors.Cancelled("the run was cancelled.")
                try:
                    reply = replies.get(timeout=0.1)
                except queue.Empty:
                    self.end_if_stuck()
                    continue
                if "begun" in reply:
                    begun = True
                elif "again" in reply:
                    self._replies.pop(number, None)
                    replies = queue.Queue()
                    number = self._send(message, replies)
                    stopping, begun = None, False
                elif "ask" in reply and asked is not None:
                    self._tell(number, _answer_of(asked, reply["ask"]))
                elif "progress" in reply and progress is not None:
                    progress(reply["progress"])
                elif "done" in reply:
                    done: Message = reply["done"]
                    return done
                elif "error" in reply:
                    raise _error(reply["error"], cancelled=cancelled is not None and cancelled.is_set())
                elif "died" in reply:
                    raise _died(self.role, reply["died"], "resume the run.")
        finally:
            self._replies.pop(number, None)

    def ask(self, message: Message) -> Future[Message]:
        """Send a request and return at once; its future gets the answer, or what `call` would raise.

        Whoever waits for it calls `end_if_stuck` now and then.
        """
        answer: Future[Message] = Future()
        self._send(message, _Answer(self, message, answer))
        return answer

    def warm(self) -> None:
        """Ask the worker to load and compile what it will need; the answer is not waited for."""
        number = self._send({"do": "warm", "role": self.role, "encoders": list(self._likely())}, queue.Queue())
        self._replies.pop(number, None)

    def close(self) -> None:
        """End the process."""
        self._closed = True
        self._end()

    def _ask_to_stop(self, number: int) -> float:
        self._tell(number, {"do": "cancel"})
        return time.monotonic()

    def _tell(self, number: int, message: Message) -> None:
        """Say more about a request to the process that works on it."""
        with self._guard:
            if number in self._replies and self._replies[number][0] is self._process:
                self._outbox.put({**message, "id": number})

    def _leave(self, number: int, *, keep: bool) -> None:
        """Wait no longer for a request that was cancelled; the worker stops it by itself, or is ended."""
        if keep:
            self._left[number] = time.monotonic()
        else:
            self._replace()

    def end_if_stuck(self) -> None:
        """End the worker if it still computes what was cancelled long ago: whoever calls this waits behind that."""
        since = min(list(self._left.values()), default=None)
        if since is not None and time.monotonic() - since > LEFT_GRACE:
            self._replace()

    def _replace(self) -> None:
        """End the process and start another; what others asked of it is asked again of the new one."""
        self._given_up = self._process
        self._end()
        if not self._closed:
            self.warm()

    def _send(self, message: Message, waiting: _Waiting) -> int:
        """Have a request written, and return its number; the worker's input may be full, so nobody waits for that."""
        with self._guard:
            if self._closed:
                raise errors.WorkerDied("the server is stopping; start it again and go on.")
            if self._process is None or self._process.poll() is not None:
                self._start()
            process = self._process
            assert process is not None
            number = next(self._numbers)
            self._replies[number] = (process, waiting)
            self._outbox.put({**message, "id": number})
        return number

    def _write(self, process: subprocess.Popen[bytes], outbox: queue.SimpleQueue[Message | None]) -> None:
        assert process.stdin is not None
        for message in iter(outbox.get, None):
            try:
                process.stdin.write(json.dumps(message).encode() + b"\n")
                process.stdin.flush()
            except (ValueError, OSError):
                self._fail_all(process)
        with suppress(OSError):  # what it did not take any more
            process.stdin.close()

    def _start(self) -> None:
        self._drop_lifeline()
        with _log(self._workspace / "logs" / f"{self.role}.log") as stderr:
            process, self._lifeline = start_tied(
                command_of("explorer.runs.worker", self.role, str(self._workspace), self._device),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=stderr,
            )
        self._process, self._outbox = process, queue.SimpleQueue()
        self._left.clear()
        threading.Thread(target=self._read, args=(process, self._outbox), daemon=True).start()
        threading.Thread(target=self._write, args=(process, self._outbox), daemon=True).start()

    def _read(self, process: subprocess.Popen[bytes], outbox: queue.SimpleQueue[Message | None]) -> None:
        assert process.stdout is not None
        with process.stdout as lines:
            for line in lines:
                message = json.loads(line)
                if "done" in message or "error" in message:
                    self._left.pop(message["id"], None)
                asked = self._replies.get(message["id"])
                if asked is not None:
                    asked[1].put(message)
        process.wait()
        outbox.put(None)
        self._fail_all(process)

    def _fail_all(self, process: subprocess.Popen[bytes]) -> None:
        """Say that it died to who asked something of this process, and nothing to who asked a newer one.

        If it was ended for the sake of another request, the answer is to ask again.
        """
        again = process is self._given_up and not self._closed
        with self._guard:  # what is being sent now is sent to a newer one, or is among these
            replies = list(self._replies.items())
        for number, (asked, waiting) in replies:
            if asked is process:
                waiting.put({"id": number, **({"again": {}} if again else {"died": process.poll()})})

    def _end(self) -> None:
        process = self._process
        if process is None:
            return
        process.kill()
        process.wait()
        self._drop_lifeline()
        self._fail_all(process)

    def _drop_lifeline(self) -> None:
        if self._lifeline is not None:
            self._lifeline.close()


def _log(path: Path) -> IO[bytes]:
    """Open a log; nowhere in a workspace that cannot be written."""
    try:
        return path.open("ab")
    except OSError:
        return Path(os.devnull).open("ab")


class _Answer:
    """Puts what a worker says to one request into a future."""

    def __init__(self, worker: WorkerProcess, message: Message, answer: Future[Message]) -> None:
        self._worker, self._message, self._answer = worker, message, answer

    def put(self, reply: Message) -> None:
        """Take an answer, or an error; send the request again where the worker was ended for another's sake."""
        if (
            not {"done", "error", "died", "again"} & reply.keys()
            or self._worker._replies.pop(reply["id"], None) is None
        ):
            return
        try:
            if "again" in reply:
                self._worker._send(self._message, self)
            elif "done" in reply:
                self._answer.set_result(reply["done"])
            elif "error" in reply:
                raise _error(reply["error"], cancelled=False)
            else:
                raise _died(self._worker.role, reply["died"], "ask again.")
        except Exception as exc:  # noqa: BLE001 - it is raised where the answer is waited for
            self._answer.set_exception(exc)


def _answer_of(asked: Callable[[Message], Message], question: Message) -> Message:
    try:
        return {"do": "told", **asked(question)}
    except (errors.ExplorerError, RuntimeError) as exc:  # its run fails by it, where the worker hears of it
        return {"do": "told", "error": str(exc)}


def _error(error: Mapping[str, str], *, cancelled: bool) -> Exception:
    if cancelled:
        return errors.Cancelled("the run was cancelled.")
    kind = getattr(errors, error["kind"], None) if error["kind"] else None
    return kind(error["text"]) if kind is not None else RuntimeError(error["text"])


def _died(role: str, status: int | None, cure: str) -> errors.WorkerDied:
    return errors.WorkerDied(f"the {role} worker ended (exit status {status}), often for want of memory; {cure}")
