"""The REST routes of pictures: one by one, many in a sheet, and which rows have one.

Each route calls one verb of `Services`, as those of `api` do.
"""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Response

from explorer.kinds import picture_type
from explorer.questions import answers
from explorer.server.api.answering import takes
from explorer.server.api.downloads import IMMUTABLE
from explorer.server.crowd import PICTURES
from explorer.server.services import Services
from explorer.workspace import MOST_ROWS, SIDES

WITHOUT = "Rows-Without-Picture"
_SIDES = f"pixels a side: {', '.join(map(str, SIDES))}"


def picture_routes(router: APIRouter, services: Services) -> None:
    """Add the routes."""

    @router.get("/runs/{key}/map.svg", tags=["map"], response_class=Response)
    def small_map(key: str) -> Response:
        """Return the map as small as a stamp, 72 by 48 pixels."""
        return Response(services.maps.small(key), media_type="image/svg+xml", headers=IMMUTABLE)

    @router.get("/runs/{key}/thumbnails/{row}.webp", tags=["map"], response_class=Response, deprecated=True)
    @router.get("/runs/{key}/thumbnails/{row}.jpg", tags=["map"], response_class=Response)
    @takes(PICTURES)
    def thumbnail(key: str, row: int) -> Response:
        """Return a row's picture, at most 160 pixels a side."""
        picture = services.pictures.of_row(services.workspace.runs.record(key)["dataset"], row, large=False)
        return Response(picture, media_type=picture_type(picture), headers=IMMUTABLE)

    @router.get("/runs/{key}/images/{row}", tags=["map"], response_class=Response)
    @takes(PICTURES)
    def image(key: str, row: int) -> Response:
        """Return a row's picture, at most 1,024 pixels a side."""
        picture = services.pictures.of_row(services.workspace.runs.record(key)["dataset"], row, large=True)
        return Response(picture, media_type=picture_type(picture), headers=IMMUTABLE)

    @router.get("/runs/{key}/sprites", tags=["map"], response_class=Response)
    @takes(PICTURES)
    def sprites(
        key: str,
        rows: Annotated[str, Query(description=f"row numbers with commas between them, at most {MOST_ROWS}")],
        side: Annotated[int, Query(description=_SIDES)] = 96,
    ) -> Response:
        """Return the pictures of some rows in one WebP: squares line by line, eight a line, in the order asked for.

        The header `Rows-Without-Picture` lists rows that are texts or whose picture is gone; their squares are grey.
        """
        made = services.pictures.sheet(key, rows, side)
        # A picture that is gone may come back: such a sheet is not to be kept.
        headers = (
            {"Cache-Control": "no-store", WITHOUT: ",".join(map(str, made.without))} if made.without else IMMUTABLE
        )
        return Response(made.content, media_type="image/webp", headers=headers)

    @router.get("/runs/{key}/pictures", tags=["map"], response_class=Response)
    def pictures(key: str) -> Response:
        """Tell which rows have a picture, and how well each stands for its cluster: `EEW1`, u4 n, u1 worth[n].

        0: the row is a text; 1 to 200: a picture, by its strength of membership; above: an example of its cluster, the
        best 255.
        """
        body = answers.pictures(services.run(key))
        return Response(body, media_type="application/octet-stream", headers={**IMMUTABLE, "ETag": f'"{key}-p"'})
