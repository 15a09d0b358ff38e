"""Counts what is wrong with a dataset by kind, each with its first examples by source, row and column.

It rejects nothing and mends nothing: the readers have done so.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import accumulate
from types import MappingProxyType
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from explorer.columns import (
    are_strings,
    as_written,
    decimal_of,
    filled,
    only_stands_for_none,
    read,
    says_nothing,
    spellings,
)
from explorer.ingest.chattexts import BROUGHT, GONE, HEARD, NO_WORDS, OWN_LINE
from explorer.ingest.jsonrepeats import TWICE
from explorer.ingest.languages import language_of, some_rows
from explorer.ingest.reader import NO_NULS
from explorer.ingest.repeating import SAID_AGAIN
from explorer.ingest.resembling import resembling
from explorer.ingest.text import EMPTY, NO_TEXT, NULL
from explorer.kinds import each, kind_of
from explorer.types import NOTE, Counted, Dataset, Example, Fault, Item, Places, Rejected

ALIKE, COPY = "picture like another one", "copy of another row"
MOST = 20
"""Examples of a kind that are kept."""
LOOKED = 100_000
"""Rows of which types and copies are looked at."""
_VALUE = 200
_BYTES = r"<\d+ bytes>"
_LONG_ENOUGH, _SURE = 40, 0.95
"""Characters from which the language of a text can be told, and how surely it must be another one."""
_OF_NO_TABLE = (
    "it stands above the column names",
    "it explains the column names",
    "it stands below the table",
    SAID_AGAIN,
)
_KINDS: tuple[tuple[str, Callable[[str], bool]], ...] = (
    ("empty text", lambda reason: reason == EMPTY or reason.startswith("the file is empty")),
    ("null text", lambda reason: reason.startswith((NULL, "the text is null"))),
    ("undecodable bytes", lambda reason: reason == NO_TEXT or reason.startswith("it cannot be decoded")),
    ("broken record", lambda reason: "fields where" in reason or "field where" in reason or "do not pair up" in reason),
    ("repeated key", lambda reason: reason.startswith("the key “") and TWICE in reason),
    ("NUL characters", lambda reason: reason.endswith(NO_NULS)),
    ("line of the chat itself", lambda reason: reason.startswith(OWN_LINE)),
    ("attachment", lambda reason: reason.startswith((NO_WORDS, BROUGHT, HEARD))),
    ("deleted message", lambda reason: reason.startswith(GONE)),
    ("not part of the table", lambda reason: "is not read" in reason or reason.startswith(_OF_NO_TABLE)),
)
UNREADABLE = "unreadable"
NEW_COLUMN, NO_COLUMN = "column of the added rows alone", "column that the added rows lack"
NOTED = frozenset(
    {NOTE, "not part of the table", "line of the chat itself", "attachment", "deleted message", COPY}
    | {NEW_COLUMN, NO_COLUMN}
)
"""Kinds that are worth knowing and no fault of the data."""
Where: TypeAlias = Callable[[int], tuple[str, int | None, str]]
"""From the row of an item to its source, its record there, and that in words."""


def kind_of_fault(reason: str) -> str:
    """Return the kind of a rejection."""
    return next((name for name, test in _KINDS if test(reason)), UNREADABLE)


def where_of(parts: Sequence[Counted]) -> Where:
    """Return where items stand that come of parts; the parts' records are kept, one number an item."""
    ends = list(accumulate(count for *_, count in parts))

    def where(row: int) -> tuple[str, int | None, str]:
        at = bisect_right(ends, row)
        source, numbering, records, count = parts[at]
        if records is None:
            return source, None, ""
        record = records[row - ends[at] + count]
        return source, record, numbering.place(record) if numbering else ""

    return where


def where_in(places: Places | None) -> Where:
    """Return where items stand by the places of their dataset; their records there are not known any more."""
    if places is None:
        return lambda _row: ("", None, "")

    def where(row: int) -> tuple[str, int | None, str]:
        source, words = places.within(row)
        return source, None, words

    return where


def faults_of(
    items: Sequence[Item],
    table: Any,
    rejected: Sequence[Rejected],
    where: Where,
    signs: Mapping[bytes, bytes] = MappingProxyType({}),
) -> tuple[Fault, ...]:
    """Return the faults of a dataset: what was rejected, then columns in their order, then items; O(cells).

    *signs* are what pictures look like, by their content.
    """
    found = [*_of_rejected(rejected), *_of_columns(table, where)]
    copies = _copies(items[:LOOKED])
    if len(copies):
        values = [_shown(items[row]) for row in copies[:MOST]]
        found.append(_fault(COPY, "", copies, values, where, of=_of(len(items))))
    if alike := resembling(items[:LOOKED], signs):
        values = [f"{_shown(items[row])} is like {_shown(items[first])}" for row, first in alike[:MOST]]
        rows = np.array([row for row, _first in alike], np.int64)
        found.append(_fault(ALIKE, "", rows, values, where, of=_of(len(items))))
    return tuple(found)


def one_sided(parent: Dataset, more: Dataset | None) -> tuple[Fault, ...]:
    """Return the columns that a dataset or the rows that are added to it lack, each with how many rows have it."""
    if more is None:
        return ()
    before, added = ([str(name) for name in one.table.columns] for one in (parent, more))
    new = [Fault(NEW_COLUMN, len(more), name) for name in added if name not in before]
    version = None if parent.version is None else parent.version.column
    lacking = [Fault(NO_COLUMN, len(parent), name) for name in before if name not in added and name != version]
    return (*new, *lacking)


