"""A real server, started as a user starts it, for the tests that talk to one."""

import itertools
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

READER = "explorer.server.reader"
START_S = 180
RUN_S = 400


@dataclass
class Server:
    """A running server: its address, its workspace, and a client that asks it directly."""

    address: str
    workspace: Path
    client: httpx.Client
    log: Path
    process: "subprocess.Popen[bytes]"

    def get(self, path: str, **params: Any) -> Any:
        return self.client.get(f"/api/v1{path}", params=params).raise_for_status().json()

    def add(self, name: str, content: bytes) -> str:
        """Add a file as a dataset and return its key."""
        answer = self.client.post("/api/v1/datasets", files={"file": (name, content)}).raise_for_status().json()
        return str(answer["dataset"])

    def start(self, dataset: str, **settings: Any) -> str:
        """Start a run and return its key."""
        answer = self.client.post("/api/v1/runs", json={"dataset": dataset, **settings})
        return str(answer.raise_for_status().json()["run"])

    def workers(self) -> dict[str, int]:
        """Return the process ids of the workers by their role."""
        asked = ["ps", "-ww", "-o", "pid=,args=", "--ppid", str(self.process.pid)]
        listed = subprocess.run(asked, capture_output=True, text=True, check=False).stdout.splitlines()  # 1: none
        return {
            role: int(line.split()[0]) for line in listed for role in ("encode", "map", READER) if role in line.split()
        }

    @contextmanager
    def halted(self, role: str) -> Iterator[None]:
        """Have a worker stand still within the block, so that its runs are sure to last that long."""
        worker = until(lambda: self.workers().get(role), START_S, f"the worker that does {role}")
        os.kill(worker, signal.SIGSTOP)
        try:
            yield
        finally:
            os.kill(worker, signal.SIGCONT)

    def finish(self, run: str) -> dict[str, Any]:
        """Wait until a run is done and return what it amounts to."""
        status = until(lambda: settled(self.get(f"/runs/{run}")), RUN_S, f"run {run} to end")
        assert status["state"] == "done", status["error"]
        return dict(status)


def settled(status: dict[str, Any]) -> dict[str, Any] | None:
    return None if status["state"] in ("queued", "running") else status


def until(look: Callable[[], Any], seconds: float, what: str) -> Any:
    """Return what *look* returns, as soon as it is something."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        seen = look()
        if seen:
            return seen
        time.sleep(0.05)
    raise AssertionError(f"waited {seconds:.0f} s for {what}")


@contextmanager
def serving(
    workspace: Path, log: Path, *words: str, cwd: Path | None = None, env: dict[str, str] | None = None
) -> Iterator[Server]:
    """Run ``embedding-explorer serve`` on a free port until the block ends; *words* are more of its arguments."""
    command = [str(Path(sys.executable).with_name("embedding-explorer")), "serve", "--no-browser", "--port", "0"]
    environment = {**(env or os.environ), "PYTHONUNBUFFERED": "1"}
    with log.open("w") as out:
        process = subprocess.Popen(
            [*command, "--workspace", str(workspace), *words],
            stdout=out, stderr=subprocess.STDOUT, env=environment, cwd=cwd,
        )  # fmt: skip
    try:
        address = until(lambda: said_address(process, log), START_S, "the server to say its address")
        with httpx.Client(base_url=address, timeout=60, trust_env=False) as client:
            until(lambda: answers(client), START_S, "the server to answer")
            yield Server(address, workspace, client, log, process)
    finally:
        process.terminate()
        try:
            process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def said_address(process: "subprocess.Popen[bytes]", log: Path) -> str | None:
    found = re.search(r"http://\S+", log.read_text())
    assert found or process.poll() is None, f"the server ended: {log.read_text()}"
    return found.group(0) if found else None


def answers(client: httpx.Client) -> bool:
    try:
        return client.get("/api/v1/healthz").status_code == 200
    except httpx.TransportError:
        return False


def leaving_noise(server: Server, dataset: str) -> str:
    """Return a finished run that leaves rows out as noise: the first of several fine settings that does.

    Which of them do depends on the processor's rounding; with few neighbours, almost all do.
    """
    for seed, size in itertools.product(range(6), (9, 6)):
        key = server.start(dataset, n_neighbors=5, min_samples=2, min_cluster_size=size, space="map", seed=seed)
        server.finish(key)
        told = server.get(f"/runs/{key}/clusters", take_in=0.01)
        if told["noise"]["taken_in"] > 3 and len(told["clusters"]) > 1:
            return key
    raise AssertionError("no setting left anything out")
