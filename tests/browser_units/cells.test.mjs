/** Rows in the cells of a grid: pictures/cells.mjs. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { gridded, share } from "../../assets/pictures/cells.mjs";
import { pointsAt, scattered } from "./made.mjs";

const cellsOf = ({ column, line }) => Array.from(column, (value, row) => [value, line[row]]);

test("four corners keep their corners, line 0 uppermost", () => {
  const points = pointsAt([[0, 0], [1, 1], [0, 1], [1, 0]]);
  const shared = share(points.grid.rows.slice(), points, 2);
  assert.deepEqual(cellsOf(shared), [[0, 1], [1, 0], [0, 0], [1, 1]]);
});

test("every row has a cell of its own, and only the last line may be short", () => {
  for (const n of [1, 2, 7, 30, 101, 997]) {
    const points = pointsAt(scattered(n, n));
    const across = Math.ceil(Math.sqrt(n));
    const cells = cellsOf(share(points.grid.rows.slice(), points, across));
    assert.equal(new Set(cells.map(String)).size, n);
    cells.forEach(([column, line]) => assert.ok(column >= 0 && column < across && line * across + column < n, `${n}: ${column}, ${line}`));
  }
});

test("rows at one place are shared out as well, and always the same way", () => {
  const points = pointsAt(Array.from({ length: 12 }, () => [1, 1]));
  const first = cellsOf(share(points.grid.rows.slice(), points, 4));
  assert.equal(new Set(first.map(String)).size, 12);
  assert.deepEqual(cellsOf(share(points.grid.rows.slice().reverse(), points, 4)), first);
});

test("rows that are near on the map stay near", () => {
  const places = scattered(900, 4);
  const points = pointsAt(places);
  const cells = cellsOf(share(points.grid.rows.slice(), points, 30));
  const away = (a, b, of) => Math.hypot(of[a][0] - of[b][0], of[a][1] - of[b][1]);
  const ratios = places.map((_, row) => {
    const others = places.map((__, other) => other).filter((other) => other !== row);
    const nearest = others.reduce((best, other) => (away(row, other, places) < away(row, best, places) ? other : best));
    return away(row, nearest, cells);
  });
  const middle = ratios.sort((a, b) => a - b)[450];
  assert.ok(middle < 2, `half of the nearest neighbours are ${middle} cells away`);
});

test("a row without a place has no cell", () => {
  const points = pointsAt([[0, 0], [NaN, NaN], [1, 1]]);
  const { x, grid } = gridded(points, { aspect: 1, above: 0 });
  assert.ok(Number.isNaN(x[1]));
  assert.equal(grid.rows.length, 2);
});

test("the grid is about as wide to its height as its place on screen, with room above", () => {
  const points = pointsAt(scattered(200));
  const { bounds, cell, arrangement } = gridded(points, { aspect: 2, above: 0.1 });
  assert.deepEqual([cell, arrangement], [1, "grid"]);
  assert.deepEqual(bounds.x, [-0.5, 19.5]);
  assert.deepEqual(bounds.y, [-0.5, 10 * 1.1 - 0.5]);
  assert.equal(gridded(points, { aspect: 50, above: 0 }).bounds.x[1], Math.round(Math.sqrt(200 * 3)) - 0.5); // no strip
});

test("a group has its name in the cell of the row nearest to its place on the map", () => {
  const points = pointsAt([[0, 0], [1, 1], [0, 1], [1, 0]]);
  const { anchor, x, y } = gridded(points, { aspect: 1, above: 0 });
  assert.deepEqual(anchor({ x: 0.9, y: 0.2 }), { x: x[3], y: y[3] });
  assert.equal(anchor({ x: null, y: null }), null);
});
