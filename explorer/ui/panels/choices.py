"""How a file was read, in a line of the preview that opens to what could be read in another way.

A change reads the files again at once; where that fails, the page says why and what was read stays.  It is drawn with
the preview, by `upload`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import dash_mantine_components as dmc
from dash import ALL, Dash, Input, Output, State, html, no_update

from explorer.errors import ExplorerError
from explorer.ingest import ONLY, PASSAGES, TEXTS, WHOLE
from explorer.server import READINGS, without_places
from explorer.types import capitalized
from explorer.ui import ids
from explorer.ui.form import opens_in
from explorer.ui.registration import handle, notify

if TYPE_CHECKING:
    from explorer.server import Services

CHOICES = "choices"
CHOICES_LINE = "choices-line"
CHOICES_FIELDS = "choices-fields"
CHOICES_SAYS = "choices-says"
LONG_SAYS, LONG_TAKE = "long-says", "long-take"
CHOICE = "choice"
"""The type of the ids of the fields, {"type": CHOICE, "name": …}; there is one for each choice of a dataset."""
FOUND = "(found)"
_TAKEN_BACK = {"value": FOUND, "label": "As it is found"}
_PLAIN = {"quote": "double", "encoding": "utf-8", "names": "no", "separator": "line", "vectors": "no", "texts": "whole"}
"""What need not be told in the line."""
_SAYS_MORE = re.compile(r" – |[:;](?= )")
"""Where a label goes on after what it names; the sign of “semicolon (;)” is part of it."""


def long_texts() -> Any:
    """Return where it is said that texts are longer than encoders read, with what has all of them read; empty."""
    take = html.Button("Read them as passages", id=LONG_TAKE, className="ghost", **{"data-testid": LONG_TAKE})
    return html.Div([html.Span(id=LONG_SAYS, role="status"), take], className="warned preview-warned")


def long_line(choices: Sequence[Mapping[str, Any]]) -> str | None:
    """Return how many texts are longer than encoders read, where they are read whole by nobody's choice; or nothing."""
    one = next((choice for choice in choices if choice["name"] == TEXTS), None)
    if one is None or one["value"] != WHOLE or one["asked"] or ONLY not in one["why"]:
        return None
    return f"{capitalized(one['why'])}. In passages, all that they say counts."


def layout(_services: Services) -> Any:
    """Return the line and what it opens to, both empty."""
    return html.Details(
        [
            html.Summary(id=CHOICES_LINE, **{"data-testid": CHOICES_LINE}),
            html.Div(id=CHOICES_FIELDS, className="choices-fields"),
            html.P(id=CHOICES_SAYS, className="preview-more", role="status"),
        ],
        id=CHOICES,
        className="choices",
        hidden=True,
        **{"data-testid": CHOICES},
    )


def register(app: Dash, services: Services) -> None:
    """Have a change read the files again."""

    @handle(
        app,
        Output(ids.CHOSEN_DATASET, "data", allow_duplicate=True),
        Output(ids.LIBRARY_TICK, "data", allow_duplicate=True),
        Input({"type": CHOICE, "name": ALL}, "value"),
        State({"type": CHOICE, "name": ALL}, "id"),
        State(ids.CHOSEN_DATASET, "data"),
        State(ids.LIBRARY_TICK, "data"),
        running=[(Output(CHOICES_SAYS, "children"), "Reading it again…", "")],
        lane=READINGS,
    )
    def change(
        values: Sequence[str | None], fields: Sequence[Mapping[str, str]], chosen: str | None, tick: int | None
    ) -> tuple[Any, Any]:
        known = {record["dataset"] for record in services.datasets.all()}
        if chosen is None or chosen not in known or not fields:
            return no_update, no_update
        given = zip(fields, values, strict=False)
        named = {str(field["name"]): "" if value == FOUND else str(value or "") for field, value in given}
        changes = changed(services.datasets.choices(chosen), named)
        if not changes:
            return no_update, no_update
        return read_again(services, chosen, tick, choices=changes)

    @handle(
        app,
        Output(ids.CHOSEN_DATASET, "data", allow_duplicate=True),
        Output(ids.LIBRARY_TICK, "data", allow_duplicate=True),
        Input(LONG_TAKE, "n_clicks"),
        State(ids.CHOSEN_DATASET, "data"),
        State(ids.LIBRARY_TICK, "data"),
        running=[(Output(LONG_TAKE, "disabled"), True, False)],
        lane=READINGS,
    )
    def divide(clicks: int | None, chosen: str | None, tick: int | None) -> tuple[Any, Any]:
        if not clicks or chosen not in {record["dataset"] for record in services.datasets.all()}:
            return no_update, no_update
        return read_again(services, str(chosen), tick, choices={TEXTS: PASSAGES})


