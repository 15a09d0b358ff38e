"""Tells which paragraphs of a Word file are headings: by their style or level, else short ones all in bold.

It reads no file: `office` does.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_HEADING = re.compile(r"(?:heading|überschrift|titre|título|titolo|kop|rubrik|overskrift) ?\d|title")
_LONGEST, _WORDS, _FEWEST, _MOST = 100, 12, 2, 0.4
"""Characters and words of a heading without a style, at most; how many there are at least, and as a share at most."""


def headings_of(styles: Any, body: Any) -> Callable[[Any], bool]:
    """Return what says of a paragraph whether it is a heading; O(size)."""
    known = _heading_styles(styles)
    paragraphs = [one for one in body.iter(f"{_W}p") if one.getparent().tag != f"{_W}tc"]
    if any(_is_heading(one, known) for one in paragraphs):
        return lambda one: _is_heading(one, known)
    filled = [one for one in paragraphs if _text(one).strip()]
    bold = [at for at, one in enumerate(filled) if _is_bold(one)]
    found = {filled[at] for at in bold if at + 1 < len(filled) and at + 1 not in set(bold)}
    if not _FEWEST <= len(found) <= _MOST * len(filled) or len(found) < len(bold) / 2:
        return lambda _one: False
    return lambda one: one in found


def _heading_styles(styles: Any) -> frozenset[str]:
    """Return the ids of the styles of headings: a title's, those in the outline, and what comes of them."""
    known = {style.get(f"{_W}styleId"): style for style in styles.iterfind(f"{_W}style")}
    found: set[str] = set()
    for name in known:
        chain: list[str] = []
        at: str | None = name
        while at in known and at not in chain and at is not None:
            chain.append(at)
            style = known[at]
            called = _value(style.find(f"{_W}name")).lower()
            if _HEADING.fullmatch(called) or _level(style.find(f"{_W}pPr")):
                found.add(name)
                break
            at = _value(style.find(f"{_W}basedOn"))
    return frozenset(found)


def _is_heading(paragraph: Any, styles: frozenset[str]) -> bool:
    """Whether a paragraph is a heading, in no table."""
    told = paragraph.find(f"{_W}pPr")
    if told is None or paragraph.getparent().tag == f"{_W}tc":
        return False
    return _value(told.find(f"{_W}pStyle")) in styles or _level(told)


def _is_bold(paragraph: Any) -> bool:
    """Whether a paragraph is short, all in bold, and no sentence."""
    text = _text(paragraph).strip()
    if not 0 < len(text) <= _LONGEST or len(text.split()) > _WORDS or text[-1] in ".,;:!":
        return False
    runs = [one for one in paragraph.iter(f"{_W}r") if "".join(t.text or "" for t in one.iter(f"{_W}t")).strip()]
    return bool(runs) and all(_is_on(one.find(f"{_W}rPr/{_W}b")) for one in runs)


def _text(paragraph: Any) -> str:
    return "".join(one.text or "" for one in paragraph.iter(f"{_W}t"))


def _is_on(told: Any) -> bool:
    return told is not None and _value(told).lower() not in ("0", "false", "off", "none")


def _value(element: Any) -> str:
    return "" if element is None else element.get(f"{_W}val") or ""


def _level(told: Any) -> bool:
    """Whether what is told of a paragraph or a style gives it a level in the outline; 9 is none."""
    level = "" if told is None else _value(told.find(f"{_W}outlineLvl"))
    return level.isdecimal() and level != "9"
