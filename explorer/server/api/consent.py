"""The REST routes of what would leave this machine, and of the vectors that are kept.

Each route calls one verb of `Services`, as those of `api` do.
"""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Response

from explorer.server.services import Services


def consent_routes(router: APIRouter, services: Services) -> None:
    """Add the routes."""

    @router.get("/datasets/{dataset}/sending", tags=["runs"])
    def sending(dataset: str, encoder: str) -> dict[str, Any]:
        """Tell what a run of a dataset by an encoder would have sent elsewhere: to whom, how much, at what price.

        `sending` is null where nothing leaves this machine. Sends nothing: a run does, once it is asked for with
        `send`.
        """
        return {"sending": services.consent.sending(dataset, encoder)}

    @router.get("/cache", tags=["server"])
    def cache() -> dict[str, Any]:
        """Tell how many bytes vectors have that belong to no map, how many they may have, and those of maps."""
        return services.consent.cache()

    @router.delete("/cache", tags=["server"], status_code=204)
    def clear() -> Response:
        """Remove the vectors that belong to no map; maps keep theirs."""
        services.consent.clear()
        return Response(status_code=204)
