"""Time what is derived from one linkage tree: `python -m tests.bench.stability [--rows 50000]`.

Points lie in groups of unequal size and spread, in two and in five dimensions.  Prints seconds of wall clock and of the
processor for the tree, for the clusters with memberships and levels, and for the sweep of 20 smallest clusters.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable
from typing import Any

import numpy as np

from explorer.clustering.labels import cluster, linkage_tree
from explorer.clustering.stability import settings_for, sweep
from explorer.config import ClusterConfig, default_min_cluster_size
from explorer.types import FloatArray

GROUP_ROWS = 300


def points_of(rows: int, dims: int, *, seed: int = 0) -> FloatArray:
    """Return float32 (rows, dims) in rows / 300 groups, some of them near each other, and a twentieth anywhere."""
    rng = np.random.default_rng(seed)
    groups = max(2, rows // GROUP_ROWS)
    regions = rng.normal(size=(max(2, groups // 8), dims)) * 40
    centres = regions[rng.integers(len(regions), size=groups)] + rng.normal(size=(groups, dims)) * 6
    of = rng.choice(groups, size=rows, p=rng.dirichlet(np.full(groups, 2.0)))
    points = centres[of] + rng.normal(size=(rows, dims)) * rng.uniform(0.3, 1.5, size=groups)[of, None]
    stray = rng.random(rows) < 0.05
    points[stray] = rng.uniform(points.min(axis=0), points.max(axis=0), size=(int(stray.sum()), dims))
    return np.asarray(points, np.float32)


def timed(work: Callable[[], Any]) -> tuple[Any, dict[str, float]]:
    """Return what *work* returns and the seconds it took."""
    wall, cpu = time.perf_counter(), time.process_time()
    made = work()
    return made, {"wall_s": round(time.perf_counter() - wall, 2), "cpu_s": round(time.process_time() - cpu, 2)}


def measure(rows: int, dims: int) -> dict[str, Any]:
    """Return the times and what came out."""
    points = points_of(rows, dims)
    config = ClusterConfig(default_min_cluster_size(rows), 5, "map")
    tree, for_tree = timed(lambda: linkage_tree(points, 5))
    made, for_clusters = timed(lambda: cluster(points, config, tree=tree))
    found, for_sweep = timed(lambda: sweep(tree, settings_for(rows)))
    levels = [] if made.levels is None else [int(level.max()) + 1 for level in made.levels]
    return {
        "rows": rows,
        "dims": dims,
        "clusters": made.count,
        "noise": round(made.noise, 3),
        "levels": levels,
        "settings": len(found),
        "tree": for_tree,
        "clusters, memberships, levels": for_clusters,
        "sweep": for_sweep,
    }


def main() -> None:
    """Measure and print a line of json for each set."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, nargs="+", default=[50_000])
    parser.add_argument("--dims", type=int, nargs="+", default=[2, 5])
    chosen = parser.parse_args()
    measure(2_000, 2)  # imports and first calls are not what is measured
    for rows in chosen.rows:
        for dims in chosen.dims:
            print(json.dumps(measure(rows, dims)), flush=True)


if __name__ == "__main__":
    main()
