/** Where the entries of a saved picture's legend stand: saving/legend.mjs. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { heightFor, linesIn, placesIn } from "../../assets/saving/legend.mjs";

const letters = (words) => words.length;

test("a long name is set in lines of whole words, and only what is left in the last is cut", () => {
  assert.deepEqual(linesIn("no, yes", 10, 3, letters), ["no, yes"]);
  assert.deepEqual(linesIn("room was spotless, bed very comfortable", 18, 3, letters), ["room was spotless,", "bed very", "comfortable"]);
  assert.deepEqual(linesIn("one two three four five six", 5, 2, letters), ["one", "two three four five six"]);
  assert.deepEqual(linesIn("unbroken-and-long", 5, 3, letters), ["unbroken-and-long"]);
});

test("entries stand column by column, none divided between two", () => {
  const counts = [2, 1, 3, 1];
  assert.equal(heightFor(counts, 1), 7);
  assert.equal(heightFor(counts, 2), 4);
  assert.deepEqual(placesIn(counts, 4), [{ column: 0, line: 0 }, { column: 0, line: 2 }, { column: 1, line: 0 }, { column: 1, line: 3 }]);
  assert.deepEqual([heightFor([], 3), placesIn([], 1)], [1, []]);
});
