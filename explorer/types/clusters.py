"""Clusters, and what each of them is."""

from __future__ import annotations

from dataclasses import dataclass

from explorer.types.arrays import BoolArray, FloatArray, IntArray, check_shape
from explorer.types.cutting import told_apart

NOISE = -1
SURE, UNSURE = 8, 5
"""In how many of REPEATS a cluster comes back that is sure; one that does so in fewer than the latter is unsure."""
MOSTLY_TRUE = 0.65
"""The name of a group is shown over its clusters when it is true of at least this share of its rows."""
REPEATS = 10
"""How often a run's rows are clustered again, to say how sure its clusters are."""


def numbered(label: int) -> int:
    """Return the number by which people know the cluster of a label: they count from 1, labels in tables from 0."""
    return label + 1


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
        check_shape("strength", self.strength, self.labels.shape)
        for name in ("belongs", "nearest", "taken"):
            if getattr(self, name) is not None:
                check_shape(name, getattr(self, name), self.labels.shape)
        if self.levels is not None:
            check_shape("levels", self.levels, (None, len(self.labels)))

    @property
    def count(self) -> int:
        """Number of clusters, noise not counted."""
        return int(self.labels.max(initial=NOISE)) + 1

    @property
    def noise(self) -> float:
        """Share of noise rows, 0…1."""
        return float((self.labels == NOISE).mean()) if len(self.labels) else 0.0


@dataclass(frozen=True)
class Sureness:
    """*clusters* int32 (c,): in how many of REPEATS each came back.  *rows* float32 (n,) 0…1: how often a row stayed.

    A row stays where it is in the group that is most like its cluster; one of noise where it is noise again.  Only
    repeats in which it was drawn count; nan for a row without a vector.
    """

    clusters: IntArray
    rows: FloatArray


@dataclass(frozen=True)
class Enrichment:
    """A metadata value that is over-represented in a cluster: its share inside, its share overall, their ratio.

    Files choose how long a value is: a longer one is told apart by its digest, as in the legend.
    """

    column: str
    value: str
    share: float
    overall: float
    lift: float
    p: float

    def __post_init__(self) -> None:
        object.__setattr__(self, "value", told_apart(self.value))


@dataclass(frozen=True)
class ClusterSummary:
    """What one cluster is: its name, how much of the data, how tight, its words and rows worth reading.

    *cohesion* is the mean cosine similarity of its members to their centre, -1…1.  *exemplars* are central rows,
    *odd* rows at its rim, *nearest* other labels with the cosine similarity of the centres, descending.  *near_name*
    are rows of it that its name says best, the nearest first; none where that is not known.
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
    near_name: tuple[int, ...] = ()


@dataclass(frozen=True)
class Title:
    """What a language model calls a cluster, a sentence on what is in it, and what its words call it (*before*)."""

    name: str
    sentence: str
    model: str
    before: str


@dataclass(frozen=True)
class NamedGroup:
    """A group that has a name on the map: the clusters it joins, or the one of which it is a part; none: of noise.

    *true_of* is the share 0…1 of the rows of several joined clusters that the name is true of; None: not measured.
    *near_name* are rows of it that the name says best.
    """

    name: str
    size: int
    clusters: tuple[int, ...]
    true_of: float | None = None
    near_name: tuple[int, ...] = ()

    @property
    def is_true(self) -> bool:
        """Whether the name is true of most of its rows, as far as that is known; the map shows no others."""
        return self.true_of is None or self.true_of >= MOSTLY_TRUE
