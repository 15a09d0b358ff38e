/** Sounds: where a click on their picture begins, and which files a search takes: pictures/playing.mjs, pictures/search.mjs. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { shareAt } from "../../assets/pictures/playing.mjs";
import { mayBe, ready } from "../../assets/pictures/search.mjs";

let narrow = false;
globalThis.window = { ...globalThis.window, matchMedia: () => ({ matches: narrow }) };

test("a click on the picture begins there, one before it or by the keyboard at its beginning", () => {
  assert.equal(shareAt(100, 200, 150), 0.25);
  assert.equal(shareAt(100, 200, 0), 0);
  assert.equal(shareAt(100, 200, 400), 1);
  assert.equal(shareAt(0, 0, 5), 0);
});

test("a search takes the files that the map's encoder reads; of sounds also those whose type nobody knows", () => {
  const [pictures, sounds] = [[{ type: "image" }], [{ type: "audio" }]];
  assert.ok(mayBe({ type: "image/png" }, pictures));
  assert.ok(!mayBe({ type: "audio/wav" }, pictures));
  assert.ok(!mayBe({ type: "" }, pictures));
  assert.ok(mayBe({ type: "audio/wav" }, sounds));
  assert.ok(mayBe({ type: "" }, sounds));
  assert.ok(mayBe({ type: "application/ogg" }, sounds));
  assert.ok(!mayBe({ type: "image/png" }, sounds));
  assert.ok(!mayBe({ type: "image/png" }, []));
});

test("what the box suggests where no encoder reads words is on the map", () => {
  const said = (view) => ready({ searched: false, ...view }, null)[1];
  const examples = ["a very long name that nobody would type again", "Ada Smith", "Bruno Silva"];
  assert.equal(said({ graph: true, examples }), "Search a node by its name, e.g. “Ada Smith”");
  assert.equal(said({ examples }), "Search an item by its own words, e.g. “Ada Smith”, or a sum: = Ada Smith + Bruno Silva");
  assert.equal(said({}), "Search an item by its own words");
  assert.equal(said({ searched_by: [{ type: "audio", noun: "sound" }], examples }), "Search by name, or drop a sound here");
  assert.match(ready({ searched: true }, null)[1], /^Search by meaning/);
  assert.match(ready({ searched: false }, null)[2], / by-names/);
  assert.doesNotMatch(ready({ searched: true }, null)[2], / by-names/);
});

test("where the vectors came with the data, and in no other map, one is asked which encoder made them", () => {
  const classes = (view) => ready(view, null)[2];
  assert.match(classes({ searched: false, searched_by: [] }), / by-none/);
  assert.doesNotMatch(classes({ searched: false, searched_by: [{ type: "image", noun: "picture" }] }), /by-none/);
  assert.doesNotMatch(classes({ searched: true, searched_by: [] }), /by-none/);
  assert.doesNotMatch(classes({ searched: false, searched_by: [], graph: true }), /by-none/);
  assert.doesNotMatch(classes(null), /by-none/);
});

test("on a phone the box says what fits, and no part of an example", () => {
  const views = [{ searched: true }, { searched: false, searched_by: [{ type: "audio", noun: "sound" }] }, { searched: false, graph: true, examples: ["Ada"] }, { searched: false, examples: ["king", "man"] }];
  const told = (view) => ready(view, null)[1];
  const whole = views.map(told);
  narrow = true;
  const short = views.map(told);
  narrow = false;
  assert.deepEqual(short, ["Search by meaning", "Search by name", "Search a node by its name", "Search an item by its own words"]);
  whole.forEach((words, i) => assert.ok(words.startsWith(short[i]) && words.length > short[i].length, words));
});
