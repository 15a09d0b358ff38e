"""Takes a column of a table for the vectors of its items: which columns hold vectors, and what of one can be used.

It embeds nothing, and rejects nothing by itself: `loading` does, with the reasons given here.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from explorer.errors import BadChoice
from explorer.ingest.choosing import chosen, impossible
from explorer.ingest.columns import flat, is_strings
from explorer.ingest.reader import Source, Table, listed
from explorer.ingest.textcolumn import rank
from explorer.types import NOTE, Choice, FloatArray, Rejected, cut

VECTORS, NO_COLUMN = "vectors", "no"
MOST_NUMBERS = 65_536
"""Numbers in a vector, at most."""
_FEWEST, _LOOKED_AT, _SHOWN = 3, 200, 60
_BEGINS, _APART = re.compile(r"\s*[\[(]\s*[-+.\d]"), re.compile(r"[\s,;]+")
UNPLACED = "it has no column of vectors, as others have: nothing says where its rows belong"
NO_EDGES = "it has no edge with another node: nothing says where it belongs"
Cells: TypeAlias = "list[FloatArray | str]"
"""Of each row its vector, float32 of any length, or why it has none."""
NOT_FINITE = "its vector has a number that is not finite"
TOO_LARGE = f"{NOT_FINITE}, or too large for float32, which ends at 3.4e38: divide them all by the same number"
MISSING, NO_NUMBERS = "it has no vector", "its vector is no list of numbers"


def with_vectors(table: Table, source: Source) -> Table:
    """Return the table with the choice of the column that its items' vectors are in, where it has such columns.

    Unless somebody chose, an encoder makes the vectors; where no column reads like text, and so there is nothing to
    encode, they are the first column's that holds some.  Pictures are always encoded.  Raises BadChoice.
    """
    found = [name for name, column in table.columns.items() if _holds_vectors(column)]
    if table.pictures:
        table.rejected = [*table.rejected, *(beside_pictures(table.name, name) for name in found)]
        return without_vectors(table)
    if not found:
        return table
    if table.vectors in found:  # its format says so
        options = _options(found) if table.graph is None else _OF_NODES
        choice = chosen(source, Choice(VECTORS, "Vectors", table.vectors, options))
        table.choices, table.vectors = (*table.choices, choice), "" if choice.value == NO_COLUMN else choice.value
        return table
    alone = len(table.columns) > 1 and not rank(table.sample())
    why = "no column reads like text" if alone else f"{found[0]} holds vectors, which can be taken as they are"
    why = f"{len(found)} columns hold vectors: {listed(found)}" if alone and len(found) > 1 else why
    sure = alone and len(found) == 1
    choice = Choice(VECTORS, "Vectors", found[0] if alone else NO_COLUMN, _options(found), sure=sure, why=why)
    if not table.only_vectors:  # of a file that holds nothing else, what comes with it decides
        choice = chosen(source, choice)
    table.choices = (*table.choices, choice)
    table.vectors = "" if choice.value == NO_COLUMN else choice.value
    return table


_OF_NODES = ((NO_COLUMN, "made by an encoder, of the names"), (VECTORS, "of the edges"))
"""From where the vectors of a graph's nodes are: none came with it."""


def _options(found: Sequence[str]) -> tuple[tuple[str, str], ...]:
    return ((NO_COLUMN, "made by an encoder"), *((name, f"of the column {name}") for name in found))


def without_vectors(table: Table) -> Table:
    """Return the table with its columns of vectors as they are written, and without the choice.

    A file of word vectors has them nowhere else, and nothing to read in them.
    """
    if table.words:
        table.columns.pop(VECTORS, None)
    table.columns = {
        name: flat(column) if is_list_of_numbers(column) else column for name, column in table.columns.items()
    }
    table.choices = tuple(choice for choice in table.choices if choice.name != VECTORS)
    table.vectors = ""
    return table


