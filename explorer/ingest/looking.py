"""Looks into a large delimited file anywhere, and tells what the columns of some rows hold, without reading all of it.

It rejects nothing and decides nothing: a record that a place in the middle does not surely begin is left out.
"""

from __future__ import annotations

import csv
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import IO

from explorer.columns import readings, types_of
from explorer.ingest.delimited import Records, decodable
from explorer.ingest.dialects import Dialect
from explorer.ingest.encodings import decoded, detect, lines_of, wide
from explorer.ingest.reader import Source
from explorer.ingest.shape import unique_names

SAMPLED_BYTES = 8 * 2**20
"""Files of more are looked into in the middle, too."""
_SEED = 0
_LINE = 2**20
"""Bytes of a line, at most, that is looked at."""
TEXT, EMPTY = "text", "empty"


@dataclass(frozen=True)
class Look:
    """What a column of some rows holds: its *kind* – a type, as of `columns.types_of`, or "empty" –, how many values
    are *missing* and how many *distinct* ones there are, the characters of the *shortest* and the *longest*.
    """

    name: str
    kind: str
    rows: int
    missing: int
    distinct: int
    shortest: int
    longest: int


def sampled(source: Source, rows: int) -> list[dict[str, str]]:
    """Return up to so many records from anywhere in the file, in its order, always the same ones.

    None of a file that cannot be sought in, is small, or has two or four bytes a character.  Each begins at a line end,
    and it and the next line have as many fields as there are columns.  O(rows), whatever the size of the file.
    """
    if source.packed or source.member or source.size <= SAMPLED_BYTES:
        return []
    encoding = detect(source, sample=True)
    if wide(encoding.codec):
        return []
    with source.open() as file, decoded(file, encoding, newline="") as text:
        dialect = Records(lines_of(text, encoding), name=source.name, choices=source.choices).dialect
    names = unique_names(dialect.names)
    chance = random.Random(_SEED)
    places = sorted(chance.sample(range(SAMPLED_BYTES // 2, source.size), rows))
    with source.open() as file:
        records = dict(filter(None, (_record(file, place, dialect, encoding.codec) for place in places)))
    return [dict(zip(names, fields, strict=True)) for fields in records.values()]


def _record(file: IO[bytes], place: int, dialect: Dialect, codec: str) -> tuple[int, list[str]] | None:
    """Return where the first record after a place begins, and its fields; None where that is not sure."""
    file.seek(place)
    if not file.readline(_LINE).endswith(b"\n"):  # the end of one that began before; it is longer than is looked at
        return None
    start = file.tell()
    lines = [decodable(file.readline(_LINE), codec) for _ in range(2)]
    if any(line is None or (line and not line.endswith("\n")) for line in lines) or not lines[0]:
        return None
    try:
        found = [record for line in lines if line for record in dialect.reader([line], strict=True)]
    except csv.Error:
        return None
    return (start, found[0]) if {len(record) for record in found} == {len(dialect.names)} else None


def looks(rows: Sequence[Mapping[str, str]], texts: Sequence[str]) -> tuple[Look, ...]:
    """Return what each column of these rows holds; those of *texts* are text."""
    names = list(dict.fromkeys(name for row in rows for name in row))
    return tuple(_look(name, [row.get(name, "") for row in rows], is_text=name in texts) for name in names)


def _look(name: str, values: list[str], *, is_text: bool) -> Look:
    import pandas as pd

    there = [value for value in values if value.strip()]
    lengths = [len(value) for value in there] or [0]
    kind = TEXT if is_text else EMPTY
    if there and not is_text:
        column = pd.Series(there, dtype="str")
        kind = types_of(column, name, readings(column, name))[0]
    return Look(name, kind, len(values), len(values) - len(there), len(set(there)), min(lengths), max(lengths))
