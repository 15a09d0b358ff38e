"""How much of the clusters is chance: agreement over seeds, orders of the rows and 90 % samples, for each method.

`python -m tests.bench.defaults --agreement` prints it; agreement is the mean adjusted Rand index of each pair of
labellings on the rows that both have.  Rows come to the stages in an order made of what they hold, so that another
order of the user's rows gives the same to the bit (tests/runs/test_order.py): the orders here are what that saves.
"""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from explorer.clustering import cluster, cluster_by_communities, communities, kinship, linkage_tree
from explorer.clustering.stability import adjusted_rand
from explorer.config import COMMUNITIES, DENSITY, ClusterConfig, ProjectConfig
from explorer.neighbors.graph import build_graph
from explorer.projection.maps import fuzzy_graph, places_of_groups, reduce
from explorer.types import FloatArray, IntArray

REPEATS = 3
SAMPLE = 0.9
Labels = Callable[[FloatArray, int], IntArray]


def by_density(vectors: FloatArray, seed: int) -> IntArray:
    """Return the labels that the default gives."""
    config = ClusterConfig().resolved(len(vectors))
    graph = build_graph(vectors, 16)
    edges = fuzzy_graph(graph, 15)
    tree = kinship(graph, edges, seed=seed).tree(config.min_samples or 1)
    return cluster(places_of_groups(vectors, edges), config, tree=tree).labels


def by_layout(vectors: FloatArray, seed: int) -> IntArray:
    """Return the labels that the default before gave, from a layout of five dimensions."""
    config = ClusterConfig().resolved(len(vectors))
    points = reduce(vectors, build_graph(vectors, 16), ProjectConfig(seed=seed, n_neighbors=15))
    return cluster(points, config, tree=linkage_tree(points, config.min_samples or 1)).labels


def by_communities(vectors: FloatArray, seed: int) -> IntArray:
    """Return the labels of communities at the default detail."""
    graph = build_graph(vectors, 16)
    ladder = communities(graph, fuzzy_graph(graph, 15), seed=seed)
    return cluster_by_communities(ladder, ClusterConfig(method=COMMUNITIES)).labels


METHODS: dict[str, Labels] = {DENSITY: by_density, "layout (before)": by_layout, COMMUNITIES: by_communities}


def varied(vectors: FloatArray, labels: Labels, what: str) -> Iterator[IntArray]:
    """Yield a labelling of all rows for each repeat, -2 for rows that are not in its sample."""
    n = len(vectors)
    for repeat in range(REPEATS):
        rng = np.random.default_rng(repeat)
        rows = {
            "seeds": np.arange(n),
            "orders": rng.permutation(n),
            "samples": np.sort(rng.permutation(n)[: round(SAMPLE * n)]),
        }[what]
        found = np.full(n, -2, np.int32)
        found[rows] = labels(vectors[rows], repeat if what == "seeds" else 42)
        yield found


def agreement(labellings: list[IntArray]) -> float:
    """Return the mean adjusted Rand index of each pair on the rows that both have."""
    pairs = itertools.combinations(labellings, 2)
    return float(np.mean([adjusted_rand(a[both], b[both]) for a, b in pairs for both in [(a > -2) & (b > -2)]]))


def measure(vectors: FloatArray, truth: Any) -> Iterator[dict[str, Any]]:
    """Yield for each method and each thing varied how much the repeats agree, and how well they fit the truth."""
    from sklearn.metrics import adjusted_rand_score, normalized_mutual_info_score

    for (method, labels), what in itertools.product(METHODS.items(), ("seeds", "orders", "samples")):
        began = time.perf_counter()
        found = list(varied(vectors, labels, what))
        seconds = (time.perf_counter() - began) / REPEATS
        facts = {"method": method, "varied": what, "agreement": round(agreement(found), 3)}
        known = [(one[one > -2], np.asarray(truth)[one > -2]) for one in found]
        facts["nmi"] = round(float(np.mean([normalized_mutual_info_score(b, a) for a, b in known])), 3)
        facts["ari"] = round(float(np.mean([adjusted_rand_score(b, a) for a, b in known])), 3)
        facts["clusters"] = [int(one.max()) + 1 for one in found]
        facts["noise"] = round(float(np.mean([(one == -1).sum() / (one > -2).sum() for one in found])), 3)
        yield {**facts, "seconds": round(seconds, 1)}
