/** A range on a legend's scale: map/range.mjs. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { LAST, countsOf, isWhole, outline, rangeSentence, sentence, within, written } from "../../assets/map/range.mjs";

const base64 = (bytes) => btoa(String.fromCharCode(...bytes));
const spread = (at) => Array.from({ length: 255 }, (_, code) => at[code] ?? null);
const COLUMN = {
  codes: base64([0, 0, 10, 254, 255]),
  firsts: spread({ 0: 1, 10: 3.5, 254: 80 }),
  lasts: spread({ 0: 2, 10: 3.5, 254: 99 }),
};

test("rows are counted by their step; the last number is those without a value", () => {
  const counts = countsOf(COLUMN);
  assert.deepEqual([counts[0], counts[10], counts[254], counts[255], counts.length], [2, 1, 1, 1, 256]);
});

test("a range has the values that rows in it truly have, both ends within", () => {
  const counts = countsOf(COLUMN);
  assert.deepEqual(within(COLUMN, counts, [0, 10]), { first: 1, last: 3.5, rows: 3 });
  assert.deepEqual(within(COLUMN, counts, [1, 254]), { first: 3.5, last: 99, rows: 2 });
  assert.deepEqual(within(COLUMN, counts, [0, 100]), { first: 1, last: 3.5, rows: 3 });
  assert.deepEqual(within(COLUMN, counts, [11, 253]), { first: null, last: null, rows: 0 });
});

test("a range is said with its values and how many rows of all, those without a value among all", () => {
  assert.equal(rangeSentence(COLUMN, [0, 254]), "1 – 99: 4 of 5 rows");
  assert.equal(rangeSentence(COLUMN, [10, 10]), "3.5: 1 of 5 rows");
  assert.equal(rangeSentence(COLUMN, [20, 30]), "No row between these: 0 of 5 rows");
  assert.equal(sentence(COLUMN, Uint32Array.of(1), [0, 0]), "1 – 2: 1 of 1 row");
});

test("days are written as people do, with a time where there is one", () => {
  const computed = { firsts: [0.928026, 1.2], lasts: [1.2, 1.373561], meaning: "how far it stands apart" };
  assert.equal(sentence(computed, Uint32Array.of(2, 1), [0, 1]), "0.928 – 1.37: 3 of 3 rows");
  assert.equal(sentence({ ...computed, lasts: [0.92804, 1] }, Uint32Array.of(2, 1), [0, 0]), "0.928026 – 0.92804: 2 of 3 rows");
  assert.equal(written("2025-03-03"), "3 Mar 2025");
  assert.equal(written("2025-12-31T23:59:00"), "31 Dec 2025 23:59");
  assert.equal(written("2025-12-31T23:59:07"), "31 Dec 2025 23:59:07");
  assert.equal(written("-0044-03-15"), "15 Mar -0044");
  assert.equal(written("soon"), "soon");
  assert.equal(written(1234567.891), "1,234,570");
  assert.equal(written(1234567), "1,234,567");
  assert.equal(written(1850), "1850"); // as years are written
  assert.equal(written(-1999.5), "-1999.5");
});

test("the histogram has a column for every five steps, the highest as high as can be", () => {
  const counts = new Uint32Array(256);
  counts[0] = 1;
  counts[4] = 1;
  counts[7] = 1;
  counts[255] = 1000; // without a value: in no column
  const path = outline(counts);
  assert.ok(path.startsWith("M0 100V0.0H5V50.0H10V100.0H15"), path.slice(0, 60));
  counts[20] = 1000;
  assert.ok(outline(counts).includes("V96.0H5V96.0H10V100.0H15")); // few are seen nevertheless
  assert.ok(path.endsWith("H255V100Z"));
  assert.equal(path.match(/H/g).length, 51);
});

test("all steps are the whole", () => {
  assert.ok(isWhole([0, LAST]));
  assert.ok(!isWhole([1, LAST]) && !isWhole([0, LAST - 1]));
});
