"""The picture of the map that is saved: what is in the SVG, that the PNG is it, what is said of impossible sizes."""

import io
import itertools
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from PIL import Image, ImageColor
from playwright.sync_api import Page, expect

from tests.browser import samples
from tests.browser.conftest import Tab, begin, judge, kept_at, named
from tests.browser.test_selected_rows import LINED_UP
from tests.servers import Server
from tests.synthetic import write_run

SVG = "{http://www.w3.org/2000/svg}"
MANY = 30_000
TEXT_BOXES = """svg => {
  const holder = document.createElement('div');
  holder.innerHTML = svg.replace(/<\\?xml.*?\\?>/, '');
  document.body.append(holder);
  const boxes = [...holder.querySelectorAll('#names text')].map(one => one.getBoundingClientRect().toJSON());
  holder.remove();
  return boxes;
}"""

WIDTH_IN_VIEW = """() => {
  const { x } = forTests.camera.view(document.querySelector('#map .js-plotly-plot'));
  return x[1] - x[0];
}"""


@pytest.fixture(scope="module")
def run(server: Server) -> str:
    key = server.start(server.add("themes.csv", samples.table(samples.texts())))
    server.finish(key)
    return key


@pytest.fixture
def shown(one_tab: Tab, run: str, request: pytest.FixtureRequest) -> Iterator[Tab]:
    """Return a tab that shows the whole map, for a test that but saves it."""
    path = f"/?run={run}"
    if not one_tab.walks or one_tab.looked_at != path:
        begin(one_tab, request)
        one_tab.open(path)
        one_tab.wait_for_map()
    one_tab.page.bring_to_front()
    one_tab.name, one_tab.looked_at = named(request.node.name), path
    failed = request.session.testsfailed
    yield one_tab
    judge(one_tab, whole=request.session.testsfailed == failed)


def save(page: Page, tab: Tab, **wish: Any) -> tuple[bytes, str]:
    """Save a picture as the dialog is filled in; return it and the name of its file."""
    page.click("#map-save")
    dialog = page.get_by_role("dialog")
    kind = wish.pop("format", "svg")
    dialog.get_by_label(kind.upper()).check()
    for name, value in wish.items():
        field = dialog.locator(f"[name={name}]")
        if isinstance(value, bool):
            field.set_checked(value)
        elif name in ("size", "background"):
            field.select_option(value)
        else:
            field.fill(str(value))
    tab.shot(f"dialog-{kind}")
    with page.expect_download() as download:
        dialog.get_by_role("button", name="Save", exact=True).click()
    expect(dialog).to_be_hidden()
    content = Path(download.value.path()).read_bytes()
    kept_at(f"{tab.name}-{tab.shots:02d}-saved.{kind}").write_bytes(content)
    return content, download.value.suggested_filename


def words_in(tree: ElementTree.Element, group: str) -> list[str]:
    """Return the texts of a group of the picture, top to bottom as they come."""
    found = tree.find(f".//{SVG}g[@id='{group}']")
    assert found is not None
    return ["".join(text.itertext()) for text in found.iter(f"{SVG}text")]


def circles_in(tree: ElementTree.Element, group: str, *, shape: str = "circle") -> list[ElementTree.Element]:
    found = tree.find(f".//{SVG}g[@id='{group}']")
    assert found is not None
    return list(found.iter(f"{SVG}{shape}"))


def test_a_size_that_cannot_be_is_told_and_the_dialog_is_left_with_the_keyboard(shown: Tab, run: str) -> None:
    page = shown.page
    page.locator("#map-save").focus()
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog")
    expect(dialog.locator("[name=title]")).to_have_value("themes.csv")
    for width, height, words in (
        ("50", "600", "The width is 50"),
        ("600", "9000", "height is 9000"),
        ("6e2", "", "width is 6e2"),
    ):
        dialog.locator("[name=width]").fill(width)
        dialog.locator("[name=height]").fill(height)
        page.keyboard.press("Enter")
        expect(dialog.get_by_role("alert")).to_contain_text(words)
        expect(dialog.get_by_role("alert")).to_contain_text("from 200 to 8,000")
    expect(dialog.locator("[name=size]")).to_have_value("own")
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(page.locator("#map-save")).to_be_focused()


