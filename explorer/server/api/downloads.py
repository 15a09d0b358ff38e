"""Wraps what is sent: a file for download with its name, or columns of bytes that the page keeps for ever.

It makes no content.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator
from itertools import chain
from urllib.parse import quote

from fastapi import Request, Response
from fastapi.responses import StreamingResponse

from explorer.server.crowd import REPORTS
from explorer.types import cut

IMMUTABLE = {"Cache-Control": "private, max-age=31536000, immutable"}


_ENDING = re.compile(
    r"(?<=.)\.[A-Za-z][A-Za-z0-9]{1,6}(?:\.(?:gz|zip|bz2|xz|zst))?(?=$|, version \d{1,9}$| \([\d,]{1,15} of )"
)
"""The ending of a file's name, also where a version's number or a part's size follows."""
_LONGEST_NAME = 200
"""Characters of a file's name: disks take little more, and so do heads of an answer."""
_WHOLE = 2**20
"""Bytes of a report that are sent as a whole, with their number."""
_TEXTS = ("text/html; charset=utf-8", "text/csv; charset=utf-8", "application/json")


def saved_as(name: str, what: str) -> str:
    """Return what a download is called: “museum, version 2-items.csv” of “museum.csv, version 2” and “items.csv”."""
    return f"{_ENDING.sub('', name)}-{what}"


def download(content: bytes, media_type: str, name: str, *, inline: bool = False) -> Response:
    """Return a download, or something to look at; its name is given in ASCII and in UTF-8."""
    return Response(content, media_type=media_type, headers=_named(name, inline=inline))


def streamed(pieces: Iterator[bytes], media_type: str, name: str) -> StreamingResponse:
    """Return a download that is made while it is sent."""
    return StreamingResponse(pieces, media_type=media_type, headers={**_named(name), "Content-Encoding": "identity"})


def made(pieces: Iterator[bytes], media_type: str, name: str, *, inline: bool = False) -> Response:
    """Return a download of a report, a large one made while it is sent; text is packed for those who take that.

    What cannot be made is told before anything is sent.
    """
    held, size = list[bytes](), 0
    for piece in pieces:
        held.append(piece)
        size += len(piece)
        if size > _WHOLE:
            break
    else:
        return download(b"".join(held), media_type, name, inline=inline)
    headers = _named(name, inline=inline) | ({} if media_type in _TEXTS else {"Content-Encoding": "identity"})
    return StreamingResponse(REPORTS.pieces(chain(held, pieces)), media_type=media_type, headers=headers)


def _named(name: str, *, inline: bool = False) -> dict[str, str]:
    stem, dot, ending = name.rpartition(".")
    name = f"{cut(stem, _LONGEST_NAME)}{dot}{ending}"
    plain = "".join(c if c.isascii() and (c.isalnum() or c in "-_. ") else "_" for c in name)
    disposition = (
        f"{'inline' if inline else 'attachment'}; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
    )
    return {"Content-Disposition": disposition}


def binary(content: bytes, tag: str, request: Request) -> Response:
    """Return columns of bytes with their *tag*; to a browser on this machine as they are.

    Compressing a million points takes the server longer than 3 MB more take to get there.
    """
    headers = {**IMMUTABLE, "ETag": tag, **({"Content-Encoding": "identity"} if _is_here(request) else {})}
    return Response(content, media_type="application/octet-stream", headers=headers)


def _is_here(request: Request) -> bool:
    """Whether whoever asks is on this machine, as far as can be told: a proxy names the one it asks for."""
    if request.client is None or "x-forwarded-for" in request.headers or "forwarded" in request.headers:
        return False
    try:
        return ipaddress.ip_address(request.client.host).is_loopback
    except ValueError:
        return False
