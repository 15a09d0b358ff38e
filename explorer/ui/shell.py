"""Lays out the page – header, side, map, inspector – and shows its title, facts, notices and theme.

It knows where the panels stand but not what happens in them: each has its own layout and handlers.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import dash_mantine_components as dmc
from dash import Dash, Input, Output, State, dcc, html

from explorer.server import RUN
from explorer.ui import ids, runfacts
from explorer.ui.cards import breakable, count_of
from explorer.ui.maptitles import map_titles
from explorer.ui.markup import fills, markup, region, register_region
from explorer.ui.panels import PANELS, early, export, map, progress, search, settings, upload
from explorer.ui.registration import handle, in_browser
from explorer.ui.stores import stores
from explorer.ui.terms import encoder_called

if TYPE_CHECKING:
    from explorer.server import Services

START_LINKS, SAMPLE_LINKS = 4, 2
"""Maps that an empty page offers: of the newest files, and of the sample data however many there are."""
_FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', Ubuntu, Cantarell, sans-serif"
_SLATE = ("#e8ebf1", "#c3cad6", "#9aa4b5", "#6b7587", "#3a4250", "#2f3642", "#1e232c", "#161a21", "#12151b", "#0e1116")
_THEME = {
    "primaryColor": "indigo",
    "primaryShade": {"light": 7, "dark": 8},
    "fontFamily": _FONT,
    "defaultRadius": "md",
    "cursorType": "pointer",
    "colors": {"dark": list(_SLATE)},
    # A dialog's head counts as a second one of the page, which its component has no property to tell.
    "components": {"Modal": {"defaultProps": {"attributes": {"header": {"role": "presentation"}}}}},
}


def layout(services: Services) -> Any:
    """Return the whole page."""
    return dmc.MantineProvider(
        id=ids.PROVIDER,
        theme=_THEME,
        children=[
            *stores(),
            dmc.NotificationContainer(id=ids.NOTIFICATIONS, position="bottom-center", autoClose=9000),
            export.rejected_dialog(),
            html.A("Skip to the map", href=f"#{ids.STAGE}", className="skip"),
            html.Div(id=ids.SAID, className="sr-only", role="status"),
            html.Div(
                [_header(), _side(services), _stage(services), _inspector(services)], id=ids.SHELL, className="shell"
            ),
        ],
    )


def _header() -> Any:
    return html.Header(
        [
            dcc.Link(
                [html.Span(className="logo", **{"aria-hidden": "true"}), html.Span("Embedding Explorer")],
                href="/",
                className="brand",
                title="Start page",
            ),
            html.Nav(
                [html.Button(words, className="ghost", **_opens(name)) for name, words in _FOLD_BUTTONS],
                className="side-buttons",
                **{"aria-label": "Data, settings and maps"},
            ),
            html.Div(
                [
                    *region(ids.RUN_TITLE, kind=html.H1, className="run-title"),
                    *region(ids.RUN_FACTS, className="facts"),
                ]
            ),
            html.Button(
                [
                    html.Span(className="theme-icon", **{"aria-hidden": "true"}),
                    html.Span(["Theme: ", html.Span("system", id=ids.THEME_WORD)], className="theme-word"),
                ],
                id=ids.THEME_TOGGLE,
                className="ghost theme-toggle",
                title="As the system has it, light, or dark",
            ),
            html.Button(
                "Details",
                className="ghost details-button",
                title="Show or fold the panel of points, hits, clusters and the report",
                **_folds(ids.INSPECTOR),
            ),
        ],
        className="top",
    )


_FOLD_BUTTONS = (("data", "Add data"), ("settings", "Settings"), ("library", "Maps"))


def _opens(fold: str) -> dict[str, str]:
    """Return the attributes of a button that opens a fold of the side (`assets/shell/panels.mjs`)."""
    return {"data-fold": fold, "aria-controls": ids.SIDE, "aria-expanded": "false"}


def _folds(panel: str) -> dict[str, str]:
    """Return the attributes of a button that shows or folds one of the two panels."""
    return {"data-panel": panel, "aria-controls": panel}


def _side(services: Services) -> Any:
    folds = [
        dmc.AccordionItem(
            [dmc.AccordionControl(panel.fold), dmc.AccordionPanel(panel.module.layout(services))], value=panel.name
        )
        for panel in PANELS
        if panel.fold
    ]
    head = [html.Span("Data and settings"), html.Button("×", className="fold-away", **_away(ids.SIDE))]
    return html.Aside(
        [
            html.Div(head, className="panel-head"),
            html.Div(
                dmc.Accordion(folds, id=ids.FOLDS, multiple=True, value=["data", "library"], order=2),
                className="side-scroll",
            ),
            settings.explore_bar(),
        ],
        id=ids.SIDE,
        className="side",
        **{"aria-label": "Data and settings"},
    )


def _away(panel: str) -> dict[str, str]:
    return {**_folds(panel), "aria-label": "Fold this panel away", "title": "Fold this panel away"}


def _stage(services: Services) -> Any:
    return html.Main(
        [
            html.Div([search.box(), map.color_select()], className="toolbar"),
            html.Div(id=ids.CHANGES, className="changes-holder"),
            html.Div(
                [
                    map.layout(services),
                    *region(ids.START, className="start"),
                    upload.preview(services),
                    early.layout(services),
                    upload.progress(),
                    html.Div(progress.layout(services), className="progress-holder"),
                ],
                className="stage-body",
            ),
        ],
        id=ids.STAGE,
        className="stage",
        tabIndex=-1,
    )


def _inspector(services: Services) -> Any:
    tabs = [panel for panel in PANELS if panel.tab]
    names = dmc.TabsList([dmc.TabsTab(one.tab, value=one.name, id=f"tab-{one.name}") for one in tabs], grow=True)
    bodies = [
        dmc.TabsPanel(
            one.module.layout(services),
            value=one.name,
            className="tab-body",
            **{"aria-labelledby": f"tab-{one.name}"},
        )
        for one in tabs
    ]
    return html.Aside(
        [
            html.H2("Inspector", className="sr-only"),
            dmc.Tabs([names, *bodies], id=ids.TABS, value="point", keepMounted=True),
            html.Button("×", className="fold-away", **_away(ids.INSPECTOR)),
        ],
        id=ids.INSPECTOR,
        className="inspector",
        **{"aria-label": "Inspector"},
    )


def register(app: Dash, services: Services) -> None:
    """Register the address, theme, notices, title and start state, and every panel."""
    for panel in PANELS:
        panel.module.register(app, services)
    runfacts.register(app, services)
    register_region(app, ids.START)
    for name, *dependencies in _BROWSER_SIDE:
        in_browser(app, f"explorer_shell.{name}", *dependencies, initial=True)
    in_browser(app, "explorer_spoken.run", Input(ids.STATUS, "data"))
    in_browser(app, "explorer_spoken.hits", Input(ids.HITS, "data"))

    @handle(
        app,
        fills(ids.START),
        Input(ids.LIBRARY_TICK, "data"),
        Input(ids.RUN_KEY, "data"),
        initial=True,
    )
    def start(_tick: int, run: str | None) -> str:
        return "" if run else markup(start_state(services.undoing.told(RUN, services.runs.all())))


_BROWSER_SIDE: tuple[tuple[Any, ...], ...] = (
    (
        "place",
        Output(ids.PLACE, "data"),
        Output(ids.RUN_KEY, "data"),
        Input(ids.URL, "search"),
        State(ids.RUN_KEY, "data"),
    ),
    (
        "theme",
        Output(ids.THEME, "data"),
        Output(ids.PROVIDER, "forceColorScheme"),
        Output(ids.THEME_WORD, "children"),
        Input(ids.THEME_CHOICE, "data"),
    ),
    (
        "toggleTheme",
        Output(ids.THEME_CHOICE, "data"),
        Input(ids.THEME_TOGGLE, "n_clicks"),
        State(ids.THEME_CHOICE, "data"),
    ),
    (
        "notice",
        Output(ids.NOTIFICATIONS, "sendNotifications"),
        Input(ids.NOTICE, "data"),
    ),
    (
        "state",
        Output(ids.SHELL, "className"),
        Output(ids.LOOKED, "data"),
        Input(ids.RUN_KEY, "data"),
        Input(ids.STATUS, "data"),
        Input(ids.VIEW, "data"),
        Input(ids.CHOSEN_DATASET, "data"),
        State(ids.LOOKED, "data"),
    ),
    (
        "tab",
        Output(ids.TABS, "value"),
        Input(ids.PLACE, "data"),
        State(ids.TABS, "value"),
    ),
    (
        "focused",
        Output(ids.CLUSTER_FOCUS, "data"),
        Input(ids.PLACE, "data"),
        Input(ids.VIEW, "data"),
        State(ids.CLUSTER_FOCUS, "data"),
    ),
    (
        "shown",
        Output(ids.SHOWN, "data"),
        Input(ids.VIEW, "data"),
    ),
    (
        "folds",
        Output(ids.FOLDS, "value"),
        Input(ids.RUN_KEY, "data"),
        Input(ids.CHOSEN_DATASET, "data"),
        Input(ids.STATUS, "data"),
    ),
)


def start_state(runs: list[dict[str, Any]]) -> Any:
    """Return what an empty page says: what this is, what to do, and the maps that are there already.

    Those that are deleted, and can be taken back yet, are among the files that the side lists, and not here.
    """
    there = [run for run in runs if run["state"] == "done" and "deleted_in" not in run]
    done = [run for run in there if not run.get("superseded")]
    own = [run for run in done if not run["sample"]][:START_LINKS]
    finished = [*own, *(run for run in done if run["sample"])][: START_LINKS + SAMPLE_LINKS]
    maps = {run["run"]: [one for one in done if one["dataset"] == run["dataset"]] for run in finished}
    titles = {key: map_titles(same, runs)[key] for key, same in maps.items() if len(same) > 1}
    steps = (
        (
            "Drop",
            "Put a CSV, a text file, pictures or a zip of them anywhere on this page, or choose them under “Add data”.",
        ),
        ("Explore", "Press the button. Settings have sensible defaults; nothing leaves this machine."),
        ("Look around", "Read the named clusters, click points to see their true neighbours, search by meaning."),
    )
    return html.Div(
        [
            html.H1("What is in your texts and pictures?"),
            html.P("A map puts what means the same side by side, and names the groups.", className="lead"),
            html.Div(
                [
                    html.Button(words, className="button", **{"data-upload-pick": kind})
                    for kind, words in (("files", "Choose files"), ("folder", "Choose a folder"))
                ],
                className="buttons start-choose",
            ),
            html.Ol([html.Li([html.B(head), html.Span(text)]) for head, text in steps], className="steps"),
            html.Div(
                [
                    html.H2("Or open a map that is ready"),
                    html.Div(
                        [_start_link(run, titles.get(run["run"], "")) for run in finished], className="start-links"
                    ),
                    _all_maps(len(done)) if len(done) > len(finished) else None,
                ]
            )
            if finished
            else None,
        ],
        className="start-card",
    )


def _all_maps(count: int) -> Any:
    """Return the button that opens the list of all maps, of which an empty page offers but some."""
    return html.Button(
        f"All {count:,} maps",
        className="ghost",
        **{"data-fold": "library", "aria-controls": ids.SIDE, "data-testid": "start-all"},
    )


def _start_link(run: dict[str, Any], title: str) -> Any:
    rows, found = count_of(run.get("rows") or 0, "row"), count_of(run.get("clusters") or 0, "cluster")
    sample = [" ", html.Span("sample", className="library-sample")] if run["sample"] else []
    return html.A(
        [
            html.Img(src=f"/api/v1/runs/{run['run']}/map.svg", alt="", width=72, height=48),
            html.B([*breakable(run["name"]), *sample]),
            html.Span(title) if title and title != run["name"] else None,
            html.Span(f"{rows} · {found} · {encoder_called(run['encoder'])}"),
        ],
        href=f"/?run={run['run']}",
        className="start-link",
        **{"data-place": "1", "data-testid": "start-run"},
    )
