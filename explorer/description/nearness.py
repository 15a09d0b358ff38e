"""How near rows are to the centre of their cluster, and centres to each other, as the run compares its vectors.

It chooses no rows.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from explorer.description.naming import centre_of
from explorer.types import EUCLIDEAN, Embeddings, FloatArray


@dataclass(frozen=True)
class Nearness:
    """The cosine of unit vectors; by distance, where lengths differ, 1 less half the squared distance over *size*.

    *vectors* float32 (n, d); *size* is the mean squared distance of a row from the mean of all, None for the cosine.
    """

    vectors: FloatArray
    size: float | None = None

    @classmethod
    def of(cls, embeddings: Embeddings) -> Nearness:
        """Return what a run goes by.  Products go by the angle here: the longest row of a cluster is not its middle."""
        if not embeddings.own_lengths or embeddings.metric != EUCLIDEAN:
            return cls(embeddings.vectors)
        raw = embeddings.compared()
        return cls(raw, float(raw.var(axis=0, dtype=np.float64).sum()) or 1.0)

    def centre(self, rows: NDArray[np.int64]) -> FloatArray:
        """Return the centre (d,) of some rows."""
        if self.size is None:
            return centre_of(self.vectors[rows])
        return np.asarray(self.vectors[rows].mean(axis=0, dtype=np.float64), np.float32)

    def to(self, centre: FloatArray, rows: NDArray[np.int64]) -> FloatArray:
        """Return how near rows are to a centre, float32 (m,), 1 at most."""
        return self.between(centre, self.vectors[rows])

    def between(self, centre: FloatArray, others: FloatArray) -> FloatArray:
        """Return how near (m, d) vectors are to a centre, float32 (m,)."""
        if self.size is None:
            return np.asarray(others @ centre)
        squares = np.square(others - centre, dtype=np.float64).sum(axis=1)
        return np.asarray(1 - squares / (2 * self.size), np.float32)
