/** Rows that lie on top of one another, what is said of them, and the rings that let them be seen: map/stacks.mjs, map/here.mjs. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { hereWords, kindsOf } from "../../assets/map/here.mjs";
import { ringsOf, rowsAt, stacksOf } from "../../assets/map/stacks.mjs";
import { pointsAt, scattered } from "./made.mjs";

/** Five rows of one text, 0.5 px apart at most where the map is 1000 px, one of another beside them, and two far corners. */
const PLACES = [[0.5, 0.5], [0.5004, 0.5], [0.5, 0.5003], [0.5002, 0.5], [0.5, 0.5], [0.52, 0.5], [0, 0], [1, 1]];
const CODES = Uint8Array.of(1, 1, 2, 3, 2, 2, 1, 1);
const COLORS = ["grey", "red", "green", "blue"];
const points = pointsAt(PLACES);
const all = Int32Array.from(PLACES.keys());

test("rows of several colours at one place are a stack, and the colours that the top one hides are its rings", () => {
  const [stack, ...more] = stacksOf(points, all, { codes: CODES, mask: null }, 0.001);
  assert.deepEqual(more, []);
  assert.deepEqual([stack.row, stack.count, stack.others.map(({ code }) => code)], [3, 5, [1, 2]]);
  const rings = ringsOf(points, all, { codes: CODES, colors: COLORS, mask: null }, { size: 10, perX: 1000 });
  assert.deepEqual(rings.map((ring) => ring.colors), [["green"], ["red"]]);
  assert.ok(rings[0].size > rings[1].size && rings[1].size > 10);
  rings.forEach((ring) => ring.rows.forEach((row) => assert.ok(row < 5)));
});

test("where only some rows are lit, and where those of a place have one colour, there is no ring", () => {
  const mask = Uint8Array.of(1, 1, 0, 0, 0, 1, 1, 1);
  assert.deepEqual(stacksOf(points, Int32Array.of(0, 1, 5, 6, 7), { codes: CODES, mask }, 0.001), []);
  assert.deepEqual(stacksOf(points, all, { codes: new Uint8Array(8).fill(1), mask: null }, 0.001), []);
});

test("near enough to see them side by side, rows are no stack any more, and still at one place to whoever asks", () => {
  assert.deepEqual(ringsOf(points, all, { codes: CODES, colors: COLORS, mask: null }, { size: 10, perX: 40_000 }).flatMap(({ rows }) => [...rows]).filter((row) => row === 3), []);
  assert.deepEqual(rowsAt(points, 0).sort(), [0, 1, 2, 3, 4]);
  assert.deepEqual(rowsAt(points, 5), [5]);
  assert.deepEqual(rowsAt(pointsAt([[0, 0], [Number.NaN, Number.NaN], [1, 1]]), 1), []);
});

test("ten thousand rows are looked through within a frame or two", () => {
  const many = pointsAt(scattered(10_000));
  const began = performance.now();
  stacksOf(many, many.grid.rows, { codes: Uint8Array.from({ length: 10_000 }, (_, row) => 1 + (row % 3)), mask: null }, 0.001);
  assert.ok(performance.now() - began < 250, `${performance.now() - began} ms`);
});

test("it is said what the rows of a place stand for, unless that is the same of all or a place on a scale", () => {
  const on = { view: { clusters: [{ cluster: 0, name: "red things" }] }, flat: { label: Int32Array.of(0, -1, 0) }, shades: {}, shown: { column: null } };
  assert.deepEqual(kindsOf(on, [0, 1, 2]).map(({ words, count }) => [words, count]), [["red things", 2], ["in no cluster", 1]]);
  assert.deepEqual(kindsOf(on, [0, 2]), []);
  const column = { kind: "category", codes: "AAAA", values: ["mail", "phone"] };
  const coloured = { ...on, shades: { steps: Uint8Array.of(1, 255, 7) }, shown: { column } };
  assert.deepEqual(kindsOf(coloured, [0, 1, 2]).map(({ words }) => words), ["phone", "no value", "others"]);
  assert.deepEqual(kindsOf({ ...coloured, shown: { column: { ...column, kind: "number" } } }, [0, 2]), []);
  assert.deepEqual([hereWords(1), hereWords(1200)], ["", "1,200 rows lie here, on top of one another"]);
});
