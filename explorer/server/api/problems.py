"""The answers to errors: RFC 9457 problems, for what we raise as for what the framework does.

It does not decide which status an error has: its class does.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

from explorer.errors import ExplorerError, ServerBusy
from explorer.server.edge import problem
from explorer.server.unsaid import without_places
from explorer.server.uploads import OffsetMismatch


def answer_errors(app: FastAPI, workspace: Path) -> None:
    """Have an app answer every error with a problem, which does not say where the *workspace* is."""
    app.add_exception_handler(ExplorerError, partial(_explorer_problem, workspace))
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http_problem)


async def _explorer_problem(workspace: Path, _request: Request, exc: Exception) -> Response:
    assert isinstance(exc, ExplorerError)
    headers = {"Upload-Offset": str(exc.offset)} if isinstance(exc, OffsetMismatch) else None
    if isinstance(exc, ServerBusy):
        headers = {"Retry-After": str(exc.retry_seconds)}
    return problem(exc.status, type(exc).__name__, without_places(str(exc), workspace), headers, on_page=exc.on_page)


async def _invalid(_request: Request, exc: Exception) -> Response:
    assert isinstance(exc, RequestValidationError)
    faults = [f"{'.'.join(str(part) for part in fault['loc'][1:]) or 'body'}: {fault['msg']}" for fault in exc.errors()]
    return problem(422, "BadRequest", "; ".join(faults))


async def _http_problem(request: Request, exc: Exception) -> Response:
    assert isinstance(exc, HTTPException)
    headers = dict(exc.headers) if exc.headers else None
    return problem(exc.status_code, str(exc.detail), f"{request.method} {request.url.path}: {exc.detail}", headers)
