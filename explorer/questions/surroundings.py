"""Tells a row's true neighbours from those that it has on the map: which are far on it, and who is near on it alone.

It draws nothing and judges one row; `faithful` has the figures of the whole map.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from explorer.projection import around_on_map
from explorer.questions.asking import MAX_NEIGHBORS, checked, compared
from explorer.questions.exact import mark_same, saying_the_same
from explorer.types import BoolArray, FloatArray, Hits, Run

_WIDER, _SHARE = 10, 10
_TIE = np.float32(1e-6)
"""Scores closer than rounding are one: which of many copies are among the m nearest is chance."""


@dataclass(frozen=True)
class Surroundings:
    """The k rows nearest to a row in truth, and those nearest to it on the map alone.

    *hits* are the true neighbours, (1, k); *ranks* int64 (k,) says where each stands among the rows nearest on the
    map, 1 the nearest, 0 without a place; *far* bool (k,), which are not among the *near* nearest there.  *only_on_map*
    are rows among the k nearest on the map that are not among the *near* nearest in truth, (1, j), with their true
    scores, nearest on the map first.  *dims* are the map's.
    """

    hits: Hits
    ranks: NDArray[np.int64]
    far: BoolArray
    only_on_map: Hits
    near: int
    dims: int = 2


def near_ranks(n: int, k: int) -> int:
    """Return m = max(k, min(10·k, n / 10)): up to which rank among n rows somebody counts as near."""
    return max(k, min(_WIDER * k, n // _SHARE))


def surroundings_of(
    run: Run, row: int, *, k: int = 10, metric: str | None = None, places: FloatArray | None = None
) -> Surroundings:
    """Return a row's k true neighbours, as `neighbors_of` does, and how the map has kept them.

    *places* are those of another map of the run, float32 (n, 2 or 3); None: the run's own.
    Whether a row that ties with the m-th is among the m nearest in truth is chance; such a row is marked neither way.
    O(n·d), one pass over the vectors and one over the map.  Raises as `neighbors_of`.
    """
    from explorer.neighbors import neighbors_of_row, similarities

    known, xy = run.embeddings, run.projection.xy if places is None else places
    metric = known.usual_metric if metric is None else metric
    checked(run, row, k=k, metric=metric)
    (vectors, codes), ok = compared(known, metric), known.ok
    near = near_ranks(int(np.count_nonzero(ok)), k)
    wide = neighbors_of_row(vectors, row, near + 1, metric=metric, ok=ok, codes=codes)
    found = wide.rows[0] >= 0
    rows, scores = wide.rows[0, found], wide.scores[0, found]
    last, beyond = (scores[at] if len(scores) > at else np.float32(-np.inf) for at in (near - 1, near))
    beside, ranks = around_on_map(xy, row, k, rows[:k])
    true = similarities(vectors, row, beside, metric=metric)
    tie = _TIE * max(np.float32(1), np.abs(scores[:1]).max(initial=0), np.abs(true).max(initial=0))
    alone = ~np.isin(beside, rows[:near]) & (true < last - tie) & ok[beside]
    return Surroundings(
        Hits(rows[None, :k], scores[None, :k]),
        ranks,
        (ranks > near) & (scores[:k] > beyond + tie),
        Hits(beside[None, alone], true[None, alone]),
        near,
        xy.shape[1],
    )


def parted(
    item: Mapping[str, Any], found: Sequence[Mapping[str, Any]]
) -> tuple[list[Mapping[str, Any]], list[dict[str, Any]]]:
    """Return the neighbours that say just what an item says, and the others, of which each text is told once.

    Those that come again have the row of the first as *same_as*.
    """
    said = None if item.get("thumbnail") else item.get("text")
    same, others = list[Mapping[str, Any]](), list[dict[str, Any]]()
    for one in found:
        if said and one.get("text") == said and not one.get("thumbnail"):
            same.append(one)
        else:
            others.append(dict(one))
    mark_same(others)
    return same, others


def with_others(
    asked: Callable[[int, tuple[int, ...]], dict[str, Any]], told: Callable[[], Mapping[str, Any]], k: int
) -> dict[str, Any]:
    """Return the neighbours of an item that is *told*: *k* different texts, none of them its own, if there are so many.

    *asked* gives so many neighbours, without those that say just what some rows say: where copies of a few texts are
    all that is found, the others are looked for.  It is asked before the item is told: what is wrong with the question
    has been said then.  Who is near on the map alone is of the *k* nearest there.  O(n·d) a time, k times at most.
    """
    answer = first = asked(k, ())
    item = told()
    if len(answer["neighbors"]) == k < MAX_NEIGHBORS and _different(item, answer["neighbors"]) < k:
        answer = asked(MAX_NEIGHBORS, ())
    found, full = list(answer["neighbors"]), len(answer["neighbors"]) == max(k, MAX_NEIGHBORS)
    for _ in range(k):
        if not full or _different(item, found) >= k:
            break
        said = {one["text"]: int(one["row"]) for one in (item, *found) if one.get("text") and not one.get("thumbnail")}
        more = asked(MAX_NEIGHBORS, tuple(said.values()))["neighbors"]
        found, full = found + more, len(more) == MAX_NEIGHBORS
    beside = {one["row"] for one in first["only_on_map"]}
    alone = [one for one in answer["only_on_map"] if one["row"] in beside]
    return {**answer, "neighbors": _as_many(item, found, k), "only_on_map": alone}


def without_copies(run: Run, row: int, rows: Sequence[int]) -> Run:
    """Return a run in which texts that say just what these *rows* say have no vector; the *row* asked about has. O(n).

    Without *rows* the run as it is.
    """
    if not rows:
        return run
    ok = run.embeddings.ok & ~saying_the_same(run.dataset.items, rows)
    ok[row] = run.embeddings.ok[row]
    return replace(run, embeddings=replace(run.embeddings, ok=ok))


def _different(item: Mapping[str, Any], found: Sequence[Mapping[str, Any]]) -> int:
    return sum("same_as" not in one for one in parted(item, found)[1])


def _as_many(item: Mapping[str, Any], found: Sequence[Mapping[str, Any]], k: int) -> list[Mapping[str, Any]]:
    """Return the neighbours of an item without those that say what neither it nor the first *k* other texts say."""
    others = parted(item, found)[1]
    kept = {int(one["row"]) for one in [one for one in others if "same_as" not in one][:k]}
    beyond = {int(one["row"]) for one in others if int(one.get("same_as", one["row"])) not in kept}
    return [one for one in found if int(one["row"]) not in beyond]
