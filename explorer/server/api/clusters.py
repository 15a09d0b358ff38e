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
        """Return every cluster with what describes it, and in `levels` the names for the map, the broadest first.

        `true_of` is the share of the rows of several joined clusters that their name is true of; the map shows those
        of 0.65 or more.
        """
        return services.questions.clusters(key, take_in=take_in)

    @router.get("/runs/{key}/sweep", tags=["map"])
    async def sweep(key: str, repeats: bool = False) -> dict[str, Any]:
        """Tell what 20 smallest-cluster sizes give: clusters, share of noise, agreement with the setting before.

        Computed when it is first asked for, from the run's tree; `min_samples` stays. Agreement is the adjusted Rand
        index of the two labellings, noise counted as a group. To pick a size, start a run with it. With communities it
        tells the same of the 20 steps of `detail`. With `repeats=true` it is measured too how much repeats with nine in
        ten rows, and another seed, agree with each setting, which is *repeated* from then on: by how much it can be
        relied on. *joined* tells of density how it has fewer clusters: those of the usual size joined into so many
        *groups*, which is a setting too.
        """
        return await services.questions.sweep(key, repeats=repeats)

    @router.get("/runs/{key}/cuts/{at}", tags=["map"])
    def cut(key: str, at: int) -> dict[str, Any]:
        """Return the clusters that the run would have at another setting of its sweep, before that is a run.

        *at* is a smallest cluster, or a detail; below zero it is a number of groups, -5 for 5. Ask for the sweep first.
        Names are those that the run has for the same rows; *provisional* ones say which of
        its clusters a group joins or is a part of. *kept* is the run that has this setting, where there is one; the
        answer is then that run's. To have names, keywords and a report of it, start a run with the setting.
        """
        return services.questions.cut(key, at)

    @router.get("/runs/{key}/cuts/{at}/rows", tags=["map"], response_class=Response)
    def cut_rows(key: str, at: int, request: Request) -> Response:
        """Return the label of each row in such a cut: `EEC1`, u4 n, i4 label[n], -1 for noise."""
        return binary(services.questions.cut_rows(key, at), f'"{key}-c{at}"', request)

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
