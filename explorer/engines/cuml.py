"""cuML on an NVIDIA GPU: UMAP's layout and HDBSCAN's tree.

They take what `layout.epochs` and `linkage.single_linkage` take and return what those return, so that all before and
after them – the graph, the orientation, how faithful it is, the cut, the sweep, the names – is the same code.  It
decides nothing: a run says which engine it wants.  cuML moves points and breaks ties in its own way: its map is another
one than ours for the same seed, which is why the engine is part of a run's key.
"""

from __future__ import annotations

from importlib.util import find_spec
from typing import Any

import numpy as np
from numpy.typing import NDArray

from explorer.types import FloatArray


class Cuml:
    """The engine "cuml"."""

    name = "cuml"
    advice = "on a machine with an NVIDIA GPU install it: pip install 'embedding-explorer[gpu]'"

    def is_here(self) -> bool:
        """Whether the package is installed; it is not loaded."""
        return find_spec("cuml") is not None

    def lay_out(self, start: FloatArray, edges: Any, *, a: float, b: float, count: int, seed: int) -> FloatArray:
        """Return the float32 (n, dims) places after *count* epochs of cuML's UMAP, from *start*, on the graph *edges*.

        *edges* is scipy's CSR.  As the last that `layout.epochs` yields.  It cannot be looked at on the way, nor
        stopped.
        """
        from cuml.manifold.umap import simplicial_set_embedding

        places = simplicial_set_embedding(
            start,  # read for the number of rows only
            edges.tocoo().astype(np.float32),
            n_components=start.shape[1],
            a=a,
            b=b,
            n_epochs=count,
            init=np.ascontiguousarray(start, np.float32),
            random_state=seed,
        )
        return np.ascontiguousarray(_on_host(places), np.float32)

    def single_linkage(self, points: FloatArray, min_samples: int) -> NDArray[np.float64]:
        """Return the tree of float32 (n, m) points, three or more, by cuML's HDBSCAN: (n - 1, 4), as `linkage` has it.

        Distances are of float32, and which of equal edges comes first is cuML's choice.  O(n²·m) on the device.
        """
        from cuml.cluster.hdbscan import HDBSCAN

        samples = max(1, min(min_samples, len(points) - 1))
        found = HDBSCAN(min_cluster_size=2, min_samples=samples).fit(np.ascontiguousarray(points, np.float32))
        tree: NDArray[np.float64] = np.ascontiguousarray(found.single_linkage_tree_.to_numpy(), np.float64)
        return tree


CUML = Cuml()


def _on_host(places: Any) -> FloatArray:
    """Return an array of cuML's, or of cupy's, in the memory of the processor."""
    if hasattr(places, "to_output"):
        return np.asarray(places.to_output("numpy"))
    return np.asarray(places.get() if hasattr(places, "get") else places)
