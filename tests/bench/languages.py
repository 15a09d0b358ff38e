"""Whether sentences find their translations: `python -m tests.bench languages [ENCODER …]`, encoders by their names.

Prints for each encoder the share of sentences whose translation is the nearest, and among the five nearest, of a
language's forty-one, over all pairs of languages; the share of translations among the six nearest of all; cosines of
translations and of others (5th, 50th and 95th percentile); texts a second and a core's second.
"""

from __future__ import annotations

import csv
import time
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

FILE = Path(__file__).with_name("translations.tsv")


def translations() -> dict[str, list[str]]:
    """Return the same sentences in each language, by its ISO 639-1 code."""
    with FILE.open(encoding="utf-8", newline="") as lines:
        names, *rows = csv.reader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
    return {name: [row[at] for row in rows] for at, name in enumerate(names)}


def ranks(vectors: NDArray[np.float32], languages: int) -> NDArray[np.int64]:
    """Return how many sentences of another language are nearer than the translation, of all pairs: (pairs, m)."""
    parts = np.split(vectors, languages)
    found = []
    for at, one in enumerate(parts):
        for other in (*parts[:at], *parts[at + 1 :]):
            similar = one @ other.T
            found.append((similar > np.diag(similar)[:, None]).sum(axis=1))
    return np.array(found)


def main(arguments: list[str]) -> None:
    from explorer import encoders

    told = translations()
    texts = [text for column in told.values() for text in column]
    for name in arguments or ["minilm", "muse"]:
        encoder = encoders.load_encoder(name, device="cpu")
        encoder.encode(texts[:64])
        began, worked = time.perf_counter(), time.process_time()
        vectors = encoder.encode(texts)
        seconds, core = time.perf_counter() - began, time.process_time() - worked
        found = ranks(vectors, len(told))
        similar = vectors @ vectors.T
        count = len(texts) // len(told)
        same = np.arange(len(texts)) % count
        twins = same[:, None] == same
        np.fill_diagonal(similar, -9)
        nearest = np.argsort(-similar, axis=1)[:, : len(told) - 1]
        among = (same[nearest] == same[:, None]).mean()
        of_twins = similar[twins & (similar > -9)]
        of_others = similar[~twins]
        print(
            f"{name}: first {(found == 0).mean():.3f}, in five {(found < 5).mean():.3f}, of the six nearest {among:.3f}"
        )
        for what, cosines in (("translations", of_twins), ("others", of_others)):
            print(f"  cosines of {what}: " + " ".join(f"{one:.2f}" for one in np.percentile(cosines, [5, 50, 95])))
        print(f"  {len(texts) / seconds:.0f} texts a second, {len(texts) / core:.0f} a core's second")


if __name__ == "__main__":
    import sys

    main(sys.argv[1:])
