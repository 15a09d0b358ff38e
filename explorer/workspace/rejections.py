"""What could not be read of a dataset: counts by kind of reason and the first of each kind, the whole in a file by row.

It does not say why something cannot be read: the readers did.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, astuple
from itertools import islice
from pathlib import Path
from typing import Any, TextIO, overload

from explorer.types import NOTE, Rejected, in_order
from explorer.workspace.room import check_room

FILE = "rejected.jsonl"
"""A line for each rejection, the list of its fields; only where the record does not hold them all."""
KEPT_OF_A_KIND = 1_000
MOST_KINDS = 20
KEPT_CHARS = 4 * 2**20
"""Characters of the rejections that a record holds, at most."""
KEPT_IN_FILE = 256 * 2**20
"""Bytes of the file, at most; what does not fit is counted."""
_OTHERS = "other reasons"
_VALUE = re.compile(r"""\d[\d,.]*|'[^']*'|"[^"]*"|“[^”]*”""")
_LONGEST = 200
_CHECKED = 10_000
"""Lines after which the room is looked at again."""


class Rejections(Sequence[Rejected]):
    """All rejections of a dataset, read from their file when they are asked for."""

    def __init__(self, file: Path, count: int) -> None:
        self._file, self._count = file, count

    def __len__(self) -> int:
        return self._count

    def __iter__(self) -> Iterator[Rejected]:
        return self._some(range(self._count))

    @overload
    def __getitem__(self, at: int) -> Rejected: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[Rejected]: ...
    def __getitem__(self, at: int | slice) -> Rejected | Sequence[Rejected]:
        """Return one, or some of ascending rows; the file is read up to there, and parsed only there."""
        if isinstance(at, slice):
            return tuple(self._some(range(self._count)[at]))
        return next(self._some(range(self._count)[at : at + 1 or None]))

    def _some(self, places: range) -> Iterator[Rejected]:
        with self._file.open(encoding="utf-8") as lines:
            for line in islice(lines, places.start, places.stop, places.step):
                yield Rejected(*json.loads(line))


def told(rejected: Iterable[Rejected]) -> dict[str, Any]:
    """Return what a record says: how many, by noun, of each kind with the first reason, and the first of each kind.

    "notes" are how many of all only say something of a file: they are among the kinds, and counted as nothing else.
    """
    kept: list[dict[str, Any]] = []
    kinds: dict[str, dict[str, Any]] = {}
    nouns: Counter[str] = Counter()
    chars = 0
    for fault in rejected:
        nouns[fault.noun] += 1
        name = kind_of_reason(fault.reason)
        if name not in kinds and len(kinds) >= MOST_KINDS:
            name = _OTHERS
        kind = kinds.setdefault(name, {"reason": _OTHERS if name == _OTHERS else fault.reason, "count": 0})
        kind["count"] += 1
        chars += len(fault.source) + len(fault.reason)
        if kind["count"] <= KEPT_OF_A_KIND and (chars <= KEPT_CHARS or kind["count"] == 1):
            kept.append(asdict(fault))
    counts = sorted(kinds.values(), key=lambda kind: -kind["count"])
    notes = nouns.pop(NOTE, 0)
    counted = {"rejected_count": sum(nouns.values()), "notes": notes, "left_out": in_order(nouns)}
    return {"rejected": kept, **counted, "rejected_kinds": counts}


def kind_of_reason(reason: str) -> str:
    """Return the reason without its numbers and quoted values: what many rows share."""
    return _VALUE.sub("…", reason[:_LONGEST])


def with_counts(record: Mapping[str, Any]) -> dict[str, Any]:
    """Return a dataset's record as `told` has it, also one that an earlier version wrote with all rejections in it."""
    if "rejected_count" in record:
        return dict(record)
    return {**record, **told(Rejected(**fault) for fault in record["rejected"])}


def write_rejected(folder: Path, rejected: Sequence[Rejected]) -> dict[str, Any]:
    """Write the file where it is needed, and return what the record says."""
    said = told(rejected)
    if said["rejected_count"] + said["notes"] > len(said["rejected"]):
        new = folder / f"{FILE}.new"
        with new.open("w", encoding="utf-8", errors="replace") as lines:
            said["rejected_kept"] = _write_lines(lines, rejected, folder)
        new.replace(folder / FILE)
    return said


def _write_lines(file: TextIO, rejected: Iterable[Rejected], folder: Path) -> int:
    """Write a line each, at most `KEPT_IN_FILE`, and return how many; raises CannotWrite when there is no room."""
    size, written = 0, 0
    for fault in rejected:
        if written % _CHECKED == 0:
            check_room(folder)
        line = json.dumps(astuple(fault), ensure_ascii=False) + "\n"
        size += len(line.encode("utf-8", "surrogatepass"))
        if size > KEPT_IN_FILE:
            break
        file.write(line)
        written += 1
    return written


def read_rejected(folder: Path, record: Mapping[str, Any]) -> Sequence[Rejected]:
    """Return all that a dataset's folder and its record, as it is written, know of what could not be read."""
    file = folder / FILE
    if file.exists() and "rejected_count" in record:
        written = record["rejected_count"] + record.get("notes", 0)
        return Rejections(file, record.get("rejected_kept", written))
    return tuple(Rejected(**fault) for fault in record["rejected"])
