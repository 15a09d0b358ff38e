"""Small pieces that several panels show: item cards, cluster chips, bars, hints, and how numbers read.

It registers no callbacks: cards are links with an address, which `assets/shell/place.mjs` follows without a page load.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from dash import html

from explorer.description import NOISE_COLOR
from explorer.types import numbered
from explorer.ui import ids
from explorer.ui.stores import COLUMN_PREFIX, Place, words_of
from explorer.ui.terms import ask

if TYPE_CHECKING:
    from explorer.server import Services

DISTANCE, PRODUCT, POSITION = "distance", "dot product", "position"
"""What a score is called that is no share of 1."""
"""What a score is called that is minus a distance: cards show the distance itself."""
APART = "Encoders lay {nouns} apart from other items: these are the nearest of them, though others are nearer."
_EMPTY, _NO_VALUE = (None, ""), "no value"
EXCERPT = 280
"""Characters of a text on a card; the point panel shows the whole of it."""
_WORD, _A_SAYING = re.compile(r"[^\W\d_]{2,}"), 3
"""Words from which a cell beside a picture is what somebody says of it, and no name, place or number."""
_PARTED = r"(?<=\w[/\\_-])(?=\w)"
_DOTTED = rf"{_PARTED}|(?<=\w\.)(?=[^\W\d])"


def chip_style(label: int) -> dict[str, str]:
    """Return the CSS variable that gives a chip its cluster's colour on the map; see `assets/shell/dots.mjs`."""
    if label < 0:
        return {"--chip": NOISE_COLOR}
    return {"--chip": f"var(--cluster-{label}, {NOISE_COLOR})"}


def cluster_chip(label: int, name: str, *, taken_in: bool = False) -> Any:
    """Return a cluster's colour with its name; a ring and a word for a row of noise that was taken in.

    What the REST API calls “noise” is “in no cluster” here.
    """
    words = "In no cluster" if label < 0 else name or f"Cluster {numbered(label)}"
    parts = [html.Span(className="dot taken" if taken_in else "dot", style=chip_style(label))]
    parts.append(html.Span(words, className="chip-name", dir="auto"))
    parts.append(html.Span("taken in", className="note") if taken_in else None)
    return html.Span(parts, className="chip", title=f"{words}, taken in: it was in no cluster" if taken_in else words)


def item_card(
    item: Mapping[str, Any],
    place: Place,
    *,
    score: float,
    label: str,
    testid: str = ids.TESTID_CARD,
    rank: int = 0,
    mark: Any = None,
) -> Any:
    """Return a link to an item: its text or thumbnail, its cluster, its score and a bar of it, and a *mark* if any."""
    row = int(item["row"])
    address = place.of_row(row).address()
    foot = [
        cluster_chip(int(item["cluster"]), str(item.get("cluster_name") or ""), taken_in=bool(item.get("taken_in"))),
        html.Span(
            [html.Span(f"{label} ", className="sr-only"), f"{abs(score) if label == DISTANCE else score:.3f}"],
            className="score",
        ),
    ]
    return html.A(
        [
            html.Span(str(rank), className="rank", **{"aria-hidden": "true"}) if rank else None,
            html.Div(
                [
                    content(item),
                    values(item),
                    mark,
                    html.Div(foot, className="card-foot"),
                    None if label in (PRODUCT, POSITION) else bar(score),
                ],
                className="card-body",
            ),
        ],
        href=address,
        className="card",
        **{"data-testid": testid, "data-row": str(row), "data-place": "1", "data-score": f"{score:.6f}"},
    )


def scored_list(
    items: Sequence[Mapping[str, Any]],
    place: Place,
    *,
    by: str,
    label: str,
    testid: str = ids.TESTID_CARD,
    marked: Callable[[Mapping[str, Any]], Any] = lambda _item: None,
    first: int = 1,
) -> Any:
    """Return *items* as cards ranked from *first*; *by* names the score's field, *label* says what it measures.

    *marked* returns the mark that an item's card carries, or None.  Those that say the *same_as* one before them lie
    folded below it, with how many they are.
    """
    made = [
        (one, item_card(one, place, score=one[by], label=label, testid=testid, rank=i, mark=marked(one)))
        for i, one in enumerate(items, first)
    ]
    return html.Div(folded(made), className="cards")


