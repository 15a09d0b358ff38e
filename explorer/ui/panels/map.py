"""Holds the map: its graph, its layer of names and marks, its legend and the choice of what colours it.

It sends keys, names and colours; the points travel once over REST and `assets/map/draw.mjs` draws them.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import dash_mantine_components as dmc
from dash import Dash, Input, Output, State, dcc, html, no_update

from explorer.config import GIVEN
from explorer.description import NOISE_COLOR
from explorer.encoders import modalities_of
from explorer.errors import ExplorerError, NotFound, NotReady
from explorer.kinds import kind_named, reads_words
from explorer.questions import COMPUTED, sums
from explorer.server import ANSWERS
from explorer.types import cut
from explorer.ui import ids
from explorer.ui.columntypes import to_color_by
from explorer.ui.encoderwords import by_edges
from explorer.ui.figures import column_palette, empty_map, map_config, ramp_palettes
from explorer.ui.form import opens_in
from explorer.ui.named import examples_of
from explorer.ui.registration import handle, in_browser
from explorer.ui.stores import AXIS_PREFIX, COLUMN_PREFIX, COMPUTED_PREFIX, Place, words_of
from explorer.ui.terms import told

if TYPE_CHECKING:
    from explorer.server import Services

BY_CLUSTER = "cluster"
_ASKED = 60
"""Letters of what a file says of a column, that stand behind its name."""
UNKNOWN = "unknown"
"""The kind of a column of which a run knows nothing; its clusters colour the map meanwhile."""
_SAVE = "Save what you see as a PNG or SVG picture"
_LOOK = "How large and how opaque points are"
_KEYS = (
    "Arrow keys go from point to point, Enter opens the point, plus and minus zoom, 0 shows the whole map. "
    "Shift and arrow keys move the map, or turn it in 3-D. Slash leads to the search, Escape steps back."
)
_MODES = (("pan", "Pan"), ("lasso", "Lasso"), ("select", "Box"))


def layout(services: Services) -> Any:
    """Return the graph with everything that lies over it."""
    return html.Div(
        [
            html.Canvas(id=ids.MAP_DENSITY, className="map-density", **{"aria-hidden": "true"}),
            dcc.Graph(id=ids.MAP, figure=empty_map(), config=map_config(), responsive=True, className="map-graph"),
            html.Canvas(id=ids.MAP_PICTURES, className="map-pictures", **{"aria-hidden": "true"}),
            html.Div(id=ids.MAP_LAYER, className="map-layer", **{"aria-hidden": "true"}),
            html.Canvas(id=ids.GROWING, className="growing", **{"aria-hidden": "true"}),
            html.Div(id=ids.GROWING_NOTE, className="growing-note"),
            _stop(),
            html.Div(_controls(), className="map-controls"),
            html.Div(id=ids.MAP_EDGES, className="map-edges"),
            html.Div(id=ids.MAP_KEY, className="map-key", hidden=True),
            html.Div(id=ids.MAP_LEGEND, className="map-legend"),
            html.Div(id=ids.MAP_COUNT, className="map-count", role="status"),
            html.Div(id=ids.MAP_SPACE_NOTE, className="map-space-note", role="status"),
            html.Div(id=ids.MAP_PREVIEW, className="map-preview"),
        ],
        className="map-holder",
        id="map-holder",
    )


def _stop() -> Any:
    """Return the one stop of the Tab key that the map is; `assets/keys/` moves in it and draws where it is."""
    return html.Div(
        [
            html.Div(id=ids.MAP_CURSOR, className="map-cursor", **{"aria-hidden": "true"}),
            html.P(_KEYS, id=ids.MAP_KEYS_HINT, hidden=True),
        ],
        id=ids.MAP_KEYS,
        className="map-keys",
        tabIndex=0,
        role="application",
        **{"aria-label": "Map", "aria-roledescription": "map of points", "aria-describedby": ids.MAP_KEYS_HINT},
    )


def _controls() -> list[Any]:
    zoom = (
        (ids.MAP_ZOOM_IN, "+", "Zoom in"),
        (ids.MAP_ZOOM_OUT, "−", "Zoom out"),
        (ids.MAP_FIT, "Fit", "Fit: show the whole map"),
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
        html.Div(
            id=ids.MAP_ARRANGEMENTS,
            className="arrangement-buttons",
            hidden=True,
            role="group",
            **{"aria-label": "How the rows are arranged"},
        ),  # assets/map/arrangements.mjs
        html.Button(
            "Pictures",
            id=ids.MAP_PICTURES_TOGGLE,
            className="ghost pictures-toggle",
            title="Show pictures at their points",
            hidden=True,
            **{"aria-pressed": "true"},
        ),  # assets/pictures/layer.mjs
        html.Details(
            [
                html.Summary("Points", title=_LOOK),
                html.Div(id=f"{ids.MAP_LOOK}-body", className="look-body"),
            ],  # assets/map/look.mjs
            id=ids.MAP_LOOK,
            className="look",
        ),
        html.Button(
            ["Save", html.Span(" picture")], id=ids.MAP_SAVE, className="ghost save-button", title=_SAVE
        ),  # assets/saving/
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
        **opens_in(ids.STAGE),
        className="color-select",
        **{"aria-label": "Colour by"},
    )


def _register_drawing(app: Dash) -> None:
    """Register what the browser does by itself: draw, follow the map in the making, zoom."""
    in_browser(
        app,
        "explorer_map.draw",
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
                ids.PICKED,
                ids.CUT,
            )
        ),
        initial=True,
    )
    in_browser(app, "explorer_shell.front", Input(ids.TABS, "value"))
    in_browser(
        app,
        "explorer_map.selection",
        Output(ids.SELECTION, "data"),
        Input(ids.PLACE, "data"),
        Input(ids.VIEW, "data"),
        State(ids.SELECTION, "data"),
        initial=True,
    )
    in_browser(
        app,
        "explorer_growing.watch",
        Input(ids.RUN_KEY, "data"),
        Input(ids.STATUS, "data"),
        initial=True,
    )
    in_browser(app, "explorer_growing.drawn", Input(ids.DRAWN, "data"))
    in_browser(
        app,
        "explorer_map.control",
        Input(ids.MAP_MODE, "value"),
        Input(ids.MAP_ZOOM_IN, "n_clicks"),
        Input(ids.MAP_ZOOM_OUT, "n_clicks"),
        Input(ids.MAP_FIT, "n_clicks"),
    )


def register(app: Dash, services: Services) -> None:
    """Register drawing (in the browser) and the choice of colours."""
    _register_drawing(app)
    in_browser(app, "explorer_shell.colorBy", Input(ids.COLOR_BY, "value"))
    in_browser(
        app,
        "explorer_shell.showColorBy",
        Output(ids.COLOR_BY, "data", allow_duplicate=True),
        Output(ids.COLOR_BY, "value", allow_duplicate=True),
        Input(ids.PLACE, "data"),
        State(ids.COLOR_BY, "data"),
        State(ids.COLOR_BY, "value"),
    )
    in_browser(
        app,
        "explorer_shell.showPicked",
        Output(ids.PICKED, "data"),
        Input(ids.PLACE, "data"),
        State(ids.PICKED, "data"),
        initial=True,
    )

    @handle(
        app,
        Output(ids.COLOR_BY, "data"),
        Output(ids.COLOR_BY, "value"),
        Input(ids.VIEW, "data"),
        State(ids.PLACE, "data"),
    )
    def choices(view: dict[str, Any] | None, stored: dict[str, Any] | None) -> tuple[list[dict[str, Any]], str]:
        options = color_choices(view["columns"], view.get("described")) if view else color_choices([])
        place = Place.load(stored)
        wanted = place.color if view and place.run == view["run"] else None
        if wanted and wanted.startswith(AXIS_PREFIX):
            options.append(axis_choice(wanted))
        known = {item["value"] for option in options for item in option.get("items", ())}
        return options, wanted if wanted and wanted in known else BY_CLUSTER

    for function, store in (("coloring", ids.COLORING), ("told", ids.TOLD)):
        in_browser(
            app,
            f"explorer_shell.{function}",
            Output(store, "data"),
            Input(ids.PLACE, "data"),
            State(store, "data"),
            initial=True,
        )

    _register_colors(app, services)


def _register_colors(app: Dash, services: Services) -> None:
    """Register what travels once a choice stands in the address: a byte a row."""

    @handle(
        app,
        Output(ids.COLUMN, "data"),
        Input(ids.COLOR_BY, "value"),
        Input(ids.COLORING, "data"),
        State(ids.SHOWN, "data"),
    )
    async def recolor(choice: str | None, coloring: dict[str, Any] | None, run: str | None) -> Any:
        if run is None or choice in (None, BY_CLUSTER):
            return None
        if not coloring or coloring.get("color") != choice:
            return no_update  # a choice goes through the address, which follows: a map's colours travel once
        own = Place(color=choice, read_as=coloring.get("read_as"), also=coloring.get("also"), has=coloring.get("has"))
        if str(choice).startswith(AXIS_PREFIX):
            return await colored_between(services, run, str(choice))
        return await ANSWERS.run(colored, services, run, str(choice), own)


def color_choices(columns: list[str], described: Mapping[str, str] | None = None) -> list[dict[str, Any]]:
    """Return what may colour the map: the clusters, what was computed of each row, and columns of the table.

    Columns that the file has *described*, as a survey's questions, say the beginning of that.
    """
    asked = described or {}
    computed = [{"value": COMPUTED_PREFIX + name, "label": what.title} for name, what in COMPUTED.items()]
    found = [
        {"value": COLUMN_PREFIX + name, "label": f"{name} – {cut(asked[name], _ASKED)}" if asked.get(name) else name}
        for name in columns
    ]
    groups = [{"group": "Computed of each row", "items": computed}, {"group": "Columns of the table", "items": found}]
    return [{"value": BY_CLUSTER, "label": "Clusters"}, *(group for group in groups if group["items"])]


def axis_choice(color: str) -> dict[str, Any]:
    """Return the choice of an axis between two meanings; assets/map/coloring.mjs makes the same."""
    label = " … ".join(sums.ends_of(color.removeprefix(AXIS_PREFIX)) or ())
    return {"group": "Between two meanings", "items": [{"value": color, "label": label}]}


async def colored_between(services: Services, run: str, choice: str) -> dict[str, Any]:
    """Return what COLUMN holds for an axis between two meanings."""
    low, high = sums.ends_of(choice.removeprefix(AXIS_PREFIX)) or ("", "")
    column = (await services.questions.axis(run, low, high))["axis"]
    told = {name: value for name, value in column.items() if name != "strips"}
    return {**told, "run": run, "choice": choice, **_colors(told)}


def colored(services: Services, run: str, choice: str, place: Place | None = None) -> dict[str, Any]:
    """Return what COLUMN holds for a *choice*; where a score is not known of a run, a sentence that says why.

    Of *place*, how the column is read, by which answer, and which rare values have a colour count.
    """
    about: dict[str, Any] = {"run": run, "choice": choice}
    if choice.startswith(COLUMN_PREFIX):
        name = choice.removeprefix(COLUMN_PREFIX)
        place = place or Place()
        column = _column(services, run, name, place)
        about["choices"] = services.columns.choices(run, name)
        return {**column, **about, **_colors(column)}
    name = choice.removeprefix(COMPUTED_PREFIX)
    try:
        column = services.columns.score(run, name)
    except NotReady as error:
        return {**about, "column": name, "kind": UNKNOWN, "title": COMPUTED[name].title, "meaning": str(error)}
    term = COMPUTED[name].term
    explained = {"term": told(term)} if term else {}
    return {**column, **about, **explained, **_colors(column)}


def _column(services: Services, run: str, name: str, place: Place) -> dict[str, Any]:
    """Return a column by the answer that an address has, or by all where it has that one no more."""
    also = words_of(place.also)
    if place.has is not None:
        with suppress(NotFound):
            return services.columns.column(run, name, place.read_as, also, place.has)
    return services.columns.column(run, name, place.read_as, also)


def _colors(column: dict[str, Any]) -> dict[str, Any]:
    """Return the colours of a column, and of a scale the other ones that may be chosen."""
    ramps = {} if column["kind"] == "category" else {"ramps": ramp_palettes()}
    return {"colors": column_palette(column), **ramps}


def _reads_words(encoder: str) -> bool:
    """Whether a run of an encoder can be searched by words; where its package is gone, whoever asks is told."""
    if encoder == GIVEN:
        return False
    try:
        return reads_words(modalities_of(encoder))
    except ExplorerError:
        return True


def _files_read(encoder: str) -> list[dict[str, str]]:
    """Return which files a run of an encoder can be searched by: their type before the slash, what one is called."""
    if encoder == GIVEN:
        return []
    try:
        kinds = [kind_named(kind) for kind in sorted(modalities_of(encoder))]
    except ExplorerError:  # whose package is gone; the run itself is there still
        return []
    return [{"type": kind.sent_as, "noun": kind.nouns[0]} for kind in kinds if kind.sent_as]


def view_of(services: Services, status: dict[str, Any]) -> dict[str, Any]:
    """Return what the browser needs to draw a finished run: names, anchors, colours, and columns to colour by."""
    answer = services.questions.clusters(status["run"])
    found, reads = answer["clusters"], _reads_words(status["settings"]["encoder"])
    dataset = next((d for d in services.datasets.all() if d["dataset"] == status["dataset"]), None)
    columns = to_color_by(dataset) if dataset else []
    return {
        "run": status["run"],
        "map": services.runs.map_key(status["run"]),
        "dataset": status["dataset"],
        "name": status["name"],
        "pictures": any(kind_named(kind).has_picture for kind in dataset["modalities"]) if dataset else False,
        "graph": by_edges(dataset),
        "searched": reads,
        **({} if reads else {"examples": examples_of(found)}),
        "searched_by": _files_read(status["settings"]["encoder"]),
        "columns": columns,
        "described": {c: dataset["described"][c] for c in columns if c in dataset["described"]} if dataset else {},
        "clusters": [
            {"cluster": c["cluster"], "name": c["name"], "size": c["size"], **(c.get("anchor") or {})} for c in found
        ],
        "levels": answer.get("levels", []),
        "colors": {**answer["colors"], "noise": NOISE_COLOR},
    }
