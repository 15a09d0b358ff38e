"""Finds where on the map the name of a group belongs.

It places no text on a screen: the browser does, at every zoom.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

_CELLS = (3, 12)
"""Fewest and most squares along the longer side of a group in which its points are counted; with three, all count."""
_ANY = 0.25
"""How much all rows of a group count beside those that its name says best, in where it is written."""


def anchors_of(
    xy: NDArray[Any],
    labels: NDArray[np.int32],
    count: int,
    *,
    densest: bool = False,
    near_name: Sequence[Sequence[int]] | None = None,
) -> list[tuple[float | None, float | None]]:
    """Return for each label 0…count-1 the median of its points or, with *densest*, the middle of where most are.

    A group that lies in several pieces has its median between them, perhaps where nothing is.  *near_name* are for
    each label rows that its name says best: of several pieces the one with most of them is where the name belongs.
    None for no points.
    """
    flat = np.asarray(xy[:, :2], np.float64)
    order = np.argsort(labels, kind="stable")
    starts = np.searchsorted(labels[order], np.arange(count + 1))
    said = np.zeros(len(labels), np.bool_)
    for label, own in enumerate(near_name or ()):
        said[[row for row in own if labels[row] == label]] = True
    places: list[tuple[float | None, float | None]] = []
    for first, last in pairwise(starts.tolist()):
        rows = order[first:last]
        rows = rows[np.isfinite(flat[rows]).all(axis=1)]
        if not len(rows):
            places.append((None, None))
            continue
        x, y = _thickest(flat[rows], said[rows]) if densest else np.median(flat[rows], axis=0)
        places.append((float(x), float(y)))
    return places


def reach_of(xy: NDArray[Any], labels: NDArray[np.int32], count: int) -> list[float]:
    """Return how far each group reaches up and down on the map: two standard deviations of y, in map units."""
    y = np.asarray(xy[:, 1], np.float64)
    there = (labels >= 0) & np.isfinite(y)
    of, y = labels[there], y[there]
    rows = np.maximum(np.bincount(of, minlength=count), 1)
    mean = np.bincount(of, weights=y, minlength=count) / rows
    variance = np.bincount(of, weights=(y - mean[of]) ** 2, minlength=count) / rows
    reach: list[float] = (2 * np.sqrt(variance)).tolist()
    return reach


def _thickest(points: NDArray[np.float64], said: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Return the median of the points in the three by three squares that hold most of them, or of those *said*."""
    low = points.min(axis=0)
    across = int(np.clip(np.sqrt(len(points)) / 2, *_CELLS))
    side = float(np.ptp(points, axis=0).max()) / across
    if side <= 0:
        return np.asarray(points[0])
    cells = np.minimum((points - low) / side, across - 1).astype(np.int64)
    weight = np.where(said, len(points), 0) + (_ANY * said.sum() or 1.0)
    counts = np.zeros((across + 2, across + 2))
    np.add.at(counts, (cells[:, 0] + 1, cells[:, 1] + 1), weight)
    around = sum(np.roll(counts, (dx, dy), (0, 1)) for dx in (-1, 0, 1) for dy in (-1, 0, 1))
    best = np.array(np.unravel_index(int(np.argmax(around)), counts.shape)) - 1
    near = (np.abs(cells - best) <= 1).all(axis=1)
    return np.asarray(np.median(points[near], axis=0))
