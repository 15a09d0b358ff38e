"""Groups rows whose vectors are all but the same.

It does not decide which of them to keep, and compares vectors; items only of rows whose vectors say nothing of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from explorer.neighbors.alikeness import Alikeness
from explorer.types import EUCLIDEAN, BoolArray, FloatArray, KnnGraph, sorted_unique

THRESHOLD = 0.98
NO_ITEMS: Mapping[int, bytes] = MappingProxyType({})
_SLACK = 1e-4
"""float32 sums over a few hundred dimensions differ by less."""
_BLOCK = 2_048


def near_duplicates(
    vectors: FloatArray,
    knn: KnnGraph,
    *,
    ok: BoolArray,
    threshold: float = THRESHOLD,
    items: Mapping[int, bytes] = NO_ITEMS,
) -> tuple[tuple[int, ...], ...]:
    """Return groups of rows that pairs with a similarity >= *threshold* connect; the largest first, then by first row.

    It is the cosine of unit vectors; see `Alikeness` for (n, d) *vectors* of different lengths, whose graph is one by
    distance: the greatest products are no near rows.  Of unit vectors any graph will do.

    Rows with ok False are in no group.  Pairs come from the graph; rows whose k neighbours are all that close may
    have more, and are compared with each other exactly: O(m²·d) for m such rows, equal vectors counting once.
    With an approximate graph a pair that it missed is found only if the vectors are equal.

    *items* are what rows are, by row, whose vectors say nothing of them: these are alike only where they are equal.
    """
    told = ok.copy()
    told[list(items)] = False
    first_of = _first_equal(vectors)
    alike = Alikeness.of(knn, vectors)
    similar = alike(knn.distances)
    near = _pairs_of_graph(vectors, knn, similar, threshold, alike)
    crowded = np.flatnonzero(told & (similar.min(axis=1) >= threshold - _SLACK) & (first_of == np.arange(len(ok))))
    pairs = [near, _pairs_among(vectors, crowded, threshold, alike), np.stack([np.arange(len(ok)), first_of], axis=1)]
    edges = np.concatenate(pairs)
    return _groups(np.concatenate([edges[told[edges].all(axis=1)], _equal(items, ok)]), len(ok))


def _equal(items: Mapping[int, bytes], ok: BoolArray) -> NDArray[np.int64]:
    """Return pairs (m, 2) of rows that are one and the same item, each with the first such row."""
    first: dict[bytes, int] = {}
    rows = sorted(row for row in items if ok[row])
    return np.array([(row, first.setdefault(items[row], row)) for row in rows], np.int64).reshape(-1, 2)


def _first_equal(vectors: FloatArray) -> NDArray[np.int64]:
    """Return for each row the first row with the very same vector (-0.0 counts as 0.0)."""
    seen: dict[bytes, int] = {}
    first = np.empty(len(vectors), dtype=np.int64)
    for start in range(0, len(vectors), _BLOCK):
        block = np.ascontiguousarray(vectors[start : start + _BLOCK] + np.float32(0.0))
        for at, row in enumerate(block, start):
            first[at] = seen.setdefault(_fingerprint(row), at)
    return first


def _fingerprint(row: FloatArray) -> bytes:
    import hashlib

    return hashlib.blake2b(row.data, digest_size=16).digest()


def _pairs_of_graph(
    vectors: FloatArray, knn: KnnGraph, similar: FloatArray, threshold: float, alike: Alikeness
) -> NDArray[np.int64]:
    """Return the graph's pairs that are close enough, each checked with the vectors themselves."""
    row, place = np.nonzero((similar >= threshold - _SLACK) & (knn.rows >= 0))
    pairs = np.stack([row, knn.rows[row, place]], axis=1).astype(np.int64)
    pairs = pairs[pairs[:, 0] != pairs[:, 1]]
    kept = [
        chunk[_paired(vectors[chunk[:, 0]], vectors[chunk[:, 1]], alike) >= _bar(threshold)]
        for chunk in np.array_split(pairs, len(pairs) // 65_536 + 1)
    ]
    return np.concatenate(kept)


def _paired(these: FloatArray, those: FloatArray, alike: Alikeness) -> FloatArray:
    """Return float32 (m,): how alike (m, d) vectors are, one by one."""
    if alike.metric == EUCLIDEAN:
        return alike(np.linalg.norm(these - those, axis=1))
    return np.asarray(np.einsum("ij,ij->i", these, those) / np.float32(alike.size))


def _all_pairs(these: FloatArray, those: FloatArray, alike: Alikeness) -> FloatArray:
    """Return float32 (m, l): how alike each of (m, d) vectors is to each of (l, d)."""
    products = these @ those.T
    if alike.metric != EUCLIDEAN:
        return np.asarray(products / np.float32(alike.size))
    squares = (these**2).sum(1)[:, None] + (those**2).sum(1)[None] - 2 * products
    return alike(np.sqrt(np.maximum(squares, 0)))


def _pairs_among(vectors: FloatArray, rows: NDArray[np.int64], threshold: float, alike: Alikeness) -> NDArray[np.int64]:
    """Return pairs that connect *rows* as all their close pairs would, found exactly, block by block."""
    found = [np.zeros((0, 2), dtype=np.int64)]
    chosen = vectors[rows]
    for start in range(0, len(rows), _BLOCK):
        block = chosen[start : start + _BLOCK]
        for other in range(start, len(rows), _BLOCK):
            a, b = np.nonzero(_all_pairs(block, chosen[other : other + _BLOCK], alike) >= _bar(threshold))
            found.append(_thinned(a + start, b + other, len(rows), rows))
    return np.concatenate(found)


def _thinned(a: Any, b: Any, n: int, rows: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return a spanning forest of the pairs: as connected as they are, never more than n of them."""
    if len(a) <= n:
        return np.stack([rows[a], rows[b]], axis=1)
    label = _components(a, b, n)
    ends = sorted_unique(np.concatenate([a, b]))
    _, first, which = np.unique(label[ends], return_index=True, return_inverse=True)
    return np.stack([rows[ends], rows[ends[first][which]]], axis=1)


def _bar(threshold: float) -> float:
    """Return the threshold less what float32 rounding may take from equal vectors."""
    return min(threshold, 1.0) - 1e-6


def _components(a: Any, b: Any, n: int) -> NDArray[np.int32]:
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    graph = coo_array((np.ones(len(a), dtype=np.int8), (a, b)), shape=(n, n))
    labels: NDArray[np.int32] = connected_components(graph, directed=False)[1]
    return labels


def _groups(edges: NDArray[np.int64], n: int) -> tuple[tuple[int, ...], ...]:
    label = _components(edges[:, 0], edges[:, 1], n)
    order = np.argsort(label, kind="stable")
    groups = np.split(order, np.flatnonzero(np.diff(label[order])) + 1) if n else []
    found = [tuple(int(r) for r in group) for group in groups if len(group) > 1]
    return tuple(sorted(found, key=lambda group: (-len(group), group[0])))
