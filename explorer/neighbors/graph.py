"""Nearest neighbours: the graph that feeds the map, and exact look-ups in the original space.

It decides between exact and approximate search by size; the searching itself is in `exact` and `approximate`.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from explorer.neighbors.approximate import IvfIndex, approximate_graph
from explorer.neighbors.codes import CODED_FROM, codes_of, nearest_by_codes
from explorer.neighbors.exact import ExactIndex, exact_graph, similarities
from explorer.neighbors.picker import cuda_block
from explorer.types import (
    DOT,
    EUCLIDEAN,
    BoolArray,
    Codes,
    FloatArray,
    Hits,
    KnnGraph,
    Progress,
    Report,
    frozen,
    silent,
)

__all__ = [
    "CODED_FROM",
    "EXACT_LIMIT",
    "ExactIndex",
    "IvfIndex",
    "build_graph",
    "codes_of",
    "nearest_to",
    "neighbors_of_row",
    "similarities",
    "warm_up",
]

EXACT_LIMIT = 30_000
"""Rows up to which the graph is exact: 5 s on two cores at this size; beyond it the cost grows with n²."""

CUDA_EXACT_LIMIT = 2_000_000
"""The same where a CUDA device holds the vectors: 4e12 pairs of 384 dimensions are 3e15 operations."""

_FAR, _LITTLE = 4.0, 1e-3
_HASH_BLOCK = 8_192
_EXPAND_BLOCK = 2_048


def build_graph(
    vectors: FloatArray,
    k: int,
    *,
    metric: str = "cosine",
    progress: Report = silent,
    exact_limit: int | None = None,
) -> KnnGraph:
    """Return each row's *k* nearest rows among float32 (n, d) vectors, the row itself included and first.

    By "cosine" they are unit vectors.  By "dot" the nearest are those with the greatest products, long vectors near to
    many; a row itself is first all the same.

    k is clipped to n.  Identical vectors are searched for once, so that thousands of copies cost nothing and
    every row stays first among its copies; ties go to the lower row.  Exact up to *exact_limit* distinct vectors
    (O(n²·d); None: EXACT_LIMIT, or CUDA_EXACT_LIMIT where a CUDA device has room), by inverted lists beyond it
    (O(n·√n·d)), with the recall measured on a sample.
    """
    n = len(vectors)
    k = max(0, min(k, n))
    if n == 0 or k == 0:
        return KnnGraph(frozen(np.zeros((n, k), np.int32)), frozen(np.zeros((n, k), np.float32)), metric)
    vectors = _centred(vectors) if metric == EUCLIDEAN else vectors
    first, group = _distinct(vectors)
    distinct = vectors if len(first) == n else vectors[first]
    wanted = min(k, len(first))
    exact = len(first) <= (_exact_limit(*distinct.shape) if exact_limit is None else exact_limit)
    scaled = _scaled(progress, n / len(first))
    recall = 1.0
    if exact:
        rows, distances = exact_graph(distinct, wanted, metric=metric, progress=scaled)
    else:
        rows, distances, recall = approximate_graph(distinct, wanted, metric=metric, progress=scaled)
    if metric == DOT:
        distances = _above_zero(distances)
    if len(first) < n:
        rows, distances = _with_copies(rows, distances, group, k=k)
    distances[:, 0] = 0
    progress(Progress("neighbors", n, n))
    return KnnGraph(frozen(rows), frozen(distances), metric, exact, recall)


def neighbors_of_row(
    vectors: FloatArray,
    row: int,
    k: int,
    *,
    metric: str = "cosine",
    ok: BoolArray | None = None,
    codes: Codes | None = None,
) -> Hits:
    """Return the (1, k) rows nearest to *row*, itself left out, exact; O(n·d).  Missing hits are -1 with nan."""
    hits = nearest_to(vectors, vectors[row], k + 1, metric=metric, ok=ok, codes=codes)
    others = np.flatnonzero(hits.rows[0] != row)[:k]
    return Hits(frozen(hits.rows[:, others]), frozen(hits.scores[:, others]))


def nearest_to(
    vectors: FloatArray,
    query: FloatArray,
    k: int,
    *,
    metric: str = "cosine",
    ok: BoolArray | None = None,
    codes: Codes | None = None,
) -> Hits:
    """Return the (1, k) of float32 (n, d) unit vectors that are nearest to a (d,) query, exactly.

    By other metrics than "cosine" vectors may be of any length.  With *codes* of them the same is found sooner.
    Missing hits are -1 with nan.
    """
    if codes is not None:
        return nearest_by_codes(vectors, codes, query, k, metric=metric, ok=ok)
    return ExactIndex(vectors, metric=metric, ok=ok).search(query[None, :], k)


def warm_up() -> None:
    """Find the neighbours of a handful of vectors in both ways, so that imports and compilation are behind us.

    They are read-only, as those of a run are: compiled code is compiled for that.
    """
    few = frozen(np.random.default_rng(0).normal(size=(64, 8)).astype(np.float32))
    build_graph(few, 4)
    approximate_graph(few, 4)


def _centred(vectors: FloatArray) -> FloatArray:
    """Return the vectors with their mean at 0 where they stand far from it: float32 then tells near ones apart."""
    mean, spread = vectors.mean(axis=0, dtype=np.float64), vectors.std(axis=0, dtype=np.float64)
    if np.linalg.norm(mean) <= _FAR * np.linalg.norm(spread):
        return vectors
    return np.asarray(vectors - mean, np.float32)


def _above_zero(products: FloatArray) -> FloatArray:
    """Return minus the products of a graph as distances above zero: what is missing to the greatest, and a little."""
    least, most = float(products.min()), float(products.max())
    return np.asarray(products - np.float32(least - max(most - least, abs(least), 1e-6) * _LITTLE), np.float32)


def _exact_limit(n: int, d: int) -> int:
    """Return the number of distinct vectors up to which all pairs are compared; asks for CUDA where it matters."""
    return CUDA_EXACT_LIMIT if EXACT_LIMIT < n <= CUDA_EXACT_LIMIT and cuda_block(n, d) else EXACT_LIMIT


def _scaled(progress: Report, factor: float) -> Report:
    """Report rows of the whole where only distinct vectors are counted."""

    def report(seen: Progress) -> None:
        progress(Progress("neighbors", round(seen.done * factor), round(seen.total * factor), note=seen.note))

    return report


def _distinct(vectors: FloatArray) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the first row of every distinct vector, ascending, and for each row which of these it equals."""
    n, d = vectors.shape
    weights = np.random.default_rng(7).integers(1, 2**63, size=d, dtype=np.uint64) * np.uint64(2) + np.uint64(1)
    hashes = np.empty(n, np.uint64)
    for start in range(0, n, _HASH_BLOCK):
        block = np.ascontiguousarray(vectors[start : start + _HASH_BLOCK], np.float32) + np.float32(0)
        bits = block.view(np.uint32).astype(np.uint64)
        bits ^= bits >> np.uint64(15)
        hashes[start : start + _HASH_BLOCK] = (bits * bits) @ weights
    _, first, group = np.unique(hashes, return_index=True, return_inverse=True)
    order = np.argsort(first)
    rank = np.empty(len(order), np.int64)
    rank[order] = np.arange(len(order))
    return first[order].astype(np.int64), rank[group]


