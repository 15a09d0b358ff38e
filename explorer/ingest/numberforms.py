"""Takes apart how a spreadsheet shows numbers: “00000”, “+0”, “#,##0.00 €”, “0%”.

Source: ECMA-376, part 1, section 18.8.31 (number format codes).  It reads no file.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

_TOKEN = re.compile(
    r'"([^"]{0,100})"|\\(.)|\[\$([^\]\-]{0,20})(?:-[^\]]{0,20})?\]|\[([^\]]{0,40})\]|_.|\*.|(General)|([\s\S])'
)
_DIGITS, _LATER = frozenset("0#?"), frozenset("ymdhsYMDHSeEgG@/")
_COLOURS = re.compile(r"(?i)(?:black|blue|cyan|green|magenta|red|white|yellow|color ?\d+)")
PERCENT = "%"
_LONGEST = 300
_CURRENCY = re.compile(r"[$€£¥₹₽₺₩₪₫฿₴₦]|[A-Z]{3}|(?:kr|zł|Kč|Ft|lei|Fr|R|лв|CHF)\.?")


_SHOWN = re.compile(r"(?P<before>[^\d-]{0,40}?)(?P<core>-?\d(?:[\d.,'’/-]| (?=\d)){0,60})(?P<behind>\D{0,40})")
_GROUPED = re.compile(r"(?:0|[1-9]\d*|[1-9]\d{0,2}(?:[., '’]\d{2,3})*[., '’]\d{3})(?:[.,]\d*)?")
"""A number as it is read aloud: no zeros in front, signs between thousands."""


@dataclass(frozen=True)
class Form:
    """How a number is shown: digits and what stands before, between and behind them; its *unit*, “{} kg”.

    *places* are its integer's places, "0" for one that is always shown, other signs as they are.
    """

    places: tuple[str, ...]
    unit: str = ""
    is_text: bool = False
    """Whether it shows more than a number: zeros in front, or signs among the digits."""

    def shown(self, number: int) -> str:
        """Return how a whole number from 0 on is shown."""
        digits = list(str(number)) if number else []
        made: list[str] = []
        first = next(at for at, place in enumerate(self.places) if place in _DIGITS)
        for at in range(len(self.places) - 1, -1, -1):
            place = self.places[at]
            if place not in _DIGITS:
                made.append(place)
                continue
            made.append(digits.pop() if digits else "0" if place == "0" else "")
            if at == first:
                made += reversed(digits)
        return "".join(reversed(made)).strip()


def form_of(code: str) -> Form | None:
    """Return what a code shows beside a number; None of one that shows a number alone, a date or a condition."""
    if len(code) > _LONGEST:
        return None
    places: list[str] = []
    before, behind, plain = "", "", True
    for quoted, escaped, money, told, general, sign in _TOKEN.findall(code):
        if sign == ";":
            break
        literal = quoted or escaped or money
        if told and not _COLOURS.fullmatch(told):
            return None  # a condition, or a time
        if sign in _LATER:
            return None
        if general or sign in _DIGITS or sign in (".", ","):
            plain = plain and sign in _DIGITS
            places.append(sign or "0")
            continue
        literal = literal or sign
        if literal and not told:
            behind, before = (behind + literal, before) if _has_digit(places) else (behind, before + literal)
            places.append(literal)
    if not _has_digit(places):
        return None
    return _judged(places, before.strip(), behind.strip(), plain=plain)


def _judged(places: list[str], before: str, behind: str, *, plain: bool) -> Form | None:
    last = max(at for at, place in enumerate(places) if place in _DIGITS)
    first = next(at for at, place in enumerate(places) if place in _DIGITS)
    within = any(place not in _DIGITS and place.strip(".,") for place in places[first:last])
    money = bool(before) and bool(_CURRENCY.fullmatch(before))
    named = bool(re.search(r"[\w+#]", before)) and not money
    if plain and (places.count("0") > 1 or within or named):
        return Form(tuple(places), is_text=True)
    behind = "" if within or not behind.strip("()-+., ") else behind
    unit = f"{before}{{}}" if money and not within else f"{{}}{behind}" if behind == PERCENT else f"{{}} {behind}"
    return Form(tuple(places), unit) if unit.strip() != "{}" else None


def form_shown(shown: str, value: str, kind: str, currency: str = "") -> Form | str | None:
    """Return what a number shows beside itself, by what is shown of it: a unit, or the words where they are more.

    *kind* is "float", "percentage" or "currency", as OpenDocument has it; None where it shows a number alone.
    """
    said = _SHOWN.fullmatch(" ".join(shown[:_LONGEST].split()))
    if said is None:
        return None
    before, core, behind = said["before"].strip(), said["core"], said["behind"].strip()
    if kind == "percentage" or behind == PERCENT:
        return Form((), f"{{}}{PERCENT}") if kind == "percentage" else Form((), f"{{}} {PERCENT}")
    money = kind == "currency" or bool(_CURRENCY.fullmatch(before))
    digits = "".join(filter(str.isdecimal, core))
    if value.isdecimal() and digits.lstrip("0") == value.lstrip("0") and not money:
        named = re.search(r"[\w+#]", before)
        if named or (not _GROUPED.fullmatch(core) and len(core) > 1):
            return shown.strip()
    before = before if money else ""
    behind = behind or ("" if before else currency)
    if not (before + behind).strip("()-+., "):
        return None
    return Form((), f"{before}{{}}" if before else f"{{}} {behind}")


def with_unit(value: float, unit: str) -> str:
    """Return a number with its unit, as “£5.5” or “25%”."""
    number = Decimal(repr(value)) * (100 if unit == f"{{}}{PERCENT}" else 1)
    return unit.format(f"{number.normalize():f}")


def unit_in_words(unit: str) -> str:
    """Return what a unit says of a column's numbers."""
    bare = unit.format("").strip()
    return f"shown as {PERCENT}: 0.25 is 25{PERCENT}" if bare == PERCENT else f"in {bare}"


def _has_digit(places: list[str]) -> bool:
    return any(place in _DIGITS for place in places)
