"""The REST routes of the 3-D map: ask for it, follow it, stop it.

Its places travel by the route of the points, in `api`.
"""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Response

from explorer.server.services import Services


def space_routes(router: APIRouter, services: Services) -> None:
    """Add the routes of the 3-D map."""

    @router.post("/runs/{key}/space", tags=["map"], status_code=202)
    def make_space(key: str) -> dict[str, Any]:
        """Have the 3-D map of a finished run made from its neighbours; one that is there or on its way is left alone.

        Answers as the GET does.
        """
        return services.maps.make_space(key)

    @router.get("/runs/{key}/space", tags=["map"])
    def space(key: str) -> dict[str, Any]:
        """Tell how far the 3-D map is (`state`: none, queued, running, done, failed, cancelled) and how faithful."""
        return services.maps.space(key)

    @router.delete("/runs/{key}/space", tags=["map"], status_code=204)
    def cancel_space(key: str) -> Response:
        """Stop making the 3-D map; one that is made stays."""
        services.maps.cancel_space(key)
        return Response(status_code=204)
