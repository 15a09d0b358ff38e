"""Names the groups of a labelling, clusters as well as broad and fine ones; all names differ.

It makes no groups and places no names; `levels` names those of every level of the map.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from explorer.description.differing import all_different
from explorer.description.excerpts import beginning
from explorer.description.groupwords import rows_by_group, spread
from explorer.description.joinednames import Called, Joins
from explorer.description.judging import Truth
from explorer.description.keywords import KeywordIndex, Keywords
from explorer.description.onewords import central_words
from explorer.description.opposites import Opposites
from explorer.description.pictured import Pictured, too_small
from explorer.description.requestnames import Requests
from explorer.description.sayings import Sayings, sayings_of
from explorer.description.titles import (
    OF_ALL,
    OF_SOME,
    Group,
    Meaning,
    Phrase,
    Title,
    titles,
    vector_of,
    written,
)
from explorer.description.vocabulary import Vocabulary
from explorer.description.wholetexts import WholeTexts
from explorer.description.wording import SAYS_LITTLE, Wording
from explorer.kinds import which
from explorer.types import (
    NOISE,
    BoolArray,
    Embeddings,
    FloatArray,
    IntArray,
    Item,
    sorted_unique,
)

_CANDIDATES = 80
_SAMPLE, _LEAST, _MOST = 5_000, 12, 400
"""Rows looked at in all, and at least and at most so many of each group."""
_AS_AMONG = 20
"""Some rows are named as if all were cut into so many groups."""
_SAID_BEST, _AT_MOST, _AT_LEAST = 1 / 3, 60, 5
"""The share of a group's rows, and how many of them, that count as what its name says best."""

Rows = NDArray[np.int64]
Parts = Sequence[Sequence[int]]


@dataclass(frozen=True)
class Judged:
    """The name of a group, the share of a joined group's rows that it is true of, and the rows that it says best.

    Of pictures it may be unsure whether the name is true of most of them.  *told*: the share of the rows that have the
    words of one of its phrases, 0 for a name that two clusters lend; 1 for a name that was given.
    """

    name: str
    true_of: float | None
    near: tuple[int, ...]
    sure: bool = True
    told: float = 1.0


