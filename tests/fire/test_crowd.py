"""Many at once, by counts: who waits holds no thread, one too many is turned away, one answer takes one core."""

from __future__ import annotations

import asyncio
import base64
import os
import platform
import signal
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import anyio
import numpy as np
import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from explorer import ingest
from explorer.config import Settings
from explorer.errors import NotFound, ServerBusy
from explorer.server import open_services
from explorer.server.api import mount
from explorer.server.crowd import SEARCHES, Lane, cores
from explorer.server.datasets import Datasets
from explorer.server.pictures import Pictures
from explorer.workspace import Workspace
from tests.fire.asking import Connection
from tests.fire.test_routes import call_of
from tests.servers import READER, Server, serving, until
from tests.synthetic import write_run


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    home = tmp_path_factory.mktemp("crowd")
    run = write_run(home / "workspace", 300, dim=384, clusters=5)
    with serving(home / "workspace", home / "server.log", "--no-warm") as server:
        server.get(f"/runs/{run}/search", q="the worker is there")
        yield server, run


def threads_of(server: Server) -> int:
    return len(list(Path(f"/proc/{server.process.pid}/task").iterdir()))


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="counts threads in /proc")
def test_searches_that_wait_for_a_worker_hold_no_thread_and_one_too_many_is_turned_away(served):
    server, run = served

    def asking_for(words: str, connection: Connection) -> bytes:
        return f"GET /api/v1/runs/{run}/search?q={words} HTTP/1.1\r\nHost: {connection.host}\r\n\r\n".encode()

    async def crowd() -> None:
        connections = [await Connection.to(server.address) for _ in range(SEARCHES.most + 1)]
        other = await Connection.to(server.address)
        before = threads_of(server)
        with server.halted("encode"):
            waiting = {
                asyncio.create_task(connection.send(asking_for(f"number%20{number}", connection)))
                for number, connection in enumerate(connections)
            }
            refused, waiting = await asyncio.wait(waiting, timeout=60, return_when=asyncio.FIRST_COMPLETED)
            status, headers, body = refused.pop().result()
            assert (status, refused) == (429, set())
            assert int(headers["retry-after"]) > 0
            assert b"try again" in body
            for path in ("/api/v1/healthz", f"/api/v1/runs/{run}/neighbors/3", "/assets/none", "/"):
                status, _ = await asyncio.wait_for(other.ask("GET", path), 30)
                assert status in (200, 404)
            assert not any(task.done() for task in waiting)
            assert threads_of(server) <= before + cores() + 8
        answers = await asyncio.wait_for(asyncio.gather(*waiting), 60)
        assert [status for status, *_ in answers] == [200] * SEARCHES.most

    asyncio.run(crowd())


def test_a_search_of_the_page_is_answered_and_an_empty_one_finds_nothing(served):
    server, run = served
    callbacks = server.client.get("/_dash-dependencies").json()
    search = next(one for one in callbacks if one["output"] == "hits.data" and not one["clientside_function"])

    def hits(words: str, **more: Any) -> Any:
        values = {"search-asked.data": {"run": run, "words": words, **more}}
        call = call_of(search, lambda: None)
        for part in (*call["inputs"], *call["state"]):
            part["value"] = values[f"{part['id']}.{part['property']}"]
        answer = server.client.post("/_dash-update-component", json=call).raise_for_status().json()
        return answer["response"]["hits"]["data"]

    found = hits("battery")["hits"]  # by meaning, and those that have it in a column
    assert 20 <= len({hit["row"] for hit in found}) == len(found) <= 40
    assert hits(" ") is None
    some = hits('"line about"')
    assert len(some["hits"]) == 20 < some["having"]
    held = np.unpackbits(np.frombuffer(base64.b64decode(some["rows"]), np.uint8), bitorder="little")
    assert held.sum() == some["having"]
    assert held[[hit["row"] for hit in some["hits"]]].all()
    every = hits('"line about"', more=True)
    assert len(every["hits"]) == min(every["having"], 200)


def test_a_search_whose_worker_dies_says_so_and_the_next_one_finds_another(served):
    server, run = served

    async def search(words: str) -> tuple[int, bytes]:
        return await (await Connection.to(server.address)).ask("GET", f"/api/v1/runs/{run}/search?q={words}")

    async def dying() -> tuple[int, bytes]:
        worker = server.workers()["encode"]
        os.kill(worker, signal.SIGSTOP)  # or it would be quicker than the kill
        task = asyncio.create_task(search("unheard-of"))
        await asyncio.sleep(0.3)
        os.kill(worker, signal.SIGKILL)
        return await task

    status, body = asyncio.run(dying())
    assert status == 503
    assert b"ask again" in body
    assert b"resume the run" not in body
    assert until(lambda: asyncio.run(search("again"))[0] == 200, 60, "another worker")


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="stops a process")
def test_who_waits_for_a_process_that_reads_keeps_nobody_else_waiting(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path / "workspace")
    columns = ",".join(f"c{at}" for at in range(400))
    (tmp_path / "wide.csv").write_text(f"text,{columns}\n" + f"some words,{','.join('1' * 400)}\n" * 3)
    wide = workspace.datasets.keep(ingest.load(tmp_path / "wide.csv", text="text"))
    run = write_run(workspace.path, 300, dim=8, clusters=3, pictures=0.5)

    async def crowd(server: Server) -> None:
        asking = [f"/datasets/{wide}/columns", *(f"/runs/{run}/images/{row}" for row in range(cores() + 2))] * 2
        connections = [await Connection.to(server.address) for _ in asking]
        other = await Connection.to(server.address)
        with server.halted(READER):
            waiting = [
                asyncio.create_task(connection.ask("GET", f"/api/v1{path}"))
                for connection, path in zip(connections, asking, strict=True)
            ]
            await asyncio.wait(waiting, timeout=2)
            for path in ("runs", "datasets", "encoders", "formats", f"runs/{run}/neighbors/3"):
                status, _ = await asyncio.wait_for(other.ask("GET", f"/api/v1/{path}"), 30)
                assert status == 200, path
            assert not all(task.done() for task in waiting), "they do not wait for the process"
        assert {status for status, _ in await asyncio.gather(*waiting)} == {200}

    with serving(workspace.path, tmp_path / "server.log") as server:
        anyio.run(crowd, server)


