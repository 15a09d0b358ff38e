"""Names at every zoom, noise taken in and left out again, and another size picked from the chart."""

from __future__ import annotations

import csv
import io
import re
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from explorer.types.clusters import MOSTLY_TRUE
from explorer.ui.cards import percent
from tests.browser import samples
from tests.browser.conftest import Tab
from tests.languagemodel import language_model
from tests.servers import Server, leaving_noise

ROWS = 140


@pytest.fixture(scope="module")
def dataset(server: Server) -> str:
    return server.add("unequal.csv", samples.table(samples.unequal()))


@pytest.fixture(scope="module")
def run(server: Server, dataset: str) -> str:
    """A run whose names have three levels."""
    key = server.start(dataset)
    server.finish(key)
    return key


@pytest.fixture(scope="module")
def noisy(server: Server, dataset: str) -> str:
    """A run of the same rows that leaves some of them out as noise."""
    return leaving_noise(server, dataset)


OVERLAPS = """() => {
  const boxes = [...document.querySelectorAll('#map-layer .cluster-name')].map(name => name.getBoundingClientRect());
  const meet = (a, b) => a.left < b.right && b.left < a.right && a.top + 2 < b.bottom && b.top + 2 < a.bottom;
  return boxes.flatMap((a, i) => boxes.slice(i + 1).filter(b => meet(a, b))).length;
}"""


def short(name: str) -> str:
    """Return the name as the map has it, where it is not too long for two lines."""
    assert len(name) <= 52
    return name


def own_level(server: Server, run: str) -> int:
    """Return the level of the clusters themselves."""
    told = server.get(f"/runs/{run}/clusters")
    return [[group["clusters"] for group in level] for level in told["levels"]].index(
        [[cluster["cluster"]] for cluster in told["clusters"]]
    )


def named_at(told: dict[str, Any], level: int) -> set[str]:
    """Return what the map may name at a level: groups, and the clusters of one whose name is not true of its rows."""
    found = set()
    for group in told["levels"][level]:
        parts = [c for c in group["clusters"] if group.get("true_of", 1) < MOSTLY_TRUE]
        found |= {short(told["clusters"][label]["name"]) for label in parts} or {short(group["name"])}
    return found


def names(page: Page) -> list[str]:
    return page.locator("#map-layer .cluster-name").all_text_contents()


RANGE = "document.querySelector('#map .js-plotly-plot')._fullLayout.xaxis.range.join()"
LAID_OUT_ANEW = f"before => {RANGE} !== before && !document.querySelector('#map-layer svg').dataset.old"


def zoom(page: Page, button: str) -> None:
    """Press a zoom button and wait for the map to have got there, its names too."""
    before = page.evaluate(RANGE)
    page.evaluate("document.querySelector('#map-layer svg').dataset.old = '1'")
    page.click(button)
    page.wait_for_function(LAID_OUT_ANEW, arg=before)


@pytest.mark.in_turn
def test_names_are_few_when_far_many_when_near_and_never_overlap(tab: Tab, server: Server, run: str) -> None:
    told = server.get(f"/runs/{run}/clusters")
    levels = told["levels"]
    assert len(levels) >= 3
    assert [len(level) for level in levels] == sorted(len(level) for level in levels)
    page = tab.page
    tab.open(f"/?run={run}")
    tab.wait_for_map()
    clusters = [group["name"] for group in levels[own_level(server, run)]]
    assert page.evaluate("forTests.stats.nameLevel") == own_level(server, run)  # at the whole map, no parts of clusters
    assert set(names(page)) <= {short(name) for name in clusters}
    at = {"far": 0, "whole": 0, "near": 0}
    for _ in range(4):
        zoom(page, "#map-zoom-out")
    at["far"] = page.evaluate("forTests.stats.nameLevel")
    assert at["far"] == 0
    assert set(names(page)) <= named_at(told, 0)
    assert page.evaluate(OVERLAPS) == 0
    tab.shot("far")
    seen = []
    for _ in range(9):
        zoom(page, "#map-zoom-in")
        level = page.evaluate("forTests.stats.nameLevel")
        assert set(names(page)) <= named_at(told, level)
        assert page.evaluate(OVERLAPS) == 0
        seen.append(level)
        tab.shot(f"level-{level}")
    assert seen == sorted(seen)
    assert set(seen) | {0} == set(range(len(levels)))


