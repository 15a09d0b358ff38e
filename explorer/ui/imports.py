"""Puts off an import of a quarter of a second until the page's first answer is out, and has those who need it wait.

Plotly's JSON encoder, which writes every answer of a callback, takes pandas and Pillow from `sys.modules` as they are;
while another thread is still importing one, it would find half a module and fail with an AttributeError.
"""

from __future__ import annotations

import asyncio
import sys
import threading

from starlette.types import ASGIApp, Receive, Scope, Send

ENCODED = ("/_dash-layout", "/_dash-dependencies", "/_dash-update-component")
"""Where answers begin that the encoder writes whatever they are; the page's own is short and has neither in it."""


class ImportsLate:
    """ASGI middleware: what the encoder writes waits for its modules, which are imported after the first answer."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self._begun = self._there = False

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, when what writes its answer is there."""
        if scope["type"] != "http" or self._there:
            await self.app(scope, receive, send)
            return
        if scope["path"].startswith(ENCODED) or "pandas" in sys.modules:
            await asyncio.to_thread(import_what_json_looks_at)
            self._there = True
        await self.app(scope, receive, send)
        if not self._begun:
            self._begun = True
            import_soon()


def import_soon() -> None:
    """Begin the import in another thread."""
    threading.Thread(target=import_what_json_looks_at, daemon=True).start()


def import_what_json_looks_at() -> None:
    """Import pandas and Pillow, or wait until whoever imports them has done so."""
    import pandas  # noqa: F401
    import PIL.Image  # noqa: F401
