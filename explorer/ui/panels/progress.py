"""Follows the run on screen: its stages, how far it is, how to cancel or resume it; and says when it is finished.

It polls only while the run is queued or running, and computes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import dash_mantine_components as dmc
from dash import Dash, Input, Output, State, html, no_update

from explorer.errors import NotFound
from explorer.server import RUN, lacks_model
from explorer.types import capitalized
from explorer.ui import ids
from explorer.ui.cards import whole
from explorer.ui.maptitles import told_apart
from explorer.ui.markup import fills, markup, region, register_region
from explorer.ui.panels.map import view_of
from explorer.ui.preview import maps_of
from explorer.ui.registration import handle, in_browser
from explorer.ui.stores import Place
from explorer.ui.terms import encoder_called

if TYPE_CHECKING:
    from explorer.server import Services

MOVING = ("queued", "running")
RESUMABLE = ("interrupted", "cancelled", "failed")
_STAGE_WORDS = {
    "embed": ("Read the meaning", "what each item says or shows, as a model understands it"),
    "neighbors": ("Find neighbours", "which items are nearest to which"),
    "project": ("Draw the map", "like beside like, on a plane"),
    "cluster": ("Find clusters", "groups of items that lie close together"),
    "describe": ("Name the clusters", "keywords, typical items, what they are rich in"),
}
_STATE_WORDS = {
    "queued": "Waiting",
    "running": "Making the map",
    "failed": "It did not work",
    "cancelled": "Cancelled",
    "interrupted": "Interrupted",
}
_AFTER_WORDS = {
    "failed": "Change what the message says and press Explore, or try again. What was finished is kept.",
    "cancelled": "What was finished is kept; resume goes on from there.",
    "interrupted": "The server stopped while this ran. What was finished is kept; resume goes on from there.",
}


def layout(services: Services) -> Any:
    """Return the progress card's place and its buttons."""
    return [
        *region(ids.PROGRESS),
        html.Div(
            [
                dmc.Button("Cancel", id=ids.PROGRESS_CANCEL, variant="default", className="when-moving"),
                dmc.Button("Resume", id=ids.PROGRESS_RESUME, className="when-resumable"),
            ],
            className="buttons progress-buttons",
        ),
    ]


def register(app: Dash, services: Services) -> None:
    """Register following, cancelling and resuming the run of this tab."""
    register_region(app, ids.PROGRESS)
    in_browser(
        app,
        "explorer_shell.chooseDataset",
        Output(ids.CHOSEN_DATASET, "data", allow_duplicate=True),
        Input(ids.STATUS, "data"),
    )

    @handle(
        app,
        Output(ids.STATUS, "data"),
        Output(ids.POLL, "disabled"),
        fills(ids.PROGRESS),
        Output(ids.VIEW, "data"),
        Input(ids.RUN_KEY, "data"),
        Input(ids.POLL, "n_intervals"),
        Input(ids.LIBRARY_TICK, "data"),
        State(ids.SHOWN, "data"),
    )
    def follow(run: str | None, _ticks: int, _changes: int, shown: str | None) -> tuple[Any, ...]:
        return following(services, run, shown)

    _register_button(app, ids.PROGRESS_CANCEL, services.runs.cancel)
    _register_button(app, ids.PROGRESS_RESUME, services.runs.resume)


def _register_button(app: Dash, button: str, verb: Callable[[str], object]) -> None:
    """Have a button do something to the run of this tab, and the page follow what comes of it."""

    @handle(
        app,
        Output(ids.POLL, "disabled", allow_duplicate=True),
        Input(button, "n_clicks"),
        State(ids.RUN_KEY, "data"),
    )
    def press(clicks: int | None, run: str | None) -> Any:
        if not clicks:
            return no_update
        if run:
            verb(run)
        return False


def following(services: Services, run: str | None, shown: str | None) -> tuple[Any, ...]:
    """Return the status, whether to stop polling, the progress card, and the finished run's view.

    Where nothing is shown already that is not told again: eight parts of the page would ask about it at every look.
    """
    nothing = no_update if shown is None else None
    if not run:
        return None, True, "", nothing
    try:
        status = services.runs.status(run)
    except NotFound:
        return {"run": run, "state": "missing"}, True, markup(missing(run)), nothing
    state = status["state"]
    if state == "done":
        dataset = str(status["dataset"])
        file = services.datasets.one(dataset)["name"]
        status = {**status, "title": told_apart(services, run, dataset), "file": file}
        return status, True, "", no_update if shown == run else view_of(services, status)
    lacks = state == "failed" and lacks_model(services.runs, run)
    back = maps_of(services.runs.all(), str(status["dataset"])) if state in RESUMABLE else []
    return status, state not in MOVING, markup(card(status, lacks=lacks, back=back)), nothing


