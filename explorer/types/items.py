"""What is explored: items, the dataset they form, and what could not be read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from explorer.types.arrays import FloatArray, frozen, values_of
from explorer.types.cutting import REASON, cut, cut_middle, whole
from explorer.types.kept import Item, KeptItems, Look, kind_name
from explorer.types.keys import digest
from explorer.types.places import ITEM, RECORD, Places, in_words
from explorer.types.version import Version

if TYPE_CHECKING:
    import pandas as pd

_DOCUMENT = "document"
"""The column that names the document which a text is of; "page" and "place" beside it say where in it."""


@dataclass(frozen=True)
class Rejected:
    """One thing that could not be read: its source file, its record number from 0 (None: the whole file), why.

    *place* says in words where that record is for one who opens the file: “line 12”, “row 12 of Sheet1”; *what* it is
    where it is neither a record nor a file: “sheet”.
    Files choose how long source and reason are: longer ones are cut.
    """

    source: str
    row: int | None
    reason: str
    place: str = ""
    what: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "source", whole(cut_middle(self.source)))
        object.__setattr__(self, "reason", whole(cut(self.reason, REASON)))
        object.__setattr__(self, "place", whole(self.place))

    @property
    def noun(self) -> str:
        """What it is, in a word: a row, a file, a sheet, …"""
        return self.what or ("file" if self.row is None else "row")

    @property
    def where(self) -> str:
        """Where it is in its source, in words; of a whole file nothing, of an earlier version's the record from 1."""
        return self.place or ("" if self.row is None else in_words(RECORD, self.row + 1))


@dataclass(frozen=True)
class Example:
    """A place of a fault: the source and its record from 0 where they are known, the row of the dataset, the value.

    *place* says in words where that is in the source.
    """

    source: str
    row: int | None
    item: int | None
    value: str
    place: str = ""

    def __post_init__(self) -> None:
        for name in ("source", "value", "place"):
            object.__setattr__(self, name, whole(getattr(self, name)))

    @property
    def where(self) -> str:
        """Where it is, in words: in its source where that is known, else which item it is; "" for a whole file."""
        if self.place or self.row is not None:
            return self.place or in_words(RECORD, (self.row or 0) + 1)
        return "" if self.item is None else in_words(ITEM, self.item + 1)


@dataclass(frozen=True)
class Fault:
    """A kind of fault of a dataset, of one column if it is of columns: how many, the first of them as examples.

    *of*: so many rows were looked at; None for all.
    """

    kind: str
    count: int
    column: str = ""
    examples: tuple[Example, ...] = ()
    of: int | None = None


@dataclass(frozen=True)
class Choice:
    """Something about a file that could be read in another way.

    *name* is what it is asked by ("sheet", "encoding"), *label* what people read, *value* what is in force, *options*
    the (value, label) pairs to choose from; none: any text.  *why* tells in a short sentence what a guess stands on
    that is not *sure*; *asked*: somebody chose the value.
    """

    name: str
    label: str
    value: str
    options: tuple[tuple[str, str], ...] = ()
    sure: bool = True
    why: str = ""
    asked: bool = False

    def __post_init__(self) -> None:
        for name in ("name", "label", "value", "why"):
            object.__setattr__(self, name, whole(getattr(self, name)))
        object.__setattr__(self, "options", tuple((whole(value), whole(label)) for value, label in self.options))


@dataclass(frozen=True, eq=False)
class OwnVectors:
    """The vectors that came with the n items: of which *column*, float32 (n, d) as they were given, their digest."""

    column: str
    key: str
    array: FloatArray

    def taken(self, rows: Any) -> OwnVectors:
        """Return those of some rows, in their order."""
        array = frozen(np.asarray(self.array[rows], np.float32))
        return OwnVectors(self.column, digest(array), array)

    def with_more(self, more: OwnVectors | None) -> OwnVectors:
        """Return these with those of other items behind them, which have as many numbers each."""
        if more is None:
            return self
        array = frozen(np.concatenate([self.array, more.array]))
        return OwnVectors(self.column, digest(array), array)


