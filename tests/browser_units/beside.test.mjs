/** Two maps beside each other: their columns, their rows in one order, colours, names that find room, words. */
import assert from "node:assert/strict";
import { test } from "node:test";

import { BY_FIRST, BY_OVERLAP, BY_SECOND, byOverlap, coloringOf, legendOf } from "../../assets/beside/coloring.mjs";
import { backOf, decode, joined } from "../../assets/beside/given.mjs";
import { middlesOf, withRoom } from "../../assets/beside/marks.mjs";
import { fit, frame, resized, zoom } from "../../assets/beside/pane.mjs";
import { wordsOf } from "../../assets/beside/panel.mjs";

const STEPS = 65534;

/** The points of a run as the server sends them. */
function points(label, x, y) {
  const n = label.length;
  const buffer = new ArrayBuffer(40 + 8 * n);
  new Uint8Array(buffer).set([..."EEP1"].map((sign) => sign.charCodeAt(0)));
  new Uint32Array(buffer, 4, 1)[0] = n;
  new Float32Array(buffer, 16, 4).set([0, 1, 0, 1]);
  new Int32Array(buffer, 40, n).set(label);
  new Uint16Array(buffer, 40 + 4 * n, n).set(x.map((value) => Math.round(value * STEPS)));
  new Uint16Array(buffer, 40 + 6 * n, n).set(y.map((value) => Math.round(value * STEPS)));
  return buffer;
}

/** The columns of two maps as the server sends them. */
function columns(x, y, other, overlap) {
  const [n, m] = [other.length, x.length];
  const buffer = new ArrayBuffer(16 + 8 * m + 5 * n);
  new Uint8Array(buffer).set([..."EEC1"].map((sign) => sign.charCodeAt(0)));
  new Uint32Array(buffer, 4, 2).set([n, m]);
  new Float32Array(buffer, 16, m).set(x);
  new Float32Array(buffer, 16 + 4 * m, m).set(y);
  new Int32Array(buffer, 16 + 8 * m, n).set(other);
  new Uint8Array(buffer, 16 + 8 * m + 4 * n, n).set(overlap);
  return buffer;
}

const FIRST = points([0, 1, -1], [0, 0.5, 1], [0, 0.5, 1]);
const SECOND = points([4, 3], [0, 1], [0, 1]);
const BOTH = columns([10, 20], [1, 2], [1, -1, 0], [40, 255, 100]);
const both = {
  ...joined(FIRST, SECOND, BOTH),
  clusters: [
    { clusters: [{ cluster: 0, name: "a" }, { cluster: 1, name: "b" }], colors: { light: ["#111111", "#222222"] } },
    { clusters: [3, 4].map((cluster) => ({ cluster, name: `c${cluster}` })), colors: { light: ["#0", "#1", "#2", "#333333", "#444444"] } },
  ],
};
const given = { ramp: { light: ["#low", "#high"], missing: "#none" }, noise: "#noise" };

test("both maps have the order of the first one's rows, and what the second has not has no place", () => {
  assert.deepEqual([...both.points[1].x], [20, NaN, 10]);
  assert.deepEqual(both.points[1].bounds, { x: [10, 20], y: [1, 2] });
  assert.deepEqual([...both.labels[1]], [3, -1, 4]);
  assert.deepEqual([...both.back], [2, 0]);
  assert.deepEqual([...both.overlap], [40, 255, 100]);
  assert.deepEqual([...backOf(Int32Array.of(1, -1), 3)], [-1, 0, -1]);
});

test("columns of another layout are refused", () => assert.throws(() => decode(new ArrayBuffer(16)), /reload/));

test("a row has the same colour on both maps, by the clusters of either or by its neighbours", () => {
  const of = (choice) => coloringOf(both, given, { choice, column: null, theme: "light" });
  const colors = (choice) => [...of(choice).codes].map((code) => of(choice).colors[code]);
  assert.deepEqual(colors(BY_FIRST), ["#111111", "#222222", "#noise"]);
  assert.deepEqual(colors(BY_SECOND), ["#333333", "#noise", "#444444"]);
  assert.deepEqual(colors(BY_OVERLAP), ["#low", "#none", "#high"]);
  assert.deepEqual([...byOverlap(Uint8Array.of(0, 100), ["a", "b", "c"], "no").codes], [1, 3]);
});

test("the legend names the clusters of the map that colours both, and cuts a long list", () => {
  const wanted = { choice: BY_SECOND, column: null, theme: "light" };
  assert.deepEqual(legendOf(both, given, wanted).names, [{ words: "c3", color: "#333333" }, { words: "c4", color: "#444444" }]);
  const many = { kind: "category", values: Array.from({ length: 30 }, (_, at) => at), colors: { light: Array(30).fill("#1") } };
  const cut = legendOf(both, given, { choice: "column:x", column: many, theme: "light" });
  assert.equal(cut.names.length + cut.more, 30);
});

test("names lie on no other name and in sight, those of the largest clusters first", () => {
  const at = (words, left, top) => ({ words, left, top, width: 40 });
  const there = withRoom([at("a", 10, 10), at("b", 20, 12), at("c", 60, 10), at("d", 10, 500), at("e", -30, 60)], { width: 200, height: 100 });
  assert.deepEqual(there.map(({ words, left }) => [words, left]), [["a", 10], ["c", 60], ["e", 2]]);
});

test("a cluster's name stands where it is densest, not between its parts", () => {
  const map = { x: [1, 0, 10, 10, NaN], y: [0, 0, 10, 10, 0], bounds: { x: [0, 10], y: [0, 10] } };
  const middles = middlesOf(map, Int32Array.of(0, 1, 1, 1, 0), 3);
  assert.deepEqual(middles, [{ label: 1, rows: 3, x: 10, y: 10 }, { label: 0, rows: 1, x: 1, y: 0 }]);
});

test("each pane has its own camera: what is done to one does nothing to the other", () => {
  const pane = (map) => ({ root: { clientWidth: 300, clientHeight: 200 }, points: map, seen: null, moved: false });
  const [one, other] = both.points.map(pane);
  fit(one);
  fit(other);
  const before = structuredClone(other.seen);
  const middle = frame(one).map(150, 100);
  zoom(one, 0.5);
  assert.deepEqual(frame(one).map(150, 100).map((value) => value.toFixed(5)), middle.map((value) => value.toFixed(5)));
  assert.deepEqual(other.seen, before);
  assert.equal(one.moved, true);
  one.root.clientWidth = 600;
  resized(one, { width: 300, height: 200 });
  const seen = frame(one);
  assert.ok(Math.abs(seen.perX - seen.perY) < 1e-6 * seen.perX, "a pane of another size is not stretched");
});

test("a row is called by its text, its path or its place, on one line that is not long", () => {
  assert.equal(wordsOf({ text: "a\n b", place: "row 1" }), "a b");
  assert.equal(wordsOf({ path: "x.png", place: "row 1" }), "x.png");
  assert.equal(wordsOf({ place: "row 1" }), "row 1");
  assert.ok(wordsOf({ text: "w ".repeat(500), place: "" }).length <= 160);
});
