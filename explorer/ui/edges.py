"""Lists the edges of the graph's node in focus: whom they join it with, which way, and their weights.

It draws none on the map: the browser does.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from dash import html

from explorer.ui import ids
from explorer.ui.cards import breakable, cluster_chip, content, count_of, excerpt, values, whole
from explorer.ui.stores import Place

NODE = "node"
"""What stands over a node, which is no row of the file that lists its edges."""
SHOWN = 50
"""Edges that are listed, the heaviest first; all that are told are on the map."""
_WAYS = {"to": "→", "from": "←", "both": "↔"}
_SAID = {"to": "leads to", "from": "comes from", "both": "linked with"}


def edge_list(edges: Sequence[Mapping[str, Any]], in_all: int, place: Place) -> Any:
    """Return a node's edges, folded away where there are many."""
    if not edges:
        return html.P("This node has no edges with another one here.", className="note")
    unlike = len({edge["weight"] for edge in edges}) > 1
    cards = [_card(edge, place, weighted=unlike) for edge in edges[:SHOWN]]
    summary = html.Summary(["Edges", html.Span(count_of(in_all, "edge"), className="note")])
    more = "" if in_all <= SHOWN else f" The {SHOWN} heaviest are listed; the map has {whole(len(edges))}."
    why = f"Thin coloured lines on the map, with a head where they lead one way.{more}"
    body = [summary, html.P(why, className="note"), html.Div(cards, className="cards")]
    return html.Details(body, className="strangers edges", open=in_all <= 10)


def _card(edge: Mapping[str, Any], place: Place, *, weighted: bool) -> Any:
    row, way = int(edge["row"]), str(edge["way"])
    weight = html.Span(f"weight {edge['weight']:g}", className="score") if weighted else None
    arrow = html.Span(
        [html.Span(_WAYS[way], **{"aria-hidden": "true"}), html.Span(_SAID[way], className="sr-only")], className="rank"
    )
    foot = [cluster_chip(int(edge["cluster"]), str(edge.get("cluster_name") or "")), weight]
    return html.A(
        [
            arrow,
            html.Div(
                [content(edge), *_told(edge), values(edge), html.Div(foot, className="card-foot")],
                className="card-body",
            ),
        ],
        href=place.of_row(row).address(),
        className="card",
        **{"data-testid": ids.TESTID_EDGE, "data-row": str(row), "data-place": "1"},
    )


def _told(edge: Mapping[str, Any]) -> list[Any]:
    """Return what the file says of an edge, a line an edge where several join the same two."""
    lines = [
        html.Div(
            [part for at, (name, value) in enumerate(one.items()) for part in _named(name, value, first=not at)],
            className="card-value edge-told",
        )
        for one in edge.get("told", ())
    ]
    left = int(edge.get("told_in_all", 0)) - len(lines)
    more = [html.Div(f"and {count_of(left, 'edge')} more between the two", className="note")] if left > 0 else []
    return [html.Div([*lines, *more], className="card-values")] if lines else []


def _named(name: str, value: str, *, first: bool) -> list[Any]:
    said = [html.Span(f"{name} ", className="note"), html.Span(breakable(excerpt(value, length=80)), dir="auto")]
    return said if first else [html.Span(" · ", className="note"), *said]
