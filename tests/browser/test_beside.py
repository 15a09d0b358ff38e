"""Two maps side by side: what is done on one is seen on both."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Tab
from tests.servers import Server
from tests.synthetic import write_run

ROWS = 400
READY = "() => window.forTests?.page?.panes.every(pane => pane.ink && pane.seen)"
AT = """([side, row]) => {
  const { root, points, seen } = forTests.page.panes[side], box = root.getBoundingClientRect();
  const [x, y] = [points.x[row], points.y[row]];
  const across = (x - seen.x[0]) / (seen.x[1] - seen.x[0]), down = (seen.y[1] - y) / (seen.y[1] - seen.y[0]);
  return [box.left + root.clientLeft + across * root.clientWidth, box.top + root.clientTop + down * root.clientHeight];
}"""
ALONE = """side => {
  const { x, y } = forTests.page.panes[side].points, rows = [...x.keys()];
  const far = (row, one) => (one === row ? Infinity : Math.hypot(x[one] - x[row], y[one] - y[row]));
  const away = row => Math.min(...rows.map(one => far(row, one)));
  return rows.reduce((best, row) => (away(row) > away(best) ? row : best), 0);
}"""


@pytest.fixture(scope="module")
def pair(server: Server) -> tuple[str, str]:
    a, b = (write_run(server.workspace, ROWS, dim=16, clusters=6, seed=41, encoder=name) for name in ("minilm", "muse"))
    return a, b


def opened(tab: Tab, address: str) -> Page:
    tab.page.goto(tab.server.address + address)
    tab.page.wait_for_function(READY)
    return tab.page


def marked(page: Page, mark: str) -> list[list[str]]:
    """Return the rows that have a mark on either map."""
    rows = "marks => marks.map(mark => mark.dataset.row)"
    return [page.locator(f"#beside-{side} .beside-{mark}").evaluate_all(rows) for side in (0, 1)]


def test_what_is_done_on_one_map_is_seen_on_both(new_tab, server: Server, pair: tuple[str, str]) -> None:
    a, b = pair
    tab = new_tab()
    page = opened(tab, f"/compare/{a}/{b}")
    told = server.get(f"/runs/{a}/compare/{b}")
    expect(page.locator(".of-whole")).to_contain_text(told["said"][0])
    expect(page.locator(".of-moved .beside-card").first).to_have_attribute("data-row", str(told["moved"][0]["row"]))

    row = page.evaluate(ALONE, 1)
    page.mouse.move(*page.evaluate(AT, [1, row]))
    expect(page.locator("#beside-preview")).to_contain_text(f"Row {row}:")
    assert marked(page, "hover") == [[str(row)], [str(row)]]

    page.mouse.click(*page.evaluate(AT, [1, row]))
    expect(page.locator(".of-row")).to_contain_text("nearest are the same")
    near = server.get(f"/runs/{a}/compare/{b}/items/{row}")
    assert marked(page, "focus") == [[str(row)], [str(row)]]
    wanted = [[str(card["row"]) for card in near[side]] for side in ("near_a", "near_b")]
    assert [sorted(rows) for rows in marked(page, "near")] == [sorted(rows) for rows in wanted]
    lists = [page.locator(f".of-row .beside-two > :nth-child({at}) .beside-card") for at in (1, 2)]
    assert [cards.evaluate_all("cards => cards.map(card => card.dataset.row)") for cards in lists] == wanted

    page.fill("#beside-query", f"= #{row}")
    page.press("#beside-query", "Enter")
    expect(page.locator(".of-hits")).to_be_visible()
    found = [server.get(f"/runs/{run}/search", q=f"= #{row}", k=20)["hits"] for run in pair]
    assert marked(page, "hit") == [[str(hit["row"]) for hit in hits] for hits in found]
    page.select_option("#beside-color", "overlap")
    expect(page.locator(".beside-ramp")).to_be_visible()
    assert f"row={row}" in page.url
    assert "color=overlap" in page.url
    tab.shot("beside")


def test_what_is_drawn_around_on_one_map_is_bright_on_both_and_keys_walk(new_tab, pair: tuple[str, str]) -> None:
    tab = new_tab(width=900, height=800)
    page = opened(tab, f"/compare/{pair[0]}/{pair[1]}?color=second&row=7")
    expect(page.locator("#beside-color")).to_have_value("second")
    expect(page.locator(".of-row")).to_be_visible()
    box = page.locator("#beside-0").bounding_box()
    assert box is not None
    page.click("#beside-lasso")
    left, top, right, low = (box["x"] + 3, box["y"] + 3, box["x"] + box["width"] - 3, box["y"] + box["height"] - 3)
    page.mouse.move(left, top)
    page.mouse.down()
    for x, y in ((right, top), (right, low), (left, low), (left, top + 8)):
        page.mouse.move(x, y, steps=3)
    page.mouse.up()
    expect(page.locator(".of-selection")).to_contain_text(f"{ROWS} rows selected")
    lit = "() => forTests.page.panes.map(pane => pane.ink.lit && pane.ink.lit.reduce((sum, is) => sum + is, 0))"
    page.wait_for_function(f"() => ({lit})().every(count => count === {ROWS})")

    page.focus("#beside-1")
    page.keyboard.press("ArrowLeft")
    expect(page.locator("#beside-0 .beside-hover")).to_have_count(1)
    row = marked(page, "hover")[0][0]
    page.keyboard.press("Enter")
    expect(page.locator("#beside-0 .beside-focus")).to_have_attribute("data-row", row)
    page.keyboard.press("Escape")
    expect(page.locator(".beside-focus")).to_have_count(0)
    wide = page.evaluate("() => [document.querySelector('.beside-main').scrollWidth, document.body.scrollWidth]")
    assert max(wide) <= 900


def test_maps_that_cannot_be_compared_are_told_with_a_sentence(new_tab, server: Server, pair: tuple[str, str]) -> None:
    tab = new_tab()
    tab.page.goto(f"{server.address}/compare/{pair[0]}/nothing")
    expect(tab.page.locator("#beside-fault")).to_contain_text("is not here any more")
    tab.errors = [error for error in tab.errors if "404" not in error]  # the browser's own word on such an answer
