"""Reads dates as people write them, with or without a time and a zone, in words of seven languages.

It does not decide whether days stand before months; `reading` does, by the whole column.  Serials of spreadsheets are
numbers, times of day are no dates.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import Any, cast
from unicodedata import combining, normalize

import numpy as np
from numpy.typing import NDArray

DAY_FIRST, MONTH_FIRST, YEAR_FIRST = "dmy", "mdy", "ymd"
ORDERS = (DAY_FIRST, MONTH_FIRST, YEAR_FIRST)
_CENTURY = 69
"""Two-digit years from here on are of 1900, those before of 2000, as POSIX has them."""
_NEXT, _OLDEST = 2000, 115
"""The century after it; years that hardly anybody lives."""
_BIRTHDAY = re.compile(
    r"birth(?!place| place| weight|weight| rate|rate)|\bborn\b|\bd\.?o\.?b\b|geburts?(?:datum|tag|jahr)|"
    r"\bgeb(?:oren)?\b|"
    r"naissance|\bnee? le\b|nacimiento|\bnacid[oa]\b|nascita|\bnat[oa] il\b|nascimento|geboorte|fodelse|\bfodd\b|"
    r"fødsel|\bfødt\b|urodz|narozen|szulet|syntyma|dogum|nascut|rozhd|рожд|народж|γεννησ|出生|生日|生年月日|생년월일"
)
"""What a column of days of birth is called, in small letters without accents."""
MONTHS = {
    "en": "january february march april may june july august september october november december",
    "en, short": "jan feb mar apr may jun jul aug sep oct nov dec",
    "de": "januar februar marz april mai juni juli august september oktober november dezember",
    "de, short": "jan feb mar apr mai jun jul aug sept okt nov dez",
    "de, others": "janner feber mrz apr mai jun jul aug sep okt nov dez",
    "fr": "janvier fevrier mars avril mai juin juillet aout septembre octobre novembre decembre",
    "fr, short": "janv fevr mars avr mai juin juil aout sept oct nov dec",
    "fr, others": "jan fev mar avr mai jun jul aou sep oct nov dec",
    "es": "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
    "es, short": "ene feb mar abr may jun jul ago set oct nov dic",
    "it": "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre",
    "it, short": "gen feb mar apr mag giu lug ago set ott nov dic",
    "pt": "janeiro fevereiro marco abril maio junho julho agosto setembro outubro novembro dezembro",
    "pt, short": "jan fev mar abr mai jun jul ago set out nov dez",
    "nl": "januari februari maart april mei juni juli augustus september oktober november december",
    "nl, short": "jan feb mrt apr mei jun jul aug sep okt nov dec",
}
"""The twelve months of each language, without accents; a word that several have means the same month (tested)."""


_WEEKDAYS = (
    "montag dienstag mittwoch donnerstag freitag samstag sonntag mo di mi do fr sa so "
    "lundi mardi mercredi jeudi vendredi samedi dimanche lun mar mer jeu ven sam dim "
    "lunes martes miercoles jueves viernes sabado domingo mie jue vie sab dom "
    "lunedi martedi mercoledi giovedi venerdi sabato domenica gio "
    "segunda terca quarta quinta sexta seg ter qua qui sex "
    "maandag dinsdag woensdag donderdag vrijdag zaterdag zondag ma wo vr za zo"
)


_EASTERN = tuple(
    (normalize("NFKD", pattern), by)
    for pattern, by in (
        (r"(?:오전|上午|午前) ?(\d{1,2}:\d{2}(?::\d{2})?)", r"\1 AM"),
        (r"(?:오후|下午|午後) ?(\d{1,2}:\d{2}(?::\d{2})?)", r"\1 PM"),
        (r"^(\d{4}) ?[年년] ?(\d{1,2}) ?[月월] ?(\d{1,2}) ?[日일]", r"\1-\2-\3"),
        (r"^(\d{4})\. ?(\d{1,2})\. ?(\d{1,2})\. ?", r"\1-\2-\3 "),
        (r"\((?:[月火水木金土日]|[월화수목금토일])\)", ""),
    )
)
"""How China, Japan and Korea write days and halves of them, and how that is written here."""


def bare(texts: Any) -> Any:
    """Return an arrow array of strings without their accents, with plain spaces and figures, days as in the West."""
    import pyarrow.compute as pc

    plain = pc.replace_substring_regex(pc.utf8_normalize(texts, form="NFKD"), r"\pM+", "")
    for pattern, by in _EASTERN:
        plain = pc.replace_substring_regex(plain, pattern, by)
    return plain


_NUMBER_OF = {name: number for names in MONTHS.values() for number, name in enumerate(names.split(), start=1)}
_MONTH = rf"(?P<month>{'|'.join(sorted(_NUMBER_OF, key=len, reverse=True))})\.?"
_WEEKDAY = rf"(?:(?:(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*|(?:{'|'.join(_WEEKDAYS.split())})(?:-feira)?)\.?,? )?"
_ZONES = {
    "wet": 0, "west": 1, "bst": 1, "cet": 1, "cest": 2, "mez": 1, "mesz": 2, "eet": 2, "eest": 3, "oez": 2, "oesz": 3,
    "msk": 3, "jst": 9, "kst": 9, "aest": 10, "aedt": 11, "nzst": 12, "nzdt": 13,
    "est": -5, "edt": -4, "cdt": -5, "mdt": -6, "mst": -7, "pdt": -7, "pst": -8, "akst": -9, "akdt": -8, "hst": -10,
}  # fmt: skip
"""Hours east of UTC of zones that programs write by letters; such as have one meaning nearly everywhere."""
_LETTERS = "|".join(sorted(_ZONES, key=len, reverse=True))
_ZONE = (
    rf"(?P<zone>z|{_LETTERS}|"
    r"(?:utc|gmt)(?: ?[-+]\d{1,2}(?::?\d{2})?)?|[-+]\d{2}:?(?:\d{2})?)?(?: ?\([a-z ]+\))?"
)
_NAMED = rf"(?: (?P<zone>[-+]\d{{4}}|utc|gmt|{_LETTERS}))?"
_CLOCK = (
    r"(?P<h>\d{1,2})[:h](?P<min>\d{2})(?::(?P<s>\d{2})(?:[.,](?P<frac>\d{1,9}))?)?"
    r"(?: ?(?P<half>[ap])\.? ?m\.?)?(?: uhr)?"
)
_TIME = rf"(?:(?:t|:|,? +|, ?(?:um|at|a|a las|alle|ore)? ?| (?:at|um|a|a las|alle|ore) ){_CLOCK} ?{_ZONE})?"
_APART = r"(?:[/-]|\. ?)"
_YEAR = r"(?P<y>\d{4})"
_SHORT_OR_LONG = r"(?P<y>\d{4}|\d{2})"
_DAY = r"(?P<first>\d{1,2})(?:st|nd|rd|th|er|[oa°]|\.)?"
_PATTERNS: tuple[tuple[str, bool], ...] = (
    (rf"(?i)^{_YEAR}[-/.](?P<second>\d{{1,2}})[-/.](?P<first>\d{{1,2}}){_TIME}$", False),
    (
        rf"(?i)^{_WEEKDAY}(?P<first>\d{{1,2}}){_APART}(?P<second>\d{{1,2}}){_APART}{_SHORT_OR_LONG}{_TIME}$",
        True,
    ),
    (rf"(?i)^{_WEEKDAY}{_DAY}[ /-]?(?:of |de |d['’] ?)?{_MONTH},?(?: del? |[ /-]?){_SHORT_OR_LONG}{_TIME}$", False),
    (rf"(?i)^{_WEEKDAY}{_MONTH} {_DAY},? {_YEAR}{_TIME}$", False),
    (
        rf"(?i)^{_WEEKDAY}{_MONTH} +(?P<first>\d{{1,2}}) {_CLOCK}{_NAMED} {_YEAR}$",
        False,
    ),
    (
        r"(?i)^(?P<y>(?:19|20)\d{2})(?P<second>\d{2})(?P<first>\d{2})"
        rf"t(?P<h>\d{{2}})(?P<min>\d{{2}})(?:(?P<s>\d{{2}})(?:[.,](?P<frac>\d{{1,9}}))?)?{_ZONE}$",
        False,
    ),
    (rf"(?i)^{_YEAR}-(?P<second>\d{{2}})$", False),
    (rf"(?i)^{_MONTH}(?: del?)? {_YEAR}$", False),
)
"""What is looked for, one after the other, and whether its two numbers may stand in either order."""
_FIELDS = ("y", "first", "second", "h", "min", "s")
_SHORTEST, _LONGEST = 6, 60
"""Characters of what is looked at."""
_FEW = 500
"""Strings, at most, of which Python is faster than arrow, which compiles a pattern at each call: 3 ms for all."""


@dataclass(frozen=True)
class Dates:
    """Strings taken apart, arrays (m,): year, the two numbers beside it, seconds of the day; *there*: like a date.

    *loose* ones have their numbers in an order that the column decides; *short* years have two digits; *zoned* ones
    say how many seconds *east* of UTC they are, and are in UTC; *halved* ones have a time before or after noon,
    *padded* ones a zero in front of a day or a month, *timed* ones a time of day.
    Years of two digits before the *pivot* are of 2000.
    """

    there: NDArray[np.bool_]
    loose: NDArray[np.bool_]
    short: NDArray[np.bool_]
    zoned: NDArray[np.bool_]
    dotted: NDArray[np.bool_]
    halved: NDArray[np.bool_]
    padded: NDArray[np.bool_]
    timed: NDArray[np.bool_]
    year: NDArray[np.int64]
    first: NDArray[np.int64]
    second: NDArray[np.int64]
    seconds: NDArray[np.float64]
    east: NDArray[np.float64]
    pivot: int = _CENTURY

    def moments(self, order: str) -> NDArray[np.float64]:
        """Return seconds since 1970, float64 (m,), nan where a string is no date in this order."""
        swapped = self.loose & (order == MONTH_FIRST)
        turned = self.loose & self.short & (order == YEAR_FIRST)
        day = np.where(turned, self.year, np.where(swapped, self.second, self.first))
        month = np.where(swapped, self.first, self.second)
        year = np.where(turned, self.first, self.year)
        year = np.where(self.short, year + np.where(year >= self.pivot, 1900, 2000), year)
        possible = self.there & (year >= 1) & (month >= 1) & (month <= 12) & (day >= 1) & (day <= 31)
        if order == YEAR_FIRST:
            possible &= ~self.loose | self.short
        months = np.where(possible, (year - 1970) * 12 + month - 1, 0).astype("datetime64[M]")
        days = months.astype("datetime64[D]") + (np.where(possible, day, 1) - 1)
        possible &= days.astype("datetime64[M]") == months
        return np.where(possible, days.astype(np.int64) * 86_400.0 + self.seconds, np.nan)

    def century_doubt(self, order: str) -> str:
        """Return what speaks against the pivot: two-digit years of both centuries, or such as are to come; "": nothing.

        Days of birth are of both where these live: it is what would make somebody no older than a hundred and more.
        """
        moments = self.moments(order)
        short = moments[self.short & np.isfinite(moments)]
        if not len(short):
            return ""
        years = short.astype("datetime64[s]").astype("datetime64[Y]").astype(np.int64) + 1970
        late = years[years >= _NEXT]
        if self.pivot != _CENTURY:
            either = late[late - 100 > this_year() - _OLDEST]
            return _taken(either, "may be a hundred years older") if len(either) else ""
        if years.max() > this_year():
            return _taken(late, "some of which are to come")
        if not len(late) or len(late) == len(years):
            return ""
        return f"{_taken(years[years < _NEXT])}, {_taken(late)}: the century is a guess"


def _taken(years: NDArray[np.int64], why: str = "") -> str:
    """Return in words as which years those of two digits are taken, and what is odd about it."""
    first, last = int(years.min()), int(years.max())
    words = f"years {first % 100:02}–{last % 100:02} are taken as {first}–{last}"
    words = words if first != last else f"the year {first % 100:02} is taken as {first}"
    return f"{words}, {why}" if why else words


def this_year() -> int:
    """Return the year of today: a day of birth is none to come."""
    return datetime.now(UTC).year


def pivot_of(name: str) -> int:
    """Return from which two digits on a year is of 1900 in a column of this name: days of birth are not to come."""
    plain = "".join(sign for sign in normalize("NFKD", name.casefold()) if not combining(sign))
    return this_year() % 100 + 1 if _BIRTHDAY.search(plain.replace("_", " ")) else _CENTURY


def taken_apart(texts: Any) -> Dates:
    """Take strings, an arrow array (m,), apart; O(characters)."""
    import pyarrow as pa
    import pyarrow.compute as pc

    m = len(texts)
    names = ("there", "loose", "short", "zoned", "dotted", "halved", "padded", "timed")
    flags = {name: np.zeros(m, np.bool_) for name in names}
    numbers = {name: np.zeros(m, np.int64) for name in ("year", "first", "second")}
    seconds, east = np.zeros(m), np.zeros(m)
    foreign = pc.invert(pc.fill_null(pc.string_is_ascii(texts), True))
    if pc.any(foreign).as_py():
        texts = pc.replace_with_mask(texts, foreign, bare(texts.filter(foreign)))
    lengths = pc.utf8_length(texts)
    fits = pc.and_(pc.greater_equal(lengths, _SHORTEST), pc.less_equal(lengths, _LONGEST))
    fits = pc.and_(fits, pc.match_substring_regex(texts, "[0-9]"))
    left = np.flatnonzero(pc.fill_null(fits, False).to_numpy(zero_copy_only=False))
    for pattern, loose in _PATTERNS:
        if not len(left):
            break
        hit, fields = _matched(texts.take(pa.array(left)), pattern)
        rows, left = left[hit], left[~hit]
        if len(rows):
            _take_in(rows, fields, flags, numbers, seconds, east)
            flags["loose"][rows] = loose
    dots = pc.fill_null(pc.match_substring_regex(texts, r"\d\. ?\d{1,2}\. ?\d"), False).to_numpy(zero_copy_only=False)
    flags["dotted"] |= np.asarray(dots, np.bool_)
    given = {**flags, **numbers, "seconds": seconds, "east": east}
    return Dates(**cast("dict[str, Any]", given))


def _matched(texts: Any, pattern: str) -> tuple[NDArray[np.bool_], dict[str, Any]]:
    """Say which strings have a pattern, bool (m,), and return the groups of those by name; "" is what it lacks."""
    import pyarrow as pa
    import pyarrow.compute as pc

    groups = _compiled(pattern).groupindex
    found: Any
    if len(texts) > _FEW:
        matches = pc.extract_regex(texts, pattern)
        hit = np.asarray(matches.is_valid().to_numpy(zero_copy_only=False), np.bool_)
        some = matches.filter(pa.array(hit))
        found = {name: pc.struct_field(some, name) for name in groups}
    else:
        matches = [_compiled(pattern).fullmatch(text) for text in texts.to_pylist()]
        hit = np.array([match is not None for match in matches], np.bool_)
        some = [match for match in matches if match is not None]
        found = {name: pa.array([match[name] or "" for match in some], pa.large_string()) for name in groups}
    empty = pa.array([""] * int(hit.sum()), pa.large_string())
    return hit, {name: found.get(name, empty) for name in (*_FIELDS, "month", "frac", "half", "zone")}


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    """Return a pattern that finds what arrow's finds in strings without accents."""
    return re.compile(pattern, re.ASCII)


