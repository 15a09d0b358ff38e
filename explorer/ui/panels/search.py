"""Finds items by meaning: words typed into the box, or a picture or a sound dropped on it; hits become cards.

It lights nothing on the map itself: the hits' rows are in a store that the map reads.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

import dash_mantine_components as dmc
from dash import Dash, Input, Output, State, dcc, html, no_update

from explorer.errors import ExplorerError, NotFound
from explorer.kinds import nouns_of
from explorer.questions import OTHERS_SHOWN, phrases_of
from explorer.types import capitalized
from explorer.ui import ids
from explorer.ui.alike import as_many, how_many
from explorer.ui.between import between
from explorer.ui.cards import (
    APART,
    EXCERPT,
    count_of,
    excerpt,
    heading,
    hint,
    scored_list,
    whole,
    with_values,
)
from explorer.ui.excerpts import excerpt_about
from explorer.ui.markup import fills, markup, region, register_region
from explorer.ui.named import named_list, with_named
from explorer.ui.panels import makers
from explorer.ui.registration import handle, in_browser, notify
from explorer.ui.stores import Place

if TYPE_CHECKING:
    from explorer.server import Services

HITS = 20
MORE_HITS = 200
"""Hits that are listed at most where somebody asks for all rows that have exact words; a selection holds all."""
_A_HAIR = 0.005
"""How much nearer the last of those that are near is than the first of the weak, where nearness fades without a gap."""
_OF_AXIS = ("low_end", "high_end", "strips", "far_ends", "at_high", "placed", "near")
_ALL_BRIGHT = "All of them are bright on the map; those listed have marks."
_FILE = "A file is no part of the page's address: a reload or a link leaves this search."


def box() -> Any:
    """Return the search box with its buttons; `assets/pictures/search.mjs` takes dropped and chosen files."""
    return html.Div(
        [
            dmc.TextInput(
                id=ids.SEARCH_BOX,
                placeholder="Search by meaning, e.g. “it stopped working”",
                size="sm",
                className="search-input",
                leftSection=html.Span(className="icon-search", **{"aria-hidden": "true"}),
                **{"aria-label": "Search by meaning; press Enter"},
            ),
            html.Span(id=ids.SEARCH_PICTURE, className="search-picture"),
            html.Button(
                [html.Span("Picture…", className="of-image"), html.Span("Sound…", className="of-audio")],
                id=ids.SEARCH_IMAGE,
                className="ghost search-image",
                title="Search with a file: choose one, or drop it here",
            ),
            html.Button("Clear", id=ids.SEARCH_CLEAR, className="ghost search-clear", title="Leave the search"),
        ],
        id=ids.SEARCH_ZONE,
        className="search-zone",
        role="search",
    )


def layout(services: Services) -> Any:
    """Return the search tab."""
    busy = html.Div("Searching…", id=ids.SEARCH_BUSY, className="hidden", role="status")
    found = region(ids.SEARCH_RESULTS, nothing())
    return html.Div([dcc.Store(id=ids.SEARCH_ASKED), busy, *found, makers.layout(services)])


def register(app: Dash, services: Services) -> None:
    """Register search by words, the list of hits, and clearing."""
    register_region(app, ids.SEARCH_RESULTS)
    _register_box(app)

    @handle(
        app,
        Output(ids.HITS, "data"),
        Input(ids.SEARCH_ASKED, "data"),
        running=[(Output(ids.SEARCH_BUSY, "className"), "busy", "hidden")],
    )
    async def search(asked: dict[str, Any] | None) -> Any:
        if not asked:
            return no_update  # what was there the page has left already
        if not asked["words"].strip():
            return None
        more = bool(asked.get("more"))

        async def hits(k: int) -> dict[str, Any]:
            return await services.questions.search(asked["run"], asked["words"], k=k, selected=asked.get("shape"))

        try:
            found = await as_many(hits, MORE_HITS if more else HITS, MORE_HITS)
        except NotFound as error:
            notify(error.on_page or str(error))
            return None  # what was found before answers another question, and its map is gone
        except ExplorerError as error:
            said = error.on_page or str(error)  # in the panel, which tells it as an alert: no notice says it again
            return {"run": asked["run"], "query": asked["words"], "hits": [], "failed": said}
        others = []
        for kind in () if "axis" in found else found.get("other_kinds", ()):
            there = await services.questions.search(
                asked["run"], asked["words"], k=OTHERS_SHOWN, selected=asked.get("shape"), kind=kind
            )
            others.append({"kind": kind, "hits": short({**there, "by_name": ()})["hits"]})
        return {"run": asked["run"], **short(found), "more": more, **({"others": others} if others else {})}

    @handle(
        app,
        fills(ids.SEARCH_RESULTS),
        Input(ids.HITS, "data"),
        Input(ids.TOLD, "data"),
        Input(ids.TITLED, "data"),
        State(ids.PLACE, "data"),
    )
    def show(hits: dict[str, Any] | None, _told: Any, titled: Any, stored: dict[str, Any] | None) -> str:
        place = Place.load(stored)
        if not hits:
            return markup(nothing())
        found = hits["hits"] if titled is None else called(hits["hits"], services.questions.clusters(hits["run"]))
        found = with_values(services, hits["run"], found, place)
        return markup(cards({**hits, "hits": found}, place), of=hits["run"])


def _register_box(app: Dash) -> None:
    """Register what the browser does by itself: the box follows the address, and a search is asked for by it."""
    in_browser(
        app,
        "explorer_search.clear",
        Input(ids.SEARCH_CLEAR, "n_clicks"),
    )
    in_browser(
        app,
        "explorer_search.box",
        Output(ids.SEARCH_BOX, "value"),
        Input(ids.PLACE, "data"),
        initial=True,
    )
    in_browser(
        app,
        "explorer_search.asked",
        Output(ids.SEARCH_ASKED, "data"),
        Output(ids.HITS, "data", allow_duplicate=True),
        Input(ids.PLACE, "data"),
        Input(ids.SHOWN, "data"),
        Input(ids.SELECTION, "data"),
        State(ids.SEARCH_ASKED, "data"),
        State(ids.HITS, "data"),
    )
    in_browser(
        app,
        "explorer_search.ready",
        Output(ids.SEARCH_BOX, "disabled"),
        Output(ids.SEARCH_BOX, "placeholder"),
        Output(ids.SEARCH_ZONE, "className"),
        Input(ids.VIEW, "data"),
        Input(ids.HITS, "data"),
        initial=True,
    )


def called(hits: list[dict[str, Any]], answer: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the hits, kept by the browser, under the names that their clusters have now."""
    names = {cluster["cluster"]: cluster["name"] for cluster in answer["clusters"]}
    return [{**hit, "cluster_name": names.get(hit["cluster"], hit.get("cluster_name", ""))} for hit in hits]


