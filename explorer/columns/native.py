"""Columns that a file has types for: numbers, moments, and values that are neither."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from explorer.columns.codes import FIRST_MOMENT, LAST_MOMENT, as_moments, first_few, judged, moments_form
from explorer.columns.nouns import CATEGORY, DATE, NUMBER, Reading, Seen
from explorer.columns.strings import spread


class Words:
    """A column of which nothing is counted, such as true and false."""

    def guess(self) -> Reading:
        """Return categories."""
        return Reading(CATEGORY)

    def formed(self, reading: Reading) -> Reading:
        """Return the reading as it is."""
        return reading

    def offered(self) -> list[Reading]:
        """Return nothing."""
        return []

    def seen(self, reading: Reading) -> Seen:
        """Return categories, whatever is wanted."""
        return Seen(Reading(CATEGORY))


class Numbers:
    """A column of numbers, a pandas Series (n,)."""

    def __init__(self, values: Any, name: str) -> None:
        import pandas as pd

        self._values, self._name = values, name
        self._numbers = pd.to_numeric(values).to_numpy(np.float64, na_value=np.nan)
        self._there = self._numbers[np.isfinite(self._numbers)]

    def guess(self) -> Reading:
        """Return a scale, moments, or categories where they are few or ids."""
        return judged(self._there, self._name) if len(self._there) else Reading(CATEGORY)

    def formed(self, reading: Reading) -> Reading:
        """Return the reading with the form that moments have."""
        if reading.kind == DATE and not reading.form and len(self._there):
            return Reading(DATE, moments_form(self._there, self._name) or "s")
        return Reading(NUMBER) if reading.kind == NUMBER else reading

    def offered(self) -> list[Reading]:
        """Return a scale, and moments where they may be some."""
        form = moments_form(self._there, self._name) if len(self._there) else ""
        return [Reading(NUMBER), *([Reading(DATE, form)] if form else [])] if len(self._there) else []

    def seen(self, reading: Reading) -> Seen:
        """Return the numbers, or what moments they are."""
        if reading.kind == NUMBER:
            return Seen(reading, self._numbers.copy())
        if reading.form not in ("s", "ms", "compact"):
            return Seen(Reading(CATEGORY))
        moments = as_moments(self._numbers, reading.form)
        unread = np.isnan(moments) & np.isfinite(self._numbers)
        examples = first_few(self._values[spread(np.flatnonzero(unread))].tolist())
        return Seen(reading, moments, int(unread.sum()), examples)


class Moments(Words):
    """A column of moments, a pandas Series (n,) of datetime64 with or without a zone."""

    def __init__(self, values: Any) -> None:
        self._values = values

    def guess(self) -> Reading:
        """Return dates."""
        return Reading(DATE)

    def seen(self, reading: Reading) -> Seen:
        """Return seconds since 1970, whatever is wanted; years that no calendar has, as "infinity" is, are unread."""
        seconds = seconds_of(self._values)
        far = (seconds < FIRST_MOMENT) | (seconds >= LAST_MOMENT)
        return Seen(
            Reading(DATE), np.where(far, np.nan, seconds), int(far.sum()), self._examples(far), self._values.dt.tz
        )

    def _examples(self, far: NDArray[np.bool_]) -> tuple[str, ...]:
        return first_few(self._values.to_numpy()[spread(np.flatnonzero(far))]) if self._values.dt.tz is None else ()


def seconds_of(values: Any) -> NDArray[np.float64]:
    """Return moments, a pandas Series, as seconds since 1970 in UTC, nan for none; any year that its unit allows."""
    plain = values.dt.tz_convert("UTC").dt.tz_localize(None) if values.dt.tz is not None else values
    moments = plain.to_numpy()
    missing = np.isnat(moments)
    per_second = {"s": 1, "ms": 10**3, "us": 10**6, "ns": 10**9}[np.datetime_data(moments.dtype)[0]]
    counted = moments.astype(np.int64)
    return np.where(missing, np.nan, counted // per_second + (counted % per_second) / per_second)
