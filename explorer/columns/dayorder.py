"""Decides for a whole column whether days stand before months, or years before both.

It reads no dates: `dates` has taken them apart.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from explorer.columns.dates import DAY_FIRST, MONTH_FIRST, ORDERS, YEAR_FIRST, Dates
from explorer.types import sorted_unique

_RUNNING = 3
"""Different days, at least, and for each year that stands in front."""
_ALONG, _ASTRAY, _TURNS = 0.02, 0.1, 2
"""Share of steps against the way that rows go in time, at most in the order that they are in, and at least in the other
one unless the first has none; and how many of these."""


def order_of(parts: Dates, rows: NDArray[np.int64] | None = None) -> tuple[str, bool]:
    """Return the order of day, month and year in which most strings are dates, and if it is sure; "": each says it.

    Where as many are dates either way, it is the order in which the *rows* – which string stands in each, -1 for none –
    go in time, as those of chats and records do; else months are first where times have halves of the day and nothing
    is filled up with zeros, as in the United States, and days otherwise: sure of dates with points, as German ones.
    """
    if not parts.loose.any():
        return "", True
    found = {order: parts.moments(order) for order in ORDERS}
    counts = {order: int(np.isfinite(moments).sum()) for order, moments in found.items()}
    day, month = found[DAY_FIRST], found[MONTH_FIRST]
    if counts[YEAR_FIRST] > max(counts[DAY_FIRST], counts[MONTH_FIRST]):
        return YEAR_FIRST, True
    if counts[YEAR_FIRST] == max(counts.values()) and _years_lead(parts):
        return YEAR_FIRST, True
    if counts[MONTH_FIRST] != counts[DAY_FIRST]:
        return (DAY_FIRST if counts[DAY_FIRST] > counts[MONTH_FIRST] else MONTH_FIRST), True
    if parts.dotted[parts.loose].all() or np.array_equal(day, month, equal_nan=True):
        return DAY_FIRST, True
    if rows is not None and (along := _along(day, month, rows)):
        return along, True
    return (MONTH_FIRST if _as_in_america(parts) else DAY_FIRST), False


def _along(day: NDArray[np.float64], month: NDArray[np.float64], rows: NDArray[np.int64]) -> str:
    """Return the one order in which rows go on in time, or back from the newest; "" where both do, or neither."""
    against = {order: _against(moments, rows) for order, moments in ((DAY_FIRST, day), (MONTH_FIRST, month))}
    best, worst = sorted(against, key=lambda order: against[order][0])
    share, turns = against[worst]
    clear = share >= _ASTRAY or not against[best][1]
    return best if against[best][0] <= _ALONG and clear and turns >= _TURNS else ""


def _against(moments: NDArray[np.float64], rows: NDArray[np.int64]) -> tuple[float, int]:
    """Return which share of the steps from row to row goes against the way that most of them go, and how many do."""
    steps = np.diff(run[np.isfinite(run)]) if len(run := moments[rows[rows >= 0]]) else np.zeros(0)
    back, on = int((steps < 0).sum()), int((steps > 0).sum())
    fewer = min(back, on)
    return (fewer / (back + on) if back + on else 0.0), fewer


def _as_in_america(parts: Dates) -> bool:
    """Say whether most times have halves of the day, and no day or month is filled up with a zero."""
    loose = parts.loose & parts.there
    return bool(loose.any()) and bool(parts.halved[loose].mean() > 0.5) and not bool(parts.padded[loose].any())


def _years_lead(parts: Dates) -> bool:
    """Say whether two digits in front are years, those at the end days: of these there are several times as many.

    25-03-01, 25-03-02 and so on are days of one month and no first of March of many years; with points days lead.
    """
    some = parts.loose & parts.there
    if not parts.short[some].all() or parts.dotted[some].any():
        return False
    first, last = len(sorted_unique(parts.first[some])), len(sorted_unique(parts.year[some]))
    return last >= _RUNNING and last >= _RUNNING * first
