"""Builds the tree of a sample of points from what is known of all of them, many times as fast as from the points.

It cuts no tree.  What it builds is a close estimate: a tree of the points themselves is `single_linkage`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from explorer.clustering.linkage import LEAST_ROWS, Tree, nearest_points
from explorer.types import FloatArray

_SPARE = 10
"""Neighbours looked at beyond half as many again as min_samples: of these nine in ten are in a sample."""


@dataclass(frozen=True)
class Surroundings:
    """The nearest of n points, themselves among them: *rows* int64 (n, k), *apart* float64 (n, k); their tree."""

    rows: NDArray[np.int64]
    apart: NDArray[np.float64]
    tree: Tree

    @classmethod
    def of(cls, points: FloatArray, min_samples: int, tree: Tree) -> Surroundings:
        """Return the surroundings of float32 (n, d) points with their `single_linkage` tree.  O(n·log n)."""
        k = min(len(points), min_samples + min_samples // 2 + _SPARE)
        apart, rows = nearest_points(points, k)
        return cls(rows, apart, tree)

    def sampled(self, sample: NDArray[np.int64], min_samples: int) -> Tree:
        """Return the tree of the points of a *sample*, ascending.

        Distances to the min_samples-th neighbour are those among the sample.  Where no near points connect two groups,
        they are joined where all points join them.  0.4 s for 90,000 of 100,000.
        """
        from explorer.clustering.kernels import join_up

        m, n = len(sample), len(self.rows)
        if m < LEAST_ROWS:
            return np.zeros((0, 4))
        number = np.full(n, -1, np.int64)
        number[sample] = np.arange(m)
        near, apart = number[self.rows[sample]], self.apart[sample]
        kept = near >= 0
        rank = np.cumsum(kept, axis=1, dtype=np.int16)
        enough = np.minimum(min_samples + 1, rank[:, -1])
        core = apart[np.arange(m), np.argmax(rank >= enough[:, None], axis=1)]
        at, column = np.nonzero(kept)
        other = near[at, column]
        reach = np.maximum(np.maximum(core[at], core[other]), apart[at, column])
        first, second, far = self._joins(number, core)
        ends = np.concatenate([at, first]), np.concatenate([other, second])
        distances = np.concatenate([reach, far])
        tree: Tree = join_up(np.argsort(distances), *ends, distances, m, np.inf)
        return tree

    def _joins(
        self, number: NDArray[np.int64], core: NDArray[np.float64]
    ) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]:
        """Return two rows that stand for the sides of each join of the tree of all points, and its distance.

        A point that joins others does so no nearer than its *core* distance (m,) in the sample.
        """
        from explorer.clustering.kernels import standing_for

        first, second = standing_for(self.tree[:, 0].astype(np.int64), self.tree[:, 1].astype(np.int64), number)
        both = (first >= 0) & (second >= 0)
        first, second, far = first[both], second[both], self.tree[both, 2].copy()
        for side, stands in ((0, first), (1, second)):
            alone = self.tree[both, side] < len(number)
            far[alone] = np.maximum(far[alone], core[stands[alone]])
        return first, second, far
