"""The nouns that every floor shares: frozen, their shapes checked once, their arrays read-only.

It holds no behaviour beyond that check: stages live in their own modules and meet through these types.
n rows, d dimensions, k neighbours, c clusters.  Row number is identity: row i of the dataset is row i of
every array.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import pandas as pd

    from explorer.config import RunConfig

FloatArray: TypeAlias = NDArray[np.float32]
IntArray: TypeAlias = NDArray[np.int32]
BoolArray: TypeAlias = NDArray[np.bool_]

NOISE = -1
TEXT = "text"
IMAGE = "image"


@dataclass(frozen=True)
class ImageRef:
    """Where one picture is: a file, or the entry *member* of the zip archive at *path*; opened late."""

    path: str
    sha256: str
    member: str = ""
    name: str = ""
    """The path inside the upload, as the user knows it."""


Item: TypeAlias = str | ImageRef


@dataclass(frozen=True)
class Rejected:
    """One thing that could not be read: its source file, its record number from 0 (None: the whole file), why."""

    source: str
    row: int | None
    reason: str


@dataclass(frozen=True)
class Dataset:
    """A list of n items with a table of n rows beside it.

    *key* names the content; *items_key* the items alone (what embedding depends on).  *columns* are all columns
    of the source, *text_column* the one that the items came from (None for pictures and plain text).
    *table* is a pandas DataFrame with a RangeIndex and every column but the text column.
    """

    key: str
    name: str
    items: Sequence[Item]
    table: pd.DataFrame
    rejected: tuple[Rejected, ...] = ()
    items_key: str = ""
    columns: tuple[str, ...] = ()
    text_column: str | None = None

    def __post_init__(self) -> None:
        if len(self.items) != len(self.table):
            raise ValueError(f"{len(self.items)} items but {len(self.table)} table rows")

    def __len__(self) -> int:
        return len(self.items)

    @property
    def modalities(self) -> frozenset[str]:
        """The kinds of item in it: a subset of {"text", "image"}."""
        return frozenset(TEXT if isinstance(item, str) else IMAGE for item in self.items)


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
class Progress:
    """Where a run is: *done* of *total* in *stage*, *rate* per second, *eta_s* seconds left (None: unknown)."""

    stage: str
    done: int = 0
    total: int = 0
    rate: float | None = None
    eta_s: float | None = None
    note: str = ""


Report: TypeAlias = Callable[[Progress], None]
"""Called with progress from inside a stage; may raise Cancelled to stop it."""


def silent(_progress: Progress) -> None:
    """Report to nobody."""


@dataclass(frozen=True)
class Codes:
    """Vectors in a byte a dimension: row i is about steps[i]·codes[i], and never farther from it than errors[i].

    int8 (n, d), float32 (n,), float32 (n,).
    """

    codes: NDArray[np.int8]
    steps: FloatArray
    errors: FloatArray

    def __post_init__(self) -> None:
        _shape("steps", self.steps, (len(self.codes),))
        _shape("errors", self.errors, (len(self.codes),))


@dataclass(frozen=True)
class Embeddings:
    """float32 (n, d) unit vectors; a row with ok False is zero (its item could not be encoded).

    *truncated* marks texts longer than the encoder reads; *reused* counts rows whose vector was not computed
    in this run.  *codes* say the same as the vectors in fewer bytes, where there are very many rows.
    """

    key: str
    vectors: FloatArray
    ok: BoolArray
    encoder: str
    truncated: BoolArray
    reused: int = 0
    codes: Codes | None = None

    def __post_init__(self) -> None:
        _shape("vectors", self.vectors, (len(self.ok), None))
        _shape("truncated", self.truncated, (len(self.ok),))

    @property
    def n(self) -> int:
        """Number of rows."""
        return len(self.ok)

    @property
    def dim(self) -> int:
        """Number of dimensions."""
        return int(self.vectors.shape[1])


@dataclass(frozen=True)
class KnnGraph:
    """Each row's k nearest rows: int32 (n, k), column 0 = itself; float32 (n, k) distances, ascending.

    *metric* is "cosine" (distance 0…2) or "euclidean"; *exact* is False when found approximately, and *recall*
    is then its share of the true neighbours, measured on a sample.
    """

    rows: IntArray
    distances: FloatArray
    metric: str = "cosine"
    exact: bool = True
    recall: float = 1.0

    def __post_init__(self) -> None:
        _shape("distances", self.distances, self.rows.shape)

    @property
    def k(self) -> int:
        """Number of neighbours, the row itself included."""
        return int(self.rows.shape[1])


@dataclass(frozen=True)
class Projection:
    """float32 (n, 2 or 3) map coordinates (nan: row without a vector), and how faithful they are.

    Trustworthiness and continuity are 0…1 at *trust_k*, or None; *preservation* is float32 (n,), see `Scores`.
    """

    xy: FloatArray
    method: str
    trustworthiness: float | None = None
    trust_k: int = 15
    trust_rows: int = 0
    """How many rows the trustworthiness and the continuity were measured on."""
    continuity: float | None = None
    preservation: FloatArray | None = None

    def __post_init__(self) -> None:
        if self.xy.ndim != 2 or self.xy.shape[1] not in (2, 3):
            raise ValueError(f"map coordinates have shape {self.xy.shape}; expected (n, 2) or (n, 3)")


@dataclass(frozen=True)
class Scores:
    """What was computed of each row from its neighbours: float32 (n,) each, nan where it cannot be said.

    *preservation*: the share of its true nearest that are among its nearest on the map, 0…1.  *outlier*: the local
    outlier factor, about 1 and up.  *density*: the mean cosine similarity to its nearest in the original space.
    """

    preservation: FloatArray
    outlier: FloatArray
    density: FloatArray

    def __post_init__(self) -> None:
        _shape("outlier", self.outlier, self.preservation.shape)
        _shape("density", self.density, self.preservation.shape)

    @classmethod
    def unknown(cls, n: int) -> Scores:
        """Return the scores of n rows of which nothing is known."""
        nothing = frozen(np.full(n, np.nan, np.float32))
        return cls(nothing, nothing, nothing)


@dataclass(frozen=True)
class Clustering:
    """int32 (n,) labels, -1 noise, 0 the largest cluster; float32 (n,) membership strength 0…1.

    *belongs* float32 (n,) 0…1 is how far each row, noise too, belongs to the cluster *nearest* int32 (n,); None when
    that was not measured.  *taken* bool (n,) marks rows that were noise and are shown in a cluster to which they
    belong by *least* or more; None: none were.
    *levels* int32 (levels, n) labels the groups that have names on the map, the broadest level first, -1 for none;
    *labels* themselves are among them.
    """

    labels: IntArray
    strength: FloatArray
    method: str
    belongs: FloatArray | None = None
    nearest: IntArray | None = None
    taken: BoolArray | None = None
    least: float | None = None
    levels: IntArray | None = None

    def __post_init__(self) -> None:
        _shape("strength", self.strength, self.labels.shape)
        for name in ("belongs", "nearest", "taken"):
            if getattr(self, name) is not None:
                _shape(name, getattr(self, name), self.labels.shape)
        if self.levels is not None:
            _shape("levels", self.levels, (None, len(self.labels)))

    @property
    def count(self) -> int:
        """Number of clusters, noise not counted."""
        return int(self.labels.max(initial=NOISE)) + 1

    @property
    def noise(self) -> float:
        """Share of noise rows, 0…1."""
        return float((self.labels == NOISE).mean()) if len(self.labels) else 0.0


@dataclass(frozen=True)
class Enrichment:
    """A metadata value that is over-represented in a cluster: its share inside, its share overall, their ratio."""

    column: str
    value: str
    share: float
    overall: float
    lift: float
    p: float


@dataclass(frozen=True)
class ClusterSummary:
    """What one cluster is: its name, how much of the data, how tight, its words and rows worth reading.

    *cohesion* is the mean cosine similarity of its members to their centre, -1…1.  *exemplars* are central rows,
    *odd* rows at its rim, *nearest* other labels with the cosine similarity of the centres, descending.
    """

    label: int
    name: str
    size: int
    share: float
    cohesion: float
    keywords: tuple[tuple[str, float], ...]
    exemplars: tuple[int, ...]
    odd: tuple[int, ...]
    nearest: tuple[tuple[int, float], ...]
    enrichment: tuple[Enrichment, ...] = ()


@dataclass(frozen=True)
class NamedGroup:
    """A group that has a name on the map: the clusters it joins, or the one of which it is a part; none: of noise."""

    name: str
    size: int
    clusters: tuple[int, ...]


@dataclass(frozen=True)
class Hits:
    """int64 (m, k) rows and float32 (m, k) scores, descending; a missing hit is -1 with score nan."""

    rows: NDArray[np.int64]
    scores: FloatArray

    def __post_init__(self) -> None:
        _shape("scores", self.scores, self.rows.shape)

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

        Scores are similarities: cosine, or minus the Euclidean distance.
        """
        ...


