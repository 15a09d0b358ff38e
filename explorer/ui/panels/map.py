"""Holds the map: its graph, its layer of names and marks, its legend and the choice of what colours it.

It sends keys, names and colours; the points travel once over REST and `assets/map.js` draws them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import dash_mantine_components as dmc
from dash import ClientsideFunction, Dash, Input, Output, State, dcc, html

from explorer.ui import ids
from explorer.ui.figures import cluster_palette, column_palette, empty_map, map_config
from explorer.ui.registration import handle

if TYPE_CHECKING:
    from explorer.services import Services

BY_CLUSTER = "cluster"
_COLUMN = "column:"
_MODES = (("pan", "Pan"), ("lasso", "Lasso"), ("select", "Box"))


def layout(services: Services) -> Any:
    """Return the graph with everything that lies over it."""
    return html.Div(
        [
            html.Canvas(id=ids.MAP_DENSITY, className="map-density", **{"aria-hidden": "true"}),
            dcc.Graph(id=ids.MAP, figure=empty_map(), config=map_config(), responsive=True, className="map-graph"),
            html.Div(id=ids.MAP_LAYER, className="map-layer", **{"aria-hidden": "true"}),
            html.Canvas(id=ids.GROWING, className="growing", **{"aria-hidden": "true"}),
            html.Div(id=ids.GROWING_NOTE, className="growing-note"),
            html.Div(_controls(), className="map-controls"),
            html.Div(id=ids.MAP_LEGEND, className="map-legend"),
            html.Div(id=ids.MAP_COUNT, className="map-count", role="status"),
            html.Div(id=ids.MAP_PREVIEW, className="map-preview", role="status"),
        ],
        className="map-holder",
        id="map-holder",
    )


def _controls() -> list[Any]:
    zoom = (
        (ids.MAP_ZOOM_IN, "+", "Zoom in"),
        (ids.MAP_ZOOM_OUT, "−", "Zoom out"),
        (ids.MAP_FIT, "Fit", "Show the whole map"),
    )
    return [
        dmc.SegmentedControl(
            id=ids.MAP_MODE,
            data=[{"value": value, "label": label} for value, label in _MODES],
            value="pan",
            size="xs",
            **{"aria-label": "What dragging on the map does"},
        ),
        html.Div(
            [
                html.Button(sign, id=name, className="ghost", title=words, **{"aria-label": words})
                for name, sign, words in zoom
            ],
            className="zoom-buttons",
        ),
    ]


def color_select() -> Any:
    """Return the choice of what the colours mean."""
    return dmc.Select(
        id=ids.COLOR_BY,
        data=[{"value": BY_CLUSTER, "label": "Clusters"}],
        value=BY_CLUSTER,
        allowDeselect=False,
        searchable=True,
        size="sm",
        leftSection=html.Span("Colour by", className="inline-label"),
        leftSectionWidth=78,
        leftSectionPointerEvents="none",
        className="color-select",
        **{"aria-label": "Colour by"},
    )


def register(app: Dash, services: Services) -> None:
    """Register drawing (in the browser) and the choice of colours."""
    app.clientside_callback(
        ClientsideFunction("explorer_map", "draw"),
        Output(ids.DRAWN, "data"),
        *(
            Input(name, "data")
            for name in (
                ids.VIEW,
                ids.COLUMN,
                ids.NEIGHBORS,
                ids.HITS,
                ids.CLUSTER_FOCUS,
                ids.SELECTION,
                ids.THEME,
                ids.PLACE,
            )
        ),
    )
    app.clientside_callback(
        ClientsideFunction("explorer_growing", "watch"),
        Input(ids.RUN_KEY, "data"),
        Input(ids.STATUS, "data"),
        Input(ids.DRAWN, "data"),
    )
    app.clientside_callback(
        ClientsideFunction("explorer_map", "control"),
        Input(ids.MAP_MODE, "value"),
        Input(ids.MAP_ZOOM_IN, "n_clicks"),
        Input(ids.MAP_ZOOM_OUT, "n_clicks"),
        Input(ids.MAP_FIT, "n_clicks"),
        prevent_initial_call=True,
    )

    @handle(app, Output(ids.COLOR_BY, "data"), Output(ids.COLOR_BY, "value"), Input(ids.VIEW, "data"))
    def choices(view: dict[str, Any] | None) -> tuple[list[dict[str, str]], str]:
        columns = view["columns"] if view else []
        options = [{"value": _COLUMN + name, "label": name} for name in columns]
        return [{"value": BY_CLUSTER, "label": "Clusters"}, *options], BY_CLUSTER

    @handle(app, Output(ids.COLUMN, "data"), Input(ids.COLOR_BY, "value"), State(ids.SHOWN, "data"))
    def recolor(choice: str | None, run: str | None) -> dict[str, Any] | None:
        if run is None or choice is None or not choice.startswith(_COLUMN):
            return None
        column = services.column(run, choice.removeprefix(_COLUMN))
        return {**column, "run": run, "colors": column_palette(column)}


def view_of(services: Services, status: dict[str, Any]) -> dict[str, Any]:
    """Return what the browser needs to draw a finished run: names, anchors, colours, and columns to colour by."""
    answer = services.clusters(status["run"])
    found = answer["clusters"]
    dataset = next((d for d in services.datasets.all() if d["dataset"] == status["dataset"]), None)
    columns = [c for c in dataset["columns"] if c != dataset["text_column"]] if dataset else []
    return {
        "run": status["run"],
        "dataset": status["dataset"],
        "name": status["name"],
        "modalities": list(dataset["modalities"]) if dataset else [],
        "columns": columns,
        "clusters": [
            {"cluster": c["cluster"], "name": c["name"], "size": c["size"], **(c.get("anchor") or {})} for c in found
        ],
        "levels": answer.get("levels", []),
        "colors": cluster_palette(len(found)),
    }
