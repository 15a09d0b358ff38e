"""Turns vectors and their neighbours into a map: UMAP, started from PCA and turned to agree with it.

It finds no neighbours and makes no clusters; `reduce` and `places_of_groups` prepare spaces for them.
"""

from __future__ import annotations

import contextlib
import functools
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from explorer.config import CPU_ENGINE, ProjectConfig
from explorer.engines import engine_of
from explorer.projection.faithful import faithfulness
from explorer.projection.layout import FINE_TURNS, TURNS, epochs
from explorer.types import FloatArray, KnnGraph, Progress, Projection, Report, frozen, silent

REDUCED_DIMS = 5
"""Dimensions of the space that clusters are found in; the sweep is in docs/defaults.md."""

GROUP_DIMS, _AVERAGED = 10, 4
"""Dimensions of the space that says which groups are near each other, and how often its rows are averaged."""

MIN_UMAP_ROWS = 6
"""UMAP in three dimensions needs this many rows; fewer are laid out by PCA."""

DISC_RADIUS = 0.01
"""Identical rows lie on a disc this small, so that a clustering of the map sees one place."""

COPY_SPACING = 0.005
"""Distance on the map between copies of one vector, which lie on a disc of their own."""

_SAME = 1e-8
"""Squared distance below which vectors differ by rounding only."""

_EPOCHS = 200
WATCHED = 24
"""Maps shown on the way, more of them early, when rows move far."""
_SHOWN_EPOCHS = frozenset(round(_EPOCHS * (i / WATCHED) ** 1.3) for i in range(WATCHED))
_BLOCK = 16_384


def project(
    vectors: FloatArray,
    knn: KnnGraph,
    config: ProjectConfig,
    *,
    progress: Report = silent,
    edges: Any = None,
    watch: Callable[[FloatArray], None] | None = None,
    start: FloatArray | None = None,
) -> Projection:
    """Return a map of float32 (n, d) vectors: centred float32 (n, 2 or 3), never nan, and how faithful it is.

    The method is "umap"; "pca" for fewer than MIN_UMAP_ROWS rows; "disc" when all rows are the same vector.
    With a seed the same inputs give the same map, on any number of cores; with seed None every call differs.  An engine
    other than "cpu" (see `engines`) shows no maps on the way.
    *edges* is `fuzzy_graph` of the neighbours, made here if None.  *watch* is shown WATCHED maps on the way, turned as
    the last one will be; it changes nothing.  *start* (n, 2 or 3) are places to begin with and to agree with, those of
    another map of the same rows, instead of the principal components.
    """
    n = len(vectors)
    if n == 1 or not n:
        return Projection(frozen(np.zeros((n, config.dims), np.float32)), "pca")
    if _all_same(vectors):
        return Projection(frozen(_disc(n, config.dims)), "disc")
    reference = pca_picture(vectors, config.dims) if start is None else start - start.mean(axis=0)
    if n < MIN_UMAP_ROWS:
        xy, method = reference, "pca"
    else:

        def show(xy: FloatArray) -> None:
            if watch is not None:
                watch(_turned(xy, reference))

        told: dict[str, Any] = {"progress": progress, "edges": edges, "show": show}
        xy = _umap(reference, knn, config, min_dist=config.min_dist, turns=FINE_TURNS, **told)
        xy, method = _turned(xy, reference), "umap"
    return measured(vectors, xy, knn, method)


def measured(vectors: FloatArray, xy: FloatArray, knn: KnnGraph, method: str) -> Projection:
    """Return a map that *method* made, (n, 2 or 3), with how faithful it is."""
    seen = faithfulness(vectors, xy, knn)
    return Projection(frozen(xy), method, seen.trustworthiness, seen.k, seen.rows, seen.continuity, seen.preservation)


def reduce(
    vectors: FloatArray,
    knn: KnnGraph,
    config: ProjectConfig,
    *,
    dims: int = REDUCED_DIMS,
    progress: Report = silent,
    edges: Any = None,
) -> FloatArray:
    """Return float32 (n, ≤ dims) for clustering: a UMAP of its own with min_dist 0, so that groups are dense.

    Fewer than MIN_UMAP_ROWS rows get their PCA, identical ones all zeros.  Costs as much as the map.
    """
    n, d = vectors.shape
    dims = min(dims, d)
    if n < 2 or _all_same(vectors):
        return np.zeros((n, dims), np.float32)
    if n < MIN_UMAP_ROWS:
        return pca_picture(vectors, dims)
    dims = min(dims, n - 3)
    start = pca_picture(vectors, dims)
    return _umap(
        start, knn, config, min_dist=0.0, progress=progress, edges=edges, note="getting ready to find clusters"
    )