def read_again(services: Services, key: str, tick: int | None, **how: Any) -> tuple[Any, int]:
    """Read a dataset's files in another way; return the dataset that results, and the next tick.

    The page says what of one's own settings could not stay.  Where it cannot be read so, the page says why, and is
    drawn as it was.
    """
    try:
        made = services.datasets.read_again(key, **how)
        if made["forgotten"]:
            notify(" ".join(made["forgotten"]), kind="info", about=str(made["dataset"]))
        return made["dataset"], (tick or 0) + 1
    except ExplorerError as error:
        notify(without_places(str(error), services.workspace.path), about=key)
        return no_update, (tick or 0) + 1


def changed(choices: Sequence[Mapping[str, Any]], given: Mapping[str, str]) -> dict[str, str]:
    """Return what a person changed: fields whose value is not that in force."""
    in_force = {choice["name"]: choice["value"] for choice in choices}
    return {name: value for name, value in given.items() if name in in_force and value != in_force[name]}


def line(choices: Sequence[Mapping[str, Any]]) -> list[Any]:
    """Return in a line how files were read, and whether some of that is a guess."""
    told = [_told(choice) for choice in choices if choice["value"] and not _is_plain(choice)]
    unsure = [f"“{choice['label']}”" for choice in choices if not choice["sure"]]
    said: list[Any] = [html.Span("How it was read", className="choices-title")]
    if told:
        said.append(html.Span(": " + ", ".join(told), className="choices-told"))
    if unsure:
        said += [" – ", html.Span(f"not sure, please check {', '.join(unsure)}", className="choices-unsure")]
    return said


def fields(choices: Sequence[Mapping[str, Any]]) -> list[Any]:
    """Return a field for each choice; one that somebody made can be taken back."""
    return [_field(choice) for choice in choices]


def _field(choice: Mapping[str, Any]) -> Any:
    why = capitalized(choice["why"])
    about = "Your choice" if choice["asked"] else f"Not sure: {choice['why']}" if not choice["sure"] else why
    told: dict[str, Any] = {
        "id": {"type": CHOICE, "name": choice["name"]},
        "label": choice["label"],
        "description": about or "As it is found",
        "size": "sm",
        "data-testid": f"choice-{choice['name']}",
    }
    if not choice["options"]:  # any text; it is sent when the field is left
        how = {"placeholder": "as it is found" if choice["value"] else "differs from file to file"}
        return dmc.TextInput(value=choice["value"], debounce=True, **how, **told)
    return dmc.Select(
        data=[*([_TAKEN_BACK] if choice["asked"] else []), *choice["options"]],
        value=choice["value"] or None,
        placeholder="differs from file to file",
        allowDeselect=False,
        searchable=len(choice["options"]) > 8,
        **opens_in(ids.STAGE),
        **told,
    )


def _is_plain(choice: Mapping[str, Any]) -> bool:
    plain = not choice["value"] or len(choice["options"]) < 2 or _PLAIN.get(choice["name"]) == choice["value"]
    return plain and choice["sure"] and not choice["asked"]


def _told(choice: Mapping[str, Any]) -> str:
    shown = {option["value"]: option["label"] for option in choice["options"]}.get(choice["value"], choice["value"])
    return f"{choice['label'].lower()} {_SAYS_MORE.split(shown)[0]}"