def folded(made: Sequence[tuple[Mapping[str, Any], Any]]) -> list[Any]:
    """Return the cards *made* of items, those that say the *same_as* one before them folded below it."""
    below = dict[int, list[Any]]()
    for one, card in made:
        if "same_as" in one:
            below.setdefault(int(one["same_as"]), []).append(card)
    first = [(card, _same(below.get(int(one["row"]), []))) for one, card in made if "same_as" not in one]
    return [part for both in first for part in both]


def _same(cards: Sequence[Any]) -> Any:
    """Return cards of rows that say the same as the one above them, to be opened; None where there are none."""
    if not cards:
        return None
    same = f"{count_of(len(cards), 'more row')} that {'says' if len(cards) == 1 else 'say'} the same"
    says = f"×{len(cards) + 1} in this list: {same}"
    inside = html.Div(list(cards), className="cards")
    return html.Details([html.Summary(says), inside], className="strangers same", **{"data-testid": "same"})


def told_of(place: Place) -> list[str]:
    """Return the columns whose values cards show: the one that colours the map, and those chosen."""
    color = place.color or ""
    colored = [color.removeprefix(COLUMN_PREFIX)] if color.startswith(COLUMN_PREFIX) else []
    return list(dict.fromkeys([*colored, *words_of(place.cards)]))


def with_values(
    services: Services, run: str, items: Sequence[Mapping[str, Any]], place: Place
) -> list[Mapping[str, Any]]:
    """Return the items, each with the *values* that its card shows; that it has none where a column colours the map."""
    items = captioned(services, run, items)
    names = told_of(place)
    if not names:
        return list(items)
    cells = services.columns.cells(run, [int(item["row"]) for item in items], names)
    colours = [names[0]] if place.color == f"{COLUMN_PREFIX}{names[0]}" else []
    missing = [{name: _NO_VALUE for name in colours if own.get(name, _NO_VALUE) in _EMPTY} for own in cells]
    return [
        {**item, "values": {**own, **lacks, **_without(item.get("values") or {}, own)}}
        for item, own, lacks in zip(items, cells, missing, strict=True)
    ]


