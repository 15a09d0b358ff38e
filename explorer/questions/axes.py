"""Tells of an axis between two meanings: colours for the map, the rows at its ends, where clusters stand along it.

It places no row; `sums` does.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from explorer.kinds import which
from explorer.questions import answers
from explorer.questions.chance import Limits
from explorer.questions.exact import mark_same, saying
from explorer.questions.queries import nearest_in_meaning
from explorer.questions.scales import limits, scale
from explorer.questions.sums import BETWEEN, Axis
from explorer.types import NOISE, BoolArray, FloatArray, Run

BINS = 60
_LOOKED_AT = 10
STRIPS = 30
"""Clusters that a strip chart has a line for, at most."""


def is_far(run: Run, end: str, vector: FloatArray, by: Limits) -> bool:
    """Return whether nothing is near to an *end* of an axis, a float32 (d,) *vector*, by the limits of a search."""
    found = nearest_in_meaning(run, vector, k=_LOOKED_AT)
    hits = answers.hits(run, end, found, limits=by, words=end)["hits"]
    return all(hit["weak"] for hit in hits)


def near_to(run: Run, vector: FloatArray, by: Limits) -> BoolArray | None:
    """Return which rows (n,) are near to an end of an axis, a float32 (d,) *vector*, by the limits of a search.

    None where the limits say it of no kind of row.  O(n·d).
    """
    known, items = run.embeddings, run.dataset.items
    scores, near, is_said = known.vectors @ vector, np.zeros(len(items), np.bool_), False
    for name in sorted(run.dataset.modalities):
        rows = np.flatnonzero(known.ok & which(items, lambda kind, name=name: kind.name == name))  # type: ignore[misc]
        level = by.of(name).level(-np.sort(-scores[rows]))
        is_said = is_said or level is not None
        near[rows] = level is None or scores[rows] >= level
    return near if is_said else None


Near = tuple[BoolArray | None, BoolArray | None]


def told(
    run: Run, axis: Axis, *, k: int = 0, far: tuple[bool, bool] = (False, False), near: Near = (None, None)
) -> dict[str, Any]:
    """Return an axis as a column that colours the map, with its `strips`, and *k* rows at its ends as *hits*.

    Of the hits the first half is nearest to *high*, the other nearest to *low*; their *score* is the value.  *at_high*
    says how many are at the high end, *far* of the low and of the high end that no row is near to it, *near* which rows
    are near to each: how many are to either of those *placed* is told, hits that are not near to their end are *weak*.
    """
    order = np.argsort(axis.values, kind="stable")
    order = order[np.isfinite(axis.values[order])]
    half = min(k // 2, len(order) // 2 or k // 2)
    last = order[max(half, len(order) - half) :][::-1] if half else order[:0]
    rows = [*last.tolist(), *order[:half].tolist()]
    values = axis.values[rows].tolist()
    cards = answers.briefs(run, rows)
    hits = [{**card, "score": round(float(value), 6), "weak": False} for card, value in zip(cards, values, strict=True)]
    for at, hit in enumerate(hits):
        end, about = (axis.high, near[1]) if at < len(last) else (axis.low, near[0])
        hit["weak"] = about is not None and not about[rows[at]] and not saying(run.dataset.items[rows[at]], end)
    far_ends = [end for end, is_so in zip((axis.low, axis.high), far, strict=True) if is_so]
    mark_same(hits[: len(last)])
    mark_same(hits[len(last) :])
    query = f"{axis.low} {BETWEEN} {axis.high}"
    told = {**colours(run, axis), "far_ends": far_ends, "at_high": len(last), "placed": len(order)}
    if near[0] is not None and near[1] is not None:
        told["near"] = int(np.count_nonzero(near[0] | near[1]))
    return {"query": query, "hits": hits, "chance": None, "axis": told}


def colours(run: Run, axis: Axis) -> dict[str, Any]:
    """Return an axis as `columns.score` returns what was computed of each row, with `low_end`, `high_end`, `strips`."""
    return {
        "column": f"{axis.low} {BETWEEN} {axis.high}",
        "kind": "number",
        "values": None,
        "title": f"{axis.low} … {axis.high}",
        "meaning": (
            f"Where a row stands between “{axis.low}” (-1) and “{axis.high}” (1) in meaning; 0 is the middle, and most "
            "rows are far from either end."
        ),
        "missing_is": "no vector",
        "low_end": axis.low,
        "high_end": axis.high,
        "strips": strips(run, axis),
        **scale(np.asarray(axis.values, np.float64).copy()),
    }


def strips(run: Run, axis: Axis) -> list[dict[str, Any]]:
    """Return where the rows of each cluster stand along an axis: counts in BINS equal parts of its scale, the median.

    The cluster nearest to the low end first; of many clusters the largest STRIPS.  Values beyond the scale count at
    its ends.
    """
    values, labels = np.asarray(axis.values, np.float64), run.clustering.labels
    low, high = limits(values)
    there = np.isfinite(values) & (labels != NOISE)
    step = (high - low) / BINS or 1.0
    bins = np.clip(((values[there] - low) / step).astype(np.int64), 0, BINS - 1)
    count = run.clustering.count
    table = np.bincount(labels[there] * BINS + bins, minlength=count * BINS).reshape(count, BINS)
    largest = np.argsort(-table.sum(axis=1), kind="stable")[:STRIPS]
    rows = {int(label): values[there & (labels == label)] for label in largest if table[label].any()}
    middles = {label: float(np.median(some)) for label, some in rows.items()}
    return [
        {
            "cluster": label,
            "name": answers.cluster_name(run, label),
            "median": round(middle, 6),
            "at": round((middle - low) / ((high - low) or 1.0), 6),
            "counts": table[label].tolist(),
        }
        for label, middle in sorted(middles.items(), key=lambda pair: (pair[1], pair[0]))
    ]
