"""The main road with texts: drop a CSV, get a map, click a point, search, take the report away."""

import io
import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Page, Request, Route, expect

from tests.browser import samples
from tests.browser.conftest import Tab
from tests.servers import Server, until

FAULTY: list[tuple[str, str, int]] = [("", "battery", 3), ("   ", "kitchen", 2)]

SQUARES = """() => document.querySelector('#map .js-plotly-plot').data
  .filter(({ marker }) => marker.symbol === 'square').reduce((sum, { x }) => sum + x.length, 0)"""
"""How many rows are drawn as squares."""


@pytest.fixture(scope="module")
def run(server: Server) -> str:
    """A finished run over texts, made without the browser."""
    key = server.start(server.add("themes.csv", samples.table(samples.texts())))
    server.finish(key)
    return key


@pytest.mark.in_turn
def test_a_dropped_csv_becomes_a_map_that_answers(tab: Tab, server: Server, tmp_path: Path) -> None:
    source = tmp_path / "reviews.csv"
    rows = samples.texts()[::-1]  # no other test's, whose run would be done at once
    source.write_bytes(samples.table([*rows[:30], FAULTY[0], *rows[30:60], FAULTY[1], *rows[60:]]))
    page = tab.page
    tab.open()
    tab.shot("start")

    tab.drop(source)
    preview = page.locator("[data-testid=preview-table] tbody tr")
    expect(preview).to_have_count(10)
    expect(preview.first.locator("td").first).to_have_text(rows[0][0])
    expect(page.locator("[data-testid=preview-count]")).to_have_text("160 rows; 2 rows left out")
    expect(page.locator("#text-column")).to_have_value("review")
    tab.shot("preview")
    page.click("[data-testid=rejected-show]")
    listed = page.locator("[data-testid=rejected-table] tbody tr")
    expect(listed).to_have_count(2)
    assert [cell.split("\t")[:2] for cell in listed.all_inner_texts()] == [
        ["reviews.csv", "line 32"],
        ["reviews.csv", "line 63"],
    ]
    tab.shot("rejected")

    with server.halted("encode"):
        page.click("#explore")
        page.wait_for_selector("[data-testid=progress] [data-testid=stage-row]")
        tab.shot("progress")
    tab.wait_for_map()
    run = page.url.split("run=")[1].split("&")[0]
    assert page.evaluate("forTests.stats.points") == 160
    page.wait_for_function("forTests.growing.layouts >= 10")
    expect(page.locator("#stage.has-picture")).to_have_count(0)  # it gives way to the finished map
    assert page.evaluate(WHILE_IN_THE_MAKING) == ["hidden", "visible"]  # and never lies over another that was here
    tab.shot("map")

    row = tab.rows_in_reach(18)[17]
    tab.click_row(row)
    card = page.locator("[data-testid=neighbor-card]")
    expect(card).to_have_count(10)
    answer = server.get(f"/runs/{run}/neighbors/{row}", k=10)["neighbors"]
    assert tab.neighbors() == [near["row"] for near in answer]
    assert [near["similarity"] for near in answer] == pytest.approx(brute_force(server, run, row)[:10], abs=1e-5)
    shown = card.evaluate_all("cards => cards.map(card => Number(card.dataset.score))")
    assert shown == pytest.approx([near["similarity"] for near in answer], abs=1e-6)
    expect(page.locator("[data-testid=point]")).to_contain_text(server.get(f"/runs/{run}/items/{row}")["text"])
    assert f"row={row}" in page.url
    tab.shot("neighbors")

    page.fill("#search-box", "my mobile has no power left")
    page.press("#search-box", "Enter")
    expect(page.locator("[data-testid=hit-card]")).to_have_count(20)
    hits = server.get(f"/runs/{run}/search", q="my mobile has no power left", k=20)["hits"]
    assert [int(row) for row in tab.rows_of("hit-card")] == [hit["row"] for hit in hits]
    themes = [server.get(f"/runs/{run}/items/{hit['row']}")["metadata"]["theme"] for hit in hits[:10]]
    assert themes.count("battery") >= 9
    page.wait_for_function("near => forTests.stats.lit === near", arg=sum(not hit["weak"] for hit in hits))
    expect(page.locator("#search-results h3")).to_contain_text("nearest to “my mobile has no power left”")
    tab.shot("search")

    page.click("#tab-export")
    with page.expect_download() as download:
        page.click("[data-testid='download-report.html']")
    report = Path(download.value.path()).read_text(encoding="utf-8")
    assert download.value.suggested_filename.endswith(".html")
    assert run in report
    assert "reviews.csv" in report
    tab.shot("report")

    tab.drop(source, on="#map-holder")  # what is here already: nothing but a word shows that it was read
    expect(page.locator(".mantine-Notification-root")).to_contain_text(
        "160 rows; 2 rows left out. The map on screen is"
    )


