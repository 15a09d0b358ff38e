"""Makes a file of several arrays the vectors of the table that comes with it, and has as many rows.

What else the file holds are columns of that table.  `vectorfiles` joins them; it reads no file.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from explorer.ingest.columns import texts
from explorer.ingest.parts import free_name
from explorer.ingest.reader import Table, listed
from explorer.ingest.textcolumn import rank
from explorer.ingest.vectorcolumns import VECTORS, is_list_of_numbers
from explorer.ingest.vectorfiles import NUMBER
from explorer.types import Choice


@dataclass
class ArraysBeside:
    """The tables, a file of arrays among them as one of vectors alone; what is unsure of these, and all arrays."""

    tables: list[Table]
    doubt: str = ""
    arrays: tuple[str, ...] = ()
    name: str = ""
    """The file's."""

    def told(self, choices: Sequence[Choice]) -> list[Choice]:
        """Return the choices with what is unsure of the vectors, and all arrays that they can be."""
        return [self._told(one) if self.name and one.name == VECTORS else one for one in choices]

    def _told(self, one: Choice) -> Choice:
        known = dict(one.options)
        more = tuple((name, f"of the file {self.name}, its array {name}") for name in self.arrays if name not in known)
        if one.asked or not self.doubt:
            return replace(one, options=(*one.options, *more))
        return replace(one, options=(*one.options, *more), sure=False, why=self.doubt)


def arrays_beside(tables: Sequence[Table], asked: Mapping[str, str]) -> ArraysBeside:
    """Return the tables with the one file of arrays that comes with them as a file of nothing but vectors.

    It is that where one table has as many rows, or where it has nothing that reads like text by itself.
    """
    files = [one for one in tables if one.arrays and is_list_of_numbers(one.columns.get(one.arrays[0]))]
    others = [one for one in tables if not any(one is file for file in files)]
    if len(files) != 1 or not others or any(one.only_vectors for one in others):
        return ArraysBeside(list(tables))
    (file,) = files
    of = [one for one in others if len(file) in (len(one), one.records[-1] + 1)]
    own_text = bool(rank(file.sample()))
    if len(of) != 1 and own_text:
        return ArraysBeside(list(tables))
    name = asked.get(VECTORS, "") if asked.get(VECTORS) in file.arrays else file.arrays[0]
    vectors, doubt = file.columns[name], ""
    if len(of) == 1:
        named, order, doubt = _order(file, of[0])
        if own_text and not named and not doubt:
            doubt = f"it has as many rows as {of[0].name}, and texts of its own"
        vectors = vectors if order is None else vectors.take(order)
        _give(file, of[0], name, order)
    if len(file.arrays) > 1:
        doubt = f"{file.name} holds {len(file.arrays)} arrays of vectors: {listed(file.arrays)}"
    import pyarrow as pa

    numbers = pa.array(np.arange(1, len(file) + 1))
    columns = {NUMBER: numbers, VECTORS: pa.chunked_array([vectors.combine_chunks()])}
    made = replace(file, columns=columns, only_vectors=True, arrays=(name,), vectors="")
    return ArraysBeside([made if one is file else one for one in tables], doubt, file.arrays, file.name)


def _order(file: Table, table: Table) -> tuple[bool, Any, str]:
    """Return whether a column names the rows of both; those of a file in a table's order, None: as they are; a doubt.

    It is a doubt that a column of the same name says something else.
    """
    if len(file) != len(table):
        return False, None, ""
    doubt = ""
    for name, column in _beside(file).items():
        own = texts(column)
        names_each = len(set(own)) == len(own)
        for other, values in table.columns.items():
            if is_list_of_numbers(values):
                continue
            said = texts(values)
            if said == own and names_each:
                return True, None, ""
            if said != own and names_each and set(said) == set(own):
                places = {one: at for at, one in enumerate(own)}
                return True, np.asarray([places[one] for one in said], np.int64), ""
            if other == name and said != own:
                doubt = f"it has as many rows as {table.name}, but their columns {name} differ"
    return False, None, doubt


def _give(file: Table, table: Table, vectors: str, order: Any) -> None:
    """Give a table the columns of a file that it has not, rows in an order, but for the vectors."""
    import pyarrow as pa

    rows = pa.array(table.records) if len(file) != len(table) else order
    for name, column in {**_beside(file), **{one: file.columns[one] for one in file.arrays if one != vectors}}.items():
        made = column if rows is None else column.take(rows)
        known = table.columns.get(name)
        if known is not None and texts(known) == texts(made):
            continue
        table.columns[free_name(name, table.columns)] = made


def _beside(file: Table) -> dict[str, Any]:
    """Return the columns of a file that are no vectors, nor the numbers of its rows."""
    return {
        name: column
        for name, column in file.columns.items()
        if name not in file.arrays and not (name == NUMBER and column.to_pylist() == list(range(1, len(file) + 1)))
    }


def is_of_another(table: Table) -> bool:
    """Whether it is a file of arrays that has nothing that reads like text: beside a table, it is its vectors."""
    return bool(table.arrays) and not rank(table.sample())
