"""Puts numbers and dates on a scale of 255 steps that a few extreme values do not stretch, with ticks.

It reads no columns and chooses no colours.
"""

from __future__ import annotations

import base64
import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from explorer.columns import clock
from explorer.questions.answers import plain

MISSING = 255
TICKS = 5
"""Most ticks beside the first on a scale of numbers."""
_ENDS = (1, 99)
_STRETCH = 0.25
"""Extremes that are no farther beyond these percentiles than this share of what is between are on the scale."""
_HALF_YEAR = 182
_DATE_STEPS = (
    ("D", 1, 3),
    ("W-MON", 7, 3),
    ("MS", 30, 4),
    ("QS", 91, 4),
    ("QS", _HALF_YEAR, 4),
    *(("YS", 365 * years, 4) for years in (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000)),
)
"""Steps between ticks of dates: pandas' name, days, and how many ticks there is room for."""


_CLOCK_STEPS = (1, 5, 15, 30, 60, 300, 900, 1800, 3600, 7200, 10_800, 21_600, 43_200, 86_400)
"""Seconds between ticks of times, of which the finest is taken that gives few."""


def scale(numbers: NDArray[np.float64], ends: tuple[float, float] | None = None) -> dict[str, Any]:
    """Codes 0…254 from *low* to *high*, 255 missing; *numbers* (n,) is used up.  *ends* are as `limits` has them.

    *below* and *above* rows lie beyond the scale, at *min* and *max* at most, and have the codes of its ends.  *firsts*
    and *lasts* are the least and the greatest value that has each code, None where no row has it.
    """
    numbers[~np.isfinite(numbers)] = np.nan
    low, high = ends or limits(numbers)
    with np.errstate(invalid="ignore", over="ignore"):
        half = high / 2 - low / 2 or 0.5  # halves: from -1e308 to 1e308 is farther than a float goes
        steps = np.clip(np.rint((numbers / 2 - low / 2) / half * (MISSING - 1)), 0, MISSING - 1)
        codes = np.where(np.isnan(steps), MISSING, steps).astype(np.uint8)
        below, above = int((numbers < low).sum()), int((numbers > high).sum())
    missing = int((codes == MISSING).sum())
    known = missing < len(numbers)
    return {
        "min": float(np.nanmin(numbers)) if known else None,
        "max": float(np.nanmax(numbers)) if known else None,
        "low": low if known else None,
        "high": high if known else None,
        "below": below,
        "above": above,
        **_extents(numbers, codes),
        "ticks": [_tick(tick, low, high, tick) for tick in ticks(low, high)] if known else [],
        "missing": missing,
        "codes": packed(codes),
    }


def _extents(numbers: NDArray[np.float64], codes: NDArray[np.uint8]) -> dict[str, list[float | None]]:
    """Return the least and the greatest number of each code 0…254."""
    firsts, lasts = np.full(MISSING, np.inf), np.full(MISSING, -np.inf)
    there = codes != MISSING
    np.minimum.at(firsts, codes[there], numbers[there])
    np.maximum.at(lasts, codes[there], numbers[there])
    ends = {"firsts": firsts, "lasts": lasts}
    return {name: [float(v) if np.isfinite(v) else None for v in values.tolist()] for name, values in ends.items()}


def limits(numbers: NDArray[np.float64]) -> tuple[float, float]:
    """Return the ends of a scale for (n,) numbers, nan left out: the extremes, or percentiles if those lie far out."""
    there = numbers[np.isfinite(numbers)]
    if not len(there):
        return 0.0, 0.0
    least, most = float(there.min()), float(there.max())
    first, last = (float(value) for value in np.percentile(there, _ENDS))
    room = _STRETCH * (last - first)
    if room <= 0:
        return least, most
    return (least if first - least <= room else first), (most if most - last <= room else last)


def ticks(low: float, high: float) -> list[float]:
    """Return two to six round numbers from *low* to *high*; the one there is when they are equal."""
    if not high > low:
        return [low]
    if math.isinf(high - low):
        return [low, high]
    least = (high - low) / TICKS
    magnitude = 10.0 ** math.floor(math.log10(least))
    step = next(size * magnitude for size in (1, 2, 2.5, 5, 10) if size * magnitude >= least * (1 - 1e-9))
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    digits = 3 - math.floor(math.log10(step))
    return [round(at * step, digits) for at in range(first, last + 1)]


def dated(seconds: NDArray[np.float64], zone: Any) -> dict[str, Any]:
    """Return seconds since 1970, float64 (n,), as `scale` does; its ends, extremes and ticks are ISO text in a zone."""
    low, high = limits(seconds)
    told = scale(seconds.copy())
    if told["missing"] == len(seconds):
        return told
    for end in ("min", "max", "low", "high"):
        told[end] = _moment(told[end], zone)
    for ends in ("firsts", "lasts"):
        told[ends] = [None if value is None else _moment(value, zone) for value in told[ends]]
    told["ticks"] = [_tick(at, low, high, words) for at, words in _date_ticks(low, high)]
    return told


def timed(seconds: NDArray[np.float64], *, whole_day: bool = False) -> dict[str, Any]:
    """Return seconds since midnight, float64 (n,), as `scale` does; ends, extremes and ticks as clocks show them.

    With *whole_day* the scale is that of a day, from midnight to midnight, whatever times there are.
    """
    low, high = (0.0, float(_CLOCK_STEPS[-1])) if whole_day else limits(seconds)
    told = scale(seconds.copy(), (low, high))
    if told["missing"] == len(seconds):
        return told
    for end in ("min", "max", "low", "high"):
        told[end] = clock(told[end])
    for ends in ("firsts", "lasts"):
        told[ends] = [None if value is None else clock(value) for value in told[ends]]
    several = (range(math.ceil(low / step) * step, math.floor(high) + 1, step) for step in _CLOCK_STEPS)
    found = next((steps for steps in several if len(steps) <= TICKS), None)
    told["ticks"] = [_tick(at, low, high, clock(at)) for at in found or [low]]
    return told


def _moment(seconds: float, zone: Any) -> Any:
    import pandas as pd

    moment = pd.Timestamp(np.datetime64(round(seconds), "s"))
    return plain(moment if zone is None else moment.tz_localize("UTC").tz_convert(zone))


def _date_ticks(low: float, high: float) -> list[tuple[float, str]]:
    """Return the first days of the finest steps – days, weeks, months, quarters, years – of which there are few."""
    import pandas as pd

    first, last = (pd.Timestamp(np.datetime64(round(end), "s")) for end in (low, high))
    days = (high - low) / 86_400
    for step, length, most in _DATE_STEPS:
        if days / length > most + 1:
            continue
        found = pd.date_range(first.ceil("D"), last, freq=step, unit="s")
        if length == _HALF_YEAR:
            found = found[found.month % 6 == 1]
        found = found[found.year % max(1, length // 365) == 0]
        if 2 <= len(found) <= most:
            form = "%Y" if length >= 365 else "%Y-%m" if length >= 30 else "%Y-%m-%d"
            return [(float(tick.timestamp()), tick.strftime(form)) for tick in found]
    return []


def _tick(value: float, low: float, high: float, words: float | str) -> dict[str, Any]:
    """Return a tick: its words, and *at* which share of the scale it stands."""
    return {"at": round((value / 2 - low / 2) / (high / 2 - low / 2), 6) if high > low else 0.5, "value": words}


def packed(codes: NDArray[np.uint8]) -> str:
    """Return codes as base64 of a byte a row."""
    return base64.b64encode(codes.tobytes()).decode()
