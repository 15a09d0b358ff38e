"""A large upload, its server killed at half of it: `python -m tests.bench uploads --mb 1024`.

Sends random bytes in pieces to a server of its own, kills that in the middle of a piece, starts it and goes on from
what it has.  Prints the resident memory of the server before, at most and after, the seconds, how many bytes were sent
more than once, and whether the file on disk is the one that was sent; `--files N` does so with N small files beside it.
"""

from __future__ import annotations

import argparse
import hashlib
import random
import re
import tempfile
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import httpx

from tests.servers import Server, serving

CHUNK = 64 * 1024
SMALL = 11_000


class Sender:
    """Sends one file to whatever server there is, and counts the bytes that it gave away."""

    def __init__(self, size: int, piece: int) -> None:
        self.size, self.piece, self.given = size, piece, 0
        self._random = random.Random(0).randbytes(piece - 8)

    def content(self, number: int) -> bytes:
        """Return a piece, always the same for its number."""
        made = number.to_bytes(8) + self._random
        return made[: min(self.piece, self.size - number * self.piece)]

    def send(self, server: Server, place: str, *, until: int, kill: bool) -> None:
        """Go on from what the server has to byte *until*; with *kill*, end it in the middle of the next piece."""
        at = int(server.client.head(place).headers["upload-offset"])
        while at < until:
            piece = self.content(at // self.piece)[at % self.piece :]
            at = int(self._put(server, place, at, self._chunks(piece)).headers["upload-offset"])
        if kill:
            piece = self.content(at // self.piece)
            with suppress(httpx.TransportError):
                self._put(server, place, at, self._dying(server, piece))

    def _put(self, server: Server, place: str, at: int, chunks: Iterator[bytes]) -> httpx.Response:
        return server.client.put(f"{place}&offset={at}", content=chunks).raise_for_status()

    def _chunks(self, piece: bytes) -> Iterator[bytes]:
        for start in range(0, len(piece), CHUNK):
            yield piece[start : start + CHUNK]
            self.given += len(piece[start : start + CHUNK])

    def _dying(self, server: Server, piece: bytes) -> Iterator[bytes]:
        yield from self._chunks(piece[: len(piece) // 2])
        server.process.kill()
        server.process.wait()
        yield from self._chunks(piece[len(piece) // 2 :])

    def digest(self) -> str:
        """Return the digest of the whole file."""
        whole = hashlib.sha256()
        for number in range(-(-self.size // self.piece)):
            whole.update(self.content(number))
        return whole.hexdigest()


def memory(server: Server) -> dict[str, int]:
    """Return the resident MiB of a server's process: now and at most."""
    status = Path(f"/proc/{server.process.pid}/status").read_text()
    found = {name: re.search(rf"{key}:\s+(\d+)", status) for name, key in (("now", "VmRSS"), ("most", "VmHWM"))}
    return {name: int(said[1]) // 1024 for name, said in found.items() if said}


def main(words: list[str]) -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.bench uploads", description=__doc__)
    parser.add_argument("--mb", type=int, default=1024)
    parser.add_argument("--files", type=int, default=0)
    asked = parser.parse_args(words)
    size = asked.mb * 2**20
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        with serving(home / "w", home / "log") as server:
            begun = server.client.post("/api/v1/uploads", json={"files": 1, "bytes": size, "largest": size}).json()
            place = f"/api/v1/uploads/{begun['upload']}/file?name=large.bin"
            sender, began = Sender(size, begun["chunk"]), time.monotonic()
            told(server, "before")
            sender.send(server, place, until=size // 2, kill=False)
            told(server, "at half")
            seconds = time.monotonic() - began
            sender.send(server, place, until=0, kill=True)
        with serving(home / "w", home / "log") as server:
            told(server, "started again")
            began = time.monotonic()
            sender.send(server, place, until=size, kill=False)
            seconds += time.monotonic() - began
            told(server, "all is sent")
            (file,) = (home / "w" / "uploads").glob("*/files/large.bin")
            with file.open("rb") as content:
                same = hashlib.file_digest(content, "sha256").hexdigest() == sender.digest()
            again = sender.given - size
            print(f"{asked.mb:,} MiB in {seconds:.1f} s, {asked.mb / seconds:.0f} MiB a second")
            print(f"{again / 2**20:.2f} MiB sent twice; a piece has {begun['chunk'] / 2**20:.0f}", flush=True)
            print("the file on disk is the one that was sent" if same else "THE FILE ON DISK IS ANOTHER ONE")
            if asked.files:
                small(server, asked.files)


def told(server: Server, when: str) -> None:
    seen = memory(server)
    print(f"{when}: {seen['now']:,} MiB resident, {seen['most']:,} at most", flush=True)


def small(server: Server, count: int) -> None:
    """Send many small files and print the seconds."""
    key = server.client.post("/api/v1/uploads").json()["upload"]
    began = time.monotonic()
    for number in range(count):
        place = f"/api/v1/uploads/{key}/file?name={number}.bin&offset=0"
        server.client.put(place, content=bytes(SMALL)).raise_for_status()
    print(f"{count:,} files of {SMALL:,} bytes in {time.monotonic() - began:.1f} s, one after the other")
