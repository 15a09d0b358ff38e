"""What stands around all routes: bodies of a bounded size, HEAD as GET without a body, an answer to whatever escapes.

It knows no route and judges no content.
"""

from __future__ import annotations

import asyncio
import logging
import re
import secrets
from collections.abc import Callable

from starlette.requests import ClientDisconnect
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from explorer.errors import ExplorerError

PROBLEM = "application/problem+json"
LARGEST_BODY = 8 * 2**20
"""Bytes of a body that is held in memory: json, forms, what the page sends.  Files come in pieces, or are spooled."""
MOST_PARTS = 1_000_000
"""Values that json of such a body may hold: each takes some fifty bytes, whatever it takes there."""
BODIES = 16 * LARGEST_BODY
"""Bytes of such bodies that are held for all requests together."""
BODY_SECONDS = 60.0
"""Until the next piece of a body: who sends none keeps what is held."""
LARGEST_PICTURE = 50 * 2**20
"""Bytes of a picture that is searched with."""
PICTURE = re.compile(r"/api/v1/runs/[^/]+/search/image")
STREAMED = re.compile(r"/api/v1/(uploads/[^/]+/file|datasets)")
"""Routes that read their body piece by piece, with a limit and a patience of their own: they hold a block of it."""
_MARKS, _TEXT = (b",", b"[", b"{"), re.compile(rb'"[^"\\]*(?:\\.[^"\\]*)*"', re.S)
STREAMS = 128
"""Such bodies that come at once."""

log = logging.getLogger(__name__)


def problem(
    status: int, title: str, detail: str, headers: dict[str, str] | None = None, *, on_page: str = ""
) -> JSONResponse:
    """Return an RFC 9457 problem, with what the page says of it where that is something else."""
    said = detail.encode("utf-8", "replace").decode()  # a request's json may hold half characters, an answer may not
    body = {"type": "about:blank", "title": title, "status": status, "detail": said}
    if on_page:
        body["on_page"] = on_page
    return JSONResponse(body, status, headers, PROBLEM)


def again(read: Message, receive: Receive) -> Receive:
    """Return what hands out a message once more that was read already, and then what follows it."""
    rest = [read]

    async def handed_out() -> Message:
        return rest.pop() if rest else await receive()

    return handed_out


class BoundedBodies:
    """ASGI middleware: reads a body before anybody else does, up to *largest* bytes and no further; 413 beyond.

    A picture that is searched with may be larger.

    429 while all bodies together are more than *most* bytes, 408 after *patience* seconds without a piece of it.
    Bodies that are STREAMED are only counted: 429 while *streams* of them are coming.
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        largest: int = LARGEST_BODY,
        most: int = BODIES,
        patience: float = BODY_SECONDS,
        streams: int = STREAMS,
    ) -> None:
        self.app, self._largest, self._most, self._patience = app, largest, most, patience
        self._held, self._streams = 0, streams

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on with its body."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        if STREAMED.fullmatch(scope["path"]) and _has_body(scope):
            await self._stream(scope, receive, send)
            return
        body = bytearray()
        largest, cure = self._largest, "save a long text as a file (.txt) and add that"
        if PICTURE.fullmatch(scope["path"]):
            largest, cure = max(largest, LARGEST_PICTURE), "use a smaller picture"
        try:
            try:
                refused = await self._read(body, _has_body(scope), receive, largest, cure)
            except ClientDisconnect:
                return  # whoever asked has gone
            if refused is None and largest == self._largest and parts_of(body) > MOST_PARTS:
                refused = problem(
                    413, "TooLarge", f"the request has more than {MOST_PARTS:,} values; send fewer at once."
                )
            whole: Message = {"type": "http.request", "body": bytes(body), "more_body": False}
            await (refused or self.app)(scope, again(whole, receive), send)
        finally:
            self._held -= len(body)

    async def _stream(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on that reads its body itself, counted until it has."""
        if self._streams <= 0:
            await _busy()(scope, receive, send)
            return
        coming = True
        self._streams -= 1

        async def counted() -> Message:
            nonlocal coming
            message = await receive()
            if coming and not message.get("more_body", False):
                coming = False
                self._streams += 1
            return message

        try:
            await self.app(scope, counted, send)
        finally:
            self._streams += coming

    async def _read(
        self, body: bytearray, more: bool, receive: Receive, largest: int, cure: str
    ) -> JSONResponse | None:
        """Fill *body* with at most *largest* bytes, or return what is answered instead.  Raises ClientDisconnect."""
        while more:
            try:
                async with asyncio.timeout(self._patience):
                    message = await receive()
            except TimeoutError:
                detail = f"nothing of the request came for {self._patience:.0f} seconds; send it again."
                return problem(408, "TooSlow", detail, {"Connection": "close"})
            if message["type"] != "http.request":
                raise ClientDisconnect
            piece = message.get("body", b"")
            if len(body) + len(piece) > largest:
                return problem(413, "TooLarge", f"the request is larger than {largest // 2**20} MB; {cure}.")
            if self._held + len(piece) > self._most:
                return _busy()
            body += piece
            self._held += len(piece)
            more = message.get("more_body", False)
        return None


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
        except ClientDisconnect:
            return  # whoever asked has gone, amid what he sent: nothing failed here
        except Exception as exc:
            if begun and _foreseen(exc):  # the answer breaks off, which is all that can be said of it now
                log.warning("an answer broke off: %s %s: %s", scope.get("method"), scope["path"], _foreseen(exc))
                return
            if scope["type"] != "http" or begun:
                raise
            name = secrets.token_hex(4)
            log.exception("request %s failed: %s %s", name, scope["method"], scope["path"])
            detail = f"something unforeseen went wrong; the server's log says what, under {name}. Nothing was lost."
            await problem(500, "Unforeseen", detail)(scope, receive, send)


def _foreseen(exc: Exception) -> BaseException | None:
    """Return the error that has an answer, None for another one; amid an answer it is the cause of one without."""
    return next((one for one in (exc, exc.__cause__) if isinstance(one, ExplorerError)), None)


def parts_of(body: bytes | bytearray) -> int:
    """Return about how many values json holds; what stands in its texts is none.  O(n)."""
    if sum(body.count(mark) for mark in _MARKS) <= MOST_PARTS:
        return 0
    bare = _TEXT.sub(b"", body)
    return sum(bare.count(mark) for mark in _MARKS)


def _busy() -> JSONResponse:
    detail = "too many large requests are coming at once; try again in a moment."
    return problem(429, "ServerBusy", detail, {"Retry-After": "2", "Connection": "close"})


def _has_body(scope: Scope) -> bool:
    names = {name for name, _ in scope["headers"]}
    return b"content-length" in names or b"transfer-encoding" in names
