"""The REST routes of what can colour the map: columns of the table, and what was computed of each row.

Each route calls one verb of `Services`, as those of `api` do.
"""

from __future__ import annotations

import io
from typing import Annotated, Any

import numpy as np
from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, Field

from explorer.questions import columns
from explorer.server.api.answering import takes
from explorer.server.api.downloads import download, saved_as
from explorer.server.crowd import LOOKS
from explorer.server.services import Services

MOST_ALSO = 30
"""Rare values that may be asked for at once."""


class ColumnReading(BaseModel):
    """How a column is to be read."""

    column: str = Field(max_length=10_000)
    read_as: str | None = Field(None, max_length=20)


def column_routes(router: APIRouter, services: Services) -> None:
    """Add the routes."""

    @router.get("/datasets/{key}/columns", tags=["datasets"])
    @takes(LOOKS)
    def kinds(key: str) -> dict[str, Any]:
        """Tell how each column of a dataset's table is read: its kind, its form, what could not be read so.

        `read_as` is "category", "number" or "date", with the form of its values where they need one: the decimal sign
        ("number:,"), the order of day and month ("date:dmy"), seconds since 1970 ("date:s", "date:ms"), or a time of
        no day ("date:clock"). `sure` is false where the values allow another reading as well; `doubt` names what.
        What the file has is kept as it is.
        """
        return {"columns": services.datasets.columns(key)}

    @router.put("/datasets/{key}/columns", tags=["datasets"])
    @takes(LOOKS)
    def set_kind(key: str, wanted: ColumnReading) -> dict[str, Any]:
        """Set how a column is read, for all who look at it; null: as it is recognised."""
        services.datasets.set_reading(key, wanted.column, wanted.read_as)
        return {"columns": services.datasets.columns(key)}

    @router.get("/runs/{key}/values/{name:path}", tags=["map"])
    def values(key: str, name: str, q: Annotated[str, Query(max_length=200)] = "") -> dict[str, Any]:
        """Return the values of a column that contain `q`, the most frequent first, and how many do."""
        return services.columns.values(key, name, q)

    @router.get("/runs/{key}/columns/{name:path}", tags=["map"])
    def column(
        key: str,
        name: str,
        read_as: Annotated[str | None, Query(max_length=20)] = None,
        also: Annotated[list[str] | None, Query(max_length=MOST_ALSO)] = None,
        has: Annotated[str | None, Query(max_length=200)] = None,
    ) -> dict[str, Any]:
        """Return a metadata column as colour codes, base64 of a byte a row, 255 for none.

        A number or date has code `round(254 (value - low) / (high - low))`; `below` and `above` rows lie beyond the
        scale, which a few extremes do not stretch, and have the codes of its ends. `ticks` are round values on it;
        `firsts` and `lasts` are the least and greatest value of the rows that have each code, 0 to 254.
        `read_as` reads it otherwise, such as "category" or "date:mdy"; "date:daytime" looks at dates by the time of
        day, "date:weekday" by the day of the week (of one order "date:mdy:weekday"). Where `circle` is true the end of
        the scale, or of the values, meets its beginning: 23:58 is beside 00:00.
        `unread` values are not of that kind and have no code. Of categories the 20 commonest have a code, and those
        that `also` names.
        Where a row may have several answers, as in “Library, Bus”, these are listed as `answers`; `has` one of them
        makes the column two categories: who has it, and who has not.
        """
        return services.columns.column(key, name, read_as, also or (), has)

    _score_routes(router, services)


def _score_routes(router: APIRouter, services: Services) -> None:
    @router.get("/runs/{key}/scores", tags=["map"])
    def scores(key: str) -> dict[str, Any]:
        """Tell what was computed of each row, what it means, and whether it is known of this run."""
        return {"scores": services.columns.scores(key)}

    @router.get("/runs/{key}/scores/{name}.npy", tags=["map"], response_class=Response)
    def score_values(key: str, name: str) -> Response:
        """Download what was computed of each row, float32 (n,), nan where it cannot be said."""
        run = services.run(key)
        buffer = io.BytesIO()
        np.save(buffer, columns.score_values(run, name), allow_pickle=False)
        return download(buffer.getvalue(), "application/octet-stream", saved_as(run.name, f"{name}.npy"))

    @router.get("/runs/{key}/scores/{name}", tags=["map"])
    def score(key: str, name: str) -> dict[str, Any]:
        """Return what was computed of each row as colour codes, as `columns` does; 409 where it is not known."""
        return services.columns.score(key, name)
