"""Tells days and times of day, however people write them, from words and other numbers.

It reads none of them: `explorer.columns` does.
"""

from __future__ import annotations

import re

_DAY = re.compile(
    r"\d{1,4}(?:[-/.] ?|년 ?|年)\d{1,2}(?:[-/.] ?|월 ?|月)\d{1,4}(?:[.일日])?"
    r"|\d{1,2}(?:st|nd|rd|th|\.)?[ -](?:de |d')?[^\W\d_]{3,12}\.?,?[ -](?:de )?\d{2,4}"
    r"|[^\W\d_]{3,12}\.? \d{1,2}(?:st|nd|rd|th)?,? \d{4}"
)
_CLOCK = re.compile(r"(?<!\d)\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d{1,9})?)?(?!\d)")
_CLOCK_OF_DAY = re.compile(r"(?<!\d)\d{1,2}[:.]\d{2}(?:[:.]\d{2}(?:[.,]\d{1,9})?)?(?!\d)")
_DIGIT = re.compile(r"\d")
_ZONE = re.compile(r"(?:Z|(?:UTC|GMT)?[+-]\d{1,2}:?\d{2})$")
_LONGEST, _MOST_WORDS, _HALF_OF_DAY = 60, 4, 6
"""Characters of a moment; words beside its numbers – a weekday, a half of the day; letters beside a clock alone."""


def is_moment(value: str) -> bool:
    """Say whether a value is a day, a time of day, or both, however people write them, and nothing besides."""
    if not 4 <= len(value) <= _LONGEST or not _DIGIT.search(value):
        return False
    rest, days = _DAY.subn(" ", value, count=1)
    clock = _CLOCK_OF_DAY if days else _CLOCK
    rest, clocks = clock.subn(" ", _ZONE.sub(" ", rest) if days else rest, count=1)
    words = [*map(len, re.findall(r"[^\W\d_]+", rest))]
    if not days + clocks or any(map(str.isdigit, rest)) or len(words) > _MOST_WORDS:
        return False
    return max(words, default=0) <= 12 if days else sum(words) <= _HALF_OF_DAY
