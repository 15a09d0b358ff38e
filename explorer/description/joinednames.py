"""Calls groups that join clusters by two of them, where nothing else that they are called is true of most rows.

It finds no phrases: `naming` does; of how many rows each is true, `judging` tells.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from explorer.description.carrying import Named, more_of
from explorer.description.judging import Held, Rows
from explorer.description.titles import Title, share_words, written
from explorer.types import NOISE, IntArray

_TRIED = 6
"""So many of a group's largest clusters may stand for it."""
_WHOLE = 0.95
"""A cluster is joined whole with so many of its rows."""


@dataclass(frozen=True)
class Called:
    """The names of two clusters of a group, how many *more* it has, and what *share* of its rows is of the two."""

    names: tuple[str, str]
    more: int
    share: float

    @property
    def text(self) -> str:
        """What the group is called."""
        return more_of(" and ".join(self.names), self.more)


@dataclass(frozen=True)
class Joins:
    """Which clusters each group joins, of *labels* (n,) that have *names*; groups that join none are not there."""

    labels: IntArray
    names: Sequence[str]
    clusters: Mapping[int, Sequence[int]]

    @classmethod
    def among(cls, labels: IntArray, known: Sequence[Named]) -> Joins | None:
        """Return which groups of *labels* join some of the first *known* ones that lie in them; None where none do."""
        for groups, names in known:
            found = _joined(labels, groups)
            if found:
                return cls(groups, names, found)
        return None

    def said_of(self, groups: Iterable[int]) -> list[str]:
        """Return what the clusters of *groups* may be called in the names of these."""
        return [
            said for at in groups for c in self.clusters[at] for said in {self.names[c], _begun(self.names[c])} if said
        ]

    def pairs(self, group: int, sizes: Mapping[int, int]) -> list[Called]:
        """Return what a group may be called by two of its clusters, of which *sizes* are how many of its rows are.

        By the largest ones: pairs that share no word before others.
        """
        of = sorted((c for c in self.clusters[group] if self.names[c] and sizes.get(c)), key=lambda c: (-sizes[c], c))
        all_of_it = max(1, sum(sizes.values()))
        found = []
        for first, second in combinations(of[:_TRIED], 2):
            names = (_begun(self.names[first]), _begun(self.names[second]))
            alike = share_words(*names)
            names = (self.names[first], self.names[second]) if alike else names
            share = (sizes[first] + sizes[second]) / all_of_it
            found.append((alike, -share, Called(names, len(of) - 2, round(share, 3))))
        return [called for _, _, called in sorted(found, key=lambda one: one[:2])]

    def titled(
        self,
        made: Sequence[Title],
        rows: Mapping[int, Rows],
        fixed: Mapping[int, Title],
        *,
        choose: Callable[..., list[Title]],
        said: Mapping[int, Callable[[Sequence[str]], Title]],
        held: Callable[[Title, Rows], list[Held]],
    ) -> tuple[list[Title], dict[int, Called]]:
        """Return titles without what is true of few rows of their group, and what groups are called where none is left.

        Groups that join clusters are judged, those of which *rows* are given, by what is *held* of them.  Others are
        called by two of their clusters, of the largest those by which searches find them best: what is *said* of a
        group by names is a title, and all groups *choose* anew, see `titles`, but those that are *fixed* or true.
        """
        kept = list(made)
        pairs: dict[int, dict[str, tuple[Title, Called]]] = {}
        for at, own in rows.items():
            of = held(made[at], own)
            if any(one.names for one in of):
                kept[at] = tuple(p for p, one in zip(made[at], of, strict=True) if one.names or one.adds)
                continue
            sizes = {c: int((self.labels[own] == c).sum()) for c in self.clusters[at]}
            options = [(said[at](one.names), one) for one in self.pairs(at, sizes)]
            if options:
                pairs[at] = {written(title): (title, one) for title, one in options}
        if not pairs:
            return kept, {}
        settled = {at: fixed.get(at, title) for at, title in enumerate(kept) if title and at not in pairs}
        better = {at: [title for title, _ in options.values()] for at, options in pairs.items()}
        found = choose(given=settled, better=better)
        chosen = {at: options.get(written(found[at])) for at, options in pairs.items()}
        return found, {at: one[1] for at, one in chosen.items() if one is not None}


def _begun(name: str) -> str:
    """Return the first phrase of a name."""
    return name.split(", ")[0]


def _joined(labels: IntArray, groups: IntArray) -> dict[int, list[int]]:
    """Return for labels that join several whole groups which; none at all where other groups are cut."""
    both = (labels >= 0) & (groups >= 0)
    width = int(groups.max(initial=NOISE)) + 1
    pairs, rows = np.unique(labels[both].astype(np.int64) * width + groups[both], return_counts=True)
    sizes = np.bincount(groups[groups >= 0], minlength=width)
    found: dict[int, list[int]] = {}
    for pair, count in zip(pairs.tolist(), rows.tolist(), strict=True):
        if count < _WHOLE * sizes[pair % width]:
            return {}
        found.setdefault(pair // width, []).append(pair % width)
    return {label: own for label, own in found.items() if len(own) > 1}