@dataclass(frozen=True)
class Run:
    """Everything that was computed for a dataset with a config, and the seconds each stage took."""

    key: str
    dataset: Dataset
    config: RunConfig
    embeddings: Embeddings
    knn: KnnGraph
    projection: Projection
    clustering: Clustering
    summaries: tuple[ClusterSummary, ...]
    timings: Mapping[str, float] = field(default_factory=dict)
    created: str = ""
    name: str = ""
    versions: Mapping[str, str] = field(default_factory=dict)
    levels: tuple[tuple[NamedGroup, ...], ...] = ()
    """The names of the groups of `clustering.levels`."""
    scores: Scores = field(default_factory=lambda: Scores.unknown(0))

    def __post_init__(self) -> None:
        if len(self.scores.preservation) != len(self.dataset):
            object.__setattr__(self, "scores", Scores.unknown(len(self.dataset)))


def frozen(array: NDArray[Any]) -> NDArray[Any]:
    """Return the array, contiguous and read-only."""
    array = np.ascontiguousarray(array)
    array.flags.writeable = False
    return array


def _shape(name: str, array: NDArray[Any], expected: tuple[int | None, ...]) -> None:
    fits = array.ndim == len(expected) and all(
        want is None or want == have for want, have in zip(expected, array.shape, strict=True)
    )
    if not fits:
        raise ValueError(f"{name} has shape {array.shape}; expected {expected}")
