"""Reads files that hold nothing but vectors – NumPy's .npy, the vectors.tsv of a projector – and joins them to a table.

A table beside them with as many rows says what the rows are; alone, they are called by their number.
"""

from __future__ import annotations

import math
import struct
from array import array
from collections.abc import Mapping, Sequence
from dataclasses import replace
from tokenize import TokenError
from typing import IO, Any

import numpy as np

from explorer.errors import BadChoice, UnreadableFile
from explorer.ingest.choosing import impossible
from explorer.ingest.reader import MAX_CELLS, Advance, Source, Table, check_size
from explorer.ingest.unusable import holds_vectors
from explorer.ingest.vectorcolumns import MOST_NUMBERS, NO_COLUMN, VECTORS
from explorer.types import ROW, Choice, Numbering, Rejected, cut_middle

NUMBER = "row"
_AS_FLOATS, _SHOWN = "fiu", 3
_FAULTS = (ValueError, EOFError, TypeError, SyntaxError, RecursionError, MemoryError, TokenError, struct.error)
"""What NumPy's own reading of a header raises."""


def read_npy(source: Source, advance: Advance, *, limit: int | None = None) -> Table:
    """Read the rows of an array of two dimensions, or its first *limit* ones.  Raises UnreadableFile."""
    with source.open_whole() as file:
        numbers = array_in(source, file, limit=limit)
    advance(source.size)
    return table_of_vectors(source.name, numbers)


def array_in(source: Source, file: IO[bytes], *, limit: int | None = None) -> Any:
    """Return the rows of an array of two dimensions, or its first *limit* ones.  Raises UnreadableFile."""
    shape, kind, in_columns = _header(source, file)
    rows = shape[0] if limit is None else min(limit, shape[0])
    read = shape[0] if in_columns else rows
    content = file.read(read * shape[1] * kind.itemsize)
    if len(content) < read * shape[1] * kind.itemsize:
        raise UnreadableFile(f"{source.name} is not a whole array of NumPy: it is cut short. Write it again.")
    return np.frombuffer(content, kind).reshape(read, shape[1], order="F" if in_columns else "C")[:rows]


def _cure(kind: Any) -> str:
    """Return what to do with an array of values that are no vectors, by their kind."""
    if kind.names:
        return "Save its fields as columns of a table, as CSV or Parquet."
    if kind.kind in "OSU":
        return "These are no numbers: save texts as CSV or JSON, numbers with astype(float)."
    return (
        "Reshape it to two dimensions, as with reshape(len(a), -1)."
        if kind.kind in _AS_FLOATS and kind.itemsize <= 8
        else "Save it as float32."
    )


def _header(source: Source, file: IO[bytes]) -> tuple[tuple[int, int], Any, bool]:
    """Return the shape and the kind of numbers of an array, and whether they stand column by column.

    The file is where they begin.  Raises UnreadableFile.
    """
    fault = f"{source.name} is not a whole array of NumPy"
    try:
        version = np.lib.format.read_magic(file)
        read = np.lib.format.read_array_header_1_0 if version == (1, 0) else np.lib.format.read_array_header_2_0
        shape, in_columns, kind = read(file)
    except _FAULTS as exc:
        raise UnreadableFile(f"{fault}: {str(exc)[:200]}. Write it again with numpy.save.") from exc
    if len(shape) != 2 or kind.kind not in _AS_FLOATS or kind.itemsize > 8:
        told = f"{' × '.join(f'{n:,}' for n in shape) or 'one'} of {kind}"
        raise UnreadableFile(
            f"{source.name} is no table of numbers, a row of them each: it holds {told}. {_cure(kind)}"
        )
    rows, numbers = int(shape[0]), int(shape[1])
    check_size(source.name, rows=rows, columns=0)
    if not 0 < numbers <= MOST_NUMBERS or rows * numbers > 20 * MAX_CELLS:
        raise UnreadableFile(
            f"{source.name} has {rows:,} rows of {numbers:,} numbers; the limit is {MOST_NUMBERS:,} each, "
            f"{20 * MAX_CELLS:,} in all."
        )
    return (rows, numbers), kind, bool(in_columns)


def table_of_vectors(name: str, numbers: Any) -> Table:
    """Return a table of nothing but these vectors, (n, d), called by the numbers of their rows."""
    import pyarrow as pa

    rows = len(numbers)
    table = Table(name, {}, array("q", range(rows)), numbering=Numbering(ROW), only_vectors=True)
    with np.errstate(over="ignore"):
        flat = np.ascontiguousarray(numbers, np.float32).reshape(-1)
    lists = pa.FixedSizeListArray.from_arrays(pa.array(flat), numbers.shape[1])
    table.columns = {NUMBER: pa.array(np.arange(1, rows + 1)), VECTORS: pa.chunked_array([lists])}
    return table


