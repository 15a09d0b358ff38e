"""Puts off an import of a quarter of a second until the page's first answer is out, and has those who need it wait.

Plotly, which makes the page's figures and writes every answer of a callback, takes pandas and Pillow from `sys.modules`
as they are; while another thread is still importing one, it would find half a module and fail with an AttributeError.
So the first page is written before anyone may import them, and all else after they are there.
"""

from __future__ import annotations

import asyncio
import threading

from starlette.types import ASGIApp, Receive, Scope, Send

from explorer.config import loading

PAGE = "/"
PLAIN = ("/assets/", "/api/v1/healthz")
"""Where the addresses begin of what never needs them."""
SCRIPTS = "/_dash-component-suites/"
"""Nor do these, unless one is asked for first of all: Dash builds the page before it answers anything of its own."""

_importing = threading.Lock()


class ImportsLate:
    """ASGI middleware: all but the first page and plain files waits for the modules, imported after that page.

    It has to be around Dash's own, which builds the page's layout when it is first asked for anything.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self._first = True
        self._there = False
        self._built = False

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, when what writes its answer is there, or is sure not to come meanwhile."""
        if scope["type"] != "http" or self._there or self._is_plain(scope["path"]):
            await self.app(scope, receive, send)
        elif self._first and scope["path"] == PAGE:
            self._first = False
            await self._answer_first(scope, receive, send)
        else:
            self._first = False
            await asyncio.to_thread(import_what_plotly_looks_at)
            self._there = True
            await self.app(scope, receive, send)

    def _is_plain(self, path: str) -> bool:
        return path.startswith(PLAIN) or (self._built and path.startswith(SCRIPTS))

    async def _answer_first(self, scope: Scope, receive: Receive, send: Send) -> None:
        await asyncio.to_thread(_importing.acquire)
        try:
            await self.app(scope, receive, send)
            self._built = True
        finally:
            _importing.release()
        import_soon()


def import_soon() -> None:
    """Begin the import in another thread."""
    threading.Thread(target=import_what_plotly_looks_at, daemon=True).start()


def import_what_plotly_looks_at() -> None:
    """Import pandas and Pillow, or wait until whoever imports them has done so.

    To be called before anything else of this process imports them while pages are being written.
    """
    with _importing, loading():
        import pandas  # noqa: F401
        import PIL.Image  # noqa: F401
