"""The REST routes of what is taken away: the report in each of its formats.

Each route calls one verb of `Services`, as those of `api` do.
"""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Response

from explorer.errors import NotFound
from explorer.server.api.answering import takes
from explorer.server.api.downloads import download, made, saved_as
from explorer.server.api.parameters import TakeIn
from explorer.server.crowd import REPORTS
from explorer.server.services import Services

REPORT_TYPES = {
    "html": "text/html; charset=utf-8",
    "json": "application/json",
    "csv": "text/csv; charset=utf-8",
    "parquet": "application/vnd.apache.parquet",
    "npy": "application/octet-stream",
}

Alike = Annotated[float, Query(gt=0, le=1, description="the cosine from which rows are near-duplicates")]


def report_routes(router: APIRouter, services: Services) -> None:
    """Add the routes."""

    @router.get("/runs/{key}/report.zip", tags=["report"], response_class=Response)
    @takes(REPORTS)
    def everything(key: str, near_duplicate: Alike = 0.98, take_in: TakeIn = None) -> Response:
        """Download the report in every format."""
        from explorer.report import bundle

        run = services.run(key, take_in=take_in)
        return made(
            bundle(run, near_duplicate=near_duplicate, thumbnail=services.pictures.thumbnails.small),
            "application/zip",
            saved_as(run.name, "report.zip"),
        )

    @router.get("/runs/{key}/clusters.csv", tags=["report"], response_class=Response)
    @takes(REPORTS)
    def clusters_csv(key: str, take_in: TakeIn = None) -> Response:
        """Download the clusters as CSV."""
        from explorer.report import render

        run = services.run(key, take_in=take_in)
        return download(render(run, "clusters.csv"), REPORT_TYPES["csv"], saved_as(run.name, "clusters.csv"))

    @router.get("/runs/{key}/faults.csv", tags=["report"], response_class=Response)
    @takes(REPORTS)
    def faults_csv(key: str, near_duplicate: Alike = 0.98) -> Response:
        """Download what is wrong with the data, by kind, with the first examples, as CSV."""
        from explorer.report import render

        run = services.run(key)
        content = render(run, "faults.csv", near_duplicate=near_duplicate)
        return download(content, REPORT_TYPES["csv"], saved_as(run.name, "faults.csv"))

    @router.get("/runs/{key}/vectors.npy", tags=["report"], response_class=Response)
    @takes(REPORTS)
    def vectors(key: str) -> Response:
        """Download the vectors, float32 (n, d)."""
        return report(key, "npy")

    @router.get("/runs/{key}/report.{kind}", tags=["report"], response_class=Response)
    @takes(REPORTS)
    def report(
        key: str, kind: str, near_duplicate: Alike = 0.98, take_in: TakeIn = None, inline: bool = False
    ) -> Response:
        """Download the report as html or json, or the items as csv or parquet; `taken_in` marks noise taken in.

        `inline=true` shows the page in the browser instead of saving it.
        """
        from explorer.report import pieces

        if kind not in REPORT_TYPES:
            raise NotFound(f"there is no report.{kind}; there are {', '.join(REPORT_TYPES)}.")
        run = services.run(key, take_in=take_in)
        stem = {"csv": "items", "parquet": "items", "npy": "vectors"}.get(kind, "report")
        parts = pieces(run, kind, near_duplicate=near_duplicate, thumbnail=services.pictures.thumbnails.small)
        return made(parts, REPORT_TYPES[kind], saved_as(run.name, f"{stem}.{kind}"), inline=inline and kind == "html")
