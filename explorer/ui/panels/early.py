"""The first rows of a large upload, and some from anywhere in it, while the server still reads it.

It has no choices: those come with the preview of the dataset, which takes its place when all is read.  What shows and
leaves it is `assets/upload/early.mjs`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from dash import Dash, Input, Output, html

from explorer.errors import ExplorerError
from explorer.server import PREVIEWS
from explorer.ui import ids
from explorer.ui.cards import count_of
from explorer.ui.columntypes import type_words
from explorer.ui.registration import handle

if TYPE_CHECKING:
    from explorer.server import Services

EARLY = "early"
_MIB, _GIB = 2**20, 2**30


def layout(_services: Services) -> Any:
    """Return the region, hidden: it lies over the middle of the page while it shows something."""
    return html.Section(id=EARLY, className="preview early", hidden=True, **{"aria-label": "First rows of the upload"})


def register(app: Dash, services: Services) -> None:
    """Show the upload that the browser names; nothing where there is none."""

    @handle(
        app,
        Output(EARLY, "children"),
        Output(EARLY, "hidden"),
        Input(ids.UPLOAD_LOOK, "data"),
        lane=PREVIEWS,
    )
    def show(looked: dict[str, Any] | None) -> tuple[Any, bool]:
        if not looked:
            return [], True
        try:
            return early(services.early.look(looked["upload"])), False
        except ExplorerError:  # it is read by now, or cannot be: who reads it says so
            return [], True


def early(told: Mapping[str, Any]) -> list[Any]:
    """Return what a look at an upload shows."""
    waits = html.Button(
        "Explore when it is read",
        className="button main-button",
        **{"data-explore-when-read": "", "aria-pressed": "false"},
    )
    leave = html.Button("Back", className="ghost", title="Back to what was here before", **{"data-leave-look": "1"})
    said = f"{_amount(int(told['bytes']))}, being read. What can be chosen about it comes when that is done."
    head = [
        html.H1(told["name"], className="preview-name", title=told["name"]),
        html.P(said, className="preview-count", role="status", **{"data-testid": "early-count"}),
    ]
    more = f"; {told['more_columns']:,} more columns are not shown" if told["more_columns"] else ""
    parts = [html.Div([html.Div(head), html.Div([waits, leave], className="buttons")], className="preview-top")]
    if told["rows"]:
        looks = {one["name"]: one for one in told["looks"]}
        judged = max((int(one["rows"]) for one in told["looks"]), default=0)
        by = f" What columns hold is told by {count_of(judged, 'row')}." if judged else ""
        parts += _rows(told["rows"], f"The first {count_of(len(told['rows']), 'row')}{more}.{by}", told, looks)
    if told["sample"]:
        parts += _rows(told["sample"], f"{count_of(len(told['sample']), 'row')} from anywhere in it.", told, {})
    return parts


def _rows(
    rows: Sequence[Mapping[str, str]], words: str, told: Mapping[str, Any], looks: Mapping[str, Mapping[str, Any]]
) -> list[Any]:
    """Return some rows as a table under a line, with what *looks* tell of its columns."""
    named = told["text_column"]
    names = sorted(dict.fromkeys(name for row in rows for name in row), key=lambda name: name != named)
    head = html.Thead(html.Tr([_heading(name, looks.get(name), is_text=name == named) for name in names]))
    body = html.Tbody([html.Tr([_cell(row.get(name, "")) for name in names]) for row in rows])
    table = html.Table([head, body], className="preview-table", **{"data-testid": "early-table"})
    scrolls = {"aria-label": words, "role": "region", "tabIndex": 0}
    return [html.P(words, className="preview-more"), html.Div(table, className="preview-scroll", **scrolls)]


def _heading(name: str, look: Mapping[str, Any] | None, *, is_text: bool) -> Any:
    tag = html.Span("becomes the map", className="tag") if is_text else None
    facts = html.Span(facts_of(look), className="note") if look else None
    return html.Th([html.B(name), facts, tag], scope="col", title=name, **{"data-read": str(is_text)})


def facts_of(look: Mapping[str, Any]) -> str:
    """Return what is told of a column of some rows: "number · 3 of 1,500 missing · 900 distinct · 1–5 characters"."""
    if look["kind"] == "empty":
        return f"no value in {count_of(look['rows'], 'row')}"
    missing = f"{look['missing']:,} of {look['rows']:,} missing" if look["missing"] else "none missing"
    least, most = look["shortest"], look["longest"]
    length = f"{most:,}" if least == most else f"{least:,}–{most:,}"
    characters = "character" if least == most == 1 else "characters"
    return f"{type_words(look['kind'])} · {missing} · {look['distinct']:,} distinct · {length} {characters}"


def _cell(text: str) -> Any:
    return html.Td(text[:200], title=text[:1000], dir="auto")


def _amount(size: int) -> str:
    return f"{size / _GIB:.1f} GB" if size >= _GIB else f"{max(1, round(size / _MIB)):,} MB"
