"""The columns in which the nodes of a graph have their edges, and how these are written in a cell.

Nothing is read or drawn here.
"""

from __future__ import annotations

import json
from typing import Any

LINKS, LINKS_TO, LINKED_FROM = "links", "links to", "linked from"
"""Whom a node's edges join it with; where they are directed, whom they lead to and whom they come from."""
WEIGHT, EDGES = "weight", "edges"
"""Members of what a cell says of a node where edges have columns of their own: the sum of weights, and each edge."""


def linked(cell: object) -> dict[str, float]:
    """Return the ids of the nodes that a cell names, with the weight of the edge to each; none where it names none."""
    found = _members(cell)
    if isinstance(found, list):
        return {name: 1.0 for name in found if isinstance(name, str)}
    told = {one: said.get(WEIGHT, 1.0) if isinstance(said, dict) else said for one, said in found.items()}
    return {one: float(weight) for one, weight in told.items() if isinstance(weight, int | float)}


def told_edges(cell: object) -> dict[str, list[dict[str, str]]]:
    """Return what a cell says of the edges to each node, an edge a member: its columns; none where it says nothing."""
    found = _members(cell)
    if isinstance(found, list):
        return {}
    listed = {one: said.get(EDGES) for one, said in found.items() if isinstance(said, dict)}
    return {
        one: [{str(name): str(value) for name, value in edge.items()} for edge in edges if isinstance(edge, dict)]
        for one, edges in listed.items()
        if isinstance(edges, list)
    }


def _members(cell: object) -> list[Any] | dict[str, Any]:
    if not isinstance(cell, str) or cell[:1] not in "[{":
        return []
    try:
        found = json.loads(cell)
    except (ValueError, RecursionError):
        return []
    return found if isinstance(found, list | dict) else []
