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

from explorer.columns.listcells import list_in
from explorer.columns.placing import are_in_place, places_of
from explorer.columns.strings import are_strings

SIGNS = (";", "|", "\n", ",")
"""What stands between answers, in the order in which it is tried."""
_PLAIN = frozenset(SIGNS[:2])
"""Of these, what seldom stands within an answer: parts beside it are no one answer, however they come."""
_ENDS = tuple("])}")
_MOST, _LONGEST, _MEAN = 60, 80, 400
"""Different answers at most, characters of one, and of a whole value on the mean: more is prose."""
_DIFFERENT = 20_000
"""Different values that are compared."""
_TWICE = 2
"""Rows, and different values, that have an answer which is one of those to tick; one added by hand has one."""
_FIT = 0.6
"""The share of the rows with several parts that are several such answers, with one of one's own at most."""
_SHORT = 30
"""Characters of an answer that one row alone has, between signs that seldom stand within one."""
_LETTERS = 3
"""Letters from which capitals make no other answer."""
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


def ticked(texts: Any, values: Any = None) -> Ticked | None:
    """Return the answers that strings, a pandas Series (n,), are several of each; None where they are none such.

    They are where few parts come again in many values, in ever other company: not “Paris, France” nor “Yes, but why?”.
    Parts that never come apart are one answer, “Night school, evening classes”, where commas part them.  *values* are
    what the file has in their place: where these are lists as programs write them, their members are the answers.
    O(n + characters of different values).
    """
    if len(texts) > 2 * _DIFFERENT and texts.iloc[: 2 * _DIFFERENT].nunique() > _DIFFERENT:
        return None  # to sort a million different texts takes seconds
    listed = None if values is None else _listed(values)
    return _parted(texts) if listed is None else listed


def _listed(values: Any) -> Ticked | None:
    """Return the members of lists as answers; None where values are none, or none has several."""
    import pandas as pd

    if not are_strings(values):
        return None
    codes, found = pd.factorize(values)
    if not 1 < len(found) <= _DIFFERENT or not all(one.rstrip()[-1:] in _ENDS for one in found):
        return None
    parted = [parts for one in found if (parts := list_in(one)) is not None]
    if len(parted) < len(found) or max(map(len, parted)) < _TWICE:
        return None
    weights = np.bincount(codes[codes >= 0], minlength=len(parted)).tolist()
    rows = Counter[str]()
    for parts, weight in zip(parted, weights, strict=True):
        rows.update(dict.fromkeys(set(parts) - {""}, weight))
    known = [part for part in rows if len(part) <= _LONGEST]
    known = known if len(known) <= _MOST else [part for part in known if rows[part] >= _TWICE]
    if not 1 < len(known) <= _MOST:
        return None
    empty = np.array([not any(parts) for parts in parted], np.bool_)
    codes = np.where((codes < 0) | empty[codes], -1, codes).astype(np.int64)
    answers = {part: rows[part] for part in sorted(known, key=lambda part: (-rows[part], part.casefold(), part))}
    return Ticked(tuple(answers), tuple(answers.values()), codes, tuple(map(frozenset, parted)))


def _parted(texts: Any) -> Ticked | None:
    """Return the parts of strings, a pandas Series (n,), as answers; None where they are none."""
    import pandas as pd

    codes, found = pd.factorize(texts)
    values = [str(one) for one in found]
    if not 1 < len(values) <= _DIFFERENT or sum(map(len, values)) > _MEAN * len(values):
        return None
    if 2 * sum(_PLACE.match(value) is not None for value in values) > len(values):
        return None
    weights = np.bincount(codes[codes >= 0], minlength=len(values)).tolist()
    for sign in SIGNS:
        if any(sign in value for value in values):
            parted = [[part.strip() for part in value.split(sign)] for value in values]
            parted = _as_spelled(parted if sign in _PLAIN else _joined(parted, sign), weights)
            answers = _answers(parted, weights, plain=sign in _PLAIN)
            if answers:
                members = tuple(map(frozenset, parted))
                return Ticked(tuple(answers), tuple(answers.values()), np.asarray(codes, np.int64), members)
    return None


def _as_spelled(parted: Sequence[list[str]], weights: Sequence[int]) -> list[list[str]]:
    """Return parts in the commonest spelling of those that differ only in the capitals of a word."""
    ways: dict[str, Counter[str]] = {}
    for parts, weight in zip(parted, weights, strict=True):
        for part in parts:
            ways.setdefault(part.casefold(), Counter())[part] += weight
    common = {bare: max(found, key=found.__getitem__) for bare, found in ways.items() if len(bare) >= _LETTERS}
    return [[common.get(part.casefold(), part) for part in parts] for parts in parted]


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


def _answers(parted: Sequence[list[str]], weights: Sequence[int], *, plain: bool) -> Mapping[str, int]:
    """Return how many rows have each answer, the commonest first; nothing where parts of values are no answers.

    *plain*: the sign between them is seldom part of one, so that one that is always in the same company is one, too.
    """
    rows, values = Counter[str](), Counter[str]()
    for parts, weight in zip(parted, weights, strict=True):
        for part in set(parts) - {""}:
            rows[part] += weight
            values[part] += 1
    least = 1 if plain else _TWICE
    common = {part for part in rows if rows[part] >= _TWICE and values[part] >= least and len(part) <= _LONGEST}
    if not 1 < len(common) <= _MOST:
        return {}
    several = fit = own = 0
    combined = set()
    for parts, weight in zip(parted, weights, strict=True):
        known = common.intersection(parts)
        if known and known >= set(parts) - {""}:
            combined.add(frozenset(known))
        if len(set(parts) - {""}) > 1:
            several += weight
            own += weight if len(known) < len(set(parts) - {""}) else 0
            is_fit = len(known) >= max(_TWICE, len(parts) - 1) or len(known) == len(parts)
            fit += weight if is_fit and len(set(parts)) == len(parts) else 0
    if not several or fit < _FIT * several or own > _OWN * several:
        return {}
    if len(combined) <= len(common) and not _are_mixed(parted, common, plain=plain):
        return {}
    if not plain and are_in_place(parted, common):
        return {}
    once = {part for part in rows if part not in common and len(part) <= _SHORT} if plain else set()
    common |= once if len(once) <= min(len(common), _MOST - len(common)) else set()
    return {part: rows[part] for part in sorted(common, key=lambda part: (-rows[part], part.casefold(), part))}


def _are_mixed(parted: Sequence[list[str]], common: frozenset[str] | set[str], *, plain: bool) -> bool:
    """Whether parts stand at several places of their values, some of which have more: no place, then its country.

    One such is enough, unless commas part them: then half of all are, and there are no others.
    """
    places, sizes = places_of(parted)
    moved = sum(len(places[part]) > 1 for part in common)
    if plain:
        return moved > 0 and len(sizes) > 1
    return 2 * moved >= len(common) and len(sizes) > _TWICE and common >= set(places)
