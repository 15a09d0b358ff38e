"""Shows the point in focus: its content in full, its metadata, and its nearest neighbours in the original space.

It draws nothing on the map: the browser asks for the neighbours' rows itself, and marks and joins them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import dash_mantine_components as dmc
from dash import Dash, Input, Output, State, html

from explorer.columns import LINKED_FROM, LINKS, LINKS_TO, as_said
from explorer.config import AS_MAP
from explorer.errors import NotFound
from explorer.kinds import nouns_of
from explorer.questions import OTHERS_SHOWN
from explorer.types import capitalized, cut
from explorer.ui import ids, revising
from explorer.ui.cards import (
    APART,
    EXCERPT,
    breakable,
    caption,
    cluster_chip,
    heading,
    hint,
    length_of,
    percent,
    scored_list,
    with_values,
    written,
)
from explorer.ui.edges import NODE, edge_list
from explorer.ui.excerpts import marked
from explorer.ui.markup import fills, markup, region, register_region
from explorer.ui.neighborhood import MEANING, SCORE_WORDS, nearest_of, neighborhood
from explorer.ui.registration import handle, in_browser
from explorer.ui.stores import DEFAULT_K, MAX_K, Place, words_of
from explorer.ui.terms import ask

if TYPE_CHECKING:
    from explorer.server import Services

_METRICS = ((AS_MAP, "As map"), ("cosine", "Angle"), ("euclidean", "Distance"), ("dot", "Product"))
_LONGEST_ASKED = 140
"""Letters of what a file says of a column, beside its name."""
_LISTED = frozenset((LINKS, LINKS_TO, LINKED_FROM))
"""Columns that are listed as edges."""
_APART, _UNLIKE = 1.5, 0.5
"""The local outlier factor and the mean similarity to the nearest by which a row is said to be like nothing here: of
6,441 rows of 14 sets it was said of nine, each on another subject than all others."""
_CORE, _BETWEEN = 0.8, 0.3
"""How surely a row is part of its cluster from which on it is in its core, and between core and edge."""
_NUMBERED = re.compile(r"(?:line|row|record|item|page) \d")


def layout(services: Services) -> Any:
    """Return the point tab: walking buttons, how neighbours are found, the point, its neighbours."""
    walk = (
        (ids.POINT_BACK, "← Back", "Back to the point before"),
        (ids.POINT_FORWARD, "Forward →", "Forward to the next point"),
    )
    return html.Div(
        [
            html.Div(
                [html.Button(text, id=name, className="ghost", title=words) for name, text, words in walk],
                className="walk",
            ),
            *region(ids.POINT, nothing()),
            html.Div(
                [
                    dmc.NumberInput(
                        id=ids.POINT_K,
                        label="Neighbours",
                        value=DEFAULT_K,
                        min=1,
                        max=MAX_K,
                        step=1,
                        size="xs",
                        allowDecimal=False,
                        debounce=400,
                        clampBehavior="blur",
                    ),
                    html.Div(
                        [
                            html.Label("Nearness by", className="mini-label", htmlFor=ids.POINT_METRIC),
                            dmc.SegmentedControl(
                                id=ids.POINT_METRIC,
                                data=[{"value": value, "label": label} for value, label in _METRICS],
                                value=AS_MAP,
                                size="xs",
                            ),
                        ]
                    ),
                ],
                id=ids.POINT_CONTROLS,
                className="point-controls hidden",
            ),
            *region(ids.POINT_NEIGHBORS),
        ]
    )


def register(app: Dash, services: Services) -> None:
    """Register the point, its neighbours, and how they are found."""
    register_region(app, ids.POINT)
    register_region(app, ids.POINT_NEIGHBORS)
    in_browser(
        app,
        "explorer_shell.neighborsBy",
        Input(ids.POINT_K, "value"),
        Input(ids.POINT_METRIC, "value"),
    )
    in_browser(
        app,
        "explorer_shell.showNeighborsBy",
        Output(ids.POINT_K, "value"),
        Output(ids.POINT_METRIC, "value"),
        Input(ids.PLACE, "data"),
        State(ids.POINT_K, "value"),
        State(ids.POINT_METRIC, "value"),
    )
    in_browser(
        app,
        "explorer_shell.walk",
        Input(ids.POINT_BACK, "n_clicks"),
        Input(ids.POINT_FORWARD, "n_clicks"),
    )

    in_browser(
        app,
        "explorer_map.neighbors",
        Output(ids.NEIGHBORS, "data"),
        Input(ids.PLACE, "data"),
        Input(ids.VIEW, "data"),
        initial=True,
    )

    @handle(
        app,
        fills(ids.POINT),
        fills(ids.POINT_NEIGHBORS),
        Output(ids.POINT_CONTROLS, "className"),
        Input(ids.PLACE, "data"),
        Input(ids.SHOWN, "data"),
        Input(ids.TITLED, "data"),
    )
    def inspect(stored: dict[str, Any] | None, shown: str | None, _titled: Any) -> tuple[str, str, str]:
        place = Place.load(stored)
        if shown is None or place.run != shown or place.row is None:
            nearest = nearest_of(services.run(shown)) if shown is not None else MEANING
            return markup(nothing(nearest)), "", "point-controls hidden"
        head, near, controls = inspection(services, place)
        return markup(head, of=shown), markup(near, of=shown), controls


def inspection(services: Services, place: Place) -> tuple[Any, Any, str]:
    """Return the point, its neighbours' cards, and the class of the controls."""
    assert place.run is not None
    assert place.row is not None
    try:
        item = services.questions.item(place.run, place.row, take_in=place.take_in)
    except NotFound as error:
        return hint(str(error)), None, "point-controls hidden"
    metric = None if place.metric == AS_MAP else place.metric
    answer = services.questions.neighbors(
        place.run, place.row, k=place.k, metric=metric, take_in=place.take_in, dims=place.dims, apart=True
    )
    for group in ("neighbors", "only_on_map", "edges"):
        if group in answer:
            answer = {**answer, group: with_values(services, place.run, answer[group], place)}
    near = [*neighborhood(answer, place, item), *_of_other_kinds(services, item, place)]
    if "edges" in answer:
        told = {k: v for k, v in (item.get("metadata") or {}).items() if k not in _LISTED}
        item = {**item, "metadata": told, "place": NODE}  # a row of a list of edges is an edge, and no node
        near = [edge_list(answer["edges"], int(answer["edges_in_all"]), place), *near]
    return point(item, place), near, "point-controls"


