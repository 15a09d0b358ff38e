"""Has a language model name the clusters: shows what would be sent, where and how much, then asks, follows and undoes.

It sends nothing itself: the server does, after the button below what is shown was pressed.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import dash_mantine_components as dmc
from dash import Dash, Input, Output, State, ctx, dcc, html, no_update

from explorer.description import MOST_CHARACTERS, MOST_ITEMS, PROMPT, Asking
from explorer.types import capitalized
from explorer.ui import ids
from explorer.ui.cards import count_of, hint, whole
from explorer.ui.markup import fills, markup, region, register_region
from explorer.ui.panels.map import view_of
from explorer.ui.registration import handle
from explorer.ui.stores import POLL_MS

if TYPE_CHECKING:
    from explorer.server import Services

WORKING = ("queued", "running")
_FIELDS = (ids.NAMES_ADDRESS, ids.NAMES_MODEL, ids.NAMES_ITEMS, ids.NAMES_CHARACTERS, ids.NAMES_PROMPT)
_NAMES = ("address", "model", "items", "characters", "prompt")


def layout(services: Services) -> Any:
    """Return the form, folded up above the list of clusters; nothing to press where the server asks no model."""
    return html.Details(
        [
            html.Summary("Name clusters by a language model", **{"data-testid": "names-open"}),
            html.P(
                "This needs a language model that runs somewhere: install a program such as Ollama on this machine and "
                "have it fetch a model (“ollama pull llama3.2”), then give its address and the model’s name here. Any "
                "other server that speaks OpenAI’s protocol will do. Nothing is sent before you press “Send”.",
                className="note",
            ),
            *_form(services),
            html.Button("Show what would be sent", id=ids.NAMES_LOOK, className="ghost"),
            *region(ids.NAMES_PREVIEW),
            html.Div(
                [
                    html.Button("Send it and name the clusters", id=ids.NAMES_ASK, className="hidden"),
                    html.Button("Stop", id=ids.NAMES_STOP, className="hidden"),
                    html.Button("", id=ids.NAMES_USE, className="hidden"),
                ],
                className="buttons names-buttons",
            ),
            *region(ids.NAMES_STATE, **{"aria-live": "polite"}),
            dcc.Interval(id=ids.NAMES_POLL, interval=POLL_MS, disabled=True),
        ],
        id=ids.NAMES_HOLDER,
        className="coarseness hidden",
    )


def _form(services: Services) -> list[Any]:
    """Return the fields; the address is one only where the server's settings leave it to the user."""
    settings = services.settings
    kept = {"persistence": True, "persistence_type": "local"}
    address = dmc.TextInput(
        id=ids.NAMES_ADDRESS,
        label="Address",
        description="A key is sent only to the address of the server's settings: EXPLORER_NAMES_URL.",
        placeholder="http://127.0.0.1:11434/v1",
        value="",
        debounce=True,
        **kept,
    )
    numbers = (
        (ids.NAMES_ITEMS, "Items of each cluster", Asking.items, MOST_ITEMS),
        (ids.NAMES_CHARACTERS, "Characters of each item", Asking.characters, MOST_CHARACTERS),
    )
    return [
        html.Div(address, className="" if services.titles.takes_address else "hidden"),
        dmc.TextInput(id=ids.NAMES_MODEL, label="Model", value=settings.names_model, debounce=True, **kept),
        *(
            dmc.NumberInput(
                id=name, label=label, value=value, min=1, max=most, step=1, allowDecimal=False, debounce=True
            )
            for name, label, value, most in numbers
        ),
        dmc.Textarea(
            id=ids.NAMES_PROMPT, label="Prompt", value=PROMPT, minRows=4, maxRows=8, autosize=True, debounce=True
        ),
    ]


def register(app: Dash, services: Services) -> None:
    """Register the look at what would be sent, the asking, and what follows."""
    register_region(app, ids.NAMES_PREVIEW)
    register_region(app, ids.NAMES_STATE)
    _register_look(app, services)
    fields = [State(name, "value") for name in _FIELDS]

    @handle(
        app,
        fills(ids.NAMES_STATE),
        Output(ids.NAMES_HOLDER, "className"),
        Output(ids.NAMES_STOP, "className"),
        Output(ids.NAMES_USE, "className"),
        Output(ids.NAMES_USE, "children"),
        Output(ids.NAMES_POLL, "disabled"),
        Output(ids.TITLED, "data"),
        Output(ids.VIEW, "data", allow_duplicate=True),
        Input(ids.SHOWN, "data"),
        Input(ids.NAMES_ASK, "n_clicks"),
        Input(ids.NAMES_STOP, "n_clicks"),
        Input(ids.NAMES_USE, "n_clicks"),
        Input(ids.NAMES_POLL, "n_intervals"),
        State(ids.STATUS, "data"),
        *fields,
    )
    def follow(
        run: str | None, _asked: Any, _stopped: Any, _used: Any, _ticks: Any, status: dict[str, Any] | None, *given: Any
    ) -> tuple[Any, ...]:
        if run is None or not services.titles.allowed:
            return "", "coarseness hidden", "hidden", "hidden", "", True, no_update, no_update
        pressed = triggered()
        if ids.NAMES_ASK in pressed:
            services.titles.start(run, asked_with(given))
        elif ids.NAMES_STOP in pressed:
            services.titles.cancel(run)
        elif ids.NAMES_USE in pressed:
            services.titles.use(run, not services.titles.state(run)["used"])
        state = services.titles.state(run)
        ended = pressed & {ids.NAMES_POLL, ids.NAMES_STOP} and state["state"] not in WORKING
        changed = (ended or ids.NAMES_USE in pressed) and status and status.get("run") == run
        news = ({"run": run, "at": time.time()}, view_of(services, status)) if changed and status else (no_update,) * 2
        return *_shown(run, state), *news


