"""How the map feels in a real browser: ``python -m tests.bench browser --points 10000 1000000 [--workspace DIR]``.

A Chromium with software WebGL opens a synthetic run of each size (tests/synthetic.py), and its map is dragged, zoomed,
hovered and clicked with a real pointer.  Prints a table, then the same as json.  It asserts nothing.

requests, page  what opening the page asked for, and its bytes as sent; the answer: until the page's first byte
first picture   from the page's request for the points until the map is painted
pan, zoom       median time between two frames, each of which brings a move of the pointer or a turn of the wheel
hover           from the pointer's move until the frame that marks the point below it (preview: its text) begins, median
click           from the click until the lines to the true neighbours are painted, median
recolour        from the choice of a score of every row as the colours until the map is painted in them
3-D             until its first picture; a frame of turning it, median; a click as above
heap            JavaScript heap and typed arrays after a garbage collection
"""

from __future__ import annotations

import argparse
import json
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import Any

from playwright.sync_api import Page, TimeoutError, sync_playwright

from explorer.runs.spaces import MOST_ROWS
from tests.browser import chromium
from tests.browser.conftest import ARGUMENTS
from tests.servers import serving
from tests.synthetic import write_run, write_space

SIZE = {"width": 1400, "height": 900}
PATIENCE_MS = 120_000
HOVERS = 12
CLICKS = 7
WATCH = """() => {
  const bench = (window.bench = { first: null, moved: 0, marked: [], previewed: [] });
  const settled = (then) => requestAnimationFrame(() => requestAnimationFrame(then));
  const look = () => {
    const map = window.forTests && forTests.stats;
    if (bench.first === null && map && map.points > 0) {
      bench.first = 0;
      settled(() => (bench.first = performance.now()));
    }
    requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
  document.addEventListener("pointermove", () => (bench.moved = performance.now()), true);
  new MutationObserver((changes) => {
    const ring = changes.some((c) => [...c.addedNodes].some((n) => n.matches && n.matches(".hover-ring")));
    const shown = changes.some((c) => c.target.id === "map-preview" && c.target.classList.contains("shown"));
    const since = () => performance.now() - bench.moved;
    if (ring) requestAnimationFrame(() => bench.marked.push(since()));
    if (shown) requestAnimationFrame(() => bench.previewed.push(since()));
  }).observe(document, { subtree: true, childList: true, attributes: true, attributeFilter: ["class"] });
}"""
HOLD = "ms => new Promise((done) => setTimeout(done, ms))"
QUIET = """() => new Promise((done) => {
  let calm = 0, last = performance.now();
  const look = (now) => {
    calm = now - last < 60 ? calm + 1 : 0;
    last = now;
    if (calm >= 5 || now > window.bench.deadline) done();
    else requestAnimationFrame(look);
  };
  window.bench.deadline = performance.now() + 8000;
  requestAnimationFrame(look);
})"""
LOADED = """() => {
  const all = ['navigation', 'resource'].flatMap((kind) => performance.getEntriesByType(kind));
  const bytes = all.reduce((sum, one) => sum + one.transferSize, 0);
  return { requests: all.length, page_bytes: bytes, answer_ms: Math.round(all[0].responseStart) };
}"""
CENTRE = "() => { const b = document.querySelector('#map').getBoundingClientRect(); return [b.x + b.width / 2, b.y + b.height / 2]; }"  # noqa: E501
FRAMES = """async (steps, step) => {
  const frame = () => new Promise((done) => requestAnimationFrame(done));
  const taken = [];
  let last = await frame();
  for (let i = 0; i < steps; i++) {
    step(i);
    const now = await frame();
    taken.push(now - last);
    last = now;
  }
  return taken;
}"""
DRAG = f"""async ([x, y]) => {{
  const frames = {FRAMES};
  const send = (kinds, dx, dy, buttons) => kinds.forEach((kind) => {{
    const at = {{ clientX: x + dx, clientY: y + dy, buttons, button: kind.endsWith("move") ? -1 : 0 }};
    const made = {{ ...at, bubbles: true, cancelable: true, isPrimary: true, pointerId: 1, pointerType: "mouse" }};
    const target = document.elementFromPoint(x + dx, y + dy);
    target.dispatchEvent(kind.startsWith("p") ? new PointerEvent(kind, made) : new MouseEvent(kind, made));
  }});
  send(["pointerdown", "mousedown"], 0, 0, 1);
  send(["pointermove", "mousemove"], 12, 6, 1);
  const taken = await frames(40, (i) => send(["pointermove", "mousemove"], 14 + 4 * i, 6 + 3 * i, 1));
  send(["pointerup", "mouseup"], 174, 126, 0);
  return taken;
}}"""
FIRST_SPACE = """() => new Promise((done) => {
  const since = performance.now();
  const there = () => forTests.map.shown && forTests.map.shown.points.arrangement === "3d";
  const settled = (then) => requestAnimationFrame(() => requestAnimationFrame(then));
  const look = () => (there() ? settled(() => done(performance.now() - since)) : requestAnimationFrame(look));
  document.querySelector("[data-arrangement='3d']").click();
  look();
})"""
WHEEL = f"""async ([x, y]) => {{
  const frames = {FRAMES};
  return frames(40, (i) => {{
    const made = {{ clientX: x, clientY: y, deltaY: i < 20 ? -40 : 40, bubbles: true, cancelable: true }};
    document.elementFromPoint(x, y).dispatchEvent(new WheelEvent("wheel", made));
  }});
}}"""
RECOLOUR = """choice => new Promise((done) => {
  const began = performance.now(), { draws } = forTests.stats;
  const look = () => {
    const there = (forTests.map.colored || "").includes(choice) && forTests.stats.draws > draws;
    requestAnimationFrame(there ? () => done(performance.now() - began) : look);
  };
  forTests.go({ color: choice });
  look();
})"""
SCORE = "computed:cluster_strength"
PLACES = """count => {
  const gd = document.querySelector('#map .js-plotly-plot'), box = gd.getBoundingClientRect();
  const { points } = forTests.map, { xaxis, yaxis } = gd._fullLayout, found = [];
  for (let i = 1; found.length < count && i < 4000; i++) {
    const row = (i * 7919) % points.n;
    const x = box.x + xaxis._offset + xaxis.d2p(points.x[row]), y = box.y + yaxis._offset + yaxis.d2p(points.y[row]);
    const inside = x > box.x + 150 && x < box.right - 150 && y > box.y + 120 && y < box.bottom - 120;
    if (inside) found.push([x, y]);
  }
  return found;
}"""


