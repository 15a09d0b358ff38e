"""The REST routes of a selection: what a lasso, a box or a set of rows holds, and its rows as CSV.

Each route calls one verb of `Services`, as those of `api` do.
"""

from __future__ import annotations

import json
from typing import Annotated, Any

from fastapi import APIRouter, Body, Form, Response

from explorer.errors import BadSetting
from explorer.questions import rows_in
from explorer.server.api.answering import takes
from explorer.server.api.downloads import made, saved_as
from explorer.server.api.parameters import TakeIn
from explorer.server.api.reports import REPORT_TYPES
from explorer.server.crowd import REPORTS
from explorer.server.services import Services


def selection_routes(router: APIRouter, services: Services) -> None:
    """Add the routes."""

    @router.post("/runs/{key}/selection", tags=["map"])
    def select(key: str, shape: Annotated[dict[str, Any], Body()], take_in: TakeIn = None) -> dict[str, Any]:
        """Tell what a lasso, a box or a set of rows holds: how many rows, their clusters and keywords.

        `{"path": [[x, y], …]}` or `{"box": [x0, y0, x1, y1]}` in the map's units, or `{"rows": …}`: base64 of a bit a
        row, row 0 the lowest of the first byte. `csv` is the way to the rows as CSV; `null` where it is too long for
        an address: POST the same to `selection.csv` then.
        """
        return services.questions.select(key, shape, take_in=take_in)

    @router.get("/runs/{key}/selection.csv", tags=["map"], response_class=Response)
    @takes(REPORTS)
    def selection_csv(key: str, shape: str, take_in: TakeIn = None) -> Response:
        """Download the rows of a selection, given as json."""
        return selected(key, shape, take_in)

    @router.post("/runs/{key}/selection.csv", tags=["map"], response_class=Response)
    @takes(REPORTS)
    def long_selection_csv(key: str, shape: Annotated[str, Form()], take_in: TakeIn = None) -> Response:
        """Download the rows of a selection too long for an address: its json as the form's field `shape`."""
        return selected(key, shape, take_in)

    def selected(key: str, shape: str, take_in: float | None) -> Response:
        from explorer.report import selected_items

        run = services.run(key, take_in=take_in)
        try:
            drawn = json.loads(shape)
        except (ValueError, RecursionError) as exc:
            raise BadSetting(f"shape is not json: {exc}.") from exc
        rows = rows_in(run, drawn if isinstance(drawn, dict) else {})
        return made(selected_items(run, rows), REPORT_TYPES["csv"], saved_as(run.name, "selection.csv"))
