"""The REST routes of questions about rows: one row, its neighbours, what is near a text or a picture.

Each route calls one verb of `Services`, as those of `api` do.
"""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request

from explorer.server.api.parameters import Dims, TakeIn
from explorer.server.services import Services

K = Annotated[int, Query(ge=1, le=100, description="how many neighbours")]
HitCount = Annotated[int, Query(ge=1, le=1000, description="how many hits")]


def question_routes(router: APIRouter, services: Services) -> None:
    """Add the routes."""

    @router.get("/runs/{key}/items/{row}", tags=["map"])
    def item(key: str, row: int, take_in: TakeIn = None) -> dict[str, Any]:
        """Return all that is known of a row."""
        return services.questions.item(key, row, take_in=take_in)

    @router.get("/runs/{key}/neighbors/{row}", tags=["map"])
    def neighbors(
        key: str, row: int, k: K = 10, metric: str | None = None, take_in: TakeIn = None, dims: Dims = None
    ) -> dict[str, Any]:
        """Return a row's true nearest neighbours in the original space, without the row itself.

        `far_on_map` marks those that are not among the `near_ranks` nearest rows on the map, `map_rank` says where they
        stand there. `only_on_map` lists rows among the k nearest on the map that are not among the `near_ranks`
        nearest in truth; `near_ranks` is max(k, min(10 k, rows / 10)). With `dims=3` the map is the 3-D one, once it
        has been made; `map_dims` says which it was.
        """
        return services.questions.neighbors(key, row, k=k, metric=metric, take_in=take_in, dims=dims)

    @router.get("/runs/{key}/search", tags=["map"])
    async def search(key: str, q: str, k: HitCount = 20, take_in: TakeIn = None) -> dict[str, Any]:
        """Return what is near in meaning to a text."""
        return await services.questions.search(key, q, k=k, take_in=take_in)

    @router.post("/runs/{key}/search/image", tags=["map"])
    async def search_image(key: str, request: Request, k: HitCount = 20) -> dict[str, Any]:
        """Return what is near in meaning to a picture, the raw body."""
        return await services.questions.search_image(key, await request.body(), k=k)