def main(argv: list[str]) -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.bench browser")
    parser.add_argument("--points", type=int, nargs="+", default=[10_000, 100_000])
    parser.add_argument("--dim", type=int, default=384)
    parser.add_argument("--workspace", type=Path, help="keep the runs here, and use those that are here")
    parser.add_argument("--shots", type=Path, help="folder for screenshots")
    args = parser.parse_args(argv)
    with home(args.workspace) as workspace:
        figures = [measure(workspace, n, args.dim, args.shots) for n in args.points]
    print(table(figures))
    print(json.dumps(figures))


@contextmanager
def home(chosen: Path | None) -> Iterator[Path]:
    if chosen is not None:
        yield chosen
        return
    with tempfile.TemporaryDirectory() as folder:
        yield Path(folder)


def run_of(workspace: Path, n: int, dim: int) -> str:
    """Return the run of *n* rows in the workspace, written now if it is not there."""
    for path in (workspace / "runs").glob("*.json"):
        record = json.loads(path.read_text())
        if record["name"] == f"{n:,} synthetic rows":
            return str(record["run"])
    return write_run(workspace, n, dim=dim)


def measure(workspace: Path, n: int, dim: int, shots: Path | None) -> dict[str, Any]:
    run = run_of(workspace, n, dim)
    if n <= MOST_ROWS:
        write_space(workspace, run)
    path = chromium.find()
    log = workspace / "bench.log"
    with serving(workspace, log) as server, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        page = browser.new_context(viewport=SIZE).new_page()
        page.set_default_timeout(PATIENCE_MS)
        page.add_init_script(f"({WATCH})()")
        found = {"points": n, **opened(page, f"{server.address}/?run={run}"), **moved(page), **asked(page)}
        found["recolour_ms"] = round(page.evaluate(RECOLOUR, SCORE), 1)
        found |= turned(page, shots and shots / f"bench-{n}-3d.png") if n <= MOST_ROWS else {}
        if shots is not None:
            shots.mkdir(parents=True, exist_ok=True)
            page.screenshot(path=shots / f"bench-{n}.png")
        browser.close()
    return {**found, "load": round(os.getloadavg()[0], 1)}


