"""A map of 200,000 points: a sample is drawn, every row answers, and only small answers travel after the points."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Tab
from tests.browser.test_texts import drawn, traffic
from tests.servers import Server
from tests.synthetic import write_run

ROWS = 200_000
NO_WEBGL = """(() => {
  const given = HTMLCanvasElement.prototype.getContext;
  HTMLCanvasElement.prototype.getContext = function (kind, ...rest) {
    return /webgl/.test(kind) ? null : given.call(this, kind, ...rest);
  };
})()"""
UNDRAWN = """() => {
  const gd = document.querySelector('#map .js-plotly-plot'), box = gd.getBoundingClientRect();
  const { points } = forTests.map, seen = forTests.camera.scale(gd);
  const shown = new Set(gd.data.flatMap(trace => [...trace.customdata]));
  for (let row = 0; row < points.n; row++) {
    const [x, y] = seen.px(points.x[row], points.y[row]);
    const top = document.elementFromPoint(box.x + x, box.y + y);
    const first = forTests.nearestRow(points, points.x[row], points.y[row], 0);
    if (!shown.has(row) && top && gd.contains(top) && first === row) return [row, box.x + x, box.y + y];
  }
}"""


@pytest.fixture(scope="module")
def run(server: Server) -> str:
    return write_run(server.workspace, ROWS, dim=16)


@pytest.mark.in_turn
def test_many_points_are_moved_hovered_clicked_and_recoloured_for_kilobytes(tab: Tab, run: str) -> None:
    page = tab.page
    tab.open(f"/?run={run}")
    tab.wait_for_map()
    assert page.evaluate("forTests.stats.fetchBytes") == 40 + 8 * ROWS
    sample = page.evaluate("forTests.stats.points")
    assert 8_000 < sample < 16_000
    expect(page.locator("#map-count")).to_have_text(f"{sample:,} of 200,000 drawn")
    row, x, y = page.evaluate(UNDRAWN)
    moved = {}

    asked = traffic(page)
    page.mouse.move(x, y)
    page.wait_for_selector(f".hover-ring[data-row='{row}']", state="attached")
    page.wait_for_selector("#map-preview.shown")
    expect(page.locator("#map-preview")).to_contain_text(f"Row {row}:")
    moved["hover"] = asked()

    asked = traffic(page)
    page.mouse.click(x, y)
    page.wait_for_function("row => forTests.stats.focus === row && forTests.stats.clickToPaintMs !== null", arg=row)
    expect(page.locator("[data-testid=neighbor-card]")).to_have_count(10)
    moved["click"] = asked()

    asked = traffic(page)
    before = page.evaluate("forTests.camera.view(forTests.map.element).x[0]")
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 90, y + 40, steps=4)
    page.mouse.up()
    page.wait_for_function("!forTests.camera.isMoving()")
    assert page.evaluate("forTests.camera.view(forTests.map.element).x[0]") < before
    left, top = tab.place_of(row)
    assert (left, top) == pytest.approx((x + 90, y + 40), abs=2)
    moved["pan"] = asked()
    tab.shot("panned")

    for colour in ("score", "How far it stands apart"):
        asked = traffic(page)
        draws = page.evaluate("forTests.stats.draws")
        page.click("#color-by")
        page.get_by_role("option", name=colour, exact=True).click()
        page.wait_for_function("draws => forTests.stats.draws > draws", arg=draws)
        expect(page.locator("#map-legend .legend-title")).to_have_text(colour)
        moved[colour] = asked()
        tab.shot(colour)

    kilobytes = {what: sizes / 1000 for what, (_, sizes) in moved.items()}
    print(", ".join(f"{what} {kb:.1f} kB" for what, kb in kilobytes.items()))
    assert not [url for urls, _ in moved.values() for url in urls if "/points" in url]
    assert kilobytes["pan"] < 5  # 0; on a slow machine the library is asked after in between
    assert kilobytes["hover"] < 5
    assert kilobytes["click"] < 40
    assert kilobytes["score"] < 320  # a byte a row, as base64
    assert kilobytes["How far it stands apart"] < 320


def test_without_webgl_a_picture_of_all_rows_stands_in_and_says_so(tab: Tab, run: str) -> None:
    tab.page.add_init_script(NO_WEBGL)
    tab.open(f"/?run={run}")
    tab.wait_for_map()
    expect(tab.page.locator("#map-count")).to_contain_text("no WebGL")
    assert tab.page.evaluate("document.querySelector('#map .js-plotly-plot').data.length") == 0
    assert drawn(tab.page) > 5_000
    row, x, y = tab.page.evaluate(UNDRAWN)
    tab.page.mouse.click(x, y)
    tab.page.wait_for_function("row => forTests.stats.focus === row", arg=row)
    tab.shot("no-webgl")
