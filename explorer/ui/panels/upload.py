"""Bringing data in: the drop zone, pasted text, and a look at what was read before anything is computed.

It sends no file itself: `assets/upload/` streams them to the REST API and puts the answer into UPLOADED.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import dash_mantine_components as dmc
from dash import Dash, Input, Output, State, dcc, html, no_update

from explorer import ingest
from explorer.columns import CATEGORY, NUMBER
from explorer.questions import CATEGORIES
from explorer.server import LOOKED_AT, PREVIEW_ROWS, READINGS
from explorer.ui import ids, revising
from explorer.ui.cards import count_of
from explorer.ui.form import opens_in
from explorer.ui.panels import choices, estimates
from explorer.ui.registration import handle, notify

if TYPE_CHECKING:
    from explorer.server import Services

UPLOAD = "upload"
UPLOADED = "uploaded"
"""dcc.Store: the dataset info of what was just read; written by assets/upload/."""
UPLOAD_PROGRESS = "upload-progress"
PASTE_TEXT = "paste-text"
PASTE_NAME = "paste-name"
PASTE_SAYS = "paste-says"
PASTE_SEND = "paste-send"
PREVIEW = "preview"
PREVIEW_HEAD = "preview-head"
TEXT_COLUMN = "text-column"
TEXT_COLUMN_BOX = "text-column-box"
TEXT_MORE = "text-more"

ENDPOINT = "/api/v1/uploads"
TEXT_ENDPOINT = "/api/v1/datasets/text"
REJECTED_SHOWN = 200


def layout(_services: Services) -> Any:
    """Return what is in a fold of the side, which is a landmark by its title: drop zone and pasted text."""
    return html.Div(
        [
            dcc.Store(id=UPLOADED),
            _zone(),
            html.Div(role="status", className="visually-hidden", **{"data-upload-live": "", "aria-live": "polite"}),
            _paste(),
        ],
        className="upload",
    )


def progress() -> Any:
    """Return where an upload under way is seen, whatever else is on screen; filled by assets/upload/view.mjs."""
    return html.Div(id=UPLOAD_PROGRESS, hidden=True, **{"data-upload-progress": "", "data-testid": UPLOAD_PROGRESS})


def preview(services: Services) -> Any:
    """Return the middle of the page where a dataset is looked at before anything is computed of it."""
    column = dmc.Select(
        id=TEXT_COLUMN,
        label="Text column",
        description="What the map is made from; the other columns are kept beside it.",
        allowDeselect=False,
        searchable=True,
        size="sm",
        **opens_in(ids.STAGE),
        **{"data-testid": TEXT_COLUMN},
    )
    more = dmc.MultiSelect(
        id=TEXT_MORE,
        label="Joined with",
        description="Columns whose values follow, in this order; empty ones are left out.",
        placeholder="no other column",
        searchable=True,
        size="sm",
        **opens_in(ids.STAGE),
        **{"data-testid": TEXT_MORE},
    )
    explore = html.Button("Explore", className="button main-button", **{"data-press": ids.EXPLORE})
    back = html.Button("Back", className="ghost", title="Back to what was here before", **{"data-leave-preview": "1"})
    change = html.Button("Settings", className="ghost", **{"data-fold": "settings", "aria-controls": ids.SIDE})
    return html.Section(
        [
            html.Div(
                [html.Div(id=PREVIEW_HEAD), html.Div([explore, change, back], className="buttons")],
                className="preview-top",
            ),
            html.Div([column, more], id=TEXT_COLUMN_BOX, hidden=True, className="preview-column"),
            choices.layout(services),
            html.Div(id=PREVIEW, className="preview-body"),
        ],
        className="preview",
        **{"aria-label": "What will be read"},
    )


def register(app: Dash, services: Services) -> None:
    """Connect the upload's answer, the column choice and the preview."""

    @handle(
        app,
        Output(ids.CHOSEN_DATASET, "data", allow_duplicate=True),
        Output(ids.LIBRARY_TICK, "data", allow_duplicate=True),
        Input(UPLOADED, "data"),
        State(ids.LIBRARY_TICK, "data"),
        State(ids.STATUS, "data"),
    )
    def take(uploaded: dict[str, Any] | None, tick: int | None, status: dict[str, Any] | None) -> tuple[Any, Any]:
        if not uploaded:
            return no_update, no_update
        if status and status.get("dataset") == uploaded["dataset"]:
            notify(known(uploaded), kind="info")  # whose rows are on screen already: nothing else would change
        return uploaded["dataset"], (tick or 0) + 1

    _look_at(app, services)


