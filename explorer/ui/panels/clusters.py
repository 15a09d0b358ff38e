"""Lists the clusters with size, name, cohesion and keywords; one in focus shows its examples.

It focuses nothing itself: rows are buttons with a label that `assets/place.js` puts into the store.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dash import Dash, Input, State, html

from explorer.ui import ids
from explorer.ui.cards import bar, chip_style, cluster_chip, heading, hint, item_link, keywords, percent, whole
from explorer.ui.markup import fills, markup, region, register_region
from explorer.ui.panels import stability
from explorer.ui.registration import handle
from explorer.ui.stores import Place

if TYPE_CHECKING:
    from explorer.services import Services

_WORDS_IN_LIST = 5
_BEFORE = "The clusters of the map are listed here."


def layout(services: Services) -> Any:
    """Return the clusters tab."""
    return html.Div(
        [
            stability.layout(services),
            *region(ids.CLUSTER_DETAIL),
            *region(ids.CLUSTERS, hint(_BEFORE)),
        ]
    )


def register(app: Dash, services: Services) -> None:
    """Register the list, and the examples of the cluster in focus."""
    register_region(app, ids.CLUSTERS)
    register_region(app, ids.CLUSTER_DETAIL)

    @handle(app, fills(ids.CLUSTERS), Input(ids.SHOWN, "data"), Input(ids.TAKEN, "data"))
    def listing(run: str | None, take_in: float | None) -> str:
        return markup(hint(_BEFORE) if run is None else cluster_list(services.clusters(run, take_in=take_in)))

    @handle(
        app,
        fills(ids.CLUSTER_DETAIL),
        Input(ids.CLUSTER_FOCUS, "data"),
        Input(ids.TAKEN, "data"),
        State(ids.SHOWN, "data"),
        State(ids.PLACE, "data"),
    )
    def detail(label: int | None, take_in: float | None, run: str | None, stored: dict[str, Any] | None) -> str:
        if label is None or run is None:
            return ""
        found = [c for c in services.clusters(run, take_in=take_in)["clusters"] if c["cluster"] == label]
        return markup(cluster_detail(found[0], Place.load(stored)) if found else None)


def cluster_list(answer: dict[str, Any]) -> Any:
    """Return one button a cluster, and the noise."""
    found, noise = answer["clusters"], answer["noise"]
    if not found:
        return hint(
            "No group was dense enough to be called a cluster.",
            "Lower “Smallest cluster” in the settings, or choose to cluster the map itself.",
        )
    rows = [_row(cluster, biggest=found[0]["size"]) for cluster in found]
    note = "belongs to no cluster" + _taken(noise.get("taken_in", 0), "more taken in above")
    rest = _button(-1, "Noise", noise["size"], note, share=noise["share"])
    return [heading(f"{len(found)} clusters", "click one to focus it, again to leave"), *rows, rest]


def _row(cluster: dict[str, Any], *, biggest: int) -> Any:
    words = ", ".join(word["word"] for word in cluster["keywords"][:_WORDS_IN_LIST])
    note = words + _taken(cluster.get("taken_in", 0), "of them taken in from noise")
    return _button(
        cluster["cluster"],
        cluster["name"],
        cluster["size"],
        note,
        share=cluster["share"],
        cohesion=cluster["cohesion"],
        width=cluster["size"] / max(biggest, 1),
    )


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
) -> Any:
    facts = percent(share) + (f" · cohesion {cohesion:.2f}" if cohesion is not None else "")
    return html.Button(
        [
            html.Span(className="dot big", style=chip_style(label)),
            html.Span(
                [
                    html.Span([html.B(name), html.Span(whole(size), className="score")], className="cluster-line"),
                    html.Span(note, className="note"),
                    html.Span(facts, className="note facts-line"),
                    bar(width) if width is not None else None,
                ],
                className="cluster-text",
            ),
        ],
        className="cluster-row",
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
                    html.Button("Leave", className="ghost", **{"data-cluster": str(cluster["cluster"])}),
                ],
                className="detail-head",
            ),
            html.P(
                f"{whole(cluster['size'])} rows, {percent(cluster['share'])} of all. "
                f"Cohesion {cluster['cohesion']:.2f}: the mean cosine similarity of its rows to their centre.",
                className="note",
            ),
            keywords(cluster["keywords"]),
            _items("Most typical", cluster["exemplars"], place),
            _items("At its rim", cluster["odd"], place),
            _rich(cluster.get("enrichment") or []),
            _nearest(cluster.get("nearest") or []),
        ],
        className="detail",
    )


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
    return html.Div([heading("Rich in"), html.Ul(lines, className="plain")])


def _nearest(nearest: list[dict[str, Any]]) -> Any:
    if not nearest:
        return None
    buttons = [
        html.Button(
            [cluster_chip(near["cluster"], near["name"]), html.Span(f"{near['similarity']:.2f}", className="score")],
            className="near-row",
            **{"data-cluster": str(near["cluster"])},
        )
        for near in nearest
    ]
    return html.Div([heading("Nearest clusters"), *buttons])
