"""Lists the clusters with size, name, cohesion and keywords; one in focus shows its examples.

It focuses nothing itself: rows are buttons with a label that `assets/shell/place.mjs` puts into the store.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dash import Dash, Input, Output, State, html, no_update

from explorer.errors import ExplorerError
from explorer.types import REPEATS, UNSURE
from explorer.ui import ids
from explorer.ui.cards import (
    bar,
    chip_style,
    cluster_chip,
    count_of,
    heading,
    hint,
    item_link,
    keywords,
    percent,
    whole,
)
from explorer.ui.markup import fills, markup, region, register_region
from explorer.ui.panels import cuts, stability, titles
from explorer.ui.registration import handle
from explorer.ui.stores import Place
from explorer.ui.terms import ask

if TYPE_CHECKING:
    from explorer.server import Services

_GUESSED = "Words near these pictures"
_WORDS_IN_LIST = 5
REPEATED_ROWS = 100_000
"""Up to so many rows it is measured how sure clusters are as soon as they are listed: in some 10 s."""
_EXAMPLE = 90
"""Characters of an example in the list."""
_BEFORE = "The clusters of the map are listed here."


def layout(services: Services) -> Any:
    """Return the clusters tab."""
    return html.Div(
        [
            cuts.layout(services),
            stability.layout(services),
            titles.layout(services),
            *region(ids.CLUSTER_DETAIL),
            *region(ids.CLUSTERS, hint(_BEFORE)),
        ]
    )


def register(app: Dash, services: Services) -> None:
    """Register the list, and the examples of the cluster in focus."""
    register_region(app, ids.CLUSTERS)
    register_region(app, ids.CLUSTER_DETAIL)

    @handle(
        app, Output(ids.SURE, "data"), Input(ids.SHOWN, "data"), Input(ids.TABS, "value"), State(ids.STATUS, "data")
    )
    async def sure(run: str | None, tab: str, status: dict[str, Any] | None) -> Any:
        if run is None or tab != "clusters" or not status or status.get("rows", 0) > REPEATED_ROWS:
            return no_update
        try:
            return (await services.questions.sureness(run))["run"]
        except ExplorerError:  # the list is as good without: a run of before, or one that is deleted just now
            return no_update

    _register_list(app, services)


def _register_list(app: Dash, services: Services) -> None:
    @handle(
        app,
        fills(ids.CLUSTERS),
        Input(ids.SHOWN, "data"),
        Input(ids.TAKEN, "data"),
        Input(ids.SURE, "data"),
        Input(ids.CUT, "data"),
        Input(ids.TITLED, "data"),
    )
    def listing(
        run: str | None, take_in: float | None, _sure: str | None, cut: dict[str, Any] | None, _titled: Any
    ) -> str:
        if run is None:
            return markup(hint(_BEFORE))
        if cut and cut["run"] == run:
            return markup(cluster_list(services.questions.cut(run, cut["at"])), of=run)
        return markup(cluster_list(services.questions.clusters(run, take_in=take_in)), of=run)

    @handle(
        app,
        fills(ids.CLUSTER_DETAIL),
        Input(ids.CLUSTER_FOCUS, "data"),
        Input(ids.TAKEN, "data"),
        Input(ids.TITLED, "data"),
        State(ids.SHOWN, "data"),
        State(ids.PLACE, "data"),
        State(ids.CUT, "data"),
    )
    def detail(
        focus: dict[str, Any] | None,
        take_in: float | None,
        _titled: Any,
        run: str | None,
        stored: dict[str, Any] | None,
        cut: dict[str, Any] | None,
    ) -> str:
        if focus is None or run is None:
            return ""
        if cut and cut["run"] == run:
            return markup(hint("What is in it is said when these clusters are named, in a moment."), of=run)
        answer = services.questions.clusters(run, take_in=take_in)
        found = [cluster for cluster in answer["clusters"] if cluster["cluster"] in focus["labels"]]
        if len(focus["labels"]) > 1:
            return markup(group_detail(str(focus["name"] or "Several clusters"), found), of=run)
        return markup(cluster_detail(found[0], Place.load(stored)) if found else None, of=run)


def cluster_list(answer: dict[str, Any]) -> Any:
    """Return one button a cluster, and the noise."""
    found, noise = answer["clusters"], answer["noise"]
    if not found:
        return hint(
            "No group stood out enough to be called a cluster.",
            "Lower “Smallest cluster” in the settings, or have clusters found in another way.",
        )
    rows = [_row(cluster, biggest=found[0]["size"]) for cluster in found]
    note = "mixed, rare or unlike the rest (noise)" + _taken(noise.get("taken_in", 0), "more taken in above")
    rest = _button(-1, "In no cluster", noise["size"], note, share=noise["share"])
    head = heading(f"{len(found)} clusters", "click one to focus it, again to leave")
    return [head, _facts(found, taken=bool(noise.get("taken_in"))), *rows, rest]


def _facts(found: list[dict[str, Any]], *, taken: bool) -> Any:
    """Return the words of the list that are no everyday ones, each with its “?”: what is in a button can have none."""
    told = (
        ("cohesion", "Cohesion", found[0].get("cohesion") is not None),
        ("came_back", "Came back", found[0].get("came_back") is not None),
        ("taken_in", "Taken in", taken),
    )
    words = [html.Span([called, ask(key)]) for key, called, there in told if there]
    return html.P(words, className="note list-terms") if words else None


def _row(cluster: dict[str, Any], *, biggest: int) -> Any:
    note = _example(cluster) + _taken(cluster.get("taken_in", 0), "of them taken in, before in no cluster")
    return _button(
        cluster["cluster"],
        cluster["name"],
        cluster["size"],
        note,
        share=cluster["share"],
        cohesion=cluster.get("cohesion"),
        width=cluster["size"] / max(biggest, 1),
        came_back=cluster.get("came_back"),
        named_by=cluster.get("named_by"),
        provisional=cluster.get("provisional", False),
    )


def _example(cluster: dict[str, Any]) -> str:
    """Return what the most typical item says, in quotes; the words for it where it says nothing in words.

    Of a cut that is only tried there is neither.
    """
    if "exemplars" not in cluster:
        return "is named in a moment" if cluster["provisional"] else ""
    text = next((" ".join(str(item["text"]).split()) for item in cluster["exemplars"] if item.get("text")), "")
    if not text:
        words = ", ".join(word["word"] for word in cluster["keywords"][:_WORDS_IN_LIST])
        return f"{_GUESSED}: {words}" if words else ""
    return f"“{text}”" if len(text) <= _EXAMPLE else f"“{text[:_EXAMPLE].rsplit(' ', 1)[0]}…”"


def _has_no_words(cluster: dict[str, Any]) -> bool:
    """Whether what is in a cluster says nothing in words: its keywords are what an encoder of pictures guesses."""
    told = [*cluster["exemplars"], *cluster["odd"]]
    return bool(cluster["keywords"]) and not any(item.get("text") for item in told)


def _taken(count: int, words: str) -> str:
    return f" · {whole(count)} {words}" if count else ""


def _button(
    label: int,
    name: str,
    size: int,
    note: str,
    *,
    share: float,
    cohesion: float | None = None,
    width: float | None = None,
    came_back: int | None = None,
    named_by: str | None = None,
    provisional: bool = False,
) -> Any:
    unsure = came_back is not None and came_back < UNSURE
    facts = percent(share) + (f" · cohesion {cohesion:.2f}" if cohesion is not None else "")
    if came_back is not None:
        facts += f" · came back {came_back} of {REPEATS} times" + (": unsure" if unsure else "")
    if named_by:
        facts += f" · named by {named_by}"
    return html.Button(
        [
            html.Span(className="dot big", style=chip_style(label)),
            html.Span(
                [
                    html.Span(
                        [
                            html.B(name, className="provisional" if provisional else None),
                            html.Span(whole(size), className="score"),
                        ],
                        className="cluster-line",
                    ),
                    html.Span(note, className="note"),
                    html.Span(facts, className="note facts-line"),
                    bar(width) if width is not None else None,
                ],
                className="cluster-text",
            ),
        ],
        className="cluster-row unsure" if unsure else "cluster-row",
        title="Focus this cluster; click again to leave",
        **{"data-testid": ids.TESTID_CLUSTER, "data-cluster": str(label), "aria-pressed": "false"},
    )


def cluster_detail(cluster: dict[str, Any], place: Place) -> Any:
    """Return the cluster in focus: keywords, central and odd items, near clusters, what its metadata is rich in."""
    return html.Section(
        [
            html.Div(
                [
                    cluster_chip(cluster["cluster"], cluster["name"]),
                    _leave(),
                ],
                className="detail-head",
            ),
            html.P(
                [
                    f"{count_of(cluster['size'], 'row')}, {percent(cluster['share'])} of all. Cohesion "
                    f"{cluster['cohesion']:.2f}: how alike its rows are to its centre.",
                    ask("cohesion"),
                ],
                className="note",
            ),
            _title(cluster),
            _select([cluster]),
            html.P(f"{_GUESSED}; not all of them need be true:", className="note") if _has_no_words(cluster) else None,
            keywords(cluster["keywords"]),
            _items("Typical", cluster["exemplars"], place),
            _items("Unusual", cluster["odd"], place),
            _rich(cluster.get("enrichment") or []),
            _nearest(cluster.get("nearest") or []),
        ],
        className="detail",
    )


def _title(cluster: dict[str, Any]) -> Any:
    """Return a language model's sentence on the cluster, marked as such; None where none named it."""
    if not cluster.get("named_by"):
        return None
    return html.Div(
        [
            html.P(cluster["summary"], dir="auto") if cluster["summary"] else None,
            html.P(
                f"Named by the language model {cluster['named_by']}; its words call it “{cluster['name_before']}”.",
                className="note",
            ),
        ]
    )