def _look_at(app: Dash, services: Services) -> None:
    """Connect the preview and the choice of its text columns."""

    @handle(
        app,
        Output(PREVIEW_HEAD, "children"),
        Output(PREVIEW, "children"),
        Output(TEXT_COLUMN, "data"),
        Output(TEXT_COLUMN, "value"),
        Output(TEXT_COLUMN_BOX, "hidden"),
        Output(TEXT_MORE, "data"),
        Output(TEXT_MORE, "value"),
        Output(choices.CHOICES_LINE, "children"),
        Output(choices.CHOICES_FIELDS, "children"),
        Output(choices.CHOICES, "hidden"),
        Input(ids.CHOSEN_DATASET, "data"),
        Input(ids.LIBRARY_TICK, "data"),
        initial=True,
    )
    def show(chosen: str | None, _tick: int | None) -> tuple[Any, ...]:
        record = _record(services, chosen)
        if record is None:
            return (None, None, [], None, True, [], [], None, None, True)
        preview = services.datasets.preview(record["dataset"])
        columns, told = column_choices(preview), preview["choices"]
        kinds = services.datasets.rejected_kinds(record["dataset"])
        head = [*summary(record), *revising.choices(services, record), *estimates.line(services, record)]
        body = look(record, preview, kinds, _columns(services, record))
        first, *others = choices.texts_of(record) or [""]
        more = [name for name in columns if name != first]
        read = (choices.line(told), choices.fields(told), not told)
        return (head, body, columns, first or None, len(columns) < 2, more, others, *read)

    @handle(
        app,
        Output(ids.CHOSEN_DATASET, "data", allow_duplicate=True),
        Output(ids.LIBRARY_TICK, "data", allow_duplicate=True),
        Input(TEXT_COLUMN, "value"),
        Input(TEXT_MORE, "value"),
        State(ids.CHOSEN_DATASET, "data"),
        State(ids.LIBRARY_TICK, "data"),
        lane=READINGS,
    )
    def choose(column: str | None, more: list[str] | None, chosen: str | None, tick: int | None) -> tuple[Any, Any]:
        record = _record(services, chosen)
        asked = [column, *(name for name in more or () if name != column)]
        if record is None or column is None or asked == choices.texts_of(record):
            return no_update, no_update
        return choices.read_again(services, record["dataset"], tick, text=asked)


def known(uploaded: dict[str, Any]) -> str:
    """Return what is said of a file that holds what the map on screen is made of."""
    count = count_line(int(uploaded["rows"]), int(uploaded["rejected"]))
    return f"“{uploaded['name']}” was read: {count}. The map on screen is made of just these; Settings makes another."


def column_choices(preview: dict[str, Any]) -> list[str]:
    """Return the columns to choose from: what reads like text first, then the rest; none for pictures."""
    if preview["text_column"] is None:
        return []
    named = [*preview["candidates"], preview["text_column"], *preview["columns"]]
    joined = preview["text_column"] if preview["text_columns"] else None
    return [name for name in dict.fromkeys(named) if name != joined]


def summary(record: dict[str, Any]) -> list[Any]:
    """Return the name of a dataset and how much was read of it."""
    return [
        html.H1(record["name"], className="preview-name", title=record["name"]),
        html.P(
            count_line(int(record["rows"]), int(record["rejected"])),
            className="preview-count",
            **{"data-testid": "preview-count"},
        ),
        *([html.P(record["note"], className="preview-note")] if record.get("note") else []),
        *(html.P(why, className="preview-left-out") for why in record.get("imported", {}).get("left_out", ())),
    ]


def look(
    record: dict[str, Any],
    preview: dict[str, Any],
    kinds: Sequence[dict[str, Any]] = (),
    columns: Mapping[str, dict[str, Any]] | None = None,
) -> list[Any]:
    """Return the preview of a dataset: what could not be read, and its first rows under what its *columns* hold."""
    rejected = int(record["rejected"])
    body = _thumbnails(preview) if preview.get("images") else _table(preview, columns or {})
    return [
        *([_rejected(preview["rejected"], rejected, kinds)] if rejected else []),
        *([body] if body is not None else []),
    ]


