"""Bringing data in: the drop zone, pasted text, and a look at what was read before anything is computed.

It sends no file itself: `assets/upload/` streams them to the REST API and puts the answer into UPLOADED.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import dash_mantine_components as dmc
from dash import ALL, Dash, Input, Output, State, dcc, html, no_update

from explorer import ingest
from explorer.server import DATASET, READINGS
from explorer.ui import apart, ids, revising
from explorer.ui.columntypes import TYPE_NOTE
from explorer.ui.form import opens_in
from explorer.ui.maptitles import texts_of
from explorer.ui.panels import choices
from explorer.ui.preview import (
    coloured_as,
    count_line,
    facts_of,
    gone,
    little_to_read,
    look,
    maps_of,
    pictures_named,
    summary,
)
from explorer.ui.registration import handle, in_browser, notify

if TYPE_CHECKING:
    from explorer.server import Services

UPLOAD = "upload"
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


def layout(_services: Services) -> Any:
    """Return what is in a fold of the side, which is a landmark by its title: drop zone and pasted text."""
    return html.Div(
        [
            dcc.Store(id=ids.UPLOADED),
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
                [
                    html.Div([html.Div(id=PREVIEW_HEAD), html.Div(id=ids.PREVIEW_TAKES, role="status")]),
                    html.Div([explore, change, back], className="buttons"),
                ],
                className="preview-top",
            ),
            html.Div(
                [html.Span(id=ids.PREVIEW_WARNED, role="status"), _offer()],
                className="warned preview-warned",
            ),
            choices.long_texts(),
            html.Div([column, more], id=TEXT_COLUMN_BOX, hidden=True, className="preview-column"),
            choices.layout(services),
            html.Div(id=PREVIEW, className="preview-body"),
        ],
        className="preview",
        **{"aria-label": "What will be read"},
    )


def _offer() -> Any:
    """Return the button that takes the encoder which reads what the chosen one does not."""
    words = "Read them with that one"
    return html.Button(
        words, id=ids.PREVIEW_OFFER, className="ghost", hidden=True, **{"data-testid": ids.PREVIEW_OFFER}
    )


def register(app: Dash, services: Services) -> None:
    """Connect the upload's answer, the column choice and the preview."""

    @handle(
        app,
        Output(ids.CHOSEN_DATASET, "data", allow_duplicate=True),
        Output(ids.LIBRARY_TICK, "data", allow_duplicate=True),
        Input(ids.UPLOADED, "data"),
        State(ids.LIBRARY_TICK, "data"),
        State(ids.STATUS, "data"),
    )
    def take(uploaded: dict[str, Any] | None, tick: int | None, status: dict[str, Any] | None) -> tuple[Any, Any]:
        if not uploaded:
            return no_update, no_update
        services.undoing.take_back(DATASET, uploaded["dataset"])
        if status and status.get("dataset") == uploaded["dataset"]:
            notify(
                known(uploaded), kind="info", about=str(uploaded["dataset"])
            )  # whose rows are on screen already: nothing else would change
        return uploaded["dataset"], (tick or 0) + 1

    _look_at(app, services)
    _set_types(app, services)


def _look_at(app: Dash, services: Services) -> None:
    """Connect the preview and the choice of its text columns."""
    in_browser(app, "explorer_shell.previewed", Input(PREVIEW_HEAD, "children"))

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
        Output(choices.LONG_SAYS, "children"),
        Input(ids.LOOKED, "data"),
        Input(ids.LIBRARY_TICK, "data"),
        State(ids.RUN_KEY, "data"),
    )
    def show(looked: str | None, _tick: int | None, run: str | None) -> tuple[Any, ...]:
        """Fill the preview while it is seen, then empty it: Dash looks at each cell of it whenever anything changes."""
        record = _record(services, looked)
        if record is None:
            return _nothing(services, looked)
        preview = services.datasets.preview(record["dataset"])
        columns, told = column_choices(preview), preview["choices"]
        kinds = services.datasets.rejected_kinds(record["dataset"])
        maps = maps_of(services.runs.all(), record["dataset"])
        together = apart.offer(services, record, preview["columns"])
        held = _columns(services, record)
        few = [*little_to_read(record, services.datasets.faults(record["dataset"])), *pictures_named(record, held)]
        head = [*summary(record), *few, *maps, *together, *revising.choices(services, record, run)]
        body = look(record, preview, kinds, held)
        first, *others = texts_of(record) or [""]
        more = [name for name in columns if name != first]
        read = (choices.line(told), choices.fields(told), not told, choices.long_line(told))
        return (head, body, columns, first or None, len(columns) < 2 or "version" in record, more, others, *read)

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
        if record is None or column is None or asked == texts_of(record):
            return no_update, no_update
        return choices.read_again(services, record["dataset"], tick, text=asked)


