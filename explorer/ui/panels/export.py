"""Offers a finished run as files, with its settings, its quality, and the rows that could not be read.

It makes no file: each link is a REST route.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import dash_mantine_components as dmc
from dash import Dash, Input, Output, html, no_update

from explorer.config import COMMUNITIES, NO_DRAFT
from explorer.types import said_draft, said_left_out, said_short
from explorer.ui import ids, revising
from explorer.ui.cards import breakable, count_of, file_size, heading, hint, percent, whole, whole_of
from explorer.ui.comparable import compare_with, others_of
from explorer.ui.markup import fills, markup, region, register_region
from explorer.ui.registration import handle, in_browser
from explorer.ui.terms import VALUE_WORDS, ask, encoder_called

if TYPE_CHECKING:
    from explorer.server import Services

REJECTED_SHOWN = 500
_BYTES_A_NUMBER = 4
_SETTING_WORDS: dict[str, Any] = {
    "encoder": ["Encoder", ask("encoder")],
    "draft": "Draft",
    "n_neighbors": "Neighbours",
    "min_dist": "Spacing",
    "metric": "Nearness by",
    "seed": "Seed",
    "dims": "Dimensions of the map",
    "engine": "Map and clusters computed by",
    "method": "Clusters found by",
    "detail": "How many clusters",
    "min_cluster_size": "Smallest cluster",
    "groups": "Joined to at most",
    "min_samples": "Caution",
    "space": "Clusters looked for in",
    "device": "Runs on",
}


def layout(services: Services) -> Any:
    """Return the report tab."""
    return html.Div(region(ids.EXPORT, nothing()))


def rejected_dialog() -> Any:
    """Return the dialog that lists what could not be read; a `rejected_button` anywhere opens it."""
    return dmc.Modal(
        region(ids.REJECTED_LIST),
        id=ids.REJECTED,
        title="What was left out, and why",
        size="lg",
        opened=False,
        keepMounted=True,
        closeButtonProps={"aria-label": "Close"},
    )


def rejected_button(dataset: str, told: Mapping[str, Any], *, short: bool = False) -> Any:
    """Return a button that says what could not be read, and lists it; a *short* one only how much that is.

    Notes on files are told with it, as such.
    """
    counts, count, notes = told.get("left_out") or {}, int(told.get("rejected") or 0), int(told.get("notes") or 0)
    words = said_left_out(counts, count, notes)
    long = short and count and (len(counts) > 1 or len(words) > _SHORT)
    shown = said_short(counts, count) if long else words
    return html.Button(
        [html.Span(shown, className="warning-words"), html.Span(" – show", className="warning-show")],
        className="warning-link",
        title=f"{words} – show",
        **{"data-rejected": dataset, "data-testid": "rejected-open"},
    )


def told_button(dataset: str, told: Mapping[str, Any], *, short: bool = False) -> Any:
    """Return `rejected_button` where something was left out or is said of a file, else nothing."""
    return rejected_button(dataset, told, short=short) if told.get("rejected") or told.get("notes") else None


def faults_link(dataset: str, kinds: int, noted: int = 0) -> Any:
    """Return a link to what is wrong with the data as CSV, some of it *noted*, no fault; nothing where nothing is."""
    faults = count_of(kinds - noted, "kind of fault", "kinds of faults") if kinds > noted else ""
    more = count_of(noted, "remark") if noted else ""
    words = f"Download {' and '.join(filter(None, (faults, more)))} on the data (CSV)"
    href = f"/api/v1/datasets/{dataset}/faults.csv"
    return (
        html.A(words, href=href, download="", className="note faults-link", **{"data-testid": "faults"})
        if kinds
        else None
    )


def register(app: Dash, services: Services) -> None:
    """Register the tab and the list of rejected rows."""
    register_region(app, ids.EXPORT)
    register_region(app, ids.REJECTED_LIST)

    @handle(
        app,
        fills(ids.EXPORT),
        Input(ids.STATUS, "data"),
        Input(ids.TAKEN, "data"),
        Input(ids.LIBRARY_TICK, "data"),
    )
    def show(status: dict[str, Any] | None, take_in: float | None, _tick: int) -> str:
        if not status or status.get("state") != "done":
            return markup(nothing())
        run = status["run"]
        return markup([*report(status, take_in), *compare_with(run, others_of(services, run))], of=run)

    @handle(
        app,
        fills(ids.REJECTED_LIST),
        Output(ids.REJECTED, "opened"),
        Input(ids.REJECTED_OPEN, "data"),
    )
    def rejected(request: dict[str, Any] | None) -> tuple[Any, Any]:
        if not request:
            return no_update, no_update
        found = services.datasets.all_rejected(request["dataset"], offset=0, limit=REJECTED_SHOWN)
        return markup(
            rejected_table(found["rejected"], count=found["count"] + found["notes"], dataset=str(request["dataset"]))
        ), True

    in_browser(
        app,
        "explorer_shell.leaveRejected",
        Output(ids.REJECTED, "opened", allow_duplicate=True),
        Input(ids.CHOSEN_DATASET, "data"),
    )


def nothing() -> Any:
    """Return what the tab says before there is a map."""
    return hint("When the map is there, take it with you: a report to read, and all of it as data.")


def report(status: dict[str, Any], take_in: float | None = None) -> Any:
    """Return the downloads, how good the map is, and how it was made; files have the noise that the map takes in."""
    query = "" if take_in is None else f"?take_in={take_in:g}"
    taken = (
        f"with what was in no cluster and belongs to one above {take_in:.2f} taken in, marked"
        if take_in is not None
        else ""
    )
    return [
        heading("Take it with you", taken),
        html.Div([_download(status["run"], *link, query=query) for link in _links(status)], className="downloads"),
        html.P(_COUNTED, className="note"),
        heading("How good is the map?"),
        _quality(status),
        heading("How it was made"),
        _settings(status),
    ]


_SHORT = 24
"""Characters for which there is room in the line above the map."""
_COUNTED = (
    "In these files clusters are numbered from 0, and −1 is in no cluster. Where a narrow window has numbers in "
    "the place of names, they begin with 1."
)


def _links(status: dict[str, Any]) -> list[tuple[str, str, str]]:
    rows, clusters = whole(status["rows"]), whole(status["clusters"])
    vectors = file_size(status["rows"] * status["dim"] * _BYTES_A_NUMBER)
    made = "drafts of what the model makes of each row" if status.get("draft") else "what the model made of each row"
    return [
        ("report.html", "Report", "One page to read, print or send: the map, every cluster, what was left out."),
        ("report.zip", "Everything", "All the files below and the report in one zip."),
        (
            "report.csv",
            "Items as CSV",
            f"{rows} rows: text or path, other columns, place on the map, number and name of the cluster.",
        ),
        ("report.parquet", "Items as Parquet", "The same, smaller and with types, for data programs such as pandas."),
        (
            "clusters.csv",
            "Clusters as CSV",
            f"{clusters} rows: name, size, how alike its rows are, keywords.",
        ),
        ("faults.csv", "Faults as CSV", "What is wrong with the data, by kind, with the first of each."),
        ("report.json", "Report as JSON", "Everything in the report, for programs."),
        (
            "vectors.npy",
            "Vectors",
            f"{rows} × {status['dim']} numbers, {made}; for NumPy, {vectors}.",
        ),
    ]


FILES = {"report.csv": "items.csv", "report.parquet": "items.parquet"}
"""What a file of the REST API is called where it is saved, in the zip and on the command line."""


def _download(run: str, file: str, title: str, words: str, *, query: str = "") -> Any:
    return html.A(
        [html.B(title), html.Span(words, className="note"), html.Span(FILES.get(file, file), className="file-name")],
        href=f"/api/v1/runs/{run}/{file}{'' if file == 'vectors.npy' else query}",
        download="",
        className="download",
        **{"data-testid": f"download-{file}"},
    )


def _quality(status: dict[str, Any]) -> Any:
    lines: list[Any] = []
    trust = status.get("trustworthiness")
    if trust is not None:
        words = f"How far points that lie together on the map are true neighbours: {percent(trust)}"
        lines.append([f"{words} – {_trust_words(trust)}.", ask("trustworthiness")])
    if status.get("continuity") is not None:
        words = f"How far true neighbours lie together on the map: {percent(status['continuity'])}."
        lines.append([words, ask("continuity")])
    lines.append(
        f"{percent(status['noise'])} of the rows are in no cluster. "
        "Lower “Smallest cluster” or “Caution” to take more of them in."
    )
    if status.get("draft"):
        lines.append(said_draft(status["draft"]))
    truncated = int(status.get("truncated") or 0)
    if truncated:
        lines.append(
            f"{count_of(truncated, 'text is', 'texts are')} longer than the encoder reads; only the beginning counted."
        )
    unread = int(status.get("unread") or 0)
    if unread:
        lines.append(
            f"{count_of(unread, 'text is', 'texts are')} in letters that the encoder does not know; different ones lie "
            "at one place, which says nothing of what they mean."
        )
    if not status.get("rejected"):
        lines.append("Nothing was left out.")
    return html.Div(
        [*(html.P(line) for line in lines), told_button(str(status["dataset"]), status)], className="quality"
    )


def _trust_words(trust: float) -> str:
    if trust >= 0.9:
        return "neighbours on the map can be believed"
    if trust >= 0.8:
        return "mostly to be believed; check single points by their neighbours"
    return "a rough picture only; trust the neighbours' list more than the map"


def _settings(status: dict[str, Any]) -> Any:
    given = {**(status.get("settings") or {}), "encoder": encoder_called(status.get("encoder"))}
    if given.get("draft") == NO_DRAFT:
        del given["draft"]
    if given.get("method") == COMMUNITIES:
        given = {name: value for name, value in given.items() if value is not None or name == "seed"}
    else:
        given = {name: value for name, value in given.items() if value is not None or name not in ("detail", "groups")}
    rows = [(words, _setting(given[name])) for name, words in _SETTING_WORDS.items() if name in given]
    seconds = sum((status.get("timings") or {}).values())
    rows += [
        ("Took", f"{seconds:.1f} s"),
        ("Rows known from a map before", whole(status.get("reused") or 0)),
        ("Key of this map, as in its address", status["run"]),
    ]
    table = [html.Tr([html.Th(words, scope="row"), html.Td(value)]) for words, value in rows]
    return html.Table(html.Tbody(table), className="metadata")


def _setting(value: Any) -> str:
    return "off" if value is None else VALUE_WORDS.get(str(value), str(value))


def rejected_table(rejected: list[dict[str, Any]], *, count: int, dataset: str) -> Any:
    """Return the first of what could not be read of a dataset, *count* in all: where, and why."""
    if not rejected:
        return html.P("Everything could be read.")
    lines = [
        html.Tr(
            [
                html.Td(breakable(str(r["source"]))),
                html.Td(breakable(str(r["place"] or whole_of(r))), dir="auto"),
                html.Td(r["reason"]),
            ]
        )
        for r in rejected[:REJECTED_SHOWN]
    ]
    more = count - len(lines)
    head = html.Thead(html.Tr([html.Th("Source"), html.Th("Where"), html.Th("Why")]))
    return [
        html.Table([head, html.Tbody(lines)], className="rejected-table"),
        html.P(f"and {whole(more)} more; the report lists all of them.", className="note") if more > 0 else None,
        revising.hide_button(dataset, count),
    ]
