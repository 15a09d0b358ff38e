"""What colours the map: computed columns beside those of the table, their scale, the address, maps without them."""

import base64
import json
from typing import Any

import numpy as np
import pandas as pd
import pytest
from playwright.sync_api import Page, Route, expect

from explorer.workspace import Workspace
from tests.browser.conftest import Tab
from tests.servers import Server, until
from tests.synthetic import write_run

ROWS = 600


@pytest.fixture(scope="module")
def run(server: Server) -> str:
    return write_run(server.workspace, ROWS, dim=16, seed=5)


@pytest.fixture(scope="module")
def earlier(server: Server) -> str:
    """A run of an earlier version, which computed nothing of each row."""
    return write_run(server.workspace, ROWS, dim=16, seed=6, scored=False)


@pytest.fixture(scope="module")
def written(server: Server) -> str:
    """A run whose table has dates that do not say what comes first, and a column of many values."""
    run = write_run(server.workspace, ROWS, dim=16, seed=7)
    workspace = Workspace(server.workspace)
    folder = server.workspace / "datasets" / workspace.runs.record(run)["dataset"]
    rng = np.random.default_rng(7)
    table = pd.read_parquet(folder / "table.parquet")
    table["posted"] = [f"{a:02d}/{b:02d}/2024 16:53" for a, b in rng.integers(1, 13, (ROWS, 2))]
    table.loc[5, "posted"] = "to come"
    table["city"] = [f"City {min(value, 500)}" for value in rng.zipf(1.4, ROWS)]
    ticked = rng.random((ROWS, 3)) < (0.6, 0.4, 0.5)
    table["used"] = [", ".join(np.array(["Library", "Pool", "Bus"])[row]) or None for row in ticked]
    table.to_parquet(folder / "table.parquet", index=False)
    record = json.loads((folder / "dataset.json").read_text())
    record["columns"] += ["posted", "city", "used"]
    (folder / "dataset.json").write_text(json.dumps(record))
    return run


def choose(page: Page, name: str) -> None:
    """Choose what colours the map and wait for it to be drawn so: a legend of another width has it drawn again, too."""
    draws, before = page.evaluate("forTests.stats.draws"), ",".join(shown(page))
    page.click("#color-by")
    page.get_by_role("option", name=name, exact=True).click()
    page.wait_for_function(
        f"([draws, before]) => forTests.stats.draws > draws && ({COLORS})().join() !== before", arg=[draws, before]
    )


COLORS = """() => {
  const of = [];
  document.querySelector('#map .js-plotly-plot').data.forEach(
    (trace) => trace.customdata.forEach((row) => (of[row] = trace.marker.color)));
  return of;
}"""


ON_SCREEN = """() => {
  const gd = document.querySelector('#map .js-plotly-plot'), {left, top} = gd.getBoundingClientRect();
  const {xaxis: x, yaxis: y} = gd._fullLayout, of = gd.data.find((trace) => [...trace.customdata].includes(0));
  const nth = [...of.customdata].indexOf(0), at = [of.x[nth], of.y[nth]];
  return [left + x._offset + x.d2p(at[0]), top + y._offset + y.d2p(at[1]), left, gd._fullLayout.width];
}"""
"""Where the point of row 0 lies on screen, in pixels, where the map begins, and how wide it is drawn."""


def shown(page: Page) -> list[str]:
    """Return the colour of every row on the map, as plotly draws it."""
    colors: list[str] = page.evaluate(COLORS)
    return colors


