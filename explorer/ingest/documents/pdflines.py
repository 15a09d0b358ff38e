"""Puts the lines of a page of a PDF in the order in which they are read, where they were drawn in another.

It looks at where they stand, and at no words.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

GAP = "\u2003"
"""Stands for a wide gap between a line's number and its words, in the lines at the edges of a page."""
EDGE_LINES = 8
"""Lines at the top and at the foot of a page that may be of other pages or files, too: a letterhead has several."""
_LINE = re.compile(r"[^\r\n]+")
_NUMBER_LAST, _NUMBER_FIRST = re.compile(r"(?<!\s)\s+([0-9]{1,4}|[ivxlc]{1,7})$"), re.compile(r"\s*[0-9]{1,4}(\s+)\S")
_MOST_LINES = 400
_UPRIGHT = 0.7
"""Sine of the angle from which on a letter stands upright."""
_ONE_COLUMN = 6
"""How far lines of one column begin from each other at most, in heights of a letter."""
LONGEST = 400
"""Characters of a line that may hold the number of its page."""
_WIDE_GAP = 1.5
"""From how many heights of a letter on a gap is wide: no blank between words is."""
Box = tuple[float, float, float, float]


def laid_out(text: Any) -> str:
    """Return the text of a page as a reader sees it, of pypdfium2's *text* of it.

    Lines that stand upright come as they were drawn, those of a single column from top to bottom; what stands above or
    below all the rest, as headers and footers that were drawn before it do, comes first or last.  Any other page is
    read as it was drawn.
    """
    drawn = str(text.get_text_bounded())
    said = str(text.get_text_range())
    starts = [found.start() for found in _LINE.finditer(said)][: _MOST_LINES + 1]
    if not 1 < len(starts) <= _MOST_LINES or len(said) != text.count_chars():
        return drawn
    upright = _share_upright(text, starts)
    if upright:
        return said if upright > 1 / 2 else drawn
    lines = [said[start:end].strip("\r\n") for start, end in pairwise([*starts, len(said)])]
    boxes: list[Box] = [text.get_charbox(at) for at in starts]
    order = _of_one_column(boxes) or _with_edges_outside(boxes)
    gaps = _with_gaps(text, lines, starts, order or range(len(lines)))
    if order is None:
        return _marked(drawn, gaps)
    return "\n".join(gaps.get(lines[at], lines[at]).strip() for at in order)


def _share_upright(text: Any, starts: Sequence[int]) -> float:
    import pypdfium2.raw as pdfium

    angles = [pdfium.FPDFText_GetCharAngle(text, at) for at in starts]
    return sum(abs(math.sin(angle)) > _UPRIGHT for angle in angles) / len(starts)


def _of_one_column(boxes: Sequence[Box]) -> list[int] | None:
    """Return the order of the lines of a single column that were drawn in another; None for any other page."""
    lefts, tops = [box[0] for box in boxes], [box[3] for box in boxes]
    high = _height(boxes)
    order = sorted(range(len(tops)), key=lambda at: -tops[at])
    apart = all(tops[one] - tops[other] > high / 2 for one, other in pairwise(order))
    goes_back = any(other - one > high for one, other in pairwise(tops))
    alike = max(lefts) - min(lefts) <= _ONE_COLUMN * high
    return order if goes_back and apart and alike else None


def _with_edges_outside(boxes: Sequence[Box]) -> list[int] | None:
    """Return the order of lines with what was drawn first and stands below all the rest last, and the other way round.

    None where nothing does.
    """
    count = len(boxes)
    first, last = _outside(boxes, list(range(count))), _outside(boxes, list(range(count))[::-1])
    below = [at for at in first if boxes[at][3] <= _span(boxes, first)[0]]
    above = [at for at in last if boxes[at][1] >= _span(boxes, last)[1]]
    if not below and not above:
        return None
    head, foot = _downwards(boxes, above), _downwards(boxes, below)
    moved = {*head, *foot}
    return [*head, *(at for at in range(count) if at not in moved), *foot]


def _outside(boxes: Sequence[Box], order: Sequence[int]) -> list[int]:
    """Return as many of the first lines of an order as all stand above or below every line that comes after them."""
    for many in range(min(EDGE_LINES, (len(order) - 1) // 2), 0, -1):
        some = list(order[:many])
        low, high = _span(boxes, some)
        if all(boxes[at][3] <= low or boxes[at][1] >= high for at in some):
            return some
    return []


def _span(boxes: Sequence[Box], without: Sequence[int]) -> tuple[float, float]:
    """Return from where to where on the page the other lines reach."""
    left = set(without)
    rest = [box for at, box in enumerate(boxes) if at not in left]
    return min(box[1] for box in rest), max(box[3] for box in rest)


def _downwards(boxes: Sequence[Box], some: Sequence[int]) -> list[int]:
    return sorted(some, key=lambda at: (-boxes[at][3], boxes[at][0]))


def _height(boxes: Sequence[Box]) -> float:
    return sorted(top - bottom for _, bottom, _, top in boxes)[len(boxes) // 2]


def _with_gaps(text: Any, lines: Sequence[str], starts: Sequence[int], order: Sequence[int]) -> dict[str, str]:
    """Return the lines at the edges of a page whose number stands far from its words, with a mark in the gap."""
    found: dict[str, str] = {}
    for at in {*order[:EDGE_LINES], *order[-EDGE_LINES:]}:
        if len(lines[at]) > LONGEST:
            continue
        line, start = lines[at].rstrip(), starts[at]
        last, first = _NUMBER_LAST.search(line), _NUMBER_FIRST.match(line)
        places = [(last.start(), last.start(1))] if last and last.start() else []
        places += [first.span(1)] if first else []
        for before, after in places:
            left, right = text.get_charbox(start + before - 1), text.get_charbox(start + after)
            if right[0] - left[2] > _WIDE_GAP * max(left[3] - left[1], right[3] - right[1]):
                found[lines[at]] = f"{line[:before]}{GAP}{line[after:]}"
    return found


def _marked(drawn: str, gaps: dict[str, str]) -> str:
    if not gaps:
        return drawn
    lines = drawn.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return "\n".join(gaps.get(line, line) for line in lines)
