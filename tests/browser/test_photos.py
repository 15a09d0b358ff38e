"""The main road with pictures: drop a zip, get a map, click a picture, search with words and with a picture; sounds."""

import re
import zipfile
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser import samples
from tests.browser.conftest import Tab
from tests.servers import Server

LOADED = "selector => [...document.querySelectorAll(selector)].every(image => image.naturalWidth > 0)"


@pytest.mark.in_turn
def test_a_dropped_zip_of_pictures_becomes_a_map_that_answers(tab: Tab, server: Server, tmp_path: Path) -> None:
    source = tmp_path / "things.zip"
    source.write_bytes(samples.photos())
    page = tab.page
    tab.open()
    tab.drop(source)
    expect(page.locator("[data-testid=preview-count]")).to_have_text("48 rows; 1 file and 1 picture left out")
    expect(page.locator("[data-testid=preview-pictures] img")).to_have_count(10)
    page.wait_for_function(LOADED, arg="[data-testid=preview-pictures] img")
    page.click("[data-testid=rejected-show]")
    expect(page.locator("[data-testid=rejected-table]")).to_contain_text("notes.doc")
    expect(page.locator("[data-testid=rejected-table]")).to_contain_text("discs/broken.jpg")
    tab.shot("preview")

    page.click("#explore")
    tab.wait_for_map()
    run = page.url.split("run=")[1].split("&")[0]
    assert server.get(f"/runs/{run}")["encoder"] == "conse"
    tab.shot("map")

    reach = tab.rows_in_reach()
    row = reach[len(reach) // 2]
    tab.click_row(row)
    expect(page.locator("[data-testid=neighbor-card]")).to_have_count(10)
    answer = server.get(f"/runs/{run}/neighbors/{row}", k=10)["neighbors"]
    assert tab.neighbors() == [near["row"] for near in answer]
    item = server.get(f"/runs/{run}/items/{row}")
    expect(page.locator("[data-testid=point]")).to_contain_text(item["path"])
    page.wait_for_function(LOADED, arg="[data-testid=point] img, [data-testid=neighbor-card]:nth-child(-n+3) img")
    folders = [near["path"].split("/")[-2] for near in answer]
    assert folders.count(item["metadata"]["folder"]) >= 7
    tab.shot("neighbors")

    page.mouse.move(*tab.place_of(tab.rows_in_reach()[0]))
    expect(page.locator("#map-preview img")).to_be_visible()
    tab.shot("hover")

    page.fill("#search-box", "a checkerboard")
    page.press("#search-box", "Enter")
    expect(page.locator("[data-testid=hit-card]")).to_have_count(20)
    hits = server.get(f"/runs/{run}/search", q="a checkerboard", k=20)["hits"]
    assert [int(row) for row in tab.rows_of("hit-card")] == [hit["row"] for hit in hits]
    tab.shot("words")

    with zipfile.ZipFile(source) as archive:
        archive.extract("stripes/stripes-03.jpg", tmp_path)
    tab.drop(tmp_path / "stripes" / "stripes-03.jpg", on="#search-zone")
    expect(page.locator("[data-testid=search-results]")).to_contain_text("close to “stripes-03.jpg”")
    expect(page.locator("#search-box")).to_have_value("")
    expect(page.locator("#search-picture img")).to_have_count(1)
    assert "q=" not in page.url
    first = page.locator("[data-testid=hit-card]").first
    expect(first).to_contain_text("stripes/stripes-03.jpg")
    assert float(first.get_attribute("data-score") or 0) > 0.99
    tab.shot("picture")
    page.locator("#search-box").press_sequentially("discs")
    expect(page.locator("#search-picture img")).to_have_count(0)
    expect(page.locator("[data-testid=hit-card]")).to_have_count(0)
    page.press("#search-box", "Enter")
    expect(page.locator("[data-testid=search-results]")).to_contain_text(
        re.compile("(nearest|close) (to “discs”|in meaning)")
    )
    assert "q=discs" in page.url

    page.click("#tab-export")
    with page.expect_download() as download:
        page.click("[data-testid='download-report.html']")
    report = Path(download.value.path()).read_text(encoding="utf-8")
    assert "things.zip" in report
    assert "data:image/" in report
    tab.shot("report")


PLAYER = "(() => { const one = document.querySelector('.point-sound audio'); return [one.paused, one.currentTime]; })()"


@pytest.mark.in_turn
def test_a_sound_is_seen_by_its_spectrum_played_from_where_it_is_clicked_and_found(tab: Tab, server: Server) -> None:
    run = server.start(server.add("heard.zip", samples.heard()), min_cluster_size=4)
    server.finish(run)
    page = tab.page
    tab.open(f"/?run={run}&row=3")
    expect(page.locator(".point-sound figcaption")).to_contain_text("clicks/3.wav · 2.0 s")
    page.wait_for_function("() => document.querySelector('.point-sound audio').readyState > 0")
    picture = page.locator(".point-sound [data-plays] img")
    page.wait_for_function(LOADED, arg=".point-sound img")
    wide = picture.bounding_box()
    assert wide is not None
    picture.click(position={"x": wide["width"] / 2, "y": 20})
    page.wait_for_function(f"() => {PLAYER}[1] > 1")
    expect(page.locator(".playhead")).to_be_visible()
    page.keyboard.press("p")
    assert page.evaluate(PLAYER)[0]
    expect(page.locator("#search-box")).to_have_attribute("placeholder", re.compile("or drop a sound here"))
    expect(page.get_by_role("button", name="Sound…", exact=True)).to_be_visible()
    tab.shot("sound")
