"""The REST routes of datasets: list them, make one of a file or of text, look into one, rename it, delete it.

Larger uploads come in pieces, by the routes of `uploads`.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, Field, model_validator

from explorer.kinds import picture_type
from explorer.portable import packed
from explorer.server.api.answering import answered_in, takes
from explorer.server.api.downloads import IMMUTABLE, download, saved_as, streamed
from explorer.server.api.forms import BODY, receive_form
from explorer.server.api.parameters import MOST_CHOICES, Chosen, choices_of
from explorer.server.crowd import FILES, PICTURES, READINGS
from explorer.server.services import Services
from explorer.server.undoing import DATASET
from explorer.server.uploads import in_time
from explorer.workspace import fault_from


class PastedText(BaseModel):
    """Text whose lines become the items, or with the choice `{"as": "table"}` the rows of a table."""

    text: str
    name: str = Field("Pasted text", max_length=200)
    choices: dict[str, str] = Field(default_factory=dict, max_length=MOST_CHOICES)


class Told(BaseModel):
    """What somebody says of a dataset: another name, a note, or both."""

    name: str | None = Field(None, min_length=1, max_length=200)
    note: str | None = Field(None, max_length=40_000)

    @model_validator(mode="after")
    def check(self) -> Told:
        """Raise ValueError where nothing is said."""
        if self.name is None and self.note is None:
            raise ValueError("give a name, a note, or both")
        return self


def reading_routes(router: APIRouter, services: Services) -> None:
    """Add the routes that read files and texts into datasets."""

    @router.post("/datasets", tags=["datasets"], status_code=201, openapi_extra={"requestBody": BODY})
    async def add_dataset(request: Request) -> Response:
        """Read one file (multipart field `file`) into a dataset; `text` names the text column, or columns to join.

        `choices` says how to read it, as a JSON object: `{"sheet": "Data"}`; a dataset tells which there are.
        """
        upload = await FILES.run(services.uploads.create, once=True)

        async def take(name: str, content: AsyncIterator[bytes]) -> None:
            await services.uploads.append_stream(upload, name, offset=0, stream=content)

        try:
            told = await receive_form(request.headers.get("content-type", ""), in_time(request.stream()), take)
            asked, text = choices_of(told.get("choices", ["{}"])[-1]), told.get("text")
            return await answered_in(READINGS, 201, services.datasets.add_upload, upload, text=text, choices=asked)
        except BaseException:
            await asyncio.to_thread(services.uploads.remove, upload)  # nobody knows its name, to read it again
            raise

    @router.post("/datasets/text", tags=["datasets"], status_code=201)
    @takes(READINGS)
    def add_text(pasted: PastedText) -> dict[str, Any]:
        """Make a dataset of pasted text, a line an item."""
        return services.datasets.add_text(pasted.text, pasted.name, choices=pasted.choices)

    @router.post("/datasets/{key}/read", tags=["datasets"], status_code=201)
    @takes(READINGS)
    def read_again(key: str, chosen: Chosen) -> dict[str, Any]:
        """Read a dataset's files again with another text column or other `choices`; an empty one is as it is found.

        The answer is the dataset that results; it takes the place of the one before, unless that one has maps. Types
        that were set, its name and its note go along; `forgotten` says what could not.
        """
        return services.datasets.read_again(key, text=chosen.text_column, choices=chosen.choices)

    @router.post("/datasets/{key}/apart", tags=["datasets"], status_code=201)
    @takes(READINGS)
    def apart(key: str) -> dict[str, Any]:
        """Make a dataset of each of the files that one was put together from; that one goes, unless it has runs."""
        return {"datasets": services.versions.keep_apart(key)}


def dataset_routes(router: APIRouter, services: Services) -> None:
    """Add the routes of datasets that are there."""

    @router.get("/datasets", tags=["datasets"])
    def datasets() -> dict[str, Any]:
        """List the datasets, newest first; `deleted_in`: in how many seconds one goes that was deleted on the page."""
        return {"datasets": services.undoing.told(DATASET, services.datasets.all())}

    @router.get("/datasets/{key}", tags=["datasets"])
    def dataset(key: str) -> dict[str, Any]:
        """Tell what a dataset is: its first rows, its columns, what was rejected."""
        return services.datasets.preview(key)

    @router.get("/datasets/{key}/rejected", tags=["datasets"])
    def rejected(
        key: str, offset: Annotated[int, Query(ge=0)] = 0, limit: Annotated[int, Query(ge=1, le=10_000)] = 1_000
    ) -> dict[str, Any]:
        """Tell what could not be read, from *offset* on, at most *limit* of it, and how much by kind of reason."""
        return services.datasets.all_rejected(key, offset=offset, limit=limit)

    @router.get("/datasets/{key}/estimates", tags=["datasets"])
    def estimates(key: str, rows: Annotated[int | None, Query(ge=1)] = None) -> dict[str, Any]:
        """Tell what a map of a dataset, or of so many of its rows, takes with each encoder: seconds and bytes."""
        return {"estimates": services.runs.estimates(key, rows=rows)}

    @router.patch("/datasets/{key}", tags=["datasets"])
    def rename_dataset(key: str, told: Told) -> dict[str, Any]:
        """Rename a dataset, or keep a note on it: plain text, an empty one takes it away."""
        services.datasets.rename(key, told.name, told.note)
        return services.datasets.one(key)

    @router.delete("/datasets/{key}", tags=["datasets"], status_code=204)
    @takes(FILES)
    def delete_dataset(key: str) -> Response:
        """Delete a dataset and its runs."""
        services.datasets.delete(key)
        return Response(status_code=204)

    @router.get("/datasets/{key}/dataset.zip", tags=["datasets"], response_class=StreamingResponse)
    @takes(FILES)
    def saved(key: str) -> Response:
        """Download a dataset as one file: its rows, what they were read from, its finished maps with their vectors.

        Sent as an upload, to this server or another, it is the dataset with its maps again; nothing is computed.
        """
        name = services.datasets.one(key)["name"]
        return streamed(packed(services.workspace, key), "application/zip", f"{name}.zip")

    @router.get("/datasets/{key}/thumbnails/{row}.webp", tags=["datasets"], deprecated=True)
    @router.get("/datasets/{key}/thumbnails/{row}.jpg", tags=["datasets"])
    @takes(PICTURES)
    def thumbnail(key: str, row: int) -> Response:
        """Return a picture's thumbnail, at most 160 pixels a side."""
        picture = services.pictures.of_row(key, row, large=False)
        return Response(picture, media_type=picture_type(picture), headers=IMMUTABLE)


def fault_routes(router: APIRouter, services: Services) -> None:
    """Add the routes of what is wrong with a dataset."""

    @router.get("/datasets/{key}/faults", tags=["datasets"])
    def faults(key: str) -> dict[str, Any]:
        """Tell what is wrong with a dataset, by kind: how many, in which column, the first of them as examples."""
        return {"faults": services.datasets.faults(key)}

    @router.get("/datasets/{key}/faults.csv", tags=["datasets"], response_class=Response)
    def faults_csv(key: str) -> Response:
        """Download what is wrong with a dataset, by kind, with the first examples, as CSV."""
        from explorer.report import csv_of_faults

        content = csv_of_faults(map(fault_from, services.datasets.faults(key)))
        name = services.datasets.one(key)["name"]
        return download(content, "text/csv; charset=utf-8", saved_as(name, "faults.csv"))
