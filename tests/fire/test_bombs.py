"""What unpacks to gigabytes is told in a sentence or a rejected row, and the server stays as small as it was."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from explorer.config import READING_MEMORY, Settings
from explorer.errors import ReadingEnded, UnknownColumn
from explorer.ingest import load
from explorer.server import open_services
from explorer.server.edge import LARGEST_BODY
from explorer.workspace import Workspace
from tests.fire import bombs
from tests.servers import Server, serving

MOST_GROWTH = 100 * 2**20
MOST_SENT = 3 * 2**20

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="memory is told by /proc, and limited by Linux alone")


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    home = tmp_path_factory.mktemp("bombs")
    with serving(home / "w", home / "log", "--no-warm") as server:
        key = server.add("a.csv", b"text,n\nthe first text,1\nthe second text,2\n")
        server.get(f"/datasets/{key}")  # what the server loads once
        yield server


def held(process: int) -> int:
    return int(Path(f"/proc/{process}/statm").read_text().split()[1]) * 4096


@contextmanager
def growth(process: int) -> Iterator[list[int]]:
    """Give a list of one number: the most bytes that a process has grown by within the block."""
    before, most, over = held(process), [0], threading.Event()

    def watch() -> None:
        while not over.wait(0.01):
            most[0] = max(most[0], held(process) - before)

    watching = threading.Thread(target=watch)
    watching.start()
    try:
        yield most
    finally:
        over.set()
        watching.join()


TOLD = {
    "four pictures of 10,000 by 10,000": (4, ""),
    "a picture of 60,000 by 60,000": (0, "3600 megapixels; the limit is 100"),
    "a line of 160 megabytes": (2, "the line is longer than 33,554,432 characters"),
    "a packed line of 40 megabytes": (1, "the line is longer than 33,554,432 characters"),
    "a spreadsheet with cells in opposite corners": (0, "Delete what lies far outside the table"),
    "20 million rows of Parquet": (0, "has more than 10,000,000 rows"),
    "40 million rows of nothing": (0, "has more than 10,000,000 rows"),
    "a view without an end": (2, "the view v is not run"),
    "10,000 different members": (0, "different members"),
    "lists within lists": (1, "nested too deeply"),
    "a Word file of 120 MB": (2, "unpacks to 121 MiB in"),
    "a PDF of a million pages": (0, "it has 1,000,000 pages; the limit is 10,000"),
    "a cell of 31 megabytes": (2, ""),
    "20,000 equal names": (0, "has 20,000 columns; the limit is 10,000"),
    "a graph with entities within entities": (0, "declares a document type of its own"),
    "a line of 100 megabytes of word vectors": (4, "the line is longer than a word and its numbers can be"),
    "ten thousand million words that are not there": (1, "behind word 1 of 9,999,999,999"),
    "a sound of eight channels at 192 kHz": (1, ""),
}


@pytest.mark.parametrize("name", sorted(TOLD))
def test_a_bomb_takes_no_memory_of_the_server(name: str, server: Server, tmp_path: Path) -> None:
    content = bombs.content(name, tmp_path)
    rows, said = TOLD[name]
    with growth(server.process.pid) as grown:
        files = {"file": (bombs.BOMBS[name][0], content)}
        answer = server.client.post("/api/v1/datasets", files=files, timeout=300)
        told = answer.json()
        if answer.status_code == 201:
            key = told["dataset"]
            told = {**server.get(f"/datasets/{key}"), "detail": ""}
            assert len(json.dumps(told)) < MOST_SENT
            assert len(json.dumps(server.get(f"/datasets/{key}/columns"))) < MOST_SENT
    assert grown[0] < MOST_GROWTH
    assert told.get("count", 0) == rows
    assert said in told["detail"] + " ".join(fault["reason"] for fault in told.get("rejected", ()))
    assert len(told["detail"]) < 600
    assert server.get("/healthz")


def test_pasted_text_and_json_are_refused_beyond_what_is_kept_in_memory(server: Server) -> None:
    with growth(server.process.pid) as grown:
        for length in (LARGEST_BODY, 60 * 2**20):
            body = b'{"text": "' + b"a" * length + b'"}'
            whole = server.client.post(
                "/api/v1/datasets/text", content=body, headers={"content-type": "application/json"}
            )
            pieces = (body[at : at + 2**16] for at in range(0, len(body), 2**16))
            parts = server.client.post(
                "/api/v1/datasets/text", content=pieces, headers={"content-type": "application/json"}
            )
            for answer in (whole, parts):
                assert answer.status_code == 413
                assert answer.headers["content-type"] == "application/problem+json"
                assert "save a long text as a file" in answer.json()["detail"]
    assert grown[0] < MOST_GROWTH
    text = "a line of some words\n" * (6 * 2**20 // 21)
    added = server.client.post("/api/v1/datasets/text", json={"text": text}).raise_for_status().json()
    assert added["rows"] == 6 * 2**20 // 21


@pytest.fixture
def services(tmp_path: Path) -> Iterator[Any]:
    services = open_services(Workspace(tmp_path / "w"), Settings(tmp_path / "w"))
    yield services
    services.readers.close()


def uploaded(services: Any, content: bytes, name: str = "a.csv") -> str:
    upload: str = services.uploads.create()
    services.uploads.append(upload, name, offset=0, chunks=[content])
    return upload


def test_what_takes_more_memory_than_it_may_is_told_and_can_be_read_again(
    services: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    upload = uploaded(services, b'{"text": "a line of words", "lists": [' + b"[]," * 5_000_000 + b"[]]}\n", "a.jsonl")
    monkeypatch.setenv(READING_MEMORY, "0.1")
    with pytest.raises(ReadingEnded, match="takes more memory than it may"):
        services.datasets.add_upload(upload)
    assert services.uploads.size(upload) > 15_000_000


def test_a_file_that_takes_too_much_memory_is_none_that_is_not_usable_wherever_it_lies(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def too_much(*_args: object) -> None:
        raise MemoryError

    monkeypatch.setattr("explorer.ingest.loading.read", too_much)
    for number in range(2):
        (tmp_path / f"{number}.csv").write_text("text,n\nthe first text,1\nthe second text,2\n")
    for source in ([tmp_path / "0.csv"], sorted(tmp_path.iterdir()), [tmp_path]):
        with pytest.raises(ReadingEnded, match="takes more memory than it may"):
            load(source)


def test_an_upload_whose_reader_is_killed_is_still_there_to_be_read_again(
    services: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    upload = uploaded(services, b"text,n\nthe first text,1\nthe second text,2\n")
    services.readers.warm()
    monkeypatch.setattr("explorer.server.readers.Process.lives", lambda self: not self._popen.kill())
    with pytest.raises(ReadingEnded, match="ended unexpectedly"):
        services.datasets.add_upload(upload)
    monkeypatch.undo()
    assert services.uploads.size(upload) > 0
    with pytest.raises(UnknownColumn):
        services.datasets.add_upload(upload, text="nothing")
    assert services.datasets.add_upload(upload, text="text")["rows"] == 2


def test_a_process_that_computes_longer_than_it_may_is_ended() -> None:
    program = "from explorer.types import limit_seconds; limit_seconds(0)\nwhile True: pass"
    begun = time.monotonic()
    ended = subprocess.run([sys.executable, "-c", program], check=False, timeout=60)
    assert ended.returncode == -signal.SIGXCPU
    assert time.monotonic() - begun < 60
