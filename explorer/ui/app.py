"""Builds the Dash application: its server with the REST routes, the page, and its callbacks.

It serves nothing and decides nothing: the command line runs `create_app(...).server` under uvicorn.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dash import Dash
from dash.exceptions import PreventUpdate
from fastapi_offline import FastAPIOffline

from explorer.server import BoundedBodies, SameOrigin
from explorer.server.api import mount
from explorer.ui import beside, modules, shell
from explorer.ui.imports import ImportsLate
from explorer.ui.markup import markup
from explorer.ui.payloads import DashRequests
from explorer.ui.terms import notes
from explorer.workspace import shipped

if TYPE_CHECKING:
    from explorer.server import Services

TITLE = "Embedding Explorer"


def create_app(services: Services) -> Dash:
    """Return the application for *services*; its `server` is the FastAPI application to serve."""
    # Offline: the scripts of /docs come with the package instead of a content network.
    server = FastAPIOffline(title=TITLE, redoc_url=None)
    server.state.workspace = services.workspace.path  # what no notice may name
    # Before Dash adds its catch-all, which would answer every unknown path with the page.
    mount(server, services, allowed=(PreventUpdate,))
    assets = shipped("assets").resolve()
    kept = modules.Kept(assets)
    kept.mount(server)
    beside.mount(server, services, assets=kept.address)
    app = Dash(
        __name__,
        server=server,
        title=TITLE,
        update_title="",
        assets_folder=str(assets),
        assets_url_path=kept.address,
        assets_ignore=modules.LEFT_ALONE,
        index_string=modules.index_of(kept.address, beside=markup(notes())),
        serve_locally=True,
        suppress_callback_exceptions=True,
        meta_tags=[
            {"name": "viewport", "content": "width=device-width, initial-scale=1"},
            {"name": "description", "content": "See what is in a pile of texts or pictures."},
            {"name": "color-scheme", "content": "light dark"},
        ],
    )

    # The last that is added is around the others, Dash's too.
    server.add_middleware(DashRequests, dash=app)
    server.add_middleware(BoundedBodies)
    server.add_middleware(SameOrigin, settings=services.settings)
    server.add_middleware(ImportsLate)

    app.renderer = "// assets/main.mjs starts Dash, when there is all that Dash calls"

    def page() -> Any:
        # A function, so that a page load shows what there is now and not what there was at start.
        return shell.layout(services)

    app.layout = page
    shell.register(app, services)
    return app
