"""Puts groups of routes into an app, with what goes round them all: error answers, compression, HEAD where GET is.

It knows no route: `api` lists the groups, one a file.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, TypeAlias

from fastapi import APIRouter, FastAPI, Request
from starlette.exceptions import HTTPException
from starlette.middleware.gzip import GZipMiddleware
from starlette.routing import BaseRoute, Match
from starlette.types import Scope

from explorer.errors import NotFound
from explorer.server.api.answering import AnsweringRouter
from explorer.server.api.problems import answer_errors
from explorer.server.edge import LARGEST_BODY, HeadAsGet, Unforeseen
from explorer.server.services import Services

PREFIX = "/api/v1"
METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"]
Group: TypeAlias = Callable[[APIRouter, Services], None]
"""Adds its routes to a router, each calling one verb of the services."""


def mount_groups(
    app: FastAPI, services: Services, groups: Sequence[Group], *, allowed: tuple[type[Exception], ...] = ()
) -> None:
    """Add the routes of *groups*, the error answers, compression, and HEAD where GET is.

    Errors of an *allowed* kind are answered by what stands around all these.
    """
    known: list[BaseRoute] = []
    for add_routes in groups:
        # a file in a form that is read whole would be held, or fill the disk for what is temporary: none is taken
        limits: Any = {"max_files": 0, "max_fields": 16, "max_part_size": LARGEST_BODY}
        router = AnsweringRouter(prefix=PREFIX, form_limits=limits)
        add_routes(router, services)
        app.include_router(router)
        known += router.routes
    unknown = APIRouter(include_in_schema=False)
    for path in ("/api", "/api/{path:path}"):
        unknown.add_api_route(path, partial(_unknown, known), methods=METHODS)
    app.include_router(unknown)
    answer_errors(app, services.workspace.path)
    app.add_middleware(Unforeseen, allowed=allowed)
    app.add_middleware(GZipMiddleware, minimum_size=1_000, compresslevel=4)
    app.add_middleware(HeadAsGet, takes_head=lambda scope: _taken(known, scope))


def _taken(known: list[BaseRoute], scope: Scope) -> bool:
    return any(route.matches(scope)[0] is Match.FULL for route in known)


def _unknown(known: list[BaseRoute], request: Request) -> None:
    """Answer what none of the *known* routes took: 405 where another method would do, 404 elsewhere."""
    scopes = ((method, {**request.scope, "method": method}) for method in METHODS)
    allowed = [method for method, scope in scopes if _taken(known, scope)]
    if allowed:
        raise HTTPException(405, headers={"Allow": ", ".join(allowed)})
    raise NotFound(f"there is nothing at {request.url.path}; what there is stands at /docs.")