@dataclass(frozen=True)
class Namer:
    """All that names are made of; *order* holds the rows in an order that does not depend on how they came.

    *phrases* have the vectors of the texts' phrases.  Without them, as where no encoder reads them, the mean of the
    texts that have a phrase stands for it.  *vocabulary* has the words for pictures.  With *meaning*, which encodes
    names as they are written, they are chosen by that too.  Of pictures that are *small*, bool (n,), little is said.
    *requests* are what the items are where they are requests to a web server, *opposites* read what they judge.
    """

    items: Sequence[Item]
    embeddings: Embeddings
    vocabulary: Vocabulary | None = None
    index: KeywordIndex | None = None
    phrases: Vocabulary | None = None
    order: Rows | None = None
    meaning: Meaning | None = None
    small: BoolArray | None = None
    requests: Requests | None = None
    opposites: Opposites | None = None

    def names(
        self,
        labels: IntArray,
        keywords: Sequence[Keywords],
        *,
        joins: Joins | None = None,
        given: Mapping[int, str] | None = None,
    ) -> list[Judged]:
        """Return the name of each label; *joins* are the clusters that groups join, *given* names stay."""
        parts = None if joins is None else joins.labels
        count = int(labels.max(initial=NOISE)) + 1
        rows = rows_by_group(labels, count, order=self.order)
        groups = [self._group(own, parts, count) for own in rows]
        several = {at for at in range(count) if len(groups[at].centres) > 1}
        whole = self._whole.names({at: rows[at] for at in range(count) if at not in (given or {})}, several)
        given = {**(given or {}), **{at: name for at, (name, _) in whole.items()}}
        joined = [at for at in sorted(several) if at not in given]
        general = self._pictured.general_names({at: rows[at] for at in joined})
        fixed = {at: self._said_so([name], groups[at]) for at, name in given.items()}
        better = {at: [title for title, _ in options.values()] for at, options in general.items()}
        choose = partial(titles, groups, stray=self._stray(labels), meaning=self._exact)
        made = choose(given=fixed, better=better)
        called: dict[int, Called] = {}
        if joins is not None and joined:
            untold = {at: rows[at] for at in joined if at in joins.clusters and not general.get(at)}
            untold = {at: own for at, own in untold.items() if not self._pictured.is_unsure(own)}
            self._truth.learn([*joins.said_of(untold), *(written((p,)) for at in untold for p in made[at])])
            said = {at: partial(self._said_so, group=groups[at]) for at in untold}
            made, called = joins.titled(made, untold, fixed, choose=choose, said=said, held=self._truth.held)
        made = self._pictured.honest_titles(made, rows, but={*given, *several})
        doubted = self._pictured.doubted(made, rows)

        def spare(at: int) -> Keywords:
            return [] if at in doubted else keywords[at]

        texts = [given.get(at) or (called[at].text if at in called else "") for at in range(count)]
        texts = [text or self._text(made[at], rows[at], partial(spare, at)) for at, text in enumerate(texts)]
        names = all_different(
            texts,
            spare,
            first=list(given),
            example=lambda at: self._example(rows[at], texts[at]),
            apart=lambda at, same: self._wording.apart(rows[at], np.concatenate([rows[one] for one in same])),
        )
        true = {at: round(share, 3) for at, (_, share) in whole.items() if at in several}
        for at in joined:
            known = general.get(at, {}).get(written(made[at]))
            share = called[at].share if at in called else known[1] if known else None
            share = self._truth.share(made[at], rows[at], parts) if share is None else share
            true[at] = share if names[at] == texts[at] else 0.0
        told = [1.0 if at in given else self._wording.told(made[at], rows[at]) for at in range(count)]
        told = [0.0 if at in called else share for at, share in enumerate(told)]
        return self._judged(names, made, rows, true, told)

    def _judged(
        self,
        names: Sequence[str],
        made: Sequence[Title],
        rows: Sequence[Rows],
        true: Mapping[int, float],
        told: Sequence[float],
    ) -> list[Judged]:
        exact = self._exact
        meant = list(exact(names)) if exact and names else [vector_of(title) if title else None for title in made]
        near = [_said_best(of, own, self.embeddings.vectors) for of, own in zip(meant, rows, strict=True)]
        near = [of if title else () for title, of in zip(made, near, strict=True)]
        sure = [self._pictured.are_told(title, own) for title, own in zip(made, rows, strict=True)]
        return [Judged(name, true.get(at), near[at], sure[at], told[at]) for at, name in enumerate(names)]

    def _said_so(self, names: Sequence[str], group: Group) -> Title:
        """Return a title of names that are given."""
        return tuple(Phrase((name,), 1.0, self._meant(name, group)) for name in names)

    @property
    def _exact(self) -> Meaning | None:
        """What encodes names, where the encoder's vectors of words are in the rows' space."""
        return self.meaning if self._known or self.vocabulary is not None else None

    def _meant(self, name: str, group: Group) -> FloatArray:
        """Return what stands for the meaning of a name that is given: of no word known here, perhaps."""
        return centre_of(group.centres) if self._exact is None else self._exact([name])[0]

    def name_of_rows(self, rows: Rows) -> str:
        """Return what sets *rows* apart from all others, as a cluster is named; "" for none, or where nothing does."""
        if not len(rows):
            return ""
        if whole := self._whole.names({0: rows}):
            return whole[0][0]
        everything = np.flatnonzero(self.embeddings.ok)
        others = self._sample(everything, _SAMPLE)
        own = self._group(rows, None, _AS_AMONG)
        groups = [own, Group((), centre_of(others)[None], others)] if len(rows) < len(everything) else [own]
        return self._text(titles(groups)[0], rows)

    def _stray(self, labels: IntArray) -> FloatArray:
        """Return vectors of rows in no group, as many as their share of the sample is."""
        rows = self._ordered[(labels == NOISE)[self._ordered] & self.embeddings.ok[self._ordered]]
        return self._sample(rows, round(_SAMPLE * len(rows) / max(1, len(labels))))

    def _group(self, rows: Rows, parts: IntArray | None, count: int) -> Group:
        """Return what the name of *rows* is chosen by; *parts* labels all rows."""
        of = np.zeros(len(rows), np.int64) if parts is None else parts[rows].astype(np.int64)
        pieces = [rows[of == part] for part in sorted_unique(of[of >= 0])] or [rows]
        vectors = self.embeddings.vectors
        centres = np.stack([centre_of(vectors[piece]) for piece in pieces])
        many = int(np.clip(_SAMPLE // max(1, count), _LEAST, _MOST))
        looked_at = np.concatenate([spread(piece, -(-many // len(pieces))) for piece in pieces])
        sample = np.asarray(vectors[looked_at], np.float32)
        phrases, told = self._said(pieces, looked_at, count)
        if 2 * int(self.is_picture[rows].sum()) >= len(rows):
            return self._pictured.group(phrases, rows, centres, sample)
        if told is None:
            return Group(phrases, centres, sample)
        telling = OF_ALL if told.shared else OF_SOME
        return Group(phrases, centres, sample, said=told.said, usual=told.usual, telling=telling)

    def _said(self, pieces: Sequence[Rows], looked_at: Rows, count: int) -> tuple[list[Phrase], Sayings | None]:
        """Return the phrases that a group of so many may be named by, and which of the rows *looked_at* have them."""
        if self._whole.are_words:
            return central_words(self.items, pieces, self.embeddings.vectors), None
        if self.index is None:
            return [], None
        top = 3 * _CANDIDATES
        found = sayings_of(self.index, pieces, looked_at, count=count, top=top, proper=self._wording.proper)
        if self._whole.are_names and found.said.mean(axis=1).max(initial=0) < SAYS_LITTLE:
            return central_words(self.items, pieces, self.embeddings.vectors), None
        found = found.only(~self._opposites.against([one.words for one in found.phrases], looked_at, found.said))
        return _with_vectors(found, self._known, self.index, self.embeddings.vectors)

    def _sample(self, rows: Rows, most: int) -> FloatArray:
        """Return the vectors of *most* of the rows, evenly spread over them."""
        return np.asarray(self.embeddings.vectors[spread(rows, most)], np.float32)

    @property
    def _ordered(self) -> Rows:
        return np.arange(self.embeddings.n) if self.order is None else self.order

    @cached_property
    def _whole(self) -> WholeTexts:
        """Items as names; of those without words none is one."""
        unread = self.phrases is None and self.meaning is None
        return WholeTexts(self.items if self.index is not None else (), self.requests, unread)

    @cached_property
    def is_picture(self) -> BoolArray:
        """Which rows are pictures with a vector."""
        return np.asarray(~which(self.items, lambda kind: kind.has_words) & self.embeddings.ok)

    @cached_property
    def _truth(self) -> Truth:
        return Truth(self.embeddings, self.index, self.is_picture, self._exact, self._whole.are_words)

    @cached_property
    def _pictured(self) -> Pictured:
        return Pictured(self.embeddings.vectors, self.is_picture, self.vocabulary, self._ordered, self.small)

    @cached_property
    def _opposites(self) -> Opposites:
        return self.opposites or Opposites(self.items, self._ordered)

    @cached_property
    def _wording(self) -> Wording:
        return Wording(self.items, self.index, spread(self._ordered, _SAMPLE), self._whole.are_words)

    @cached_property
    def _known(self) -> dict[tuple[str, ...], FloatArray]:
        if self.phrases is None or self.phrases.vectors.shape[1:] != self.embeddings.vectors.shape[1:]:
            return {}
        return {tuple(p.split(" ")): v for p, v in zip(self.phrases.words, self.phrases.vectors, strict=True)}

    def _text(self, title: Title, rows: Rows, spare: Callable[[], Keywords] = list) -> str:
        """Return the name of a group as it is written; by its *spare* keywords where it has no title."""
        return self._wording.text(title, rows, spare) or self._example(rows)

    def _example(self, rows: Rows, name: str = "") -> str:
        """Return the beginning of the most central text, or which picture others of a *name* are like."""
        vectors = self.embeddings.vectors[rows]
        item = self.items[int(rows[np.argmax(vectors @ centre_of(vectors))])]
        return beginning(item) or self._pictured.like(item, name)


def _with_vectors(
    sayings: Sayings, known: Mapping[tuple[str, ...], FloatArray], index: KeywordIndex, vectors: FloatArray
) -> tuple[list[Phrase], Sayings]:
    """Return the phrases that have a *known* vector, or the mean of the *vectors* of the rows that have them."""
    found = sayings.phrases
    there = [at for at, phrase in enumerate(found) if phrase.words in known][:_CANDIDATES]
    kept = sayings.first(there or list(range(len(found)))[:_CANDIDATES])
    words = [phrase.words for phrase in kept.phrases]
    meant = np.stack([known[of] for of in words]) if there else index.means(words, vectors)
    return [Phrase(one.words, one.score, vector) for one, vector in zip(kept.phrases, meant, strict=True)], kept


def _said_best(meant: FloatArray | None, rows: Rows, vectors: FloatArray) -> tuple[int, ...]:
    """Return of a group the rows that its name says best, the nearest first; none for a name without a meaning."""
    if meant is None:
        return ()
    most = min(_AT_MOST, max(_AT_LEAST, round(_SAID_BEST * len(rows))))
    far = -np.asarray(vectors[rows] @ meant)
    return tuple(rows[np.argsort(far, kind="stable")[:most]].tolist())


def told_beside(items: Sequence[Item], table: Any) -> tuple[BoolArray | None, Requests | None]:
    """Return what a *table* tells a `Namer` of its items: which are small pictures, and the requests that they are."""
    return too_small(table), Requests.among(items, table)


def unsure_of(named: Sequence[Judged]) -> list[int]:
    """Return which names may not be true of most of their pictures."""
    return [at for at, one in enumerate(named) if not one.sure]


def centre_of(vectors: FloatArray) -> FloatArray:
    """Return the mean of float32 (m, d) vectors, of unit length unless it is zero: float32 (d,)."""
    centre = vectors.mean(axis=0)
    length = np.linalg.norm(centre)
    return np.asarray(centre / length if length > 0 else centre, np.float32)
