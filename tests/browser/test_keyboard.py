"""The whole main job without a mouse, what is read out on the way, and axe's judgement of every screen."""

from contextlib import suppress
from pathlib import Path

from playwright.sync_api import Page, TimeoutError, expect

from tests.browser import samples
from tests.browser.axe import NARROW, WIDE, violations
from tests.browser.conftest import Tab
from tests.browser.sizes import resize
from tests.servers import Server

TO_EXPLORE = 6
"""Tabs from "Choose files" to "Explore", at most."""
IS_ON = "selector => document.activeElement !== null && document.activeElement.matches(selector)"
CURSOR = "() => Number(document.querySelector('#map-cursor svg')?.dataset.row ?? -1)"
CURSOR_SEEN = """() => {
  const at = document.querySelector('#map-cursor .cursor-line').getBoundingClientRect();
  const map = document.querySelector('#map-holder').getBoundingClientRect();
  return getComputedStyle(document.querySelector('#map-cursor')).display !== 'none'
    && at.left >= map.left && at.right <= map.right && at.top >= map.top && at.bottom <= map.bottom;
}"""
ASKED = "performance.getEntriesByType('resource').filter(one => one.name.includes('/_dash-update-component')).length"


def tab_to(page: Page, selector: str, *, most: int = 60, key: str = "Tab") -> int:
    """Press Tab until the focus is on *selector*, and return how often that was."""
    for presses in range(most + 1):
        if page.evaluate(IS_ON, selector):
            return presses
        page.keyboard.press(key)
    raise AssertionError(f"{most} times {key} do not lead to {selector}")


def heard(page: Page, words: str) -> None:
    """Wait until *words* have been read out."""
    try:
        page.wait_for_function("words => forTests.said.some(said => said.includes(words))", arg=words)
    except TimeoutError:
        focus = page.evaluate("document.activeElement.outerHTML.slice(0, 200)")
        raise AssertionError(f"not {words!r} but {page.evaluate('forTests.said')} was read out; {focus}") from None


def walk(page: Page, key: str) -> int:
    """Press an arrow on the map and return the row that it leads to, which is another one and in sight."""
    before = page.evaluate(CURSOR)
    page.keyboard.press(key)
    page.wait_for_function(f"before => ({CURSOR})() !== before", arg=before)
    page.wait_for_function(CURSOR_SEEN)
    return int(page.evaluate(CURSOR))


OPPOSITE = {"ArrowLeft": "ArrowRight", "ArrowRight": "ArrowLeft", "ArrowUp": "ArrowDown", "ArrowDown": "ArrowUp"}


def stroll(page: Page, *keys: str) -> tuple[str, int]:
    """Walk on as in `walk`, by the first of *keys* that leads on: where points lie is up to the processor."""
    before = page.evaluate(CURSOR)
    for key in keys:
        page.keyboard.press(key)
        with suppress(TimeoutError):
            page.wait_for_function(f"before => ({CURSOR})() !== before", arg=before, timeout=1_000)
            page.wait_for_function(CURSOR_SEEN)
            return key, int(page.evaluate(CURSOR))
    raise AssertionError(f"no arrow of {keys} leads away from row {before}")


def there_and_back(page: Page, *keys: str) -> list[int]:
    """Walk by one of *keys*, and back again; return both rows."""
    key, row = stroll(page, *keys)
    return [row, walk(page, OPPOSITE[key])]


