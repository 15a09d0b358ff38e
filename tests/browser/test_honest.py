"""What the map does not keep: neighbours that it shows elsewhere, and who is near on it alone, are marked as such."""

from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser import samples
from tests.browser.conftest import Tab
from tests.servers import Server

K = 25


@pytest.fixture(scope="module")
def run(server: Server) -> str:
    key = server.start(server.add("honest.csv", samples.table(samples.unequal())))
    server.finish(key)
    return key


@pytest.fixture(scope="module")
def torn(server: Server, run: str) -> dict[str, Any]:
    """The answer for the first row of which some neighbours are far on the map, and which has strangers beside it."""
    answers = (server.get(f"/runs/{run}/neighbors/{row}", k=K) for row in range(140))
    return next(a for a in answers if a["only_on_map"] and 0 < sum(n["far_on_map"] for n in a["neighbors"]) < K)


def test_the_answer_is_what_a_sort_of_the_map_says(server: Server, run: str, torn: dict[str, Any]) -> None:
    items = [server.get(f"/runs/{run}/items/{row}") for row in range(140)]
    here = items[torn["row"]]
    away = [(item["x"] - here["x"]) ** 2 + (item["y"] - here["y"]) ** 2 for item in items]
    order = sorted((row for row in range(140) if row != torn["row"]), key=lambda row: away[row])
    assert torn["near_ranks"] == K
    for near in torn["neighbors"]:
        assert near["map_rank"] == pytest.approx(order.index(near["row"]) + 1, abs=1)  # the items' places are rounded
        assert near["far_on_map"] == (near["map_rank"] > K)
    assert not {n["row"] for n in torn["neighbors"]} & {n["row"] for n in torn["only_on_map"]}
    assert {n["row"] for n in torn["only_on_map"]} <= set(order[: K + 1])


@pytest.mark.in_turn
def test_far_neighbours_have_dashed_lines_and_a_badge_and_strangers_a_list(
    tab: Tab, run: str, torn: dict[str, Any]
) -> None:
    page = tab.page
    tab.open(f"/?run={run}&row={torn['row']}&k={K}")
    tab.wait_for_map()
    far = [near["row"] for near in torn["neighbors"] if near["far_on_map"]]
    card = page.locator("[data-testid=neighbor-card]")
    expect(card).to_have_count(K)
    marked = card.filter(has=page.locator(".badge", has_text="others nearer on the map"))
    assert [int(row) for row in marked.evaluate_all("cards => cards.map(card => card.dataset.row)")] == far
    page.wait_for_function("forTests.stats.far && forTests.stats.far.length > 0")
    assert page.evaluate("forTests.stats.far") == far
    lines = page.locator("#map-layer .neighbor-line")
    expect(lines).to_have_count(K)
    dashed = lines.evaluate_all("lines => lines.map(line => getComputedStyle(line).strokeDasharray !== 'none')")
    assert dashed == [near["far_on_map"] for near in torn["neighbors"]]
    strangers = [near["row"] for near in torn["only_on_map"]]
    rings = page.locator("#map-layer .stranger-mark").evaluate_all("all => all.map(one => Number(one.dataset.row))")
    assert rings == strangers
    folded = page.locator("[data-testid=map-only-card]")
    expect(folded.first).to_be_hidden()
    page.get_by_text("Near on the map only").click()
    expect(folded.first).to_be_visible()
    assert [int(row) for row in tab.rows_of("map-only-card")] == strangers
    expect(folded.first).to_contain_text("far in truth")
    tab.shot("torn")
    folded.first.click()
    page.wait_for_function("row => forTests.stats.focus === row", arg=strangers[0])
