"""Many people at once: `python -m tests.bench crowd --users 50 --seconds 60`; `--rush` first has 40 never pause.

A server of its own holds two finished runs and encodes a third (`--idle`: it does not).  Each user clicks (REST and the
page's own callback), searches and pans, thinking `--think` seconds on average between two of these; health is asked for
ten times a second.  Every answer is compared with what the same question gave before the crowd came, or with what was
asked.  The server is that of PYTHONPATH, so that two versions can be measured in one sitting.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import re
import tempfile
import time
from collections import defaultdict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote

import numpy as np

from tests.fire.asking import Connection
from tests.servers import Server, serving, settled
from tests.synthetic import WORDS, write_run

ROWS, DIM = 4_000, 384
KNOWN_ROWS = 300
"""So many rows are asked for before, and by the crowd; more than the server remembers the answers to."""
RUSH_USERS, RUSH_SECONDS = 40, 6.0
KINDS = (("click", 5), ("page click", 3), ("search", 2), ("pan", 3), ("known search", 1))

PANS = ("points", "clusters", "columns/kind", "columns/score", "scores/local_density", "item")


@dataclass
class Tally:
    """What was answered: seconds by kind, and what went wrong."""

    seconds: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    errors: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    turned_away: int = 0
    mixed_up: int = 0


@dataclass(frozen=True)
class Known:
    """What the server answered to when it was alone with one who asked: neighbours by run and row, hits by words."""

    runs: list[str]
    near: dict[tuple[str, int], list[int]]
    hits: dict[tuple[str, str], list[int]]
    inspect: dict[str, Any]


def main(words: list[str]) -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.bench crowd")
    parser.add_argument("--users", type=int, default=50)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--think", type=float, default=1.0)
    parser.add_argument("--rush", action="store_true")
    parser.add_argument("--idle", action="store_true")
    options = parser.parse_args(words)
    with tempfile.TemporaryDirectory() as home:
        folder = Path(home) / "workspace"
        runs = [write_run(folder, ROWS, dim=DIM, seed=seed) for seed in range(2)]
        with serving(folder, Path(home) / "log") as server:
            known = learn(server, runs)
            if options.rush:
                report("rush", asyncio.run(rush(server, known)), RUSH_SECONDS)
            running = None if options.idle else encoding(server)
            grown = asyncio.run(watched(server, known, running, options))
            print("memory of the server, MB a minute:", *(f"{one:.0f}" for one in grown))


async def watched(server: Server, known: Known, running: str | None, options: argparse.Namespace) -> list[float]:
    """Report the crowd, another run beginning as one is done; return the server's megabytes minute by minute."""
    grown, crowded = [rss(server)], asyncio.create_task(crowd(server, known, options))
    minute = time.monotonic() + 60
    while not crowded.done():
        await asyncio.wait([crowded], timeout=1)
        if time.monotonic() >= minute:
            grown.append(rss(server))
            minute += 60
            if running and settled(await asyncio.to_thread(server.get, f"/runs/{running}")):
                running = await asyncio.to_thread(encode, server, len(grown))
    report("crowd", await crowded, options.seconds)
    return [*grown, rss(server)]


def learn(server: Server, runs: list[str]) -> Known:
    """Ask each question once, so that what the server loads for the first of a kind is no growth in the crowd."""
    for run in runs:
        for rest in PANS:
            server.client.get(f"/api/v1/runs/{run}/{rest.replace('item', 'items/0')}").raise_for_status()
    rows = np.random.default_rng(3).choice(ROWS, KNOWN_ROWS, replace=False).tolist()
    near = {
        (run, row): [one["row"] for one in server.get(f"/runs/{run}/neighbors/{row}")["neighbors"]]
        for run in runs
        for row in rows
    }
    hits = {
        (run, word): [hit["row"] for hit in server.get(f"/runs/{run}/search", q=word)["hits"]]
        for run in runs
        for word in WORDS[:5]
    }
    callbacks = server.client.get("/_dash-dependencies").json()
    inspect = next(one for one in callbacks if "point-neighbors-markup" in one["output"] and one["inputs"])
    known = Known(runs, near, hits, inspect)
    for run, row in [*near][:: len(rows)]:
        server.client.post("/_dash-update-component", json=payload(known, run, row)).raise_for_status()
    return known


def encode(server: Server, seed: int) -> str:
    """Start a run of thirty thousand texts of its own; return its key."""
    rng = np.random.default_rng(seed)
    lines = "\n".join(" ".join(f"{w}{n}" for w, n in zip(rng.choice(WORDS, 24), rng.integers(0, 99, 24), strict=True))
                      for _ in range(30_000))  # fmt: skip
    told = server.client.post("/api/v1/datasets/text", json={"text": lines, "name": "made"}).raise_for_status().json()
    return server.start(told["dataset"], encoder="minilm")


def encoding(server: Server) -> str:
    """Start a run, wait until it has encoded some, and return its key."""
    run = encode(server, seed=0)
    while server.get(f"/runs/{run}")["progress"].get("done", 0) == 0:
        time.sleep(0.2)
    return run


async def rush(server: Server, known: Known) -> Tally:
    """Have many ask for neighbours, each as soon as the answer before is there."""
    tally, until = Tally(), time.monotonic() + RUSH_SECONDS

    async def ask(number: int) -> None:
        chance, connection = random.Random(number), await Connection.to(server.address)
        while time.monotonic() < until:
            await act("click", connection, known, chance, tally)

    await asyncio.gather(*map(ask, range(RUSH_USERS)))
    return tally


