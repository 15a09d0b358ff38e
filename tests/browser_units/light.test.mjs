/** Which light is in front: map/light.mjs. */
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { bringBack, light } from "../../assets/map/light.mjs";
import { onMap } from "../../assets/map/state.mjs";

const POINTS = { n: 6, label: Int32Array.of(0, 0, 1, 1, -1, -1) };
const NOTHING = { hits: null, cluster: null, selection: null, focus: [], codes: [], range: null, picked: null, row: null };
const HITS = { run: "r", query: "q", hits: [{ row: 2 }, { row: 4 }] };
const FOCUS = { cluster: "0", focus: [0] };
const lit = ({ mask }) => (mask ? [...mask].flatMap((one, row) => (one ? [row] : [])) : null);

beforeEach(() => Object.assign(onMap, { recent: [], given: {}, tab: undefined, sequence: 1, shades: { codes: [] } }));

test("what was asked last is in front and lights its rows alone", () => {
  let now = light(POINTS, { ...NOTHING, hits: HITS });
  assert.deepEqual([now.front, lit(now)], ["hits", [2, 4]]);
  now = light(POINTS, { ...NOTHING, hits: HITS, ...FOCUS });
  assert.deepEqual([now.front, lit(now)], ["cluster", [0, 1]]);
  now = light(POINTS, { ...NOTHING, hits: HITS });
  assert.deepEqual([now.front, lit(now)], ["hits", [2, 4]], "when it goes, what was there before comes back");
});

test("a point chosen among lit rows leaves them lit, one chosen elsewhere puts the light out until its tab is opened", () => {
  light(POINTS, { ...NOTHING, ...FOCUS });
  let now = light(POINTS, { ...NOTHING, ...FOCUS, row: 1 });
  assert.deepEqual([now.front, lit(now)], ["row", [0, 1]]);
  now = light(POINTS, { ...NOTHING, ...FOCUS, row: 3 });
  assert.deepEqual([now.front, lit(now)], ["row", null]);
  assert.equal(bringBack("clusters"), true);
  now = light(POINTS, { ...NOTHING, ...FOCUS, row: 3 });
  assert.deepEqual([now.front, lit(now)], ["cluster", [0, 1]]);
  assert.equal(bringBack("clusters"), false);
  assert.equal(bringBack("search"), false, "there are no hits to come back");
});

test("hits that come when their tab has been left stay behind what was asked meanwhile", () => {
  bringBack("search");
  light(POINTS, { ...NOTHING, row: 5 });
  bringBack("point");
  const now = light(POINTS, { ...NOTHING, row: 5, hits: HITS });
  assert.deepEqual([now.front, lit(now)], ["row", null]);
  assert.equal(bringBack("search"), true);
});
