"""Tells numbers that are amounts from those that are codes, ids or moments, by their range and their column's name.

It reads no strings.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from explorer.columns.nouns import CATEGORY, COMPACT, DATE, MILLISECONDS, NUMBER, SECONDS, Reading
from explorer.types import sorted_unique

EXACT = 2**53
_DIGITS, _ROUND = 12, 1000
"""Digits from which whole numbers of one length are ids, and what most amounts of that size are multiples of."""
"""From here on whole numbers are not told apart as numbers: they are ids."""
_FEW, _FEW_CODES = 2, 12
_MANY = 20
"""So many values of a moment's size are moments whatever their column is called."""
_AGAIN, _LEAST_OF_THINGS, _YEARS = 20, 100, (1800, 2100)
"""How often numbers of things come at least, in the mean, the least of them, and what are rather years."""
_SPARSE = 10
"""Numbers that stand closer together than this are counted up, and are ids."""
_STEPS = {SECONDS: 1.0, MILLISECONDS: 1e-3}
_NAMED, _UNNAMED = (1e8, 4.2e9), (9e8, 2.2e9)
"""Between which seconds since 1970 moments are: from 1973 to 2103, or, where no name says so, from 1998 to 2039."""
FIRST_MOMENT, LAST_MOMENT = -62_135_596_800.0, 253_402_300_800.0
"""The years 1 and 10000 in seconds since 1970."""
_FIRST_DAY, _LAST_DAY = 19000101, 21001231
_TOKEN = re.compile(r"[A-Z]?[a-zäöüß]+|[A-Z]+(?![a-z])")
_MOMENTS = frozenset(
    "date dates time timestamp datetime ts ms unix epoch created updated modified published posted at when day datum zeit".split()  # noqa: E501, SIM905
)
_CODES = frozenset(
    "label labels class cluster category kategorie topic intent type group gruppe code codes id ids flag kind status".split()  # noqa: E501, SIM905
)
_IDS = frozenset("id ids uid uuid guid key code sku isbn ean hash".split())  # noqa: SIM905
_TEXTS = frozenset(
    "version versions phone telephone tel telefon mobile fax zip plz postcode postal isbn ean ip".split()  # noqa: SIM905
)
_THINGS = frozenset(
    "inv inventory inventar accession acc object obj catalogue catalog item file section article case room lot".split()  # noqa: SIM905
)
_MONEY = frozenset(
    "price prices cost costs amount total sum fee salary income revenue budget turnover preis preise kosten betrag summe gehalt umsatz prix coût montant precio precios importe prezzo importo prijs bedrag pris".split()  # noqa: E501, SIM905
)
_NUMBERED = frozenset("no nos nr number numbers num nummer".split())  # noqa: SIM905
_NUMBERS_OF = frozenset("inventarnummer inventarnr inventarisnummer signatur shelfmark cote aktenzeichen".split())  # noqa: SIM905


def _tokens(name: str) -> frozenset[str]:
    return frozenset(token.lower() for token in _TOKEN.findall(name[:200]))


def is_called_text(name: str) -> bool:
    """Say whether a column of this name holds no amounts, however they look: versions, phone numbers, post codes."""
    return not _tokens(name).isdisjoint(_TEXTS) or is_called_number(name)


def is_called_number(name: str) -> bool:
    """Say whether a column of this name holds numbers of things, as “Inv. no.”: with a point they are no amounts."""
    tokens = _tokens(name)
    return not tokens.isdisjoint(_NUMBERS_OF) or not (tokens.isdisjoint(_THINGS) or tokens.isdisjoint(_NUMBERED))


def is_called_money(name: str) -> bool:
    """Say whether a column of this name holds amounts of money."""
    return not _tokens(name).isdisjoint(_MONEY)


def is_called_code(name: str) -> bool:
    """Say whether a column of this name holds ids or codes."""
    return not _tokens(name).isdisjoint(_IDS)


