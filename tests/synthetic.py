"""Writes a finished run of any size straight into a workspace: a map, clusters, texts and vectors, nothing computed.

It is for measuring and testing the page at sizes for which a real run takes minutes.  The map looks like one: cluster
sizes fall off as in texts, clusters are stretched and lie in groups, one row in ten belongs nowhere.  The vectors are
a centre a cluster plus noise, so that neighbours are of the same cluster; the neighbour graph is a placeholder.
"""

from __future__ import annotations

import dataclasses
import hashlib
import io
import json
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from explorer.config import RunConfig
from explorer.embedding.encoding import DONE
from explorer.kinds import ImageRef
from explorer.runs.facts import facts_of
from explorer.runs.pipeline import open_record
from explorer.runs.plan import GRAPH_K, Plan, make_plan
from explorer.runs.stages import keep_codes
from explorer.types import NOISE, Dataset, FloatArray, IntArray, Item, digest
from explorer.workspace.folder import Workspace

GROUPS = 9
NOISE_SHARE = 0.1
BLOCK = 50_000
WORDS = [
    "battery",
    "train",
    "soup",
    "garden",
    "invoice",
    "holiday",
    "printer",
    "window",
    "coffee",
    "river",
    "doctor",
    "ticket",
    "music",
    "paint",
    "bridge",
]


def write_run(
    folder: Path,
    n: int,
    *,
    dim: int = 384,
    clusters: int = 60,
    seed: int = 0,
    scored: bool = True,
    pictures: float = 0,
    encoder: str = "minilm",
) -> str:
    """Write a finished run of *n* rows into the workspace at *folder* and return its key; O(n·dim) bytes on disk.

    By another *encoder* the same rows have other vectors, places and clusters.

    Without *scored* its map lacks what is computed of each row, as those of earlier versions do.  *pictures* is the
    share of rows, the first ones, that are pictures, each of one colour (`color_of`), in an archive beside it.
    """
    workspace = Workspace(folder)
    rng = np.random.default_rng(seed)
    labels = labels_of(n, clusters, rng)
    dataset = dataset_of(labels, rng)
    if pictures:
        dataset = illustrated(dataset, round(pictures * n), folder.with_name(f"{folder.name}-{n}-{seed}.zip"))
    workspace.datasets.keep(dataset)
    plan = make_plan(facts_of(dataset), RunConfig.from_flat({"encoder": "conse" if pictures else encoder}))
    if encoder != "minilm":
        rng = np.random.default_rng([seed, 1])
        labels = labels_of(n, clusters, rng)
    if "words" in plan.keys:  # runs of the same encoder share the true ones
        plan = dataclasses.replace(plan, keys={**plan.keys, "words": plan.keys["words"][::-1]})
    open_record(workspace, plan)
    write_vectors(workspace, plan, labels, dim, rng)
    keep_codes(workspace, plan, workspace.results.load("embed", plan.keys["embed"]).arrays["vectors"])
    scores = scores_of(labels, rng) if scored else {}
    write_stages(workspace, plan, labels, {"xy": places(labels, rng), **scores}, rng)
    workspace.runs.update(plan.run, state="done")
    return plan.run


def labels_of(n: int, clusters: int, rng: np.random.Generator) -> IntArray:
    """Return int32 (n,) labels, 0 the most frequent, a tenth of them noise."""
    weights = 1 / (np.arange(clusters) + 3) ** 0.9
    labels = rng.choice(clusters, n, p=weights / weights.sum()).astype(np.int32)
    labels[rng.random(n) < NOISE_SHARE] = NOISE
    sizes = np.bincount(labels[labels >= 0], minlength=clusters)
    rank = np.empty(clusters, np.int32)
    rank[np.argsort(-sizes, kind="stable")] = np.arange(clusters)
    return np.where(labels >= 0, rank[labels], NOISE).astype(np.int32)


