"""How fast files are read: `python -m tests.bench reading --rows 1000000 --pictures 2000 --gb 1`.

Each in a process of its own: the CSV to a dataset in memory and to one that is kept in a workspace (rows a second, most
memory), pyarrow's own reader of CSV on the same file, JPEGs of 500 kB to thumbnails and their bare decoding as drafts –
of grain, then of what is like photographs –, and the preview of a large CSV.  Prints a line each; 0 leaves one out.
`--profile` prints in what functions the reading of the CSV spends its time.
"""

from __future__ import annotations

import argparse
import cProfile
import json
import pstats
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

PROFILED = 25
DISTINCT, PHOTOS = 200, 40
"""Pictures that differ to the eye; the others are these with other bytes behind."""


def table(path: Path, rows: int) -> Path:
    """Write a table of an id, a text of a dozen words, a category, a number, a date."""
    chance = random.Random(0)
    words = [f"{a}{b}" for a in ("ka", "lo", "mi", "ne", "su") for b in ("ra", "tin", "mo", "vel", "sor", "xi")]
    texts = [" ".join(chance.choices(words, k=chance.randint(8, 16))) for _ in range(997)]
    with path.open("w") as file:
        file.write("id,review,shop,price,day\n")
        for row in range(rows):
            text = texts[row % 997]
            said = f'"{text}, {row}"' if row % 5 == 0 else f"{text} {row}"
            file.write(f"{row:07d},{said},shop {row % 40},{row % 900}.5,2024-{row % 12 + 1:02d}-{row % 28 + 1:02d}\n")
    return path


def pictures(folder: Path, count: int) -> Path:
    """Write JPEGs of 2,400 by 1,800 pixels and about 500 kB: grain, which is as hard to pack when it is small."""
    return _repeated(folder, count, DISTINCT, _grain)


def photos(folder: Path, count: int) -> Path:
    """Write JPEGs of as many pixels and bytes, whose detail falls off as in photographs."""
    return _repeated(folder, count, PHOTOS, _photo)


def _repeated(folder: Path, count: int, distinct: int, made: Callable[[int], Any]) -> Path:
    folder.mkdir()
    for number in range(count):
        if number < distinct:
            made(number).save(folder / f"{number}.jpg", quality=85)
        else:
            content = (folder / f"{number % distinct}.jpg").read_bytes()
            (folder / f"{number}.jpg").write_bytes(content + number.to_bytes(4))  # others, not the same ones again
    return folder


def _grain(number: int) -> Any:
    import numpy as np
    from PIL import Image

    grain = np.random.default_rng(number).integers(0, 256, (75, 100, 3), dtype=np.uint8)
    return Image.fromarray(grain).resize((2400, 1800), Image.Resampling.BICUBIC)


def _photo(number: int) -> Any:
    """Return a picture of noise in ten octaves, the finer the fainter; the coarse ones have colours."""
    import numpy as np
    from PIL import Image

    chance = np.random.default_rng(number)
    pixels = np.full((1800, 2400, 3), 128, np.float32)
    for octave in range(10):
        wide, high = min(4 * 2**octave, 2400), min(3 * 2**octave, 1800)
        for band in range(3 if wide < 600 else 1):
            part = chance.normal(0, 180 / wide**0.62, (high, wide)).astype(np.float32)
            part = np.asarray(Image.fromarray(part).resize((2400, 1800), Image.Resampling.BICUBIC))
            if band == 0:
                pixels += part[..., None]
            else:
                pixels[..., band] += 0.3 * part
    return Image.fromarray(pixels.clip(0, 255).astype(np.uint8))


def load_table(path: str) -> int:
    from explorer.ingest import load

    return len(load(path).items)


def keep_table(path: str) -> int:
    import threading

    from explorer.server.reading import Reading, read_here
    from explorer.workspace import Workspace

    with tempfile.TemporaryDirectory() as folder:
        workspace = Workspace(Path(folder))
        key = read_here(workspace, Reading((path,), origin=(path,)), threading.Event())
        return int(workspace.datasets.record(key)["rows"])


def arrow_table(path: str) -> int:
    from pyarrow import csv

    return int(csv.read_csv(path).num_rows)


