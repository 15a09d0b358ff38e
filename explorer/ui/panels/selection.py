"""Says what a selection holds: how many rows, which clusters, which words; and offers them as CSV.

On the map only the shape travels, and the server finds the rows; where rows are arranged otherwise, a bit a row does.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from dash import Dash, Input, State, html

from explorer.ui import ids, revising
from explorer.ui.cards import bar, cluster_chip, count_of, heading, hint, item_link, keywords, percent, whole
from explorer.ui.markup import fills, markup, region, register_region
from explorer.ui.registration import handle
from explorer.ui.stores import Place

if TYPE_CHECKING:
    from explorer.server import Services

_SHOWN_ROWS = 12
_OWN = (
    "So many scattered rows do not fit into the page's address: a reload of this tab keeps the selection, a link that "
    "is sent on does not. Its CSV has it."
)


def layout(services: Services) -> Any:
    """Return the selection tab."""
    return html.Div(region(ids.SELECTION_PANEL, nothing()))


def register(app: Dash, services: Services) -> None:
    """Register what a shape holds."""
    register_region(app, ids.SELECTION_PANEL)

    @handle(
        app,
        fills(ids.SELECTION_PANEL),
        Input(ids.SELECTION, "data"),
        Input(ids.TAKEN, "data"),
        Input(ids.TITLED, "data"),
        State(ids.PLACE, "data"),
    )
    def describe(
        selection: dict[str, Any] | None, take_in: float | None, _titled: Any, stored: dict[str, Any] | None
    ) -> str:
        if not selection:
            return markup(nothing())
        answer = services.questions.select(selection["run"], selection["shape"], take_in=take_in)
        place = Place.load(stored)
        items = answer["rows"]
        own = bool(selection.get("own"))
        remove = revising.remove_button(selection["shape"], answer["count"])
        ways = [_like_these(), csv_of(answer, selection, take_in), remove]
        return markup(selected(answer, items, place, ways, own=own), of=selection["run"])


def nothing() -> Any:
    """Return what the tab says when nothing is selected."""
    return hint(
        "Choose Lasso or Box on the map and draw around points.",
        "You see how many there are, which clusters and words they hold, and can download them as CSV.",
    )


def csv_of(answer: dict[str, Any], selection: dict[str, Any], take_in: float | None) -> Any:
    """Return the way to the rows as CSV: a link, or a form for a selection too long for an address."""
    name = {"data-testid": "selection-csv"}
    if answer["csv"]:
        return html.A("Download as CSV", href=answer["csv"], download="", className="button", **name)
    shape = json.dumps(selection["shape"], separators=(",", ":"))
    query = "" if take_in is None else f"?take_in={take_in:g}"
    fields = [
        html.Textarea(shape, name="shape", hidden=True),
        html.Button("Download as CSV", className="button", **name),
    ]
    return html.Form(fields, method="post", action=f"/api/v1/runs/{selection['run']}/selection.csv{query}")


def _like_these() -> Any:
    """Return the button that searches for what is near to the mean of the selected rows."""
    told = {"data-search": "= selection", "data-testid": "like-these"}  # assets/pictures/search.mjs
    return html.Button("Find more like these", className="ghost", title="Rows nearest to the mean of these", **told)


ONE_CLUSTER = 0.9
"""From this share on a selection is a cluster's, and goes by its name."""


def _is_one(clusters: Sequence[dict[str, Any]], count: int) -> bool:
    return any(one["cluster"] >= 0 and one["count"] >= ONE_CLUSTER * count for one in clusters)


def selected(
    answer: dict[str, Any], items: list[dict[str, Any]], place: Place, ways: Sequence[Any], *, own: bool = False
) -> Any:
    """Return the selection: its size, *ways* to use it, clusters, keywords, rows; *own*: no link has it."""
    count = int(answer["count"])
    clear = html.Button("Clear", id=ids.SELECTION_CLEAR, className="ghost", **{"data-clear-selection": "1"})
    if not count:
        return [heading("Nothing inside"), hint("The shape holds no points. Draw around some."), clear]
    return [
        heading(f"{count_of(count, 'row')} selected", _taken(answer.get("taken_in", 0))),
        html.Div([*ways, clear], className="buttons"),
        html.P(_OWN, className="note") if own else None,
        html.Div([heading("What is in it"), html.P(html.B(answer["name"], dir="auto"))])
        if answer.get("name") and not _is_one(answer["clusters"], count)
        else None,
        heading("Clusters"),
        html.Div([_share(cluster, count) for cluster in answer["clusters"]], className="shares"),
        html.Div([heading("Keywords"), keywords(answer["keywords"], limit=16)]) if answer["keywords"] else None,
        heading("Rows"),
        html.Div([item_link(item, place) for item in items[:_SHOWN_ROWS]], className="cards"),
        _further(items[_SHOWN_ROWS:], place, count) if len(items) > _SHOWN_ROWS else None,
    ]


def _further(items: list[dict[str, Any]], place: Place, count: int) -> Any:
    """Return the other rows, folded away, and where all are if these are not."""
    listed = _SHOWN_ROWS + len(items)
    words = f"{whole(len(items))} more" + (f" of {whole(count)}; the CSV has all" if listed < count else "")
    cards = html.Div([item_link(item, place) for item in items], className="cards")
    return html.Details([html.Summary(words), cards], className="strangers")


def _taken(count: int) -> str:
    return f"{whole(count)} of them taken in, before in no cluster" if count else ""


def _share(cluster: dict[str, Any], total: int) -> Any:
    share = cluster["count"] / total
    return html.Div(
        [
            cluster_chip(int(cluster["cluster"]), str(cluster["name"])),
            html.Span(f"{whole(cluster['count'])} · {percent(share)}", className="score"),
            bar(share),
        ],
        className="share",
    )
