"""The REST route of what is heard: a row's file, whole or from one place to another, as players ask for it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from fastapi import APIRouter, Request, Response
from fastapi.responses import StreamingResponse

from explorer.server.api.answering import takes
from explorer.server.api.downloads import IMMUTABLE
from explorer.server.crowd import PICTURES
from explorer.server.services import Services

_RANGE = re.compile(r"bytes=([0-9]{0,15})-([0-9]{0,15})")


def sound_routes(router: APIRouter, services: Services) -> None:
    """Add the route."""

    @router.get("/runs/{key}/sounds/{row}", tags=["map"], response_class=Response)
    @takes(PICTURES)
    def sound(key: str, row: int, request: Request) -> Response:
        """Return a row's sound as the file that it is, or the part that the header `Range` asks for."""
        media = services.pictures.media(services.workspace.runs.record(key)["dataset"], row)
        headers = {**IMMUTABLE, "Accept-Ranges": "bytes", "Content-Encoding": "identity"}
        headers |= {"Content-Disposition": "inline", "ETag": f'"{key}-{row}"'}
        stale = request.headers.get("if-range", headers["ETag"]) != headers["ETag"]
        asked = None if stale else part_of(request.headers.get("range", ""), media.size)
        start, end = asked or (0, media.size)
        if start >= end:
            return Response(status_code=416, headers={**headers, "Content-Range": f"bytes */{media.size}"})
        if asked:
            headers["Content-Range"] = f"bytes {start}-{end - 1}/{media.size}"
        headers["Content-Length"] = str(end - start)
        pieces: Iterator[bytes] = media.part(start, end)
        status = 206 if asked else 200
        return StreamingResponse(PICTURES.pieces(pieces), status, headers=headers, media_type=media.form)


def part_of(asked: str, size: int) -> tuple[int, int] | None:
    """Return from where to before where of *size* bytes a header `Range` asks for; none that there is: an empty part.

    None where it asks for all, for several parts, or says nothing that can be read.
    """
    found = _RANGE.fullmatch(asked.strip())
    if found is None or not any(found.groups()):
        return None
    first, last = found.groups()
    if not first:
        return max(0, size - int(last)), size
    if last and int(last) < int(first):
        return None
    return min(int(first), size), min(size, int(last) + 1 if last else size)
