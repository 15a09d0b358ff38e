"""Lets a person have more or fewer clusters: a slider whose cuts are seen at once, and kept when it comes to rest.

The browser shows them (`assets/map/cuts.mjs`); the labels of every cut are kept with the sweep.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import dash_mantine_components as dmc
from dash import Dash, Input, Output, State, html, no_update

from explorer.server import FILES
from explorer.ui import ids
from explorer.ui.registration import handle, in_browser, notify

if TYPE_CHECKING:
    from explorer.server import Services

_SAME = 1 - 1e-9
"""How much two cuts agree at least that are the same, as an adjusted Rand index."""
_PATIENCE = 40.0
"""Seconds after which a page goes to a run that is not finished, and shows how far it is."""


def layout(services: Services) -> Any:
    """Return the slider, out of sight until the cuts are known."""
    return html.Div(
        [
            html.Div(
                [
                    html.Span("Fewer"),
                    dmc.Slider(
                        thumbSize=26,
                        id=ids.CUT_SLIDER,
                        min=0,
                        max=1,
                        step=1,
                        value=0,
                        updatemode="drag",
                        label=None,
                        className="cut-slider",
                        thumbLabel="Fewer or more clusters",
                    ),
                    html.Span("More"),
                ],
                className="cut-line",
            ),
            html.P(id=ids.CUT_WORDS, className="note", role="status", title="In none: rows in no cluster"),
            html.P("Naming them; report and exports follow …", id=ids.CUT_BUSY, className="hidden", role="status"),
        ],
        id=ids.CUT_HOLDER,
        className="cuts hidden",
    )


def register(app: Dash, services: Services) -> None:
    """Register the slider (in the browser), and what becomes of it at rest."""
    in_browser(
        app,
        "explorer_cuts.offer",
        Output(ids.CUT_SLIDER, "max"),
        Output(ids.CUT_SLIDER, "value"),
        Output(ids.CUT_HOLDER, "className"),
        Output(ids.CUT_WORDS, "children"),
        Input(ids.CUTS, "data"),
    )
    in_browser(
        app,
        "explorer_cuts.move",
        Output(ids.CUT_WORDS, "children", allow_duplicate=True),
        Output(ids.CUT, "data"),
        Input(ids.CUT_SLIDER, "value"),
        State(ids.CUTS, "data"),
        State(ids.CUT, "data"),
    )
    in_browser(
        app,
        "explorer_cuts.forget",
        Output(ids.CUT, "data", allow_duplicate=True),
        Input(ids.SHOWN, "data"),
        State(ids.CUT, "data"),
    )
    in_browser(app, "explorer_cuts.kept", Input(ids.RECUT_KEPT, "data"), State(ids.CUT, "data"))

    @handle(
        app,
        Output(ids.RECUT_KEPT, "data"),
        Output(ids.LIBRARY_TICK, "data", allow_duplicate=True),
        Input(ids.RECUT_KEEP, "data"),
        State(ids.LIBRARY_TICK, "data"),
        running=[(Output(ids.CUT_BUSY, "className"), "note busy", "hidden")],
    )
    async def keep(wanted: dict[str, Any] | None, tick: int | None) -> tuple[Any, Any]:
        if not wanted:
            return no_update, no_update
        run = await FILES.run(services.runs.recut, wanted["run"], wanted["at"])
        record = await services.runs.ended(run, seconds=_PATIENCE)
        if record["state"] == "failed":
            notify(f"These clusters could not be named: {record['error']}")
            return no_update, no_update
        return {"from": wanted["run"], "at": wanted["at"], "run": run}, (tick or 0) + 1


def cuts_of(answer: dict[str, Any], *, clusters: int, noise: float) -> dict[str, Any] | None:
    """Return what the slider needs of a sweep, the fewest clusters first; None where there is nothing to cut.

    Fewer than usual are clusters that are joined, more are smaller ones.  A run with a setting between two of the sweep
    has a place of its own, with its *clusters* and *noise*.  Settings one after the other that give the same are one
    place: the current one, or the first.
    """
    settings = answer["settings"]
    if not settings:
        return None
    name = "detail" if "detail" in answer else "min_cluster_size"
    joined, groups = answer.get("joined") or [], answer.get("groups")
    fewer = {-one["groups"]: _stop(-one["groups"], one) for one in joined}
    current = answer[name] if groups is None else -groups
    most = max([*(one["min_cluster_size"] for one in joined[:1]), current]) if joined else None
    stops = {one[name]: _stop(one[name], one) for one in settings if most is None or one[name] <= most}
    alike = {one[name] for one in settings if (one.get("agreement") or 0.0) > _SAME}
    if current not in {**stops, **fewer}:
        (stops if current > 0 else fewer)[current] = _stop(current, {"clusters": clusters, "noise": noise})
        alike.add(current)
    kept = _differing([stops[at] for at in sorted(stops)], current, alike)
    ordered = kept if name == "detail" else kept[::-1]
    return {"run": answer["run"], "current": current, "stops": [*(fewer[at] for at in sorted(fewer)[::-1]), *ordered]}


def _stop(at: int, given: Mapping[str, Any]) -> dict[str, Any]:
    return {"at": at, "clusters": given["clusters"], "noise": given["noise"]}


def _differing(stops: Sequence[dict[str, Any]], current: int, alike: Collection[int]) -> list[dict[str, Any]]:
    """Return one of stops that give the same; those *alike* may give what the stop before them gives."""
    kept: list[dict[str, Any]] = []
    for stop in stops:
        before = (kept[-1]["clusters"], kept[-1]["noise"]) if kept else None
        same = stop["at"] in alike and before == (stop["clusters"], stop["noise"])
        if same and stop["at"] == current:
            kept[-1] = stop
        elif not same:
            kept.append(stop)
    return kept
