"""Calls groups of requests to a web server by the paths that are asked for, and what tells them apart: method, status.

It reads no logs, `ingest` does: an item is "GET /login", and its status stands beside it.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from explorer.description.groupwords import spread
from explorer.kinds import each
from explorer.types import Item

_REQUEST = re.compile(r"([A-Z]{3,12}) (?:https?://[^/\s?#]{1,200})?(/[^\s?#]{0,500})(\S*)")
_ARE = 0.9
"""Items are requests when so many of them are."""
_MOST, _EACH = 2 / 3, 0.2
"""A path, or two, of which each has so many rows, name a group when so many of its rows ask for them."""
_FAILS, _SELDOM = 0.8, 0.5
"""So many of a group's requests fail in one way, and so few of all others."""
_LOOKED_AT, _SAMPLE, _FEWEST = 400, 2_000, 3
_MORE = "and others"
_DEEPEST = 10
"""Levels of a path of which the beginnings are looked at."""
_COLUMNS = ("status", "sc-status")
_LONGEST = 60
"""Characters of a path in a name."""

Rows = NDArray[np.int64]


@dataclass(frozen=True)
class Asked:
    """A request: how, for which path, what follows that, and what the server answered, "" where nobody says."""

    method: str
    path: str
    query: str
    status: str


@dataclass(frozen=True)
class Requests:
    """The requests that *items* are, with the *statuses* of them where they are known."""

    items: Sequence[Item]
    statuses: Sequence[str] | None = None

    @classmethod
    def among(cls, items: Sequence[Item], table: Any = None) -> Requests | None:
        """Return the requests that *items* are, of the rows of a *table*; None where they are something else."""
        rows = spread(np.arange(len(items)), _SAMPLE)
        texts = list(each([items[row] for row in rows.tolist()], lambda kind: kind.words))
        asked = sum(bool(text and _REQUEST.fullmatch(text)) for text in texts)
        if asked < max(_FEWEST, _ARE * len(texts)):
            return None
        column = next((name for name in _COLUMNS if table is not None and name in table.columns), None)
        return cls(items, None if column is None else table[column].map(_status).tolist())

    def names(self, groups: Mapping[int, Rows]) -> dict[int, tuple[str, float]]:
        """Return for groups what they are called and of how many of their rows that is true; none where nothing is.

        Where several ask for one path, each says how it asks, then what it was answered, then what else it asks for.
        """
        rows = {at: self._of(own) for at, own in groups.items()}
        found = {at: _by_path(own) for at, own in rows.items()}
        named = {at: one for at, one in found.items() if one is not None}
        texts = {at: path for at, (path, _) in named.items()}
        failed = {at: f"{texts[at]} {status}" for at in texts if (status := self._fails(rows[at]))}
        for more in (_method, _answer, _path):
            for of in _alike(texts):
                texts |= {at: _with(more, texts[at], rows[at]) for at in of}
        texts |= {at: text for at, text in failed.items() if text.startswith(f"{texts[at]} ")}
        return {at: (text, named[at][1]) for at, text in texts.items()}

    def _of(self, rows: Rows) -> list[Asked]:
        looked_at = spread(rows, _LOOKED_AT).tolist()
        texts = each([self.items[row] for row in looked_at], lambda kind: kind.words)
        status = [""] * len(looked_at) if self.statuses is None else [self.statuses[row] for row in looked_at]
        matched = (_REQUEST.fullmatch(text or "") for text in texts)
        return [
            Asked(one[1], one[2], one[3], answer) if one else Asked("", "", "", answer)
            for one, answer in zip(matched, status, strict=True)
        ]

    def _fails(self, asked: Sequence[Asked]) -> str:
        """Return the status with which most of a group's requests fail and few others do; "" for none."""
        status, share = _commonest(asked, lambda one: one.status)
        failed = status[:1] in ("4", "5") and share >= _FAILS
        return status if failed and self._usual[status] < _SELDOM * max(1, self._usual.total()) else ""

    @cached_property
    def _usual(self) -> Counter[str]:
        return Counter(self.statuses or ())


