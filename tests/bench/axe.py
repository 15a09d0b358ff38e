"""`python -m tests.bench axe [PART …]`: what axe-core finds on every screen, light and dark, at 1440 and 390 px.

The parts are start, texts, colours, over, photos and report; each takes a minute or more.  The browser test
`test_keyboard` asks after the screens of the main job; here are menus, dialogs, toasts and arrangements too.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from tests.browser import chromium, samples
from tests.browser.axe import WIDE, violations
from tests.browser.conftest import ARGUMENTS
from tests.servers import Server, serving

DRAWN = "() => window.forTests && forTests.stats.points > 0"
ASK_MS = 120_000
NOTICE = "kind => dash_clientside.set_props('notice', { data: { kind, text: `What a notice of ${kind} says.` } })"


def told(page: Page, screen: str, within: str = "html") -> None:
    began = time.monotonic()
    found = violations(page, screen, within, whole=True)
    print(f"{screen}: {len(found)} in {time.monotonic() - began:.1f} s", *found, sep="\n    ", flush=True)


def opened(page: Page, address: str) -> None:
    page.goto(address)
    page.wait_for_selector("[data-testid=library] h3", state="attached")
    page.wait_for_function(DRAWN)


def start(page: Page, server: Server) -> None:
    """Look at the start page, what its library asks, and a file that was chosen."""
    themes(server)
    page.goto(server.address)
    page.wait_for_selector("[data-library=ask-rename]")
    told(page, "start")
    for asks in ("ask-rename", "ask-describe", "ask-paste"):
        page.locator(f"[data-library={asks}]").first.click()
        page.wait_for_selector("[data-library=stop]")
        told(page, asks)
        page.click("[data-library=stop]")
    page.locator("[data-library=delete]").first.click()
    page.wait_for_selector(".is-deleted [data-library=undelete]")
    told(page, "deleted")
    page.locator(".is-deleted [data-library=undelete]").first.click()
    page.locator("summary", has_text="Paste text").click()
    told(page, "paste")
    with page.expect_file_chooser() as chooser:
        page.click("[data-testid=upload-files]")
    chooser.value.set_files({"name": "few.csv", "mimeType": "text/csv", "buffer": samples.table(samples.texts(9))})
    page.wait_for_selector("[data-testid=preview-table]")
    told(page, "preview")


def tabs(page: Page) -> None:
    """Look at every tab, with something in it."""
    page.click("#tab-clusters")
    page.locator("[data-testid=cluster-row]").first.click()
    page.wait_for_selector("[data-select=clusters]")
    page.click("[data-testid=stability-open]")
    page.wait_for_selector("[data-testid=sweep-column]")
    told(page, "clusters")
    page.click("[data-select=clusters]")
    page.wait_for_selector("[data-testid=selection-csv]")
    told(page, "selection")
    page.click("#tab-export")
    told(page, "report tab")
    page.locator("#export .ask").first.click()
    told(page, "a term")
    page.keyboard.press("Escape")
    page.fill("#search-box", "late train")
    page.press("#search-box", "Enter")
    page.wait_for_selector("[data-testid=hit-card]")
    told(page, "hits")


def menus(page: Page) -> None:
    """Look at what opens over the map, and at notices."""
    for button, name in (("#map-look summary", "points menu"), ("#map-save", "save dialog"), ("#color-by", "colours")):
        page.click(button)
        page.wait_for_timeout(500)
        told(page, name)
        page.keyboard.press("Escape")
    for kind in ("error", "info"):
        page.evaluate(NOTICE, kind)
        page.hover(f".mantine-Notification-root:has-text('{kind}')")  # it stays while it is pointed at
        told(page, f"notice of {kind}")
    for fold in ("settings", "library"):
        page.click(f".side-buttons [data-fold={fold}]")
        page.wait_for_timeout(500)
        told(page, fold)


def run_of(server: Server, name: str, content: bytes) -> str:
    """Return the address of a finished run of a file."""
    run = server.start(server.add(name, content))
    server.finish(run)
    return f"{server.address}/?run={run}"


def themes(server: Server) -> str:
    """Return the address of a map of texts."""
    return run_of(server, "themes.csv", samples.table(samples.texts()))


def texts(page: Page, server: Server) -> None:
    """Look at a map of texts: a point, every tab."""
    opened(page, f"{themes(server)}&row=5")
    page.wait_for_selector("[data-testid=neighbor-card]")
    told(page, "point")
    tabs(page)


def colours(page: Page, server: Server) -> None:
    """Look at a map of texts in other colours and in space, with the choice of colours open."""
    address = themes(server)
    for query in (
        "color=column:theme&picked=1",
        "color=column:stars",
        "color=computed:outlier_score",
        "arrangement=3d",
    ):
        opened(page, f"{address}&{query}")
        page.wait_for_timeout(1000)
        if "color" in query:
            page.click(".legend-colors summary")
        told(page, query)


def over(page: Page, server: Server) -> None:
    """Look at what opens over a map of texts."""
    opened(page, f"{themes(server)}&row=5")
    menus(page)


def photos(page: Page, server: Server) -> None:
    """Look at a map of pictures, its grid, a point, hits, and at what could not be read."""
    address = run_of(server, "photos.zip", samples.photos())
    opened(page, f"{address}&row=5")
    page.wait_for_selector("[data-testid=neighbor-card]")
    told(page, "picture")
    page.fill("#search-box", "stripes")
    page.press("#search-box", "Enter")
    page.wait_for_selector("[data-testid=hit-card]")
    told(page, "picture hits")
    opened(page, f"{address}&arrangement=grid")
    told(page, "grid")
    page.locator("[data-rejected]").first.click()
    page.wait_for_selector(".mantine-Modal-content")
    told(page, "what could not be read")


def report(page: Page, server: Server) -> None:
    """Look at the reports."""
    for name, content in (("themes.csv", samples.table(samples.texts())), ("photos.zip", samples.photos())):
        address = run_of(server, name, content)
        page.goto(f"{address.replace('?run=', 'api/v1/runs/')}/report.html?inline=true")
        told(page, f"report of {name}")
    page.locator(".ask").first.click()
    told(page, "a term in the report")


ALL: tuple[Callable[[Page, Server], None], ...] = (start, texts, colours, over, photos, report)
PARTS = {part.__name__: part for part in ALL}


def main(words: list[str]) -> None:
    path = chromium.find()  # before the driver starts: this starts one of its own
    with (
        tempfile.TemporaryDirectory() as home,
        serving(Path(home) / "workspace", Path(home) / "log") as server,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        for part in words or PARTS:
            page = browser.new_page(viewport=WIDE)
            page.set_default_timeout(ASK_MS)
            PARTS[part](page, server)
            page.close()
        browser.close()
