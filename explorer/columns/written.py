"""A column of strings: what its values are, and in which form, by how people write them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, timedelta, timezone
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from explorer.columns import clocks, dates, exponents, numbers
from explorer.columns.codes import as_moments, first_few, is_called_money, is_called_text, judged, moments_form
from explorer.columns.dayorder import order_of
from explorer.columns.labelled import are_labelled, are_out_of, without_labels, without_most
from explorer.columns.nouns import CATEGORY, CLOCK, COMPACT, DATE, MILLISECONDS, NUMBER, SECONDS, WORDS, Reading, Seen
from explorer.columns.strings import different, spread, trimmed
from explorer.types import sorted_unique

_DAY = 86_400
_FAULTS, _LEAST = 0.1, 4
"""At most this share of the values of a kind may not be of it; one always may, where there are so many."""
_OFFERED = 0.5
_SPELLINGS = 0.05
_DATES, _OTHERS, _DATED = 10, 2, 0.3
"""Different dates at least, different values beside them at most, and the share of all that are dates, at least."""
_ORDERS = "days and months may stand the other way round"
_DECIMALS = "a point or a comma may part decimals or thousands"
_CODES = "they may be codes with an E"
"""What may not be sure of dates and numbers, in words."""
_COUNTED = (SECONDS, MILLISECONDS, COMPACT)
_NO_NUMBERS = r"^[-+]?0\d|^\+\d{7,}$|^\d{16,}$"
"""Zeros in front, a phone number, more digits than a number keeps: one such value, and the column is of texts."""


class Written:
    """A column of strings, a pandas Series (n,), under its name; *decimal* is the sign of its table's numbers."""

    def __init__(self, values: Any, name: str, decimal: str) -> None:
        self._values, self._name, self._decimal = values, name, decimal

    @cached_property
    def _sample(self) -> Any:
        there = self._values.dropna()
        places = spread(np.arange(len(there)))
        return trimmed(there.iloc[places]).drop_null()

    @cached_property
    def _whole(self) -> tuple[Any, NDArray[np.int64]]:
        return different(trimmed(self._values))

    @cached_property
    def _dates(self) -> dates.Dates:
        return replace(dates.taken_apart(self._whole[0]), pivot=dates.pivot_of(self._name))

    @cached_property
    def _numbers(self) -> numbers.Numbers:
        return numbers.taken_apart(self._unlabelled(self._whole[0]))

    @cached_property
    def _labelled(self) -> bool:
        return len(self._sample) > 0 and are_labelled(self._sample)

    @cached_property
    def _out_of(self) -> bool:
        return len(self._sample) > 0 and are_out_of(self._sample)

    def _unlabelled(self, texts: Any) -> Any:
        """Return strings with the numbers that stand with labels, or out of a most, alone, where there are such."""
        return without_labels(texts) if self._labelled else without_most(texts) if self._out_of else texts

    def guess(self) -> Reading:
        """Return dates or numbers where nearly all values of a sample are such, else categories.

        Dates also where what is none is always the same: “before 1960”, “unknown”.
        """
        if not len(self._sample) or is_called_text(self._name):
            return Reading(CATEGORY)
        if not _nearly_all(_with_digits(self._sample)):
            return Reading(DATE if self._are_dates_but_for_a_word() else CATEGORY)
        if clocks.are_times(self._sample):
            return Reading(DATE, CLOCK)
        if _nearly_all(_dated(dates.taken_apart(self._sample))):
            return Reading(DATE)
        sample = self._unlabelled(self._sample)
        parts = numbers.taken_apart(sample)
        decimal = self._decimals(parts)[0]
        valid = parts.valid(decimal)
        if not _nearly_all(valid) or len(parts.units()) > 1 or parts.are_measures() or _has_texts(sample):
            return Reading(DATE if self._are_dates_but_for_a_word() else CATEGORY)
        values = parts.values(decimal)
        kept = valid & np.isfinite(values)
        if codes := exponents.codes_with_e(sample):
            return codes
        if not kept.any() or _are_versions(sample.filter(kept), values[kept]):
            return Reading(CATEGORY)
        found = judged(values[kept], self._name)
        sure = exponents.are_sure(sample)
        return found if sure else replace(found, sure=False, doubt=_CODES)

    def _are_dates_but_for_a_word(self) -> bool:
        """Say whether many different values are dates, and of the others there are one or two, however often."""
        if len(self._sample) < _DATES:
            return False
        texts, places = different(self._sample)
        numbered = int(_with_digits(texts).sum())
        if numbered < _DATES or len(texts) - numbered > _OTHERS:
            return False
        dated = _dated(dates.taken_apart(texts))
        enough = int(dated.sum()) >= _DATES and int((~dated).sum()) <= _OTHERS
        return enough and bool(dated[places].mean() >= _DATED)

    def formed(self, reading: Reading) -> Reading:
        """Return the reading with the decimal sign or the order of day and month that the whole column has."""
        if reading.form or reading.kind in WORDS:
            return reading
        if reading.kind == NUMBER:
            form, sure = self._decimals(self._numbers)
            doubt = reading.doubt if sure else _DECIMALS
            return Reading(NUMBER, form if self._numbers.has_marks() else "", sure and reading.sure, doubt)
        if len(self._sample) and clocks.are_times(self._sample):
            return Reading(DATE, CLOCK)
        form, sure = order_of(self._dates, self._whole[1])
        doubts = ["" if sure else _ORDERS, self._dates.century_doubt(form or dates.DAY_FIRST)]
        doubt = "; ".join(filter(None, doubts))
        return Reading(DATE, form or self._counted(), not doubt, doubt)

    def offered(self) -> list[Reading]:
        """Return numbers and dates where at least half of a sample may be such, in each form that differs."""
        if not len(self._sample):
            return []
        found: list[Reading] = []
        parts = numbers.taken_apart(self._unlabelled(self._sample))
        if max(parts.valid(sign).mean() for sign in (numbers.POINT, numbers.COMMA)) >= _OFFERED:
            ambiguous = self._numbers.is_ambiguous()
            signs = (numbers.POINT, numbers.COMMA) if ambiguous else ("",)
            found += [self.formed(Reading(NUMBER, sign)) for sign in signs]
            counted = self._counted()
            found += [Reading(DATE, counted)] if counted else []
        if np.isfinite(clocks.seconds_of(self._sample)).mean() >= _OFFERED:
            found.append(Reading(DATE, CLOCK))
        when = dates.taken_apart(self._sample)
        if _dated(when).mean() >= _OFFERED:
            orders = dates.ORDERS if (when.short & when.loose).any() else dates.ORDERS[:2]
            both = orders if when.loose.any() else ()
            some = [one for one in both if np.isfinite(when.moments(one)).mean() >= _OFFERED]
            found += [Reading(DATE, one) for one in some] or [self.formed(Reading(DATE))]
        return found

    def seen(self, reading: Reading) -> Seen:
        """Read all values so; what is not of the kind is counted."""
        texts, places = self._whole
        zone: Any = None
        clocks_of: dict[str, Any] = {}
        if reading.form == CLOCK:
            values = clocks.seconds_of(texts)
        elif reading.kind == DATE and reading.form not in _COUNTED:
            values = self._dates.moments(reading.form or dates.DAY_FIRST)
            zone = self._zone(np.isfinite(values))
            if self._dates.zoned.any():
                clocks_of["east"] = np.append(self._dates.east, 0.0)[places]
            if (self._dates.timed & np.isfinite(values)).any():
                clocks_of["timed"] = np.append(self._dates.timed, False)[places]
        else:
            values = self._numbers.values(reading.form if reading.form in _SIGNS else self._sign())
            values = as_moments(values, reading.form) if reading.kind == DATE else values
        values = np.where(np.isfinite(values), values, np.nan)
        bad = np.isnan(values)
        unread = int(np.bincount(places[places >= 0], minlength=len(texts))[bad].sum()) if len(texts) else 0
        examples = first_few(texts.take(np.flatnonzero(bad)[:5]).to_pylist())
        return Seen(reading, np.append(values, np.nan)[places], unread, examples, zone, **clocks_of)

    def _zone(self, there: NDArray[np.bool_]) -> Any:
        """Return the zone in which all dates are written that are *there*, UTC for several; None where none has one."""
        zoned = self._dates.zoned & there
        east = sorted_unique(self._dates.east[zoned])
        if not len(east):
            return None
        one = len(east) == 1 and abs(east[0]) < _DAY and np.array_equal(zoned, there)
        return timezone(timedelta(seconds=float(east[0]))) if one else UTC

    def _sign(self) -> str:
        return self._decimals(self._numbers)[0]

    def _decimals(self, parts: numbers.Numbers) -> tuple[str, bool]:
        """Return the decimal sign of strings, by themselves and by the table's others, and whether it is sure.

        Money has no three decimals wherever it has some: 1,007 beside 120 may be a thousand in a table with 0,5, too.
        """
        form, sure = _decimal(parts, self._decimal)
        odd = form == numbers.COMMA and is_called_money(self._name) and parts.has_only_three_decimals()
        return form, sure and not odd

    def _counted(self) -> str:
        """Return the form of moments that are numbers, "" where they are none."""
        values = self._numbers.values(self._sign())
        values = values[np.isfinite(values)]
        return moments_form(values, self._name) if len(values) else ""


