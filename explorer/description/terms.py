"""Counts which texts have which words and pairs of words, a word's forms as one, in the texts' own language.

It does not weigh them: `keywords` does.
"""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from explorer.description.words import BREAK, EDGES, LEADING, TRAILING, is_unspaced, meaning, stop_words, words
from explorer.kinds import each
from explorer.types import BoolArray, Item

_HABIT = 2.0
"""How many stop words of a text the language of most texts outweighs: short texts are ambiguous."""


@dataclass(frozen=True)
class TermCounts:
    """Which of n items has which of t terms, of one word or two.

    The columns of row i are ``columns[starts[i] : starts[i + 1]]``, ascending: int32, as the sparse matrices of scipy
    have them; *starts* is int64 (n + 1,).  Some 50 bytes for a text of a dozen words.
    """

    terms: tuple[tuple[str, ...], ...]
    starts: NDArray[np.int64]
    columns: NDArray[np.int32]


@dataclass(frozen=True)
class _Tokens:
    """All texts' tokens in one row: ids int32 (0 = break), and the text each is of."""

    ids: NDArray[np.int32]
    row: NDArray[np.int32]
    vocabulary: list[str]

    @classmethod
    def of(cls, items: Sequence[Item]) -> _Tokens:
        raw: defaultdict[str, int] = defaultdict()
        raw.default_factory = raw.__len__
        codes, lengths, rows = array("i"), array("i"), array("i")
        number = raw.__getitem__
        last = number(BREAK)
        for row, text in enumerate(each(items, lambda kind: kind.words)):
            if text is not None:
                found = words(text)
                codes.extend(map(number, found))
                codes.append(last)
                lengths.append(len(found) + 1)
                rows.append(row)
        meant = [meaning(token) for token in raw]
        vocabulary = [BREAK, *sorted({*meant} - {BREAK})]  # by the alphabet: equals are then ordered by no text's place
        ids = {word: at for at, word in enumerate(vocabulary)}
        final = np.array([ids[word] for word in meant], dtype=np.int32)
        all_codes = np.frombuffer(codes, dtype=np.int32) if len(codes) else np.zeros(0, np.int32)
        row_of = np.repeat(np.array(rows, dtype=np.int32), np.array(lengths, dtype=np.int32))
        return cls(final[all_codes], row_of, vocabulary)


def count_terms(items: Sequence[Item]) -> TermCounts:
    """Return which of *items* has which words and pairs of words: 11 s for a million short texts."""
    tokens, n = _Tokens.of(items), len(items)
    size = len(tokens.vocabulary)
    content, opening, closing = _roles(tokens, n)
    least = _least_rows(len(np.unique(tokens.row)))
    single = tokens.ids[content].astype(np.int64)
    frequency = np.bincount(single, minlength=size)
    left, right = tokens.ids[:-1].astype(np.int64), tokens.ids[1:].astype(np.int64)
    paired = (content[:-1] & (content[1:] | closing[1:])) | (opening[:-1] & content[1:])
    paired &= (tokens.row[:-1] == tokens.row[1:]) & (left != right)
    codes = left[paired] * size + right[paired]
    pairs, times = np.unique(codes, return_counts=True)
    pairs = pairs[times >= least]
    kept = np.flatnonzero(frequency >= least)
    terms: list[tuple[str, ...]] = [(tokens.vocabulary[i],) for i in kept]
    terms += [(tokens.vocabulary[code // size], tokens.vocabulary[code % size]) for code in pairs]
    place = np.full(size, -1, dtype=np.int64)
    place[kept] = np.arange(len(kept))
    at = np.searchsorted(pairs, codes)
    known = pairs[np.minimum(at, len(pairs) - 1)] == codes if len(pairs) else np.zeros(len(codes), bool)
    term = np.concatenate([place[single], np.where(known, at + len(kept), -1)])
    row = np.concatenate([tokens.row[content], tokens.row[:-1][paired]])
    keys = np.unique(row[term >= 0].astype(np.int64) * max(1, len(terms)) + term[term >= 0])
    rows, columns = np.divmod(keys, max(1, len(terms)))
    starts = np.searchsorted(rows, np.arange(n + 1))
    return TermCounts(tuple(terms), starts.astype(np.int64), columns.astype(np.int32))


def _roles(tokens: _Tokens, n: int) -> tuple[BoolArray, BoolArray, BoolArray]:
    """Return which tokens are content words, which stop words may open a pair and which may close one."""
    lists = {code: members for code, members in stop_words().items() if code != EDGES}
    is_stop = np.array([[word in members for word in tokens.vocabulary] for members in lists.values()])
    hits = np.stack([np.bincount(tokens.row, weights=flags[tokens.ids], minlength=n) for flags in is_stop])
    overall = hits.sum(axis=1)
    language = (hits + _HABIT * (overall / max(1.0, overall.sum()))[:, None]).argmax(axis=0)
    stopped = is_stop[language[tokens.row], tokens.ids]
    edges = stop_words()[EDGES]
    cut = [bool(w) and is_unspaced(w) and (w[0] in edges or w[-1] in edges) for w in tokens.vocabulary]
    content = (tokens.ids > 0) & ~stopped & ~np.array(cut)[tokens.ids]
    opening = np.array([word in LEADING for word in tokens.vocabulary])[tokens.ids]
    closing = np.array([word in TRAILING for word in tokens.vocabulary])[tokens.ids]
    english = language[tokens.row] == list(lists).index("en")
    return content, opening & english, closing & english


def _least_rows(texts: int) -> int:
    """Return in how many of so many texts a term must be: rarer ones only cost memory."""
    return 1 if texts < 50 else 2 if texts < 20_000 else 3 if texts < 200_000 else 5