def places(labels: IntArray, rng: np.random.Generator) -> FloatArray:
    """Return float32 (n, 2): each cluster a bent, stretched cloud; clusters in groups; noise between them."""
    clusters = int(labels.max()) + 1
    groups = rng.normal(scale=6, size=(GROUPS, 2))
    middles = groups[rng.integers(0, GROUPS, clusters)] + rng.normal(scale=2.2, size=(clusters, 2))
    turns = rng.uniform(0, np.pi, clusters)
    sizes = np.sqrt(np.bincount(labels[labels >= 0], minlength=clusters) / len(labels))
    t, u = rng.normal(size=len(labels)), rng.normal(size=len(labels))
    at = np.maximum(labels, 0)
    long, short = 4.5 * sizes[at] * t, 2 * sizes[at] * u + 0.5 * sizes[at] * (t**2 - 1)
    cosine, sine = np.cos(turns[at]), np.sin(turns[at])
    xy = middles[at] + np.column_stack([cosine * long - sine * short, sine * long + cosine * short])
    lost = labels < 0
    near = middles[rng.integers(0, clusters, int(lost.sum()))]
    xy[lost] = near + rng.normal(scale=2.5, size=near.shape)
    return xy.astype(np.float32)


def dataset_of(labels: IntArray, rng: np.random.Generator) -> Dataset:
    """Return texts with a category, a number and a date beside them, all of which follow the clusters a little."""
    n = len(labels)
    words = [f"{WORDS[label % len(WORDS)]} {label}" if label >= 0 else "something else" for label in labels.tolist()]
    items = [f"Row {row}: a line about {word}." for row, word in enumerate(words)]
    kinds = np.array([*WORDS, "none"])
    days = np.datetime64("2024-01-01") + (rng.random(n) * 300 + 5 * labels).astype("timedelta64[D]")
    table = pd.DataFrame(
        {
            "kind": kinds[np.where(rng.random(n) < 0.8, labels % len(WORDS), len(WORDS))],
            "score": (labels + rng.normal(scale=6, size=n)).round(2),
            "day": days.astype("datetime64[ns]"),
        }
    )
    key = digest("synthetic", labels)
    return Dataset(key, f"{n:,} synthetic rows", items, table, (), key, ("text", *table.columns), "text")


