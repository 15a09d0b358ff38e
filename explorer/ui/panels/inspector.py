"""Shows the point in focus: its content in full, its metadata, and its nearest neighbours in the original space.

It draws nothing on the map: the browser asks for the neighbours' rows itself, and marks and joins them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import dash_mantine_components as dmc
from dash import ClientsideFunction, Dash, Input, Output, State, html

from explorer.errors import NotFound
from explorer.ui import ids
from explorer.ui.cards import cluster_chip, heading, hint, percent, scored_list, whole
from explorer.ui.markup import fills, markup, region, register_region
from explorer.ui.registration import handle
from explorer.ui.stores import DEFAULT_K, MAX_K, Place

if TYPE_CHECKING:
    from explorer.services import Services

_METRICS = (("cosine", "Cosine"), ("euclidean", "Euclidean"))
_SCORE_WORDS = {"cosine": "cosine similarity", "euclidean": "minus Euclidean distance"}


def layout(services: Services) -> Any:
    """Return the point tab: walking buttons, how neighbours are found, the point, its neighbours."""
    walk = (
        (ids.POINT_BACK, "← Back", "Back to the point before"),
        (ids.POINT_FORWARD, "Forward →", "Forward to the next point"),
    )
    return html.Div(
        [
            html.Div(
                [html.Button(text, id=name, className="ghost", title=words) for name, text, words in walk],
                className="walk",
            ),
            *region(ids.POINT, nothing()),
            html.Div(
                [
                    dmc.NumberInput(
                        id=ids.POINT_K,
                        label="Neighbours",
                        value=DEFAULT_K,
                        min=1,
                        max=MAX_K,
                        step=1,
                        size="xs",
                        allowDecimal=False,
                        debounce=400,
                        clampBehavior="blur",
                    ),
                    html.Div(
                        [
                            html.Label("Measured by", className="mini-label", htmlFor=ids.POINT_METRIC),
                            dmc.SegmentedControl(
                                id=ids.POINT_METRIC,
                                data=[{"value": value, "label": label} for value, label in _METRICS],
                                value="cosine",
                                size="xs",
                            ),
                        ]
                    ),
                ],
                id=ids.POINT_CONTROLS,
                className="point-controls hidden",
            ),
            *region(ids.POINT_NEIGHBORS),
        ]
    )


def register(app: Dash, services: Services) -> None:
    """Register the point, its neighbours, and how they are found."""
    register_region(app, ids.POINT)
    register_region(app, ids.POINT_NEIGHBORS)
    app.clientside_callback(
        ClientsideFunction("explorer_shell", "neighborsBy"),
        Input(ids.POINT_K, "value"),
        Input(ids.POINT_METRIC, "value"),
        prevent_initial_call=True,
    )
    app.clientside_callback(
        ClientsideFunction("explorer_shell", "showNeighborsBy"),
        Output(ids.POINT_K, "value"),
        Output(ids.POINT_METRIC, "value"),
        Input(ids.PLACE, "data"),
        State(ids.POINT_K, "value"),
        State(ids.POINT_METRIC, "value"),
        prevent_initial_call=True,
    )
    app.clientside_callback(
        ClientsideFunction("explorer_shell", "walk"),
        Input(ids.POINT_BACK, "n_clicks"),
        Input(ids.POINT_FORWARD, "n_clicks"),
        prevent_initial_call=True,
    )

    app.clientside_callback(
        ClientsideFunction("explorer_map", "neighbors"),
        Output(ids.NEIGHBORS, "data"),
        Input(ids.PLACE, "data"),
        Input(ids.VIEW, "data"),
    )

    @handle(
        app,
        fills(ids.POINT),
        fills(ids.POINT_NEIGHBORS),
        Output(ids.POINT_CONTROLS, "className"),
        Input(ids.PLACE, "data"),
        Input(ids.SHOWN, "data"),
    )
    def inspect(stored: dict[str, Any] | None, shown: str | None) -> tuple[str, str, str]:
        place = Place.load(stored)
        if shown is None or place.run != shown or place.row is None:
            return markup(nothing()), "", "point-controls hidden"
        head, near, controls = inspection(services, place)
        return markup(head), markup(near), controls


def inspection(services: Services, place: Place) -> tuple[Any, Any, str]:
    """Return the point, its neighbours' cards, and the class of the controls."""
    assert place.run is not None
    assert place.row is not None
    try:
        item = services.item(place.run, place.row, take_in=place.take_in)
    except NotFound as error:
        return hint(str(error)), None, "point-controls hidden"
    answer = services.neighbors(place.run, place.row, k=place.k, metric=place.metric, take_in=place.take_in)
    found = answer["neighbors"]
    words = _SCORE_WORDS[place.metric]
    head = heading(f"{len(found)} nearest in the original space", words)
    if not found:
        alone = hint("This row has no neighbours: it is the only one, or it could not be encoded.")
        return point(item), [head, alone], "point-controls"
    return (
        point(item),
        [head, scored_list(found, place, by="similarity", label=words, testid=ids.TESTID_NEIGHBOR)],
        "point-controls",
    )


def nothing() -> Any:
    """Return what the point tab says when no point is in focus."""
    return hint(
        "Click a point on the map to read it and to see what is nearest to it in meaning.",
        "The neighbours are searched among the full vectors, not on the flattened map.",
    )


def point(item: dict[str, Any]) -> Any:
    """Return the item in focus: all of its content, where it belongs, its metadata."""
    strength = item.get("strength")
    belongs = [
        cluster_chip(int(item["cluster"]), str(item.get("cluster_name") or ""), taken_in=bool(item.get("taken_in")))
    ]
    if item["cluster"] >= 0 and strength is not None:
        belongs.append(html.Span(f"belongs {percent(strength)}", className="note", title="How surely it is part of it"))
    return html.Article(
        [
            html.Div(
                [html.Span(f"Row {whole(item['row'])}", className="row-number"), *belongs], className="point-head"
            ),
            _content(item),
            _metadata(item.get("metadata") or {}),
        ],
        className="point-card",
        **{"data-row": str(item["row"])},
    )


def _content(item: dict[str, Any]) -> Any:
    if item["kind"] == "image":
        path = str(item.get("path") or f"picture {item['row']}")
        return html.Figure(
            [html.Img(src=item.get("image") or item.get("thumbnail"), alt=path), html.Figcaption(path)],
            className="point-image",
        )
    return html.Div(str(item.get("text") or ""), className="point-text", tabIndex=0, dir="auto")


def _metadata(metadata: dict[str, Any]) -> Any:
    filled = {name: value for name, value in metadata.items() if value not in (None, "")}
    if not filled:
        return None
    rows = [html.Tr([html.Th(name, scope="row"), html.Td(str(value), dir="auto")]) for name, value in filled.items()]
    return html.Table(html.Tbody(rows), className="metadata")