WHILE_IN_THE_MAKING = """() => {
  const stage = document.getElementById('stage');
  const seen = () => getComputedStyle(document.querySelector('.map-graph')).visibility;
  return [true, false].map(on => (stage.classList.toggle('has-picture', on), seen()));
}"""


def brute_force(server: Server, run: str, row: int) -> list[float]:
    """Return the cosine similarities of a row to all others, descending, from the vectors that the server hands out."""
    content = server.client.get(f"/api/v1/runs/{run}/vectors.npy").raise_for_status().content
    vectors = np.load(io.BytesIO(content))
    return sorted(np.delete(vectors @ vectors[row], row).tolist(), reverse=True)


@pytest.mark.in_turn
def test_hits_that_come_late_take_nobody_away_from_what_he_went_on_to(tab: Tab, run: str) -> None:
    tab.open(f"/?run={run}")
    tab.wait_for_map()
    page = tab.page
    held: list[Route] = []

    def hold(route: Route) -> None:
        searches = '"output":"hits.data' in (route.request.post_data or "")
        held.append(route) if searches else route.continue_()

    page.route("**/_dash-update-component*", hold)
    page.fill("#search-box", "late train")
    page.press("#search-box", "Enter")
    until(lambda: held or page.wait_for_timeout(50), 10, "the search")
    tab.click_row(tab.rows_in_reach(6)[5])
    expect(page.locator("#tab-point")).to_have_attribute("aria-selected", "true")
    held.pop().continue_()
    expect(page.locator(".hit-mark")).to_have_count(20)
    expect(page.locator("#tab-point")).to_have_attribute("aria-selected", "true")


@pytest.mark.in_turn
def test_a_press_that_lasts_is_a_click_and_one_that_went_away_and_came_back_is_none(tab: Tab, run: str) -> None:
    """A hand may be slow, and on a busy machine a click lasts as long as what it has the page do."""
    tab.open(f"/?run={run}")
    tab.wait_for_map()
    page = tab.page
    first, second = tab.rows_in_reach(9)[7:9]
    x, y = tab.place_of(first)
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 60, y)
    page.mouse.move(x, y)
    page.mouse.up()
    page.mouse.click(*tab.place_of(second), delay=1_000)
    page.wait_for_function("row => window.location.search.endsWith(`row=${row}`)", arg=second)
    page.go_back()
    page.wait_for_function("() => !window.location.search.includes('row=')")  # there was no other


@pytest.mark.in_turn
def test_a_search_for_what_is_not_there_says_so_and_lights_nothing(tab: Tab, run: str) -> None:
    tab.open(f"/?run={run}&q=parliament%20debates")
    tab.wait_for_map()
    page = tab.page
    expect(page.locator("#search-results h3").first).to_contain_text("Nothing here is close to “parliament debates”")
    expect(page.locator("[data-testid=hit-card]")).to_have_count(20)
    expect(page.locator(".hit-mark.weak")).to_have_count(20)
    expect(page.locator("[data-select=hits]")).to_have_count(0)
    assert page.evaluate("forTests.stats.lit") is None


