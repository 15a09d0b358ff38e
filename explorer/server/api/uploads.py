"""The REST routes of uploads that come in pieces and go on after a break.

What keeps the pieces is `workspace`; what reads them, the services of datasets.
"""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Body, Query, Request, Response
from pydantic import BaseModel, Field

from explorer.server.api.answering import takes
from explorer.server.api.parameters import Chosen
from explorer.server.crowd import FILES, PREVIEWS, READINGS
from explorer.server.services import Services
from explorer.server.uploads import Planned

CHUNK = 8 * 2**20
_COUNTED = 2**53
"""Beyond which a browser does not count."""
FileName = Annotated[str, Query(max_length=4096)]
Offset = Annotated[int, Query(ge=0, le=_COUNTED)]


class Plan(BaseModel):
    """What an upload will be: judged when it is begun, and awaited before it is read."""

    files: int = Field(ge=1, le=_COUNTED)
    bytes: int = Field(ge=0, le=_COUNTED)
    largest: int = Field(0, ge=0, le=_COUNTED)

    def planned(self) -> Planned:
        """Return it as uploads know it."""
        return Planned(self.files, self.bytes, self.largest)


def upload_routes(router: APIRouter, services: Services) -> None:
    """Add the routes."""

    @router.post("/uploads", tags=["uploads"], status_code=201)
    def begin(plan: Annotated[Plan | None, Body()] = None) -> dict[str, Any]:
        """Begin a resumable upload of one or more files.

        What it will be – how many `files`, their `bytes` in all, those of the `largest` – may be said: what cannot be
        taken is then refused now (413, 507), and it is not read before all of it is here.
        """
        return {"upload": services.uploads.create(planned=None if plan is None else plan.planned()), "chunk": CHUNK}

    @router.get("/uploads/{upload}", tags=["uploads"])
    def state(upload: str) -> dict[str, Any]:
        """Tell how many bytes of each file are here, by the name under which it was sent: where to go on."""
        sizes = services.uploads.sizes(upload)
        files = [{"name": name, "bytes": size} for name, size in sizes.items()]
        return {"upload": upload, "chunk": CHUNK, "files": files}

    @router.get("/uploads/{upload}/preview", tags=["uploads"])
    @takes(PREVIEWS)
    def look(upload: str) -> dict[str, Any]:
        """Look at uploaded files before they are read: first rows, some from anywhere in a large CSV, columns.

        It takes as long for a gigabyte as for a megabyte; of each column of those rows `looks` tells the type, the
        missing and distinct values, and the characters of the shortest and the longest.
        """
        return services.early.look(upload)

    @router.put("/uploads/{upload}/file", tags=["uploads"], status_code=204)
    async def append(upload: str, name: FileName, offset: Offset, request: Request) -> Response:
        """Append the raw body to a file at *offset*; 409 tells in `Upload-Offset` where to go on instead."""
        size = await services.uploads.append_stream(upload, name, offset=offset, stream=request.stream())
        return Response(status_code=204, headers={"Upload-Offset": str(size)})

    @router.head("/uploads/{upload}/file", tags=["uploads"])
    def offset(upload: str, name: FileName) -> Response:
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
        """Read the uploaded files into a dataset; a DELETE of the upload meanwhile ends it with 409.

        Where the answer is lost, ask again: 409 (`NotReady`) while it is being read, then the dataset.
        """
        chosen = chosen or Chosen()
        return services.datasets.add_upload(upload, text=chosen.text_column, choices=chosen.choices)