def places_of_groups(vectors: FloatArray, edges: Any) -> FloatArray:
    """Return float32 (n, ≤ 10) places in which groups of neighbours are near each other; no chance is in them.

    Principal components, averaged a few times with those of the neighbours in *edges*, UMAP's graph (n, n), if any;
    0…10 along the first axis, all zeros for identical rows.  O(n·d² + edges): a small part of what a layout takes.
    """
    from scipy.sparse import diags_array, eye_array

    n, d = vectors.shape
    if n < 2 or _all_same(vectors):
        return np.zeros((n, min(d, GROUP_DIMS)), np.float32)
    places = pca_picture(vectors, min(d, GROUP_DIMS))
    if edges is not None:
        mixing = (edges + eye_array(n)).tocsr().astype(np.float32)
        mixing = (diags_array(1 / np.asarray(mixing.sum(axis=1), np.float32).ravel()) @ mixing).tocsr()
        for _ in range(_AVERAGED):
            places = np.asarray(mixing @ places, np.float32)
    return np.asarray(places * (10 / max(float(np.ptp(places[:, 0])), 1e-6)), np.float32)


def pca_picture(vectors: FloatArray, dims: int = 2) -> FloatArray:
    """Return centred float32 (n, dims) principal components with fixed signs; zeros beyond the rank.

    O(n·d·min(n, d)); no randomness.
    """
    n, d = vectors.shape
    picture = np.zeros((n, dims), np.float32)
    found = min(dims, d, n)
    if n < 2 or not found:
        return picture
    mean = vectors.mean(axis=0, dtype=np.float64)
    scores = _scores_by_rows(vectors, mean, found) if n <= d else _scores_by_columns(vectors, mean, found)
    picture[:, :found] = scores * _signs(scores)
    return picture


def warm_up() -> None:
    """Run a tiny UMAP of two dimensions and one of more, so that the compilation of its loops is behind us."""
    from explorer.types import KnnGraph as Graph

    angles = np.linspace(0, 6, 32, dtype=np.float32)
    vectors = np.stack([np.cos(angles), np.sin(angles), angles / 6], axis=1).astype(np.float32)
    rows = np.argsort(((vectors[:, None] - vectors) ** 2).sum(-1), axis=1)[:, :6]
    distances = np.linalg.norm(vectors[rows] - vectors[:, None], axis=2).astype(np.float32)
    knn = Graph(rows.astype(np.int32), distances)
    config = ProjectConfig(n_neighbors=5, metric="euclidean")
    project(vectors, knn, config)
    reduce(vectors, knn, config)


def fuzzy_graph(knn: KnnGraph, n_neighbors: int | None = None) -> Any:
    """Return UMAP's graph of n rows, a symmetric scipy CSR matrix of memberships 0…1, from their neighbours.

    Both the map and the space for clusters are laid out from it.  None for fewer than MIN_UMAP_ROWS rows.
    """
    n = len(knn.rows)
    if n < MIN_UMAP_ROWS:
        return None
    umap = _umap_learn()
    k = min(n_neighbors or knn.k, knn.k, n - 1)
    rows, distances = knn.rows[:, :k].astype(np.int32), knn.distances[:, :k].astype(np.float32)
    draw = np.random.RandomState(0)  # asked for, and used only to find neighbours
    counted = np.empty((n, 0))  # read for its length only
    found = umap.fuzzy_simplicial_set(counted, k, draw, "precomputed", knn_indices=rows, knn_dists=distances)
    return found[0].tocsr()


def curve(min_dist: float) -> tuple[float, float]:
    """Return a and b of UMAP's curve of distances."""
    a, b = _umap_learn().find_ab_params(1.0, min_dist)
    return float(a), float(b)


@functools.cache
def _umap_learn() -> Any:
    """Return umap-learn, with the loops that it would compile anew in every process kept on disk as ours are."""
    import umap.umap_ as umap

    for loop in (umap.smooth_knn_dist, umap.compute_membership_strengths):
        with contextlib.suppress(RuntimeError, OSError):  # no folder to keep them in: compiled as they were
            loop.enable_caching()
    return umap


def _umap(
    start: FloatArray,
    knn: KnnGraph,
    config: ProjectConfig,
    *,
    min_dist: float,
    turns: int = TURNS,
    progress: Report,
    edges: Any,
    note: str = "",
    show: Callable[[FloatArray], None] | None = None,
) -> FloatArray:
    """Lay out the graph from *start*, reporting every epoch and showing some; raising from *progress* ends it."""
    edges = fuzzy_graph(knn, config.n_neighbors) if edges is None else edges
    a, b = curve(min_dist)
    seed = int(np.random.default_rng().integers(2**32)) if config.seed is None else config.seed
    start = _spread(start)
    if config.engine != CPU_ENGINE:
        progress(Progress("project", 0, _EPOCHS, note=note))
        laid_out = engine_of(config.engine).lay_out(start, edges, a=a, b=b, count=_EPOCHS, seed=seed)
        return _gathered(laid_out, knn)
    steps = epochs(start, edges, a=a, b=b, count=_EPOCHS, seed=seed, turns=turns)
    look: Callable[[], FloatArray] = lambda: start  # noqa: E731
    for epoch in range(_EPOCHS):
        progress(Progress("project", epoch, _EPOCHS, note=note))
        if show is not None and epoch in _SHOWN_EPOCHS:
            show(look())
        look = next(steps)
    return _gathered(look(), knn)


