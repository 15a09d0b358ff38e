"""How strongly rows pull and push each other on the map, as tables over their squared distance.

It moves nothing (`layout` does) and needs no compiler.
"""

from __future__ import annotations

import numpy as np

from explorer.types import FloatArray

NEGATIVES = 5
"""Rows that a row is pushed away from for every edge drawn from it: UMAP's negative_sample_rate."""

STEP_BITS = 7
"""Binary digits of a squared distance that the tables of forces resolve: to 0.4 %, far below the noise of sampling."""
LOWEST_POWER, POWERS = -30, 60
"""The tables begin at a squared distance of 2 to this power and reach over so many powers of two."""


def forces(a: float, b: float) -> tuple[FloatArray, FloatArray]:
    """Return what to multiply a difference with to be pulled and pushed, for each step of its squared length."""
    steps = np.arange(POWERS << STEP_BITS, dtype=np.int32) + ((127 + LOWEST_POWER) << STEP_BITS)
    middles = (steps << (23 - STEP_BITS)) + (1 << (22 - STEP_BITS))
    squares = middles.view(np.float32).astype(np.float64)
    powers = squares**b
    pulls = -2 * a * b * powers / squares / (a * powers + 1)
    pushes = 2 * b / ((0.001 + squares) * (a * powers + 1))
    return pulls.astype(np.float32), pushes.astype(np.float32)
