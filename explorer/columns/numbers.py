"""Reads numbers as people write them: thousands marks, a decimal point or comma, a sign, %, one currency.

It does not decide which sign is the decimal one; `reading` does, by the whole column.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

POINT, COMMA = ".", ","
_CODES = (
    "USD|EUR|GBP|CHF|JPY|CNY|INR|AUD|CAD|NZD|SEK|NOK|DKK|PLN|CZK|HUF|RON|BRL|RUB|KRW|TRY|MXN|ZAR"
    r"|Euro|euro|Fr\.|kr\.?|zł|Kč|Ft"
)
_UNIT = rf"(?:US|AU?|CA?|NZ|HK|R)?\p{{Sc}}|{_CODES}"
_MEASURES = "m²|m2|qm|km²|km/h|km|cm|mm|kg|°C|°F|kWh|GB|MB|min|ha"
"""Units of measures that stand behind numbers; such of one letter stand behind house numbers, too."""
_WRITTEN = (
    rf"^(?P<open>\(?)(?P<sign>[-+]?) ?(?P<before>{_UNIT})? ?(?P<second>[-+]?)"
    r"(?P<body>\d(?:[\d., '’]*\d)?[.,]?(?:[eE][-+]?\d{1,3})?|\.\d+(?:[eE][-+]?\d{1,3})?)"
    rf" ?(?P<after>%|‰|{_MEASURES}|{_UNIT})?(?P<close>\)?)$"
)
_EXPONENT = r"(?:[eE][-+]?\d{1,3})?"
_LARGE = r"[1-9]\d{0,2}(?: \d{3})+|[1-9]\d{0,2}(?:['’]\d{3})+"
_THOUSANDS = {POINT: r"[1-9]\d{0,2}(?:,\d{3})+|[1-9]\d?(?:,\d{2})+,\d{3}", COMMA: r"[1-9]\d{0,2}(?:\.\d{3})+"}
_BODIES = {
    POINT: (
        rf"^(?:\d+|{_LARGE})(?:\.\d*)?{_EXPONENT}$|^\.\d+{_EXPONENT}$"
        rf"|^(?:{_THOUSANDS[POINT]})(?:\.\d*)?$|^(?:{_THOUSANDS[POINT]})\.\d+{_EXPONENT}$"
    ),
    COMMA: (
        rf"^(?:\d+|{_LARGE})(?:,\d+)?{_EXPONENT}$"
        rf"|^(?:{_THOUSANDS[COMMA]})(?:,\d+)?$|^(?:{_THOUSANDS[COMMA]}),\d+{_EXPONENT}$"
    ),
}
"""What is a number with either sign.  The only mark before an exponent is the decimal one: 2,380E+04 is 23,800."""
_MARKS = {POINT: "[, '’]", COMMA: "[. '’]"}


@dataclass(frozen=True)
class Numbers:
    """Strings taken apart, arrow arrays (m,): the digits with their marks, null where it is no number, and the unit."""

    body: Any
    negative: NDArray[np.bool_]
    unit: Any

    def units(self) -> list[str]:
        """Return the different units, without "", which most have."""
        return [unit for unit in self.unit.unique().to_pylist() if unit]

    def are_measures(self) -> bool:
        """Say whether some have the unit of a measure: whether they are a scale or kinds of things nobody knows."""
        return not set(_MEASURES.split("|")).isdisjoint(self.units())

    def valid(self, decimal: str) -> NDArray[np.bool_]:
        """Say which strings are numbers with this decimal sign, bool (m,)."""
        import pyarrow.compute as pc

        matches = pc.fill_null(pc.match_substring_regex(self.body, _BODIES[decimal]), False)
        return np.asarray(matches.to_numpy(zero_copy_only=False), np.bool_)

    def values(self, decimal: str) -> NDArray[np.float64]:
        """Return the numbers, float64 (m,), nan where a string is none; too large ones are infinite."""
        import pyarrow as pa
        import pyarrow.compute as pc

        valid = self.valid(decimal)
        digits = pc.replace_substring_regex(self.body, _MARKS[decimal], "")
        digits = pc.replace_substring(digits, ",", ".") if decimal == COMMA else digits
        kept = pc.if_else(pa.array(valid), digits, pa.scalar(None, digits.type))
        found = np.array(kept.cast(pa.float64()).to_numpy(zero_copy_only=False), np.float64)
        return np.where(self.negative, -found, found)

    def has_marks(self) -> bool:
        """Say whether some string has a point or a comma."""
        import pyarrow.compute as pc

        return bool(pc.any(pc.match_substring_regex(self.body, "[.,]")).as_py())

    def has_only_three_decimals(self) -> bool:
        """Say whether some string has a comma, and each that has one ends in it and three digits, as 1,007."""
        import pyarrow.compute as pc

        commas = pc.match_substring(self.body, ",")
        three = pc.match_substring_regex(self.body, r"^[1-9]\d{0,2},\d{3}$")
        return bool(pc.any(commas).as_py()) and not pc.any(pc.and_not(commas, three)).as_py()

    def is_ambiguous(self) -> bool:
        """Say whether some string is two numbers, as 1.234 is, and none says which sign is the decimal one."""
        import pyarrow.compute as pc

        both = self.valid(POINT) & self.valid(COMMA)
        marked = pc.fill_null(pc.match_substring_regex(self.body, "[.,]"), False).to_numpy(zero_copy_only=False)
        return bool((both & marked).any())


def taken_apart(texts: Any) -> Numbers:
    """Take strings, an arrow array (m,), apart; O(characters)."""
    import pyarrow as pa
    import pyarrow.compute as pc

    parts = pc.extract_regex(texts, _WRITTEN)
    field = {
        name: pc.struct_field(parts, name) for name in ("open", "sign", "before", "second", "body", "after", "close")
    }
    opened, closed = pc.equal(field["open"], "("), pc.equal(field["close"], ")")
    fits = pc.and_(pc.equal(opened, closed), pc.or_(pc.equal(field["sign"], ""), pc.equal(field["second"], "")))
    fits = pc.and_(fits, pc.or_(pc.equal(field["before"], ""), pc.equal(field["after"], "")))
    body = pc.if_else(fits, field["body"], pa.scalar(None, field["body"].type))
    minus = pc.or_(opened, pc.or_(pc.equal(field["sign"], "-"), pc.equal(field["second"], "-")))
    negative = np.asarray(pc.fill_null(minus, False).to_numpy(zero_copy_only=False), np.bool_)
    unit = pc.binary_join_element_wise(field["before"], field["after"], pa.scalar("", pa.large_string()))
    return Numbers(body, negative, unit)
