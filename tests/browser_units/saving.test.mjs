/** Where the entries of a saved picture's legend stand, and what its file is called: saving/legend.mjs, saving/facts.mjs. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { factsOf, fileName } from "../../assets/saving/facts.mjs";
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

test("a picture of which nothing is in a cluster says so in plain numbers", () => {
  const points = { label: Int32Array.of(-1, -1), n: 2, grid: { rows: [0, 1] } };
  const told = factsOf({ points, view: { clusters: [] } }, 2, { projection: "umap", trustworthiness: 0.9 });
  assert.equal(told, "2 rows · 0 clusters · 100 % in no cluster · neighbours side by side · 90 % faithful");
});

test("a picture is called after its run, without the ending of the file that it was made of", () => {
  assert.equal(fileName("themes.csv", "svg"), "themes-map.svg");
  assert.equal(fileName("patients.xlsx, version 2", "png"), "patients, version 2-map.png");
  assert.equal(fileName("What we heard: Mr. Smith", "png"), "What we heard_ Mr. Smith-map.png");
  assert.equal(fileName("...", "png"), "map-map.png");
});
