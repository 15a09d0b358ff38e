"""The REST routes of what can colour the map: columns of the table, and what was computed of each row.

Each route calls one verb of `Services`, as those of `api` do.
"""

from __future__ import annotations

import io
from typing import Any

import numpy as np
from fastapi import APIRouter, Response

from explorer.questions import columns
from explorer.server.api.downloads import download
from explorer.server.services import Services


def column_routes(router: APIRouter, services: Services) -> None:
    """Add the routes."""

    @router.get("/runs/{key}/columns/{name:path}", tags=["map"])
    def column(key: str, name: str) -> dict[str, Any]:
        """Return a metadata column as colour codes, base64 of a byte a row, 255 for none.

        A number or date has code `round(254 (value - low) / (high - low))`; `below` and `above` rows lie beyond the
        scale, which a few extremes do not stretch, and have the codes of its ends. `ticks` are round values on it;
        `firsts` and `lasts` are the least and greatest value of the rows that have each code, 0 to 254.
        """
        return services.questions.column(key, name)

    @router.get("/runs/{key}/scores", tags=["map"])
    def scores(key: str) -> dict[str, Any]:
        """Tell what was computed of each row, what it means, and whether it is known of this run."""
        return {"scores": services.questions.scores(key)}

    @router.get("/runs/{key}/scores/{name}.npy", tags=["map"], response_class=Response)
    def score_values(key: str, name: str) -> Response:
        """Download what was computed of each row, float32 (n,), nan where it cannot be said."""
        run = services.run(key)
        buffer = io.BytesIO()
        np.save(buffer, columns.score_values(run, name), allow_pickle=False)
        return download(buffer.getvalue(), "application/octet-stream", f"{run.name}-{name}.npy")

    @router.get("/runs/{key}/scores/{name}", tags=["map"])
    def score(key: str, name: str) -> dict[str, Any]:
        """Return what was computed of each row as colour codes, as `columns` does; 409 where it is not known."""
        return services.questions.score(key, name)
