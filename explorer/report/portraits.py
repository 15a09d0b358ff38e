"""Chooses the pictures that stand on the map of pictures, and draws them.

It opens no picture: `pictures` does.  A picture stands on its own dot, and none lies over another.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from itertools import chain, zip_longest

import numpy as np
from numpy.typing import NDArray

from explorer.kinds import kind_of
from explorer.report.labels import Box, overlap
from explorer.report.pictures import Thumbnail, Thumbnails
from explorer.types import NOISE, Run

SIDE = 46
MOST = 90
_GAP = 3
_TRIED = 600
_BUDGET = 400_000


@dataclass(frozen=True)
class Tile:
    """A picture with the box that it fills, and the cluster it belongs to."""

    uri: str
    name: str
    label: int
    box: Box


def placed(
    run: Run,
    xy: NDArray[np.float64],
    rows: NDArray[np.int64],
    *,
    width: float,
    height: float,
    thumbnail: Thumbnail | None,
) -> list[Tile]:
    """Return the pictures of some of the *rows*, which are drawn at *xy*: the most typical of each cluster first."""
    pictures = Thumbnails(thumbnail, size=SIDE, budget=_BUDGET)
    drawn, tiles = set(rows.tolist()), list[Tile]()
    for row in _by_turns(run, drawn):
        item = run.dataset.items[row]
        x, y = xy[row].tolist()
        box = (x - SIDE / 2 - _GAP, y - SIDE / 2 - _GAP, x + SIDE / 2 + _GAP, y + SIDE / 2 + _GAP)
        inside = SIDE / 2 <= x <= width - SIDE / 2 and SIDE / 2 <= y <= height - SIDE / 2
        if not inside or not kind_of(item).has_picture or any(overlap(box, tile.box) for tile in tiles):
            continue
        uri = pictures.uri(item)
        if uri is not None:
            tiles.append(Tile(uri, kind_of(item).label(item), int(run.clustering.labels[row]), box))
        if len(tiles) == MOST or pictures.is_full:
            break
    return tiles


def drawn(tile: Tile) -> str:
    """Return the picture as SVG, framed in its cluster's colour."""
    x, y = tile.box[0] + _GAP, tile.box[1] + _GAP
    place = f'x="{x:.1f}" y="{y:.1f}" width="{SIDE}" height="{SIDE}"'
    css = "tile noise" if tile.label == NOISE else f"tile k k{tile.label}"
    picture = (
        f'<image {place} preserveAspectRatio="xMidYMid slice" href="{tile.uri}">'
        f"<title>{escape(tile.name)}</title></image>"
        f'<rect class="{css}" {place} rx="3"/>'
    )
    return picture if tile.label == NOISE else f'<a href="#cluster-{tile.label}" tabindex="-1">{picture}</a>'


def _by_turns(run: Run, drawn: set[int]) -> Iterator[int]:
    """Yield rows that are on the map: the most typical ones, a cluster at a time, then some of all."""
    typical = chain.from_iterable(zip_longest(*(summary.exemplars for summary in run.summaries)))
    rest = sorted(drawn)
    some = rest[:: max(1, len(rest) // _TRIED)]
    yield from dict.fromkeys(row for row in chain(typical, some) if row is not None and row in drawn)
