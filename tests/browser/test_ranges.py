"""The range on a legend's scale: what it counts, what it leaves bright, and that the address keeps it."""

import re
from typing import Any

import pandas as pd
import pytest
from playwright.sync_api import Page, expect

from explorer.workspace.folder import Workspace
from tests.browser.conftest import Tab
from tests.browser.test_colors import bright, choose, shown
from tests.servers import Server
from tests.synthetic import write_run

ROWS = 600
SAID = ".legend-range p"
HANDLES = "#map-legend .legend-handle"


@pytest.fixture(scope="module")
def run(server: Server) -> str:
    return write_run(server.workspace, ROWS, dim=16, seed=21)


@pytest.fixture(scope="module")
def table(server: Server, run: str) -> pd.DataFrame:
    workspace = Workspace(server.workspace)
    return workspace.datasets.open(workspace.runs.record(run)["dataset"]).table


def said(page: Page) -> tuple[list[str], int]:
    """Return what the legend says: from and to, and how many rows are bright."""
    words = page.locator(SAID).inner_text()
    found = re.fullmatch(r"(.+?)(?: – (.+))?: ([\d,]+) of 600 rows", words)
    assert found, words
    return [found[1], found[2] or found[1]], int(found[3].replace(",", ""))


def drag(page: Page, end: int, share: float) -> None:
    """Drag a handle to a share of the scale."""
    expect(page.locator(".legend-ramp")).to_be_visible()
    ramp = page.locator(".legend-ramp").bounding_box()
    box = page.locator(HANDLES).nth(end).bounding_box()
    assert ramp is not None
    assert box is not None
    y = box["y"] + box["height"] / 2
    value = int(page.locator(HANDLES).nth(end).input_value())
    page.mouse.move(ramp["x"] + ramp["width"] * value / 254, y)
    page.mouse.down()
    page.mouse.move(ramp["x"] + ramp["width"] * share, y, steps=5)


@pytest.mark.in_turn
def test_a_range_of_dates_is_what_it_says_and_stays_in_the_address(tab: Tab, run: str, table: pd.DataFrame) -> None:
    page = tab.page
    tab.open(f"/?run={run}&color=column:day")
    tab.wait_for_map()
    days = table["day"]
    expect(page.locator("#map-legend .legend-title")).to_have_text("day")
    whole, count = said(page)
    assert count == ROWS
    assert [pd.Timestamp(day) for day in whole] == [days.min(), days.max()]
    drag(page, 0, 0.25)
    (first, last), count = said(page)  # said while the hand still holds the handle
    assert count == int(days.between(pd.Timestamp(first), pd.Timestamp(last)).sum()) < ROWS
    page.wait_for_function("forTests.map.glimpsed")
    assert "picked" not in page.url
    page.mouse.up()
    drag(page, 1, 0.6)
    page.mouse.up()
    (first, last), count = said(page)
    inside = days.between(pd.Timestamp(first), pd.Timestamp(last))
    assert 20 < count == int(inside.sum()) < 400
    page.wait_for_function("count => forTests.stats.lit === count && !forTests.map.glimpsed", arg=count)
    assert bright(page) == inside[inside].index.tolist()
    assert len(shown(page)) == ROWS  # the others are pale, but there
    low, high = (int(page.locator(HANDLES).nth(end).input_value()) for end in (0, 1))
    assert abs(low - 254 * 0.25) <= 2
    assert abs(high - 254 * 0.6) <= 2
    assert page.url.endswith(f"&picked={low}-{high}")
    expect(page.locator("#map-legend [data-names]")).to_be_visible()  # days are of all clusters
    tab.shot("dates")

    page.reload()
    tab.wait_for_map()
    page.wait_for_function("count => forTests.stats.lit === count", arg=count)
    assert said(page) == ([first, last], count)
    page.go_back()
    page.wait_for_function("count => forTests.stats.lit > count", arg=count)
    page.go_forward()
    page.wait_for_function("count => forTests.stats.lit === count", arg=count)
    page.locator(HANDLES).first.focus()
    page.keyboard.press("Escape")
    page.wait_for_function("forTests.stats.lit === null")
    assert said(page) == (whole, ROWS)
    assert "picked" not in page.url


