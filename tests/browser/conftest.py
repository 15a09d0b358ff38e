"""A real server, started as a user starts it, and a real browser that looks at it.

A failed test's screenshot is kept in ``artefacts/``; with EXPLORER_SHOTS=1 every step's.  A test fails when its page's
console shows an error, when the page asks anybody but the server for anything, or when the server logs a traceback.
"""

import os
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    FileChooser,
    Page,
    Playwright,
    ViewportSize,
    expect,
    sync_playwright,
)
from playwright.sync_api import TimeoutError as PlaywrightTimeout

from tests.browser import chromium, sizes
from tests.servers import RUN_S, Server, until

ARTEFACTS = Path(__file__).resolve().parents[2] / "artefacts"
ARGUMENTS = [
    "--no-sandbox",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--use-gl=angle",
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
]
USUAL: ViewportSize = {"width": 1400, "height": 900}
PLAIN_PAGE = ["--disable-gpu-rasterization", "--disable-gpu-compositing"]
"""The page around the map painted without the (software) graphics processor: a tab opens in a sixth less time."""

POLLING_MS = 50
"""Between two looks of a page at what a test waits for: at each of its frames they would cost it 6 % of a processor."""


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "in_turn: has the one tab of many tests, and leaves it as an address opens it")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    """Keep what a failed test saw last."""
    report = yield
    if report.failed and report.when == "call":
        for tab in _OPEN:
            if not tab.page.is_closed():
                tab.shot("failed", kept=True)
    return report


@pytest.fixture(scope="package")
def chromium_path() -> str:
    path = chromium.find()  # before the driver starts: this starts one of its own
    if path is None:
        pytest.fail(chromium.ADVICE)
    return path


@pytest.fixture(scope="package")
def playwright(chromium_path: str) -> Iterator[Playwright]:
    """Return the driver; it ends with this package, or its event loop would be in the way of asyncio.run elsewhere."""
    with sync_playwright() as started:
        expect.set_options(timeout=20_000)  # a slow machine is no fault of the page
        yield started


@pytest.fixture(scope="package")
def browser(playwright: Playwright, chromium_path: str) -> Iterator[Browser]:
    """Return the browser for tabs of an uncommon kind."""
    started = playwright.chromium.launch(executable_path=chromium_path, args=ARGUMENTS + PLAIN_PAGE)
    yield started
    started.close()


