"""Tells days and times of day, however people write them, from words and other numbers.

It reads none of them: `explorer.columns` does.
"""

from __future__ import annotations

import re
from unicodedata import normalize

from explorer.columns import MONTHS

_DAY = re.compile(
    r"\d{1,4}(?:[-/.] ?|년 ?|年)\d{1,2}(?:[-/.] ?|월 ?|月)\d{1,4}(?:[.일日])?"
    r"|\d{1,2}(?:st|nd|rd|th|\.)?[ -](?:de |d')?[^\W\d_]{3,12}\.?,?[ -](?:de )?\d{2,4}"
    r"|[^\W\d_]{3,12}\.? \d{1,2}(?:st|nd|rd|th)?,? \d{4}"
)
_CLOCK = re.compile(r"(?<!\d)\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d{1,9})?)?(?!\d)")
_CLOCK_OF_DAY = re.compile(r"(?<!\d)\d{1,2}[:.]\d{2}(?:[:.]\d{2}(?:[.,]\d{1,9})?)?(?!\d)")
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_MONTHS = frozenset(name for names in MONTHS.values() for name in names.split())
_DIGIT = re.compile(r"\d")
_ZONE = re.compile(r"(?:Z|(?:UTC|GMT)?[+-]\d{1,2}:?\d{2})$")
_LONGEST, _MOST_WORDS, _HALF_OF_DAY = 60, 4, 6
"""Characters of a moment; words beside its numbers – a weekday, a half of the day; letters beside a clock alone."""


def is_moment(value: str) -> bool:
    """Say whether a value is a day, a time of day, or both, however people write them, and nothing besides."""
    if not 4 <= len(value) <= _LONGEST or not _DIGIT.search(value):
        return False
    day = _DAY.search(value)
    rest, days = (value, 0) if day is None or not _is_day(day[0]) else (_DAY.sub(" ", value, count=1), 1)
    clock = _CLOCK_OF_DAY if days else _CLOCK
    rest, clocks = clock.subn(" ", _ZONE.sub(" ", rest) if days else rest, count=1)
    words = [*map(len, re.findall(r"[^\W\d_]+", rest))]
    if not days + clocks or any(map(str.isdigit, rest)) or len(words) > _MOST_WORDS:
        return False
    return max(words, default=0) <= 12 if days else sum(words) <= _HALF_OF_DAY


def _is_day(said: str) -> bool:
    """Whether a number, a word and a number are a day: the word is a month, as in no "thing 1 number 10", or a year is.

    Of months in other languages than those that are known the year has four digits.
    """
    words = re.findall(r"[^\W\d_]{3,}", said)
    plain = [re.sub(r"[^a-z]", "", normalize("NFKD", word.casefold())) for word in words]
    return not words or any(word in _MONTHS for word in plain) or _YEAR.search(said) is not None
