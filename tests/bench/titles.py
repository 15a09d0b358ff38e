"""Measure what clusters are called: `python -m tests.bench titles [FILE…] [--workspace DIR] [--show]`.

The two samples, what ImageNet's classes are said to be (1,000 sentences that are always there) and each FILE are run
with default settings; vectors and clusters in the workspace are taken as they are.  Then each name is a search: what
share of its first ten hits are in its own cluster, weighted by size, and what share of the clusters' rows are nearer to
their own name than to any other; the same for every level of the map.  Of texts also of how many rows names are true
(`said`).  Prints a line of json for each.
"""

from __future__ import annotations

import argparse
import json
import re
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from explorer import load, run
from explorer.description.forms import base_forms, own_languages, stop_words_of
from explorer.encoders.imagenet import class_texts
from explorer.kinds import which
from explorer.runs.pipeline import cached_encoder
from explorer.types import FloatArray, IntArray, Item, Run

SAMPLES = Path(__file__).resolve().parent.parent.parent / "sample_data"
FIRST = 10
_WORD = re.compile(r"[^\W\d_]+(?:[-'][^\W\d_]+)*")


def found(queries: FloatArray, vectors: FloatArray, labels: IntArray) -> tuple[float, float]:
    """Return the share of first hits in their own group, and the share of grouped rows nearest to their own name."""
    near = queries @ vectors.T
    sizes = np.bincount(labels[labels >= 0], minlength=len(queries))
    hits = [
        float((labels[np.argsort(-near[at], kind="stable")[: min(FIRST, size)]] == at).mean()) if size else 0.0
        for at, size in enumerate(sizes)
    ]
    inside = labels >= 0
    own = float((near[:, inside].argmax(axis=0) == labels[inside]).mean())
    return float(np.average(hits, weights=sizes)), own


def said(names: Sequence[str], texts: Sequence[Item], labels: IntArray) -> dict[str, float]:
    """Return of how many rows names are true, forms of an English word as one; a name has phrases between commas.

    *told*: the share of grouped rows with a word that says something of their group's name; *true*: in the middle
    group, the share of rows with all such words of the phrase that fewest have; *details*: the share of groups with a
    phrase that fewer than a sixth of the rows have.
    """
    stops = frozenset().union(*(stop_words_of(code) for code in own_languages()))
    cut = [_WORD.findall(text.lower()) for text in [*map(str, texts), *names]]
    known = sorted({word for found in cut for word in found})
    base = dict(zip(known, base_forms(known, "en"), strict=True))
    rows_say = [{base[word] for word in found} for found in cut[: len(texts)]]
    shares, told, grouped = [], 0, 0
    for at, name in enumerate(names):
        own = [rows_say[row] for row in np.flatnonzero(labels == at)]
        parts = [_WORD.findall(phrase.lower()) for phrase in name.split(", ")]
        phrases = [{base[word] for word in part if word not in stops or len(part) == 1} for part in parts]
        words = {word for phrase in phrases for word in phrase}
        told += sum(not words.isdisjoint(row) for row in own)
        grouped += len(own)
        shares.append(min(float(np.mean([phrase <= row for row in own])) for phrase in phrases))
    details = float(np.mean([share < 1 / 6 for share in shares]))
    return {"told": round(told / grouped, 3), "true": round(float(np.median(shares)), 3), "details": round(details, 3)}


def twice(name: str) -> bool:
    """Tell whether a name says a word twice that says something."""
    said = [word for word in name.casefold().replace(",", " ").split() if word not in stop_words_of("en")]
    return len(set(said)) < len(said)


def measure(made: Run, *, show: bool) -> list[dict[str, Any]]:
    """Return the figures of each level of names, the broadest first."""
    vectors = np.asarray(made.embeddings.vectors)
    model = cached_encoder(made.embeddings.encoder, "cpu")
    levels = [] if made.clustering.levels is None else list(np.asarray(made.clustering.levels))
    lines = []
    for groups, labels in zip(made.levels, levels, strict=True):
        names = [group.name for group in groups]
        hits, own = found(model.encode(names), vectors, labels)
        line: dict[str, Any] = {"set": made.name, "rows": len(labels), "groups": len(names)}
        line["clusters"] = bool(np.array_equal(labels, made.clustering.labels))
        line |= {"finds_own": round(hits, 3), "nearest_own": round(own, 3)}
        if which(made.dataset.items, lambda kind: kind.has_words).all():
            line |= said(names, made.dataset.items, labels)
        line |= {"all_different": len({name.casefold() for name in names}) == len(names)}
        line |= {"word_twice": [name for name in names if twice(name)], "describe_s": made.timings.get("describe")}
        lines.append({**line, "names": names} if show else line)
    return lines


def definitions(folder: Path) -> Path:
    """Write what the classes are said to be as a table, one a row."""
    path = folder / "definitions.csv"
    pd.DataFrame({"text": class_texts()[1]}).to_csv(path, index=False)
    return path


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", nargs="*", type=Path)
    parser.add_argument("--workspace", type=Path)
    parser.add_argument("--show", action="store_true", help="print the names too")
    chosen = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        samples = [SAMPLES / "city_messages.csv", SAMPLES / "drawn_scenes.zip", definitions(Path(folder))]
        for path in [*samples, *chosen.files]:
            made = run(load(path), workspace=chosen.workspace or Path(folder) / "workspace")
            for line in measure(made, show=chosen.show):
                print(json.dumps(line, ensure_ascii=False), flush=True)


if __name__ == "__main__":
    main()
