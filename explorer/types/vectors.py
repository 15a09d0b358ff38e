"""Items as vectors: who makes them, and what is near to what."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from explorer.types.arrays import BoolArray, FloatArray, IntArray, check_shape
from explorer.types.items import Item

COSINE, EUCLIDEAN, DOT = "cosine", "euclidean", "dot"
"""How near two vectors are: by their angle, by the distance between them, or by their dot product."""


class Encoder(Protocol):
    """Turns items into unit vectors; one vector depends on its item alone."""

    name: str
    fingerprint: str
    dim: int
    modalities: frozenset[str]

    def batch_size(self, item: Item) -> int:
        """Return how many items like this, or shorter, are best encoded at once, in about a second at most."""
        ...

    def encode(self, items: Sequence[Item]) -> FloatArray:
        """Return float32 (m, dim), unit length; a row of nan for an item that could not be opened.

        Raises WrongModality for a kind of item that it does not read.
        """
        ...

    def truncates(self, items: Sequence[Item]) -> BoolArray:
        """Return bool (m,): which texts are longer than the model reads (False for pictures)."""
        ...


@dataclass(frozen=True)
class Codes:
    """Vectors in a byte a dimension: row i is about steps[i]·codes[i], and never farther from it than errors[i].

    int8 (n, d), float32 (n,), float32 (n,).
    """

    codes: NDArray[np.int8]
    steps: FloatArray
    errors: FloatArray

    def __post_init__(self) -> None:
        check_shape("steps", self.steps, (len(self.codes),))
        check_shape("errors", self.errors, (len(self.codes),))


@dataclass(frozen=True)
class Embeddings:
    """float32 (n, d) unit vectors; a row with ok False is zero (its item could not be encoded).

    *truncated* marks texts longer than the encoder reads; *reused* counts rows whose vector was not computed
    in this run.  *codes* say the same as the vectors in fewer bytes, where there are very many rows.  *metric* is the
    run's: how near rows are (METRICS).
    """

    key: str
    vectors: FloatArray
    ok: BoolArray
    encoder: str
    truncated: BoolArray
    reused: int = 0
    codes: Codes | None = None
    unread: BoolArray | None = None
    """Which texts are mostly in letters that the encoder does not know, bool (n,); None where that is not known."""
    raw: FloatArray | None = None
    """The vectors as they came with the data, float32 (n, d), where they are of different lengths."""
    metric: str = COSINE

    def __post_init__(self) -> None:
        check_shape("vectors", self.vectors, (len(self.ok), None))
        check_shape("truncated", self.truncated, (len(self.ok),))

    @property
    def n(self) -> int:
        """Number of rows."""
        return len(self.ok)

    @property
    def dim(self) -> int:
        """Number of dimensions."""
        return int(self.vectors.shape[1])

    @property
    def own_lengths(self) -> bool:
        """Whether the run goes by the lengths of vectors too: by distance or product of some of different lengths."""
        return self.raw is not None and self.metric != COSINE

    @property
    def usual_metric(self) -> str:
        """What neighbours are told by, unless somebody asks otherwise: the angle, where lengths do not count."""
        return self.metric if self.own_lengths else COSINE

    def compared(self, metric: str | None = None) -> FloatArray:
        """Return float32 (n, d), what is compared by a *metric*, None: the run's: the raw vectors or those of length 1.

        Of one length, vectors are in the same order by each metric.
        """
        return self.vectors if self.raw is None or (metric or self.metric) == COSINE else self.raw


@dataclass(frozen=True)
class KnnGraph:
    """Each row's k nearest rows: int32 (n, k), column 0 = itself; float32 (n, k) distances, ascending.

    *metric* is "cosine" (distance 0…2), "euclidean", or "dot" (how much less the dot product is than the greatest of
    the graph and a little more); *exact* is False when found approximately, and *recall*
    is then its share of the true neighbours, measured on a sample.
    """

    rows: IntArray
    distances: FloatArray
    metric: str = COSINE
    exact: bool = True
    recall: float = 1.0

    def __post_init__(self) -> None:
        check_shape("distances", self.distances, self.rows.shape)

    @property
    def k(self) -> int:
        """Number of neighbours, the row itself included."""
        return int(self.rows.shape[1])

    def first_copies(self) -> IntArray:
        """Return int32 (n,): for each row the first row with the same vector; itself, if there is none before it.

        Among rows at distance 0 the graph lists the lower first: the first copy is in column 1, or is the row itself.
        """
        own = np.arange(len(self.rows), dtype=np.int32)
        if self.k < 2:
            return own
        is_copy = (self.distances[:, 1] == 0) & (self.rows[:, 1] >= 0)
        return np.where(is_copy, np.minimum(own, self.rows[:, 1]), own).astype(np.int32)


@dataclass(frozen=True)
class Hits:
    """int64 (m, k) rows and float32 (m, k) scores, descending; a missing hit is -1 with score nan."""

    rows: NDArray[np.int64]
    scores: FloatArray

    def __post_init__(self) -> None:
        check_shape("scores", self.scores, self.rows.shape)

    def pairs(self, query: int = 0) -> list[tuple[int, float]]:
        """Return (row, score) for each hit of one query, best first, missing hits left out."""
        pairs = zip(self.rows[query].tolist(), self.scores[query].tolist(), strict=True)
        return [(row, score) for row, score in pairs if row >= 0]


class NeighborIndex(Protocol):
    """Finds the rows whose vectors are nearest to a query."""

    n: int
    dim: int

    def search(self, queries: FloatArray, k: int) -> Hits:
        """Return the k best rows for each of the (m, dim) queries, best first, ties by row number.

        Scores are similarities: cosine, minus the Euclidean distance, or the dot product.
        """
        ...
