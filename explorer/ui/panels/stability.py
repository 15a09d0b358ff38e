"""Lets a person choose how coarse clusters are: a chart of other smallest clusters to pick from, a slider for noise.

It computes nothing: the sweep is the server's, and which rows a slider takes in is found in the browser.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import dash_mantine_components as dmc
from dash import Dash, Input, Output, State, html, no_update

from explorer.config import COMMUNITIES
from explorer.errors import ExplorerError
from explorer.server import FILES
from explorer.ui import ids
from explorer.ui.cards import count_of, heading, hint, percent, whole
from explorer.ui.markup import fills, markup, region, register_region
from explorer.ui.panels.cuts import cuts_of
from explorer.ui.registration import handle, in_browser
from explorer.ui.stores import Place
from explorer.ui.terms import ask

if TYPE_CHECKING:
    from explorer.server import Services

REPEATED_ROWS = 30_000
"""Up to so many rows repeats are made of every setting by themselves, in some 10 s."""
AT_ONCE_ROWS = 100_000
"""Up to so many rows the chart comes by itself, within seconds; beyond, when a button is pressed."""
_TAB = "clusters"
NOT_LISTED = 0
_OFF = 100
_LOW_NOISE = 0.25
"""The bars of noise reach at least so high a share, so that little noise looks little."""
_TRACKS = (
    ("clusters", "Clusters", "how many there would be, as written above; twice as many is not twice as high", None),
    ("noise", "In no cluster", "share of rows, up to {most}", None),
    ("agreement", "The same again", "{with_what}: from 0, as by chance, to 1, the same groups", "rand"),
)
_REPEATS = "when nine in ten rows are clustered anew"
_NEIGHBOR = "as the size to its left, until clustering anew has been tried"


_BY_SIZE = (
    "min_cluster_size",
    "Smallest cluster",
    "Smallest cluster, in rows",
    "A cluster has at least so many rows: with a smaller number there are more and smaller clusters. The other "
    "settings and the places of the points stay as they are.",
)
_BY_DETAIL = (
    "detail",
    "Detail",
    "Detail: the fewest communities to the left, the most to the right",
    "The other settings and the places of the points stay as they are.",
)


PLACED = (
    "This map keeps the clusters of the one that rows were added to.",
    "For finer or coarser ones lay the data out anew: choose its file under Maps, then Explore.",
)
"""What the chart says of a run whose new rows were placed on a map that was there."""


def layout(services: Services) -> Any:
    """Return the slider and the chart, folded up above the list of clusters."""
    return html.Details(
        [
            html.Summary(
                [
                    html.Span("Take in what is in no cluster, try other sizes", className="with-noise"),
                    html.Span("Try other sizes", className="without-noise"),
                    html.Span(id=ids.TAKE_IN_MARK, className="take-in-mark"),
                ],
                **{"data-testid": "stability-open"},
            ),
            html.Div(
                [
                    heading("Take in what is in no cluster", "reversible; nothing that is stored changes"),
                    dmc.Slider(
                        thumbSize=26,
                        id=ids.TAKE_IN,
                        min=1,
                        max=_OFF,
                        step=1,
                        value=_OFF,
                        updatemode="drag",
                        label=None,
                        inverted=True,
                        marks=[
                            {"value": 1, "label": "most"},
                            {"value": 50, "label": "by half"},
                            {"value": _OFF, "label": "none"},
                        ],
                        className="take-in",
                        thumbLabel="What is in no cluster but belongs to one above this is shown in it",
                    ),
                    html.P(id=ids.TAKE_IN_WORDS, className="note", role="status"),
                ],
                className="with-noise",
            ),
            heading("Fewer or more clusters", "press a column to see the map with that many"),
            html.P("Trying 20 sizes …", id=ids.STABILITY_BUSY, className="hidden"),
            html.Button("Try 20 sizes", id=ids.STABILITY_ASK, className="ghost hidden"),
            *region(ids.STABILITY, className="stability"),
        ],
        id=ids.STABILITY_HOLDER,
        className="coarseness hidden",
    )


def register(app: Dash, services: Services) -> None:
    """Register the slider (in the browser), the chart and the pick."""
    register_region(app, ids.STABILITY)
    in_browser(
        app,
        "explorer_taken.sentence",
        Output(ids.TAKE_IN_WORDS, "children"),
        Output(ids.TAKE_IN_MARK, "children"),
        Input(ids.TAKE_IN, "value"),
        Input(ids.SHOWN, "data"),
    )
    in_browser(app, "explorer_taken.choose", Input(ids.TAKE_IN, "value"), State(ids.SHOWN, "data"))
    in_browser(
        app,
        "explorer_taken.follow",
        Output(ids.TAKE_IN, "value"),
        Output(ids.TAKEN, "data"),
        Input(ids.PLACE, "data"),
        State(ids.TAKE_IN, "value"),
        State(ids.TAKEN, "data"),
    )

    _register_chart(app, services)

    @handle(
        app,
        Output(ids.URL, "search", allow_duplicate=True),
        Output(ids.LIBRARY_TICK, "data", allow_duplicate=True),
        Input(ids.PICK_SIZE, "data"),
        State(ids.STATUS, "data"),
        State(ids.PLACE, "data"),
        State(ids.LIBRARY_TICK, "data"),
        lane=FILES,
    )
    def pick(
        picked: dict[str, Any] | None, status: dict[str, Any] | None, stored: dict[str, Any] | None, tick: int | None
    ) -> tuple[Any, Any]:
        if not picked or not status or picked["run"] != status["run"] or not status.get("settings"):
            return no_update, no_update
        how_coarse = "detail" if status["settings"].get("method") == COMMUNITIES else "min_cluster_size"
        run = services.runs.start(status["dataset"], {**status["settings"], "groups": None, how_coarse: picked["size"]})
        return Place.load(stored).onward(run, same_map=True).address().lstrip("/"), (tick or 0) + 1


def _register_chart(app: Dash, services: Services) -> None:
    """Register the sweep, which the chart and the slider of cuts show."""

    @handle(
        app,
        fills(ids.STABILITY),
        Output(ids.STABILITY_ASK, "className"),
        Output(ids.STABILITY_HOLDER, "className"),
        Output(ids.CUTS, "data"),
        Input(ids.SHOWN, "data"),
        Input(ids.TABS, "value"),
        Input(ids.STABILITY_ASK, "n_clicks_timestamp"),
        Input(ids.REPEATED, "data"),
        State(ids.STATUS, "data"),
        running=[(Output(ids.STABILITY_BUSY, "className"), "note busy", "hidden")],
    )
    async def chart(
        run: str | None, tab: str, pressed: int | None, _repeated: str | None, status: dict[str, Any] | None
    ) -> tuple[Any, str, str, Any]:
        if run is None:
            return "", "ghost hidden", "coarseness hidden", None
        if tab != _TAB:
            return no_update, "ghost hidden", "coarseness", no_update
        if status and status.get("onto"):
            return markup(hint(*PLACED)), "ghost hidden", "coarseness", None
        asked = from_ask(pressed)
        if status and status.get("rows", 0) > AT_ONCE_ROWS and not asked:
            return "", "ghost", "coarseness", None
        answer = await services.questions.sweep(run)
        now = {name: (status or {}).get(name) or 0 for name in ("clusters", "noise")}
        return markup(sweep_chart(answer), of=run), "ghost hidden", "coarseness", cuts_of(answer, **now)

    @handle(
        app,
        Output(ids.REPEATED, "data"),
        Input(ids.SURE, "data"),
        State(ids.SHOWN, "data"),
        State(ids.REPEATED, "data"),
        State(ids.STATUS, "data"),
    )
    async def repeat(
        sure: str | None,
        run: str | None,
        before: str | None,
        status: dict[str, Any] | None,
    ) -> Any:
        """Measure how much repeats agree, after it is known how sure clusters are, which is seen at once."""
        if run is None or sure != run or before == run:
            return no_update
        if not status or status.get("rows", 0) > REPEATED_ROWS:
            return no_update
        try:
            await services.questions.sweep(run, repeats=True)
        except ExplorerError:  # the chart is as good without
            return no_update
        return run


def from_ask(pressed: int | None) -> bool:
    """Whether the button, and not another tab or run, called for the chart."""
    from dash import ctx

    return bool(pressed and ctx.triggered_id == ids.STABILITY_ASK)


def sweep_chart(answer: dict[str, Any]) -> Any:
    """Return the chart: a button a size, with bars for clusters, noise and agreement; the size in use is marked."""
    settings = answer["settings"]
    if not settings:
        return hint(answer["note"])
    most = {"clusters": max(setting["clusters"] for setting in settings)}
    most["noise"] = max(_LOW_NOISE, *(setting["noise"] for setting in settings))
    name, words, axis, kept = _BY_DETAIL if "detail" in answer else _BY_SIZE
    joined = answer.get("groups") is not None
    current = NOT_LISTED if joined else answer[name]
    columns = [_column(setting, name, words, most=most, current=current) for setting in settings]
    repeated = all(setting.get("repeated") is not None for setting in settings)
    said = {"most": percent(most["noise"]), "with_what": _REPEATS if repeated else _NEIGHBOR}
    tracks = [
        html.Span([html.B(name), f" {words.format(**said)}", ask(term) if term else None])
        for _, name, words, term in _TRACKS
    ]
    listed = any(setting[name] == current for setting in settings)
    in_use = "the marked column" if listed else "which is not among these columns"
    now = f"{whole(answer[name])} now, {in_use}"
    if joined:
        now = f"clusters of {whole(answer[name])} rows or more are joined now, so that no column is marked"
    return [
        html.P(
            f"{words}: {now}. {kept}",
            className="note",
        ),
        html.Div(tracks, className="sweep-tracks note"),
        html.Div(columns, className="sweep", role="group", **{"aria-label": f"{axis}, to pick from"}),
        html.P(axis, className="note sweep-axis"),
    ]


def _column(setting: dict[str, Any], name: str, called: str, *, most: dict[str, float], current: int) -> Any:
    size, clusters, noise = setting[name], setting["clusters"], setting["noise"]
    repeated = setting.get("repeated")
    agreement = setting["agreement"] if repeated is None else repeated
    words = f"{called} {whole(size)}: {count_of(clusters, 'cluster')}, {percent(noise)} in no cluster"
    if agreement is not None:
        words += f", the same again by {agreement:.2f} {_NEIGHBOR if repeated is None else _REPEATS}"
    heights = {
        "clusters": math.log(clusters + 1) / math.log(max(2, most["clusters"]) + 1),
        "noise": noise / most["noise"],
        "agreement": max(0.0, agreement or 0.0),
    }
    bars = [
        html.Span(
            [
                html.Span(className="sweep-bar", style={"height": f"{heights[name] * 100:.0f}%"}),
                html.Span(className="sweep-count", **{"data-count": whole(clusters)}) if name == "clusters" else None,
            ],
            className=f"sweep-track of-{name}",
            **{"aria-hidden": "true"},  # the button's name says it
        )
        for name, *_ in _TRACKS
    ]
    return html.Button(
        [*bars, html.Span(whole(size), className="sweep-size")],
        className="sweep-column",
        title=words,
        **{
            "aria-label": words,
            "aria-pressed": str(size == current).lower(),
            "data-pick-size": str(size),
            "data-testid": "sweep-column",
        },
    )
