"""The values of a column as categories: what is one for people is one, and scores and months stand in their order.

It colours nothing, and changes no value of the table.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from explorer.columns.cells import answered, as_written
from explorer.columns.dates import MONTHS
from explorer.columns.listcells import members_in
from explorer.columns.placing import are_in_place
from explorer.columns.scales import is_off_scale, scale_order
from explorer.columns.strings import are_strings

_LONGEST, _MOST = 200, 20_000
"""Characters of a value, and different ones, that are compared: more is no category."""
_LETTERS = 3
"""Letters from which capitals make no other word; “aa” and “Aa” may be two genotypes."""
_WEEKS = (
    "monday tuesday wednesday thursday friday saturday sunday",
    "mon tue wed thu fri sat sun",
    "montag dienstag mittwoch donnerstag freitag samstag sonntag",
    "mo di mi do fr sa so",
    "lundi mardi mercredi jeudi vendredi samedi dimanche",
    "lunes martes miercoles jueves viernes sabado domingo",
    "lunedi martedi mercoledi giovedi venerdi sabato domenica",
    "segunda terca quarta quinta sexta sabado domingo",
    "maandag dinsdag woensdag donderdag vrijdag zaterdag zondag",
)
_MOST_TICKED, _LONGEST_TICKED = 60, 80
"""Different answers of which several may be ticked, at most, and characters of one."""
_CALENDARS = tuple({word: at for at, word in enumerate(names.split())} for names in (*MONTHS.values(), *_WEEKS))
_SCORE = re.compile(
    r"(?i)(?P<sign>[<>≤≥~]|under|over|up to|unter|über|bis|ab)? ?(?P<number>-?\d{1,9}(?:[.,]\d{1,6})?)(?!\d)"
)
_BELOW, _ABOVE = frozenset({"<", "≤", "under", "up to", "unter", "bis"}), frozenset({">", "≥", "over", "über"})


def as_labels(values: Any) -> Any:
    """Return a pandas Series as strings, a category each, missing ones missing; O(characters).

    A list in JSON is its values in one order, “gift, return”, its objects by their names; an empty one is missing; so
    are answers of which several may be ticked, where they come in more than one order; spellings that differ only in
    blanks, or in the capitals of a word of three letters or more, are the commonest of them.
    """
    import pandas as pd

    texts = as_written(answered(values))
    if not are_strings(values):
        return texts
    codes, found = pd.factorize(texts)
    if len(found) > _MOST:
        return texts
    counts = np.bincount(codes[codes >= 0], minlength=len(found)).tolist()
    listed = _in_one_order([_without_brackets(str(value)) for value in found])
    common = _commonest(zip(listed, counts, strict=True))
    named = [None if value is None else common[_bare(value)] for value in listed]
    if named == list(found):
        return texts
    return pd.Series(np.array([*named, None], object)[codes], index=values.index, dtype="string")


def spellings(values: Any) -> dict[str, tuple[str, ...]]:
    """Return of each category that is written in several ways, which differ only in blanks or capitals, these ways.

    The commonest is first, and names it.
    """

    if not are_strings(values):
        return {}
    counts = as_written(answered(values)).value_counts()
    if len(counts) > _MOST:
        return {}
    groups: dict[str, list[str]] = {}
    for value in counts.sort_index(kind="stable").sort_values(ascending=False, kind="stable").index:
        groups.setdefault(" ".join(str(value)[:_LONGEST].split()).casefold(), []).append(str(value))
    return {ways[0]: tuple(ways) for ways in groups.values() if len(ways) > 1 and len(ways[0]) < _LONGEST}


def in_order(labels: Sequence[str]) -> list[str] | None:
    """Return labels in the order that they say themselves – numbers, scores, months, scales –, None without one."""
    scores = [_SCORE.match(label.strip()) for label in labels]
    if labels and all(scores):
        order = {label: (*_place(score), label) for label, score in zip(labels, scores, strict=True) if score}
        return sorted(labels, key=order.__getitem__)
    words = {label: _word(label) for label in labels}
    for calendar in _CALENDARS:
        if len(labels) > 1 and all(word in calendar for word in words.values()):
            return sorted(labels, key=lambda label: calendar[words[label]])
    places = scale_order(labels)
    return None if places is None else sorted(labels, key=lambda label: (places[label], label))


def on_scale(labels: Sequence[str]) -> list[bool] | None:
    """Say which labels are answers of the one scale that orders them, not “don't know”; None of other labels."""
    return None if scale_order(labels) is None else [not is_off_scale(label) for label in labels]


def _place(score: re.Match[str]) -> tuple[float, int]:
    sign = (score["sign"] or "").lower()
    return float(score["number"].replace(",", ".")), -1 if sign in _BELOW else 1 if sign in _ABOVE else 0


def _word(label: str) -> str:
    import unicodedata

    bare = unicodedata.normalize("NFKD", label.strip().rstrip(".").casefold())
    return "".join(letter for letter in bare if not unicodedata.combining(letter)).removesuffix("-feira")


def _without_brackets(value: str) -> str | None:
    """Return a list in JSON as its values, in one order; None for an empty one; others without blanks."""
    members = members_in(value)
    if members is None:
        return value.strip()
    return ", ".join(sorted(dict.fromkeys(map(str, members)), key=lambda one: (one.casefold(), one))) or None


def as_said(value: str) -> str:
    """Return a value as a person would write it: a list in JSON as “gift, return”, by its names; others as given."""
    listed = members_in(value)
    return value if listed is None else ", ".join(map(str, listed))


def _in_one_order(values: list[str | None]) -> list[str | None]:
    """Return values that are several of few answers each, “bus, library”, with these in one order; others as they are.

    They are such where some have the same answers in another order, and answers come again in others.
    """
    for sign in (";", ","):
        parts = {value: [part.strip() for part in value.split(sign)] for value in values if value and sign in value}
        alike: dict[tuple[str, ...], int] = {}
        for some in parts.values():
            alike[tuple(sorted(some))] = alike.get(tuple(sorted(some)), 0) + 1
        different = {part for some in parts.values() for part in some}
        if (
            not different
            or len(different) > min(_MOST_TICKED, len(parts))
            or max(map(len, different)) > _LONGEST_TICKED
        ):
            continue
        if "" in different or max(alike.values()) < 2 or any(len(set(some)) < len(some) for some in parts.values()):
            continue
        if sign == "," and are_in_place([parts.get(value, [value]) for value in values if value], different):
            continue
        return [
            f"{sign} ".join(sorted(parts[value], key=str.casefold)) if value in parts else value for value in values
        ]
    return values


def _bare(value: str) -> str:
    blanks = " ".join(value.split()) if len(value) < _LONGEST else value
    return blanks.casefold() if _LETTERS <= len(blanks) < _LONGEST else blanks


def _commonest(counted: Iterable[tuple[str | None, int]]) -> Mapping[str, str]:
    """Return for each word without blanks and capitals its commonest spelling, of equal ones the first."""
    totals: dict[str, dict[str, int]] = {}
    for value, count in counted:
        if value is not None:
            ways = totals.setdefault(_bare(value), {})
            ways[value] = ways.get(value, 0) + count
    return {bare: max(ways, key=ways.__getitem__) for bare, ways in totals.items()}
