/** Where what a “?” opens lies: shell/terms.mjs. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { spot } from "../../assets/shell/terms.mjs";

const NOTE = { width: 320, height: 150 };
const inside = ({ left, top }, window) => left >= 0 && top >= 0 && left + NOTE.width <= window.width && top + NOTE.height <= window.height;

test("a note lies below its button, above it at the foot of the window, and is always whole", () => {
  const window = { width: 390, height: 844 };
  assert.deepEqual(spot({ left: 20, top: 100, bottom: 124 }, NOTE, window), { left: 20, top: 130 });
  assert.equal(spot({ left: 20, top: 780, bottom: 804 }, NOTE, window).top, 624);
  for (const left of [0, 200, 370]) {
    for (const top of [0, 300, 500, 820]) assert.ok(inside(spot({ left, top, bottom: top + 24 }, NOTE, window), window), `${left}, ${top}`);
  }
});
