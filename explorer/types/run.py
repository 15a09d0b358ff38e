"""Everything that was computed for a dataset with a config."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from explorer.config import RunConfig
from explorer.types.clusters import Clustering, ClusterSummary, NamedGroup, Sureness, Title
from explorer.types.items import Dataset
from explorer.types.leftout import count_notes
from explorer.types.maps import Projection, Scores
from explorer.types.vectors import Embeddings, KnnGraph


@dataclass(frozen=True)
class Outcome:
    """What a finished run amounts to, for which nobody needs the rows of its dataset."""

    key: str
    name: str
    dataset: str
    rows: int
    unreadable: int
    """Rejected as the dataset was read; what its encoder could not read is in *embeddings*."""
    embeddings: Embeddings
    knn: KnnGraph
    projection: Projection
    clustering: Clustering
    timings: Mapping[str, float]
    onto: Mapping[str, Any] | None = None
    draft: Mapping[str, Any] | None = None


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
    sureness: Sureness | None = None
    """How often clusters and rows came back in repeats; None until that is measured."""
    titles: Mapping[int, Title] = field(default_factory=dict)
    """By label, where a language model's names are in use; `summaries` and `levels` have them too."""
    onto: Mapping[str, Any] | None = None
    """On which map new rows were placed: "run", "name", "dataset", "dataset_name", how many were "placed", and how many
    of them are "strange" to it: have hardly a neighbour there.  None for a map that was laid out by itself."""
    colors: tuple[int, ...] | None = None
    """By label, the number of the colour that a map which it was made of gave each cluster; None: by where they lie."""
    agreed: bool = True
    """Whether its encoder may be asked: False for one that sends what it reads elsewhere, or runs code, to which nobody
    agreed in this workspace."""
    draft: Mapping[str, Any] | None = None
    """Of a map of draft vectors: of how many "rows" the encoder "read" the text, and the "recall" of the ten nearest,
    measured "among" so many that the draft had not seen.  None for a map of the encoder's vectors."""
    scores: Scores = field(default_factory=lambda: Scores.unknown(0))

    def __post_init__(self) -> None:
        if len(self.scores.outlier) != len(self.dataset):
            object.__setattr__(self, "scores", Scores.unknown(len(self.dataset)))

    @property
    def outcome(self) -> Outcome:
        """What the run amounts to."""
        return Outcome(
            self.key,
            self.name,
            self.dataset.key,
            len(self.dataset),
            len(self.dataset.rejected) - count_notes(self.dataset.rejected),
            self.embeddings,
            self.knn,
            self.projection,
            self.clustering,
            self.timings,
            self.onto,
            self.draft,
        )


def said_draft(draft: Mapping[str, Any]) -> str:
    """Return in sentences what a draft map is, and how far its neighbours are those of the encoder, see `Run.draft`."""
    agree = "How far its neighbours are those that the encoder finds was not measured: too few texts were read."
    if draft["recall"] is not None:
        agree = (
            f"Of the ten nearest rows of a row {round(100 * draft['recall'])} % are those that the encoder finds, "
            f"measured among {draft['among']:,} texts that the draft had not seen."
        )
    return (
        f"This is a draft map: the encoder read {draft['read']:,} of {draft['rows']:,} texts, the vectors of all are "
        f"drafts that were fitted to theirs. {agree}"
    )
