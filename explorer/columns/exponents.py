"""Tells numbers with an exponent, “1.5e-3”, from codes that have an E between digits, “1E00”, “12E4”.

What a number is otherwise, `numbers` says.
"""

from __future__ import annotations

import re
from typing import Any

from explorer.columns.nouns import CATEGORY, Reading

_BARE = re.compile(r"(?P<before>\d+)(?P<sign>[eE])(?P<after>\d+)")
"""Digits, an E, digits: programs put a point before it or a sign behind it; people do not, nor do codes."""
_TOLD = re.compile(r"[-+(]?\d*(?:[.,]\d*[eE][-+]?\d+|\d[eE][-+]\d+)\)?|[-+]\d+[eE]\d+|[-+]?\d*[.,]\d+")
"""What a number has that a code has not: decimals, a sign of its own or of its exponent."""
_OTHER = re.compile(r"\d+[A-Za-z]\d+")
_MOST = 10


def codes_with_e(texts: Any) -> Reading | None:
    """Return categories where strings, an arrow array (m,), are codes with an E; None where they are numbers.

    These are of one length, have zeros in front, or stand beside codes with another letter; of others it is not sure.
    """
    values = [text for text in texts.to_pylist() if text]
    bare = [found for text in values if (found := _BARE.fullmatch(text))]
    if not bare or any(_TOLD.fullmatch(text) for text in values):
        return None
    if any(_OTHER.fullmatch(text) and not _BARE.fullmatch(text) for text in values):
        return Reading(CATEGORY)
    padded = any(len(one[part]) > 1 and one[part].startswith("0") for one in bare for part in ("before", "after"))
    alike = len(bare) > 1 and len(bare) == len(values) and len({len(one[0]) for one in bare}) == 1
    if padded or alike:
        return Reading(CATEGORY)
    return None if _are_by_hand(values, bare) else Reading(CATEGORY, sure=False, doubt="they may be numbers")


def are_sure(texts: Any) -> bool:
    """Say whether nothing among strings that are numbers, an arrow array (m,), may be a code."""
    values = [text for text in texts.to_pylist() if text]
    told = any(_TOLD.fullmatch(text) for text in values)
    return told or not any(_BARE.fullmatch(text) for text in values)


def _are_by_hand(values: list[str], bare: list[re.Match[str]]) -> bool:
    """Whether most are plain numbers, and the others as people write large ones, “1e6”."""
    short = all(len(one["before"]) == 1 and len(one["after"]) <= 2 and int(one["after"]) <= _MOST for one in bare)
    return short and 2 * len(bare) < len(values)
