/** What can be taken back: which bars there are, whatever the list is drawn for. */
import assert from "node:assert/strict";
import { test } from "node:test";

import { Bars } from "../../assets/shell/undo.mjs";

const gone = (key, kind = "dataset") => ({ kind, key, name: key, left: 60 });
const keys = ({ come, go }) => [come.map(({ key }) => key), go];

test("what is deleted has one bar, until the list has it no longer", () => {
  const bars = new Bars();
  assert.deepEqual(keys(bars.follow([gone("a")])), [["a"], []]);
  assert.deepEqual(keys(bars.follow([gone("a"), gone("a", "run")])), [["a"], []], "a map of the same key is another thing");
  assert.deepEqual(keys(bars.follow([gone("a")])), [[], ["run a"]]);
  assert.deepEqual(keys(bars.follow([])), [[], ["dataset a"]]);
});

test("a bar that was closed does not come again, but for another deletion", () => {
  const bars = new Bars();
  bars.follow([gone("a")]);
  bars.close(gone("a"));
  assert.deepEqual(keys(bars.follow([gone("a")])), [[], []]);
  assert.deepEqual(keys(bars.follow([])), [[], []]);
  assert.deepEqual(keys(bars.follow([gone("a")])), [["a"], []]);
});
