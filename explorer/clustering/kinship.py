"""Says how far apart neighbours are by how often they fall into one community, and builds HDBSCAN's tree from that.

It lays nothing out and cuts no tree.  Places in a layout depend on its seed and on which rows there are, and with them
HDBSCAN's clusters; whether two neighbours are of one community does so much less, all the more over several draws.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from explorer.clustering.communities import STEP, copies_of, joining
from explorer.clustering.labels import ONE_THING
from explorer.clustering.linkage import LEAST_ROWS, Tree
from explorer.config import MOST_DETAIL
from explorer.types import IntArray, KnnGraph, Progress, Report, silent

MOST_DRAWS, ROWS_IN_ALL = 10, 1_000_000
"""Communities are drawn ten times, fewer times for more than 100,000 rows, once for a million."""

_MIDDLE, _REACH, MANY_ROWS = 9, 2, 10_000
"""The detail that counts most, for up to MANY_ROWS rows, and how many to either side count as much."""

_FINER, _FINEST_MIDDLE = 0.75, 17
"""The power of the rows with which the middle's resolution grows, and where that ends; see docs/defaults.md."""

_AT_MAIN, _AT_OTHERS = 1.0, 0.1
"""How much the share of the details about the middle counts, and that of all others; see docs/defaults.md."""

_NEAREST, _COPIES, _FAR = 0.3, 0.95 * ONE_THING, 2.0
"""Distance of neighbours that are always together, of copies, and of parts of the graph that nothing connects."""


@dataclass(frozen=True)
class Kinship:
    """Distances of n rows to their neighbours: *apart* is scipy's CSR array (n, n), float32, above the diagonal only.

    From 0.3, always in one community, to 1.4, never; copies of one thing are nearer.
    """

    apart: Any

    def tree(self, min_samples: int) -> Tree:
        """Return the single linkage tree of the mutual reachability distances, (n - 1, 4).  O(edges·log edges).

        Rows that nothing connects join last.  A row's core distance is that to its min_samples-th neighbour.
        """
        return self.trees(min_samples)(np.arange(self.apart.shape[0]))

    def trees(self, min_samples: int) -> Callable[[NDArray[np.int64]], Tree]:
        """Return what builds the tree of some rows, ascending, from the distances that they have among all.

        Distances are ranked once, so that those of each sample are sorted by counting: O(edges) a sample.
        """
        from explorer.clustering.kernels import join_up, reach_ranks

        n, (distances, rank) = self.apart.shape[0], np.unique(self.apart.data, return_inverse=True)
        near = self.apart.tocoo()
        ends = near.row.astype(np.int32), near.col.astype(np.int32), rank.astype(np.int32)
        ranked = _ranked_neighbors(*ends, n)
        samples, far = max(1, min_samples), np.int32(len(distances))
        apart = np.append(distances, np.float32(_FAR)).astype(np.float64)

        def of(rows: NDArray[np.int64]) -> Tree:
            m = len(rows)
            if m < LEAST_ROWS:
                return np.zeros((0, 4))
            number = np.full(n, -1, np.int32)
            number[rows] = np.arange(m, dtype=np.int32)
            order, one, other, reach = reach_ranks(ranked, ends, number, samples, far)
            made: Tree = join_up(order, one, other, apart[reach], m, _FAR)
            return made

        return of


def kinship(knn: KnnGraph, edges: Any, *, seed: int | None, progress: Report = silent) -> Kinship:
    """Return how far apart neighbours in *edges* are, UMAP's graph (n, n) of the neighbours *knn*.

    That is how seldom Louvain puts both into one community, over several draws and every detail, those about the
    middle first.  The same rows in the same order give the same; with seed None every call differs.  O(edges) a draw:
    0.2 s for 10,000 rows, 3 s for 100,000.
    """
    from scipy.sparse import csr_array, triu

    near = triu(edges, 1).tocoo()
    copies = copies_of(knn)
    together = np.zeros(near.nnz, np.float32)
    weights = weights_of(edges.shape[0])
    draws = int(np.clip(ROWS_IN_ALL // max(1, edges.shape[0]), 1, MOST_DRAWS))
    for at, group in _drawn(edges, copies, draws, seed, progress):
        together += np.float32(weights[at - 1] / draws) * (group[near.row] == group[near.col])
    apart = _NEAREST + float(weights.sum()) - together
    apart[copies[near.row] == copies[near.col]] = _COPIES
    return Kinship(csr_array((apart, (near.row, near.col)), shape=edges.shape))


def _drawn(
    edges: Any, copies: IntArray, draws: int, seed: int | None, progress: Report
) -> Iterator[tuple[int, IntArray]]:
    """Yield each detail and the communities at it, in each draw."""
    rng = np.random.default_rng(seed)
    for draw in range(draws):
        progress(Progress("cluster", draw, draws, note="who belongs together"))
        yield from joining(edges, copies, seed=int(rng.integers(2**31)))


def weights_of(n: int) -> NDArray[np.float64]:
    """Return how much each detail counts for *n* rows, float64 (MOST_DETAIL,): those about the middle nearly all.

    More than MANY_ROWS have a finer middle: their smallest cluster is a smaller share of them.
    """
    middle = min(_MIDDLE + _FINER * np.log(max(1.0, n / MANY_ROWS)) / np.log(STEP), _FINEST_MIDDLE)
    main = np.clip(_REACH + 1 - np.abs(np.arange(1, MOST_DETAIL + 1) - middle), 0, 1)
    return np.asarray(_AT_MAIN * main / main.sum() + _AT_OTHERS * (1 - main) / (1 - main).sum())


def _ranked_neighbors(row: IntArray, column: IntArray, rank: IntArray, n: int) -> tuple[IntArray, IntArray, IntArray]:
    """Return CSR's indptr of each of n rows' neighbours either way, their rows and their ranks."""
    from scipy.sparse import coo_array

    ends = np.concatenate([row, column]), np.concatenate([column, row])
    both = coo_array((np.concatenate([rank, rank]), ends), shape=(n, n)).tocsr()
    return both.indptr, both.indices, both.data
