"""The colours of clusters, the same on the map, in lists and in the report.

It does not know what a figure is: it hands out hexadecimal strings.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Place: TypeAlias = tuple[float | None, float | None]

FEW = 20
"""Clusters that are no more than this have the first colours, in order: any two of these are told apart at a glance."""
MOST = 39
"""Colours that a map has at most beside that of noise; more clusters share them."""
_BESIDE = 10
"""Neighbours whose colours a cluster keeps away from."""
_ENOUGH = 0.3
"""A distance in OKLab beyond which two colours are as different as can be wished for."""
_ROUNDS = 3

NOISE_COLOR = "#9aa0a6"
"""The grey of rows that belong to no cluster."""

# Found by a greedy search: the first six are the palette of Okabe & Ito (2008) without its yellow and black; each
# further one is, among mid-light colours (contrast >= 2 with white and >= 2.6 with #14161a), the one farthest in
# OKLab from all before it, the least of four views counting: normal sight, protanopia, deuteranopia, tritanopia
# (Machado et al. 2009).
_HEXES = (
    "#0072b2 #e69f00 #009e73 #cc79a7 #d55e00 #56b4e9 #ad0070 #7a5200 #9952f5 #5c3dd6 #a3525c #665285 #7a7ad6 "
    "#85c27a #ff70d6 #cc0033 #c229ad #8f8547 #c27aff #00703d #f5667a #e0a3c2 #8f1fb8 #ad9900 #a36699 #00a3c2 "
    "#f5337a #e08552 #705ccc #5c8f00 #c2b852 #cc99ff #d652e0 #cc3370 #a32999 #66ad52 #29cc29 #9952b8 #855c85 "
    "#9970ff #ad7a8f #5cb88f #e033a3 #52701f #4785eb #8f99eb #8f7047 #857aad #3d52eb #e070c2 #f58fe0 #cc705c "
    "#b85ccc #b8290a #855c47 #475c99 #00ccad #297a66 #d6998f #998fb8 #c2525c #eb5c3d #adad66 #8f475c"
)
_COLORS = tuple(_HEXES.split())

_LIFT_ON_DARK = 0.16
_SHIFTS = (0.0, 0.3, -0.25)


def cluster_colors(count: int, *, dark: bool = False) -> list[str]:
    """Return *count* colours such as "#0072b2", the one of label i at place i; *dark* lifts them for a dark ground.

    The first 64 are all different at a glance; beyond that they come back lighter, then darker, then repeat.
    """
    colors = []
    for i in range(count):
        color = _COLORS[i % len(_COLORS)]
        shift = _SHIFTS[i // len(_COLORS) % len(_SHIFTS)]
        colors.append(_shifted(_shifted(color, shift), _LIFT_ON_DARK if dark else 0.0))
    return colors


def _shifted(color: str, amount: float) -> str:
    """Return the colour mixed with white (amount > 0) or black (amount < 0)."""
    if amount == 0.0:
        return color
    target = 255 if amount > 0 else 0
    channels = (int(color[at : at + 2], 16) for at in (1, 3, 5))
    return "#" + "".join(f"{round(c + (target - c) * abs(amount)):02x}" for c in channels)


def colors_by_place(places: Sequence[Place], *, dark: bool = False, chosen: Sequence[int] | None = None) -> list[str]:
    """Return a colour a cluster, at most MOST different ones, so that neighbours on the map are told apart.

    *places* are the clusters' places on the map, by label; where some have none, colours go by label alone.  Those that
    were *chosen* already, as numbers by label, stay.
    """
    if chosen is None or len(chosen) != len(places):
        chosen = chosen_colors(places)
    colors = cluster_colors(MOST, dark=dark)
    return [colors[at] for at in chosen]


def chosen_colors(places: Sequence[Place], kept: Sequence[int] = ()) -> tuple[int, ...]:
    """Return the number below MOST of a colour for each place, those of *kept* that are not -1 as they are there."""
    return _chosen(tuple(places), tuple(kept) or (-1,) * len(places))


def look_apart(color: int, others: Sequence[int]) -> bool:
    """Whether a colour is told from *others* at a glance, as the first FEW are from each other."""
    if not len(others):
        return True
    apart = _apart(MOST)
    least = apart[:FEW, :FEW][~np.eye(FEW, dtype=bool)].min()
    return bool(apart[color, list(others)].min() >= least)


@lru_cache(maxsize=16)
def _chosen(places: tuple[Place, ...], kept: tuple[int, ...]) -> tuple[int, ...]:
    """Return which colour each place has: again and again the one that differs most from those around it."""
    count = len(places)
    known = [place for place in places if None not in place]
    if count <= FEW or len(known) < count:
        return _in_order(kept)
    around = _around(_nearest(np.asarray(known, np.float64)))
    apart = np.minimum(_apart(max(min(count, MOST), max(kept) + 1)), _ENOUGH)
    taken = np.array(kept)
    used = np.bincount(taken[taken >= 0], minlength=len(apart)).astype(float)
    for _ in range(_ROUNDS):
        for i, (beside, nearness) in enumerate(around):
            if kept[i] >= 0:
                continue
            seen = taken[beside] >= 0
            used[taken[i]] -= taken[i] >= 0
            worth = (apart[:, taken[beside[seen]]] * nearness[seen]).min(axis=1, initial=_ENOUGH)
            taken[i] = int(np.argmax(np.round(worth, 4) - 1e-6 * used))
            used[taken[i]] += 1
    return tuple(taken.tolist())


def _in_order(kept: tuple[int, ...]) -> tuple[int, ...]:
    """Return the colours that are kept and, for the others, those that are left in order, the most different first."""
    there = [one for one in kept if one >= 0]
    free = [at for at in range(MOST) if at not in there]
    if there:
        free.sort(key=lambda at: not look_apart(at, there))
    left = (free or list(range(MOST))) * (len(kept) // max(1, len(free)) + 1)
    return tuple(color if color >= 0 else left.pop(0) for color in kept)


def _around(nearest: NDArray[np.int64]) -> list[tuple[NDArray[np.int64], NDArray[np.float64]]]:
    """Return who is beside each place, or has it beside it, and how little that weighs: 1 for the nearest."""
    ranks: list[dict[int, int]] = [{} for _ in nearest]
    for i, line in enumerate(nearest.tolist()):
        for rank, other in enumerate(line):
            ranks[i][other] = min(rank, ranks[i].get(other, rank))
            ranks[other][i] = min(rank, ranks[other].get(i, rank))
    return [(np.array(list(one), np.int64), 1 + 0.15 * np.array(list(one.values()), np.float64)) for one in ranks]


def _nearest(places: NDArray[np.float64]) -> NDArray[np.int64]:
    """Return the places around each place, the nearest first, int64 (n, _BESIDE)."""
    from scipy.spatial import cKDTree

    wanted = min(_BESIDE + 1, len(places))
    _, found = cKDTree(places).query(places, k=wanted)
    own = found == np.arange(len(places))[:, None]
    own[~own.any(axis=1), -1] = True  # places that coincide: another stands for it
    return np.asarray(found[~own].reshape(len(places), wanted - 1), np.int64)


def _apart(count: int) -> NDArray[np.float64]:
    """Return how far the first *count* colours are from each other in OKLab, float64 (count, count)."""
    lab = np.array([oklab(color) for color in _COLORS[:count]])
    return np.asarray(np.linalg.norm(lab[:, None] - lab[None], axis=2), np.float64)


def oklab(color: str) -> NDArray[np.float64]:
    """Return a colour such as "#0072b2" in OKLab (Ottosson 2020): lightness, green to red, blue to yellow."""
    channels = np.array([int(color[at : at + 2], 16) / 255 for at in (1, 3, 5)])
    linear = np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)
    return np.asarray(_TO_LAB @ np.cbrt(_TO_CONES @ linear), np.float64)


_TO_CONES = np.array(
    [
        [0.4122214708, 0.5363325363, 0.0514459929],
        [0.2119034982, 0.6806995451, 0.1073969566],
        [0.0883024619, 0.2817188376, 0.6299787005],
    ]
)
_TO_LAB = np.array(
    [
        [0.2104542553, 0.7936177850, -0.0040720468],
        [1.9779984951, -2.4285922050, 0.4505937099],
        [0.0259040371, 0.7827717662, -0.8086757660],
    ]
)
