"""Chooses what groups are called: for each at most two phrases, by which a search finds it and not its neighbours.

It knows no texts and no clusters: candidates come with their vectors, groups as sampled rows.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from explorer.description.forms import stop_words_of
from explorer.description.rivals import Rivals
from explorer.description.words import ASKING, SAME_FROM, same_stem, stem
from explorer.types import BoolArray, FloatArray

_SINGLE, _SECOND = 20, 30
"""So many of the best candidates are tried alone, and so many as the second one of a name."""
_TRIED, _MEANT = 100, 12
"""Names of a group that are compared with those of the other groups, and so many of them by what they really mean."""
_LEAST, _MOST_LOOKS = 16, 10**8
"""Of very many groups so few names are compared, at least: all together with as many rows as take 400 MB."""
_STRENGTH = 0.06
"""How much a candidate that is e times as strong may be farther from its group."""
_NEIGHBOR = 0.9
"""How much being near to the nearest other group counts against a name."""
_LONGER = 0.04
"""How much better a name of two phrases has to be."""
_WINS = 1.3
"""How much it counts to be nearer to rows than the names of others."""
_FOUND = 1.2
"""How much the first rows that a name finds count beside all rows that are nearest to it."""
_SHARED = 0.3
"""How much it counts against a name when another group's has one of its phrases: "hose" and "hose, garden"."""
_WITHIN = 0.3
"""How much it counts where rows share a phrase when all words of a name are in another group's, or the other way."""
OF_SOME, OF_ALL = 0.15, 0.4
"""How much it counts that all of a group's rows have the words of a name, and no others."""
_MOST_WORDS = 8
_PASSES = 4
_BETTER = 20.0
"""Counts more than whatever else speaks for a name, and less than being another group's."""
_OUTSIDE = 0.9
"""A name is true of a row that is nearer to it than nine in ten of the rows outside its group are …"""
_AS_NEAR = 0.4
"""… and so near at least, as a share of how near the nearest rows of its group are."""
_TRUE = 1.0
"""How much it counts for a group of several parts that its name is true of each."""
OF_TEXTS, OF_PICTURES, OF_SEEN = 0.6, 2.0, 0.6
"""How much being near counts beside winning rows: a text has its words, a picture's are found near, or seen in it."""
SEEN = 0.1
"""How much a nat counts that a name tells of pictures."""


@dataclass(frozen=True)
class Phrase:
    """A candidate: its words, how strong it is (1.0: its group's strongest), float32 (d,) unit vector."""

    words: tuple[str, ...]
    strength: float
    vector: FloatArray


@dataclass(frozen=True)
class Group:
    """What is to be named: its candidates, the centres of its parts float32 (p, d), and some rows float32 (m, d).

    *lead* is what its name begins with, in any case.  *caution* says how much being near counts beside winning rows.
    *said*, float32 (phrases, m), is 1 where a row has the words of a phrase, and *usual*, float32 (phrases,), in what
    share of all rows they are; None where rows have no words.  *tells*, float32 (phrases, phrases), is how much each
    pair says of the rows where that is known already, single phrases on the diagonal.
    """

    phrases: Sequence[Phrase]
    centres: FloatArray
    sample: FloatArray
    lead: Phrase | None = None
    caution: float = OF_TEXTS
    said: FloatArray | None = None
    usual: FloatArray | None = None
    telling: float = 0.0
    tells: FloatArray | None = None

    def told(self) -> FloatArray:
        """Return of what share of its rows each pair of phrases says something, less what it says of all others.

        float32 (1 + phrases, 1 + phrases), the first for the lead, of which nothing is known; on the diagonal single
        phrases.
        """
        count = len(self.phrases)
        if self.tells is not None:
            return self.tells
        told = np.zeros((1 + count, 1 + count), np.float32)
        if self.said is not None and self.usual is not None and self.said.shape[1]:
            share = self.said.mean(axis=1)
            both = self.said @ self.said.T / self.said.shape[1]
            told[1:, 1:] = share[:, None] + share[None] - both
            told[1:, 1:] -= np.maximum(self.usual[:, None], self.usual[None])
        return told[(0 if self.lead is not None else 1) :, (0 if self.lead is not None else 1) :]