async def crowd(server: Server, known: Known, options: argparse.Namespace) -> Tally:
    """Have all users act until the time is over, and ask for health beside them."""
    tally, until = Tally(), time.monotonic() + options.seconds
    names, weights = zip(*KINDS, strict=True)

    async def user(number: int) -> None:
        chance, connection = random.Random(number), await Connection.to(server.address)
        while time.monotonic() < until:
            await asyncio.sleep(chance.uniform(0, 2 * options.think))
            await connection.renew()
            await act(chance.choices(names, weights)[0], connection, known, chance, tally)

    async def health() -> None:
        connection = await Connection.to(server.address)
        while time.monotonic() < until:
            await timed("health", lambda: connection.ask("GET", "/api/v1/healthz"), tally)
            await asyncio.sleep(0.1)

    await asyncio.gather(health(), *map(user, range(options.users)))
    return tally


async def act(kind: str, connection: Connection, known: Known, chance: random.Random, tally: Tally) -> None:
    """Do one thing, and see that the answer is to it."""
    run, row = chance.choice(list(known.near))
    if kind == "click":
        found = await timed(kind, lambda: connection.ask("GET", f"/api/v1/runs/{run}/neighbors/{row}"), tally)
        judge(found, lambda answer: [one["row"] for one in answer["neighbors"]] == known.near[run, row], tally)
    elif kind == "page click":
        body = json.dumps(payload(known, run, row)).encode()
        found = await timed(kind, lambda: connection.ask("POST", "/_dash-update-component", body), tally)
        judge(found, lambda answer: listed(answer) == known.near[run, row], tally)
    elif kind == "search":
        words = f"{chance.choice(WORDS)} {chance.random()}"
        found = await timed(kind, lambda: connection.ask("GET", f"/api/v1/runs/{run}/search?q={quote(words)}"), tally)
        judge(found, lambda answer: answer["query"] == words, tally)
    elif kind == "known search":
        run, words = chance.choice(list(known.hits))
        found = await timed(kind, lambda: connection.ask("GET", f"/api/v1/runs/{run}/search?q={quote(words)}"), tally)
        judge(found, lambda answer: [hit["row"] for hit in answer["hits"]] == known.hits[run, words], tally)
    else:
        rest = chance.choice(PANS)
        path = f"items/{row}" if rest == "item" else rest
        await timed(kind, lambda: connection.ask("GET", f"/api/v1/runs/{run}/{path}"), tally)


async def timed(kind: str, ask: Callable[[], Awaitable[tuple[int, bytes]]], tally: Tally) -> bytes | None:
    """Return the answer, its time taken; None where there was none."""
    begun = time.monotonic()
    try:
        status, body = await ask()
    except (OSError, EOFError, ValueError) as exc:
        tally.errors[f"{kind}: {type(exc).__name__}"] += 1
        return None
    if status == 429:
        tally.turned_away += 1
    elif status >= 400:
        tally.errors[f"{kind}: {status}"] += 1
    else:
        tally.seconds[kind].append(time.monotonic() - begun)
        return body
    return None


def judge(found: bytes | None, fits: Callable[[Any], bool], tally: Tally) -> None:
    if found is not None and not fits(json.loads(found)):
        tally.mixed_up += 1


def payload(known: Known, run: str, row: int) -> dict[str, Any]:
    """Return what the page sends when a row comes into focus."""
    place = {"run": run, "row": row, "k": 10, "metric": "cosine"}
    values = {"place": place, "shown-run": run}
    outputs = known.inspect["output"].strip(".").split("...")
    named = [dict(zip(("id", "property"), output.rsplit(".", 1), strict=True)) for output in outputs]
    inputs = [{**given, "value": values.get(given["id"])} for given in known.inspect["inputs"]]
    return {"output": known.inspect["output"], "outputs": named, "inputs": inputs, "changedPropIds": ["place.data"]}


def listed(answer: dict[str, Any]) -> list[int]:
    """Return the rows of the cards that the page's answer shows as true neighbours."""
    shown = answer["response"]["point-neighbors-markup"]["data"]
    cards = re.findall(r"<(?:a|article|button|div|li)\b[^>]*data-testid=\"neighbor-card\"[^>]*>", shown)
    return [int(found.group(1)) for card in cards if (found := re.search(r'data-row="(\d+)"', card))]


def rss(server: Server) -> float:
    """Return the megabytes that the server's process holds in memory."""
    status = Path(f"/proc/{server.process.pid}/status").read_text()
    return int(status.split("VmRSS:")[1].split()[0]) / 1024


def report(name: str, tally: Tally, seconds: float) -> None:
    """Print the table of one crowd."""
    answers = sum(map(len, tally.seconds.values()))
    print(f"{name}: {answers} answers in {seconds:.0f} s, {sum(tally.errors.values())} errors {dict(tally.errors)}, "
          f"{tally.turned_away} turned away, {tally.mixed_up} mixed up")  # fmt: skip
    print(f"  {'':14}{'answers':>8}{'p50 ms':>8}{'p95 ms':>8}{'max ms':>8}")
    for kind, taken in sorted(tally.seconds.items()):
        p50, p95, most = (1000 * np.quantile(taken, share) for share in (0.5, 0.95, 1))
        print(f"  {kind:14}{len(taken):>8}{p50:>8.0f}{p95:>8.0f}{most:>8.0f}")
