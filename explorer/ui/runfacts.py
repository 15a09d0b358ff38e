"""Says above the map which run is on screen, and in a line what it holds, as it is shown.

It measures nothing: the status of the run has the numbers.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from dash import Dash, Input, html

from explorer.errors import ExplorerError
from explorer.types import said_draft
from explorer.ui import ids, revising
from explorer.ui.cards import count_of, percent
from explorer.ui.maptitles import cut_name
from explorer.ui.markup import fills, markup, register_region
from explorer.ui.panels import export
from explorer.ui.registration import handle
from explorer.ui.stores import Place
from explorer.ui.terms import ask

if TYPE_CHECKING:
    from explorer.server import Services


def register(app: Dash, services: Services) -> None:
    """Register the title and the facts, which follow what is taken in."""
    register_region(app, ids.RUN_TITLE)
    register_region(app, ids.RUN_FACTS)

    @handle(app, fills(ids.RUN_TITLE), fills(ids.RUN_FACTS), Input(ids.STATUS, "data"), Input(ids.TAKEN, "data"))
    def title(status: dict[str, Any] | None, take_in: float | None) -> tuple[str, str]:
        of = str(status["run"]) if status else None
        version = _version_of(services, status) if status and status.get("onto") else None
        noise = _taken(services, status, take_in) if status and take_in else None
        return markup(run_title(status), of=of), markup(run_facts(status, version, noise), of=of)


def _taken(services: Services, status: dict[str, Any], take_in: float) -> Mapping[str, Any] | None:
    """Return what is said of the noise of a finished run of which some is taken in; None where there is none."""
    if status.get("state") != "done":
        return None
    try:
        noise: Mapping[str, Any] = services.questions.clusters(str(status["run"]), take_in=take_in)["noise"]
    except ExplorerError:  # it was deleted meanwhile
        return None
    return noise


def run_title(status: dict[str, Any] | None) -> Any:
    """Return the name of the run on screen, with what tells it from the other maps of its file; or nothing."""
    gone = "A map that is not here" if status and status.get("state") == "missing" else ""
    name = str(status.get("name") or gone or status.get("run") or "") if status else ""
    title = status.get("title") if status else None
    if not name:
        return None
    whole = f"{name} – {title}" if title else name
    parts = [cut_name(name), html.Span(f" – {title}", className="note") if title else None]
    return html.Span(parts, className="run-name", title=whole)


def _version_of(services: Services, status: dict[str, Any]) -> dict[str, Any] | None:
    """Return how the dataset of a run came of another one; None where it did not, or was deleted since."""
    found = (one for one in services.datasets.all() if one["dataset"] == status["dataset"])
    return next((one.get("version") for one in found), None)


def run_facts(
    status: dict[str, Any] | None, version: dict[str, Any] | None = None, noise: Mapping[str, Any] | None = None
) -> Any:
    """Return what a finished run holds, in one line; rejected rows are a button that lists them.

    *noise* is what `questions.clusters` says of it where some is taken in.
    """
    if not status or status.get("state") != "done":
        return None
    facts: list[Any] = [
        html.Span(count_of(status["rows"], "row")),
        html.Span(count_of(status["clusters"], "cluster")),
        _noise(status, noise),
    ]
    if status.get("trustworthiness") is not None:
        facts.append(
            html.Span(
                [f"map {percent(status['trustworthiness'])} faithful", ask("trustworthiness")],
                className="faithful",
                title="How far neighbours on the map are true neighbours",
            )
        )
    if status.get("draft"):
        facts.insert(0, _drafted(status["draft"]))  # where it is seen on a phone, too
    facts += revising.facts(status.get("onto"), version)
    told = export.told_button(str(status["dataset"]), status, short=True)
    return [*facts, *(one for one in (told, _cut_short(status)) if one is not None)]


def _drafted(draft: Mapping[str, Any]) -> Any:
    """Return that the map is a draft, and how many of its neighbours are those of the encoder."""
    words = "draft" if draft["recall"] is None else f"draft: {percent(draft['recall'])} true neighbours"
    return html.Span(words, className="drafted", title=said_draft(draft), **{"data-testid": "drafted"})


def _cut_short(status: Mapping[str, Any]) -> Any:
    """Return of how many texts only the beginning counted, which leads to where they are read in passages; or None."""
    count = int(status.get("truncated") or 0)
    if not count:
        return None
    told = f"{count_of(count, 'text is', 'texts are')} longer than the encoder reads: only the beginning counted."
    way = {"data-place": "1", "data-testid": "cut-short"}
    texts = html.Span(count_of(count, "text"), className="warning-words")
    return html.A(
        [texts, html.Span(" cut short", className="warning-show")],
        href=Place(dataset=str(status["dataset"])).address(),
        className="warning-link",
        title=f"{told} Look at the data to have them read as passages.",
        **way,
    )


def _noise(status: dict[str, Any], noise: Mapping[str, Any] | None) -> Any:
    if not noise or not noise.get("taken_in"):
        return html.Span(f"{percent(status['noise'])} in no cluster")
    words = f"{percent(noise['share'])} in no cluster, {percent(noise['taken_in'] / max(1, status['rows']))} taken in"
    return html.Span(words, title=f"{percent(status['noise'])} are in no cluster where nothing is taken in")
