"""Finds which rows are in a group, and the keywords of each group, from its texts, its pictures or both.

It makes no names of them; `naming` does.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import overload

import numpy as np
from numpy.typing import NDArray

from explorer.description.keywords import TOP, KeywordIndex, Keywords
from explorer.description.vocabulary import Vocabulary, picture_words
from explorer.description.words import same_word
from explorer.kinds import which
from explorer.types import NOISE, Embeddings, Item, sorted_unique


def rows_by_group(
    labels: NDArray[np.int32], count: int, *, order: NDArray[np.int64] | None = None
) -> list[NDArray[np.int64]]:
    """Return the rows of label 0…count-1, each in the order of *order* (all rows), ascending without."""
    rows = np.arange(len(labels)) if order is None else order
    order = rows[np.argsort(labels[rows], kind="stable")]
    edges = np.searchsorted(labels[order], np.arange(count + 1))
    return [order[edges[label] : edges[label + 1]] for label in range(count)]


def spread(rows: NDArray[np.int64], most: int) -> NDArray[np.int64]:
    """Return at most so many of the rows, evenly spread over them."""
    return rows[sorted_unique(np.linspace(0, len(rows) - 1, max(1, most)).astype(np.int64))] if len(rows) else rows


def index_of(items: Sequence[Item]) -> KeywordIndex | None:
    """Return the words of *items*, counted now; None where none has words."""
    return KeywordIndex(items) if which(items, lambda kind: kind.has_words).any() else None


def keywords_by_group(
    items: Sequence[Item],
    embeddings: Embeddings,
    labels: NDArray[np.int32],
    *,
    vocabulary: Vocabulary | None = None,
    index: KeywordIndex | None = None,
) -> list[Keywords]:
    """Return the keywords of label 0, 1, …, from its texts, its pictures or both."""
    groups = rows_by_group(labels, int(labels.max(initial=NOISE)) + 1)
    is_text = which(items, lambda kind: kind.has_words)
    of_texts: list[Keywords] = [[] for _ in groups]
    if is_text.any():
        of_texts = list((index or KeywordIndex(items)).of_clusters(labels))
    of_pictures: list[Keywords] = [[] for _ in groups]
    if vocabulary is not None and not is_text.all():
        of_pictures = picture_words(embeddings, ~is_text & embeddings.ok, groups, vocabulary)
    return [
        _merged(texts, pictures, text_share=float(is_text[rows].mean()))
        for texts, pictures, rows in zip(of_texts, of_pictures, groups, strict=True)
    ]


class Later(Sequence[Keywords]):
    """The keywords of *count* groups, found when one is first asked for: most names need none."""

    def __init__(self, count: int, find: Callable[[], list[Keywords]]) -> None:
        self._count, self._find = count, find
        self._found: list[Keywords] | None = None

    def __len__(self) -> int:
        return self._count

    @overload
    def __getitem__(self, at: int) -> Keywords: ...
    @overload
    def __getitem__(self, at: slice) -> list[Keywords]: ...
    def __getitem__(self, at: int | slice) -> Keywords | list[Keywords]:
        if self._found is None:
            self._found = self._find()
        return self._found[at]


def _merged(texts: Keywords, pictures: Keywords, *, text_share: float) -> Keywords:
    """Return both kinds of keyword in one list, weighed by how much of the cluster they speak for."""
    if not texts or not pictures:
        return texts or pictures
    weighed = [(word, score * text_share) for word, score in texts]
    weighed += [(word, score * (1 - text_share)) for word, score in pictures]
    merged: Keywords = []
    for word, score in sorted(weighed, key=lambda pair: -pair[1]):
        if not any(same_word(word.casefold(), other.casefold()) for other, _ in merged):
            merged.append((word, score))
    return [(word, score / merged[0][1]) for word, score in merged[:TOP]]
