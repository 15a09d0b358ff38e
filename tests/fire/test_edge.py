"""What stands around all routes: hosts, policies, HEAD, and questions to a workspace that cannot be written."""

from __future__ import annotations

import asyncio
import base64
import errno
import json
import os
import sys
import time
from concurrent.futures import Future
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from explorer.config import Settings
from explorer.runs.queryvectors import QueryVectors
from explorer.server import BoundedBodies, SameOrigin, open_services
from explorer.server.api import mount
from explorer.server.edge import MOST_PARTS, parts_of
from explorer.workspace import Workspace
from tests.fire.asking import Connection
from tests.servers import serving, until
from tests.synthetic import write_run

CROSS = ("cross-origin-opener-policy", "cross-origin-resource-policy")
POLICIES = ("permissions-policy", "content-security-policy", *CROSS)


def test_a_host_that_readers_disagree_about_is_refused(served):
    server, _ = served
    own = server.address.removeprefix("http://")
    lines = {
        own: 200,
        "evil\\@127.0.0.1": 400,
        "evil@127.0.0.1": 400,
        "127.0.0.1:80:80": 400,
        "127.0.0.1/x": 400,
        "127.0.0.1#x": 400,
        "[::1]": 200,
        "": 400,
        f"{own}\r\nHost: {own}": 400,
        f"{own}\r\nHost: evil.example": 400,
        f"evil.example\r\nHost: {own}": 400,
    }

    async def status(host: str) -> int:
        connection = await Connection.to(server.address)
        return (await connection.send(f"GET /api/v1/healthz HTTP/1.1\r\nHost: {host}\r\n\r\n".encode()))[0]

    assert {host: asyncio.run(status(host)) for host in lines} == lines


def test_every_answer_has_the_policies(served):
    server, _ = served
    for path in ("/", "/_dash-layout", "/api/v1/healthz", "/api/v1/nosuch", "/_dash-component-suites/x/y", "/docs"):
        assert set(POLICIES) <= set(server.client.get(path).headers), path
    for policy in CROSS:
        assert server.client.get("/").headers[policy] == "same-origin"


def test_head_answers_as_get_does_without_a_body(served):
    server, run = served
    paths = ["/", "/_dash-layout", "/openapi.json", *(f"/api/v1{rest}" for rest in (
        "/healthz", "/runs", "/datasets", f"/runs/{run}", f"/runs/{run}/points", f"/runs/{run}/report.csv",
        f"/runs/{run}/neighbors/3", f"/runs/{run}/neighbors/999", "/runs/nosuch", "/nosuch"))]  # fmt: skip
    plain = {
        "Accept-Encoding": "identity"
    }  # in Dash's page is a random word, which is packed now more, now less tightly
    for path in paths:
        got, headed = (ask(path, headers=plain) for ask in (server.client.get, server.client.head))
        assert headed.status_code == got.status_code, path
        assert headed.content == b"", path
        assert headed.headers["content-type"] == got.headers["content-type"], path
        assert headed.headers["content-length"] == got.headers["content-length"], path
    upload = server.client.post("/api/v1/uploads").json()["upload"]
    assert server.client.head(f"/api/v1/uploads/{upload}/file", params={"name": "a"}).headers["upload-offset"] == "0"
    assert server.client.head(f"/api/v1/runs/{run}/job").status_code == 405


def test_the_guard_refuses_by_itself_what_names_no_host():
    app = FastAPI()
    app.add_middleware(SameOrigin, settings=Settings(Path("x")))
    assert TestClient(app, base_url="http://evil.example").get("/").status_code == 400


_read_only: list[str] = []
_hooks: list[object] = []


def refuse_writes(event: str, about: tuple[object, ...]) -> None:
    """Raise as a disk does that is mounted read-only, for what lies in a folder of `_read_only`; root hears it too."""
    writes = event in ("os.mkdir", "os.rename", "os.remove", "os.rmdir", "os.link", "os.truncate")
    if event == "open" and isinstance(about[2], int):
        writes = bool(about[2] & (os.O_WRONLY | os.O_RDWR | os.O_CREAT))
    if writes and _read_only and any(str(path).startswith(tuple(_read_only)) for path in about[:2]):
        raise OSError(errno.EROFS, os.strerror(errno.EROFS), str(about[0]))


@pytest.fixture
def read_only():
    """Return a function that makes a folder read-only for this process until the test ends."""
    if not _hooks:
        _hooks.append(refuse_writes)
        sys.addaudithook(refuse_writes)
    yield lambda folder: _read_only.append(str(folder))
    _read_only.clear()