def missing(run: str) -> Any:
    """Return what is shown for an address whose run is gone."""
    return html.Div(
        [
            html.H2("This map is not here"),
            html.P(f"No map has the key “{run}”: it was deleted, or it belongs to another workspace."),
            html.P("Choose one under “Maps”, or begin anew."),
            html.A("Go to the start page", href="/", **{"data-place": "1"}),
        ],
        className="progress-card",
    )


def card(status: dict[str, Any], *, lacks: bool = False, back: Sequence[Any] = ()) -> Any:
    """Return a run that is not finished: its state, its stages, what it waits for, its error and what helps.

    *back* leads to the maps of its data that are there.
    """
    state = status["state"]
    after = None if lacks else _AFTER_WORDS.get(state)
    return html.Div(
        [
            html.H2(_STATE_WORDS.get(state, state)),
            html.P(str(status.get("name") or ""), className="note"),
            html.P(f"Waiting for {status['waiting_for']}.", className="waiting") if status.get("waiting_for") else None,
            *(_use_what_is_here(status) if lacks else _error(str(status.get("error") or ""))),
            html.Ol([_stage(stage, status) for stage in status.get("stages") or []], className="stages"),
            html.P(after, className="note") if after else None,
            _draft(status),
            *back,
            html.P("You can close this page; it goes on. Its address brings you back.", className="note")
            if state in MOVING
            else None,
        ],
        className=f"progress-card is-{state}",
        **{"data-state": state},
    )


def _draft(status: Mapping[str, Any]) -> Any:
    """Return the way to the draft map that a run begins with, once it is there; or None."""
    draft = status.get("draft_run") or {}
    if draft.get("state") != "done":
        return None
    words = "A draft map of all rows is here already."
    if status["state"] in MOVING:
        words += " Look at it while this goes on; if it is good enough, cancel this: the draft stays."
    way = {"data-place": "1", "data-testid": "open-draft"}
    link = html.A("Open the draft", href=Place(run=draft["run"]).address(), className="button", **way)
    return html.Div([html.P(words, role="status"), html.Div(link, className="buttons")], className="draft-here")


def _error(words: str) -> list[Any]:
    return [html.P(capitalized(words), className="error", role="alert")] if words else []


def _use_what_is_here(status: dict[str, Any]) -> list[Any]:
    """Return what is said where a model could not be downloaded, with the button that does without it."""
    does = {"data-library": ids.START_HERE, "data-kind": RUN, "data-key": status["run"], "data-testid": ids.START_HERE}
    named = encoder_called((status.get("settings") or {}).get("encoder"))
    words = f"“{named}” is not on this machine, and could not be downloaded: is there a connection to the internet?"
    button = html.Button("Use the model that is here", type="button", className="button", **does)
    later = html.Span("or press Resume once there is a connection.", className="note")
    return [
        html.P(words, className="error", role="alert", title=status.get("error")),
        html.Div([button, later], className="buttons"),
    ]


def _stage(stage: dict[str, Any], status: dict[str, Any]) -> Any:
    name, state = stage["stage"], stage["state"]
    title, words = _STAGE_WORDS.get(name, (name, ""))
    progress = status.get("progress") or {}
    moving = state == "running" and status["state"] == "running" and progress.get("stage") == name
    detail = [html.Span(_pace(progress), className="pace"), _meter(progress)] if moving else []
    seconds = f"{stage['seconds']:.1f} s" if state == "done" and stage.get("seconds") is not None else ""
    return html.Li(
        [
            html.Span(className="stage-mark", **{"aria-hidden": "true"}),
            html.Div(
                [
                    html.Div([html.B(title), html.Span(seconds or _STATES[state], className="score")]),
                    html.Span(words, className="note"),
                    *detail,
                ]
            ),
        ],
        className=f"stage-row is-{state}",
        **{"data-testid": ids.TESTID_STAGE, "data-stage": name, "data-state": state},
    )


_STATES = {"done": "done", "running": "now", "waiting": ""}


def _meter(progress: dict[str, Any]) -> Any:
    total = progress.get("total") or 0
    if not total:
        return html.Div(html.Div(), className="meter unknown")
    share = min(max((progress.get("done") or 0) / total, 0.0), 1.0)
    return html.Div(html.Div(style={"width": f"{share * 100:.1f}%"}), className="meter")


def _pace(progress: dict[str, Any]) -> str:
    parts = []
    if progress.get("total"):
        parts.append(f"{whole(progress.get('done') or 0)} of {whole(progress['total'])}")
    if progress.get("rate"):
        parts.append(f"{progress['rate']:,.0f} a second")
    if progress.get("eta_s") is not None:
        parts.append(f"{duration(progress['eta_s'])} left")
    if progress.get("note"):
        parts.append(str(progress["note"]))
    return " · ".join(parts)


def duration(seconds: float) -> str:
    """Return a time span as people say it: 40 s, 3 min, 1 h 20 min."""
    if seconds < 90:
        return f"{max(round(seconds), 1)} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 90 else f"{minutes // 60} h {minutes % 60} min"
