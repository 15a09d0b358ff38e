"""The REST routes of new versions of a dataset: rows added, removed, edited, and placed on a map that is there.

Files come by the routes of `uploads`.
"""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field, model_validator

from explorer.server.api.answering import takes
from explorer.server.api.parameters import Chosen
from explorer.server.crowd import FILES, READINGS
from explorer.server.services import Services
from explorer.server.versions import Difference, Selected

MOST_EDITED, MOST_TEXT = 10_000, 10_000_000
Row = Annotated[int, Field(ge=0, lt=2**31)]


class Where(BaseModel):
    """Rows that have this value in this column, as the file had it; an empty one stands for none."""

    column: str
    value: str


class OnMap(BaseModel):
    """Rows inside a shape, as for `selection`, on the map of a finished run."""

    run: str
    shape: dict[str, Any]


class Different(BaseModel):
    """Rows that go – by number, by a column's value, by a shape on a map – and texts that are other ones, by number."""

    model_config = ConfigDict(extra="forbid")
    removed: list[Row] = Field(default_factory=list)
    where: Where | None = None
    selected: list[OnMap] = Field(default_factory=list, max_length=100)
    edited: dict[Row, Annotated[str, Field(max_length=MOST_TEXT)]] = Field(default_factory=dict, max_length=MOST_EDITED)
    hide_rejected: bool = False

    @property
    def difference(self) -> Difference:
        """What a version has different."""
        where = None if self.where is None else (self.where.column, self.where.value)
        shapes = [Selected(one.run, one.shape) for one in self.selected]
        return Difference(self.removed, where, shapes, self.edited, self.hide_rejected)


class Added(Different, Chosen):
    """An upload that is complete, or a pasted text – a line an item, or the rows of a table –, and how to read it.

    What else the same version is to have different goes along, as in `Changes`.
    """

    model_config = ConfigDict(extra="ignore")
    upload: str | None = None
    text: str | None = None

    @model_validator(mode="after")
    def check(self) -> Added:
        """Raise ValueError where not exactly one of both is given."""
        if (self.upload is None) == (self.text is None):
            raise ValueError("name an upload, or give a text")
        return self


class Changes(Different):
    """What a version is to have different, something at least."""

    @model_validator(mode="after")
    def check(self) -> Changes:
        """Raise ValueError where nothing is to change."""
        if not (self.removed or self.where or self.selected or self.edited or self.hide_rejected):
            raise ValueError("say which rows to remove or edit")
        return self


class Sample(BaseModel):
    """How many rows, and the column whose values keep their shares, if any."""

    model_config = ConfigDict(extra="forbid")
    rows: int = Field(ge=1, lt=2**31)
    by: str | None = None


class Onto(BaseModel):
    """The run on whose map new rows are placed; none: the newest of the dataset that the version was made of."""

    model_config = ConfigDict(extra="forbid")
    run: str | None = None
    send: bool = False


def version_routes(router: APIRouter, services: Services) -> None:
    """Add the routes."""

    @router.post("/datasets/{key}/rows", tags=["datasets"], status_code=201)
    @takes(READINGS)
    def add_rows(key: str, added: Added) -> dict[str, Any]:
        """Add the rows of an upload, or of a text, to a dataset: the answer is the new version, with its *version*.

        Rows that are to go or to have another text may go along, as for `changes`: all is one new version.  The dataset
        stays as it is.  Only rows that are new are embedded when the version is mapped.
        """
        also = added.difference
        if added.text is not None:
            return services.versions.add_text(key, added.text, choices=added.choices, also=also)
        upload, text = str(added.upload), added.text_column
        return services.versions.add(key, upload, text=text, choices=added.choices, also=also)

    @router.post("/datasets/{key}/changes", tags=["datasets"], status_code=201)
    @takes(READINGS)
    def change_rows(key: str, changes: Changes) -> dict[str, Any]:
        """Remove rows of a dataset, give some another text, or hide what could not be read, as a new version of it."""
        return services.versions.change(key, changes.difference)

    @router.post("/datasets/{key}/sample", tags=["datasets"], status_code=201)
    @takes(READINGS)
    def sample(key: str, sample: Sample) -> dict[str, Any]:
        """Take so many rows of a dataset by chance, as a new version of it; the same request takes the same rows."""
        return services.versions.sample(key, sample.rows, by=sample.by)

    @router.post("/datasets/{key}/placed", tags=["datasets"], status_code=202)
    @takes(FILES)
    def place_rows(key: str, onto: Onto) -> dict[str, str]:
        """Start the run of a new version that keeps a finished map: old rows stay to the bit, others join them.

        To lay all rows out anew, start a run of the version instead.
        """
        return {"run": services.versions.place(key, onto.run, send=onto.send)}

    @router.get("/runs/{key}/placed", tags=["map"])
    def placed_rows(key: str) -> dict[str, Any]:
        """Tell which rows were placed on the map of another run, a bit a row as for `selection`, and how many."""
        return services.versions.placed(key)
