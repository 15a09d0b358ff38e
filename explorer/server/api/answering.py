"""A router whose plain functions answer in the threads of a lane, one answer a thread, json written there too.

Coroutines are left alone: they wait for bodies and workers on the event loop.
"""

from __future__ import annotations

import functools
import inspect
import json
from collections.abc import Callable
from typing import Any, TypeVar

import orjson
from fastapi import APIRouter, Response

from explorer.server.crowd import ANSWERS, Lane

Route = TypeVar("Route", bound=Callable[..., Any])
_LANE = "answering_lane"


def takes(lane: Lane) -> Callable[[Route], Route]:
    """Have the decorated route answer in a lane other than that of quick answers."""

    def mark(route: Route) -> Route:
        setattr(route, _LANE, lane)
        return route

    return mark


class AnsweringRouter(APIRouter):
    """Adds routes as APIRouter does."""

    def add_api_route(self, path: str, endpoint: Callable[..., Any], **options: Any) -> None:
        """Add a route; a plain function is computed in its lane."""
        if not inspect.iscoroutinefunction(endpoint):
            endpoint = _in_lane(endpoint, options.get("status_code") or 200)
        super().add_api_route(path, endpoint, **options)


def _in_lane(endpoint: Callable[..., Any], status: int) -> Callable[..., Any]:
    lane: Lane = getattr(endpoint, _LANE, ANSWERS)

    @functools.wraps(endpoint)
    async def answer(**values: Any) -> Response:
        return await answered_in(lane, status, endpoint, **values)

    del answer.__dict__["__wrapped__"]  # FastAPI would look through it and take the route for a plain function
    answer.__dict__["__signature__"] = inspect.signature(endpoint, eval_str=True)
    return answer


async def answered_in(lane: Lane, status: int, function: Callable[..., Any], /, *given: Any, **values: Any) -> Response:
    """Return what *function* answers, computed in a lane, with that *status*.  Raises ServerBusy."""

    def answered() -> Response:
        said = function(*given, **values)
        return said if isinstance(said, Response) else Response(_json(said), status, media_type="application/json")

    return await lane.run(answered)


def _json(value: Any) -> bytes:
    try:
        return orjson.dumps(value, option=orjson.OPT_NON_STR_KEYS)
    except TypeError:  # half characters, or whole numbers beyond 64 bits
        return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")
