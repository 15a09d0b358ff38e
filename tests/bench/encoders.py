"""How well encoders tell classes apart: `python -m tests.bench encoders PHOTOS.zip TEXTS.csv [ENCODER …]`.

PHOTOS.zip has a folder a class, TEXTS.csv the columns text and category; either may be missing, "-".  Prints for each
encoder that is here and reads the items, or for those that are named: of how many of the items the ten nearest others
say the class (k-NN accuracy, the class of most of the ten), the share of the ten that are of it, the mean share of a
class among the first twenty that its name finds, and items a second and a core's second.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from explorer import encoders, ingest
from explorer.errors import WrongModality
from explorer.types import Item

K, FIRST, MOST = 10, 20, 3_000
"""Neighbours, hits, and items that are looked at: an even sample of more."""


def told_by_neighbors(vectors: NDArray[np.float32], classes: NDArray[Any]) -> tuple[float, float]:
    """Return k-NN accuracy and the share of neighbours of the same class; O(n² d)."""
    similar = vectors @ vectors.T
    np.fill_diagonal(similar, -9)
    near = classes[np.argsort(-similar, axis=1, kind="stable")[:, :K]]
    said = np.array([Counter(row.tolist()).most_common(1)[0][0] for row in near])
    return float((said == classes).mean()), float((near == classes[:, None]).mean())


def found_by_names(vectors: NDArray[np.float32], classes: NDArray[Any], encoder: Any) -> float:
    """Return the mean share of a class among the first that its name finds; nan for an encoder that reads no words."""
    names = sorted(set(classes.tolist()))
    try:
        asked = encoders.query_vectors(encoder, [name.replace("_", " ") for name in names])
    except WrongModality:
        return float("nan")
    ranked = np.argsort(-(asked @ vectors.T), axis=1, kind="stable")[:, :FIRST]
    return float(np.mean([(classes[rows] == name).mean() for name, rows in zip(names, ranked, strict=True)]))


def measure(name: str, items: Sequence[Item], classes: NDArray[Any]) -> str:
    encoder = encoders.load_encoder(name, device="cpu")
    encoder.encode(items[:8])
    began, worked = time.perf_counter(), time.process_time()
    vectors = np.concatenate([encoder.encode(items[at : at + 64]) for at in range(0, len(items), 64)])
    seconds, core = time.perf_counter() - began, time.process_time() - worked
    right, share = told_by_neighbors(vectors, classes)
    found = found_by_names(vectors, classes, encoder)
    return (
        f"{name:40} k-NN {right:.3f}, neighbours {share:.3f}, names {found:.3f}; "
        f"{len(items) / seconds:.0f} a second, {len(items) / core:.0f} a core's second"
    )


def sets(photos: str, texts: str) -> dict[str, tuple[list[Item], NDArray[Any]]]:
    """Return the items and classes of the files, by what they are."""
    made = {}
    for path, column in ((photos, "folder"), (texts, "category")):
        if path != "-":
            loaded = ingest.load(path)
            rows = np.unique(np.linspace(0, len(loaded) - 1, min(MOST, len(loaded))).astype(int))
            classes = loaded.table[column].astype(str).to_numpy()[rows]
            made[path] = ([loaded.items[row] for row in rows], classes)
    return made


def main(arguments: list[str]) -> None:
    photos, texts, *named = arguments
    for path, (items, classes) in sets(photos, texts).items():
        kinds = frozenset(ingest.load(path).modalities)
        here = [spec.name for spec in encoders.readers_of(kinds) if spec.offline]
        print(f"{path}: {len(items):,} items of {len(set(classes.tolist()))} classes")
        for name in named or here:
            if kinds <= encoders.modalities_of(name):
                print(" ", measure(name, items, classes), flush=True)


if __name__ == "__main__":
    import sys

    main(sys.argv[1:])
