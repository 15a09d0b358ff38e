"""The registry of engines: which can take over the two costly steps after the neighbours, and which are here.

The usual engine "cpu" is none of them: its loops are in `projection` and `clustering`, where they can be looked at
while they run.
"""

from __future__ import annotations

from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from explorer.config import CPU_ENGINE
from explorer.engines.cuml import CUML
from explorer.errors import BadSetting
from explorer.types import FloatArray


class Engine(Protocol):
    """Lays out a map and joins points into a tree; *advice* says how to get it."""

    name: str
    advice: str

    def is_here(self) -> bool:
        """Whether it is installed; loads nothing."""
        ...

    def lay_out(self, start: FloatArray, edges: Any, *, a: float, b: float, count: int, seed: int) -> FloatArray:
        """Return float32 (n, dims) places after *count* epochs of UMAP, from *start*, on scipy's CSR graph *edges*."""
        ...

    def single_linkage(self, points: FloatArray, min_samples: int) -> NDArray[np.float64]:
        """Return the tree of float32 (n, m) points, three or more: (n - 1, 4), as `linkage` has it."""
        ...


OWN: tuple[Engine, ...] = (CUML,)


def engines() -> tuple[str, ...]:
    """Return the engines that are installed, without loading one: "cpu" always, "cuml" where the package is."""
    return (CPU_ENGINE, *(engine.name for engine in OWN if engine.is_here()))


def check_engine(engine: str) -> None:
    """Raise BadSetting for an engine that is not installed."""
    if engine not in engines():
        advice = "; ".join(known.advice for known in OWN if known.name == engine)
        raise BadSetting(f"the engine {engine!r} is not installed here; leave it at cpu, or {advice}.")


def engine_of(name: str) -> Engine:
    """Return the engine of this name, which is not "cpu"."""
    return next(engine for engine in OWN if engine.name == name)
