"""How alike neighbours are, one number whatever they were compared by: 1 for equal rows, 0 for any two.

It finds no neighbours.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from explorer.types import COSINE, DOT, EUCLIDEAN, FloatArray, KnnGraph

_LOOKED_AT = 10_000
_UNIT = 1e-3


@dataclass(frozen=True)
class Alikeness:
    """From the distances of a graph to similarities.

    Vectors of length 1: the cosine.  Of different lengths, by *metric* "euclidean": 1 less half the squared distance,
    by "dot": the product, either over *size*, the mean square of how far rows are from their mean, or from 0.  *most*
    is the product that a graph by "dot" counts from.
    """

    metric: str
    size: float = 1.0
    most: float = 0.0

    @classmethod
    def of(cls, knn: KnnGraph, vectors: FloatArray) -> Alikeness:
        """Return that of a graph of float32 (n, d) vectors."""
        if knn.metric == COSINE or not len(vectors):
            return cls(COSINE)
        some = np.asarray(vectors[:: max(1, len(vectors) // _LOOKED_AT)], np.float64)
        squares = np.einsum("nd,nd->n", some, some)
        if knn.metric == EUCLIDEAN:
            unit = bool((np.abs(squares - 1) < 2 * _UNIT).all())
            spread = 1.0 if unit else float(some.var(axis=0).sum())
            return cls(EUCLIDEAN, spread or 1.0)
        return cls(DOT, float(squares.mean()) or 1.0, _greatest(knn, vectors))

    def __call__(self, distances: FloatArray) -> FloatArray:
        """Return float32 similarities, of the same shape."""
        if self.metric == COSINE:
            return np.asarray(1 - distances, np.float32)
        if self.metric == EUCLIDEAN:
            return np.asarray(1 - distances**2 / np.float32(2 * self.size), np.float32)
        return np.asarray((np.float32(self.most) - distances) / np.float32(self.size), np.float32)


def _greatest(knn: KnnGraph, vectors: FloatArray) -> float:
    """Return the product that distances of a graph by "dot" are counted from, from one of its pairs."""
    if knn.k < 2:
        return 0.0
    pairs = np.argwhere(knn.rows[:, 1:] >= 0)
    if not len(pairs):
        return 0.0
    row, place = pairs[0]
    other = int(knn.rows[row, place + 1])
    return float(knn.distances[row, place + 1]) + float(
        np.dot(np.asarray(vectors[row], np.float64), np.asarray(vectors[other], np.float64))
    )