def _take_in(
    rows: NDArray[np.int64],
    fields: Mapping[str, Any],
    flags: Mapping[str, NDArray[np.bool_]],
    numbers: Mapping[str, NDArray[np.int64]],
    seconds: NDArray[np.float64],
    east: NDArray[np.float64],
) -> None:
    """Write what a pattern found of some strings to their places; what cannot be, such as 25:00, is not there."""
    import pyarrow.compute as pc

    whole = {name: _whole(fields[name]) for name in _FIELDS}
    named = _by_name(fields["month"], lambda name: float(_NUMBER_OF.get(name, 0))).astype(np.int64)
    numbers["year"][rows] = whole["y"]
    numbers["first"][rows] = np.where(pc.equal(fields["first"], "").to_numpy(zero_copy_only=False), 1, whole["first"])
    numbers["second"][rows] = np.where(named > 0, named, whole["second"])
    flags["short"][rows] = pc.equal(pc.utf8_length(fields["y"]), 2).to_numpy(zero_copy_only=False)
    half = pc.utf8_lower(fields["half"])
    late, early = (pc.equal(half, sign).to_numpy(zero_copy_only=False) for sign in "pa")
    hours = np.where(late | early, whole["h"] % 12 + 12 * late, whole["h"])
    fraction = _whole(fields["frac"]) / 10.0 ** pc.utf8_length(fields["frac"]).to_numpy(zero_copy_only=False)
    offsets = _by_name(fields["zone"], _east)
    zoned = pc.not_equal(fields["zone"], "").to_numpy(zero_copy_only=False)
    seconds[rows] = hours * 3600 + whole["min"] * 60 + whole["s"] + fraction - offsets
    east[rows] = offsets
    flags["zoned"][rows] = zoned
    flags["halved"][rows] = late | early
    flags["timed"][rows] = pc.not_equal(fields["h"], "").to_numpy(zero_copy_only=False)
    first, second = (pc.starts_with(fields[name], "0") for name in ("first", "second"))
    flags["padded"][rows] = pc.or_(first, second).to_numpy(zero_copy_only=False)
    flags["there"][rows] = (
        (hours < 25) & (whole["min"] < 60) & (whole["s"] < 61) & ~((late | early) & (whole["h"] > 12))
    )


