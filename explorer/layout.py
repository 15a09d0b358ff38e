"""Lays out a fuzzy graph as UMAP does, one epoch after the other, on all cores and yet the same every time.

It builds no graph and knows no vectors.  umap-learn's loop moves both ends of an edge at once, so that threads get in
each other's way and a seed forces one thread.  Here an epoch is a few turns, each with a share of every row's edges: a
turn reads the places that the last one left, and every row gathers its own moves, along its edges and away from rows
drawn by a generator that depends on seed, turn and row alone.  So the number of threads does not matter, and any epoch
can be looked at.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from explorer.types import FloatArray

TURNS = 4
"""Turns in an epoch.  In one, rows move by all their edges before others hear of it, and overshoot: on Banking77 the
trustworthiness is then 0.991 instead of 0.994, umap-learn's; six turns gain nothing more and take longer."""

NEGATIVES = 5
"""Rows that a row is pushed away from for every edge drawn from it: UMAP's negative_sample_rate."""

STEP_BITS = 7
"""Binary digits of a squared distance that the tables of forces resolve: to 0.4 %, far below the noise of sampling."""
LOWEST_POWER, POWERS = -30, 60
"""The tables begin at a squared distance of 2 to this power and reach over so many powers of two."""


def epochs(start: FloatArray, edges: Any, *, a: float, b: float, count: int, seed: int) -> Iterator[FloatArray]:
    """Yield the float32 (n, dims) places after each of *count* epochs; an array is overwritten by the epochs after it.

    *edges* is a symmetric scipy CSR matrix (n, n) of memberships 0…1; *a* and *b* shape UMAP's curve of distances.
    Equal inputs give equal bytes, whatever the number of threads.  O(edges) an epoch; two copies of the places.
    Source: McInnes, Healy & Melville 2018, UMAP, section 4.2; the forces are umap-learn's.
    """
    from explorer.layout_kernel import move, move_flat

    edges = _drawn_edges(edges, count)
    indptr, indices = edges.indptr.astype(np.int64), edges.indices.astype(np.int32)
    pulls, pushes = forces(a, b)
    old = np.array(start, np.float32, order="C")
    new = np.empty_like(old)
    turned = move_flat if old.shape[1] == 2 else move
    for epoch in range(count):
        rate = np.float32(1 - epoch / count)
        for turn in range(TURNS):
            turned(old, new, indptr, indices, edges.data, pulls, pushes, rate, epoch, seed, turn, TURNS)
            old, new = new, old
        yield old


def forces(a: float, b: float) -> tuple[FloatArray, FloatArray]:
    """Return what to multiply a difference with to be pulled and pushed, for each step of its squared length."""
    steps = np.arange(POWERS << STEP_BITS, dtype=np.int32) + ((127 + LOWEST_POWER) << STEP_BITS)
    middles = (steps << (23 - STEP_BITS)) + (1 << (22 - STEP_BITS))
    squares = middles.view(np.float32).astype(np.float64)
    powers = squares**b
    pulls = -2 * a * b * powers / squares / (a * powers + 1)
    pushes = 2 * b / ((0.001 + squares) * (a * powers + 1))
    return pulls.astype(np.float32), pushes.astype(np.float32)


def _drawn_edges(edges: Any, count: int) -> Any:
    """Return float32 edges relative to the strongest, without those too weak to be drawn in *count* epochs."""
    edges = edges.astype(np.float32)
    edges.data /= max(float(edges.data.max(initial=0)), 1e-12)
    edges.data[edges.data < 1 / count] = 0
    edges.eliminate_zeros()
    return edges
