"""Pictures on the map and in the grid: the right one at each point, none on another, nothing asked for unseen."""

import base64
import io
import re
from typing import Any
from xml.etree import ElementTree

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from tests.browser.conftest import Tab
from tests.browser.test_saving import save
from tests.servers import Server
from tests.synthetic import color_of, write_run

ROWS = 300
MIXED = 120
ALL_THERE = """() => window.forTests && forTests.stats.picturesWanted > 0 && !forTests.camera.isMoving() &&
  !forTests.sprites.isWaiting() && forTests.stats.pictures === forTests.stats.picturesWanted"""
SHOWN = """() => {
  const pen = document.getElementById('map-pictures').getContext('2d');
  const { points } = forTests.map, seen = forTests.camera.scale(forTests.map.element);
  return forTests.pictures.all().map(({ row, left, top, side }) => {
    const [x, y] = seen.px(points.x[row], points.y[row]);
    const middle = [left + side / 2, top + side / 2];
    const inside = middle[0] > 0 && middle[1] > 0 && middle[0] < seen.width && middle[1] < seen.height;
    const color = inside ? [...pen.getImageData(Math.round(middle[0]), Math.round(middle[1]), 1, 1).data] : null;
    return { row, left, top, side, x, y, color };
  });
}"""
ZOOM = """factor => {
  const gd = forTests.map.element, seen = forTests.camera.scale(gd);
  forTests.camera.zoom(gd, factor, seen.width / 2, seen.height / 2);
}"""
SIZE = "(() => { const seen = forTests.camera.scale(forTests.map.element); return [seen.width, seen.height]; })()"


@pytest.fixture(scope="module")
def run(server: Server) -> str:
    return write_run(server.workspace, ROWS, dim=16, clusters=8, seed=21, pictures=1)


def pictures(page: Page) -> list[dict[str, Any]]:
    """Wait for all pictures of the view and return where each is, where its point is, and its colour."""
    page.wait_for_function(ALL_THERE)
    shown: list[dict[str, Any]] = page.evaluate(SHOWN)
    return shown


def check(shown: list[dict[str, Any]]) -> None:
    """Every picture is that of its row, and lies on no other."""
    for one in shown:
        if one["color"]:
            assert one["color"][:3] == pytest.approx(color_of(one["row"]), abs=9), one
    for i, a in enumerate(shown):
        for b in shown[i + 1 :]:
            apart = max(abs(a["left"] - b["left"]), abs(a["top"] - b["top"]))
            assert apart >= a["side"] - 0.01, (a, b)


def asked_rows(urls: list[str]) -> list[int]:
    return [int(row) for url in urls for row in url.split("rows=")[1].split(",")]


@pytest.mark.in_turn
def test_pictures_stand_at_their_points_and_more_of_them_when_near(tab: Tab, run: str) -> None:
    page = tab.page
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if "/sprites?" in request.url else None)
    tab.open(f"/?run={run}")
    far = pictures(page)
    check(far)
    assert 10 < len(far) < ROWS
    for one in far:
        half = one["side"] / 2
        assert (one["left"] + half, one["top"] + half) == pytest.approx((one["x"], one["y"]))
    assert sorted(asked_rows(asked)) == sorted(one["row"] for one in far)  # what is in view, once, and nothing else
    tab.shot("far")

    draws = page.evaluate("forTests.stats.draws")
    page.evaluate(ZOOM, 0.3)
    page.wait_for_function("before => forTests.stats.draws > before", arg=draws)
    near = pictures(page)
    check(near)
    rows = {one["row"] for one in near}
    assert rows - {one["row"] for one in far}
    width, height = page.evaluate(SIZE)
    stays = [abs(one["x"] / width - 0.5) < 0.14 and abs(one["y"] / height - 0.5) < 0.14 for one in far]
    assert {one["row"] for one, still in zip(far, stays, strict=True) if still} <= rows  # nearer, nobody goes
    assert len(asked_rows(asked)) == len(set(asked_rows(asked)))
    tab.shot("near")

    one = next(one for one in near if one["color"] and page.evaluate(FREE, [one["left"] + 9, one["top"] + 9]))
    box = page.locator("#map-pictures").bounding_box()
    assert box is not None
    corner = (box["x"] + one["left"] + 9, box["y"] + one["top"] + 9)
    page.mouse.move(*corner)
    expect(page.locator("#map-preview img")).to_have_attribute("src", re.compile(rf"/thumbnails/{one['row']}\.jpg"))
    page.mouse.click(*corner)
    page.wait_for_function("row => forTests.stats.focus === row", arg=one["row"])
    expect(page.locator(f"rect.focus-ring[data-row='{one['row']}']")).to_be_attached()
    tab.shot("clicked")


FREE = """([left, top]) => {
  const box = document.getElementById('map-pictures').getBoundingClientRect();
  const at = { clientX: box.x + left, clientY: box.y + top };
  const above = document.elementFromPoint(at.clientX, at.clientY);
  return Boolean(above && above.closest('#map') && !forTests.overlay.nameAt(at));
}"""


