"""Joins tables that list the documents beside them to these, by file name, as tables that name pictures join pictures.

Notion writes a folder of pages and a table of the same pages.  It reads no file: tables and documents come read.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from statistics import fmean
from typing import Any

import numpy as np
from numpy.typing import NDArray

from explorer.ingest.beside import Beside, Paths, join
from explorer.ingest.columns import is_strings, texts
from explorer.ingest.documents import DOCUMENT
from explorer.ingest.parts import Part, free_name
from explorer.ingest.reader import Table
from explorer.ingest.textcolumn import rank
from explorer.types import Item, Rejected, cut, sorted_unique

_FEWEST, _MOST, _SURELY = 2, 0.5, 0.9
"""Documents that are listed, at least; the share of a table's rows, and of the documents, that belong together.

More of the rows of a table that has a text of its own, which could be the dataset by itself.
"""
_MARK = re.compile(r" [0-9a-f]{32}\Z")
"""What Notion puts behind the name of a page, so that no two have one name."""
_SPELT = re.compile(r'[\\/:*?"<>|#%&{}$!@+`=\s.]+')
"""What names of files cannot have, or get another sign for."""
_NUMBER = re.compile(r"[0-9]{1,18}")
_STROKES = re.compile(r"[\\/]")
_FIELD = re.compile(r"([^:\n]{1,100}): ?([^\n]{0,2000})")
_HEADING = re.compile(r"#{1,6} [^\n]{0,400}\Z")
_NAMES_TRIED, _SHOWN, _LONG = 12, 200, 40
_NONE = np.empty(0, np.int64)


@dataclass
class Listed:
    """The tables that list documents, with the document of each of their rows, by number, or -1."""

    tables: list[Table] = field(default_factory=list)
    owners: list[NDArray[np.int64]] = field(default_factory=list)
    columns: list[str] = field(default_factory=list)
    """Which of their columns names the documents."""


def listing(documents: Sequence[str], tables: Iterable[Table]) -> Listed:
    """Return the tables most of whose rows name a document, if they name most documents.

    Each names another one where a table has a text of its own, or most do.  *documents* are their paths in the upload.
    """
    found = Listed()
    if len(documents) < _FEWEST:
        return found
    paths, stems = Paths(documents), Paths(map(_plain, documents))
    for table in tables:
        folder = _folder(table)
        tried = [name for name, column in table.columns.items() if is_strings(column)][:_NAMES_TRIED]
        matches = ((_owners(table.columns[name], paths, stems, folder), name) for name in tried)
        owners, column = max(matches, key=lambda one: (_named(one[0]), int((one[0] >= 0).sum())), default=(_NONE, ""))
        named, rows, doubted = _named(owners), int((owners >= 0).sum()), int((owners < -1).sum())
        has_text = _has_text(table, column)
        if named + doubted < _FEWEST:
            missing = "" if has_text else _of_files(table, tried, documents)
            if missing:
                found.tables.append(table)
                found.owners.append(_owners(table.columns[missing], paths, stems, folder))
                found.columns.append(missing)
            continue
        again = named < rows and (has_text or named < _MOST * rows)
        enough = rows + doubted >= (_SURELY if has_text else _MOST) * len(table)
        if not again and enough and named + doubted >= _MOST * len(documents):
            found.tables.append(table)
            found.owners.append(owners)
            found.columns.append(column)
    return found


def _of_files(table: Table, tried: Sequence[str], documents: Sequence[str]) -> str:
    """Return the column whose values mostly are names of files as the documents are, though none is here; else ""."""
    endings = tuple({PurePosixPath(name).suffix.casefold() for name in documents} - {""})
    shares = {
        name: fmean((value or "").strip().casefold().endswith(endings) for value in texts(table.columns[name]))
        for name in tried
        if len(table)
    }
    return next((name for name, share in shares.items() if share >= _SURELY), "")


def _has_text(table: Table, names: str) -> bool:
    """Whether a table has a text of some length beside the names of documents."""
    sample = {name: values for name, values in table.sample().items() if name != names}
    return any(fmean(map(len, sample[name])) >= _LONG for name in rank(sample)[:1])


def _folder(table: Table) -> str:
    """Return the folder that a table lies in, "" for the uppermost."""
    folder = PurePosixPath(table.name).parent.as_posix()
    return "" if folder == "." else folder


def _named(owners: NDArray[np.int64]) -> int:
    """Return how many documents are named."""
    return len(sorted_unique(owners[owners >= 0]))


def _owners(column: Any, paths: Paths, stems: Paths, folder: str) -> NDArray[np.int64]:
    """Return the document that each value names, seen from the table's folder; below 0 where there is none."""
    values = texts(column)
    found = np.array([-1 if not value else _document(value, paths, stems, folder) for value in values], np.int64)
    if (numbered := _by_number(values, stems, found)) is not None:
        return numbered
    spelt = [None if value is None or paths.find(value, folder=folder) >= 0 else _spelt(value) for value in values]
    return stems.told_apart(spelt, paths.told_apart(values, found, folder), folder)


