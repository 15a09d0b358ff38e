"""Finds places on a map for names, so that no two overlap.

It knows rectangles and texts, not clusters; it never moves a point.
"""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

_STEPS = (1.3, 0.0, 2.0, 2.8, 3.8, 5.0, 6.5)
_DIRECTIONS = 12
_FAR = 32.0
_EM = 0.72
"""How wide a letter is, in ems, that is none of these."""
_WIDTHS = ((0.47, "ijlftrI |.,:;'’!()[]/-"), (1.06, "mwMW@%—…"), (0.82, "ABCDEFGHKNOPQRUVXYZ"))
_EMS = {letter: width for width, letters in _WIDTHS for letter in letters}


Box: TypeAlias = tuple[float, float, float, float]
"""Left, top, right and bottom."""


@dataclass(frozen=True)
class Label:
    """A text centred at (x, y), and the anchor it belongs to; *number* is what the caller calls it by."""

    number: int
    text: str
    x: float
    y: float
    anchor: tuple[float, float]

    @property
    def is_away(self) -> bool:
        """Whether the text is so far from its anchor that a line should join them."""
        return math.dist((self.x, self.y), self.anchor) > _FAR


def placed(
    texts: Sequence[Sequence[str]],
    anchors: Sequence[tuple[float, float]],
    *,
    font: float,
    width: float,
    height: float,
    lead: float = 0.0,
    taken: Sequence[Box] = (),
    cost: Callable[[int, Box], float] = lambda _number, _box: 0.0,
) -> list[Label]:
    """Return labels that overlap neither each other, nor what is *taken*, nor the border; some find no room.

    Earlier ones choose first, each the place of least *cost*, of equal ones the nearest.  Of the lengths of a text, the
    longest first, a shorter one is taken where it costs less.  *lead* is how wide the sign before a text is, in ems.
    """
    labels: list[Label] = []
    boxes = list(taken)
    for number, (lengths, anchor) in enumerate(zip(texts, anchors, strict=True)):
        best: tuple[float, Box, str] | None = None
        for text in lengths:
            half, tall = (text_width(text, font) + lead * font) / 2 + 0.3 * font, 0.66 * font
            if half <= width / 2:
                for box in _boxes(anchor, half, tall, font=font, width=width, height=height, boxes=boxes):
                    bad = cost(number, box)
                    if best is None or bad < best[0]:
                        best = bad, box, text
                    if not bad:
                        break
            if best is not None and not best[0]:
                break
        if best is not None:
            left, top, right, bottom = best[1]
            boxes.append(best[1])
            labels.append(Label(number, best[2], round((left + right) / 2, 1), round((top + bottom) / 2, 1), anchor))
    return labels


def _boxes(
    anchor: tuple[float, float],
    half: float,
    tall: float,
    *,
    font: float,
    width: float,
    height: float,
    boxes: Sequence[Box],
) -> Iterator[Box]:
    """Yield where a text may lie, within the border and clear of other *boxes*, the nearest to its anchor first."""
    for across, down in _candidates(anchor, half, font):
        x, y = min(max(across, half), width - half), min(max(down, tall), height - tall)
        box = (x - half, y - tall, x + half, y + tall)
        if not any(overlap(box, other) for other in boxes):
            yield box


def text_width(text: str, font: float) -> float:
    """Return about how wide the text is drawn in bold, by the widest of the usual typefaces.

    Wide characters (Chinese, Japanese…) are as wide as high.
    """
    return sum(1.0 if unicodedata.east_asian_width(c) in "WF" else _EMS.get(c, _EM) for c in text) * font


def shortened(text: str, most: int) -> str:
    """Return at most *most* characters of the text, cut between words where that is possible."""
    if len(text) <= most:
        return text
    cut = text[:most]
    space = cut.rfind(" ")
    return (cut[:space] if space > most // 2 else cut).rstrip(" ,") + "…"


def _candidates(anchor: tuple[float, float], half: float, font: float) -> Iterator[tuple[float, float]]:
    """Yield places around the anchor, the nearest first, above and below before the sides."""
    x, y = anchor
    for step in _STEPS:
        for turn in range(_DIRECTIONS if step else 1):
            angle = math.pi / 2 + turn * 2 * math.pi / _DIRECTIONS
            sideways = math.cos(angle) * (0.35 * half + step * font)
            yield x + sideways * (step > 0), y - math.sin(angle) * step * 1.2 * font


def overlap(a: Box, b: Box) -> bool:
    """Return whether two boxes have a point in common that is on neither one's edge."""
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]
