"""How fast items become vectors: `python -m tests.bench encode [--texts FILE] [--rows 2000] [--pictures 128] [--busy]`.

Each figure in a process of its own, in turn, the better of `--times` of them, all in one run:

- *plain*: `SentenceTransformer.encode(batch_size=32)` in fp32, or for pictures the network alone on decoded tensors;
- *torch* and *here*: our own stage with its checkpoint, by torch and as it is; `--no-bf16` as on a CPU without;
- items a second of the clock and of the processor, seconds from loading to the first batch, most memory, the least
  cosine and recall@10 to *plain*, and the share of what the machine multiplies at most, measured in the same process.

`--busy` does the same while another process keeps one core busy.  `--texts` is a table whose first column is taken.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np

from explorer.types import FloatArray

TEXT_ENCODERS = ("minilm", "muse")
WORK_A_TOKEN = 2 * 10.6e6
"""Multiplications and additions of minilm's layers for a word piece."""
AT_FIRST = 64


def main(arguments: list[str]) -> None:
    """Measure, and print a line each."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--texts", type=Path)
    parser.add_argument("--rows", type=int, default=2000)
    parser.add_argument("--pictures", type=int, default=128)
    parser.add_argument("--times", type=int, default=2)
    parser.add_argument("--busy", action="store_true")
    parser.add_argument("--no-bf16", action="store_true")
    parser.add_argument("--one", help=argparse.SUPPRESS)
    given = parser.parse_args(arguments)
    if given.one:
        print(json.dumps(_one(*given.one.split(","), given=given)))
        return
    busy = subprocess.Popen([sys.executable, "-c", "while True: pass"]) if given.busy else None
    try:
        for encoder in TEXT_ENCODERS if given.rows else ():
            _compared(
                arguments, encoder, ["plain", "torch", "here"] if encoder == "minilm" else ["torch", "here"], given
            )
        if given.pictures:
            _compared(arguments, "conse", ["plain", "torch", "here"], given)
    finally:
        if busy is not None:
            busy.kill()
            busy.wait()


def _compared(arguments: list[str], encoder: str, ways: list[str], given: argparse.Namespace) -> None:
    with tempfile.TemporaryDirectory() as folder:
        found: dict[str, dict[str, Any]] = {}
        for _ in range(given.times):
            for way in ways:
                told = _process(arguments, encoder, way, Path(folder) / f"{way}.npy")
                if way not in found or told["rate"] > found[way]["rate"]:
                    found[way] = told
        reference = np.load(Path(folder) / f"{ways[0]}.npy")
        for way, told in found.items():
            vectors = np.load(Path(folder) / f"{way}.npy")
            share = f", {told['share']:.0%} of what the machine multiplies" if told.get("share") else ""
            ratio = told["rate"] / found[ways[0]]["rate"]
            print(
                f"{encoder} {way}: {told['rate']:,.1f} a second ({ratio:.2f} times), {told['cpu_rate']:,.1f} of the "
                f"processor, first after {told['first']:.1f} s, {told['mb']:,.0f} MB{share}",
                f"; cosine {_least_cosine(vectors, reference):.5f}, recall@10 {_recall(vectors, reference):.4f}"
                if vectors.shape == reference.shape
                else "",
                sep="",
                flush=True,
            )


def _process(arguments: list[str], encoder: str, way: str, file: Path) -> dict[str, Any]:
    switch = {"EXPLORER_OPENVINO": "0"} if way == "torch" else {}
    command = [sys.executable, "-m", "tests.bench", "encode", *arguments, "--one", f"{encoder},{way},{file}"]
    told = subprocess.run(command, env={**os.environ, **switch}, stdout=subprocess.PIPE, text=True, check=True)
    return dict(json.loads(told.stdout.strip().splitlines()[-1]))


def _one(encoder: str, way: str, file: str, *, given: argparse.Namespace) -> dict[str, Any]:
    from explorer.encoders import hardware

    if given.no_bf16:
        hardware.has_bf16 = lambda: False
    with tempfile.TemporaryDirectory() as folder:
        items = _pictures(Path(folder), given.pictures) if encoder == "conse" else _texts(given.texts, given.rows)
        if way != "plain":
            vectors, told = _staged(Path(folder), encoder, items)
        else:
            vectors, told = _bare_network(items) if encoder == "conse" else _library(items)
    np.save(file, vectors)
    told["mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    if encoder == "minilm":
        told["share"] = told["rate"] * _tokens(items) * WORK_A_TOKEN / _multiplied(bf16=hardware.has_bf16())
    return told


def _staged(folder: Path, encoder: str, items: Any) -> tuple[FloatArray, dict[str, Any]]:
    """Return the vectors that our own stage makes, and its times; as in a worker, what loads is loaded once."""
    from explorer.embedding import VectorFile, embed, item_hashes
    from explorer.encoders import load_encoder

    began = time.perf_counter()
    model = load_encoder(encoder, device="cpu")
    model.encode(items[:AT_FIRST])
    first = time.perf_counter() - began
    clock, processor = time.perf_counter(), time.process_time()
    hashes = item_hashes(items)
    kept = VectorFile(folder / "vectors", dim=model.dim, hashes=hashes, fingerprint=model.fingerprint)
    embed(items, model, kept, hashes=hashes)
    told = _rates(len(items), clock, processor) | {"first": first}
    vectors = np.array(kept.vectors)
    kept.close()
    return vectors, told


def _library(items: list[str]) -> tuple[FloatArray, dict[str, Any]]:
    began = time.perf_counter()
    from sentence_transformers import SentenceTransformer

    from explorer.encoders import weights

    model = SentenceTransformer(str(weights.minilm_folder()), device="cpu").eval()
    model.encode(items[:AT_FIRST], batch_size=32)
    first = time.perf_counter() - began
    clock, processor = time.perf_counter(), time.process_time()
    vectors = model.encode(items, batch_size=32, show_progress_bar=False)
    return np.asarray(vectors), _rates(len(items), clock, processor) | {"first": first}


def _bare_network(items: Any) -> tuple[FloatArray, dict[str, Any]]:
    """Return what the network that conse has makes of pictures that are decoded already, and its times."""
    from explorer.encoders import conse as door
    from explorer.encoders import load_encoder

    began = time.perf_counter()
    model: Any = load_encoder("conse", device="cpu")
    model.encode(items[:8])
    first = time.perf_counter() - began
    batches = [door._pixels(items[at : at + door.CPU_BATCH]) for at in range(0, len(items), door.CPU_BATCH)]
    left = iter(batches)
    door._pixels = lambda _batch: next(left)
    clock, processor = time.perf_counter(), time.process_time()
    vectors = model.encode(items)
    return vectors, _rates(len(items), clock, processor) | {"first": first}


def _rates(count: int, clock: float, processor: float) -> dict[str, float]:
    return {
        "rate": count / (time.perf_counter() - clock),
        "cpu_rate": count / (time.process_time() - processor),
    }


def _texts(file: Path | None, rows: int) -> list[str]:
    import explorer

    file = file or Path(__file__).parents[2] / "sample_data" / "city_messages.csv"
    texts = sorted({str(item) for item in explorer.load(file).items})
    return [texts[at] for at in np.random.default_rng(0).permutation(len(texts))[:rows]]


def _pictures(folder: Path, count: int) -> Any:
    """Return pictures of a megapixel and about 150 kB, of colours that run into each other."""
    from PIL import Image

    import explorer

    rng = np.random.default_rng(0)
    place = folder / "pictures"
    place.mkdir()
    for at in range(count):
        coarse = Image.fromarray(rng.integers(0, 256, (40, 52, 3), np.uint8))
        coarse.resize((1300, 1000), Image.Resampling.BICUBIC).save(place / f"{at:04}.jpg", quality=88)
    return list(explorer.load(place).items)


def _tokens(texts: list[str]) -> float:
    from explorer.encoders import weights
    from explorer.encoders.pieces import TOKENIZER, whole_tokenizer

    tokenizer = whole_tokenizer(weights.minilm_folder() / TOKENIZER)
    return float(np.mean([min(256, len(one.ids)) for one in tokenizer.encode_batch_fast(texts)]))


def _multiplied(*, bf16: bool) -> float:
    """Return how many multiplications and additions a second a large product of matrices makes, the best of five."""
    import torch

    kind = torch.bfloat16 if bf16 else torch.float32
    one, other = (torch.randn(1536, 1536).to(kind) for _ in range(2))
    best = 0.0
    for _ in range(5):
        began = time.perf_counter()
        _ = one @ other
        best = max(best, 2 * 1536**3 / (time.perf_counter() - began))
    return best


def _least_cosine(one: FloatArray, other: FloatArray) -> float:
    return float((one * other).sum(1).min())


def _recall(one: FloatArray, other: FloatArray, k: int = 10) -> float:
    """Return which share of each row's *k* nearest in one space are so in the other, on average."""
    nearest = []
    for vectors in (one, other):
        likeness = vectors @ vectors.T
        np.fill_diagonal(likeness, -np.inf)
        nearest.append(np.argpartition(-likeness, k, axis=1)[:, :k])
    return float(np.mean([len(np.intersect1d(a, b)) / k for a, b in zip(*nearest, strict=True)]))
