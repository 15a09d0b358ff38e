/** What *Fit* shows, and which rows it leaves at the edge: map/fitting.mjs, map/edges.mjs and the frame of map/ranges.mjs. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { outsideOf } from "../../assets/map/edges.mjs";
import { fittingOf } from "../../assets/map/fitting.mjs";
import { frameOf, holds, isBeside, stayed, whole, yielding } from "../../assets/map/ranges.mjs";

/** Rows evenly over a square of 0 to 10, and some more elsewhere. */
function mapOf(n, others) {
  const side = Math.ceil(Math.sqrt(n));
  const even = Array.from({ length: n }, (_, i) => [(10 * (i % side)) / (side - 1), (10 * Math.floor(i / side)) / (side - 1)]);
  const all = [...even, ...others];
  const [x, y] = [0, 1].map((axis) => Float32Array.from(all, (pair) => pair[axis]));
  const bounds = { x: [Math.min(...x), Math.max(...x)], y: [Math.min(...y), Math.max(...y)] };
  return { n: all.length, x, y, bounds };
}
const SIZE = { left: 0, top: 0, width: 1000, height: 600 };
const frame = (box, taken) => frameOf(whole(box, SIZE.width, SIZE.height, taken), SIZE);

test("a few rows far outside do not press the rest together, and are told of at their edge", () => {
  const points = mapOf(900, [[40, 5], [41, 5], [42, 5.1], [5, 60]]);
  const { box, outside } = fittingOf(points);
  assert.ok(box.x[1] < 14 && box.y[1] < 16, JSON.stringify(box));
  assert.deepEqual([...outside], [900, 901, 902, 903]);
  const found = outsideOf(points, frame(box));
  assert.deepEqual(found.map(({ side, count }) => [side, count]), [["right", 3], ["top", 1]]);
  assert.deepEqual(outsideOf(points, frame(points.bounds)), [], "seen as a whole, nobody is at the edge");
  assert.deepEqual(outsideOf(points, frame({ x: [4, 5], y: [4, 5] })), [], "zoomed in, all others are");
});

test("an island that is more than a hundredth of the rows, a map without one, and a grid are seen as a whole", () => {
  const island = Array.from({ length: 30 }, (_, i) => [40 + i / 30, 5]);
  for (const points of [mapOf(900, island), mapOf(900, []), mapOf(9, [[40, 5]]), { ...mapOf(900, [[40, 5]]), arrangement: "grid" }]) {
    assert.deepEqual(fittingOf(points).box, points.bounds);
    assert.equal(fittingOf(points).outside.length, 0);
  }
});

test("of very many rows a sample finds the box, and all outside of it are counted", () => {
  const points = mapOf(40_000, Array.from({ length: 200 }, (_, i) => [60, i / 100]));
  const { box, outside } = fittingOf(points);
  assert.ok(box.x[1] < 16);
  assert.ok(outside.length === 200, String(outside.length));
});

test("what is fitted keeps clear of what lies at the sides", () => {
  const bounds = { x: [0, 10], y: [0, 10] };
  const taken = { left: 200, right: 20, top: 120, bottom: 40 };
  const { px } = frame(bounds, taken);
  const [left, top] = px(0, 10);
  const [right, bottom] = px(10, 0);
  assert.ok(left >= 200 && right <= 980 && top >= 120 && bottom <= 560, [left, top, right, bottom].join());
});

test("a panel that opens at a side moves nothing on screen, and whether it hides anything is known", () => {
  const [before, after] = [SIZE, { left: 300, top: 20, width: 650, height: 560 }];
  const seen = whole({ x: [0, 10], y: [0, 10] }, before.width, before.height);
  const now = stayed(seen, before, after);
  for (const [x, y] of [[0, 0], [10, 10], [3, 7]]) {
    const [was, is] = [frameOf(seen, before).px(x, y), frameOf(now, after).px(x, y)];
    assert.deepEqual(is.map((at) => at.toFixed(6)), was.map((at) => at.toFixed(6)));
  }
  const nothing = { left: 0, right: 0, top: 0, bottom: 0 };
  const [[left], [right]] = [frameOf(now, after).px(0, 0), frameOf(now, after).px(10, 0)];
  assert.ok(left < 300 && right > 700);
  assert.equal(holds(seen, before, { x: [0, 10], y: [0, 10] }, nothing), true);
  assert.equal(holds(now, after, { x: [0, 10], y: [0, 10] }, nothing), false);
  assert.equal(holds(now, after, { x: [3, 7], y: [3, 7] }, nothing), true);
  assert.equal(holds(now, after, { x: [3, 7], y: [3, 7] }, { ...nothing, left: 400 }), false);
});

test("a legend that comes, goes or is folded is told from a panel at the other side and from a strip above", () => {
  const seat = { left: 0, top: 100, width: 1090, height: 795 };
  const legend = { ...seat, left: 252, width: 838 };
  assert.ok(isBeside(seat, legend) && isBeside(legend, seat));
  for (const other of [{ width: 1440 }, { top: 140, height: 755 }, { left: 252, width: 1188 }, {}]) assert.ok(!isBeside(seat, { ...seat, ...other }));
});

test("what is fitted leaves room for a legend to come, as far as there is air, and at the same scale", () => {
  const [size, taken] = [{ width: 1000, height: 600 }, { left: 12, right: 12, top: 60, bottom: 12 }];
  for (const [wide, high] of [[10, 10], [12, 10], [30, 10], [10, 30], [16, 10]]) {
    const box = { x: [0, wide], y: [0, high] };
    const seen = whole(box, size.width, size.height, taken);
    const now = yielding(seen, size, box, taken, { left: 264, bottom: 64 });
    assert.ok(Math.abs(now.x[1] - now.x[0] - (seen.x[1] - seen.x[0])) < 1e-9, "the same scale");
    assert.ok(holds(now, size, box, { ...taken, right: taken.right - 1, top: taken.top - 1 }), "nothing is pushed out");
    const [before, after] = [seen, now].map((one) => frameOf(one, { left: 0, top: 0, ...size }).px(0, 0));
    const free = size.width - taken.right - frameOf(seen, { left: 0, top: 0, ...size }).px(wide, 0)[0];
    assert.ok(Math.abs(after[0] - Math.max(before[0], Math.min(264, before[0] + free))) < 1e-6, [before[0], after[0], free].join());
  }
});
