"""Drafts the vectors of texts: a table of word pieces, fitted to the true vectors of a sample of the same texts.

A text's draft vector is the sum of its pieces' rows of the table, which takes a hundredth of what the encoder takes.
It encodes nothing and keeps nothing: the sample's true vectors are given to it, and nobody may take a draft for one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from explorer.types import FloatArray, sorted_unique

PAIRS = 1 << 16
"""Columns for two pieces that follow each other; which two share one is left to a hash."""
PAIR_WEIGHT = 0.7
RIDGE = 0.1
"""Of the mean diagonal.  Recall of the ten nearest on Banking77 (10,000 rows, MiniLM) from a sample of 3,000: pieces
alone .602, with pairs .642, with what the network begins with (`WordPieces.known`) .667; from one of 1,000 .532, .532
and .594.  Half or three times the ridge costs .004 and .012.  Beginning with encoded word pieces instead is as good and
takes 16 s.  Three pieces in a row, and normalising each text's mean before the fit, gain nothing."""
NEAREST = 10
_AT_ONCE = 16_384
_FEWEST = 4 * NEAREST


class WordPieces(Protocol):
    """An encoder's word pieces."""

    size: int

    def numbers(self, texts: Sequence[str]) -> list[list[int]]:
        """Return of each text the numbers 0…size of its pieces."""
        ...


class Pieces:
    """Counts word pieces, and pairs of them, in texts."""

    def __init__(self, words: WordPieces) -> None:
        self._words, self.size = words, words.size

    def counts(self, texts: Sequence[str]) -> Any:
        """Return a scipy CSR matrix (m, size + PAIRS), float32: how often each text has each."""
        from scipy.sparse import csr_array

        told = self._words.numbers(texts)
        lengths = np.fromiter(map(len, told), np.int64, len(told))
        ids = np.fromiter(chain.from_iterable(told), np.int64, int(lengths.sum()))
        rows = np.repeat(np.arange(len(told)), lengths)
        follows = rows[:-1] == rows[1:]
        pairs = self.size + _pair_columns(ids[:-1][follows], ids[1:][follows])
        columns, owners = np.concatenate([ids, pairs]), np.concatenate([rows, rows[:-1][follows]])
        found = csr_array((np.ones(len(columns), np.float32), (owners, columns)), shape=(len(told), self.size + PAIRS))
        found.sum_duplicates()
        return found


@dataclass(frozen=True)
class Table:
    """The fitted table: float32 (size + PAIRS, d) for pieces weighted by *weights* (size + PAIRS), and their *mean*."""

    pieces: Pieces
    weights: FloatArray
    rows: FloatArray
    mean: FloatArray

    def draft(self, texts: Sequence[str]) -> FloatArray:
        """Return float32 (m, d) unit vectors; each depends on its text alone.  O(pieces · d)."""
        vectors = np.empty((len(texts), len(self.mean)), np.float32)
        for start in range(0, len(texts), _AT_ONCE):
            counted = self.pieces.counts(texts[start : start + _AT_ONCE])
            vectors[start : start + _AT_ONCE] = _unit(
                self.mean + _weighted(counted, self.weights, self.pieces.size) @ self.rows
            )
        return vectors


def fit_table(pieces: Pieces, texts: Sequence[str], vectors: FloatArray, known: FloatArray) -> Table:
    """Return the table whose drafts of the m sample *texts* come nearest to their true *vectors* (m, d).

    Ridge regression in its dual form; *known* (size, e) is what is known of each piece beforehand, e may be 0.
    O(m³ + m·d·(pieces of a text)), memory O(m² + size·d).
    """
    counted = pieces.counts(texts)
    weights = _rarity(counted)
    seen = _weighted(counted, weights, pieces.size)
    known = _scaled(known, seen[:, : pieces.size])
    begun = seen[:, : pieces.size] @ known
    gram = np.asarray((seen @ seen.T).todense(), np.float64) + begun.astype(np.float64) @ begun.T.astype(np.float64)
    mean = vectors.mean(axis=0, dtype=np.float64)
    gram[np.diag_indices_from(gram)] += max(RIDGE * float(np.trace(gram)) / len(gram), 1e-9)
    dual = np.linalg.solve(gram, vectors - mean).astype(np.float32)
    rows = np.asarray(seen.T @ dual, np.float32)
    rows[: pieces.size] += known @ (begun.T @ dual)
    return Table(pieces, weights, rows, mean.astype(np.float32))


def recall_of(true: FloatArray, drafted: FloatArray) -> float | None:
    """Return which share of each row's ten nearest among the (m, d) *true* vectors it has among the *drafted* ones.

    None where there are too few rows to say.  O(m²·d).
    """
    if len(true) < _FEWEST:
        return None
    kept = [len(np.intersect1d(a, b)) for a, b in zip(_nearest(true), _nearest(drafted), strict=True)]
    return float(np.mean(kept)) / NEAREST


def _nearest(vectors: FloatArray) -> NDArray[np.int64]:
    alike = vectors @ vectors.T
    np.fill_diagonal(alike, -np.inf)
    return np.argsort(-alike, axis=1, kind="stable")[:, :NEAREST]


def _pair_columns(first: NDArray[np.int64], second: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return a column 0…PAIRS for each pair of pieces.  Source: Knuth, multiplicative hashing, TAOCP 6.4."""
    told = first.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15) + second.astype(np.uint64)
    mixed = told * np.uint64(0xD6E8FEB86659FD93)
    return (mixed >> np.uint64(48)).astype(np.int64)


def _rarity(counted: Any) -> FloatArray:
    """Return how much each column says: more, the fewer rows of the sample have it."""
    rows = np.bincount(counted.indices, minlength=counted.shape[1])
    return np.asarray(np.log((len(counted.indptr)) / (rows + 1)) + 1, np.float32)


def _weighted(counted: Any, weights: FloatArray, size: int) -> Any:
    """Return the counts with weights, each text's pieces of length 1 together, and its pairs of PAIR_WEIGHT."""
    values, columns = counted.data * weights[counted.indices], counted.indices
    owner = np.repeat(np.arange(counted.shape[0]), np.diff(counted.indptr)) * 2 + (columns >= size)
    lengths = np.sqrt(np.bincount(owner, values.astype(np.float64) ** 2, minlength=2 * counted.shape[0]))
    share = np.where(columns >= size, PAIR_WEIGHT, 1.0)
    made = counted.copy()
    made.data = np.asarray(values * share / lengths[owner], np.float32)
    return made


def _scaled(known: FloatArray, seen: Any) -> FloatArray:
    """Return what is known of pieces, centred on those that are *seen*, so that texts are of length 1 on average."""
    if not known.shape[1]:
        return known
    table = _unit(known - known[sorted_unique(seen.indices)].mean(axis=0))
    lengths = np.square(seen @ table).sum(axis=1)
    return np.asarray(table / max(float(np.sqrt(lengths.mean())), 1e-9), np.float32)


def _unit(rows: FloatArray) -> FloatArray:
    return np.asarray(rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9), np.float32)