def offered_of(table: Table) -> list[str]:
    """Return the columns of vectors of a table, before it is `without_vectors`; none of one that has nothing else."""
    offered = [choice for choice in table.choices if choice.name == VECTORS]
    names = [value for choice in offered for value, _ in choice.options if value in table.columns]
    return [] if table.only_vectors else list(dict.fromkeys(names))


def beside_pictures(table: str, column: str) -> Rejected:
    """Return the note that a column of vectors of a table with pictures is not taken."""
    reason = (
        f"its column {cut(column, _SHOWN)} holds vectors, which are not taken: pictures are read by an encoder. "
        "For a map of these vectors, load the table alone"
    )
    return Rejected(table, None, reason, what=NOTE)


def settled(
    tables: Sequence[Table], choices: Sequence[Choice], asked: Mapping[str, str], *, alone: bool
) -> list[Choice]:
    """Return the choices after it is decided whether the vectors of tables that come together are taken as they are.

    They are where somebody asked for it, or all of them have nothing else, and the tables are *alone*.
    Raises BadChoice where all have nothing but vectors, and none of these is called as somebody asks for.
    """
    if tables and all(table.only_vectors for table in tables) and asked.get(VECTORS, NO_COLUMN) != NO_COLUMN:
        names = list(dict.fromkeys(table.array or VECTORS for table in tables))
        if asked[VECTORS] not in (*names, VECTORS):
            raise BadChoice(impossible(tables[0].name, VECTORS, asked[VECTORS], names))
    taken = asked.get(VECTORS, NO_COLUMN) != NO_COLUMN
    if taken or (not asked.get(VECTORS) and alone and all(table.vectors for table in tables)):
        return list(choices)
    for table in tables:
        without_vectors(table)
    return [
        replace(one, value=NO_COLUMN, why="") if one.name == VECTORS and one.value != NO_COLUMN else one
        for one in choices
    ]


def labels(tables: Iterable[Table]) -> list[str]:
    """Return the columns that can say what rows are whose vectors are given, where none reads like text."""
    some = [one for one in tables if one.vectors]
    plain = [name for one in some for name, column in one.columns.items() if not _holds_vectors(column)]
    return list(dict.fromkeys(plain or [name for one in some for name in one.columns if name != one.vectors]))


def is_list_of_numbers(column: Any) -> bool:
    """Whether an arrow column holds lists of numbers, by its type."""
    import pyarrow as pa

    kind = column.type
    lists = (pa.types.is_list, pa.types.is_large_list, pa.types.is_fixed_size_list)
    inner = kind.value_type if any(test(kind) for test in lists) else None
    return inner is not None and (pa.types.is_floating(inner) or pa.types.is_integer(inner))


class Given:
    """The vectors that tables bring for their rows, taken out of their columns; tables without them have none."""

    def __init__(self, tables: Iterable[Table], *, others: bool = False) -> None:
        """*others*: items that are in no table have vectors."""
        self._cells: dict[int, Cells] = {}
        self._blocks: dict[int, list[FloatArray]] = {}
        for table in tables:
            if table.vectors:
                column = table.columns.pop(table.vectors)
                if (blocks := blocks_in(column)) is not None:
                    self._blocks[id(table)] = blocks
                else:
                    self._cells[id(table)] = vectors_in(column)
                for name, other in table.columns.items():  # those that are not taken stay as they are written
                    table.columns[name] = flat(other) if is_list_of_numbers(other) else other
        counts = [(len(block), block.shape[1]) for some in self._blocks.values() for block in some]
        self._length = usual_length(self._cells.values(), counts)
        self._any = others or bool(self._cells or self._blocks)

    def __bool__(self) -> bool:
        """Whether there are any."""
        return self._any

    def of(self, table: Table, rows: Sequence[int]) -> tuple[list[int], FloatArray | None, list[Rejected]]:
        """Return which of the rows, by their places among them, have a vector; these, float32 (m, d); the others.

        A table without any has no row that could be kept.
        """
        blocks, cells = self._blocks.pop(id(table), None), self._cells.pop(id(table), None)
        if blocks is not None:
            return _of_blocks(table, blocks, rows, self._length)
        if cells is None:
            return [], None, [Rejected(table.name, None, UNPLACED)]
        faults = [fault_of(cells[row], self._length) for row in rows]
        kept = [place for place, fault in enumerate(faults) if not fault]
        bad = [table.without(row, fault) for row, fault in zip(rows, faults, strict=True) if fault]
        return kept, stacked([cells[rows[place]] for place in kept], self._length), bad


