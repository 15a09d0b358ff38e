"""What stands around all routes: bodies of a bounded size, HEAD as GET without a body, an answer to whatever escapes.

It knows no route and judges no content.
"""

from __future__ import annotations

import logging
import re
import secrets
from collections.abc import Callable

from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

PROBLEM = "application/problem+json"
LARGEST_BODY = 8 * 2**20
"""Bytes of a body that is held in memory: json, forms, what the page sends.  Files come in pieces, or are spooled."""
STREAMED = re.compile(r"/api/v1/(uploads/[^/]+/file|datasets|runs/[^/]+/search/image)")
"""Routes that read their body piece by piece, each with a limit of its own."""

log = logging.getLogger(__name__)


def problem(status: int, title: str, detail: str, headers: dict[str, str] | None = None) -> JSONResponse:
    """Return an RFC 9457 problem."""
    said = detail.encode("utf-8", "replace").decode()  # a request's json may hold half characters, an answer may not
    body = {"type": "about:blank", "title": title, "status": status, "detail": said}
    return JSONResponse(body, status, headers, PROBLEM)


def again(read: Message, receive: Receive) -> Receive:
    """Return what hands out a message once more that was read already, and then what follows it."""
    rest = [read]

    async def handed_out() -> Message:
        return rest.pop() if rest else await receive()

    return handed_out


class BoundedBodies:
    """ASGI middleware: reads a body before anybody else does, up to *largest* bytes and no further; 413 beyond."""

    def __init__(self, app: ASGIApp, *, largest: int = LARGEST_BODY) -> None:
        self.app, self._largest = app, largest

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on with its body."""
        if scope["type"] != "http" or STREAMED.fullmatch(scope["path"]):
            await self.app(scope, receive, send)
            return
        body = bytearray()
        message: Message = {"type": "http.request", "more_body": _has_body(scope)}
        while message.get("more_body", False):
            message = await receive()
            if message["type"] != "http.request":
                return  # whoever asked has gone
            body += message.get("body", b"")
            if len(body) > self._largest:
                size = self._largest // 2**20
                detail = f"the request is larger than {size} MB; save a long text as a file (.txt) and add that."
                await problem(413, "TooLarge", detail)(scope, receive, send)
                return
        whole: Message = {"type": "http.request", "body": bytes(body), "more_body": False}
        await self.app(scope, again(whole, receive), send)


class HeadAsGet:
    """ASGI middleware: answers HEAD with what GET answers, without its body, where no route takes HEAD itself."""

    def __init__(self, app: ASGIApp, *, takes_head: Callable[[Scope], bool]) -> None:
        self.app, self._takes_head = app, takes_head

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, as GET if it is HEAD."""
        if scope["type"] != "http" or scope["method"] != "HEAD" or self._takes_head(scope):
            await self.app(scope, receive, send)
            return

        async def without_body(message: Message) -> None:
            bodiless = message["type"] == "http.response.body"
            await send({**message, "body": b""} if bodiless else message)

        await self.app({**scope, "method": "GET"}, receive, without_body)


class Unforeseen:
    """ASGI middleware: whatever escapes is logged under an id, and answered with that id; *allowed* errors pass."""

    def __init__(self, app: ASGIApp, *, allowed: tuple[type[Exception], ...] = ()) -> None:
        self.app, self._allowed = app, allowed

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on."""
        begun = False

        async def noted(message: Message) -> None:
            nonlocal begun
            begun = True
            await send(message)

        try:
            await self.app(scope, receive, noted)
        except self._allowed:
            raise
        except Exception:
            if scope["type"] != "http" or begun:
                raise
            name = secrets.token_hex(4)
            log.exception("request %s failed: %s %s", name, scope["method"], scope["path"])
            detail = f"something unforeseen went wrong; the server's log says what, under {name}. Nothing was lost."
            await problem(500, "Unforeseen", detail)(scope, receive, send)


def _has_body(scope: Scope) -> bool:
    names = {name for name, _ in scope["headers"]}
    return b"content-length" in names or b"transfer-encoding" in names