@pytest.mark.in_turn
def test_rows_between_two_meanings_colour_the_map_and_a_reload_shows_the_same(tab: Tab, run: str) -> None:
    page = tab.page
    tab.open(f"/?run={run}")
    tab.wait_for_map()
    page.fill("#search-box", "broken <> kind service")
    page.press("#search-box", "Enter")
    expect(page.locator("[data-testid=hit-card]")).to_have_count(20)
    expect(page.locator("[data-testid=strips] .strip-line").first).to_be_visible()
    assert page.evaluate("forTests.stats.lit") is None
    page.click("[data-testid=by-axis]")
    expect(page.locator(".legend-title")).to_have_text("broken … kind service")
    tab.shot("axis")
    page.reload()
    tab.wait_for_map()
    expect(page.locator(".legend-title")).to_have_text("broken … kind service")
    expect(page.locator("#color-by")).to_have_value("broken … kind service")
    row = tab.rows_in_reach(10)[9]
    tab.click_row(row)
    page.click("[data-testid=point-sum]")
    expect(page.locator("#search-box")).to_have_value(f"= #{row}")
    page.locator("#search-box").press_sequentially(' - "service"')
    page.press("#search-box", "Enter")
    expect(page.locator("#search-results h3").first).to_contain_text(f' to “= #{row} - "service"”')


@pytest.mark.in_turn
def test_a_reload_keeps_the_place(tab: Tab, run: str) -> None:
    tab.open(f"/?run={run}&k=4&metric=euclidean")
    tab.wait_for_map()
    row = tab.rows_in_reach(10)[9]
    tab.click_row(row)
    expect(tab.page.locator("[data-testid=neighbor-card]")).to_have_count(4)
    before = tab.neighbors()
    tab.page.reload()
    tab.wait_for_map()
    expect(tab.page.locator("[data-testid=neighbor-card]")).to_have_count(4)
    assert tab.neighbors() == before
    assert tab.page.url.endswith(f"/?run={run}&row={row}&k=4&metric=euclidean")
    tab.shot("reloaded")


SEEN = """() => {
  const { recent, shown } = forTests.map, seen = id => document.getElementById(id);
  return { recent: [...recent], lit: forTests.stats.lit, focus: forTests.stats.focus, box: seen('search-box').value,
    hits: [...document.querySelectorAll('[data-testid=hit-card]')].map(card => Number(card.dataset.row)),
    tab: document.querySelector('[role=tab][aria-selected=true]').id, cluster: shown.cluster,
    selection: shown.selection && shown.selection.text };
}"""


@pytest.mark.in_turn
def test_what_was_asked_last_is_what_a_reload_a_link_and_the_way_back_show(tab: Tab, run: str) -> None:
    page = tab.page
    recent = "order => forTests.map.recent.join() === order"
    tab.open(f"/?run={run}&row=5&q=%22late%22+train&lights=hits.row")
    tab.wait_for_map()
    page.wait_for_function(recent, arg="hits,row")
    expect(page.locator("#search-box")).to_have_value('"late" train')
    assert 0 < page.evaluate("forTests.stats.lit") < 20  # those with the word
    expect(page.locator("#search-image")).to_be_hidden()  # its encoder reads words
    page.click("#tab-clusters")
    page.locator("[data-testid=cluster-row]").first.click()
    page.wait_for_function(recent, arg="cluster,hits,row")
    page.click("[data-select=clusters]")
    page.wait_for_function(recent, arg="selection,cluster,hits,row")
    page.click("#tab-search")
    page.wait_for_function(recent, arg="hits,selection,cluster,row")
    before = page.evaluate(SEEN)
    page.reload()
    tab.wait_for_map()
    page.wait_for_function(recent, arg="hits,selection,cluster,row")
    page.wait_for_function(
        f"before => JSON.stringify(({SEEN})()) === before", arg=json.dumps(before, separators=(",", ":"))
    )
    tab.shot("reloaded")
    page.go_back()
    page.wait_for_function(recent, arg="cluster,hits,row")
    expect(page.locator("#tab-clusters")).to_have_attribute("aria-selected", "true")
    page.go_back()
    page.wait_for_function(recent, arg="hits,row")
    page.go_forward()
    page.wait_for_function(recent, arg="cluster,hits,row")
    page.click("#search-clear")
    page.wait_for_function(recent, arg="cluster,row")
    expect(page.locator("#search-box")).to_have_value("")
    assert "q=" not in page.url


