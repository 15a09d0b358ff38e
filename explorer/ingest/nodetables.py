"""Joins tables of nodes to the graphs whose edges come with them: by the column that has the nodes' ids.

It reads no files and makes no graph; `edges` does.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from explorer.ingest.columns import texts
from explorer.ingest.nodes import ID, NODE, one_of, table_of_nodes
from explorer.ingest.reader import Table
from explorer.types import NOTE, Choice, Rejected

_LABELS = ("label", "name", "title")
_MOSTLY, _SHOWN = 0.5, 5
"""Which share of a graph's nodes, or of a column's values, has to be named for a table to be of nodes."""


def joined_nodes(tables: Sequence[Table]) -> tuple[list[Table], list[Rejected]]:
    """Return the tables without those of nodes, whose columns the graphs have now, and what of them is not used.

    A node that the table does not have stays, with gaps; a row without edges has no place, and is told.
    """
    graphs = [table for table in tables if table.graph is not None]
    left = [table for table in tables if table.graph is None]
    told: list[Rejected] = []
    if len(graphs) > 1:  # their nodes have places beside each other only as one
        graphs = [_together(graphs)]
    for graph in graphs:
        best = max(((_named(graph, table), table) for table in left), key=lambda one: one[0][0], default=None)
        if best is None or not best[0][0]:
            continue
        (_, column), table = best
        told += _join(graph, table, column)
        left = [other for other in left if other is not table]
    return [*graphs, *left], told


def taken_back(tables: Sequence[Table]) -> tuple[list[Rejected], list[Choice]]:
    """Make tables again of those that are read as graphs only since somebody wants one, which others beside them are.

    “As a graph” is said of all files of an upload, and one of them may be of its nodes.  Returns what was told and what
    could be chosen of these as graphs.
    """
    graphs = [table for table in tables if table.graph is not None]
    wished = [table for table in graphs if table.graph.instead is not None]
    told: list[Rejected] = []
    choices: list[Choice] = []
    for table in wished if len(wished) < len(graphs) else ():
        before = table.graph.instead
        known = {id(one) for one in (*before.rejected, *before.choices)}
        told += [one for one in table.rejected if id(one) not in known]
        choices += [one for one in table.choices if id(one) not in known]
        vars(table).update(vars(before))
    return told, choices


def _together(tables: Sequence[Table]) -> Table:
    """Return the first of several graphs with the nodes and edges of all."""
    first = tables[0]
    made = table_of_nodes(one_of([table.graph for table in tables]))
    first.graph, first.columns, first.records = made.graph, made.columns, made.records
    first.described, first.vectors = made.described, made.vectors
    return first


def _named(graph: Table, table: Table) -> tuple[int, str]:
    """Return how many nodes of a graph a table's best column names, and the column; 0 where it names too few."""
    ids = set(graph.graph.ids)
    found = (0, "")
    for name, column in table.columns.items():
        values = [value.strip() for value in texts(column) if value]
        unlike = set(values)
        there = len(ids & unlike)
        if len(unlike) == len(values) and there >= _MOSTLY * min(len(ids), len(values)) and there > found[0]:
            found = there, name
    return found


def _join(graph: Table, table: Table, column: str) -> list[Rejected]:
    import pyarrow as pa

    ids = list(graph.graph.ids)
    keys = [(value or "").strip() for value in texts(table.columns[column])]
    at = {key: row for row, key in enumerate(keys) if key}
    rows = [at.get(one) for one in ids]
    take = pa.array(rows, pa.int64())
    added = {name: own.take(take) for name, own in table.columns.items() if name != column}
    label = next((name for wanted in _LABELS for name in added if name.strip().lower() == wanted), None)
    if label is not None and column.strip().lower() not in _LABELS:
        said = texts(added.pop(label))
        named = [words if words and words.strip() else one for words, one in zip(said, ids, strict=True)]
        graph.columns = {NODE: pa.array(named, pa.large_string()), ID: pa.array(ids, pa.large_string())} | {
            name: own for name, own in graph.columns.items() if name not in (NODE, ID)
        }
    for name, own in added.items():
        graph.columns[_free(name, graph.columns)] = own
    graph.recognise = table.recognise
    known = set(ids)
    faults = [
        table.without(row, "no edge leads to or from this node") for row, key in enumerate(keys) if key not in known
    ]
    if strange := [one for one, row in zip(ids, rows, strict=True) if row is None]:
        shown = ", ".join(repr(one[:40]) for one in strange[:_SHOWN])
        more = f" and {len(strange) - _SHOWN:,} more" if len(strange) > _SHOWN else ""
        reason = f"edges lead to nodes that {table.name} does not have: {shown}{more}; they are taken by their ids"
        faults.append(Rejected(graph.name, None, reason, what=NOTE))
    return faults


def _free(name: str, taken: Any) -> str:
    return next(
        one for one in (name, *(f"{name} ({number})" for number in range(2, len(taken) + 3))) if one not in taken
    )
