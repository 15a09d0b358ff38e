"""Offers to see a map beside another one of the same data.

It compares nothing: each link leads to the page of two maps.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from dash import html

from explorer.server import RUN
from explorer.ui import ids
from explorer.ui.cards import heading
from explorer.ui.maptitles import map_titles
from explorer.ui.stores import beside_address
from explorer.ui.terms import encoder_called

if TYPE_CHECKING:
    from explorer.server import Services

_NONE = "There is no other map of these data yet. Make one by another encoder or with other settings, then see both."


def others_of(services: Services, run: str) -> list[dict[str, str]]:
    """Return the other finished maps of a run's data, newest first: *run*, *title* and *encoder* in words."""
    runs = services.undoing.told(RUN, services.runs.all())
    own = next((one for one in runs if one["run"] == run), None)
    if own is None:
        return []
    same = [one for one in runs if one["dataset"] == own["dataset"] and one["state"] == "done"]
    titles = map_titles(same, runs)
    return [
        {"run": one["run"], "title": titles[one["run"]], "encoder": encoder_called(one["encoder"])}
        for one in same
        if one["run"] != run and "deleted_in" not in one and not one.get("superseded")
    ]


def compare_with(run: str, others: Sequence[dict[str, str]]) -> list[Any]:
    """Return the section that leads to a run beside each of some others, and to the settings of another one."""
    links = [
        html.A(
            [
                html.B(one["title"]),
                html.Span(one["encoder"], className="note") if one["encoder"] != one["title"] else None,
            ],
            href=beside_address(run, one["run"]),
            className="download",
            **{"data-testid": "compare-with"},
        )
        for one in others
    ]
    another = html.Button("Make another map", className="ghost", **{"data-fold": "settings", "aria-controls": ids.SIDE})
    told = [html.Div(links, className="downloads")] if links else [html.P(_NONE, className="note")]
    return [heading("Compare with", "another map of the same rows, side by side"), *told, html.P(another)]
