/** What is drawn is held where it was while the map moves aside: map/held.mjs. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { release, seatOf, watch } from "../../assets/map/held.mjs";
import { onMap } from "../../assets/map/state.mjs";

const layers = { graph: { style: {} }, canvas: { style: {} } };
let sized;
let box = { left: 0, top: 100, width: 1000, height: 600 };
globalThis.ResizeObserver = class {
  constructor(told) {
    sized = told;
  }
  observe() {}
};
globalThis.window = { innerWidth: 1400, innerHeight: 900, setTimeout: () => 7 };
globalThis.document = { querySelectorAll: (all) => (all.endsWith(":not(.map-graph)") ? [layers.canvas] : Object.values(layers)) };

/** The map's element: what holds it moves it, too. */
const gd = {
  getBoundingClientRect: () => {
    const [x, y] = (layers.graph.style.translate || "0 0").split(" ").map(parseFloat);
    return { ...box, left: box.left + x, top: box.top + y };
  },
};

test("a map that moves aside is seen where it was until it is drawn for its new place", () => {
  watch(gd);
  Object.assign(onMap, { points: {}, seat: seatOf(gd) });
  sized();
  assert.ok(!layers.graph.style.translate, "nothing has moved");
  box = { left: 160, top: 140, width: 840, height: 560 };
  sized();
  assert.equal(layers.graph.style.translate, "-160px -40px");
  assert.deepEqual([layers.canvas.style.width, layers.canvas.style.height], ["1000px", "600px"]);
  assert.equal(layers.graph.style.width, undefined, "plotly has to feel its size");
  assert.deepEqual([seatOf(gd).left, seatOf(gd).top], [160, 140], "it lies where it lies");
  sized();
  assert.equal(layers.graph.style.translate, "-160px -40px");
  release();
  assert.deepEqual([layers.graph.style.translate, layers.canvas.style.width], ["", ""]);
  onMap.seat = seatOf(gd);
  globalThis.window.innerWidth = 1200;
  box = { left: 0, top: 100, width: 900, height: 600 };
  sized();
  assert.equal(layers.graph.style.translate, "", "another window is laid out anew");
});
