"""The REST routes of two maps of the same rows side by side.

Each route calls one verb of `Services`, as those of `api` do.
"""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request, Response

from explorer.server.api.answering import takes
from explorer.server.api.downloads import binary, download, saved_as
from explorer.server.api.reports import REPORT_TYPES
from explorer.server.crowd import REPORTS
from explorer.server.services import Services


def comparing_routes(router: APIRouter, services: Services) -> None:
    """Add the routes."""

    @router.get("/runs/{key}/compare/{other}", tags=["compare"])
    @takes(REPORTS)
    def compare(key: str, other: str) -> dict[str, Any]:
        """Tell how two maps of the same rows differ, such as those by two encoders.

        `agreement` is the share of a row's `k` nearest by the one that are among its `k` nearest by the other, the mean
        of all rows; `chance` what chance gives. `rand` is the adjusted Rand index of the clusters, `information`
        their normalised mutual information. `columns` has, of each labelled column, the leave-one-out accuracy of a
        vote of the `k` nearest, and the mutual information of the clusters with it. Rows that say the same count once.
        """
        return services.comparing.whole(key, other)

    @router.get("/runs/{key}/compare/{other}/items/{row}", tags=["compare"])
    @takes(REPORTS)
    def row_compared(key: str, other: str, row: int) -> dict[str, Any]:
        """Return a row with its nearest by each map, those that are `shared` marked; rows are named as in the first."""
        return services.comparing.row(key, other, row)

    @router.get("/runs/{key}/compare/{other}/points", tags=["compare"], response_class=Response)
    @takes(REPORTS)
    def points_compared(key: str, other: str, request: Request) -> Response:
        """Return binary columns of two maps: the second one laid on the first, and how far each row's neighbours agree.

        Little-endian: `EEC1`, u4 n, u4 m, u4 zero; f4 x[m], y[m] of the second map, turned, mirrored, scaled and moved
        to lie on the first (nan: no place); i4 other[n], the row of the second that is the same item (-1: none);
        u1 overlap[n], in percent (255: not compared).
        """
        return binary(services.comparing.maps(key, other), f'"{key}-{other}"', request)

    @router.get("/runs/{key}/compare/{other}/report.html", tags=["compare"], response_class=Response)
    @takes(REPORTS)
    def comparison_report(key: str, other: str, inline: bool = False) -> Response:
        """Download the comparison as a page with both maps; `inline=true` shows it in the browser."""
        page, names = services.comparing.page(key, other, thumbnail=services.pictures.thumbnails.small)
        return download(page.encode("utf-8"), REPORT_TYPES["html"], saved_as(names, "compared.html"), inline=inline)
