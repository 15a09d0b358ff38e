"""Asks, where a map is of vectors that came with the data, which encoder made them: then words can be searched.

It checks nothing: the run that it starts does, and says how far off an encoder is that did not.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import dash_mantine_components as dmc
from dash import Dash, Input, Output, State, html, no_update

from explorer.errors import UnknownEncoder
from explorer.server import RUN, name_maker
from explorer.ui import ids
from explorer.ui.encoderwords import by_edges, makers
from explorer.ui.form import opens_in
from explorer.ui.panels.settings import onward
from explorer.ui.registration import handle
from explorer.ui.stores import Place

if TYPE_CHECKING:
    from explorer.server import Services

_WHY = (
    "No encoder made this map. If one made the vectors that came with the data, name it: then any words can be "
    "searched, and clusters are named by what they mean, not by words alone. The map stays as it is. Some items are "
    "encoded to see that it did."
)
_ASKS = "Search by any words: name the encoder that made the vectors"
_UNNAMED = "No encoder is named; choose one of the list, or write for example st:all-mpnet-base-v2."


def layout(_services: Services) -> Any:
    """Return the question, which is seen where a map's vectors came with its data (`assets/shell/toolbar.css`)."""
    return html.Details(
        [
            html.Summary(_ASKS),
            html.P(_WHY, className="note"),
            dmc.Autocomplete(
                id=ids.MAKER,
                label="Made by",
                placeholder="minilm, st:NAME, …",
                data=[],
                value="",
                **opens_in(ids.INSPECTOR),
            ),
            html.Button("Search by it", id=ids.MAKER_TAKE, className="ghost"),
        ],
        id=ids.MAKER_BOX,
        className="by-none-only maker",
    )


def register(app: Dash, services: Services) -> None:
    """Register the names that are offered, and the run that is started with one."""

    @handle(
        app,
        Output(ids.MAKER, "data"),
        Output(ids.MAKER_BOX, "hidden"),
        Input(ids.VIEW, "data"),
        State(ids.MAKER, "data"),
    )
    def offer(view: dict[str, Any] | None, offered: list[str] | None) -> tuple[Any, Any]:
        if not view or view.get("searched") is not False:
            return no_update, no_update
        dataset = next((one for one in services.datasets.all() if one["dataset"] == view["dataset"]), None)
        known = makers(services.encoders(), dataset)
        return (no_update if known == offered else known), by_edges(dataset)

    @handle(
        app,
        Output(ids.URL, "search", allow_duplicate=True),
        Output(ids.LIBRARY_TICK, "data", allow_duplicate=True),
        Output(ids.MAKER, "error"),
        Input(ids.MAKER_TAKE, "n_clicks"),
        State(ids.MAKER, "value"),
        State(ids.VIEW, "data"),
        State(ids.LIBRARY_TICK, "data"),
        State(ids.PLACE, "data"),
    )
    def take(
        clicks: int | None, named: str | None, view: dict[str, Any] | None, tick: int | None, stored: Any
    ) -> tuple[Any, Any, str | None]:
        if not clicks or not view:
            return no_update, no_update, None
        if not (named or "").strip():
            return no_update, no_update, _UNNAMED
        try:
            run = name_maker(services.runs, view["run"], str(named).strip())
        except UnknownEncoder as exc:  # it is said where the name is
            return no_update, no_update, exc.on_page or str(exc)
        services.undoing.take_back(RUN, run)
        return onward(services, Place.load(stored), run).address().lstrip("/"), (tick or 0) + 1, None
