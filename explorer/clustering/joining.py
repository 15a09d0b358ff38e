"""Puts new rows into the clusters that old ones form: each where most of its weight in the graph of neighbours is.

It finds no clusters and changes none: old rows keep their labels, and where new ones form a group of their own they are
in no cluster until all are clustered anew.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from explorer.types import NOISE, BoolArray, FloatArray, IntArray, KnnGraph

STRANGE = 0.25
"""A new row is strange to the old ones when less of its weight is among them than this part of what chance would give.

Of Banking77's intents that a map has not, 90 % of the rows are; of others 0 to 2 %: see docs/measurements.md."""
FAR, _FEW = 0.99, 3
"""A new row is far from all when its nearest few are farther than those of this part of the old rows in clusters are.

Of rows of the same kind 1 % are, of single rows about something else nearly all: see docs/measurements.md."""
_MEASURED, _BLOCK, _HALF = 20_000, 16_384, 0.5


@dataclass(frozen=True)
class Joined:
    """Of the m new rows, in their order: int32 *labels*, -1 for none, and how far each *belongs*, 0…1, to *nearest*.

    *levels* int32 (levels, m); *strange* bool (m,): rows that have hardly a neighbour among the old ones.
    """

    labels: IntArray
    belongs: FloatArray
    nearest: IntArray
    levels: IntArray | None
    strange: BoolArray


def join(knn: KnnGraph, weights: Any, held: BoolArray, labels: IntArray, levels: IntArray | None = None) -> Joined:
    """Return the clusters of the rows that are not *held*, by the *labels* int32 (n,) of those that are.

    *weights* is a scipy CSR matrix (n, n) of how near neighbours are, one of the *knn*.  A row's share in a cluster is
    that of its weight among old rows; it joins where that is largest, unless that is less than what as large a part of
    the old rows have as is in no cluster – so that new rows are in none about as often as old ones –, or it is far from
    all: somebody is always nearest.  *levels* (levels, n) are groups of the clusters, or parts.  O(edges).
    """
    old, new = np.flatnonzero(held), np.flatnonzero(~held)
    count = int(labels[old].max(initial=NOISE)) + 1
    among = weights[:, old].tocsr()
    nearest, belongs = _best(among[new], labels[old], count)
    belongs[_far(knn, held, labels)] = 0
    total = np.asarray(weights[new].sum(axis=1)).ravel()
    near = np.asarray(among[new].sum(axis=1)).ravel()
    strange = near < STRANGE * total * len(old) / max(1, len(held))
    strange |= nearest == NOISE
    least = _least(among[old], labels[old], count)
    found = np.where(strange | (belongs <= 0) | (belongs < least), NOISE, nearest).astype(np.int32)
    joined = None if levels is None else _levels(levels, old, labels[old], among[new], found)
    return Joined(found, belongs, nearest, joined, strange)


def _far(knn: KnnGraph, held: BoolArray, labels: IntArray) -> BoolArray:
    """Return which new rows are far from all old ones, bool (m,); none where no old row is in a cluster."""
    own = np.arange(len(held))[:, None]
    old = held[knn.rows] & (knn.rows >= 0) & (knn.rows != own)
    nearest = old & (np.cumsum(old, axis=1) <= _FEW)
    count = nearest.sum(axis=1)
    mean = np.where(nearest, knn.distances, 0).sum(axis=1) / np.maximum(count, 1)
    usual = mean[held & (labels != NOISE) & (count > 0)]
    if not len(usual):
        return np.zeros(int(np.count_nonzero(~held)), np.bool_)
    limit = float(np.quantile(usual, FAR))
    far: BoolArray = (mean > limit)[~held] & (limit > 0)  # beside copies alone every other row would be far
    return far


def _best(among: Any, labels: IntArray, count: int) -> tuple[IntArray, FloatArray]:
    """Return the cluster in which each row has most of its weight, -1 for none, and the share of it: int32, float32."""
    from scipy.sparse import csr_array

    m, n = among.shape
    nearest, share = np.full(m, NOISE, np.int32), np.zeros(m, np.float32)
    if not count or not n:
        return nearest, share
    inside = csr_array((np.ones(n, np.float32), (labels + 1).astype(np.int32), np.arange(n + 1)), shape=(n, count + 1))
    for at in range(0, m, _BLOCK):
        sums = (among[at : at + _BLOCK] @ inside).toarray()
        best = sums[:, 1:].argmax(axis=1)
        most = np.take_along_axis(sums[:, 1:], best[:, None], 1)[:, 0]
        part = slice(at, at + len(sums))
        nearest[part] = np.where(most > 0, best, NOISE)
        share[part] = np.where(most > 0, most / np.maximum(sums.sum(axis=1), 1e-12), 0)
    return nearest, share


def _least(among: Any, labels: IntArray, count: int) -> float:
    """Return the share below which as large a part of the old rows lies as is in no cluster."""
    outside = float((labels == NOISE).mean())
    if not outside:
        return 0.0
    rows = np.arange(len(labels))
    if len(rows) > _MEASURED:
        rows = np.sort(np.random.default_rng(0).choice(len(rows), _MEASURED, replace=False))
    return float(np.quantile(_best(among[rows], labels, count)[1], outside))


def _levels(levels: IntArray, old: NDArray[Any], labels: IntArray, among: Any, found: IntArray) -> IntArray:
    """Return the groups of the new rows: a cluster's, where all of it is of one; by their weight where it is not."""
    made = []
    for level in np.asarray(levels)[:, old]:
        groups = int(level.max(initial=NOISE)) + 1
        of = np.full(int(labels.max(initial=NOISE)) + 2, NOISE, np.int32)
        of[labels] = np.where(labels == NOISE, NOISE, level)
        if np.array_equal(np.where(labels == NOISE, NOISE, of[labels]), level):
            made.append(np.where(found == NOISE, NOISE, of[found]))
            continue
        nearest, share = _best(among, level, groups)
        made.append(np.where((found == NOISE) | (share < _HALF), NOISE, nearest))
    return np.asarray(made, np.int32).reshape(len(levels), len(found))
