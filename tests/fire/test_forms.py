"""Bodies that are read piece by piece: forms of every shape, senders that fall silent or go, and many at once."""

from __future__ import annotations

import asyncio
import tracemalloc
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI

from explorer.config import Settings
from explorer.errors import UploadRefused
from explorer.server import BoundedBodies, open_services
from explorer.server.api import mount
from explorer.server.api.forms import FIELD, FIELDS, receive_form
from explorer.server.uploads import incoming
from explorer.workspace import Workspace

KIND = "multipart/form-data; boundary=x"
END = b"--x--\r\n"


def part(name: str, content: bytes, filename: str | None = None) -> bytes:
    file = "" if filename is None else f'; filename="{filename}"'
    return f'--x\r\nContent-Disposition: form-data; name="{name}"{file}\r\n\r\n'.encode() + content + b"\r\n"


async def received(*pieces: bytes, kind: str = KIND) -> tuple[list[tuple[str, bytes]], dict[str, list[str]]]:
    files: list[tuple[str, bytes]] = []

    async def take(name: str, content: AsyncIterator[bytes]) -> None:
        files.append((name, b"".join([piece async for piece in content])))

    async def body() -> AsyncIterator[bytes]:
        for piece in pieces:
            yield piece

    return files, await receive_form(kind, body(), take)


@pytest.mark.parametrize("step", [1, 7, 4096])
def test_a_form_is_the_same_however_its_bytes_are_cut(step: int) -> None:
    content = b"text\r\n--y\r\n-x in it\r--\r\n" * 9
    form = part("text", b"a") + part("file", content, "\u00e9.csv") + part("text", b"b") + part("choices", b"{}") + END
    got = asyncio.run(received(*(form[at : at + step] for at in range(0, len(form), step))))
    assert got == ([("\u00e9.csv", content)], {"text": ["a", "b"], "choices": ["{}"]})


REFUSED = {
    "no file": (END, 422),
    "a file without end": (part("file", b"x" * 100, "a.csv")[:-20], 400),
    "two files": (part("file", b"x", "a.csv") * 2 + END, 400),
    "a file of another name": (part("f", b"x", "a.csv") + END, 400),
    "many fields": (part("t", b"x") * (FIELDS + 1) + END, 400),
    "a large field": (part("t", b"x" * (FIELD + 1)) + END, 400),
    "fields that are large together": (part("t", b"x" * (FIELD // 2 + 1)) * 2 + END, 400),
    "no form": (b"garbage" * 100, 400),
    "a head without end": (b"--x\r\nX: " + b"a" * 100_000, 400),
    "heads without end": (b"--x\r\n" + b"X: a\r\n" * 100_000, 400),
    "a part without name": (b"--x\r\n\r\nx\r\n--x--", 400),
}


@pytest.mark.parametrize("what", REFUSED)
def test_what_is_no_form_of_one_file_is_refused(what: str) -> None:
    body, status = REFUSED[what]
    with pytest.raises(UploadRefused, match=r"[.d]$") as said:
        asyncio.run(received(body))
    assert said.value.status == status


@pytest.mark.parametrize("kind", ["application/x-www-form-urlencoded", "multipart/form-data", "text/html", ""])
def test_a_body_of_another_kind_is_refused_before_it_is_read(kind: str) -> None:
    with pytest.raises(UploadRefused):
        asyncio.run(received(b"file=x", kind=kind))


def test_of_a_large_file_in_a_form_next_to_nothing_is_held() -> None:
    async def body() -> AsyncIterator[bytes]:
        yield part("file", b"", "a.csv")[:-2]
        for _ in range(500):
            yield b"a" * 2**16
        yield b"\r\n" + END

    seen = 0

    async def take(_name: str, content: AsyncIterator[bytes]) -> None:
        nonlocal seen
        async for piece in content:
            seen += len(piece)

    tracemalloc.start()
    asyncio.run(receive_form(KIND, body(), take))
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert seen == 500 * 2**16
    assert most < 2**20


def scope(method: str, path: str, query: str = "") -> dict[str, Any]:
    heads = [(b"host", b"localhost"), (b"content-type", KIND.encode()), (b"content-length", b"1000000")]
    return {
        "type": "http", "method": method, "path": path, "query_string": query.encode(), "headers": heads,
        "http_version": "1.1", "scheme": "http", "server": ("localhost", 80), "client": ("127.0.0.1", 1),
    }  # fmt: skip


@pytest.fixture
def app(tmp_path: Path) -> FastAPI:
    made, workspace = FastAPI(), Workspace(tmp_path / "w")
    services = open_services(workspace, Settings(workspace.path))
    mount(made, services)
    made.state.services = services
    return made


@pytest.mark.parametrize("gone", [False, True])
@pytest.mark.parametrize("route", ["form", "piece"])
def test_who_falls_silent_or_goes_amid_a_body_leaves_no_memory_no_file_and_no_traceback(
    app: FastAPI, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: Any, gone: bool, route: str
) -> None:
    monkeypatch.setattr(incoming, "PATIENCE_SECONDS", 0.05)
    uploads, sent = app.state.services.uploads, []
    key = uploads.create()
    first = part("file", b"came" * 9, "a.csv")[:-2] if route == "form" else b"came" * 9
    asked = (
        scope("POST", "/api/v1/datasets")
        if route == "form"
        else scope("PUT", f"/api/v1/uploads/{key}/file", "name=a.csv&offset=0")
    )
    coming = [{"type": "http.request", "body": first, "more_body": True}]

    async def receive() -> Any:
        if coming:
            return coming.pop()
        if not gone:
            await asyncio.Event().wait()
        return {"type": "http.disconnect"}

    async def send(message: Any) -> None:
        sent.append(message)

    asyncio.run(asyncio.wait_for(app(asked, receive, send), 20))
    assert [one["status"] for one in sent if "status" in one] == ([] if gone else [408])
    assert [record for record in caplog.records if record.exc_info] == []
    assert [path.name for path in uploads.folder.iterdir()] == [key]
    assert uploads.sizes(key) == ({} if route == "form" else {"a.csv": 36})


def test_bodies_that_come_piece_by_piece_are_counted_until_they_have_come() -> None:
    computing = asyncio.Event()

    async def app(_scope: Any, receive: Any, send: Any) -> None:
        while (await receive()).get("more_body"):
            pass
        await computing.wait()
        await send({"type": "http.response.start", "status": 200, "headers": []})

    bounded = BoundedBodies(app, streams=1)

    async def ask(ended: asyncio.Event) -> list[int]:
        sent = []

        async def receive() -> Any:
            await ended.wait()
            return {"type": "http.request", "body": b"x", "more_body": False}

        async def send(message: Any) -> None:
            sent.append(message)

        await bounded(scope("POST", "/api/v1/datasets"), receive, send)
        return [one["status"] for one in sent if "status" in one]

    async def statuses() -> list[list[int]]:
        coming, there = asyncio.Event(), asyncio.Event()
        there.set()
        first = asyncio.create_task(ask(coming))
        await asyncio.sleep(0)
        refused = await ask(there)
        coming.set()
        await asyncio.sleep(0.01)
        second = asyncio.create_task(ask(there))  # the first is being read: it holds no body any more
        await asyncio.sleep(0.01)
        computing.set()
        return [await first, refused, await second]

    assert asyncio.run(statuses()) == [[200], [429], [200]]