def _spread(start: FloatArray) -> FloatArray:
    """Return the start stretched to 0…10 on every axis, with a seeded tremor so that no two rows coincide."""
    low, high = start.min(axis=0), start.max(axis=0)
    scaled = 10 * (start - low) / np.maximum(high - low, np.float32(1e-12))
    tremor = np.random.default_rng(0).normal(scale=1e-3, size=start.shape)
    return np.ascontiguousarray(scaled + tremor, np.float32)


def _turned(xy: FloatArray, reference: FloatArray) -> FloatArray:
    """Return the map centred, turned and mirrored to lie on the reference as well as it can (Procrustes)."""
    xy = xy - xy.mean(axis=0)
    u, _, vt = np.linalg.svd(xy.astype(np.float64).T @ reference)
    return np.asarray(xy @ (u @ vt), np.float32)


def _all_same(vectors: FloatArray) -> bool:
    blocks = (vectors[at : at + _BLOCK] - vectors[0] for at in range(0, len(vectors), _BLOCK))
    return all(float(np.einsum("nd,nd->n", block, block).max()) < _SAME for block in blocks)


def _gathered(xy: FloatArray, knn: KnnGraph) -> FloatArray:
    """Return the layout with the copies of a vector beside each other at their mean.

    UMAP strews hundreds of copies about, and HDBSCAN then finds groups and noise in what is one thing.
    """
    own = np.arange(len(xy))
    if knn.k < 2:
        return xy
    first = np.where(knn.distances[:, 1] == 0, np.minimum(own, knn.rows[:, 1]), own)
    sizes = np.bincount(first, minlength=len(xy))
    copies = np.flatnonzero(sizes[first] > 1)
    order = copies[np.argsort(first[copies], kind="stable")]
    if not len(order):
        return xy
    group = first[order]
    begins = np.flatnonzero(np.r_[True, group[1:] != group[:-1]])
    counts = np.diff(np.r_[begins, len(order)])
    centres = np.add.reduceat(xy[order], begins, axis=0) / counts[:, None]
    xy[order] = np.repeat(centres, counts, axis=0)
    rank = np.arange(len(order)) - np.repeat(begins, counts)
    flat = min(2, xy.shape[1])
    xy[order, :flat] += (COPY_SPACING * _sunflower(rank))[:, :flat].astype(np.float32)
    return xy


def _disc(n: int, dims: int) -> FloatArray:
    """Return n places on a small disc that do not overlap."""
    disc = np.zeros((n, dims), np.float32)
    disc[:, :2] = DISC_RADIUS / np.sqrt(n) * _sunflower(np.arange(n))
    return np.asarray(disc - disc.mean(axis=0), np.float32)


def _sunflower(rank: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return the (m, 2) places of a sunflower's seeds, counted from its middle, about one unit apart."""
    radius, angle = np.sqrt(rank + 0.5), rank * np.pi * (3 - np.sqrt(5))
    return np.stack([radius * np.cos(angle), radius * np.sin(angle)], axis=1)


def _scores_by_rows(vectors: FloatArray, mean: NDArray[np.float64], found: int) -> NDArray[np.float64]:
    from scipy.linalg import eigh

    centred = vectors - mean
    values, parts = eigh(centred @ centred.T, subset_by_index=[len(vectors) - found, len(vectors) - 1])
    values = np.where(values > 1e-9 * max(float(values[-1]), 1e-12), values, 0)
    return np.asarray((parts * np.sqrt(values))[:, ::-1])


def _scores_by_columns(vectors: FloatArray, mean: NDArray[np.float64], found: int) -> NDArray[np.float64]:
    from scipy.linalg import eigh

    n, d = vectors.shape
    covariance = np.zeros((d, d))
    for at in range(0, n, _BLOCK):
        centred = (vectors[at : at + _BLOCK] - mean).astype(np.float32)
        covariance += centred.T @ centred
    _, axes = eigh(covariance, subset_by_index=[d - found, d - 1])
    scores = np.empty((n, found))
    for at in range(0, n, _BLOCK):
        scores[at : at + _BLOCK] = (vectors[at : at + _BLOCK] - mean) @ axes[:, ::-1]
    return scores


def _signs(scores: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the sign for each component that points its longer tail to the right or upwards."""
    skew = (scores**3).sum(axis=0)
    level = np.abs(skew) < 1e-6 * (np.abs(scores) ** 3).sum(axis=0)
    return np.where(np.where(level, scores[0], skew) < 0, -1.0, 1.0)
