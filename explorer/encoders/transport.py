"""Asks servers over HTTP with patience: addresses, waits, answers of a bounded size, several requests at once.

It knows no protocol: what is asked and what an answer means say `wires` and, for language models, `runs.endpoint`.
Nothing that a server answers is followed elsewhere; a key goes into one header and into no message.
"""

from __future__ import annotations

import datetime as dt
import json
import random
from collections.abc import Mapping
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from explorer.errors import BadSetting, NoAnswer

if TYPE_CHECKING:
    import httpx

CONNECT_SECONDS = 10.0
_LONGEST_ADDRESS, _LONGEST_KEY = 500, 4_000
_SAID = 200
"""Characters of a server's own words that an error repeats."""
BUSY = (429, 503, 529)
_BROKEN = (500, 502, 504, 520, 522, 524)


def base_of(address: str, *, ends: str, what: str, key: str, path: str = "/v1") -> str:
    """Return an address up to /v1, without what a request *ends* in; errors name *what* is there, and the *key*.

    One without a path gets *path*.  Errors do not repeat an address that may hold a password.  Raises BadSetting.
    """
    address = address.strip()
    try:
        parts = urlsplit(address)
        known = parts.scheme in ("http", "https") and parts.hostname and (parts.port is None or parts.port > 0)
    except ValueError:
        known = False
    if not known or not address.isprintable() or " " in address or len(address) > _LONGEST_ADDRESS:
        raise BadSetting(f"the address of {what} looks like http://127.0.0.1:11434/v1; this one does not.")
    if parts.username is not None or parts.query or parts.fragment:
        raise BadSetting(f"the address of {what} has no user, password or “?” in it; a key goes into {key}.")
    given = parts.path.rstrip("/").removesuffix(ends)
    return f"{parts.scheme}://{parts.netloc}{given or path}"


def checked_key(key: str, variable: str) -> str:
    """Return a key; raises BadSetting, which names the *variable* that holds it, for what cannot be one."""
    if not (key.isascii() and key.isprintable()) or " " in key or len(key) > _LONGEST_KEY:
        raise BadSetting(f"{variable} holds characters that no key has; copy the key again.")
    return key


def waits(status: int, retry_after: str | None, *, tried: int, longest: float, jitter: bool = False) -> float | None:
    """Return the seconds to wait before the same request is sent again; None: not again.

    They double with every try; with *jitter* they lie by chance between half of that and all of it, so that many who
    were turned away do not come back together.  A server that asks to wait *longest* or more is not waited for.
    """
    doubled = min(2.0**tried, longest)
    own = doubled * random.uniform(0.5, 1.0) if jitter else doubled
    if status in BUSY:
        said = seconds_of(retry_after)
        wait = own if said is None else said + (random.uniform(0.0, 0.5) if jitter else 0.0)
        return wait if wait <= longest else None
    return own if status in _BROKEN else None


def seconds_of(retry_after: str | None) -> float | None:
    """Return the seconds of a Retry-After, which may be a date; None where it says none."""
    said = (retry_after or "").strip()
    if said.isascii() and said.replace(".", "", 1).isdigit() and len(said) < 10:
        return float(said)
    try:
        date = parsedate_to_datetime(said)
        return max(0.0, (date - dt.datetime.now(date.tzinfo)).total_seconds())
    except (ValueError, TypeError, OverflowError):
        return None


def later(retry_after: str | None) -> str:
    """Return in brackets when a server may be asked again; "" where it does not say."""
    said = seconds_of(retry_after)
    return "" if said is None else f" (in {said:,.0f} s again, it says)"


async def bounded(response: httpx.Response, *, most: int, what: str) -> bytes:
    """Return a body as it comes; raises NoAnswer for one that is packed or larger than *most* bytes, not read whole."""
    if response.headers.get("content-encoding", "identity") != "identity":
        raise NoAnswer(f"the answer of {what} is packed, which was not asked for. Mend the address.")
    body = bytearray()
    async for part in response.aiter_raw():
        body += part
        if len(body) > most:
            raise NoAnswer(
                f"the answer of {what} is larger than {most // 2**20} MiB. Take another model, or mend the address."
            )
    return bytes(body)


def said_in(body: bytes, key: str) -> str:
    """Return the words of a server's error, in one short line and without the *key*; "" where there are none."""
    try:
        told = json.loads(body)
    except (ValueError, RecursionError):
        return ""
    said = _words_of(told)
    line = " ".join("".join(sign if sign.isprintable() else " " for sign in said[:2_000]).split())
    return (line.replace(key, "…") if key else line)[:_SAID]


def _words_of(told: Any) -> str:
    """Return what an error says, in whichever field servers put it."""
    for name in ("error", "message", "detail"):
        value = told.get(name) if isinstance(told, Mapping) else None
        if isinstance(value, Mapping):
            value = value.get("message")
        if isinstance(value, str):
            return value
    return ""