def _by_number(values: Sequence[str | None], stems: Paths, found: NDArray[np.int64]) -> NDArray[np.int64] | None:
    """Return the document of each number whose name is that number, also with zeros in front; None of other values.

    Where no two rows have one number, and most rows and most documents are told; below 0 where two documents have it.
    """
    there, numbers = stems.numbers(), [int(value) for value in values if value and _NUMBER.fullmatch(value.strip())]
    if there is None or len(numbers) < len(values) or len(set(numbers)) < len(numbers):
        return None
    owners = np.array([there.get(number, -1) for number in numbers], np.int64)
    owners = np.where(found != -1, found, owners)
    told = int((owners != -1).sum())
    return owners if told >= max(_FEWEST, _SURELY * max(len(values), len(there))) else None


def _document(value: str, paths: Paths, stems: Paths, folder: str) -> int:
    """Return the document that a value names: by its path, its title, which may have strokes, or its path unended."""
    ways = ((paths, value), (stems, _spelt(value)), (stems, "/".join(map(_spelt, _STROKES.split(value)))))
    found = [known.find(path, folder=folder) for known, path in ways]
    return next((at for at in found if at >= 0), min(found))


def _plain(path: str) -> str:
    """Return the path of a document with its name as a table has it: without its ending and what makes it the only."""
    place = PurePosixPath(path)
    return place.with_name(_spelt(_MARK.sub("", place.stem)) or place.stem).as_posix()


def _spelt(name: str) -> str:
    return _SPELT.sub(" ", name).strip()


def join_documents(parts: Sequence[Part | Any], tables: Sequence[Table]) -> tuple[list[Table], list[Rejected]]:
    """Give documents the columns of the tables that list them; return these tables, and what is told of their rows.

    What the first lines of a document say that are its row's, as Notion writes them, is taken out of its text.
    """
    documents = [part for part in parts if isinstance(part, Part) and part.loose and DOCUMENT in part.columns]
    found = listing([part.source for part in documents], tables)
    if not found.tables:
        return [], []
    joined = join(
        [part.source for part in documents],
        range(len(documents)),
        [Beside(table, owners=owners) for table, owners in zip(found.tables, found.owners, strict=True)],
    )
    for at, part in enumerate(documents):
        said = {name: values.iloc[at] for name, values in joined.columns.items()}
        _give(part, {name: values.iloc[[at]] for name, values in joined.columns.items()})
        part.items = [_without_fields(part.items[0], said), *part.items[1:]]
    told = [
        fault
        for table, owners, name in zip(found.tables, found.owners, found.columns, strict=True)
        for fault in _unnamed(table, owners, name)
    ]
    return found.tables, told


def _give(part: Part, columns: dict[str, Any]) -> None:
    """Give each item of a document the columns of its row."""
    taken = set(part.table.columns)
    for name, value in columns.items():
        free = free_name(name, taken)
        part.table[free] = value.repeat(len(part.items)).reset_index(drop=True)
        taken.add(free)
    part.columns = tuple(part.table.columns)


def _without_fields(item: Item, said: dict[str, Any]) -> Item:
    """Return the text of a document without the lines at its head that say what its row says."""
    lines = str(item).split("\n")
    first = 1 if _HEADING.match(lines[0]) else 0
    begin = first
    while begin < len(lines) and not lines[begin].strip():
        begin += 1
    end = begin
    while end < len(lines) and (one := _FIELD.fullmatch(lines[end])) and _says(said.get(one[1].strip()), one[2]):
        end += 1
    rest = lines[end:]
    if end == begin or (rest and rest[0].strip()):
        return item
    while rest and not rest[0].strip():
        rest = rest[1:]
    kept = "\n".join([*lines[:first], *([""] if first and rest else []), *rest])
    return kept if kept.strip() else item


def _says(value: Any, said: str) -> bool:
    """Whether a field of a document says what its row says."""
    if value is None or value != value:
        return not said.strip()
    return " ".join(str(value).split()) == " ".join(said.split())


def _unnamed(table: Table, owners: NDArray[np.int64], name: str) -> list[Rejected]:
    """Return a rejection for each row that names no document."""
    values = texts(table.columns[name])
    told = []
    for row in np.flatnonzero(owners < 0).tolist():
        called = cut(values[row] or "", _SHOWN) or "without a name"
        several = f"the document that it lists may be one of several, {called}; name it by its whole path"
        missing = f"the document that it lists, {called}, is not here; add it, or correct its name"
        told.append(table.without(row, several if owners[row] < -1 else missing))
    return told
