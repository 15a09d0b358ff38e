"""Reads the nodes of a table that is a list of edges: source and target, perhaps a weight, and what else it says.

Which tables are such, `edgetables` says; what is made of the nodes, `nodes`.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from explorer.columns import NUMBER, read
from explorer.errors import BadChoice
from explorer.ingest.choosing import chosen, impossible
from explorer.ingest.columns import texts
from explorer.ingest.edgetables import (
    LOOKED_AT,
    WEIGHTS,
    Judged,
    judged,
    judged_unnamed,
    leads,
    may_be_alike,
    named_ends,
    unnamed_ends,
)
from explorer.ingest.nodenames import trimmed
from explorer.ingest.nodes import Graph, numbered, table_of_nodes
from explorer.ingest.reader import Source, Table
from explorer.types import Choice

AS, TABLE_OF, GRAPH_OF = "as", "table", "graph"
FROM, TO, WEIGHT, EDGES = "edges from", "edges to", "weight", "edges"
DIRECTED, UNDIRECTED, NO_WEIGHT = "directed", "undirected", "none"
CHOICES = (AS, FROM, TO, WEIGHT, EDGES)
_KIND = "type"
"""The column by which Gephi says whether an edge is directed."""


def with_graph(table: Table, source: Source, longer: Callable[[int], Table] | None = None) -> Table:
    """Return the nodes of a table that is a list of edges, or the table with the choice to read it so.

    `edgetables` says when it is one.  *longer* reads so many rows of a table of which only the first ones are here: a
    preview and what is loaded then are judged by the same.  Raises BadChoice.
    """
    if table.pictures or table.only_vectors or table.words or any(choice.name == AS for choice in table.choices):
        return table
    asked = source.choices.get(AS, "")
    ends = named_ends(table)
    named = ends is not None
    if not named and asked != GRAPH_OF:
        ends = unnamed_ends(table)
    judging = ends is not None or (asked != GRAPH_OF and may_be_alike(table))
    seen = longer(LOOKED_AT) if longer is not None and judging and not asked else table
    if not named and seen is not table:
        ends = unnamed_ends(seen)
    if (ends is None and asked != GRAPH_OF) or len(table.columns) < 2:
        return table
    found: Judged | None = Judged(is_graph=False)
    if ends is not None:
        found = judged(seen, ends) if named else judged_unnamed(seen, ends)
    if found is None:
        return table
    options = ((TABLE_OF, "a table: a row is an item"), (GRAPH_OF, "a graph: a row is an edge, its ends are the items"))
    best = GRAPH_OF if found.is_graph else TABLE_OF
    way = chosen(source, Choice(AS, "Read as", best, options, sure=found.sure, why=found.why))
    if way.value != GRAPH_OF:
        table.choices = (*table.choices, way)
        return table
    graph, choices = _graph(table, source, ends)
    graph.instead = table if ends is None and not {FROM, TO} & set(source.choices) else None
    made = table_of_nodes(graph)
    made.choices = (*table.choices, way, *choices)
    return made


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
    called = next((name for name in left if name.strip().lower() in WEIGHTS), NO_WEIGHT)
    options = ((NO_WEIGHT, "all edges count alike"), *((name, f"the column {name}") for name in left))
    sole = _sole_amounts(table, left) if called == NO_WEIGHT else ""
    why = f"{sole} is the one column of amounts; choose it where edges count by it" if sole else ""
    weight = chosen(source, Choice(WEIGHT, "Weight of an edge", called, options, sure=not sole, why=why))
    kind = next((name for name in left if name.strip().lower() == _KIND), None)
    kinds = {str(value).strip().lower() for value in texts(table.columns[kind]) if value} if kind else set()
    ways = ((DIRECTED, "lead from one to the other"), (UNDIRECTED, "lead both ways"))
    both = kinds == {UNDIRECTED} or (DIRECTED not in kinds and not leads((one.value, other.value)))
    way = chosen(source, Choice(EDGES, "Edges", UNDIRECTED if both else DIRECTED, ways))
    weights = None if weight.value == NO_WEIGHT else texts(table.columns[weight.value])
    graph = _read(table, texts(table.columns[one.value]), texts(table.columns[other.value]), weights)
    used = {weight.value, *([kind] if kind and kinds <= {DIRECTED, UNDIRECTED} and len(kinds) < 2 else ())}
    told = {name: table.columns[name].take(graph.rows) for name in left if name not in used}
    return replace(graph, directed=way.value == DIRECTED, told=told), (one, other, weight, way)


def _sole_amounts(table: Table, names: Sequence[str]) -> str:
    """Return the one column that may be how much edges count: amounts above zero, some of them alike; "" without."""
    found = [name for name in names if _are_weights([value or "" for value in texts(_first(table, name))])]
    return found[0] if len(found) == 1 else ""


def _first(table: Table, name: str) -> Any:
    return table.columns[name].slice(0, LOOKED_AT)


def _are_weights(values: Sequence[str]) -> bool:
    """Whether all values can be weights that differ, and are neither dates nor numbers of rows."""
    unlike = set(values)
    if not 1 < len(unlike) < len(values) or any(weight_of(value)[1] for value in unlike):
        return False
    import pandas as pd

    return read(pd.Series(sorted(unlike), dtype="object")).reading.kind == NUMBER


def _read(
    table: Table, sources: Sequence[str | None], targets: Sequence[str | None], weights: Sequence[str | None] | None
) -> Graph:
    """Return the nodes and the edges of a table, without what is said of these, and the *rows* that they stand in."""
    ends: list[str] = []
    kept: list[float] = []
    rows: list[int] = []
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
        rows.append(row)
    rejected += trimmed([*sources, *targets], table.name)
    ids, places = numbered(ends)
    heavy = None if weights is None else np.array(kept, np.float64)
    return Graph(table.name, ids, places[::2], places[1::2], heavy, rejected=rejected, rows=np.array(rows, np.int64))


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
