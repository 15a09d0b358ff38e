"""Says in a sentence why nothing of what was given is usable, and the cure.

It decides nothing: `loading` does.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import isfinite

from explorer.errors import NothingUsable
from explorer.ingest.columns import is_strings
from explorer.ingest.edges import AS
from explorer.ingest.reader import NO_RESULT, Table, listed
from explorer.types import ABOVE, BELOW, COLUMN, FOOT, NOTE, PART, SHEET, Rejected, capitalized

VECTORS = (
    "it holds vectors, which are read as they are from a column of a table alone ([0.1, 0.2, …] beside the texts); "
    "add such a column, or load the texts or pictures that they stand for, such as the metadata.tsv beside it, and "
    "they are embedded here"
)
GRAPH = "Or, if each row is an edge between two things, read it as a graph"
_FEWEST, _LOOKED_AT, _LONGEST_NUMBER = 8, 50, 40
"""Columns that vectors have at least, rows by which they are known, characters of a number."""
_NOTES, _NAMED = frozenset((ABOVE, BELOW, COLUMN, FOOT, NOTE, PART)), 3
"""What is said of a file rather than of a row in it, and how many reasons are named."""


def no_column(table: Table, asked: Sequence[str]) -> str:
    """Return why a table has no text: not the columns that were asked for, or none that reads like one."""
    if not asked and holds_vectors(table):
        return VECTORS
    missing = f"it has no column {' or '.join(map(repr, asked))}" if asked else "no column reads like text"
    return f"{missing}; its columns are {listed(table.columns)}"


def holds_vectors(table: Table) -> bool:
    """Whether all columns of a table, and many, are broken numbers, as in a file of vectors."""
    import pyarrow as pa

    columns = list(table.columns.values())
    if not all(is_strings(column) or pa.types.is_floating(column.type) for column in columns):
        return False
    first = [column.slice(0, _LOOKED_AT).to_pylist() for column in columns]
    return len(first) >= _FEWEST and all(column and all(map(_is_broken, column)) for column in first)


def _is_broken(value: object) -> bool:
    if not isinstance(value, str | float) or len(str(value)) > _LONGEST_NUMBER:
        return False
    try:
        return isfinite(float(value))
    except ValueError:
        return False


def no_text(title: str, tables: Sequence[Table]) -> NothingUsable:
    """Return the error that says why tables without a column of text are of no use."""
    if all(holds_vectors(table) for table in tables):
        return NothingUsable(f"{title} holds nothing but vectors: {VECTORS}.")
    names = listed(dict.fromkeys(name for table in tables for name in table.columns))
    said = f"no column of {title} reads like text; its columns are {names}."
    told = [fault for table in tables for fault in table.rejected if NO_RESULT in fault.reason or fault.what == SHEET]
    more = next((fault.reason for fault in sorted(told, key=lambda fault: fault.what == SHEET)), "")
    cure = f"{capitalized(more)}." if more else ""
    by_name = "Add a column of text, or name the one to read (on the command line with --text)."
    graph = "" if cure or not any(choice.name == AS for table in tables for choice in table.choices) else GRAPH
    error = NothingUsable(f"{said} {cure or by_name}{graph and f' {graph} (--read as=graph).'}")
    error.on_page = f"{said} {cure or 'Add a column of text, and load it again.'}{graph and f' {graph}.'}"
    return error


def nothing(title: str, rejected: Sequence[Rejected]) -> str:
    """Return why nothing can be made of what was given."""
    if not rejected:
        return f"there is nothing to read in {title}. Add files of a type that is read, such as .csv, .txt or .jpg."
    told = sorted(rejected, key=lambda fault: fault.what in _NOTES)  # what is no row is told where there is no other
    first = _joined([_said(fault, title) for fault in told[:_NAMED]])
    more = f"; and {len(rejected) - _NAMED:,} more" if len(rejected) > _NAMED else ""
    undecoded = all(fault.reason.startswith("it cannot be decoded") for fault in rejected)
    cure = "Save it as UTF-8, or choose its encoding" if undecoded else "Correct the file, or load another one"
    return f"nothing in {title} is usable: {first}{more}. {cure}."


def _joined(reasons: Sequence[str]) -> str:
    """Return the reasons one after the other, what all of them end with once."""
    heads, ends = zip(*(reason.partition("; ")[::2] for reason in reasons), strict=True)
    return "; ".join([*heads, ends[0]] if len(set(ends)) == 1 and ends[0] else reasons)


def _said(fault: Rejected, title: str) -> str:
    """Return why something is not used, and where it is, without the file's name where that was said."""
    where = ", ".join(filter(None, ("" if fault.source == title else fault.source, fault.where)))
    return f"{where}: {fault.reason.rstrip('.')}" if where else fault.reason.rstrip(".")