TEXT_IN_SIGHT = """() => {
  const body = document.querySelector('#point').closest('.tab-body').getBoundingClientRect();
  return document.querySelector('#point').getBoundingClientRect().top >= body.top;
}"""


@pytest.mark.in_turn
def test_back_and_forward_walk_the_points(tab: Tab, run: str) -> None:
    tab.open(f"/?run={run}&row=5")
    tab.wait_for_map()
    card = tab.page.locator("[data-testid=neighbor-card]").last
    card.scroll_into_view_if_needed()
    assert tab.page.evaluate(TEXT_IN_SIGHT) is False
    walked_to = int(card.get_attribute("data-row") or -1)
    card.click()
    tab.page.wait_for_function("row => forTests.stats.focus === row", arg=walked_to)
    tab.page.wait_for_function(TEXT_IN_SIGHT)
    tab.page.go_back()
    tab.page.wait_for_function("forTests.stats.focus === 5")
    tab.page.click("#point-forward")
    tab.page.wait_for_function("row => forTests.stats.focus === row", arg=walked_to)


def test_two_browsers_do_not_mix(new_tab: Callable[..., Tab], server: Server, run: str) -> None:
    other = server.start(server.add("other.csv", samples.table(samples.texts(12))))
    server.finish(other)
    ann, ben = new_tab(), new_tab()
    ann.open(f"/?run={run}")
    ben.open(f"/?run={other}")
    for tab in (ann, ben):
        tab.wait_for_map()
    mine, yours = ann.rows_in_reach(4)[3], ben.rows_in_reach(8)[7]
    ann.click_row(mine)
    ben.click_row(yours)
    ann.page.fill("#search-box", "late train")
    ann.page.press("#search-box", "Enter")
    expect(ann.page.locator("[data-testid=hit-card]")).to_have_count(20)
    ben.page.wait_for_function("row => forTests.stats.focus === row", arg=yours)
    assert ann.page.evaluate("[forTests.stats.points, forTests.stats.focus, forTests.stats.lit]") == [160, mine, 20]
    assert ben.page.evaluate("[forTests.stats.points, forTests.stats.focus, forTests.stats.lit]") == [48, yours, None]
    expect(ben.page.locator("[data-testid=hit-card]")).to_have_count(0)
    assert run in ann.page.url
    assert other in ben.page.url
    ann.shot("ann")
    ben.shot("ben")


@pytest.mark.in_turn
def test_a_run_is_cancelled_and_offered_for_resuming(tab: Tab, server: Server) -> None:
    lines = "\n".join(f"{text} {i}" for i in range(40) for text, _, _ in samples.texts(30))
    dataset = server.add("many.txt", lines.encode())
    with server.halted("encode"):
        run = server.start(dataset)
        tab.open(f"/?run={run}")
        expect(tab.page.locator("#progress-cancel")).to_be_visible()
    tab.page.click("#progress-cancel")
    tab.page.wait_for_selector("[data-testid=progress] [data-state=cancelled]", timeout=5000)
    assert server.get(f"/runs/{run}")["state"] == "cancelled"
    expect(tab.page.locator("#progress-resume")).to_be_visible()
    tab.shot("cancelled")
    tab.page.click("[data-fold=library]")
    row = tab.page.locator(f"[data-testid=library-run][data-key='{run}']")
    expect(row).to_contain_text("cancelled")
    expect(row.get_by_role("button", name="Resume")).to_be_visible()
    server.client.delete(f"/api/v1/datasets/{dataset}").raise_for_status()


