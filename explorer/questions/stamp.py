"""Draws a map as small as a stamp, to know it again in a list: some rows as dots in their clusters' colours.

It opens nothing; names and texts are not in it.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from explorer.description import anchors_of, colors_by_place
from explorer.types import NOISE, FloatArray, sorted_unique

WIDTH, HEIGHT = 72, 48
DOTS = 600
_MARGIN = 3
_DOTS = (1.9, 3.2)
"""Pixels across a dot, of many rows and of few."""
_GREY = "#9aa0a6"


def sketch(xy: FloatArray, labels: NDArray[np.int32], clusters: int, chosen: Sequence[int] | None = None) -> str:
    """Return places (n, 2 or 3) and labels (n,) of *clusters* clusters as SVG of 72 by 48 pixels.

    The numbers of their colours go by label; None: by where they lie.
    Of many rows an even sample is drawn; rows without a place are left out, and the few farthest stand at the edge.
    """
    placed = np.flatnonzero(np.isfinite(xy[:, :2]).all(axis=1))
    rows = placed[sorted_unique(np.linspace(0, len(placed) - 1, min(DOTS, len(placed))).astype(int))]
    colors = colors_by_place(anchors_of(xy, labels, clusters, densest=True), chosen=chosen)
    dot = min(max(_DOTS[0], 1.9 * (400 / max(1, len(rows))) ** 0.3), _DOTS[1])
    paths = []
    if len(rows):
        low, high = np.quantile(xy[rows, :2], (0.01, 0.99), axis=0).astype(np.float64)
        box = np.array([WIDTH, HEIGHT]) - 2 * _MARGIN
        scale = float((box / np.maximum(high - low, 1e-6)).min())
        drawn = ((xy[rows, :2] - (low + high) / 2) * scale).clip(-box / 2, box / 2) + np.array([WIDTH, HEIGHT]) / 2
        drawn[:, 1] = HEIGHT - drawn[:, 1]
        for label in sorted_unique(labels[rows]).tolist():
            dots = "".join(f"M{x:.1f} {y:.1f}h0" for x, y in drawn[labels[rows] == label].tolist())
            paths.append(f'<path stroke="{_GREY if label == NOISE else colors[label]}" d="{dots}"/>')
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}">'
        f'<g fill="none" stroke-width="{dot:.1f}" stroke-linecap="round">{"".join(paths)}</g></svg>'
    )
