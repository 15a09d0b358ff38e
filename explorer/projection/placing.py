"""Places new rows on a map that is there: each among the neighbours that it has, while every other row stays.

It finds no neighbours and lays nothing out anew (`maps` does); how well rows stand, `faithful` measures.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from explorer.config import ProjectConfig
from explorer.projection.layout import FINE_TURNS, epochs
from explorer.projection.maps import COPY_SPACING, curve, measured
from explorer.types import BoolArray, FloatArray, KnnGraph, Progress, Projection, Report, silent

EPOCHS = 100
"""Of new rows' nearest 95 % as many are near as on a map laid out anew; see docs/measurements.md."""
_ROUNDS = 30
"""How far a row may be, from neighbour to neighbour, from the nearest that has a place."""
_SAME = 1e-6
"""Distance up to which a row is a copy of another one."""
_GOLDEN = 2.399963


def place(
    vectors: FloatArray,
    xy: FloatArray,
    held: BoolArray,
    knn: KnnGraph,
    edges: Any,
    *,
    config: ProjectConfig,
    method: str,
    progress: Report = silent,
) -> Projection:
    """Return the map of float32 (n, d) vectors on which the rows that are *held* stay, and how faithful it is.

    *xy* float32 (n, 2 or 3) has the places that are held, which were made by *method*; see `places`.
    """
    told: dict[str, Any] = {"min_dist": config.min_dist, "seed": config.seed or 0, "progress": progress}
    return measured(vectors, places(xy, held, knn, edges, **told), knn, method)


def places(
    xy: FloatArray,
    held: BoolArray,
    knn: KnnGraph,
    edges: Any,
    *,
    min_dist: float,
    seed: int = 0,
    count: int = EPOCHS,
    progress: Report = silent,
) -> FloatArray:
    """Return float32 (n, 2 or 3) places: those of the rows *held* to the last bit, and one for every other row.

    *xy* (n, 2 or 3) has the places that are held, *edges* is `fuzzy_graph` of the neighbours, None for too few rows.  A
    new row starts at the mean of its neighbours that have a place, by their weights, and is then pulled and pushed as
    UMAP does it, by new and old rows alike; one that is a copy of an old row stands beside it.  O(edges of new rows)
    an epoch.
    Source: McInnes, Healy & Melville 2018, UMAP; umap-learn's `transform` starts and moves new rows likewise.
    """
    made, new = np.array(xy, np.float32, order="C"), np.flatnonzero(~held)
    if not len(new) or not held.any():
        return made
    weights = weights_of(knn, edges)
    copies = _copies(knn, held, new)
    made[new] = _starts(made, held, weights, new)
    if edges is not None and count:
        made = _moved(made, weights, np.setdiff1d(new, copies[0], assume_unique=True), min_dist, seed, count, progress)
    made[copies[0]] = _beside(made, *copies)
    made[held] = np.asarray(xy, np.float32)[held]
    return made


def weights_of(knn: KnnGraph, edges: Any) -> Any:
    """Return how near neighbours are, CSR (n, n): *edges*, or for few rows, which have none, the same for all."""
    from scipy.sparse import csr_array

    if edges is not None:
        return edges.tocsr()
    n, k = knn.rows.shape
    columns = knn.rows[:, 1:].ravel()
    return csr_array((np.ones(len(columns), np.float32), (np.repeat(np.arange(n), k - 1), columns)), shape=(n, n))


def _copies(knn: KnnGraph, held: BoolArray, new: NDArray[Any]) -> tuple[NDArray[Any], NDArray[Any]]:
    """Return the new rows that are copies of old ones, and a copy of each."""
    same = (knn.distances[new] <= _SAME) & held[knn.rows[new]]
    found = same.any(axis=1)
    at = same.argmax(axis=1)
    return new[found], knn.rows[new[found], at[found]]


def _starts(xy: FloatArray, held: BoolArray, weights: Any, new: NDArray[Any]) -> FloatArray:
    """Return where new rows start: at the mean of their neighbours, those first that have held ones among them."""
    known, made = held.copy(), np.nan_to_num(xy).astype(np.float64)
    rows = weights[new]
    left = np.ones(len(new), np.bool_)
    for _ in range(_ROUNDS):
        weight = np.asarray(rows @ known.astype(np.float64)).ravel()
        reached = left & (weight > 0)
        if not reached.any():
            break
        sums = rows[reached] @ (made * known[:, None])
        made[new[reached]] = sums / weight[reached, None]
        known[new[reached]], left[reached] = True, False
    made[new[left]] = made[held].mean(axis=0)  # near nothing that is on the map
    tremor = np.random.default_rng(0).normal(scale=1e-3, size=(len(new), xy.shape[1]))
    return np.asarray(made[new] + tremor, np.float32)


def _moved(
    xy: FloatArray, weights: Any, moving: NDArray[Any], min_dist: float, seed: int, count: int, progress: Report
) -> FloatArray:
    """Return the places after *count* epochs in which only some rows move."""
    from scipy.sparse import diags_array

    if not len(moving):
        return xy
    moves = np.zeros(len(xy), np.float32)
    moves[moving] = 1
    own = (diags_array(moves) @ weights).tocsr()
    own.eliminate_zeros()
    a, b = curve(min_dist)
    looks = epochs(xy, own, a=a, b=b, count=count, seed=seed, turns=FINE_TURNS)
    made = xy
    for epoch, look in enumerate(looks):
        progress(Progress("project", epoch, count, note="placing the new rows"))
        if epoch == count - 1:
            made = np.array(look())
    return made


def _beside(xy: FloatArray, rows: NDArray[Any], copies: NDArray[Any]) -> FloatArray:
    """Return places beside those of the *copies*, on a spiral, so that no two rows coincide."""
    made = xy[copies].astype(np.float64)
    order = np.argsort(copies, kind="stable")
    sizes = np.unique(copies, return_counts=True)[1]
    nth = np.empty(len(rows))
    nth[order] = np.concatenate([np.arange(1, size + 1) for size in sizes]) if len(sizes) else np.zeros(0)
    radius = COPY_SPACING * np.sqrt(nth)
    made[:, 0] += radius * np.cos(_GOLDEN * nth)
    made[:, 1] += radius * np.sin(_GOLDEN * nth)
    return np.asarray(made, np.float32)
