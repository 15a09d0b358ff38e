"""The map in three dimensions: asked for, turned, clicked, searched, coloured, kept through a reload, left again."""

import io
import re

import pytest
from PIL import Image
from playwright.sync_api import expect

from tests.browser.conftest import Tab
from tests.browser.samples import table, texts
from tests.browser.test_saving import save
from tests.graphs import as_csv, grouped
from tests.servers import Server

SHOWN = "forTests.map.shown && forTests.map.shown.points.arrangement === '3d'"
FREE = """() => {
  const gd = forTests.map.element, box = gd.getBoundingClientRect(), { points } = forTests.map;
  const seen = forTests.camera.scale(gd);
  const rows = [...points.grid.rows].sort((a, b) => points.depth[b] - points.depth[a]);
  for (const row of rows) {
    const [x, y] = seen.px(points.x[row], points.y[row]);
    const top = document.elementFromPoint(box.x + x, box.y + y);
    const named = forTests.overlay.nameAt({ clientX: box.x + x, clientY: box.y + y });
    const inFront = forTests.nearestRow(points, points.x[row], points.y[row], 9 / seen.perX) === row;
    if (top && gd.contains(top) && !named && inFront) {
      return [row, box.x + x, box.y + y];
    }
  }
}"""
PAINTED = """() => {
  const canvas = document.getElementById('map-density');
  const pixels = new Uint32Array(canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data.buffer);
  const ground = pixels[0];
  return { other: pixels.filter(p => p !== ground).length, colors: new Set(pixels).size };
}"""

# In one step: the layer's elements are made anew whenever it is laid out.
RING = """() => {
  const ring = document.querySelector('#map-layer .focus-ring').getBoundingClientRect();
  return [ring.x + ring.width / 2, ring.y + ring.height / 2];
}"""


# A slow browser rests between two moves of the pointer, too.
AT_REST = """() => {
  const before = window.restingPlaces;
  window.restingPlaces = [...forTests.map.points.x].join();
  return forTests.stats.rests > 0 && window.restingPlaces === before;
}"""


@pytest.fixture(scope="module")
def run(server: Server) -> str:
    key = server.start(server.add("space.csv", table(texts(30))))
    server.finish(key)
    return key


@pytest.mark.in_turn
def test_the_rows_are_turned_clicked_searched_and_coloured_in_space(tab: Tab, server: Server, run: str) -> None:
    page = tab.page
    assert server.client.get(f"/api/v1/runs/{run}/points", params={"dims": 3}).status_code == 409
    assert server.get(f"/runs/{run}/neighbors/0", dims=3)["map_dims"] == 2
    tab.open(f"/?run={run}")
    tab.wait_for_map()
    page.click("[data-arrangement='3d']")
    page.wait_for_function(SHOWN)
    assert "arrangement=3d" in page.url
    assert server.get(f"/runs/{run}/space")["state"] == "done"
    expect(page.locator("#map-space-note")).to_contain_text(re.compile(r"3-D map \d\d % faithful"))
    assert page.evaluate("forTests.stats.points") == page.evaluate("forTests.map.points.n")
    assert page.evaluate("document.querySelector('#map .js-plotly-plot').data.length") == 0
    assert page.evaluate(PAINTED)["other"] > 1_000
    first = page.evaluate("[...forTests.map.points.x.slice(0, 40)]")
    anchor = page.locator("#map-layer .cluster-name").first
    expect(anchor).to_be_visible()
    tab.shot("first")

    x, y = page.evaluate("() => { const b = forTests.map.element.getBoundingClientRect(); return [b.x + b.width / 2, b.y + b.height / 2]; }")  # noqa: E501  # fmt: skip
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 80, y + 30, steps=5)
    page.mouse.up()
    page.wait_for_function(AT_REST, polling=300)
    turned = page.evaluate("[...forTests.map.points.x.slice(0, 40)]")
    assert max(abs(a - b) for a, b in zip(first, turned, strict=True)) > 0.1
    assert page.evaluate("forTests.camera.isMoving()") is False

    middle = x
    row, x, y = page.evaluate(FREE)
    inward = "ArrowRight" if x < middle else "ArrowLeft"  # where there are others
    page.mouse.click(x, y)
    page.wait_for_function("row => forTests.stats.focus === row && forTests.stats.neighbors.length === 10", arg=row)
    told = server.get(f"/runs/{run}/neighbors/{row}", dims=3)
    assert told["map_dims"] == 3
    assert page.evaluate("forTests.stats.neighbors") == [near["row"] for near in told["neighbors"]]
    assert page.evaluate("forTests.stats.far") == [near["row"] for near in told["neighbors"] if near["far_on_map"]]
    asked = page.evaluate("performance.getEntriesByType('resource').map(one => one.name)")
    assert [url.split("&")[-1] for url in asked if f"/neighbors/{row}?" in url] == ["dims=3"]
    expect(page.locator("[data-testid=neighbor-card]")).to_have_count(10)
    assert page.evaluate(RING) == pytest.approx([x, y], abs=3)
    tab.shot("clicked")

    cursor = "Number(document.querySelector('#map-cursor svg')?.dataset.row ?? -1)"
    before_turn = page.evaluate("forTests.stats.rests")
    page.keyboard.press(inward)  # a click has made the map the one that keys are for
    page.wait_for_function(f"row => {cursor} !== row && {cursor} >= 0", arg=row)
    assert page.evaluate("forTests.stats.rests") == before_turn
    page.keyboard.press("Shift+ArrowRight")
    page.wait_for_function("rests => forTests.stats.rests > rests", arg=before_turn)

    rests = page.evaluate("forTests.stats.rests")
    page.locator("#map-holder").evaluate("holder => document.activeElement.blur()")
    page.keyboard.press("ArrowRight")
    page.wait_for_function("rests => forTests.stats.rests > rests", arg=rests)
    page.click("#map-fit")
    page.wait_for_function("first => Math.abs(forTests.map.points.x[0] - first) < 1e-4", arg=first[0])

    before = page.evaluate(PAINTED)
    page.fill("#search-box", "the bus was late")
    page.press("#search-box", "Enter")
    page.wait_for_selector("#map-layer .hit-mark", state="attached")
    page.wait_for_function("forTests.stats.lit > 0")
    assert page.evaluate(PAINTED) != before
    tab.shot("searched")


