"""How a dataset came of another one."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Version:
    """How a dataset came of another one, its *parent*, called *name*: how many rows were added, removed and edited.

    *first* is what the first version is called, *number* counts from 2.  *hidden* rejections are not told any more.
    *files* are the names of what was added; *column* tells in the table which version a row is new in, None: none is.
    """

    parent: str
    name: str
    first: str
    number: int
    added: int = 0
    removed: int = 0
    edited: int = 0
    hidden: int = 0
    files: tuple[str, ...] = ()
    column: str | None = None
