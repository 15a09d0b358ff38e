"""Which rows a selection holds: those inside a lasso or a box drawn on the map, or those that are given.

It does not say what they have in common; `services.questions.select` does.
"""

from __future__ import annotations

import base64
import binascii
import math
import reprlib
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from explorer.errors import BadSetting
from explorer.projection import QUANTUM, bounds, quantised
from explorer.types import Run

MAX_CORNERS = 10_000


def rows_in(run: Run, shape: Mapping[str, Any]) -> NDArray[np.int64]:
    """Return the rows inside ``{"path": [[x, y], …]}`` or ``{"box": [x0, y0, x1, y1]}``, or ``{"rows": …}``, ascending.

    Coordinates are compared as the browser has them (quantised), so both count the same; for *rows* see `rows_given`.
    Raises BadSetting.
    """
    if "rows" in shape:
        return rows_given(shape["rows"], len(run.dataset))
    xy = np.asarray(run.projection.xy[:, :2], np.float32)
    low, high = bounds(xy)
    seen = quantised(xy, low, high).astype(np.float64)
    there = np.isfinite(xy).all(axis=1)
    drawn = low + seen / QUANTUM * (high - low)
    if "box" in shape:
        x0, y0, x1, y1 = _numbers(shape["box"], 4)
        left, right, bottom, top = min(x0, x1), max(x0, x1), min(y0, y1), max(y0, y1)
        x, y = drawn[:, 0], drawn[:, 1]
        return np.flatnonzero(there & (x >= left) & (x <= right) & (y >= bottom) & (y <= top))
    if "path" in shape:
        corners = np.array([_numbers(corner, 2) for corner in _list(shape["path"])], np.float64)
        if not 3 <= len(corners) <= MAX_CORNERS:
            raise BadSetting(f"a lasso has {len(corners)} corners; it needs 3 to {MAX_CORNERS:,}.")
        return np.flatnonzero(there & inside(drawn, corners))
    raise BadSetting(
        'a selection is {"path": [[x, y], …]}, {"box": [x0, y0, x1, y1]} or {"rows": base64 of a bit a row}.'
    )


def rows_given(text: Any, n: int) -> NDArray[np.int64]:
    """Return the rows of base64 *text* that holds a bit for each of *n* rows, row 0 the lowest of the first byte.

    Raises BadSetting.
    """
    try:
        held = np.frombuffer(base64.b64decode(text, validate=True), np.uint8)
    except (TypeError, ValueError, binascii.Error) as exc:
        raise BadSetting(f"the rows of a selection are base64 of a bit a row, not {reprlib.repr(text)}.") from exc
    if len(held) != (n + 7) // 8:
        raise BadSetting(f"the rows of a selection are {len(held)} bytes; {n:,} rows take {(n + 7) // 8}.")
    rows = np.flatnonzero(np.unpackbits(held, bitorder="little"))
    if len(rows) and rows[-1] >= n:
        raise BadSetting(f"a selection names row {rows[-1]}; the rows are 0 to {n - 1}.")
    return rows


def shape_of(rows: NDArray[np.integer[Any]], n: int) -> dict[str, str]:
    """Return the selection that holds these of n rows, as `rows_given` reads it."""
    held = np.zeros(n, np.bool_)
    held[rows] = True
    return {"rows": base64.b64encode(np.packbits(held, bitorder="little").tobytes()).decode("ascii")}


def inside(points: NDArray[np.float64], corners: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Return bool (n,): which of the (n, 2) points lie in the polygon of (m, 2) corners, by the even-odd rule."""
    order = np.argsort(points[:, 1], kind="stable")
    x, y = points[order].T
    odd = np.zeros(len(points), np.bool_)
    following = np.roll(corners, -1, axis=0)
    first, last = np.searchsorted(y, [*np.sort([corners[:, 1], following[:, 1]], axis=0)])
    for at in np.flatnonzero(first < last):  # the edges that some point lies beside, and those points alone
        (x0, y0), (x1, y1), beside = corners[at], following[at], slice(first[at], last[at])
        with np.errstate(over="ignore", invalid="ignore"):  # corners may be as far out as a float goes
            odd[beside] ^= x[beside] < (x1 - x0) * (y[beside] - y0) / (y1 - y0) + x0
    within = np.empty_like(odd)
    within[order] = odd
    return within


def _list(value: Any) -> list[Any]:
    if not isinstance(value, list):
        raise BadSetting(f"a selection is drawn with lists of numbers, not {reprlib.repr(value)}.")
    return value


def _numbers(value: Any, count: int) -> list[float]:
    given = _list(value)
    if len(given) != count or not all(_is_number(member) for member in given):
        raise BadSetting(f"{reprlib.repr(value)} should be {count} numbers.")
    return [float(member) for member in given]


def _is_number(value: Any) -> bool:
    """Whether a value is a number that fits a float; bools are none."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    try:
        return math.isfinite(value)
    except OverflowError:
        return False