def _with_copies(
    rows: NDArray[np.int32], distances: FloatArray, group: NDArray[np.int64], *, k: int
) -> tuple[NDArray[np.int32], FloatArray]:
    """Turn a graph over the distinct vectors (u, j) into one over all rows (n, k)."""
    n, u = len(group), len(rows)
    members = np.argsort(group, kind="stable")
    sizes = np.bincount(group, minlength=u)
    starts = np.concatenate([[0], np.cumsum(sizes)[:-1]])
    every_row = np.empty((u, k), np.int32)
    every_distance = np.empty((u, k), np.float32)
    for begin in range(0, u, _EXPAND_BLOCK):
        part = slice(begin, begin + _EXPAND_BLOCK)
        lists = _expanded(rows[part], distances[part], members, starts, np.minimum(sizes, k), k=k)
        every_row[part], every_distance[part] = lists
    out_rows, out_distances = every_row[group], every_distance[group]
    own = np.arange(n, dtype=np.int32)[:, None]
    position = np.where((out_rows == own).any(1), (out_rows == own).argmax(1), k - 1)
    column = np.arange(k)[None, :]
    source = np.where(column == 0, position[:, None], column - (column <= position[:, None]))
    out_rows = np.take_along_axis(out_rows, source, 1)
    out_rows[:, 0] = own[:, 0]
    out_distances = np.take_along_axis(out_distances, source, 1)
    out_distances[:, 0] = 0
    return out_rows, out_distances


def _expanded(
    rows: NDArray[np.int32],
    distances: FloatArray,
    members: NDArray[Any],
    starts: NDArray[Any],
    caps: NDArray[Any],
    *,
    k: int,
) -> tuple[NDArray[np.int32], FloatArray]:
    """Replace each distinct neighbour by its first copies; keep the k nearest of each list, ties by row."""
    flat = rows.ravel()
    lengths = caps[flat]
    entry = np.repeat(np.arange(flat.size), lengths)
    offset = np.arange(entry.size) - np.repeat(np.cumsum(lengths) - lengths, lengths)
    row = members[starts[flat[entry]] + offset]
    distance = distances.ravel()[entry]
    owner = entry // rows.shape[1]
    order = np.lexsort((row, distance, owner))
    counts = np.bincount(owner, minlength=len(rows))
    take = order[(np.cumsum(counts) - counts)[:, None] + np.arange(k)[None, :]]
    return row[take].astype(np.int32), distance[take]
