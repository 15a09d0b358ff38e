"""Asks how to make the map – encoder, layout, clusters – with plain words and defaults from the data's size.

It does not check values: `services.runs.start` does, and says what is wrong in a sentence.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import dash_mantine_components as dmc
from dash import Dash, Input, Output, State, ctx, html, no_update, set_props

from explorer.config import (
    AUTO,
    COMMUNITIES,
    CPU_ENGINE,
    CUML_ENGINE,
    DEFAULT_DETAIL,
    DEFAULT_MIN_SAMPLES,
    DEFAULT_N_NEIGHBORS,
    DEFAULT_SPACE,
    DENSITY,
    DEVICES,
    MOST_DETAIL,
)
from explorer.engines import engines
from explorer.errors import UnknownEncoder
from explorer.kinds import nouns_of
from explorer.server import DATASET, FILES, RUN
from explorer.types import capitalized
from explorer.ui import consent, estimates, ids
from explorer.ui.cards import count_of, hint
from explorer.ui.encoderwords import encoder_options, encoder_words, offered, unreadable
from explorer.ui.form import FIELDS, OTHER, PROJECT, defaults, filled, named, opens_in, settings_of
from explorer.ui.panels.export import faults_link, told_button
from explorer.ui.registration import handle, in_browser, notify
from explorer.ui.stores import Place
from explorer.ui.terms import ask

if TYPE_CHECKING:
    from explorer.server import Services


def layout(services: Services) -> Any:
    """Return the whole form as it is before a dataset is chosen: a page that opens does not ask for it again."""
    return html.Div(
        [
            html.Div(_nothing_chosen(), id=ids.SETTINGS_ABOUT),
            html.Div([_meaning(services.encoders()), _shape(), _groups()], id=ids.SETTINGS_FORM, className="form"),
            html.Button("Back to defaults", id=ids.SETTINGS_RESET, className="ghost"),
        ]
    )


def explore_bar() -> Any:
    """Return the big button, which stays in view below the form, and what it may have to ask before."""
    button = dmc.Button("Explore", id=ids.EXPLORE, size="md", fullWidth=True, disabled=True)
    return html.Div([consent.layout(), button], className="explore-bar")


def _nothing_chosen() -> Any:
    return hint("Add data first, or choose a dataset above.")


def _meaning(encoders: list[dict[str, Any]]) -> Any:
    return html.Fieldset(
        [
            html.Legend(["Meaning", ask("encoder")]),
            dmc.Select(
                id=ids.SET_ENCODER,
                label="Encoder",
                description="The model that reads each item, so that what means the same lies close together.",
                data=encoder_options(encoders),
                value=AUTO,
                allowDeselect=False,
                **opens_in(ids.SIDE),
            ),
            dmc.TextInput(
                id=ids.SET_ENCODER_NAME,
                label="Name of the encoder",
                description="st:NAME, clip:MODEL/PRETRAINED, clip:local-dir:FOLDER or openai:MODEL@ADDRESS",
                value="",
                wrapperProps={"className": "other-encoder"},
            ),
            html.Div(encoder_words(AUTO, encoders, None), id=ids.SET_ENCODER_HINT, className="note encoder-hint"),
            dmc.Select(
                id=ids.SET_DEVICE,
                label="Runs on",
                description="Automatic takes a graphics processor when there is one.",
                data=[{"value": d, "label": _DEVICE_WORDS[d]} for d in DEVICES],
                value=AUTO,
                allowDeselect=False,
                **opens_in(ids.SIDE),
            ),
        ]
    )


def _shape() -> Any:
    return html.Fieldset(
        [
            html.Legend(["Map", ask("umap")]),
            _number(
                ids.SET_N_NEIGHBORS,
                "Neighbours",
                "How many near items each one looks at (n_neighbors). Few: fine detail. Many: the big picture.",
                value=DEFAULT_N_NEIGHBORS,
                low=2,
                high=200,
            ),
            _number(
                ids.SET_MIN_DIST,
                "Spacing",
                "How tightly points may pack (min_dist). 0: dense clumps. 1: spread out evenly.",
                value=PROJECT.min_dist,
                low=0,
                high=1,
                step=0.05,
            ),
            _choice(
                ids.SET_METRIC,
                "Nearness by",
                [
                    "Angle: what an item is about counts, the usual choice.",
                    ask("cosine"),
                    "Distance: as with a ruler.",
                    ask("euclidean"),
                    "Product: how long vectors are counts too, as recommenders make them.",
                    ask("dot"),
                ],
                (("cosine", "Angle"), ("euclidean", "Distance"), ("dot", "Product")),
                value=PROJECT.metric,
            ),
            html.Div(
                _choice(
                    ids.SET_ENGINE,
                    "Computed by",
                    "cuML lays out and clusters on an NVIDIA GPU; it shows no steps on the way.",
                    ((CPU_ENGINE, "Processor"), (CUML_ENGINE, "cuML")),
                    value=PROJECT.engine,
                ),
                hidden=len(engines()) < 2,
            ),
            dmc.Switch(
                id=ids.SET_SEED_ON,
                label="Same map every time",
                description="On: the same map every time, on all cores. Off: a little different each time.",
                checked=True,
            ),
            html.Div(
                _number(ids.SET_SEED, "Seed", "Another gives another, equally valid map.", value=PROJECT.seed, low=0),
                className="seed-field",
            ),
        ]
    )


def _groups() -> Any:
    return html.Fieldset(
        [
            html.Legend("Clusters"),
            _choice(
                ids.SET_METHOD,
                "Found by",
                [
                    "Density: what lies dense together, the rest is in no cluster.",
                    ask("hdbscan"),
                    "Communities: who is near whom, whatever the map looks like; depends less on chance, and finds "
                    "more and smaller clusters.",
                    ask("louvain"),
                ],
                ((DENSITY, "Density"), (COMMUNITIES, "Communities")),
                value=DENSITY,
            ),
            html.Div(_of_density(), className="of-density"),
            html.Div(_of_communities(), className="of-communities"),
        ]
    )


def _of_communities() -> Any:
    return _number(
        ids.SET_DETAIL,
        "How many (detail)",
        f"From 1, a few broad clusters, to {MOST_DETAIL}, many small ones. Try others when the map is there.",
        value=DEFAULT_DETAIL,
        low=1,
        high=MOST_DETAIL,
    )


def _of_density() -> list[Any]:
    return [
        _number(
            ids.SET_MIN_CLUSTER_SIZE,
            "Smallest cluster",
            "Groups with fewer items are not called a cluster (min_cluster_size). Raise it for fewer, larger clusters.",
            value=None,
            low=2,
        ),
        _number(
            ids.SET_MIN_SAMPLES,
            "Caution",
            "Higher leaves more items in no cluster; lower takes more of them in (min_samples).",
            value=DEFAULT_MIN_SAMPLES,
            low=1,
            high=200,
        ),
        _choice(
            ids.SET_SPACE,
            "Look for clusters in",
            "The graph of neighbours gives clusters that hold; the map itself gives clusters exactly as you see them.",
            (("umap", "The graph of neighbours"), ("map", "The map")),
            value=DEFAULT_SPACE,
        ),
    ]


def _number(
    name: str, label: str, words: str, *, value: float | None, low: float, high: float | None = None, step: float = 1
) -> Any:
    limits = {} if high is None else {"max": high}
    return dmc.NumberInput(
        id=name, label=label, description=words, value=value, min=low, step=step, allowDecimal=step < 1, **limits
    )


def _choice(name: str, label: str, words: Any, options: tuple[tuple[str, str], ...], *, value: str) -> Any:
    return html.Div(
        [
            html.Div(label, className="field-label", id=f"{name}-label"),
            html.Div(words, className="field-words"),
            dmc.SegmentedControl(
                id=name,
                data=[{"value": key, "label": text} for key, text in options],
                value=value,
                size="xs",
                fullWidth=True,
                **{"aria-labelledby": f"{name}-label"},
            ),
        ],
        className="field",
    )


_DEVICE_WORDS = {AUTO: "Automatic", "cuda": "NVIDIA GPU (cuda)", "mps": "Apple GPU (mps)", "cpu": "Processor (cpu)"}


_UNASKED: tuple[Any, ...] = (True, [], None)
"""The question of what is sent when there is none: hidden, without words and key."""


def register(app: Dash, services: Services) -> None:
    """Register defaults, the encoder's explanation, and the start of a run."""
    in_browser(
        app,
        "explorer_shell.settingsClass",
        Output(ids.SETTINGS_FORM, "className"),
        Input(ids.SET_ENCODER, "value"),
        Input(ids.SET_SEED_ON, "checked"),
        Input(ids.SET_METHOD, "value"),
        initial=True,
    )
    _register_form(app, services)

    @handle(
        app,
        Output(ids.URL, "search", allow_duplicate=True),
        Output(ids.LIBRARY_TICK, "data", allow_duplicate=True),
        Output(ids.CONSENT, "hidden"),
        Output(ids.CONSENT_WORDS, "children"),
        Output(ids.CONSENT_KEY, "data"),
        Input(ids.EXPLORE, "n_clicks"),
        Input(ids.CONSENT_SEND, "n_clicks"),
        Input(ids.CONSENT_NOT, "n_clicks"),
        State(ids.CONSENT_KEY, "data"),
        State(ids.CHOSEN_DATASET, "data"),
        State(ids.LIBRARY_TICK, "data"),
        State(ids.PLACE, "data"),
        *(State(name, prop) for name, prop in FIELDS),
        lane=FILES,
    )
    def explore(*given: Any) -> tuple[Any, ...]:
        *_, agreed, dataset, tick, stored = given[: -len(FIELDS)]
        sending = ctx.triggered_id == ids.CONSENT_SEND
        if not dataset or ctx.triggered_id not in (ids.EXPLORE, ids.CONSENT_SEND):
            return no_update, no_update, *_UNASKED
        settings = settings_of(*given[-len(FIELDS) :])
        try:
            if not sending and (told := consent.due(services, dataset, settings["encoder"])):
                return no_update, no_update, False, consent.words(told), told["key"]
            if sending:
                settings |= {"send": agreed}
            run, place = services.runs.start(dataset, settings), Place.load(stored)
        except UnknownEncoder as error:  # a notice goes, and may be far from the field
            said = error.on_page or str(error)
            set_props(ids.SET_ENCODER_NAME, {"error": capitalized(said)})
            raise
        services.undoing.take_back(DATASET, dataset)
        services.undoing.take_back(RUN, run)
        if run == place.run and services.runs.status(run)["state"] == "done":
            notify("Nothing has changed: the map on screen is the one of these settings.", kind="info")
            return no_update, no_update, *_UNASKED
        return onward(services, place, run).address().lstrip("/"), (tick or 0) + 1, *_UNASKED


