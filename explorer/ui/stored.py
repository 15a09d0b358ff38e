"""The one schema of what the page's stores hold: the fields that handlers count on, and of which type all in them is.

It checks nothing: `shapes.py` does.  A store may hold more than what is named here, and None while it holds nothing.
"""

from __future__ import annotations

from typing import Any, Literal, NotRequired, TypedDict

from explorer.ui import ids


class Going(TypedDict):
    """A run that has no map yet."""

    run: str
    state: Literal["queued", "running", "failed", "cancelled", "interrupted", "missing"]
    dataset: NotRequired[str]
    name: NotRequired[str | None]
    title: NotRequired[str | None]
    settings: NotRequired[dict[str, str | float | bool | None]]
    rows: NotRequired[int]


class Onto(TypedDict):
    """The map on which rows were placed."""

    name: str
    placed: int
    strange: int


class Draft(TypedDict):
    """Of how many rows of a draft map the encoder read the text, and how far its neighbours are the encoder's."""

    read: int
    rows: int
    recall: float | None
    among: int


class Done(TypedDict):
    """A finished run, and what it amounts to."""

    run: str
    state: Literal["done"]
    dataset: str
    name: str | None
    title: NotRequired[str | None]
    settings: dict[str, str | float | bool | None]
    rows: int
    clusters: int
    dim: int
    noise: float
    rejected: int
    left_out: NotRequired[dict[str, int] | None]
    reused: NotRequired[int | None]
    truncated: NotRequired[int | None]
    unread: NotRequired[int | None]
    encoder: NotRequired[str | None]
    trustworthiness: NotRequired[float | None]
    continuity: NotRequired[float | None]
    onto: NotRequired[Onto | None]
    draft: NotRequired[Draft | None]
    timings: NotRequired[dict[str, float] | None]


class View(TypedDict):
    """What the map needs of a finished run, as far as the server reads it again."""

    run: str
    columns: list[str]
    described: NotRequired[dict[str, str]]


class Hit(TypedDict):
    """A row that was found."""

    row: int
    cluster: int
    score: float
    weak: bool
    across: NotRequired[bool]
    cluster_name: NotRequired[str]
    text: NotRequired[str | None]
    path: NotRequired[str | None]
    thumbnail: NotRequired[str | None]
    taken_in: NotRequired[bool]


class Hits(TypedDict):
    """The last search."""

    run: str
    query: str
    hits: list[Hit]
    having: NotRequired[int]
    remark: NotRequired[str | None]


class Asked(TypedDict):
    """Words that are to be searched."""

    run: str
    words: str
    more: NotRequired[bool]


class Focus(TypedDict):
    """The clusters in focus."""

    labels: list[int]
    name: NotRequired[str | None]


class Selection(TypedDict):
    """What is selected."""

    run: str
    shape: dict[str, Any]


class At(TypedDict):
    """Where a run's tree is cut."""

    run: str
    at: float


class Size(TypedDict):
    """How coarse the clusters of another run are to be."""

    run: str
    size: float


class OfDataset(TypedDict):
    """A dataset that was read, or whose rejected rows are to be listed."""

    dataset: str


class Uploaded(TypedDict):
    """What was just read."""

    dataset: str
    name: NotRequired[str]
    rows: NotRequired[int]


class Look(TypedDict):
    """An upload that is looked at before it has come."""

    upload: str


class Type(TypedDict):
    """The type that is set for a column; "" takes it back."""

    column: str
    read_as: str


class Action(TypedDict):
    """A press in the list of files and maps."""

    do: str
    kind: str
    key: str
    name: NotRequired[str]


class Editing(TypedDict):
    """The row of that list that is being changed."""

    kind: str
    key: str
    how: str


class Coloring(TypedDict, total=False):
    """What the map is coloured by, and how."""

    color: str | None
    read_as: str | None
    has: str | None
    also: str | None


STORES: dict[str, Any] = {
    ids.STATUS: Going | Done,
    ids.VIEW: View,
    ids.SEARCH_ASKED: Asked,
    ids.HITS: Hits,
    ids.CLUSTER_FOCUS: Focus,
    ids.SELECTION: Selection,
    ids.COLORING: Coloring,
    ids.CUT: At,
    ids.RECUT_KEEP: At,
    ids.PICK_SIZE: Size,
    ids.REJECTED_OPEN: OfDataset,
    ids.UPLOAD_LOOK: Look,
    ids.TYPE_ASKED: Type,
    ids.UPLOADED: Uploaded,
    "library-action": Action,
    "library-editing": Editing,
}