def short(answer: dict[str, Any]) -> dict[str, Any]:
    """Return the answer with texts cut to what a card shows, with the words searched for: the browser keeps it."""
    words = str(answer.get("query") or "")
    answer = with_named(answer)
    hits = [
        {**hit, "text": excerpt_about(hit["text"], words, EXCERPT)} if hit.get("text") else hit
        for hit in answer["hits"]
    ]
    if "axis" in answer:  # its colours are asked for by themselves
        answer = {**answer, "axis": {name: answer["axis"][name] for name in _OF_AXIS if name in answer["axis"]}}
    return {**answer, "hits": hits}


def cards(hits: dict[str, Any], place: Place) -> Any:
    """Return the hits as a scored list, those that are called so apart and before."""
    if hits.get("axis"):
        return between(hits, place)
    asked = excerpt(str(hits["query"]), length=60)
    named = [hit for hit in hits["hits"] if hit.get("named_by")]
    found = [hit for hit in hits["hits"] if not hit.get("named_by")]
    if named:
        others = _near(hits, asked, found, place) if found else None
        unread = html.P(hits["unread"], className="note") if hits.get("unread") else None
        return [named_list(hits, asked, named, place, _ways_of_named(hits, named)), unread, others]
    return _near(hits, asked, found, place)


def _near(hits: dict[str, Any], asked: str, found: list[dict[str, Any]], place: Place) -> Any:
    """Return what is near in meaning, as a scored list."""
    if hits.get("failed"):
        return html.P(
            capitalized(str(hits["failed"])), className="hint", role="alert", **{"data-testid": "search-failed"}
        )
    if not found and phrases_of(hits["query"]):
        return hint(
            f"No text has all that stands in quotation marks in {asked}; of other columns only whole values count. "
            "Without the marks, meaning counts."
        )
    if not found:
        return hint(f"Nothing was found for “{asked}”.")
    weak = sum(hit["weak"] for hit in found)
    near, far = found[: len(found) - weak], found[len(found) - weak :]
    listed = partial(scored_list, by="score", label="score", testid=ids.TESTID_HIT)
    return [
        heading(headline(hits, asked, near, is_all=not far), "score: similarity", "cosine")
        if near
        else _none_near(hits, asked),
        _ways(hits, near) if near else None,
        html.P(_FILE, className="note") if hits.get("picture") else None,
        html.P(_ALL_BRIGHT, className="note") if hits.get("rows") else None,
        html.P(hits["remark"], className="note") if hits.get("remark") else None,
        html.P(shapes, className="note", **{"data-testid": "hit-shapes"}) if (shapes := _shapes(hits, found)) else None,
        listed(near, place) if near else None,
        html.P(_further(hits, asked, near, far), className="note weak-hits") if far else None,
        listed(far, place, first=len(near) + 1) if far else None,
        *(part for one in hits.get("others", ()) for part in _of_kind(one, place)),
    ]


