"""The regions of the page, one a file – its layout, its handlers, its registration – and listed here.

What stands around them is in `shell`.
"""

from __future__ import annotations

from dataclasses import dataclass
from types import ModuleType

from explorer.ui.panels import (
    choices,
    clusters,
    cuts,
    early,
    export,
    inspector,
    library,
    makers,
    map,
    progress,
    search,
    selection,
    settings,
    stability,
    titles,
    upload,
)


@dataclass(frozen=True)
class Panel:
    """A module with `layout(services)` and `register(app, services)`, and the title of its fold or tab, if any."""

    name: str
    module: ModuleType
    fold: str = ""
    tab: str = ""


PANELS = (
    Panel("data", upload, fold="Add data"),
    Panel("early", early),
    Panel("choices", choices),
    Panel("settings", settings, fold="Settings"),
    Panel("library", library, fold="Maps"),
    Panel("map", map),
    Panel("progress", progress),
    Panel("point", inspector, tab="Point"),
    Panel("search", search, tab="Search"),
    Panel("makers", makers),
    Panel("clusters", clusters, tab="Clusters"),
    Panel("cuts", cuts),
    Panel("stability", stability),
    Panel("titles", titles),
    Panel("selection", selection, tab="Selection"),
    Panel("export", export, tab="Report"),
)
"""Every panel: folds in the order of the side, tabs in that of the inspector; they register in this order."""