@pytest.mark.in_turn
def test_a_broad_name_focuses_its_clusters_and_is_left_by_another_click(tab: Tab, server: Server, run: str) -> None:
    told = server.get(f"/runs/{run}/clusters")
    page = tab.page
    tab.open(f"/?run={run}")
    tab.wait_for_map()
    page.evaluate("forTests.map.view.levels[0].forEach(group => group.true_of = 1)")  # whatever its words are
    for _ in range(4):
        zoom(page, "#map-zoom-out")
    broad = next(group for group in told["levels"][0] if len(group["clusters"]) > 1)
    label = page.locator(f"#map-layer [data-clusters='{','.join(map(str, broad['clusters']))}']")
    box = label.bounding_box()
    assert box is not None
    spot = page.evaluate(FREE_SPOT, [box["x"], box["y"], box["width"], box["height"]])
    page.mouse.move(*spot)
    page.wait_for_selector(".over-name")
    page.mouse.click(*spot)
    rows = sum(cluster["size"] for cluster in told["clusters"] if cluster["cluster"] in broad["clusters"])
    page.wait_for_function("rows => forTests.stats.lit === rows", arg=rows)
    detail = page.locator("[data-testid=cluster-detail]")
    expect(detail).to_contain_text(f"{len(broad['clusters'])} clusters, {rows} rows")
    expect(detail).to_contain_text(broad["name"])
    pressed = page.locator("[data-testid=cluster-row][aria-pressed=true]")
    expect(pressed).to_have_count(len(broad["clusters"]))
    tab.shot("broad")
    page.mouse.click(*page.evaluate(FREE_SPOT, list(label.bounding_box().values())))
    page.wait_for_function("forTests.stats.lit === null")
    expect(pressed).to_have_count(0)
    tab.resize(390, 844)  # numbers, and a list beneath that says what they stand for
    entry = page.locator(f"#map-key [data-clusters='{','.join(map(str, broad['clusters']))}']")
    expect(entry).to_contain_text(broad["name"])
    expect(page.locator("#map-layer .cluster-name.numeral")).to_have_count(page.locator("#map-key button").count())
    entry.click()
    page.wait_for_function("rows => forTests.stats.lit === rows", arg=rows)
    tab.shot("numbers")


FREE_SPOT = """([x, y, width, height]) => {
  const { points, element } = forTests.map, seen = forTests.camera.scale(element);
  const gd = element.getBoundingClientRect();
  for (let step = 0; step < 200; step++) {
    const at = [x + 4 + ((width - 8) * step) / 200, y + height / 2];
    const [mx, my] = seen.map(at[0] - gd.x, at[1] - gd.y);
    if (forTests.nearestRow(points, mx, my, 5 / seen.perX) < 0) return at;
  }
  throw new Error("every place on the name is on a dot");
}"""
PLACES = """() => Object.fromEntries([...document.querySelectorAll('#map-layer .cluster-name')].map(
  name => [name.textContent, [Number(name.getAttribute('x')), Number(name.getAttribute('y'))]]))"""


@pytest.mark.in_turn
def test_a_moved_map_keeps_the_names_beside_their_groups(tab: Tab, run: str) -> None:
    page = tab.page
    tab.open(f"/?run={run}")
    tab.wait_for_map()
    zoom(page, "#map-zoom-out")  # every group is well inside then, wherever the middle of the map is empty
    box = page.locator("#map").bounding_box()
    assert box is not None
    before = page.evaluate(PLACES)
    width, height = box["width"], box["height"]
    inner = [name for name, (x, y) in before.items() if 150 < x < width - 150 and 60 < y < height - 60]
    assert inner
    x, y = box["x"] + width / 2, box["y"] + height - 60
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 24, y - 12, steps=4)
    page.mouse.up()
    moved = f"([name, x]) => Math.abs((({PLACES})()[name] || [0])[0] - x) < 2"
    page.wait_for_function(moved, arg=[inner[0], before[inner[0]][0] + 24])
    after = page.evaluate(PLACES)
    for name in inner:
        assert after[name] == pytest.approx([before[name][0] + 24, before[name][1] - 12], abs=2)


IN_SIGHT = """() => {
  const { points, element } = forTests.map, { x, y } = forTests.camera.view(element);
  return forTests.rowsInside(points, { box: [x[0], y[0], x[1], y[1]] }).reduce((n, one) => n + one, 0);
}"""


