"""What every engine for the map and the tree of clusters promises.

Not that two engines make the same map: each moves points in its own way.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from explorer.clustering import single_linkage
from explorer.config import CPU_ENGINE
from explorer.contracts.contract import Contract, DoesNotApply, checks_in, near, promised
from explorer.engines import Engine
from explorer.projection import epochs
from explorer.types import FloatArray, needs

GROUPS, EACH = 5, 30
A, B = 1.58, 0.9
"""UMAP's curve of distances for a spacing of 0.1."""
COUNT, SEED = 200, 7


class Processor:
    """This machine's own loops, which need no engine, as one."""

    name = CPU_ENGINE
    advice = ""

    def is_here(self) -> bool:
        """Return True."""
        return True

    def lay_out(self, start: FloatArray, edges: Any, *, a: float, b: float, count: int, seed: int) -> FloatArray:
        """Return the places after the last epoch."""
        looks = list(epochs(start, edges, a=a, b=b, count=count, seed=seed))
        return looks[-1]()

    def single_linkage(self, points: FloatArray, min_samples: int) -> NDArray[np.float64]:
        """Return hdbscan's tree."""
        return single_linkage(points, min_samples)


def check_it_says_what_it_is(engine: Engine) -> None:
    """An engine has a name, says whether it is here, and how to get it."""
    needs(engine, name=str, advice=str)
    promised(engine.name, "an empty name")
    promised(isinstance(engine.is_here(), bool), f"is_here() is {engine.is_here()!r}")


def check_places_are_float32_one_a_row(engine: Engine) -> None:
    """Places are finite float32 (n, dims), of two dimensions and of more, and the start is left as it is."""
    _here(engine)
    for dims in (2, 3, 5):
        start = _start(dims)
        kept = start.copy()
        start.flags.writeable = False
        places = _laid_out(engine, start)
        promised(places.dtype == np.float32 and places.shape == start.shape, f"{places.dtype} {places.shape}")
        promised(np.isfinite(places).all(), "places that are not finite")
        promised((start == kept).all(), "another start")


def check_what_hangs_together_lies_together(engine: Engine) -> None:
    """Rows with edges between them end nearer to each other than to others, wherever they start."""
    _here(engine)
    places = _laid_out(engine, _start(2))
    group = np.repeat(np.arange(GROUPS), EACH)
    apart = np.linalg.norm(places[:, None] - places, axis=2)
    within, between = apart[group[:, None] == group].mean(), apart[group[:, None] != group].mean()
    promised(within < between / 3, f"{within:.2f} within groups, {between:.2f} between them")


def check_the_tree_has_the_heights_of_the_usual_one(engine: Engine) -> None:
    """The tree is float64 (n - 1, 4): its distances ascend and are those of the usual one, its last row has all."""
    _here(engine)
    points = _points()
    tree = engine.single_linkage(points, 5)
    promised(tree.dtype == np.float64 and tree.shape == (len(points) - 1, 4), f"{tree.dtype} {tree.shape}")
    promised((np.diff(tree[:, 2]) >= 0).all(), "distances that fall")
    promised(tree[-1, 3] == len(points), f"{tree[-1, 3]} points in the last row")
    usual = single_linkage(points, 5)[:, 2]
    promised(near(tree[:, 2], usual, within=1e-3), f"a distance is off by {np.abs(tree[:, 2] - usual).max():.4f}")


def check_the_tree_joins_each_group_before_it_joins_groups(engine: Engine) -> None:
    """Every row joins two things that are there, each once, and groups far apart are joined last."""
    _here(engine)
    points = _points()
    n = len(points)
    tree = engine.single_linkage(points, 5)
    joined = tree[:, :2].astype(int)
    promised((joined < n + np.arange(n - 1)[:, None]).all(), "a row joins what comes after it")
    promised(sorted(joined.ravel().tolist()) == list(range(2 * n - 2)), "something is joined twice or never")
    members = [{row} for row in range(n)]
    for left, right in joined:
        members.append(members[left] | members[right])
    groups = [set(range(at, at + EACH)) for at in range(0, n, EACH)]
    promised(all(group in members for group in groups), "a group that is not joined by itself")


def check_copies_are_no_trouble(engine: Engine) -> None:
    """Points in one place are joined at distance 0."""
    _here(engine)
    points = np.repeat(_points()[:4], 6, axis=0)
    tree = engine.single_linkage(points, 3)
    promised(tree.shape == (len(points) - 1, 4), f"the shape is {tree.shape}")
    promised((tree[:20, 2] == 0).all() and np.isfinite(tree).all(), f"distances {tree[:20, 2].tolist()}")


def subjects(engine: Any, _more: Sequence[str], _folder: Path) -> list[Engine]:
    """Return the engine itself."""
    needs(engine, name=str, advice=str, is_here=object, lay_out=object, single_linkage=object)
    return [engine]


def _here(engine: Engine) -> None:
    if not engine.is_here():
        raise DoesNotApply(f"{engine.name} is not here; {engine.advice}")


def _laid_out(engine: Engine, start: FloatArray) -> FloatArray:
    return engine.lay_out(start, _edges(), a=A, b=B, count=COUNT, seed=SEED)


def _start(dims: int) -> FloatArray:
    return np.random.default_rng(0).uniform(0, 10, (GROUPS * EACH, dims)).astype(np.float32)


def _points() -> FloatArray:
    rng = np.random.default_rng(1)
    centres = 10 * np.eye(GROUPS, 3 + GROUPS)[:, :5]
    return (np.repeat(centres, EACH, axis=0) + 0.3 * rng.normal(size=(GROUPS * EACH, 5))).astype(np.float32)


def _edges() -> Any:
    """Return a symmetric CSR graph: in each group every row hangs on to ten others."""
    from scipy.sparse import coo_matrix

    n = GROUPS * EACH
    own = np.repeat(np.arange(n), 5)
    step = np.tile(np.arange(1, 6), n)
    other = own // EACH * EACH + (own % EACH + step) % EACH
    half = coo_matrix((np.ones(len(own), np.float32), (own, other)), shape=(n, n)).tocsr()
    return half.maximum(half.T).tocsr()


ENGINE = Contract(subjects, checks_in(globals()))