def test_the_svg_has_the_rows_the_names_the_legend_and_the_title(shown: Tab, server: Server, run: str) -> None:
    page = shown.page
    clusters = server.get(f"/runs/{run}/clusters")
    content, name = save(page, shown, title="What people & <others> write", width=1200, height=800)
    assert name == "themes-map.svg"
    tree = ElementTree.fromstring(content)
    assert (tree.get("width"), tree.get("height")) == ("1200", "800")
    texts = ["".join(text.itertext()) for text in tree.iter(f"{SVG}text")]
    assert texts[0] == "What people & <others> write"
    assert f"160 rows · {len(clusters['clusters'])} clusters" in texts[1]
    status = server.get(f"/runs/{run}")
    assert f"{100 * status['trustworthiness']:.0f} % faithful" in texts[1]
    assert len(circles_in(tree, "points")) == 160
    names = words_in(tree, "names")
    assert len(names) == len(set(names)) == len(clusters["clusters"]) >= 3
    boxes = page.evaluate(TEXT_BOXES, content.decode())
    for one, other in itertools.combinations(boxes, 2):
        apart = one["right"] <= other["left"] or other["right"] <= one["left"]
        assert apart or one["bottom"] <= other["top"] or other["bottom"] <= one["top"]
    entries = words_in(tree, "legend")
    assert entries[0] == "Clusters"
    assert entries[2::2] == [str(cluster["size"]) for cluster in clusters["clusters"]]
    for entry, cluster in zip(entries[1::2], clusters["clusters"], strict=True):
        assert cluster["name"].startswith(entry.removesuffix("…"))
        assert len(entry) > 12 or entry == cluster["name"]  # a name is not cut to next to nothing
    links = [value for part in tree.iter() for name, value in part.attrib.items() if name.endswith("href")]
    assert not links
    assert b"<script" not in content
    assert b"class=" not in content

    bare, _ = save(page, shown, title="", legend=False, names=False)
    tree = ElementTree.fromstring(bare)
    assert [text.text for text in tree.iter(f"{SVG}text")] == [texts[1]]
    assert len(circles_in(tree, "points")) == 160


def test_the_png_is_the_picture(shown: Tab, run: str) -> None:
    page = shown.page
    for background, theme, corner in (("dark", "dark", (16, 20, 26, 255)), ("transparent", "light", (0, 0, 0, 0))):
        content, name = save(page, shown, format="png", width=700, height=500, background=background)
        assert name == "themes-map.png"
        image = Image.open(io.BytesIO(content)).convert("RGBA")
        assert image.size == (700, 500)
        assert image.getpixel((2, 2)) == corner
        colors = page.evaluate("theme => forTests.map.view.colors[theme]", theme)
        found = [pixel for _, pixel in image.getcolors(1_000_000) or []]
        for color in colors:
            wanted = ImageColor.getrgb(color)
            assert any(max(abs(a - b) for a, b in zip(pixel[:3], wanted, strict=True)) <= 3 for pixel in found), color


@pytest.mark.in_turn
def test_a_part_of_the_map_is_saved_with_its_marks_and_what_is_bright(tab: Tab, server: Server, run: str) -> None:
    page = tab.page
    tab.open(f"/?run={run}&color=column:theme&picked=2")
    tab.wait_for_map()
    page.wait_for_function("forTests.stats.lit === 40")
    tab.click_row(tab.rows_in_reach(bright=True)[0])  # a row chosen elsewhere would put the light out
    expect(page.locator("[data-testid=neighbor-card]")).to_have_count(10)
    for _ in range(4):
        wide = page.evaluate(WIDTH_IN_VIEW)
        page.mouse.wheel(0, -120)  # about the row, on which the mouse still is
        page.wait_for_function(f"wide => ({WIDTH_IN_VIEW})() < wide", arg=wide)
    page.wait_for_function("!forTests.camera.isMoving()")
    content, _ = save(page, tab, width=900, height=900)
    tree = ElementTree.fromstring(content)
    legend = words_in(tree, "legend")
    assert legend == [
        "theme",
        *itertools.chain(*((value, "40") for value in ("battery", "gardens", "kitchen", "trains"))),
    ]
    shown = [*circles_in(tree, "points"), *circles_in(tree, "points", shape="rect")]  # what was picked is square
    told = [text.text or "" for text in tree.iter(f"{SVG}text")][1]
    assert 5 < len(shown) < 160
    assert told.startswith(f"{len(shown)} of 160 rows in view · 40 bright · ")
    marks = circles_in(tree, "marks")
    assert len(marks) >= 12  # the neighbours, the row and its ring
    assert {mark.get("stroke") for mark in marks} <= {"#1c2230", "#fcfcfe"}


@pytest.mark.in_turn
def test_another_arrangement_is_saved_as_it_is(tab: Tab, run: str) -> None:
    page = tab.page
    tab.open(f"/?run={run}")
    tab.wait_for_map()
    page.evaluate(LINED_UP)
    page.wait_for_function("forTests.map.points.arrangement === 'lined-up'")
    content, _ = save(page, tab, size="3200x2000")
    tree = ElementTree.fromstring(content)
    assert len(circles_in(tree, "points")) == 160
    heights = {circle.get("cy") for circle in circles_in(tree, "points")}
    assert len(heights) == 7
    told = [text.text or "" for text in tree.iter(f"{SVG}text")][1]
    assert told.endswith("· Line")


@pytest.mark.in_turn
def test_many_rows_are_one_painting_with_all_of_them(tab: Tab, server: Server) -> None:
    page = tab.page
    tab.open(f"/?run={write_run(server.workspace, MANY, dim=16, seed=8)}")
    tab.wait_for_map()
    content, _ = save(page, tab, size="1600x1000")
    tree = ElementTree.fromstring(content)
    (painting,) = tree.iter(f"{SVG}image")
    assert painting.get("data-rows") == str(MANY)
    assert (painting.get("{http://www.w3.org/1999/xlink}href") or "").startswith("data:image/png;base64,")
    assert not circles_in(tree, "points")
    entries = words_in(tree, "legend")
    assert entries[-1] == f"and {61 - (len(entries) - 2) // 2} more"
