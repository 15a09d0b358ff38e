"""The rows that have a vector, in an order made of what they hold, and what is computed of them among all rows.

It computes nothing of them; the stages do.
"""

from __future__ import annotations

import dataclasses
import time
from typing import Any

import numpy as np
from numpy.typing import NDArray

from explorer.embedding import FAILED, by_content
from explorer.errors import TooFewRows
from explorer.types import Embeddings, FloatArray, KnnGraph
from explorer.workspace import Stored

Rows = NDArray[np.int32]


def usable(embedded: Stored) -> Rows:
    """Return the rows that have a vector, in an order made of what the items hold.

    Everything is computed in this order, so that a map and its clusters are the same in whatever order the rows came.
    """
    order = by_content(np.asarray(embedded.arrays["hashes"]))
    at: Rows = order[np.asarray(embedded.arrays["state"])[order] != FAILED].astype(np.int32)
    if not len(at):
        raise TooFewRows(f"none of the {len(order):,} items could be encoded; look at the list of faults.")
    return at


def compact(embeddings: Embeddings, graph: KnnGraph, at: Rows) -> tuple[FloatArray, KnnGraph]:
    """Return what is compared and the graph of the usable rows alone, in their order and renumbered."""
    number = np.full(embeddings.n, -1, np.int32)
    number[at] = np.arange(len(at), dtype=np.int32)
    rows = number[graph.rows[at]]
    return embeddings.compared()[at], dataclasses.replace(graph, rows=rows, distances=graph.distances[at])


def spread_rows(points: FloatArray, at: Rows, n: int) -> FloatArray:
    """Return the points or values of the usable rows among those of all n, nan elsewhere."""
    spread = np.full((n, *points.shape[1:]), np.nan, np.float32)
    spread[at] = points
    return spread


def all_rows(values: np.ndarray[Any, Any], at: Rows, n: int, rest: float) -> np.ndarray[Any, Any]:
    """Return the values (…, m) of the rows *at* spread over all n rows, *rest* elsewhere."""
    spread = np.full((*values.shape[:-1], n), rest, values.dtype)
    spread[..., at] = values
    return spread


def since(began: float) -> float:
    """Return the seconds since a moment of the monotonic clock."""
    return round(time.monotonic() - began, 3)