def _whole(texts: Any) -> NDArray[np.int64]:
    """Return strings of digits as numbers, 0 for the empty one."""
    import pyarrow.compute as pc

    filled = pc.if_else(pc.equal(texts, ""), "0", texts)
    return np.asarray(filled.cast("int64").to_numpy(zero_copy_only=False), np.int64)


def _by_name(texts: Any, meaning: Callable[[str], float]) -> NDArray[np.float64]:
    """Return what each string of an arrow array means, asked once of each different one, in lower case."""
    import pyarrow.compute as pc

    coded = pc.dictionary_encode(texts)
    meant = np.array([meaning(text.lower()) for text in coded.dictionary.to_pylist()], np.float64)
    return np.asarray(meant[coded.indices.to_numpy(zero_copy_only=False)])


def _east(zone: str) -> float:
    """Return how many seconds east of UTC a zone is."""
    if zone in _ZONES:
        return _ZONES[zone] * 3600.0
    said = zone.lstrip("utcgm ")
    digits = said.lstrip("+-").replace(":", "")
    if not digits.isdigit():
        return 0.0
    hours = len(digits) if len(digits) < 3 else len(digits) - 2
    return (-1.0 if said.startswith("-") else 1.0) * (int(digits[:hours]) * 3600 + int(digits[hours:] or 0) * 60)
