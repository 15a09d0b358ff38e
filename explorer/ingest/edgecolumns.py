"""Keeps what a file says of edges: beside each node's edges as it is written, and summed up in columns of the nodes.

It reads no files and knows no table: `nodes` does.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from explorer.columns import DATE, EDGES, NUMBER, WEIGHT, read
from explorer.ingest.columns import texts

_KINDS = 0.5
"""Of a column of edges: different values as a share of all, up to which the most frequent one of a node's says much."""


def edge_cells(
    ids: Sequence[str],
    ends: tuple[NDArray[np.int64], NDArray[np.int64]],
    weights: NDArray[np.float64] | None,
    told: Mapping[str, Any],
    *,
    both: bool,
) -> list[str | None]:
    """Return of each node its edges as JSON, those to the heaviest first, with what is said of each edge.

    An object by the other node's id: the sum of the weights, if there are such, and a member for every edge with the
    texts of its columns that are not empty.  *both*: an edge stands with both of its ends, else with the one that it
    leads from; one to the node itself is told as well.
    """
    columns = {name: texts(column) for name, column in told.items()}
    heavy = [1.0] * len(ends[0]) if weights is None else weights.tolist()
    found: list[dict[int, _Joined]] = [{} for _ in ids]
    for at, (one, other) in enumerate(zip(ends[0].tolist(), ends[1].tolist(), strict=True)):
        said = {name: value for name, values in columns.items() if (value := values[at])}
        for own, to in ((one, other), (other, one)) if both and one != other else ((one, other),):
            joined = found[own].setdefault(to, _Joined())
            joined.weight += heavy[at]
            joined.edges.append(said)
    return [_cell(ids, own, weighted=weights is not None) for own in found]


@dataclass
class _Joined:
    """The edges between two nodes."""

    weight: float = 0.0
    edges: list[dict[str, str]] = field(default_factory=list)


def _cell(ids: Sequence[str], own: Mapping[int, _Joined], *, weighted: bool) -> str | None:
    order = sorted(own, key=lambda to: -own[to].weight)
    told = {ids[to]: {**({WEIGHT: short(own[to].weight)} if weighted else {}), EDGES: own[to].edges} for to in order}
    return json.dumps(told, ensure_ascii=False) if told else None


def short(weight: float) -> float | int:
    """Return a weight as it is written: a whole number without a point."""
    return int(weight) if weight == int(weight) and abs(weight) < 2**53 else weight


def edge_summaries(
    n: int, ends: tuple[NDArray[np.int64], NDArray[np.int64]], told: Mapping[str, Any]
) -> tuple[dict[str, Any], dict[str, str]]:
    """Return columns of the n nodes that sum up what is said of their edges both ways; and what these are.

    Of numbers the sum and the mean, of dates the first and the last, of kinds the most frequent; of anything else, and
    of what is the same everywhere, nothing.
    """
    own = np.concatenate([ends[0], ends[1][ends[0] != ends[1]]])
    rows = np.concatenate([np.arange(len(ends[0])), np.flatnonzero(ends[0] != ends[1])])
    order = np.argsort(own, kind="stable")
    own, rows = own[order], rows[order]
    columns: dict[str, Any] = {}
    described: dict[str, str] = {}
    for name, column in told.items():
        for title, (made, about) in _summed(n, own, rows, name, texts(column)).items():
            columns[title], described[title] = made, about
    return columns, described


def _summed(
    n: int, own: NDArray[np.int64], rows: NDArray[np.int64], name: str, values: Sequence[str | None]
) -> dict[str, tuple[Any, str]]:
    import pandas as pd
    import pyarrow as pa

    there = {value for value in values if value}
    if len(there) < 2:
        return {}
    seen = read(pd.Series(values, dtype="object"), name)
    if seen.numbers is not None and seen.reading.kind == NUMBER:
        numbers = seen.numbers[rows]
        good = np.isfinite(numbers)
        counts = np.bincount(own[good], minlength=n)
        sums = np.bincount(own[good], numbers[good], n)
        means = np.divide(sums, counts, out=np.full(n, np.nan), where=counts > 0)
        lacking = counts == 0
        return {
            f"{name} (sum)": (pa.array(sums, mask=lacking), f"{name} of the node's edges, summed"),
            f"{name} (mean)": (pa.array(means, mask=lacking), f"{name} of the node's edges, their mean"),
        }
    if seen.numbers is not None and seen.reading.kind == DATE:
        first, last = _extremes(n, own, rows, seen.numbers)
        written = [[values[at] if at >= 0 else None for at in some] for some in (first, last)]
        return {
            f"{name} ({which})": (pa.array(cells, pa.large_string()), f"the {which} {name} of the node's edges")
            for which, cells in zip(("first", "last"), written, strict=True)
        }
    if len(there) > _KINDS * sum(value is not None for value in values):
        return {}
    usual = pa.array(_most_frequent(n, own, rows, values), pa.large_string())
    return {f"{name} (most frequent)": (usual, f"the {name} that most of the node's edges have")}


def _extremes(
    n: int, own: NDArray[np.int64], rows: NDArray[np.int64], moments: NDArray[np.float64]
) -> tuple[list[int], list[int]]:
    """Return of each node the edge with the first and with the last moment; -1 where none has one."""
    good = np.isfinite(moments[rows])
    own, rows = own[good], rows[good]
    order = np.lexsort((moments[rows], own))
    own, rows = own[order], rows[order]
    found = [[-1] * n, [-1] * n]
    nodes, starts = np.unique(own, return_index=True)
    ends = [*starts[1:].tolist(), len(own)]
    for node, start, end in zip(nodes.tolist(), starts.tolist(), ends, strict=True):
        found[0][node], found[1][node] = int(rows[start]), int(rows[end - 1])
    return found[0], found[1]


def _most_frequent(
    n: int, own: NDArray[np.int64], rows: NDArray[np.int64], values: Sequence[str | None]
) -> list[str | None]:
    counts: list[Counter[str]] = [Counter() for _ in range(n)]
    for node, at in zip(own.tolist(), rows.tolist(), strict=True):
        if value := values[at]:
            counts[node][value] += 1
    return [max(one.items(), key=lambda pair: pair[1])[0] if one else None for one in counts]
