"""Holds what has been read of an upload, before it becomes one dataset: pictures, tables and documents wait here.

It reads nothing: `loading` does.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from explorer.errors import ReadingEnded, UnreadableFile
from explorer.ingest.arraysbeside import arrays_beside
from explorer.ingest.catalogues import join_documents
from explorer.ingest.media import signs_of
from explorer.ingest.nodetables import joined_nodes, taken_back
from explorer.ingest.pairing import ITEMS, with_texts
from explorer.ingest.parts import Part
from explorer.ingest.pictured import Pictured
from explorer.ingest.reader import Table
from explorer.ingest.vectorcolumns import VECTORS
from explorer.ingest.vectorfiles import joined_vectors
from explorer.types import Choice, Rejected


@dataclass
class Gathered:
    """What has been read, in the order given: pictures wait for tables, tables for their text column; all columns."""

    parts: list[Part | Pictured | Table] = field(default_factory=list)
    rejected: list[Rejected] = field(default_factory=list)
    choices: list[Choice] = field(default_factory=list)
    signs: dict[bytes, bytes] = field(default_factory=dict)
    """What pictures look like, by their content."""
    columns: set[str] = field(default_factory=set)
    described: dict[str, str] = field(default_factory=dict)
    """What is said of columns beside their names."""
    ended: ReadingEnded | None = None
    """Why the last file was not read that took too much; nothing is wrong with it."""

    def leave(self, name: str, why: UnreadableFile) -> None:
        """Reject a file that cannot be read."""
        self.rejected.append(Rejected(name, None, str(why)))
        self.ended = why if isinstance(why, ReadingEnded) else self.ended

    def take(self, seen: Pictured, rejected: Sequence[Rejected]) -> None:
        """Take pictures, and what could not be read of them."""
        self.rejected += rejected
        self.signs |= signs_of(seen.pictures)
        self.parts.append(seen)

    def tables(self) -> list[Table]:
        """Return the tables that wait for their text column."""
        return [part for part in self.parts if isinstance(part, Table)]

    def bring_vectors(self) -> bool:
        """Whether items that are in no table have the vectors that came with them."""
        return any(isinstance(part, Part) and part.vectors is not None for part in self.parts)

    def all_described(self) -> dict[str, str]:
        """Return what is said of columns, of pictures and of the tables that wait."""
        return self.described | {name: words for table in self.tables() for name, words in table.described.items()}

    def join_documents(self, asked: Sequence[str]) -> None:
        """Give documents what tables say that list them; not those with the text asked for."""
        loose = [table for table in self.tables() if not set(asked) & set(table.columns)]
        used, unused = join_documents(self.parts, loose)
        self.described |= {name: words for table in used for name, words in table.described.items()}
        self.parts = [part for part in self.parts if not any(part is one for one in used)]
        self.rejected += unused

    def pair(self, asked: Mapping[str, str], title: str) -> None:
        """Make items of the texts beside pictures, where that is asked for; a chat's messages are items anyhow."""
        if any(choice.name == ITEMS for table in self.tables() for choice in table.choices):
            return
        self.parts, choices, missing = with_texts(self.parts, asked, title)
        self.choices += choices
        self.rejected += missing

    def join_vectors(self, asked: Mapping[str, str]) -> None:
        """Give a table the vectors of a file that holds nothing else, a graph what a table says of its nodes."""
        left, chosen = taken_back(self.tables())
        gone = {id(one) for one in (*left, *chosen)}
        self.rejected = [one for one in self.rejected if id(one) not in gone]
        self.choices = [one for one in self.choices if id(one) not in gone]
        tables, told = joined_nodes(self.tables())
        if self.bring_vectors():  # what was asked for are those
            asked = {name: value for name, value in asked.items() if name != VECTORS}
        beside = arrays_beside(tables, asked)
        kept, choices, unused = joined_vectors(beside.tables, self.choices, asked)
        self.choices = beside.told(choices)
        self.parts = [part for part in self.parts if not isinstance(part, Table) or any(part is one for one in kept)]
        self.rejected += [*unused, *told]
