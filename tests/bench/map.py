"""From vectors to a clustered map, beside what one would type instead: `python -m tests.bench map --rows 10000 50000`.

Every line is a fresh process.  *reference* is `umap.UMAP(metric="cosine").fit_transform(X)` and then
`hdbscan.HDBSCAN().fit(xy)`; *cold* and *warm* are ours with the same task – a 2-D map, unseeded, and clusters on it –
in a fresh process and after the worker's warm-up; *seeded* and *default* are ours warm, with the seed, and with the
clusters in a space of their own.  *cpu* are the seconds of the processor in *total*, less disturbed by other work.
Prints a table, then json.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from explorer.config import ClusterConfig, ProjectConfig, RunConfig
from explorer.types import FloatArray, IntArray

VARIANTS = ("reference", "cold", "warm", "seeded", "default")
REFERENCE_LIMIT = 200_000
SAMPLE = 2_000
COLUMNS = ("rows", "variant", "neighbors", "project", "reduce", "kinship", "cluster", "total", "ratio", "cpu",
           "peak_gb", "trust", "knn_recall", "map_recall", "clusters", "noise", "nmi")  # fmt: skip


class Clock:
    """Seconds of each named step."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}

    def __call__(self, name: str, do: Callable[[], Any]) -> Any:
        began = time.perf_counter()
        made = do()
        self.seconds[name] = round(time.perf_counter() - began, 2)
        return made


def reference(vectors: FloatArray, clock: Clock) -> tuple[FloatArray, IntArray, None]:
    import umap

    xy = clock("project", lambda: umap.UMAP(metric="cosine").fit_transform(vectors))
    import hdbscan

    return xy, clock("cluster", lambda: hdbscan.HDBSCAN().fit(xy).labels_), None


def ours(vectors: FloatArray, clock: Clock, variant: str) -> tuple[FloatArray, IntArray, IntArray]:
    from explorer import clustering, neighbors, projection

    seed, space = (42, "umap") if variant == "default" else (42 if variant == "seeded" else None, "map")
    config = RunConfig(project=ProjectConfig(seed=seed), cluster=ClusterConfig(space=space))
    config = config.resolved(len(vectors), encoder="")
    if variant != "cold":
        neighbors.warm_up()
        projection.warm_up()
        clustering.warm_up()
    began, used = time.perf_counter(), time.process_time()
    knn = clock("neighbors", lambda: neighbors.build_graph(vectors, 16))
    edges = projection.fuzzy_graph(knn, config.project.n_neighbors)
    clock.seconds["graph"] = round(time.perf_counter() - began - clock.seconds["neighbors"], 2)
    xy = clock("project", lambda: projection.project(vectors, knn, config.project, edges=edges)).xy
    points, tree = xy, None
    if space == "umap":
        points = clock("reduce", lambda: projection.places_of_groups(vectors, edges))
        caution = config.cluster.min_samples or 1
        tree = clock("kinship", lambda: clustering.kinship(knn, edges, seed=seed).tree(caution))
    labels = clock("cluster", lambda: clustering.cluster(points, config.cluster, tree=tree)).labels
    clock.seconds["total"] = round(time.perf_counter() - began, 2)
    clock.seconds["cpu"] = round(time.process_time() - used, 2)
    return xy, labels, knn.rows


def once(variant: str, file: Path, began: float) -> dict[str, Any]:
    """Run one variant in this process; seconds count from *began*, the start of the process, for the cold ones."""
    warnings.simplefilter("ignore")
    vectors = np.load(file, mmap_mode="r")
    clock = Clock()
    made = reference(np.asarray(vectors), clock) if variant == "reference" else ours(vectors, clock, variant)
    if variant in ("reference", "cold"):
        clock.seconds["total"] = round(time.time() - began, 2)
        clock.seconds["cpu"] = round(time.process_time(), 2)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    topics = file.with_suffix(".labels.npy")
    told = {**clock.seconds, "peak_gb": round(peak, 2), **quality(vectors, *made)}
    if topics.exists():
        from sklearn.metrics import normalized_mutual_info_score

        told["nmi"] = round(float(normalized_mutual_info_score(np.load(topics), made[1])), 3)
    return told


