"""Reads several arrays that NumPy saved in one file (.npz): one of vectors, and what has as many values beside it.

Nothing that is pickled is read.  It joins nothing: `vectorfiles` and `picturevectors` do.
"""

from __future__ import annotations

import zipfile
from array import array
from dataclasses import replace
from typing import IO, Any

import numpy as np

from explorer.errors import UnreadableFile
from explorer.ingest.parts import free_name
from explorer.ingest.reader import TABLE, Advance, FileReader, Source, Table
from explorer.ingest.textcolumn import NULLS
from explorer.ingest.vectorcolumns import MOST_NUMBERS, VECTORS
from explorer.ingest.vectorfiles import NUMBER, array_in, read_npy, table_of_vectors
from explorer.types import COLUMN, NEVER_AN_ANSWER, ROW, Numbering, Rejected, cut

_MOST_ARRAYS, _MOST_BYTES, _SHOWN, _TOLD = 100, 2**32, 60, 5
_VALUES = "biufUM"
"""Kinds of arrays of one dimension that are columns: flags, numbers, texts, moments."""


def read_npz(source: Source, advance: Advance, *, limit: int | None = None) -> Table:
    """Read the arrays of a file as a table: of two dimensions as columns of vectors, of one as others.

    All that have as many rows as the first of two dimensions are columns; the others are told.  Raises UnreadableFile.
    """
    with source.open_whole() as file:
        try:
            with zipfile.ZipFile(file) as packed:
                found, bad = _arrays(source, packed, limit)
        except (zipfile.BadZipFile, zipfile.LargeZipFile, NotImplementedError, RuntimeError, EOFError) as exc:
            raise UnreadableFile(
                f"{source.name} is not a whole .npz of NumPy. Write it again with numpy.savez."
            ) from exc
    advance(source.size)
    first = next((name for name, one in found.items() if one.ndim == 2), None)
    if first is None:
        held = [f"“{cut(name, _SHOWN)}” has {len(one):,} values" for name, one in found.items()]
        told = "; ".join([*(f"“{cut(name, _SHOWN)}” {why}" for name, why in bad), *held][:_TOLD]) or "it has no arrays"
        raise UnreadableFile(
            f"{source.name} has no array of vectors, which has two dimensions, a row of numbers each: {told}. "
            "Save one with numpy.savez, or as .npy."
        )
    rows = len(found[first])
    for name in [name for name, one in found.items() if len(one) != rows]:
        bad.append((name, f"it has {len(found.pop(name)):,} values, and “{cut(first, _SHOWN)}” has {rows:,} rows"))
    table = _table(source.name, found, rows)
    table.rejected += [
        Rejected(source.name, None, f"its array “{cut(name, _SHOWN)}” is left out: {why}", what=COLUMN)
        for name, why in bad
    ]
    return table


def _arrays(source: Source, packed: zipfile.ZipFile, limit: int | None) -> tuple[dict[str, Any], list[tuple[str, str]]]:
    """Return the arrays of a file by name, their first *limit* rows, and why others are none that can be used."""
    members = [one for one in packed.infolist() if one.filename.endswith(".npy")]
    if len(members) > _MOST_ARRAYS or sum(one.file_size for one in members) > _MOST_BYTES:
        raise UnreadableFile(
            f"{source.name} has {len(members):,} arrays; the limits are {_MOST_ARRAYS:,} and 4 GB. Save what you need."
        )
    found, bad = dict[str, Any](), list[tuple[str, str]]()
    for member in members:
        name = member.filename.removesuffix(".npy")
        with packed.open(member) as file:
            try:
                one = _one(source, name, file)
            except UnreadableFile as exc:
                bad.append((name, str(exc).removeprefix(f"{name} ").rstrip(".")))
                continue
        found[name] = one if limit is None else one[:limit]
    return found, bad


def _one(source: Source, name: str, file: IO[bytes]) -> Any:
    """Return an array: of vectors as float32, or of values.  Raises UnreadableFile, which begins with its name."""
    start = file.read(12)
    values = _values(start, file)
    if values is not None:
        return values
    file.seek(0)
    return array_in(replace(source, name=name), file)


def _values(start: bytes, file: IO[bytes]) -> Any:
    """Return an array of one dimension; None of another one."""
    file.seek(0)
    try:
        version = np.lib.format.read_magic(file)
        read = np.lib.format.read_array_header_1_0 if version == (1, 0) else np.lib.format.read_array_header_2_0
        shape, _, kind = read(file)
    except (ValueError, EOFError, SyntaxError):
        return None
    if len(shape) != 1 or kind.kind not in _VALUES or kind.names:
        return None
    content = file.read(shape[0] * kind.itemsize)
    return np.frombuffer(content, kind) if len(content) == shape[0] * kind.itemsize else None


def _table(name: str, found: dict[str, Any], rows: int) -> Table:
    """Return the arrays as columns, one in front that calls every row: the first without gaps, or rows' numbers."""
    import pyarrow as pa

    if len(found) == 1:
        (alone,) = found
        return replace(table_of_vectors(name, found[alone]), array=alone)
    table = Table(name, {}, array("q", range(rows)), numbering=Numbering(ROW))
    table.arrays = tuple(column for column, values in found.items() if values.ndim == 2)
    columns = {column: pa.chunked_array([_column(values)]) for column, values in found.items()}
    calling = next((column for column, values in found.items() if values.ndim == 1 and _calls_all(values)), "")
    if not calling:
        calling = free_name(NUMBER, columns)
        columns[calling] = pa.chunked_array([pa.array(np.arange(1, rows + 1))])
    table.columns = {calling: columns.pop(calling), **columns}
    return table


def _column(values: Any) -> Any:
    """Return an array as one of arrow: vectors as lists of float32, texts and moments as strings."""
    import pyarrow as pa

    if values.ndim == 2:
        with np.errstate(over="ignore"):
            flat = pa.array(np.ascontiguousarray(values, np.float32).reshape(-1))
        return pa.FixedSizeListArray.from_arrays(flat, values.shape[1])
    plain = values.astype(values.dtype.newbyteorder("="))
    if plain.dtype.kind == "M":
        gaps = np.isnat(plain)
        told = plain.astype(str).tolist()
        return pa.array([None if gap else one for one, gap in zip(told, gaps.tolist(), strict=True)], pa.string())
    return pa.array(plain.astype(str).tolist() if plain.dtype.kind == "U" else plain)


def _calls_all(values: Any) -> bool:
    """Whether every row can be called by its value: none is missing."""
    if values.dtype.kind == "U":
        return all(one.strip() and one not in NULLS and one.lower() not in NEVER_AN_ANSWER for one in values.tolist())
    if values.dtype.kind == "M":
        return not np.isnat(values).any()
    return values.dtype.kind != "f" or not np.isnan(values).any()


def read_arrays(source: Source, advance: Advance, *, limit: int | None = None) -> Table:
    """Read one array of NumPy, or several in one file, or the first *limit* rows.  Raises UnreadableFile."""
    with source.open() as file:
        several = file.read(4) == b"PK\x03\x04"
    return (read_npz if several else read_npy)(source, advance, limit=limit)


NPY = FileReader(
    name="NumPy arrays",
    suffixes=(".npy", ".npz"),
    summary="Vectors, a row each: of the table with as many rows that comes with it, of pictures or sounds where that "
    "is asked for, alone of its rows' numbers.",
    kind=TABLE,
    read=read_arrays,
    choices=(VECTORS,),
    limits=f"10,000,000 rows, {MOST_NUMBERS:,} numbers each",
)