def color_of(row: int) -> tuple[int, int, int]:
    """Return the colour of a row's picture; those of the first 4,096 rows differ by 17 or more in a channel."""
    return 17 * (row % 16), 17 * (row // 16 % 16), 255 - 17 * (row // 256 % 16)


def illustrated(dataset: Dataset, count: int, archive: Path) -> Dataset:
    """Return the dataset with pictures in place of its first texts; writes *archive*."""
    from PIL import Image

    items: list[Item] = list(dataset.items)
    with zipfile.ZipFile(archive, "w") as out:
        for row in range(count):
            png = io.BytesIO()
            Image.new("RGB", (48, 40), color_of(row)).save(png, "PNG", compress_level=1)
            name = f"{row}.png"
            out.writestr(name, png.getvalue())
            digest_of = hashlib.sha256(f"{archive.name} {row}".encode()).hexdigest()
            items[row] = ImageRef(str(archive), digest_of, member=name, name=name)
    key = digest("illustrated", dataset.key, count)
    return Dataset(key, f"{count:,} synthetic pictures", items, dataset.table, (), key, dataset.columns, None)


def write_vectors(workspace: Workspace, plan: Plan, labels: IntArray, dim: int, rng: np.random.Generator) -> None:
    """Write unit vectors, a block at a time: a cluster's centre and as much noise again."""
    folder = workspace.results.unfinished("embed", plan.keys["embed"])
    folder.mkdir(parents=True)
    n = len(labels)
    centres = rng.normal(size=(int(labels.max()) + 2, dim)).astype(np.float32)
    vectors = np.lib.format.open_memmap(folder / "vectors.npy", mode="w+", dtype=np.float32, shape=(n, dim))
    for at in range(0, n, BLOCK):
        block = centres[labels[at : at + BLOCK]] + rng.standard_normal((min(BLOCK, n - at), dim), np.float32)
        vectors[at : at + BLOCK] = block / np.linalg.norm(block, axis=1, keepdims=True)
    vectors.flush()
    np.save(folder / "hashes.npy", np.zeros((n, 16), np.uint8))
    np.save(folder / "state.npy", np.full(n, DONE, np.uint8))
    np.save(folder / "truncated.npy", np.zeros(n, np.bool_))
    (folder / "about.json").write_text(json.dumps({"fingerprint": "synthetic", "dim": dim, "rows": n}))
    workspace.results.finish("embed", plan.keys["embed"], {"seconds": 0.0, "failed": [], "dim": dim})


def scores_of(labels: IntArray, rng: np.random.Generator) -> dict[str, FloatArray]:
    """Return float32 (n,) scores spread as real ones are: shares of 15, a factor with a long tail, a similarity."""
    n, noise = len(labels), labels < 0
    scores = {
        "preservation": rng.binomial(15, np.where(noise, 0.1, 0.35)) / 15,
        "outlier": 1 + rng.exponential(np.where(noise, 0.3, 0.05)) + rng.pareto(3, n) ** 3 / 50,
        "density": np.clip(rng.normal(np.where(noise, 0.4, 0.6), 0.08), 0, 1),
    }
    return {name: values.astype(np.float32) for name, values in scores.items()}


def write_stages(
    workspace: Workspace, plan: Plan, labels: IntArray, placed: dict[str, FloatArray], rng: np.random.Generator
) -> None:
    """Write what the stages after embedding leave; *placed* is what projection leaves."""
    n = len(labels)
    step = 2 if plan.config.embed.encoder == "muse" else 1  # other neighbours, half of which are the same
    rows = (np.arange(n, dtype=np.int32)[:, None] + step * np.arange(GRAPH_K, dtype=np.int32)) % n
    distances = np.broadcast_to(np.linspace(0, 0.5, GRAPH_K, dtype=np.float32), rows.shape)
    graph = {"metric": "cosine", "exact": True, "recall": 1.0, "seconds": 0.0}
    workspace.results.save("neighbors", plan.keys["neighbors"], {"rows": rows, "distances": distances}, graph)
    made = {"method": "synthetic", "trustworthiness": None, "trust_k": 15, "trust_rows": 0, "seconds": 0.0}
    workspace.results.save("project", plan.keys["project"], placed, made)
    if "reduce" in plan.keys:
        workspace.results.save("reduce", plan.keys["reduce"], {"points": placed["xy"]}, {"seconds": 0.0})
    if "words" in plan.keys:
        workspace.results.save("words", plan.keys["words"], {"vectors": np.zeros((0, 1), np.float32)}, {"seconds": 0.0})
    linked = {"tree": np.zeros((0, 4))}  # nothing to cut: no other sizes to try
    workspace.results.save("linkage", plan.keys["linkage"], linked, {"rows": n, "seconds": 0.0})
    strength = np.where(labels < 0, 0, rng.uniform(0.3, 1, n)).astype(np.float32)
    clustered = {"labels": labels, "strength": strength}
    workspace.results.save("cluster", plan.keys["cluster"], clustered, {"method": "synthetic", "seconds": 0.0})
    summaries = [summary(label, labels) for label in range(int(labels.max()) + 1)]
    workspace.results.save("describe", plan.keys["describe"], {}, {"summaries": summaries, "seconds": 0.0})


def write_space(folder: Path, run: str) -> None:
    """Write a map in three dimensions for a run, since one cannot be laid out from its placeholder of neighbours."""
    workspace = Workspace(folder)
    plan = Plan.from_json(workspace.runs.record(run)["plan"])
    flat = np.asarray(workspace.results.load("project", plan.keys["project"]).arrays["xy"])
    labels = np.asarray(workspace.results.load("cluster", plan.keys["cluster"]).arrays["labels"])
    rng = np.random.default_rng(1)
    depth = rng.normal(scale=5, size=int(labels.max()) + 2)[labels] + rng.normal(scale=0.7, size=len(labels))
    record = {"method": "umap", "trustworthiness": None, "continuity": None, "trust_k": 0, "trust_rows": 0}
    xyz = np.column_stack([flat, depth]).astype(np.float32)
    workspace.results.save("project", plan.space, {"xy": xyz}, {**record, "seconds": 0.0})


def summary(label: int, labels: IntArray) -> dict[str, Any]:
    members = np.flatnonzero(labels == label)
    word = WORDS[label % len(WORDS)]
    return {
        "label": label,
        "name": f"{word} {label}",
        "size": len(members),
        "share": len(members) / len(labels),
        "cohesion": 0.7,
        "keywords": [(word, 1.0), ("line", 0.5)],
        "exemplars": members[:5].tolist(),
        "odd": members[-3:].tolist(),
        "nearest": [],
        "enrichment": [],
    }
