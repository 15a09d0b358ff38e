"""Connections whose requests never come: a head without an end, or one that takes its time."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator

import pytest

from explorer.cli import connections
from explorer.cli.connections import bounded_protocol
from tests.fire.asking import Connection
from tests.servers import until

pytest.importorskip("httptools", reason="h11 has bounds of its own")
LINE = b"X-Filler: " + b"a" * 1000 + b"\r\n"


@pytest.fixture
def address(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    import uvicorn

    async def app(scope, receive, send):
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"2")]})
        await send({"type": "http.response.body", "body": b"ok"})

    monkeypatch.setattr(connections, "HEAD_SECONDS", 1.0)
    config = uvicorn.Config(app, port=0, log_level="error", lifespan="off", http=bounded_protocol())
    server = uvicorn.Server(config)
    running = threading.Thread(target=server.run)
    running.start()
    until(lambda: server.started, 20, "the server to listen")
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    server.should_exit = True
    running.join()


def head(lines: int, *, ended: bool = True) -> bytes:
    return b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n" + LINE * lines + (b"\r\n" if ended else b"")


def test_a_head_without_end_is_refused_and_large_ones_one_after_the_other_are_not(address: str) -> None:
    async def statuses() -> list[int]:
        one = await Connection.to(address)
        found = [(await one.send(head(50)))[0] for _ in range(4)]  # 200 kB in all, 50 kB each
        endless = await Connection.to(address)
        for _ in range(8):
            endless.writer.write(head(10, ended=False) if not _ else LINE * 10)
            await endless.writer.drain()
            await asyncio.sleep(0.05)
        found.append(int((await endless.reader.read()).split()[1]))
        return found

    assert asyncio.run(asyncio.wait_for(statuses(), 60)) == [200, 200, 200, 200, 431]


def test_requests_one_behind_the_other_are_all_answered_however_many_come_at_once(address: str) -> None:
    async def answered(number: int) -> int:
        one = await Connection.to(address)
        one.writer.write(head(1) * number)
        for _ in range(number):
            await asyncio.wait_for(one.reader.readuntil(b"ok"), 20)
        one.writer.write(head(40))
        await one.reader.readuntil(b"ok")
        one.writer.write(head(1) + head(10, ended=False))
        await one.reader.readuntil(b"ok")
        for _ in range(7):
            one.writer.write(LINE * 10)
            await one.writer.drain()
            await asyncio.sleep(0.05)
        return int((await one.reader.read()).split()[1])

    for number in (2, 1_000):
        assert asyncio.run(asyncio.wait_for(answered(number), 60)) == 431


def test_a_head_that_does_not_come_is_not_waited_for(address: str) -> None:
    async def left() -> list[bytes]:
        silent, half = await Connection.to(address), await Connection.to(address)
        half.writer.write(b"GET / HTTP/1.1\r\nHo")
        later = await Connection.to(address)
        answered = (await later.send(head(0)))[0]
        later.writer.write(b"GET / HTTP/1.1\r\nHo")
        return [b"%d" % answered, *await asyncio.gather(silent.reader.read(), half.reader.read(), later.reader.read())]

    assert asyncio.run(asyncio.wait_for(left(), 60)) == [b"200", b"", b"", b""]
