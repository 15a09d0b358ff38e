"""Wraps a file for download: its type, and its name in ASCII and in UTF-8.

It makes no content.
"""

from __future__ import annotations

from urllib.parse import quote

from fastapi import Response


def download(content: bytes, media_type: str, name: str) -> Response:
    """Return a download; its name is given in ASCII and in UTF-8."""
    plain = "".join(c if c.isascii() and (c.isalnum() or c in "-_. ") else "_" for c in name)
    disposition = f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
    return Response(content, media_type=media_type, headers={"Content-Disposition": disposition})
