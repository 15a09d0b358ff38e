"""Compares two runs of the same rows: whose neighbours are the same, what each keeps of a labelled column, who moved.

It says nothing in words; `differences` does.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from explorer.clustering import adjusted_rand
from explorer.columns import CATEGORY, as_labels
from explorer.projection import laid_on
from explorer.questions.agreeing import codes_of, mutual_information, shared, voted
from explorer.questions.columns import columns_of
from explorer.questions.nearlists import nearest_among
from explorer.questions.pairing import first_copies, pairs_of
from explorer.types import BoolArray, FloatArray, IntArray, Run, sorted_unique

NEIGHBORS = 10
MOST_COLUMNS = 12
"""Labelled columns that are looked at, the first of the table."""
_MOST_VALUES, _ROWS_A_VALUE = 1_000, 3
"""A column with more values than these, or with fewer rows a value, labels nothing."""
_MOVED_BLOCK = 4_096
_TIES = 10_000


@dataclass(frozen=True)
class Comparison:
    """Two runs of the same rows; what is of m pairs of rows is in the order of *rows_a*.

    *rows_a*, *rows_b* int32 (m,): the rows that are the same item, with a vector in both.  *first* int32 (m,): the
    place of the first pair that says the same; such copies count as one, which leaves *distinct* places (u,).
    *near_a*, *near_b* int32 (u, k): places of the k nearest others by each, nearest first, none of them a copy.
    *overlap* float32 (m,) 0…1: the share of a row's neighbours by the one that are its neighbours by the other.
    *recall*: the lower one of the two graphs', 1 where both are exact.
    """

    a: Run
    b: Run
    rows_a: IntArray
    rows_b: IntArray
    first: IntArray
    distinct: IntArray
    near_a: IntArray
    near_b: IntArray
    overlap: FloatArray
    recall: float

    @property
    def k(self) -> int:
        """How many neighbours are compared."""
        return int(self.near_a.shape[1])

    @property
    def agreement(self) -> float:
        """The mean overlap of all distinct rows, 0…1."""
        return float(self.overlap[self.distinct].mean(dtype=np.float64))

    @property
    def chance(self) -> float:
        """The overlap that neighbours drawn by chance would have."""
        return self.k / max(1, len(self.distinct) - 1)

    @property
    def rand(self) -> float:
        """The adjusted Rand index of the two clusterings; rows in no cluster count as a group."""
        return adjusted_rand(*self._labels())

    @property
    def information(self) -> float:
        """The normalised mutual information of the two clusterings; rows in no cluster count as a group."""
        return mutual_information(*self._labels())

    def _labels(self) -> tuple[IntArray, IntArray]:
        labels = (np.asarray(self.a.clustering.labels)[self.rows_a], np.asarray(self.b.clustering.labels)[self.rows_b])
        return labels[0], labels[1]

    def overlap_of_rows(self) -> FloatArray:
        """Return float32 (n,): the overlap of each row of *a*; nan for one that is not in both."""
        found = np.full(len(self.a.dataset), np.nan, np.float32)
        found[self.rows_a] = self.overlap
        return found

    def others(self) -> IntArray:
        """Return int32 (n,): for each row of *a* the row of *b* that is the same item, -1 for none."""
        found = np.full(len(self.a.dataset), -1, np.int32)
        found[self.rows_a] = self.rows_b
        return found

    def turned(self) -> FloatArray:
        """Return the map of *b*, float32 (n, 2 or 3), laid on that of *a* (Procrustes); see `laid_on`."""
        xy, onto = np.asarray(self.b.projection.xy), np.asarray(self.a.projection.xy)
        there = np.full((len(xy), onto.shape[1]), np.nan, np.float32)
        there[self.rows_b] = onto[self.rows_a]
        return laid_on(xy, there)

    def near(self, place: int) -> tuple[IntArray, IntArray, BoolArray, BoolArray]:
        """Return the places of a pair's neighbours by each, (k,), and which of either are the other's too."""
        at = int(np.searchsorted(self.distinct, self.first[place]))
        a, b = self.near_a[at], self.near_b[at]
        return a, b, np.isin(a, b), np.isin(b, a)


@dataclass(frozen=True)
class Kept:
    """How well the two runs keep a labelled *column* of *values* different values in *rows* distinct rows.

    *accuracy*: the share of rows whose value is what most of their k nearest others have, of as many the first in the
    order of the values: leave-one-out accuracy of a k-nearest-neighbour classifier.  *usual* is the share of the most
    frequent value, what a guess reaches.  *information*: the normalised mutual information of clusters and values over
    all rows with a value.  *better* is 0 or 1 where one run keeps more, and more than a guess reaches, and chance
    hardly makes such differences.
    """

    column: str
    values: int
    rows: int
    usual: float
    accuracy: tuple[float, float]
    information: tuple[float, float]
    better: int | None


_ONE_IN_TWENTY = 1.96
"""Standard deviations that chance goes beyond in one case of twenty."""


def compare(a: Run, b: Run, *, k: int = NEIGHBORS) -> Comparison:
    """Return how two finished runs of the same rows differ, whatever their encoders and settings.

    Runs of versions of one dataset are compared by the rows that they share.  Of few rows k is half
    of the others at most: else any two lists were the same.
    Exact, in each run's own space and by its metric, as far as the graphs of the runs are; O(n·k²), 1 s at 100,000
    rows, where these graphs have k others for each row; rows that lack some are searched for.  Raises BadSetting for
    runs that share hardly a row.
    """
    rows_a, rows_b = pairs_of(a, b)
    first = first_copies(a.dataset.items, rows_a)
    distinct = np.flatnonzero(first == np.arange(len(first), dtype=np.int32)).astype(np.int32)
    k = max(1, min(k, (len(distinct) - 1) // 2))
    near_a, recall_a = nearest_among(a, rows_a[distinct], k)
    near_b, recall_b = nearest_among(b, rows_b[distinct], k)
    overlap = shared(near_a, near_b).mean(axis=1, dtype=np.float32)
    every = overlap[np.searchsorted(distinct, first)]
    lists = distinct[near_a], distinct[near_b]
    return Comparison(a, b, rows_a, rows_b, first, distinct, *lists, every, min(recall_a, recall_b))


def most_moved(found: Comparison, most: int = 20) -> IntArray:
    """Return the places (j,) of the distinct rows with the least overlap, the least first; none that has all of it.

    Of as much overlap those go first whose neighbours by the one are least alike by the other, against its own; where
    very many have as little, an even sample of these is looked at.
    """
    overlap = found.overlap[found.distinct]
    most = min(most, int(np.count_nonzero(overlap < 1)))
    if most == 0:
        return np.empty(0, np.int32)
    worst = np.partition(overlap, most - 1)[most - 1]
    some, ties = np.flatnonzero(overlap < worst), np.flatnonzero(overlap == worst)
    some = np.sort(np.append(some, ties[:: max(1, len(ties) // _TIES)]))
    order = np.lexsort((some, -_estranged(found, some), overlap[some]))
    return np.asarray(found.distinct[some[order[:most]]], np.int32)


def _estranged(found: Comparison, some: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return (j,): by how much the neighbours by the other run are less alike than a row's own, both ways together."""
    lost = np.zeros(len(some))
    sides = ((found.a, found.rows_a, found.near_a, found.near_b), (found.b, found.rows_b, found.near_b, found.near_a))
    for run, rows, own, other in sides:
        vectors = run.embeddings.vectors
        for start in range(0, len(some), _MOVED_BLOCK):
            part = some[start : start + _MOVED_BLOCK]
            here = np.asarray(vectors[rows[found.distinct[part]]], np.float32)
            for sign, lists in ((1, own), (-1, other)):
                there = np.asarray(vectors[rows[lists[part]]], np.float32)
                lost[start : start + _MOVED_BLOCK] += sign * np.einsum("md,mkd->m", here, there) / found.k
    return lost