def test_a_lane_computes_in_its_threads_and_turns_away_what_is_too_much():
    lane, go, seen = Lane("things", threads=2, most=5), threading.Event(), set()

    def work() -> int:
        seen.add(threading.get_ident())
        assert go.wait(30)
        return 1

    async def crowd() -> None:
        inside = [asyncio.create_task(lane.run(work)) for _ in range(5)]
        await asyncio.sleep(0)
        with pytest.raises(ServerBusy) as busy:
            await lane.run(work)
        assert busy.value.status == 429
        go.set()
        assert await asyncio.gather(*inside) == [1] * 5
        assert await lane.run(lambda: 2) == 2

    anyio.run(crowd)
    assert len(seen) <= 2


def test_a_serving_process_computes_with_one_thread_and_what_it_starts_with_all():
    code = """
import numpy, os
before = dict(os.environ)
from explorer.runs import one_thread_an_answer
from explorer.runs.threads import environment
one_thread_an_answer()
one_thread_an_answer()
import scipy.linalg, sklearn.cluster
from threadpoolctl import threadpool_info
assert threadpool_info() and {pool["num_threads"] for pool in threadpool_info()} == {1}, threadpool_info()
import numba
assert numba.config.NUMBA_NUM_THREADS == 1
given = environment()
assert given.get("OMP_NUM_THREADS") == "7" and "NUMBA_NUM_THREADS" not in given, given
assert {k: v for k, v in before.items()} == {k: v for k, v in given.items() if k in before}
"""
    given = {name: value for name, value in os.environ.items() if not name.endswith("_NUM_THREADS")}
    subprocess.run([sys.executable, "-c", code], env={**given, "OMP_NUM_THREADS": "7"}, check=True)


def test_a_program_that_made_runs_before_it_serves_still_compiles():
    code = """
import numba
from numba.np.ufunc.parallel import _launch_threads
_launch_threads()
from explorer.runs import one_thread_an_answer
one_thread_an_answer()
numba.config.reload_config()
assert numba.njit(lambda x: x + 1)(1) == 2
"""
    more = {name: value for name, value in os.environ.items() if name != "NUMBA_NUM_THREADS"}
    subprocess.run([sys.executable, "-c", code], env={**more, "NUMBA_NUM_THREADS": "2"}, check=True)


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="only glibc's allocator is told")
def test_a_serving_process_gives_back_what_its_threads_no_longer_use():
    code = """
import threading, time
from explorer.cli.allocating import give_memory_back
assert give_memory_back(every=0.1)
kept = []
def answer():
    for _ in range(3):
        large = bytearray(20 * 2**20)
        del large  # by itself the allocator keeps more, the larger what was freed
        many = [bytearray(120_000) for _ in range(150)]
        kept.append(bytearray(600))  # lies on top of the heap
        del many
def megabytes():
    return int(open("/proc/self/status").read().split("VmRSS:")[1].split()[0]) / 1024
before = megabytes()
for _ in range(3):
    threads = [threading.Thread(target=answer) for _ in range(8)]
    for thread in threads: thread.start()
    for thread in threads: thread.join()
time.sleep(0.5)
print(megabytes() - before)
"""
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert float(done.stdout) < 60  # 11, and 130 where it isn't told


@pytest.mark.parametrize("asked", ["datasets/{d}/columns", "datasets/{d}/thumbnails/0.jpg", "runs/{r}/images/0"])
def test_who_waits_for_a_process_that_reads_keeps_nobody_else_from_an_answer(asked, tmp_path, monkeypatch):
    run = write_run(tmp_path, 40, dim=8)
    app, services = FastAPI(), open_services(Workspace(tmp_path), Settings(tmp_path))
    mount(app, services)
    go, inside = threading.Event(), threading.Semaphore(0)

    def waits(*_given: Any, **_named: Any) -> Any:
        inside.release()
        go.wait(60)
        raise NotFound("it was only for the wait.")

    monkeypatch.setattr(Datasets, "columns", waits)
    monkeypatch.setattr(Pictures, "of_row", waits)
    path = "/api/v1/" + asked.format(d=services.workspace.runs.record(run)["dataset"], r=run)
    try:
        with TestClient(app, base_url="http://127.0.0.1:8050") as client:
            waiting = [threading.Thread(target=client.get, args=(path,)) for _ in range(2 * cores())]
            for one in waiting:
                one.start()
            assert inside.acquire(timeout=30)
            assert inside.acquire(timeout=30)
            answer: list[int] = []
            asker = threading.Thread(target=lambda: answer.append(client.get("/api/v1/runs").status_code))
            asker.start()
            asker.join(20)
            go.set()
            for one in [*waiting, asker]:
                one.join(60)
            assert answer == [200]
    finally:
        go.set()
        services.jobs.close()
