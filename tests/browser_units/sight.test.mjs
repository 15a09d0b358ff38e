/** What is brought out from under the details: map/sight.mjs. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { amidst } from "../../assets/map/sight.mjs";
import { pointsAt } from "./made.mjs";

test("of a cluster or a selection it is a row of its own that lies amid the others, if any is lit", () => {
  const points = pointsAt([[0, 0], [1, 0], [2, 0], [9, 9], [Number.NaN, Number.NaN], [1.1, 0.1]]);
  assert.equal(amidst(points, Uint8Array.of(1, 1, 1, 0, 1, 0)), 1);
  assert.equal(amidst(points, Uint8Array.of(0, 0, 0, 1, 0, 0)), 3);
  assert.equal(amidst(points, new Uint8Array(6)), null);
});