@pytest.mark.in_turn
def test_a_box_says_what_it_holds(tab: Tab, server: Server, run: str) -> None:
    tab.open(f"/?run={run}")
    tab.wait_for_map()
    page = tab.page
    page.get_by_text("Box", exact=True).click()
    places = [tab.place_of(row) for row in range(40)]
    left, right = min(x for x, _ in places) - 6, sum(x for x, _ in places) / len(places)
    top, bottom = min(y for _, y in places) - 6, max(y for _, y in places) + 6
    page.mouse.move(right, bottom)  # the upper left may be under the buttons
    page.mouse.down()
    page.mouse.move(left, top, steps=6)
    page.mouse.up()
    page.wait_for_function("forTests.stats.lit !== null")
    lit = page.evaluate("forTests.stats.lit")
    assert 0 < lit < 160
    page.wait_for_function(f"() => ({SQUARES})() === forTests.stats.lit")
    panel = page.locator("[data-testid=selection-panel]")
    expect(panel).to_contain_text(f"{lit} rows")
    tab.shot("box")
    with page.expect_download() as download:
        panel.get_by_role("link", name="CSV").click()
    assert len(Path(download.value.path()).read_text(encoding="utf-8").splitlines()) == lit + 1
    page.keyboard.press("Escape")
    page.wait_for_function("forTests.stats.lit === null")
    page.wait_for_function(f"() => ({SQUARES})() === 0")
    page.click(".side-buttons [data-fold=settings]")
    expect(page.locator("#set-n-neighbors")).to_be_in_viewport()  # it was opened while the side was away
    for width, height in ((1400, 900), (1280, 720), (1024, 768), (390, 800)):
        tab.resize(width, height)
        if not page.locator("#set-encoder").is_visible():
            page.click(".side-buttons [data-fold=settings]")
        page.click("#set-encoder")
        page.wait_for_function(CHOICES_ARE_CLEAR)
        page.keyboard.press("Escape")


CHOICES_ARE_CLEAR = """() => {
  const box = selector => document.querySelector(selector).getBoundingClientRect();
  const list = [...document.querySelectorAll('#side .mantine-Select-dropdown')].find(one => one.checkVisibility());
  if (!list || list.getAnimations().length) return false;
  const { top, bottom } = list.getBoundingClientRect(), field = box('#set-encoder');
  return top >= 0 && bottom <= box('.explore-bar').top && (top >= field.bottom || bottom <= field.top);
}"""
"""Whether an open list of choices lies over neither its field nor the large button at the foot of the side."""


@pytest.mark.in_turn
def test_zooming_and_two_quick_clicks_keep_every_point(tab: Tab, run: str) -> None:
    tab.open(f"/?run={run}")
    tab.wait_for_map()
    page = tab.page
    width = "document.querySelector('#map .js-plotly-plot')._fullLayout.xaxis.range.reduce((low, high) => high - low)"
    whole = page.evaluate(width)
    page.click("#map-zoom-in")
    page.wait_for_function(f"whole => {width} < 0.9 * whole", arg=whole)
    middle = page.locator("#map").bounding_box()
    assert middle is not None
    page.mouse.dblclick(middle["x"] + middle["width"] / 2, middle["y"] + middle["height"] / 2)
    page.wait_for_function(f"whole => {width} >= 0.99 * whole", arg=whole)
    assert len(page.evaluate("document.querySelector('#map .js-plotly-plot').data.flatMap(t => [...t.x])")) == 160
    row = tab.rows_in_reach(4)[3]
    tab.click_row(row)


@pytest.mark.in_turn
def test_a_cluster_in_the_list_is_focused_and_left(tab: Tab, server: Server, run: str) -> None:
    tab.open(f"/?run={run}")
    tab.wait_for_map()
    tab.page.click("#tab-clusters")
    found = server.get(f"/runs/{run}/clusters")["clusters"]
    row = tab.page.locator("[data-testid=cluster-row]")
    expect(row).to_have_count(len(found) + 1)  # and the noise
    row.first.click()
    tab.page.wait_for_function("size => forTests.stats.lit === size", arg=found[0]["size"])
    tab.shot("cluster")
    row.first.click()
    tab.page.wait_for_function("forTests.stats.lit === null")
    tab.page.evaluate("document.querySelector('#clusters').style.paddingTop = '2000px'")  # as below many clusters
    row.nth(1).click()
    expect(tab.page.locator("#cluster-detail")).to_contain_text(found[1]["name"])
    expect(tab.page.locator("#cluster-detail")).to_be_in_viewport()
    tab.page.evaluate("document.querySelector('#clusters').style.paddingTop = ''")