def test_the_main_job_is_done_by_keyboard_and_by_ear(tab: Tab, server: Server, tmp_path: Path) -> None:
    source = tmp_path / "keyboard.csv"
    source.write_bytes(samples.table(samples.texts(30)))
    page = tab.page
    tab.resize(WIDE["width"], WIDE["height"])
    tab.open()
    assert page.evaluate(ASKED) <= 2, "a page that opens asks for the library and the lines of the start, for no more"
    found = violations(page, "start")

    tab_to(page, "[data-testid=upload-files]")
    page.keyboard.press("Enter")
    tab.answer_dialog(source)
    expect(page.locator("[data-testid=preview-count]")).to_have_text("120 rows")
    expect(page.locator("#explore")).to_be_enabled()
    found += violations(page, "preview", "#stage", [WIDE])
    page.focus("[data-testid=upload-files]")
    assert tab_to(page, ".to-explore, #explore", most=TO_EXPLORE) < TO_EXPLORE
    page.keyboard.press("Enter")
    assert tab_to(page, "#explore", most=1) == 0
    page.keyboard.press("Enter")
    tab.wait_for_map()
    heard(page, "The map is ready: 120 rows")
    run = page.url.split("run=")[1].split("&")[0]

    tab_to(page, "a.skip", key="Shift+Tab")
    page.keyboard.press("Enter")
    assert page.evaluate(IS_ON, "#map-keys")
    rows = [*there_and_back(page, "ArrowRight", "ArrowLeft"), *there_and_back(page, "ArrowDown", "ArrowUp")]
    for _ in range(3):
        page.keyboard.press("+")
    rows += [stroll(page, *OPPOSITE)[1] for _ in range(3)]
    page.keyboard.press("0")
    text = server.get(f"/runs/{run}/items/{rows[-1]}")["text"]
    heard(page, text)
    page.keyboard.press("Enter")
    page.wait_for_function("row => forTests.stats.focus === row", arg=rows[-1])
    heard(page, f"Opened: {text}")
    assert page.evaluate(IS_ON, "#map-keys")
    expect(page.locator("[data-testid=point]")).to_contain_text(text)
    page.keyboard.press("Enter")
    page.wait_for_function(IS_ON, arg="[data-testid=neighbor-card]")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    second = server.get(f"/runs/{run}/neighbors/{rows[-1]}", k=10)["neighbors"][1]["row"]
    page.wait_for_function("row => forTests.stats.focus === row", arg=second)
    expect(page.locator("[data-testid=point] .point-card")).to_have_attribute("data-row", str(second))
    page.wait_for_function(IS_ON, arg="[data-testid=neighbor-card]:nth-child(2)")
    found += violations(page, "point", sizes=[WIDE])
    tab.shot("neighbours")

    page.keyboard.press("/")
    page.keyboard.type("my mobile has no power left")
    page.keyboard.press("Enter")
    expect(page.locator("#search-results h3")).to_contain_text("my mobile has no power left")
    hits = server.get(f"/runs/{run}/search", q="my mobile has no power left", k=20)["hits"]
    near = sum(not hit["weak"] for hit in hits)
    assert near >= 10
    heard(page, f"{near} hits for my mobile has no power left")
    found += violations(page, "hits", "#inspector", [WIDE], dark=False)
    tab_to(page, "[data-testid=hit-card]")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    hit = hits[1]["row"]
    page.wait_for_function("row => forTests.stats.focus === row", arg=hit)
    assert page.evaluate(IS_ON, f"[data-testid=hit-card][data-row='{hit}']")
    tab_to(page, "[data-select=hits]", key="Shift+Tab")
    page.keyboard.press("Enter")
    expect(page.locator("[data-testid=selection-panel]")).to_contain_text(f"{near} rows selected")
    heard(page, f"{near} rows selected")
    found += violations(page, "selection", "#inspector", [WIDE], dark=False)

    assert page.evaluate(IS_ON, "#tab-selection")
    page.keyboard.press("ArrowLeft")
    tab_to(page, "[data-testid=cluster-row]")
    page.keyboard.press("Enter")
    tab_to(page, "[data-select=clusters]", key="Shift+Tab")
    found += violations(page, "clusters", "#inspector", [WIDE], dark=False)
    page.keyboard.press("Enter")
    size = server.get(f"/runs/{run}/clusters")["clusters"][0]["size"]
    heard(page, f"{size} rows selected")
    page.keyboard.press("ArrowRight")
    tab_to(page, "[data-testid='download-report.html']")
    found += violations(page, "export", "#inspector", [WIDE], dark=False)
    explains(page, "#export .ask[data-term=trustworthiness]")
    tab_to(page, "[data-testid='download-report.html']", key="Shift+Tab")
    with page.expect_download() as download:
        page.keyboard.press("Enter")
    report = Path(download.value.path()).read_text(encoding="utf-8")
    assert run in report

    found += narrow(page)
    steps_back(page)
    page.goto("about:blank")
    page.set_content(report)
    found += violations(page, "report", sizes=[WIDE])
    assert not found, "\n".join(found)


def explains(page: Page, question: str) -> None:
    """What a “?” opens has the focus and leads to the report; Escape gives the focus back and takes no other step."""
    tab_to(page, question)
    lights = page.evaluate("forTests.map.recent.length")
    page.keyboard.press("Enter")
    note = page.locator(".term-note:popover-open")
    expect(note).to_contain_text("How faithful a map is, its trustworthiness, says")
    expect(note).to_be_in_viewport(ratio=1)
    page.keyboard.press("Tab")
    page.wait_for_function(IS_ON, arg=".term-note a[href*='report.html?inline=true#faithful']")
    page.keyboard.press("Escape")
    expect(note).to_have_count(0)
    assert page.evaluate(IS_ON, question)
    assert page.evaluate("forTests.map.recent.length") == lights


def narrow(page: Page) -> list[str]:
    """Return what axe finds in the last tab on a phone; in the others `python -m tests.bench axe` looks for it."""
    before = page.viewport_size
    resize(page, NARROW)
    found = violations(page, "export", sizes=[NARROW])
    resize(page, before or WIDE)
    return found


def steps_back(page: Page) -> None:
    """Escape takes one step at a time, and returns from a menu and a dialog to the button that opened it."""
    for button, opened in (("#map-look summary", "#map-look[open]"), ("#map-save", "#save-dialog[open]")):
        page.focus(button)
        page.keyboard.press("Enter")
        expect(page.locator(opened)).to_have_count(1)
        page.keyboard.press("Escape")
        expect(page.locator(opened)).to_have_count(0)
        assert page.evaluate(IS_ON, button)
    lights = page.evaluate("forTests.map.recent.length")
    assert lights >= 3  # the hits, the cluster, the selection
    for left in range(lights - 1, -1, -1):
        page.keyboard.press("Escape")
        page.wait_for_function("left => forTests.map.recent.length === left", arg=left)
    page.keyboard.press("Escape")
    assert page.evaluate(IS_ON, "#map-keys")
    page.keyboard.press("Escape")
    page.wait_for_function("() => !window.location.search.includes('row=')")