def thumbnails(path: str) -> int:
    from explorer.ingest import load
    from explorer.workspace import Thumbnails, Writer

    with tempfile.TemporaryDirectory() as folder:
        made = Thumbnails(Path(folder) / "thumbs", Writer(Path(folder)))
        return len(load(path, on_image=made.keep).items)


def drafts(path: str) -> int:
    from PIL import Image

    done = 0
    for file in sorted(Path(path).iterdir()):
        with Image.open(file) as image:
            image.draft(None, (160, 160))
            image.load()
        done += 1
    return done


def look(path: str) -> int:
    from explorer.ingest import preview

    return len(preview(path).rows)


DEEDS: dict[str, Callable[[str], int]] = {
    "load": load_table,
    "keep": keep_table,
    "arrow": arrow_table,
    "thumbnails": thumbnails,
    "drafts": drafts,
    "preview": look,
}


def apart(deed: str, path: Path) -> dict[str, Any]:
    """Do it in a process of its own; return what it took: things, seconds, MiB."""
    asked = [sys.executable, "-m", "tests.bench.reading", deed, str(path)]
    return dict(json.loads(subprocess.run(asked, check=True, capture_output=True, text=True).stdout))


def only(deed: str, path: str) -> None:
    """Do it here, its libraries loaded, and print what it took."""
    import pandas  # noqa: F401
    import pyarrow.compute
    import pyarrow.csv  # noqa: F401
    from PIL import Image  # noqa: F401

    import explorer.ingest  # noqa: F401

    began, worked = time.monotonic(), time.process_time()
    things = DEEDS[deed](path)
    seconds, worked = time.monotonic() - began, time.process_time() - worked
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(json.dumps({"things": things, "seconds": seconds, "worked": worked, "mib": most}))


def told(what: str, took: dict[str, Any]) -> None:
    things, seconds, worked = took["things"], took["seconds"], took["worked"]
    print(f"{what}: {things:,} in {seconds:.2f} s, {things / seconds:,.0f} a second", end="")
    print(f" ({worked:.2f} s of the processor, {things / worked:,.0f}), {took['mib']:,} MiB at most", flush=True)


def main(words: list[str]) -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.bench reading", description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--pictures", type=int, default=2_000)
    parser.add_argument("--gb", type=float, default=1.0)
    parser.add_argument("--profile", action="store_true")
    asked = parser.parse_args(words)
    with tempfile.TemporaryDirectory() as folder:
        if asked.rows:
            path = table(Path(folder) / "table.csv", asked.rows)
            print(f"a CSV of {asked.rows:,} rows, {path.stat().st_size / 2**20:.0f} MiB")
            told("load", apart("load", path))
            told("kept", apart("keep", path))
            told("pyarrow", apart("arrow", path))
            if asked.profile:
                profiled(path)
            path.unlink()
        if asked.pictures:
            made = pictures(Path(folder) / "pictures", asked.pictures)
            told("thumbnails", apart("thumbnails", made))
            told("bare drafts", apart("drafts", made))
            made = photos(Path(folder) / "photos", asked.pictures)
            told("thumbnails of what is like photographs", apart("thumbnails", made))
            told("bare drafts of these", apart("drafts", made))
        if asked.gb:
            path = large(Path(folder) / "large.csv", int(asked.gb * 2**30))
            took = apart("preview", path)
            print(f"preview of {asked.gb:g} GB: {took['seconds']:.2f} s, {took['mib']:,} MiB at most")


def large(path: Path, size: int) -> Path:
    """Write a table of about so many bytes: the same rows again and again."""
    block = table(path.with_suffix(".part"), 100_000).read_bytes()
    head, rows = block.split(b"\n", 1)
    with path.open("wb") as file:
        file.write(head + b"\n")
        for _ in range(size // len(rows)):
            file.write(rows)
    return path


def profiled(path: Path) -> None:
    profile = cProfile.Profile()
    profile.runcall(load_table, str(path))
    pstats.Stats(profile).sort_stats("tottime").print_stats(PROFILED)


if __name__ == "__main__":
    only(*sys.argv[1:3])