def judged(numbers: NDArray[np.float64], name: str) -> Reading:
    """Return how finite numbers (m,), at least one, of a column are read: a scale, moments, or codes.

    Two different ones, a few under a name such as "label", and whole ones that a float cannot tell apart are codes.
    """
    if np.abs(numbers).max() >= EXACT and bool((numbers == np.rint(numbers)).all()) and np.abs(numbers).max() < 1e20:
        return Reading(CATEGORY)
    if is_called_number(name) and not bool((numbers == np.rint(numbers)).all()):
        return Reading(CATEGORY)
    form = moments_form(numbers, name)
    if form:
        return Reading(DATE, form)
    if _are_long_ids(numbers):
        return Reading(CATEGORY)
    different = len(sorted_unique(numbers))
    if _are_numbers_of_things(numbers, different):
        return Reading(CATEGORY)
    few = _FEW_CODES if not _tokens(name).isdisjoint(_CODES) else _FEW
    return Reading(CATEGORY if different <= few else NUMBER)


def _are_long_ids(numbers: NDArray[np.float64]) -> bool:
    """Say whether whole numbers have as many digits each, twelve or more, and are not round."""
    least, most = float(numbers.min()), float(numbers.max())
    if least < 10 ** (_DIGITS - 1) or most >= EXACT or bool((numbers != np.rint(numbers)).any()):
        return False
    return len(f"{least:.0f}") == len(f"{most:.0f}") and bool((numbers % _ROUND != 0).mean() > 0.5)


def _are_numbers_of_things(numbers: NDArray[np.float64], different: int) -> bool:
    """Say whether numbers come again and again and are of machines or rooms: as many digits each, no years, no steps.

    Amounts that come so often are round, “100, 250, 500”.
    """
    if different > _FEW_CODES or len(numbers) < _AGAIN * different or bool((numbers != np.rint(numbers)).any()):
        return False
    least, most = float(numbers.min()), float(numbers.max())
    if least < _LEAST_OF_THINGS or most >= EXACT or len(f"{least:.0f}") != len(f"{most:.0f}"):
        return False
    told = sorted_unique(numbers)
    is_year = _YEARS[0] <= least and most <= _YEARS[1]
    return not is_year and bool((told % 5 != 0).any()) and len(sorted_unique(np.diff(told))) > 1


def moments_form(numbers: NDArray[np.float64], name: str) -> str:
    """Return "s" or "ms" since 1970, or "compact" (20240131), where finite numbers (m,) are such; "" where not."""
    called = not _tokens(name).isdisjoint(_MOMENTS)
    if not called and (len(numbers) < _MANY or not _tokens(name).isdisjoint(_CODES | _TEXTS)):
        return ""
    low, high = _NAMED if called else _UNNAMED
    for form, step in _STEPS.items():
        inside = (numbers * step >= low) & (numbers * step <= high)
        span = float(np.ptp(numbers))
        if inside.mean() > 0.9 and (called or span > _SPARSE * len(numbers)):
            return form
    return COMPACT if np.isfinite(compact_seconds(numbers)).mean() > 0.9 else ""


def compact_seconds(numbers: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return seconds since 1970 of days written 20240131, float64 (m,); nan where a number is no such day."""
    likely = (numbers >= _FIRST_DAY) & (numbers <= _LAST_DAY) & (numbers == np.rint(numbers))
    whole = np.where(likely, numbers, 19700101).astype(np.int64)
    year, month, day = whole // 10_000, whole // 100 % 100, whole % 100
    likely &= (month >= 1) & (month <= 12) & (day >= 1)
    months = np.where(likely, (year - 1970) * 12 + month - 1, 0).astype("datetime64[M]")
    days = months.astype("datetime64[D]") + (np.where(likely, day, 1) - 1)
    likely &= days.astype("datetime64[M]") == months
    return np.where(likely, days.astype(np.int64) * 86_400.0, np.nan)


def as_moments(numbers: NDArray[np.float64], form: str) -> NDArray[np.float64]:
    """Return seconds since 1970 of numbers (m,) in such a form, nan where one is none."""
    if form == COMPACT:
        return compact_seconds(numbers)
    seconds = numbers * _STEPS[form]
    return np.where((seconds >= FIRST_MOMENT) & (seconds < LAST_MOMENT), seconds, np.nan)


def first_few(values: Sequence[Any], most: int = 5) -> tuple[str, ...]:
    """Return the first different values as text."""
    return tuple(dict.fromkeys(str(value) for value in values))[:most]