def _set_types(app: Dash, services: Services) -> None:
    """Connect the types of columns: what is said of them changes, nothing is drawn anew under a hand or a keyboard."""

    @handle(
        app,
        Output({"type": TYPE_NOTE, "name": ALL}, "children"),
        Input(ids.TYPE_ASKED, "data"),
        State(ids.CHOSEN_DATASET, "data"),
        State({"type": TYPE_NOTE, "name": ALL}, "id"),
    )
    def set_type(asked: dict[str, Any] | None, chosen: str | None, notes: list[dict[str, str]]) -> Any:
        record = _record(services, chosen)
        if not asked or record is None:
            return [no_update] * len(notes)
        services.datasets.set_reading(record["dataset"], asked["column"], asked["read_as"] or None)
        held, rows = _columns(services, record), int(record["rows"])
        told = (held.get(note["name"]) for note in notes)  # of a preview that is being drawn anew there is none
        return [no_update if one is None else facts_of(one, rows) for one in told]


def known(uploaded: dict[str, Any]) -> str:
    """Return what is said of a file that holds what the map on screen is made of."""
    count = count_line(uploaded)
    return f"“{uploaded['name']}” was read: {count}. The map on screen is made of just these; Settings makes another."


def column_choices(preview: dict[str, Any]) -> list[str]:
    """Return the columns to choose from: what reads like text first, then the rest; none for pictures."""
    if preview["text_column"] is None:
        return []
    named = [*preview["candidates"], preview["text_column"], *preview["columns"]]
    joined = preview["text_column"] if preview["text_columns"] else None
    return [name for name in dict.fromkeys(named) if name != joined]


def _nothing(services: Services, looked: str | None) -> tuple[Any, ...]:
    """Return what fills the preview where nothing is looked at, or what is not here."""
    head = gone(services.datasets.since.of(looked)) if looked else None
    return (head, None, [], None, True, [], [], None, None, True, None)


def _record(services: Services, chosen: str | None) -> dict[str, Any] | None:
    """Return the chosen dataset's record; None when there is none, or it was deleted since."""
    return next((record for record in services.datasets.all() if record["dataset"] == chosen), None)


def _columns(services: Services, record: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Return what the file says of its columns, and how each will be coloured, by its first rows."""
    held = services.datasets.filled(record["dataset"])
    for one in services.datasets.looked_at(record["dataset"]):
        names = ("kind", "types", "read_as", "set", "found", "unread", "unread_examples", "absent", "absent_examples")
        told = {name: one[name] for name in names} | ({"answers": one["answers"]} if "answers" in one else {})
        held.get(one["column"], {}).update(told, coloured=coloured_as(one, rows=int(record["rows"])))
    return held


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
        **{"aria-label": "Add files", "data-endpoint": ENDPOINT, "data-store": ids.UPLOADED, "data-testid": UPLOAD},
    )


def _pick(kind: str) -> dict[str, str]:
    return {"data-upload-pick": kind, "data-testid": f"upload-{kind}"}


def _paste() -> Any:
    send = {
        "data-paste-endpoint": TEXT_ENDPOINT,
        "data-paste-text": PASTE_TEXT,
        "data-paste-name": PASTE_NAME,
        "data-paste-says": PASTE_SAYS,
        "data-store": ids.UPLOADED,
        "data-testid": PASTE_SEND,
    }
    typed = {
        "label": "Text: a line an item, or paragraphs with empty lines between; or a table from a spreadsheet",
        "placeholder": " ",
        "spellCheck": False,
    }
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