def blocks_in(column: Any) -> list[FloatArray] | None:
    """Return the pieces of an arrow column of lists of equally many float32, (m, d) each, in its memory.

    None for a column of another type, or with gaps.
    """
    import pyarrow as pa

    kind = column.type
    fixed = pa.types.is_fixed_size_list(kind) and pa.types.is_float32(kind.value_type)
    if not fixed or column.null_count or not 0 < kind.list_size <= MOST_NUMBERS:
        return None
    inner = [chunk.flatten() for chunk in getattr(column, "chunks", [column])]
    if any(one.null_count for one in inner):
        return None
    return [one.to_numpy().reshape(-1, kind.list_size) for one in inner]


def _of_blocks(
    table: Table, blocks: list[FloatArray], rows: Sequence[int], length: int
) -> tuple[list[int], FloatArray | None, list[Rejected]]:
    """Return the same as `Given.of` of pieces: 2 million words are 2.4 GB, and stand in memory hardly twice.

    The last one is let go of first, whose memory an allocator can give back.
    """
    wanted = np.asarray(rows, np.int64)
    ends = np.cumsum([len(block) for block in blocks])
    cuts = np.searchsorted(wanted, [0, *ends])
    good = np.zeros(len(wanted), np.bool_)
    bad: list[Rejected] = []
    for block, end, at, to in zip(blocks, ends, cuts, cuts[1:], strict=False):
        some = _rows_of(block, wanted[at:to] - (end - len(block)))
        if block.shape[1] == length:
            good[at:to] = np.isfinite(some).all(axis=1) & some.any(axis=1)
        for place in np.flatnonzero(~good[at:to]).tolist():
            fault = NO_EDGES if table.graph is not None else fault_of(some[place], length)
            bad.append(table.without(rows[int(at) + place], fault))
    kept = np.flatnonzero(good)
    vectors: FloatArray = np.empty((len(kept), length), np.float32)
    while blocks:
        first, (at, to) = int(ends[len(blocks) - 1]) - len(blocks[-1]), cuts[len(blocks) - 1 : len(blocks) + 1]
        block = blocks.pop()
        own = slice(*np.searchsorted(kept, [at, to]))
        if own.stop > own.start:
            vectors[own] = _rows_of(block, wanted[kept[own]] - first)
    return kept.tolist(), vectors, bad


def _rows_of(block: FloatArray, rows: NDArray[np.int64]) -> FloatArray:
    """Return some rows of a piece, in its memory where they are all."""
    return block if len(rows) == len(block) else block[rows]


def vectors_in(column: Any) -> Cells:
    """Return of each row of an arrow column of lists of numbers, or of texts of such, its vector or why it has none."""
    chunks = getattr(column, "chunks", [column])
    if is_list_of_numbers(column):
        return [cell for chunk in chunks for cell in _in_lists(chunk)]
    return [_in_text(value) for chunk in chunks for value in chunk.to_pylist()]


def usual_length(cells: Iterable[Cells], blocks: Iterable[tuple[int, int]] = ()) -> int:
    """Return how many numbers most vectors have, the fewest of several that are as frequent; 0 where there is none.

    *blocks*: how many vectors there are besides, and of how many numbers.
    """
    counts = Counter(len(cell) for some in cells for cell in some if not isinstance(cell, str))
    for many, numbers in blocks:
        counts[numbers] += many
    return min(counts, key=lambda length: (-counts[length], length), default=0)