def _register_look(app: Dash, services: Services) -> None:
    """Show what would be sent when that is asked for, and again when it changes; only below it stands “Send”."""

    @handle(
        app,
        fills(ids.NAMES_PREVIEW),
        Output(ids.NAMES_ASK, "className"),
        Input(ids.SHOWN, "data"),
        Input(ids.NAMES_LOOK, "n_clicks"),
        *(Input(name, "value") for name in _FIELDS),
        State(ids.NAMES_ASK, "className"),
    )
    def look(run: str | None, _looked: Any, *given: Any) -> tuple[Any, Any]:
        *fields, shown = given
        changed = triggered()
        if run is None or ids.SHOWN in changed:
            return "", "hidden"
        if shown == "hidden" and ids.NAMES_LOOK not in changed:
            return no_update, no_update
        wanted = asked_with(fields)
        host = wanted.get("address") or services.titles.state(run)["host"]
        told = preview(services.titles.preview(run, wanted), host, wanted.get("model", ""))
        return markup(told, of=run), "button"


def triggered() -> set[str]:
    """Return what a handler is called for: a field that is left for a button comes together with its press."""
    return {str(one["prop_id"]).rpartition(".")[0] for one in ctx.triggered}


def asked_with(values: Any) -> dict[str, Any]:
    """Return the fields of the form as a request; what is empty is left to its default."""
    return {name: value for name, value in zip(_NAMES, values, strict=True) if value not in (None, "")}


def preview(answer: dict[str, Any], host: str, model: str) -> Any:
    """Return what would be sent: where, how much, and the first requests word by word."""
    return html.Div(
        [
            html.P(
                [
                    html.B(f"{count_of(answer['requests'], 'request')}, about {whole(answer['tokens'])} tokens"),
                    f", one after the other, to {host or 'the address above'}, model {model or 'named above'}: "
                    f"up to {count_of(answer['items'], 'item')} from the middle of each cluster, cut to "
                    f"{count_of(answer['characters'], 'character')}, its keywords, what it is rich in and the names of "
                    "clusters beside it.",
                ]
            ),
            html.P(_how_many(len(answer["first"]), answer["requests"]), className="note"),
            *(_request(first) for first in answer["first"]),
        ],
        className="names-preview",
    )


def _how_many(shown: int, of: int) -> str:
    """Return how many of the requests are there to be read."""
    if shown == of:
        return "Word by word:" if of == 1 else f"All {whole(of)}, word by word:"
    return f"The first {whole(shown)} of {whole(of)}, word by word; the others are made in the same way:"


def _request(first: dict[str, Any]) -> Any:
    summary = html.Summary(f"Sent of “{first['cluster']}”, below the prompt")
    return html.Details([summary, html.Pre(first["messages"][-1]["content"], dir="auto")], className="names-request")


def _shown(run: str, state: dict[str, Any]) -> tuple[Any, ...]:
    """Return the state in words, the classes of the fold and of two buttons, the words of one, and whether to stop."""
    working = state["state"] in WORKING
    use = "ghost" if state["named"] and not working else "hidden"
    words = "Show the names of before" if state["used"] else "Show the model's names"
    return markup(state_of(state), of=run), "coarseness", "ghost" if working else "hidden", use, words, not working


def state_of(state: dict[str, Any]) -> Any:
    """Return how far the model is, what it left out, or why it stopped."""
    model, named = state["model"], count_of(state["named"], "cluster")
    if state["state"] in WORKING:
        return html.P(f"Asking for names: {whole(state['done'])} of {whole(state['total'])}.", className="note busy")
    said = []
    if state["error"]:
        said.append(html.P(capitalized(state["error"]), className="error", role="alert"))
    if state["named"]:
        where = "shown" if state["used"] else "kept, not shown"
        said.append(
            html.P(f"{named} named by {model}; these names are {where}. Those of before are kept.", className="note")
        )
    if state["unusable"]:
        said.append(hint(f"{count_of(state['unusable'], 'name')} could not be used; what was there before stands."))
    return said
