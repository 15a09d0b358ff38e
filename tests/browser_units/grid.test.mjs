/** Rows found by place: map/grid.mjs; and what of them is selected: map/selected.mjs; which are drawn: map/detail.mjs. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { BUDGET, choose, count } from "../../assets/map/detail.mjs";
import { linesWithin, nearestRow, rowsInside } from "../../assets/map/grid.mjs";
import { decode } from "../../assets/map/points.mjs";
import * as selected from "../../assets/map/selected.mjs";
import { pointsAt, scattered } from "./made.mjs";

test("the nearest row is that of a look at all of them", () => {
  const places = scattered(500);
  const points = pointsAt(places);
  for (const [x, y] of scattered(200, 7)) {
    const away = places.map(([px, py]) => Math.hypot(px - x, py - y));
    const nearest = away.indexOf(Math.min(...away));
    const found = nearestRow(points, x, y, 0.05);
    assert.equal(found, away[nearest] <= 0.05 ? nearest : -1);
  }
});

test("a row without a place is never found and never selected", () => {
  const points = pointsAt([[0, 0], [NaN, NaN], [1, 1]]);
  assert.equal(points.grid.rows.length, 2);
  assert.equal(nearestRow(points, 0.9, 0.9, 5), 2);
  assert.deepEqual([...rowsInside(points, { box: [-1, -1, 2, 2] })], [1, 0, 1]);
});

test("the lines that a rectangle touches hold all that lies in it", () => {
  const places = scattered(800, 3);
  const points = pointsAt(places);
  const found = new Set();
  linesWithin(points, { x: [0.2, 0.4], y: [0.5, 0.9] }, (from, to) => {
    for (let i = from; i < to; i++) found.add(points.grid.rows[i]);
  });
  places.forEach(([x, y], row) => assert.ok(x < 0.2 || x > 0.4 || y < 0.5 || y > 0.9 || found.has(row)));
  assert.ok(found.size < 200); // a tenth of the square, and a little beside it
});

test("a lasso selects what is inside of it, hollows left out", () => {
  const points = pointsAt([[0.5, 0.5], [2.5, 0.5], [1.5, 1.5], [1.5, 0.2], [9, 9]]);
  const horseshoe = [[0, 0], [3, 0], [3, 3], [2, 3], [2, 1], [1, 1], [1, 3], [0, 3]];
  assert.deepEqual([...rowsInside(points, { path: horseshoe })], [1, 1, 0, 1, 0]);
});

test("a shape on the map is kept as it is, on anything else as its rows, bit by bit", () => {
  const flat = pointsAt(scattered(21));
  const box = { box: [0, 0, 0.5, 0.5] };
  assert.equal(selected.kept(flat, box), box);
  const elsewhere = { ...flat, arrangement: "grid" };
  const kept = selected.kept(elsewhere, box);
  assert.deepEqual(Object.keys(kept), ["rows"]);
  assert.deepEqual(selected.maskOf(flat, kept), rowsInside(flat, box));
  assert.equal(selected.kept(pointsAt([[0, 0], [1, 1], [2, 2]]), { box: [0, 0, 1, 1] }).rows, undefined);
  const three = { ...pointsAt([[0, 0], [5, 5], [1, 1]]), arrangement: "3d" };
  assert.equal(selected.kept(three, { box: [0, 0, 2, 2] }).rows, btoa(String.fromCharCode(0b101)));
});

test("only a shape that lies on what is shown has corners", () => {
  const points = pointsAt([[0, 0], [1, 1]]);
  assert.deepEqual(selected.corners(points, { box: [0, 1, 2, 3] }), [[0, 1], [2, 1], [2, 3], [0, 3]]);
  assert.deepEqual(selected.corners({ ...points, arrangement: "grid" }, { box: [0, 1, 2, 3] }), []);
  assert.deepEqual(selected.corners(points, { rows: "AA==" }), []);
});

test("few rows are all drawn; of many, about as many as there is room for, those that are wanted among them", () => {
  const few = pointsAt(scattered(100));
  const seen = { x: [0, 1], y: [0, 1] };
  assert.deepEqual({ ...choose(few, seen, 800, null, []), rows: null }, { rows: null, whole: true, complete: true, inView: 100 });
  const many = pointsAt(scattered(30_000));
  const chosen = choose(many, seen, 800, null, [17, 29_999]);
  assert.equal(chosen.complete, false);
  assert.equal(chosen.inView, 30_000);
  assert.ok(chosen.rows.length > 0.8 * BUDGET && chosen.rows.length < 1.2 * BUDGET, String(chosen.rows.length));
  assert.ok([17, 29_999].every((row) => chosen.rows.includes(row)));
  assert.equal(new Set(chosen.rows).size, chosen.rows.length);
  const away = many.x.findIndex((x) => x < 0.1);
  assert.ok(choose(many, { x: [0.4, 0.6], y: [0.4, 0.6] }, 800, null, [away]).rows.includes(away));
  const near = choose(many, { x: [0.4, 0.6], y: [0.4, 0.6] }, 800, null, []);
  assert.ok(near.complete && near.rows.length === near.inView && near.inView >= count(many, { x: [0.4, 0.6], y: [0.4, 0.6] }));
});

test("moving a little keeps most of the rows that stay in view, and lit rows come first", () => {
  const places = scattered(60_000, 5);
  const points = pointsAt(places);
  const first = new Set(choose(points, { x: [0, 0.8], y: [0, 1] }, 800, null, []).rows);
  const next = choose(points, { x: [0.02, 0.82], y: [0, 1] }, 800, null, []).rows;
  const staying = [...next].filter((row) => places[row][0] > 0.03 && places[row][0] < 0.79);
  assert.ok(staying.filter((row) => first.has(row)).length > 0.9 * staying.length);
  const mask = new Uint8Array(60_000).fill(1, 0, 3000);
  const lit = choose(points, { x: [0, 1], y: [0, 1] }, 800, mask, []).rows.filter((row) => mask[row]);
  assert.equal(lit.length, 3000);
});

test("points come quantised: a step of 65534 from end to end, the last number for none", () => {
  const buffer = new ArrayBuffer(40 + 8 * 2);
  new Uint8Array(buffer).set([..."EEP1"].map((sign) => sign.charCodeAt(0)));
  new Uint32Array(buffer, 4, 1)[0] = 2;
  new Float32Array(buffer, 16, 4).set([-1, 1, 10, 20]);
  new Int32Array(buffer, 40, 2).set([3, -1]);
  new Uint16Array(buffer, 48, 2).set([32767, 65535]);
  new Uint16Array(buffer, 52, 2).set([65534, 65535]);
  const points = decode(buffer);
  assert.deepEqual([points.n, ...points.label], [2, 3, -1]);
  assert.deepEqual([points.x[0], points.y[0]], [0, 20]);
  assert.ok(Number.isNaN(points.x[1]) && Number.isNaN(points.y[1]));
  new Uint8Array(buffer)[3] = 0;
  assert.throws(() => decode(buffer), /unknown layout/);
});
