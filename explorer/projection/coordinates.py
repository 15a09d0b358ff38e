"""Coordinates as 16-bit steps between the lowest and the highest: what travels to the browser.

It knows no runs and no files.
"""

from __future__ import annotations

from typing import Any

import numpy as np

QUANTUM = 65_534
"""The step of the highest coordinate."""
NO_POINT = 65_535
"""What a row without a place has."""


def bounds(xy: np.ndarray[Any, Any]) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    """Return the lowest and highest coordinate of each axis, (dims,) each; never equal.

    An axis on which all points agree has them in its middle.
    """
    if not np.isfinite(xy).any():
        return np.zeros(xy.shape[1], np.float32), np.ones(xy.shape[1], np.float32)
    low, high = (np.array([of.reduce(axis) for axis in xy.T]) for of in (np.fmin, np.fmax))  # sooner than axis=0
    spare = np.where(high > low, 0, (high - low).max() / 2 or 0.5).astype(np.float32)
    return low - spare, high + spare


def quantised(xy: np.ndarray[Any, Any], low: np.ndarray[Any, Any], high: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """Return the coordinates (n, dims) as uint16 steps between *low* and *high*; 65535 where there is none."""
    steps = np.rint((xy - low) / (high - low) * QUANTUM)
    return np.where(np.isfinite(steps), steps, NO_POINT).astype("<u2")