@dataclass(frozen=True)
class Dataset:
    """A list of n items with a table of n rows beside it.

    *key* names the content; *items_key* the items alone (what embedding depends on).  *columns* are all columns
    of the source, *text_column* the one that the items came from (None for pictures and plain text).
    *table* is a pandas DataFrame with a RangeIndex and every column but the text column.
    """

    key: str
    name: str
    items: Sequence[Item]
    table: pd.DataFrame
    rejected: Sequence[Rejected] = ()
    items_key: str = ""
    columns: tuple[str, ...] = ()
    text_column: str | None = None
    candidates: tuple[str, ...] = ()
    """The columns that could be the text, best first."""
    readings: Mapping[str, str] = field(default_factory=dict)
    """How columns are read where somebody set it: "category", "number", "date:mdy"; others say it themselves."""
    text_columns: tuple[str, ...] = ()
    """The columns that were joined as the text, in this order; none where it is one column's."""
    described: Mapping[str, str] = field(default_factory=dict)
    """What its files say of columns beside their names, such as the question of a survey."""
    choices: tuple[Choice, ...] = ()
    """How its files were read, where they could be read in another way."""
    asked: Mapping[str, str] = field(default_factory=dict)
    """What somebody chose of that, by name."""
    faults: tuple[Fault, ...] = ()
    """What is wrong with it, by kind; a dataset of an earlier version has none of it."""
    note: str = ""
    """What somebody wrote about it: plain text."""
    version: Version | None = None
    """What it was made of, where that is another dataset."""
    places: Places | None = field(default=None, compare=False)
    """Where its rows stand in the files; None for one of an earlier version."""
    given: OwnVectors | None = field(default=None, compare=False)
    """The vectors that came with its items; None where an encoder is to make them."""
    signs: Mapping[bytes, bytes] = field(default_factory=dict, compare=False, repr=False)
    """What its pictures look like, by their content, as long as it is new: kept, it is read only where it is needed."""

    def __post_init__(self) -> None:
        if self.given is not None and len(self.given.array) != len(self.items):
            raise ValueError(f"{len(self.items)} items but {len(self.given.array)} vectors")
        if len(self.items) != len(self.table):
            raise ValueError(f"{len(self.items)} items but {len(self.table)} table rows")

    def __len__(self) -> int:
        return len(self.items)

    @property
    def has_texts_beside(self) -> bool:
        """Whether there are texts beside those of the text column: documents that came together with a table."""
        told = self.places is not None and any(noun == ITEM for noun, _, _ in self.places.ways)
        return told and self.text_column is not None and _DOCUMENT in self.columns

    def cells(self, row: int) -> dict[str, Any]:
        """Return what a row has in each column of the table, of the column's type: a whole number stays one."""
        one = self.table.iloc[[row]]
        return {str(name): values_of(one.iloc[:, at])[0] for at, name in enumerate(one.columns)}

    def place(self, row: int) -> str:
        """Return where a row stands in the file that it came from, in words: “line 12”, “page 3 of a/report.pdf”.

        Of what stands nowhere, as pictures do, it is which item it is.
        """
        places = self.places if self.places is not None and self.places.of == self.items_key else None
        if places is not None and places.is_known(row):
            return places.words(row)
        document = _DOCUMENT in self.columns and self._document_of(row)
        return document or (in_words(ITEM, row + 1) if places is None else places.words(row))

    def _document_of(self, row: int) -> str:
        """Return where in its document a passage stands; "" where it is of none."""
        cells = {name: "" if _is_missing(cell) else str(cell) for name, cell in self.cells(row).items()}
        page, part, document = cells.get("page", ""), cells.get("place", ""), cells.get(_DOCUMENT, "")
        if not document:
            return ""
        return f"page {page.removesuffix('.0')} of {document}" if page else ", ".join(filter(None, (document, part)))

    @property
    def modalities(self) -> frozenset[str]:
        """The names of the kinds of item in it, such as "text" and "image"."""
        if isinstance(self.items, KeptItems):
            return self.items.kinds
        return frozenset(map(kind_name, set(map(type, self.items))))


def _is_missing(cell: Any) -> bool:
    return cell is None or str(cell) in ("nan", "<NA>", "NaT")


def items_of(items: Sequence[Item], rows: Sequence[int] | NDArray[Any]) -> list[Item]:
    """Return the items of these rows; those that stay on the disk are read together."""
    return items.some(rows) if isinstance(items, KeptItems) else [items[row] for row in rows]


def through(dataset: Dataset, look: Look) -> Dataset:
    """Return a dataset whose rows, where they stay on the disk, are seen through a look; one in memory as it is."""
    if not isinstance(dataset.items, KeptItems):
        return dataset
    table: Any = dataset.table
    return replace(dataset, items=dataset.items.through(look), table=table.through(look))


def let_go(dataset: Dataset) -> None:
    """Let go of the memory into which rows were read that stay on the disk."""
    if isinstance(dataset.items, KeptItems):
        table: Any = dataset.table
        dataset.items.let_go()
        table.let_go()
