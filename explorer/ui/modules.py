"""How the page loads `assets/`: a script before anything is painted, a module, and at once all that it imports.

Their address carries a digest of them all, so that a browser keeps them for good and never mixes two versions; who
changes a file starts the server again.  Style sheets and the two scripts are put on the page by Dash, which finds them.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

from starlette.responses import Response
from starlette.staticfiles import StaticFiles

IMPORTED = r"^(?!first\.js$|main\.mjs$).*\.m?js$"
"""The names that Dash is not to put on the page: main.mjs imports them, and none may be loaded twice."""
KEEP = "public, max-age=31536000, immutable"


def address_of(folder: Path) -> str:
    """Return where the folder is served, without slashes around it; another address for other content."""
    digest = hashlib.sha256()
    for path in _files(folder, "*.js", "*.mjs", "*.css"):
        digest.update(path.relative_to(folder).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return f"assets/{digest.hexdigest()[:16]}"


def index_of(folder: Path, address: str) -> str:
    """Return Dash's page with a link for every module; a browser would else learn of them one after the other."""
    names = [path.relative_to(folder).as_posix() for path in _files(folder, "*/*.mjs")]
    links = "\n".join(f'        <link rel="modulepreload" href="/{address}/{name}">' for name in names)
    return PAGE.replace("{modules}", links)


def _files(folder: Path, *patterns: str) -> list[Path]:
    return sorted(path for pattern in patterns for path in folder.rglob(pattern))


class Kept(StaticFiles):
    """Files that a browser may keep without asking again."""

    def file_response(self, *args: Any, **options: Any) -> Response:
        """Return the file, to be kept."""
        response = super().file_response(*args, **options)
        response.headers["Cache-Control"] = KEEP
        return response


PAGE = """<!DOCTYPE html>
<html>
    <head>
        {%metas%}
        <title>{%title%}</title>
        {%favicon%}
{modules}
        {%css%}
    </head>
    <body>
        {%app_entry%}
        <footer>
            {%config%}
            {%scripts%}
            {%renderer%}
        </footer>
    </body>
</html>"""