def joined_vectors(
    tables: Sequence[Table], choices: Sequence[Choice], asked: Mapping[str, str]
) -> tuple[list[Table], list[Choice], list[Rejected]]:
    """Return tables with the vectors of the one file of such that comes with them, the choices, and what is not used.

    Vectors are of the one table that has as many rows, or as many records with those that could not be read.  What
    somebody *asked* for goes before; without such a table a .npy has nothing to belong to.  Raises BadChoice.
    """
    import pyarrow as pa

    if len(tables) < 2:
        return list(tables), list(choices), []
    known = {id(table): one for table in tables if (one := _as_vectors(table)) is not None}
    others = [table for table in tables if id(table) not in known]
    if not known or not others:
        return list(tables), list(choices), []
    file = next(iter(known.values()))
    of = [table for table in others if len(file) in (len(table), table.records[-1] + 1)]
    if len(known) > 1 or len(of) != 1:
        return _unplaced(tables, choices, others, several=len(known) > 1)
    (table,) = of
    if not _any_usable(file):
        reason = "none of its vectors can be used: each has a number that is none, or too large, or nothing but zeros"
        return others, [one for one in choices if one not in file.choices], [Rejected(file.name, None, reason)]
    left = [choice for choice in choices if choice.name != VECTORS or choice not in file.choices]
    name = next(name for name in (*file.arrays, *_names(file.name)) if name not in table.columns)
    wanted = asked.get(VECTORS) or name
    offered = [option for choice in left if choice.name == VECTORS for option, _ in choice.options]
    if wanted not in (name, NO_COLUMN, *offered):
        raise BadChoice(impossible(table.name, VECTORS, wanted, [NO_COLUMN, name]))
    told = Choice(VECTORS, "Vectors", wanted, _options(name, file.name), why=f"it has as many rows as {table.name}")
    if wanted != name:
        note = Rejected(file.name, None, "its vectors are not used: they were chosen to be others")
        return others, [*left, replace(told, asked=True, why="")], [note]
    column = file.columns[VECTORS]
    table.columns[name] = column if len(file) == len(table) else column.take(pa.array(table.records))
    table.vectors = name
    table.choices = (*(choice for choice in table.choices if choice.name != VECTORS), told)
    kept = [choice for choice in left if choice.name != VECTORS]
    return others, [*kept, replace(told, asked=VECTORS in asked)], []


def _unplaced(
    tables: Sequence[Table], choices: Sequence[Choice], others: Sequence[Table], *, several: bool
) -> tuple[list[Table], list[Choice], list[Rejected]]:
    """Return tables and choices without the files that hold nothing but vectors, and why these are not used."""
    rows = ", ".join(f"{cut_middle(table.name)} has {len(table):,}" for table in others[:_SHOWN])
    bad: list[Rejected] = []
    left = list(choices)
    for table in tables:
        if table.only_vectors:
            many = f"it has {len(table):,} vectors, and {rows} rows"
            why = "several files of vectors come together" if several else many
            reason = f"{why}: nothing says which vector is of which row. Load one that has as many rows as the table."
            bad.append(Rejected(table.name, None, reason))
            left = [choice for choice in left if choice not in table.choices]
    return [table for table in tables if not table.only_vectors], left, bad


def _any_usable(table: Table) -> bool:
    """Whether a vector of a table's is one, as those that are read with it are judged."""
    numbers = table.columns[VECTORS].combine_chunks().flatten().to_numpy(zero_copy_only=False).reshape(len(table), -1)
    return bool((np.isfinite(numbers).all(axis=1) & numbers.any(axis=1)).any())


def _names(file: str) -> list[str]:
    stem = file.rsplit("/", 1)[-1].rsplit(".", 1)[0] or VECTORS
    return [stem, VECTORS, *(f"{VECTORS}_{number}" for number in range(2, 10_002))]


def _options(name: str, file: str) -> tuple[tuple[str, str], ...]:
    return ((NO_COLUMN, "made by an encoder"), (name, f"of the file {file}"))


def _as_vectors(table: Table) -> Table | None:
    """Return a table that holds nothing but vectors as one with a column of them; None for another one."""
    if table.only_vectors:
        return table
    if table.described or not holds_vectors(table):
        return None
    try:
        numbers = np.array([_numbers(column) for column in table.columns.values()], np.float32).T
    except (ValueError, OverflowError):
        return None
    made = table_of_vectors(table.name, numbers)
    made.choices = table.choices
    return made


def _numbers(column: Any) -> list[float]:
    return [math.nan if value in (None, "") else float(value) for value in column.to_pylist()]