@pytest.mark.in_turn
def test_computed_columns_colour_the_map_with_a_scale_and_stay_in_the_address(
    tab: Tab, server: Server, run: str
) -> None:
    page = tab.page
    tab.open(f"/?run={run}")
    tab.wait_for_map()
    page.click("#color-by")
    assert page.get_by_role("option").all_inner_texts() == [
        "Clusters", "Its neighbours are beside it", "How far it stands apart", "How many are like it",
        "How surely in its cluster", "How often it stayed", "kind",
        "score", "day",
    ]  # fmt: skip
    page.keyboard.press("Escape")
    there = page.evaluate(ON_SCREEN)
    choose(page, "How far it stands apart")
    legend = page.locator("#map-legend")
    expect(legend).to_be_visible()
    page.wait_for_function(f"width => ({ON_SCREEN})()[3] < width", arg=there[3])
    moved = pytest.approx(there[:2], abs=1.5)
    assert page.evaluate(ON_SCREEN)[:2] == moved  # the legend opened beside it, and nothing went elsewhere
    expect(legend).to_contain_text("How far a row stands apart from its 15 neighbours")
    told = server.get(f"/runs/{run}/scores/outlier_score")
    assert told["above"] > 0
    expect(legend).to_contain_text(f"{told['above']} rows above")
    expect(legend).to_contain_text("the last colour")
    assert page.locator(".legend-tick").count() == len(told["ticks"]) >= 3
    codes = base64.b64decode(told["codes"])
    colors = shown(page)
    steps = sorted({(code * 24 // 255, color) for code, color in zip(codes, colors, strict=True)})
    assert len({step for step, _ in steps}) == len(steps) > 8  # a colour a step
    assert page.url.endswith(f"/?run={run}&color=computed%3Aoutlier_score")
    tab.shot("outliers")

    page.reload()
    tab.wait_for_map()
    expect(legend).to_contain_text("How far it stands apart")
    expect(page.locator("#color-by")).to_have_value("How far it stands apart")
    page.wait_for_function("before => forTests.colorOf(0) === before", arg=colors[0])
    choose(page, "kind")
    assert page.url.endswith(f"/?run={run}&color=column%3Akind")
    page.go_back()
    expect(page.locator("#color-by")).to_have_value("How far it stands apart")
    expect(legend).to_contain_text("How far it stands apart")
    choose(page, "Clusters")
    expect(legend).to_be_hidden()
    assert page.url.endswith(f"/?run={run}")
    tab.resize(390, 844)
    for said in ("rows", "clusters"):
        expect(page.locator("#run-facts span", has_text=said).first).to_be_in_viewport()


@pytest.mark.in_turn
def test_how_a_column_is_read_and_coloured_is_changed_in_the_legend_and_kept_in_the_address(
    tab: Tab, server: Server, written: str
) -> None:
    page = tab.page
    tab.open(f"/?run={written}&row=7&color=column:posted")
    tab.wait_for_map()
    legend = page.locator("#map-legend")
    expect(legend).to_contain_text("1 value is no date and grey: “to come”")
    expect(legend).to_contain_text("Day first: 03/04 is 3 April. The values do not say which.")
    before = shown(page)
    told = server.get(f"/runs/{written}/items/7")["metadata"]["posted"]
    card = page.locator("[data-testid=neighbor-card] .card-value").first
    expect(card).to_contain_text(" 16:53")
    assert told.endswith(" 16:53")
    page.get_by_role("button", name="Month first", exact=True).click()
    expect(legend).to_contain_text("Month first: 03/04 is March 4")
    page.wait_for_function("before => before.some((color, row) => forTests.colorOf(row) !== color)", arg=before)
    page.get_by_role("button", name="Show as categories").click()
    expect(legend).to_contain_text("of rows are grey:")
    assert page.url.endswith("&read_as=category")
    page.get_by_role("button", name="On cards: city").click()
    expect(card).to_contain_text("posted")
    expect(page.locator("[data-testid=neighbor-card]").first).to_contain_text("City ")

    rare = server.get(f"/runs/{written}/values/city?q=city")["values"][30]
    tab.open(f"/?run={written}&color=column:city")
    tab.wait_for_map()
    expect(legend.locator(".legend-title")).to_have_text("city")  # that of the column before may be there still
    page.locator(".legend-search").fill(rare["value"])
    page.locator(f'.legend-found [data-value="{rare["value"]}"]').click()
    expect(legend).to_contain_text(f"{rare['count']} of 600 row")
    page.get_by_text("Colours", exact=True).click()
    page.locator("[data-own]").fill("#00ff00")
    lit = "() => [...Array(600).keys()].filter((row) => forTests.colorOf(row) === '#00ff00').length"
    page.wait_for_function(f"count => ({lit})() === count", arg=rare["count"])
    page.reload()  # a link shows the same
    tab.wait_for_map()
    page.wait_for_function(f"count => ({lit})() === count", arg=rare["count"])
    tab.shot("own-colour")


SAME = "before => before.every((color, row) => forTests.colorOf(row) === color)"


@pytest.mark.in_turn
def test_scale_and_categories_colours_and_cards_are_pressed_to_and_fro(tab: Tab, run: str) -> None:
    page = tab.page
    tab.open(f"/?run={run}&row=7&color=column:score")
    tab.wait_for_map()
    legend = page.locator("#map-legend")
    before = shown(page)
    legend.get_by_role("button", name="Show as categories").click()
    expect(legend.locator("button[data-code]").first).to_be_visible()
    legend.get_by_role("button", name="Show as a scale").click()
    page.wait_for_function(SAME, arg=before)
    page.get_by_text("Colours", exact=True).click()
    page.get_by_label("Colours of the scale").focus()
    page.get_by_label("Colours of the scale").select_option(index=1)
    page.wait_for_function(f"before => !({SAME})(before)", arg=before)
    expect(page.get_by_label("Colours of the scale")).to_be_focused()  # the legend was written anew
    other = shown(page)
    legend.get_by_role("button", name="Turn round").click()
    page.wait_for_function(f"before => !({SAME})(before)", arg=other)
    legend.get_by_role("button", name="Turn round").click()
    page.wait_for_function(SAME, arg=other)

    choose(page, "kind")  # the choice of colours stays open
    own, first = page.locator("[data-own]"), legend.get_by_text("Press a value below")
    expect(first).to_be_visible()
    expect(own).to_be_hidden()
    kinds = shown(page)
    legend.locator("button[data-code]").first.click()
    expect(first).to_be_hidden()
    own.fill("#00ff00")
    page.wait_for_function("[...Array(600).keys()].some((row) => forTests.colorOf(row) === '#00ff00')")
    legend.get_by_role("button", name="Usual colours").click()
    legend.get_by_text("Show all").press("Enter")
    page.wait_for_function(SAME, arg=kinds)
    expect(legend.get_by_text("Show all")).to_be_disabled()
    expect(legend.get_by_text("Show all")).to_be_focused()

    card = page.locator("[data-testid=neighbor-card]").first
    pin = page.get_by_role("button", name="On cards: day")
    for pressed in ("true", "false"):
        pin.click()
        expect(pin).to_have_attribute("aria-pressed", pressed)
        expect(card.get_by_text("day", exact=True)).to_have_count(1 if pressed == "true" else 0)


DOTS_ARE_THE_MAPS = """() => {
  const probe = document.createElement('i');
  document.body.append(probe);
  const colour = one => getComputedStyle(one).backgroundColor;
  const cards = [...document.querySelectorAll('[data-testid=neighbor-card]')];
  const same = cards.map(card => {
    probe.style.background = forTests.colorOf(Number(card.dataset.row));
    return colour(card.querySelector('.row-dot') ?? card.querySelector('.dot')) === colour(probe);
  });
  probe.remove();
  return same.length > 0 && same.every(Boolean);
}"""


OF_OTHERS = """words => {
  const walker = document.createTreeWalker(document.getElementById('shell'), NodeFilter.SHOW_TEXT), seen = [];
  while (walker.nextNode()) {
    const { data, parentElement } = walker.currentNode;
    if (parentElement.closest('[data-loading], #side, .preview')) continue;
    if (words.some(word => data.includes(word))) seen.push(data);
  }
  const hidden = [...document.querySelectorAll('[data-loading]')].flatMap(one => [...one.children]);
  const seenStill = one => one.checkVisibility({ visibilityProperty: true }) && !one.matches('.growing, .growing-note');
  const shown = hidden.filter(seenStill);
  return [...seen, ...shown.map(one => one.outerHTML.slice(0, 200))];
}"""
"""What is seen of the run before, told by its words, wherever on the page but in the library and the preview."""


def keeps_to_its_run(tab: Tab, server: Server, other: str) -> None:
    """Open another run whose answers are held: at once nothing of the one on screen is seen under its name."""
    page = tab.page
    page.evaluate("forTests.go({ selected: 'box_-9_-9_9_9', cluster: '1' })")
    expect(page.locator("[data-testid=cluster-detail] .detail")).to_have_count(1)
    expect(page.locator("[data-testid=selection-panel] .shares")).to_have_count(1)
    names = page.locator("[data-testid=cluster-row] b").all_inner_texts()
    words = [*names, page.inner_text("#run-title"), page.locator("[data-testid=point] .point-text").inner_text()]
    assert len(words) > 10
    held: list[Route] = []
    holds = [True]
    page.route("**/_dash-update-component*", lambda route: held.append(route) if holds else route.continue_())
    page.evaluate("run => forTests.go({ run, row: null, selected: null, cluster: null })", other)
    until(lambda: held or page.wait_for_timeout(50), 10, "the questions about the other run")
    assert page.evaluate(OF_OTHERS, words) == []
    expect(page.locator("#map-holder")).to_have_attribute("data-loading", "Loading …")
    tab.shot("held")
    holds.clear()
    for route in held:
        route.continue_()
    page.wait_for_function("run => forTests.map.view && forTests.map.view.run === run", arg=other)
    expect(page.locator("#run-title")).to_have_text(server.get(f"/runs/{other}")["name"])
    page.click("#tab-clusters")
    expect(page.locator("[data-testid=cluster-row]").first).to_be_visible()
    expect(page.locator("[data-loading]:visible")).to_have_count(0)
    page.unroute("**/_dash-update-component*")
    page.unroute("**/_dash-update-component*")


@pytest.mark.in_turn
def test_marks_have_the_colours_of_the_map(tab: Tab, server: Server, run: str, earlier: str) -> None:
    page = tab.page
    tab.open(f"/?run={run}&row=7&color=computed:local_density")
    tab.wait_for_map()
    expect(page.locator("#map-legend")).to_contain_text("How many are like it")
    page.wait_for_selector("#map-layer .neighbor-mark")
    fills = """() => [...document.querySelectorAll('.neighbor-mark, .focus-core')].map(
      (mark) => [Number(mark.dataset.row || 7), mark.getAttribute('fill')])"""
    for choice in ("How many are like it", "kind", "Clusters"):
        if choice != "How many are like it":
            choose(page, choice)
        colors = shown(page)
        page.wait_for_function(
            "row => document.querySelector('.focus-core').getAttribute('fill') === row", arg=colors[7]
        )
        assert all(fill == colors[row] for row, fill in page.evaluate(fills))
        page.wait_for_function(DOTS_ARE_THE_MAPS)
    keeps_to_its_run(tab, server, earlier)


@pytest.mark.in_turn
def test_a_map_of_an_earlier_version_says_that_a_score_is_not_known(tab: Tab, server: Server, earlier: str) -> None:
    page = tab.page
    tab.open(f"/?run={earlier}&color=computed:neighbor_preservation")
    tab.wait_for_map()
    expect(page.locator("#map-legend")).to_contain_text("an earlier version made this map. Press Explore")
    assert len(set(shown(page))) > 20  # the clusters'
    expect(page.locator(".mantine-Notification-root")).to_have_count(0)
    tab.shot("unknown")
    choose(page, "How surely in its cluster")
    expect(page.locator("#map-legend")).to_contain_text("in no cluster")
    answer: Any = server.client.get(f"/api/v1/runs/{earlier}/scores/outlier_score")
    assert (answer.status_code, answer.json()["title"]) == (409, "NotReady")


def bright(page: Page) -> list[int]:
    """Return the rows that plotly draws in a colour, not in the tint of those out of the light."""
    rows: list[int] = page.evaluate("""() => [...document.querySelector('#map .js-plotly-plot').data].filter(
      (trace) => trace.marker.color !== forTests.map.shades.pale).flatMap((trace) => [...trace.customdata])""")
    return sorted(rows)


@pytest.mark.in_turn
def test_categories_picked_in_the_legend_stay_bright_and_are_counted(tab: Tab, server: Server, run: str) -> None:
    page = tab.page
    tab.open(f"/?run={run}&color=column:kind")
    tab.wait_for_map()
    told = server.get(f"/runs/{run}/columns/kind")
    codes = list(base64.b64decode(told["codes"]))
    legend = page.locator("#map-legend")
    entry = legend.locator("button[data-code]")
    expect(entry).to_have_count(len(told["values"]))
    assert [int(n) for n in entry.locator(".score").all_inner_texts()] == told["counts"]
    entry.nth(2).click()
    page.wait_for_function("size => forTests.stats.lit === size", arg=told["counts"][2])
    assert bright(page) == [row for row, code in enumerate(codes) if code == 2]
    assert len(shown(page)) == ROWS  # the others are pale, but there
    expect(legend).to_contain_text(f"{told['counts'][2]} of 600 rows bright")
    expect(legend.locator("[data-names]")).to_be_hidden()  # a kind is of few clusters: none of another has a pale name
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    both = told["counts"][2] + told["counts"][3]
    page.wait_for_function("size => forTests.stats.lit === size", arg=both)
    assert entry.evaluate_all("all => all.map((one) => one.getAttribute('aria-pressed') === 'true')") == [
        i in (2, 3) for i in range(len(told["values"]))
    ]
    expect(entry.nth(3)).to_be_focused()
    tab.shot("picked")
    entry.nth(2).click()
    page.wait_for_function("size => forTests.stats.lit === size", arg=told["counts"][3])
    legend.get_by_text("Show all").click()
    page.wait_for_function("forTests.stats.lit === null")
    assert bright(page) == list(range(ROWS))
    entry.nth(0).click()
    page.wait_for_function("size => forTests.stats.lit === size", arg=told["counts"][0])
    choose(page, "Clusters")
    page.wait_for_function("forTests.stats.lit === null")
    choose(page, "kind")
    page.wait_for_function("size => forTests.stats.lit === size", arg=told["counts"][0])
    entry.first.focus()
    page.keyboard.press("Escape")
    page.wait_for_function("forTests.stats.lit === null")
    legend.locator(".legend-title").click()
    expect(entry.first).to_be_hidden()
    legend.locator(".legend-title").click()
    expect(entry.first).to_be_visible()


@pytest.mark.in_turn
def test_an_answer_pressed_in_the_legend_colours_the_map_by_who_gave_it(tab: Tab, server: Server, written: str) -> None:
    page = tab.page
    tab.open(f"/?run={written}&color=column:used")
    tab.wait_for_map()
    answers = page.locator("#map-legend [data-answer]")
    told = server.get(f"/runs/{written}/columns/used", has="Pool")
    expect(answers).to_have_text([f"{one['answer']}{one['count']}" for one in told["answers"]])
    answers.filter(has_text="Pool").click()
    page.wait_for_function("size => forTests.stats.lit === size", arg=told["counts"][0])
    codes = list(base64.b64decode(told["codes"]))
    assert bright(page) == [row for row, code in enumerate(codes) if code == 0]
    expect(page.locator("#map-legend [data-code='1']")).to_have_text(f"has “Pool”{told['counts'][0]}")
    assert "has=Pool" in page.url
    pressed = page.locator("#map-legend [data-answer][aria-pressed=true]")
    expect(pressed).to_have_text(f"Pool{told['counts'][0]}")
    expect(pressed).to_be_focused()
    tab.shot("answer")
    pressed.click()
    page.wait_for_function("forTests.stats.lit === null")
    expect(page.locator("#map-legend [data-answer][aria-pressed=true]")).to_have_count(0)
    assert "has=" not in page.url


MARKERS = """() => Object.fromEntries([...document.querySelector('#map .js-plotly-plot').data].filter(
  (trace) => trace.customdata.length).map(
  (trace) => [trace.marker.color, [trace.marker.size, trace.marker.opacity]]))"""


@pytest.mark.in_turn
def test_point_size_and_opacity_may_be_set_and_are_automatic_again(tab: Tab, run: str) -> None:
    page = tab.page
    tab.open(f"/?run={run}")
    tab.wait_for_map()
    before = page.evaluate(MARKERS)
    page.get_by_text("Points", exact=True).click()
    size, opacity = (page.get_by_role("slider", name=name, exact=True) for name in ("Size", "Opacity"))
    size.focus()
    for _ in range(4):
        size.press("ArrowRight")
    page.wait_for_function(f"before => ({MARKERS})()['#0072b2'][0] > before", arg=before["#0072b2"][0])
    opacity.focus()
    opacity.press("Home")
    page.wait_for_function(f"({MARKERS})()['#0072b2'][1] === 0.05")
    after = page.evaluate(MARKERS)
    assert {color: pair[0] / before[color][0] for color, pair in after.items()} == pytest.approx(
        dict.fromkeys(before, 2.0)
    )
    tab.shot("large-and-faint")
    page.reload()
    tab.wait_for_map()
    assert page.evaluate(MARKERS) == after
    page.get_by_text("Points", exact=True).click()
    page.get_by_role("button", name="Automatic").click()
    page.wait_for_function(f"before => JSON.stringify(({MARKERS})()) === before", arg=json_of(page, before))


def json_of(page: Page, value: Any) -> str:
    text: str = page.evaluate("value => JSON.stringify(value)", value)
    return text
