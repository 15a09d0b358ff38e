import assert from "node:assert/strict";
import test from "node:test";

import { edgePath, strengthAt } from "../../assets/map/links.mjs";

test("an edge that leads both ways is a line", () => {
  assert.equal(edgePath([0, 0], [100, 0], false), "M0 0L100 0");
});

test("an edge that leads one way has its head beside the point that it leads to", () => {
  assert.equal(edgePath([0, 0], [100, 0], true), "M0 0L100 0M85 3.5L93 0L85 -3.5");
  assert.equal(edgePath([0, 100], [0, 0], true), "M0 100L0 0M3.5 15L0 7L-3.5 15");
});

test("an edge too short for a head has none, also one of no length", () => {
  assert.equal(edgePath([0, 0], [20, 0], true), "M0 0L20 0");
  assert.equal(edgePath([5, 5], [5, 5], true), "M5 5L5 5");
});

test("an edge in space is the paler the farther back it leads, and never gone; on a flat map it is as it is", () => {
  const strengths = [-1, -0.5, 0, 0.5, 1].map(strengthAt);
  assert.deepEqual(strengths, [...strengths].sort((a, b) => a - b));
  assert.equal(strengths[0], 0.6);
  assert.equal(strengths[4], 1);
  assert.equal(strengthAt(-9), 0.6);
  assert.equal(strengthAt(undefined), 1);
});