@pytest.fixture(scope="package")
def profile(
    playwright: Playwright, chromium_path: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[BrowserContext]:
    """Return the profile on disk that most tests open their tab in, one after the other.

    It keeps the page's compiled scripts, a third of the time that a page takes to open; for all else see `forget`.
    """
    home = tmp_path_factory.mktemp("profile")
    started = playwright.chromium.launch_persistent_context(
        home, executable_path=chromium_path, args=ARGUMENTS + PLAIN_PAGE
    )
    yield started
    started.close()


def forget(page: Page, origin: str) -> None:
    """Close a page of the shared profile, and take out of it all that the page has kept but its scripts."""
    session = page.context.new_cdp_session(page)
    session.send("Storage.clearDataForOrigin", {"origin": origin, "storageTypes": "cookies,local_storage,indexeddb"})
    page.close()


def kept_at(name: str) -> Path:
    """Return where a file is kept for whoever looks at what the tests saw."""
    ARTEFACTS.mkdir(exist_ok=True)
    return ARTEFACTS / name


@dataclass
class Tab:
    """A browser tab of its own – nothing shared with any other – and what went wrong in it."""

    page: Page
    server: Server
    name: str
    errors: list[str] = field(default_factory=list)
    dialogs: list[FileChooser] = field(default_factory=list)
    """File dialogs that wait for an answer; listened for from the start, since a press may open one at once."""
    shots: int = 0
    walks: bool = False
    """Go on from page to page as a link does, without loading it anew: several tests' tab in turn."""
    looked_at: str = ""
    """The path that a test has left on screen for those that but look at it, too."""

    def open(self, path: str = "/") -> None:
        if self.walks and self.page.url.startswith(self.server.address):
            self.page.evaluate(WALK, path)
        else:
            self.page.goto(self.server.address + path)
        self.page.wait_for_selector(
            "[data-testid=library] h3", state="attached"
        )  # filled by the first answers of the server

    def resize(self, width: int, height: int) -> None:
        """Make the window another size, and see the page through what it does about that."""
        sizes.resize(self.page, {"width": width, "height": height})

    def shot(self, step: str, *, kept: bool = bool(os.environ.get("EXPLORER_SHOTS"))) -> None:
        """Keep a screenshot of this step, where that is asked for: each takes a quarter of a second."""
        if not kept:
            return
        self.shots += 1
        self.page.screenshot(path=kept_at(f"{self.name}-{self.shots:02d}-{step}.png"))

    def drop(self, *paths: Path, on: str = "#stage") -> None:
        """Drop files and folders as the system's file manager does."""
        box = self.page.locator(on).bounding_box()
        assert box is not None
        place = {"x": box["x"] + box["width"] / 2, "y": box["y"] + box["height"] / 2}
        files = {"items": [], "files": [str(path) for path in paths], "dragOperationsMask": 1}
        session = self.page.context.new_cdp_session(self.page)
        for kind in ("dragEnter", "dragOver", "drop"):
            session.send("Input.dispatchDragEvent", {"type": kind, **place, "data": files})
        session.detach()

    def choose(self, *paths: Path) -> None:
        """Choose files by the button."""
        self.page.click("[data-testid=upload-files]")
        self.answer_dialog(*paths)

    def answer_dialog(self, *paths: Path) -> None:
        """Choose files in the dialog that the last press opened."""
        until(lambda: self.dialogs or self.page.wait_for_timeout(50), 10, "the file dialog")
        self.dialogs.pop().set_files(paths)

    def wait_for_map(self, seconds: float = RUN_S) -> None:
        self.page.wait_for_function("() => window.forTests && forTests.stats.points > 0", timeout=seconds * 1000)

    def place_of(self, row: int) -> tuple[float, float]:
        """Return where on the screen a row's point is."""
        x, y = self.page.evaluate(PLACE_OF, row)
        return x, y

    def click_row(self, row: int) -> None:
        """Click a row's point on the map."""
        self.page.mouse.click(*self.place_of(row))
        self.page.wait_for_function("row => forTests.stats.focus === row", arg=row)

    def rows_in_reach(self, least: int = 1, *, bright: bool = False) -> list[int]:
        """Return the rows whose points lie free: under no button, no other row's picture, no other point.

        Pictures that are still to come would lie on rows that are free now, and a map that is on its way to another
        place or size has others: this waits until so many rows are free, with *bright* of those that are bright.
        """
        self.page.wait_for_function(PICTURES_THERE)
        asked = {"bright": bright, "least": least}
        try:
            return list(self.page.wait_for_function(IN_REACH, arg=asked).json_value())
        except PlaywrightTimeout as late:
            self.shot("nothing-in-reach", kept=True)
            raise AssertionError(f"fewer than {least} rows in reach: {self.page.evaluate(OUT_OF_REACH)}") from late

    def neighbors(self) -> list[int]:
        return [int(row) for row in self.rows_of("neighbor-card")]

    def rows_of(self, testid: str) -> list[str]:
        cards = self.page.locator(f"[data-testid={testid}]")
        return list(cards.evaluate_all("cards => cards.map(card => card.dataset.row)"))


_OPEN: list[Tab] = []
"""The tabs that are open now, for the reader of a failure."""

WALK = """path => {
  history.pushState({}, '', path);
  dispatchEvent(new Event('popstate'));
}"""
LEAVE = """() => {
  document.activeElement.blur();
  for (const one of document.querySelectorAll('.mantine-Notification-closeButton')) one.click();
  localStorage.clear();
  sessionStorage.clear();
  performance.clearResourceTimings();
  const { size, background, title, legend, names } = document.querySelector('#save-dialog form')?.elements ?? {};
  if (size) {
    [size.value, background.value, legend.checked, names.checked] = ['1600x1000', 'shown', true, true];
    if (forTests.map.view) title.value = forTests.map.view.name;
  }
  for (const one of document.querySelectorAll('#map-holder details')) one.open = false;
  const as_it_was = { 'map-mode': { value: 'pan' }, 'chosen-dataset': { data: null } };
  for (const [id, props] of Object.entries(as_it_was)) {
    const now = dash_component_api.getLayout(id).props;
    const differs = Object.entries(props).some(([name, value]) => (now[name] ?? null) !== value);
    if (differs) dash_clientside.set_props(id, props);
  }
}"""
LEFT = """() => {
  const lying = [...document.querySelectorAll('[role=dialog], .undo-bar, .mantine-Notification-root')];
  const over = lying.some(one => one.checkVisibility());
  const full = document.querySelector('#shell.is-done, [data-testid=preview-table], [data-testid=hit-card]');
  if (over || full || forTests.map.view || forTests.stats.points > 0) return false;
  Object.assign(forTests.stats, { lit: null, focus: null, neighbors: [] });
  return true;
}"""

PLACE_OF = """row => {
  const gd = document.querySelector('#map .js-plotly-plot'), box = gd.getBoundingClientRect();
  const { xaxis, yaxis } = gd._fullLayout;
  for (const trace of gd.data) {
    const at = Array.from(trace.customdata).indexOf(row);
    if (at < 0) continue;
    return [box.x + xaxis._offset + xaxis.d2p(trace.x[at]), box.y + yaxis._offset + yaxis.d2p(trace.y[at])];
  }
  throw new Error(`row ${row} is not on the map`);
}"""


PICTURES_THERE = """() => {
  const toggle = document.getElementById('map-pictures-toggle'), { pictures, picturesWanted } = forTests.stats;
  if (!toggle || toggle.hidden || toggle.getAttribute('aria-pressed') === 'false') return true;
  const still = !forTests.camera.isMoving() && !forTests.sprites.isWaiting();
  return still && picturesWanted > 0 && pictures === picturesWanted;
}"""


IN_REACH = """({ bright, least }) => {
  const gd = document.querySelector('#map .js-plotly-plot'), box = gd.getBoundingClientRect();
  // A legend that has just come has made the map narrower: its points are still to follow.
  if (forTests.camera.isMoving() || Math.abs(gd._fullLayout.width - box.width) > 1) return false;
  const { xaxis, yaxis } = gd._fullLayout;
  const places = gd.data.flatMap(trace => Array.from(trace.customdata, (row, at) => (
    { row, x: box.x + xaxis._offset + xaxis.d2p(trace.x[at]), y: box.y + yaxis._offset + yaxis.d2p(trace.y[at]) })));
  const free = one => {
    const top = document.elementFromPoint(one.x, one.y);
    const near = places.filter(other => Math.hypot(other.x - one.x, other.y - one.y) < 2);
    const picture = forTests.pictures.at(one.x - box.x, one.y - box.y);
    return top !== null && gd.contains(top) && near.length === 1 && (picture < 0 || picture === one.row);
  };
  const wanted = bright ? places.filter(one => forTests.map.mask && forTests.map.mask[one.row]) : places;
  const rows = wanted.sort((a, b) => a.row - b.row).slice(0, 1000).filter(free).map(one => one.row);  // each by all
  return rows.length >= least && rows;
}"""

OUT_OF_REACH = """() => {
  const gd = document.querySelector('#map .js-plotly-plot'), box = gd.getBoundingClientRect();
  const { xaxis, yaxis } = gd._fullLayout, over = {};
  for (const trace of gd.data) for (const [at] of trace.customdata.entries()) {
    const place = [box.x + xaxis._offset + xaxis.d2p(trace.x[at]), box.y + yaxis._offset + yaxis.d2p(trace.y[at])];
    const top = place.every(Number.isFinite) ? document.elementFromPoint(...place) : null;
    const name = top === null ? 'outside' : gd.contains(top) ? 'map' : `${top.tagName}#${top.id}.${top.className}`;
    over[name] = (over[name] || 0) + 1;
  }
  const { x, y, width, height } = box;
  const traces = gd.data.map(trace => trace.customdata.length);
  return JSON.stringify({ over, traces, box: { x, y, width, height }, range: xaxis.range, stats: forTests.stats });
}"""
"""What lies over how many points, and what the map is at, for the reader of a failure."""


@contextmanager
def opening(profile: BrowserContext, server: Server, request: pytest.FixtureRequest) -> Iterator[Callable[..., Tab]]:
    """Give a maker of tabs that share nothing; their consoles are judged at the end.

    The first tab is opened in the shared profile, unless another kind is asked for; every other in one of its own.
    """
    tabs: list[Tab] = []
    logged = len(server.log.read_text())

    def make(*, on: Server = server, width: int = USUAL["width"], height: int = USUAL["height"], **context: Any) -> Tab:
        usual = not tabs and not context
        page = (profile if usual else request.getfixturevalue("browser").new_context(**context)).new_page()
        page.set_viewport_size({"width": width, "height": height})
        page.wait_for_function = partial(page.wait_for_function, polling=POLLING_MS)  # type: ignore[method-assign]
        tab = Tab(page, on, named(request.node.name) + ("" if not tabs else f"-{len(tabs)}"))
        page.on("console", lambda message: heard(tab, message))
        page.on("pageerror", lambda error: tab.errors.append(f"page error: {error}"))
        page.on("filechooser", lambda dialog: tab.dialogs.append(dialog))
        page.on("request", lambda asked: asked_for(tab, asked.url))
        tabs.append(tab)
        _OPEN.append(tab)
        return tab

    yield make
    for tab in tabs:
        stays_in_its_window(tab)
        _OPEN.remove(tab)
    errors = [f"{tab.name}: {error}" for tab in tabs for error in tab.errors]
    for tab in tabs:
        forget(tab.page, tab.server.address) if tab.page.context is profile else tab.page.context.close()
    log = server.log.read_text()[logged:]
    assert "Traceback" not in log, f"the server's log: {log}"
    assert not errors, "the browser's console: " + "; ".join(errors)


def named(test: str) -> str:
    """Return what the screenshots of a test are called."""
    return re.sub(r"\W+", "-", test.removeprefix("test_"))[:60]


@pytest.fixture
def new_tab(profile: BrowserContext, server: Server, request: pytest.FixtureRequest) -> Iterator[Callable[..., Tab]]:
    with opening(profile, server, request) as make:
        yield make


@pytest.fixture(scope="package")
def one_tab(profile: BrowserContext, server: Server, request: pytest.FixtureRequest) -> Iterator[Tab]:
    """Return a tab for all tests that leave the page as they find it: to open one takes longer than most of them do."""
    with opening(profile, server, request) as make:
        yield make()


HOLD = """() => {
  if (!window.Plotly || window.drawAgain) return;
  const { resize } = Plotly.Plots;
  Plotly.Plots.resize = () => Promise.resolve();
  window.drawAgain = () => {
    Plotly.Plots.resize = resize;
    delete window.drawAgain;
  };
}"""
"""The map keeps the size it has, until it may draw again: it is cut by its frame and makes nothing larger."""


def stays_in_its_window(tab: Tab) -> None:
    """See that the page a test ends with is no larger than its window, and all on it large enough to press."""
    if tab.page.is_closed() or not tab.page.query_selector("#shell"):
        return
    tab.page.bring_to_front()
    tab.page.evaluate(HOLD)
    tab.errors += sizes.faults(tab.page, tab.name)


def heard(tab: Tab, message: ConsoleMessage) -> None:
    if message.type == "error":
        tab.errors.append(f"{message.text} ({message.location.get('url', '')})")


def asked_for(tab: Tab, url: str) -> None:
    if not url.startswith((tab.server.address, "data:", "blob:")):
        tab.errors.append(f"a request to the outside: {url}")


@pytest.fixture
def tab(request: pytest.FixtureRequest) -> Iterator[Tab]:
    """Return a tab: of the test's own, or the one that the tests marked `in_turn` have one after the other.

    To open a page takes several seconds of a processor; a test that leaves nothing behind in the page but what an
    address names may walk on in it.  After a failure the next one loads the page anew.
    """
    if not request.node.get_closest_marker("in_turn"):
        yield request.getfixturevalue("new_tab")()
        return
    tab: Tab = request.getfixturevalue("one_tab")
    begin(tab, request)
    failed = request.session.testsfailed
    yield tab
    tab.page.unroute_all()
    stays_in_its_window(tab)
    tab.page.emulate_media(color_scheme="light")
    judge(tab, whole=request.session.testsfailed == failed)


def judge(tab: Tab, *, whole: bool) -> None:
    """Blame the test that has just ended for what went wrong in the one tab; the next walks on if nothing did."""
    errors = [*tab.errors]
    tab.errors.clear()
    tab.walks = whole and not errors
    assert not errors, "the browser's console: " + "; ".join(errors)


def begin(tab: Tab, request: pytest.FixtureRequest) -> None:
    """Have the one tab of many tests at the start, in its usual size, with nothing of those before."""
    tab.name, tab.shots, tab.looked_at = named(request.node.name), 0, ""
    tab.page.bring_to_front()
    walks, tab.walks = tab.walks, False  # unless the page gets there
    if walks:  # in the last test's small window: nothing is drawn in another size that is left at once
        tab.page.evaluate(LEAVE)
        tab.page.evaluate(WALK, "/")
        tab.page.wait_for_function(LEFT)
    if tab.page.viewport_size != USUAL:
        tab.resize(USUAL["width"], USUAL["height"])
    if walks:
        tab.page.evaluate("() => window.drawAgain?.()")
        tab.walks = True