def quality(vectors: FloatArray, xy: FloatArray, labels: IntArray, knn: IntArray | None) -> dict[str, Any]:
    """Return how well neighbours were found and kept, on a seeded sample."""
    from scipy.spatial import cKDTree

    from explorer.neighbors.graph import ExactIndex
    from explorer.projection.faithful import trustworthiness

    n, k = len(vectors), 15
    sample = np.sort(np.random.default_rng(3).choice(n, min(n, SAMPLE), replace=False))
    truth = [set(found) for found in ExactIndex(vectors).search(vectors[sample], k + 1).rows]
    on_map = cKDTree(xy).query(xy[sample], k + 1)[1]
    told = {
        "trust": round(trustworthiness(vectors, xy)[0] or 0.0, 4),
        "map_recall": _shared(truth, on_map),
        "clusters": int(labels.max()) + 1,
        "noise": round(float((labels < 0).mean()), 3),
    }
    return told if knn is None else {**told, "knn_recall": _shared(truth, knn[sample, : k + 1])}


def _shared(truth: list[set[int]], found: Any) -> float:
    """Return the mean share of true neighbours that were found, the row itself not counted."""
    shares = [(len(true & set(near)) - 1) / (len(true) - 1) for true, near in zip(truth, found.tolist(), strict=True)]
    return round(float(np.mean(shares)), 4)


def prepared(rows: int, given: Path | None, folder: Path) -> Path:
    """Return a file with the vectors to lay out."""
    from tests.bench.vectors import text_like

    if given is not None:
        return given
    file = folder / f"{rows}.npy"
    _, topics = text_like(rows, out=file)
    np.save(file.with_suffix(".labels.npy"), topics)
    return file


def measured(rows: int, file: Path, variants: list[str]) -> list[dict[str, Any]]:
    """Run the variants on one file, each in a process of its own, and set them beside the reference."""
    lines: list[dict[str, Any]] = []
    for variant in variants:
        if variant == "reference" and rows > REFERENCE_LIMIT:
            continue
        command = [sys.executable, "-m", "tests.bench.map", variant, str(file), str(time.time())]
        said = subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()[-1]
        line = {"rows": rows, "variant": variant, **json.loads(said)}
        base = next((other["total"] for other in lines if other["variant"] == "reference"), None)
        lines.append({**line, "ratio": round(line["total"] / base, 3) if base else None})
        print("".join(f"{'' if lines[-1].get(c) is None else lines[-1][c]!s:>11}" for c in COLUMNS), flush=True)
    return lines


def main(argv: list[str]) -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.bench map", description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, nargs="+", default=[10_000])
    parser.add_argument("--vectors", type=Path, help="an .npy file of unit vectors, in place of made ones")
    parser.add_argument("--variants", nargs="+", default=list(VARIANTS), choices=VARIANTS)
    parser.add_argument("--json", type=Path, help="write the figures to this file too")
    args = parser.parse_args(argv)
    sizes = [len(np.load(args.vectors, mmap_mode="r"))] if args.vectors else args.rows
    print("".join(f"{column:>11}" for column in COLUMNS))
    with tempfile.TemporaryDirectory() as folder:
        lines = []
        for rows in sizes:
            file = prepared(rows, args.vectors, Path(folder))
            lines += measured(rows, file, args.variants)
            if not args.vectors:
                file.unlink()
    print(json.dumps(lines))
    if args.json:
        args.json.write_text(json.dumps(lines, indent=1), encoding="utf-8")


if __name__ == "__main__":
    print(json.dumps(once(sys.argv[1], Path(sys.argv[2]), float(sys.argv[3]))))