def captioned(services: Services, run: str, items: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Return the items, pictures and sounds with what their table says of them in words among their *values*."""
    rows = [int(item["row"]) for item in items if item.get("path")]
    if not rows:
        return list(items)
    names = [str(name) for name in services.run(run).dataset.table.columns]
    cells = dict(zip(rows, services.columns.cells(run, rows, names), strict=True))
    told = [_caption_of(cells.get(int(item["row"]), {}), str(item.get("path") or "")) for item in items]
    return [{**item, "values": said} if said else item for item, said in zip(items, told, strict=True)]


def _caption_of(cells: Mapping[str, Any], path: str) -> dict[str, str]:
    """Return the cell of the most words, with its column: what `assets/map/values.mjs` shows beside the pointer."""
    said = {name: cell for name, cell in cells.items() if isinstance(cell, str) and " " in cell and cell != path}
    most = max(said, key=lambda name: len(_WORD.findall(said[name])), default="")
    return {most: said[most]} if most and len(_WORD.findall(said[most])) >= _A_SAYING else {}


def _without(values: Mapping[str, Any], known: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if name not in known}


def values(item: Mapping[str, Any]) -> Any:
    """Return what an item has in the columns that cards show; nothing where it has nothing there."""
    told = {name: value for name, value in (item.get("values") or {}).items() if value not in _EMPTY}
    if not told:
        return None
    lines = [
        html.Div(
            [html.Span(f"{name} ", className="note"), html.Span(breakable(excerpt(str(value), length=80)), dir="auto")],
            className="card-value",
        )
        for name, value in told.items()
    ]
    return html.Div(lines, className="card-values")


def badge(words: str, why: str) -> Any:
    """Return a small mark of words, with a tooltip that says *why* it is there."""
    return html.Span(words, className="badge", title=why)


def item_link(item: Mapping[str, Any], place: Place, *, testid: str = ids.TESTID_CARD) -> Any:
    """Return a small link to an item, without a score, with the values that it has."""
    row = int(item["row"])
    address = place.of_row(row).address()
    return html.A(
        html.Div([content(item), values(item)], className="card-body"),
        href=address,
        className="card small",
        **{"data-testid": testid, "data-row": str(row), "data-place": "1"},
    )


def content(item: Mapping[str, Any]) -> Any:
    """Return the beginning of an item's text, or its thumbnail with its file name."""
    if item.get("thumbnail"):
        name = caption(item)
        return html.Div(
            [
                html.Img(src=item["thumbnail"], alt=name, className="thumb"),
                html.Span([*breakable(name), length_of(item)], className="path", **{"aria-hidden": "true"}),  # its alt
            ],
            className="card-image",
        )
    lines = filter(None, (line.strip() for line in written(item).splitlines()))  # joined columns stay apart
    return html.Div(excerpt("\n".join(lines)), className="card-text", dir="auto")


def length_of(item: Mapping[str, Any]) -> Any:
    """Return how long an item is, where it takes time."""
    return html.Span(f" · {item['length']}", className="length") if item.get("length") else None


def caption(item: Mapping[str, Any]) -> str:
    """Return what stands below an item's picture: its path, or else its text."""
    return str(item.get("path") or item.get("text") or f"picture {item['row']}")


def written(item: Mapping[str, Any]) -> str:
    """Return what is read of an item that has no picture: its text, or else its path."""
    return str(item.get("text") or item.get("path") or "")


def excerpt(text: str, *, length: int = EXCERPT) -> str:
    """Return the beginning of *text*, with … when it goes on."""
    return text if len(text) <= length else text[:length].rstrip() + "…"


def breakable(words: str, *, dotted: bool = False) -> list[Any]:
    """Return *words* with places at which a line may end, behind the “/”, “_” and “-” of names that have no blanks.

    Of *dotted* ones, as columns of JSON are called, behind their dots too.
    """
    parts = re.split(_DOTTED if dotted else _PARTED, words)
    return [part for one in parts for part in (html.Wbr(), one)][1:]


def bar(share: float) -> Any:
    """Return a thin bar of 0…1; nothing for values outside, such as minus a distance."""
    if not 0.0 <= share <= 1.0:
        return None
    return html.Div(html.Div(style={"width": f"{share * 100:.1f}%"}), className="bar", **{"aria-hidden": "true"})


def keywords(words: Sequence[Mapping[str, Any]], *, limit: int = 10) -> Any:
    """Return keywords as small tags, best first."""
    return html.Div([html.Span(str(word["word"]), className="tag") for word in words[:limit]], className="tags")


def hint(*lines: Any) -> Any:
    """Return a quiet paragraph that says what a panel is for and what to do next."""
    return html.Div([html.P(line) for line in lines], className="hint")


def heading(text: str, note: str = "", term: str = "", *, about: str = "") -> Any:
    """Return a section heading and the “?” *about* it, with a quiet note behind it and the “?” of a *term* of that."""
    quiet = html.Span([note, ask(term) if term else None], className="note") if note else None
    return html.H3([text, ask(about) if about else None, quiet], className="section-heading")


def whole(number: float) -> str:
    """Return a count as people read it: 12,345."""
    return f"{int(number):,}"


def percent(share: float) -> str:
    """Return a share as a percentage, with a digit behind the point below ten."""
    value = share * 100
    return f"{value:.1f} %" if 0 < value < 10 else f"{value:.0f} %"


def count_of(number: int, singular: str, plural: str = "") -> str:
    """Return "1 row" or "12 rows"."""
    return f"{whole(number)} {singular if number == 1 else plural or singular + 's'}"


def whole_of(told: Mapping[str, Any]) -> str:
    """Return what a rejection without a place is: the whole file, or a part of it by its noun."""
    return str(told.get("what") or "the whole file")


def file_size(number: float) -> str:
    """Return a number of bytes as people read it: 1.5 MB."""
    for unit in ("bytes", "kB", "MB"):
        if number < 1000:
            return f"{number:.0f} {unit}" if unit == "bytes" or number >= 100 else f"{number:.1f} {unit}"
        number /= 1000
    return f"{number:.1f} GB"
