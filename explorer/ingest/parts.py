"""Parts of a dataset, each of one file or one container, and how they are put one below the other.

It reads nothing: `loading` makes the parts.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from explorer.ingest.columns import PLAIN, from_values, typed
from explorer.ingest.documents import DOCUMENT
from explorer.ingest.media import folders
from explorer.ingest.reader import Content, check_size
from explorer.ingest.uniting import united
from explorer.kinds import each
from explorer.types import FloatArray, Item, Numbering, kind_name

SOURCE, FOLDER, TEXT_FROM, KIND = "source", "folder", "text from column", "kind"


@dataclass
class Part:
    """Some items of one file or one container, and their table."""

    source: str
    items: Sequence[Item]
    table: Any
    columns: tuple[str, ...] = ()
    loose: bool = False
    """Its source says nothing: a picture that was given by itself, a document, which has a column for that."""
    records: Sequence[int] | None = None
    """The record of each item in its source, where that is known."""
    numbering: Numbering | None = None
    """What those records are called there, and their numbers."""
    vectors: FloatArray | None = None
    """The vectors of the items, float32 (n, d), where they are given: then all parts have some, of one length."""
    vectors_column: str = ""
    text_column: str = ""
    """Which column of a table became its texts."""


def vectors_of(parts: Sequence[Part]) -> FloatArray | None:
    """Return the vectors of all items, float32 (n, d), where they are given; of one part its own, without a copy."""
    given = [part.vectors for part in parts if part.vectors is not None]
    return (given[0] if len(given) == 1 else np.concatenate(given)) if given else None


def items_part(source: str, content: Content) -> Part:
    """Return what a reader made of a file that holds items, not a table."""
    import pandas as pd

    table = pd.DataFrame(index=pd.RangeIndex(len(content.items)))
    for name, values in content.columns.items():
        table[name] = typed(from_values(values), PLAIN)
    part = Part(source, content.items, table, tuple(content.columns), loose=DOCUMENT in content.columns)
    return replace(part, records=content.records, numbering=content.numbering)


def put_together(parts: Sequence[Part]) -> tuple[Any, list[str]]:
    """Return the parts' tables one below the other, and the names of columns that no part had."""
    import pandas as pd

    if len(parts) == 1:
        return parts[0].table, []
    names = list(dict.fromkeys(column for part in parts for column in part.table.columns))
    check_size("what was given together", rows=sum(len(part.items) for part in parts), columns=len(names))
    table = united([part.table for part in parts], names)
    told = _tell_text_columns(parts, table)
    documents = [_is_document(part) for part in parts]
    if sum(not part.loose for part in parts) < 2 and (all(documents) or not any(documents)):
        return table, told
    label = free_name(SOURCE, [column for part in parts for column in part.columns])
    sources = [
        None if part.loose and not document else part.source
        for part, document in zip(parts, documents, strict=True)
        for _ in range(len(part.items))
    ]
    table[label] = pd.Series(sources, dtype="str")
    return table, [*told, label]


def tell_kinds(items: Sequence[Item], table: Any, taken: Iterable[str]) -> list[str]:
    """Give the table a column of what kind each item is, "picture" or "text", where they differ; return its name."""
    import pandas as pd

    if len(set(map(kind_name, set(map(type, items))))) < 2:
        return []
    label = free_name(KIND, taken)
    table[label] = pd.Series(each(items, lambda kind: lambda _item: kind.nouns[0]), dtype="str")
    return [label]


def _tell_text_columns(parts: Sequence[Part], table: Any) -> list[str]:
    """Give the table a column of what the text's is called in its file, where files differ in that; return its name."""
    import pandas as pd

    if len({part.text_column for part in parts if part.text_column}) < 2:
        return []
    label = free_name(TEXT_FROM, [column for part in parts for column in part.columns])
    named = [part.text_column or None for part in parts for _ in range(len(part.items))]
    table[label] = pd.Series(named, dtype="str")
    return [label]


def _is_document(part: Part) -> bool:
    return part.loose and DOCUMENT in part.columns


def tell_folders(parts: Sequence[Part]) -> None:
    """Give documents that lie in folders a column of these, as pictures have one."""
    documents = [part for part in parts if _is_document(part)]
    within = folders([part.source for part in documents])
    if any(within):
        for part, folder in zip(documents, within, strict=True):
            part.table[free_name(FOLDER, part.columns)] = [folder] * len(part.items)


def free_name(name: str, taken: Iterable[str]) -> str:
    """Return a name for a column that no other has: this one, or with a number behind it."""
    number, free, taken = 2, name, set(taken)
    while free in taken:
        free, number = f"{name}_{number}", number + 1
    return free
