"""Refuses requests that another site's page or an unknown host name sends to this server, and says what pages may do.

It is no login: whoever reaches the server may use it.
"""

from __future__ import annotations

import ipaddress
import re
import socket
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from explorer.config import Settings

SAFE = ("GET", "HEAD", "OPTIONS")
FOREIGN = {"cross-site", "same-site"}
LOCAL = ("localhost", "127.0.0.1", "::1")
# Plotly's WebGL traces are compiled with eval; everything is loaded from, and sent to, this server alone.
CONTENT_POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; font-src 'self' data:; worker-src 'self' blob:; connect-src 'self'; "
    "object-src 'none'; base-uri 'self'; frame-ancestors 'none'"
)
NOT_NEEDED = ("camera", "geolocation", "microphone", "payment", "usb", "serial", "hid", "midi", "display-capture")
"""What the page asks no browser for."""
HEADERS = {
    "Content-Security-Policy": CONTENT_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": ", ".join(f"{what}=()" for what in NOT_NEEDED),
}
_HOST = re.compile(r"(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]+)(:[0-9]{1,5})?")
"""A name or a number, and a port; whatever else there is in a Host, readers of addresses disagree about."""


class SameOrigin:
    """ASGI middleware: unknown Host → 400, a state-changing request from a foreign Origin → 403."""

    def __init__(self, app: ASGIApp, *, settings: Settings) -> None:
        self.app = app
        self._hosts = {*LOCAL, settings.host.lower(), *(name.lower() for name in settings.allowed_hosts)}
        self._open = settings.host in ("0.0.0.0", "::")
        if self._open:
            self._hosts |= {socket.gethostname().lower(), socket.getfqdn().lower()}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or answer it with a problem."""
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        refusal = self._refusal(scope.get("method", "GET"), headers)
        if refusal is not None:
            status, detail = refusal
            body = {"type": "about:blank", "title": "Refused", "status": status, "detail": detail}
            await JSONResponse(body, status, media_type="application/problem+json")(scope, receive, send)
            return

        async def send_with_policy(message: Message) -> None:
            if message["type"] == "http.response.start":
                out = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    out.setdefault(name, value)
            await send(message)

        await self.app(scope, receive, send_with_policy)

    def _refusal(self, method: str, headers: Headers) -> tuple[int, str] | None:
        hosts = headers.getlist("host")
        host = hosts[0] if len(hosts) == 1 else ", ".join(hosts)
        if not _HOST.fullmatch(host) or not self._known(host):
            return 400, f"this server is not called {host!r}; allow the name with EXPLORER_ALLOWED_HOSTS."
        if method in SAFE:
            return None
        origins = headers.getlist("origin")
        sites = headers.getlist("sec-fetch-site")
        if any(_place(origin) != host.lower() for origin in origins) or not FOREIGN.isdisjoint(sites):
            page = ", ".join(filter(None, origins)) or "another site"
            return 403, f"a page from {page} may not change anything here."
        return None

    def _known(self, host: str) -> bool:
        try:
            name = (urlsplit(f"//{host}").hostname or "").lower()
        except ValueError:
            return False
        return name in self._hosts or (self._open and _is_address(name))


def _place(origin: str) -> str:
    """Return the host and port of an origin; empty for one that names none, such as ``null``."""
    try:
        return urlsplit(origin).netloc.lower()
    except ValueError:
        return ""


def _is_address(name: str) -> bool:
    """Whether a host is given as a number: such a name cannot be pointed elsewhere by a hostile name server."""
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True
