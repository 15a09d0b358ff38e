/** The map by keyboard: the next point in a direction (keys/nearest.mjs). */
import assert from "node:assert/strict";
import { test } from "node:test";
import { nextRow } from "../../assets/keys/nearest.mjs";
import { lots, pointsAt, scattered } from "./made.mjs";

const RIGHT = { x: 1, y: 0 };
const LEFT = { x: -1, y: 0 };
const UP = { x: 0, y: 1 };
const DOWN = { x: 0, y: -1 };
const ALL = [RIGHT, LEFT, UP, DOWN];

/** @returns {number} the same by a look at all points */
function byLooking(points, row, step, least) {
  let [best, nearest] = [-1, Infinity];
  for (let i = 0; i < points.n; i++) {
    const [dx, dy] = [points.x[i] - points.x[row], points.y[i] - points.y[row]];
    const along = dx * step.x + dy * step.y;
    const away = Math.hypot(dx, dy);
    if (!(along > 0) || Math.abs(dx * step.y) + Math.abs(dy * step.x) > along || away < least) continue;
    if (away < nearest) [best, nearest] = [i, away];
  }
  return best;
}

test("the next point is the nearest within 45 degrees of the direction, as by a look at all", () => {
  for (const [n, least] of [[40, 0], [900, 0], [5000, 0.02]]) {
    const points = pointsAt(scattered(n, n));
    const draw = lots(3);
    for (let i = 0; i < 60; i++) {
      const row = Math.floor(draw() * n);
      ALL.forEach((step) => assert.equal(nextRow(points, row, step, least), byLooking(points, row, step, least)));
    }
  }
});

test("in a grid the arrows lead from cell to cell and end at its rim", () => {
  const points = pointsAt(Array.from({ length: 12 }, (_, i) => [i % 4, Math.floor(i / 4)]));
  assert.equal(nextRow(points, 5, RIGHT, 0), 6);
  assert.equal(nextRow(points, 5, LEFT, 0), 4);
  assert.equal(nextRow(points, 5, UP, 0), 9);
  assert.equal(nextRow(points, 5, DOWN, 0), 1);
  assert.equal(nextRow(points, 7, RIGHT, 0), -1);
  assert.equal(nextRow(points, 0, DOWN, 0), -1);
});

test("points at one place are walked one after the other, from either side, and none is passed over", () => {
  const points = pointsAt([[0, 0], [1, 0], [1, 0], [1, 0], [2, 0]]);
  const walk = (from, step) => {
    const seen = [];
    for (let row = from; row >= 0; row = nextRow(points, row, step, 0)) seen.push(row);
    return seen;
  };
  assert.deepEqual(walk(0, RIGHT), [0, 1, 2, 3, 4]);
  assert.deepEqual(walk(4, LEFT), [4, 3, 2, 1, 0]);
});

test("a point without a place, or alone, leads nowhere", () => {
  const points = pointsAt([[0, 0], [NaN, NaN]]);
  ALL.forEach((step) => assert.equal(nextRow(points, 0, step, 0), -1));
});

test("from every point of a cloud every other can be reached by arrows", () => {
  const points = pointsAt(scattered(300, 11));
  const seen = new Set([0]);
  const open = [0];
  for (let row = open.pop(); row !== undefined; row = open.pop()) {
    ALL.map((step) => nextRow(points, row, step, 0)).forEach((next) => {
      if (next < 0 || seen.has(next)) return;
      seen.add(next);
      open.push(next);
    });
  }
  assert.equal(seen.size, 300);
});
