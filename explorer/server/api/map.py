"""The REST routes of what the map is drawn from: its points, and its pictures while it is made.

Its clusters, colours, pictures and third dimension have files of their own.
"""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from explorer.server.api.downloads import binary
from explorer.server.api.parameters import Dims
from explorer.server.services import Services


def map_routes(router: APIRouter, services: Services) -> None:
    """Add the routes."""

    @router.get("/runs/{key}/points", tags=["map"], response_class=Response)
    def points(key: str, request: Request, dims: Dims = None) -> Response:
        """Return the map as binary columns: 40 bytes of header, then i4 label, u2 x, u2 y for each row.

        With `dims=3` the 3-D map, u2 z after them; 409 until `POST /runs/{key}/space` has had it made.
        """
        body = services.maps.points(key, dims=dims)
        tag = f'"{key}"' if dims is None else f'"{key}-{dims}"'
        return binary(body, tag, request)

    @router.get("/runs/{key}/frames", tags=["map"], response_class=Response)
    def frames(key: str, after: Annotated[int, Query(ge=-1)] = -1) -> Response:
        """Return the pictures of the map in the making with a number greater than *after*, one after the other.

        Each: `EEF1`, u4 number, u4 stage (0 embed: principal components of what is embedded so far; 1 project: UMAP on
        its way), u4 m, u4 n, f4 low and high of x and y, then u2 x[m], u2 y[m] of row i·n//m; 65535: no place yet.
        """
        body = services.maps.frames(key, after)
        return Response(body, media_type="application/octet-stream", headers={"Cache-Control": "no-store"})
