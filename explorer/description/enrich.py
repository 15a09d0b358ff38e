"""Finds what the metadata of each cluster is rich in: values, and numbers and dates that are high or low.

It does not look at items or vectors; a table and labels are all it reads.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from explorer.columns import (
    CLOCK,
    DATE,
    UNTOLD,
    Reading,
    are_of_a_day,
    as_labels,
    as_written,
    clock,
    decimal_of,
    parse_reading,
    read,
)
from explorer.types import Enrichment, sorted_unique

if TYPE_CHECKING:
    import pandas as pd

NO_READINGS: Mapping[str, str] = MappingProxyType({})
MOST = 5
_MOST_OF_A_COLUMN = 3
_FALSE_DISCOVERIES = 0.01
_LEAST_LIFT = 1.25
_LEAST_SHARE = 0.1
_LEAST_ROWS = 3
_LEAST_EFFECT = 0.15
"""How far the chance that a row of the cluster has the higher number must be from one half."""
_MANY, _IN_ORDER, _DIFFERENT, _GAPS = 20, 0.9, 0.98, 2
"""A running number of so many rows at least goes up by one from row to row so often, or is of so many different values,
with at most so many times as many between the least and the greatest; of fewer rows it leaves none out."""
_YEARS = 1_000, 2_999
_CODES = 30
"""Whole numbers with at most so many different values are tried as categories as well."""


@dataclass(frozen=True)
class _Finding:
    label: int
    enrichment: Enrichment


def enrich(
    table: pd.DataFrame, labels: NDArray[np.int32], *, count: int, readings: Mapping[str, str] = NO_READINGS
) -> list[tuple[Enrichment, ...]]:
    """Return for each label 0…count-1 at most five facts about its metadata, the most telling first.

    Values are tested with the hypergeometric distribution, numbers and dates with the rank-sum test (Mann-Whitney,
    normal approximation with ties); `Enrichment.p` is corrected for all tests made (Benjamini & Hochberg 1995).
    Rows with label -1 take part in "overall".  Columns with one value, or all different ones, say nothing.
    *readings* are how columns are read, as `parse_reading` has it, where somebody set that: texts and ids say nothing.
    """
    findings: list[_Finding] = []
    decimal = decimal_of(table)
    for column in table.columns:
        wanted = parse_reading(readings[str(column)]) if str(column) in readings else None
        if wanted is None or wanted.kind not in UNTOLD:
            findings += _of_column(str(column), table[column], labels, count, decimal, wanted)
    kept = _significant(findings)
    return [_most_telling([f.enrichment for f in kept if f.label == label]) for label in range(count)]


def _of_column(
    name: str, values: pd.Series[Any], labels: NDArray[np.int32], count: int, decimal: str, wanted: Reading | None
) -> list[_Finding]:
    """Return all that was tested on one column; what is missing or not of the column's kind takes no part."""
    seen = read(values, name, wanted, decimal=decimal)
    numbers = seen.numbers
    named = as_labels(values) if numbers is None else values
    present = named.notna().to_numpy() if numbers is None else np.isfinite(numbers)
    if present.sum() < 2 * _LEAST_ROWS:
        return []
    values, labels = values[present], labels[present]
    if numbers is None:
        return list(_categories(name, named[present], labels, count))
    dates = seen.reading.kind == DATE
    numbers = _local(numbers[present], seen.zone)
    if not dates and seen.reading.form != CLOCK and _is_running(numbers):
        return []
    different = len(sorted_unique(numbers))
    whole = bool(np.all(numbers == np.round(numbers)))
    found: list[_Finding] = []
    if different > 2:
        found += _numbers(name, numbers, labels, count, _words_for(seen.reading, numbers))
    if different <= 2 or (whole and different <= _CODES and not dates):
        codes = _categories(name, as_written(values).str.strip(), labels, count)
        ranked = {f.label: f.enrichment.p for f in found}
        better = [f for f in codes if f.enrichment.p < ranked.get(f.label, 1.1)]
        beaten = {f.label for f in better}
        found = [f for f in found if f.label not in beaten] + better
    return found


def _is_running(numbers: NDArray[np.float64]) -> bool:
    """Tell whether numbers only count rows: whole, of nearly as many values as rows, and hardly one left out between.

    They may be in any order, and may begin anew, as where files were joined.  A year for each row counts none.
    """
    n, low, high = len(numbers), float(numbers.min()), float(numbers.max())
    if low < 0 or not np.all(numbers == np.round(numbers)) or (low >= _YEARS[0] and high <= _YEARS[1]):
        return False
    if n >= _MANY and float(np.mean(np.diff(numbers) == 1)) >= _IN_ORDER:
        return True
    most = _GAPS * n if n >= _MANY else n
    return len(sorted_unique(numbers)) >= _DIFFERENT * n and high - low + 1 <= most


def _local(numbers: NDArray[np.float64], zone: Any) -> NDArray[np.float64]:
    """Return seconds since 1970 as clocks of a zone show them; numbers as they are."""
    import pandas as pd

    if zone is None or str(zone) == "UTC":
        return numbers
    whole = np.floor(numbers)
    shown = pd.DatetimeIndex(whole.astype("datetime64[s]")).tz_localize("UTC").tz_convert(zone).tz_localize(None)
    return np.asarray(shown.to_numpy().astype("datetime64[s]").astype(np.float64) + (numbers - whole))


