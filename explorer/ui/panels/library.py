"""What the workspace holds: datasets and runs, to open, rename, delete and resume.

It keeps nothing itself.  Buttons carry `data-library`; `assets/shell/library.mjs` turns a press into one record in
ACTION, so that a list of any length needs one callback.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import dash_mantine_components as dmc
from dash import Dash, Input, Output, State, dcc, html, no_update

from explorer.server import DATASET, FILES, RUN, start_here
from explorer.types import digest
from explorer.ui import apart, estimates, ids, kept, revising
from explorer.ui.cards import count_of
from explorer.ui.maptitles import cut_name, file_title, map_titles, one_a_map, read_from, version_facts, when
from explorer.ui.registration import handle, in_browser, notify
from explorer.ui.stores import Place
from explorer.ui.terms import encoder_called

if TYPE_CHECKING:
    from explorer.server import Services

LIBRARY = "library"
ACTION = "library-action"
"""dcc.Store: {"do", "kind", "key", "name"?, "at"}; written by assets/shell/library.mjs."""
EDITING = "library-editing"
"""dcc.Store: {"kind", "key", "how": "rename" | "describe" | "paste"} while a row is being changed, else None."""
DRAWN = "library-drawn"
"""dcc.Store: the digest of the list as it is shown, so that an unchanged one is not drawn again."""
FOCUS = "library-focus"
"""dcc.Store: when the window was last looked at; written by assets/shell/library.mjs."""
MOVED = "library-moved"
"""dcc.Store: the state of the run on screen; changes only with it."""
TIMER = "library-timer"
REFRESH_MS = 10_000

SHOWN_NOTE = 120
DELETES = ("delete-now", "deleted")
"""What ends with a deletion: one that somebody has asked for, and one whose time is over."""
STATES = {
    "queued": ("◷", "waiting"),
    "running": ("▶", "running"),
    "done": ("✓", "ready"),
    "failed": ("✕", "failed"),
    "cancelled": ("■", "cancelled"),
    "interrupted": ("‖", "interrupted"),
}
RESUMABLE = ("interrupted", "cancelled", "failed")


def layout(_services: Services) -> Any:
    """Return the region: its stores, its timer and an empty list that the first callback fills."""
    return html.Section(
        [
            dcc.Store(id=ACTION),
            dcc.Store(id=EDITING),
            dcc.Store(id=DRAWN),
            dcc.Store(id=FOCUS),
            dcc.Store(id=MOVED),
            dcc.Interval(id=TIMER, interval=REFRESH_MS),
            html.Div(id=LIBRARY, **{"data-testid": LIBRARY, "data-action-store": ACTION, "data-focus-store": FOCUS}),
        ],
        className="library",
    )


def register(app: Dash, services: Services) -> None:
    """Connect the list and what its buttons do."""
    in_browser(
        app,
        "explorer_library.moved",
        Output(MOVED, "data"),
        Input(ids.STATUS, "data"),
        State(MOVED, "data"),
    )

    @handle(
        app,
        Output(LIBRARY, "children"),
        Output(DRAWN, "data"),
        Input(ids.LIBRARY_TICK, "data"),
        Input(FOCUS, "data"),
        Input(MOVED, "data"),
        Input(TIMER, "n_intervals"),
        Input(EDITING, "data"),
        Input(ids.RUN_KEY, "data"),
        Input(ids.CHOSEN_DATASET, "data"),
        State(DRAWN, "data"),
        initial=True,
    )
    def refresh(
        _t: Any, _f: Any, _m: Any, _n: Any, editing: Any, run: str | None, chosen: str | None, drawn: Any
    ) -> Any:
        datasets, runs, going = services.datasets.all(), services.runs.all(), services.undoing.waiting()
        vectors = kept.line(services.consent.cache())
        # A row that is being changed stays as it is: drawing it again would lose what was typed.
        shown = digest(editing) if editing else digest(datasets, runs, run, chosen, list(going), str(vectors))
        if shown == drawn:
            return no_update, no_update
        listed = listing(datasets, runs, editing=editing, run=run, chosen=chosen, going=going)
        return [*listed, *vectors], shown

    _register_presses(app, services)


def _register_presses(app: Dash, services: Services) -> None:
    @handle(
        app,
        Output(EDITING, "data"),
        Output(ids.LIBRARY_TICK, "data", allow_duplicate=True),
        Output(ids.CHOSEN_DATASET, "data", allow_duplicate=True),
        Output(ids.URL, "search", allow_duplicate=True),
        Input(ACTION, "data"),
        State(ids.LIBRARY_TICK, "data"),
        State(ids.CHOSEN_DATASET, "data"),
        State(ids.URL, "search"),
        lane=FILES,
    )
    def press(action: dict[str, Any] | None, tick: int | None, chosen: str | None, search: str | None) -> Any:
        if not action:
            return (no_update,) * 4
        if action["do"] == revising.PLACE:
            run = revising.placed(services, action)
            return None, (tick or 0) + 1, no_update, _query(Place(run=run))
        if action["do"] == kept.CLEAR:
            kept.cleared(services)
            return None, (tick or 0) + 1, no_update, no_update
        makes = _MAKES.get(action["do"])
        if makes is not None:
            return None, (tick or 0) + 1, makes(services, action), no_update
        editing = act(services, action)
        if editing is not None:
            return editing, no_update, no_update, no_update
        chosen, place = follow(services, action, chosen, search)
        typed = no_update if action["do"] == "deleted" else None  # nobody pressed: another row may be being changed
        return typed, (tick or 0) + 1, chosen, place


_MAKES = {estimates.SAMPLE: estimates.sampled, apart.APART: apart.kept_apart}
"""What a press makes another dataset by, which is looked at next."""


def act(services: Services, action: dict[str, Any]) -> dict[str, Any] | None:
    """Do what a button asked for; return the row to change when it asked to change one."""
    do, kind, key = action["do"], action["kind"], action["key"]
    if do in ("ask-rename", "ask-describe", "ask-paste"):
        return {"kind": kind, "key": key, "how": do.removeprefix("ask-")}
    if do == "rename" and action.get("name", "").strip():
        (services.datasets.rename if kind == DATASET else services.runs.rename)(key, action["name"].strip())
    elif do == "describe" and kind == DATASET:
        services.datasets.rename(key, None, str(action.get("name", "")))
    elif do == "delete":
        services.undoing.delete_later(kind, key)
    elif do == "delete-now":
        services.undoing.delete_now(kind, key)
    elif do == "undelete" and not services.undoing.take_back(kind, key):
        notify("It is gone already: the time to take it back was over.")
    elif do == "resume":
        services.runs.resume(key)
    return None


def follow(services: Services, action: dict[str, Any], chosen: str | None, search: str | None) -> tuple[Any, Any]:
    """Return the chosen dataset and the address after an action; no_update for what it leaves alone."""
    do, key = action["do"], action["key"]
    if do == "open":
        return key, no_update
    if do == "resume":
        return no_update, _query(Place(run=key))
    if do == ids.START_HERE:
        return no_update, _query(Place(run=start_here(services.runs, key)))
    if do not in DELETES:
        return no_update, no_update
    place, there = Place.parse(search), {record["dataset"] for record in services.datasets.all()}
    looked = place.dataset if place.dataset in there else None
    gone = place.run is not None and place.run not in {record["run"] for record in services.runs.all()}
    return (no_update if chosen in there else None), (_query(Place(dataset=looked)) if gone else no_update)


def listing(
    datasets: Sequence[dict[str, Any]],
    runs: Sequence[dict[str, Any]],
    *,
    editing: dict[str, Any] | None,
    run: str | None,
    chosen: str | None,
    going: Mapping[tuple[str, str], float] | None = None,
) -> list[Any]:
    """Return every file with its maps beneath it, the newest first, the open map and the chosen file marked.

    *going* is what is deleted and can be taken back, and for how many seconds: it keeps its place.
    """
    left = going or {}
    known, runs = runs, one_a_map(runs, run)
    files, made_of = [], read_from(datasets)
    for one in sorted(datasets, key=lambda one: _newest(one, runs), reverse=True):
        own = [other for other in runs if other["dataset"] == one["dataset"]]
        titles = map_titles(own, known)
        rows = [
            _row(
                RUN,
                {**other, "title": titles[other["run"]], "left": left.get((RUN, other["acts_on"]))},
                editing=editing,
                marked=other["run"] == run,
                runs=0,
            )
            for other in own
        ]
        told = {**one, "title": file_title(one), "left": left.get((DATASET, one["dataset"]))}
        told["read_from"] = made_of.get(one["dataset"])
        file = _row(DATASET, told, editing=editing, marked=one["dataset"] == chosen, runs=len(own))
        maps = html.Ul(rows, className="library-maps") if rows else None
        files.append(html.Li([file, maps], key=one["dataset"], className="library-file"))
    return _group("Files and their maps", files, "No file yet. Drop one on this page.")


def _newest(dataset: dict[str, Any], runs: Sequence[dict[str, Any]]) -> str:
    own = [str(run["created"]) for run in runs if run["dataset"] == dataset["dataset"]]
    return max([str(dataset["created"]), *own])


def _query(place: Place) -> str:
    return place.address().removeprefix("/")


def _group(title: str, rows: list[Any], empty: str) -> list[Any]:
    body = html.Ul(rows, className="library-list") if rows else html.P(empty, className="library-empty")
    return [html.H3(title, className="library-title"), body]


def _row(kind: str, one: dict[str, Any], *, editing: dict[str, Any] | None, marked: bool, runs: int) -> Any:
    key = one.get("acts_on") or one[kind]
    how = editing["how"] if editing and (editing["kind"], editing["key"]) == (kind, key) else None
    if how == "rename":
        inside = _renaming(kind, key, str(one["title"] if kind == RUN else one["name"]))
    elif how == "describe":
        inside = _describing(key, one)
    elif how == "paste":
        inside = revising.pasting(key, one["name"], ids.UPLOADED)
    else:
        inside = [
            *_picture(kind, one),
            _name(kind, one),
            _facts(kind, one) if one.get("left") is None else _undo(kind, key),
            *_note(one),
            _buttons(kind, one, runs),
        ]
    marks = {"aria-current": "true"} if marked else {}
    if one.get("left") is not None:
        marks |= {"data-deleted": _gone_words(kind, one, runs), "data-left": f"{one['left']:.1f}", "data-kind": kind}
    return (html.Li if kind == RUN else html.Div)(
        inside,
        key=f"{kind}-{one[kind]}",
        className="library-row is-deleted" if "data-deleted" in marks else "library-row",
        **{"data-testid": f"library-{kind}", "data-key": key, **marks},
    )


def _picture(kind: str, one: dict[str, Any]) -> list[Any]:
    """Return the map as small as a stamp, of one that is there."""
    if kind != RUN or one["state"] != "done":
        return []
    return [
        html.Img(src=f"/api/v1/runs/{one['run']}/map.svg", alt="", width=72, height=48, className="library-picture")
    ]


def _name(kind: str, one: dict[str, Any]) -> Any:
    key = one[kind]
    label = one.get("title") or one["name"] or key
    if kind == RUN:
        whole = f"{label}, a map of {one['dataset_name']}"
        return dcc.Link(label, href=Place(run=key).address(), className="library-name", title=whole)
    sample = [" ", html.Span("sample", className="library-sample")] if one.get("sample") else []
    shown, said = cut_name(str(one["name"] or key)), {"aria-label": f"{label}, sample" if sample else label}
    return html.Button([shown, *sample], className="library-name", title=label, **said, **_button("open", kind, key))


def _facts(kind: str, one: dict[str, Any]) -> Any:
    rows = "" if one.get("rows") is None else f"{one['rows']:,} row" + ("" if one["rows"] == 1 else "s")
    moment = html.Time(when(str(one["created"])), dateTime=str(one["created"]))
    if kind == DATASET:
        facts = [rows, version_facts(one), f"texts: {one['read_from']}" if one.get("read_from") else ""]
        return html.Div(["".join(f"{fact} · " for fact in facts if fact), moment], className="library-facts")
    sign, word = STATES.get(one["state"], ("?", one["state"]))
    state = [html.Span(sign, className="library-sign", **{"aria-hidden": "true"}), f" {word}"]
    reason = {"title": one["error"]} if one.get("error") else {}
    return html.Div(
        [
            html.Span(state, className=f"library-state library-{one['state']}", **reason),
            *([f" · {count_of(one['clusters'], 'cluster')}"] if one.get("clusters") is not None else []),
            f" · {encoder_called(one.get('encoder'))} · ",
            moment,
        ],
        className="library-facts",
    )


def _note(one: dict[str, Any]) -> list[Any]:
    """Return the beginning of what somebody wrote about a file; the whole is its title."""
    note = str(one.get("note") or "")
    short = note if len(note) <= SHOWN_NOTE else f"{note[:SHOWN_NOTE].rstrip()} …"
    return [html.P(short, className="library-note", title=note, **{"data-testid": "library-note"})] if note else []


def _buttons(kind: str, one: dict[str, Any], runs: int) -> Any:
    key, name = one.get("acts_on") or one[kind], one["name"]
    if kind == RUN:
        name = f"{one['title']}, a map of {one['dataset_name']}"
    again = kind == RUN and one["state"] in RESUMABLE
    wanted = [*([("resume", "Resume")] if again else []), ("ask-rename", "Rename")]
    wanted += [("ask-describe", "Describe")] if kind == DATASET else []
    buttons: list[Any] = [
        html.Button(label, **_button(do, kind, key), **{"aria-label": f"{label} {name}"}) for do, label in wanted
    ]
    if kind == DATASET:
        buttons += [revising.add_button(key, name), revising.paste_button(key, name)]
        address = f"/api/v1/datasets/{key}/dataset.zip"
        told = f"Save as one file: {name} with its maps"
        buttons.append(html.A("Save as one file", href=address, download="", title=told, **{"aria-label": told}))
    return html.Div(
        [*buttons, html.Button("Delete", **_button("delete", kind, key), **{"aria-label": f"Delete {name}"})],
        className="library-buttons",
    )


def _gone_words(kind: str, one: dict[str, Any], runs: int) -> str:
    """Return how something is called that is deleted, with what goes along."""
    name = f"{one['title']}, a map of {one['dataset_name']}" if kind == RUN else one["title"]
    return f"“{name}”" + (f" and its {count_of(runs, 'map')}" if runs else "")


def _undo(kind: str, key: str) -> Any:
    """Return what takes a deletion back, in the place of the facts of what was deleted."""
    return html.Div(
        [
            "Deleted",
            html.Button("Undo", **_button("undelete", kind, key)),
            html.Button("Delete now", **_button("delete-now", kind, key)),
        ],
        className="library-facts library-undo",
    )


def _renaming(kind: str, key: str, name: str) -> list[Any]:
    field = dmc.TextInput(
        value=name,
        id="library-rename",
        size="xs",
        **{"aria-label": f"New name for {name}", "data-testid": "library-rename"},
    )
    return [
        html.Div(field, className="library-field", **{"data-library-field": "", "data-kind": kind, "data-key": key}),
        html.Div(
            [
                html.Button("Save", **_button("rename", kind, key), **{"data-name-from": "library-rename"}),
                html.Button("Keep the old name", **_button("stop", kind, key)),
            ],
            className="library-buttons",
        ),
    ]


def _describing(key: str, one: dict[str, Any]) -> list[Any]:
    field = dmc.Textarea(
        value=str(one.get("note") or ""),
        id="library-describe",
        size="xs",
        autosize=True,
        minRows=3,
        maxRows=10,
        placeholder="Where it is from, what it is for",
        label=f"Description of {one['name']}",
        **{"data-library-focus": "", "data-testid": "library-describe"},
    )
    return [
        field,
        html.Div(
            [
                html.Button("Save", **_button("describe", DATASET, key), **{"data-name-from": "library-describe"}),
                html.Button("Cancel", **_button("stop", DATASET, key)),
            ],
            className="library-buttons",
        ),
    ]


def _button(do: str, kind: str, key: str) -> dict[str, str]:
    """Return the attributes by which assets/shell/library.mjs knows what a button does."""
    return {"type": "button", "data-library": do, "data-kind": kind, "data-key": key, "data-testid": f"library-{do}"}