def fault_of(cell: FloatArray | str, length: int) -> str:
    """Return why a row cannot be placed by its vector, which is to have so many numbers; "" where it can."""
    if isinstance(cell, str):
        return cell
    if len(cell) != length:
        return f"its vector has {len(cell):,} numbers, most have {length:,}"
    if not np.isfinite(cell).all():
        return NOT_FINITE if np.isnan(cell).any() else TOO_LARGE
    return "" if cell.any() else "its vector is all zeros, and so points nowhere"


def stacked(cells: Sequence[FloatArray | str], length: int) -> FloatArray:
    """Return vectors of one length as float32 (n, length)."""
    made: FloatArray = np.empty((len(cells), length), np.float32)
    for row, cell in enumerate(cells):
        made[row] = cell
    return made


def _holds_vectors(column: Any) -> bool:
    if is_list_of_numbers(column):
        return True
    if not is_strings(column):
        return False
    some = [value for value in column.slice(0, _LOOKED_AT).to_pylist() if value]
    if not some or 2 * sum(_BEGINS.match(value) is not None for value in some) <= len(some):
        return False
    cells = [_in_text(value) for value in some]
    return 2 * sum(not isinstance(cell, str) and len(cell) >= _FEWEST for cell in cells) > len(cells)


def _in_lists(chunk: Any) -> Cells:
    """Return the vectors of an arrow array of lists, which share its memory."""
    import pyarrow as pa
    import pyarrow.compute as pc

    numbers = chunk.flatten()
    gaps = numbers.null_count > 0
    with np.errstate(over="ignore"):
        flat = numbers.cast(pa.float64()).to_numpy(zero_copy_only=False).astype(np.float32)
    there = chunk.is_valid().to_numpy(zero_copy_only=False)
    lengths = np.where(there, pc.list_value_length(chunk).fill_null(0).to_numpy(zero_copy_only=False), 0)
    ends = np.cumsum(lengths)
    holes = np.isnan(flat) if gaps else None
    cells: Cells = []
    for start, end, valid in zip((ends - lengths).tolist(), ends.tolist(), there.tolist(), strict=True):
        if not valid or start == end:
            cells.append(MISSING)
        elif holes is not None and holes[start:end].any():
            cells.append(NOT_FINITE)
        else:
            cells.append(_bounded(flat[start:end]))
    return cells


def _in_text(value: Any) -> FloatArray | str:
    text = value.strip() if isinstance(value, str) else ""
    if not text:
        return MISSING
    if not (text[0] in "[(" and text[-1] in "])"):
        return NO_NUMBERS
    try:
        with np.errstate(over="ignore"):
            found = np.asarray(_parsed(text), np.float64).astype(np.float32)
    except (ValueError, TypeError, OverflowError, RecursionError):
        return NO_NUMBERS
    if found.ndim != 1:
        return NO_NUMBERS
    return _bounded(found) if len(found) else MISSING


def _parsed(text: str) -> list[float]:
    """Return the numbers of a list as JSON has it, as Python or NumPy print it, or with decimal commas."""
    try:
        members = json.loads(text)
    except ValueError:
        inner = text[1:-1].strip()
        return [float(one.replace(",", ".")) for one in inner.split(";")] if ";" in inner else _plain(inner)
    if not all(isinstance(one, int | float) and not isinstance(one, bool) for one in members):
        raise ValueError("it holds something else")
    return list(members)


def _plain(inner: str) -> list[float]:
    return [float(one) for one in _APART.split(inner) if one]


def _bounded(cell: FloatArray) -> FloatArray | str:
    return cell if len(cell) <= MOST_NUMBERS else f"its vector has more than {MOST_NUMBERS:,} numbers"