_SIGNS = (numbers.POINT, numbers.COMMA)


def _nearly_all(valid: NDArray[np.bool_]) -> bool:
    bad = int((~valid).sum())
    return bad <= max(_FAULTS * len(valid), 1 if len(valid) >= _LEAST else 0)


def _with_digits(texts: Any) -> NDArray[np.bool_]:
    """Say which strings have a digit: no other is a number or a date."""
    import pyarrow.compute as pc

    figure = "[0-9]" if pc.all(pc.string_is_ascii(texts)).as_py() else r"\pN"  # the first is compiled ten times faster
    return np.asarray(pc.match_substring_regex(texts, figure).to_numpy(zero_copy_only=False), np.bool_)


def _dated(parts: dates.Dates) -> NDArray[np.bool_]:
    """Say which strings are dates in the order in which most are."""
    return np.isfinite(parts.moments(order_of(parts)[0] or dates.DAY_FIRST))


def _decimal(parts: numbers.Numbers, elsewhere: str) -> tuple[str, bool]:
    """Return the decimal sign with which most strings are numbers, and whether that is sure.

    Where each is a number either way, as 1.234 is, the sign of the table's other columns counts, else the point.  Where
    some are numbers with the one sign only, and some with the other only, nothing says what those are that are either,
    and where these are many, not what the others are.
    """
    with_point, with_comma = (parts.valid(sign) for sign in _SIGNS)
    point, comma = int(with_point.sum()), int(with_comma.sum())
    odd = min(int((with_point & ~with_comma).sum()), int((with_comma & ~with_point).sum()))
    either = parts.is_ambiguous()
    one = not odd or (odd <= _FAULTS * len(with_point) and not either)
    if point != comma:
        return (numbers.POINT if point > comma else numbers.COMMA), one
    if not either:
        return numbers.POINT, one
    return elsewhere or numbers.POINT, bool(elsewhere) and one


def _has_texts(texts: Any) -> bool:
    import pyarrow.compute as pc

    return bool(pc.any(pc.match_substring_regex(texts, _NO_NUMBERS)).as_py())


def _are_versions(texts: Any, values: NDArray[np.float64]) -> bool:
    """Say whether different decimals are written of one number, as 1.1 and 1.10: then they are versions or codes."""
    import pyarrow.compute as pc

    decimals = np.asarray(pc.match_substring_regex(texts, r"^\d+\.\d+$").to_numpy(zero_copy_only=False), np.bool_)
    spelled = len(set(texts.filter(decimals).to_pylist()))
    return spelled > 0 and (spelled - len(sorted_unique(values[decimals]))) / spelled >= _SPELLINGS
