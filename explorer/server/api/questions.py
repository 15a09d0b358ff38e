"""The REST routes of questions about rows: one row, its neighbours, what is near a text or a picture.

Each route calls one verb of `Services`, as those of `api` do.
"""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, Field

from explorer.server.api.parameters import Dims, TakeIn
from explorer.server.services import Services

End = Annotated[str, Query(min_length=1, max_length=1_000, description="an end: words, a row as #17, or a sum")]
K = Annotated[int, Query(ge=1, le=100, description="how many neighbours")]
OfKind = Annotated[
    str | None, Query(max_length=40, description="rows of this kind alone: text, image or sound", examples=["image"])
]
HitCount = Annotated[int, Query(ge=1, le=1000, description="how many hits")]


class Sum(BaseModel):
    """A sum of meanings with the rows that are selected."""

    q: str = Field(max_length=200_000)
    selected: dict[str, Any] | None = None
    k: int = Field(20, ge=1, le=1000)


def question_routes(router: APIRouter, services: Services) -> None:
    """Add the routes."""

    @router.get("/runs/{key}/items/{row}", tags=["map"])
    def item(key: str, row: int, take_in: TakeIn = None) -> dict[str, Any]:
        """Return all that is known of a row."""
        return services.questions.item(key, row, take_in=take_in)

    @router.get("/runs/{key}/neighbors/{row}", tags=["map"])
    def neighbors(
        key: str,
        row: int,
        k: K = 10,
        metric: str | None = None,
        take_in: TakeIn = None,
        dims: Dims = None,
        kind: OfKind = None,
        apart: bool = False,
    ) -> dict[str, Any]:
        """Return a row's true nearest neighbours in the original space, without the row itself.

        `far_on_map` marks those that are not among the `near_ranks` nearest rows on the map, `map_rank` says where they
        stand there. `only_on_map` lists rows among the k nearest on the map that are not among the `near_ranks`
        nearest in truth; `near_ranks` is max(k, min(10 k, rows / 10)). With `dims=3` the map is the 3-D one, once it
        has been made; `map_dims` says which it was. With `apart` these are k texts unlike its own, and copies.
        """
        found = services.questions.neighbors
        return found(key, row, k=k, metric=metric, take_in=take_in, dims=dims, kind=kind, apart=apart)

    @router.get("/runs/{key}/search", tags=["map"])
    async def search(key: str, q: str, k: HitCount = 20, take_in: TakeIn = None, kind: OfKind = None) -> dict[str, Any]:
        """Return what is near in meaning to a text.

        `= king - man + woman` adds and subtracts meanings: words, `#17` for a row, `#3,9` for the mean of rows, weights
        as `0.5 * "at night"`, `[0.1, …]` for a vector of as many numbers as the map has. `cheap <> expensive` orders
        all rows between two meanings: half of the hits stand nearest to the one end, half to the other, and `axis` is
        as `/axis` has it. Pictures, sounds and whatever came with vectors are found by what they are called, too: the
        names of files, what a table says beside them; texts by a column that is just the words (`in_column`). Those are
        `by_name`, `by_name_in_all` of them; where no encoder reads the words, `unread` says so, and that is all.
        """
        return await services.questions.search(key, q, k=k, take_in=take_in, kind=kind)

    @router.post("/runs/{key}/search", tags=["map"])
    async def search_selected(key: str, wanted: Sum) -> dict[str, Any]:
        """Return what is near in meaning to a sum with the word `selection` in it, which is the mean of `selected`."""
        return await services.questions.search(key, wanted.q, k=wanted.k, selected=wanted.selected)

    @router.get("/runs/{key}/axis", tags=["map"])
    async def axis(key: str, low: End, high: End) -> dict[str, Any]:
        """Return where all rows stand between two meanings, words, rows or sums, as colour codes, like `scores`.

        -1 is `low`, 1 is `high`. `strips` has the clusters in the order of their medians: counts of their rows in 60
        equal parts of the scale.
        """
        return dict((await services.questions.axis(key, low, high))["axis"])

    @router.post("/runs/{key}/search/image", tags=["map"])
    async def search_image(key: str, request: Request, k: HitCount = 20) -> dict[str, Any]:
        """Return what is near in meaning to a picture or a sound, whose file is the raw body."""
        return await services.questions.search_image(key, await request.body(), k=k)
