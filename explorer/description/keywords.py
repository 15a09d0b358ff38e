"""Finds the words and pairs of words that set some texts apart from the others (c-TF-IDF).

It does not know what a cluster is: it is given rows or labels.  Items without words, such as pictures, are skipped.
"""

from __future__ import annotations

import re
from array import array
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from explorer.description.words import (
    BREAK,
    EDGES,
    LEADING,
    TRAILING,
    is_unspaced,
    meaning,
    same_word,
    stem,
    stop_words,
    words,
)
from explorer.kinds import each
from explorer.types import BoolArray, Item

Keywords: TypeAlias = list[tuple[str, float]]

TOP = 10
_CANDIDATES = 80
_SAME_THING = 0.5
"""A word is dropped for a pair that it is in when at least this share of its texts have the pair."""
_SAME_RUN = 0.75
"""The same for a run of characters in a longer one."""
_NO_NEWS = 0.9
"""A word in more than this share of all texts, wherever one looks, names nothing."""
_HABIT = 2.0
"""How many stop words of a text the language of most texts outweighs: short texts are ambiguous."""
_NAMING = 0.25
"""A third word joins a name when it is at least this strong."""
_TEXTS_FOR_SPELLING = 200


def keywords_of(
    items: Sequence[Item], rows: Sequence[int], *, background_rows: Sequence[int] | None = None
) -> Keywords:
    """Return what sets *rows* apart from the background (default: all other rows), best first; see `KeywordIndex`."""
    return KeywordIndex(items).of_rows(rows, background_rows=background_rows)


@dataclass(frozen=True)
class TermCounts:
    """Which of n items has which of t terms, of one word or two.

    The columns of row i are ``columns[starts[i] : starts[i + 1]]``, ascending: int32, as the sparse matrices of scipy
    have them; *starts* is int64 (n + 1,).  Some 50 bytes for a text of a dozen words.
    """

    terms: tuple[tuple[str, ...], ...]
    starts: NDArray[np.int64]
    columns: NDArray[np.int32]


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
        candidates = [_Candidate(self._terms[t], float(score[t]), int(inside[t])) for t in best]
        chosen = _distinct(candidates, top=top)
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
        ids: defaultdict[str, int] = defaultdict()
        ids.default_factory = ids.__len__
        ids[BREAK] = 0
        final = np.array([ids[meaning(token)] for token in raw], dtype=np.int32)
        all_codes = np.frombuffer(codes, dtype=np.int32) if len(codes) else np.zeros(0, np.int32)
        row_of = np.repeat(np.array(rows, dtype=np.int32), np.array(lengths, dtype=np.int32))
        return cls(final[all_codes], row_of, list(ids))


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


def _least_texts(rows: int) -> int:
    """Return in how many of a class's texts a keyword must be."""
    return 1 if rows < 6 else 2 if rows < 100 else 3


@dataclass(frozen=True)
class _Candidate:
    words: tuple[str, ...]
    score: float
    texts: int


def _distinct(candidates: list[_Candidate], *, top: int) -> list[_Candidate]:
    """Return the best *top* that say different things, best first; weaker repetitions fill up a short list."""
    chosen: list[_Candidate] = []
    spare: list[_Candidate] = []
    for new in candidates:
        if len(chosen) == top:
            break
        rival = next((c for c in chosen if _repeats(new, c)), None)
        if rival is None:
            crowded = sum(_shares_word(new, c) for c in chosen) >= 2
            (spare if crowded else chosen).append(new)
        elif _says_more(new, rival):
            better = _Candidate(_joined(new, rival), rival.score, new.texts)
            chosen[chosen.index(rival)] = better
            chosen = [c for c in chosen if c is better or not _repeats(c, better)]
    return sorted(chosen + spare[: top - len(chosen)], key=lambda c: -c.score)


def _repeats(new: _Candidate, old: _Candidate) -> bool:
    """Tell whether one of the two has all the words of the other, in any form, or continues it."""
    few, many = sorted((_parts(new), _parts(old)), key=len)
    if all(any(same_word(a, b) for b in many) for a in few) or _chained(new, old):
        return True
    if len(few) == len(many) == 1 and is_unspaced(few[0]) and is_unspaced(many[0]):
        return few[0] in many[0] or many[0] in few[0] or few[0][1:] == many[0][:-1] or many[0][1:] == few[0][:-1]
    return False


def _parts(candidate: _Candidate) -> list[str]:
    return [part for word in candidate.words for part in word.split("-")]


def _chained(a: _Candidate, b: _Candidate) -> bool:
    """Tell whether two pairs are one phrase of three words ("disposable virtual", "virtual card")."""
    linked = len(a.words) == len(b.words) == 2 and (a.words[1] == b.words[0] or b.words[1] == a.words[0])
    return linked and min(a.texts, b.texts) >= 0.75 * max(a.texts, b.texts)


def _joined(new: _Candidate, old: _Candidate) -> tuple[str, ...]:
    if not _chained(new, old):
        return new.words
    first, second = (new, old) if new.words[1] == old.words[0] else (old, new)
    return (*first.words, second.words[1])


def _shares_word(a: _Candidate, b: _Candidate) -> bool:
    return any(same_word(x, y) for x in a.words for y in b.words)


def _says_more(new: _Candidate, old: _Candidate) -> bool:
    """Tell whether *new* should stand in the place of *old*, which it repeats."""
    if _chained(new, old):
        return True
    if is_unspaced(new.words[0]):
        return old.words[0] in new.words[0] and new.texts >= _SAME_RUN * old.texts
    contains = len(new.words) > len(old.words) and any(stem(old.words[0]) == stem(w) for w in new.words)
    return contains and new.texts >= _SAME_THING * old.texts


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