def test_a_run_on_a_disk_that_cannot_be_written_is_asked_and_reported(tmp_path, read_only):
    run = write_run(tmp_path / "workspace", 60, dim=8, clusters=3)
    workspace = Workspace(tmp_path / "workspace")
    services = open_services(workspace, Settings(workspace.path))
    app = FastAPI()
    mount(app, services)
    services.jobs.queries = QueryVectors(Compass())
    read_only(workspace.path)
    with pytest.raises(OSError, match="Read-only"):
        (workspace.path / "x").write_text("")
    client = TestClient(app)
    for rest in ("", "/neighbors/3", "/items/3", "/clusters", "/points", "/columns/kind", "/report.html", "/report.zip",
                 "/search?q=east"):  # fmt: skip
        answer = client.get(f"/api/v1/runs/{run}{rest}")
        assert answer.status_code == 200, (rest, answer.text[:300])
    found = client.post(f"/api/v1/runs/{run}/search/image", content=b"a picture, for all this worker knows")
    assert found.status_code == 200, found.text
    _read_only.clear()
    services.jobs.close()


class Compass:
    """A worker that takes every query for east."""

    def ask(self, _message: object) -> Future[dict[str, Any]]:
        answer: Future[dict[str, Any]] = Future()
        east = base64.b64encode(np.eye(1, 8, dtype="<f4").tobytes()).decode()
        answer.set_result({"vector": east, "vectors": east, "dim": 8})
        return answer


def test_a_server_that_is_not_to_warm_up_starts_what_computes_when_it_is_needed(tmp_path):
    with serving(tmp_path / "w", tmp_path / "log", "--no-warm") as server:
        dataset = server.add("few.csv", b"text\none row\nanother row\na third row\n")
        assert server.workers() == {}
        server.start(dataset)
        until(lambda: "encode" in server.workers(), 30, "the worker that encodes")


def test_bodies_are_bounded_together_and_one_that_does_not_come_is_not_waited_for():
    async def app(scope, receive, send):
        message = await receive()
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"%d" % len(message["body"])})

    bounded = BoundedBodies(app, largest=100, most=120, patience=0.2)
    scope = {"type": "http", "path": "/x", "method": "POST", "headers": [(b"transfer-encoding", b"chunked")]}

    async def status(*pieces: bytes, after: asyncio.Event | None = None, ends: bool = True, path: str = "/x") -> int:
        sent, waiting = [], list(pieces)

        async def receive():
            if not waiting and after is not None:
                await after.wait()
            if not waiting and not ends:
                await asyncio.sleep(60)
            body = waiting.pop(0) if waiting else b""
            return {"type": "http.request", "body": body, "more_body": bool(waiting) or after is not None or not ends}

        async def send(message):
            sent.append(message)

        asked = asyncio.create_task(bounded({**scope, "path": path}, receive, send))
        if after is not None:
            await asyncio.sleep(0.05)
            return asked
        await asked
        return sent[0]["status"]

    async def statuses() -> list[int]:
        never = asyncio.Event()
        holding = await status(b"a" * 80, after=never)
        found = [await status(b"b" * 50), await status(b"c" * 40), await status(b"d" * 101)]
        await holding  # it gives up by itself, for want of a piece
        found += [await status(b"e" * 50), await status(b"f" * 90, b"g" * 10), await status(b"h", ends=False)]
        picture = "/api/v1/runs/0a/search/image"
        return [*found, await status(b"i" * 120, path=picture), await status(b"j" * 121, path=picture)]

    assert asyncio.run(asyncio.wait_for(statuses(), 30)) == [429, 200, 413, 200, 200, 408, 200, 429]


def test_a_form_of_many_or_large_fields_is_refused_before_it_is_held(served):
    server, _ = served
    for fields in ({f"f{number}": "x" for number in range(40)}, {"text": "x" * 200_000}):
        answer = server.client.post("/api/v1/datasets", data=fields, files={"file": ("a.csv", b"text\none\n")})
        assert answer.status_code == 400, answer.text
        assert answer.headers["content-type"] == "application/problem+json"
    assert server.client.post("/api/v1/datasets", files={"file": ("a.csv", b"text\none\ntwo\n")}).status_code == 201


def test_json_of_very_many_values_is_refused_before_it_is_parsed_and_a_long_text_is_not():
    assert parts_of(b"[" + b"1," * 2_000_000 + b"1]") > MOST_PARTS
    assert parts_of(b"[" + b"{}," * 2_000_000 + b"1]") > MOST_PARTS
    assert parts_of(json.dumps({"text": 'a, "b", [c], {d} \\' * 300_000}).encode()) < MOST_PARTS
    began = time.process_time()
    parts_of(b'"\\' * 4_000_000)
    assert time.process_time() - began < 5