def _of_kind(found: dict[str, Any], place: Place) -> list[Any]:
    """Return what is nearest of a kind of item of which none is among the hits, with that said."""
    if not found["hits"]:
        return []
    nouns = nouns_of([found["kind"]])[1]
    return [
        heading(f"Nearest {nouns}"),
        html.P(APART.format(nouns=nouns), className="note"),
        scored_list(found["hits"], place, by="score", label="score", testid=ids.TESTID_OTHER_KIND),
    ]


def headline(hits: dict[str, Any], asked: str, found: Sequence[dict[str, Any]], *, is_all: bool = True) -> str:
    """Return what stands above the hits *found*: how many there are; of exact words, how many rows have them in all.

    Of rows that say the same it is told how many texts they are.  Where they are not *is_all* that is listed, the
    others are weak: there are no more than these.
    """
    near, texts = len(found), how_many(found)
    if "having" not in hits:
        more = " more" if hits.get("by_name") else ""
        how = f"{'nearest' if is_all else 'close'} to “{asked}”"
        if texts == near:
            return f"{whole(near)}{more} {how}"
        same = "all of the same text" if texts == 1 else f"{whole(texts)} different texts"
        return f"{whole(near)}{more} rows {how}, {same}"
    phrases = " and ".join(f"“{excerpt(phrase, length=60)}”" for phrase in phrases_of(hits["query"]))
    if hits["having"] <= near:
        return f"{count_of(near, 'row')} with {phrases} in the text"
    return f"{whole(hits['having'])} rows with {phrases} in the text, the {near} nearest"


def _none_near(hits: dict[str, Any], asked: str) -> Any:
    """Return the heading where nothing was found, or nothing surely; `docs/defaults.md` says when that is."""
    if hits.get("by_name"):
        said = f"Nothing else is surely about “{asked}”" if hits.get("doubtful") else "Nothing else is close in meaning"
    else:
        about = "surely about" if hits.get("doubtful") else "close to"
        said = f"Nothing here is {about} “{asked}”"
    return html.H3(said, className="section-heading")


def _shapes(hits: dict[str, Any], found: Sequence[dict[str, Any]]) -> str:
    """Return what marks hits have on the map, where they are not all alike; else "".

    Some are of another kind than what was searched with, some say just what was searched for.
    """
    across = sorted({hit["kind"] for hit in found if hit.get("across")})
    said = []
    if across:
        own = [nouns_of([kind])[1] for kind in sorted({hit["kind"] for hit in found if not hit.get("across")})]
        named = ["what is called so"] if any(hit.get("named_by") for hit in hits["hits"]) else []
        others = " and ".join(nouns_of([kind])[1] for kind in across)
        same = f"◆ marks {' and '.join([*named, *own])}, and " if named or own else ""
        said.append(f"On the map {same}▲ marks {others}: of another kind than what was searched with.")
    rings = {bool(hit.get("just_so")) for hit in hits["hits"]}
    if len(rings) > 1:
        said.append("A ring on the map marks what is just that.")
    return " ".join(said)