@pytest.mark.in_turn
def test_a_click_moves_kilobytes_and_no_points(tab: Tab, run: str) -> None:
    tab.open(f"/?run={run}")
    tab.wait_for_map()
    first, *rows = tab.rows_in_reach(11)[:11]
    tab.click_row(first)
    expect(tab.page.locator("[data-testid=neighbor-card]")).to_have_count(10)
    asked = traffic(tab.page)
    milliseconds = []
    for row in rows:
        tab.click_row(row)
        tab.page.wait_for_function("forTests.stats.clickToPaintMs !== null")
        milliseconds.append(tab.page.evaluate("forTests.stats.clickToPaintMs"))
    urls, moved = asked()
    milliseconds.sort()
    print(f"click to neighbours: median {milliseconds[5]:.0f} ms, worst {milliseconds[-1]:.0f} ms")
    print(f"a click moves {moved / 10 / 1000:.1f} kB in {len(urls) / 10:.1f} requests")
    assert not [url for url in urls if "/points" in url]
    assert moved / 10 < 40_000
    assert tab.page.evaluate("forTests.stats.fetchBytes") <= 40 + 9 * 160


def traffic(page: Page) -> Callable[[], tuple[list[str], int]]:
    """Count what a page sends and receives from now on; the returned function says how much it was."""
    begun: list[str] = []
    sizes: list[int] = []

    def finished(request: Request) -> None:
        if request.url in begun:
            sizes.append(sum(request.sizes().values()))

    page.on("request", lambda request: begun.append(request.url))
    page.on("requestfinished", finished)

    def moved() -> tuple[list[str], int]:
        until(lambda: len(sizes) >= len(begun) or page.wait_for_timeout(50), 20, "the requests to end")
        return begun, sum(sizes)

    return moved


def test_the_page_is_readable_in_both_themes_and_on_a_phone(new_tab: Callable[..., Tab], run: str) -> None:
    wide = new_tab(width=1280, height=800)
    phone = new_tab(width=390, height=844, has_touch=True)
    for tab in (wide, phone):
        tab.open(f"/?run={run}&row=3")
        tab.wait_for_map()
        expect(tab.page.locator("[data-testid=neighbor-card]")).to_have_count(10)
        for scheme in ("light", "dark"):
            tab.page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
            expect(tab.page.locator("html")).to_have_attribute("data-mantine-color-scheme", scheme)
            tab.shot(scheme)
            assert tab.page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), "scrolls sideways"
            assert tab.page.evaluate(SMALL) == [], "too small to press"
            for words in (
                "[data-testid=point]",
                ".drop-formats",
                ".library-facts",
                ".form .mantine-Select-description",
            ):
                assert tab.page.evaluate(CONTRAST, words) >= 4.5, words
            assert drawn(tab.page) > 200
    phone.page.fill("#search-box", "the train was late")
    phone.page.press("#search-box", "Enter")
    phone.page.locator("[data-testid=hit-card]").first.wait_for(state="attached")
    phone.page.wait_for_function(BEST_HIT_SEEN)
    phone.open(f"/?run={run}&color=column:theme")
    phone.page.wait_for_selector("#map-legend.shown.folded")
    phone.page.wait_for_function(CLEAR_OF_LEGEND)
    x, y, row = phone.page.evaluate(LOWEST)
    phone.page.touchscreen.tap(x, y)
    phone.page.wait_for_function(POINT_SEEN, arg=row)
    opaque = "Number(getComputedStyle(document.getElementById('inspector')).opacity) === 1"
    assert not phone.page.evaluate(opaque), "beside what is wholly opaque Chromium leaves out points of some maps"
    assert missing_above_the_card(phone.page) < 20, "points are not drawn that the card does not cover"


