/** Which rows are shown as pictures: pictures/portraits.mjs. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { choosePortraits } from "../../assets/pictures/portraits.mjs";
import { gridded } from "../../assets/pictures/cells.mjs";
import { lots, pointsAt, scattered } from "./made.mjs";

const ROWS = 600;
const points = pointsAt(scattered(ROWS, 2));
const draw = lots(9);
const worth = Uint8Array.from({ length: ROWS }, () => 1 + Math.floor(250 * draw()));
const ALL = { x: [-0.1, 1.1], y: [-0.1, 1.1] };

const choose = (more = {}) => choosePortraits({ points, worth, mask: null, wanted: [], view: ALL, perX: 800, larger: 1, ...more });
const rowsOf = ({ items }) => items.map(({ row }) => row);
const touch = (a, b) => Math.abs(a.x - b.x) < (a.side + b.side) / 2 - 1e-9 && Math.abs(a.y - b.y) < (a.side + b.side) / 2 - 1e-9;

function assertApart({ items }) {
  items.forEach((one, i) => items.slice(i + 1).forEach((other) => assert.ok(!touch(one, other), `${one.row} lies on ${other.row}`)));
}

test("no picture lies on another, far or near, whoever is wanted or lit", () => {
  const mask = Uint8Array.from({ length: ROWS }, (_, row) => (row % 7 ? 0 : 1));
  for (const perX of [100, 800, 3000, 40_000]) {
    for (const more of [{}, { mask }, { wanted: [3, 4, 5, 6] }, { larger: 2 }]) assertApart(choose({ perX, ...more }));
  }
});

test("pictures are as large as can be seen and no larger than wished", () => {
  for (const perX of [200, 800, 5000, 100_000]) {
    const { px, items } = choose({ perX });
    assert.ok(px >= 0.92 * 46 * Math.SQRT1_2 && px <= 0.92 * 116 + 1e-9, `${perX}: ${px}`);
    assert.ok(items.every(({ side }) => Math.abs(side * perX - px) < 1e-6));
  }
});

test("zooming in keeps who is shown", () => {
  let before = [];
  for (const perX of [200, 300, 500, 900, 2000, 6000]) {
    const now = new Set(rowsOf(choose({ perX })));
    assert.ok(before.every((row) => now.has(row)), String(perX));
    assert.ok(now.size >= before.length);
    before = [...now];
  }
  assert.ok(before.length > 0.9 * ROWS);
});

test("panning changes nothing about those who stay in view", () => {
  const all = new Set(rowsOf(choose({ perX: 2000 })));
  const part = choose({ perX: 2000, view: { x: [0.3, 0.6], y: [0.2, 0.7] } });
  assert.ok(part.items.length > 10 && part.items.length < all.size);
  part.items.forEach(({ row }) => assert.ok(all.has(row)));
});

test("far, the worthiest stand for the others", () => {
  const far = choose({ perX: 100 });
  const mean = (rows) => rows.reduce((sum, row) => sum + worth[row], 0) / rows.length;
  assert.ok(far.items.length < 20);
  assert.ok(mean(rowsOf(far)) > 1.3 * mean([...worth.keys()]));
});

test("who is wanted comes first, and a row without a picture never", () => {
  const none = worth.slice();
  none[10] = 0;
  const rows = rowsOf(choose({ worth: none, wanted: [10, 11], perX: 100 }));
  assert.equal(rows[0], 11);
  assert.deepEqual(rowsOf(choose({ wanted: [500, 11, 70] })).slice(0, 3).sort((a, b) => a - b), [11, 70, 500]);
  assert.ok(!rows.includes(10));
  assert.ok(!rowsOf(choose({ worth: none, perX: 50_000 })).includes(10));
});

test("lit rows come before the others", () => {
  const mask = new Uint8Array(ROWS);
  const lit = [5, 100, 222, 431];
  lit.forEach((row) => (mask[row] = 1));
  const before = rowsOf(choose({ perX: 100 }));
  assert.ok(!lit.every((row) => before.includes(row)));
  const rows = rowsOf(choose({ mask, perX: 400 }));
  assert.deepEqual(rows.slice(0, 4).sort((a, b) => a - b), lit);
});

test("in a grid every picture fills its cell or, from afar, the best of a block stands for it", () => {
  const cells = gridded(points, { aspect: 1, above: 0 });
  const view = { x: [-1, 40], y: [-1, 40] };
  const near = choose({ points: cells, perX: 60, view });
  assert.equal(near.items.length, ROWS);
  near.items.forEach(({ row, x, y }) => assert.deepEqual([x, y], [cells.x[row], cells.y[row]]));
  assertApart(near);
  const far = choose({ points: cells, perX: 6, view });
  assert.equal(far.px, 0.94 * 2 * 6);
  assertApart(far);
  const best = (item) => {
    const block = [...worth.keys()].filter((row) => Math.abs(cells.x[row] - item.x) < 1 && Math.abs(cells.y[row] - item.y) < 1);
    return Math.max(...block.map((row) => worth[row]));
  };
  far.items.forEach((item) => assert.equal(worth[item.row], best(item)));
});
