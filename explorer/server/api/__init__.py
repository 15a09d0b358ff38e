"""The REST routes under /api/v1, documented by OpenAPI at /docs: one group of routes a file, listed here.

Routes decide nothing: they parse, call one verb of `Services` and answer; errors are problem+json.  They are plain
functions, which `answering` runs in threads, as many as there are cores; coroutines stream a body or wait for a worker.
"""

from fastapi import FastAPI

from explorer.server.api.about import about_routes
from explorer.server.api.clusters import cluster_routes
from explorer.server.api.columns import column_routes
from explorer.server.api.comparing import comparing_routes
from explorer.server.api.consent import consent_routes
from explorer.server.api.datasets import dataset_routes, fault_routes, reading_routes
from explorer.server.api.map import map_routes
from explorer.server.api.mounting import mount_groups
from explorer.server.api.pictures import picture_routes
from explorer.server.api.questions import question_routes
from explorer.server.api.reports import report_routes
from explorer.server.api.runs import run_routes
from explorer.server.api.selection import selection_routes
from explorer.server.api.sounds import sound_routes
from explorer.server.api.space import space_routes
from explorer.server.api.titles import title_routes
from explorer.server.api.uploads import upload_routes
from explorer.server.api.versions import version_routes
from explorer.server.services import Services

GROUPS = (
    *(about_routes, dataset_routes, fault_routes, reading_routes, version_routes, upload_routes, run_routes),
    *(consent_routes, map_routes, question_routes, cluster_routes, title_routes, space_routes, column_routes),
    *(selection_routes, picture_routes, sound_routes, report_routes, comparing_routes),
)
"""Every group of routes, in the order of /docs."""


def mount(app: FastAPI, services: Services, *, allowed: tuple[type[Exception], ...] = ()) -> None:
    """Add the routes and what goes round them to an app; errors of an *allowed* kind go on to what is around that."""
    mount_groups(app, services, GROUPS, allowed=allowed)
