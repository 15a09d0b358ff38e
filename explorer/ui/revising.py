"""New versions of a dataset from the page: the buttons that gather changes or place new rows, and what a press does.

What is gathered lies in the browser until it is made (`assets/shell/changes.mjs`); versions are the server's.
"""

from __future__ import annotations

import json
import reprlib
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import dash_mantine_components as dmc
from dash import html

from explorer.errors import BadSetting
from explorer.kinds import kind_named
from explorer.server import Selected
from explorer.ui.maptitles import map_titles
from explorer.ui.registration import notify

if TYPE_CHECKING:
    from explorer.server import Services

PLACE, REVISE, HIDE = "place", "revise", "hide-rejected"
DOES = (PLACE, REVISE)
"""What a press may do that ends in a run: place a version on a map, make one of the changes that were gathered."""
EDITED = "point-text-edited"
PASTED, PASTED_SAYS = "library-pasted", "library-pasted-says"
MAPS_OFFERED = 6
"""Maps of a dataset, at most, on which the rows of a version are offered a place."""


def made(services: Services, action: Mapping[str, Any]) -> str:
    """Return the key of the run that a press starts.  Raises what `Versions` raises, BadSetting."""
    if action["do"] == PLACE:
        return services.versions.place(str(action["key"]), str(action["name"]) or None)
    run = str(action["key"])
    parent = str(services.workspace.runs.record(run)["dataset"])
    version = services.versions.change(parent, **_changes(str(action["name"])))
    notify(f"“{version['name']}” was made; the data it was made of stays under Maps.", kind="info")
    return services.versions.place(str(version["dataset"]), run)


def _changes(gathered: str) -> dict[str, Any]:
    """Return what was gathered of a dataset: rows and shapes that go, texts by row.  Raises BadSetting."""
    try:
        told = json.loads(gathered)
        return {
            "removed": [int(row) for row in told["removed"]],
            "selected": [Selected(str(one["run"]), dict(one["shape"])) for one in told["shapes"]],
            "edited": {int(row): str(text) for row, text in told["edited"].items()},
        }
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError, OverflowError) as exc:
        raise BadSetting(f"{reprlib.repr(gathered)} are no changes; load the page again.") from exc


def add_button(key: str, name: str) -> Any:
    """Return the button that adds the rows of files to a dataset."""
    told = f"Add rows of files to {name}, as a new version"
    upload = {"data-upload-pick": "files", "data-upload-to": key, "data-testid": "add-rows"}
    return html.Button("Add rows…", title=told, **upload, **{"aria-label": told})


def paste_button(key: str, name: str) -> Any:
    """Return the button that opens the field for pasted rows in the place of a dataset's row."""
    told = f"Paste rows to add to {name}, as a new version"
    held = {"data-library": "ask-paste", "data-kind": "dataset", "data-key": key, "data-testid": "paste-rows"}
    return html.Button("Paste rows…", type="button", title=told, **held, **{"aria-label": told})


def pasting(key: str, name: str, store: str) -> list[Any]:
    """Return the field for rows that are pasted to a dataset; the answer of the server comes into *store*."""
    here = {"data-kind": "dataset", "data-key": key}
    send = {
        "data-paste-endpoint": f"/api/v1/datasets/{key}/rows",
        "data-paste-text": PASTED,
        "data-paste-says": PASTED_SAYS,
        "data-store": store,
        "data-testid": "paste-rows-send",
    }
    field = dmc.Textarea(
        id=PASTED,
        label=f"Rows to add to {name}",
        description="A text a line, or rows copied from a spreadsheet with the names of their columns.",
        size="xs",
        autosize=True,
        minRows=4,
        maxRows=12,
        spellCheck=False,
        **{"data-library-focus": "", "data-testid": PASTED},
    )
    buttons = [
        html.Button("Add them", type="button", **send, **here),
        html.Button("Cancel", type="button", **{"data-library": "stop"}, **here),
    ]
    says = html.P(id=PASTED_SAYS, className="upload-error", role="alert")
    return [field, html.Div(buttons, className="library-buttons"), says]


def hide_button(key: str, rejected: int) -> Any:
    """Return the button that makes a version in which what could not be read is not told any more."""
    words = "Make a version without it" if rejected == 1 else "Make a version without them"
    held = {"data-library": HIDE, "data-kind": "dataset", "data-key": key, "data-testid": "hide-rejected"}
    title = "Makes a new version of the data; what it was made of stays as it is"
    return html.Button(words, type="button", className="ghost", title=title, **held)


