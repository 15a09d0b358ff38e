"""The REST routes under /api/v1: thin, documented by OpenAPI at /docs, errors as problem+json.

It does not know how anything is done: every route calls one verb of `Services`.  Routes are plain functions, which
FastAPI runs in threads; only those that stream a body are coroutines.
"""

from __future__ import annotations

import asyncio
import json
import logging
from functools import partial
from typing import Annotated, Any

from fastapi import APIRouter, Body, FastAPI, File, Form, Query, Request, Response, UploadFile
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field
from starlette.exceptions import HTTPException
from starlette.middleware.gzip import GZipMiddleware
from starlette.routing import BaseRoute, Match

from explorer import ingest
from explorer.errors import BadSetting, ExplorerError, NotFound
from explorer.questions import rows_in
from explorer.server.api.columns import column_routes
from explorer.server.api.downloads import IMMUTABLE, binary, download
from explorer.server.api.pictures import picture_routes
from explorer.server.api.reports import REPORT_TYPES, TakeIn, report_routes
from explorer.server.api.space import space_routes
from explorer.server.guard import SameOrigin
from explorer.server.services import Services
from explorer.workspace import OffsetMismatch

log = logging.getLogger(__name__)
PREFIX = "/api/v1"
CHUNK = 8 * 2**20
MAX_QUERY_IMAGE = 50 * 2**20
PROBLEM = "application/problem+json"
METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"]

K = Annotated[int, Query(ge=1, le=100, description="how many neighbours")]
Dims = Annotated[int | None, Query(ge=3, le=3, description="3: the 3-D map")]
HitCount = Annotated[int, Query(ge=1, le=1000, description="how many hits")]


class RunRequest(BaseModel):
    """A dataset and the settings that differ from the defaults; `seed: null` means no seed."""

    model_config = ConfigDict(extra="forbid")
    dataset: str
    encoder: str | None = Field(None, examples=["minilm", "conse", "clip"])
    device: str | None = Field(None, examples=["auto", "cpu", "cuda"])
    n_neighbors: int | None = None
    min_dist: float | None = None
    metric: str | None = None
    seed: int | str | None = None
    dims: int | None = None
    engine: str | None = Field(None, examples=["cpu", "cuml"])
    min_cluster_size: int | None = None
    min_samples: int | None = None
    space: str | None = None


class Name(BaseModel):
    """Another name."""

    name: str = Field(min_length=1, max_length=200)


class PastedText(BaseModel):
    """Text whose lines become the items."""

    text: str
    name: str = Field("Pasted text", max_length=200)


class Chosen(BaseModel):
    """The column that holds the texts; None lets it be found."""

    text_column: str | None = None


def mount(app: FastAPI, services: Services) -> None:
    """Add the routes, the error answers, compression and the same-origin guard to an app."""
    known: list[BaseRoute] = []
    for routes in (
        _health,
        _dataset_routes,
        _upload_routes,
        _run_routes,
        _question_routes,
        _structure_routes,
        space_routes,
        column_routes,
        _selection_routes,
        picture_routes,
        report_routes,
    ):
        router = APIRouter(prefix=PREFIX)
        routes(router, services)
        app.include_router(router)
        known += router.routes
    unknown = APIRouter(include_in_schema=False)
    for path in ("/api", "/api/{path:path}"):
        unknown.add_api_route(path, partial(_unknown, known), methods=METHODS)
    app.include_router(unknown)
    app.add_exception_handler(ExplorerError, _explorer_problem)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http_problem)
    app.add_middleware(GZipMiddleware, minimum_size=1_000, compresslevel=4)
    app.add_middleware(SameOrigin, settings=services.settings)


def problem(status: int, title: str, detail: str, headers: dict[str, str] | None = None) -> JSONResponse:
    """Return an RFC 9457 problem."""
    said = detail.encode("utf-8", "replace").decode()  # a request's json may hold half characters, an answer may not
    body = {"type": "about:blank", "title": title, "status": status, "detail": said}
    return JSONResponse(body, status, headers, PROBLEM)


async def _explorer_problem(_request: Request, exc: Exception) -> Response:
    assert isinstance(exc, ExplorerError)
    headers = {"Upload-Offset": str(exc.offset)} if isinstance(exc, OffsetMismatch) else None
    return problem(exc.status, type(exc).__name__, str(exc), headers)


