"""Finds the words and pairs of words that set some texts apart from the others (c-TF-IDF).

It does not know what a cluster is: it is given rows or labels.  Items without words, such as pictures, are skipped.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from explorer.description.candidates import Candidate, distinct
from explorer.description.terms import TermCounts, count_terms
from explorer.kinds import each
from explorer.types import Item

Keywords: TypeAlias = list[tuple[str, float]]

TOP = 10
_CANDIDATES = 80
_NO_NEWS = 0.9
"""A word in more than this share of all texts, wherever one looks, names nothing."""
_NAMING = 0.25
"""A third word joins a name when it is at least this strong."""
_TEXTS_FOR_SPELLING = 200


def keywords_of(
    items: Sequence[Item], rows: Sequence[int], *, background_rows: Sequence[int] | None = None
) -> Keywords:
    """Return what sets *rows* apart from the background (default: all other rows), best first; see `KeywordIndex`."""
    return KeywordIndex(items).of_rows(rows, background_rows=background_rows)


class KeywordIndex:
    """The words of n items, counted once, so that any rows' keywords are found in milliseconds.

    Scores are c-TF-IDF, a word counting once a text, divided by the best one's: 1 is the best, 0 the least.
    Source: Grootendorst 2022, arXiv:2203.05794: tf · log(1 + A / f), tf the word's share of the class, A the mean
    number of words in a class, f the word's frequency over all classes.
    """

    def __init__(self, items: Sequence[Item], counts: TermCounts | None = None) -> None:
        """Use the *counts* of *items*, or count now (`count_terms`)."""
        from scipy import sparse

        counts = count_terms(items) if counts is None else counts
        ones = np.ones(len(counts.columns), dtype=np.int8)
        shape = (len(items), max(1, len(counts.terms)))
        self._items, self._terms = items, counts.terms
        self._matrix = sparse.csr_array((ones, counts.columns, counts.starts), shape=shape)
        self._overall = np.asarray(np.bincount(self._matrix.indices, minlength=len(self._terms)), dtype=np.int64)
        texts = int((np.diff(self._matrix.indptr) > 0).sum())
        common = self._overall > max(_NO_NEWS * texts, 3)
        fillers = {word for t in np.flatnonzero(common) for word in self._terms[t] if len(self._terms[t]) == 1}
        if fillers:
            common |= np.array([not fillers.isdisjoint(term) for term in self._terms])
        self._said_everywhere = common

    def of_rows(self, rows: Sequence[int], *, background_rows: Sequence[int] | None = None, top: int = TOP) -> Keywords:
        """Return the keywords of *rows* against *background_rows* (default: all other rows), best first."""
        inside = self._counts(rows)
        overall = self._overall
        if background_rows is not None:
            overall = self._counts(np.union1d(np.asarray(rows, int), np.asarray(background_rows, int)))
        return self._best(rows, inside, overall, class_words=float(inside.sum()), top=top)

    def of_clusters(self, labels: NDArray[np.int32], *, top: int = TOP) -> Iterator[Keywords]:
        """Yield the keywords of label 0, 1, … each against all rows; rows with label -1 count as one more class."""
        order = np.argsort(labels, kind="stable")
        count = int(labels.max(initial=-1)) + 1
        edges = np.searchsorted(labels[order], np.arange(count + 1))
        class_words = self._overall.sum() / max(1, count + int((labels < 0).any()))
        for label in range(count):
            rows = order[edges[label] : edges[label + 1]]
            yield self._best(rows, self._counts(rows), self._overall, class_words=float(class_words), top=top)

    def _counts(self, rows: Any) -> NDArray[np.int64]:
        """Return for each term in how many of *rows* it is."""
        chosen = self._matrix[np.asarray(rows, dtype=np.int64)]
        return np.asarray(np.bincount(chosen.indices, minlength=len(self._terms)), dtype=np.int64)

    def _best(
        self, rows: Any, inside: NDArray[np.int64], overall: NDArray[np.int64], *, class_words: float, top: int
    ) -> Keywords:
        total = inside.sum()
        if total == 0:
            return []
        share = inside / total
        with np.errstate(divide="ignore", invalid="ignore"):
            score = np.where(inside > 0, share * np.log1p(class_words / np.maximum(overall, 1)), 0.0)
        typical = share >= 0.999 * overall / max(1, overall.sum())
        score[~typical | self._said_everywhere | (inside < _least_texts(len(rows)))] = 0.0
        there = np.flatnonzero(score > 0)
        best = there[np.argsort(-score[there], kind="stable")][:_CANDIDATES]
        candidates = [Candidate(self._terms[t], float(score[t]), int(inside[t])) for t in best]
        chosen = distinct(candidates, top=top)
        spelled = _spellings([c.words for c in chosen], [self._items[r] for r in _spread(rows)])
        return [(word, c.score / chosen[0].score) for word, c in zip(spelled, chosen, strict=True)]


def name_of(keywords: Keywords, *, taken: Callable[[str], bool]) -> str:
    """Return a name of the two or three best keywords, with another keyword when the name is taken; "" for none."""
    if not keywords:
        return ""
    found = [word for word, _ in keywords]
    short = any(" " in word for word in found[:2]) or (len(found) > 2 and keywords[2][1] < _NAMING)
    length = 2 if short else 3
    for tail in found[length - 1 :] or [""]:
        name = ", ".join([*found[: length - 1], *([tail] if tail and tail not in found[: length - 1] else [])])
        if not taken(name):
            return name
    name = ", ".join(found[:length])
    number = next(i for i in range(2, 1_000_000) if not taken(f"{name} ({i})"))
    return f"{name} ({number})"


def _least_texts(rows: int) -> int:
    """Return in how many of a class's texts a keyword must be."""
    return 1 if rows < 6 else 2 if rows < 100 else 3


def _spread(rows: Any) -> list[int]:
    """Return up to `_TEXTS_FOR_SPELLING` of the rows, evenly spread."""
    step = max(1, len(rows) // _TEXTS_FOR_SPELLING)
    return [int(r) for r in rows[::step]]


def _spellings(found: list[tuple[str, ...]], items: Sequence[Item]) -> list[str]:
    """Return each keyword as its texts mostly write it ("ATM", "iPhone"), where they agree on it."""
    if not found:
        return []
    plain = [" ".join(term) for term in found]
    pattern = re.compile("|".join(re.escape(word) for word in sorted(set(plain), key=len, reverse=True)), re.IGNORECASE)
    seen: dict[str, Counter[str]] = {word: Counter() for word in plain}
    for text in filter(None, each(items, lambda kind: kind.words)):
        for match in pattern.finditer(text[:2_000]):
            opens = match.start() == 0 or text[: match.start()].rstrip()[-1:] in ".!?\n"
            if not opens and match.group().lower() in seen:
                seen[match.group().lower()][match.group()] += 1
    return [_agreed(word, seen[word]) for word in plain]


def _agreed(word: str, spellings: Counter[str]) -> str:
    if not spellings:
        return word
    spelling, times = spellings.most_common(1)[0]
    return spelling if times > 0.5 * spellings.total() else word