def opened(page: Page, address: str) -> dict[str, Any]:
    """Open a run and return how long the first picture took and what came for it."""
    page.goto(address)
    page.wait_for_function("() => window.bench.first > 0")
    timing = page.evaluate(
        "() => performance.getEntriesByType('resource').filter(e => e.name.endsWith('/points')).map(e =>"
        " [e.startTime, e.responseEnd, e.encodedBodySize])[0]"
    )
    first = page.evaluate("window.bench.first")
    page.evaluate(QUIET)
    stats = page.evaluate("({ ...forTests.stats })")
    return {
        **page.evaluate(LOADED),
        "first_picture_s": round((first - timing[0]) / 1000, 2),
        "of_which_fetch_s": round((timing[1] - timing[0]) / 1000, 2),
        "sent_bytes": timing[2],
        "drawn": stats["points"],
        "heap_mb": heap(page),
    }


def heap(page: Page) -> float:
    session = page.context.new_cdp_session(page)
    session.send("HeapProfiler.collectGarbage")
    usage = session.send("Runtime.getHeapUsage")
    session.detach()
    return round((usage["usedSize"] + usage.get("backingStorageSize", 0)) / 1e6, 1)


def moved(page: Page) -> dict[str, Any]:
    """Drag and wheel, one event a frame, and return the median time between two frames."""
    x, y = page.evaluate(CENTRE)
    pan = page.evaluate(DRAG, [x, y])
    page.evaluate(QUIET)
    zoom = page.evaluate(WHEEL, [x, y])
    page.evaluate(QUIET)
    worst = max(*pan, *zoom)
    return {"pan_ms": round(median(pan), 1), "zoom_ms": round(median(zoom), 1), "worst_frame_ms": round(worst, 1)}


def asked(page: Page) -> dict[str, Any]:
    """Hover and click, and return the medians."""
    page.click("#map-fit")
    page.evaluate(QUIET)
    places = page.evaluate(PLACES, HOVERS + CLICKS)
    page.evaluate("Object.assign(window.bench, { marked: [], previewed: [] })")
    for x, y in places[:HOVERS]:
        page.mouse.move(x, y)
        page.evaluate(HOLD, 400)
    hovered = page.evaluate("[window.bench.marked, window.bench.previewed]")
    clicks = []
    for x, y in places[HOVERS:]:
        page.evaluate("forTests.stats.clickToPaintMs = null")
        if not clicked(page, x, y):
            continue
        clicks.append(page.evaluate("forTests.stats.clickToPaintMs"))
        page.evaluate(HOLD, 700)
    return {
        "hover_ms": round(median(hovered[0]), 1) if hovered[0] else None,
        "preview_ms": round(median(hovered[1]), 1) if hovered[1] else None,
        "click_ms": round(median(clicks), 1) if clicks else None,
        "clicks": len(clicks),
    }


def turned(page: Page, shot: Path | None) -> dict[str, Any]:
    """Go to three dimensions, turn, click, and return how long each took."""
    page.evaluate(QUIET)
    first = page.evaluate(FIRST_SPACE)
    page.evaluate(QUIET)
    frames = page.evaluate(DRAG, page.evaluate(CENTRE))
    page.evaluate(QUIET)
    page.click("#map-fit")
    page.evaluate(QUIET)
    if shot is not None:
        page.screenshot(path=shot)
    clicks = []
    for x, y in page.evaluate(PLACES, CLICKS):
        page.evaluate("forTests.stats.clickToPaintMs = null")
        if clicked(page, x, y):
            clicks.append(page.evaluate("forTests.stats.clickToPaintMs"))
        page.evaluate(HOLD, 700)
    return {
        "space_first_s": round(first / 1000, 2),
        "turn_ms": round(median(frames), 1),
        "worst_turn_ms": round(max(frames), 1),
        "space_click_ms": round(median(clicks), 1) if clicks else None,
    }


def clicked(page: Page, x: float, y: float) -> bool:
    """Click, and return whether the neighbours came; a press that a busy machine makes a long one is no click."""
    page.mouse.click(x, y)
    try:
        page.wait_for_function("forTests.stats.clickToPaintMs !== null", timeout=8_000)
    except TimeoutError:
        return False
    return True


def table(figures: list[dict[str, Any]]) -> str:
    names = list(dict.fromkeys(name for one in figures for name in one))
    lines = [" | ".join(names), " | ".join("---" for _ in names)]
    lines += [" | ".join(f"{one[name]:,}" if one.get(name) is not None else "–" for name in names) for one in figures]
    return "\n".join(f"| {line} |" for line in lines)


if __name__ == "__main__":
    import sys

    main(sys.argv[1:])
