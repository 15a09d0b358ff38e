"""Puts groups of routes into an app, with what goes round them all: error answers, compression, the same-origin guard.

It knows no route: `api` lists the groups, one a file.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TypeAlias

from fastapi import APIRouter, FastAPI, Request
from starlette.exceptions import HTTPException
from starlette.middleware.gzip import GZipMiddleware
from starlette.routing import BaseRoute, Match

from explorer.errors import NotFound
from explorer.server.api.problems import answer_errors
from explorer.server.bodies import BodyLimit
from explorer.server.guard import SameOrigin
from explorer.server.services import Services

PREFIX = "/api/v1"
METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"]

Group: TypeAlias = Callable[[APIRouter, Services], None]
"""Adds its routes to a router, each calling one verb of the services."""


def mount_groups(app: FastAPI, services: Services, groups: Sequence[Group]) -> None:
    """Add the routes of *groups*, the error answers, compression and the same-origin guard to an app."""
    known: list[BaseRoute] = []
    for add_routes in groups:
        router = APIRouter(prefix=PREFIX)
        add_routes(router, services)
        app.include_router(router)
        known += router.routes
    unknown = APIRouter(include_in_schema=False)
    for path in ("/api", "/api/{path:path}"):
        unknown.add_api_route(path, partial(_unknown, known), methods=METHODS)
    app.include_router(unknown)
    answer_errors(app)
    app.add_middleware(GZipMiddleware, minimum_size=1_000, compresslevel=4)
    app.add_middleware(BodyLimit)
    app.add_middleware(SameOrigin, settings=services.settings)


def _unknown(known: list[BaseRoute], request: Request) -> None:
    """Answer what none of the *known* routes took: 405 where another method would do, 404 elsewhere."""
    scopes = ((method, {**request.scope, "method": method}) for method in METHODS)
    allowed = [method for method, scope in scopes if any(route.matches(scope)[0] is Match.FULL for route in known)]
    if allowed:
        raise HTTPException(405, headers={"Allow": ", ".join(allowed)})
    raise NotFound(f"there is nothing at {request.url.path}; what there is stands at /docs.")