def onward(services: Services, place: Place, run: str) -> Place:
    """Return where a page goes that is to see another run: what is still meant, if that has the same rows."""
    before = {record["run"]: record for record in services.runs.all()}
    shown, wanted = before.get(place.run or ""), before.get(run)
    if shown is None or wanted is None or shown["dataset"] != wanted["dataset"]:
        return Place(run=run)
    return place.onward(run, same_map=services.runs.map_key(shown["run"]) == services.runs.map_key(run))


def _register_form(app: Dash, services: Services) -> None:
    @handle(
        app,
        Output(ids.SETTINGS_ABOUT, "children"),
        Output(ids.EXPLORE, "disabled"),
        Output(ids.SET_ENCODER, "data"),
        *(Output(name, prop) for name, prop in FIELDS),
        Input(ids.CHOSEN_DATASET, "data"),
        Input(ids.SETTINGS_RESET, "n_clicks"),
        State(ids.STATUS, "data"),
    )
    def form(chosen: str | None, _resets: int | None, status: dict[str, Any] | None) -> tuple[Any, ...]:
        dataset = next((d for d in services.datasets.all() if d["dataset"] == chosen), None)
        encoders = services.encoders()
        if dataset is None:
            return (
                _nothing_chosen(),
                True,
                encoder_options(encoders),
                *defaults(None),
            )
        options = [{"name": one["value"]} for one in encoder_options(encoders, dataset) if one["value"] != OTHER]
        given = status["settings"] if status and status.get("dataset") == chosen else {}
        values = defaults(dataset) if not given else filled(given, dataset, options)
        return (about(dataset), False, encoder_options(encoders, dataset), *values)

    @handle(
        app,
        Output(ids.SET_ENCODER_HINT, "children"),
        Output(ids.PREVIEW_WARNED, "children"),
        Output(ids.PREVIEW_OFFER, "hidden"),
        Output(ids.PREVIEW_TAKES, "children"),
        Output(ids.CONSENT, "hidden", allow_duplicate=True),
        Output(ids.SET_ENCODER_NAME, "error"),
        Input(ids.SET_ENCODER, "value"),
        Input(ids.SET_ENCODER_NAME, "value"),
        Input(ids.CHOSEN_DATASET, "data"),
    )
    def explain(name: str, other: str | None, chosen: str | None) -> tuple[Any, Any, bool, Any, bool, None]:
        dataset = next((d for d in services.datasets.all() if d["dataset"] == chosen), None)
        encoders = services.encoders()
        told = estimates.told(services, dataset, named(name, other))
        words = [*encoder_words(name, encoders, dataset), *estimates.beside(told)]
        warned = unreadable(name, encoders, dataset)
        return words, warned, not warned, estimates.line(services, dataset, told), True, None

    @handle(
        app,
        Output(ids.SET_ENCODER, "value", allow_duplicate=True),
        Output(ids.SET_ENCODER_NAME, "value", allow_duplicate=True),
        Input(ids.PREVIEW_OFFER, "n_clicks"),
        State(ids.SET_ENCODER, "value"),
        State(ids.CHOSEN_DATASET, "data"),
    )
    def offer(clicks: int | None, name: str, chosen: str | None) -> tuple[Any, Any]:
        dataset = next((d for d in services.datasets.all() if d["dataset"] == chosen), None)
        better = offered(name, dataset)
        listed = any(one["name"] == better for one in services.encoders())
        return ((better, no_update) if listed else (OTHER, better)) if clicks else (no_update, no_update)


def about(dataset: dict[str, Any]) -> Any:
    """Return what the settings are for: the dataset, its size, what could not be read."""
    alone = dataset.get("text_column") and not dataset.get("text_beside")
    column = f" in the column “{dataset['text_column']}”" if alone else ""
    return html.Div(
        [
            html.Div(
                [html.B(dataset["name"]), f" · {count_of(dataset['rows'], *nouns_of(dataset['modalities']))}{column}"]
            ),
            told_button(dataset["dataset"], dataset),
            faults_link(dataset["dataset"], int(dataset.get("faults") or 0), int(dataset.get("noted") or 0)),
        ],
        className="about",
    )
