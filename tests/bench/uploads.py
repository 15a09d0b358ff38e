"""A large upload, its server killed at half of it: `python -m tests.bench uploads --mb 1024`.

Sends random bytes in pieces to a server of its own, kills that in the middle of a piece, starts it and goes on from
what it has.  Prints the resident memory of the server before, at most and after, the seconds, how many bytes were sent
more than once, and whether the file on disk is the one that was sent; `--files N` does so with N small files beside it.
`--zip 4` sends a zip of 4 GB of pictures as well and has it read: the memory of the server and of what reads for it.
`--csv 1` sends a CSV of 1 GB, has it looked at and then read.
"""

from __future__ import annotations

import argparse
import hashlib
import random
import re
import tempfile
import threading
import time
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import httpx

from tests.bench.reading import large, pictures
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
    parser.add_argument("--zip", type=float, default=0)
    parser.add_argument("--csv", type=float, default=0)
    asked = parser.parse_args(words)
    if asked.mb:
        interrupted(asked)
    if asked.zip:
        archive(int(asked.zip * 1e9))
    if asked.csv:
        table(int(asked.csv * 1e9))


def interrupted(asked: argparse.Namespace) -> None:
    """Send a file to a server that is killed at half of it, and small ones if they are asked for."""
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


def archive(size: int) -> None:
    """Send a zip of JPEGs of about so many bytes in all, and have it read into a dataset."""
    with tempfile.TemporaryDirectory() as folder:
        _read_whole(Path(folder), zip_of(Path(folder), size), look=False)


def table(size: int) -> None:
    """Send a CSV of about so many bytes, have it looked at once its last byte is there, and read into a dataset."""
    with tempfile.TemporaryDirectory() as folder:
        _read_whole(Path(folder), large(Path(folder) / "large.csv", size), look=True)


def _read_whole(home: Path, path: Path, *, look: bool) -> None:
    whole = path.stat().st_size
    with serving(home / "w", home / "log") as server, watched(server) as most:
        began = time.monotonic()
        told(server, f"before {path.name}")
        plan = {"files": 1, "bytes": whole, "largest": whole}
        begun = server.client.post("/api/v1/uploads", json=plan).json()
        place = f"/api/v1/uploads/{begun['upload']}"
        with path.open("rb") as file:
            for offset in range(0, whole, begun["chunk"]):
                piece = file.read(begun["chunk"])
                server.client.put(f"{place}/file?name={path.name}&offset={offset}", content=piece).raise_for_status()
        print(f"{path.name}: {whole / 1e9:.2f} GB in {time.monotonic() - began:.1f} s")
        told(server, "it is sent")
        if look:
            began = time.monotonic()
            server.client.get(f"{place}/preview", timeout=600).raise_for_status()
            print(f"looked at in {time.monotonic() - began:.1f} s; by {max(most, default=0):,} MiB at most")
        began = time.monotonic()
        made = server.client.post(f"{place}/done", timeout=3_600).raise_for_status().json()
        seconds = time.monotonic() - began
        print(f"{made['rows']:,} rows read in {seconds:.1f} s, {made['rejected']:,} left out")
        told(server, "it is read")
    print(f"what reads for it: {max(most, default=0):,} MiB at most", flush=True)


def zip_of(home: Path, size: int) -> Path:
    """Write a zip, nothing packed, of JPEGs of 585 kB; each differs in its last bytes."""
    drawn = [file.read_bytes() for file in sorted(pictures(home / "drawn", 40).iterdir())]
    path, number = home / "pictures.zip", 0
    with zipfile.ZipFile(path, "w") as packed:
        while path.stat().st_size < size:
            packed.writestr(f"{number}.jpg", drawn[number % len(drawn)] + number.to_bytes(4))
            number += 1
    return path


@contextmanager
def watched(server: Server) -> Iterator[list[int]]:
    """Give a list of the resident MiB that the processes of a server have had at most, until the block ends."""
    found: list[int] = []
    ended = threading.Event()

    def watch() -> None:
        while not ended.wait(0.2):
            for status in Path("/proc").glob("[0-9]*/status"):
                with suppress(OSError):
                    said = status.read_text()
                    if f"PPid:\t{server.process.pid}\n" in said and (most := re.search(r"VmHWM:\s+(\d+)", said)):
                        found.append(int(most[1]) // 1024)

    threading.Thread(target=watch, daemon=True).start()
    try:
        yield found
    finally:
        ended.set()


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
