"""Finds the words and pairs of words that set some texts apart from the others (c-TF-IDF).

It does not know what a cluster is: it is given rows or labels.  Items without words, such as pictures, are skipped.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import cached_property
from typing import Any, TypeAlias, TypeVar

import numpy as np
from numpy.typing import NDArray

from explorer.description.candidates import Candidate, distinct
from explorer.description.excerpts import said_often
from explorer.description.pieces import Pieces
from explorer.description.spelling import Usage, proper_words, spellings
from explorer.description.terms import TermCounts, count_terms
from explorer.description.unspaced import completed
from explorer.description.words import is_ending, is_unspaced
from explorer.kinds import each
from explorer.types import FloatArray, Item, sorted_unique

Keywords: TypeAlias = list[tuple[str, float]]
Rows: TypeAlias = NDArray[np.int64]
Told = TypeVar("Told")

TOP = 10
_CANDIDATES = 80
_NO_NEWS = 0.9
"""A word in more than this share of all texts, wherever one looks, names nothing."""
_NAMING = 0.25
"""A third word joins a name when it is at least this strong."""
_ENDING = 0.2
"""What a run of hiragana alone counts beside words: 「してください」 names nothing."""
_TEXTS_FOR_SPELLING = 200


def keywords_of(
    items: Sequence[Item], rows: Sequence[int], *, background_rows: Sequence[int] | None = None
) -> Keywords:
    """Return what sets *rows* apart from the background (default: all other rows), best first; see `KeywordIndex`."""
    return KeywordIndex(items).of_rows(rows, background_rows=background_rows)


class Written:
    """How the texts of rows write words; told once of the same rows, for all that is named by them asks for it."""

    def __init__(self, items: Sequence[Item]) -> None:
        self._items = items
        self._told: dict[tuple[Any, bytes], Any] = {}

    def proper(self, rows: Rows) -> frozenset[str]:
        """Return the words that the texts of *rows* write as names, see `proper_words`."""
        return self._of(proper_words, rows)

    def usage(self, rows: Rows) -> Usage:
        """Return how words are mostly written in the texts of *rows*."""
        return self._of(Usage, rows)

    def _of(self, tell: Callable[[list[str]], Told], rows: Rows) -> Told:
        key = tell, rows.tobytes()
        if key not in self._told:
            texts = each([self._items[r] for r in rows], lambda kind: kind.words)
            self._told[key] = tell([text for text in texts if text])
        told: Told = self._told[key]
        return told


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
        self._items, self._terms, self._ended, self._parts = items, counts.terms, counts.whole, counts.parts
        self.written = Written(items)
        self._plain = np.array([len(term) <= 2 for term in counts.terms] or [False])
        self._matrix = sparse.csr_array((ones, counts.columns, counts.starts), shape=shape)
        self._overall = self._counts(slice(None))
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
            overall = self._counts(
                sorted_unique(np.concatenate([np.asarray(rows, int), np.asarray(background_rows, int)]))
            )
        return self._best(rows, inside, overall, class_words=float(inside[self._plain].sum()), top=top)

    def of_clusters(self, labels: NDArray[np.int32], *, top: int = TOP) -> Iterator[Keywords]:
        """Yield the keywords of label 0, 1, … each against all rows; rows with label -1 count as one more class."""
        order = np.argsort(labels, kind="stable")
        count = int(labels.max(initial=-1)) + 1
        edges = np.searchsorted(labels[order], np.arange(count + 1))
        class_words = self._overall[self._plain].sum() / max(1, count + int((labels < 0).any()))
        for label in range(count):
            rows = order[edges[label] : edges[label + 1]]
            yield self._best(rows, self._counts(rows), self._overall, class_words=float(class_words), top=top)

    def phrases_of(self, parts: Sequence[Any], *, class_words: float, top: int) -> list[Candidate]:
        """Return the *top* terms of one to six words that set a group apart from all rows, the best (1.0) first.

        *parts* are the rows of each of its parts: what all of them say counts for more than what one says often.
        """
        rows = np.concatenate(parts)
        inside = self._counts(rows)
        shares = [self._counts(part) / max(1, len(part)) for part in parts]
        shared = np.sqrt(np.array(shares)).mean(axis=0) ** 2
        for mask in (self._said_everywhere, np.zeros_like(self._said_everywhere)):
            score = _c_tf_idf(shared, self._overall, class_words)
            score[mask | ~self._whole | (inside < _least_texts(len(rows))) | ~_typical(inside, self._overall)] = 0.0
            there = np.flatnonzero(score > 0)
            best = self._pieces.uncut(there[np.argsort(-score[there], kind="stable")][: 2 * top], inside)[:top]
            if len(best):
                return [Candidate(self._terms[t], float(score[t] / score[best[0]]), int(inside[t])) for t in best]
        return []

    def wordless(self, rows: Rows) -> NDArray[np.bool_]:
        """Return which of *rows* have no word that names anything, as "no" or "…"."""
        return np.asarray(np.diff(self._matrix.indptr)[rows] == 0)

    def means(self, terms: Sequence[tuple[str, ...]], vectors: FloatArray) -> FloatArray:
        """Return for each term the mean of the *vectors* (n, d) of the texts that have it, of unit length."""
        columns = self._matrix[:, [self._at[term] for term in terms]].astype(np.float32)
        means = np.asarray(columns.T @ vectors)
        return np.asarray(means / np.maximum(np.linalg.norm(means, axis=1, keepdims=True), 1e-12), np.float32)

    def said(self, terms: Sequence[tuple[str, ...]], rows: Rows) -> FloatArray:
        """Return which of *rows* have all the words that say something in each term, float32 (terms, rows) of 0 or 1.

        In any form, order and place: a row may say "I froze my credit card" of "freeze the card".
        """
        parts = self._parts[[self._at[term] for term in terms]]
        words, at = np.unique(parts, return_inverse=True)
        there = np.ones((len(words), len(rows)), np.bool_)  # the place of no word, -1, is in all of them
        real = words >= 0
        if real.any():
            there[real] = self._matrix[rows][:, words[real]].toarray().T > 0
        found = np.ones((len(parts), len(rows)), np.bool_)
        for step in at.reshape(parts.shape).T:
            found &= there[step]
        return np.asarray(found, np.float32)

    def holding(self, terms: Sequence[tuple[str, ...]]) -> Any:
        """Return which items have each term, as it stands there: a sparse array (n, terms) of 0 and 1."""
        return self._matrix[:, [self._at[term] for term in terms]]

    def knows(self, term: tuple[str, ...]) -> bool:
        """Tell whether the texts have a term."""
        return term in self._at

    def usual(self, terms: Sequence[tuple[str, ...]], rows: Rows) -> FloatArray:
        """Return in what share of all texts but *rows* the rarest word of each term is, float32 (terms,)."""
        parts = self._parts[[self._at[term] for term in terms]]
        texts = max(1, int((np.diff(self._matrix.indptr) > 0).sum()) - len(rows))
        others = self._overall - self._counts(rows)
        often = np.where(parts >= 0, others[np.maximum(parts, 0)], texts)
        return np.asarray(often.min(axis=1, initial=texts) / texts, np.float32)

    @cached_property
    def _at(self) -> dict[tuple[str, ...], int]:
        return {term: place for place, term in enumerate(self._terms)}

    def class_words(self, classes: int) -> float:
        """Return how many terms a class has when there are so many."""
        return float(self._overall.sum() / max(1, classes))

    def frequent(self, most: int) -> list[tuple[str, ...]]:
        """Return up to *most* terms that a group may be named by, in the order of the alphabet.

        Those of most texts; one that is hardly ever said but within a longer one is left out for it.
        """
        spaced = [t for t, term in enumerate(self._terms) if self._whole[t] and not is_unspaced(term[0])]
        names = np.array(spaced, np.int64)
        kept = names[np.argsort(-self._overall[names], kind="stable")][:most]
        return sorted(self._terms[t] for t in kept)

    @cached_property
    def _whole(self) -> NDArray[np.bool_]:
        """Which terms are no mere piece of a longer one: "lane" is, where it is hardly ever said but in "mill lane".

        One that the texts do not end there is no name itself, and stands for no other.
        """
        whole = np.array(self._ended if len(self._ended) else [True])
        whole[self._pieces.continued(self._overall)] = False
        return whole

    @cached_property
    def _pieces(self) -> Pieces:
        return Pieces.among(self._at, self._ended)

    def spelled(
        self,
        terms: list[tuple[str, ...]],
        rows: Any,
        *,
        proper: frozenset[str] = frozenset(),
        usage: Usage | None = None,
    ) -> list[str]:
        """Return each term as the texts of *rows* mostly write it ("ATM"), where they agree; see `spellings`.

        What they write small is written as by the *usage* of all texts.
        """
        texts = each([self._items[r] for r in _spread(rows)], lambda kind: kind.words)
        found = spellings(terms, [text for text in texts if text], proper)
        return found if usage is None else [usage.mostly(spelling) for spelling in found]

    def _occurs(self, run: str, rows: Any) -> bool:
        """Whether some of the texts of *rows* have a run of characters."""
        texts = each([self._items[r] for r in _spread(rows)], lambda kind: kind.words)
        return any(run in text for text in texts if text)

    def _whole_runs(self, chosen: list[Candidate], rows: Any) -> list[Candidate]:
        """Return the candidates, pieces of scripts without spaces completed, repetitions left out."""
        if not any(is_unspaced(c.words[0]) for c in chosen):
            return chosen
        texts = [text for text in each([self._items[r] for r in _spread(rows)], lambda kind: kind.words) if text]
        runs = completed([c.words[0] if len(c.words) == 1 else "" for c in chosen], texts)
        return [
            replace(c, words=(run,)) if len(c.words) == 1 else c
            for c, run in zip(chosen, runs, strict=True)
            if run or len(c.words) > 1
        ]

    @cached_property
    def _endings(self) -> NDArray[np.bool_]:
        found = [len(term) == 1 and not term[0].isascii() and is_ending(term[0]) for term in self._terms]
        return np.array(found or [False])

    def _counts(self, rows: Any) -> NDArray[np.int64]:
        """Return for each term in how many of *rows* it is."""
        chosen = self._matrix if isinstance(rows, slice) else self._matrix[np.asarray(rows, dtype=np.int64)]
        return np.asarray(np.bincount(chosen.indices, minlength=len(self._plain)), dtype=np.int64)

    def _best(
        self, rows: Any, inside: NDArray[np.int64], overall: NDArray[np.int64], *, class_words: float, top: int
    ) -> Keywords:
        inside, overall = inside * self._plain, overall * self._plain
        said = said_often(self._items, _bare(rows, self.wordless(rows)))
        total = inside.sum()
        if total == 0:
            return _beside(said, [], [], top)
        score = _c_tf_idf(inside / total, overall, class_words)
        score[~_typical(inside, overall) | self._said_everywhere | (inside < _least_texts(len(rows)))] = 0.0
        score[self._endings] *= _ENDING
        there = np.flatnonzero(score > 0)
        best = there[np.argsort(-score[there], kind="stable")][:_CANDIDATES]
        candidates = [Candidate(self._terms[t], float(score[t]), int(inside[t])) for t in best]
        chosen = self._whole_runs(distinct(candidates, top=top, occurs=lambda run: self._occurs(run, rows)), rows)
        spelled = self.spelled([c.words for c in chosen], rows)
        found = [(word, c.score / chosen[0].score) for word, c in zip(spelled, chosen, strict=True)]
        return _beside(said, found, chosen, top)


def _bare(rows: Any, wordless: NDArray[np.bool_]) -> Rows:
    """Return those of *rows* that are *wordless*, none where they are not most of them."""
    found: Rows = np.asarray(rows, np.int64)
    return found[wordless] if 2 * wordless.sum() > len(found) else found[:0]


def _beside(said: Sequence[tuple[str, int]], found: Keywords, chosen: Sequence[Candidate], top: int) -> Keywords:
    """Return keywords beside whole texts that most rows are, as "Good.": the words of few are not what the rows say."""
    if not said:
        return found
    often = said[0][1]
    few = [(word, min(score, one.texts / often)) for (word, score), one in zip(found, chosen, strict=True)]
    return sorted([*((text, times / often) for text, times in said), *few], key=lambda one: -one[1])[:top]


def _c_tf_idf(share: NDArray[np.float64], overall: NDArray[np.int64], class_words: float) -> NDArray[np.float64]:
    score: NDArray[np.float64] = share * np.log1p(class_words / np.maximum(overall, 1))
    return score


def _typical(inside: NDArray[np.int64], overall: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Return which terms are no rarer inside than everywhere."""
    here, all_of_it = inside / max(1, inside.sum()), overall / max(1, overall.sum())
    return np.asarray(here >= 0.999 * all_of_it)


def name_of(keywords: Keywords, *, taken: Callable[[str], bool], numbered: bool = True) -> str:
    """Return a name of the two or three best keywords, with another keyword when the name is taken; "" for none.

    Where all are taken it is *numbered*, or "".
    """
    if not keywords:
        return ""
    found = [word for word, _ in keywords]
    short = any(" " in word for word in found[:2]) or (len(found) > 2 and keywords[2][1] < _NAMING)
    length = 2 if short else 3
    for tail in found[length - 1 :] or [""]:
        name = ", ".join([*found[: length - 1], *([tail] if tail and tail not in found[: length - 1] else [])])
        if not taken(name):
            return name
    if not numbered:
        return ""
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
