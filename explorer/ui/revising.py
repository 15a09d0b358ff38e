"""New versions of a dataset from the page: the buttons that gather changes or place new rows, and what a press does.

What is gathered lies in the browser until it is made (`assets/shell/changes.mjs`); versions are the server's.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import dash_mantine_components as dmc
from dash import html

from explorer.kinds import kind_named
from explorer.ui.maptitles import changes_of, map_titles, one_a_map

if TYPE_CHECKING:
    from explorer.server import Services

PLACE = "place"
EDITED = "point-text-edited"
PASTED, PASTED_SAYS = "library-pasted", "library-pasted-says"
MAPS_OFFERED = 6
"""Maps of a dataset, at most, on which the rows of a version are offered a place."""


def placed(services: Services, action: Mapping[str, Any]) -> str:
    """Return the key of the run that places a version on a map.  Raises what `Versions.place` raises."""
    return services.versions.place(str(action["key"]), str(action["name"]) or None)


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
        description="A text a line, or paragraphs with empty lines between; or rows copied from a spreadsheet with the "
        "names of their columns.",
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
    along = html.P(className="library-along", hidden=True, **{"data-changes-along": key})  # assets/shell/changes.mjs
    return [field, along, html.Div(buttons, className="library-buttons"), says]


def hide_button(key: str, rejected: int) -> Any:
    """Return the button that makes a version in which what could not be read is not told any more, and what that is."""
    held = {"data-change": "hide-rejected", "data-dataset": key, "data-testid": "hide-rejected"}  # shell/changes.mjs
    it = "it" if rejected == 1 else "them"
    button = html.Button(f"Make a version that does not list {it}", type="button", className="ghost", **held)
    told = (
        "It has the same rows; its page and its report do not say that something was left out. "
        "Nothing is deleted: the data as they are now stay under Maps, with this list."
    )
    return html.Div([button, html.Span(told, className="note")], className="rejected-hide")


def choices(services: Services, record: Mapping[str, Any], run: str | None = None) -> list[Any]:
    """Return what may be done with a version that was just made, first with the map of *run*; nothing for others."""
    version = record.get("version")
    if not version:
        return []
    said = html.P(_made_of(version), className="preview-count", **{"data-testid": "version-of"})
    parent = [one for one in services.runs.all() if one["dataset"] == version["parent"]]
    ready = {one["run"] for one in services.versions.maps(str(record["dataset"]))}
    titles = map_titles(one_a_map(parent, run), parent)
    maps = sorted(((one, title) for one, title in titles.items() if one in ready), key=lambda one: one[0] != run)
    if not maps:
        return [said]
    first, *others = [
        _placing(str(record["dataset"]), *one, main=at == 0) for at, one in enumerate(maps[:MAPS_OFFERED])
    ]
    anew = html.Span("or lay all rows out anew: Explore", className="note")
    more = html.Div([html.Span("or on another", className="note"), *others], className="buttons") if others else None
    return [said, html.Div([first, anew], className="buttons"), more]


def _placing(key: str, run: str, title: str, *, main: bool) -> Any:
    """Return the button that has the rows of a version stand on a map."""
    return html.Button(
        f"Place on “{title}”" if main else title,
        className="button main-button" if main else "ghost",
        title=f"On the map “{title}”: rows that were there stay where they are, new ones join them",
        **{"data-library": PLACE, "data-kind": "dataset", "data-key": key, "data-name": run},
        **{"data-testid": "place-rows"},
    )


def _made_of(version: Mapping[str, Any]) -> str:
    said = f"Version {version['number']} of “{version['first']}”: {changes_of(version)}."
    before = str(version.get("name", version["first"]))
    return said if before == version["first"] else f"{said} It was made of “{before}” and holds what that changed."


def facts(onto: Mapping[str, Any] | None, version: Mapping[str, Any] | None = None) -> list[Any]:
    """Return, for the line beneath a map's name, how many rows were placed on it; *version* tells edited ones apart."""
    if not onto or not onto["placed"]:
        return []
    strange = int(onto["strange"])
    title = f"Select the rows that were placed on the map “{onto['name']}”, where all other rows stay."
    if strange:
        title += f" {strange:,} of them have hardly a neighbour there: lay the data out anew to give them a place."
    few = f", {strange:,} far from all" if strange else ""
    edited = min(int(onto["placed"]), int((version or {}).get("edited", 0)))
    counts = ((int(onto["placed"]) - edited, "new"), (edited, "edited"))
    words = ", ".join(f"{count:,} {word}" for count, word in counts if count) + few
    does = {"data-select": "placed"}  # assets/keys/making.mjs
    return [html.Button(words, className="fact-button", title=title, **does, **{"data-testid": "placed-rows"})]


def remove_button(shape: Any, count: int) -> Any:
    """Return the button that has the selected rows, so many, go with the next version."""
    told = json.dumps(shape, separators=(",", ":"))
    held = {"data-change": "remove-shape", "data-shape": told, "data-count": str(count)}
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
    add = html.Button(
        "Add to a sum",
        className="ghost",
        title="Search with this row plus or minus other meanings",
        **{"data-sum": f"#{row}", "data-testid": "point-sum"},  # assets/pictures/search.mjs
    )
    if not kind_named(str(item["kind"])).has_words:
        return html.Div([remove, add], className="buttons point-change")
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
    back = html.Button(
        "Take it back",
        className="ghost",
        hidden=True,
        title="Have the text that the row has",
        **{"data-change": "unedit-row", "data-row": row, "data-text-from": EDITED, "data-testid": "point-unedit"},
    )
    says = html.P(className="note point-edited", role="status")  # assets/shell/edits.mjs
    summary = html.Summary("Edit text", **{"data-testid": "point-edit"})
    editing = html.Details(
        [summary, field, html.Div([keep, back], className="buttons"), says], className="point-editing"
    )
    return html.Div([remove, add, editing], className="buttons point-change")
