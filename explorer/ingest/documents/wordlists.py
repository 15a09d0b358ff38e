"""Counts the numbered paragraphs of a Word file: its text has no numbers, its program makes them.

Source: ECMA-376, part 1, sections 17.9.  It reads no file: `office` does.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_PLACE = re.compile(r"%([1-9])")
_LEVELS, _LARGEST, _LONGEST = 9, 100_000, 60
_ROMAN = ((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"),
          (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))  # fmt: skip
_SAID = frozenset({"decimal", "decimalZero", "lowerLetter", "upperLetter", "lowerRoman", "upperRoman", "ordinal"})


@dataclass
class _Level:
    """How a level of a list is numbered: from where on, in which figures, with what around them, for which style."""

    start: int = 1
    figures: str = "bullet"
    around: str = ""
    style: str = ""


@dataclass
class Lists:
    """The lists of a file, and how far each is counted while its paragraphs are gone through in their order."""

    levels: dict[str, list[_Level]] = field(default_factory=dict)
    """By the number of an abstract list."""
    lists: dict[str, str] = field(default_factory=dict)
    """The abstract list of each list."""
    starts: dict[tuple[str, int], int] = field(default_factory=dict)
    """Where a list begins anew, by it and its level."""
    styles: dict[str, tuple[str, int]] = field(default_factory=dict)
    """The list and the level of a style."""
    counts: dict[str, list[int]] = field(default_factory=dict)
    begun: set[tuple[str, int]] = field(default_factory=set)

    def label(self, paragraph: Any) -> str:
        """Return what stands before a paragraph, “2.1”, and count it; "" before one that is none, or has a bullet."""
        told = paragraph.find(f"{_W}pPr")
        number, level = self._of(told)
        abstract = self.lists.get(number, "")
        known = self.levels.get(abstract)
        if known is None or not 0 <= level < len(known):
            return ""
        counts = self.counts.setdefault(abstract, [0] * _LEVELS)
        if (number, level) in self.starts and (number, level) not in self.begun:
            self.begun.add((number, level))
            counts[level] = self.starts[number, level] - 1
        elif not counts[level]:
            counts[level] = known[level].start - 1
        counts[level] += 1
        counts[level + 1 :] = [0] * (_LEVELS - level - 1)
        if known[level].figures not in _SAID:
            return ""
        made = _PLACE.sub(lambda found: _figures(known, counts, int(found[1]) - 1), known[level].around)
        return made[:_LONGEST].strip()

    def _of(self, told: Any) -> tuple[str, int]:
        """Return the list and the level that a paragraph says, itself or by its style."""
        if told is None:
            return "", 0
        style = self.styles.get(_value(told.find(f"{_W}pStyle")), ("", 0))
        own = told.find(f"{_W}numPr")
        if own is None:
            return style
        number, level = _value(own.find(f"{_W}numId")), _value(own.find(f"{_W}ilvl"))
        return number or style[0], _whole(level, style[1])


def lists_of(numbering: Any, styles: Any) -> Lists:
    """Return the lists of a file by its parts of these; none where it has no part for lists."""
    found = Lists()
    if numbering is None:
        return found
    for one in numbering.iterfind(f"{_W}abstractNum"):
        levels = [_Level() for _ in range(_LEVELS)]
        for level in one.iterfind(f"{_W}lvl"):
            at = _whole(level.get(f"{_W}ilvl"), 0)
            if at < _LEVELS:
                start = _whole(_value(level.find(f"{_W}start")), 1)
                figures, around = _value(level.find(f"{_W}numFmt")), _value(level.find(f"{_W}lvlText"))
                levels[at] = _Level(start, figures or "decimal", around, _value(level.find(f"{_W}pStyle")))
        found.levels[one.get(f"{_W}abstractNumId") or ""] = levels
    for one in numbering.iterfind(f"{_W}num"):
        number = one.get(f"{_W}numId") or ""
        found.lists[number] = _value(one.find(f"{_W}abstractNumId"))
        for other in one.iterfind(f"{_W}lvlOverride"):
            start = other.find(f"{_W}startOverride")
            if start is not None:
                found.starts[number, _whole(other.get(f"{_W}ilvl"), 0)] = _whole(_value(start), 1)
    _take_styles(found, styles)
    return found


def _take_styles(found: Lists, styles: Any) -> None:
    """Note which styles number their paragraphs, themselves or as the style that they come from does."""
    known = {style.get(f"{_W}styleId") or "": style for style in styles.iterfind(f"{_W}style")}
    for name in known:
        chain, at = list[str](), name
        while at in known and at not in chain:
            chain.append(at)
            own = known[at].find(f"{_W}pPr/{_W}numPr")
            if own is not None:
                number = _value(own.find(f"{_W}numId"))
                levels = found.levels.get(found.lists.get(number, ""), [])
                by_style = next((place for place, level in enumerate(levels) if level.style == name), 0)
                found.styles[name] = number, _whole(_value(own.find(f"{_W}ilvl")), by_style)
                break
            at = _value(known[at].find(f"{_W}basedOn"))


def _figures(levels: list[_Level], counts: list[int], at: int) -> str:
    number, figures = counts[at] or levels[at].start, levels[at].figures
    if not 0 < number < _LARGEST:
        return str(number)
    if figures.endswith("Letter"):
        made = chr(97 + (number - 1) % 26) * ((number - 1) // 26 + 1)
    elif figures.endswith("Roman"):
        made, left = "", number if number < _LARGEST // 10 else 0
        for value, sign in _ROMAN:
            made, left = made + sign * (left // value), left % value
        made = made or str(number)
    else:
        made = f"{number:02d}" if figures == "decimalZero" else str(number)
    return made.upper() if figures.startswith("upper") else made


def _value(element: Any) -> str:
    return "" if element is None else element.get(f"{_W}val") or ""


def _whole(said: str | None, other: int) -> int:
    return int(said) if said and said.isdecimal() and len(said) < 7 else other