async def _invalid(_request: Request, exc: Exception) -> Response:
    assert isinstance(exc, RequestValidationError)
    faults = [f"{'.'.join(str(part) for part in fault['loc'][1:]) or 'body'}: {fault['msg']}" for fault in exc.errors()]
    return problem(422, "BadRequest", "; ".join(faults))


async def _http_problem(request: Request, exc: Exception) -> Response:
    assert isinstance(exc, HTTPException)
    headers = dict(exc.headers) if exc.headers else None
    return problem(exc.status_code, str(exc.detail), f"{request.method} {request.url.path}: {exc.detail}", headers)


def _unknown(known: list[BaseRoute], request: Request) -> None:
    """Answer what none of the *known* routes took: 405 where another method would do, 404 elsewhere."""
    scopes = ((method, {**request.scope, "method": method}) for method in METHODS)
    allowed = [method for method, scope in scopes if any(route.matches(scope)[0] is Match.FULL for route in known)]
    if allowed:
        raise HTTPException(405, headers={"Allow": ", ".join(allowed)})
    raise NotFound(f"there is nothing at {request.url.path}; what there is stands at /docs.")


def _health(router: APIRouter, services: Services) -> None:
    @router.get("/healthz", tags=["server"])
    def healthz() -> dict[str, Any]:
        """Say that the server answers."""
        from explorer.runs import versions

        return {"status": "ok", "version": versions()["embedding-explorer"]}

    @router.get("/encoders", tags=["server"])
    def encoders() -> dict[str, Any]:
        """List the encoders: what they read, what they need, what runs offline."""
        return {"encoders": services.encoders()}

    @router.get("/formats", tags=["server"])
    def formats() -> dict[str, Any]:
        """List the file formats that are read: the endings of their names, what is made of them."""
        return {"formats": ingest.list_formats()}


def _dataset_routes(router: APIRouter, services: Services) -> None:
    @router.get("/datasets", tags=["datasets"])
    def datasets() -> dict[str, Any]:
        """List the datasets, newest first."""
        return {"datasets": services.datasets.all()}

    @router.post("/datasets", tags=["datasets"], status_code=201)
    def add_dataset(file: Annotated[UploadFile, File()], text: Annotated[str | None, Form()] = None) -> dict[str, Any]:
        """Read one file (multipart field `file`) into a dataset; `text` names the text column."""
        upload = services.uploads.create()
        name = file.filename or "upload"
        try:
            chunks = iter(lambda: file.file.read(2**20), b"")
            services.uploads.append(upload, name, offset=0, chunks=chunks)
        except BaseException:
            services.uploads.remove(upload)
            raise
        return services.datasets.add_upload(upload, text=text)

    @router.post("/datasets/text", tags=["datasets"], status_code=201)
    def add_text(pasted: PastedText) -> dict[str, Any]:
        """Make a dataset of pasted text, a line an item."""
        return services.datasets.add_text(pasted.text, pasted.name)

    @router.get("/datasets/{key}", tags=["datasets"])
    def dataset(key: str) -> dict[str, Any]:
        """Tell what a dataset is: its first rows, its columns, what was rejected."""
        return services.datasets.preview(key)

    @router.patch("/datasets/{key}", tags=["datasets"])
    def rename_dataset(key: str, name: Name) -> dict[str, Any]:
        """Rename a dataset."""
        services.rename_dataset(key, name.name)
        return services.datasets.one(key)

    @router.delete("/datasets/{key}", tags=["datasets"], status_code=204)
    def delete_dataset(key: str) -> Response:
        """Delete a dataset and its runs."""
        services.delete_dataset(key)
        return Response(status_code=204)

    @router.get("/datasets/{key}/thumbnails/{row}.webp", tags=["datasets"])
    def thumbnail(key: str, row: int) -> Response:
        """Return a picture's thumbnail, at most 160 pixels a side."""
        return Response(services.picture(key, row, large=False), media_type="image/webp", headers=IMMUTABLE)


