"""The columns in which the nodes of a graph have their edges, and how these are written in a cell.

Nothing is read or drawn here.
"""

from __future__ import annotations

import json

LINKS, LINKS_TO, LINKED_FROM = "links", "links to", "linked from"
"""Whom a node's edges join it with; where they are directed, whom they lead to and whom they come from."""


def linked(cell: object) -> dict[str, float]:
    """Return the ids of the nodes that a cell names, with the weight of the edge to each; none where it names none."""
    if not isinstance(cell, str) or cell[:1] not in "[{":
        return {}
    try:
        found = json.loads(cell)
    except (ValueError, RecursionError):
        return {}
    if isinstance(found, list):
        return {one: 1.0 for one in found if isinstance(one, str)}
    numbers = (int, float)
    return {one: float(weight) for one, weight in found.items() if isinstance(weight, numbers)}