def _further(hits: dict[str, Any], asked: str, near: Sequence[dict[str, Any]], far: Sequence[dict[str, Any]]) -> str:
    """Return what the list of weak hits begins with, after those *near* or after none."""
    if hits.get("doubtful"):
        return (
            "These are the nearest and may be what you mean: a broad word is often less near than what it stands for. "
            "On the map they have small marks."
        )
    before = min((hit["score"] - far[0]["score"] for hit in near if hit.get("kind") == far[0].get("kind")), default=1)
    if 0 <= before < _A_HAIR:
        return f"From here on, and without a gap, hits have less and less to do with “{asked}”; these are not bright:"
    if near:
        return f"These have little to do with “{asked}” and are not bright on the map:"
    return "These are the least far, but they have little to do with it. On the map they have small marks."


def _ways(hits: dict[str, Any], near: Sequence[dict[str, Any]]) -> Any:
    """Return the buttons that make hits a selection: of exact words all rows that have them, not the listed alone."""
    rows = {"data-select": "hits", "data-of": ",".join(str(hit["row"]) for hit in near)}  # assets/keys/making.mjs
    having = int(hits.get("having") or 0)
    if having <= len(near):
        only = html.Button("Select these rows", className="ghost", title="Make the hits the selection", **rows)
        every_row = int(hits.get("searched") or MORE_HITS + 1)
        words = f"List all {whole(every_row)}" if every_row <= MORE_HITS else f"List the {MORE_HITS} nearest"
        return html.Div([only, _more(words)], className="buttons") if _goes_on(hits, near) else only
    every = html.Button(
        f"Select all {whole(having)} rows",
        className="ghost",
        title="Make all rows that have the words the selection; all of them are bright on the map",
        **{"data-select": "having", "data-testid": "select-having"},
    )
    shown = min(having, MORE_HITS)
    more = _more(f"List all {whole(shown)}" if shown == having else f"List the {whole(shown)} nearest")
    few = html.Button(
        f"Select these {whole(len(near))}", className="ghost", title="Make the listed ones the selection", **rows
    )
    return html.Div([every, few, more if len(near) < shown else None], className="buttons")


def _more(words: str) -> Any:
    told = {"data-more-hits": "1", "data-testid": "more-hits"}  # assets/shell/searching.mjs
    return html.Button(words, className="ghost", **told)


def _ways_of_named(hits: dict[str, Any], named: Sequence[dict[str, Any]]) -> Any:
    """Return the buttons that make rows that are called so a selection, and that list those that are not listed."""
    rows = {"data-select": "hits", "data-of": ",".join(str(one["row"]) for one in named)}
    only = html.Button("Select these rows", className="ghost", title="Make the rows below the selection", **rows)
    count = int(hits.get("by_name_in_all") or 0)
    goes_on = count > len(named) and not hits.get("more")
    more = _more(f"List all {whole(count)}" if count <= MORE_HITS else f"List the first {MORE_HITS}")
    return html.Div([only, more if goes_on else None], className="buttons") if len(named) > 1 else None


def _goes_on(hits: dict[str, Any], near: Sequence[dict[str, Any]]) -> bool:
    """Whether there may be more rows like those that are listed: none of them is weak."""
    more = int(hits.get("searched") or MORE_HITS) > HITS and not hits.get("more")
    whole_list = HITS <= how_many(hits["hits"]) < MORE_HITS and not any(hit["weak"] for hit in hits["hits"])
    return more and "having" not in hits and not hits.get("picture") and bool(near) and whole_list


def nothing() -> Any:
    """Return what the search tab says before a search."""
    return hint(
        html.Span(
            "Type what you look for into the box above the map and press Enter. Meaning counts, not letters; what "
            "stands in quotation marks has to be there word for word.",
            className="by-words-only",
        ),
        html.Span(
            "Meanings add up: = king - man + woman, or = #17 + at night, where #17 is a row. Two of them make a line: "
            "cheap <> expensive orders all rows between both.",
            className="by-words-only",
        ),
        html.Span(
            "Type a name, or a part of it, into the box above the map and press Enter. Rows add up, too: = #17 + #4 "
            "finds what is near to both, #17 <> #4 orders all rows between them.",
            className="by-names-only",
        ),
        html.Span("Drop a picture on the box to find what looks like it.", className="by-image-only"),
        html.Span("Drop a sound on the box to find what sounds like it.", className="by-audio-only"),
    )
