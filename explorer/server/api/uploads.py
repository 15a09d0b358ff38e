"""The REST routes of uploads that come in pieces and go on after a break.

What keeps the pieces is `workspace`; what reads them, the services of datasets.
"""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Body, Query, Request, Response

from explorer.server.api.answering import takes
from explorer.server.api.parameters import Chosen
from explorer.server.crowd import FILES, READINGS
from explorer.server.services import Services

CHUNK = 8 * 2**20


def upload_routes(router: APIRouter, services: Services) -> None:
    """Add the routes."""

    @router.post("/uploads", tags=["uploads"], status_code=201)
    def begin() -> dict[str, Any]:
        """Begin a resumable upload of one or more files."""
        return {"upload": services.uploads.create(), "chunk": CHUNK}

    @router.put("/uploads/{upload}/file", tags=["uploads"], status_code=204)
    async def append(upload: str, name: str, offset: Annotated[int, Query(ge=0)], request: Request) -> Response:
        """Append the raw body to a file at *offset*; 409 tells in `Upload-Offset` where to go on instead."""
        size = await services.uploads.append_stream(upload, name, offset=offset, stream=request.stream())
        return Response(status_code=204, headers={"Upload-Offset": str(size)})

    @router.head("/uploads/{upload}/file", tags=["uploads"])
    def offset(upload: str, name: str) -> Response:
        """Tell in `Upload-Offset` how many bytes of a file are here."""
        return Response(headers={"Upload-Offset": str(services.uploads.offset(upload, name))})

    @router.delete("/uploads/{upload}", tags=["uploads"], status_code=204)
    @takes(FILES)
    def cancel(upload: str) -> Response:
        """Cancel an upload, or the reading of it, and delete what came."""
        services.datasets.cancel_upload(upload)
        return Response(status_code=204)

    @router.post("/uploads/{upload}/done", tags=["uploads"], status_code=201)
    @takes(READINGS)
    def finish(upload: str, chosen: Annotated[Chosen | None, Body()] = None) -> dict[str, Any]:
        """Read the uploaded files into a dataset; a DELETE of the upload meanwhile ends it with 409."""
        chosen = chosen or Chosen()
        return services.datasets.add_upload(upload, text=chosen.text_column, choices=chosen.choices)