def _categories(name: str, values: pd.Series[Any], labels: NDArray[np.int32], count: int) -> Iterator[_Finding]:
    """Test every value that a cluster has more often than the others do."""
    import pandas as pd
    from scipy.stats import hypergeom

    codes, uniques = pd.factorize(values)
    n = len(codes)
    if len(uniques) < 2 or len(uniques) == n:
        return
    overall = np.bincount(codes, minlength=len(uniques))
    clustered = labels >= 0
    sizes = np.bincount(labels[clustered], minlength=count)
    pairs, inside = np.unique(codes[clustered] * np.int64(count) + labels[clustered], return_counts=True)
    value, label = np.divmod(pairs, max(1, count))
    share, expected = inside / sizes[label], overall[value] / n
    tried = np.flatnonzero((inside >= _LEAST_ROWS) & (share > expected))
    p = hypergeom.sf(inside[tried] - 1, n, overall[value[tried]], sizes[label[tried]])
    for at, chance in zip(tried, p, strict=True):
        text = str(uniques[value[at]])
        lift = float(share[at] / expected[at])
        fact = Enrichment(name, text, float(share[at]), float(expected[at]), lift, float(chance))
        yield _Finding(int(label[at]), fact)


def _numbers(
    name: str, numbers: NDArray[np.float64], labels: NDArray[np.int32], count: int, words: _Words
) -> Iterator[_Finding]:
    """Test for every cluster whether its numbers are higher or lower than those of all other rows."""
    from scipy.stats import norm, rankdata

    n = len(numbers)
    ranks = rankdata(numbers)
    _, ties = np.unique(numbers, return_counts=True)
    spread = ((n + 1) - (ties.astype(float) ** 3 - ties).sum() / (n * max(1, n - 1))) / 12
    middle = float(np.median(numbers))
    for label in range(count):
        own = labels == label
        m = int(own.sum())
        if m < _LEAST_ROWS or m == n or spread <= 0:
            continue
        wins = (ranks[own].sum() - m * (m + 1) / 2) / (m * (n - m))
        z = (wins - 0.5) * np.sqrt(m * (n - m) / spread)
        if abs(wins - 0.5) < _LEAST_EFFECT:
            continue
        beyond = numbers > middle if wins > 0.5 else numbers < middle
        share, overall = float(beyond[own].mean()), float(beyond.mean())
        said = words.compared(float(np.median(numbers[own])), middle, higher=wins > 0.5)
        lift = share / overall if overall else 1.0
        yield _Finding(label, Enrichment(name, said, share, overall, lift, float(2 * norm.sf(abs(z)))))


def _words_for(reading: Reading, numbers: NDArray[np.float64]) -> _Words:
    """Return how numbers of a column are told."""
    if reading.form == CLOCK:
        return _Words("late", "early", clock) if are_of_a_day(numbers) else _Words("long", "short", clock)
    return _Words("late", "early", None) if reading.kind == DATE else _Words("high", "low", _short)


@dataclass(frozen=True)
class _Words:
    """How the numbers of a cluster are told to be above or below; *one* writes a number, None: they are dates."""

    above: str
    below: str
    one: Callable[[float], str] | None

    def compared(self, inside: float, overall: float, *, higher: bool) -> str:
        """Return for example "high: median 90, overall 20"."""
        here, there = _days(inside, overall) if self.one is None else (self.one(inside), self.one(overall))
        return f"{self.above if higher else self.below}: median {here}, overall {there}"


def _days(inside: float, overall: float) -> tuple[str, str]:
    """Return two moments as days, with the time where they are less than a day apart."""
    unit = "m" if abs(inside - overall) < 86_400 else "D"
    here, there = (str(np.datetime64(int(x), "s").astype(f"datetime64[{unit}]")) for x in (inside, overall))
    return here.replace("T", " "), there.replace("T", " ")


def _short(number: float) -> str:
    """Return the number with at most four telling digits, whole ones in full."""
    if number == round(number) and abs(number) < 1e15:
        return f"{int(number):,}" if abs(number) >= 10_000 else str(int(number))
    return f"{number:.4g}"


def _significant(findings: list[_Finding]) -> list[_Finding]:
    """Return the findings that survive the correction and are large enough to matter, with corrected p."""
    if not findings:
        return []
    p = np.array([f.enrichment.p for f in findings])
    order = np.argsort(p, kind="stable")
    scaled = p[order] * len(p) / np.arange(1, len(p) + 1)
    corrected = np.empty_like(p)
    corrected[order] = np.minimum.accumulate(scaled[::-1])[::-1].clip(max=1.0)
    kept = []
    for finding, q in zip(findings, corrected, strict=True):
        e = finding.enrichment
        if q <= _FALSE_DISCOVERIES and e.lift >= _LEAST_LIFT and e.share >= _LEAST_SHARE:
            kept.append(_Finding(finding.label, Enrichment(e.column, e.value, e.share, e.overall, e.lift, float(q))))
    return kept


def _most_telling(found: list[Enrichment]) -> tuple[Enrichment, ...]:
    """Return up to five facts, those first whose share is farthest above the overall one, few of each column."""
    chosen: list[Enrichment] = []
    for fact in sorted(found, key=lambda e: (e.overall - e.share, e.p, e.column, e.value)):
        if len(chosen) < MOST and sum(c.column == fact.column for c in chosen) < _MOST_OF_A_COLUMN:
            chosen.append(fact)
    return tuple(chosen)
