import assert from "node:assert/strict";
import test from "node:test";

import { edgePath, outsideOf, strengthAt } from "../../assets/map/links.mjs";

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

test("a line to a picture ends at its frame, and one within a frame is none", () => {
  const box = { left: 40, top: 40, side: 20 };
  assert.deepEqual(outsideOf([0, 50], [50, 50], [null, null], 2), [[0, 50], [50, 50]]);
  assert.deepEqual(outsideOf([50, 50], [150, 50], [box, null], 2), [[62, 50], [150, 50]]);
  assert.deepEqual(outsideOf([50, 150], [50, 50], [null, box], 2), [[50, 150], [50, 62]]);
  assert.deepEqual(outsideOf([0, 0], [50, 50], [null, box], 2), [[0, 0], [38, 38]]);
  assert.equal(outsideOf([50, 50], [55, 57], [box, null], 2), null);
  assert.equal(outsideOf([50, 50], [50, 50], [box, box], 2), null);
  assert.equal(outsideOf([50, 50], [60, 60], [box, { ...box, left: 50, top: 50 }], 2), null, "pictures on one another");
  assert.deepEqual(outsideOf([0, 0], [100, 0], [box, null], 2), [[0, 0], [100, 0]], "whose picture lies elsewhere, as in a grid");
});

test("whatever two pictures are joined, no part of the line lies in either", () => {
  for (let i = 0; i < 300; i++) {
    const side = 5 + ((i * 7) % 40);
    const middles = [[(i * 37) % 200, (i * 53) % 160], [(i * 71) % 200, (i * 29) % 160]];
    const boxes = middles.map(([x, y]) => ({ left: x - side / 2, top: y - side / 2, side }));
    const found = outsideOf(middles[0], middles[1], boxes, 2);
    const apart = Math.max(Math.abs(middles[0][0] - middles[1][0]), Math.abs(middles[0][1] - middles[1][1])) > side + 4.001;
    assert.equal(found !== null, apart, `${middles}`);
    (found || []).forEach(([x, y], end) => {
      const off = Math.max(Math.abs(x - middles[end][0]), Math.abs(y - middles[end][1]));
      assert.ok(Math.abs(off - side / 2 - 2) < 1e-6);
    });
  }
});