@pytest.mark.in_turn
def test_going_nearer_never_ends_where_nothing_is(tab: Tab, run: str) -> None:
    page = tab.page
    tab.open(f"/?run={run}")
    tab.wait_for_map()
    assert page.evaluate(IN_SIGHT) == ROWS
    for _ in range(6):  # at the second, where the middle is empty, without a look at what is near
        zoom(page, "#map-zoom-in")
        assert page.evaluate(IN_SIGHT) > 0
    assert page.evaluate(IN_SIGHT) < ROWS


@pytest.mark.in_turn
def test_noise_is_taken_in_by_a_slider_shown_as_such_and_left_out_again(tab: Tab, server: Server, noisy: str) -> None:
    page = tab.page
    stored = server.get(f"/runs/{noisy}/clusters")
    tab.open(f"/?run={noisy}")
    tab.wait_for_map()
    page.click("#tab-clusters")
    page.click("[data-testid=stability-open]")
    words = page.locator("#take-in-words")
    expect(words).to_have_text(f"Nothing is taken in: {stored['noise']['size']} rows in no cluster.")
    thumb = page.locator("#take-in [role=slider]")
    thumb.focus()
    thumb.press("Home")
    page.wait_for_function("forTests.stats.taken > 0")
    assert "take_in=0.01" in page.url
    told, rows = server.get(f"/runs/{noisy}/clusters", take_in=0.01), server.get(f"/runs/{noisy}")["rows"]
    taken = told["noise"]["taken_in"]
    expect(page.locator("#map-count")).to_have_text(f"{taken} rows taken in")
    expect(page.locator("#take-in-mark")).to_be_hidden()
    page.click("[data-testid=stability-open]")
    expect(page.locator("#take-in-mark")).to_have_text(f"{taken} taken in")
    expect(page.locator("#take-in-mark")).to_be_visible()
    page.click("[data-testid=stability-open]")
    assert page.evaluate("forTests.stats.taken") == taken > 0
    expect(words).to_have_text(
        re.compile(f"^{taken} of {stored['noise']['size']} rows in no cluster are shown in the nearest one: ")
    )
    expect(page.locator("#run-facts")).to_contain_text(f"{percent(taken / rows)} taken in")
    rings = page.locator("#map-layer .taken-rings").get_attribute("d")
    assert rings is not None
    assert rings.count("M") == taken
    expect(page.locator("[data-testid=clusters]")).to_contain_text("of them taken in, before in no cluster")
    sizes = page.locator("[data-testid=clusters] [data-testid=cluster-row] .score").all_inner_texts()
    assert [int(size) for size in sizes] == [c["size"] for c in told["clusters"]] + [told["noise"]["size"]]
    tab.shot("taken-in")
    page.click("#tab-export")
    with page.expect_download() as download:
        page.click("[data-testid='download-report.csv']")
    items = list(csv.DictReader(io.StringIO(download.value.path().read_text(encoding="utf-8"))))
    assert sum(item["taken_in"] == "true" for item in items) == taken

    page.click("#tab-clusters")
    thumb.focus()
    thumb.press("End")
    page.wait_for_function("forTests.stats.taken === 0")
    expect(page.locator("#map-count")).to_be_empty()
    assert "take_in" not in page.url
    expect(page.locator("#map-layer .taken-rings")).to_have_count(0)
    expect(page.locator("[data-testid=clusters]")).not_to_contain_text("taken in")


def slid(page: Page, server: Server, run: str) -> str:
    """Have fewer clusters by the slider, and return the run that is kept: what was seen at once, with names."""
    page.wait_for_selector("#cut-holder:not(.hidden)")
    thumb = page.locator("#cut-slider [role=slider]")
    thumb.focus()
    view = page.evaluate(RANGE)
    for _ in range(3):
        thumb.press("ArrowLeft")
    page.wait_for_function("run => !location.search.includes(run) && forTests.map.view.run !== run", arg=run)
    key = str(page.evaluate("forTests.map.view.run"))
    status = server.get(f"/runs/{key}")
    joined = server.get(f"/runs/{run}/sweep")["joined"]
    (found,) = [one for one in joined if one["groups"] == status["settings"]["groups"]]
    assert status["clusters"] == found["clusters"]
    expect(page.locator("#cut-words")).to_have_text(
        f"{found['clusters']} clusters, {percent(found['noise'])} in no cluster."
    )
    rows = page.locator("[data-testid=cluster-row] b")
    names = [cluster["name"] for cluster in server.get(f"/runs/{key}/clusters")["clusters"]]
    expect(rows).to_have_text([*names, "In no cluster"])
    assert page.evaluate("forTests.map.view.clusters.map(one => one.name)") == names
    assert page.evaluate(RANGE) == view
    return key


