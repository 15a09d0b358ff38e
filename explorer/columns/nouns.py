"""How a column is read, and a column as it was read; the words for both.

It reads no column.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from explorer.columns.dates import ORDERS
from explorer.columns.numbers import COMMA, POINT
from explorer.errors import BadSetting

CATEGORY, NUMBER, DATE = "category", "number", "date"
TEXT, ID, LINK, PICTURE, VECTOR = "text", "id", "link", "picture", "vector"
WORDS = frozenset({CATEGORY, TEXT, ID, LINK, PICTURE, VECTOR})
"""Kinds of which nothing is counted: values stand as they are written."""
UNTOLD = WORDS - {CATEGORY}
"""Of these, what says nothing by coming again: no colour, and no statement on clusters, is made of a column set so."""
SECONDS, MILLISECONDS, COMPACT, CLOCK = "s", "ms", "compact", "clock"
FORMS: dict[str, tuple[str, ...]] = {
    CATEGORY: (),
    NUMBER: (POINT, COMMA),
    DATE: (*ORDERS, SECONDS, MILLISECONDS, COMPACT, CLOCK),
    **dict.fromkeys((TEXT, ID, LINK, PICTURE, VECTOR), ()),
}


@dataclass(frozen=True)
class Reading:
    """How a column is read: its kind, the *form* of its values, and whether they are *sure* to be in that form.

    The form of a number is its decimal sign, of a date the order of day, month and year ("dmy", "mdy", "ymd"), "s" or
    "ms" since 1970, "compact" (20240131), or "clock" (07:45, which is of no day); "" where values say it themselves.
    *doubt* names what is not sure, in words.
    """

    kind: str
    form: str = ""
    sure: bool = True
    doubt: str = ""

    def __str__(self) -> str:
        """Return what `parse_reading` reads: "category", "date:mdy"."""
        return f"{self.kind}:{self.form}" if self.form else self.kind


@dataclass(frozen=True)
class Seen:
    """A column as it was read: float64 (n,) – of dates seconds since 1970, of times since midnight –, or None of words.

    *unread* values are there but not of the kind; *examples* are the first different ones, as the file has them.
    *zone* is the zone of moments, None for those without; where each value says its own, *east* is how many seconds its
    clock is ahead of UTC, float64 (n,), and where some are days without a time, *timed* says which have one, bool (n,).
    """

    reading: Reading
    numbers: NDArray[np.float64] | None = None
    unread: int = 0
    examples: tuple[str, ...] = ()
    zone: Any = None
    east: NDArray[np.float64] | None = None
    timed: NDArray[np.bool_] | None = None


class Column(Protocol):
    """A column that can be read in several ways."""

    def guess(self) -> Reading:
        """Return how it is read, by a sample of it, the form left open."""
        ...

    def formed(self, reading: Reading) -> Reading:
        """Return the reading with the form that the whole column has, unless it has one."""
        ...

    def offered(self) -> list[Reading]:
        """Return how else it may sensibly be read."""
        ...

    def seen(self, reading: Reading) -> Seen:
        """Read it as numbers or dates of a form."""
        ...


def parse_reading(words: str) -> Reading:
    """Return what "category", "number", "number:,", "date:mdy", "text" or "id" says.  Raises BadSetting."""
    kind, _, form = words.partition(":")
    if kind not in FORMS or (form and form not in FORMS[kind]):
        known = ", ".join([*FORMS, *(f"{of}:{form}" for of, forms in FORMS.items() for form in forms)])
        raise BadSetting(f"a column is not read as {words[:60]!r}; it can be read as {known}.")
    return Reading(kind, form)
