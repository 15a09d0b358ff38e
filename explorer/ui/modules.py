"""How the page loads `assets/`: a style sheet, a script that comes first, and one module with all that it imports.

Their address carries a digest of them all, so that a browser keeps them for good and never mixes two versions; who
changes a file starts the server again.  Dash puts the one module on the page, and is told to leave all else alone.
"""

from __future__ import annotations

import gzip
import hashlib
from pathlib import Path
from typing import Any

from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Receive, Scope, Send

from explorer.ui.bundle import MAIN, bundle

LEFT_ALONE = r"^(?!main\.mjs$).*\.(m?js|css)$"
"""The names that Dash is not to put on the page: no module may be loaded twice, and the sheets come in one."""
SHEET = "style.css"
BESIDE = "beside/page.mjs"
ENTRIES = (MAIN, BESIDE)
"""The modules that pages load, each put into one file with all that it imports."""
KEEP = {"Cache-Control": "public, max-age=31536000, immutable"}
ROOT = "assets"


def index_of(address: str, *, beside: str = "") -> str:
    """Return Dash's page.  *beside* is HTML that never changes: each of Dash's own parts is looked at when any does."""
    return PAGE.replace("{at}", f"/{address}").replace("{beside}", beside)


def sheet_of(folder: Path) -> str:
    """Return all style sheets in one: the ground first, then the regions by their names."""
    paths = [*sorted(folder.glob("*.css")), *sorted(folder.glob("*/*.css"))]
    return "\n".join(path.read_text(encoding="utf-8") for path in paths)


def _files(folder: Path, *patterns: str) -> list[Path]:
    return sorted(path for pattern in patterns for path in folder.rglob(pattern))


class Kept(StaticFiles):
    """Files that a browser may keep without asking again; scripts and sheets are read and compressed once for all.

    *address* is where they are served, without slashes around it; another one for other content.
    """

    def __init__(self, folder: Path) -> None:
        super().__init__(directory=folder)
        found = {path.relative_to(folder).as_posix(): path.read_bytes() for path in _files(folder, "*.js", "*.mjs")}
        texts = {name: (body, "text/javascript") for name, body in found.items()}
        texts |= {main: (bundle(folder, main).encode(), "text/javascript") for main in ENTRIES}
        texts |= {SHEET: (sheet_of(folder).encode(), "text/css")}
        digest = hashlib.sha256()
        for name, (body, _) in sorted(texts.items()):
            digest.update(name.encode() + b"\0" + body + b"\0")
        self.address = f"{ROOT}/{digest.hexdigest()[:16]}"
        self._ready = {name: (body, gzip.compress(body, mtime=0), kind) for name, (body, kind) in texts.items()}

    def mount(self, server: Any) -> None:
        """Serve the files; before Dash does, which says nothing of how long they may be kept.

        What a page of before asks for is not there any more: Dash would answer with the page in place of a script.
        """
        server.mount(f"/{self.address}", self)
        server.mount(f"/{ROOT}", Response(status_code=404))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer from memory where that is possible."""
        ready = self._ready.get(self.get_path(scope).replace("\\", "/"))
        if ready is None or scope["type"] != "http" or scope["method"] != "GET":
            await super().__call__(scope, receive, send)
            return
        body, packed, kind = ready
        headers = {**KEEP, "Vary": "Accept-Encoding"}
        if "gzip" in Headers(scope=scope).get("accept-encoding", ""):
            body, headers["Content-Encoding"] = packed, "gzip"
        await Response(body, media_type=kind, headers=headers)(scope, receive, send)

    def file_response(self, *args: Any, **options: Any) -> Response:
        """Return any other file, to be kept as well."""
        response = super().file_response(*args, **options)
        response.headers.update(KEEP)
        return response


PAGE = """<!DOCTYPE html>
<html lang="en">
    <head>
        {%metas%}
        <title>{%title%}</title>
        {%favicon%}
        {%css%}
        <link rel="stylesheet" href="{at}/style.css">
        <script src="{at}/shell/first.js"></script>
    </head>
    <body>
        {%app_entry%}
        {beside}
        <footer>
            {%config%}
            {%scripts%}
            {%renderer%}
        </footer>
    </body>
</html>"""