def hidden(services: Services, action: Mapping[str, Any]) -> str:
    """Return the key of the version that tells no rejected rows.  Raises what `Versions.change` raises."""
    return str(services.versions.change(str(action["key"]), hide_rejected=True)["dataset"])


def choices(services: Services, record: Mapping[str, Any]) -> list[Any]:
    """Return what may be done with a version that was just made; nothing for a dataset that is none."""
    version = record.get("version")
    if not version:
        return []
    said = html.P(_made_of(version), className="preview-count", **{"data-testid": "version-of"})
    parent = [one for one in services.runs.all() if one["dataset"] == version["parent"]]
    ready = {one["run"] for one in services.versions.maps(str(record["dataset"]))}
    titles = map_titles([one for one in parent if not one["superseded"] or one["run"] in ready])
    maps = [(run, title) for run, title in titles.items() if run in ready][:MAPS_OFFERED]
    if not maps:
        return [said]
    first, *others = [_placing(str(record["dataset"]), *one, main=at == 0) for at, one in enumerate(maps)]
    anew = html.Span("or lay all rows out anew: Explore", className="note")
    more = html.Div([html.Span("or on another", className="note"), *others], className="buttons") if others else None
    return [said, html.Div([first, anew], className="buttons"), more]


def _placing(key: str, run: str, title: str, *, main: bool) -> Any:
    """Return the button that has the rows of a version stand on a map."""
    return html.Button(
        f"Place on “{title}”" if main else title,
        className="button main-button" if main else "ghost",
        title=f"Place the new rows on the map “{title}”; all other rows stay where they are",
        **{"data-library": PLACE, "data-kind": "dataset", "data-key": key, "data-name": run},
        **{"data-testid": "place-rows"},
    )


def _made_of(version: Mapping[str, Any]) -> str:
    words = [(version[word], word) for word in ("added", "removed", "edited")]
    words += [(version.get("hidden", 0), "that could not be read no longer listed")]
    told = ", ".join(f"{count:,} {'row' if count == 1 else 'rows'} {word}" for count, word in words if count)
    return f"Version {version['number']} of “{version['first']}”: {told or 'the same rows'}."


def facts(onto: Mapping[str, Any] | None) -> list[Any]:
    """Return, for the line beneath a map's name, how many rows were placed on it."""
    if not onto or not onto["placed"]:
        return []
    strange = int(onto["strange"])
    title = f"Placed on the map “{onto['name']}”, where all other rows stay."
    if strange:
        title += f" {strange:,} of them have hardly a neighbour there: lay the data out anew to give them a place."
    few = f", {strange:,} far from all" if strange else ""
    return [html.Span(f"{int(onto['placed']):,} new{few}", title=title, **{"data-testid": "placed-rows"})]


def remove_button(shape: Any) -> Any:
    """Return the button that has the selected rows go with the next version."""
    held = {"data-change": "remove-shape", "data-shape": json.dumps(shape, separators=(",", ":"))}
    held |= {"data-testid": "selection-remove", "title": "Leave these rows out of a new version of the data"}
    return html.Button("Mark for removal", className="ghost", **held)


def row_buttons(item: Mapping[str, Any]) -> Any:
    """Return what has a row go, or have another text, with the next version."""
    row = str(item["row"])
    remove = html.Button(
        "Mark for removal",
        className="ghost",
        title="Leave this row out of a new version of the data",
        **{"data-change": "remove-row", "data-row": row, "data-testid": "point-remove"},
    )
    if not kind_named(str(item["kind"])).has_words:
        return html.Div([remove], className="buttons point-change")
    field = html.Textarea(
        str(item.get("text", "")),
        id=EDITED,
        rows="5",
        dir="auto",
        **{"aria-label": "Text of this row", "data-testid": EDITED},
    )
    keep = html.Button(
        "Save the edit",
        className="ghost",
        **{"data-change": "edit-row", "data-row": row, "data-text-from": EDITED, "data-testid": "point-keep"},
    )
    summary = html.Summary("Edit text", **{"data-testid": "point-edit"})
    editing = html.Details([summary, field, keep], className="point-editing")
    return html.Div([remove, editing], className="buttons point-change")
