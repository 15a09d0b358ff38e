"""Calls the clusters of another cut by the names that are there already: for good where they have the same rows.

Others are called so until they have names of their own.  It reads no text and makes no name up: what it says of a group
is which known groups it is, joins or is a part of.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import count as counted

import numpy as np
from numpy.typing import NDArray

from explorer.types import NOISE, IntArray

SAME = 0.8
"""Jaccard index from which a group is the one that has the name: rows in both, over rows in either."""
_HALF = 0.5

Named = tuple[IntArray, Sequence[str]]
"""Labels of n rows, and the name of each label; "" where it has none worth keeping."""


def kept_names(labels: IntArray, known: Sequence[Named]) -> dict[int, str]:
    """Return the names that labels keep: of all *known* groups that have nearly the same rows, the most alike one's.

    All different; of equally alike groups the first one's.  Where groups with one name differ, as after several cuts,
    rows that are not just those of one have to be nearly those of each: names do not drift.  O(n) for each labelling.
    """
    count = int(labels.max(initial=NOISE)) + 1
    near: list[dict[str, tuple[float, float]]] = [{} for _ in range(count)]
    for groups, names in known:
        shared, sizes, widths = _overlap(labels, groups, count)
        alike = shared / np.maximum(sizes[:, None] + widths[None] - shared, 1)
        for at, of in zip(*(found.tolist() for found in np.nonzero(alike)), strict=True):
            if name := str(names[of]):
                most, least = near[at].get(name, (0.0, 1.0))
                near[at][name] = max(most, float(alike[at, of])), min(least, float(alike[at, of]))
    found = [
        (most, at, name)
        for at, names_of in enumerate(near)
        for name, (most, least) in names_of.items()
        if most == 1 or least >= SAME
    ]
    kept: dict[int, str] = {}
    taken: set[str] = set()
    for _, at, name in sorted(found, key=lambda one: -one[0]):
        if at not in kept and name.casefold() not in taken:
            kept[at] = name
            taken.add(name.casefold())
    return kept


def carried(labels: IntArray, clusters: Named, others: Sequence[Named] = ()) -> list[tuple[str, bool]]:
    """Return for each label 0, 1, … a name that is true of it, and whether it is its own; all are different.

    A group that is as good as one of *clusters*, or of the groups of *others*, has its name as its own.  Another one
    is said to join clusters ("lost my card + 2 more") or to be a part of one.  O(n) for each labelling.
    """
    count = int(labels.max(initial=NOISE)) + 1
    own = kept_names(labels, (clusters, *others))
    shared, sizes, widths = _overlap(labels, clusters[0], count)
    made: list[tuple[str, bool]] = []
    taken = {name.casefold() for name in own.values()}
    for at in range(count):
        name = own.get(at) or _free(_made_of(shared[at], sizes[at], widths, clusters[1]), taken)
        taken.add(name.casefold())
        made.append((name, at in own))
    return made


def more_of(name: str, more: int) -> str:
    """Return what a group is called that has so many more clusters than those in the name."""
    return f"{name} + {more} more" if more else name


def _overlap(
    labels: IntArray, known: IntArray, count: int
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Return how many rows each group shares with each known one, int64 (groups, known), and the sizes of both."""
    labels, known = np.asarray(labels, np.int64), np.asarray(known, np.int64)
    width = int(known.max(initial=NOISE)) + 1
    both = (labels >= 0) & (known >= 0)
    shared = np.bincount(labels[both] * width + known[both], minlength=count * width).reshape(count, width)
    return shared, np.bincount(labels[labels >= 0], minlength=count), np.bincount(known[known >= 0], minlength=width)


def _made_of(shared: NDArray[np.int64], size: np.int64, widths: NDArray[np.int64], names: Sequence[str]) -> str:
    """Return what a group is in terms of clusters: those that it has most rows of, or the one that it is a part of."""
    joined = np.flatnonzero(2 * shared > widths)
    if len(joined) and shared[joined].sum() >= _HALF * size:
        first = joined[np.argmax(shared[joined])]
        return more_of(names[first], len(joined) - 1) if len(joined) > 1 else f"{names[first]} and around"
    if len(shared) and shared.max() >= _HALF * size:
        return f"part of {names[int(np.argmax(shared))]}"
    return "a new group"


def _free(name: str, taken: set[str]) -> str:
    """Return the name, or the first one with a number that is not taken."""
    if name.casefold() not in taken:
        return name
    return next(f"{name} ({i})" for i in counted(2) if f"{name} ({i})".casefold() not in taken)