def group_detail(name: str, clusters: list[dict[str, Any]]) -> Any:
    """Return several clusters that have a name together: how much they are, and each of them to focus alone."""
    size, share = (sum(cluster[what] for cluster in clusters) for what in ("size", "share"))
    return html.Section(
        [
            html.Div([html.B(name, dir="auto"), _leave()], className="detail-head"),
            html.P(f"{len(clusters)} clusters, {count_of(size, 'row')}, {percent(share)} of all.", className="note"),
            _select(clusters),
            html.Div([_near(cluster, whole(cluster["size"])) for cluster in clusters]),
        ],
        className="detail",
    )


def _leave() -> Any:
    return html.Button("Leave", className="ghost", **{"data-leave-focus": "1"})


def _select(clusters: list[dict[str, Any]]) -> Any:
    """Return the button that makes what is in focus the selection (assets/keys/making.mjs)."""
    labels = ",".join(str(cluster["cluster"]) for cluster in clusters)
    return html.Button("Select its rows", className="ghost", **{"data-select": "clusters", "data-of": labels})


def _items(title: str, items: list[dict[str, Any]], place: Place) -> Any:
    if not items:
        return None
    return html.Div([heading(title), html.Div([item_link(item, place) for item in items], className="cards")])


def _rich(enrichment: list[dict[str, Any]]) -> Any:
    if not enrichment:
        return None
    lines = [
        html.Li(f"{e['column']} = {e['value']}: {percent(e['share'])} here, {percent(e['overall'])} overall")
        for e in enrichment
    ]
    return html.Div([heading("Rich in", "shares of rows that have a value"), html.Ul(lines, className="plain")])


def _nearest(nearest: list[dict[str, Any]]) -> Any:
    if not nearest:
        return None
    return html.Div([heading("Nearest clusters"), *(_near(near, f"{near['similarity']:.2f}") for near in nearest)])


def _near(cluster: dict[str, Any], figure: str) -> Any:
    """Return a button that focuses a cluster, with a figure beside its name."""
    return html.Button(
        [cluster_chip(cluster["cluster"], cluster["name"]), html.Span(figure, className="score")],
        className="near-row",
        **{"data-cluster": str(cluster["cluster"])},
    )
