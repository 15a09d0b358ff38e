"""Tells which tables are lists of edges, and reads the nodes of such: source and target, perhaps a weight.

What is made of the nodes, `nodes` says.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from explorer.errors import BadChoice
from explorer.ingest.choosing import chosen, impossible
from explorer.ingest.columns import texts
from explorer.ingest.nodes import Graph, numbered, table_of_nodes
from explorer.ingest.reader import Source, Table
from explorer.ingest.textcolumn import rank
from explorer.types import Choice

AS, TABLE_OF, GRAPH_OF = "as", "table", "graph"
FROM, TO, WEIGHT, EDGES = "edges from", "edges to", "weight", "edges"
DIRECTED, UNDIRECTED, NO_WEIGHT = "directed", "undirected", "none"
CHOICES = (AS, FROM, TO, WEIGHT, EDGES)
_PAIRS = (
    ("source", "target"), ("from", "to"), ("src", "dst"), ("src", "dest"), ("src", "tgt"), ("source", "destination"),
    ("source_id", "target_id"), ("from_id", "to_id"), ("sourceid", "targetid"), ("fromid", "toid"),
    ("from_node", "to_node"),
    ("fromnodeid", "tonodeid"), ("node1", "node2"), ("node_1", "node_2"), ("head", "tail"), ("follower", "followee"),
    ("id1", "id2"), ("id_1", "id_2"),
)  # fmt: skip
_WEIGHTS = ("weight", "weights", "w", "strength", "count", "value", "freq", "frequency")
_KIND = "type"
"""The column by which Gephi says whether an edge is directed."""
_KINDS = 0.1
"""A column beside of whose values no more are different says of which kind edges are: it is no text."""
_REPEATED, _LONGEST, _OTHERS, _LOOKED_AT, _FEWEST = 0.75, 60, 3, 20_000, 3
"""Of a list of edges: different ends as a share of all, letters of one, columns beside, rows looked at, rows."""


def with_graph(table: Table, source: Source, *, whole: bool = True) -> Table:
    """Return the nodes of a table that is a list of edges, or the table with the choice to read it so.

    It is surely one where the names of two columns say so, their values come again and again, and no other column
    reads like text.  *whole*: vectors are made; they need all edges.  Raises BadChoice.
    """
    if table.pictures or table.only_vectors or table.words or any(choice.name == AS for choice in table.choices):
        return table
    asked = source.choices.get(AS, "")
    ends = _named_ends(table)
    if (ends is None and asked != GRAPH_OF) or len(table.columns) < 2:
        return table
    sure = ends is not None and _are_edges(table, ends)
    options = ((TABLE_OF, "a table: a row is an item"), (GRAPH_OF, "a graph: a row is an edge, its ends are the items"))
    why = f"{ends[0]} and {ends[1]} are the ends of edges" if sure and ends else ""
    way = chosen(source, Choice(AS, "Read as", GRAPH_OF if sure else TABLE_OF, options, why=why))
    if way.value != GRAPH_OF:
        table.choices = (*table.choices, way)
        return table
    graph, choices = _graph(table, source, ends)
    made = table_of_nodes(graph, vectors=whole)
    made.choices = (*table.choices, way, *choices)
    return made


def _named_ends(table: Table) -> tuple[str, str] | None:
    known = {name.strip().lower().replace(" ", "_"): name for name in table.columns}
    return next(((known[one], known[other]) for one, other in _PAIRS if one in known and other in known), None)


def _are_edges(table: Table, ends: tuple[str, str]) -> bool:
    some = [[value for value in texts(table.columns[name].slice(0, _LOOKED_AT)) if value] for name in ends]
    count = sum(map(len, some))
    unlike = {value for values in some for value in values}
    if len(table) < _FEWEST or len(unlike) > _REPEATED * count or any(len(value) > _LONGEST for value in unlike):
        return False
    others = {
        name: values
        for name, values in table.sample().items()
        if name not in ends and len(set(values)) > _KINDS * len(values)
    }
    return len(table.columns) <= 2 + _OTHERS and not rank(others)


def _graph(table: Table, source: Source, ends: tuple[str, str] | None) -> tuple[Graph, tuple[Choice, ...]]:
    """Return the graph of a list of edges; the ends and the weight are those that were asked for, or are called so."""
    names = list(table.columns)
    first, second = ends or (names[0], names[1])
    columns = tuple((name, f"the column {name}") for name in names)
    one = chosen(source, Choice(FROM, "An edge leads from", first, columns))
    other = chosen(source, Choice(TO, "An edge leads to", second, columns))
    if one.value == other.value:
        raise BadChoice(impossible(source.name, TO, other.value, [name for name in names if name != one.value]))
    left = [name for name in names if name not in (one.value, other.value)]
    called = next((name for name in left if name.strip().lower() in _WEIGHTS), NO_WEIGHT)
    options = ((NO_WEIGHT, "all edges count alike"), *((name, f"the column {name}") for name in left))
    weight = chosen(source, Choice(WEIGHT, "Weight of an edge", called, options))
    kind = next((name for name in left if name.strip().lower() == _KIND), None)
    kinds = {str(value).strip().lower() for value in texts(table.columns[kind]) if value} if kind else set()
    ways = ((DIRECTED, "lead from one to the other"), (UNDIRECTED, "lead both ways"))
    way = chosen(source, Choice(EDGES, "Edges", UNDIRECTED if kinds == {UNDIRECTED} else DIRECTED, ways))
    weights = None if weight.value == NO_WEIGHT else texts(table.columns[weight.value])
    graph = _read(table, texts(table.columns[one.value]), texts(table.columns[other.value]), weights)
    return replace(graph, directed=way.value == DIRECTED), (one, other, weight, way)


def _read(
    table: Table, sources: Sequence[str | None], targets: Sequence[str | None], weights: Sequence[str | None] | None
) -> Graph:
    ends: list[str] = []
    kept: list[float] = []
    rejected = list(table.rejected)
    for row, (source, target) in enumerate(zip(sources, targets, strict=True)):
        one, other = (source or "").strip(), (target or "").strip()
        weight, fault = (1.0, "") if weights is None else weight_of(weights[row])
        if not one or not other:
            fault = f"the edge names no node that it leads {'from' if not one else 'to'}"
        if fault:
            rejected.append(table.without(row, fault))
            continue
        ends += (one, other)
        kept.append(weight)
    ids, rows = numbered(ends)
    heavy = None if weights is None else np.array(kept, np.float64)
    return Graph(table.name, ids, rows[::2], rows[1::2], heavy, rejected=rejected)


def weight_of(value: Any) -> tuple[float, str]:
    """Return the weight of an edge, and why it is none."""
    said = str(value).strip() if value is not None else ""
    if not said:
        return 0.0, "the edge has no weight"
    try:
        weight = float(said.replace(",", ".") if said.count(",") == 1 and "." not in said else said)
    except ValueError:
        return 0.0, f"its weight, “{said[:40]}”, is no number"
    if not math.isfinite(weight) or weight <= 0:
        return 0.0, f"its weight is {said[:40]}; an edge has one above zero"
    return weight, ""
