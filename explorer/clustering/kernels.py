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
def join_up(order: Any, one: Any, other: Any, apart: Any, m: Any, far: Any) -> Any:
    """Return the single linkage tree of m rows, float64 (m - 1, 4), from edges that connect them, in their *order*.

    What no edge connects with row 0 joins it last, at *far*, the first rows first.
    Source: Kruskal 1956, On the shortest spanning subtree of a graph.
    """
    above = np.arange(2 * m - 1)
    sizes = np.ones(2 * m - 1, np.int64)
    tree = np.zeros((m - 1, 4))
    found = 0
    for step in range(len(order) + m - 1):
        if found == m - 1:
            break
        a, b, height = 0, step - len(order) + 1, far
        if step < len(order):
            at = order[step]
            a, b, height = one[at], other[at], apart[at]
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
            tree[found, 2], tree[found, 3] = height, sizes[node]
            found += 1
    return tree


@numba.njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def reach_ranks(ranked: Any, ends: Any, number: Any, k: Any, far: Any) -> Any:
    """Return the edges among a sample's rows in the order of their mutual reachability: order, ends twice, ranks.

    *number* int32 (n,) has the rows' numbers in the sample, -1 for others.  *ranked*: indptr, rows and ranks of all
    rows' neighbours; *ends*: both ends and the rank of each edge.  Ranks are int32 from 0, below *far*.  A row's core
    rank is that of its k-th neighbour in the sample, or of its last.  Equals stay in the edges' order.
    """
    indptr, neighbors, ranks = ranked
    first, second, rank = ends
    core = np.full(len(number), far, np.int32)
    least = np.empty(k, np.int32)
    for row in range(len(number)):
        if number[row] < 0:
            continue
        found = 0
        for at in range(indptr[row], indptr[row + 1]):
            if number[neighbors[at]] < 0 or (found == k and ranks[at] >= least[k - 1]):
                continue
            place = min(found, k - 1)
            while place and least[place - 1] > ranks[at]:
                least[place] = least[place - 1]
                place -= 1
            least[place] = ranks[at]
            found = min(found + 1, k)
        if found:
            core[row] = least[found - 1]
    kept = 0
    one, other, reach = np.empty(len(rank), np.int32), np.empty(len(rank), np.int32), np.empty(len(rank), np.int32)
    starts = np.zeros(far + 2, np.int64)
    for at in range(len(rank)):
        a, b = first[at], second[at]
        if number[a] >= 0 and number[b] >= 0:
            one[kept], other[kept] = number[a], number[b]
            reach[kept] = max(rank[at], core[a], core[b])
            starts[reach[kept] + 1] += 1
            kept += 1
    starts = np.cumsum(starts)
    order = np.empty(kept, np.int64)
    for at in range(kept):
        order[starts[reach[at]]] = at
        starts[reach[at]] += 1
    return order, one[:kept], other[:kept], reach[:kept]


@numba.njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def branches_below(one: Any, other: Any, below: Any, size: int) -> Any:
    """Return for each row the largest branch of fewer than *size* rows it is in, and the join that it leaves at.

    A tree of n - 1 joins: of the nodes *one* and *other*, rows below n, then the joins, with *below* rows each.
    int64 (n,) each; a branch is a node, a join counts from 0.  O(n).
    """
    n = len(below) + 1
    largest, leaves = np.arange(2 * n - 1), np.full(2 * n - 1, -1)
    for at in range(n - 2, -1, -1):
        for node in (one[at], other[at]):
            if below[at] < size:
                largest[node], leaves[node] = largest[n + at], leaves[n + at]
            else:
                leaves[node] = at
    return largest[:n], leaves[:n]
