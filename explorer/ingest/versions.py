"""Makes a new version of a dataset: rows added, removed, edited; what stays is the same to the last value.

It reads no files – what is added was read before – and keeps nothing: the dataset that it was made of stays as it is.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import count
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from explorer.columns import as_written, filled
from explorer.errors import BadSetting, NotFound, NothingUsable, UnknownColumn
from explorer.ingest.documents import PLACE
from explorer.ingest.faults import faults_of, one_sided, where_in
from explorer.ingest.longtexts import PASSAGE
from explorer.ingest.naming import dataset_keys
from explorer.ingest.reader import check_size
from explorer.ingest.text import clean
from explorer.ingest.uniting import united
from explorer.types import (
    LINE,
    RECORD,
    ROW,
    TEXT,
    Dataset,
    IntArray,
    Item,
    Numbering,
    OwnVectors,
    Places,
    Version,
    items_of,
    kind_name,
)

COLUMN = "version"
"""What the column is called, if it is free, that tells which version a row is new in."""
NO_SIGNS: Mapping[bytes, bytes] = MappingProxyType({})
NEW = -1
"""What stands for the row of the parent that a row is, where it is none, or was edited."""


@dataclass(frozen=True)
class Change:
    """What is to be different: rows of the dataset that go, rows whose text is another one.

    *hide_rejected*: what could not be read is not told any more.  *where* a column has a value, rows go, too, once the
    dataset is open (`settled`).
    """

    removed: Sequence[int] = ()
    edited: Mapping[int, str] = field(default_factory=dict)
    hide_rejected: bool = False
    where: tuple[str, str] | None = None

    def settled(self, parent: Dataset) -> Change:
        """Return this with the numbers of all rows that go.  Raises UnknownColumn."""
        found = () if self.where is None else rows_where(parent, *self.where)
        return replace(self, removed=(*self.removed, *found), where=None)


def next_version(
    parent: Dataset,
    change: Change,
    more: Dataset | None = None,
    signs: Mapping[bytes, bytes] = NO_SIGNS,
    *,
    number: int | None = None,
) -> tuple[Dataset, IntArray]:
    """Return the dataset that a change of *parent* makes, the rows of *more* after its own, and where rows come from.

    That is int32 (n,): the row of the parent that each row is, NEW for one that is added or edited.  Columns that one
    of both lacks are missing there; a column tells added and edited rows, where there are any.  It is the version
    of this *number*, without one of the number after its parent's.
    *signs* are what pictures of the parent look like, by their content: what is alike is counted anew.
    Raises NotFound for rows that there are not, BadSetting for a change that is none or cannot be made, NothingUsable
    where no row is left.
    """
    _check(parent, change, more)
    change = _different(parent, change, more)
    more = None if more is None else _as_in(parent, more)
    kept = np.delete(np.arange(len(parent)), np.asarray(sorted(set(change.removed)), np.int64))
    edited = change.edited
    added = 0 if more is None else len(more)
    if not len(kept) + added:
        raise NothingUsable("no row would be left. Delete the dataset instead.")
    before = zip(kept.tolist(), items_of(parent.items, kept), strict=True)
    items: list[Item] = [edited.get(row, item) for row, item in before]
    items += [] if more is None else more.items
    came = np.concatenate([kept, np.full(added, NEW)]).astype(np.int32)
    came[np.isin(came, list(edited))] = NEW
    version = _version(parent, change, more, number or next_number(parent))
    table = _table(parent, kept, more, version, came)
    rejected = (() if change.hide_rejected else tuple(parent.rejected)) + (() if more is None else tuple(more.rejected))
    columns = _columns(parent, more, table)
    text_column = parent.text_column or (more.text_column if more is not None else None)
    given = _vectors(parent, kept, more)
    key, items_key = dataset_keys(items, table, rejected, columns, text_column, None, given)
    known = {**signs, **parent.signs, **({} if more is None else more.signs)}
    places = _places(parent, kept, more, items_key)
    read = table.drop(columns=[name for name in (version.column,) if name in table.columns])  # that is not the file's
    made = Dataset(
        key=key,
        name=version_name(version.first, version.number),
        items=items,
        table=table,
        rejected=rejected,
        items_key=items_key,
        columns=columns,
        text_column=text_column,
        readings=parent.readings,
        described={**({} if more is None else more.described), **parent.described},
        text_columns=parent.text_columns,
        faults=(*faults_of(items, read, rejected, where_in(places), known), *one_sided(parent, more)),
        note=parent.note,
        version=version,
        places=places,
        given=given,
        signs=known,
    )
    return made, came


def _as_in(parent: Dataset, more: Dataset) -> Dataset:
    """Return passages that are added to such with the number of their line or record called as it was before, ROW."""
    cut, own = {ROW, PASSAGE, PLACE}, set(parent.columns)
    noun = next((name for name in (LINE, RECORD) if name in more.columns and name not in own), None)
    if noun is None or not cut <= own or ROW in more.columns or PASSAGE not in more.columns:
        return more
    columns = tuple(ROW if name == noun else name for name in more.columns)
    return replace(more, table=more.table.rename(columns={noun: ROW}), columns=columns)


def next_number(parent: Dataset) -> int:
    """Return the number that the next version of a dataset has, unless another version has it already."""
    return 2 if parent.version is None else parent.version.number + 1


def version_name(first: str, number: int) -> str:
    """Return what the version with a number is called, by what the *first* is called."""
    return f"{first}, version {number}"


def rows_where(dataset: Dataset, column: str, value: str) -> list[int]:
    """Return the rows that have a value in a column as the file had it, "" for none.  Raises UnknownColumn."""
    if column not in dataset.table.columns:
        names = ", ".join(map(str, dataset.table.columns)) or "none"
        raise UnknownColumn(f"column {column!r} not found in {dataset.name}; its columns are {names}.")
    cells = filled(dataset.table[column])
    same = cells.isna() if not value else as_written(cells).eq(value).fillna(False)
    return [int(row) for row in np.flatnonzero(np.asarray(same, np.bool_))]


def _check(parent: Dataset, change: Change, more: Dataset | None) -> None:
    n = len(parent)
    strange = sorted(row for row in {*change.removed, *change.edited} if not 0 <= row < n)
    if strange:
        raise NotFound(f"there is no row {strange[0]:,} in {parent.name}; its rows are 0 to {n - 1:,}.")
    both = sorted(set(change.removed) & set(change.edited))
    if both:
        raise BadSetting(f"row {both[0]:,} cannot be both removed and edited; choose one.")
    for row in change.edited:
        if kind_name(type(parent.items[row])) != TEXT:
            raise BadSetting(f"row {row:,} is no text, and only texts can be edited; remove it and add another.")
    if more is not None:
        names = {*map(str, parent.table.columns), *map(str, more.table.columns)}
        check_size("what was given together", rows=n + len(more), columns=len(names) + 1)


def _different(parent: Dataset, change: Change, more: Dataset | None) -> Change:
    """Return a change without the edits that change no text.  Raises BadSetting where nothing is left of it."""
    edited = {row: _text(text, parent.place(row)) for row, text in change.edited.items()}
    edited = {row: text for row, text in edited.items() if parent.items[row] != text}
    hides = change.hide_rejected and len(parent.rejected)
    if not (change.removed or edited or hides or more is not None):
        raise BadSetting("nothing would be different. Add, remove or edit a row.")
    return replace(change, edited=edited)


def _text(text: str, place: str) -> str:
    """Return an edited text as one that is read from a file is.  Raises BadSetting for one that says nothing."""
    whole = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")  # half characters: U+FFFD
    items, _, rejected = clean("", [whole], [0], Numbering())
    if not items:
        raise BadSetting(f"the edited text of {place} is empty. Write one, or remove the row.")
    if rejected:
        raise BadSetting(f"the edited text of {place} has the character NUL, which no text can have. Leave it out.")
    return items[0]


def _places(parent: Dataset, kept: NDArray[np.int64], more: Dataset | None, items_key: str) -> Places | None:
    """Return where the rows stand in the files that they are of; None where nobody knows it of any."""
    known = None if parent.places is None else parent.places.taken(kept, items_key)
    theirs = None if more is None else more.places
    if known is None and theirs is None:
        return None
    return Places.joined([(known, len(kept)), *([] if more is None else [(theirs, len(more))])], items_key)


def _vectors(parent: Dataset, kept: NDArray[np.int64], more: Dataset | None) -> OwnVectors | None:
    """Return the vectors that came with the rows; an edited text keeps that of its row.  None where none came.

    Raises BadSetting for rows without such vectors beside rows that have some.
    """
    if parent.given is None:
        return None
    ours, theirs = parent.given.taken(kept), None if more is None else more.given
    wanted = f"{parent.name} has vectors of {ours.array.shape[1]:,} numbers of its own, in {ours.column!r}"
    if more is not None and theirs is None:
        raise BadSetting(f"{wanted}; rows that are added need such a column too.")
    if theirs is not None and theirs.array.shape[1] != ours.array.shape[1]:
        raise BadSetting(f"{wanted}; those that are to be added have {theirs.array.shape[1]:,}.")
    return ours.with_more(theirs)


def _version(parent: Dataset, change: Change, more: Dataset | None, number: int) -> Version:
    before, added = parent.version, 0 if more is None else len(more)
    column = None if before is None else before.column
    if column is None and (added or change.edited):
        taken = {*parent.columns, *map(str, parent.table.columns)}
        taken |= set() if more is None else {*more.columns, *map(str, more.table.columns)}
        column = _free(COLUMN, taken) if COLUMN in taken else COLUMN
    return Version(
        parent.key,
        parent.name,
        parent.name if before is None else before.first,
        number,
        added,
        len(set(change.removed)),
        len(change.edited),
        len(parent.rejected) if change.hide_rejected else 0,
        () if more is None else (more.name,),
        column,
    )


def _table(parent: Dataset, kept: Any, more: Dataset | None, version: Version, came: IntArray) -> Any:
    """Return the table: the parent's rows that stay, then the others', and what tells which are new."""
    import pandas as pd

    table = parent.table.iloc[kept].reset_index(drop=True)
    if more is not None:
        ours = {version.column, None if parent.text_columns else parent.text_column}
        taken = {*map(str, more.table.columns), *parent.columns, *ours}
        shared = {name: _free(str(name), taken) for name in more.table.columns if name in ours}
        theirs = more.table.rename(columns=shared)
        names = list(dict.fromkeys([*table.columns, *theirs.columns]))
        table = united([table, theirs], names)
    if version.column is None or not (version.added or version.edited):
        return table
    before = table[version.column] if version.column in table.columns else None
    cells: list[Any] = [None] * len(table) if before is None else before.astype(object).tolist()
    for row in np.flatnonzero(came == NEW).tolist():
        cells[row] = f"{version.number} ({'added' if row >= len(kept) else 'edited'})"
    return table.assign(**{version.column: pd.Series(cells, index=table.index, dtype="str")})


def _free(name: str, taken: Collection[str | None]) -> str:
    """Return a name that is not taken: this one with the first number that makes it one."""
    return next(free for number in count(2) if (free := f"{name}_{number}") not in taken)


def _columns(parent: Dataset, more: Dataset | None, table: Any) -> tuple[str, ...]:
    """Return all columns: the parent's, those that were added beside the texts, and what tells new rows."""
    theirs = () if more is None else [name for name in more.columns if name in table.columns]
    own = parent.columns or ((more.text_column,) if more is not None and more.text_column else ())
    return tuple(dict.fromkeys([*own, *theirs, *map(str, table.columns)]))
