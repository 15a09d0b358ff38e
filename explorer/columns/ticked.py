"""Answers of which several may be ticked: “Library, Swimming pool” is two of them, and so is a list of tags.

It tells which answers a column has and which rows have one; how whole values are said, `labels` says.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

SIGNS = (";", "|", "\n", ",")
"""What stands between answers, in the order in which it is tried."""
_MOST, _LONGEST, _MEAN = 60, 80, 400
"""Different answers at most, characters of one, and of a whole value on the mean: more is prose."""
_DIFFERENT = 20_000
"""Different values that are compared."""
_TWICE = 2
"""Rows, and different values, that have an answer which is one of those to tick; one added by hand has one."""
_FIT = 0.6
"""The share of the rows with several parts that are several such answers, with one of one's own at most."""
_OWN = 0.5
"""The share of them that may have one of one's own: letters all do, between a greeting and a name."""
_PLACE = re.compile(r"under “.*”(?:, |$)|(?:pages?|paragraphs?|characters) \d|the whole document$", re.DOTALL)
"""Where a passage stands in its document, as readers of documents say it: these are no answers."""


@dataclass(frozen=True)
class Ticked:
    """The answers of a column, the commonest first, and how many rows have each.

    Row i has those at *members*[*codes*[i]]; a code of -1 is a row without a value.
    """

    answers: tuple[str, ...]
    counts: tuple[int, ...]
    codes: NDArray[np.int64]
    members: tuple[frozenset[str], ...]

    def having(self, answer: str) -> NDArray[np.bool_]:
        """Return which rows (n,) have an answer."""
        return np.array([*(answer in one for one in self.members), False], np.bool_)[self.codes]


def ticked(texts: Any) -> Ticked | None:
    """Return the answers that strings, a pandas Series (n,), are several of each; None where they are none such.

    They are where few parts come again in many values, in ever other company: not “Paris, France” nor “Yes, but why?”.
    Parts that never come apart are one answer, “Night school, evening classes”.  O(n + characters of different values).
    """
    import pandas as pd

    if len(texts) > 2 * _DIFFERENT and texts.iloc[: 2 * _DIFFERENT].nunique() > _DIFFERENT:
        return None  # to sort a million different texts takes seconds
    codes, found = pd.factorize(texts)
    values = [str(one) for one in found]
    if not 1 < len(values) <= _DIFFERENT or sum(map(len, values)) > _MEAN * len(values):
        return None
    if 2 * sum(_PLACE.match(value) is not None for value in values) > len(values):
        return None
    weights = np.bincount(codes[codes >= 0], minlength=len(values)).tolist()
    for sign in SIGNS:
        if any(sign in value for value in values):
            parted = _joined([[part.strip() for part in value.split(sign)] for value in values], sign)
            answers = _answers(parted, weights)
            if answers:
                members = tuple(map(frozenset, parted))
                return Ticked(tuple(answers), tuple(answers.values()), np.asarray(codes, np.int64), members)
    return None


def _joined(parted: Sequence[list[str]], sign: str) -> list[list[str]]:
    """Return parts of values, with those that are never apart as one: an answer may have the sign within it."""
    alone = Counter(part for parts in parted for part in set(parts))
    beside = Counter(pair for parts in parted for pair in set(pairwise(parts)))
    one = {(a, b) for (a, b), times in beside.items() if a != b and times == alone[a] == alone[b] >= _TWICE}
    if not one:
        return list(parted)
    found = []
    for parts in parted:
        made = parts[:1]
        for before, part in pairwise(parts):
            if (before, part) in one:
                made[-1] += f"{sign} {part}"
            else:
                made.append(part)
        found.append(made)
    return found


def _answers(parted: Sequence[list[str]], weights: Sequence[int]) -> Mapping[str, int]:
    """Return how many rows have each answer, the commonest first; nothing where parts of values are no answers."""
    rows, values = Counter[str](), Counter[str]()
    for parts, weight in zip(parted, weights, strict=True):
        for part in set(parts) - {""}:
            rows[part] += weight
            values[part] += 1
    common = {part for part in rows if rows[part] >= _TWICE and values[part] >= _TWICE and len(part) <= _LONGEST}
    if not 1 < len(common) <= _MOST:
        return {}
    several = fit = own = 0
    combined = set()
    for parts, weight in zip(parted, weights, strict=True):
        known = common.intersection(parts)
        if known and len(known) == len(parts):
            combined.add(frozenset(known))
        if len(parts) > 1:
            several += weight
            own += weight if len(known) < len(set(parts) - {""}) else 0
            is_fit = len(known) >= max(_TWICE, len(parts) - 1) or len(known) == len(parts)
            fit += weight if is_fit and len(set(parts)) == len(parts) else 0
    if not several or fit < _FIT * several or own > _OWN * several or len(combined) <= len(common):
        return {}
    return {part: rows[part] for part in sorted(common, key=lambda part: (-rows[part], part.casefold(), part))}