def missing_above_the_card(page: Page) -> int:
    """Return how many pixels of the map above the card that lies over it are others once the card is away."""
    from PIL import Image, ImageChops

    card, seen = page.locator("#inspector").bounding_box(), page.locator("#map").bounding_box()
    assert card is not None
    assert seen is not None
    above = (int(seen["x"]), int(seen["y"]), int(seen["x"] + seen["width"]), int(card["y"]) - 16)  # its shade is softer
    pictures = []
    for visible in ("", "hidden"):  # pictures of the whole page: of a part of it Chromium draws all
        page.evaluate("how => document.getElementById('inspector').style.visibility = how", visible)
        page.wait_for_timeout(300)
        pictures.append(Image.open(io.BytesIO(page.screenshot())).convert("RGB").crop(above))
    page.evaluate("document.getElementById('inspector').style.visibility = ''")
    return sum(level > 60 for level in ImageChops.difference(*pictures).convert("L").tobytes())


PLACES = """
  const gd = document.querySelector('#map .js-plotly-plot'), box = gd.getBoundingClientRect();
  const { xaxis, yaxis } = gd._fullLayout;
  const places = gd.data.flatMap(trace => Array.from(trace.customdata, (row, at) => (
    { row, x: box.x + xaxis._offset + xaxis.d2p(trace.x[at]), y: box.y + yaxis._offset + yaxis.d2p(trace.y[at]) })));
"""
BEST_HIT_SEEN = f"""() => {{ {PLACES}
  const best = Number(document.querySelector('[data-testid=hit-card]').dataset.row);
  const place = places.find(one => one.row === best);
  const panel = document.getElementById('inspector').getBoundingClientRect();
  return forTests.stats.lit > 0 && place && !forTests.camera.isMoving() && (place.y < panel.top || !panel.height);
}}"""
LOWEST = f"""() => {{ {PLACES}
  const low = places.reduce((lowest, one) => (one.y > lowest.y ? one : lowest));
  return [low.x, low.y, low.row];
}}"""
POINT_SEEN = f"""row => {{ {PLACES}
  const place = places.find(one => one.row === row);
  const panel = document.getElementById('inspector').getBoundingClientRect();
  return forTests.stats.focus === row && panel.height && !forTests.camera.isMoving() && place && place.y < panel.top;
}}"""
CLEAR_OF_LEGEND = f"""() => {{ {PLACES}
  const legend = document.getElementById('map-legend').getBoundingClientRect();
  return places.length > 100 && places.every(({{ x, y }}) => y < legend.top || x > legend.right);
}}"""
SMALL = """() => [...document.querySelectorAll('button, a[href], summary, [role=tab]')]
  .filter(one => one.checkVisibility({ visibilityProperty: true, opacityProperty: true }) && !one.matches('.skip'))
  .map(one => [one.textContent, one.getBoundingClientRect()])
  .filter(([, { width, height }]) => width && height && (width < 24 || height < 24)).map(([words]) => words)"""
READ = ("[data-testid=point]", ".drop-formats", ".library-facts", ".form .mantine-Select-description")
CONTRAST = """selector => {
  const light = color => {
    const [r, g, b] = color.match(/[\\d.]+/g).map(Number).map(v => v / 255)
      .map(v => v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const element = document.querySelector(selector);
  const text = light(getComputedStyle(element).color);
  let behind = element;
  while (/rgba\\(.*, 0\\)|transparent/.test(getComputedStyle(behind).backgroundColor)) behind = behind.parentElement;
  const ground = light(getComputedStyle(behind).backgroundColor);
  return (Math.max(text, ground) + 0.05) / (Math.min(text, ground) + 0.05);
}"""


def drawn(page: Page) -> int:
    """Return how many pixels of the map are neither its background nor transparent: WebGL really drew."""
    from PIL import Image

    box = page.locator("#map").bounding_box()
    assert box is not None
    image = Image.open(io.BytesIO(page.screenshot(clip=box))).convert("RGB")
    pixels = np.asarray(image, np.int16).reshape(-1, 3)
    colours, counts = np.unique(pixels @ (1, 256, 65536), return_counts=True)
    common = colours[counts.argmax()] // (1, 256, 65536) % 256
    return int((np.abs(pixels - common).max(1) > 60).sum())