def count_line(rows: int, rejected: int) -> str:
    """Return how many rows were read, and how many were not: ``10,003 rows, 3 left out``."""
    read = f"{rows:,} row" + ("" if rows == 1 else "s")
    return f"{read}, {rejected:,} left out" if rejected else read


def _record(services: Services, chosen: str | None) -> dict[str, Any] | None:
    """Return the chosen dataset's record; None when there is none, or it was deleted since."""
    return next((record for record in services.datasets.all() if record["dataset"] == chosen), None)


def _columns(services: Services, record: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Return what the file says of its columns, and how each will be coloured, by its first rows."""
    held = services.datasets.filled(record["dataset"])
    for one in services.datasets.looked_at(record["dataset"]):
        held.get(one["column"], {})["coloured"] = coloured_as(one, rows=int(record["rows"]))
    return held


def coloured_as(column: dict[str, Any], *, rows: int) -> str:
    """Return in words how a column of a table of so many *rows* will colour the map.

    By categories, on a scale, by dates, or hardly, as a text.  Of a long table the first rows alone are known.
    """
    kind, form = column["kind"], str(column["read_as"]).partition(":")[2]
    if kind != CATEGORY:
        words = ("scale of numbers" if kind == NUMBER else "dates") + _FORMS.get(form, "")
        return words if column["sure"] else f"{words} (not sure; the legend asks)"
    distinct, looked_at = int(column["distinct"]), int(column.get("of", min(rows, LOOKED_AT)))
    if distinct > CATEGORIES and distinct > (looked_at - column["missing"]) / 2:
        return "text, hardly a value twice"
    if distinct > CATEGORIES and rows > looked_at:
        return f"categories, the commonest {CATEGORIES} in colours"
    shown = f", the commonest {CATEGORIES} in colours" if distinct > CATEGORIES else ""
    return f"{count_of(distinct, 'category', 'categories')}{shown}"


_FORMS = {
    "dmy": ", day first",
    "mdy": ", month first",
    "ymd": ", year first",
    "s": ", counted in seconds",
    "ms": ", counted in milliseconds",
    ",": ", with a decimal comma",
}
"""What is said of the form in which numbers and dates are written."""


def _zone() -> Any:
    return html.Div(
        [
            html.P("Drop files or a folder anywhere on this page", className="drop-title"),
            dmc.Group(
                [
                    dmc.Button("Choose files", size="sm", **_pick("files")),
                    dmc.Button("Choose a folder", size="sm", variant="default", **_pick("folder")),
                ],
                gap="xs",
                justify="center",
            ),
            html.A("Go on to Explore", href=f"#{ids.EXPLORE}", className="to-explore"),  # assets/keys/map.mjs
            html.P(ingest.accepted(), className="drop-formats"),
        ],
        id=UPLOAD,
        className="drop-zone",
        role="group",
        **{"aria-label": "Add files", "data-endpoint": ENDPOINT, "data-store": UPLOADED, "data-testid": UPLOAD},
    )


def _pick(kind: str) -> dict[str, str]:
    return {"data-upload-pick": kind, "data-testid": f"upload-{kind}"}


def _paste() -> Any:
    send = {
        "data-paste-endpoint": TEXT_ENDPOINT,
        "data-paste-text": PASTE_TEXT,
        "data-paste-name": PASTE_NAME,
        "data-paste-says": PASTE_SAYS,
        "data-store": UPLOADED,
        "data-testid": PASTE_SEND,
    }
    typed = {"label": "Text, an item a line, or a table from a spreadsheet", "placeholder": " ", "spellCheck": False}
    return html.Details(
        [
            html.Summary("Paste text", **{"data-testid": "paste-open"}),
            dmc.Stack(
                [
                    dmc.Textarea(id=PASTE_TEXT, minRows=5, maxRows=12, autosize=True, **typed),
                    dmc.TextInput(id=PASTE_NAME, label="Name", placeholder="Pasted text"),
                    dmc.Button("Add the text", id=PASTE_SEND, **send),
                    html.P(id=PASTE_SAYS, className="upload-error", role="alert"),
                ],
                gap="xs",
            ),
        ],
        className="paste",
    )


def _table(preview: dict[str, Any], columns: Mapping[str, dict[str, Any]]) -> Any:
    """Return the first rows as a table, the text column first; None when there is nothing to show."""
    names = _order(preview)
    if not preview["rows"]:
        return None
    head = html.Thead(html.Tr([_heading(name, preview, columns.get(name)) for name in names]))
    rows = [html.Tr([_cell(row.get(name)) for name in names]) for row in preview["rows"]]
    table = html.Table([head, html.Tbody(rows)], className="preview-table", **{"data-testid": "preview-table"})
    scrolls = {"aria-label": "First rows", "role": "region", "tabIndex": 0}
    more = preview.get("more_columns", 0)
    which = f"the first {len(names):,} columns, and {more:,} more that are not shown" if more else "all columns"
    first = f"The first {count_of(len(preview['rows']), 'row')} of {preview['count']:,}, and {which}."
    return html.Div(
        [html.P(first, className="preview-more"), html.Div(table, className="preview-scroll", **scrolls)],
    )


def _heading(name: str, preview: dict[str, Any], held: dict[str, Any] | None) -> Any:
    """Return a column's head: its name, what its values are, how many rows have none, and what is made of it."""
    read = name == (preview["text_column"] or "text")  # of lines and documents, which have no column
    facts = "" if read else "kept beside it"
    if held:
        missing = int(preview["count"]) - held["filled"]
        kind = held.get("coloured") or held["type"]
        facts = f"{kind} · {f'{missing:,} missing' if missing > 0 else 'none missing'}"
    tag = "becomes the map" if read else "part of the text" if name in preview["text_columns"] else ""
    made = html.Span(tag, className="tag") if tag else None
    return html.Th(
        [html.B(name), html.Span(facts, className="note"), made], scope="col", title=name, **{"data-read": str(read)}
    )


def _order(preview: dict[str, Any]) -> list[str]:
    """Return all columns, the text column first."""
    found = preview["columns"] or list(preview["rows"][0] if preview["rows"] else {})
    text = preview["text_column"]
    return sorted(found, key=lambda name: name != text)


def _cell(value: Any) -> Any:
    text = "" if value is None else str(value)
    return html.Td(text[:200], title=text[:1000], dir="auto")


def _thumbnails(preview: dict[str, Any]) -> Any:
    """Return the first pictures, each with its path."""
    paths = [str(row.get("path") or row.get("text") or "picture") for row in preview["rows"]]
    pictures = [
        html.Img(src=url, alt=path, title=path)
        for url, path in zip(preview["images"][:PREVIEW_ROWS], paths, strict=False)
    ]
    return html.Div(pictures, className="preview-pictures", **{"data-testid": "preview-pictures"})


def _rejected(rejected: Sequence[dict[str, Any]], count: int, kinds: Sequence[dict[str, Any]]) -> Any:
    """Return what could not be read, folded away: source, row from 0, reason; of very many how many of each kind."""
    head = html.Thead(html.Tr([html.Th(name, scope="col") for name in ("Source", "Row", "Reason")]))
    rows = [
        html.Tr(
            [html.Td(one["source"]), html.Td("" if one["row"] is None else f"{one['row']:,}"), _cell(one["reason"])]
        )
        for one in rejected[:REJECTED_SHOWN]
    ]
    more = f"The first {len(rows):,} of {count:,}; the report lists all." if count > len(rows) else "Rows count from 0."
    table = html.Table([head, html.Tbody(rows)], className="preview-table", **{"data-testid": "rejected-table"})
    return html.Details(
        [
            html.Summary("Show what was left out, and why", **{"data-testid": "rejected-show"}),
            html.Div(table, className="preview-scroll", role="region", tabIndex=0, **{"aria-label": "Rejected rows"}),
            html.P(more, className="preview-more"),
            *(_kinds(kinds) if count > len(rows) else []),
        ],
        className="rejected",
    )


def _kinds(kinds: Sequence[dict[str, Any]]) -> list[Any]:
    """Return how many there are of each kind of reason, each told by its first."""
    lines = [html.Li(f"{kind['count']:,} × {kind['reason'][:200]}") for kind in kinds]
    return [html.Ul(lines, className="preview-more", **{"data-testid": "rejected-kinds"})]
