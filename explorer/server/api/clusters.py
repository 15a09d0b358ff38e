"""The REST routes of clusters: what describes them, what other sizes would give, how far each row belongs to one.

Each route calls one verb of `Services`, as those of `api` do.
"""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request, Response

from explorer.server.api.downloads import binary
from explorer.server.api.parameters import TakeIn
from explorer.server.services import Services


def cluster_routes(router: APIRouter, services: Services) -> None:
    """Add the routes."""

    @router.get("/runs/{key}/clusters", tags=["map"])
    def clusters(key: str, take_in: TakeIn = None) -> dict[str, Any]:
        """Return every cluster with what describes it, and in `levels` the names for the map, the broadest first."""
        return services.questions.clusters(key, take_in=take_in)

    @router.get("/runs/{key}/sweep", tags=["map"])
    async def sweep(key: str) -> dict[str, Any]:
        """Tell what 20 smallest-cluster sizes give: clusters, share of noise, agreement with the setting before.

        Computed when it is first asked for, from the run's tree; `min_samples` stays. Agreement is the adjusted Rand
        index of the two labellings, noise counted as a group. To pick a size, start a run with it. With communities it
        tells the same of the 20 steps of `detail`.
        """
        return await services.questions.sweep(key)

    @router.get("/runs/{key}/sureness", tags=["map"])
    async def sureness(key: str) -> dict[str, Any]:
        """Tell in how many of ten repeats each cluster comes back: as a group with a Jaccard index to it from 0.6.

        Measured when it is first asked for. A repeat clusters 90 % of the rows anew. Afterwards `clusters`, the tables
        and the score `sureness` have it too.
        """
        return await services.questions.sureness(key)

    @router.get("/runs/{key}/membership", tags=["map"], response_class=Response)
    def membership(key: str, request: Request) -> Response:
        """Return how far each row belongs to its nearest cluster: `EEM1`, u4 n, i4 cluster[n], u1 percent[n]."""
        return binary(services.questions.membership(key), f'"{key}-m"', request)