def _of_other_kinds(services: Services, item: Mapping[str, Any], place: Place) -> list[Any]:
    """Return what is nearest of each kind of item that the point is not of: of a photo the texts, of a text the photos.

    Nothing on a map of one kind.
    """
    made: list[Any] = []
    metric = None if place.metric == AS_MAP else place.metric
    for kind in item.get("other_kinds", ()):
        found = services.questions.neighbors(
            str(place.run), int(item["row"]), k=OTHERS_SHOWN, metric=metric, take_in=place.take_in, kind=kind
        )
        nouns, words = nouns_of([kind])[1], SCORE_WORDS[found["metric"]]
        cards = with_values(services, str(place.run), found["neighbors"], place)
        if cards:
            made += [
                heading(f"Nearest {nouns}", words, found["metric"]),
                html.P(APART.format(nouns=nouns), className="note"),
                scored_list(cards, place, by="similarity", label=words, testid=ids.TESTID_OTHER_KIND),
            ]
    return made


def nothing(nearest: str = MEANING) -> Any:
    """Return what the point tab says when no point is in focus; *nearest* is as `nearest_in` has it."""
    return hint(
        f"Click a point on the map to read it and to see what is nearest to it {nearest}.",
        f"Its neighbours are those nearest {nearest}, which a flat map cannot always put side by side.",
    )


def point(item: dict[str, Any], place: Place | None = None) -> Any:
    """Return the item in focus: all of its content, where it belongs, its metadata."""
    strength = item.get("strength")
    belongs = [
        cluster_chip(int(item["cluster"]), str(item.get("cluster_name") or ""), taken_in=bool(item.get("taken_in")))
    ]
    if item.get("taken_in"):
        belongs.append(ask("taken_in"))
    elif item["cluster"] >= 0 and strength is not None:
        apart = _stands_apart(item)
        ends = "to 100 %" if apart else "to 100 % in its core"
        why, said = f"{percent(strength)}, from 0 at the cluster’s edge {ends}.", _belonging(strength, apart=apart)
        belongs.append(html.Span([said, ask("core")], className="note", title=why))
    if _stands_apart(item):
        belongs.append(html.Span(["hardly anything here is like it", ask("outlier")], className="note"))
    return html.Article(
        [
            html.Div(
                [html.Span(_heading(str(item["place"])), className="row-number", dir="auto"), *belongs],
                className="point-head",
            ),
            _content(item, place),
            html.Div(className="point-here", hidden=True, **{"data-at": str(item["row"])}),  # see assets/map/here.mjs
            revising.row_buttons(item),
            _metadata(item.get("metadata") or {}, words_of(place.cards) if place else [], item.get("described") or {}),
        ],
        className="point-card",
        **{"data-row": str(item["row"])},
    )


