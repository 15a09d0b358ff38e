"""The nearest of some rows of a run among these rows alone, from its graph of neighbours as far as that tells.

It judges no lists; `agreeing` does.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from explorer.types import IntArray, Run

_SEARCHED = 2e11
"""Products of numbers, 5 s on two cores, up to which rows are searched for one by one and not by a graph anew."""


def nearest_among(run: Run, kept: IntArray, k: int) -> tuple[IntArray, float]:
    """Return int32 (m, k) and a recall: for each of the rows *kept* (m,) its k nearest others among them, as places.

    Nearest first, in the run's own space and by its metric; ties by row.  k is at most m - 1.  The graph
    of the run tells them where at least k of them are in it, O(m·k); the others are searched for, O(m·d) each.
    The recall is below 1 where the graph was found approximately.
    """
    near, found = _in_graph(run, kept, k)
    lacking = np.flatnonzero(found < k)
    if not len(lacking):
        return near, run.knn.recall
    vectors = run.embeddings.compared()[kept]
    if float(len(lacking)) * vectors.size > _SEARCHED:
        return _by_graph(run, kept, k)
    from explorer.neighbors import ExactIndex

    rows = ExactIndex(vectors, metric=run.knn.metric).search(vectors[lacking], k + 1).rows
    near[lacking] = _without(rows, lacking, k)
    return near, run.knn.recall


def _in_graph(run: Run, kept: IntArray, k: int) -> tuple[IntArray, IntArray]:
    """Return the first k of the *kept* rows in each one's list of the graph, -1 beyond, and how many there are."""
    number = np.full(len(run.dataset) + 1, -1, np.int32)  # the last stands for -1, no row
    number[kept] = np.arange(len(kept), dtype=np.int32)
    lists = number[np.asarray(run.knn.rows)[kept]]
    there = (lists >= 0) & (lists != np.arange(len(kept), dtype=np.int32)[:, None])
    place = np.cumsum(there, axis=1) - 1
    there &= place < k
    near = np.full((len(kept), k), -1, np.int32)
    near[np.nonzero(there)[0], place[there]] = lists[there]
    return near, there.sum(axis=1, dtype=np.int32)


def _by_graph(run: Run, kept: IntArray, k: int) -> tuple[IntArray, float]:
    from explorer.neighbors import build_graph

    graph = build_graph(run.embeddings.compared()[kept], k + 1, metric=run.knn.metric)
    return np.asarray(graph.rows[:, 1 : k + 1], np.int32), graph.recall


def _without(rows: NDArray[np.int64], own: NDArray[np.int64], k: int) -> IntArray:
    """Return the first k places of each list (m, k + 1) but its *own*."""
    others = rows != own[:, None]
    others[others.all(axis=1), -1] = False
    return np.asarray(rows[others].reshape(len(rows), k), np.int32)
