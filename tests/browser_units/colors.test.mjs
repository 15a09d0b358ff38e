/** What colours rows have: map/colors.mjs. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { byCluster, byColumn, groupsOf, pickedCodes, pickedRange, rangeMaskOf } from "../../assets/map/colors.mjs";

const base64 = (bytes) => btoa(String.fromCharCode(...bytes));

test("clusters have their colours, those of one colour one code; noise has its own", () => {
  const view = { colors: { light: ["red", "blue", "red"], dark: ["pink", "sky", "pink"], noise: "grey" } };
  const { codes, colors } = byCluster({ label: Int32Array.of(-1, 0, 1, 2, 1) }, view, "dark");
  assert.deepEqual([...codes], [0, 1, 2, 1, 2]);
  assert.deepEqual(colors, ["grey", "pink", "sky"]);
});

test("categories have the colour of their code; a row without one has the missing one", () => {
  const column = { codes: base64([0, 2, 255, 1]), kind: "category", colors: { light: ["a", "b", "c"], dark: [], missing: "m" } };
  const { codes, steps, colors } = byColumn(column, "light");
  assert.deepEqual([...codes], [1, 3, 0, 2]);
  assert.deepEqual([...steps], [0, 2, 255, 1]);
  assert.deepEqual(colors, ["m", "a", "b", "c"]);
});

test("a scale is cut into as many equal steps as there are colours", () => {
  const column = { codes: base64([0, 84, 85, 169, 170, 254, 255]), kind: "number", colors: { light: ["a", "b", "c"], dark: [], missing: "m" } };
  assert.deepEqual([...byColumn(column, "light").codes], [1, 1, 2, 2, 3, 3, 0]);
});

const category = { run: "r", choice: "column:a", kind: "category", values: ["x", "y"] };
const scale = { run: "r", choice: "column:b", kind: "number", low: 1, high: 9 };

test("what is picked of another column, another run or beyond the last category is not picked", () => {
  assert.deepEqual(pickedCodes(category, { run: "r", choice: "column:a", codes: [0, 2, 3] }), [0, 2]);
  assert.deepEqual(pickedCodes(category, { run: "other", choice: "column:a", codes: [1] }), []);
  assert.deepEqual(pickedCodes(category, { run: "r", choice: "column:b", codes: [1] }), []);
  assert.deepEqual(pickedCodes(scale, { run: "r", choice: "column:b", codes: [1] }), []);
  assert.deepEqual(pickedCodes(null, null), []);
});

test("a range of all steps is no range", () => {
  const picked = (range) => pickedRange(scale, { run: "r", choice: "column:b", range });
  assert.deepEqual(picked([3, 300]), [3, 254]);
  assert.equal(picked([0, 254]), null);
  assert.equal(picked([0, 255]), null);
  assert.equal(pickedRange({ ...scale, low: null }, { run: "r", choice: "column:b", range: [1, 2] }), null);
  assert.equal(pickedRange(category, { run: "r", choice: "column:a", range: [1, 2] }), null);
});

test("rows without a value are in no range", () => {
  assert.deepEqual([...rangeMaskOf(Uint8Array.of(0, 3, 4, 254, 255), [3, 254])], [0, 1, 1, 1, 0]);
});

test("rows are grouped by code, in their order", () => {
  const groups = groupsOf(Int32Array.of(4, 1, 3, 0), Uint8Array.of(2, 0, 1, 2, 0), 4);
  assert.deepEqual(groups.map((group) => [...group]), [[4, 1], [], [3, 0], []]);
});
