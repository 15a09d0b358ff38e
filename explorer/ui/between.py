"""Rows between two meanings: where clusters stand along the line, and what is nearest to its ends.

It orders nothing: `questions.axes` does.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from dash import html

from explorer.questions import sums
from explorer.ui import ids
from explorer.ui.cards import POSITION, badge, chip_style, cluster_chip, count_of, excerpt, heading, scored_list, whole
from explorer.ui.stores import AXIS_PREFIX, Place

_A_HAIR = 0.005
"""By how much a position may be beyond an end and still be said to stand there."""


def between(hits: dict[str, Any], place: Place) -> Any:
    """Return rows between two meanings: where clusters stand along the line, and what is nearest to its ends."""
    axis, found = hits["axis"], hits["hits"]
    low, high = (excerpt(str(axis[end]), length=60) for end in ("low_end", "high_end"))
    color = f"{AXIS_PREFIX}{axis['low_end']} {sums.BETWEEN} {axis['high_end']}"
    plain: dict[str, Any] = dict.fromkeys(("picked", "read_as", "has", "also", "palette", "own"))
    colored = replace(place, **{**plain, "run": hits["run"], "color": color}).address()
    half = int(axis["at_high"])
    listed = partial(scored_list, by="score", label=POSITION, testid=ids.TESTID_HIT, marked=_far)
    told = {"data-place": "1", "data-testid": "by-axis"}
    return [
        heading(f"Between “{low}” and “{high}”"),
        html.A("Colour the map by it", href=colored, className="button", **told),
        html.P(_ends_far(axis), className="note", **{"data-testid": "far-ends"}) if axis.get("far_ends") else None,
        html.P(about, className="note", **{"data-testid": "about-axis"})
        if (about := _about(axis, low, high))
        else None,
        html.P(
            f"Each line is a cluster: its rows from “{low}” on the left to “{high}” on the right, darker where there "
            "are more of them; the mark is the middle one.",
            className="note",
        ),
        strips(axis["strips"]),
        html.P(_positions(low, high, found), className="note", **{"data-testid": "positions"}),
        heading(f"Nearest to “{high}”"),
        listed(found[:half], place),
        heading(f"Nearest to “{low}”"),
        listed(found[half:], place),
    ]


def _about(axis: Mapping[str, Any], low: str, high: str) -> str:
    """Return how many rows have to do with either end of an axis, where the others are more; else ""."""
    if "near" not in axis:
        return ""
    near, placed = int(axis["near"]), int(axis["placed"])
    if len(axis.get("far_ends", ())) > 1 or 2 * near > placed:
        return ""
    are = f"{whole(near)} of {count_of(placed, 'row')} {'is' if near == 1 else 'are'} near to “{low}” or to “{high}”"
    return f"Only {are}: the others have little to do with either, and where these stand says little."


def _far(hit: Mapping[str, Any]) -> Any:
    """Return the mark of a row at an end that is not near to it; None for one that is."""
    return (
        badge("little to do with it", "It stands farthest on this side, but is not near to this end.")
        if hit.get("weak")
        else None
    )


def _positions(low: str, high: str, found: Sequence[dict[str, Any]]) -> str:
    """Return what the numbers of rows between two meanings say, and that some stand beyond these where some do."""
    beyond = any(abs(hit["score"]) > 1 + _A_HAIR for hit in found)
    more = "; what is beyond them is even more so" if beyond else ""
    return f"“{low}” stands at -1, “{high}” at 1, and 0 is the middle between them{more}."


def _ends_far(axis: dict[str, Any]) -> str:
    """Return that nothing is near to an end of an axis, or to either: the order then says little."""
    ends = " or ".join(f"“{excerpt(str(end), length=60)}”" for end in axis["far_ends"])
    little = "this order says little" if len(axis["far_ends"]) > 1 else "that end says little"
    return f"Nothing here is near {ends}: {little}."


def strips(lines: Sequence[dict[str, Any]]) -> Any:
    """Return a strip chart: a line for each cluster, darker where more of its rows are."""
    made = []
    for line in lines:
        most = max(line["counts"]) or 1
        shades = [f"{(count / most) ** 0.5:.2f}" if count else "0" for count in line["counts"]]
        cells = [html.I(style={"opacity": shade}) for shade in shades]
        middle = html.B(style={"left": f"{100 * line['at']:.1f}%"})
        named = f"{line['name']}: half of its rows are below {line['median']:.2f}"
        strip = html.Div([*cells, middle], className="strip", style=chip_style(line["cluster"]), title=named)
        made.append(html.Div([cluster_chip(line["cluster"], line["name"]), strip], className="strip-line"))
    return html.Div(made, className="strips", **{"data-testid": "strips"})