def _upload_routes(router: APIRouter, services: Services) -> None:
    @router.post("/uploads", tags=["uploads"], status_code=201)
    def begin() -> dict[str, Any]:
        """Begin a resumable upload of one or more files."""
        return {"upload": services.uploads.create(), "chunk": CHUNK}

    @router.put("/uploads/{upload}/file", tags=["uploads"], status_code=204)
    async def append(upload: str, name: str, offset: Annotated[int, Query(ge=0)], request: Request) -> Response:
        """Append the raw body to a file at *offset*; 409 tells in `Upload-Offset` where to go on instead."""
        size = await services.uploads.append_stream(upload, name, offset=offset, stream=request.stream())
        return Response(status_code=204, headers={"Upload-Offset": str(size)})

    @router.head("/uploads/{upload}/file", tags=["uploads"])
    def offset(upload: str, name: str) -> Response:
        """Tell in `Upload-Offset` how many bytes of a file are here."""
        return Response(headers={"Upload-Offset": str(services.uploads.offset(upload, name))})

    @router.delete("/uploads/{upload}", tags=["uploads"], status_code=204)
    def cancel(upload: str) -> Response:
        """Cancel an upload, or the reading of it, and delete what came."""
        services.datasets.cancel_upload(upload)
        return Response(status_code=204)

    @router.post("/uploads/{upload}/done", tags=["uploads"], status_code=201)
    def finish(upload: str, chosen: Annotated[Chosen | None, Body()] = None) -> dict[str, Any]:
        """Read the uploaded files into a dataset; a DELETE of the upload meanwhile ends it with 409."""
        return services.datasets.add_upload(upload, text=chosen.text_column if chosen else None)


def _run_routes(router: APIRouter, services: Services) -> None:
    @router.get("/runs", tags=["runs"])
    def runs() -> dict[str, Any]:
        """List the runs, newest first."""
        return {"runs": services.runs()}

    @router.post("/runs", tags=["runs"], status_code=202)
    def start(wanted: RunRequest) -> dict[str, str]:
        """Start a run; the same request again is the same run, and resumes it."""
        settings = wanted.model_dump(exclude_unset=True)
        return {"run": services.start(settings.pop("dataset"), settings)}

    @router.get("/runs/{key}", tags=["runs"])
    def status(key: str) -> dict[str, Any]:
        """Tell where a run is and, when it is done, what it amounts to."""
        return services.status(key)

    @router.patch("/runs/{key}", tags=["runs"])
    def rename(key: str, name: Name) -> dict[str, Any]:
        """Rename a run."""
        services.rename_run(key, name.name)
        return services.status(key)

    @router.post("/runs/{key}/job", tags=["runs"], status_code=202)
    def resume(key: str) -> dict[str, str]:
        """Go on with a run that was interrupted, cancelled or failed."""
        return {"run": services.resume(key)}

    @router.delete("/runs/{key}/job", tags=["runs"], status_code=204)
    def cancel(key: str) -> Response:
        """Cancel a run; what is finished stays."""
        services.cancel(key)
        return Response(status_code=204)

    @router.delete("/runs/{key}", tags=["runs"], status_code=204)
    def delete(key: str) -> Response:
        """Delete a run."""
        services.delete_run(key)
        return Response(status_code=204)


def _question_routes(router: APIRouter, services: Services) -> None:
    @router.get("/runs/{key}/points", tags=["map"], response_class=Response)
    def points(key: str, request: Request, dims: Dims = None) -> Response:
        """Return the map as binary columns: 40 bytes of header, then i4 label, u2 x, u2 y for each row.

        With `dims=3` the 3-D map, u2 z after them; 409 until `POST /runs/{key}/space` has had it made.
        """
        body = services.points(key, dims=dims)
        tag = f'"{key}"' if dims is None else f'"{key}-{dims}"'
        return binary(body, tag, request)

    @router.get("/runs/{key}/frames", tags=["map"], response_class=Response)
    def frames(key: str, after: Annotated[int, Query(ge=-1)] = -1) -> Response:
        """Return the pictures of the map in the making with a number greater than *after*, one after the other.

        Each: `EEF1`, u4 number, u4 stage (0 embed: principal components of what is embedded so far; 1 project: UMAP on
        its way), u4 m, u4 n, f4 low and high of x and y, then u2 x[m], u2 y[m] of row i·n//m; 65535: no place yet.
        """
        body = services.frames(key, after)
        return Response(body, media_type="application/octet-stream", headers={"Cache-Control": "no-store"})

    @router.get("/runs/{key}/items/{row}", tags=["map"])
    def item(key: str, row: int, take_in: TakeIn = None) -> dict[str, Any]:
        """Return all that is known of a row."""
        return services.item(key, row, take_in=take_in)

    @router.get("/runs/{key}/neighbors/{row}", tags=["map"])
    def neighbors(
        key: str, row: int, k: K = 10, metric: str = "cosine", take_in: TakeIn = None, dims: Dims = None
    ) -> dict[str, Any]:
        """Return a row's true nearest neighbours in the original space, without the row itself.

        `far_on_map` marks those that are not among the `near_ranks` nearest rows on the map, `map_rank` says where they
        stand there. `only_on_map` lists rows among the k nearest on the map that are not among the `near_ranks`
        nearest in truth; `near_ranks` is max(k, min(10 k, rows / 10)). With `dims=3` the map is the 3-D one, once it
        has been made; `map_dims` says which it was.
        """
        return services.neighbors(key, row, k=k, metric=metric, take_in=take_in, dims=dims)

    @router.get("/runs/{key}/search", tags=["map"])
    def search(key: str, q: str, k: HitCount = 20, take_in: TakeIn = None) -> dict[str, Any]:
        """Return what is near in meaning to a text."""
        return services.search(key, q, k=k, take_in=take_in)

    @router.post("/runs/{key}/search/image", tags=["map"])
    async def search_image(key: str, request: Request, k: HitCount = 20) -> dict[str, Any]:
        """Return what is near in meaning to a picture, the raw body."""
        content = bytearray()
        async for chunk in request.stream():
            content += chunk
            if len(content) > MAX_QUERY_IMAGE:
                raise BadSetting("the picture is larger than 50 MB; use a smaller one.")
        return await asyncio.to_thread(services.search_image, key, bytes(content), k=k)


