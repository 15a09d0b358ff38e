"""Tells a row's true neighbours from those that it has on the map: which are far on it, and who is near on it alone.

It draws nothing and judges one row; `faithful` has the figures of the whole map.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from explorer.projection import around_on_map
from explorer.questions.asking import checked, compared
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