@pytest.mark.in_turn
def test_the_switch_hides_pictures_and_the_browser_remembers(tab: Tab, run: str) -> None:
    page = tab.page
    tab.open(f"/?run={run}")
    assert pictures(page)
    switch = page.locator("#map-pictures-toggle")
    expect(switch).to_have_attribute("aria-pressed", "true")
    switch.click()
    expect(switch).to_have_attribute("aria-pressed", "false")
    assert page.evaluate("forTests.stats.pictures") == 0
    blank = "document.getElementById('map-pictures').getContext('2d').getImageData(0, 0, 700, 700).data.some(Boolean)"
    assert not page.evaluate(blank)
    page.reload()
    tab.wait_for_map()
    expect(switch).to_have_attribute("aria-pressed", "false")
    assert page.evaluate("forTests.stats.pictures") == 0
    switch.click()
    check(pictures(page))


@pytest.mark.in_turn
def test_the_grid_has_every_row_once_and_a_search_lights_its_own(tab: Tab, run: str) -> None:
    page = tab.page
    page.emulate_media(color_scheme="dark")
    tab.open(f"/?run={run}")
    pictures(page)
    page.get_by_role("button", name="Grid").click()
    page.wait_for_function("() => forTests.map.points.arrangement === 'grid'")
    page.wait_for_function(f"() => forTests.stats.pictures === {ROWS}")
    shown = pictures(page)
    assert sorted(one["row"] for one in shown) == list(range(ROWS))
    check(shown)
    assert page.url.endswith(f"/?run={run}&arrangement=grid")
    tab.shot("grid")

    page.locator("button.cluster-row, [data-cluster]").first.evaluate("one => one.click()")
    page.wait_for_function("() => forTests.stats.lit > 0 && forTests.stats.lit < forTests.map.points.n")
    dim = {one["row"]: one["color"] for one in pictures(page)}
    mask = page.evaluate("[...forTests.map.mask]")
    for row, color in dim.items():
        faithful = color[:3] == pytest.approx(color_of(row), abs=9)
        assert faithful == bool(mask[row]), row
    tab.shot("grid-focus")


def test_texts_among_pictures_stay_points_and_texts_alone_ask_for_nothing(tab: Tab, server: Server, run: str) -> None:
    page = tab.page
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    mixed = write_run(server.workspace, MIXED, dim=16, clusters=4, seed=22, pictures=0.5)
    tab.open(f"/?run={mixed}&arrangement=grid")
    page.wait_for_function("() => window.forTests && forTests.stats.pictures > 0")
    shown = pictures(page)
    assert sorted(one["row"] for one in shown) == list(range(MIXED // 2))
    check(shown)

    texts = write_run(server.workspace, 80, dim=16, clusters=4, seed=23)
    asked.clear()
    tab.open(f"/?run={texts}&arrangement=grid")  # not offered: the map stands in
    tab.wait_for_map()
    expect(page.locator("#map-pictures-toggle")).to_be_hidden()
    assert page.evaluate("forTests.map.points.arrangement") is None
    assert not [url for url in asked if "/sprites?" in url or url.endswith("/pictures")]


@pytest.mark.in_turn
def test_a_saved_map_has_its_pictures_chosen_for_its_own_size(tab: Tab, run: str) -> None:
    page = tab.page
    tab.open(f"/?run={run}")
    on_screen = {one["row"] for one in pictures(page)}
    content, _ = save(page, tab, size="3200x2000", legend=False)
    (painting,) = ElementTree.fromstring(content).iter("{http://www.w3.org/2000/svg}image")
    assert int(painting.get("data-pictures") or 0) >= len(on_screen)
    href = painting.get("{http://www.w3.org/1999/xlink}href") or ""
    image = Image.open(io.BytesIO(base64.b64decode(href.split(",")[1]))).convert("RGBA")
    shares = [float(painting.get(side) or 0) for side in ("width", "height")]
    chosen = page.evaluate("""async ([width, height]) => {
      const gd = forTests.map.element, { shown } = forTests.map, seen = forTests.camera.view(gd);
      const unit = Math.max((seen.x[1] - seen.x[0]) / width, (seen.y[1] - seen.y[0]) / height);
      const about = ([low, high], length) => [(low + high - unit * length) / 2, (low + high + unit * length) / 2];
      const [x, y] = [about(seen.x, width), about(seen.y, height)];
      const px = (a, b) => [(a - x[0]) / unit, (y[1] - b) / unit];
      const frame = { x, y, px, perX: 1 / unit, perY: 1 / unit, width, height };
      const found = await forTests.pictures.forFrame(shown, frame, 1);
      return found.items.map((item) => [item.row, ...px(item.x, item.y)]);
    }""", shares)  # fmt: skip
    assert len(chosen) == int(painting.get("data-pictures") or 0)
    scale = image.width / shares[0]
    for row, x, y in chosen:
        if 0 < x < shares[0] and 0 < y < shares[1]:
            color = image.getpixel((round(x * scale), round(y * scale)))
            assert color[:3] == pytest.approx(color_of(row), abs=9)
    page.wait_for_function(ALL_THERE)
    assert {one["row"] for one in pictures(page)} == on_screen
