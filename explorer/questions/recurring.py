"""Looks at moments by the time of day or by the day of the week, of which the end meets the beginning.

It reads no columns: it is given moments that were read, and how it is asked to look at them.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from explorer.columns import CLOCK, DATE, Reading, Seen, first_few, parse_reading
from explorer.errors import BadSetting
from explorer.questions.scales import MISSING, packed, timed

DAYTIME, WEEKDAY = "daytime", "weekday"
VIEWS = (DAYTIME, WEEKDAY)
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_DAY = 86_400
_LOOKED_AT = 50
_THURSDAY = 3
"""The day of the week of 1 January 1970, Monday being 0."""


def parse_view(words: str | None) -> tuple[str | None, str]:
    """Return what “date:mdy:weekday” asks for: the reading “date:mdy”, or None for a column's own, and the view.

    Of a reading as `parse_reading` has it the view is "".  Raises BadSetting for a view of what is no date of a day.
    """
    reading, _, view = (words or "").rpartition(":")
    if view not in VIEWS:
        return words, ""
    wanted = parse_reading(reading) if reading else None
    if wanted is None or wanted.kind != DATE or wanted.form == CLOCK:
        raise BadSetting(f"{words!r} is no way to read a column; {view} is said of dates, as “date:{view}”.")
    return (reading if wanted.form else None), view


def views_of(seen: Seen) -> list[str]:
    """Return the ways to look at a column that was read, as `parse_view` takes them: none where it has no dates.

    A time of day is offered where some have another than midnight.
    """
    if seen.numbers is None or seen.reading.kind != DATE or seen.reading.form == CLOCK:
        return []
    there = seen.numbers[np.isfinite(seen.numbers)]
    if not len(there):
        return []
    reading = Reading(DATE, seen.reading.form)
    timed_at_all = bool((_of_day(_here(seen))[np.isfinite(seen.numbers)] != 0).any())
    return [f"{reading}:{view}" for view in VIEWS if view == WEEKDAY or timed_at_all]


def by_daytime(seen: Seen) -> dict[str, Any]:
    """Return moments as `scales.timed` returns times, on the whole circle of a day, each by its own clock."""
    return {"circle": True, **timed(_of_day(_here(seen)), whole_day=True)}


def with_times(seen: Seen, values: Any) -> Seen:
    """Return moments of a pandas Series (n,) without the days that have no time where others have: these are unread."""
    if seen.numbers is None or seen.timed is None:
        return seen
    days = np.isfinite(seen.numbers) & ~seen.timed
    if not days.any():
        return seen
    some = first_few([str(value) for value in values.iloc[np.flatnonzero(days)[:_LOOKED_AT]]])
    unread = seen.unread + int(days.sum())
    return replace(
        seen, numbers=np.where(days, np.nan, seen.numbers), unread=unread, examples=first_few([*some, *seen.examples])
    )


def by_weekday(name: str, seen: Seen) -> dict[str, Any]:
    """Return moments as `columns.categories` returns values: seven, Monday first; 255 is none."""
    days = np.floor(_here(seen) / _DAY)
    known = np.isfinite(days)
    codes = np.full(len(days), MISSING, np.uint8)
    codes[known] = (days[known] + _THURSDAY) % len(DAYS)
    return {
        "column": name,
        "kind": "category",
        "circle": True,
        "values": list(DAYS),
        "others": 0,
        "counts": np.bincount(codes[known], minlength=len(DAYS)).tolist(),
        "min": None,
        "max": None,
        "missing": int((~known).sum()),
        "codes": packed(codes),
    }


def is_round(seconds: NDArray[np.float64]) -> bool:
    """Say whether times, seconds since midnight (n,), go round: some are more than half a day apart, none beyond a day.

    Of others none is nearer to another across midnight than it is on a line.
    """
    there = seconds[np.isfinite(seconds)]
    return len(there) > 0 and bool(there.max() <= _DAY and there.max() - there.min() > _DAY / 2)


def _of_day(seconds: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.mod(seconds, _DAY)


def _here(seen: Seen) -> NDArray[np.float64]:
    """Return moments, seconds since 1970 in UTC, as the clocks show them that each is written by, or those of its zone.

    Without a zone they are so already.
    """
    assert seen.numbers is not None
    if seen.east is not None:
        return seen.numbers + seen.east
    seconds, zone = seen.numbers, seen.zone
    offset = getattr(zone, "utcoffset", lambda _moment: None)(None) if zone is not None else None
    if zone is None or offset is not None:
        return seconds + (offset.total_seconds() if offset is not None else 0.0)
    import pandas as pd

    known = np.isfinite(seconds)
    whole = np.floor(seconds[known]).astype("datetime64[s]")
    local = pd.DatetimeIndex(whole).tz_localize("UTC").tz_convert(zone).tz_localize(None)
    shown = seconds.copy()
    shown[known] += local.to_numpy().astype("datetime64[s]").astype(np.float64) - np.floor(seconds[known])
    return shown
