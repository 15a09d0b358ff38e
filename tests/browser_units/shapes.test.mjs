/** What was picked has a shape of its own, on every ground that points are drawn on. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { markers } from "../../assets/map/compose.mjs";
import { dotOf } from "../../assets/map/density.mjs";
import { cornersOf } from "../../assets/map/hits.mjs";
import { isOfPicked } from "../../assets/map/light.mjs";
import { stampOf } from "../../assets/space/depth.mjs";

const LOOK = { size: 8, opacity: 0.9, set: false };
const MASK = Uint8Array.of(1, 0);

test("rows that were picked are squares, those of a cluster, hits and all rows are dots", () => {
  const squares = { cluster: false, hits: false, row: false, selection: true, picked: true };
  for (const [name, square] of Object.entries(squares)) {
    assert.equal(isOfPicked(name), square, name);
    const shades = { colors: ["#888888", "#0072b2"], ink: { square } };
    assert.equal(markers(LOOK, shades, MASK)(1).symbol, square ? "square" : "circle", name);
    assert.equal(markers(LOOK, shades, null)(1).symbol, "circle", "without a light there is nothing picked");
  }
});

test("the picture of all rows and the one in space have the corners of a square, and a dot's have none", () => {
  const corners = (pixels, reach) => pixels.filter(([x, y]) => Math.abs(x) >= reach && Math.abs(y) >= reach).length;
  assert.equal(dotOf(9, true).length, 81);
  assert.equal(corners(dotOf(9, true), 4), 4);
  assert.equal(corners(dotOf(9), 4), 0);
  const wide = 1000;
  const places = ({ step, cover, edge }) =>
    [...step].slice(edge).flatMap((one, at) => (cover[edge + at] > 128 ? [[((one + 500 * wide + 500) % wide) - 500, Math.round(one / wide)]] : []));
  assert.equal(corners(places(stampOf(9, 2, 2, wide, true)), 4) > 0, true);
  assert.equal(corners(places(stampOf(9, 2, 2, wide, false)), 4), 0);
});

test("a hit of another kind than what was searched with has three corners, one of its own four, weak ones are smaller", () => {
  const at = [40, 60];
  const wide = (corners) => Math.max(...corners.map(([x]) => x)) - Math.min(...corners.map(([x]) => x));
  for (const across of [false, true]) {
    const [strong, weak] = [false, true].map((one) => cornersOf(at, { weak: one, across }));
    assert.deepEqual([strong.length, weak.length], across ? [3, 3] : [4, 4]);
    assert.ok(wide(weak) < wide(strong));
    for (const corners of [strong, weak]) assert.ok(corners.every(([x, y]) => Math.hypot(x - at[0], y - at[1]) < 12));
  }
});