@pytest.mark.in_turn
def test_a_range_of_numbers_by_keyboard_and_the_walk_of_a_span(tab: Tab, run: str, table: pd.DataFrame) -> None:
    page = tab.page
    tab.open(f"/?run={run}&color=column:score")
    tab.wait_for_map()
    high = page.locator(HANDLES).nth(1)
    high.focus()
    for _ in range(6):
        page.keyboard.press("PageDown")
    (first, last), count = said(page)
    assert high.get_attribute("aria-valuetext") == last
    scores = table["score"]
    assert count == int(scores.between(number(first), number(last)).sum()) < ROWS
    page.wait_for_function("count => forTests.stats.lit === count && !forTests.map.glimpsed", arg=count)
    expect(high).to_be_focused()
    choose(page, "day")
    page.wait_for_function("forTests.stats.lit === null")
    choose(page, "score")
    page.wait_for_function("count => forTests.stats.lit === count", arg=count)
    choose(page, "day")
    page.locator(HANDLES).nth(1).focus()
    for _ in range(5):
        page.keyboard.press("PageDown")
    page.wait_for_function("forTests.stats.lit !== null && !forTests.map.glimpsed")
    before = page.locator(SAID).inner_text()
    page.get_by_role("button", name="Play").click()
    page.wait_for_function("before => document.querySelector('.legend-range p').textContent !== before", arg=before)
    page.get_by_role("button", name="Stop").click()
    ends = [int(handle.input_value()) for handle in page.locator(HANDLES).all()]
    page.wait_for_function("ends => location.search.endsWith(`picked=${ends.join('-')}`)", arg=ends)
    page.get_by_role("button", name="Show all").click()
    page.wait_for_function("forTests.stats.lit === null && !forTests.map.glimpsed")
    before = page.locator(SAID).inner_text()
    page.get_by_role("button", name="Play").click()  # all is bright: a part begins to move
    page.wait_for_function("before => document.querySelector('.legend-range p').textContent !== before", arg=before)
    page.get_by_role("button", name="Stop").click()
    page.wait_for_function("forTests.stats.lit !== null && !forTests.map.glimpsed")


@pytest.mark.in_turn
def test_picked_categories_stay_in_the_address(tab: Tab, server: Server, run: str) -> None:
    page = tab.page
    counts: list[Any] = server.get(f"/runs/{run}/columns/kind")["counts"]
    tab.open(f"/?run={run}&color=column:kind&picked=2.99")
    tab.wait_for_map()
    page.wait_for_function("size => forTests.stats.lit === size", arg=counts[1])
    entry = page.locator("#map-legend button[data-code]")
    expect(entry.nth(1)).to_have_attribute("aria-pressed", "true")
    entry.nth(0).click()
    page.wait_for_function("size => forTests.stats.lit === size", arg=counts[0] + counts[1])
    assert page.url.endswith("&picked=1.2")
    tab.click_row(tab.rows_in_reach()[0])
    expect(page.locator("[data-testid=neighbor-card]")).to_have_count(10)
    page.locator("[data-testid=neighbor-card]").first.click()
    assert "picked=1.2" in page.url  # walking on leaves the view as it is
    page.reload()
    tab.wait_for_map()
    page.wait_for_function("forTests.map.recent.length === 2")
    page.keyboard.press("Escape")  # a step back at a time: the point, and the colours
    page.wait_for_function("forTests.map.recent.length === 1")
    page.keyboard.press("Escape")
    page.wait_for_function("forTests.map.recent.length === 0 && forTests.stats.lit === null")
    assert "picked" not in page.url
    assert "row=" not in page.url


def number(words: str) -> float:
    return float(words.replace(",", "").replace("−", "-"))