def foreign_faults(items: Sequence[Item], where: Where | None = None) -> tuple[Fault, ...]:
    """Return which of an even sample of the texts are surely in another language than most of it."""
    told = {}
    for row in some_rows(len(items)):
        text = kind_of(items[row]).text(items[row]) or ""
        if len(text) >= _LONG_ENOUGH and (code := language_of(text, sure=_SURE)):
            told[row] = code
    usual = Counter(told.values()).most_common(1)
    if not usual or usual[0][1] <= len(told) / 2:
        return ()
    rows = np.array([row for row, code in told.items() if code != usual[0][0]], np.int64)
    values = [f"{told[row]}: {_shown(items[row])}" for row in rows[:MOST].tolist()]
    kind = "another language than most"
    return (_fault(kind, "", rows, values, where or (lambda _row: ("", None, "")), of=len(told)),) if len(rows) else ()


def _of_rejected(rejected: Sequence[Rejected]) -> Iterator[Fault]:
    by_kind: dict[str, list[Rejected]] = {}
    counts: Counter[str] = Counter()
    for one in rejected:
        kind = kind_of_fault(one.reason)
        kind = NOTE if kind == UNREADABLE and one.what == NOTE else kind
        counts[kind] += 1
        if counts[kind] <= MOST:
            by_kind.setdefault(kind, []).append(one)
    for kind, some in by_kind.items():
        yield Fault(
            kind,
            counts[kind],
            examples=tuple(Example(one.source, one.row, None, one.reason, one.place) for one in some),
        )


def _of_columns(table: Any, where: Where) -> Iterator[Fault]:
    decimal = decimal_of(table)
    for name, values in table.items():
        missing, there = values.isna().to_numpy(), filled(values).notna().to_numpy()
        blank = ~there & ~missing
        for kind, mask in (("no value", missing), ("blank value", blank)):
            if mask.any() and not mask.all():
                yield _fault(kind, str(name), np.flatnonzero(mask), [], where)
        looked = values.head(LOOKED)
        seen = read(looked, str(name), decimal=decimal)
        if seen.unread and seen.numbers is not None:
            rows = np.flatnonzero(np.isnan(seen.numbers) & there[: len(looked)] & ~says_nothing(looked))
            shown = [str(looked.iloc[row])[:_VALUE] for row in rows[:MOST].tolist()]
            yield _fault(f"wrong type: no {seen.reading.kind}", str(name), rows, shown, where, of=_of(len(values)))
        if seen.numbers is None and len(unkept := _unkept(looked)):
            shown = [str(looked.iloc[row])[:_VALUE] for row in unkept[:MOST].tolist()]
            yield _fault("bytes that are not kept", str(name), unkept, shown, where, of=_of(len(values)))
        yield from _spelled(looked, str(name), where, _of(len(values))) if seen.numbers is None else ()
        absent = np.flatnonzero(only_stands_for_none(looked, among_words=seen.numbers is None))
        if len(absent):
            shown = [str(looked.iloc[row])[:_VALUE] for row in absent[:MOST].tolist()]
            yield _fault("written as no value", str(name), absent, shown, where, of=_of(len(values)))


def _unkept(values: Any) -> NDArray[np.int64]:
    """Return the rows with bytes that are no text, of which the number alone is kept."""
    if not are_strings(values):
        return np.empty(0, np.int64)
    return np.flatnonzero(values.str.fullmatch(_BYTES).fillna(False).to_numpy(np.bool_))


def _spelled(values: Any, name: str, where: Where, of: int | None) -> Iterator[Fault]:
    """Yield the fault of a column whose categories are written in several ways, with a row of each but the commonest.

    Of a column of texts, where hardly a value comes twice, nothing is said.
    """
    if not are_strings(values) or values.nunique() > len(values) / 2:
        return
    ways = spellings(values)
    if not ways:
        return
    common = {way: first for first, all_ways in ways.items() for way in all_ways[1:]}
    texts = as_written(values)
    rows = np.flatnonzero(texts.isin(list(common)).fillna(False).to_numpy(np.bool_))
    different = texts.iloc[rows].drop_duplicates()
    first = np.array([*different.index, *np.setdiff1d(rows, different.index, assume_unique=True)], np.int64)
    shown = [f"“{texts.iloc[row]}” beside “{common[str(texts.iloc[row])]}”"[:_VALUE] for row in first[:MOST].tolist()]
    yield _fault("differs only in blanks or capitals", name, first, shown, where, of=of)


def _copies(items: Sequence[Item]) -> NDArray[np.int64]:
    """Return the rows of items that are the same as one before."""
    import pandas as pd

    return np.flatnonzero(pd.Series(each(items, lambda kind: kind.content), dtype=object).duplicated().to_numpy())


def _fault(
    kind: str, column: str, rows: NDArray[np.int64], values: Sequence[str], where: Where, of: int | None = None
) -> Fault:
    told = [*values, *[""] * MOST]
    some = []
    for row, value in zip(rows[:MOST].tolist(), told, strict=False):
        source, record, place = where(row)
        some.append(Example(source, record, row, value, place))
    return Fault(kind, len(rows), column, tuple(some), of)


def _of(rows: int) -> int | None:
    return LOOKED if rows > LOOKED else None


def _shown(item: Item) -> str:
    kind = kind_of(item)
    return (kind.text(item) or kind.path(item) or "")[:_VALUE]
