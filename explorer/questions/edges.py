"""Finds the rows that a node of a graph has edges with, as its table has them.

It reads no graph: `ingest` made the columns.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from explorer.columns import LINKED_FROM, LINKS, LINKS_TO, linked, told_edges
from explorer.types import NAME, Run, cut

MOST = 200
"""Edges of a node that are told, the heaviest first."""
_TOLD = 10
"""Edges between the same two nodes of which is told what the file says of them."""
_ID = "id"
_WAYS = {LINKS: "both", LINKS_TO: "to", LINKED_FROM: "from"}


@dataclass(frozen=True)
class Edge:
    """An edge of a row: the other *row*, its *weight*, and whether it leads "to" that row, "from" it, or "both".

    *told*: what the file says of it, by column; of several edges between the two of each.
    """

    row: int
    weight: float
    way: str
    told: tuple[Mapping[str, str], ...] = ()


def is_graph(run: Run) -> bool:
    """Whether the rows of a run are nodes of a graph."""
    return any(name in run.dataset.table.columns for name in _WAYS)


def edges_of(run: Run, row: int) -> tuple[list[Edge], int] | None:
    """Return the edges of a row, the heaviest first and no more than `MOST`, and how many there are.

    None where the dataset is no graph.  Nodes that are not among its rows are left out.  O(n).
    """
    table = run.dataset.table
    columns = [name for name in _WAYS if name in table.columns]
    if not columns:
        return None
    found: dict[str, tuple[float, str]] = {}
    for name in columns:
        for other, weight in linked(table[name].iloc[row]).items():
            known = found.get(other)
            way = _WAYS[name] if known is None or known[1] == _WAYS[name] else "both"
            found[other] = (weight + (known[0] if known else 0.0), way)
    if not found:
        return [], 0
    rows = _rows_of(run, found)
    edges = sorted(
        (Edge(rows[one], *told) for one, told in found.items() if one in rows and rows[one] != row),
        key=lambda e: (-e.weight, e.row),
    )
    return _with_told(run, row, edges[:MOST]), len(edges)


def _with_told(run: Run, row: int, edges: Sequence[Edge]) -> list[Edge]:
    """Return the edges with what is said of each, which stands with the node that it leads from."""
    table = run.dataset.table
    column = table[LINKS if LINKS in table.columns else LINKS_TO]
    named, own = _id(run, row), told_edges(column.iloc[row])
    made = []
    for edge in edges:
        said = own.get(_id(run, edge.row), []) if edge.way != "from" else []
        if column.name == LINKS_TO and edge.way != "to":
            said = [*said, *told_edges(column.iloc[edge.row]).get(named, [])]
        made.append(replace(edge, told=tuple(one for one in said if one)))
    return made


def _id(run: Run, row: int) -> str:
    table = run.dataset.table
    return str(table[_ID].iloc[row] if _ID in table.columns else run.dataset.items[row])


def _rows_of(run: Run, wanted: Mapping[str, object]) -> dict[str, int]:
    """Return the row of each of the ids that are there; of one that is there twice the first."""
    table = run.dataset.table
    ids: Sequence[object] = table[_ID].tolist() if _ID in table.columns else run.dataset.items
    rows: dict[str, int] = {}
    for at, one in enumerate(ids):
        said = str(one)
        if said in wanted:
            rows.setdefault(said, at)
    return rows


def said_of(edge: Edge) -> dict[str, Any]:
    """Return what the file says of an edge, or of the first of those between the same two, and how many these are."""
    told = [{name: cut(value, NAME) for name, value in one.items()} for one in edge.told[:_TOLD]]
    return {"told": told, "told_in_all": len(edge.told)} if told else {}