def test_a_size_picked_from_the_chart_starts_its_run(tab: Tab, server: Server, noisy: str) -> None:
    page = tab.page
    tab.open(f"/?run={noisy}&row=3&tab=clusters&cluster=0")
    tab.wait_for_map()
    page.wait_for_function("forTests.map.recent.join() === 'row,cluster'")
    kept = slid(page, server, noisy)
    assert kept != noisy
    page.go_back()
    page.wait_for_function("run => forTests.map.view.run === run", arg=noisy)
    page.click("[data-testid=stability-open]")
    columns = page.locator("[data-testid=sweep-column]")
    expect(columns).to_have_count(20)
    swept = server.get(f"/runs/{noisy}/sweep")
    assert columns.evaluate_all("all => all.map(one => Number(one.dataset.pickSize))") == [
        setting["min_cluster_size"] for setting in swept["settings"]
    ]
    assert page.locator("[data-testid=sweep-column][aria-pressed=true]").count() <= 1
    expect(page.locator("#stability")).to_contain_text(f"Smallest cluster: {swept['min_cluster_size']} now")
    expect(page.locator("#stability")).to_contain_text("when nine in ten rows are clustered anew", timeout=60_000)
    tab.shot("chart")
    picked = swept["settings"][-1]
    columns.last.click()
    page.wait_for_function("before => !location.search.includes(before)", arg=noisy)
    key = page.url.split("run=")[1].split("&")[0]
    assert page.url.endswith(f"?run={key}&row=3&tab=clusters")  # clusters have other numbers, the rest is as it was
    status = server.finish(key)
    page.wait_for_function("document.querySelector('#shell').className.includes('is-done')")
    assert status["settings"] == {
        **server.get(f"/runs/{noisy}")["settings"],
        "min_cluster_size": picked["min_cluster_size"],
    }
    assert (status["clusters"], status["noise"]) == (picked["clusters"], pytest.approx(picked["noise"], abs=1e-6))
    points = [server.client.get(f"/api/v1/runs/{name}/points").content for name in (noisy, key)]
    assert points[0][40 + 4 * ROWS :] == points[1][40 + 4 * ROWS :]
    assert np.frombuffer(points[1], "<i4", ROWS, 40).max() + 1 == picked["clusters"]
    expect(page.locator("[data-testid=sweep-column][aria-pressed=true]")).to_have_attribute(
        "data-pick-size", str(picked["min_cluster_size"])
    )


def test_a_language_model_names_clusters_after_what_would_be_sent_was_seen(tab: Tab, server: Server, run: str) -> None:
    page = tab.page
    before = [cluster["name"] for cluster in server.get(f"/runs/{run}/clusters")["clusters"]]
    row = server.get(f"/runs/{run}/clusters")["clusters"][0]["exemplars"][0]["row"]
    tab.open(f"/?run={run}&row={row}")
    tab.wait_for_map()
    chip = page.locator("#point .chip-name").first
    expect(chip).to_have_text(before[0])
    page.get_by_role("tab", name="Clusters").click()
    first = page.locator('[data-testid="cluster-row"][data-cluster="0"]')
    with language_model() as model:
        page.get_by_test_id("names-open").click()
        expect(page.locator("#names-ask")).to_be_hidden()
        page.fill("#names-address", model.address)
        page.fill("#names-model", "small")
        page.click("#names-look")
        expect(page.locator("#names-preview")).to_contain_text("tokens")
        page.locator("#names-preview summary").first.click()
        expect(page.locator("#names-preview pre").first).to_contain_text("frequent_words")
        shown = page.locator("#names-preview pre").first.text_content()
        assert not model.requests
        tab.shot("what would be sent")
        page.click("#names-ask")
        expect(first).to_contain_text("Group number 1", timeout=30_000)
    assert model.requests[0]["messages"][1]["content"] == shown
    expect(first).to_contain_text("named by small")
    expect(chip).to_have_text("Group number 1")
    expect(page.locator("#map-layer .cluster-name", has_text="Group number").first).to_be_visible()
    tab.shot("named")
    page.click("#names-use")
    expect(first).to_contain_text(before[0])
    expect(page.locator("#map-layer .cluster-name", has_text="Group number")).to_have_count(0)
