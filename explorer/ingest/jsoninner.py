"""Finds records deeper in a JSON document: lists that each of its records has, objects by their names, and how much
there is to read in them.

It reads no file and chooses nothing: `jsonrecords` does.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from explorer.ingest.textcolumn import rank, score

_SAMPLE, _DEEPEST = 200, 3
"""Records by which it is judged what there is to read, and how deep lists are looked for in them."""
_FEWEST, _SHARE, _ALIKE = 2, 0.5, 0.5
"""Records in a list, or an object, at least; the share of records that have it; how alike those of an object are."""
_CALLED_TEXT = 0.1
"""How much a member reads like text that is only called so."""
_MOST = 20
PARENT = "parent."
"""Stands before the name of a member of what a record lies in, where the record has one of that name."""


@dataclass(frozen=True)
class Inner:
    """The records in the lists of other records, each with what those have beside: *steps* are the lists' names."""

    outer: Sequence[Any]
    steps: tuple[str, ...]

    def __len__(self) -> int:
        return sum(1 for _ in _within(self.outer, self.steps))

    def records(self, most: int | None = None) -> list[dict[str, Any]]:
        """Return the records, or the first ones, with the members of what they lie in behind their own."""
        found = list(islice(_within(self.outer, self.steps), most))
        own = {name for *_, record in found for name in record}
        made = []
        for *above, record in found:
            row = dict(record)
            for one, step in zip(reversed(above), reversed(self.steps), strict=True):
                for name, value in one.items():
                    if name != step:
                        called = f"{PARENT}{name}" if name in own else name
                        row.setdefault(called, value)
            made.append(row)
        return made


def inner_of(records: Sequence[Any], path: str = "") -> Iterator[tuple[str, Inner]]:
    """Yield the lists of objects that most of the records have, by dotted names, those further out first."""
    waiting: list[tuple[str, tuple[str, ...]]] = [(path, ())]
    found = 0
    while waiting and found < _MOST:
        name, steps = waiting.pop(0)
        some = [row[-1] for row in islice(_within(records, steps), _SAMPLE)]
        for step in dict.fromkeys(key for record in some for key in record):
            lists = [record[step] for record in some if _are_records(record.get(step))]
            if len(lists) < max(1, _SHARE * len(some)) or sum(map(len, lists)) < _FEWEST:
                continue
            inner = Inner(records, (*steps, step))
            called = f"{name}.{step}" if name else step
            yield called, inner
            found += 1
            if len(inner.steps) < _DEEPEST:
                waiting.append((called, inner.steps))


def are_by_name(document: Mapping[str, Any]) -> bool:
    """Say whether an object has records by their names: several objects, each with much the same members."""
    return len(document) > _FEWEST and are_alike(document)


def are_alike(document: Mapping[str, Any]) -> bool:
    """Say whether an object has nothing but objects with much the same members."""
    records = list(document.values())
    if not all(isinstance(record, dict) and record for record in records):
        return False
    names = {name for record in records for name in record}
    return sum(map(len, records)) > _ALIKE * len(records) * len(names)


def reads(records: Iterable[Any]) -> float:
    """Return how much the best member of the first records reads like text; 0 where none does."""
    sample: dict[str, list[str]] = {}
    for record in islice(records, _SAMPLE):
        for name, value in _flat(record if isinstance(record, dict) else {"text": record}):
            if isinstance(value, str) and value.strip():
                sample.setdefault(name, []).append(value)
    best = rank(sample)[:1]
    return max(score(sample[best[0]], best[0]), _CALLED_TEXT) if best else 0.0


def _flat(record: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for name, value in record.items():
        if isinstance(value, dict):
            yield from ((f"{name}.{inner}", one) for inner, one in value.items())
        else:
            yield name, value


def _are_records(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(one, dict) for one in value)


def _within(records: Iterable[Any], steps: Sequence[str]) -> Iterator[tuple[dict[str, Any], ...]]:
    """Yield what lies in each other, the innermost last."""
    rows: Iterable[tuple[dict[str, Any], ...]] = ((record,) for record in records if isinstance(record, dict))
    for step in steps:
        rows = _deeper(rows, step)
    yield from rows


def _deeper(rows: Iterable[tuple[dict[str, Any], ...]], step: str) -> Iterator[tuple[dict[str, Any], ...]]:
    for row in rows:
        inner = row[-1].get(step)
        for one in inner if isinstance(inner, list) else ():
            if isinstance(one, dict):
                yield (*row, one)