def _status(value: Any) -> str:
    """Return a status as it is written, of a column of numbers, too; "" for none."""
    return "" if value is None or value != value else str(value).removesuffix(".0")


def _by_path(asked: Sequence[Asked]) -> tuple[str, float] | None:
    """Return the longest path, or beginning of paths, that most requests ask for, or two; and how many, 0 for few."""
    times = Counter(begun for one in asked if one.path for begun in _beginnings(one.path))
    most = [(len(path), path) for path, often in times.items() if often >= _MOST * len(asked)]
    if most:
        path = max(most)[1]
        return _shown(path), times[path] / len(asked)
    best = ""
    for first, second in _pairs(times, _EACH * len(asked)) or _pairs(times, 1):
        both = times[first] + times[second]
        if both >= _MOST * len(asked):
            return f"{_shown(first)}, {_shown(second)}", both / len(asked)
        best = best or f"{_shown(first)}, {_shown(second)}"
    return (f"{best} {_MORE}", 0.0) if best else None


def _beginnings(path: str) -> list[str]:
    """Return a path and what it begins with, these with a slash at their end and a mark: "/blog/…", not "/…"."""
    parts = path.split("/", _DEEPEST)
    return [path, *("/".join(parts[:at]) + "/…" for at in range(2, len(parts)))]


def _pairs(times: Mapping[str, int], least: float) -> list[tuple[str, str]]:
    """Return the pairs of paths that are frequent, neither below the other, the longest together first."""
    often = sorted((path for path, of in times.items() if of >= least), key=lambda path: (-times[path], path))
    found = [
        (one, other)
        for at, one in enumerate(often)
        for other in often[at + 1 :]
        if not _is_below(one, other) and not _is_below(other, one)
    ]
    return sorted(found, key=lambda pair: (-times[pair[0]] - times[pair[1]], -len(pair[0]) - len(pair[1]), pair))


def _is_below(path: str, begun: str) -> bool:
    return begun.endswith("/…") and path.startswith(begun.removesuffix("…"))


def _shown(path: str) -> str:
    return path if len(path) <= _LONGEST else f"…{path[-_LONGEST:]}"


def _alike(texts: Mapping[int, str]) -> list[list[int]]:
    """Return the groups that are called the same."""
    of: defaultdict[str, list[int]] = defaultdict(list)
    for at, text in texts.items():
        of[text].append(at)
    return [ats for ats in of.values() if len(ats) > 1]


def _with(more: Callable[[Sequence[Asked]], str], text: str, asked: Sequence[Asked]) -> str:
    """Return a name with what tells more of its group: how it asks stands first, another path alone."""
    said = more(asked)
    if not said:
        return text
    return said if more is _path else f"{said} {text}" if more is _method else f"{text} {said}"


def _method(asked: Sequence[Asked]) -> str:
    method, share = _commonest(asked, lambda one: one.method)
    return method if share >= _MOST else ""


def _answer(asked: Sequence[Asked]) -> str:
    status, share = _commonest(asked, lambda one: one.status)
    return status if share >= _MOST else ""


def _path(asked: Sequence[Asked]) -> str:
    """Return the two requests that are the most frequent ones, with what follows their paths."""
    often = Counter(f"{_shown(one.path)}{one.query[:_LONGEST]}" for one in asked if one.path)
    return ", ".join(sorted(often, key=lambda path: (-often[path], path))[:2])


def _commonest(asked: Sequence[Asked], of: Callable[[Asked], str]) -> tuple[str, float]:
    """Return what is the same of most requests, and of what share of them."""
    found = Counter(map(of, asked))
    value = min(found, key=lambda one: (-found[one], one), default="")
    return value, found[value] / max(1, len(asked))
