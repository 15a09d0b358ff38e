"""Drafts of texts beside what the encoder makes of them: `python -m tests.bench draft --rows 10000 100000 [--true]`.

Texts are made by joining the first and last parts of real ones, those of a CSV's first column (`--texts`) or of the
sample that comes with the program.  Every size is a fresh process and workspace, as of somebody's first map.  Prints
the seconds until a named draft map of all rows, stage by stage, the memory, and the recall of the ten nearest that the
draft tells of itself; with `--true` the seconds until the true map, which begins with the draft, and the recall
against its vectors, of 1,000 rows among all.
"""

from __future__ import annotations

import argparse
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import pandas as pd

from explorer import ingest
from explorer.runs import run
from explorer.types import FloatArray
from explorer.workspace import samples

QUERIES, NEAREST, BLOCK = 1_000, 10, 16_384


def recombined(texts: list[str], rows: int, *, seed: int = 0) -> list[str]:
    """Return so many different texts: the texts themselves, then the first half of one with the second of another."""
    rng = np.random.default_rng(seed)
    words = [text.split() for text in texts if text.strip()]
    made = dict.fromkeys(texts[:rows])
    while len(made) < rows:
        for first, last in rng.integers(len(words), size=(rows - len(made), 2)).tolist():
            made[" ".join(words[first][: -(-len(words[first]) // 2)] + words[last][len(words[last]) // 2 :])] = None
    return list(made)[:rows]


def recall_against(true: FloatArray, drafted: FloatArray) -> float:
    """Return which share of the ten nearest of QUERIES rows, among all (n, d) of them, a draft has too."""
    chosen = np.random.default_rng(0).permutation(len(true))[:QUERIES]
    kept = [np.intersect1d(a, b).size for a, b in zip(_nearest(true, chosen), _nearest(drafted, chosen), strict=True)]
    return float(np.mean(kept)) / NEAREST


def _nearest(vectors: FloatArray, chosen: np.ndarray) -> np.ndarray:
    scores = np.empty((len(chosen), 0), np.float32)
    found = np.empty((len(chosen), 0), np.int64)
    for start in range(0, len(vectors), BLOCK):
        block = np.asarray(vectors[start : start + BLOCK])
        scores = np.hstack([scores, vectors[chosen] @ block.T])
        found = np.hstack([found, np.broadcast_to(np.arange(start, start + len(block)), (len(chosen), len(block)))])
        scores[found == chosen[:, None]] = -np.inf
        best = np.argsort(-scores, axis=1, kind="stable")[:, :NEAREST]
        scores, found = np.take_along_axis(scores, best, 1), np.take_along_axis(found, best, 1)
    return found


def measure(rows: int, texts: Path | None, *, true: bool) -> None:
    """Print what a draft of so many rows takes."""
    given = texts or next(path for path in samples() if path.suffix == ".csv")
    real = pd.read_csv(given).iloc[:, 0].astype(str).tolist()
    with tempfile.TemporaryDirectory() as folder:
        began = time.monotonic()
        dataset = ingest.load_text("\n".join(" ".join(text.split()) for text in recombined(real, rows)), name="made")
        print(f"{len(dataset):,} rows; read as data in {time.monotonic() - began:.1f} s", flush=True)
        began = time.monotonic()
        drafted = run(dataset, workspace=folder, encoder="minilm", draft="only")
        _tell("draft", began, drafted.timings, drafted.clustering.count)
        told = drafted.draft or {}
        print(f"  recall told {told['recall']:.3f} among {told['among']:,}; {told['read']:,} texts read", flush=True)
        if not true:
            return
        found = run(dataset, workspace=folder, encoder="minilm", draft="first")
        _tell("true", began, found.timings, found.clustering.count)
        print(f"  recall of the draft {recall_against(found.embeddings.vectors, drafted.embeddings.vectors):.3f}")


def _tell(what: str, began: float, timings: object, clusters: int) -> None:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    print(f"  {what} map, named: {time.monotonic() - began:.1f} s since Explore; {clusters} clusters; {peak:.1f} GiB")
    print(f"  {timings}", flush=True)


def main(argv: list[str]) -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.bench draft", description=__doc__)
    parser.add_argument("--rows", type=int, nargs="+", default=[10_000])
    parser.add_argument("--texts", type=Path, help="a CSV file whose first column has texts")
    parser.add_argument("--true", action="store_true", help="go on to the true map")
    arguments = parser.parse_args(argv)
    if len(arguments.rows) == 1:
        measure(arguments.rows[0], arguments.texts, true=arguments.true)
        return
    for rows in arguments.rows:
        given = [*(["--texts", str(arguments.texts)] if arguments.texts else []), *(["--true"] * arguments.true)]
        subprocess.run([sys.executable, "-m", "tests.bench", "draft", "--rows", str(rows), *given], check=True)
