"""Sweeps the settings of map and clusters over several sets; the defaults in explorer/config.py come from it.

It asserts nothing.  `python -m tests.bench.defaults [NPZ…] [--seeds 0,1,2] [--agreement]`: every NPZ holds `vectors`
(n, d) and `labels` (n,); handwritten digits and three mixtures are always there.  Prints tab-separated lines; with
--agreement only how much of the clusters is chance.
"""

from __future__ import annotations

import argparse
import itertools
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from explorer.clustering.labels import ONE_THING, renumbered
from explorer.clustering.linkage import Tree, cut, prune, single_linkage
from explorer.config import ProjectConfig, default_min_cluster_size
from explorer.neighbors.graph import build_graph
from explorer.projection.maps import project, reduce
from explorer.types import FloatArray
from tests.bench.agreement import measure

NEIGHBORS = (10, 15, 30)
SPACES = ("map", "umap5", "umap10")
SIZES = {"root": 0, "n/400": 400, "n/200": 200, "n/100": 100, "n/50": 50}
"""Rules for min_cluster_size: half the root of n (the default), or a share of n between 5 and 200."""
SAMPLES = (1, 3, 5, 10, 0)
"""min_samples; 0: equal to min_cluster_size, HDBSCAN's own default."""
METHODS = ("eom", "leaf")


def unit(vectors: FloatArray) -> FloatArray:
    return (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)


def mixture(n: int, groups: int, *, unequal: bool, noise: float = 0.05, d: int = 64) -> tuple[FloatArray, FloatArray]:
    """Return a mixture of Gaussians on the sphere, with a share of rows (label -1) that belong nowhere."""
    rng = np.random.default_rng(n)
    weights = 1 / np.arange(1, groups + 1) if unequal else np.ones(groups)
    labels = rng.choice(groups, n, p=weights / weights.sum())
    labels[rng.random(n) < noise] = -1
    centres = rng.normal(size=(groups, d))
    vectors = np.where(labels[:, None] < 0, rng.normal(size=(n, d)), centres[labels])
    return unit(vectors + rng.normal(scale=0.8, size=(n, d))), labels


def sets(files: list[str]) -> Iterator[tuple[str, FloatArray, FloatArray]]:
    from sklearn.datasets import load_digits

    for name in files:
        held = np.load(name)
        yield Path(name).stem, held["vectors"], held["labels"]
    images, labels = load_digits(return_X_y=True)
    yield "digits", unit(images), labels
    yield "mixture 600", *mixture(600, 12, unequal=False)
    yield "mixture 3000", *mixture(3_000, 20, unequal=False)
    yield "unequal 3000", *mixture(3_000, 15, unequal=True)


def smallest(n: int, share: int) -> int:
    return min(max(5, n // share), 200) if share else default_min_cluster_size(n)


def main(argv: Sequence[str] | None = None) -> None:
    from sklearn.metrics import adjusted_rand_score, normalized_mutual_info_score

    parser = argparse.ArgumentParser()
    parser.add_argument("files", nargs="*")
    parser.add_argument("--seeds", default="0,1,2")
    parser.add_argument("--agreement", action="store_true", help="over seeds, orders and samples, for both methods")
    args = parser.parse_args(argv)
    if args.agreement:
        for name, vectors, labels in sets(args.files):
            for facts in measure(vectors, labels):
                print(name, len(vectors), *(f"{key}={value}" for key, value in facts.items()), sep="\t", flush=True)
        return
    print("set n neighbors space seed seconds size_rule min_samples method clusters noise nmi ari".replace(" ", "\t"))
    seeds = [int(s) for s in args.seeds.split(",")]
    for name, vectors, labels in sets(args.files):
        graph = build_graph(vectors, max(NEIGHBORS))
        for k, space, seed in itertools.product(NEIGHBORS, SPACES, seeds):
            config = ProjectConfig(n_neighbors=k, seed=seed)
            began = time.perf_counter()
            if space == "map":
                points = project(vectors, graph, config).xy
            else:
                points = reduce(vectors, graph, config, dims=int(space[4:]))
            seconds = time.perf_counter() - began
            trees: dict[int, Tree] = {}
            for rule, samples, method in itertools.product(SIZES, SAMPLES, METHODS):
                size = smallest(len(vectors), SIZES[rule])
                if (caution := samples or size) not in trees:
                    trees[caution] = single_linkage(points, caution)
                found = renumbered(cut(prune(trees[caution], size), epsilon=ONE_THING, leaves=method == "leaf").labels)
                nmi, ari = normalized_mutual_info_score(found, labels), adjusted_rand_score(found, labels)
                line = (name, len(vectors), k, space, seed, f"{seconds:.1f}", rule, samples, method)
                noise = float((found < 0).mean())
                print(*line, found.max() + 1, f"{noise:.3f}", f"{nmi:.4f}", f"{ari:.4f}", sep="\t")
            sys.stdout.flush()


if __name__ == "__main__":
    main()