def _stands_apart(item: Mapping[str, Any]) -> bool:
    """Whether a row is much farther from its nearest than these are from theirs, and not like them either."""
    outlier, density = item.get("outlier_score"), item.get("local_density")
    return outlier is not None and density is not None and outlier >= _APART and density <= _UNLIKE


def _heading(place: str) -> str:
    """Return a place as a heading: “Line 12”; one that begins with a file's name as that is written."""
    return capitalized(place) if _NUMBERED.match(place) or place == NODE else place


def _belonging(strength: float, *, apart: bool = False) -> str:
    """Return in words how surely a row is part of its cluster, from 0 to 1; of one that stands *apart* no core is said.

    It is nearer to that cluster than to any other, however few are like it.
    """
    if apart and strength >= _BETWEEN:
        return "nearer to this cluster than to others"
    return "in its core" if strength >= _CORE else "between core and edge" if strength >= _BETWEEN else "at its edge"


def _content(item: dict[str, Any], place: Place | None) -> Any:
    if item.get("image"):
        name = caption(item)
        seen, said = html.Img(src=item["image"], alt=name), html.Figcaption([*breakable(name), length_of(item)])
        if item.get("sound"):
            return html.Figure([*_player(item, seen), said], className="point-image point-sound")
        return html.Figure([seen, said], className="point-image")
    beside = item.get("passages") or {}
    text = marked(written(item), place.q if place is not None else None, about=EXCERPT)
    if beside and place is not None:  # the passage stands out amid what it was cut out of
        before, after = (_beside(beside.get(where), where, place) for where in ("before", "after"))
        return html.Div([before, html.Mark(text), after], className="point-text in-passages", tabIndex=0, dir="auto")
    return html.Div(text, className="point-text", tabIndex=0, dir="auto")


def _beside(passage: Mapping[str, Any] | None, where: str, place: Place) -> Any:
    """Return the passage before or after one as a link to it; nothing where there is none."""
    if passage is None:
        return None
    leads = replace(place, row=int(passage["row"])).address()
    told = {"data-place": "1", "data-testid": f"passage-{where}", "title": f"The passage {where} this one"}
    return html.A(str(passage["text"]), href=leads, className="passage", **told)


def _player(item: Mapping[str, Any], seen: Any) -> list[Any]:
    """Return what plays a sound: its own buttons, its picture and a key (`assets/pictures/playing.mjs`)."""
    told = {"controls": "", "preload": "metadata", "aria-label": f"Play {caption(item)}"}
    said = {"title": "Click to play from here; the key P plays and pauses", "data-plays": "1"}
    return [
        html.Div([seen, html.Span(className="playhead", hidden=True)], className="heard", **said),
        html.Audio(src=item["sound"], **told),
    ]


def _metadata(metadata: dict[str, Any], on_cards: list[str], described: dict[str, str]) -> Any:
    """Return what a row has in each column, and what its file says of the column."""
    said = {name: as_said(str(value)) for name, value in metadata.items() if value is not None}
    filled = {name: words for name, words in said.items() if words}
    if not filled:
        return None
    rows = [
        html.Tr(
            [
                html.Th([*breakable(name, dotted=True), *_asked(described.get(name))], scope="row"),
                html.Td(breakable(value), dir="auto"),
                html.Td(_pin(name, name in on_cards)),
            ]
        )
        for name, value in filled.items()
    ]
    return html.Table(html.Tbody(rows), className="metadata")


def _asked(words: str | None) -> list[Any]:
    return [html.Div(cut(words, _LONGEST_ASKED), className="note", title=words, dir="auto")] if words else []


def _pin(name: str, shown: bool) -> Any:
    """Return the button that has cards show a column, or not."""
    return html.Button(
        "On cards",
        className="ghost pin",
        title=f"Show {name} on cards and beside the pointer",
        **{"data-on-cards": name, "aria-pressed": str(shown).lower(), "aria-label": f"On cards: {name}"},
    )
