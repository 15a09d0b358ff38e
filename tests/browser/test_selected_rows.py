"""A selection on rows that are arranged otherwise than as the map: the rows travel, no outline is drawn."""

import base64
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Tab
from tests.servers import Server
from tests.synthetic import write_run

ROWS = 20_000
LINED_UP = """() => {
  forTests.arrangements.register({
    name: 'lined-up', title: 'Line', hint: 'Rows from left to right', offered: () => true,
    arrange: async points => {
      const x = Float32Array.from({ length: points.n }, (_, row) => row / points.n);
      const y = Float32Array.from({ length: points.n }, (_, row) => (row % 7) / 7);
      const bounds = { x: [0, 1], y: [0, 1] };
      return forTests.placed({ ...points, arrangement: 'lined-up' }, { x, y, bounds });
    },
  });
  dash_clientside.set_props('place', { data: { ...forTests.here(), arrangement: 'lined-up' } });
}"""
LIT = "[...forTests.map.mask].flatMap((one, row) => (one ? [row] : []))"


@pytest.fixture(scope="module")
def run(server: Server) -> str:
    return write_run(server.workspace, ROWS, dim=16, seed=11)


def draw_box(tab: Tab, left: float, right: float) -> Any:
    """Draw a box over a share of the map's width; return the selection that is kept."""
    box = tab.page.locator("#map").bounding_box()
    assert box is not None
    tab.page.get_by_text("Box", exact=True).click()
    tab.page.mouse.move(box["x"] + left * box["width"], box["y"] + 60)
    tab.page.mouse.down()
    tab.page.mouse.move(box["x"] + right * box["width"], box["y"] + box["height"] - 30, steps=4)
    tab.page.mouse.up()
    tab.page.wait_for_function("forTests.stats.lit !== null && forTests.map.shown.selection")
    return tab.page.evaluate("forTests.map.shown.selection")


@pytest.mark.in_turn
def test_rows_arranged_otherwise_are_selected_as_rows(tab: Tab, server: Server, run: str) -> None:
    page = tab.page
    tab.open(f"/?run={run}")
    tab.wait_for_map()
    page.evaluate(LINED_UP)
    page.wait_for_function("forTests.map.points.arrangement === 'lined-up'")
    kept = draw_box(tab, 0.3, 0.6)
    assert list(kept["shape"]) == ["rows"]
    bits = np.unpackbits(np.frombuffer(base64.b64decode(kept["shape"]["rows"]), np.uint8), bitorder="little")
    rows = np.flatnonzero(bits).tolist()
    assert 1_000 < len(rows) < ROWS
    assert rows == page.evaluate(LIT)
    assert page.locator(".selection-outline").count() == 0
    panel = page.locator("[data-testid=selection-panel]")
    expect(panel).to_contain_text(f"{len(rows):,} rows")
    tab.shot("rows")
    with page.expect_download() as download:
        panel.get_by_role("link", name="CSV").or_(panel.get_by_role("button", name="CSV")).click()
    assert len(Path(download.value.path()).read_text(encoding="utf-8").splitlines()) == len(rows) + 1

    page.evaluate("dash_clientside.set_props('place', { data: forTests.here() })")
    page.wait_for_function("!forTests.map.points.arrangement")
    assert rows == page.evaluate(LIT)  # the same rows, scattered over the map
    assert page.locator(".selection-outline").count() == 0
    assert kept["own"]  # so many do not fit into an address, which is said; this tab has them still
    expect(panel).to_contain_text("do not fit into the page's address")
    assert len(page.url) < 200
    page.reload()
    tab.wait_for_map()
    page.wait_for_function("forTests.stats.lit !== null")
    assert rows == page.evaluate(LIT)


@pytest.mark.in_turn
def test_a_shape_drawn_on_the_map_lights_its_rows_in_another_arrangement(tab: Tab, run: str) -> None:
    page = tab.page
    tab.open(f"/?run={run}")
    tab.wait_for_map()
    assert list(draw_box(tab, 0.3, 0.6)["shape"]) == ["box"]
    assert page.locator(".selection-outline").count() == 1
    rows = page.evaluate(LIT)
    page.reload()
    tab.wait_for_map()
    page.wait_for_function("forTests.stats.lit !== null")
    assert page.evaluate(LIT) == rows
    expect(page.locator("#tab-selection")).to_have_attribute("aria-selected", "true")
    page.evaluate(LINED_UP)
    page.wait_for_function("forTests.map.points.arrangement === 'lined-up'")
    assert page.evaluate(LIT) == rows
    assert page.locator(".selection-outline").count() == 0


def test_a_lasso_that_ends_where_it_began_is_no_click(tab: Tab, run: str) -> None:
    page = tab.page
    tab.open(f"/?run={run}")
    tab.wait_for_map()
    (row,) = tab.rows_in_reach()[:1]
    x, y = tab.place_of(row)
    page.get_by_text("Lasso", exact=True).click()
    page.mouse.move(x, y)
    page.mouse.down()
    for across, down in ((100, -90), (100, 90), (-100, 90), (-100, -60), (0, 0)):
        page.mouse.move(x + across, y + down, steps=3)
    page.mouse.up()
    page.wait_for_function("forTests.map.shown.selection && forTests.stats.lit !== null")
    assert page.evaluate("forTests.stats.lit") > 0
    assert page.evaluate("forTests.here().row") is None
    assert "cluster=" not in page.url
