"""`python -m tests.bench axe`: what axe-core finds on every screen, light and dark, at 1440 and 390 px; minutes.

The browser test `test_keyboard` asks after the screens of the main job; here are menus, dialogs and arrangements too.
"""

from __future__ import annotations

import tempfile
import time
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from tests.browser import chromium, samples
from tests.browser.axe import WIDE, violations
from tests.browser.conftest import ARGUMENTS
from tests.servers import Server, serving

DRAWN = "() => window.forTests && forTests.stats.points > 0"
ASK_MS = 120_000


def told(page: Page, screen: str, within: str = "html") -> None:
    began = time.monotonic()
    found = violations(page, screen, within, whole=True)
    print(f"{screen}: {len(found)} in {time.monotonic() - began:.1f} s", *found, sep="\n    ", flush=True)


def opened(page: Page, address: str) -> None:
    page.goto(address)
    page.wait_for_selector("[data-testid=library] h3", state="attached")
    page.wait_for_function(DRAWN)


def start(page: Page, server: Server) -> None:
    """Look at the start page and what its library asks."""
    page.goto(server.address)
    page.wait_for_selector("[data-library=ask-rename]")
    told(page, "start")
    for asks in ("ask-rename", "ask-delete"):
        page.locator(f"[data-library={asks}]").first.click()
        page.wait_for_selector("[data-library=stop]")
        told(page, asks)
        page.click("[data-library=stop]")
    page.locator("summary", has_text="Paste text").click()
    told(page, "paste")


def tabs(page: Page) -> None:
    """Look at every tab, with something in it."""
    page.click("#tab-clusters")
    page.locator("[data-testid=cluster-row]").first.click()
    page.wait_for_selector("[data-select=clusters]")
    told(page, "clusters")
    page.click("[data-select=clusters]")
    page.wait_for_selector("[data-testid=selection-csv]")
    told(page, "selection")
    page.click("#tab-export")
    told(page, "report tab")
    page.fill("#search-box", "late train")
    page.press("#search-box", "Enter")
    page.wait_for_selector("[data-testid=hit-card]")
    told(page, "hits")


def menus(page: Page) -> None:
    """Look at what opens over the map."""
    for button, name in (("#map-look summary", "points menu"), ("#map-save", "save dialog"), ("#color-by", "colours")):
        page.click(button)
        page.wait_for_timeout(500)
        told(page, name)
        page.keyboard.press("Escape")


def main(_words: list[str]) -> None:
    path = chromium.find()  # before the driver starts: this starts one of its own
    with tempfile.TemporaryDirectory() as home, serving(Path(home) / "workspace", Path(home) / "log") as server:
        texts = server.start(server.add("themes.csv", samples.table(samples.texts())))
        photos = server.start(server.add("photos.zip", samples.photos()))
        for run in (texts, photos):
            server.finish(run)
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
            page = browser.new_page(viewport=WIDE)
            page.set_default_timeout(ASK_MS)
            start(page, server)
            for run, others in ((texts, ("color=column:theme", "arrangement=3d")), (photos, ("arrangement=grid",))):
                opened(page, f"{server.address}/?run={run}&row=5")
                page.wait_for_selector("[data-testid=neighbor-card]")
                told(page, "point")
                tabs(page)
                menus(page)
                for query in (*others, "color=computed:outlier_score"):
                    opened(page, f"{server.address}/?run={run}&{query}")
                    told(page, query)
            page.locator("[data-rejected]").first.click()
            page.wait_for_selector(".mantine-Modal-content")
            told(page, "what could not be read")
            browser.close()
