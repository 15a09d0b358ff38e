"""Gives clusters the colours that the same rows had before, in a version of their data or with more or fewer clusters.

Colours are numbers of the palette here; it knows no page.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from explorer.description.palette import Place, chosen_colors, look_apart
from explorer.types import IntArray

_SHARED = 0.5
"""Of the smaller of two clusters, how much is in both where they count as one."""


def colors_after(labels: IntArray, places: Sequence[Place], before: IntArray, colors: Sequence[int]) -> tuple[int, ...]:
    """Return the number of a colour for each label: the one of *before* with which it shares most rows, else another.

    *labels* and *before* (n,) are of the same rows, -1 in no cluster; *places* are the clusters' on the map by label,
    *colors* those of before by label.  A colour is kept by one cluster, and only where it does not look like one that
    is kept already.  O(n log n).
    """
    kept = [-1] * len(places)
    for now, then in _pairs(labels, before, len(colors)):
        color = colors[then]
        if kept[now] < 0 and look_apart(color, [one for one in kept if one >= 0]):
            kept[now] = color
    return chosen_colors(places, kept)


def _pairs(labels: IntArray, before: IntArray, count: int) -> list[tuple[int, int]]:
    """Return which clusters of now and of before are much the same, those that share most rows first, each once."""
    both = (labels >= 0) & (before >= 0) & (before < count)
    sizes, were = np.bincount(labels[labels >= 0]), np.bincount(before[before >= 0])
    found, shared = np.unique(labels[both].astype(np.int64) * count + before[both], return_counts=True)
    pairs: list[tuple[int, int]] = []
    taken: tuple[set[int], set[int]] = set(), set()
    for at in np.argsort(-shared, kind="stable").tolist():
        now, then = divmod(int(found[at]), count)
        if now in taken[0] or then in taken[1] or shared[at] < _SHARED * min(sizes[now], were[then]):
            continue
        taken[0].add(now)
        taken[1].add(then)
        pairs.append((now, then))
    return pairs