@pytest.mark.in_turn
def test_an_address_opens_it_again_and_the_map_comes_back(tab: Tab, server: Server, run: str) -> None:
    server.client.post(f"/api/v1/runs/{run}/space").raise_for_status()
    page = tab.page
    page.emulate_media(color_scheme="dark")  # a page that is dark from the start
    tab.open(f"/?run={run}&arrangement=3d&color=computed%3Aoutlier_score")
    page.wait_for_function(SHOWN)
    expect(page.locator("#map-legend .legend-title")).to_have_text("How far it stands apart")
    page.reload()
    page.wait_for_function(SHOWN)
    expect(page.locator("html")).to_have_attribute("data-mantine-color-scheme", "dark")
    page.wait_for_function("forTests.stats.points > 0")
    tab.shot("again")
    page.click("[data-arrangement='map']")
    page.wait_for_function("forTests.map.shown.points.arrangement === undefined && forTests.stats.points > 0")
    assert "arrangement" not in page.url
    expect(page.locator("#map-space-note")).to_be_empty()
    page.wait_for_function("document.querySelector('#map .js-plotly-plot').data.length > 0")


LINES = """() => [...document.querySelectorAll('#map-layer .graph-edge')].map(
  path => [Number(path.dataset.row), path.getAttribute('d').split('M')[1], Number(path.getAttribute('opacity'))])"""
ENDS = """() => {
  const { points } = forTests.map, frame = forTests.camera.scale(forTests.map.element);
  const round = v => Math.round(v * 10) / 10;
  const at = row => frame.px(points.x[row], points.y[row]).map(round).join(' ');
  return [...document.querySelectorAll('#map-layer .graph-edge')].map(({ dataset: { row, way } }) =>
    way === 'from' ? [at(row), at(forTests.stats.focus)] : [at(forTests.stats.focus), at(row)]);
}"""


@pytest.mark.in_turn
def test_the_edges_of_a_graphs_node_follow_it_in_space(tab: Tab, server: Server) -> None:
    key = server.start(server.add("graph.csv", as_csv(grouped(4, 12)).encode()))
    server.finish(key)
    server.client.post(f"/api/v1/runs/{key}/space").raise_for_status()
    page = tab.page
    tab.open(f"/?run={key}&row=3&arrangement=3d")
    page.wait_for_function(SHOWN)
    page.wait_for_selector("#map-layer .graph-edge", state="attached")
    told = {edge["row"] for edge in server.get(f"/runs/{key}/neighbors/3", dims=3)["edges"]}
    before = page.evaluate(LINES)
    assert {row for row, _, _ in before} == told
    assert {strength for _, _, strength in before} <= {round(one / 100, 2) for one in range(60, 101)}
    rests = page.evaluate("forTests.stats.rests || 0")
    page.locator("#map-holder").evaluate("holder => document.activeElement.blur()")
    page.keyboard.press("ArrowRight")
    page.wait_for_function("rests => forTests.stats.rests > rests", arg=rests)
    after = page.evaluate(LINES)
    assert {row for row, _, _ in after} == told
    assert [d for _, d, _ in after] != [d for _, d, _ in before]
    assert [d.split("L") for _, d, _ in after] == page.evaluate(ENDS)
    tab.shot("edges")


def test_a_layout_that_cannot_be_made_is_a_sentence_and_the_map_stays(tab: Tab, run: str) -> None:
    page = tab.page
    told = '{"run": "x", "state": "failed", "progress": {}, "waiting_for": "", "error": "the map worker ended."}'
    page.route("**/runs/*/space", lambda route: route.fulfill(status=202, content_type="application/json", body=told))
    tab.open(f"/?run={run}")
    tab.wait_for_map()
    page.click("[data-arrangement='3d']")
    expect(page.get_by_text("The 3-D map was not made: the map worker ended.")).to_be_visible()
    assert "arrangement" not in page.url
    assert page.evaluate("forTests.stats.points > 0")


@pytest.mark.in_turn
def test_the_map_in_space_is_saved_as_it_is_turned(tab: Tab, run: str) -> None:
    page = tab.page
    tab.open(f"/?run={run}&arrangement=3d")
    page.wait_for_function(SHOWN)
    content, name = save(page, tab, format="png", size="1600x1000", background="light", names=False, legend=False)
    assert name.endswith("-map.png")
    image = Image.open(io.BytesIO(content)).convert("RGB")
    assert image.size == (1600, 1000)
    ground = image.getpixel((3, 3))
    pixels = image.crop((20, 60, 1580, 960)).getcolors(2_000_000) or []
    painted = sum(count for count, color in pixels if color != ground)
    assert painted > 5_000
    assert painted < 0.5 * 1_560 * 900
    dot = page.evaluate("forTests.map.points.dot")
    page.evaluate("forTests.paintDensity()")
    assert page.evaluate("forTests.map.points.dot") == dot
