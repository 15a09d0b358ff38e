"""Turns JSON objects into a table: a column a member, those of objects within them by dotted names.

It reads no file: `jsonlines` and `jsondocuments` do.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from explorer.errors import UnreadableFile
from explorer.ingest.columnnames import unique_names
from explorer.ingest.columns import from_values
from explorer.ingest.likeness import is_sentence
from explorer.ingest.reader import Table, check_size, joined

_SPARSE_CELLS, _CELLS_A_VALUE = 20_000_000, 20
"""Cells that a table may have however few of them hold a value, and otherwise for each one that does."""
_INNER_MEMBERS = 50
"""Members of a member's objects that become columns, at most; where there are more, their names are values."""
_DEEPEST, _LOOKED_AT = 5, 200


@dataclass
class _Member:
    """The values of one member, and the rows that have it, ascending."""

    rows: array[int] = field(default_factory=lambda: array("q"))
    values: list[Any] = field(default_factory=list)

    def add(self, row: int, value: Any) -> None:
        self.rows.append(row)
        self.values.append(value)


class Members:
    """Collects objects row by row, member by member."""

    def __init__(self) -> None:
        self._members: dict[str, _Member] = {}

    def __len__(self) -> int:
        """Return how many members there are."""
        return len(self._members)

    def add(self, row: int, record: Mapping[str, Any]) -> None:
        """Take the members of the object of this row."""
        for key, value in record.items():
            member = self._members.get(key)
            if member is None:
                member = self._members[key] = _Member()
            member.add(row, value)

    def into(self, table: Table) -> None:
        """Give the table its columns.  Raises UnreadableFile when it would be too large, or large and nearly empty."""
        rows = len(table)
        _check_cells(table.name, self._members.values(), rows)
        flat = dict(_flat(self._members))
        self._members.clear()
        check_size(table.name, rows=rows, columns=len(flat))
        names = unique_names(flat)
        table.columns = {
            name: joined([_column(flat.pop(key), rows)]) for name, key in zip(names, list(flat), strict=True)
        }


def _check_cells(name: str, members: Iterable[_Member], rows: int) -> None:
    filled = [len(member.rows) for member in members]
    check_size(name, rows=rows, columns=len(filled))
    if rows * len(filled) > max(_SPARSE_CELLS, _CELLS_A_VALUE * sum(filled)):
        raise UnreadableFile(
            f"{name} has {len(filled):,} different members, most of which are in few of its {rows:,} objects. "
            "Keep those that you need, or put the others into one list."
        )


def _flat(members: Mapping[str, _Member], deep: int = 0) -> Iterator[tuple[str, _Member]]:
    """Yield the members by name, in place of one that is always an object the members of these."""
    for key, member in members.items():
        inner = _inner(member) if deep < _DEEPEST else {}
        dotted = {f"{key}.{name}": part for name, part in inner.items()}
        if dotted and not dotted.keys() & members.keys():
            yield from _flat(dotted, deep + 1)
        else:
            yield key, member


def _inner(member: _Member) -> dict[str, _Member]:
    """Return the members of a member's objects; none where a value is no object, or their names are too many."""
    found: dict[str, _Member] = {}
    for row, value in zip(member.rows, member.values, strict=True):
        if value is None:
            continue
        if not isinstance(value, dict) or not value:
            return {}
        for key, one in value.items():
            found.setdefault(key, _Member()).add(row, one)
        if len(found) > _INNER_MEMBERS:
            return {}
    return found


def _column(member: _Member, rows: int) -> Any:
    """Return the values as an arrow array of so many rows, null where there is none."""
    import numpy as np
    import pyarrow as pa

    values = from_values([_prose(value) for value in member.values] if _are_prose(member.values) else member.values)
    if len(values) == rows:
        return values
    places = np.full(rows, -1)
    places[np.frombuffer(member.rows, np.int64)] = np.arange(len(values))
    return values.take(pa.array(places, mask=places < 0))


def _are_prose(values: Sequence[Any]) -> bool:
    """Say whether values are lists of sentences or of the lines of a text, as notebooks have them, and no tags."""
    some = [value for value in values[:_LOOKED_AT] if value is not None]
    if not some or not all(map(_are_texts, some)) or not all(map(_are_texts, filter(None, values))):
        return False
    said = [one.strip() for value in some for one in value if one.strip()]
    return bool(said) and 2 * sum(map(is_sentence, said)) >= len(said)


def _are_texts(value: Any) -> bool:
    return isinstance(value, list) and all(type(one) is str for one in value)


def _prose(value: list[str] | None) -> str | None:
    """Return the lines of a text, or its sentences, as one text."""
    if value is None:
        return None
    return ("" if any(one.endswith("\n") for one in value) else "\n").join(value)
