/** Which names are shown, and where: map/names.mjs. */
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { coverWith } from "../../assets/map/cover.mjs";
import { settleNames } from "../../assets/map/names.mjs";
import { frameOf, whole } from "../../assets/map/ranges.mjs";
import { measureWords, pointsAt } from "./made.mjs";

measureWords();
const BARE = { at: () => -1, boxOf: () => null, boxes: () => [], side: () => 0 };
beforeEach(() => coverWith(BARE));

const SIZE = { left: 0, top: 0, width: 1000, height: 800 };
const POINTS = pointsAt([[0, 0], [100, 80], [50, 40]]);
let run = 0;

const group = (name, x, y, more = {}) => ({ name, x, y, size: 10, clusters: [0], reach: 0, ...more });

/** @returns {object} what is to be named, under a run of its own: layouts are kept by the run */
const naming = (levels, more = {}) => ({
  view: { run: `run ${++run}`, levels, clusters: levels.at(-1), ...more.view },
  focus: more.focus || [],
  points: POINTS,
});
const frame = (share = 1) => {
  const all = whole(POINTS.bounds, SIZE.width, SIZE.height);
  const about = ([low, high]) => [(low + high) / 2 - ((high - low) / 2) * share, (low + high) / 2 + ((high - low) / 2) * share];
  return frameOf({ x: about(all.x), y: about(all.y) }, SIZE);
};
const overlap = (a, b) => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;

test("no name lies on another, and where there is no room the smaller group has none", () => {
  const crowd = Array.from({ length: 14 }, (_, i) => group(`a name of some length ${i}`, 50 + i / 10, 40, { size: 100 - i, clusters: [i] }));
  const names = settleNames(naming([crowd]), frame());
  assert.ok(names.length > 1 && names.length < 14, String(names.length));
  assert.ok(names.some((name) => name.name === crowd[0].name));
  names.forEach((one, i) => names.slice(i + 1).forEach((other) => assert.ok(!overlap(one, other), `${one.words} on ${other.words}`)));
});

test("the name of a small group lies beside it, that of a large one on it", () => {
  const [beside] = settleNames(naming([[group("small", 50, 40)]]), frame());
  const [on] = settleNames(naming([[group("large", 50, 40, { reach: 20 })]]), frame());
  const [, middle] = frame().px(50, 40);
  assert.ok(beside.top > middle || beside.bottom < middle);
  assert.ok(on.top < middle && on.bottom > middle);
});

test("far away few broad names, near many fine ones", () => {
  const broad = [group("broad", 50, 40, { clusters: [0, 1] })];
  const fine = Array.from({ length: 30 }, (_, i) => group(`fine ${i}`, 3 * i, 2.5 * i, { clusters: [i] }));
  const shown = naming([broad, fine]);
  assert.deepEqual(settleNames(shown, frame()).map((name) => [name.words, name.level]), [["broad", 0]]);
  assert.ok(settleNames(shown, frame(1 / 16)).every((name) => name.level === 1));
});

test("at the whole map no name is finer than the clusters are", () => {
  const clusters = [group("one", 20, 20, { cluster: 0 }), group("two", 70, 60, { cluster: 1, clusters: [1] })];
  const parts = Array.from({ length: 4 }, (_, i) => group(`part ${i}`, 20 * i, 20 * i, { clusters: [0] }));
  const names = settleNames(naming([clusters, parts], { view: { clusters } }), frame());
  assert.deepEqual(names.map((name) => name.words).sort(), ["one", "two"]);
});

test("what is in focus is named first, however small it is", () => {
  const crowd = Array.from({ length: 9 }, (_, i) => group(`name ${i}`, 50, 40, { size: 100 - i, cluster: i, clusters: [i] }));
  const shown = naming([crowd], { focus: [8], view: { clusters: crowd } });
  assert.ok(settleNames(shown, frame()).some((name) => name.words === "name 8"));
});

test("moving the map moves every name as far, and a long one is cut short", () => {
  const shown = naming([[group("x".repeat(45), 50, 40), group("other", 30, 30, { clusters: [1] })]]);
  const before = settleNames(shown, frame());
  const still = frame();
  const moved = frameOf({ x: whole(POINTS.bounds, 1000, 800).x.map((v) => v - 5), y: whole(POINTS.bounds, 1000, 800).y }, SIZE);
  const after = settleNames(shown, moved);
  assert.deepEqual(after.map((name) => Math.round(name.x - 5 * still.perX)), before.map((name) => Math.round(name.x)));
  assert.equal(before.find((name) => name.words.startsWith("x")).words, `${"x".repeat(29)}…`);
});

test("a name at the side of the map is kept inside; what is out of view has none", () => {
  const shown = naming([[group("at the left", -5, 40), group("far out", 900, 40, { clusters: [1] })]]);
  const names = settleNames(shown, frame());
  assert.deepEqual(names.map((name) => name.words), ["at the left"]);
  assert.ok(names[0].left >= 3);
});

test("names keep clear of pictures where they can", () => {
  const shown = () => naming([[group("beside", 50, 40, { reach: 20 })]]);
  const [free] = settleNames(shown(), frame());
  coverWith({ ...BARE, side: () => 60, boxes: () => [{ left: free.left, right: free.right, top: free.top, bottom: free.bottom }] });
  const [moved] = settleNames(shown(), frame());
  assert.ok(!overlap(moved, free));
});

test("a run without levels has no names, and a group without a place none", () => {
  assert.deepEqual(settleNames(naming([]), frame()), []);
  assert.deepEqual(settleNames(naming([[group("nowhere", null, null)]]), frame()), []);
});
