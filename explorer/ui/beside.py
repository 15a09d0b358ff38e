"""The page of two maps beside each other, `/compare/RUN/OTHER`: its frame, and the colours of a column for it.

It is no page of Dash: `assets/beside/` fills it with what the REST routes of a comparison answer.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from starlette.responses import HTMLResponse

from explorer.description import NOISE_COLOR
from explorer.errors import ExplorerError
from explorer.server import ANSWERS
from explorer.ui.columntypes import to_color_by
from explorer.ui.figures import column_palette
from explorer.ui.modules import BESIDE
from explorer.ui.panels.map import colored
from explorer.ui.stores import COLUMN_PREFIX, beside_address

if TYPE_CHECKING:
    from explorer.server import Services


def mount(server: Any, services: Services, *, assets: str) -> None:
    """Add the page to a FastAPI app; *assets* is where its scripts are, without slashes around it."""

    async def page(run: str, other: str) -> HTMLResponse:
        return HTMLResponse(await ANSWERS.run(html_of, services, run, other, assets))

    async def column(run: str, other: str, name: str) -> Any:
        return await ANSWERS.run(colored, services, run, COLUMN_PREFIX + name)

    for path, answer in (("", page), ("/column", column)):
        server.add_api_route(f"/compare/{{run}}/{{other}}{path}", answer, include_in_schema=False)


def html_of(services: Services, run: str, other: str, assets: str) -> str:
    """Return the frame of the page for two runs, whether or not they are there: what is wrong with them, REST says."""
    colors = {"ramp": column_palette({"kind": "number"}), "noise": NOISE_COLOR}
    given = {"a": run, "b": other, "columns": _columns(services, run), **colors}
    figures = "".join(_figure(side, key) for side, key in enumerate((run, other)))
    report = f"/api/v1/runs/{quote(run, safe='')}/compare/{quote(other, safe='')}/report.html?inline=true"
    told = json.dumps(given).replace("<", "\\u003c")
    places = {"report": report, "swap": beside_address(other, run)}
    return _PAGE.format(assets=f"/{assets}", entry=BESIDE, figures=figures, given=told, **places)


def _columns(services: Services, run: str) -> list[str]:
    try:
        key = services.runs.status(run)["dataset"]
    except ExplorerError:
        return []
    return [name for dataset in services.datasets.all() if dataset["dataset"] == key for name in to_color_by(dataset)]


def _figure(side: int, run: str) -> str:
    place = quote(run, safe="")
    return (
        f'<figure class="beside-figure" id="beside-figure-{side}"><figcaption><h2><a id="beside-name-{side}" '
        f'href="/?run={place}">Map</a></h2><span class="note"></span><button type="button" class="ghost" '
        f'id="beside-fit-{side}" title="Show the whole map">Fit</button></figcaption>'
        f'<div class="beside-map" id="beside-{side}" tabindex="0" role="application" '
        'aria-roledescription="map of points" aria-describedby="beside-keys"></div></figure>'
    )


_PAGE = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Two maps side by side</title>
<link rel="icon" href="{assets}/favicon.ico">
<link rel="stylesheet" href="{assets}/style.css">
<script src="{assets}/shell/first.js"></script>
</head>
<body>
<div class="beside-page" id="beside" aria-busy="true">
<header class="beside-top">
<a class="brand" href="/" title="Start page"><span class="logo" aria-hidden="true"></span>
<span>Embedding Explorer</span></a>
<h1 id="beside-title">Two maps are compared …</h1>
<a class="ghost" href="{swap}">Swap sides</a>
<a class="ghost" href="{report}">Report</a>
</header>
<main class="beside-main">
<div class="beside-stage">
<div class="beside-tools">
<form id="beside-search" role="search"><input id="beside-query" type="search"
 aria-label="Search by meaning, in both maps" placeholder="Search both maps" maxlength="1000">
<button class="button">Search</button></form>
<label>Colour by <select id="beside-color"></select></label>
<button type="button" class="ghost" id="beside-lasso" aria-pressed="false"
 title="Draw around points to select them on both maps; or hold Shift while you drag">Lasso</button>
</div>
<ul class="beside-legend" id="beside-legend" aria-label="What the colours mean"></ul>
<div class="beside-maps">{figures}</div>
<p id="beside-keys" hidden>Arrow keys go from point to point, Enter chooses the point, plus and minus zoom, 0 shows the
 whole map. Slash leads to the search, Escape lets go.</p>
</div>
<aside class="beside-panel" id="beside-panel" aria-label="What the two maps have in common" tabindex="0">
<p class="beside-fault" id="beside-fault" role="alert" hidden></p>
<div id="beside-asked" aria-live="polite"></div>
<div id="beside-whole"></div>
</aside>
</main>
<div class="beside-preview" id="beside-preview" hidden></div>
</div>
<script type="application/json" id="beside-given">{given}</script>
<script type="module" src="{assets}/{entry}"></script>
</body>
</html>"""