@dataclass(frozen=True)
class _Name:
    phrases: tuple[Phrase, ...]
    vector: FloatArray
    score: float

    @cached_property
    def words(self) -> frozenset[str]:
        """What two names have in common that a stranger cannot tell apart: "joined the channel", "channel, joined"."""
        return telling_words(written(self.phrases))

    @cached_property
    def said(self) -> list[str]:
        return [" ".join(phrase.words).casefold() for phrase in self.phrases]


Title: TypeAlias = tuple[Phrase, ...]
Meaning: TypeAlias = Callable[[Sequence[str]], FloatArray]
"""Returns what names mean as they are written, float32 (names, d) unit vectors."""


def titles(
    groups: Sequence[Group],
    *,
    stray: FloatArray | None = None,
    given: Mapping[int, Title] | None = None,
    better: Mapping[int, Sequence[Title]] | None = None,
    meaning: Meaning | None = None,
) -> list[Title]:
    """Return the one or two phrases of each group's name, all names different; none for a group without candidates.

    *given* names are left as they are; a group has one of those that are *better* for it unless others have them all.
    *stray* are vectors of rows in no group, as many as their share asks for.

    A name scores by how much nearer it is to the centres of its group's parts than to the nearest other group
    (as KeyBERT does against the one text), and by its candidates' strength.  Then the groups choose in turn, until
    none does otherwise, what also wins most rows: those of its own that no other name is nearer to, less those that it
    would take from others.  Two phrases mean about the sum of both; with *meaning* the best names of each group are
    compared once more by what the encoder makes of them as they are written.
    Cost: O(groups² · (sampled rows of one) · d · names tried).
    Source: Grootendorst 2020, KeyBERT, doi:10.5281/zenodo.4461265, for closeness.
    """
    sample = _Sample.of(groups, stray)
    tried = max(_LEAST, _MOST_LOOKS // max(1, len(groups) * len(sample.vectors)))
    centres = [_unit(group.centres.mean(axis=0)) for group in groups]
    options: list[list[_Name]] = []
    for at, group in enumerate(groups):
        others = np.stack([c for i, c in enumerate(centres) if i != at]) if len(groups) > 1 else None
        if given is not None and at in given:
            options.append([_Name(given[at], vector_of(given[at]), 0.0)])
            continue
        first = [_Name(title, vector_of(title), _BETTER) for title in (better or {}).get(at, ())]
        options.append([*first, *_names(group, others, min(tried, _TRIED))][:tried])
    ranked = _chosen(groups, options, sample)
    if meaning is not None:
        ranked = _chosen(groups, _as_meant([names[:_MEANT] for names in ranked], meaning), sample)
    return [names[0].phrases if names else () for names in ranked]


def written(title: Title) -> str:
    """Return the name that phrases make."""
    return ", ".join(" ".join(phrase.words) for phrase in title)


def _as_meant(options: Sequence[list[_Name]], meaning: Meaning) -> list[list[_Name]]:
    """Return the names with the vectors that the encoder makes of them."""
    vectors = iter(meaning([written(name.phrases) for names in options for name in names]))
    return [[replace(name, vector=next(vectors)) for name in names] for names in options]


def _names(group: Group, others: FloatArray | None, most: int = _TRIED) -> list[_Name]:
    """Return *most* names that a group may have, the best first."""
    phrases = [*([] if group.lead is None else [group.lead]), *group.phrases]
    if not phrases:
        return []
    vectors = np.stack([phrase.vector for phrase in phrases])
    strength = _STRENGTH * np.log([max(phrase.strength, 1e-6) for phrase in phrases])
    told = group.telling * group.told()
    scores = _margin(vectors, group.centres, others) + strength
    order = np.argsort(-(scores + np.diag(told)), kind="stable")
    first_ones, second_ones = order[:_SINGLE], order[:_SECOND]
    if group.lead is not None:
        first_ones, second_ones = np.array([0]), order[:_TRIED]
    rank = np.argsort(order, kind="stable")
    pairs = [
        (int(a), int(b))
        for a in first_ones
        for b in second_ones
        if (rank[b] > rank[a] or group.lead is not None)
        and len(phrases[a].words) + len(phrases[b].words) <= _MOST_WORDS
        and not _repeats(phrases[a].words, phrases[b].words)
    ]
    made: list[Title] = [(phrases[a],) for a in first_ones]
    meant, score = [vectors[first_ones]], [scores[first_ones] + told[first_ones, first_ones]]
    if pairs:
        first, second = (np.array(side) for side in zip(*pairs, strict=True))
        meant.append(_unit(vectors[first] + vectors[second]))
        near = _margin(meant[-1], group.centres, others) + 0.6 * strength[first] + 0.4 * strength[second]
        score.append(near + told[first, second] - _LONGER)
        made += [_asked_first(phrases[a], phrases[b]) for a, b in pairs]
    scored = np.concatenate(score)
    best = np.argsort(-scored, kind="stable")[:most]
    vectors = np.concatenate(meant)[best]  # of these alone: a view of one would keep those of hundreds in memory
    return [_Name(made[at], vectors[place], float(scored[at])) for place, at in enumerate(best)]


def _asked_first(one: Phrase, other: Phrase) -> Title:
    """Return two phrases, one that asks before one that does not: "How long is the cable, kettle"."""
    return (other, one) if other.words[0] in ASKING and one.words[0] not in ASKING else (one, other)


def _margin(vectors: FloatArray, centres: FloatArray, others: FloatArray | None) -> FloatArray:
    """Return how much nearer each vector is to the centres of a group's parts than to the nearest other group."""
    near = (vectors @ centres.T).mean(axis=1)
    rival = 0.0 if others is None else _NEIGHBOR * (vectors @ others.T).max(axis=1)
    return np.asarray(near - rival, np.float32)


@dataclass(frozen=True)
class _Sample:
    """Some rows of all groups, float32 (m, d), and which group each is of, int64 (m,); a last one are strays."""

    vectors: FloatArray
    owner: NDArray[np.int64]

    @classmethod
    def of(cls, groups: Sequence[Group], stray: FloatArray | None) -> _Sample:
        parts = [group.sample for group in groups] + ([] if stray is None else [stray])
        owner = np.repeat(np.arange(len(parts), dtype=np.int64), [len(rows) for rows in parts])
        return cls(np.concatenate(parts), owner)


def _chosen(groups: Sequence[Group], options: Sequence[list[_Name]], sample: _Sample) -> list[list[_Name]]:
    """Return the names of each group, the best first in view of those of all others, which differ from it."""
    named = [at for at, names in enumerate(options) if names]
    reached = {at: np.stack([name.vector for name in options[at]]) @ sample.vectors.T for at in named}
    near = Rivals(len(groups), {at: reached[at][0] for at in named}, len(sample.vectors))
    current = dict.fromkeys(named, 0)
    ranked = [list(names) for names in options]
    said = [[set(name.said) for name in names] for names in options]
    own = {at: _of_itself(groups[at], options[at], reached[at], sample.owner == at) for at in named}
    taken = _Taken({at: options[at][0].words for at in named})
    used = Counter(phrase for at in named for phrase in said[at][0])
    for _ in range(_PASSES):
        before = dict(current)
        for at in named:
            names = options[at]
            taken.free(at)
            used.subtract(said[at][current[at]])
            score = own[at] + _WINS * _won(reached[at], near, sample.owner, at)
            within = _WITHIN if groups[at].telling >= OF_ALL else 0.0
            score -= np.array([taken.against(name.words, within) for name in names])
            score -= _SHARED * np.array([sum(used[phrase] > 0 for phrase in phrases) for phrases in said[at]])
            order = np.argsort(-score, kind="stable")
            current[at] = int(order[0])
            near.put(at, reached[at][order[0]])
            ranked[at] = [names[place] for place in order]
            taken.take(at, names[current[at]].words)
            used.update(said[at][current[at]])
        if current == before:
            break
    return ranked


class _Taken:
    """The words of the present names of groups, by which others are told from them."""

    def __init__(self, names: Mapping[int, frozenset[str]]) -> None:
        self._of: dict[int, frozenset[str]] = {}
        self._by: defaultdict[str, set[int]] = defaultdict(set)
        for at, words in names.items():
            self.take(at, words)

    def take(self, at: int, words: frozenset[str]) -> None:
        """Have a group named by these words."""
        self._of[at] = words
        for word in words:
            self._by[word].add(at)

    def free(self, at: int) -> None:
        """Have a group without a name."""
        for word in self._of.pop(at):
            self._by[word].discard(at)

    def against(self, words: frozenset[str], within: float) -> float:
        """Return how much others' names count against one of these words: the same, or *within*: one in the other."""
        around = set.intersection(*(self._by.get(word, set()) for word in words)) if words else set()
        if any(len(self._of[at]) == len(words) for at in around):
            return 5 * _BETTER
        if around or not within:
            return within if around else 0.0
        shared = Counter(at for word in words for at in self._by.get(word, ()))
        return within if any(len(self._of[at]) == times for at, times in shared.items()) else 0.0


def _of_itself(group: Group, names: Sequence[_Name], reach: FloatArray, mine: BoolArray) -> FloatArray:
    """Return how good each name of a group is whatever the others are called: by how near it is, and what it finds.

    *reach* is how near each name is to the rows of the sample, (names, rows), of which bool (rows,) are *mine*.
    """
    first = min(10, max(1, int(mine.sum())))
    found = np.argpartition(reach, -first, axis=1)[:, -first:]
    score = group.caution * np.array([name.score for name in names]) + _FOUND * mine[found].mean(axis=1)
    if len(group.centres) > 1:
        score += _TRUE * true_of(reach[:, mine], reach[:, ~mine])
    return np.asarray(score)


def true_of(inside: FloatArray, outside: FloatArray) -> FloatArray:
    """Return of what share of the rows of a group each name is true, float32 (names,); 0 where nothing is outside.

    *inside* and *outside*, (names, rows), say how near each name is to rows of its group and to others.
    """
    if not inside.shape[1] or not outside.shape[1]:
        return np.zeros(len(inside), np.float32)
    bound = np.maximum(np.quantile(outside, _OUTSIDE, axis=1), _AS_NEAR * np.quantile(inside, _OUTSIDE, axis=1))
    return np.asarray((inside > bound[:, None]).mean(axis=1), np.float32)


def vector_of(title: Title) -> FloatArray:
    """Return what a name of these phrases means, float32 (d,)."""
    return _unit(np.sum([phrase.vector for phrase in title], axis=0))


def _won(reach: FloatArray, nearest: Rivals, owner: NDArray[np.int64], at: int) -> FloatArray:
    """Return for each name of group *at* what it wins of the sample, (names, rows), as a share of the group's rows."""
    near, mine = nearest.near, owner == at
    own = max(1, int(mine.sum()))
    if len(near) < 2:
        return np.zeros(len(reach), np.float32)
    best = nearest.besides(at)
    grouped = np.flatnonzero(~mine & (owner < len(near)))  # rows of no group are nobody's to lose
    right = grouped[near[owner[grouped], grouped] >= best[grouped]]
    won = (reach[:, mine] > best[mine]).sum(axis=1) / own
    lost = (reach[:, right] > best[right]).sum(axis=1) / own
    return np.asarray(won - lost, np.float32)


def telling_words(name: str) -> frozenset[str]:
    """Return the words of a name that say something, in whatever order and number; all where none does."""
    return frozenset(_stems(tuple(name.casefold().replace(",", "").split())))


def share_words(one: str, other: str) -> bool:
    """Tell whether two phrases share a word that says something, in any form of it."""
    first, second = (_stems(tuple(name.casefold().split())) for name in (one, other))
    return any(same_stem(x, y) for x in first for y in second)


def _repeats(a: tuple[str, ...], b: tuple[str, ...]) -> bool:
    """Tell whether two phrases share a word, one that says something in any form of it."""
    (said, stems, begun), (others, further, begins) = _heard(a), _heard(b)
    if not said.isdisjoint(others):
        return True
    return not begun.isdisjoint(begins) and any(same_stem(x, y) for x in stems for y in further)


@lru_cache(maxsize=20_000)
def _heard(words: tuple[str, ...]) -> tuple[frozenset[str], tuple[str, ...], frozenset[str]]:
    """Return the words of a phrase, the stems of those that say something, and what these begin with."""
    stems = _stems(words)
    return frozenset(words), stems, frozenset(one[:SAME_FROM] for one in stems)


@lru_cache(maxsize=20_000)
def _stems(words: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(map(stem, _content(words)))


def _content(words: tuple[str, ...]) -> list[str]:
    parts = [part for word in words for part in word.split("-")]
    return [word for word in parts if word not in stop_words_of("en")] or parts


def _unit(vectors: FloatArray) -> FloatArray:
    length = np.linalg.norm(vectors, axis=-1, keepdims=True)
    return np.asarray(vectors / np.maximum(length, 1e-12), np.float32)
