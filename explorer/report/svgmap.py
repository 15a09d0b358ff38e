"""Draws the map as one inline SVG: a path of round dots for each cluster, names that link to its section.

It decides colours and places, not what a cluster is called.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

import numpy as np
from numpy.typing import NDArray

from explorer.description import anchors_of, colors_by_place
from explorer.report import portraits
from explorer.report.labels import Box, Label, placed, shortened
from explorer.report.pictures import Thumbnail
from explorer.types import NOISE, FloatArray, Run, numbered

WIDTH = 1200
_HEIGHTS = (620, 1120)
_MARGIN = 24
MOST_POINTS = 50_000
_SEED = 7
_SQUARE = 6
"""Pixels a side of what is counted in one."""
_OTHERS = 4.0
"""How much worse it is for a name to cover a row of another cluster than one of its own."""
_NAMED = 80
"""With more clusters than this, names on the map are cut shorter."""
_WHOLE = 64
"""Characters of a name, at most, where there is room beside its rows."""


@dataclass(frozen=True)
class Map:
    """The drawing, how many of the placed rows it shows, and how many clusters found room for their name."""

    svg: str
    shown: int
    placed: int
    named: int


def draw(run: Run, thumbnail: Thumbnail | None = None) -> Map:
    """Return the map of the run; beyond 50,000 placed rows a seeded sample of them.

    Of three map dimensions the first two are drawn.  Pictures stand on their dots where they find room.
    """
    on_map = np.flatnonzero(np.isfinite(run.projection.xy).all(axis=1))
    shown = on_map
    if len(on_map) > MOST_POINTS:
        shown = np.sort(np.random.default_rng(_SEED).choice(on_map, MOST_POINTS, replace=False))
    xy, height = _fitted(run.projection.xy[:, :2], on_map)
    labels = run.clustering.labels
    dot = float(np.clip(9 * (900 / max(1, len(shown))) ** 0.28, 2.8, 12))
    groups = [_dots(xy, shown[labels[shown] == NOISE], "noise", "Rows in no cluster", link="")]
    for s in run.summaries:
        rows = shown[labels[shown] == s.label]
        groups.append(_dots(xy, rows, f"k k{s.label}", f"{s.name}: {s.size:,}", link=f"#cluster-{s.label}"))
    tiles = portraits.placed(run, xy, shown, width=WIDTH, height=height, thumbnail=thumbnail)
    names = _names(run, xy, height, [tile.box for tile in tiles])
    numbers = _numbers(run, xy, height)
    title = f"Map of {len(on_map):,} rows; nearby dots are similar in meaning"
    svg = (
        f'<svg class="map" viewBox="0 0 {WIDTH} {height}" role="group" aria-label="{escape(title)}" '
        f'style="--dot:{dot:.2f}px">{"".join(groups)}{"".join(map(portraits.drawn, tiles))}'
        f"{_texts(names, 'names', font=_font(run))}"
        f"{_texts(numbers, 'numbers', font=_NUMBER_FONT)}</svg>"
    )
    return Map(svg, len(shown), len(on_map), len(names))


def color_style(run: Run) -> str:
    """Return the style sheet lines that give each cluster its colour, in a light and in a dark page."""
    places = anchors_of(run.projection.xy, run.clustering.labels, len(run.summaries), densest=True)
    light, dark = (colors_by_place(places, dark=dark, chosen=run.colors) for dark in (False, True))
    return "".join(f".k{i}{{--l:{a};--d:{b}}}" for i, (a, b) in enumerate(zip(light, dark, strict=True)))


def _fitted(xy: FloatArray, rows: NDArray[np.int64]) -> tuple[NDArray[np.float64], int]:
    """Return the coordinates in the drawing (both axes at one scale, y upward on the map), and its height."""
    if len(rows) == 0:
        return np.zeros((len(xy), 2)), _HEIGHTS[0]
    low = xy[rows].min(axis=0).astype(np.float64)
    span = np.maximum(xy[rows].max(axis=0) - low, 1e-6)
    height = int(np.clip(WIDTH * span[1] / span[0], *_HEIGHTS))
    scale = min((WIDTH - 2 * _MARGIN) / span[0], (height - 2 * _MARGIN) / span[1])
    if len(np.unique(xy[rows], axis=0)) == 1:
        return np.full((len(xy), 2), (WIDTH / 2, height / 2)), height
    offset = (np.array([WIDTH, height]) - span * scale) / 2
    drawn = (xy - low) * scale + offset
    drawn[:, 1] = height - drawn[:, 1]
    return drawn, height


def _dots(xy: NDArray[np.float64], rows: NDArray[np.int64], css: str, title: str, *, link: str) -> str:
    """Return one path of zero-length lines, which round caps turn into dots."""
    if len(rows) == 0:
        return ""
    path = "".join(f"M{x:.1f} {y:.1f}h0" for x, y in xy[rows].tolist())
    drawn = f'<path class="{css}" d="{path}"><title>{escape(title)}</title></path>'
    return f'<a href="{link}" tabindex="-1">{drawn}</a>' if link else drawn


_NUMBER_FONT = 34.0
_LEAD = 1.3
"""How wide the square before a name is with its blank, in ems."""


def _font(run: Run) -> float:
    return 18.0 if len(run.summaries) <= 24 else 15.5 if len(run.summaries) <= _NAMED else 13.5


def _anchors(run: Run, xy: NDArray[np.float64]) -> list[tuple[float, float]]:
    """Return for each cluster the place of its row that is nearest to where its name belongs."""
    labels, on_map = run.clustering.labels, np.isfinite(run.projection.xy).all(axis=1)
    near = [s.near_name for s in run.summaries]
    middles = anchors_of(np.where(on_map.reshape(-1, 1), xy, np.nan), labels, len(near), densest=True, near_name=near)
    anchors = []
    for s in run.summaries:
        own = xy[(labels == s.label) & on_map]
        if len(own) == 0:
            anchors.append((WIDTH / 2, _HEIGHTS[0] / 2))
            continue
        nearest = own[((own - np.array(middles[s.label], np.float64)) ** 2).sum(axis=1).argmin()]
        anchors.append((round(float(nearest[0]), 1), round(float(nearest[1]), 1)))
    return anchors


def _names(run: Run, xy: NDArray[np.float64], height: int, taken: Sequence[Box]) -> list[Label]:
    most = 30 if len(run.summaries) <= 24 else 24 if len(run.summaries) <= _NAMED else 18
    lengths = (_WHOLE, most) if len(run.summaries) <= _NAMED else (most,)
    texts = [tuple(dict.fromkeys(shortened(s.name, length) for length in lengths)) for s in run.summaries]
    cost = _Covered(run, xy, height).by
    return placed(
        texts, _anchors(run, xy), font=_font(run), width=WIDTH, height=height, lead=_LEAD, taken=taken, cost=cost
    )


class _Covered:
    """Counts the rows that a box would cover; those of another cluster weigh more."""

    def __init__(self, run: Run, xy: NDArray[np.float64], height: int) -> None:
        edges = (np.arange(0, height + _SQUARE, _SQUARE), np.arange(0, WIDTH + _SQUARE, _SQUARE))
        on_map = np.isfinite(xy).all(axis=1)
        counts = np.histogram2d(xy[on_map, 1], xy[on_map, 0], bins=edges)[0]
        self._sums = np.pad(counts.cumsum(axis=0).cumsum(axis=1), ((1, 0), (1, 0)))
        self._own = [np.floor(xy[on_map & (run.clustering.labels == s.label)] / _SQUARE) for s in run.summaries]

    def by(self, label: int, box: Box) -> float:
        """Return how much is covered by the name of a cluster in this box."""
        left, top = (int(edge // _SQUARE) for edge in box[:2])
        right, bottom = (int(-(-edge // _SQUARE)) for edge in box[2:])
        sums, (x, y) = self._sums, self._own[label].T
        every = sums[bottom, right] - sums[top, right] - sums[bottom, left] + sums[top, left]
        own = np.count_nonzero((left <= x) & (x < right) & (top <= y) & (y < bottom))
        return float(_OTHERS * every - (_OTHERS - 1) * own)


def _numbers(run: Run, xy: NDArray[np.float64], height: int) -> list[Label]:
    """Return the clusters' numbers in large type, for a narrow screen."""
    texts = [(str(numbered(s.label)),) for s in run.summaries]
    return placed(texts, _anchors(run, xy), font=_NUMBER_FONT, width=WIDTH, height=height, lead=_LEAD)


def _texts(labels: Sequence[Label], css: str, *, font: float) -> str:
    lines = "".join(
        f'<path d="M{label.x} {label.y}L{label.anchor[0]} {label.anchor[1]}"/>' for label in labels if label.is_away
    )
    texts = "".join(
        f'<a href="#cluster-{label.number}"><text x="{label.x}" y="{label.y + 0.35 * font:.1f}">'
        f'<tspan class="k k{label.number} own">■ </tspan>{escape(label.text)}</text></a>'
        for label in labels
    )
    return f'<g class="{css}" style="font-size:{font}px"><g class="leaders">{lines}</g>{texts}</g>'
