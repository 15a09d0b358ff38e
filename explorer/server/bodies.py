"""Refuses requests whose body is larger than what is read whole into memory: json, forms, pasted text.

Files have limits of their own: pieces of an upload (`uploads`), pictures to search with (`api/questions`), and files in
a form, which are kept on disk while they come.
"""

from __future__ import annotations

import re

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

MOST_BYTES = 8 * 2**20
SAID = (
    f"the request is larger than {MOST_BYTES // 2**20} MiB, the most for text and settings; "
    "save a long text as a file (.txt) and add that."
)
_FILES = re.compile(r"/api/v1/(uploads/[^/]+/file|runs/[^/]+/search/image)")


class BodyLimit:
    """ASGI middleware: a body beyond the limit → 413, before it is read where its length is told."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, its body counted while it comes."""
        if scope["type"] != "http" or _brings_files(scope):
            await self.app(scope, receive, send)
            return
        told = Headers(scope=scope).get("content-length", "")
        if told.isascii() and told.isdigit() and (len(told) > 18 or int(told) > MOST_BYTES):
            body = {"type": "about:blank", "title": "TooLarge", "status": 413, "detail": SAID}
            await JSONResponse(body, 413, media_type="application/problem+json")(scope, receive, send)
            return
        seen = 0

        async def counted() -> Message:
            nonlocal seen
            message = await receive()
            seen += len(message.get("body", b""))
            if seen > MOST_BYTES:
                raise HTTPException(413, SAID)
            return message

        await self.app(scope, counted, send)


def _brings_files(scope: Scope) -> bool:
    kind = Headers(scope=scope).get("content-type", "")
    return _FILES.fullmatch(scope["path"]) is not None or (
        kind.startswith("multipart/form-data") and scope["path"] == "/api/v1/datasets"
    )
