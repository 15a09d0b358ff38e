"""Gives pictures that messages of a chat bring what those messages say: Telegram's `photo`, Facebook's `photos.uri`.

Sounds that they bring share no map with texts, and are told.

It reads no files: chats come read, and `pictured` reads the pictures.
"""

from __future__ import annotations

import re
from array import array
from collections.abc import Iterator, Sequence
from pathlib import PurePosixPath
from typing import Any

import numpy as np

from explorer.ingest.beside import Beside, Paths
from explorer.ingest.chats import AUTHOR, TEXT, TIME
from explorer.ingest.chattexts import BROUGHT, HEARD
from explorer.ingest.columns import is_strings
from explorer.ingest.images import PICTURES
from explorer.ingest.mentioned import Mentioned
from explorer.ingest.parts import free_name
from explorer.ingest.reader import Table
from explorer.ingest.sounds import SOUNDS
from explorer.types import ATTACHMENT, NOTE

MESSAGE = "message"
"""The column that has the words that a picture was sent with."""
_PATHS = Mentioned((*PICTURES.suffixes, *SOUNDS.suffixes), r"""\"<>|:*?\n\[\]{}""")
_SMALL = re.compile(r"(?i)(?<![a-z])thumb(?:nail)?s?(?![a-z])")
"""What a column, or a file, is called that has pictures once more, as small ones."""


def is_of_people(table: Table) -> bool:
    """Whether a table has messages that people wrote at their times."""
    return table.text == TEXT and {TEXT, AUTHOR, TIME} <= table.columns.keys()


def brought(tables: Sequence[Table], names: Sequence[str]) -> tuple[list[int], list[Beside]]:
    """Return the pictures that messages name, as numbers of *names*, all paths; and the messages, a row a picture.

    The owners of these rows are places among the pictures returned.  What messages without words bring is told.
    """
    paths, places, found = Paths(names), dict[int, int](), list[Beside]()
    for table in tables:
        folder = PurePosixPath(table.name).parent.as_posix()
        pairs = list(dict.fromkeys(_pairs(table, paths, "" if folder == "." else folder)))
        heard = [(row, at) for row, at in pairs if names[at].lower().endswith(SOUNDS.suffixes)]
        for row, at in heard:
            table.untold[table.records[row]] = f"{HEARD}{names[at]}", ATTACHMENT
        pairs = [pair for pair in pairs if pair not in set(heard)]
        for row, at in pairs:
            places.setdefault(at, len(places))
            number = table.records[row]
            table.untold[number] = f"{BROUGHT}{names[at]}", NOTE
        rows = [row for row, _ in pairs]
        every = {name: column.take(rows) for name, column in _columns(table).items()} if rows else {}
        taken = {name: column for name, column in every.items() if column.null_count < len(rows)}
        said = Table(table.name, taken, array("q", (table.records[row] for row in rows)), recognise=table.recognise)
        found.append(Beside(said, folder, False, np.array([places[at] for _, at in pairs], np.int64)))
    order = sorted(places)
    moved = np.zeros(len(order), np.int64)
    moved[[places[at] for at in order]] = np.arange(len(order))
    for one in found:
        one.owners = moved[one.owners] if one.owners is not None else None
    return order, [one for one in found if len(one.table)]


def _columns(table: Table) -> dict[str, Any]:
    """Return all columns of a chat; its text is called otherwise, as a picture's text is none of the items' texts."""
    every = {**table.columns, **table.asides}
    return {(free_name(MESSAGE, every) if name == TEXT else name): column for name, column in every.items()}


def _pairs(table: Table, paths: Paths, folder: str) -> Iterator[tuple[int, int]]:
    """Yield rows of messages, each with a picture that it names outside its text."""
    for name, column in {**table.columns, **table.asides}.items():
        if name == TEXT or _SMALL.search(name) or not is_strings(column):
            continue
        for row, value in enumerate(column.to_pylist()):
            for path in _PATHS(value or ""):
                at = _picture(path, paths, folder)
                if at >= 0:
                    yield row, at


def _picture(path: str, paths: Paths, folder: str) -> int:
    """Return the picture that a path names, seen from a folder or without its first folders; below 0 where none."""
    for drop in range(path.count("/") + 1):
        if (at := paths.find(path, folder=folder, drop=drop)) != -1:
            return at
    return -1
