/** The map in the making, and how it gives way: map/growing.mjs; what comes out from under a panel: map/fitting.mjs. */
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { cover } from "../../assets/map/cover.mjs";
import { reachOf, takenEdges, wayOut } from "../../assets/map/fitting.mjs";
import { drawn, stats, watch } from "../../assets/map/growing.mjs";
import { onMap } from "../../assets/map/state.mjs";

/** @type {{frames: Function[], marks: Set<string>, squares: number, note: {textContent: string}, parts: Record<string, object>, lists: Record<string, object[]>}} */
const page = { frames: [], marks: new Set(), squares: 0, note: { textContent: "" }, parts: {}, lists: {} };

/** One picture of three rows, as GET /runs/{key}/frames has it. */
function picture() {
  const buffer = new ArrayBuffer(36 + 12);
  new Uint32Array(buffer, 4, 4).set([1, 1, 3, 3]);
  new Float32Array(buffer, 20, 4).set([0, 1, 0, 1]);
  new Uint16Array(buffer, 36, 6).set([0, 30000, 65534, 0, 30000, 65534]);
  return buffer;
}

beforeEach(() => {
  const pen = { clearRect: () => (page.squares = 0), fillRect: () => (page.squares += 1) };
  const canvas = { clientWidth: 400, clientHeight: 300, width: 400, height: 300, getContext: () => pen };
  const stage = { classList: { add: (name) => page.marks.add(name), remove: (name) => page.marks.delete(name) } };
  page.parts = { growing: canvas, stage, "growing-note": page.note };
  page.frames = [];
  globalThis.document = { getElementById: (id) => page.parts[id] ?? null, querySelectorAll: (all) => page.lists[all] ?? [], documentElement: {} };
  globalThis.window = { matchMedia: () => ({ matches: true }), devicePixelRatio: 1 };
  globalThis.getComputedStyle = () => ({ getPropertyValue: () => "#00f" });
  globalThis.requestAnimationFrame = (step) => page.frames.push(step);
  globalThis.HTMLElement = class {};
  let sent = false;
  globalThis.fetch = async () => {
    const buffer = sent ? new ArrayBuffer(0) : picture();
    sent = true;
    return { ok: true, arrayBuffer: async () => buffer };
  };
});

const soon = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
/** Let the page draw, so many times. */
async function draws(times) {
  for (let i = 0; i < times; i += 1) {
    page.frames.splice(0).forEach((step) => step(performance.now()));
    await soon(50);
  }
}

test("who comes while a map is made sees how it is now, not how it began", async () => {
  const [early, late] = [picture(), picture()];
  new Uint32Array(early, 4, 4).set([1, 0, 3, 9]);
  new Uint32Array(late, 4, 4).set([7, 1, 3, 9]);
  const asked = [];
  globalThis.fetch = async (url) => {
    asked.push(String(url).split("=").pop());
    const buffer = asked.length > 1 ? new ArrayBuffer(0) : new Uint8Array([...new Uint8Array(early), ...new Uint8Array(late)]).buffer;
    return { ok: true, arrayBuffer: async () => buffer };
  };
  watch("later", { run: "later", state: "running" });
  await soon(20);
  await draws(3);
  assert.deepEqual([stats.pictures, page.note.textContent], [1, "The map, its clusters to come · 3 drawn"]);
  await soon(450);
  assert.deepEqual(asked.slice(0, 2), ["-1", "7"]);
  watch(null, null);
});

test("the picture of a map in the making is gone with the first frame after the map is drawn, and does not come back", async () => {
  watch("r", { run: "r", state: "running" });
  await soon(20);
  await draws(3);
  assert.ok(page.marks.has("has-picture") && page.squares === 3, `${page.squares} squares of ${stats.pictures} pictures`);
  watch("r", { run: "r", state: "done" });
  await draws(1);
  assert.ok(page.marks.has("has-picture"), "it stays until the map is there");
  drawn("r");
  await draws(4);
  assert.deepEqual([page.squares, page.marks.size, page.note.textContent], [0, 0, ""]);
  watch("r", { run: "r", state: "done" });
  watch("r", { run: "r", state: "running" }); // a status that comes late
  await draws(2);
  assert.deepEqual([page.squares, page.marks.size], [0, 0]);
});

test("a place under the panel is shifted out from under it, the shorter way; one beside it stays", () => {
  const box = (left, top, right, bottom) => ({ left, top, right, bottom });
  const shows = (panel) => {
    page.parts["map-layer"] = { getBoundingClientRect: () => box(0, 100, 400, 700) };
    page.parts.inspector = { offsetHeight: panel ? 1 : 0, getBoundingClientRect: () => panel };
  };
  const size = { width: 400, height: 600 };
  shows(box(0, 400, 400, 700)); // the lower half of a phone
  assert.deepEqual(wayOut(size, [200, 450]), [0, -300]); // to the middle of what is left
  assert.deepEqual(wayOut(size, [200, 120]), [0, 0]);
  shows(box(250, 100, 400, 700));
  assert.deepEqual(wayOut(size, [300, 50]), [-175, 0]);
  assert.deepEqual(wayOut(size, [100, 550]), [0, 0]);
  const bounds = { x: [0, 10], y: [0, 15] };
  const seen = { x: [0, 10], y: [0, 15] };
  assert.deepEqual(reachOf(bounds, seen, size), { x: [0, 11.875], y: [0, 15] });
  shows(box(0, 400, 400, 700));
  for (const y of [0, 4, 15]) {
    // Wherever a row is, the way out ends in the middle of what is left, and the map may be moved that far.
    const at = 600 * (1 - y / 15);
    const middle = 7.5 + (wayOut(size, [200, at])[1] / 600) * 15;
    const reach = reachOf(bounds, seen, size).y;
    assert.ok(middle >= reach[0] && middle <= reach[1], `${y}: ${middle} of ${reach}`);
  }
  shows(null);
  assert.deepEqual(wayOut(size, [200, 450]), [0, 0]);
  assert.equal(reachOf(bounds, seen, size), bounds);
});

test("pictures about the outermost points keep clear of the buttons, where they are shown", () => {
  const size = { width: 400, height: 600 };
  const button = { getAttribute: () => "true" };
  page.parts["map-pictures-toggle"] = button;
  const known = { view: onMap.view, points: onMap.points };
  Object.assign(onMap, { view: { pictures: true }, points: {} });
  assert.deepEqual(takenEdges(size), { left: 35, right: 35, top: 35, bottom: 35 });
  const side = cover.side;
  cover.side = () => 100;
  assert.equal(takenEdges(size).top, 62);
  cover.side = side;
  for (const dots of [{ points: { arrangement: "grid" } }, { view: { pictures: false } }]) {
    Object.assign(onMap, { view: { pictures: true }, points: {} }, dots);
    assert.equal(takenEdges(size).top, 12);
  }
  Object.assign(onMap, { view: { pictures: true }, points: {} });
  button.getAttribute = () => "false";
  assert.equal(takenEdges(size).top, 12);
  Object.assign(onMap, known);
  delete page.parts["map-pictures-toggle"];
});

test("a folded legend takes the foot of the map", () => {
  assert.equal(takenEdges({ width: 400, height: 600 }).bottom, 12);
  page.lists = { "#map-legend.shown.folded, #map-count:not(:empty)": [{ offsetHeight: 52 }] };
  assert.equal(takenEdges({ width: 400, height: 600 }).bottom, 76);
  page.lists = {};
});
