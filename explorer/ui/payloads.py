"""Refuses what is asked of Dash's own routes and is not Dash's, before Dash stumbles over it: 400, or 404 for no file.

It does not judge the values that a handler is given; handlers do.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import orjson
from dash import Dash
from dash.fingerprint import check_fingerprint
from starlette.types import ASGIApp, Receive, Scope, Send

from explorer.server import again, problem

UPDATE = "/_dash-update-component"
SUITES = "/_dash-component-suites/"
MOST_LEVELS = 100
"""To which lists and objects lie in each other in a call: Dash reads some 980, and no store has ten."""


class DashRequests:
    """ASGI middleware around a Dash app; the bodies that it gets are bounded and whole (`BoundedBodies`)."""

    def __init__(self, app: ASGIApp, *, dash: Dash) -> None:
        self.app, self._dash = app, dash

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or answer it with a problem."""
        if scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})  # no callback of this page uses one
            return
        if scope["type"] == "http" and scope["path"].startswith(SUITES) and not self._is_file(scope["path"]):
            await problem(404, "NotFound", "there is no such script; reload the page.")(scope, receive, send)
            return
        if scope["type"] == "http" and scope["path"] == UPDATE and scope["method"] == "POST":
            whole = await receive()
            fault = fault_in(whole.get("body", b""), self._dash)
            if fault:
                await problem(400, "BadRequest", f"{fault}; reload the page.")(scope, receive, send)
                return
            # Dash reads the body as json only where the header says so.
            headers = [(name, value) for name, value in scope["headers"] if name != b"content-type"]
            told = {**scope, "headers": [*headers, (b"content-type", b"application/json")]}
            await self.app(told, again(whole, receive), send)
            return
        await self.app(scope, receive, send)

    def _is_file(self, path: str) -> bool:
        package, _, file = path.removeprefix(SUITES).partition("/")
        return check_fingerprint(file)[0] in self._dash.registered_paths.get(package, ())


def fault_in(body: bytes, dash: Dash) -> str:
    """Return what is wrong with the body of a call; "" if it calls a callback with its own inputs and states.

    Inputs and states of a pattern, and what it goes to, are as many and the same parts of the page.
    """
    try:
        call = orjson.loads(body)
    except orjson.JSONDecodeError:
        return "the request is not json"
    if not isinstance(call, dict) or _is_deeper(call, MOST_LEVELS):
        return "the request is not a call of the page"
    output = call.get("output")
    callback = dash.callback_map.get(output) if isinstance(output, str) else None
    if callback is None or "callback" not in callback:
        return "the page calls what this server does not know"
    expected = {"inputs": callback["inputs"], "state": callback["state"]}
    for part, parts in expected.items():
        told = call.get(part, [])
        if not isinstance(told, list) or len(told) != len(parts) or not all(map(_fits, told, parts)):
            return f"the call has other {part} than its callback"
    assert isinstance(output, str)
    if not _goes_to(call.get("outputs"), output):
        return "the call has other outputs than its callback"
    known = [one["id"] for part in expected.values() for one in part]
    given = [one for part in expected for one in call.get(part, [])]
    if not _of_one_page([*known, output.rpartition(".")[0]], [*given, call["outputs"]]):
        return "the call does not have the same parts of the page everywhere"
    changed = call.get("changedPropIds", [])
    if not isinstance(changed, list) or not all(isinstance(part, str) for part in changed):
        return "the call does not say what changed"
    return ""


def _is_deeper(value: Any, levels: int) -> bool:
    """Whether lists and objects lie deeper in each other than so many levels; O(values)."""
    level = [value]
    for _ in range(levels + 1):
        level = [one for each in level for one in (each.values() if isinstance(each, dict) else each)]
        level = [one for one in level if isinstance(one, dict | list)]
    return bool(level)


def _of_one_page(ids: Sequence[str], given: Sequence[Any]) -> bool:
    """Whether all lists of a pattern are of the same parts of the page, and what tells a part's id tells its own.

    A handler answers for each part of one list by what stands at its place in another.
    """
    found: dict[str, list[Any]] = {}
    for id, parts in zip(ids, given, strict=True):
        if not id.startswith("{"):
            continue
        if any(part["property"] == "id" and part.get("value") != part["id"] for part in parts):
            return False
        listed = [part["id"] for part in parts]
        if found.setdefault(id, listed) != listed:
            return False
    return True


def _goes_to(given: Any, output: str) -> bool:
    """Whether a call's outputs are those of its callback: the one of a pattern's, a list of what it may stand for."""
    if output.startswith("{"):
        pattern, _, name = output.rpartition(".")
        return _fits(given, {"id": pattern, "property": name})
    named = _named(given if output.startswith("..") else [given])
    return named is not None and [f"{id}.{name}" for id, name in named] == output.strip(".").split("...")


def _fits(given: Any, known: Mapping[str, str]) -> bool:
    """Whether a part of a call is one of its callback: of a pattern's, a list of what it may stand for."""
    id, name = known["id"], known["property"]
    if not id.startswith("{"):
        return _named([given]) == [(id, name)]
    pattern = orjson.loads(id)
    return isinstance(given, list) and all(isinstance(one, dict) and _is_one_of(one, pattern, name) for one in given)


def _is_one_of(given: Mapping[str, Any], pattern: Mapping[str, Any], name: str) -> bool:
    id = given.get("id")
    if not isinstance(id, dict) or id.keys() != pattern.keys() or given.get("property") != name:
        return False
    return all(isinstance(value, str) and pattern[part] in (["ALL"], value) for part, value in id.items())


def _named(parts: Any) -> list[tuple[str, str]] | None:
    """Return ids and properties; None where there are none."""
    if not isinstance(parts, list) or not all(isinstance(part, dict) for part in parts):
        return None
    named = [(part.get("id"), part.get("property")) for part in parts]
    return named if all(isinstance(id, str) and isinstance(name, str) for id, name in named) else None