def kept_columns(found: Comparison) -> list[Kept]:
    """Return what each run keeps of the labelled columns of *a*'s table, the first `MOST_COLUMNS`; [] without any."""
    table, kept = found.a.dataset.table, list[Kept]()
    for told in columns_of(found.a.dataset):
        if len(kept) == MOST_COLUMNS:
            break
        if told["kind"] != CATEGORY or told["type"] != CATEGORY or not 2 <= (told["distinct"] or 0) <= _MOST_VALUES:
            continue
        labels: Any = as_labels(table[told["column"]])
        one = _kept(found, told["column"], labels.iloc[found.rows_a])
        kept += [one] if one is not None else []
    return kept


def _kept(found: Comparison, column: str, labels: Any) -> Kept | None:
    """Return how a column is kept whose values are *labels* (m,), missing ones NA; None where it labels too little."""
    known = np.flatnonzero(labels.notna().to_numpy(bool))
    codes = np.full(len(labels), -1, np.int32)
    codes[known] = codes_of(labels.iloc[known].astype(str).to_numpy())
    first = known[np.unique(found.first[known], return_index=True)[1]]
    own = codes[first]
    values = len(sorted_unique(own))
    k = min(found.k, len(first) - 1)
    if values < 2 or len(first) < _ROWS_A_VALUE * values or k < 1:
        return None
    right = []
    for run, rows, near in ((found.a, found.rows_a, found.near_a), (found.b, found.rows_b, found.near_b)):
        if len(first) == len(found.distinct) and (first == found.distinct).all():
            lists = np.searchsorted(first, near).astype(np.int32)
        else:
            lists = nearest_among(run, rows[first], k)[0]
        right.append(voted(lists, own) == own)
    groups = (run.clustering.labels[rows[known]] for run, rows in ((found.a, found.rows_a), (found.b, found.rows_b)))
    mutual = [mutual_information(np.asarray(group), codes[known]) for group in groups]
    usual = float(np.bincount(own).max() / len(own))
    accuracy = (float(right[0].mean()), float(right[1].mean()))
    better = _better(right[0], right[1])
    if better is not None and not beats_guessing(accuracy[better], usual, len(first)):
        better = None
    return Kept(column, values, len(first), usual, accuracy, (mutual[0], mutual[1]), better)


def beats_guessing(accuracy: float, usual: float, rows: int) -> bool:
    """Whether a share of *rows* is above that of a guess by more than chance makes in one case of twenty at most."""
    return accuracy - usual > _ONE_IN_TWENTY * float(np.sqrt(usual * (1 - usual) / rows))


def _better(a: BoolArray, b: BoolArray) -> int | None:
    """Return which of two classifiers is right more often, 0 or 1, if chance makes that in one case of twenty at most.

    Source: Q. McNemar, Psychometrika 12 (1947): only rows that one alone has right tell them apart.
    """
    only_a, only_b = int(np.count_nonzero(a & ~b)), int(np.count_nonzero(b & ~a))
    if abs(only_a - only_b) <= _ONE_IN_TWENTY * (only_a + only_b) ** 0.5:
        return None
    return 0 if only_a > only_b else 1
