"""The loops of clustering, compiled by numba; a file of its own because importing it imports numba.

That of Louvain moves rows between communities and does nothing else: scikit-network prepares, joins and numbers.
"""

from __future__ import annotations

from typing import Any

import numba
import numpy as np

_TWO, _NONE = np.float32(2), np.float32(0)


@numba.njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def move_rows(
    labels: Any,
    graph: Any,
    weights: Any,
    of_communities: Any,
    loops: Any,
    resolution: Any,
    least: Any,
) -> Any:
    """Move each row to the community that gains most modularity by it, until a round gains *least* or less.

    *graph*: indices, indptr and float32 data, CSR, symmetric, sum 1.  *weights*, *of_communities*, *loops*: float32
    (n,), of the rows, of the communities, of the loops.  *labels* and *of_communities* are changed; returns the gain.
    To the bit what `optimize_core` of scikit-network does for undirected graphs, in a quarter of the time, and beside
    other threads.
    """
    indices, indptr, data = graph
    n = len(labels)
    between = np.zeros(n, np.float32)
    seen = np.full(n, -1, np.int64)
    near = np.empty(n, np.int64)
    gained = _NONE
    while True:
        in_round = _NONE
        for row in range(n):
            own, found = labels[row], 0
            for at in range(indptr[row], indptr[row + 1]):
                other = labels[indices[at]]
                between[other] += data[at]
                if seen[other] != row and other != own:
                    seen[other] = row
                    near[found] = other
                    found += 1
            weight = weights[row]
            leaving = _TWO * (between[own] - loops[row])
            leaving -= resolution * weight * (of_communities[own] - weight)
            leaving -= resolution * weight * (of_communities[own] - weight)
            most, best = _NONE, own
            for other in near[:found]:
                gain = _TWO * between[other]
                gain -= resolution * weight * of_communities[other]
                gain -= resolution * weight * of_communities[other]
                gain -= leaving
                between[other] = _NONE
                if gain > most or (gain == most and best != own and other < best):
                    most, best = gain, other
            between[own] = _NONE
            if best != own:
                in_round += most
                labels[row] = best
                of_communities[own] -= weight
                of_communities[best] += weight
        seen[:] = -1
        gained += in_round
        if in_round <= least:
            return gained


@numba.njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def standing_for(first: Any, second: Any, number: Any) -> Any:
    """Return for the two sides of each join of a tree a row that stands for each, int64 (joins,) twice, -1 for none.

    *number* int64 (n,) has the rows' numbers, -1 for one that stands for nothing.
    """
    n, joins = len(number), len(first)
    stands = np.full(n + joins, -1, np.int64)
    stands[:n] = number
    for at in range(joins):
        one, other = stands[first[at]], stands[second[at]]
        first[at], second[at] = one, other
        stands[n + at] = one if one >= 0 else other
    return first, second


@numba.njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def join_up(order: Any, one: Any, other: Any, apart: Any, m: Any) -> Any:
    """Return the single linkage tree of m rows, float64 (m - 1, 4), from edges that connect them, in their *order*.

    Source: Kruskal 1956, On the shortest spanning subtree of a graph.
    """
    above = np.arange(2 * m - 1)
    sizes = np.ones(2 * m - 1, np.int64)
    tree = np.zeros((m - 1, 4))
    found = 0
    for at in order:
        a, b = one[at], other[at]
        while above[a] != a:
            above[a] = above[above[a]]
            a = above[a]
        while above[b] != b:
            above[b] = above[above[b]]
            b = above[b]
        if a != b:
            node = m + found
            above[a] = above[b] = node
            sizes[node] = sizes[a] + sizes[b]
            tree[found, 0], tree[found, 1] = a, b
            tree[found, 2], tree[found, 3] = apart[at], sizes[node]
            found += 1
            if found == m - 1:
                break
    return tree


@numba.njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def core_distances(indptr: Any, apart: Any, k: Any, far: Any) -> Any:
    """Return each row's distance to its k-th neighbour, or its last, float32 (n,); *far* for a row without any.

    *indptr* and float32 *apart* are those of a symmetric CSR matrix (n, n).
    """
    core = np.full(len(indptr) - 1, far, np.float32)
    for row in range(len(core)):
        found = np.sort(apart[indptr[row] : indptr[row + 1]])
        if len(found):
            core[row] = found[min(k, len(found)) - 1]
    return core
