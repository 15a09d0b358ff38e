import assert from "node:assert/strict";
import { test } from "node:test";
import { besides } from "../../assets/map/besides.mjs";

/** Draws of a generator with a seed. @param {number} seed */
const draws = (seed) => () => ((seed = (seed * 48271) % 2147483647) - 1) / 2147483646;

const meets = ([x, y], [w, h], box) => x < box.right && box.left < x + w && y < box.bottom && box.top < y + h;

test("the card stands below and to the right where nothing is in its way", () => {
  assert.deepEqual(besides([100, 100], [200, 80], [1000, 800], []), [116, 116]);
});

test("the card is inside its room and never on the pointer, and off the name of its cluster where a side is free", () => {
  const draw = draws(7);
  let free = 0;
  for (let turn = 0; turn < 2000; turn += 1) {
    const room = [700 + 600 * draw(), 600 + 400 * draw()];
    const size = [80 + 200 * draw(), 40 + 150 * draw()];
    const at = [room[0] * draw(), room[1] * draw()];
    const [left, top] = [at[0] - 150 + 250 * draw(), at[1] - 60 + 100 * draw()];
    const name = { left, top, right: left + 30 + 100 * draw(), bottom: top + 18 };
    const place = besides(at, size, room, [name]);
    assert.ok(place[0] >= 4 && place[1] >= 4 && place[0] + size[0] <= room[0] && place[1] + size[1] <= room[1]);
    const sides = [16, -16 - size[0]].flatMap((dx) => [16, -16 - size[1]].map((dy) => [at[0] + dx, at[1] + dy]));
    const open = sides.some((p) => p[0] >= 4 && p[1] >= 4 && p[0] + size[0] <= room[0] - 4 && p[1] + size[1] <= room[1] - 6 && !meets(p, size, name));
    if (open) free += 1;
    if (open) assert.ok(!meets(place, size, name), JSON.stringify({ at, size, name, place }));
  }
  assert.ok(free > 1000);
});