def _structure_routes(router: APIRouter, services: Services) -> None:
    @router.get("/runs/{key}/clusters", tags=["map"])
    def clusters(key: str, take_in: TakeIn = None) -> dict[str, Any]:
        """Return every cluster with what describes it, and in `levels` the names for the map, the broadest first."""
        return services.clusters(key, take_in=take_in)

    @router.get("/runs/{key}/sweep", tags=["map"])
    def sweep(key: str) -> dict[str, Any]:
        """Tell what 20 smallest-cluster sizes give: clusters, share of noise, agreement with the setting before.

        Computed when it is first asked for, from the run's tree; `min_samples` stays. Agreement is the adjusted Rand
        index of the two labellings, noise counted as a group. To pick a size, start a run with it.
        """
        return services.sweep(key)

    @router.get("/runs/{key}/membership", tags=["map"], response_class=Response)
    def membership(key: str, request: Request) -> Response:
        """Return how far each row belongs to its nearest cluster: `EEM1`, u4 n, i4 cluster[n], u1 percent[n]."""
        return binary(services.membership(key), f'"{key}-m"', request)


def _selection_routes(router: APIRouter, services: Services) -> None:
    @router.post("/runs/{key}/selection", tags=["map"])
    def select(key: str, shape: Annotated[dict[str, Any], Body()], take_in: TakeIn = None) -> dict[str, Any]:
        """Tell what a lasso, a box or a set of rows holds: how many rows, their clusters and keywords.

        `{"path": [[x, y], …]}` or `{"box": [x0, y0, x1, y1]}` in the map's units, or `{"rows": …}`: base64 of a bit a
        row, row 0 the lowest of the first byte. `csv` is the way to the rows as CSV; `null` where it is too long for
        an address: POST the same to `selection.csv` then.
        """
        return services.select(key, shape, take_in=take_in)

    @router.get("/runs/{key}/selection.csv", tags=["map"], response_class=Response)
    def selection_csv(key: str, shape: str, take_in: TakeIn = None) -> Response:
        """Download the rows of a selection, given as json."""
        return selected(key, shape, take_in)

    @router.post("/runs/{key}/selection.csv", tags=["map"], response_class=Response)
    def long_selection_csv(key: str, shape: Annotated[str, Form()], take_in: TakeIn = None) -> Response:
        """Download the rows of a selection too long for an address: its json as the form's field `shape`."""
        return selected(key, shape, take_in)

    def selected(key: str, shape: str, take_in: float | None) -> Response:
        from explorer.report import selected_items

        run = services.run(key, take_in=take_in)
        try:
            drawn = json.loads(shape)
        except ValueError as exc:
            raise BadSetting(f"shape is not json: {exc}.") from exc
        rows = rows_in(run, drawn if isinstance(drawn, dict) else {})
        return download(selected_items(run, rows), REPORT_TYPES["csv"], f"{run.name}-selection.csv")
